//! The definition of an index, and the keys of its entries.

use crate::directory::key::Key;
use crate::directory::secret::digest;
use crate::document::value::Value;

/// The number of hexadecimal digits in the digest of an attribute's value: 128 bits.
const DIGITS: usize = 32;

/// The definition of an index.
pub(crate) struct Index {
    /// The prefix of the keys of the indexed entries: a kind and `/`.
    pub prefix: &'static str,
    /// The attributes by which an entry is found, each with a value. A list compares the entries that it finds, so
    /// extra terms do no harm.
    pub terms: fn(item: &str, value: &Value) -> Vec<Term>,
}

/// An attribute and its value.
pub(crate) type Term = (&'static str, String);

/// No attributes.
pub(crate) fn no_terms(_: &str, _: &Value) -> Vec<Term> {
    Vec::new()
}

impl Index {
    pub(super) fn name(&self) -> &'static str {
        self.prefix.strip_suffix('/').unwrap_or(self.prefix)
    }

    /// The key of an item's entry.
    pub fn key(&self, item: &str) -> Key {
        Key::from_stored(&format!("{}{item}", self.prefix))
    }

    pub(super) fn state_key(&self) -> Key {
        Key::new("index", &[self.name()])
    }

    pub(super) fn below(&self, kind: &str) -> String {
        format!("index/{}/{kind}", self.name())
    }

    pub(super) fn tree_key(&self) -> Key {
        Key::from_stored(&self.below("tree"))
    }

    pub(super) fn node_key(&self, id: u64) -> Key {
        Key::from_stored(&format!("{}{id}", self.below("node/")))
    }

    pub(super) fn pending_prefix(&self) -> String {
        self.below("pending/")
    }

    pub(super) fn pending_key(&self, item: &str) -> Key {
        Key::from_stored(&format!("{}{item}", self.pending_prefix()))
    }

    /// The prefix of the keys of entries that list the items with a value.
    pub(super) fn term_prefix(&self, attribute: &str, value: &str) -> String {
        let digest = digest(value.as_bytes());
        format!("{}{attribute}/{}/", self.below("term/"), digest.get(..DIGITS).unwrap_or(&digest))
    }

    pub(super) fn term_key(&self, item: &str, (attribute, value): &Term) -> Key {
        Key::from_stored(&format!("{}{item}", self.term_prefix(attribute, value)))
    }

    pub(super) fn terms(&self, item: &str, value: Option<&Value>) -> Vec<Term> {
        let mut terms = value.map(|value| (self.terms)(item, value)).unwrap_or_default();
        terms.sort();
        terms.dedup();
        terms
    }
}
