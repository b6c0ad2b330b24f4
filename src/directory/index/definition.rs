//! What a model has indexed, and the keys of the entries of an index.

use crate::directory::key::Key;
use crate::directory::secret::digest;
use crate::document::value::Value;

/// Hexadecimal digits of the digest of an attribute's value: 128 bits.
const DIGITS: usize = 32;

/// What a system has indexed.
pub(crate) struct Index {
    /// What the keys of the entries begin with: a kind and `/`.
    pub prefix: &'static str,
    /// The attributes by which an entry is found, each with a value. A list compares what it finds, so an entry may
    /// have terms that nobody asks for.
    pub terms: fn(item: &str, value: &Value) -> Vec<Term>,
}

/// An attribute and a value of it.
pub(crate) type Term = (&'static str, String);

/// No attributes.
pub(crate) fn no_terms(_: &str, _: &Value) -> Vec<Term> {
    Vec::new()
}

impl Index {
    pub(super) fn name(&self) -> &'static str {
        self.prefix.strip_suffix('/').unwrap_or(self.prefix)
    }

    /// The key of the entry of an item.
    pub fn key(&self, item: &str) -> Key {
        Key::stored(&format!("{}{item}", self.prefix))
    }

    pub(super) fn state_key(&self) -> Key {
        Key::new("index", &[self.name()])
    }

    pub(super) fn below(&self, kind: &str) -> String {
        format!("index/{}/{kind}", self.name())
    }

    pub(super) fn tree_key(&self) -> Key {
        Key::stored(&self.below("tree"))
    }

    pub(super) fn node_key(&self, id: u64) -> Key {
        Key::stored(&format!("{}{id}", self.below("node/")))
    }

    pub(super) fn pending_prefix(&self) -> String {
        self.below("pending/")
    }

    pub(super) fn pending_key(&self, item: &str) -> Key {
        Key::stored(&format!("{}{item}", self.pending_prefix()))
    }

    /// What the keys of the entries begin with that say which items have a value.
    pub(super) fn term_prefix(&self, attribute: &str, value: &str) -> String {
        let digest = digest(value.as_bytes());
        format!("{}{attribute}/{}/", self.below("term/"), digest.get(..DIGITS).unwrap_or(&digest))
    }

    pub(super) fn term_key(&self, item: &str, (attribute, value): &Term) -> Key {
        Key::stored(&format!("{}{item}", self.term_prefix(attribute, value)))
    }

    pub(super) fn terms(&self, item: &str, value: Option<&Value>) -> Vec<Term> {
        let mut terms = value.map(|value| (self.terms)(item, value)).unwrap_or_default();
        terms.sort();
        terms.dedup();
        terms
    }
}
