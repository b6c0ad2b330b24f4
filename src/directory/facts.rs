//! The facts that a request has, and the facts that it asks for.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use crate::document::value::Value;
use crate::tables::word::words;

/// An entry of the store.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// The value.
    pub value: Value,
    /// The version. Two states of one key never have the same version.
    pub version: u64,
}

/// Leaves out the value, which may hold hashes.
impl Debug for Entry {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Entry").field("version", &self.version).finish_non_exhaustive()
    }
}

/// A page of entries in the order of their keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The prefix of the keys.
    pub prefix: String,
    /// The key after which the page starts.
    pub after: Option<String>,
    /// The largest number of entries that was requested. A page with fewer entries is the last one.
    pub limit: usize,
    /// The entries.
    pub entries: Vec<(String, Entry)>,
}

/// A fact that a request asks its host for. The results become [`Facts`].
#[derive(Clone, PartialEq)]
pub enum Ask {
    /// The entries of these keys.
    Read(Vec<String>),
    /// The entries whose keys start with `prefix` and come after `after`, in order.
    Scan {
        /// The prefix of the keys.
        prefix: String,
        /// The key after which the page starts.
        after: Option<String>,
        /// The largest number of entries.
        limit: usize,
    },
    /// Whether a password matches a stored hash. Without a hash, the host does the same work and returns no.
    Verify {
        /// The password.
        password: String,
        /// The stored hash.
        stored: Option<String>,
        /// How to use a remembered result.
        memory: Memory,
    },
    /// Counts of attempts, which the host commits at once, before the request goes on. All are committed or none, and
    /// only if each key has its expected version. Otherwise the host reads the store's entries again. In both cases it
    /// supplies the current entries of these keys.
    Count(Vec<Count>),
    /// Hashes of passwords, each with its own salt.
    Hash(Vec<String>),
}

/// One line of an [`Ask::Count`].
#[derive(Clone, PartialEq)]
pub struct Count {
    /// The key.
    pub key: String,
    /// The expected version. `None` for a missing entry.
    pub expect: Option<u64>,
    /// The value at that version. The host returns it with the line.
    pub before: Option<Value>,
    /// The new value. `None` deletes the entry.
    pub value: Option<Value>,
}

/// Leaves out the values, which name clients and users.
impl Debug for Count {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Count").field("key", &self.key).field("expect", &self.expect).finish_non_exhaustive()
    }
}

/// Leaves out passwords.
impl Debug for Ask {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(keys) => out.debug_tuple("Read").field(keys).finish(),
            Self::Scan { prefix, after, limit } => {
                out.debug_struct("Scan").field("prefix", prefix).field("after", after).field("limit", limit).finish()
            }
            Self::Verify { .. } => out.debug_struct("Verify").finish_non_exhaustive(),
            Self::Count(counts) => out.debug_tuple("Count").field(counts).finish(),
            Self::Hash(passwords) => write!(out, "Hash({})", passwords.len()),
        }
    }
}

words! {
    /// How a verification uses a remembered result.
    pub enum Memory {
        /// It ignores remembered results.
        Off = "off",
        /// It uses a remembered result, and may remember a new one for a while if the request authenticates its caller.
        /// So not every request has to hash.
        Keep = "keep",
        /// It uses a remembered result only. Without one, the host does the work of a wrong password and does not check
        /// this one.
        Only = "only",
        /// It uses a remembered result only. Without one, the host does nothing.
        Peek = "peek",
    }
}

words! {
    /// The result for a password and a hash.
    pub enum CheckResult {
        /// The password is wrong.
        Wrong = "wrong",
        /// The password is correct.
        Right = "right",
        /// The password is correct, and its hash has outdated parameters.
        Outdated = "outdated",
        /// The password was verified earlier, and the result was remembered.
        Recalled = "recalled",
        /// No result is remembered, and the password was not checked.
        Unseen = "unseen",
        /// No result is remembered, and no work was done.
        Forgotten = "forgotten",
    }
}

impl CheckResult {
    /// Whether the password is correct.
    pub(super) fn is_right(self) -> bool {
        matches!(self, Self::Right | Self::Outdated | Self::Recalled)
    }
}

/// The facts that a request has so far.
#[derive(Default)]
pub struct Facts {
    pub(super) entries: BTreeMap<String, Option<Entry>>,
    pub(super) pages: Vec<Page>,
    pub(super) checks: Vec<(String, Option<String>, CheckResult)>,
    pub(super) hashes: Vec<(Vec<String>, Vec<String>)>,
    pub(super) counted: Vec<Count>,
}

impl Debug for Facts {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Facts").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Facts {
    /// Adds the entry of a key.
    pub fn entry(&mut self, key: &str, entry: Option<Entry>) {
        self.entries.insert(key.to_owned(), entry);
    }

    /// Adds the result of an [`Ask::Scan`].
    pub fn page(&mut self, page: Page) {
        self.pages.push(page);
    }

    /// Adds the result of an [`Ask::Verify`].
    pub fn add_check(&mut self, password: &str, stored: Option<&str>, result: CheckResult) {
        self.checks.push((password.to_owned(), stored.map(str::to_owned), result));
    }

    /// Adds the result of an [`Ask::Hash`].
    pub fn add_hashes(&mut self, passwords: Vec<String>, hashes: Vec<String>) {
        self.hashes.push((passwords, hashes));
    }

    /// Adds a committed line of an [`Ask::Count`].
    pub fn add_counted(&mut self, count: Count) {
        self.counted.push(count);
    }

    /// Forgets all entries of the store, because some have changed. Results of hashing and counting remain valid.
    pub fn forget_store(&mut self) {
        self.entries.clear();
        self.pages.clear();
    }
}
