//! `/api/users`.
//!
//! Source: Tyk dashboard swagger, "Users".

use super::super::permissions::makes_admin;
use super::super::{Kind, Tyk};
use super::access_key::AccessKey;
use super::answers::{
    no_such_method, nothing_here, success, BAD_USER, MALFORMED_USER, NO_USER, NO_USER_TO_REVOKE, NO_USER_TO_UPDATE,
};
use super::gate::Visit;
use super::link;
use super::list::{self, List};
use super::random::{draw, draw_key};
use super::search::search;
use super::stored::{self, member_key, users, User, NEVER};
use super::{body, changes, passwords};
use crate::directory::prelude::{time, Call, Permit, Response, Stop, World};
use crate::document::value::Value;

/// A request of somebody who may make it.
///
/// # Errors
///
/// [`Stop`].
pub fn call(
    world: &mut World<'_>,
    visit: &Visit,
    permit: &Permit,
    call: &Call<'_>,
    method: &str,
    path: &[&str],
) -> Result<Response, Stop> {
    match (path, method) {
        ([], "GET") => list_page(world, visit, call),
        ([], "POST") => create(world, visit, permit, call),
        ([], _) => Err(no_such_method("GET, HEAD, POST")),
        (["me"], "GET") => Ok(Response::json(200, visit.shown(&visit.user))),
        (["search"], "GET" | "POST") => search(world, visit, call, method),
        (["search"], _) => Err(no_such_method("GET, HEAD, POST")),
        ([id], "GET") => {
            let user = visit.member(world, id)?.ok_or(NO_USER)?;
            Ok(Response::json(200, visit.shown(&user)))
        }
        ([id], "PUT") => update(world, visit, permit, call, id),
        ([id], "DELETE") => {
            let user = visit.member(world, id)?.ok_or(NO_USER)?;
            changes::remove(world, permit, &user)?;
            Ok(success("User deleted", Value::Null))
        }
        ([_], _) => Err(no_such_method("GET, HEAD, PUT, DELETE")),
        ([id, "actions", "key", "reset"], "PUT") => {
            let user = visit.member(world, id)?.ok_or(NO_USER)?;
            let after = User { access_key: draw_key(world)?, ..user.clone() };
            changes::replace(world, permit, &user, &after, visit.settings.emails())?;
            Ok(success("User session renewed", visit.told(&after.access_key)))
        }
        ([_, "actions", "key", "reset"], _) => Err(no_such_method("PUT")),
        ([id, "actions", "reset"], "POST") => passwords::change(world, visit, permit, call, id),
        ([_, "actions", "reset"], _) => Err(no_such_method("POST")),
        ([id, "actions", "revoke"], "PUT") => revoke(world, visit, permit, id),
        ([_, "actions", "revoke"], _) => Err(no_such_method("PUT")),
        _ => Err(nothing_here()),
    }
}

fn list_page(world: &mut World<'_>, visit: &Visit, call: &Call<'_>) -> Result<Response, Stop> {
    let window = list::window(call)?;
    let prefix = member_key(&visit.user.org, "");
    list::prefetch(world, &list::MEMBERS, &prefix, window);
    let pages = list::pages(stored::counts(world, &visit.user.org)?.users);
    let list = List { name: "users", index: &list::MEMBERS, prefix, window, pages };
    list::part(world, call, &list, |world, ids| Ok(users(world, ids)?.iter().map(|user| visit.shown(user)).collect()))
}

fn create(world: &mut World<'_>, visit: &Visit, permit: &Permit, call: &Call<'_>) -> Result<Response, Stop> {
    let body = call.json().map_err(|_| BAD_USER)?;
    let checked = world.validate::<Tyk>(&visit.records, Kind::UserCreate, &body);
    let body = checked.map_err(|problems| body::wrong_user(&problems))?;
    let user = new_user(world, &visit.user.org, &body)?;
    if makes_admin(&user.permissions) {
        visit.may_make_admin(world, &user.id)?;
    }
    changes::create(world, permit, &user, visit.settings.emails())?;
    Ok(success("User created", visit.told(&user.access_key)))
}

/// A user out of a checked body.
///
/// # Errors
///
/// [`Stop`]: 400 for names that are too long.
pub fn new_user(world: &mut World<'_>, org: &str, body: &Value) -> Result<User, Stop> {
    if !body::is_bounded(body) {
        return Err(BAD_USER.into());
    }
    let now = time::written(world.now);
    let mut user = User {
        id: draw(world, 24)?,
        org: org.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        email: String::new(),
        active: false,
        permissions: body.get("user_permissions").cloned().unwrap_or_default(),
        group: String::new(),
        access_key: draw_key(world)?,
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
        user.hash = Some(passwords::new_hash(world, &user, password)?);
        user.password_updated = now;
    }
    Ok(user)
}

fn update(world: &mut World<'_>, visit: &Visit, permit: &Permit, call: &Call<'_>, id: &str) -> Result<Response, Stop> {
    let body = call.json().map_err(|_| MALFORMED_USER)?;
    let user = visit.member(world, id)?.ok_or(NO_USER_TO_UPDATE)?;
    let checked = world.validate::<Tyk>(&visit.records, Kind::UserUpdate, &body);
    let body = checked.map_err(|problems| body::wrong_update(&problems))?;
    if !body::is_bounded(&body) {
        return Err(MALFORMED_USER.into());
    }
    let mut after = user.clone();
    body::apply(&mut after, &body);
    if let Some(given) = body.get("user_permissions") {
        if makes_admin(given) {
            visit.may_make_admin(world, id)?;
        }
        after.permissions = body::with_stored_reset(given, &user.permissions);
    }
    changes::replace(world, permit, &user, &after, visit.settings.emails())?;
    Ok(success("User updated", Value::Null))
}

/// Takes everything from a user by which one gets in: the key, the sessions, a link that was mailed.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}/actions/revoke`.
fn revoke(world: &mut World<'_>, visit: &Visit, permit: &Permit, id: &str) -> Result<Response, Stop> {
    let user = visit.member(world, id)?.ok_or(NO_USER_TO_REVOKE)?;
    let after = User { active: false, access_key: AccessKey::none(), sessions: Vec::new(), ..user.clone() };
    link::void(world, permit, id)?;
    changes::replace(world, permit, &user, &after, visit.settings.emails())?;
    Ok(success("User revoked", Value::Null))
}
