//! Changes of a user, together with everything that leads to it: one commit, or none.

use super::super::permissions::makes_admin;
use super::link::{self, link_key};
use super::responses::{EMAIL_EXISTS, LAST_ADMIN};
use super::settings::Emails;
use super::stored::{
    clear, counts, email_key, member_key, members, org_key, put_counts, session_key, user_key, Counts, User,
};
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// Puts a new user, whose id and access key were drawn just now.
///
/// # Errors
///
/// [`Interrupt`]: the address is taken.
pub fn create(tx: &mut Transaction<'_>, authorized: &Authorized, user: &User, emails: Emails) -> Result<(), Interrupt> {
    tx.read_all(&[org_key(&user.org), email_key(&user.email)])?;
    move_email(tx, authorized, None, Some(user), emails)?;
    tx.create(authorized, &user_key(&user.id), user.value(tx.is_strict()))?;
    tx.create(authorized, &member_key(&user.org, &user.id), true.into())?;
    tx.create(authorized, &user.access_key.entry(), user.id.as_str().into())?;
    count(tx, authorized, None, Some(user))
}

/// Puts a user in place of what it was.
///
/// # Errors
///
/// [`Interrupt`]: the address is taken, or the organisation would be left without an admin.
pub fn replace(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    before: &User,
    after: &User,
    emails: Emails,
) -> Result<(), Interrupt> {
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
    tx.read_all(&keys)?;

    move_email(tx, authorized, Some(before), Some(after), emails)?;
    count(tx, authorized, Some(before), Some(after))?;
    if after.org != before.org {
        tx.delete(authorized, &member_key(&before.org, &before.id))?;
        tx.create(authorized, &member_key(&after.org, &after.id), true.into())?;
    }
    if after.access_key != before.access_key {
        clear(tx, authorized, &before.access_key.entry())?;
        if !after.access_key.is_none() {
            tx.create(authorized, &after.access_key.entry(), after.id.as_str().into())?;
        }
    }
    if ends_link {
        link::void(tx, authorized, &before.id)?;
    }
    for key in &ended {
        clear(tx, authorized, key)?;
    }
    for digest in after.sessions.iter().filter(|digest| !before.sessions.contains(digest)) {
        tx.create(authorized, &session_key(digest), after.id.as_str().into())?;
    }
    tx.put(authorized, &user_key(&after.id), after.value(tx.is_strict()))
}

/// Deletes a user, and all that hangs on it.
///
/// # Errors
///
/// [`Interrupt`]: the organisation would be left without an admin.
pub fn remove(tx: &mut Transaction<'_>, authorized: &Authorized, user: &User) -> Result<(), Interrupt> {
    let failures = Key::new("failures", &[&user.id]);
    let member = member_key(&user.org, &user.id);
    let mut keys: Vec<Key> = user.sessions.iter().map(|digest| session_key(digest)).collect();
    keys.extend([user.access_key.entry(), member, failures]);
    let mut all = keys.clone();
    all.extend([org_key(&user.org), email_key(&user.email)]);
    tx.read_all(&all)?;
    move_email(tx, authorized, Some(user), None, Emails::UniqueInEach)?;
    count(tx, authorized, Some(user), None)?;
    link::void(tx, authorized, &user.id)?;
    for key in &keys {
        clear(tx, authorized, key)?;
    }
    tx.delete(authorized, &user_key(&user.id))
}

/// Lets an address lead to a user where it did before, or did not.
fn move_email(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    before: Option<&User>,
    after: Option<&User>,
    emails: Emails,
) -> Result<(), Interrupt> {
    let place = |user: Option<&User>| user.map(|user| (email_key(&user.email), user.org.clone()));
    if place(before) == place(after) {
        return Ok(());
    }
    let mut left: Option<(Key, Vec<(String, Value)>)> = None;
    if let Some(user) = before.filter(|user| !user.email.is_empty()) {
        let key = email_key(&user.email);
        let mut known = led_to(tx, &key)?;
        known.retain(|(org, _)| *org != user.org);
        left = Some((key, known));
    }
    if let Some(user) = after.filter(|user| !user.email.is_empty()) {
        let key = email_key(&user.email);
        let mut known = match left.take() {
            Some((same, known)) if same == key => known,
            other => {
                left = other;
                led_to(tx, &key)?
            }
        };
        let is_taken = |(org, _): &(String, Value)| emails == Emails::UniqueInAll || *org == user.org;
        if known.iter().any(is_taken) {
            return Err(EMAIL_EXISTS.into());
        }
        known.push((user.org.clone(), user.id.as_str().into()));
        tx.put(authorized, &key, Value::Object(known))?;
    }
    match left {
        Some((key, known)) if known.is_empty() => tx.delete(authorized, &key),
        Some((key, known)) => tx.put(authorized, &key, Value::Object(known)),
        None => Ok(()),
    }
}

/// The users to whom an address leads, by their organisations.
fn led_to(tx: &mut Transaction<'_>, key: &Key) -> Result<Vec<(String, Value)>, Interrupt> {
    Ok(tx.read(key)?.map(members).unwrap_or_default().to_vec())
}

/// Counts a user where it was, and where it is.
///
/// Nobody takes the last active admin away from an organisation: nobody could make another one there.
fn count(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    before: Option<&User>,
    after: Option<&User>,
) -> Result<(), Interrupt> {
    let mut orgs: Vec<&str> = [before, after].into_iter().flatten().map(|user| user.org.as_str()).collect();
    orgs.dedup();
    for org in orgs {
        let here = |user: Option<&User>| user.filter(|user| user.org == org).map_or((0, 0), counted);
        let ((users, admins), (users_after, admins_after)) = (here(before), here(after));
        let known = counts(tx, org)?;
        let now = Counts {
            users: known.users.saturating_sub(users).saturating_add(users_after),
            admins: known.admins.saturating_sub(admins).saturating_add(admins_after),
            ..known
        };
        if now.admins == 0 && known.admins > 0 {
            return Err(LAST_ADMIN.into());
        }
        if now != known {
            put_counts(tx, authorized, org, now)?;
        }
    }
    Ok(())
}

/// What a user counts for: as one, and as an active admin.
pub fn counted(user: &User) -> (i64, i64) {
    (1, i64::from(user.active && makes_admin(&user.permissions)))
}
