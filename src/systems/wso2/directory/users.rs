//! Users: made, deleted, given another password and other roles.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`; each function checks in its order, the rules on privileges
//! first.

use std::collections::BTreeSet;

use super::super::domain::{is_blank, split, RoleDomain, RoleName, UserName, INTERNAL};
use super::super::model::is_reserved;
use super::answers::{
    Refusal, NO_INTERNAL_ROLE, NO_STORE_ROLE, NO_USER, OLD_PASSWORD, PASSWORD, READ_ONLY, TOO_MANY_ROLES,
    UNKNOWN_DOMAIN, USER_EXISTS, USER_NAME,
};
use super::membership;
use super::stored::{member_key, role_key, user_id_key, user_key, waiting_key, Role, User};
use super::visit::{verify, Visit, PASSWORD_MAX};
use crate::directory::prelude::{Brake, Permit, Stop, World};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The most roles that a user may be given. Each may have up to `RULES_MAX` rules, and no more than 10,000
/// may count for one user. Whoever has more keeps them, and gets no more.
const ROLES_MAX: usize = 90;

/// A user to be made.
pub struct NewUser<'n> {
    pub name: &'n str,
    /// Without one nobody signs in as the user until it is given one.
    pub password: Option<&'n str>,
    pub roles: &'n [String],
    pub claims: Vec<(String, Value)>,
}

/// A user's name; its store must be there.
///
/// # Errors
///
/// 31301, 32103.
pub fn named<'s, 'n>(visit: &Visit<'s>, name: &'n str) -> Result<UserName<'s, 'n>, Stop> {
    let Some(name) = visit.settings.user(name) else { return Err(visit.refuse(UNKNOWN_DOMAIN)) };
    if is_blank(name.local) {
        return Err(visit.refuse(USER_NAME));
    }
    Ok(name)
}

/// Makes a user.
///
/// # Errors
///
/// [`Stop`].
pub fn create(world: &mut World<'_>, visit: &mut Visit<'_>, permit: &Permit, new: NewUser<'_>) -> Result<User, Stop> {
    let given = resolved(world, visit, new.roles)?;
    let verdict = visit.privileges()?.may_create_user(new.roles);
    visit.hold(verdict)?;
    let name = named(visit, new.name)?;
    if name.store.read_only {
        return Err(visit.refuse(READ_ONLY));
    }
    if is_reserved(&name) || new.name.len() > NEW_NAME_MAX || !name.store.username.fits(name.local) {
        return Err(visit.refuse(USER_NAME));
    }
    if let Some(password) = new.password {
        fits(visit, &name, password)?;
    }
    if visit.user(world, &name)?.is_some() {
        return Err(visit.refuse(USER_EXISTS));
    }
    let mut user = User {
        name: name.canonical(),
        id: world.uuid()?,
        hash: None,
        roles: Vec::new(),
        rules: visit.waiting(world, &name.key())?,
        claims: new.claims,
        created: world.now,
        modified: world.now,
    };
    let verdict = visit.privileges()?.may_take_up_user(&user.name);
    visit.hold(verdict)?;
    let roles = known(visit, given)?;
    if let Some(password) = new.password {
        user.hash = Some(new_hash(world, &user, password)?);
    }
    for mut role in roles {
        // It is every user's, and is never stored.
        if role.id != visit.settings.everyone && !user.roles.contains(&role.id) {
            world.create(permit, &member_key(&role.id, &user.id), membership::member(&user.name))?;
            membership::put_role(world, permit, &mut role)?;
            user.roles.push(role.id);
        }
    }
    limited(visit, &user, 0)?;
    if !user.rules.is_empty() {
        world.delete(permit, &waiting_key(&name.key()))?;
    }
    world.put(permit, &user_key(&name), user.value())?;
    world.create(permit, &user_id_key(&user.id), user.name.as_str().into())?;
    Ok(user)
}

/// Deletes a user.
///
/// # Errors
///
/// [`Stop`].
pub fn delete(world: &mut World<'_>, visit: &mut Visit<'_>, permit: &Permit, name: &str) -> Result<(), Stop> {
    let name = named(visit, name)?;
    let user = visit.user(world, &name)?;
    let verdict = visit.privileges()?.may_delete_user(&name.canonical());
    visit.hold(verdict)?;
    if name.store.read_only {
        return Err(visit.refuse(READ_ONLY));
    }
    let Some(user) = user else { return Err(visit.refuse(NO_USER)) };
    let mut keys = vec![user_key(&name), user_id_key(&user.id)];
    keys.extend(user.roles.iter().map(|role| member_key(role, &user.id)));
    world.read_all(&keys)?;
    for key in &keys {
        world.delete(permit, key)?;
    }
    for mut role in visit.roles_by_id(world, &user.roles)? {
        membership::put_role(world, permit, &mut role)?;
    }
    Ok(())
}

