//! Names of users and roles in requests. Their domain must exist.

use super::super::domain::{is_blank, RoleName, UserName};
use super::responses::{EMPTY_ROLE, NO_USER_NAME, UNKNOWN_DOMAIN};
use super::session::Session;
use crate::directory::prelude::Interrupt;

/// Resolves a user name, whose store must exist.
///
/// # Errors
///
/// 31301, 32103.
pub fn resolve_user_name<'s, 'n>(session: &Session<'s>, name: &'n str) -> Result<UserName<'s, 'n>, Interrupt> {
    let Some(name) = session.settings.user(name) else { return Err(session.refuse(UNKNOWN_DOMAIN)) };
    if is_blank(name.local) {
        return Err(session.refuse(NO_USER_NAME));
    }
    Ok(name)
}

/// Resolves a role name, whose domain must exist.
///
/// # Errors
///
/// 31704, 32103.
pub fn resolve_role_name<'s, 'n>(session: &Session<'s>, name: &'n str) -> Result<RoleName<'s, 'n>, Interrupt> {
    let role = session.settings.role(name);
    if is_blank(name) || role.is_some_and(|role| is_blank(role.local)) {
        return Err(session.refuse(EMPTY_ROLE));
    }
    role.ok_or_else(|| session.refuse(UNKNOWN_DOMAIN))
}
