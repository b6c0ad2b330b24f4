//! Patterns as sets of paths: their intersection, and whether one contains another.

use std::collections::BTreeMap;

use super::super::pattern::{escape_literal, read_segment, Segment, SEGMENTS_MAX};
use crate::tables::text::{concat, number};

/// Texts as numbers, so that equal texts have equal numbers.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    list: Vec<Box<str>>,
    places: BTreeMap<Box<str>, u32>,
    /// Made-up texts. One that also occurs in a document is removed.
    made_up: Vec<u32>,
}

impl Texts {
    /// The number of a text of the documents.
    pub(crate) fn add(&mut self, text: &str) -> u32 {
        if let Some(known) = self.places.get(text).copied() {
            self.made_up.retain(|other| *other != known);
            return known;
        }
        self.push(text)
    }

    fn push(&mut self, text: &str) -> u32 {
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.into());
        self.places.insert(text.into(), place);
        place
    }

    pub(crate) fn text(&self, place: u32) -> &str {
        usize::try_from(place).ok().and_then(|place| self.list.get(place)).map_or("", |text| text)
    }

    /// The number of a text. An unknown text has the number `u32::MAX`, which no text has.
    pub(crate) fn number_of(&self, text: &str) -> u32 {
        self.places.get(text).copied().unwrap_or(u32::MAX)
    }

    /// The requested number of texts that do not occur in the documents.
    pub(crate) fn fresh_texts(&mut self, count: usize) -> Vec<u32> {
        let mut at = 1_u32;
        while self.made_up.len() < count {
            let text = concat(&["x", &number(at)]);
            if !self.places.contains_key(&*text) {
                let place = self.push(&text);
                self.made_up.push(place);
            }
            at = at.saturating_add(1);
        }
        self.made_up.iter().take(count).copied().collect()
    }
}

/// One segment of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// The text of this number.
    Literal(u32),
    /// Any text.
    Any,
    /// The id of the subject.
    Subject,
}

/// A set of paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern {
    pub(crate) pieces: Vec<Piece>,
    /// Whether further segments may follow.
    pub(crate) has_rest: bool,
}

impl Pattern {
    /// All paths.
    pub(crate) fn all() -> Self {
        // Each path has a segment.
        Self { pieces: vec![Piece::Any], has_rest: true }
    }

    /// The pattern, prefixed with its scope. Returns `None` if it has too many segments to match a path.
    pub(crate) fn parse(scope: &str, text: &str, texts: &mut Texts) -> Option<Self> {
        let mut pattern = Self { pieces: Vec::new(), has_rest: false };
        for text in scope.split('/').filter(|scope| !scope.is_empty()).chain(text.split('/')) {
            pattern.pieces.push(match read_segment(text) {
                Segment::Literal(literal) => Piece::Literal(texts.add(literal)),
                Segment::Any => Piece::Any,
                Segment::Subject => Piece::Subject,
                Segment::Rest => {
                    pattern.has_rest = true;
                    continue;
                }
            });
        }
        if pattern.pieces.is_empty() {
            return Some(Self::all());
        }
        (pattern.pieces.len() <= SEGMENTS_MAX).then_some(pattern)
    }

    /// The pattern with a piece in place of `{subject}`.
    pub(crate) fn with_subject(&self, subject: Piece) -> Self {
        let replace = |piece: &Piece| if *piece == Piece::Subject { subject } else { *piece };
        Self { pieces: self.pieces.iter().map(replace).collect(), has_rest: self.has_rest }
    }

    pub(crate) fn has_subject(&self) -> bool {
        self.pieces.contains(&Piece::Subject)
    }

    /// Whether it matches several paths.
    pub(crate) fn has_wildcard(&self) -> bool {
        self.has_rest || self.pieces.iter().any(|piece| !matches!(piece, Piece::Literal(_)))
    }

    fn piece(&self, place: usize) -> Option<Piece> {
        self.pieces.get(place).copied().or_else(|| self.has_rest.then_some(Piece::Any))
    }

    /// Whether a path can match both, for any user.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let count = self.pieces.len().max(other.pieces.len());
        (0..count).all(|place| match (self.piece(place), other.piece(place)) {
            (Some(Piece::Literal(a)), Some(Piece::Literal(b))) => a == b,
            (Some(_), Some(_)) => true,
            _ => false,
        })
    }

    /// The intersection of both, and texts that the user's id must equal.
    pub(crate) fn intersect(&self, other: &Self) -> Option<(Self, Vec<u32>)> {
        let count = self.pieces.len().max(other.pieces.len());
        let mut both = Self { pieces: Vec::with_capacity(count), has_rest: self.has_rest && other.has_rest };
        let mut ids = Vec::new();
        for place in 0..count {
            both.pieces.push(match (self.piece(place)?, other.piece(place)?) {
                (Piece::Any, piece) | (piece, Piece::Any) => piece,
                (Piece::Subject, Piece::Subject) => Piece::Subject,
                (Piece::Literal(a), Piece::Literal(b)) if a != b => return None,
                (Piece::Literal(text), Piece::Literal(_)) => Piece::Literal(text),
                (Piece::Literal(text), Piece::Subject) | (Piece::Subject, Piece::Literal(text)) => {
                    ids.push(text);
                    Piece::Literal(text)
                }
            });
        }
        ids.sort_unstable();
        ids.dedup();
        // A user has only one id.
        (ids.len() <= 1).then_some((both, ids))
    }

    /// Whether this pattern contains each path of the other one.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let (count, others) = (self.pieces.len(), other.pieces.len());
        let fits = if self.has_rest { others >= count } else { others == count && !other.has_rest };
        fits && self.pieces.iter().zip(&other.pieces).all(|(piece, other)| *piece == Piece::Any || piece == other)
    }

    /// Whether a path matches, for a user of this id.
    pub(crate) fn matches(&self, path: &[u32], id: Option<u32>) -> bool {
        let fits = if self.has_rest { path.len() >= self.pieces.len() } else { path.len() == self.pieces.len() };
        fits && self.pieces.iter().zip(path).all(|(piece, segment)| match piece {
            Piece::Literal(text) => text == segment,
            Piece::Any => true,
            Piece::Subject => id == Some(*segment),
        })
    }

    /// The pattern in the syntax of a document.
    pub(crate) fn text(&self, texts: &Texts) -> String {
        if *self == Self::all() {
            return "**".to_owned();
        }
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => escape_literal(texts.text(*text)),
            Piece::Any => "*".to_owned(),
            Piece::Subject => "{subject}".to_owned(),
        };
        let mut pieces: Vec<String> = self.pieces.iter().map(piece).collect();
        if self.has_rest && pieces.len() < SEGMENTS_MAX {
            pieces.push("**".to_owned());
        }
        pieces.join("/")
    }
}
