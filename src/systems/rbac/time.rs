//! Time bounds: `from` and `until` in whole seconds since 1970.

use super::fields::Fields;
use super::table::Bounds;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::double;

/// This value as an integer from 0 to 2^53-1.
pub(super) fn integer(value: &Value) -> Option<u64> {
    let Value::Number(digits) = value else { return None };
    double::whole_number(digits)
}

/// The bounds among these members.
pub(super) fn bounds(fields: &Fields<'_>, problems: &mut Problems) -> Option<Bounds> {
    let (first, last) = (fields.get("from"), fields.get("until"));
    let from = first.map(|node| parse_seconds(node, problems));
    let until = last.map(|node| parse_seconds(node, problems));
    if let (Some(node), Some(Some(from)), Some(Some(until))) = (last, from, until) {
        if until <= from {
            node.problem(
                problems,
                Code::BadTime,
                "expected a time after `from`: `until` is the first second that no longer counts",
            );
        }
    }
    if from.is_none() && until.is_none() {
        return None;
    }
    Some(Bounds { from: from.flatten().unwrap_or(0), until: until.flatten().unwrap_or(u64::MAX) })
}

fn parse_seconds(node: Node<'_>, problems: &mut Problems) -> Option<u64> {
    let seconds = integer(node.value);
    if seconds.is_none() {
        let message = "expected a whole number of seconds since 1970-01-01T00:00:00Z, from 0 to 9007199254740991";
        node.problem(problems, Code::BadTime, message);
    }
    seconds
}
