//! New passwords of those who are known: the own one, and another's by whoever may.

use super::super::model::Records;
use super::super::passwords::are_about_strength;
use super::super::{Kind, Tyk};
use super::changes;
use super::link;
use super::random::draw_key;
use super::responses::{success, MALFORMED_PASSWORD, NO_USER, USED_PASSWORD, WEAK_PASSWORD, WRONG_PASSWORD};
use super::session::Session;
use super::settings::Settings;
use super::stored::{self, user_key, User};
use crate::directory::prelude::{time, Authorized, Call, Interrupt, Key, Response, Throttle, Transaction};
use crate::document::value::Value;

/// The most hashes of earlier passwords that are kept, whatever the configuration asks for. A new password is
/// verified against each of them in turn, which is made to be slow: without a limit a change of a password would
/// take minutes.
const HISTORY_MAX: usize = 100;
const DAY: i64 = 86_400_000;

/// `POST /api/users/{id}/actions/reset`. With the own password all sessions end, and the access key stays.
/// Another's is set anew altogether: its access key ends too. So does the own one under strict guards, and the
/// answer tells the new one. Who has no password yet sets the first one without a current one, by the access key.
///
/// # Errors
///
/// [`Interrupt`].
pub fn change(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    let user = session.member(tx, id)?.ok_or(NO_USER)?;
    let is_own = user.id == session.user.id;
    // Source: Tyk documentation, "Dashboard Admin API", users: "they are created without a password being set".
    let has_password = user.hash.is_some();
    let kind = if is_own && has_password { Kind::PasswordChange } else { Kind::PasswordSet };
    let body = call.json().map_err(|_| MALFORMED_PASSWORD)?;
    let checked = tx.validate::<Tyk>(&session.records, kind, &body);
    // Whether a password is strong enough is said after the current one was found to be right.
    let weak = match &checked {
        Ok(_) => false,
        Err(problems) if are_about_strength(problems) => true,
        Err(_) => return Err(MALFORMED_PASSWORD.into()),
    };
    let text = |name| body.get(name).and_then(Value::text).unwrap_or("");
    if is_own && has_password {
        let throttle = Throttle::new(tx, user_key(&user.id).text(), call.client);
        throttle.verify(tx, text("current_password"), user.hash.as_deref(), false)?.ok_or(WRONG_PASSWORD)?;
    }
    if weak {
        return Err(WEAK_PASSWORD.into());
    }
    let mut after = user.clone();
    set(tx, call, &session.records, &mut after, text("new_password"))?;
    if !is_own || tx.is_strict() {
        after.access_key = draw_key(tx)?;
    }
    link::void(tx, authorized, id)?;
    changes::replace(tx, authorized, &user, &after, session.settings.emails())?;
    let told = if is_own { session.told(&after.access_key) } else { Value::Null };
    Ok(success("User password updated", told))
}

/// Gives a user a new password, and ends its sessions.
///
/// # Errors
///
/// [`Interrupt`]: it was used before. Whoever asks that too often, and changes nothing, is told so of any password.
// Source: Tyk Dashboard configuration, `enforce_password_history`.
pub fn set(
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
    let hash = new_hash(tx, user, password)?;
    if let Some(old) = user.hash.replace(hash) {
        user.history.insert(0, old);
    }
    user.history.truncate(count.saturating_sub(1));
    user.password_updated = time::format(tx.now);
    user.sessions.clear();
    Ok(())
}

/// The hash of a new password of a user.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn new_hash(tx: &mut Transaction<'_>, user: &User, password: &str) -> Result<String, Interrupt> {
    tx.new_hash(password, &[&user.email, &user.first_name, &user.last_name])
}

/// Whether the password is older than the configuration, the user or the user's group allows: the least counts.
///
/// # Errors
///
/// [`Interrupt`].
// Source: Tyk Dashboard configuration, `user_password_max_days`; dashboard swagger, `password_max_days`.
pub fn is_too_old(tx: &mut Transaction<'_>, settings: &Settings, user: &User) -> Result<bool, Interrupt> {
    let group = match user.group.as_str() {
        "" => None,
        id => {
            tx.prefetch(&[stored::group_key(id)]);
            stored::group(tx, &user.org, id)?
        }
    };
    let of_group = group.and_then(|group| group.get("password_max_days")).and_then(stored::whole);
    let limits = [settings.count("user_password_max_days"), Some(user.password_max_days), of_group];
    let Some(days) = limits.into_iter().flatten().filter(|days| *days > 0).min() else { return Ok(false) };
    let is_young = time::parse(&user.password_updated).is_some_and(|updated| {
        let age = tx.now.saturating_sub(updated);
        !time::is_ahead(updated, tx.now) && age <= days.saturating_mul(DAY)
    });
    Ok(!is_young)
}
