//! Writes of a user together with the entries that refer to it, in one transaction.

use super::super::permissions::makes_admin;
use super::counts::{read_counts, store_counts, Counts};
use super::reset_link::{self, link_key};
use super::responses::{EMAIL_EXISTS, LAST_ADMIN};
use super::settings::EmailScope;
use super::stored::{delete_if_present, email_key, member_key, members, org_key, session_key, user_key, User};
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// Stores a new user, whose id and access key are new and random.
///
/// # Errors
///
/// [`Interrupt`]: the address is taken.
pub fn store_user(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    user: &User,
    scope: EmailScope,
) -> Result<(), Interrupt> {
    tx.read_all(&[org_key(&user.org), email_key(&user.email)])?;
    update_email_entries(tx, authorized, None, Some(user), scope)?;
    tx.create(authorized, &user_key(&user.id), user.to_value(tx.is_strict()))?;
    tx.create(authorized, &member_key(&user.org, &user.id), true.into())?;
    tx.create(authorized, &user.access_key.entry_key(), user.id.as_str().into())?;
    update_counts(tx, authorized, None, Some(user))
}

/// Stores a changed user, and updates the entries that refer to it.
///
/// # Errors
///
/// [`Interrupt`]: the address is taken, or the organisation would be left without an admin.
pub fn replace_user(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    before: &User,
    after: &User,
    scope: EmailScope,
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
    keys.extend([before.access_key.entry_key(), org_key(&before.org), email_key(&before.email)]);
    keys.extend((after.org != before.org).then(|| org_key(&after.org)));
    keys.extend((after.org != before.org).then(|| member_key(&before.org, &before.id)));
    keys.extend((email_key(&after.email) != email_key(&before.email)).then(|| email_key(&after.email)));
    // A mailed link is valid only for the same address and state of the user.
    let ends_link = after.email != before.email || after.active != before.active;
    keys.extend(ends_link.then(|| link_key(&before.id)));
    tx.read_all(&keys)?;

    update_email_entries(tx, authorized, Some(before), Some(after), scope)?;
    update_counts(tx, authorized, Some(before), Some(after))?;
    if after.org != before.org {
        tx.delete(authorized, &member_key(&before.org, &before.id))?;
        tx.create(authorized, &member_key(&after.org, &after.id), true.into())?;
    }
    if after.access_key != before.access_key {
        delete_if_present(tx, authorized, &before.access_key.entry_key())?;
        if !after.access_key.is_none() {
            tx.create(authorized, &after.access_key.entry_key(), after.id.as_str().into())?;
        }
    }
    if ends_link {
        reset_link::delete_link(tx, authorized, &before.id)?;
    }
    for key in &ended {
        delete_if_present(tx, authorized, key)?;
    }
    for digest in after.sessions.iter().filter(|digest| !before.sessions.contains(digest)) {
        tx.create(authorized, &session_key(digest), after.id.as_str().into())?;
    }
    tx.put(authorized, &user_key(&after.id), after.to_value(tx.is_strict()))
}

/// Deletes a user and the entries that refer to it.
///
/// # Errors
///
/// [`Interrupt`]: the organisation would be left without an admin.
pub fn delete_user(tx: &mut Transaction<'_>, authorized: &Authorized, user: &User) -> Result<(), Interrupt> {
    let failures = Key::new("failures", &[&user.id]);
    let member = member_key(&user.org, &user.id);
    let mut keys: Vec<Key> = user.sessions.iter().map(|digest| session_key(digest)).collect();
    keys.extend([user.access_key.entry_key(), member, failures]);
    let mut all = keys.clone();
    all.extend([org_key(&user.org), email_key(&user.email)]);
    tx.read_all(&all)?;
    update_email_entries(tx, authorized, Some(user), None, EmailScope::Organisation)?;
    update_counts(tx, authorized, Some(user), None)?;
    reset_link::delete_link(tx, authorized, &user.id)?;
    for key in &keys {
        delete_if_present(tx, authorized, key)?;
    }
    tx.delete(authorized, &user_key(&user.id))
}

/// Updates the entries from addresses to users.
fn update_email_entries(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    before: Option<&User>,
    after: Option<&User>,
    scope: EmailScope,
) -> Result<(), Interrupt> {
    let address = |user: Option<&User>| user.map(|user| (email_key(&user.email), user.org.clone()));
    if address(before) == address(after) {
        return Ok(());
    }
    let mut left: Option<(Key, Vec<(String, Value)>)> = None;
    if let Some(user) = before.filter(|user| !user.email.is_empty()) {
        let key = email_key(&user.email);
        let mut known = users_with_address(tx, &key)?;
        known.retain(|(org, _)| *org != user.org);
        left = Some((key, known));
    }
    if let Some(user) = after.filter(|user| !user.email.is_empty()) {
        let key = email_key(&user.email);
        let mut known = match left.take() {
            Some((same, known)) if same == key => known,
            other => {
                left = other;
                users_with_address(tx, &key)?
            }
        };
        let is_taken = |(org, _): &(String, Value)| scope == EmailScope::Directory || *org == user.org;
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

/// The users with an address, by organisation.
fn users_with_address(tx: &mut Transaction<'_>, key: &Key) -> Result<Vec<(String, Value)>, Interrupt> {
    Ok(tx.read_entry(key)?.map(members).unwrap_or_default().to_vec())
}

/// Updates the counts of the organisations before and after a change of a user.
///
/// The last active admin of an organisation cannot be removed, because afterwards no user could make another one.
fn update_counts(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    before: Option<&User>,
    after: Option<&User>,
) -> Result<(), Interrupt> {
    let mut orgs: Vec<&str> = [before, after].into_iter().flatten().map(|user| user.org.as_str()).collect();
    orgs.dedup();
    for org in orgs {
        let contribution = |user: Option<&User>| user.filter(|user| user.org == org).map_or((0, 0), contribution_of);
        let ((users, admins), (users_after, admins_after)) = (contribution(before), contribution(after));
        let known = read_counts(tx, org)?;
        let now = Counts {
            users: known.users.saturating_sub(users).saturating_add(users_after),
            admins: known.admins.saturating_sub(admins).saturating_add(admins_after),
            ..known
        };
        if now.admins == 0 && known.admins > 0 {
            return Err(LAST_ADMIN.into());
        }
        if now != known {
            store_counts(tx, authorized, org, now)?;
        }
    }
    Ok(())
}

/// The user's contribution to the counts: users, and active admins.
pub fn contribution_of(user: &User) -> (i64, i64) {
    (1, i64::from(user.active && makes_admin(&user.permissions)))
}
