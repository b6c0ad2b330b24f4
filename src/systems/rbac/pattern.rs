//! Patterns, shapes and scopes: their syntax, and which paths they match.
//!
//! A path has 1 to 32 non-empty segments between `/`. A pattern matches whole paths, segment by segment.

use crate::tables::bytes::find_byte;
use crate::tables::names::hash;
use crate::tables::text::{concat, split, strip_first};

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
    if let Some(rest) = strip_first(text, b'\\') {
        return if rest.is_empty() { Err(Fault::Empty) } else { Ok(rest) };
    }
    match text {
        "" => Err(Fault::Empty),
        _ if find_byte(text.as_bytes(), b'*').is_some() || text.as_bytes().first() == Some(&b'{') => {
            Err(Fault::Unescaped)
        }
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

/// Memory for the segments of a path. A path borrows it, because a copy of it would take longer than to parse the path.
#[derive(Debug, Default)]
pub(super) struct PathMemory([PathSegment; SEGMENTS_MAX]);

/// A segment of a path.
#[derive(Clone, Copy, Debug, Default)]
struct PathSegment {
    hash: u32,
    /// Where it ends in the text of the path.
    end: u32,
}

/// A path in its segments, each with the hash of its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'p> {
    text: &'p str,
    segments: &'p [PathSegment],
}

impl<'p> Path<'p> {
    /// An empty path, for conditions that do not read the resource.
    #[cfg(feature = "tools")]
    pub(super) const NONE: Self = Self { text: "", segments: &[] };

    /// Parses a path. Returns `None` if it has an empty segment, or none, or too many.
    pub(super) fn parse(text: &'p str, memory: &'p mut PathMemory) -> Option<Self> {
        let (mut start, mut count) = (0_usize, 0_usize);
        loop {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            let slash = find_byte(rest, b'/');
            let segment = rest.get(..slash.unwrap_or(rest.len())).unwrap_or_default();
            if segment.is_empty() {
                return None;
            }
            let end = start.wrapping_add(segment.len());
            *memory.0.get_mut(count)? = PathSegment { hash: hash(0, segment), end: u32::try_from(end).ok()? };
            count = count.wrapping_add(1);
            if slash.is_none() {
                return Some(Self { text, segments: memory.0.get(..count)? });
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
        self.segments.len()
    }

    /// The segment at this place.
    pub(super) fn segment(&self, place: usize) -> &'p str {
        let start = place.checked_sub(1).map_or(0, |before| self.end(before).saturating_add(1));
        self.text.get(start..self.end(place)).unwrap_or("")
    }

    /// Where the segment at this place ends.
    fn end(&self, place: usize) -> usize {
        self.segments.get(place).and_then(|segment| usize::try_from(segment.end).ok()).unwrap_or(0)
    }

    /// The hash of the segment at this place.
    pub(super) fn hash(&self, place: usize) -> u32 {
        self.segments.get(place).map_or(0, |segment| segment.hash)
    }

    /// The number of segments of a scope. Returns `None` if the path is not in the scope. An empty scope contains every
    /// path.
    pub(super) fn scope_length(&self, scope: &str) -> Option<usize> {
        if scope.is_empty() {
            return Some(0);
        }
        let mut count = 0_usize;
        for text in split(scope, b'/') {
            if count >= self.len() || parse_literal(text) != Ok(self.segment(count)) {
                return None;
            }
            count = count.saturating_add(1);
        }
        Some(count)
    }
}
