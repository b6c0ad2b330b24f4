//! Role operations: create, rename, delete, and change permissions.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`. Each function has its order of checks, with the rules on
//! privileges first.

use super::super::domain::{RoleDomain, RoleName};
use super::super::vocabulary::Action;
use super::names::resolve_role_name;
use super::responses::{NO_ROLE, OTHER_DOMAIN, ROLE_EXISTS, ROLE_NAME, TOO_MANY_RULES, UNKNOWN_DOMAIN};
use super::role_members::change_members;
use super::session::Session;
use super::stored::{member_key, members_prefix, pending_rules_key, role_key, role_name_key, Role};
use super::writes;
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The most rules of a role. A role that has more keeps them, and gets no more.
pub const RULES_MAX: usize = 100;

/// The most membership entries that are deleted with a role. Others stay in the store without effect, because role
/// ids are never reused.
const MEMBERS_DELETED_MAX: usize = 1_000;

/// A new role.
pub struct NewRole<'n> {
    pub name: &'n str,
    pub users: &'n [String],
    /// `{resource, action}` in the form of rules.
    pub permissions: &'n [Value],
    pub external: Option<String>,
}

/// Creates a role.
///
/// # Errors
///
/// [`Interrupt`].
pub fn create_role(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    new: NewRole<'_>,
) -> Result<Role, Interrupt> {
    let verdict = session.privileges()?.check_grant_permissions(&permission_paths(new.permissions));
    session.or_refuse(verdict)?;
    let name = resolve_role_name(session, new.name)?;
    // Source: WSO2 kernel: roles cannot be created in the domain of the system's own roles.
    if matches!(name.domain, RoleDomain::RolesOnly("system")) {
        return Err(session.refuse(UNKNOWN_DOMAIN));
    }
    writes::check_writable(session, &name)?;
    check_role_name(session, &name, new.name)?;
    if session.load_roles(tx, &[name])?.iter().any(Option::is_some) {
        return Err(session.refuse(ROLE_EXISTS));
    }
    let mut role = Role {
        name: name.canonical(),
        id: tx.uuid()?,
        rules: session.load_pending_rules(tx, &name.key())?,
        external: new.external,
        created: tx.now,
        modified: tx.now,
    };
    let verdict = session.privileges()?.check_pending_rules_of_role(&role.name);
    session.or_refuse(verdict)?;
    let pending = role.rules.len();
    if pending > 0 {
        tx.delete(authorized, &pending_rules_key(&name.key()))?;
    }
    role.rules.extend(new.permissions.iter().map(allow_rule));
    check_rule_limit(session, &role, pending)?;
    tx.create(authorized, &role_key(&role.id), role.to_value())?;
    tx.put(authorized, &role_name_key(&name), role.id.as_str().into())?;
    change_members(tx, session, authorized, &role, (&name, true), [new.users, &[]])?;
    Ok(role)
}

/// Replaces a role's permissions for the console.
///
/// # Errors
///
/// [`Interrupt`].
pub fn set_permissions(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
    paths: &[String],
) -> Result<(), Interrupt> {
    let name = resolve_role_name(session, name)?;
    let role = session.load_roles(tx, &[name])?.pop().flatten();
    let verdict = session.privileges()?.check_set_permissions(&name.canonical(), paths);
    session.or_refuse(verdict)?;
    let Some(mut role) = role else { return Err(session.refuse(NO_ROLE)) };
    let action_bit = |rule: &Value| rule.get("action").and_then(Value::text).and_then(Action::parse).map(Action::bit);
    let before = role.rules.len();
    role.rules.retain(|rule| action_bit(rule) != Some(Action::UiExecute.bit()));
    let mut paths = paths.to_vec();
    paths.sort();
    paths.dedup();
    for path in paths {
        let rule = [("resource", Value::Text(path)), ("action", Action::UiExecute.word().into())];
        role.rules.push(allow_rule(&Value::object(rule)));
    }
    check_rule_limit(session, &role, before)?;
    writes::store_role(tx, authorized, &mut role)
}

