//! What patterns give, found by the path that is asked about.
//!
//! A pattern is found by the hash of its literal segments. Patterns that have their literals at the same places form a
//! group; a question hashes the path once for each group, and looks at no pattern whose literals differ.

use std::cmp::Ordering;

use super::condition::Conditions;
use super::pattern::{read_segment, Path, Segment};
use crate::tables::names::hash;
use crate::tables::sort::sort;

/// A time span in seconds since 1970: `from <= now < until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Bounds {
    /// Whether they hold; no bound holds without a time.
    pub(super) fn contain(self, now: Option<u64>) -> bool {
        now.is_some_and(|now| self.from <= now && now < self.until)
    }

    /// The time in which both hold.
    pub(super) fn intersect(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        match (first, second) {
            (Some(a), Some(b)) => Some(Self { from: a.from.max(b.from), until: a.until.min(b.until) }),
            (one, other) => one.or(other),
        }
    }
}

/// What an entry names: a level, or one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A level, by its code.
    Level(u8),
    /// An action, by its code.
    Action(u8),
}

/// One entry of a pattern: a grant or a limit of one name. A grant of several names is several entries.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) named: Named,
    /// The place in the pattern's list plus one; 0 if there is no list.
    pub(super) item: u32,
    /// The conditions of a grant, or the exceptions from a limit: a place in [`Table::conditions`] plus one, 0 for none.
    conditions: u32,
    /// Likewise in [`Table::bounds`].
    bounds: u32,
    /// Whether the grant or limit is written as an object.
    pub(super) is_object: bool,
}

/// Where the literals of some patterns are.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
struct Group {
    key: Key,
    /// Behind the group's last pattern; its first is the end of the group before.
    end: usize,
}

/// What patterns of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// How many segments there are, `**` not counted.
    count: usize,
    /// Whether `**` follows.
    has_rest: bool,
    /// Bit by bit, which segments are literals, and which are `{subject}`.
    literals: u32,
    subjects: u32,
}

#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
struct Pattern {
    hash: u32,
    text: Box<str>,
    /// Behind the last of its entries.
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
}

/// The place that a number stands for, which is one more, or 0 for none.
fn decode_index(number: u32) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

/// The id that `{subject}` stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum SubjectId<'q> {
    /// This one.
    Id(&'q str),
    /// There is none: `{subject}` matches nothing.
    Missing,
    /// There is none, and it matters to nobody: `{subject}` matches any segment.
    Any,
}

impl Table {
    /// Whether there is nothing in it.
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
            let hash = group.key.hash(|place| path.hash(start.saturating_add(place)));
            let compare =
                |pattern: &Pattern| pattern.hash.cmp(&hash).then_with(|| group.key.compare(&pattern.text, path, start));
            let first = patterns.partition_point(|pattern| compare(pattern) == Ordering::Less);
            for (place, pattern) in patterns.iter().enumerate().skip(first) {
                if compare(pattern) != Ordering::Equal {
                    break;
                }
                self.visit_entries(before.saturating_add(place), visit);
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

impl Key {
    fn of_pattern(pattern: &str) -> Self {
        let mut key = Self { count: 0, has_rest: false, literals: 0, subjects: 0 };
        let mut bit = 1_u32;
        for text in pattern.split('/') {
            match read_segment(text) {
                Segment::Rest => key.has_rest = true,
                Segment::Literal(_) => key.literals |= bit,
                Segment::Subject => key.subjects |= bit,
                Segment::Any => {}
            }
            bit = bit.wrapping_shl(1);
            key.count = key.count.saturating_add(usize::from(!key.has_rest));
        }
        key
    }

    /// Whether the path has as many segments, and the subject's id where it belongs.
    #[inline]
    fn fits_path(self, path: &Path<'_>, start: usize, subject_id: SubjectId<'_>) -> bool {
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

    #[inline]
    fn hash(self, hash: impl Fn(usize) -> u32) -> u32 {
        const MIX: u32 = 0x9E37_79B1;
        set_bits(self.literals).fold(0, |sum, place| (sum.rotate_left(5) ^ hash(place)).wrapping_mul(MIX))
    }

    /// Compares the literals of a pattern with the segments of a path at the same places.
    fn compare(self, pattern: &str, path: &Path<'_>, start: usize) -> Ordering {
        let mut compared = Ordering::Equal;
        for (place, text) in pattern.split('/').enumerate() {
            if let Segment::Literal(literal) = read_segment(text) {
                compared = compared.then_with(|| literal.cmp(path.segment(start.saturating_add(place))));
            }
        }
        compared
    }
}

/// The places of the bits that are set.
fn set_bits(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros();
        bits &= bits.checked_sub(1)?;
        usize::try_from(place).ok()
    })
}

/// A table while its entries are read.
#[derive(Debug, Default)]
pub(super) struct Draft<'v> {
    lines: Vec<(&'v str, Entry)>,
    conditions: Vec<Conditions>,
    bounds: Vec<Bounds>,
}

/// What stands beside the names of a grant or limit.
#[derive(Debug, Default)]
pub(super) struct Qualifiers {
    conditions: u32,
    bounds: u32,
    is_object: bool,
}

impl Qualifiers {
    /// The same for names that are in an object.
    pub(super) fn in_object(self) -> Self {
        Self { is_object: true, ..self }
    }
}

impl<'v> Draft<'v> {
    /// Takes conditions and bounds in, for the names that follow.
    pub(super) fn add_qualifiers(&mut self, conditions: Option<Conditions>, bounds: Option<Bounds>) -> Qualifiers {
        let conditions = conditions.map_or(0, |conditions| {
            self.conditions.push(conditions);
            to_u32(self.conditions.len())
        });
        let bounds = bounds.map_or(0, |bounds| {
            self.bounds.push(bounds);
            to_u32(self.bounds.len())
        });
        Qualifiers { conditions, bounds, is_object: false }
    }

