//! Users and roles as they are put, and the entries that join them.

use super::super::domain::{RoleDomain, RoleName, UserName};
use super::answers::{NO_GROUPS_WRITTEN, READ_ONLY};
use super::stored::{after, role_key, user_key, Role, User};
use super::visit::Visit;
use crate::directory::prelude::{Permit, Stop, World};
use crate::document::value::Value;

/// Puts a user that was changed.
///
/// # Errors
///
/// [`Stop`].
pub fn put_user(world: &mut World<'_>, permit: &Permit, name: &UserName<'_, '_>, user: &mut User) -> Result<(), Stop> {
    user.modified = after(user.modified, world.now);
    world.put(permit, &user_key(name), user.value())
}

/// Puts a role that was changed.
///
/// # Errors
///
/// [`Stop`].
pub fn put_role(world: &mut World<'_>, permit: &Permit, role: &mut Role) -> Result<(), Stop> {
    role.modified = after(role.modified, world.now);
    world.put(permit, &role_key(&role.id), role.value())
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
pub fn takes_members(visit: &Visit<'_>, role: &RoleName<'_, '_>, from_read_only: bool) -> Result<(), Stop> {
    match role.domain {
        RoleDomain::Store(_) if from_read_only => Err(visit.refuse(READ_ONLY)),
        RoleDomain::Store(_) | RoleDomain::Kept(_) => is_writable(visit, role),
    }
}

/// Whether the roles of a store may change; those that are in none always may.
pub fn is_writable(visit: &Visit<'_>, role: &RoleName<'_, '_>) -> Result<(), Stop> {
    match role.domain {
        RoleDomain::Store(store) if store.read_only => Err(visit.refuse(READ_ONLY)),
        RoleDomain::Store(store) if !store.write_groups => Err(visit.refuse(NO_GROUPS_WRITTEN)),
        RoleDomain::Store(_) | RoleDomain::Kept(_) => Ok(()),
    }
}
