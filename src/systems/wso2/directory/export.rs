//! Exports the records of a store.

use std::collections::BTreeMap;

use super::loaded::rule_to_record;
use super::stored::{list_items, members, Role, User};
use crate::document::value::Value;

/// The records of a store.
pub fn export_records(entries: &[(String, Value)]) -> Value {
    let below =
        |prefix: &'static str| entries.iter().filter_map(move |(key, value)| key.starts_with(prefix).then_some(value));
    let mut roles: Vec<Role> = below("role/").filter_map(Role::from_value).collect();
    roles.sort_by(|a, b| a.name.cmp(&b.name));
    let names: BTreeMap<&str, &str> = roles.iter().map(|role| (role.id.as_str(), role.name.as_str())).collect();
    let (mut users, mut rules) = (Vec::new(), Vec::new());
    for role in &roles {
        rules.extend(role.rules.iter().map(|rule| rule_to_record("role", &role.name, rule)));
    }
    for user in below("user/").filter_map(User::from_value) {
        let of_user: Vec<&str> = user.roles.iter().filter_map(|id| names.get(id.as_str()).copied()).collect();
        let mut record = vec![
            ("name".to_owned(), Value::from(user.name.as_str())),
            ("id".to_owned(), user.id.as_str().into()),
            ("roles".to_owned(), Value::texts(&of_user)),
        ];
        if !user.claims.is_empty() {
            record.push(("claims".to_owned(), Value::Object(user.claims.clone())));
        }
        users.push(Value::Object(record));
        rules.extend(user.rules.iter().map(|rule| rule_to_record("user", &user.name, rule)));
    }
    for pending in below("rules/") {
        rules.extend(list_items(pending).iter().cloned());
    }
    let mut document: Vec<(String, Value)> = Vec::new();
    for settings in below("settings") {
        document.extend(members(settings.get("records").unwrap_or(&Value::Null)).iter().cloned());
    }
    let roles: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
    document.push(("roles".to_owned(), Value::texts(&roles)));
    document.push(("users".to_owned(), Value::List(users)));
    document.push(("rules".to_owned(), Value::List(rules)));
    Value::Object(document)
}
