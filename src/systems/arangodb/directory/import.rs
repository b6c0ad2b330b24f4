//! Imports records into an empty store.

use super::super::input;
use super::super::resource::is_dot_segment;
use super::config::config_value;
use super::database::Database;
use super::stored::{database_key, settings_key, store_database, store_user, user_key};
use super::user::User;
use super::values::members;
use crate::directory::prelude::{invalid_records, Authorized, Fault, Interrupt, Transaction};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;

/// Stores records in an empty store.
///
/// # Errors
///
/// [`Interrupt`].
pub fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    let list = |name| document.get(name).map_or(&[][..], members);
    check_names(document)?;
    let (users, databases) = (input::list_users(document), list("databases"));
    let mut keys = vec![settings_key()];
    keys.extend(users.iter().map(|(name, _)| user_key(name)));
    keys.extend(databases.iter().map(|(name, _)| database_key(name)));
    tx.read_all(&keys)?;
    let has_password = |user: &Value| user.get("passwd").is_some();
    let passwords: Vec<&str> = users.iter().filter_map(|(_, user)| user.get("passwd")?.text()).collect();
    let mut hashes = tx.first_hashes(&passwords)?.into_iter();
    // One random id for all users, because a run has a limited number of random bytes.
    let random_id = tx.uuid()?;
    for (index, (name, record)) in users.iter().enumerate() {
        let mut user = user_from_record(record, format!("{random_id}-{index}"));
        if has_password(record) {
            user.hash = Some(hashes.next().ok_or(Fault::Internal)?);
        }
        store_user(tx, authorized, name, &user)?;
    }
    for (name, collections) in databases {
        let mut database = Database::absent(name);
        database.present = true;
        if let Value::List(collections) = collections {
            collections.iter().filter_map(Value::text).for_each(|collection| database.create_collection(collection));
        }
        store_database(tx, authorized, name, &database)?;
    }
    let mode = document.get("mode").cloned().unwrap_or_else(|| "default".into());
    tx.put(authorized, &settings_key(), Value::object([("mode", mode)]))
}

/// Rejects the names `.` and `..`: clients resolve these segments of a path, also percent-encoded, before they send it.
fn check_names(document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    let databases = document.get("databases").map_or(&[][..], members);
    let databases = databases.iter().map(|(name, entry)| (name.as_str(), entry));
    for (name, entry) in input::list_users(document).into_iter().chain(databases) {
        if is_dot_segment(name) {
            problems.add(entry, None, Code::BadFormat, "a URL cannot contain the name `.` or `..`: choose another");
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// A user from a record. Grants on names that do not exist yet apply when the names are created.
fn user_from_record(record: &Value, id: String) -> User {
    let mut user = User::new(id);
    user.active = record.get("active") != Some(&Value::Bool(false));
    user.hash = record.get("hash").and_then(Value::text).map(str::to_owned);
    if let Some(extra) = record.get("extra") {
        user.extra = extra.clone();
    }
    if let Some(config) = record.get("config") {
        user.config = config_value(members(config).to_vec());
    }
    for (name, grant) in input::list_grants(record) {
        let database = Database::absent(name);
        user.ensure_grant(name, &database);
        if let Some(level) = grant.parsed_level() {
            user.set_level(name, &database, None, level);
        }
        for (collection, level) in grant.parsed_collections() {
            user.set_level(name, &database, Some(collection), level);
        }
    }
    user
}
