//! Conditions: `when` and `unless`.

use serde_json::Value as Json;

/// The largest whole number that a double distinguishes from its neighbors.
pub const NUMBER_MOST: f64 = 9_007_199_254_740_991.0;

/// A value that a condition can compare.
#[derive(Debug, PartialEq)]
pub enum Scalar<'v> {
    Text(&'v str),
    Flag(bool),
    Number(f64),
}

/// What a condition can compare; `None` for everything else.
pub fn scalar(value: &Json) -> Option<Scalar<'_>> {
    match value {
        Json::String(text) => Some(Scalar::Text(text)),
        Json::Bool(flag) => Some(Scalar::Flag(*flag)),
        Json::Number(number) => {
            let number = number.as_f64()?;
            (number.abs() <= NUMBER_MOST).then_some(Scalar::Number(number))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Whether this is a whole number from 0 to 2^53-1.
pub fn is_whole(value: &Json) -> bool {
    matches!(scalar(value), Some(Scalar::Number(number)) if number >= 0.0 && number.fract() == 0.0)
}

/// Whether a path names an attribute of a subject, a resource, the context or an action.
pub fn is_attribute_path(path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    let begins = ["subject", "resource", "context", "action"].contains(&names[0]);
    begins && names.len() > 1 && names.iter().all(|name| !name.is_empty())
}

/// Whether conditions hold: an object, of which all must hold, or a list of objects, of which one must hold. `facts`
/// is an object with the members `subject`, `resource`, `context` and `action`.
pub fn conditions_hold(conditions: &Json, facts: &Json) -> bool {
    match conditions {
        Json::Array(list) => list.iter().any(|conditions| conditions_hold(conditions, facts)),
        Json::Object(conditions) => conditions.iter().all(|(path, right)| condition_holds(path, right, facts)),
        _ => panic!("not conditions: {conditions}"),
    }
}

fn condition_holds(path: &str, right: &Json, facts: &Json) -> bool {
    let left = members(find_attribute(path, facts));
    if let Some(right) = right.get("not") {
        return have_no_common_value(&left, &members(value_of(right, facts)));
    }
    if right.get("atLeast").is_some() || right.get("atMost").is_some() {
        return is_within(&left, right, facts);
    }
    let right = members(value_of(right, facts));
    left.iter().any(|left| right.iter().any(|right| are_equal(left, right)))
}

/// What a right side stands for: the attribute of a `ref`, or itself.
fn value_of<'v>(right: &'v Json, facts: &'v Json) -> Option<&'v Json> {
    match right.get("ref") {
        Some(path) => find_attribute(path.as_str().unwrap(), facts),
        None => Some(right),
    }
}

/// The attribute of a path, if each name of the path is a member.
fn find_attribute<'v>(path: &str, facts: &'v Json) -> Option<&'v Json> {
    let mut value = facts;
    for name in path.split('.') {
        value = value.as_object()?.get(name)?;
    }
    Some(value)
}

/// A list stands for each of its members, and what is missing for none.
fn members(value: Option<&Json>) -> Vec<&Json> {
    match value {
        None => Vec::new(),
        Some(Json::Array(list)) => list.iter().collect(),
        Some(value) => vec![value],
    }
}

fn are_equal(left: &Json, right: &Json) -> bool {
    match (scalar(left), scalar(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

fn have_no_common_value(left: &[&Json], right: &[&Json]) -> bool {
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let all: Vec<&Json> = left.iter().chain(right).copied().collect();
    let one_type = all.iter().all(|value| matches!(scalar(value), Some(Scalar::Text(_))))
        || all.iter().all(|value| matches!(scalar(value), Some(Scalar::Flag(_))))
        || all.iter().all(|value| matches!(scalar(value), Some(Scalar::Number(_))));
    one_type && !left.iter().any(|left| right.iter().any(|right| are_equal(left, right)))
}

fn is_within(left: &[&Json], bounds: &Json, facts: &Json) -> bool {
    if left.is_empty() {
        return false;
    }
    for (name, is_least) in [("atLeast", true), ("atMost", false)] {
        let Some(bound) = bounds.get(name) else { continue };
        let Some(Scalar::Number(bound)) = value_of(bound, facts).and_then(scalar) else { return false };
        for value in left {
            match scalar(value) {
                Some(Scalar::Number(number)) if is_least && number >= bound => {}
                Some(Scalar::Number(number)) if !is_least && number <= bound => {}
                _ => return false,
            }
        }
    }
    true
}
