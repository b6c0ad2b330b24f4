//! Members of JSON objects in request bodies and stored entries.

use crate::document::value::Value;

/// The integer at this member.
pub(super) fn integer_member(value: &Value, name: &str) -> Option<i64> {
    match value.get(name)? {
        Value::Number(digits) => digits.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// The string at this member.
pub(super) fn text_member(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.text().map(str::to_owned)
}

/// The strings in the list at this member; empty without it.
pub(super) fn text_list(value: &Value, name: &str) -> Option<Vec<String>> {
    parse_list(value, name, |item| item.text().map(str::to_owned))
}

/// The parsed items of the list at this member; empty without it.
pub(super) fn parse_list<T>(value: &Value, name: &str, parse: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    match value.get(name) {
        Some(Value::List(items)) => items.iter().map(parse).collect(),
        Some(Value::Null) | None => Some(Vec::new()),
        Some(Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_)) => None,
    }
}

/// The text, or `null`.
pub(super) fn text_or_null(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}
