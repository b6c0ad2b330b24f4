//! Exports the store as records.

use super::stored::User;
use crate::document::value::Value;

/// The users of the store as records, without secrets.
pub fn export_records(entries: &[(String, Value)]) -> Value {
    let users = entries.iter().filter(|(key, _)| key.starts_with("user/"));
    let users = users.filter_map(|(_, value)| match User::from_value(value)?.profile {
        Value::Object(mut profile) => {
            profile.retain(|(_, value)| *value != Value::Null);
            Some(Value::Object(profile))
        }
        _ => None,
    });
    Value::object([("users", Value::List(users.collect()))])
}
