//! A fixed number of entries for data about names that clients make up, so that they cannot make the store grow.
//!
//! A keyed digest of the name selects its slot. The key is the directory's secret, so clients cannot find names that
//! share a slot. If two names share one, the newer entry evicts the older one. A slot holds a digest of the name, not
//! the name itself.

use super::key::Key;
use super::secret::digest_under;
use super::transaction::Transaction;
use crate::document::value::Value;

/// The number of hexadecimal digits of a slot: 65,536 slots for each kind.
const DIGITS: usize = 4;

/// The slot of a name.
pub(crate) struct Slot {
    key: Key,
    /// The digest of the name.
    of: String,
}

impl Slot {
    /// The slot of a kind for these names together.
    pub fn new(tx: &Transaction<'_>, kind: &str, names: &[&str]) -> Self {
        let of = digest_under(tx.secret(), &[&[kind], names].concat());
        let digits: String = of.chars().take(DIGITS).collect();
        Self { key: Key::new(kind, &[&digits]), of }
    }

    /// The same slot, for data that is valid only while something else is unchanged.
    pub fn valid_while(&self, tx: &Transaction<'_>, something: &str) -> Self {
        Self { key: self.key.clone(), of: digest_under(tx.secret(), &[&self.of, something]) }
    }

    /// The key of the entry.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whether the entry belongs to this name.
    pub fn is_owner_of(&self, value: &Value) -> bool {
        value.get("of").and_then(Value::text) == Some(&self.of)
    }

    /// The value with these members.
    pub fn value(&self, mut members: Vec<(String, Value)>) -> Value {
        members.push(("of".to_owned(), self.of.as_str().into()));
        Value::Object(members)
    }
}