/// Gives another user a password.
///
/// # Errors
///
/// [`Stop`].
pub fn set_password(
    world: &mut World<'_>,
    visit: &mut Visit<'_>,
    permit: &Permit,
    name: &str,
    password: &str,
) -> Result<(), Stop> {
    let name = named(visit, name)?;
    let user = visit.user(world, &name)?;
    may_set_password(visit, &name, password)?;
    let Some(mut user) = user else { return Err(visit.refuse(NO_USER)) };
    user.hash = Some(new_hash(world, &user, password)?);
    membership::put_user(world, permit, &name, &mut user)
}

/// Whether the caller may give this user this password.
///
/// # Errors
///
/// [`Stop`].
pub fn may_set_password(visit: &Visit<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Stop> {
    let verdict = visit.privileges()?.may_set_password(&name.canonical());
    visit.hold(verdict)?;
    if name.store.read_only {
        return Err(visit.refuse(READ_ONLY));
    }
    fits(visit, name, password)
}

/// Gives and takes roles, all or none.
///
/// # Errors
///
/// [`Stop`].
pub fn update_roles(
    world: &mut World<'_>,
    visit: &mut Visit<'_>,
    permit: &Permit,
    name: &str,
    [added, removed]: [&[String]; 2],
) -> Result<(), Stop> {
    let name = named(visit, name)?;
    let user = visit.user(world, &name)?;
    let [added, removed] = [internal_if_read_only(visit, &name, added), internal_if_read_only(visit, &name, removed)];
    let given = resolved(world, visit, &added)?;
    let taken = resolved(world, visit, &removed)?;
    // Source: the product's own tests: a caller sends all roles that the user is to have. Those that it has anyway, and
    // the one that everyone has, are no change.
    let everyone = &visit.settings.records.realm.everyone_role;
    let has = |(name, role): &Resolved<'_, '_>| {
        let is_had = |role: &Role| user.as_ref().is_some_and(|user| user.roles.contains(&role.id));
        name.as_ref().is_some_and(|name| name.key() == *everyone) || role.as_ref().is_some_and(is_had)
    };
    let kept: Vec<String> =
        given.iter().filter(|role| has(role)).filter_map(|(_, role)| Some(role.as_ref()?.id.clone())).collect();
    let (given, added): (Vec<_>, Vec<String>) =
        given.into_iter().zip(added.iter().cloned()).filter(|(role, _)| !has(role)).unzip();
    let verdict = visit.privileges()?.may_update_roles(&name.canonical(), &added, &removed);
    visit.hold(verdict)?;
    let Some(mut user) = user else { return Err(visit.refuse(NO_USER)) };
    // A role in both lists stays.
    let is_kept = |(_, role): &Resolved<'_, '_>| role.as_ref().is_some_and(|role| kept.contains(&role.id));
    let taken: Vec<_> = taken.into_iter().filter(|role| !is_kept(role)).collect();
    let store_roles = given.iter().chain(&taken).filter_map(|(role, _)| role.as_ref());
    for role in store_roles {
        membership::takes_members(visit, role, name.store.read_only)?;
    }
    let given = known(visit, given)?;
    let taken = known(visit, taken)?;
    let keys: Vec<_> = given.iter().chain(&taken).map(|role| member_key(&role.id, &user.id)).collect();
    let indexed = world.read_all(&keys)?;
    without_gone(world, &mut [&mut user])?;
    let before = user.roles.len();
    for ((role, key), entry) in given.iter().chain(&taken).zip(&keys).zip(indexed) {
        let stays = given.iter().any(|added| added.id == role.id);
        if stays != user.roles.contains(&role.id) {
            membership::put_role(world, permit, &mut role.clone())?;
        }
        user.roles.retain(|known| *known != role.id);
        if stays {
            user.roles.push(role.id.clone());
            world.put(permit, key, membership::member(&user.name))?;
        } else if entry.is_some() {
            world.delete(permit, key)?;
        }
    }
    limited(visit, &user, before)?;
    membership::put_user(world, permit, &name, &mut user)
}

/// A change of one's own password: the current one is at hand. Nobody needs to have signed in.
///
/// # Errors
///
/// 30002, 30006, 30003, in this order.
// Source: WSO2 kernel, `updateCredential`. A user who is not there, or not active, looks like a wrong password.
pub fn change_own_password(
    world: &mut World<'_>,
    refuse: impl Fn(Refusal) -> Stop,
    brake: &Brake,
    name: &UserName<'_, '_>,
    user: Option<User>,
    [old, new]: [&str; 2],
) -> Result<(), Stop> {
    if name.store.read_only {
        return Err(refuse(READ_ONLY));
    }
    let verified = verify(world, brake, user.as_ref(), old, false)?;
    let (Some(verified), Some(mut user)) = (verified, user) else { return Err(refuse(OLD_PASSWORD)) };
    if !is_fit(name, new) {
        return Err(refuse(PASSWORD));
    }
    user.hash = Some(new_hash(world, &user, new)?);
    membership::put_user(world, &verified.permit(), name, &mut user)
}

/// The hash of a new password of a user, who is known by all that its claims say.
///
/// # Errors
///
/// As [`World::new_hash`].
pub fn new_hash(world: &mut World<'_>, user: &User, password: &str) -> Result<String, Stop> {
    let mut names = vec![user.name.as_str(), split(&user.name).1];
    user.claims.iter().for_each(|(_, claim)| texts(claim, &mut names));
    world.new_hash(password, &names)
}

fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Text(text) => found.push(text),
        Value::List(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.iter().for_each(|(_, member)| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Gives users, who do not have it, a role.
///
/// # Errors
///
/// 400 for more roles than may be given.
pub fn give(world: &mut World<'_>, visit: &Visit<'_>, role: &Role, mut users: Vec<&mut User>) -> Result<(), Stop> {
    let mut full: Vec<_> =
        users.iter_mut().filter(|user| user.roles.len() >= ROLES_MAX).map(|user| &mut **user).collect();
    without_gone(world, &mut full)?;
    for user in users {
        let before = user.roles.len();
        user.roles.push(role.id.clone());
        limited(visit, user, before)?;
    }
    Ok(())
}

/// Takes the roles that are gone from users: whoever deletes a role does not look for all who had it.
fn without_gone(world: &mut World<'_>, users: &mut [&mut User]) -> Result<(), Stop> {
    let ids: BTreeSet<String> = users.iter().flat_map(|user| user.roles.iter().cloned()).collect();
    let keys: Vec<_> = ids.iter().map(|id| role_key(id)).collect();
    let found = world.read_all(&keys)?;
    let gone: BTreeSet<&String> = ids.iter().zip(found).filter(|(_, role)| role.is_none()).map(|(id, _)| id).collect();
    for user in users {
        user.roles.retain(|id| !gone.contains(id));
    }
    Ok(())
}

/// Refuses roles beyond those that a user may be given, unless it had as many.
fn limited(visit: &Visit<'_>, user: &User, before: usize) -> Result<(), Stop> {
    if user.roles.len() > ROLES_MAX.max(before) {
        return Err(visit.refuse(TOO_MANY_ROLES));
    }
    Ok(())
}

fn is_fit(name: &UserName<'_, '_>, password: &str) -> bool {
    password.len() <= PASSWORD_MAX && name.store.password.fits(password)
}

fn fits(visit: &Visit<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Stop> {
    if is_fit(name, password) {
        Ok(())
    } else {
        Err(visit.refuse(PASSWORD))
    }
}

/// A role as it was named, and as it was found.
type Resolved<'s, 'n> = (Option<RoleName<'s, 'n>>, Option<Role>);

fn resolved<'s, 'n>(
    world: &mut World<'_>,
    visit: &mut Visit<'s>,
    names: &'n [String],
) -> Result<Vec<Resolved<'s, 'n>>, Stop> {
    let named: Vec<_> = names.iter().map(|name| visit.settings.role(name)).collect();
    let present: Vec<_> = named.iter().flatten().copied().collect();
    let mut found = visit.roles(world, &present)?.into_iter();
    Ok(named.into_iter().map(|name| (name, name.and_then(|_| found.next().flatten()))).collect())
}

/// The roles, all of which must be there.
fn known(visit: &Visit<'_>, roles: Vec<Resolved<'_, '_>>) -> Result<Vec<Role>, Stop> {
    let missing = |internal: bool| {
        roles.iter().find_map(|(name, role)| match (name, role) {
            (_, Some(_)) => None,
            (None, None) => Some(UNKNOWN_DOMAIN),
            (Some(RoleName { domain: RoleDomain::Kept(_), .. }), None) if internal => Some(NO_INTERNAL_ROLE),
            (Some(RoleName { domain: RoleDomain::Store(_), .. }), None) if !internal => Some(NO_STORE_ROLE),
            (Some(_), None) => None,
        })
    };
    match missing(true).or_else(|| missing(false)) {
        Some(refusal) => Err(visit.refuse(refusal)),
        None => Ok(roles.into_iter().filter_map(|(_, role)| role).collect()),
    }
}

/// A role name without a domain is an internal role's where the user's store is read-only.
// Source: WSO2 kernel, `updateRoleListOfUser`.
fn internal_if_read_only(visit: &Visit<'_>, user: &UserName<'_, '_>, roles: &[String]) -> Vec<String> {
    let plain = |role: &String| visit.settings.role(role).is_some_and(|name| name.canonical() == name.local);
    let internal = |role: &String| {
        let local = visit.settings.role(role).map_or("", |name| name.local);
        format!("{INTERNAL}/{local}")
    };
    let named = |role: &String| if user.store.read_only && plain(role) { internal(role) } else { role.clone() };
    roles.iter().map(named).collect()
}
