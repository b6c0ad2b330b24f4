//! User operations: create and delete.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`. Each function has its order of checks, with the rules on
//! privileges first.

use super::super::model::is_reserved;
use super::names::resolve_user_name;
use super::passwords::{check_password, hash_new_password};
use super::responses::{NO_USER, READ_ONLY, RESERVED_USER_NAME, USER_EXISTS, USER_NAME};
use super::session::Session;
use super::stored::{member_key, pending_rules_key, user_id_key, user_key, User};
use super::user_roles::{check_role_limit, require_roles, resolve_roles};
use super::writes;
use crate::directory::prelude::{Authorized, Interrupt, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// A new user.
pub struct NewUser<'n> {
    pub name: &'n str,
    /// Without a password the user cannot sign in until it gets one.
    pub password: Option<&'n str>,
    pub roles: &'n [String],
    pub claims: Vec<(String, Value)>,
}

/// Creates a user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn create_user(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    new: NewUser<'_>,
) -> Result<User, Interrupt> {
    let roles = resolve_roles(tx, session, new.roles)?;
    let verdict = session.privileges()?.check_create_user(new.roles);
    session.or_refuse(verdict)?;
    let name = resolve_user_name(session, new.name)?;
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    if is_reserved(&name) {
        return Err(session.refuse(RESERVED_USER_NAME));
    }
    if new.name.len() > NEW_NAME_MAX {
        return Err(session.refuse(USER_NAME.with_message(format!("a user name has at most {NEW_NAME_MAX} bytes"))));
    }
    if !name.store.username.is_match(name.local) {
        return Err(session.refuse(USER_NAME));
    }
    if let Some(password) = new.password {
        check_password(session, &name, password)?;
    }
    if session.load_user(tx, &name)?.is_some() {
        return Err(session.refuse(USER_EXISTS));
    }
    let mut user = User {
        name: name.canonical(),
        id: tx.uuid()?,
        hash: None,
        roles: Vec::new(),
        rules: session.load_pending_rules(tx, &name.key())?,
        claims: new.claims,
        created: tx.now,
        modified: tx.now,
    };
    let verdict = session.privileges()?.check_pending_rules_of_user(&user.name);
    session.or_refuse(verdict)?;
    let roles = require_roles(session, roles)?;
    if let Some(password) = new.password {
        user.hash = Some(hash_new_password(tx, &user, password)?);
    }
    for mut role in roles {
        // Every user has this role, so it is not stored.
        if role.id != session.settings.everyone && !user.roles.contains(&role.id) {
            tx.create(authorized, &member_key(&role.id, &user.id), writes::member_to_value(&user.name))?;
            writes::store_role(tx, authorized, &mut role)?;
            user.roles.push(role.id);
        }
    }
    check_role_limit(session, &user, 0)?;
    if !user.rules.is_empty() {
        tx.delete(authorized, &pending_rules_key(&name.key()))?;
    }
    tx.put(authorized, &user_key(&name), user.to_value())?;
    tx.create(authorized, &user_id_key(&user.id), user.name.as_str().into())?;
    Ok(user)
}

/// Deletes a user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn delete_user(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
) -> Result<(), Interrupt> {
    let name = resolve_user_name(session, name)?;
    let user = session.load_user(tx, &name)?;
    let verdict = session.privileges()?.check_delete_user(&name.canonical());
    session.or_refuse(verdict)?;
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    let Some(user) = user else { return Err(session.refuse(NO_USER)) };
    let mut keys = vec![user_key(&name), user_id_key(&user.id)];
    keys.extend(user.roles.iter().map(|role| member_key(role, &user.id)));
    tx.read_all(&keys)?;
    for key in &keys {
        tx.delete(authorized, key)?;
    }
    for mut role in session.load_roles_by_id(tx, &user.roles)? {
        writes::store_role(tx, authorized, &mut role)?;
    }
    Ok(())
}
