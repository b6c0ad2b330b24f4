//! User operations: create, delete, and change passwords and roles.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`. Each function has its order of checks, with the rules on
//! privileges first.

use std::collections::BTreeSet;

use super::super::domain::{is_blank, split_name, RoleDomain, RoleName, UserName, INTERNAL};
use super::super::model::is_reserved;
use super::responses::{
    Refusal, NO_INTERNAL_ROLE, NO_STORE_ROLE, NO_USER, OLD_PASSWORD, PASSWORD, READ_ONLY, TOO_MANY_ROLES,
    UNKNOWN_DOMAIN, USER_EXISTS, USER_NAME,
};
use super::session::{verify_password, Session, PASSWORD_MAX};
use super::stored::{member_key, pending_rules_key, role_key, user_id_key, user_key, Role, User};
use super::writes;
use crate::directory::prelude::{Authorized, Interrupt, Throttle, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The most roles of a user. Each role can have up to `RULES_MAX` rules, and at most 10,000 rules may apply to one
/// user. A user who has more roles keeps them, and gets no more.
const ROLES_MAX: usize = 90;

/// A new user.
pub struct NewUser<'n> {
    pub name: &'n str,
    /// Without a password the user cannot sign in until it gets one.
    pub password: Option<&'n str>,
    pub roles: &'n [String],
    pub claims: Vec<(String, Value)>,
}

/// Resolves a user name, whose store must exist.
///
/// # Errors
///
/// 31301, 32103.
pub fn resolve_user_name<'s, 'n>(session: &Session<'s>, name: &'n str) -> Result<UserName<'s, 'n>, Interrupt> {
    let Some(name) = session.settings.user(name) else { return Err(session.refuse(UNKNOWN_DOMAIN)) };
    if is_blank(name.local) {
        return Err(session.refuse(USER_NAME));
    }
    Ok(name)
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
    if is_reserved(&name) || new.name.len() > NEW_NAME_MAX || !name.store.username.is_match(name.local) {
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

/// Sets the password of another user.
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
    let name = resolve_user_name(session, name)?;
    let user = session.load_user(tx, &name)?;
    check_set_password(session, &name, password)?;
    let Some(mut user) = user else { return Err(session.refuse(NO_USER)) };
    user.hash = Some(hash_new_password(tx, &user, password)?);
    writes::store_user(tx, authorized, &name, &mut user)
}

/// Checks that the caller may set this password for this user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn check_set_password(session: &Session<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Interrupt> {
    let verdict = session.privileges()?.check_set_password(&name.canonical());
    session.or_refuse(verdict)?;
    if name.store.read_only {
        return Err(session.refuse(READ_ONLY));
    }
    check_password(session, name, password)
}

/// Adds and removes roles of a user. Either all changes apply or none.
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
    let name = resolve_user_name(session, name)?;
    let user = session.load_user(tx, &name)?;
    let [added, removed] =
        [internal_if_read_only(session, &name, added), internal_if_read_only(session, &name, removed)];
    let gained = resolve_roles(tx, session, &added)?;
    let lost = resolve_roles(tx, session, &removed)?;
    // Source: the product's own tests: a client sends all roles that the user should have. Roles that the user
    // already has, and the everyone role, are not changes.
    let everyone = &session.settings.records.realm.everyone_role;
    let has = |(name, role): &Resolved<'_, '_>| {
        let is_assigned = |role: &Role| user.as_ref().is_some_and(|user| user.roles.contains(&role.id));
        name.as_ref().is_some_and(|name| name.key() == *everyone) || role.as_ref().is_some_and(is_assigned)
    };
    let kept: Vec<String> =
        gained.iter().filter(|role| has(role)).filter_map(|(_, role)| Some(role.as_ref()?.id.clone())).collect();
    let (gained, added): (Vec<_>, Vec<String>) =
        gained.into_iter().zip(added.iter().cloned()).filter(|(role, _)| !has(role)).unzip();
    let verdict = session.privileges()?.check_update_roles(&name.canonical(), &added, &removed);
    session.or_refuse(verdict)?;
    let Some(mut user) = user else { return Err(session.refuse(NO_USER)) };
    // A role in both lists is kept.
    let is_kept = |(_, role): &Resolved<'_, '_>| role.as_ref().is_some_and(|role| kept.contains(&role.id));
    let lost: Vec<_> = lost.into_iter().filter(|role| !is_kept(role)).collect();
    let store_roles = gained.iter().chain(&lost).filter_map(|(role, _)| role.as_ref());
    for role in store_roles {
        writes::check_members_writable(session, role, name.store.read_only)?;
    }
    let gained = require_roles(session, gained)?;
    let lost = require_roles(session, lost)?;
    let keys: Vec<_> = gained.iter().chain(&lost).map(|role| member_key(&role.id, &user.id)).collect();
    let indexed = tx.read_all(&keys)?;
    remove_deleted_roles(tx, &mut [&mut user])?;
    let before = user.roles.len();
    for ((role, key), entry) in gained.iter().chain(&lost).zip(&keys).zip(indexed) {
        let stays = gained.iter().any(|added| added.id == role.id);
        if stays != user.roles.contains(&role.id) {
            writes::store_role(tx, authorized, &mut role.clone())?;
        }
        user.roles.retain(|known| *known != role.id);
        if stays {
            user.roles.push(role.id.clone());
            tx.put(authorized, key, writes::member_to_value(&user.name))?;
        } else if entry.is_some() {
            tx.delete(authorized, key)?;
        }
    }
    check_role_limit(session, &user, before)?;
    writes::store_user(tx, authorized, &name, &mut user)
}

