//! Users: made, deleted, given another password and other roles.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`; each function checks in its order, the rules on privileges
//! first.

use std::collections::BTreeSet;

use super::super::domain::{is_blank, split_name, RoleDomain, RoleName, UserName, INTERNAL};
use super::super::model::is_reserved;
use super::membership;
use super::responses::{
    Refusal, NO_INTERNAL_ROLE, NO_STORE_ROLE, NO_USER, OLD_PASSWORD, PASSWORD, READ_ONLY, TOO_MANY_ROLES,
    UNKNOWN_DOMAIN, USER_EXISTS, USER_NAME,
};
use super::session::{verify, Session, PASSWORD_MAX};
use super::stored::{member_key, role_key, user_id_key, user_key, waiting_key, Role, User};
use crate::directory::prelude::{Authorized, Interrupt, Throttle, Transaction};
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
pub fn named<'s, 'n>(session: &Session<'s>, name: &'n str) -> Result<UserName<'s, 'n>, Interrupt> {
    let Some(name) = session.settings.user(name) else { return Err(session.refuse(UNKNOWN_DOMAIN)) };
    if is_blank(name.local) {
        return Err(session.refuse(USER_NAME));
    }
    Ok(name)
}

/// Makes a user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn create(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    new: NewUser<'_>,
) -> Result<User, Interrupt> {
    let given = resolved(tx, session, new.roles)?;
    let verdict = session.privileges()?.may_create_user(new.roles);
    session.hold(verdict)?;
    let name = named(session, new.name)?;
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    if is_reserved(&name) || new.name.len() > NEW_NAME_MAX || !name.store.username.is_match(name.local) {
        return Err(session.refuse(USER_NAME));
    }
    if let Some(password) = new.password {
        fits(session, &name, password)?;
    }
    if session.user(tx, &name)?.is_some() {
        return Err(session.refuse(USER_EXISTS));
    }
    let mut user = User {
        name: name.canonical(),
        id: tx.uuid()?,
        hash: None,
        roles: Vec::new(),
        rules: session.waiting(tx, &name.key())?,
        claims: new.claims,
        created: tx.now,
        modified: tx.now,
    };
    let verdict = session.privileges()?.may_take_up_user(&user.name);
    session.hold(verdict)?;
    let roles = known(session, given)?;
    if let Some(password) = new.password {
        user.hash = Some(new_hash(tx, &user, password)?);
    }
    for mut role in roles {
        // It is every user's, and is never stored.
        if role.id != session.settings.everyone && !user.roles.contains(&role.id) {
            tx.create(authorized, &member_key(&role.id, &user.id), membership::member(&user.name))?;
            membership::put_role(tx, authorized, &mut role)?;
            user.roles.push(role.id);
        }
    }
    limited(session, &user, 0)?;
    if !user.rules.is_empty() {
        tx.delete(authorized, &waiting_key(&name.key()))?;
    }
    tx.put(authorized, &user_key(&name), user.value())?;
    tx.create(authorized, &user_id_key(&user.id), user.name.as_str().into())?;
    Ok(user)
}

/// Deletes a user.
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
    let user = session.user(tx, &name)?;
    let verdict = session.privileges()?.may_delete_user(&name.canonical());
    session.hold(verdict)?;
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
    for mut role in session.roles_by_id(tx, &user.roles)? {
        membership::put_role(tx, authorized, &mut role)?;
    }
    Ok(())
}

/// Gives another user a password.
///
/// # Errors
///
/// [`Interrupt`].
pub fn set_password(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    name: &str,
    password: &str,
) -> Result<(), Interrupt> {
    let name = named(session, name)?;
    let user = session.user(tx, &name)?;
    may_set_password(session, &name, password)?;
    let Some(mut user) = user else { return Err(session.refuse(NO_USER)) };
    user.hash = Some(new_hash(tx, &user, password)?);
    membership::put_user(tx, authorized, &name, &mut user)
}

