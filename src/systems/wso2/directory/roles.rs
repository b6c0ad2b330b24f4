//! Roles: made, renamed, deleted, given other permissions and other users.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`; each function checks in its order, the rules on privileges
//! first.

use std::collections::BTreeSet;

use super::super::domain::{is_blank, RoleDomain, RoleName, UserName};
use super::super::vocabulary::Action;
use super::membership;
use super::responses::{
    EMPTY_ROLE, NO_ROLE, NO_USER, OTHER_DOMAIN, ROLE_EXISTS, ROLE_NAME, TOO_MANY_RULES, UNKNOWN_DOMAIN,
};
use super::session::Session;
use super::stored::{member_key, members_prefix, role_key, role_name_key, user_key, waiting_key, Role};
use super::users;
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The most rules that a role may be given. What has more stays as it is, and gets no more.
pub const RULES_MAX: usize = 100;

/// So many members leave with a role at once. Those beyond stay in the store unseen: no role has their role's
/// identifier again.
const SWEPT: usize = 1_000;

/// A role to be made.
pub struct NewRole<'n> {
    pub name: &'n str,
    pub users: &'n [String],
    /// `{resource, action}`, in the form that rules have.
    pub permissions: &'n [Value],
    pub external: Option<String>,
}

/// A role's name; its domain must be there.
///
/// # Errors
///
/// 31704, 32103.
pub fn named<'s, 'n>(session: &Session<'s>, name: &'n str) -> Result<RoleName<'s, 'n>, Interrupt> {
    let role = session.settings.role(name);
    if is_blank(name) || role.is_some_and(|role| is_blank(role.local)) {
        return Err(session.refuse(EMPTY_ROLE));
    }
    role.ok_or_else(|| session.refuse(UNKNOWN_DOMAIN))
}

/// Makes a role.
///
/// # Errors
///
/// [`Interrupt`].
pub fn create(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    new: NewRole<'_>,
) -> Result<Role, Interrupt> {
    let verdict = session.privileges()?.may_authorize(&resources(new.permissions));
    session.hold(verdict)?;
    let name = named(session, new.name)?;
    // Source: WSO2 kernel: nothing is made in the domain of the system's own roles.
    if matches!(name.domain, RoleDomain::RolesOnly("system")) {
        return Err(session.refuse(UNKNOWN_DOMAIN));
    }
    membership::is_writable(session, &name)?;
    has_form(session, &name, new.name)?;
    if session.roles(tx, &[name])?.iter().any(Option::is_some) {
        return Err(session.refuse(ROLE_EXISTS));
    }
    let mut role = Role {
        name: name.canonical(),
        id: tx.uuid()?,
        rules: session.waiting(tx, &name.key())?,
        external: new.external,
        created: tx.now,
        modified: tx.now,
    };
    let verdict = session.privileges()?.may_take_up_role(&role.name);
    session.hold(verdict)?;
    let waited = role.rules.len();
    if waited > 0 {
        tx.delete(authorized, &waiting_key(&name.key()))?;
    }
    role.rules.extend(new.permissions.iter().map(allowed));
    limited(session, &role, waited)?;
    tx.create(authorized, &role_key(&role.id), role.value())?;
    tx.put(authorized, &role_name_key(&name), role.id.as_str().into())?;
    change_members(tx, session, authorized, &role, (&name, true), [new.users, &[]])?;
    Ok(role)
}

/// Replaces what a role may use of the console.
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
    let name = named(session, name)?;
    let role = session.roles(tx, &[name])?.pop().flatten();
    let verdict = session.privileges()?.may_set_permissions(&name.canonical(), paths);
    session.hold(verdict)?;
    let Some(mut role) = role else { return Err(session.refuse(NO_ROLE)) };
    let of_console = |rule: &Value| rule.get("action").and_then(Value::text).and_then(Action::parse).map(Action::bit);
    let before = role.rules.len();
    role.rules.retain(|rule| of_console(rule) != Some(Action::UiExecute.bit()));
    let mut paths = paths.to_vec();
    paths.sort();
    paths.dedup();
    for path in paths {
        let rule = [("resource", Value::Text(path)), ("action", Action::UiExecute.word().into())];
        role.rules.push(allowed(&Value::object(rule)));
    }
    limited(session, &role, before)?;
    membership::put_role(tx, authorized, &mut role)
}

/// Gives a role another name; its rules and its users stay.
///
/// # Errors
///
/// [`Interrupt`].
pub fn rename(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    [old, new]: [&str; 2],
) -> Result<(), Interrupt> {
    let name = named(session, old)?;
    let role = session.roles(tx, &[name])?.pop().flatten();
    let mut role = role.ok_or_else(|| session.refuse(NO_ROLE))?;
    rename_to(tx, session, authorized, &mut role, new)?;
    membership::put_role(tx, authorized, &mut role)
}

/// Gives a role that was looked up another name; the entry of the role itself is the caller's to put.
///
/// # Errors
///
/// [`Interrupt`].
pub fn rename_to(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    role: &mut Role,
    new: &str,
) -> Result<(), Interrupt> {
    let old = role.name.clone();
    let name = named(session, &old)?;
    let renamed = named(session, new)?;
    let verdict = session.privileges()?.may_rename_role(&name.canonical(), &renamed.canonical());
    session.hold(verdict)?;
    if name.domain_text() != renamed.domain_text() {
        return Err(session.refuse(OTHER_DOMAIN));
    }
    has_form(session, &renamed, new)?;
    membership::is_writable(session, &name)?;
    if name.key() != renamed.key() {
        if session.roles(tx, &[renamed])?.iter().any(Option::is_some) {
            return Err(session.refuse(ROLE_EXISTS));
        }
        let waiting = session.waiting(tx, &renamed.key())?;
        let verdict = session.privileges()?.may_take_up_role(&renamed.canonical());
        session.hold(verdict)?;
        if !waiting.is_empty() {
            tx.delete(authorized, &waiting_key(&renamed.key()))?;
        }
        let before = role.rules.len();
        role.rules.extend(waiting);
        limited(session, role, before)?;
        tx.read(&role_name_key(&name))?;
        tx.delete(authorized, &role_name_key(&name))?;
        tx.put(authorized, &role_name_key(&renamed), role.id.as_str().into())?;
    }
    role.name = renamed.canonical();
    Ok(())
}

