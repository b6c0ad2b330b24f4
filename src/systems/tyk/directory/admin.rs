//! `/admin/users`: the super-admin's requests, over all organisations.
//!
//! Source: Tyk dashboard admin swagger.

use super::super::passwords::PASSWORD_MAX;
use super::super::paths::RESET_PASSWORD;
use super::super::{Kind, Tyk};
use super::random::random_access_key;
use super::reset_link;
use super::responses::{
    method_not_allowed, no_route, success_response, Refusal, BAD_USER, EMPTY_BODY, MALFORMED_USER, NOT_AUTHORISED,
    NO_USER_DETAIL, NO_USER_OF_ANY_ORG,
};
use super::settings::{self, settings_key, Settings};
use super::stored::{self, user_key, without_member, User};
use super::{body, passwords, user_writes, users};
use crate::directory::prelude::{Authorized, BodyError, Call, Interrupt, Response, Throttle, Transaction};
use crate::document::value::Value;

/// The value of `ResetPassword`. Source: Tyk dashboard admin swagger, `POST /admin/users`.
const ALLOWED: &str = "admin";

/// The header with the secret of the admin API.
const HEADER: &str = "admin-auth";

/// Handles a request to the admin API, which needs the secret in its header `admin-auth`. Without a secret in the
/// configuration every request is rejected.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(tx: &mut Transaction<'_>, call: &Call<'_>, path: &[&str]) -> Result<Response, Interrupt> {
    let mut keys = vec![settings_key()];
    if let ["users", id, ..] = path {
        keys.push(user_key(id));
    }
    tx.read_all(&keys)?;
    let settings = settings::read_settings(tx)?;
    let secret = call.header(HEADER).filter(|secret| secret.len() <= PASSWORD_MAX).ok_or(NOT_AUTHORISED)?;
    let hash = settings.admin.as_deref().ok_or(NOT_AUTHORISED)?;
    let throttle = Throttle::new(tx, HEADER, call.client);
    let authorized = throttle.verify(tx, secret, Some(hash), true)?.ok_or(NOT_AUTHORISED)?.authorized();
    tx.operator(HEADER);
    match (path, call.method) {
        (["users"], "POST") => create_user(tx, &settings, &authorized, call),
        // Source: TykTechnologies/tyk, issue 236: the admin API lists no users.
        (["users"], "GET" | "HEAD") => Err(no_route()),
        (["users"], _) => Err(method_not_allowed("POST")),
        (["users", id], "GET" | "HEAD") => {
            let user = stored::read_user(tx, id)?.ok_or(NO_USER_DETAIL)?;
            let record = if tx.is_strict() { user.to_json_without_key() } else { user.to_json() };
            Ok(User::tagged_response(record))
        }
        (["users", id], "PUT") => update_user(tx, &settings, &authorized, call, id),
        (["users", _], _) => Err(method_not_allowed("GET, HEAD, PUT")),
        (["users", id, "actions", "allow_reset_passwords"], "PUT") => {
            let reset = Some((RESET_PASSWORD.to_owned(), ALLOWED.into()));
            set_reset_permission(tx, &settings, &authorized, id, reset)
        }
        (["users", id, "actions", "disallow_reset_passwords"], "PUT") => {
            set_reset_permission(tx, &settings, &authorized, id, None)
        }
        (["users", _, "actions", "allow_reset_passwords" | "disallow_reset_passwords"], _) => {
            Err(method_not_allowed("PUT"))
        }
        _ => Err(no_route()),
    }
}

fn create_user(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    authorized: &Authorized,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|error| match error {
        BodyError::Absent => EMPTY_BODY,
        BodyError::Malformed => BAD_USER,
    })?;
    let records = tx.parse_records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let checked = tx.validate::<Tyk>(&records, Kind::AdminUserCreate, &body);
    let body = checked.map_err(|problems| body::new_user_refusal(&problems))?;
    let user = users::build_user(tx, "", &body)?;
    user_writes::store_user(tx, authorized, &user, settings.email_scope())?;
    Ok(success_response(user.access_key.clear_text().unwrap_or(""), user.to_json()))
}

fn update_user(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    // Source: Tyk dashboard admin swagger, `PUT /admin/users/{id}`: 403 for every error in the body.
    let forbidden = |Refusal(_, message): Refusal| Refusal(403, message);
    let body = body::parse_body(call)?.map_err(|_| forbidden(MALFORMED_USER))?;
    let user = stored::read_user(tx, id)?.ok_or(NO_USER_OF_ANY_ORG)?;
    let records = tx.parse_records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let update = (Kind::AdminUserUpdate, &body);
    let body = body::validate_body(tx, &records, update, MALFORMED_USER, body::update_refusal).map_err(forbidden)?;
    let mut after = user.clone();
    body::apply_to_user(&mut after, &body);
    if let Some(permissions) = body.get("user_permissions") {
        after.permissions = permissions.clone();
    }
    if let Some(password) = body.get("password").and_then(Value::text) {
        passwords::set_password(tx, call, &records, &mut after, password)?;
        after.access_key = random_access_key(tx)?;
        reset_link::delete_link(tx, authorized, id)?;
    }
    user_writes::replace_user(tx, authorized, &user, &after, settings.email_scope())?;
    let is_shown = !tx.is_strict() || after.access_key != user.access_key;
    Ok(match after.access_key.clear_text().filter(|_| is_shown) {
        Some(key) => success_response(key, after.to_json()),
        None => success_response("User updated", after.to_json_without_key()),
    })
}

/// Sets or removes `ResetPassword` for a user.
fn set_reset_permission(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    authorized: &Authorized,
    id: &str,
    reset: Option<(String, Value)>,
) -> Result<Response, Interrupt> {
    let user = stored::read_user(tx, id)?.ok_or(NO_USER_OF_ANY_ORG)?;
    let rest = without_member(user.permissions.clone(), RESET_PASSWORD);
    let permissions = Value::Object(stored::members(&rest).iter().cloned().chain(reset).collect());
    let after = User { permissions, ..user.clone() };
    user_writes::replace_user(tx, authorized, &user, &after, settings.email_scope())?;
    Ok(success_response("User updated", Value::Null))
}
