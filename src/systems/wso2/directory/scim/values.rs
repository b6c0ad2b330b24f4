//! Which values of an attribute stand for the same.
//!
//! Source: RFC 7643, section 2.4: `value` tells them apart, with `type` beside it. The identifier of another resource
//! does so alone, and where there is no `value` all parts do.

use std::collections::BTreeMap;

use super::super::stored::members;
use super::attribute::{Attribute, Mutability};
use crate::document::value::Value;
use crate::tables::letters::{same_folded, small_text};

/// The values, each once: what stands twice is one, with the parts of both.
pub fn distinct(values: Vec<Value>, attribute: &Attribute) -> Vec<Value> {
    let mut places = BTreeMap::new();
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        let place = *places.entry(identity(&value, attribute)).or_insert(distinct.len());
        match distinct.get_mut(place) {
            Some(known) => *known = merged(known, &value),
            None => distinct.push(value),
        }
    }
    distinct
}

/// Whether a value is one that is named by another: by no more parts than that one has.
pub fn is_named(value: &Value, by: &Value, attribute: &Attribute) -> bool {
    if attribute.parts.is_empty() {
        return is_same(Some(value), Some(by), attribute);
    }
    let said = |part: &Attribute| by.get(&part.name).is_some();
    let is_same = |part: &Attribute| is_same(value.get(&part.name), by.get(&part.name), part);
    // Of many members most differ in this alone.
    if attribute.part("value").is_some_and(|part| said(part) && !is_same(part)) {
        return false;
    }
    if attribute.parts.iter().any(|part| tells(part, by, attribute) && said(part)) {
        attribute.parts.iter().filter(|part| tells(part, by, attribute) && said(part)).all(is_same)
    } else {
        attribute.parts.iter().filter(|part| said(part)).all(is_same)
    }
}

/// A value with the parts of another; its own stay where that one has none.
pub fn merged(value: &Value, with: &Value) -> Value {
    if !matches!(with, Value::Object(_) | Value::Null) {
        return with.clone();
    }
    let stays = |name: &str| with.get(name).is_none();
    let mut parts: Vec<_> = members(value).iter().filter(|(name, _)| stays(name)).cloned().collect();
    parts.extend(members(with).iter().cloned());
    if parts.is_empty() {
        Value::Null
    } else {
        Value::Object(parts)
    }
}

/// Whether two documents are the same but for the order of their members.
pub fn says_the_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(parts), Value::Object(others)) => {
            let is_there = |(name, part): &(String, Value)| b.get(name).is_some_and(|other| says_the_same(part, other));
            parts.len() == others.len() && parts.iter().all(is_there)
        }
        (Value::List(items), Value::List(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| says_the_same(item, other))
        }
        (a, b) => a == b,
    }
}

/// Whether a part tells this value from others.
fn tells(part: &Attribute, value: &Value, attribute: &Attribute) -> bool {
    match attribute.part("value").filter(|known| value.get(&known.name).is_some()) {
        Some(known) if known.mutability == Mutability::Immutable => part.name == "value",
        Some(_) => matches!(part.name.as_str(), "value" | "type"),
        None => part.name != "primary",
    }
}

fn is_same(a: Option<&Value>, b: Option<&Value>, attribute: &Attribute) -> bool {
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) if !attribute.is_exact => same_folded(a, b),
        (a, b) => a == b,
    }
}

/// The one text for all values that stand for the same.
fn identity(value: &Value, attribute: &Attribute) -> String {
    let spelled = |value: Option<&Value>, attribute: &Attribute| match value {
        Some(Value::Text(text)) if !attribute.is_exact => Value::Text(small_text(text)),
        value => value.cloned().unwrap_or_default(),
    };
    if attribute.parts.is_empty() {
        return spelled(Some(value), attribute).to_string();
    }
    let telling = attribute.parts.iter().filter(|part| tells(part, value, attribute));
    Value::List(telling.map(|part| spelled(value.get(&part.name), part)).collect()).to_string()
}
