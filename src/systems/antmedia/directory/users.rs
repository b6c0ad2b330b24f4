//! Users: created, changed, deleted, listed.
//!
//! Source: "User Management", and CommonRestService.java, `addUser`, `editUser`, `deleteUser`, `getUserList`.

use super::super::Kind;
use super::authentication::AuthorizedCall;
use super::body::{self, Form, Lack};
use super::passwords;
use super::responses::{bad_request, result};
use super::stored::{self, user_key, User};
use crate::directory::prelude::{Body, Call, Fault, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// Users in one part of the list.
const PART: usize = 256;

/// What is said of a name that is taken, and of a user without a password.
const EXISTS: &str = "User with the same e-mail already exists";
const NO_EMAIL: &str = "expected the e-mail address of the user in `email`";
const NOT_FOUND: &str = "Edited user is not found in database";

/// `POST /users`
pub fn create(tx: &mut Transaction<'_>, allowed: &AuthorizedCall, call: &Call<'_>) -> Result<Response, Interrupt> {
    const KIND: Kind = Kind::UserCreate;

    let (form, refusal) = match body::read(tx, call, KIND)? {
        Form::Whole(form) => (form, None),
        Form::Null => return Ok(result(false, "User object is null")),
        Form::Without(Lack::Email, _) => return Ok(result(false, NO_EMAIL)),
        Form::Without(Lack::Password | Lack::NewPassword, _) => return Ok(result(false, EXISTS)),
        Form::Without(Lack::NewEmail(message), document) => (document, Some(bad_request(KIND, &message))),
        Form::Without(Lack::Grant(message), document) => (document, Some(result(false, &message).into())),
    };
    let email = text(&form, "email");
    if stored::user(tx, email)?.is_some() {
        return Ok(result(false, EXISTS));
    }
    // What the product takes and we do not comes behind what it refuses too.
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    new_user(tx, &form)?.put(tx, &allowed.authorized, email)?;
    Ok(result(true, ""))
}

/// `PUT /users`. An edit of rights ends no session: rights are read at every request. One of the password ends
/// them under strict guards only.
pub fn edit(tx: &mut Transaction<'_>, allowed: &AuthorizedCall, call: &Call<'_>) -> Result<Response, Interrupt> {
    let caller = allowed.caller()?;
    let (form, lack) = match body::read(tx, call, Kind::UserUpdate)? {
        Form::Whole(form) => (form, None),
        Form::Without(Lack::Grant(message), document) => (document, Some(message)),
        Form::Null | Form::Without(..) => return Ok(result(false, NOT_FOUND)),
    };
    let email = text(&form, "email");
    let Some(mut user) = stored::user(tx, email)? else { return Ok(result(false, NOT_FOUND)) };
    if email == caller.email {
        return Ok(result(false, "User cannot edit itself"));
    }
    // The product takes it, and a user of one application comes to be one of the system, or of nothing.
    if let Some(message) = lack {
        return Ok(result(false, &message));
    }
    user.edit(&form);
    if let Some(password) = form.get("newPassword").and_then(Value::text) {
        user.hash = Some(passwords::new_hash(tx, &user.told, password)?);
        if tx.is_strict() {
            user.end_sessions();
        }
    }
    user.put(tx, &allowed.authorized, email)?;
    Ok(result(true, ""))
}

/// `DELETE /users/{email}`
pub fn delete(tx: &mut Transaction<'_>, allowed: &AuthorizedCall, email: &str) -> Result<Response, Interrupt> {
    if email == allowed.caller()?.email {
        return Ok(result(false, "You cannot delete yourself"));
    }
    if stored::user(tx, email)?.is_none() {
        return Ok(result(false, ""));
    }
    tx.delete(&allowed.authorized, &user_key(email))?;
    Ok(result(true, ""))
}

/// `GET /user-list`
pub fn list(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let page = tx.scan("user/", call.after, PART)?;
    let mut text = String::new();
    let mut lead = if call.after.is_none() { '[' } else { ',' };
    for (_, entry) in page {
        let user = User::read(&entry.value).ok_or(Fault::Internal)?;
        text.push(lead);
        text.push_str(&user.told.to_string());
        lead = ',';
    }
    let next = page.last().filter(|_| page.len() >= PART).map(|(key, _)| key.clone());
    if next.is_none() {
        text.push_str(if lead == '[' { "[]" } else { "]" });
    }
    Ok(Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } })
}

/// A user who was never there before, out of a form.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn new_user(tx: &mut Transaction<'_>, form: &Value) -> Result<User, Interrupt> {
    let hash = passwords::new_hash(tx, form, text(form, "password"))?;
    Ok(User::new(tx.uuid()?, Some(hash), form))
}

/// The text of a member of a form.
pub fn text<'f>(form: &'f Value, name: &str) -> &'f str {
    form.get(name).and_then(Value::text).unwrap_or("")
}
