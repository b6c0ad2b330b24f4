//! Parts of a valid document.

use super::value::Value;

/// The members with these names.
pub(crate) fn members_of(value: &Value, names: &[&str]) -> Value {
    let mut kept = Vec::new();
    if let Value::Object(members) = value {
        kept.extend(members.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned());
    }
    Value::Object(kept)
}

/// The items of a member that is a list, if there is one.
pub(crate) fn items_of<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match value.get(name) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// Whether a member is this text.
pub(crate) fn is_text(value: &Value, name: &str, text: Option<&str>) -> bool {
    text.is_some() && value.get(name).and_then(Value::text) == text
}
