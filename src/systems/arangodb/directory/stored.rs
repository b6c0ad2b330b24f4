//! The entries of the store: users, databases, and how the server runs.
//!
//! ```text
//! user/NAME       {"id", "epoch", "active", "hash"?, "extra", "config", "tokens"?: [TOKEN], "grants": {DB: GRANT}}
//!     TOKEN       {"id", "name", "digest", "fingerprint", "created_at", "valid_until"}
//!     GRANT       {"since", "level"?, "collections": {COLL: {"since", "level"}}}
//! database/NAME   {"present", "generation", "collections": {COLL: {"present", "generation"}}}
//! settings        {"mode"}
//! ```
//!
//! A drop counts the generation of a name up and leaves the entry; a grant counts only while its `since` is the
//! generation of its database, and of its collection. So one small commit takes the grants of all users away, as
//! the product does, and who is granted a name that comes later is not refused it. A name that never was, and
//! `*`, is of generation 0.

use std::collections::BTreeMap;

use super::super::model::SYSTEM;
use super::database::Database;
use super::user::User;
use crate::directory::prelude::{Authorized, Fault, Interrupt, Key, Transaction};

/// The key of a user.
pub fn user_key(name: &str) -> Key {
    Key::new("user", &[name])
}

/// The key of a database.
pub fn database_key(name: &str) -> Key {
    Key::new("database", &[name])
}

/// The key of the settings.
pub fn settings_key() -> Key {
    Key::new("settings", &[])
}

/// The user of this name.
///
/// # Errors
///
/// [`Interrupt`]: it must be read first, or can not be.
pub fn user(tx: &mut Transaction<'_>, name: &str) -> Result<Option<User>, Interrupt> {
    let Some(value) = tx.read(&user_key(name))? else { return Ok(None) };
    User::read(name, value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
}

/// Puts a user.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn put_user(tx: &mut Transaction<'_>, authorized: &Authorized, name: &str, user: &User) -> Result<(), Interrupt> {
    tx.put(authorized, &user_key(name), user.value())
}

/// The database of this name, which may be none.
///
/// # Errors
///
/// [`Interrupt`]: it must be read first, or can not be.
pub fn database(tx: &mut Transaction<'_>, name: &str) -> Result<Database, Interrupt> {
    match tx.read(&database_key(name))? {
        Some(value) => Database::read(value).ok_or(Interrupt::Fault(Fault::Internal)),
        None => Ok(Database::absent(name)),
    }
}

/// Puts a database.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn put_database(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    name: &str,
    database: &Database,
) -> Result<(), Interrupt> {
    tx.put(authorized, &database_key(name), database.value())
}

/// Every database that is there.
///
/// # Errors
///
/// [`Interrupt`].
pub fn databases(tx: &mut Transaction<'_>) -> Result<BTreeMap<String, Database>, Interrupt> {
    let mut databases = BTreeMap::from([(SYSTEM.to_owned(), Database::absent(SYSTEM))]);
    for (key, entry) in tx.scan_all("database/")? {
        let database = Database::read(&entry.value).ok_or(Fault::Internal)?;
        databases.insert(Key::last_name(key), database);
    }
    databases.retain(|_, database| database.present);
    Ok(databases)
}
