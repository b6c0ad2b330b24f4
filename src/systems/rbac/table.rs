//! Tables of grants or limits, which are looked up by the path of a resource.
//!
//! A pattern is found by the hash of its literal segments. Patterns with literals at the same positions form a group. A
//! question hashes the path once for each group, and visits only patterns whose literals match.

pub(super) mod draft;
mod key;

use self::key::Key;
use super::condition::Conditions;
use super::pattern::Path;

pub(super) use self::key::SubjectId;

/// A time span in seconds since 1970: `from <= now < until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Bounds {
    /// Whether the time is within the bounds. Without a time it is not.
    pub(super) fn contain(self, now: Option<u64>) -> bool {
        now.is_some_and(|now| self.from <= now && now < self.until)
    }

    /// The time span that is within both bounds.
    pub(super) fn intersect(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        match (first, second) {
            (Some(a), Some(b)) => Some(Self { from: a.from.max(b.from), until: a.until.min(b.until) }),
            (one, other) => one.or(other),
        }
    }
}

/// The level or the action of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A level, by its code.
    Level(u8),
    /// An action, by its code.
    Action(u8),
}

/// One entry of a pattern: a grant or limit of one level or action. A grant of several names has several entries.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) named: Named,
    /// The index in the pattern's list plus one, or 0 without a list.
    pub(super) item: u32,
    /// The conditions of a grant, or the exceptions from a limit: an index in [`Table::conditions`] plus one, or 0 for
    /// none.
    conditions: u32,
    /// The bounds: an index in [`Table::bounds`] plus one, or 0 for none.
    bounds: u32,
    /// Whether the grant or limit is written as an object.
    pub(super) is_object: bool,
}

/// The patterns with literals at the same positions.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
struct Group {
    key: Key,
    /// The index after the group's last pattern. Its first pattern is at the end of the previous group.
    end: usize,
}

#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
struct Pattern {
    hash: u32,
    text: Box<str>,
    /// The index after its last entry.
    end: usize,
}

/// Patterns with their entries.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug, Default)]
pub(super) struct Table {
    groups: Box<[Group]>,
    patterns: Box<[Pattern]>,
    entries: Box<[Entry]>,
    conditions: Box<[Conditions]>,
    bounds: Box<[Bounds]>,
    /// The grants or limits without names, each by its pattern and item.
    #[cfg(feature = "tools")]
    pub(super) nameless: Box<[(Box<str>, u32)]>,
}

/// An entry that matches a path.
#[derive(Clone, Copy)]
pub(super) struct Match<'t> {
    table: &'t Table,
    pub(super) pattern: &'t str,
    pub(super) entry: &'t Entry,
}

impl<'t> Match<'t> {
    pub(super) fn conditions(self) -> Option<&'t Conditions> {
        self.table.conditions.get(decode_index(self.entry.conditions)?)
    }

    pub(super) fn bounds(self) -> Option<Bounds> {
        self.table.bounds.get(decode_index(self.entry.bounds)?).copied()
    }

    /// Visits the entries of the same grant or limit: one for each of its names.
    pub(super) fn for_each_name(self, visit: &mut dyn FnMut(Match<'t>)) {
        self.table.for_each_entry(&mut |other| {
            if other.pattern == self.pattern && other.entry.item == self.entry.item {
                visit(other);
            }
        });
    }
}

/// The index that was stored as this number: the index plus one, or 0 for none.
fn decode_index(number: u32) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

impl Table {
    /// Whether the table has no entries.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether an entry has bounds.
    pub(super) fn has_bounds(&self) -> bool {
        !self.bounds.is_empty()
    }

    /// Visits every entry whose pattern matches the path from the segment `start` on.
    #[inline]
    pub(super) fn visit_matches<'t>(
        &'t self,
        path: &Path<'_>,
        start: usize,
        subject_id: SubjectId<'_>,
        visit: &mut dyn FnMut(Match<'t>),
    ) {
        let mut begin = 0_usize;
        for group in &self.groups {
            let patterns = self.patterns.get(begin..group.end).unwrap_or_default();
            let before = begin;
            begin = group.end;
            if !group.key.fits_path(path, start, subject_id) {
                continue;
            }
            let hash = group.key.hash_path(path, start);
            let first = first_with_hash(patterns, hash);
            for (place, pattern) in patterns.iter().enumerate().skip(first) {
                if pattern.hash != hash {
                    break;
                }
                // Other literals can have the same hash.
                if group.key.has_literals(&pattern.text, path, start) {
                    self.visit_entries(before.saturating_add(place), visit);
                }
            }
        }
    }

    /// Visits every entry.
    pub(super) fn for_each_entry<'t>(&'t self, visit: &mut dyn FnMut(Match<'t>)) {
        (0..self.patterns.len()).for_each(|place| self.visit_entries(place, visit));
    }

    fn visit_entries<'t>(&'t self, place: usize, visit: &mut dyn FnMut(Match<'t>)) {
        let Some(pattern) = self.patterns.get(place) else { return };
        let start = place.checked_sub(1).and_then(|before| self.patterns.get(before)).map_or(0, |before| before.end);
        for entry in self.entries.get(start..pattern.end).unwrap_or_default() {
            visit(Match { table: self, pattern: &pattern.text, entry });
        }
    }
}

/// The index of the first pattern of a group that has this hash, or a greater one. A loop of its own: the library's
/// search calls a function at each step.
fn first_with_hash(patterns: &[Pattern], hash: u32) -> usize {
    let (mut first, mut count) = (0_usize, patterns.len());
    while count > 0 {
        let half = count >> 1;
        let middle = first.wrapping_add(half);
        let Some(pattern) = patterns.get(middle) else { break };
        if pattern.hash < hash {
            first = middle.wrapping_add(1);
            count = count.wrapping_sub(half).wrapping_sub(1);
        } else {
            count = half;
        }
    }
    first
}
