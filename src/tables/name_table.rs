//! Tables that map names in records to small values.
//!
//! They are filled while records are parsed, and sorted by hash and then by text. So an attacker who chooses names with
//! the same hash causes a few more comparisons, but not a longer scan.

use std::cmp::Ordering;

use crate::tables::names::{hash, sort_pairs, NameId, Names};
use crate::tables::sort::sort;

/// The bits of an entry that hold the name's id.
const NAME_BITS: u32 = 24;

const NAME_MASK: u64 = (1_u64 << NAME_BITS).saturating_sub(1);

/// An immutable map from names to values of `VALUE_BITS` bits (at most 32), with 8 bytes for each entry.
///
/// The lowest 24 bits of an entry are the name's id, and the next ones the value. The rest are the highest bits of the
/// name's hash.
#[derive(Debug, Clone)]
pub struct Table<const VALUE_BITS: u32> {
    entries: Box<[u64]>,
}

impl<const VALUE_BITS: u32> Default for Table<VALUE_BITS> {
    fn default() -> Self {
        Self { entries: Box::default() }
    }
}

impl<const VALUE_BITS: u32> Table<VALUE_BITS> {
    /// A table of these pairs, hashed by [`hash`] with seed 0. If a name is repeated, its last value counts.
    pub fn new(names: &Names, pairs: &[(NameId, u32)]) -> Self {
        Self::with_hashes(names, &hash_pairs(names, pairs))
    }

    /// A table of these triples, each with the hash under which it will be looked up.
    pub fn with_hashes(names: &Names, triples: &[(u32, NameId, u32)]) -> Self {
        Self { entries: sort_entries(names, triples, VALUE_BITS) }
    }

    /// The value of a name.
    #[inline]
    pub fn get(&self, names: &Names, name: &str) -> Option<u32> {
        if self.entries.is_empty() {
            return None;
        }
        self.get_hashed(names, name, hash(0, name.as_bytes()))
    }

    /// The value of a name with a known hash.
    #[inline(always)]
    pub fn get_hashed(&self, names: &Names, name: &str, hash: u32) -> Option<u32> {
        find(&self.entries, names, name, hash, VALUE_BITS)
    }

    /// Every name with its value, in the order of the names, so that the order does not depend on hashes.
    pub fn sorted<'a>(&'a self, names: &'a Names) -> Vec<(&'a str, u32)> {
        sort_by_name(&self.entries, names, VALUE_BITS)
    }

    /// Whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

// These functions are not generic, so they are compiled once for all tables.

fn hash_pairs(names: &Names, pairs: &[(NameId, u32)]) -> Vec<(u32, NameId, u32)> {
    let mut triples = Vec::with_capacity(pairs.len());
    for (id, value) in pairs {
        triples.push((hash(0, names.text(*id).as_bytes()), *id, *value));
    }
    triples
}

/// The entries of a table in order. If a name is repeated, its last entry counts.
fn sort_entries(names: &Names, triples: &[(u32, NameId, u32)], value_bits: u32) -> Box<[u64]> {
    let mut entries = Vec::with_capacity(triples.len());
    for (hash, id, value) in triples {
        let value = (u64::from(*value) & value_mask(value_bits)) << NAME_BITS;
        entries.push((key(*hash, value_bits) << hash_shift(value_bits)) | value | u64::from(id.0));
    }
    let key = |entry: u64| (entry >> hash_shift(value_bits), names.text(name_id(entry)));
    // The sort is stable, so among equal names the one that was given last comes last.
    sort(&mut entries, |a, b| key(*a).cmp(&key(*b)));
    let mut kept: Vec<u64> = Vec::with_capacity(entries.len());
    for entry in entries {
        match kept.last_mut() {
            Some(last) if name_id(*last) == name_id(entry) => *last = entry,
            Some(_) | None => kept.push(entry),
        }
    }
    kept.into_boxed_slice()
}

