//! Password changes by authenticated users: their own, and those of other users.

use super::super::model::Records;
use super::super::passwords::are_about_strength;
use super::super::{Kind, Tyk};
use super::body;
use super::random::random_access_key;
use super::reset_link;
use super::responses::{success_response, MALFORMED_PASSWORD, NO_USER, USED_PASSWORD, WEAK_PASSWORD, WRONG_PASSWORD};
use super::session::Session;
use super::settings::Settings;
use super::stored::{self, user_key, User};
use super::user_writes;
use crate::directory::prelude::{time, Authorized, Call, Interrupt, Key, Response, Throttle, Transaction};
use crate::document::value::Value;

/// The most stored hashes of earlier passwords, even if the configuration asks for more. A new password is verified
/// against each of them, which is slow by design: without a limit a password change would take minutes.
const HISTORY_MAX: usize = 100;
const DAY: i64 = 86_400_000;

/// `POST /api/users/{id}/actions/reset`. A change of the user's own password ends all sessions and keeps the access
/// key. A change of another user's password also replaces the access key. Under strict guards the own key is replaced
/// too, and the response has the new one. A user without a password authenticates with the access key and sets the
/// first password without a current one.
///
/// # Errors
///
/// [`Interrupt`].
pub fn change_password(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    let user = session.find_user(tx, id)?.ok_or(NO_USER)?;
    let is_own = user.id == session.user.id;
    // Source: Tyk documentation, "Dashboard Admin API", users: "they are created without a password being set".
    let has_password = user.hash.is_some();
    let kind = if is_own && has_password { Kind::PasswordChange } else { Kind::PasswordSet };
    let body = body::parse_body(call)?.map_err(|_| MALFORMED_PASSWORD)?;
    let checked = tx.validate::<Tyk>(&session.records, kind, &body);
    // The strength of the new password is reported only after the current password was verified.
    let is_weak = match &checked {
        Ok(_) => false,
        Err(problems) if are_about_strength(problems) => true,
        Err(_) => return Err(MALFORMED_PASSWORD.into()),
    };
    let text = |name| body.get(name).and_then(Value::text).unwrap_or("");
    if is_own && has_password {
        let throttle = Throttle::new(tx, user_key(&user.id).text(), call.client);
        throttle.verify(tx, text("current_password"), user.hash.as_deref(), false)?.ok_or(WRONG_PASSWORD)?;
    }
    if is_weak {
        return Err(WEAK_PASSWORD.into());
    }
    let mut after = user.clone();
    set_password(tx, call, &session.records, &mut after, text("new_password"))?;
    if !is_own || tx.is_strict() {
        after.access_key = random_access_key(tx)?;
    }
    reset_link::delete_link(tx, authorized, id)?;
    user_writes::replace_user(tx, authorized, &user, &after, session.settings.email_scope())?;
    let meta = if is_own { session.new_key_json(&after.access_key) } else { Value::Null };
    Ok(success_response("User password updated", meta))
}

/// Sets a new password for a user, and ends the user's sessions.
///
/// # Errors
///
/// [`Interrupt`]: the password was used before. The check of the history is throttled: after too many requests every
/// password is reported as used.
// Source: Tyk Dashboard configuration, `enforce_password_history`.
pub fn set_password(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    records: &Records,
    user: &mut User,
    password: &str,
) -> Result<(), Interrupt> {
    let count = usize::try_from(records.config.enforce_password_history).unwrap_or(HISTORY_MAX).min(HISTORY_MAX);
    let hashes: Vec<&str> = user.hash.iter().chain(&user.history).take(count).map(String::as_str).collect();
    if !hashes.is_empty() {
        let throttle = Throttle::new(tx, Key::new("history", &[&user.id]).text(), call.client);
        if throttle.is_used(tx, password, user.hash.as_deref(), &hashes)? {
            return Err(USED_PASSWORD.into());
        }
    }
    let hash = hash_new_password(tx, user, password)?;
    if let Some(old) = user.hash.replace(hash) {
        user.history.insert(0, old);
    }
    user.history.truncate(count.saturating_sub(1));
    user.password_updated = time::format(tx.now);
    user.sessions.clear();
    Ok(())
}

/// Hashes a new password of a user.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn hash_new_password(tx: &mut Transaction<'_>, user: &User, password: &str) -> Result<String, Interrupt> {
    tx.new_hash(password, &[&user.id, &user.email, &user.first_name, &user.last_name])
}

/// Whether the password is older than the configuration, the user or the user's group allows. The lowest limit
/// counts.
///
/// # Errors
///
/// [`Interrupt`].
// Source: Tyk Dashboard configuration, `user_password_max_days`; dashboard swagger, `password_max_days`.
pub fn is_password_expired(tx: &mut Transaction<'_>, settings: &Settings, user: &User) -> Result<bool, Interrupt> {
    let group = match user.group.as_str() {
        "" => None,
        id => {
            tx.prefetch(&[stored::group_key(id)]);
            stored::read_group(tx, &user.org, id)?
        }
    };
    let of_group = group.and_then(|group| group.get("password_max_days")).and_then(stored::integer);
    let limits = [settings.number("user_password_max_days"), Some(user.password_max_days), of_group];
    let Some(days) = limits.into_iter().flatten().filter(|days| *days > 0).min() else { return Ok(false) };
    let is_current = time::parse(&user.password_updated).is_some_and(|updated| {
        let age = tx.now.saturating_sub(updated);
        !time::is_ahead(updated, tx.now) && age <= days.saturating_mul(DAY)
    });
    Ok(!is_current)
}
