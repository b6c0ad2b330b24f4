//! Exports the store as records.

use std::collections::BTreeMap;

use super::database::Database;
use super::stored::settings_key;
use super::user::User;
use crate::directory::prelude::Key;
use crate::document::value::Value;

/// The records of the store, without secrets. Grants that no longer apply are left out, so that the records give the
/// same decisions.
pub fn export_records(entries: &[(String, Value)]) -> Value {
    let mut databases = BTreeMap::new();
    let mut mode = Value::from("default");
    for (key, value) in entries {
        if key.starts_with("database/") {
            databases.extend(Database::from_value(value).map(|database| (Key::last_name(key), database)));
        } else if key == settings_key().text() {
            mode = value.get("mode").cloned().unwrap_or(mode);
        }
    }
    let mut users = Vec::new();
    for (key, value) in entries.iter().filter(|(key, _)| key.starts_with("user/")) {
        let name = Key::last_name(key);
        if let Some(user) = User::from_value(&name, value) {
            let record = user_to_record(&user, &databases);
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

fn user_to_record(user: &User, databases: &BTreeMap<String, Database>) -> Value {
    let mut grants = Vec::new();
    for name in user.granted_databases() {
        let absent = Database::absent(name);
        if let Some(grant) = user.effective_grant(name, databases.get(name).unwrap_or(&absent)) {
            grants.push((name.to_owned(), grant.to_record(|_| true)));
        }
    }
    Value::object([
        ("active", user.active.into()),
        ("extra", user.extra.clone()),
        ("config", user.config.clone()),
        ("grants", Value::Object(grants)),
    ])
}