    /// Adds an entry of a valid pattern.
    pub(super) fn add(&mut self, pattern: &'v str, named: Named, item: u32, beside: &Qualifiers) {
        let Qualifiers { conditions, bounds, is_object } = *beside;
        self.lines.push((pattern, Entry { named, item, conditions, bounds, is_object }));
    }

    /// The table of what was added.
    pub(super) fn build(self) -> Table {
        if self.lines.is_empty() {
            return Table::default();
        }
        let mut lines = Vec::with_capacity(self.lines.len());
        for (pattern, entry) in self.lines {
            let key = Key::of_pattern(pattern);
            let hash = key.hash(|place| pattern.split('/').nth(place).map_or(0, literal_hash));
            lines.push((key, hash, pattern, entry));
        }
        // Where literals are equal, the spelling decides, so that the entries of one pattern stand together.
        sort(&mut lines, |(key, hash, pattern, _), (other_key, other_hash, other, _)| {
            let keyed = (key, hash).cmp(&(other_key, other_hash));
            keyed.then_with(|| compare_literals(pattern, other)).then_with(|| pattern.cmp(other))
        });
        let (mut groups, mut patterns, mut entries): (Vec<Group>, Vec<Pattern>, Vec<Entry>) = Default::default();
        for (key, hash, pattern, entry) in lines {
            entries.push(entry);
            let end = entries.len();
            match patterns.last_mut() {
                Some(last) if &*last.text == pattern => last.end = end,
                _ => patterns.push(Pattern { hash, text: pattern.into(), end }),
            }
            let end = patterns.len();
            match groups.last_mut() {
                Some(last) if last.key == key => last.end = end,
                _ => groups.push(Group { key, end }),
            }
        }
        Table {
            groups: groups.into(),
            patterns: patterns.into(),
            entries: entries.into(),
            conditions: self.conditions.into(),
            bounds: self.bounds.into(),
        }
    }
}

/// An entry on its own, as it is written.
#[cfg(feature = "tools")]
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WrittenEntry {
    pub(super) pattern: String,
    pub(super) named: Named,
    pub(super) item: u32,
    pub(super) is_object: bool,
    pub(super) conditions: Option<Conditions>,
    pub(super) bounds: Option<Bounds>,
}

#[cfg(feature = "tools")]
impl Table {
    /// All entries.
    pub(super) fn written_entries(&self) -> Vec<WrittenEntry> {
        let mut list = Vec::new();
        self.for_each_entry(&mut |matched| {
            list.push(WrittenEntry {
                pattern: matched.pattern.to_owned(),
                named: matched.entry.named,
                item: matched.entry.item,
                is_object: matched.entry.is_object,
                conditions: matched.conditions().cloned(),
                bounds: matched.bounds(),
            });
        });
        list
    }

    /// The table of these entries.
    pub(super) fn of_written(entries: &[WrittenEntry]) -> Self {
        let mut draft = Draft::default();
        for WrittenEntry { pattern, named, item, is_object, conditions, bounds } in entries {
            let beside = Qualifiers { is_object: *is_object, ..draft.add_qualifiers(conditions.clone(), *bounds) };
            draft.add(pattern, *named, *item, &beside);
        }
        draft.build()
    }
}

fn literal_hash(text: &str) -> u32 {
    match read_segment(text) {
        Segment::Literal(literal) => hash(0, literal.as_bytes()),
        Segment::Any | Segment::Rest | Segment::Subject => 0,
    }
}

/// Compares the literals of two patterns that have them at the same places.
fn compare_literals(pattern: &str, other: &str) -> Ordering {
    literals(pattern).cmp(literals(other))
}

fn literals(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('/').filter_map(|text| match read_segment(text) {
        Segment::Literal(literal) => Some(literal),
        Segment::Any | Segment::Rest | Segment::Subject => None,
    })
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