fn find(entries: &[u64], names: &Names, name: &str, hash: u32, value_bits: u32) -> Option<u32> {
    let (shift, key) = (hash_shift(value_bits), key(hash, value_bits));
    // A loop of its own: the library's search calls a function at each step. Text is compared where hashes are equal.
    let (mut first, mut count) = (0_usize, entries.len());
    while count > 0 {
        let half = count >> 1;
        let middle = first.wrapping_add(half);
        let entry = entries.get(middle).copied()?;
        let mut order = (entry >> shift).cmp(&key);
        if order == Ordering::Equal {
            order = names.bytes(name_id(entry)).cmp(name.as_bytes());
        }
        match order {
            Ordering::Equal => return Some(entry_value(entry, value_bits)),
            Ordering::Less => {
                first = middle.wrapping_add(1);
                count = count.wrapping_sub(half).wrapping_sub(1);
            }
            Ordering::Greater => count = half,
        }
    }
    None
}

fn sort_by_name<'a>(entries: &[u64], names: &'a Names, value_bits: u32) -> Vec<(&'a str, u32)> {
    let mut pairs = Vec::with_capacity(entries.len());
    for entry in entries {
        pairs.push((names.text(name_id(*entry)), entry_value(*entry, value_bits)));
    }
    sort_pairs(&mut pairs);
    pairs
}

/// The highest bits of a hash that fit into an entry.
#[inline]
fn key(hash: u32, value_bits: u32) -> u64 {
    let kept = 64_u32.saturating_sub(hash_shift(value_bits)).min(32);
    u64::from(hash) >> 32_u32.saturating_sub(kept)
}

#[inline]
fn entry_value(entry: u64, value_bits: u32) -> u32 {
    u32::try_from((entry >> NAME_BITS) & value_mask(value_bits)).unwrap_or(0)
}

#[inline]
fn hash_shift(value_bits: u32) -> u32 {
    NAME_BITS.saturating_add(value_bits)
}

#[inline]
fn value_mask(value_bits: u32) -> u64 {
    (1_u64 << value_bits).saturating_sub(1)
}

#[inline]
fn name_id(entry: u64) -> NameId {
    NameId(u32::try_from(entry & NAME_MASK).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_only_by_its_complete_text() {
        let mut names = Names::default();
        let ids: Vec<_> = ["Live", "LiveApp", "live", ""].iter().filter_map(|name| names.add(name)).collect();
        names.seal();
        let table = Table::<8>::new(&names, &ids.into_iter().zip(1..).collect::<Vec<_>>());
        assert_eq!(table.get(&names, "Live"), Some(1));
        assert_eq!(table.get(&names, "LiveApp"), Some(2));
        assert_eq!(table.get(&names, "live"), Some(3));
        assert_eq!(table.get(&names, ""), Some(4));
        assert_eq!(table.get(&names, "LiveAp"), None);
        assert_eq!(table.get(&names, "LiveApp2"), None);
    }

    #[test]
    fn names_with_equal_hashes_have_their_own_values() {
        let mut names = Names::default();
        let ids: Vec<_> = ["b", "a", "d", "c"].iter().filter_map(|name| names.add(name)).collect();
        let triples: Vec<_> = ids.into_iter().zip(1..).map(|(id, value)| (7, id, value)).collect();
        let table = Table::<26>::with_hashes(&names, &triples);
        for (name, value) in [("b", 1), ("a", 2), ("d", 3), ("c", 4)] {
            assert_eq!(table.get_hashed(&names, name, 7), Some(value), "{name}");
        }
        assert_eq!(table.get_hashed(&names, "e", 7), None);
    }

    #[test]
    fn the_last_value_of_a_repeated_name_counts() {
        let mut names = Names::default();
        let pairs: Vec<_> = [("a", 1), ("b", 2), ("a", 3)]
            .iter()
            .filter_map(|(name, value)| names.add(name).map(|id| (id, *value)))
            .collect();
        let table = Table::<8>::new(&names, &pairs);
        assert_eq!(table.sorted(&names), [("a", 3), ("b", 2)]);
    }
}
