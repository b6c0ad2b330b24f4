//! The names in records.
//!
//! They are added while records are parsed. A question only looks names up and adds none, so questions cannot make an
//! authorizer grow.

use std::cmp::Ordering;

use crate::tables::sort::{merge, sort};

/// The most distinct names in one set of records: ids have 24 bits.
pub const NAMES_MAX: usize = 1 << 24;

/// The number of a name in its [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameId(pub(super) u32);

impl NameId {
    /// The index of the name, less than [`Names::len`].
    pub fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A set of names in one string.
#[derive(Debug, Default)]
pub struct Names {
    texts: String,
    /// Where each name ends in `texts`. It begins where the previous one ends.
    ends: Vec<usize>,
    /// Only needed while names are added. [`Names::seal`] frees it.
    known: Known,
}

/// Finds a name by its text: a hash table in which a name is in one of [`PROBES`] consecutive slots, from the slot of
/// its hash on. If all of them are taken, the name is in `crowded`. So names that an attacker chooses for their hashes
/// do not slow down others.
#[derive(Debug, Default)]
struct Known {
    /// The hash of each name.
    hashes: Vec<u32>,
    /// A hash and the index of its name plus one, or 0 for a free slot. The length is a power of two, or 0.
    slots: Vec<(u32, u32)>,
    /// The indexes of names in sorted runs, by hash and then by text. The length of each run is a power of two and more
    /// than that of the next. A tree would be as fast, with ten times the code.
    crowded: Vec<usize>,
}

/// The number of slots that are searched for a name.
const PROBES: usize = 16;

impl Names {
    /// The id of this name, which is added if it is new. Returns `None` if there are already [`NAMES_MAX`] names.
    pub fn add(&mut self, name: &str) -> Option<NameId> {
        self.find(name).or_else(|| self.add_new(name))
    }

    /// Frees the memory that is only needed to add names.
    pub fn seal(&mut self) {
        self.known = Known::default();
        self.texts.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a name.
    pub fn text(&self, id: NameId) -> &str {
        self.text_at(id.place())
    }

    #[inline(always)]
    fn text_at(&self, place: usize) -> &str {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.texts.get(start..end).unwrap_or("")
    }

    /// The text of a name in bytes, which is cut without a look at letters.
    #[inline(always)]
    pub fn bytes(&self, id: NameId) -> &[u8] {
        let place = id.place();
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.texts.as_bytes().get(start..end).unwrap_or_default()
    }

    /// The id of a name that was added.
    fn find(&self, name: &str) -> Option<NameId> {
        let hash = hash(0, name.as_bytes());
        for slot in self.known.probe_slots(hash) {
            let (known, number) = self.known.slots.get(slot).copied()?;
            let place = number.checked_sub(1)?;
            if known == hash && self.text(NameId(place)) == name {
                return Some(NameId(place));
            }
        }
        self.find_crowded(hash, name)
    }

    fn find_crowded(&self, hash: u32, name: &str) -> Option<NameId> {
        let mut runs = self.known.crowded.as_slice();
        while let Some(length) = runs.len().checked_ilog2() {
            let (run, shorter) = runs.split_at_checked(1 << length)?;
            if let Ok(place) = run.binary_search_by(|place| self.compare(*place, hash, name)) {
                return run.get(place).and_then(|place| u32::try_from(*place).ok()).map(NameId);
            }
            runs = shorter;
        }
        None
    }

    fn add_new(&mut self, name: &str) -> Option<NameId> {
        let place = self.ends.len();
        let id = u32::try_from(place).ok().filter(|_| place < NAMES_MAX)?;
        self.texts.push_str(name);
        self.ends.push(self.texts.len());
        self.known.hashes.push(hash(0, name.as_bytes()));
        // At most half of the slots are taken.
        if self.known.slots.len() < self.ends.len().saturating_mul(2) {
            let slots = self.ends.len().saturating_mul(4).next_power_of_two();
            self.known.slots = vec![(0, 0); slots];
            self.known.crowded.clear();
            (0..place).for_each(|place| self.index_name(place));
        }
        self.index_name(place);
        Some(NameId(id))
    }

    /// Adds the name at this index to the hash table.
    fn index_name(&mut self, place: usize) {
        let hash = self.hash_at(place);
        for slot in self.known.probe_slots(hash) {
            if let Some(slot) = self.known.slots.get_mut(slot).filter(|(_, number)| *number == 0) {
                *slot = (hash, u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1));
                return;
            }
        }
        // As when 1 is added to a binary number: from the end, two runs of equal length become one.
        let count = self.known.crowded.len();
        let mut run = vec![place];
        while count & run.len() != 0 {
            let older = self.known.crowded.split_off(self.known.crowded.len().saturating_sub(run.len()));
            let mut longer = Vec::with_capacity(run.len().saturating_mul(2));
            merge(&older, &run, &mut longer, &|a, b| self.compare(a, self.hash_at(b), self.text_at(b)));
            run = longer;
        }
        self.known.crowded.append(&mut run);
    }

