//! The form of a pattern: where it has literals, `{subject}` and `**`.

use super::super::pattern::{read_segment, Path, Segment};
use crate::tables::bytes::find_byte;
use crate::tables::names::hash;
use crate::tables::text::split;

/// The common form of a group's patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The number of segments without `**`.
    count: usize,
    /// Whether `**` follows.
    has_rest: bool,
    /// Bit masks of the segments that are literals, and of those that are `{subject}`.
    literals: u32,
    subjects: u32,
}

/// The id with which `{subject}` is replaced.
#[derive(Clone, Copy, Debug)]
pub enum SubjectId<'q> {
    /// This id.
    Id(&'q str),
    /// No id: `{subject}` matches nothing.
    Missing,
    /// Any id: `{subject}` matches any segment.
    Any,
}

impl Key {
    /// The form of a pattern, and the hash of its literals.
    pub fn of_pattern(pattern: &str) -> (Self, u32) {
        let mut key = Self { count: 0, has_rest: false, literals: 0, subjects: 0 };
        let (mut bit, mut sum) = (1_u32, 0_u32);
        for text in split(pattern, b'/') {
            match read_segment(text) {
                Segment::Rest => key.has_rest = true,
                Segment::Literal(literal) => {
                    key.literals |= bit;
                    sum = add_hash(sum, hash(0, literal.as_bytes()));
                }
                Segment::Subject => key.subjects |= bit,
                Segment::Any => {}
            }
            bit = bit.wrapping_shl(1);
            key.count = key.count.saturating_add(usize::from(!key.has_rest));
        }
        (key, sum)
    }

    /// Whether the path has the right number of segments, and the subject's id at each `{subject}`.
    #[inline]
    pub fn fits_path(self, path: &Path<'_>, start: usize, subject_id: SubjectId<'_>) -> bool {
        let count = path.len().saturating_sub(start);
        if if self.has_rest { count < self.count } else { count != self.count } {
            return false;
        }
        match subject_id {
            _ if self.subjects == 0 => true,
            SubjectId::Any => true,
            SubjectId::Missing => false,
            SubjectId::Id(id) => set_bits(self.subjects).all(|place| path.segment(start.saturating_add(place)) == id),
        }
    }

    /// The hash of the segments of a path at the positions of literals.
    #[inline]
    pub fn hash_path(self, path: &Path<'_>, start: usize) -> u32 {
        let (mut literals, mut place, mut sum) = (self.literals, start, 0_u32);
        while literals != 0 {
            if literals & 1 != 0 {
                sum = add_hash(sum, path.hash(place));
            }
            (literals, place) = (literals >> 1, place.saturating_add(1));
        }
        sum
    }

    /// Whether the segments of a path are the literals of a pattern at the same positions.
    pub fn has_literals(self, pattern: &str, path: &Path<'_>, start: usize) -> bool {
        let mut rest = pattern.as_bytes();
        let (mut literals, mut place) = (self.literals, start);
        while literals != 0 {
            let text = next_segment(&mut rest);
            if literals & 1 != 0 && unescape(text) != path.segment(place).as_bytes() {
                return false;
            }
            (literals, place) = (literals >> 1, place.saturating_add(1));
        }
        true
    }
}

/// The hash of literals and one more.
fn add_hash(sum: u32, hash: u32) -> u32 {
    const MIX: u32 = 0x9E37_79B1;
    (sum.rotate_left(5) ^ hash).wrapping_mul(MIX)
}

/// Takes the next segment off a pattern.
fn next_segment<'p>(rest: &mut &'p [u8]) -> &'p [u8] {
    let length = find_byte(rest, b'/').unwrap_or(rest.len());
    let segment = rest.get(..length).unwrap_or_default();
    *rest = rest.get(length.saturating_add(1)..).unwrap_or_default();
    segment
}

/// A literal without its `\\`.
fn unescape(literal: &[u8]) -> &[u8] {
    match literal {
        [b'\\', literal @ ..] => literal,
        literal => literal,
    }
}

/// The positions of the bits that are set.
fn set_bits(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros();
        bits &= bits.checked_sub(1)?;
        usize::try_from(place).ok()
    })
}
