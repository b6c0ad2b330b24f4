//! `/admin/users`: the super-admin's own calls, over all organisations.
//!
//! Source: Tyk dashboard admin swagger.

use super::super::passwords::PASSWORD_MAX;
use super::super::paths::RESET_PASSWORD;
use super::super::{Kind, Tyk};
use super::link;
use super::random::draw_key;
use super::responses::{
    no_such_method, nothing_here, success, Refusal, BAD_USER, EMPTY_BODY, MALFORMED_USER, NOT_AUTHORISED,
    NO_USER_DETAIL, NO_USER_OF_ANY_ORG,
};
use super::settings::{self, settings_key, Settings};
use super::stored::{self, user_key, without, User};
use super::{body, changes, passwords, users};
use crate::directory::prelude::{Authorized, BodyError, Call, Interrupt, Response, Throttle, Transaction};
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
/// [`Interrupt`].
pub fn call(tx: &mut Transaction<'_>, call: &Call<'_>, path: &[&str]) -> Result<Response, Interrupt> {
    let mut keys = vec![settings_key()];
    if let ["users", id, ..] = path {
        keys.push(user_key(id));
    }
    tx.read_all(&keys)?;
    let settings = settings::settings(tx)?;
    let secret = call.header(HEADER).filter(|secret| secret.len() <= PASSWORD_MAX).ok_or(NOT_AUTHORISED)?;
    let hash = settings.admin.as_deref().ok_or(NOT_AUTHORISED)?;
    let throttle = Throttle::new(tx, HEADER, call.client);
    let authorized = throttle.verify(tx, secret, Some(hash), true)?.ok_or(NOT_AUTHORISED)?.authorized();
    tx.operator(HEADER);
    match (path, call.method) {
        (["users"], "POST") => create(tx, &settings, &authorized, call),
        // Source: TykTechnologies/tyk, issue 236: the admin API lists no users.
        (["users"], "GET" | "HEAD") => Err(nothing_here()),
        (["users"], _) => Err(no_such_method("POST")),
        (["users", id], "GET" | "HEAD") => {
            let user = stored::user(tx, id)?.ok_or(NO_USER_DETAIL)?;
            let record = if tx.is_strict() { user.record_without_key() } else { user.record() };
            Ok(Response::json(200, record))
        }
        (["users", id], "PUT") => update(tx, &settings, &authorized, call, id),
        (["users", _], _) => Err(no_such_method("GET, HEAD, PUT")),
        (["users", id, "actions", "allow_reset_passwords"], "PUT") => {
            let reset = Some((RESET_PASSWORD.to_owned(), ALLOWED.into()));
            set_reset(tx, &settings, &authorized, id, reset)
        }
        (["users", id, "actions", "disallow_reset_passwords"], "PUT") => {
            set_reset(tx, &settings, &authorized, id, None)
        }
        (["users", _, "actions", "allow_reset_passwords" | "disallow_reset_passwords"], _) => {
            Err(no_such_method("PUT"))
        }
        _ => Err(nothing_here()),
    }
}

fn create(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    authorized: &Authorized,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|error| match error {
        BodyError::Absent => EMPTY_BODY,
        BodyError::Malformed => BAD_USER,
    })?;
    let records = tx.parse_records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let checked = tx.validate::<Tyk>(&records, Kind::AdminUserCreate, &body);
    let body = checked.map_err(|problems| body::wrong_user(&problems))?;
    let user = users::new_user(tx, "", &body)?;
    changes::create(tx, authorized, &user, settings.emails())?;
    Ok(success(user.access_key.clear().unwrap_or(""), user.record()))
}

fn update(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    // Source: Tyk dashboard admin swagger, `PUT /admin/users/{id}`: 403 for whatever is wrong with the body.
    let refused = |Refusal(_, message): Refusal| Refusal(403, message);
    let body = call.json().map_err(|_| refused(MALFORMED_USER))?;
    let user = stored::user(tx, id)?.ok_or(NO_USER_OF_ANY_ORG)?;
    let records = tx.parse_records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let checked = tx.validate::<Tyk>(&records, Kind::AdminUserUpdate, &body);
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
        passwords::set(tx, call, &records, &mut after, password)?;
        after.access_key = draw_key(tx)?;
        link::void(tx, authorized, id)?;
    }
    changes::replace(tx, authorized, &user, &after, settings.emails())?;
    let is_told = !tx.is_strict() || after.access_key != user.access_key;
    Ok(match after.access_key.clear().filter(|_| is_told) {
        Some(key) => success(key, after.record()),
        None => success("User updated", after.record_without_key()),
    })
}

/// Sets or removes `ResetPassword`.
fn set_reset(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    authorized: &Authorized,
    id: &str,
    reset: Option<(String, Value)>,
) -> Result<Response, Interrupt> {
    let user = stored::user(tx, id)?.ok_or(NO_USER_OF_ANY_ORG)?;
    let rest = without(user.permissions.clone(), RESET_PASSWORD);
    let permissions = Value::Object(stored::members(&rest).iter().cloned().chain(reset).collect());
    let after = User { permissions, ..user.clone() };
    changes::replace(tx, authorized, &user, &after, settings.emails())?;
    Ok(success("User updated", Value::Null))
}