/// Whether the caller may give this user this password.
///
/// # Errors
///
/// [`Interrupt`].
pub fn may_set_password(session: &Session<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Interrupt> {
    let verdict = session.privileges()?.may_set_password(&name.canonical());
    session.hold(verdict)?;
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    fits(session, name, password)
}

/// Gives and takes roles, all or none.
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
    let name = named(session, name)?;
    let user = session.user(tx, &name)?;
    let [added, removed] =
        [internal_if_read_only(session, &name, added), internal_if_read_only(session, &name, removed)];
    let given = resolved(tx, session, &added)?;
    let taken = resolved(tx, session, &removed)?;
    // Source: the product's own tests: a caller sends all roles that the user is to have. Those that it has anyway, and
    // the one that everyone has, are no change.
    let everyone = &session.settings.records.realm.everyone_role;
    let has = |(name, role): &Resolved<'_, '_>| {
        let is_had = |role: &Role| user.as_ref().is_some_and(|user| user.roles.contains(&role.id));
        name.as_ref().is_some_and(|name| name.key() == *everyone) || role.as_ref().is_some_and(is_had)
    };
    let kept: Vec<String> =
        given.iter().filter(|role| has(role)).filter_map(|(_, role)| Some(role.as_ref()?.id.clone())).collect();
    let (given, added): (Vec<_>, Vec<String>) =
        given.into_iter().zip(added.iter().cloned()).filter(|(role, _)| !has(role)).unzip();
    let verdict = session.privileges()?.may_update_roles(&name.canonical(), &added, &removed);
    session.hold(verdict)?;
    let Some(mut user) = user else { return Err(session.refuse(NO_USER)) };
    // A role in both lists stays.
    let is_kept = |(_, role): &Resolved<'_, '_>| role.as_ref().is_some_and(|role| kept.contains(&role.id));
    let taken: Vec<_> = taken.into_iter().filter(|role| !is_kept(role)).collect();
    let store_roles = given.iter().chain(&taken).filter_map(|(role, _)| role.as_ref());
    for role in store_roles {
        membership::takes_members(session, role, name.store.read_only)?;
    }
    let given = known(session, given)?;
    let taken = known(session, taken)?;
    let keys: Vec<_> = given.iter().chain(&taken).map(|role| member_key(&role.id, &user.id)).collect();
    let indexed = tx.read_all(&keys)?;
    without_gone(tx, &mut [&mut user])?;
    let before = user.roles.len();
    for ((role, key), entry) in given.iter().chain(&taken).zip(&keys).zip(indexed) {
        let stays = given.iter().any(|added| added.id == role.id);
        if stays != user.roles.contains(&role.id) {
            membership::put_role(tx, authorized, &mut role.clone())?;
        }
        user.roles.retain(|known| *known != role.id);
        if stays {
            user.roles.push(role.id.clone());
            tx.put(authorized, key, membership::member(&user.name))?;
        } else if entry.is_some() {
            tx.delete(authorized, key)?;
        }
    }
    limited(session, &user, before)?;
    membership::put_user(tx, authorized, &name, &mut user)
}

/// A change of one's own password: the current one is at hand. Nobody needs to have signed in.
///
/// # Errors
///
/// 30002, 30006, 30003, in this order.
// Source: WSO2 kernel, `updateCredential`. A user who is not there, or not active, looks like a wrong password.
pub fn change_own_password(
    tx: &mut Transaction<'_>,
    refuse: impl Fn(Refusal) -> Interrupt,
    throttle: &Throttle,
    name: &UserName<'_, '_>,
    user: Option<User>,
    [old, new]: [&str; 2],
) -> Result<(), Interrupt> {
    if name.store.read_only {
        return Err(refuse(READ_ONLY));
    }
    let verified = verify(tx, throttle, user.as_ref(), old, false)?;
    let (Some(verified), Some(mut user)) = (verified, user) else { return Err(refuse(OLD_PASSWORD)) };
    if !is_fit(name, new) {
        return Err(refuse(PASSWORD));
    }
    user.hash = Some(new_hash(tx, &user, new)?);
    membership::put_user(tx, &verified.authorized(), name, &mut user)
}

