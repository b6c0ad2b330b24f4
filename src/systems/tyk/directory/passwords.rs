//! New passwords of those who are known: the own one, and another's by whoever may.

use super::super::model::Records;
use super::super::passwords::is_about_strength;
use super::super::{Kind, Tyk};
use super::answers::{success, MALFORMED_PASSWORD, NO_USER, USED_PASSWORD, WEAK_PASSWORD, WRONG_PASSWORD};
use super::changes;
use super::gate::Visit;
use super::link;
use super::random::draw_key;
use super::settings::Settings;
use super::stored::{self, user_key, User};
use crate::directory::prelude::{time, Brake, Call, Key, Permit, Response, Stop, World};
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
/// [`Stop`].
pub fn change(
    world: &mut World<'_>,
    visit: &Visit,
    permit: &Permit,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Stop> {
    let user = visit.member(world, id)?.ok_or(NO_USER)?;
    let is_own = user.id == visit.user.id;
    // Source: Tyk documentation, "Dashboard Admin API", users: "they are created without a password being set".
    let has_password = user.hash.is_some();
    let kind = if is_own && has_password { Kind::PasswordChange } else { Kind::PasswordSet };
    let body = call.json().map_err(|_| MALFORMED_PASSWORD)?;
    let checked = world.validate::<Tyk>(&visit.records, kind, &body);
    // Whether a password is strong enough is said after the current one was found to be right.
    let weak = match &checked {
        Ok(_) => false,
        Err(problems) if is_about_strength(problems) => true,
        Err(_) => return Err(MALFORMED_PASSWORD.into()),
    };
    let text = |name| body.get(name).and_then(Value::text).unwrap_or("");
    if is_own && has_password {
        let brake = Brake::new(world, user_key(&user.id).text(), call.client);
        brake.verify(world, text("current_password"), user.hash.as_deref(), false)?.ok_or(WRONG_PASSWORD)?;
    }
    if weak {
        return Err(WEAK_PASSWORD.into());
    }
    let mut after = user.clone();
    set(world, call, &visit.records, &mut after, text("new_password"))?;
    if !is_own || world.is_strict() {
        after.access_key = draw_key(world)?;
    }
    link::void(world, permit, id)?;
    changes::replace(world, permit, &user, &after, visit.settings.emails())?;
    let told = if is_own { visit.told(&after.access_key) } else { Value::Null };
    Ok(success("User password updated", told))
}

/// Gives a user a new password, and ends its sessions.
///
/// # Errors
///
/// [`Stop`]: it was used before. Whoever asks that too often, and changes nothing, is told so of any password.
// Source: Tyk Dashboard configuration, `enforce_password_history`.
pub fn set(
    world: &mut World<'_>,
    call: &Call<'_>,
    records: &Records,
    user: &mut User,
    password: &str,
) -> Result<(), Stop> {
    let count = usize::try_from(records.config.enforce_password_history).unwrap_or(HISTORY_MAX).min(HISTORY_MAX);
    let hashes: Vec<&str> = user.hash.iter().chain(&user.history).take(count).map(String::as_str).collect();
    if !hashes.is_empty() {
        let brake = Brake::new(world, Key::new("history", &[&user.id]).text(), call.client);
        if brake.is_used(world, password, user.hash.as_deref(), &hashes)? {
            return Err(USED_PASSWORD.into());
        }
    }
    let hash = new_hash(world, user, password)?;
    if let Some(old) = user.hash.replace(hash) {
        user.history.insert(0, old);
    }
    user.history.truncate(count.saturating_sub(1));
    user.password_updated = time::written(world.now);
    user.sessions.clear();
    Ok(())
}

/// The hash of a new password of a user.
///
/// # Errors
///
/// As [`World::new_hash`].
pub fn new_hash(world: &mut World<'_>, user: &User, password: &str) -> Result<String, Stop> {
    world.new_hash(password, &[&user.email, &user.first_name, &user.last_name])
}

/// Whether the password is older than the configuration, the user or the user's group allows: the least counts.
///
/// # Errors
///
/// [`Stop`].
// Source: Tyk Dashboard configuration, `user_password_max_days`; dashboard swagger, `password_max_days`.
pub fn is_too_old(world: &mut World<'_>, settings: &Settings, user: &User) -> Result<bool, Stop> {
    let group = match user.group.as_str() {
        "" => None,
        id => {
            world.prefetch(&[stored::group_key(id)]);
            stored::group(world, &user.org, id)?
        }
    };
    let of_group = group.and_then(|group| group.get("password_max_days")).and_then(stored::whole);
    let limits = [settings.count("user_password_max_days"), Some(user.password_max_days), of_group];
    let Some(days) = limits.into_iter().flatten().filter(|days| *days > 0).min() else { return Ok(false) };
    let is_young = time::read(&user.password_updated).is_some_and(|updated| {
        let age = world.now.saturating_sub(updated);
        !time::is_ahead(updated, world.now) && age <= days.saturating_mul(DAY)
    });
    Ok(!is_young)
}
