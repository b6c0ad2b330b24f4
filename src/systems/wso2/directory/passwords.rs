//! Passwords of users: set by an administrator, or changed by the user.
//!
//! Source: WSO2 kernel, `AbstractUserStoreManager`. Each function has its order of checks, with the rules on
//! privileges first.

use super::super::domain::{split_name, UserName};
use super::names::resolve_user_name;
use super::responses::{Refusal, NO_USER, OLD_PASSWORD, PASSWORD, READ_ONLY};
use super::session::{verify_password, Session, PASSWORD_MAX};
use super::stored::User;
use super::writes;
use crate::directory::prelude::{Authorized, Interrupt, Throttle, Transaction};
use crate::document::value::Value;

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
        return Err(refuse(password_refusal(new)));
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

fn is_valid_password(name: &UserName<'_, '_>, password: &str) -> bool {
    password.len() <= PASSWORD_MAX && name.store.password.is_match(password)
}

/// The refusal of an invalid password.
fn password_refusal(password: &str) -> Refusal {
    if password.len() > PASSWORD_MAX {
        return PASSWORD.with_message(format!("a password has at most {PASSWORD_MAX} bytes"));
    }
    PASSWORD
}

pub fn check_password(session: &Session<'_>, name: &UserName<'_, '_>, password: &str) -> Result<(), Interrupt> {
    if is_valid_password(name, password) {
        Ok(())
    } else {
        Err(session.refuse(password_refusal(password)))
    }
}
