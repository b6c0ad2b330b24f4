//! `/admin/users`: the super-admin's own calls, over all organisations.
//!
//! Source: Tyk dashboard admin swagger.

use super::super::passwords::PASSWORD_MAX;
use super::super::paths::RESET_PASSWORD;
use super::super::{Kind, Tyk};
use super::answers::{
    no_such_method, nothing_here, success, Refusal, BAD_USER, EMPTY_BODY, MALFORMED_USER, NOT_AUTHORISED,
    NO_USER_DETAIL, NO_USER_OF_ANY_ORG,
};
use super::link;
use super::random::draw_key;
use super::settings::{self, settings_key, Settings};
use super::stored::{self, user_key, without, User};
use super::{body, changes, passwords, users};
use crate::directory::prelude::{BodyError, Brake, Call, Permit, Response, Stop, World};
use crate::document::value::Value;

/// What `ResetPassword` is set to. Source: Tyk dashboard admin swagger, `POST /admin/users`.
const ALLOWED: &str = "admin";

/// The header that has the secret of the admin API.
const HEADER: &str = "admin-auth";

/// A request with the secret of the admin API in its header `admin-auth`; without such a secret in the
/// configuration nobody has it.
///
/// # Errors
///
/// [`Stop`].
pub fn call(world: &mut World<'_>, call: &Call<'_>, path: &[&str]) -> Result<Response, Stop> {
    let mut keys = vec![settings_key()];
    if let ["users", id, ..] = path {
        keys.push(user_key(id));
    }
    world.read_all(&keys)?;
    let settings = settings::settings(world)?;
    let secret = call.header(HEADER).filter(|secret| secret.len() <= PASSWORD_MAX).ok_or(NOT_AUTHORISED)?;
    let hash = settings.admin.as_deref().ok_or(NOT_AUTHORISED)?;
    let brake = Brake::new(world, HEADER, call.client);
    let permit = brake.verify(world, secret, Some(hash), true)?.ok_or(NOT_AUTHORISED)?.permit();
    world.operator(HEADER);
    match (path, call.method) {
        (["users"], "POST") => create(world, &settings, &permit, call),
        // Source: TykTechnologies/tyk, issue 236: the admin API lists no users.
        (["users"], "GET" | "HEAD") => Err(nothing_here()),
        (["users"], _) => Err(no_such_method("POST")),
        (["users", id], "GET" | "HEAD") => {
            let user = stored::user(world, id)?.ok_or(NO_USER_DETAIL)?;
            let record = if world.is_strict() { user.record_without_key() } else { user.record() };
            Ok(Response::json(200, record))
        }
        (["users", id], "PUT") => update(world, &settings, &permit, call, id),
        (["users", _], _) => Err(no_such_method("GET, HEAD, PUT")),
        (["users", id, "actions", "allow_reset_passwords"], "PUT") => {
            let reset = Some((RESET_PASSWORD.to_owned(), ALLOWED.into()));
            set_reset(world, &settings, &permit, id, reset)
        }
        (["users", id, "actions", "disallow_reset_passwords"], "PUT") => set_reset(world, &settings, &permit, id, None),
        (["users", _, "actions", "allow_reset_passwords" | "disallow_reset_passwords"], _) => {
            Err(no_such_method("PUT"))
        }
        _ => Err(nothing_here()),
    }
}

fn create(world: &mut World<'_>, settings: &Settings, permit: &Permit, call: &Call<'_>) -> Result<Response, Stop> {
    let body = call.json().map_err(|error| match error {
        BodyError::Absent => EMPTY_BODY,
        BodyError::Malformed => BAD_USER,
    })?;
    let records = world.records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let checked = world.validate::<Tyk>(&records, Kind::AdminUserCreate, &body);
    let body = checked.map_err(|problems| body::wrong_user(&problems))?;
    let user = users::new_user(world, "", &body)?;
    changes::create(world, permit, &user, settings.emails())?;
    Ok(success(user.access_key.clear().unwrap_or(""), user.record()))
}

fn update(
    world: &mut World<'_>,
    settings: &Settings,
    permit: &Permit,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Stop> {
    // Source: Tyk dashboard admin swagger, `PUT /admin/users/{id}`: 403 for whatever is wrong with the body.
    let refused = |Refusal(_, message): Refusal| Refusal(403, message);
    let body = call.json().map_err(|_| refused(MALFORMED_USER))?;
    let user = stored::user(world, id)?.ok_or(NO_USER_OF_ANY_ORG)?;
    let records = world.records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let checked = world.validate::<Tyk>(&records, Kind::AdminUserUpdate, &body);
    let body = checked.map_err(|problems| refused(body::wrong_update(&problems)))?;
    if !body::is_bounded(&body) {
        return Err(refused(MALFORMED_USER).into());
    }
    let mut after = user.clone();
    body::apply(&mut after, &body);
    if let Some(permissions) = body.get("user_permissions") {
        after.permissions = permissions.clone();
    }
    if let Some(password) = body.get("password").and_then(Value::text) {
        passwords::set(world, call, &records, &mut after, password)?;
        after.access_key = draw_key(world)?;
        link::void(world, permit, id)?;
    }
    changes::replace(world, permit, &user, &after, settings.emails())?;
    let is_told = !world.is_strict() || after.access_key != user.access_key;
    Ok(match after.access_key.clear().filter(|_| is_told) {
        Some(key) => success(key, after.record()),
        None => success("User updated", after.record_without_key()),
    })
}

/// Sets or removes `ResetPassword`.
fn set_reset(
    world: &mut World<'_>,
    settings: &Settings,
    permit: &Permit,
    id: &str,
    reset: Option<(String, Value)>,
) -> Result<Response, Stop> {
    let user = stored::user(world, id)?.ok_or(NO_USER_OF_ANY_ORG)?;
    let rest = without(user.permissions.clone(), RESET_PASSWORD);
    let permissions = Value::Object(stored::members(&rest).iter().cloned().chain(reset).collect());
    let after = User { permissions, ..user.clone() };
    changes::replace(world, permit, &user, &after, settings.emails())?;
    Ok(success("User updated", Value::Null))
}