/// Renames a role. It keeps its rules and users.
///
/// # Errors
///
/// [`Interrupt`].
pub fn rename_role(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    [old, new]: [&str; 2],
) -> Result<(), Interrupt> {
    let name = resolve_role_name(session, old)?;
    let role = session.load_roles(tx, &[name])?.pop().flatten();
    let mut role = role.ok_or_else(|| session.refuse(NO_ROLE))?;
    rename_loaded_role(tx, session, authorized, &mut role, new)?;
    writes::store_role(tx, authorized, &mut role)
}

/// Renames a loaded role. The caller stores the role's own entry.
///
/// # Errors
///
/// [`Interrupt`].
pub fn rename_loaded_role(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    role: &mut Role,
    new: &str,
) -> Result<(), Interrupt> {
    let old = role.name.clone();
    let name = resolve_role_name(session, &old)?;
    let renamed = resolve_role_name(session, new)?;
    let verdict = session.privileges()?.check_rename_role(&name.canonical(), &renamed.canonical());
    session.or_refuse(verdict)?;
    if name.domain_text() != renamed.domain_text() {
        return Err(session.refuse(OTHER_DOMAIN));
    }
    check_role_name(session, &renamed, new)?;
    writes::check_writable(session, &name)?;
    if name.key() != renamed.key() {
        if session.load_roles(tx, &[renamed])?.iter().any(Option::is_some) {
            return Err(session.refuse(ROLE_EXISTS));
        }
        let pending = session.load_pending_rules(tx, &renamed.key())?;
        let verdict = session.privileges()?.check_pending_rules_of_role(&renamed.canonical());
        session.or_refuse(verdict)?;
        if !pending.is_empty() {
            tx.delete(authorized, &pending_rules_key(&renamed.key()))?;
        }
        let before = role.rules.len();
        role.rules.extend(pending);
        check_rule_limit(session, role, before)?;
        tx.read_entry(&role_name_key(&name))?;
        tx.delete(authorized, &role_name_key(&name))?;
        tx.put(authorized, &role_name_key(&renamed), role.id.as_str().into())?;
    }
    role.name = renamed.canonical();
    Ok(())
}

/// Deletes a role with its rules and removes it from its users.
///
/// # Errors
///
/// [`Interrupt`].
pub fn delete_role(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
) -> Result<(), Interrupt> {
    let name = resolve_role_name(session, name)?;
    let role = session.load_roles(tx, &[name])?.pop().flatten();
    let verdict = session.privileges()?.check_delete_role(&name.canonical());
    session.or_refuse(verdict)?;
    let Some(role) = role else { return Err(session.refuse(NO_ROLE)) };
    writes::check_writable(session, &name)?;
    for (key, _) in tx.scan(&members_prefix(&role.id), None, MEMBERS_DELETED_MAX)? {
        tx.delete(authorized, &member_key(&role.id, &Key::last_name(key)))?;
    }
    tx.delete(authorized, &role_name_key(&name))?;
    tx.delete(authorized, &role_key(&role.id))
}

/// Checks that a new name matches the pattern of its store.
fn check_role_name(session: &Session<'_>, role: &RoleName<'_, '_>, full_name: &str) -> Result<(), Interrupt> {
    match role.domain {
        _ if full_name.len() > NEW_NAME_MAX => {
            Err(session.refuse(ROLE_NAME.with_message(format!("a role name has at most {NEW_NAME_MAX} bytes"))))
        }
        RoleDomain::Store(store) if !store.role.is_match(role.local) => Err(session.refuse(ROLE_NAME)),
        RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => Ok(()),
    }
}

/// Refuses more rules than a role can have, unless the role had as many before.
fn check_rule_limit(session: &Session<'_>, role: &Role, before: usize) -> Result<(), Interrupt> {
    if role.rules.len() > RULES_MAX.max(before) {
        return Err(session.refuse(TOO_MANY_RULES));
    }
    Ok(())
}

/// A permission as an allow rule.
fn allow_rule(permission: &Value) -> Value {
    let member = |name: &str| permission.get(name).cloned().unwrap_or_default();
    Value::object([("resource", member("resource")), ("action", member("action")), ("effect", "allow".into())])
}

fn permission_paths(permissions: &[Value]) -> Vec<String> {
    let resource = |permission: &Value| permission.get("resource").and_then(Value::text).unwrap_or_default().to_owned();
    permissions.iter().map(resource).collect()
}
