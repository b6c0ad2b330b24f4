//! Users and roles as they are put, and the entries that join them.

use super::super::domain::{RoleDomain, RoleName, UserName};
use super::responses::{NO_GROUPS_WRITTEN, READ_ONLY};
use super::session::Session;
use super::stored::{after, role_key, user_key, Role, User};
use crate::directory::prelude::{Authorized, Interrupt, Transaction};
use crate::document::value::Value;

/// Puts a user that was changed.
///
/// # Errors
///
/// [`Interrupt`].
pub fn put_user(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    name: &UserName<'_, '_>,
    user: &mut User,
) -> Result<(), Interrupt> {
    user.modified = after(user.modified, tx.now);
    tx.put(authorized, &user_key(name), user.value())
}

/// Puts a role that was changed.
///
/// # Errors
///
/// [`Interrupt`].
pub fn put_role(tx: &mut Transaction<'_>, authorized: &Authorized, role: &mut Role) -> Result<(), Interrupt> {
    role.modified = after(role.modified, tx.now);
    tx.put(authorized, &role_key(&role.id), role.value())
}

/// What stands at the entry of a member.
pub fn member(name: &str) -> Value {
    Value::object([("name", name.into())])
}

/// Whether users may be given this role, and others lose it.
///
/// # Errors
///
/// 30002, 30014.
// Source: WSO2 kernel, `updateRoleListOfUser`: internal roles are kept apart from the stores.
pub fn takes_members(session: &Session<'_>, role: &RoleName<'_, '_>, from_read_only: bool) -> Result<(), Interrupt> {
    match role.domain {
        RoleDomain::Store(_) if from_read_only => Err(session.refuse(READ_ONLY)),
        RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => is_writable(session, role),
    }
}

/// Whether the roles of a store may change; those that are in none always may.
pub fn is_writable(session: &Session<'_>, role: &RoleName<'_, '_>) -> Result<(), Interrupt> {
    match role.domain {
        RoleDomain::Store(store) if store.read_only => Err(session.refuse(READ_ONLY)),
        RoleDomain::Store(store) if !store.write_groups => Err(session.refuse(NO_GROUPS_WRITTEN)),
        RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => Ok(()),
    }
}
