//! Handlers that list, create, get, replace, update and delete users, and check their passwords.
//!
//! Source: ArangoDB, "HTTP interface for user management", "Manage users", and the server's
//! arangod/RestHandler/RestUsersHandler.cpp. Each function checks in the server's order.

use super::super::{Action, Kind};
use super::body;
use super::responses::{
    list_part_response, result_response, success_response, BAD_PARAMETER, DUPLICATE_USER, FORBIDDEN, INVALID_NAME,
    NO_USER, READ_FORBIDDEN,
};
use super::rules::RuleTarget;
use super::session::Session;
use super::sign_in::verify_password;
use super::stored::{self, store_user, user_key};
use super::user::User;
use crate::directory::prelude::{Call, Fault, Interrupt, Key, Response, Throttle, Transaction};
use crate::document::problem::Problem;
use crate::document::value::Value;

/// The users in one part of the list.
const PAGE_SIZE: usize = 256;

/// `GET /_api/user`
pub fn list_users(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    session.authorize(tx, Action::Administrate, RuleTarget::Server, READ_FORBIDDEN)?;
    let page = tx.scan("user/", call.after, PAGE_SIZE)?;
    let mut users = Vec::new();
    for (key, entry) in page {
        let name = Key::last_name(key);
        let user = User::from_value(&name, &entry.value).ok_or(Fault::Internal)?;
        users.push(Value::Object(user_json(&name, &user).map(|(name, value)| (name.to_owned(), value)).to_vec()));
    }
    let next = page.last().filter(|_| page.len() >= PAGE_SIZE).map(|(key, _)| key.clone());
    Ok(list_part_response(call.after.is_none(), &users, next))
}

/// `POST /_api/user`
pub fn create_user(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let document = body::parse_post_body(call)?;
    let authorized = session.authorize(tx, Action::Administrate, RuleTarget::Server, FORBIDDEN)?;
    let form =
        body::validate_body(tx, Kind::UserCreate, &document).map_err(|problems| new_user_rejection(&problems))?;
    let name = form.get("user").and_then(Value::text).unwrap_or("");
    if tx.read_entry(&user_key(name))?.is_some() {
        return Err(DUPLICATE_USER.into());
    }
    let mut user = User::new(String::new());
    apply_new_user_form(tx, name, &mut user, &form)?;
    user.id = tx.uuid()?;
    store_user(tx, &authorized, name, &user)?;
    Ok(user_response(201, name, &user))
}

/// `GET /_api/user/{user}`
pub fn get_user(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    session.authorize(tx, Action::ReadUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    Ok(user_response(200, name, &user))
}

/// `PUT /_api/user/{user}`
///
/// The server creates a new user with this name, without the grants and settings of the old user.
pub fn replace_user(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    let document = body::parse_put_body(call)?;
    let authorized = session.authorize(tx, Action::UpdateUser, RuleTarget::User(name), FORBIDDEN)?;
    let old = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    let form = body::validate_form(tx, Kind::UserReplace, &document)?;
    let mut user = User::new(old.id);
    user.epoch = old.epoch;
    apply_new_user_form(tx, name, &mut user, &form)?;
    user.end_sessions();
    store_user(tx, &authorized, name, &user)?;
    Ok(user_response(200, name, &user))
}

/// `PATCH /_api/user/{user}`
pub fn update_user(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    let document = body::parse_put_body(call)?;
    let authorized = session.authorize(tx, Action::UpdateUser, RuleTarget::User(name), FORBIDDEN)?;
    let mut user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    let form = body::validate_form(tx, Kind::UserUpdate, &document)?;
    match form.get("extra") {
        None => {}
        Some(changes @ Value::Object(_)) => merge_objects(&mut user.extra, changes),
        Some(_) => user.extra = Value::Object(Vec::new()),
    }
    body::check_size(&user.extra)?;
    if let Some(Value::Bool(active)) = form.get("active") {
        user.active = *active;
        if !user.active {
            user.end_sessions();
        }
    }
    if let Some(password) = form.get("passwd").and_then(Value::text) {
        user.hash = Some(tx.new_hash(password, &[name])?);
        user.end_sessions();
        // In the product, access tokens stay valid when the password changes.
        if tx.is_strict() {
            user.tokens.clear();
        }
    }
    store_user(tx, &authorized, name, &user)?;
    Ok(user_response(200, name, &user))
}

/// `DELETE /_api/user/{user}`
pub fn delete_user(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::DeleteUser, RuleTarget::User(name), FORBIDDEN)?;
    stored::load_user(tx, name)?.ok_or(NO_USER)?;
    tx.delete(&authorized, &user_key(name))?;
    Ok(success_response(202, []))
}

/// `POST /_api/user/{user}`, which is not documented: checks whether a password is the user's password.
pub fn check_password(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    let document = body::parse_post_body(call)?;
    session.authorize(tx, Action::CheckPassword, RuleTarget::User(name), FORBIDDEN)?;
    let form = body::validate_form(tx, Kind::PasswordCheck, &document)?;
    let password = form.get("passwd").and_then(Value::text).unwrap_or("");
    let throttle = Throttle::new(tx, name, call.client);
    // An outdated hash is replaced only when its user signs in.
    verify_password(tx, &throttle, name, password, false)?.ok_or(NO_USER)?;
    Ok(result_response(true.into()))
}

/// The response that describes a user.
fn user_response(status: u16, name: &str, user: &User) -> Response {
    success_response(status, user_json(name, user)).tagged(&user.etag_state())
}

/// The members of a user that responses contain.
fn user_json<'n>(name: &'n str, user: &User) -> [(&'n str, Value); 3] {
    [("user", name.into()), ("active", user.active.into()), ("extra", user.extra.clone())]
}

/// Sets the members of a new user from a complete form.
fn apply_new_user_form(tx: &mut Transaction<'_>, name: &str, user: &mut User, form: &Value) -> Result<(), Interrupt> {
    user.active = form.get("active") == Some(&Value::Bool(true));
    user.extra = form.get("extra").cloned().unwrap_or_else(|| Value::Object(Vec::new()));
    body::check_size(&user.extra)?;
    user.hash = Some(tx.new_hash(form.get("passwd").and_then(Value::text).unwrap_or(""), &[name])?);
    Ok(())
}

/// The rejection of a new user: an invalid name has its own error number.
fn new_user_rejection(problems: &[Problem]) -> Interrupt {
    match problems.iter().find(|problem| problem.path == "/user") {
        Some(problem) => INVALID_NAME.for_problems(std::slice::from_ref(problem)),
        None => BAD_PARAMETER.for_problems(problems),
    }
}

/// Merges changes into an object, recursively.
fn merge_objects(old: &mut Value, changes: &Value) {
    let (Value::Object(members), Value::Object(changes)) = (&mut *old, changes) else {
        *old = changes.clone();
        return;
    };
    for (name, change) in changes {
        match members.iter_mut().find(|(member, _)| member == name) {
            Some((_, member)) => merge_objects(member, change),
            None => members.push((name.clone(), change.clone())),
        }
    }
}
