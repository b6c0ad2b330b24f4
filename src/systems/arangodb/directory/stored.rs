//! The entries of the store: users, databases, and the mode of the server.
//!
//! ```text
//! user/NAME       {"id", "epoch", "active", "hash"?, "extra", "config", "tokens"?: [TOKEN], "grants": {DB: GRANT}}
//!     TOKEN       {"id", "name", "digest", "fingerprint", "created_at", "valid_until"}
//!     GRANT       {"since", "level"?, "collections": {COLL: {"since", "level"}}}
//! database/NAME   {"present", "generation", "collections": {COLL: {"present", "generation"}}}
//! settings        {"mode"}
//! ```
//!
//! When a name is dropped, its generation is incremented and its entry is kept. A grant applies only while its `since`
//! equals the generation of its database, and of its collection. So one small commit removes the grants of all users,
//! as in the product. A grant on a name that does not exist yet applies when the name is created. Names that never
//! existed, and `*`, have generation 0.

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

/// The user with this name.
///
/// # Errors
///
/// [`Interrupt`]: the entry must be read first, or is corrupt.
pub fn load_user(tx: &mut Transaction<'_>, name: &str) -> Result<Option<User>, Interrupt> {
    let Some(value) = tx.read_entry(&user_key(name))? else { return Ok(None) };
    User::from_value(name, value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
}

/// Stores a user.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn store_user(tx: &mut Transaction<'_>, authorized: &Authorized, name: &str, user: &User) -> Result<(), Interrupt> {
    tx.put(authorized, &user_key(name), user.to_value())
}

/// The database with this name; it may not exist.
///
/// # Errors
///
/// [`Interrupt`]: the entry must be read first, or is corrupt.
pub fn load_database(tx: &mut Transaction<'_>, name: &str) -> Result<Database, Interrupt> {
    match tx.read_entry(&database_key(name))? {
        Some(value) => Database::from_value(value).ok_or(Interrupt::Fault(Fault::Internal)),
        None => Ok(Database::absent(name)),
    }
}

/// Stores a database.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn store_database(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    name: &str,
    database: &Database,
) -> Result<(), Interrupt> {
    tx.put(authorized, &database_key(name), database.to_value())
}

/// All databases that exist.
///
/// # Errors
///
/// [`Interrupt`].
pub fn load_databases(tx: &mut Transaction<'_>) -> Result<BTreeMap<String, Database>, Interrupt> {
    let mut databases = BTreeMap::from([(SYSTEM.to_owned(), Database::absent(SYSTEM))]);
    for (key, entry) in tx.scan_all("database/")? {
        let database = Database::from_value(&entry.value).ok_or(Fault::Internal)?;
        databases.insert(Key::last_name(key), database);
    }
    databases.retain(|_, database| database.present);
    Ok(databases)
}
