//! Identity of the values of multi-valued attributes.
//!
//! Source: RFC 7643, section 2.4: `value` and `type` identify a value. If `value` is the id of another resource, it
//! identifies the value alone; without `value` all sub-attributes do.

use std::collections::BTreeMap;

use super::super::stored::members;
use super::attribute::{Attribute, Mutability};
use crate::document::value::Value;
use crate::tables::letters::{equals_ignoring_case, to_lowercase};

/// The values without duplicates: the sub-attributes of duplicates are merged.
pub fn merge_duplicates(values: Vec<Value>, attribute: &Attribute) -> Vec<Value> {
    if values.len() < 2 {
        return values;
    }
    let mut places = BTreeMap::new();
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        let place = *places.entry(identity_key(&value, attribute)).or_insert(distinct.len());
        match distinct.get_mut(place) {
            Some(known) => *known = merge(known, &value),
            None => distinct.push(value),
        }
    }
    distinct
}

/// Whether a value matches another one in all sub-attributes that identify the other.
pub fn is_identified_by(value: &Value, by: &Value, attribute: &Attribute) -> bool {
    if attribute.sub_attributes.is_empty() {
        return is_equal(Some(value), Some(by), attribute);
    }
    let is_given = |sub: &Attribute| by.get(&sub.name).is_some();
    let is_same = |sub: &Attribute| is_equal(value.get(&sub.name), by.get(&sub.name), sub);
    // Most values of a long list differ in this sub-attribute.
    if attribute.sub_attribute("value").is_some_and(|sub| is_given(sub) && !is_same(sub)) {
        return false;
    }
    if attribute.sub_attributes.iter().any(|sub| identifies(sub, by, attribute) && is_given(sub)) {
        attribute.sub_attributes.iter().filter(|sub| identifies(sub, by, attribute) && is_given(sub)).all(is_same)
    } else {
        attribute.sub_attributes.iter().filter(|sub| is_given(sub)).all(is_same)
    }
}

/// A value with the sub-attributes of another. Its own are kept if the other has none.
pub fn merge(value: &Value, with: &Value) -> Value {
    if !matches!(with, Value::Object(_) | Value::Null) {
        return with.clone();
    }
    let stays = |name: &str| with.get(name).is_none();
    let mut sub_attributes: Vec<_> = members(value).iter().filter(|(name, _)| stays(name)).cloned().collect();
    sub_attributes.extend(members(with).iter().cloned());
    if sub_attributes.is_empty() {
        Value::Null
    } else {
        Value::Object(sub_attributes)
    }
}

/// Whether two documents are equal, independent of the order of their members.
pub fn is_same_document(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(sub_attributes), Value::Object(others)) => {
            let is_in_other =
                |(name, sub): &(String, Value)| b.get(name).is_some_and(|other| is_same_document(sub, other));
            sub_attributes.len() == others.len() && sub_attributes.iter().all(is_in_other)
        }
        (Value::List(items), Value::List(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| is_same_document(item, other))
        }
        (a, b) => a == b,
    }
}

/// Whether a sub-attribute identifies this value.
fn identifies(sub: &Attribute, value: &Value, attribute: &Attribute) -> bool {
    match attribute.sub_attribute("value").filter(|known| value.get(&known.name).is_some()) {
        Some(known) if known.mutability == Mutability::Immutable => sub.name == "value",
        Some(_) => matches!(sub.name.as_str(), "value" | "type"),
        None => sub.name != "primary",
    }
}

fn is_equal(a: Option<&Value>, b: Option<&Value>, attribute: &Attribute) -> bool {
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) if !attribute.is_exact => equals_ignoring_case(a, b),
        (a, b) => a == b,
    }
}

/// A text that is the same for all values with the same identity.
fn identity_key(value: &Value, attribute: &Attribute) -> String {
    let normalized = |value: Option<&Value>, attribute: &Attribute| match value {
        Some(Value::Text(text)) if !attribute.is_exact => Value::Text(to_lowercase(text)),
        value => value.cloned().unwrap_or_default(),
    };
    if attribute.sub_attributes.is_empty() {
        return normalized(Some(value), attribute).to_string();
    }
    let identifying = attribute.sub_attributes.iter().filter(|sub| identifies(sub, value, attribute));
    Value::List(identifying.map(|sub| normalized(value.get(&sub.name), sub)).collect()).to_string()
}
