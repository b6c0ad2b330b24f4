//! Patterns, shapes and scopes: their syntax, and which paths they match.
//!
//! A path has 1 to 32 non-empty segments between `/`. A pattern matches whole paths, segment by segment.

use crate::tables::bytes::find_byte;
use crate::tables::names::hash;
use crate::tables::text::{concat, split};

/// The most segments of a path, a pattern, a scope or a shape.
pub(super) const SEGMENTS_MAX: usize = 32;

/// One segment of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment<'p> {
    /// A text that must be equal.
    Literal(&'p str),
    /// `*`: any one segment.
    Any,
    /// `**`: no segment or more, at the end.
    Rest,
    /// `{subject}`: the id of the subject.
    Subject,
}

/// Why a segment is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The segment is empty.
    Empty,
    /// A literal contains `*`, or begins with `{` or `\`.
    Unescaped,
    /// `**` is not the last segment.
    RestNotLast,
}

impl Fault {
    /// What is wrong, and what to write instead.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Empty => "a segment is empty: expected a name, `*`, `**` or `{subject}`",
            Self::Unescaped => "a name that holds `*`, or begins with `{`, is written with `\\` in front",
            Self::RestNotLast => "`**` can only be the last segment: write `*` for one segment",
        }
    }
}

/// The segment that this text is in a pattern.
pub(super) fn parse_segment(text: &str) -> Result<Segment<'_>, Fault> {
    match text {
        "" | "\\" => Err(Fault::Empty),
        "*" => Ok(Segment::Any),
        "**" => Ok(Segment::Rest),
        "{subject}" => Ok(Segment::Subject),
        _ => parse_literal(text).map(Segment::Literal),
    }
}

/// The text that a literal matches.
pub(super) fn parse_literal(text: &str) -> Result<&str, Fault> {
    if let Some(rest) = text.strip_prefix('\\') {
        return if rest.is_empty() { Err(Fault::Empty) } else { Ok(rest) };
    }
    match text {
        "" => Err(Fault::Empty),
        _ if find_byte(text.as_bytes(), b'*').is_some() || text.starts_with('{') => Err(Fault::Unescaped),
        _ => Ok(text),
    }
}

/// A name as a literal of a pattern.
pub(super) fn escape_literal(name: &str) -> String {
    let escape = if parse_literal(name) == Ok(name) { "" } else { "\\" };
    concat(&[escape, name])
}

/// Adds a segment to a path or a pattern.
pub(super) fn push_segment(path: &mut String, segment: &str) {
    if !path.is_empty() {
        path.push('/');
    }
    path.push_str(segment);
}

/// The segment of a valid pattern: a literal without its `\`.
pub(super) fn read_segment(text: &str) -> Segment<'_> {
    parse_segment(text).unwrap_or(Segment::Any)
}

/// A path in its segments, each with the hash of its text.
#[derive(Debug)]
pub(super) struct Path<'p> {
    text: &'p str,
    /// Where each segment ends in `text`.
    ends: [u16; SEGMENTS_MAX],
    hashes: [u32; SEGMENTS_MAX],
    count: usize,
}

impl<'p> Path<'p> {
    /// An empty path, for conditions that do not read the resource.
    #[cfg(feature = "tools")]
    pub(super) const NONE: Self = Self { text: "", ends: [0; SEGMENTS_MAX], hashes: [0; SEGMENTS_MAX], count: 0 };

    /// Parses a path. Returns `None` if it has an empty segment, or none, or too many.
    pub(super) fn parse(text: &'p str) -> Option<Self> {
        let mut path = Self { text, ends: [0; SEGMENTS_MAX], hashes: [0; SEGMENTS_MAX], count: 0 };
        let mut start = 0_usize;
        loop {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            let slash = find_byte(rest, b'/');
            let segment = rest.get(..slash.unwrap_or(rest.len())).unwrap_or_default();
            if segment.is_empty() {
                return None;
            }
            let end = start.wrapping_add(segment.len());
            *path.ends.get_mut(path.count)? = u16::try_from(end).ok()?;
            *path.hashes.get_mut(path.count)? = hash(0, segment);
            path.count = path.count.wrapping_add(1);
            if slash.is_none() {
                return Some(path);
            }
            start = end.wrapping_add(1);
        }
    }

    /// The text of the whole path.
    pub(super) fn text(&self) -> &'p str {
        self.text
    }

    /// The number of segments.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The segment at this place.
    pub(super) fn segment(&self, place: usize) -> &'p str {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.map_or(0, |end| usize::from(*end).saturating_add(1));
        let end = self.ends.get(place).map_or(0, |end| usize::from(*end));
        self.text.get(start..end).unwrap_or("")
    }

    /// The hash of the segment at this place.
    pub(super) fn hash(&self, place: usize) -> u32 {
        self.hashes.get(place).copied().unwrap_or(0)
    }

    /// The number of segments of a scope. Returns `None` if the path is not in the scope. An empty scope contains every
    /// path.
    pub(super) fn scope_length(&self, scope: &str) -> Option<usize> {
        if scope.is_empty() {
            return Some(0);
        }
        let mut count = 0_usize;
        for text in split(scope, b'/') {
            if count >= self.count || parse_literal(text) != Ok(self.segment(count)) {
                return None;
            }
            count = count.saturating_add(1);
        }
        Some(count)
    }
}