/// The hash of a new password of a user, who is known by all that its claims say.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn new_hash(tx: &mut Transaction<'_>, user: &User, password: &str) -> Result<String, Interrupt> {
    let mut names = vec![user.name.as_str(), split_name(&user.name).1];
    user.claims.iter().for_each(|(_, claim)| texts(claim, &mut names));
    tx.new_hash(password, &names)
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
pub fn give(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    role: &Role,
    mut users: Vec<&mut User>,
) -> Result<(), Interrupt> {
    let mut full: Vec<_> =
        users.iter_mut().filter(|user| user.roles.len() >= ROLES_MAX).map(|user| &mut **user).collect();
    without_gone(tx, &mut full)?;
    for user in users {
        let before = user.roles.len();
        user.roles.push(role.id.clone());
        limited(session, user, before)?;
    }
    Ok(())
}

/// Takes the roles that are gone from users: whoever deletes a role does not look for all who had it.
fn without_gone(tx: &mut Transaction<'_>, users: &mut [&mut User]) -> Result<(), Interrupt> {
    let ids: BTreeSet<String> = users.iter().flat_map(|user| user.roles.iter().cloned()).collect();
    let keys: Vec<_> = ids.iter().map(|id| role_key(id)).collect();
    let found = tx.read_all(&keys)?;
    let gone: BTreeSet<&String> = ids.iter().zip(found).filter(|(_, role)| role.is_none()).map(|(id, _)| id).collect();
    for user in users {
        user.roles.retain(|id| !gone.contains(id));
    }
    Ok(())
}

/// Refuses roles beyond those that a user may be given, unless it had as many.
fn limited(session: &Session<'_>, user: &User, before: usize) -> Result<(), Interrupt> {
    if user.roles.len() > ROLES_MAX.max(before) {
        return Err(session.refuse(TOO_MANY_ROLES));
    }
    Ok(())
}

fn is_fit(name: &UserName<'_, '_>, password: &str) -> bool {
    password.len() <= PASSWORD_MAX && name.store.password.is_match(password)
}

fn fits(session: &Session<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Interrupt> {
    if is_fit(name, password) {
        Ok(())
    } else {
        Err(session.refuse(PASSWORD))
    }
}

/// A role as it was named, and as it was found.
type Resolved<'s, 'n> = (Option<RoleName<'s, 'n>>, Option<Role>);

fn resolved<'s, 'n>(
    tx: &mut Transaction<'_>,
    session: &mut Session<'s>,
    names: &'n [String],
) -> Result<Vec<Resolved<'s, 'n>>, Interrupt> {
    let named: Vec<_> = names.iter().map(|name| session.settings.role(name)).collect();
    let present: Vec<_> = named.iter().flatten().copied().collect();
    let mut found = session.roles(tx, &present)?.into_iter();
    Ok(named.into_iter().map(|name| (name, name.and_then(|_| found.next().flatten()))).collect())
}

/// The roles, all of which must be there.
fn known(session: &Session<'_>, roles: Vec<Resolved<'_, '_>>) -> Result<Vec<Role>, Interrupt> {
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

/// A role name without a domain is an internal role's where the user's store is read-only.
// Source: WSO2 kernel, `updateRoleListOfUser`.
fn internal_if_read_only(session: &Session<'_>, user: &UserName<'_, '_>, roles: &[String]) -> Vec<String> {
    let plain = |role: &String| session.settings.role(role).is_some_and(|name| name.canonical() == name.local);
    let internal = |role: &String| {
        let local = session.settings.role(role).map_or("", |name| name.local);
        format!("{INTERNAL}/{local}")
    };
    let named = |role: &String| if user.store.read_only && plain(role) { internal(role) } else { role.clone() };
    roles.iter().map(named).collect()
}
