//! Members and numbers of JSON values.

use std::collections::BTreeMap;

use crate::document::value::Value;

/// The members of an object.
pub fn members(value: &Value) -> &[(String, Value)] {
    match value {
        Value::Object(members) => members,
        _ => &[],
    }
}

pub fn map_to_object<T>(map: &BTreeMap<String, T>, write: impl Fn(&T) -> Value) -> Value {
    Value::Object(map.iter().map(|(name, item)| (name.clone(), write(item))).collect())
}

/// The value as an integer.
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}
