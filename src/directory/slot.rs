//! A fixed number of entries for what strangers bring about, so that none of them makes the store grow.
//!
//! What is kept of a name lies in the slot that a digest of it names. Which names share one is kept from everybody by
//! the directory's secret; the newer takes the older one's place. A slot has a digest and not what a stranger typed.

use super::key::Key;
use super::secret::digest_under;
use super::transaction::Transaction;
use crate::document::value::Value;

/// The hexadecimal digits of a slot: 65,536 slots of a kind.
const DIGITS: usize = 4;

/// Where something is kept of a name.
pub(crate) struct Slot {
    key: Key,
    /// Whose it is.
    of: String,
}

impl Slot {
    /// The slot of a kind for what these names say together.
    pub fn new(tx: &Transaction<'_>, kind: &str, names: &[&str]) -> Self {
        let of = digest_under(tx.secret(), &[&[kind], names].concat());
        let digits: String = of.chars().take(DIGITS).collect();
        Self { key: Key::new(kind, &[&digits]), of }
    }

    /// The same slot, for what holds only as long as something else is as it is.
    pub fn while_it_is(&self, tx: &Transaction<'_>, something: &str) -> Self {
        Self { key: self.key.clone(), of: digest_under(tx.secret(), &[&self.of, something]) }
    }

    /// The key of the entry.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whether what stands there is this name's.
    pub fn has(&self, value: &Value) -> bool {
        value.get("of").and_then(Value::text) == Some(&self.of)
    }

    /// What to put there: these members.
    pub fn value(&self, mut members: Vec<(String, Value)>) -> Value {
        members.push(("of".to_owned(), self.of.as_str().into()));
        Value::Object(members)
    }
}