/// Changes a user's own password, verified by the current one. It needs no sign-in.
///
/// # Errors
///
/// 30002, 30006, 30003, in this order.
// Source: WSO2 kernel, `updateCredential`. An unknown or inactive user gets the same response as a wrong password.
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
    let verified = verify_password(tx, throttle, user.as_ref(), old, false)?;
    let (Some(verified), Some(mut user)) = (verified, user) else { return Err(refuse(OLD_PASSWORD)) };
    if !is_valid_password(name, new) {
        return Err(refuse(PASSWORD));
    }
    user.hash = Some(hash_new_password(tx, &user, new)?);
    writes::store_user(tx, &verified.authorized(), name, &mut user)
}

/// Hashes a new password. Its strength is judged with the names and all claims of the user.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn hash_new_password(tx: &mut Transaction<'_>, user: &User, password: &str) -> Result<String, Interrupt> {
    let mut names = vec![user.name.as_str(), split_name(&user.name).1];
    user.claims.iter().for_each(|(_, claim)| collect_texts(claim, &mut names));
    tx.new_hash(password, &names)
}

fn collect_texts<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match value {
        Value::Text(text) => texts.push(text),
        Value::List(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(members) => members.iter().for_each(|(_, member)| collect_texts(member, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Assigns a role to users that do not have it.
///
/// # Errors
///
/// 400 if a user would have too many roles.
pub fn assign_role(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    role: &Role,
    mut users: Vec<&mut User>,
) -> Result<(), Interrupt> {
    let mut full: Vec<_> =
        users.iter_mut().filter(|user| user.roles.len() >= ROLES_MAX).map(|user| &mut **user).collect();
    remove_deleted_roles(tx, &mut full)?;
    for user in users {
        let before = user.roles.len();
        user.roles.push(role.id.clone());
        check_role_limit(session, user, before)?;
    }
    Ok(())
}

/// Removes deleted roles from users, because the deletion of a role does not update all of its users.
fn remove_deleted_roles(tx: &mut Transaction<'_>, users: &mut [&mut User]) -> Result<(), Interrupt> {
    let ids: BTreeSet<String> = users.iter().flat_map(|user| user.roles.iter().cloned()).collect();
    let keys: Vec<_> = ids.iter().map(|id| role_key(id)).collect();
    let entries = tx.read_all(&keys)?;
    let deleted: BTreeSet<&String> =
        ids.iter().zip(entries).filter(|(_, role)| role.is_none()).map(|(id, _)| id).collect();
    for user in users {
        user.roles.retain(|id| !deleted.contains(id));
    }
    Ok(())
}

/// Refuses more roles than a user can have, unless the user had as many before.
fn check_role_limit(session: &Session<'_>, user: &User, before: usize) -> Result<(), Interrupt> {
    if user.roles.len() > ROLES_MAX.max(before) {
        return Err(session.refuse(TOO_MANY_ROLES));
    }
    Ok(())
}

fn is_valid_password(name: &UserName<'_, '_>, password: &str) -> bool {
    password.len() <= PASSWORD_MAX && name.store.password.is_match(password)
}

fn check_password(session: &Session<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Interrupt> {
    if is_valid_password(name, password) {
        Ok(())
    } else {
        Err(session.refuse(PASSWORD))
    }
}

/// A resolved role name, and the role if it exists.
type Resolved<'s, 'n> = (Option<RoleName<'s, 'n>>, Option<Role>);

fn resolve_roles<'s, 'n>(
    tx: &mut Transaction<'_>,
    session: &mut Session<'s>,
    names: &'n [String],
) -> Result<Vec<Resolved<'s, 'n>>, Interrupt> {
    let named: Vec<_> = names.iter().map(|name| session.settings.role(name)).collect();
    let present: Vec<_> = named.iter().flatten().copied().collect();
    let mut roles = session.load_roles(tx, &present)?.into_iter();
    Ok(named.into_iter().map(|name| (name, name.and_then(|_| roles.next().flatten()))).collect())
}

/// Requires that all roles exist.
fn require_roles(session: &Session<'_>, roles: Vec<Resolved<'_, '_>>) -> Result<Vec<Role>, Interrupt> {
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

/// For a user in a read-only store, a role name without a domain is that of an internal role.
// Source: WSO2 kernel, `updateRoleListOfUser`.
fn internal_if_read_only(session: &Session<'_>, user: &UserName<'_, '_>, roles: &[String]) -> Vec<String> {
    let has_no_domain = |role: &String| session.settings.role(role).is_some_and(|name| name.canonical() == name.local);
    let internal = |role: &String| {
        let local = session.settings.role(role).map_or("", |name| name.local);
        format!("{INTERNAL}/{local}")
    };
    let with_domain =
        |role: &String| if user.store.read_only && has_no_domain(role) { internal(role) } else { role.clone() };
    roles.iter().map(with_domain).collect()
}
