//! Users: list, create, see, replace, change and delete them, and ask for their password.
//!
//! Source: ArangoDB, "HTTP interface for user management", "Manage users", and the server's
//! arangod/RestHandler/RestUsersHandler.cpp. Each function checks in the server's order.

use super::super::{Action, Kind};
use super::body;
use super::responses::{
    list_part, result, success, BAD_PARAMETER, DUPLICATE_USER, FORBIDDEN, INVALID_NAME, NOT_TOLD, NO_USER,
};
use super::rules::About;
use super::session::Session;
use super::sign_in::with_password;
use super::stored::{self, put_user, user_key};
use super::user::User;
use crate::directory::prelude::{Call, Fault, Interrupt, Key, Response, Throttle, Transaction};
use crate::document::problem::Problem;
use crate::document::value::Value;

/// Users in one part of the list.
const PART: usize = 256;

/// `GET /_api/user`
pub fn list(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    session.may(tx, Action::Administrate, About::Server, NOT_TOLD)?;
    let page = tx.scan("user/", call.after, PART)?;
    let mut users = Vec::new();
    for (key, entry) in page {
        let name = Key::last_name(key);
        let user = User::read(&name, &entry.value).ok_or(Fault::Internal)?;
        users.push(Value::Object(shown(&name, &user).map(|(name, value)| (name.to_owned(), value)).to_vec()));
    }
    let next = page.last().filter(|_| page.len() >= PART).map(|(key, _)| key.clone());
    Ok(list_part(call.after.is_none(), &users, next))
}

/// `POST /_api/user`
pub fn create(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let document = body::posted(call)?;
    let authorized = session.may(tx, Action::Administrate, About::Server, FORBIDDEN)?;
    let form = body::checked(tx, Kind::UserCreate, &document).map_err(|problems| of_new(&problems))?;
    let name = form.get("user").and_then(Value::text).unwrap_or("");
    if tx.read(&user_key(name))?.is_some() {
        return Err(DUPLICATE_USER.into());
    }
    let mut user = User::new(String::new());
    fill(tx, name, &mut user, &form)?;
    user.id = tx.uuid()?;
    put_user(tx, &authorized, name, &user)?;
    Ok(told(201, name, &user))
}

/// `GET /_api/user/{user}`
pub fn see(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    session.may(tx, Action::ReadUser, About::User(name), NOT_TOLD)?;
    let user = stored::user(tx, name)?.ok_or(NO_USER)?;
    Ok(told(200, name, &user))
}

/// `PUT /_api/user/{user}`
///
/// The server builds a new user of that name: the grants and settings of the old one go too.
pub fn replace(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    let document = body::put(call)?;
    let authorized = session.may(tx, Action::UpdateUser, About::User(name), FORBIDDEN)?;
    let old = stored::user(tx, name)?.ok_or(NO_USER)?;
    let form = body::checked(tx, Kind::UserReplace, &document).map_err(|problems| BAD_PARAMETER.of(&problems))?;
    let mut user = User::new(old.id);
    user.epoch = old.epoch;
    fill(tx, name, &mut user, &form)?;
    user.end_sessions();
    put_user(tx, &authorized, name, &user)?;
    Ok(told(200, name, &user))
}

/// `PATCH /_api/user/{user}`
pub fn update(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>, name: &str) -> Result<Response, Interrupt> {
    let document = body::put(call)?;
    let authorized = session.may(tx, Action::UpdateUser, About::User(name), FORBIDDEN)?;
    let mut user = stored::user(tx, name)?.ok_or(NO_USER)?;
    let form = body::checked(tx, Kind::UserUpdate, &document).map_err(|problems| BAD_PARAMETER.of(&problems))?;
    match form.get("extra") {
        None => {}
        Some(changes @ Value::Object(_)) => merge(&mut user.extra, changes),
        Some(_) => user.extra = Value::Object(Vec::new()),
    }
    body::bounded(&user.extra)?;
    if let Some(Value::Bool(active)) = form.get("active") {
        user.active = *active;
        if !user.active {
            user.end_sessions();
        }
    }
    if let Some(password) = form.get("passwd").and_then(Value::text) {
        user.hash = Some(tx.new_hash(password, &[name])?);
        user.end_sessions();
        // The server itself lets access tokens outlive the password.
        if tx.is_strict() {
            user.tokens.clear();
        }
    }
    put_user(tx, &authorized, name, &user)?;
    Ok(told(200, name, &user))
}

/// `DELETE /_api/user/{user}`
pub fn delete(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    let authorized = session.may(tx, Action::DeleteUser, About::User(name), FORBIDDEN)?;
    stored::user(tx, name)?.ok_or(NO_USER)?;
    tx.delete(&authorized, &user_key(name))?;
    Ok(success(202, []))
}

/// `POST /_api/user/{user}`, which the document leaves out: whether this is the user's password.
pub fn check_password(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    let document = body::posted(call)?;
    session.may(tx, Action::CheckPassword, About::User(name), FORBIDDEN)?;
    let form = body::checked(tx, Kind::PasswordCheck, &document).map_err(|problems| BAD_PARAMETER.of(&problems))?;
    let password = form.get("passwd").and_then(Value::text).unwrap_or("");
    let throttle = Throttle::new(tx, name, call.client);
    // An old hash stays as it is: it is for its user's own sign-in to make it anew.
    with_password(tx, &throttle, name, password, false)?.ok_or(NO_USER)?;
    Ok(result(true.into()))
}

/// An answer that tells of a user.
fn told(status: u16, name: &str, user: &User) -> Response {
    success(status, shown(name, user)).tagged(&user.state())
}

/// What is told of a user.
fn shown<'n>(name: &'n str, user: &User) -> [(&'n str, Value); 3] {
    [("user", name.into()), ("active", user.active.into()), ("extra", user.extra.clone())]
}

/// Fills a new user from a complete form.
fn fill(tx: &mut Transaction<'_>, name: &str, user: &mut User, form: &Value) -> Result<(), Interrupt> {
    user.active = form.get("active") == Some(&Value::Bool(true));
    user.extra = form.get("extra").cloned().unwrap_or_else(|| Value::Object(Vec::new()));
    body::bounded(&user.extra)?;
    user.hash = Some(tx.new_hash(form.get("passwd").and_then(Value::text).unwrap_or(""), &[name])?);
    Ok(())
}

/// The refusal of a new user: its name has a number of its own.
fn of_new(problems: &[Problem]) -> Interrupt {
    match problems.iter().find(|problem| problem.path == "/user") {
        Some(problem) => INVALID_NAME.of(std::slice::from_ref(problem)),
        None => BAD_PARAMETER.of(problems),
    }
}

/// Puts changes into an object, object by object.
fn merge(old: &mut Value, changes: &Value) {
    let (Value::Object(members), Value::Object(changes)) = (&mut *old, changes) else {
        *old = changes.clone();
        return;
    };
    for (name, change) in changes {
        match members.iter_mut().find(|(member, _)| member == name) {
            Some((_, member)) => merge(member, change),
            None => members.push((name.clone(), change.clone())),
        }
    }
}