    fn compare(&self, place: usize, hash: u32, name: &str) -> Ordering {
        self.hash_at(place).cmp(&hash).then_with(|| self.text_at(place).cmp(name))
    }

    fn hash_at(&self, place: usize) -> u32 {
        self.known.hashes.get(place).copied().unwrap_or(0)
    }
}

impl Known {
    /// The slots that can have a name of this hash, in the order in which they are used.
    fn probe_slots(&self, hash: u32) -> impl Iterator<Item = usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let first = usize::try_from(hash).unwrap_or(0);
        (0..PROBES.min(self.slots.len())).map(move |step| first.wrapping_add(step) & mask)
    }
}

/// Maps texts to numbers while a document is parsed. Not used by questions.
#[derive(Debug, Default)]
pub struct Index {
    names: Names,
    numbers: Vec<u32>,
}

impl Index {
    /// Inserts a text with a number. Returns false, and inserts nothing, if the text is already present.
    pub fn insert(&mut self, text: &str, number: u32) -> bool {
        let is_new = self.names.find(text).is_none() && self.names.add_new(text).is_some();
        if is_new {
            self.numbers.push(number);
        }
        is_new
    }

    /// The number of a text.
    pub fn get(&self, text: &str) -> Option<u32> {
        let place = self.names.find(text)?.place();
        self.numbers.get(place).copied()
    }
}

/// The hash of a name. `seed` is 0, or the hash of the text before it.
#[inline]
pub fn hash(seed: u32, text: &[u8]) -> u32 {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

    let mut state = u64::from(seed) ^ MIX;
    let mut chunks = text.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        state = (state ^ word).wrapping_mul(MIX);
        state ^= state >> 32;
    }
    state = (state ^ tail(text, chunks.remainder())).wrapping_mul(MIX);
    u32::try_from(state >> 32).unwrap_or(0)
}

/// The bytes that remain of a text behind whole words, the first one highest, and 0x80 above them.
fn tail(text: &[u8], rest: &[u8]) -> u64 {
    let mark = 0x80_u64.wrapping_shl(u32::try_from(rest.len()).unwrap_or(0) << 3);
    match text.last_chunk() {
        // They are the end of the last eight bytes.
        Some(last) => (u64::from_be_bytes(*last) & (mark.wrapping_shl(1).wrapping_sub(1) >> 8)) | mark,
        None => rest.iter().fold(0x80, |tail, byte| (tail << 8) | u64::from(*byte)),
    }
}

/// Sorts pairs by their names.
pub fn sort_pairs(pairs: &mut [(&str, u32)]) {
    sort(pairs, |(a, _), (b, _)| a.cmp(b));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_index_equals_a_map(texts in prop::collection::vec("[ab]{0,4}", 0..60)) {
            let (mut index, mut map) = (Index::default(), BTreeMap::new());
            for (number, text) in (0..).zip(&texts) {
                prop_assert_eq!(index.insert(text, number), !map.contains_key(text));
                map.entry(text.clone()).or_insert(number);
                for text in &texts {
                    prop_assert_eq!(index.get(text), map.get(text).copied());
                }
            }
        }
    }

    #[test]
    fn names_without_a_free_slot_are_found_in_few_steps() {
        let mut names = Names::default();
        let many: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
        for name in &many {
            names.add(name);
        }
        // With equal hashes, most names find no free slot.
        names.known = Known { hashes: vec![7; many.len()], slots: vec![(0, 0); 16_384], crowded: Vec::new() };
        (0..many.len()).for_each(|place| names.index_name(place));
        assert_eq!(names.known.crowded.len(), many.len() - PROBES);
        for (place, name) in many.iter().enumerate().skip(PROBES) {
            assert_eq!(names.find_crowded(7, name).map(NameId::place), Some(place), "{name}");
        }
        assert_eq!(names.find_crowded(7, "5000"), None);
    }
}
