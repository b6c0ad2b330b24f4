//! Users of a role: assign it to users and remove it from others.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`. Each function has its order of checks, with the rules on
//! privileges first.

use std::collections::BTreeSet;

use super::super::domain::{RoleName, UserName};
use super::names::{resolve_role_name, resolve_user_name};
use super::responses::{NO_ROLE, NO_USER};
use super::session::Session;
use super::stored::{member_key, user_key, Role};
use super::user_roles::assign_role;
use super::writes;
use crate::directory::prelude::{Authorized, Interrupt, Transaction};

/// Assigns a role to users and removes it from others. Either all changes apply or none.
///
/// # Errors
///
/// [`Interrupt`].
pub fn update_members(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
    [added, removed]: [&[String]; 2],
) -> Result<(), Interrupt> {
    let name = resolve_role_name(session, name)?;
    let role = session.load_roles(tx, &[name])?.pop().flatten();
    let verdict = session.privileges()?.check_update_members(&name.canonical(), removed);
    session.or_refuse(verdict)?;
    let mut role = role.ok_or_else(|| session.refuse(NO_ROLE))?;
    change_members(tx, session, authorized, &role, (&name, false), [added, removed])?;
    writes::store_role(tx, authorized, &mut role)
}

/// Like [`update_members`], for a loaded role. The caller stores the role's own entry.
///
/// # Errors
///
/// [`Interrupt`].
pub fn change_loaded_role_members(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    authorized: &Authorized,
    role: &Role,
    [added, removed]: [&[String]; 2],
) -> Result<(), Interrupt> {
    let name = resolve_role_name(session, &role.name)?;
    let verdict = session.privileges()?.check_update_members(&role.name, removed);
    session.or_refuse(verdict)?;
    change_members(tx, session, authorized, role, (&name, false), [added, removed])
}

/// Changes both entries of each membership: the user's own entry, which decides, and the one that lists the role's
/// members.
pub fn change_members(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    authorized: &Authorized,
    role: &Role,
    (name, is_new): (&RoleName<'_, '_>, bool),
    [added, removed]: [&[String]; 2],
) -> Result<(), Interrupt> {
    writes::check_members_writable(session, name, false)?;
    let mut changes: Vec<(UserName<'_, '_>, bool)> = Vec::new();
    let mut seen = BTreeSet::new();
    // A user in both lists has the role afterwards.
    for (names, is_added) in [(added, true), (removed, false)] {
        for user in names {
            let user = resolve_user_name(session, user)?;
            writes::check_members_writable(session, name, user.store.read_only)?;
            if seen.insert(user.key()) {
                changes.push((user, is_added));
            }
        }
    }
    let keys: Vec<_> = changes.iter().map(|(user, _)| user_key(user)).collect();
    tx.read_all(&keys)?;
    let mut changed = Vec::new();
    for (user_name, is_added) in changes {
        let Some(mut user) = session.read_user_entry(tx, &user_name)? else { return Err(session.refuse(NO_USER)) };
        if is_added == user.roles.contains(&role.id) {
            continue;
        }
        user.roles.retain(|known| *known != role.id);
        changed.push((member_key(&role.id, &user.id), user_name, user, is_added));
    }
    let added = changed.iter_mut().filter(|(.., is_added)| *is_added).map(|(_, _, user, _)| user);
    assign_role(tx, session, role, added.collect())?;
    if is_new {
        for (key, _, user, _) in &changed {
            tx.create(authorized, key, writes::member_to_value(&user.name))?;
        }
    } else {
        let keys: Vec<_> = changed.iter().map(|(key, ..)| key.clone()).collect();
        tx.read_all(&keys)?;
        for (key, _, user, is_added) in &changed {
            match is_added {
                true => tx.put(authorized, key, writes::member_to_value(&user.name))?,
                false => tx.delete(authorized, key)?,
            }
        }
    }
    for (_, user_name, mut user, _) in changed {
        writes::store_user(tx, authorized, &user_name, &mut user)?;
    }
    Ok(())
}
