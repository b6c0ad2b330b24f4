//! Changes of a user, together with everything that leads to it: one commit, or none.

use super::super::permissions::makes_admin;
use super::answers::{EMAIL_EXISTS, LAST_ADMIN};
use super::link::{self, link_key};
use super::settings::Emails;
use super::stored::{
    clear, counts, email_key, member_key, members, org_key, put_counts, session_key, user_key, Counts, User,
};
use crate::directory::prelude::{Key, Permit, Stop, World};
use crate::document::value::Value;

/// Puts a new user, whose id and access key were drawn just now.
///
/// # Errors
///
/// [`Stop`]: the address is taken.
pub fn create(world: &mut World<'_>, permit: &Permit, user: &User, emails: Emails) -> Result<(), Stop> {
    world.read_all(&[org_key(&user.org), email_key(&user.email)])?;
    move_email(world, permit, None, Some(user), emails)?;
    world.create(permit, &user_key(&user.id), user.value(world.is_strict()))?;
    world.create(permit, &member_key(&user.org, &user.id), true.into())?;
    world.create(permit, &user.access_key.entry(), user.id.as_str().into())?;
    count(world, permit, None, Some(user))
}

/// Puts a user in place of what it was.
///
/// # Errors
///
/// [`Stop`]: the address is taken, or the organisation would be left without an admin.
pub fn replace(
    world: &mut World<'_>,
    permit: &Permit,
    before: &User,
    after: &User,
    emails: Emails,
) -> Result<(), Stop> {
    if before == after {
        return Ok(());
    }
    let ended: Vec<Key> = before
        .sessions
        .iter()
        .filter(|digest| !after.sessions.contains(digest))
        .map(|digest| session_key(digest))
        .collect();
    let mut keys = ended.clone();
    keys.extend([before.access_key.entry(), org_key(&before.org), email_key(&before.email)]);
    keys.extend((after.org != before.org).then(|| org_key(&after.org)));
    keys.extend((after.org != before.org).then(|| member_key(&before.org, &before.id)));
    keys.extend((email_key(&after.email) != email_key(&before.email)).then(|| email_key(&after.email)));
    // A link was mailed to an address, for somebody who may come in.
    let ends_link = after.email != before.email || after.active != before.active;
    keys.extend(ends_link.then(|| link_key(&before.id)));
    world.read_all(&keys)?;

    move_email(world, permit, Some(before), Some(after), emails)?;
    count(world, permit, Some(before), Some(after))?;
    if after.org != before.org {
        world.delete(permit, &member_key(&before.org, &before.id))?;
        world.create(permit, &member_key(&after.org, &after.id), true.into())?;
    }
    if after.access_key != before.access_key {
        clear(world, permit, &before.access_key.entry())?;
        if !after.access_key.is_none() {
            world.create(permit, &after.access_key.entry(), after.id.as_str().into())?;
        }
    }
    if ends_link {
        link::void(world, permit, &before.id)?;
    }
    for key in &ended {
        clear(world, permit, key)?;
    }
    for digest in after.sessions.iter().filter(|digest| !before.sessions.contains(digest)) {
        world.create(permit, &session_key(digest), after.id.as_str().into())?;
    }
    world.put(permit, &user_key(&after.id), after.value(world.is_strict()))
}

/// Deletes a user, and all that hangs on it.
///
/// # Errors
///
/// [`Stop`]: the organisation would be left without an admin.
pub fn remove(world: &mut World<'_>, permit: &Permit, user: &User) -> Result<(), Stop> {
    let failures = Key::new("failures", &[&user.id]);
    let member = member_key(&user.org, &user.id);
    let mut keys: Vec<Key> = user.sessions.iter().map(|digest| session_key(digest)).collect();
    keys.extend([user.access_key.entry(), member, failures]);
    let mut all = keys.clone();
    all.extend([org_key(&user.org), email_key(&user.email)]);
    world.read_all(&all)?;
    move_email(world, permit, Some(user), None, Emails::UniqueInEach)?;
    count(world, permit, Some(user), None)?;
    link::void(world, permit, &user.id)?;
    for key in &keys {
        clear(world, permit, key)?;
    }
    world.delete(permit, &user_key(&user.id))
}

/// Lets an address lead to a user where it did before, or did not.
fn move_email(
    world: &mut World<'_>,
    permit: &Permit,
    before: Option<&User>,
    after: Option<&User>,
    emails: Emails,
) -> Result<(), Stop> {
    let place = |user: Option<&User>| user.map(|user| (email_key(&user.email), user.org.clone()));
    if place(before) == place(after) {
        return Ok(());
    }
    let mut left: Option<(Key, Vec<(String, Value)>)> = None;
    if let Some(user) = before.filter(|user| !user.email.is_empty()) {
        let key = email_key(&user.email);
        let mut known = led_to(world, &key)?;
        known.retain(|(org, _)| *org != user.org);
        left = Some((key, known));
    }
    if let Some(user) = after.filter(|user| !user.email.is_empty()) {
        let key = email_key(&user.email);
        let mut known = match left.take() {
            Some((same, known)) if same == key => known,
            other => {
                left = other;
                led_to(world, &key)?
            }
        };
        let is_taken = |(org, _): &(String, Value)| emails == Emails::UniqueInAll || *org == user.org;
        if known.iter().any(is_taken) {
            return Err(EMAIL_EXISTS.into());
        }
        known.push((user.org.clone(), user.id.as_str().into()));
        world.put(permit, &key, Value::Object(known))?;
    }
    match left {
        Some((key, known)) if known.is_empty() => world.delete(permit, &key),
        Some((key, known)) => world.put(permit, &key, Value::Object(known)),
        None => Ok(()),
    }
}

/// The users to whom an address leads, by their organisations.
fn led_to(world: &mut World<'_>, key: &Key) -> Result<Vec<(String, Value)>, Stop> {
    Ok(world.read(key)?.map(members).unwrap_or_default().to_vec())
}

/// Counts a user where it was, and where it is.
///
/// Nobody takes the last active admin away from an organisation: nobody could make another one there.
fn count(world: &mut World<'_>, permit: &Permit, before: Option<&User>, after: Option<&User>) -> Result<(), Stop> {
    let mut orgs: Vec<&str> = [before, after].into_iter().flatten().map(|user| user.org.as_str()).collect();
    orgs.dedup();
    for org in orgs {
        let here = |user: Option<&User>| user.filter(|user| user.org == org).map_or((0, 0), counted);
        let ((users, admins), (users_after, admins_after)) = (here(before), here(after));
        let known = counts(world, org)?;
        let now = Counts {
            users: known.users.saturating_sub(users).saturating_add(users_after),
            admins: known.admins.saturating_sub(admins).saturating_add(admins_after),
            ..known
        };
        if now.admins == 0 && known.admins > 0 {
            return Err(LAST_ADMIN.into());
        }
        if now != known {
            put_counts(world, permit, org, now)?;
        }
    }
    Ok(())
}

/// What a user counts for: as one, and as an active admin.
pub fn counted(user: &User) -> (i64, i64) {
    (1, i64::from(user.active && makes_admin(&user.permissions)))
}
