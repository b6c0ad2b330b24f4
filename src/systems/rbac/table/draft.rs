//! Builds tables from entries, and lists the entries of a table as they were added.

use super::super::condition::Conditions;
use super::key::Key;
use super::{Bounds, Entry, Group, Named, Pattern, Table};
use crate::tables::bytes::compare_texts;
use crate::tables::sort::sort;

/// A table that is being built.
#[derive(Debug, Default)]
pub struct Draft<'v> {
    lines: Vec<(&'v str, Entry)>,
    conditions: Vec<Conditions>,
    bounds: Vec<Bounds>,
    #[cfg(feature = "tools")]
    nameless: Vec<(Box<str>, u32)>,
}

/// The conditions and bounds of a grant or limit, which apply to all its names.
#[derive(Debug, Default)]
pub struct Qualifiers {
    conditions: u32,
    bounds: u32,
    is_object: bool,
}

impl Qualifiers {
    /// The same for a grant or limit that is written as an object.
    pub fn in_object(self) -> Self {
        Self { is_object: true, ..self }
    }
}

impl<'v> Draft<'v> {
    /// Adds conditions and bounds, for the names that follow.
    pub fn add_qualifiers(&mut self, conditions: Option<Conditions>, bounds: Option<Bounds>) -> Qualifiers {
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
    pub fn add(&mut self, pattern: &'v str, named: Named, item: u32, qualifiers: &Qualifiers) {
        let Qualifiers { conditions, bounds, is_object } = *qualifiers;
        self.lines.push((pattern, Entry { named, item, conditions, bounds, is_object }));
    }

    /// The number of entries so far.
    #[cfg(feature = "tools")]
    pub fn entry_count(&self) -> usize {
        self.lines.len()
    }

    /// Adds a grant or limit that names nothing.
    #[cfg(feature = "tools")]
    pub fn add_nameless(&mut self, pattern: &str, item: u32) {
        self.nameless.push((pattern.into(), item));
    }

    /// The table with all added entries.
    pub fn build(self) -> Table {
        if self.lines.is_empty() {
            return Table {
                #[cfg(feature = "tools")]
                nameless: self.nameless.into(),
                ..Table::default()
            };
        }
        let mut lines = Vec::with_capacity(self.lines.len());
        for (pattern, entry) in self.lines {
            let (key, hash) = Key::of_pattern(pattern);
            lines.push((key, hash, pattern, entry));
        }
        // Also by their texts, so that the entries of one pattern are adjacent.
        sort(&mut lines, |(key, hash, pattern, _), (other_key, other_hash, other, _)| {
            (key, hash).cmp(&(other_key, other_hash)).then_with(|| compare_texts(pattern, other))
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
            #[cfg(feature = "tools")]
            nameless: self.nameless.into(),
        }
    }
}

/// An entry with its pattern, conditions and bounds.
#[cfg(feature = "tools")]
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenEntry {
    pub pattern: String,
    pub named: Named,
    pub item: u32,
    pub is_object: bool,
    pub conditions: Option<Conditions>,
    pub bounds: Option<Bounds>,
}

#[cfg(feature = "tools")]
impl Table {
    /// All entries.
    pub fn written_entries(&self) -> Vec<WrittenEntry> {
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
    pub fn of_written(entries: &[WrittenEntry]) -> Self {
        let mut draft = Draft::default();
        for WrittenEntry { pattern, named, item, is_object, conditions, bounds } in entries {
            let qualifiers = Qualifiers { is_object: *is_object, ..draft.add_qualifiers(conditions.clone(), *bounds) };
            draft.add(pattern, *named, *item, &qualifiers);
        }
        draft.build()
    }
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
