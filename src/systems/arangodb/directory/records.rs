//! Records into entries, and entries into records.

use std::collections::BTreeMap;

use super::super::given;
use super::super::resource::is_dot_segment;
use super::config::settings;
use super::database::Database;
use super::stored::{database_key, put_database, put_user, settings_key, user_key};
use super::user::User;
use super::values::members;
use crate::directory::prelude::{invalid_records, Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;

/// Puts records into an empty store.
///
/// # Errors
///
/// [`Interrupt`].
pub fn import(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    let list = |name| document.get(name).map_or(&[][..], members);
    check_names(document)?;
    let (users, databases) = (given::users_of(document), list("databases"));
    let mut keys = vec![settings_key()];
    keys.extend(users.iter().map(|(name, _)| user_key(name)));
    keys.extend(databases.iter().map(|(name, _)| database_key(name)));
    tx.read_all(&keys)?;
    let clear = |user: &Value| user.get("passwd").is_some();
    let passwords: Vec<&str> = users.iter().filter_map(|(_, user)| user.get("passwd")?.text()).collect();
    let mut hashes = tx.first_hashes(&passwords)?.into_iter();
    // One draw for all: a run has only so many random bytes.
    let drawn = tx.uuid()?;
    for (index, (name, record)) in users.iter().enumerate() {
        let mut user = imported(record, format!("{drawn}-{index}"));
        if clear(record) {
            user.hash = Some(hashes.next().ok_or(Fault::Internal)?);
        }
        put_user(tx, authorized, name, &user)?;
    }
    for (name, collections) in databases {
        let mut database = Database::absent(name);
        database.present = true;
        if let Value::List(collections) = collections {
            collections.iter().filter_map(Value::text).for_each(|collection| database.create(collection));
        }
        put_database(tx, authorized, name, &database)?;
    }
    let mode = document.get("mode").cloned().unwrap_or_else(|| "default".into());
    tx.put(authorized, &settings_key(), Value::object([("mode", mode)]))
}

/// Refuses names that no URL can carry: a part of a path that is `.` or `..`, also percent-encoded, never arrives.
fn check_names(document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    let databases = document.get("databases").map_or(&[][..], members);
    let databases = databases.iter().map(|(name, entry)| (name.as_str(), entry));
    for (name, entry) in given::users_of(document).into_iter().chain(databases) {
        if is_dot_segment(name) {
            problems.add(entry, None, Code::BadFormat, "no URL can carry the name `.` or `..`: choose another");
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// A user out of a record. What was granted on a name counts whether that is there or comes later.
fn imported(record: &Value, id: String) -> User {
    let mut user = User::new(id);
    user.active = record.get("active") != Some(&Value::Bool(false));
    user.hash = record.get("hash").and_then(Value::text).map(str::to_owned);
    if let Some(extra) = record.get("extra") {
        user.extra = extra.clone();
    }
    if let Some(config) = record.get("config") {
        user.config = settings(members(config).to_vec());
    }
    for (name, grant) in given::grants_of(record) {
        let database = Database::absent(name);
        user.touch(name, &database);
        if let Some(level) = grant.set_level() {
            user.set(name, &database, None, level);
        }
        for (collection, level) in grant.set_collections() {
            user.set(name, &database, Some(collection), level);
        }
    }
    user
}

/// The records of a whole store. A grant that no longer counts is left out, so that they decide as the store
/// does.
pub fn export(entries: &[(String, Value)]) -> Value {
    let mut databases = BTreeMap::new();
    let mut mode = Value::from("default");
    for (key, value) in entries {
        if key.starts_with("database/") {
            databases.extend(Database::read(value).map(|database| (Key::last_name(key), database)));
        } else if key == settings_key().text() {
            mode = value.get("mode").cloned().unwrap_or(mode);
        }
    }
    let mut users = Vec::new();
    for (key, value) in entries.iter().filter(|(key, _)| key.starts_with("user/")) {
        let name = Key::last_name(key);
        if let Some(user) = User::read(&name, value) {
            let record = exported(&user, &databases);
            users.push((name, record));
        }
    }
    let mut present = Vec::new();
    for (name, database) in &databases {
        if database.present {
            present.push((name.clone(), Value::texts(&database.collections().collect::<Vec<_>>())));
        }
    }
    Value::object([("users", Value::Object(users)), ("databases", Value::Object(present)), ("mode", mode)])
}

fn exported(user: &User, databases: &BTreeMap<String, Database>) -> Value {
    let mut grants = Vec::new();
    for name in user.granted() {
        let absent = Database::absent(name);
        if let Some(grant) = user.grant(name, databases.get(name).unwrap_or(&absent)) {
            grants.push((name.to_owned(), grant.record(|_| true)));
        }
    }
    Value::object([
        ("active", user.active.into()),
        ("extra", user.extra.clone()),
        ("config", user.config.clone()),
        ("grants", Value::Object(grants)),
    ])
}
