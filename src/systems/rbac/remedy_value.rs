//! One remedy as a value of the explanation, with its change as a JSON Patch (RFC 6902).

use super::object::Members;
use crate::document::value::Value;

/// What changes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Target {
    Document,
    Question,
}

/// A remedy: one change.
pub(super) fn remedy(kind: &str, target: Target, op: &str, path: String, value: Option<Value>, text: &str) -> Value {
    named_remedy(kind, "", target, op, path, value, text)
}

/// Adds the name of the role or group that is assigned.
pub(super) fn named_remedy(
    kind: &str,
    name: &str,
    target: Target,
    op: &str,
    path: String,
    value: Option<Value>,
    text: &str,
) -> Value {
    let mut members = remedy_members(kind, text, target, &path);
    let mut change = Members::default();
    change.text("op", op);
    change.put("path", Value::Text(path));
    if let Some(value) = value {
        change.put("value", value);
    }
    members.put("patch", Value::List(vec![change.object()]));
    if !name.is_empty() {
        members.text(kind, name);
    }
    members.object()
}

/// The members of every remedy.
pub(super) fn remedy_members(kind: &str, text: &str, target: Target, path: &str) -> Members {
    let mut members = Members::default();
    members.text("kind", kind);
    members.text("text", text);
    members.text("target", if target == Target::Document { "document" } else { "question" });
    // The end of a list is not a part of the document.
    members.text("pointer", path.strip_suffix("/-").unwrap_or(path));
    members
}

/// A pointer to a record is one into the question.
pub(super) fn target_of(place: &str) -> Target {
    if place == "/subject" || place.starts_with("/subject/") {
        Target::Question
    } else {
        Target::Document
    }
}
