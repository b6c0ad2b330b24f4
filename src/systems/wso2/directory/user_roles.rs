//! Roles of a user: add and remove them.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`. Each function has its order of checks, with the rules on
//! privileges first.

use std::collections::BTreeSet;

use super::super::domain::{RoleDomain, RoleName, UserName, INTERNAL};
use super::names::resolve_user_name;
use super::responses::{NO_INTERNAL_ROLE, NO_STORE_ROLE, NO_USER, TOO_MANY_ROLES, UNKNOWN_DOMAIN};
use super::session::Session;
use super::stored::{member_key, role_key, Role, User};
use super::writes;
use crate::directory::prelude::{Authorized, Interrupt, Transaction};

/// The most roles of a user. Each role can have up to `RULES_MAX` rules, and at most 10,000 rules may apply to one
/// user. A user who has more roles keeps them, and gets no more.
const ROLES_MAX: usize = 90;

/// Adds and removes roles of a user. Either all changes apply or none.
///
/// # Errors
///
/// [`Interrupt`].
pub fn update_roles(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
    [added, removed]: [&[String]; 2],
) -> Result<(), Interrupt> {
    let name = resolve_user_name(session, name)?;
    let user = session.load_user(tx, &name)?;
    let [added, removed] =
        [internal_if_read_only(session, &name, added), internal_if_read_only(session, &name, removed)];
    let gained = resolve_roles(tx, session, &added)?;
    let lost = resolve_roles(tx, session, &removed)?;
    // Source: the product's own tests: a client sends all roles that the user should have. Roles that the user
    // already has, and the everyone role, are not changes.
    let everyone = &session.settings.records.realm.everyone_role;
    let has = |(name, role): &Resolved<'_, '_>| {
        let is_assigned = |role: &Role| user.as_ref().is_some_and(|user| user.roles.contains(&role.id));
        name.as_ref().is_some_and(|name| name.key() == *everyone) || role.as_ref().is_some_and(is_assigned)
    };
    let kept: Vec<String> =
        gained.iter().filter(|role| has(role)).filter_map(|(_, role)| Some(role.as_ref()?.id.clone())).collect();
    let (gained, added): (Vec<_>, Vec<String>) =
        gained.into_iter().zip(added.iter().cloned()).filter(|(role, _)| !has(role)).unzip();
    let verdict = session.privileges()?.check_update_roles(&name.canonical(), &added, &removed);
    session.or_refuse(verdict)?;
    let Some(mut user) = user else { return Err(session.refuse(NO_USER)) };
    // A role in both lists is kept.
    let is_kept = |(_, role): &Resolved<'_, '_>| role.as_ref().is_some_and(|role| kept.contains(&role.id));
    let lost: Vec<_> = lost.into_iter().filter(|role| !is_kept(role)).collect();
    let store_roles = gained.iter().chain(&lost).filter_map(|(role, _)| role.as_ref());
    for role in store_roles {
        writes::check_members_writable(session, role, name.store.read_only)?;
    }
    let gained = require_roles(session, gained)?;
    let lost = require_roles(session, lost)?;
    let keys: Vec<_> = gained.iter().chain(&lost).map(|role| member_key(&role.id, &user.id)).collect();
    let indexed = tx.read_all(&keys)?;
    remove_deleted_roles(tx, &mut [&mut user])?;
    let before = user.roles.len();
    for ((role, key), entry) in gained.iter().chain(&lost).zip(&keys).zip(indexed) {
        let stays = gained.iter().any(|added| added.id == role.id);
        if stays != user.roles.contains(&role.id) {
            writes::store_role(tx, authorized, &mut role.clone())?;
        }
        user.roles.retain(|known| *known != role.id);
        if stays {
            user.roles.push(role.id.clone());
            tx.put(authorized, key, writes::member_to_value(&user.name))?;
        } else if entry.is_some() {
            tx.delete(authorized, key)?;
        }
    }
    check_role_limit(session, &user, before)?;
    writes::store_user(tx, authorized, &name, &mut user)
}

