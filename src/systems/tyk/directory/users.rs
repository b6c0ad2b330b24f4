//! `/api/users`: users.
//!
//! Source: Tyk dashboard swagger, "Users".

use super::super::permissions::makes_admin;
use super::super::{Kind, Tyk};
use super::access_key::AccessKey;
use super::counts::read_counts;
use super::list::{self, List};
use super::random::{random_access_key, random_hex};
use super::reset_link;
use super::responses::{
    method_not_allowed, no_route, success_response, BAD_USER, MALFORMED_USER, NO_USER, NO_USER_TO_REVOKE,
    NO_USER_TO_UPDATE,
};
use super::search::search_users;
use super::session::Session;
use super::stored::{member_key, read_users, User, NEVER};
use super::{body, passwords, user_writes};
use crate::directory::prelude::{time, Authorized, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// Handles an authorized request to `/api/users` and the paths below it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    method: &str,
    path: &[&str],
) -> Result<Response, Interrupt> {
    match (path, method) {
        ([], "GET") => list_users(tx, session, call),
        ([], "POST") => create_user(tx, session, authorized, call),
        ([], _) => Err(method_not_allowed("GET, HEAD, POST")),
        (["me"], "GET") => Ok(User::tagged_response(session.user_json(&session.user))),
        (["search"], "GET" | "POST") => search_users(tx, session, call, method),
        (["search"], _) => Err(method_not_allowed("GET, HEAD, POST")),
        ([id], "GET") => {
            let user = session.find_user(tx, id)?.ok_or(NO_USER)?;
            Ok(User::tagged_response(session.user_json(&user)))
        }
        ([id], "PUT") => update_user(tx, session, authorized, call, id),
        ([id], "DELETE") => {
            let user = session.find_user(tx, id)?.ok_or(NO_USER)?;
            user_writes::delete_user(tx, authorized, &user)?;
            Ok(success_response("User deleted", Value::Null))
        }
        ([_], _) => Err(method_not_allowed("GET, HEAD, PUT, DELETE")),
        ([id, "actions", "key", "reset"], "PUT") => {
            let user = session.find_user(tx, id)?.ok_or(NO_USER)?;
            let after = User { access_key: random_access_key(tx)?, ..user.clone() };
            user_writes::replace_user(tx, authorized, &user, &after, session.settings.email_scope())?;
            Ok(success_response("User session renewed", session.new_key_json(&after.access_key)))
        }
        ([_, "actions", "key", "reset"], _) => Err(method_not_allowed("PUT")),
        ([id, "actions", "reset"], "POST") => passwords::change_password(tx, session, authorized, call, id),
        ([_, "actions", "reset"], _) => Err(method_not_allowed("POST")),
        ([id, "actions", "revoke"], "PUT") => revoke_user(tx, session, authorized, id),
        ([_, "actions", "revoke"], _) => Err(method_not_allowed("PUT")),
        _ => Err(no_route()),
    }
}

fn list_users(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let window = list::parse_window(call)?;
    let prefix = member_key(&session.user.org, "");
    let counts = read_counts(tx, &session.user.org);
    if counts.is_err() {
        list::prefetch_page(tx, &list::MEMBERS, &prefix, window);
    }
    let pages = list::page_count(counts?.users);
    let list = List { name: "users", index: &list::MEMBERS, prefix, window, pages };
    list::list_response(tx, call, &list, |tx, ids| {
        Ok(read_users(tx, ids)?.iter().map(|user| session.user_json(user)).collect())
    })
}

fn create_user(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| BAD_USER)?;
    let checked = tx.validate::<Tyk>(&session.records, Kind::UserCreate, &body);
    let body = checked.map_err(|problems| body::new_user_refusal(&problems))?;
    let user = build_user(tx, &session.user.org, &body)?;
    if makes_admin(&user.permissions) {
        session.require_make_admin(tx, &user.id)?;
    }
    user_writes::store_user(tx, authorized, &user, session.settings.email_scope())?;
    Ok(success_response("User created", session.new_key_json(&user.access_key)))
}

/// Builds a new user from a validated body.
///
/// # Errors
///
/// [`Interrupt`]: 400 for names that are too long.
pub fn build_user(tx: &mut Transaction<'_>, org: &str, body: &Value) -> Result<User, Interrupt> {
    if !body::is_bounded(body) {
        return Err(BAD_USER.into());
    }
    let now = time::format(tx.now);
    let mut user = User {
        id: random_hex(tx, 24)?,
        org: org.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        email: String::new(),
        active: false,
        permissions: body.get("user_permissions").cloned().unwrap_or_default(),
        group: String::new(),
        access_key: random_access_key(tx)?,
        created_at: now.clone(),
        last_login_date: NEVER.to_owned(),
        password_updated: NEVER.to_owned(),
        password_max_days: 0,
        api_model: Value::Object(Vec::new()),
        hash: None,
        history: Vec::new(),
        sessions: Vec::new(),
    };
    body::apply_to_user(&mut user, body);
    if let Some(password) = body.get("password").and_then(Value::text) {
        user.hash = Some(passwords::hash_new_password(tx, &user, password)?);
        user.password_updated = now;
    }
    Ok(user)
}

fn update_user(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| MALFORMED_USER)?;
    let user = session.find_user(tx, id)?.ok_or(NO_USER_TO_UPDATE)?;
    let update = (Kind::UserUpdate, &body);
    let body = body::validate_body(tx, &session.records, update, MALFORMED_USER, body::update_refusal)?;
    let mut after = user.clone();
    body::apply_to_user(&mut after, &body);
    if let Some(permissions) = body.get("user_permissions") {
        if makes_admin(permissions) {
            session.require_make_admin(tx, id)?;
        }
        after.permissions = body::with_stored_reset_permission(permissions, &user.permissions);
    }
    user_writes::replace_user(tx, authorized, &user, &after, session.settings.email_scope())?;
    Ok(success_response("User updated", Value::Null))
}

/// Deactivates a user and revokes all credentials: the access key, the sessions and a mailed link.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}/actions/revoke`.
fn revoke_user(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    id: &str,
) -> Result<Response, Interrupt> {
    let user = session.find_user(tx, id)?.ok_or(NO_USER_TO_REVOKE)?;
    let after = User { active: false, access_key: AccessKey::none(), sessions: Vec::new(), ..user.clone() };
    reset_link::delete_link(tx, authorized, id)?;
    user_writes::replace_user(tx, authorized, &user, &after, session.settings.email_scope())?;
    Ok(success_response("User revoked", Value::Null))
}
