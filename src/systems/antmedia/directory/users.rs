//! Users: created, changed, deleted, listed.
//!
//! Source: "User Management", and CommonRestService.java, `addUser`, `editUser`, `deleteUser`, `getUserList`.

use super::super::Kind;
use super::answers::{bad_request, result};
use super::body::{self, Form, Lack};
use super::gate::Visit;
use super::passwords;
use super::stored::{self, user_key, User};
use crate::directory::prelude::{Body, Call, Fault, Response, Stop, World};
use crate::document::value::Value;

/// Users in one part of the list.
const PART: usize = 256;

/// What is said of a name that is taken, and of a user without a password.
const EXISTS: &str = "User with the same e-mail already exists";
const NO_EMAIL: &str = "expected the e-mail address of the user in `email`";
const NOT_FOUND: &str = "Edited user is not found in database";

/// `POST /users`
pub fn create(world: &mut World<'_>, visit: &Visit, call: &Call<'_>) -> Result<Response, Stop> {
    const KIND: Kind = Kind::UserCreate;

    let (form, refusal) = match body::read(world, call, KIND)? {
        Form::Whole(form) => (form, None),
        Form::Null => return Ok(result(false, "User object is null")),
        Form::Without(Lack::Email, _) => return Ok(result(false, NO_EMAIL)),
        Form::Without(Lack::Password | Lack::NewPassword, _) => return Ok(result(false, EXISTS)),
        Form::Without(Lack::NewEmail(message), document) => (document, Some(bad_request(KIND, &message))),
        Form::Without(Lack::Grant(message), document) => (document, Some(result(false, &message).into())),
    };
    let email = text(&form, "email");
    if stored::user(world, email)?.is_some() {
        return Ok(result(false, EXISTS));
    }
    // What the product takes and we do not comes behind what it refuses too.
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    new_user(world, &form)?.put(world, &visit.permit, email)?;
    Ok(result(true, ""))
}

/// `PUT /users`. An edit of rights ends no session: rights are read at every request. One of the password ends
/// them under strict guards only.
pub fn edit(world: &mut World<'_>, visit: &Visit, call: &Call<'_>) -> Result<Response, Stop> {
    let caller = visit.caller()?;
    let (form, lack) = match body::read(world, call, Kind::UserUpdate)? {
        Form::Whole(form) => (form, None),
        Form::Without(Lack::Grant(message), document) => (document, Some(message)),
        Form::Null | Form::Without(..) => return Ok(result(false, NOT_FOUND)),
    };
    let email = text(&form, "email");
    let Some(mut user) = stored::user(world, email)? else { return Ok(result(false, NOT_FOUND)) };
    if email == caller.email {
        return Ok(result(false, "User cannot edit itself"));
    }
    // The product takes it, and a user of one application comes to be one of the system, or of nothing.
    if let Some(message) = lack {
        return Ok(result(false, &message));
    }
    user.edit(&form);
    if let Some(password) = form.get("newPassword").and_then(Value::text) {
        user.hash = Some(passwords::new_hash(world, &user.told, password)?);
        if world.is_strict() {
            user.end_sessions();
        }
    }
    user.put(world, &visit.permit, email)?;
    Ok(result(true, ""))
}

/// `DELETE /users/{email}`
pub fn delete(world: &mut World<'_>, visit: &Visit, email: &str) -> Result<Response, Stop> {
    if email == visit.caller()?.email {
        return Ok(result(false, "You cannot delete yourself"));
    }
    if stored::user(world, email)?.is_none() {
        return Ok(result(false, ""));
    }
    world.delete(&visit.permit, &user_key(email))?;
    Ok(result(true, ""))
}

/// `GET /user-list`
pub fn list(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    let page = world.scan("user/", call.after, PART)?;
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
/// As [`World::new_hash`].
pub fn new_user(world: &mut World<'_>, form: &Value) -> Result<User, Stop> {
    let hash = passwords::new_hash(world, form, text(form, "password"))?;
    Ok(User::new(world.uuid()?, Some(hash), form))
}

/// The text of a member of a form.
pub fn text<'f>(form: &'f Value, name: &str) -> &'f str {
    form.get(name).and_then(Value::text).unwrap_or("")
}
