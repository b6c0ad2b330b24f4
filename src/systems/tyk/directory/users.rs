//! `/api/users`.
//!
//! Source: Tyk dashboard swagger, "Users".

use super::super::permissions::makes_admin;
use super::super::{Kind, Tyk};
use super::access_key::AccessKey;
use super::link;
use super::list::{self, List};
use super::random::{draw, draw_key};
use super::responses::{
    no_such_method, nothing_here, success, BAD_USER, MALFORMED_USER, NO_USER, NO_USER_TO_REVOKE, NO_USER_TO_UPDATE,
};
use super::search::search;
use super::session::Session;
use super::stored::{self, member_key, users, User, NEVER};
use super::{body, changes, passwords};
use crate::directory::prelude::{time, Authorized, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// A request of somebody who may make it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn call(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    method: &str,
    path: &[&str],
) -> Result<Response, Interrupt> {
    match (path, method) {
        ([], "GET") => list_page(tx, session, call),
        ([], "POST") => create(tx, session, authorized, call),
        ([], _) => Err(no_such_method("GET, HEAD, POST")),
        (["me"], "GET") => Ok(Response::json(200, session.shown(&session.user))),
        (["search"], "GET" | "POST") => search(tx, session, call, method),
        (["search"], _) => Err(no_such_method("GET, HEAD, POST")),
        ([id], "GET") => {
            let user = session.member(tx, id)?.ok_or(NO_USER)?;
            Ok(Response::json(200, session.shown(&user)))
        }
        ([id], "PUT") => update(tx, session, authorized, call, id),
        ([id], "DELETE") => {
            let user = session.member(tx, id)?.ok_or(NO_USER)?;
            changes::remove(tx, authorized, &user)?;
            Ok(success("User deleted", Value::Null))
        }
        ([_], _) => Err(no_such_method("GET, HEAD, PUT, DELETE")),
        ([id, "actions", "key", "reset"], "PUT") => {
            let user = session.member(tx, id)?.ok_or(NO_USER)?;
            let after = User { access_key: draw_key(tx)?, ..user.clone() };
            changes::replace(tx, authorized, &user, &after, session.settings.emails())?;
            Ok(success("User session renewed", session.told(&after.access_key)))
        }
        ([_, "actions", "key", "reset"], _) => Err(no_such_method("PUT")),
        ([id, "actions", "reset"], "POST") => passwords::change(tx, session, authorized, call, id),
        ([_, "actions", "reset"], _) => Err(no_such_method("POST")),
        ([id, "actions", "revoke"], "PUT") => revoke(tx, session, authorized, id),
        ([_, "actions", "revoke"], _) => Err(no_such_method("PUT")),
        _ => Err(nothing_here()),
    }
}

fn list_page(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let window = list::window(call)?;
    let prefix = member_key(&session.user.org, "");
    list::prefetch(tx, &list::MEMBERS, &prefix, window);
    let pages = list::pages(stored::counts(tx, &session.user.org)?.users);
    let list = List { name: "users", index: &list::MEMBERS, prefix, window, pages };
    list::part(tx, call, &list, |tx, ids| Ok(users(tx, ids)?.iter().map(|user| session.shown(user)).collect()))
}

fn create(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| BAD_USER)?;
    let checked = tx.validate::<Tyk>(&session.records, Kind::UserCreate, &body);
    let body = checked.map_err(|problems| body::wrong_user(&problems))?;
    let user = new_user(tx, &session.user.org, &body)?;
    if makes_admin(&user.permissions) {
        session.may_make_admin(tx, &user.id)?;
    }
    changes::create(tx, authorized, &user, session.settings.emails())?;
    Ok(success("User created", session.told(&user.access_key)))
}

/// A user out of a checked body.
///
/// # Errors
///
/// [`Interrupt`]: 400 for names that are too long.
pub fn new_user(tx: &mut Transaction<'_>, org: &str, body: &Value) -> Result<User, Interrupt> {
    if !body::is_bounded(body) {
        return Err(BAD_USER.into());
    }
    let now = time::format(tx.now);
    let mut user = User {
        id: draw(tx, 24)?,
        org: org.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        email: String::new(),
        active: false,
        permissions: body.get("user_permissions").cloned().unwrap_or_default(),
        group: String::new(),
        access_key: draw_key(tx)?,
        created_at: now.clone(),
        last_login_date: NEVER.to_owned(),
        password_updated: NEVER.to_owned(),
        password_max_days: 0,
        api_model: Value::Object(Vec::new()),
        hash: None,
        history: Vec::new(),
        sessions: Vec::new(),
    };
    body::apply(&mut user, body);
    if let Some(password) = body.get("password").and_then(Value::text) {
        user.hash = Some(passwords::new_hash(tx, &user, password)?);
        user.password_updated = now;
    }
    Ok(user)
}

fn update(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| MALFORMED_USER)?;
    let user = session.member(tx, id)?.ok_or(NO_USER_TO_UPDATE)?;
    let checked = tx.validate::<Tyk>(&session.records, Kind::UserUpdate, &body);
    let body = checked.map_err(|problems| body::wrong_update(&problems))?;
    if !body::is_bounded(&body) {
        return Err(MALFORMED_USER.into());
    }
    let mut after = user.clone();
    body::apply(&mut after, &body);
    if let Some(given) = body.get("user_permissions") {
        if makes_admin(given) {
            session.may_make_admin(tx, id)?;
        }
        after.permissions = body::with_stored_reset(given, &user.permissions);
    }
    changes::replace(tx, authorized, &user, &after, session.settings.emails())?;
    Ok(success("User updated", Value::Null))
}

/// Takes everything from a user by which one gets in: the key, the sessions, a link that was mailed.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}/actions/revoke`.
fn revoke(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    id: &str,
) -> Result<Response, Interrupt> {
    let user = session.member(tx, id)?.ok_or(NO_USER_TO_REVOKE)?;
    let after = User { active: false, access_key: AccessKey::none(), sessions: Vec::new(), ..user.clone() };
    link::void(tx, authorized, id)?;
    changes::replace(tx, authorized, &user, &after, session.settings.emails())?;
    Ok(success("User revoked", Value::Null))
}
