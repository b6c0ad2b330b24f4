//! Handlers that create, edit, delete and list users.
//!
//! Source: "User Management", and CommonRestService.java, `addUser`, `editUser`, `deleteUser`, `getUserList`.

use super::super::Kind;
use super::authentication::AuthorizedCall;
use super::body::{self, MissingField, ParsedBody};
use super::passwords;
use super::responses::{bad_request, result_response};
use super::stored::{self, store_user, user_key, User};
use crate::directory::prelude::{Body, Call, Fault, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The users in one part of the list.
const PAGE_SIZE: usize = 256;

/// The message for an e-mail address that already exists, and for a user without a password.
const EXISTS: &str = "User with the same e-mail already exists";
const NO_EMAIL: &str = "expected the e-mail address of the user in `email`";
const NOT_FOUND: &str = "Edited user is not found in database";

/// `POST /users`
pub fn create_user(
    tx: &mut Transaction<'_>,
    authorized_call: &AuthorizedCall,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    const KIND: Kind = Kind::UserCreate;

    let (form, rejection) = match body::parse_body(tx, call, KIND)? {
        ParsedBody::Complete(form) => (form, None),
        ParsedBody::Null => return Ok(result_response(false, "User object is null")),
        ParsedBody::Incomplete(MissingField::Email, _) => return Ok(result_response(false, NO_EMAIL)),
        ParsedBody::Incomplete(MissingField::Password | MissingField::NewPassword, _) => {
            return Ok(result_response(false, EXISTS))
        }
        ParsedBody::Incomplete(MissingField::NewEmail(message), document) => {
            (document, Some(bad_request(KIND, &message)))
        }
        ParsedBody::Incomplete(MissingField::Grant(message), document) => {
            (document, Some(result_response(false, &message).into()))
        }
    };
    let email = form_text(&form, "email");
    if stored::load_user(tx, email)?.is_some() {
        return Ok(result_response(false, EXISTS));
    }
    // Checks that the product does not have come after the product's own checks.
    if let Some(rejection) = rejection {
        return Err(rejection);
    }
    let user = build_user(tx, &form)?;
    store_user(tx, &authorized_call.authorized, email, &user)?;
    Ok(result_response(true, ""))
}

/// `PUT /users`. A change of rights ends no sessions, because each request reads the current rights. A change of the
/// password ends sessions only under strict guards.
pub fn edit_user(
    tx: &mut Transaction<'_>,
    authorized_call: &AuthorizedCall,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let caller = authorized_call.caller()?;
    let (form, missing) = match body::parse_body(tx, call, Kind::UserUpdate)? {
        ParsedBody::Complete(form) => (form, None),
        ParsedBody::Incomplete(MissingField::Grant(message), document) => (document, Some(message)),
        ParsedBody::Null | ParsedBody::Incomplete(..) => return Ok(result_response(false, NOT_FOUND)),
    };
    let email = form_text(&form, "email");
    let Some(mut user) = stored::load_user(tx, email)? else { return Ok(result_response(false, NOT_FOUND)) };
    if email == caller.email {
        return Ok(result_response(false, "User cannot edit itself"));
    }
    // The product accepts this, and the user of one application would become a user of the system, or lose all rights.
    if let Some(message) = missing {
        return Ok(result_response(false, &message));
    }
    user.apply_form(&form);
    if let Some(password) = form.get("newPassword").and_then(Value::text) {
        user.hash = Some(passwords::hash_new_password(tx, &user.profile, password)?);
        if tx.is_strict() {
            user.end_sessions();
        }
    }
    store_user(tx, &authorized_call.authorized, email, &user)?;
    Ok(result_response(true, ""))
}

/// `DELETE /users/{email}`
pub fn delete_user(
    tx: &mut Transaction<'_>,
    authorized_call: &AuthorizedCall,
    email: &str,
) -> Result<Response, Interrupt> {
    if email == authorized_call.caller()?.email {
        return Ok(result_response(false, "You cannot delete yourself"));
    }
    if stored::load_user(tx, email)?.is_none() {
        return Ok(result_response(false, ""));
    }
    tx.delete(&authorized_call.authorized, &user_key(email))?;
    Ok(result_response(true, ""))
}

/// `GET /user-list`
pub fn list_users(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let page = tx.scan("user/", call.after, PAGE_SIZE)?;
    let mut text = String::new();
    let mut separator = if call.after.is_none() { '[' } else { ',' };
    for (_, entry) in page {
        let user = User::from_value(&entry.value).ok_or(Fault::Internal)?;
        text.push(separator);
        text.push_str(&user.profile.to_string());
        separator = ',';
    }
    let next = page.last().filter(|_| page.len() >= PAGE_SIZE).map(|(key, _)| key.clone());
    if next.is_none() {
        text.push_str(if separator == '[' { "[]" } else { "]" });
    }
    Ok(Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } })
}

/// A new user from a form.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn build_user(tx: &mut Transaction<'_>, form: &Value) -> Result<User, Interrupt> {
    let hash = passwords::hash_new_password(tx, form, form_text(form, "password"))?;
    Ok(User::new(tx.uuid()?, Some(hash), form))
}

/// The text of a member of a form.
pub fn form_text<'f>(form: &'f Value, name: &str) -> &'f str {
    form.get(name).and_then(Value::text).unwrap_or("")
}
