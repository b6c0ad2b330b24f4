//! Writes of changed users and roles, and the checks whether roles can change.

use super::super::domain::{RoleDomain, RoleName, UserName};
use super::responses::{READ_ONLY, ROLES_READ_ONLY};
use super::session::Session;
use super::stored::{next_modified, role_key, user_key, Role, User};
use crate::directory::prelude::{Authorized, Interrupt, Transaction};
use crate::document::value::Value;

/// Stores a changed user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn store_user(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    name: &UserName<'_, '_>,
    user: &mut User,
) -> Result<(), Interrupt> {
    user.modified = next_modified(user.modified, tx.now);
    tx.put(authorized, &user_key(name), user.to_value())
}

/// Stores a changed role.
///
/// # Errors
///
/// [`Interrupt`].
pub fn store_role(tx: &mut Transaction<'_>, authorized: &Authorized, role: &mut Role) -> Result<(), Interrupt> {
    role.modified = next_modified(role.modified, tx.now);
    tx.put(authorized, &role_key(&role.id), role.to_value())
}

/// The stored form of a membership.
pub fn member_to_value(name: &str) -> Value {
    Value::object([("name", name.into())])
}

/// Checks that this role can be assigned to users and removed from them.
///
/// # Errors
///
/// 30002, 30014.
// Source: WSO2 kernel, `updateRoleListOfUser`: internal roles are not in the user stores.
pub fn check_members_writable(
    session: &Session<'_>,
    role: &RoleName<'_, '_>,
    from_read_only: bool,
) -> Result<(), Interrupt> {
    match role.domain {
        RoleDomain::Store(_) if from_read_only => Err(session.refuse(READ_ONLY)),
        RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => check_writable(session, role),
    }
}

/// Checks that the roles of a store can change. Roles that are not in a store always can.
pub fn check_writable(session: &Session<'_>, role: &RoleName<'_, '_>) -> Result<(), Interrupt> {
    match role.domain {
        RoleDomain::Store(store) if store.read_only => Err(session.refuse(READ_ONLY)),
        RoleDomain::Store(store) if !store.write_groups => Err(session.refuse(ROLES_READ_ONLY)),
        RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => Ok(()),
    }
}
