//! The regular expressions of the JSON Schema: patterns, scopes, shapes and paths of attributes.

use super::attributes::{Root, GROUPS};
use super::pattern::SEGMENTS_MAX;
use super::shape::RESERVED;
use crate::tables::text::number;
use crate::tables::word::Word;

/// The path of the groups of the user who asks.
pub(super) fn groups() -> String {
    [Root::Subject.word(), ".", GROUPS].concat()
}

/// A literal in a pattern, a scope or a shape.
pub(super) const LITERAL: &str = r"\\[^/]+|[^/*\\{][^/*]*";

/// Segments of this form.
pub(super) fn path(segment: &str) -> String {
    ["^(?:", segment, ")(?:/(?:", segment, ")){0,", &*further_members(), "}$"].concat()
}

/// The most segments after the first.
fn further_members() -> String {
    (*number(SEGMENTS_MAX.saturating_sub(1))).to_owned()
}

pub(super) fn pattern() -> String {
    let segment = [r"\*|\{subject\}|", LITERAL].concat();
    let behind = ["^(?:(?:", &*segment, ")/){0,", &*further_members(), r"}(?:\*\*|", &*segment, ")$"];
    behind.concat()
}

pub(super) fn shape() -> String {
    path(&[r"\{(?!(?:", &*RESERVED.join("|"), r")\})[^/.]+\}|", LITERAL].concat())
}

/// The path of an attribute.
pub(super) fn attribute() -> String {
    ["^(?:", &*Root::WORDS.join("|"), r")(?:\.[^.]+)+$"].concat()
}