/// Assigns a role to users that do not have it.
///
/// # Errors
///
/// 400 if a user would have too many roles.
pub fn assign_role(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    role: &Role,
    mut users: Vec<&mut User>,
) -> Result<(), Interrupt> {
    let mut full: Vec<_> =
        users.iter_mut().filter(|user| user.roles.len() >= ROLES_MAX).map(|user| &mut **user).collect();
    remove_deleted_roles(tx, &mut full)?;
    for user in users {
        let before = user.roles.len();
        user.roles.push(role.id.clone());
        check_role_limit(session, user, before)?;
    }
    Ok(())
}

/// Removes deleted roles from users, because the deletion of a role does not update all of its users.
fn remove_deleted_roles(tx: &mut Transaction<'_>, users: &mut [&mut User]) -> Result<(), Interrupt> {
    let ids: BTreeSet<String> = users.iter().flat_map(|user| user.roles.iter().cloned()).collect();
    let keys: Vec<_> = ids.iter().map(|id| role_key(id)).collect();
    let entries = tx.read_all(&keys)?;
    let deleted: BTreeSet<&String> =
        ids.iter().zip(entries).filter(|(_, role)| role.is_none()).map(|(id, _)| id).collect();
    for user in users {
        user.roles.retain(|id| !deleted.contains(id));
    }
    Ok(())
}

/// Refuses more roles than a user can have, unless the user had as many before.
pub fn check_role_limit(session: &Session<'_>, user: &User, before: usize) -> Result<(), Interrupt> {
    if user.roles.len() > ROLES_MAX.max(before) {
        return Err(session.refuse(TOO_MANY_ROLES));
    }
    Ok(())
}

/// A resolved role name, and the role if it exists.
pub type Resolved<'s, 'n> = (Option<RoleName<'s, 'n>>, Option<Role>);

pub fn resolve_roles<'s, 'n>(
    tx: &mut Transaction<'_>,
    session: &mut Session<'s>,
    names: &'n [String],
) -> Result<Vec<Resolved<'s, 'n>>, Interrupt> {
    let named: Vec<_> = names.iter().map(|name| session.settings.role(name)).collect();
    let present: Vec<_> = named.iter().flatten().copied().collect();
    let mut roles = session.load_roles(tx, &present)?.into_iter();
    Ok(named.into_iter().map(|name| (name, name.and_then(|_| roles.next().flatten()))).collect())
}

/// Requires that all roles exist.
pub fn require_roles(session: &Session<'_>, roles: Vec<Resolved<'_, '_>>) -> Result<Vec<Role>, Interrupt> {
    let missing = |internal: bool| {
        roles.iter().find_map(|(name, role)| match (name, role) {
            (_, Some(_)) => None,
            (None, None) => Some(UNKNOWN_DOMAIN),
            (Some(RoleName { domain: RoleDomain::RolesOnly(_), .. }), None) if internal => Some(NO_INTERNAL_ROLE),
            (Some(RoleName { domain: RoleDomain::Store(_), .. }), None) if !internal => Some(NO_STORE_ROLE),
            (Some(_), None) => None,
        })
    };
    match missing(true).or_else(|| missing(false)) {
        Some(refusal) => Err(session.refuse(refusal)),
        None => Ok(roles.into_iter().filter_map(|(_, role)| role).collect()),
    }
}

/// For a user in a read-only store, a role name without a domain is that of an internal role.
// Source: WSO2 kernel, `updateRoleListOfUser`.
fn internal_if_read_only(session: &Session<'_>, user: &UserName<'_, '_>, roles: &[String]) -> Vec<String> {
    let has_no_domain = |role: &String| session.settings.role(role).is_some_and(|name| name.canonical() == name.local);
    let internal = |role: &String| {
        let local = session.settings.role(role).map_or("", |name| name.local);
        format!("{INTERNAL}/{local}")
    };
    let with_domain =
        |role: &String| if user.store.read_only && has_no_domain(role) { internal(role) } else { role.clone() };
    roles.iter().map(with_domain).collect()
}
