//! Length limits of names, patterns, scopes and shapes.

use super::pattern::SEGMENTS_MAX;
use crate::document::limits::NAME_MAX;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::tables::text::{fill, number, split};

/// Reports what is wrong with a name in its definition.
pub(super) fn check_name(name: &str, node: Node<'_>, problems: &mut Problems) {
    if name.is_empty() {
        node.problem(problems, Code::BadName, "expected a name, got an empty string");
    }
    check_length(name, node, problems);
}

/// Reports a name, a pattern, a scope or a shape that is too long.
pub(super) fn check_length(text: &str, node: Node<'_>, problems: &mut Problems) {
    if text.len() > NAME_MAX {
        let message = fill("expected at most {} bytes of UTF-8, got {}", &[&number(NAME_MAX), &number(text.len())]);
        node.problem(problems, Code::TooLong, &message);
    }
}

/// Reports a pattern, a scope or a shape with too many segments.
pub(super) fn check_segments(text: &str, node: Node<'_>, problems: &mut Problems) {
    let count = split(text, b'/').count();
    if count > SEGMENTS_MAX {
        let message = fill("expected at most {} segments, got {}", &[&number(SEGMENTS_MAX), &number(count)]);
        node.problem(problems, Code::OutOfRange, &message);
    }
}