/// Deletes a role with its rules. Its users lose it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn delete(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
) -> Result<(), Interrupt> {
    let name = named(session, name)?;
    let role = session.roles(tx, &[name])?.pop().flatten();
    let verdict = session.privileges()?.may_delete_role(&name.canonical());
    session.hold(verdict)?;
    let Some(role) = role else { return Err(session.refuse(NO_ROLE)) };
    membership::is_writable(session, &name)?;
    for (key, _) in tx.scan(&members_prefix(&role.id), None, SWEPT)? {
        tx.delete(authorized, &member_key(&role.id, &Key::last_name(key)))?;
    }
    tx.delete(authorized, &role_name_key(&name))?;
    tx.delete(authorized, &role_key(&role.id))
}

/// Gives a role to users, and takes it from others, all or none.
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
    let name = named(session, name)?;
    let role = session.roles(tx, &[name])?.pop().flatten();
    let verdict = session.privileges()?.may_update_members(&name.canonical(), removed);
    session.hold(verdict)?;
    let mut role = role.ok_or_else(|| session.refuse(NO_ROLE))?;
    change_members(tx, session, authorized, &role, (&name, false), [added, removed])?;
    membership::put_role(tx, authorized, &mut role)
}

/// As [`update_members`], of a role that was looked up; its own entry is the caller's to put.
///
/// # Errors
///
/// [`Interrupt`].
pub fn change(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    authorized: &Authorized,
    role: &Role,
    [added, removed]: [&[String]; 2],
) -> Result<(), Interrupt> {
    let name = named(session, &role.name)?;
    let verdict = session.privileges()?.may_update_members(&role.name, removed);
    session.hold(verdict)?;
    change_members(tx, session, authorized, role, (&name, false), [added, removed])
}

/// Changes both ends of each membership: the user's own entry, which decides, and the one that lists the members.
fn change_members(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    authorized: &Authorized,
    role: &Role,
    (name, is_new): (&RoleName<'_, '_>, bool),
    [added, removed]: [&[String]; 2],
) -> Result<(), Interrupt> {
    membership::takes_members(session, name, false)?;
    let mut changes: Vec<(UserName<'_, '_>, bool)> = Vec::new();
    let mut named = BTreeSet::new();
    // Whoever is in both lists is in at the end.
    for (names, is_added) in [(added, true), (removed, false)] {
        for user in names {
            let user = users::named(session, user)?;
            membership::takes_members(session, name, user.store.read_only)?;
            if named.insert(user.key()) {
                changes.push((user, is_added));
            }
        }
    }
    let keys: Vec<_> = changes.iter().map(|(user, _)| user_key(user)).collect();
    tx.read_all(&keys)?;
    let mut changed = Vec::new();
    for (user_name, is_added) in changes {
        let Some(mut user) = session.entry(tx, &user_name)? else { return Err(session.refuse(NO_USER)) };
        if is_added == user.roles.contains(&role.id) {
            continue;
        }
        user.roles.retain(|known| *known != role.id);
        changed.push((member_key(&role.id, &user.id), user_name, user, is_added));
    }
    let added = changed.iter_mut().filter(|(.., is_added)| *is_added).map(|(_, _, user, _)| user);
    users::give(tx, session, role, added.collect())?;
    if is_new {
        for (key, _, user, _) in &changed {
            tx.create(authorized, key, membership::member(&user.name))?;
        }
    } else {
        let keys: Vec<_> = changed.iter().map(|(key, ..)| key.clone()).collect();
        tx.read_all(&keys)?;
        for (key, _, user, is_added) in &changed {
            match is_added {
                true => tx.put(authorized, key, membership::member(&user.name))?,
                false => tx.delete(authorized, key)?,
            }
        }
    }
    for (_, user_name, mut user, _) in changed {
        membership::put_user(tx, authorized, &user_name, &mut user)?;
    }
    Ok(())
}

/// Whether a new name has the form of its store.
fn has_form(session: &Session<'_>, role: &RoleName<'_, '_>, whole: &str) -> Result<(), Interrupt> {
    match role.domain {
        _ if whole.len() > NEW_NAME_MAX => Err(session.refuse(ROLE_NAME)),
        RoleDomain::Store(store) if !store.role.is_match(role.local) => Err(session.refuse(ROLE_NAME)),
        RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => Ok(()),
    }
}

/// Refuses rules beyond those that a role may be given, unless it had as many.
fn limited(session: &Session<'_>, role: &Role, before: usize) -> Result<(), Interrupt> {
    if role.rules.len() > RULES_MAX.max(before) {
        return Err(session.refuse(TOO_MANY_RULES));
    }
    Ok(())
}

/// A permission as a rule.
fn allowed(permission: &Value) -> Value {
    let member = |name: &str| permission.get(name).cloned().unwrap_or_default();
    Value::object([("resource", member("resource")), ("action", member("action")), ("effect", "allow".into())])
}

fn resources(permissions: &[Value]) -> Vec<String> {
    let resource = |permission: &Value| permission.get("resource").and_then(Value::text).unwrap_or_default().to_owned();
    permissions.iter().map(resource).collect()
}
