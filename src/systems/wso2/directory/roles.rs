//! Roles: made, renamed, deleted, given other permissions and other users.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`; each function checks in its order, the rules on privileges
//! first.

use std::collections::BTreeSet;

use super::super::domain::{is_blank, RoleDomain, RoleName, UserName};
use super::super::vocabulary::Action;
use super::answers::{
    EMPTY_ROLE, NO_ROLE, NO_USER, OTHER_DOMAIN, ROLE_EXISTS, ROLE_NAME, TOO_MANY_RULES, UNKNOWN_DOMAIN,
};
use super::membership;
use super::stored::{member_key, members_prefix, role_key, role_name_key, user_key, waiting_key, Role};
use super::users;
use super::visit::Visit;
use crate::directory::prelude::{Key, Permit, Stop, World};
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
pub fn named<'s, 'n>(visit: &Visit<'s>, name: &'n str) -> Result<RoleName<'s, 'n>, Stop> {
    let role = visit.settings.role(name);
    if is_blank(name) || role.is_some_and(|role| is_blank(role.local)) {
        return Err(visit.refuse(EMPTY_ROLE));
    }
    role.ok_or_else(|| visit.refuse(UNKNOWN_DOMAIN))
}

/// Makes a role.
///
/// # Errors
///
/// [`Stop`].
pub fn create(world: &mut World<'_>, visit: &mut Visit<'_>, permit: &Permit, new: NewRole<'_>) -> Result<Role, Stop> {
    let verdict = visit.privileges()?.may_permit(&resources(new.permissions));
    visit.hold(verdict)?;
    let name = named(visit, new.name)?;
    // Source: WSO2 kernel: nothing is made in the domain of the system's own roles.
    if matches!(name.domain, RoleDomain::Kept("system")) {
        return Err(visit.refuse(UNKNOWN_DOMAIN));
    }
    membership::is_writable(visit, &name)?;
    has_form(visit, &name, new.name)?;
    if visit.roles(world, &[name])?.iter().any(Option::is_some) {
        return Err(visit.refuse(ROLE_EXISTS));
    }
    let mut role = Role {
        name: name.canonical(),
        id: world.uuid()?,
        rules: visit.waiting(world, &name.key())?,
        external: new.external,
        created: world.now,
        modified: world.now,
    };
    let verdict = visit.privileges()?.may_take_up_role(&role.name);
    visit.hold(verdict)?;
    let waited = role.rules.len();
    if waited > 0 {
        world.delete(permit, &waiting_key(&name.key()))?;
    }
    role.rules.extend(new.permissions.iter().map(allowed));
    limited(visit, &role, waited)?;
    world.create(permit, &role_key(&role.id), role.value())?;
    world.put(permit, &role_name_key(&name), role.id.as_str().into())?;
    change_members(world, visit, permit, &role, (&name, true), [new.users, &[]])?;
    Ok(role)
}

/// Replaces what a role may use of the console.
///
/// # Errors
///
/// [`Stop`].
pub fn set_permissions(
    world: &mut World<'_>,
    visit: &mut Visit<'_>,
    permit: &Permit,
    name: &str,
    paths: &[String],
) -> Result<(), Stop> {
    let name = named(visit, name)?;
    let role = visit.roles(world, &[name])?.pop().flatten();
    let verdict = visit.privileges()?.may_set_permissions(&name.canonical(), paths);
    visit.hold(verdict)?;
    let Some(mut role) = role else { return Err(visit.refuse(NO_ROLE)) };
    let of_console = |rule: &Value| rule.get("action").and_then(Value::text).and_then(Action::named).map(Action::bit);
    let before = role.rules.len();
    role.rules.retain(|rule| of_console(rule) != Some(Action::UiExecute.bit()));
    let mut paths = paths.to_vec();
    paths.sort();
    paths.dedup();
    for path in paths {
        let rule = [("resource", Value::Text(path)), ("action", Action::UiExecute.word().into())];
        role.rules.push(allowed(&Value::object(rule)));
    }
    limited(visit, &role, before)?;
    membership::put_role(world, permit, &mut role)
}

/// Gives a role another name; its rules and its users stay.
///
/// # Errors
///
/// [`Stop`].
pub fn rename(
    world: &mut World<'_>,
    visit: &mut Visit<'_>,
    permit: &Permit,
    [old, new]: [&str; 2],
) -> Result<(), Stop> {
    let name = named(visit, old)?;
    let role = visit.roles(world, &[name])?.pop().flatten();
    let mut role = role.ok_or_else(|| visit.refuse(NO_ROLE))?;
    rename_to(world, visit, permit, &mut role, new)?;
    membership::put_role(world, permit, &mut role)
}

/// Gives a role that was looked up another name; the entry of the role itself is the caller's to put.
///
/// # Errors
///
/// [`Stop`].
pub fn rename_to(
    world: &mut World<'_>,
    visit: &mut Visit<'_>,
    permit: &Permit,
    role: &mut Role,
    new: &str,
) -> Result<(), Stop> {
    let old = role.name.clone();
    let name = named(visit, &old)?;
    let renamed = named(visit, new)?;
    let verdict = visit.privileges()?.may_rename_role(&name.canonical(), &renamed.canonical());
    visit.hold(verdict)?;
    if name.domain_text() != renamed.domain_text() {
        return Err(visit.refuse(OTHER_DOMAIN));
    }
    has_form(visit, &renamed, new)?;
    membership::is_writable(visit, &name)?;
    if name.key() != renamed.key() {
        if visit.roles(world, &[renamed])?.iter().any(Option::is_some) {
            return Err(visit.refuse(ROLE_EXISTS));
        }
        let waiting = visit.waiting(world, &renamed.key())?;
        let verdict = visit.privileges()?.may_take_up_role(&renamed.canonical());
        visit.hold(verdict)?;
        if !waiting.is_empty() {
            world.delete(permit, &waiting_key(&renamed.key()))?;
        }
        let before = role.rules.len();
        role.rules.extend(waiting);
        limited(visit, role, before)?;
        world.read(&role_name_key(&name))?;
        world.delete(permit, &role_name_key(&name))?;
        world.put(permit, &role_name_key(&renamed), role.id.as_str().into())?;
    }
    role.name = renamed.canonical();
    Ok(())
}

