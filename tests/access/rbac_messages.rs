//! Messages of `rbac`: what a problem of a document says to write instead is accepted.

#![expect(clippy::unwrap_used, reason = "a broken test ends the test")]

use latchwork::open;
use serde_json::{json, Value as Json};

/// The message of the only problem of a document.
fn message_of(document: &Json) -> String {
    let error = open("rbac", &document.to_string()).unwrap_err();
    let messages: Vec<&str> = error.problems().iter().map(|problem| &*problem.message).collect();
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.concat()
}

#[test]
fn an_empty_segment_of_a_shape_is_not_answered_with_a_pattern() {
    for shape in ["", "docs//{id}", "docs/\\"] {
        let message = message_of(&json!({ "resources": { "doc": shape } }));
        assert_eq!(message, "a segment is empty: expected a name, or a part such as `{id}`");
    }
}

#[test]
fn an_empty_segment_of_a_pattern_is_reported_without_slashes_that_are_not_there() {
    for pattern in ["", "\\", "docs//a"] {
        let message = message_of(&json!({ "limits": { pattern: "read" } }));
        assert_eq!(message, "a segment is empty: expected a name, `*`, `**` or `{subject}`");
    }
}

#[test]
fn an_unknown_level_of_an_action_is_answered_with_the_levels_that_an_action_can_need() {
    let message = message_of(&json!({ "actions": { "edit": "nope" } }));
    assert_eq!(message, "unknown level `nope`, expected read, write, admin or null");
}

#[test]
fn a_limit_without_members_needs_a_level_or_deny() {
    assert_eq!(message_of(&json!({ "limits": { "a": {} } })), "`level` or `deny` is missing");
}

#[test]
fn a_repeated_part_of_a_shape_is_reported() {
    let message = message_of(&json!({ "resources": { "doc": "{id}/{id}" } }));
    assert_eq!(message, "two parts of this shape have the same name: rename one");
}