/// Deletes a role with its rules. Its users lose it.
///
/// # Errors
///
/// [`Stop`].
pub fn delete(world: &mut World<'_>, visit: &mut Visit<'_>, permit: &Permit, name: &str) -> Result<(), Stop> {
    let name = named(visit, name)?;
    let role = visit.roles(world, &[name])?.pop().flatten();
    let verdict = visit.privileges()?.may_delete_role(&name.canonical());
    visit.hold(verdict)?;
    let Some(role) = role else { return Err(visit.refuse(NO_ROLE)) };
    membership::is_writable(visit, &name)?;
    for (key, _) in world.scan(&members_prefix(&role.id), None, SWEPT)? {
        world.delete(permit, &member_key(&role.id, &Key::last_name(key)))?;
    }
    world.delete(permit, &role_name_key(&name))?;
    world.delete(permit, &role_key(&role.id))
}

/// Gives a role to users, and takes it from others, all or none.
///
/// # Errors
///
/// [`Stop`].
pub fn update_members(
    world: &mut World<'_>,
    visit: &mut Visit<'_>,
    permit: &Permit,
    name: &str,
    [added, removed]: [&[String]; 2],
) -> Result<(), Stop> {
    let name = named(visit, name)?;
    let role = visit.roles(world, &[name])?.pop().flatten();
    let verdict = visit.privileges()?.may_update_members(&name.canonical(), removed);
    visit.hold(verdict)?;
    let mut role = role.ok_or_else(|| visit.refuse(NO_ROLE))?;
    change_members(world, visit, permit, &role, (&name, false), [added, removed])?;
    membership::put_role(world, permit, &mut role)
}

/// As [`update_members`], of a role that was looked up; its own entry is the caller's to put.
///
/// # Errors
///
/// [`Stop`].
pub fn change(
    world: &mut World<'_>,
    visit: &Visit<'_>,
    permit: &Permit,
    role: &Role,
    [added, removed]: [&[String]; 2],
) -> Result<(), Stop> {
    let name = named(visit, &role.name)?;
    let verdict = visit.privileges()?.may_update_members(&role.name, removed);
    visit.hold(verdict)?;
    change_members(world, visit, permit, role, (&name, false), [added, removed])
}

/// Changes both ends of each membership: the user's own entry, which decides, and the one that lists the members.
fn change_members(
    world: &mut World<'_>,
    visit: &Visit<'_>,
    permit: &Permit,
    role: &Role,
    (name, is_new): (&RoleName<'_, '_>, bool),
    [added, removed]: [&[String]; 2],
) -> Result<(), Stop> {
    membership::takes_members(visit, name, false)?;
    let mut changes: Vec<(UserName<'_, '_>, bool)> = Vec::new();
    let mut named = BTreeSet::new();
    // Whoever is in both lists is in at the end.
    for (names, is_added) in [(added, true), (removed, false)] {
        for user in names {
            let user = users::named(visit, user)?;
            membership::takes_members(visit, name, user.store.read_only)?;
            if named.insert(user.key()) {
                changes.push((user, is_added));
            }
        }
    }
    let keys: Vec<_> = changes.iter().map(|(user, _)| user_key(user)).collect();
    world.read_all(&keys)?;
    let mut changed = Vec::new();
    for (user_name, is_added) in changes {
        let Some(mut user) = visit.entry(world, &user_name)? else { return Err(visit.refuse(NO_USER)) };
        if is_added == user.roles.contains(&role.id) {
            continue;
        }
        user.roles.retain(|known| *known != role.id);
        changed.push((member_key(&role.id, &user.id), user_name, user, is_added));
    }
    let added = changed.iter_mut().filter(|(.., is_added)| *is_added).map(|(_, _, user, _)| user);
    users::give(world, visit, role, added.collect())?;
    if is_new {
        for (key, _, user, _) in &changed {
            world.create(permit, key, membership::member(&user.name))?;
        }
    } else {
        let keys: Vec<_> = changed.iter().map(|(key, ..)| key.clone()).collect();
        world.read_all(&keys)?;
        for (key, _, user, is_added) in &changed {
            match is_added {
                true => world.put(permit, key, membership::member(&user.name))?,
                false => world.delete(permit, key)?,
            }
        }
    }
    for (_, user_name, mut user, _) in changed {
        membership::put_user(world, permit, &user_name, &mut user)?;
    }
    Ok(())
}

/// Whether a new name has the form of its store.
fn has_form(visit: &Visit<'_>, role: &RoleName<'_, '_>, whole: &str) -> Result<(), Stop> {
    match role.domain {
        _ if whole.len() > NEW_NAME_MAX => Err(visit.refuse(ROLE_NAME)),
        RoleDomain::Store(store) if !store.role.fits(role.local) => Err(visit.refuse(ROLE_NAME)),
        RoleDomain::Store(_) | RoleDomain::Kept(_) => Ok(()),
    }
}

/// Refuses rules beyond those that a role may be given, unless it had as many.
fn limited(visit: &Visit<'_>, role: &Role, before: usize) -> Result<(), Stop> {
    if role.rules.len() > RULES_MAX.max(before) {
        return Err(visit.refuse(TOO_MANY_RULES));
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
