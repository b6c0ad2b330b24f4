//! What a call knows of the transaction, and what it asks.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use crate::document::value::Value;
use crate::tables::word::words;

/// An entry of the store.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// What stands there.
    pub value: Value,
    /// Its version: never the same for two states of one key.
    pub version: u64,
}

/// The value holds hashes, and stays out of it.
impl Debug for Entry {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Entry").field("version", &self.version).finish_non_exhaustive()
    }
}

/// A part of the store in the order of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What the keys start with.
    pub prefix: String,
    /// The key that they follow.
    pub after: Option<String>,
    /// The most entries that were asked for. A page with fewer is the last.
    pub limit: usize,
    /// The entries.
    pub entries: Vec<(String, Entry)>,
}

/// What a call asks. The answers become [`Facts`].
#[derive(Clone, PartialEq)]
pub enum Ask {
    /// The entries of these keys.
    Read(Vec<String>),
    /// The entries whose keys start with `prefix` and follow `after`, in order.
    Scan {
        /// What the keys start with.
        prefix: String,
        /// The key that they follow.
        after: Option<String>,
        /// The most entries that are wanted.
        limit: usize,
    },
    /// Whether a password is the one that was hashed. Without a hash, the same work and no.
    Verify {
        /// The password.
        password: String,
        /// The stored hash.
        stored: Option<String>,
        /// What a remembered yes has to do with it.
        memory: Memory,
    },
    /// Counts of attempts, to be committed at once and before the call goes on. All or none, and only if each key is
    /// still at the version that it is expected at; otherwise the store's entries are read again. Either way, what these
    /// keys have now is supplied too.
    Count(Vec<Count>),
    /// Hashes of passwords, each with a salt of its own.
    Hash(Vec<String>),
}

/// A line of an [`Ask::Count`].
#[derive(Clone, PartialEq)]
pub struct Count {
    /// The key.
    pub key: String,
    /// The version that it must be at; `None` for no entry.
    pub expect: Option<u64>,
    /// The value of that version: the host gives it back with the line.
    pub before: Option<Value>,
    /// What to put there; `None` to delete it.
    pub value: Option<Value>,
}

/// Values name clients and users, and stay out of it.
impl Debug for Count {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Count").field("key", &self.key).field("expect", &self.expect).finish_non_exhaustive()
    }
}

/// A password must not reach a log by way of what a call asks.
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
    /// What a remembered yes has to do with a password that is verified.
    pub enum Memory {
        /// Nothing.
        Off = "off",
        /// It counts, and a new one may be remembered for a while, if the call comes to know by it who asks: not
        /// every request has to hash.
        Keep = "keep",
        /// It alone counts. Without one the work is that of a wrong password, and nobody looks whether this one is.
        Only = "only",
        /// It alone counts, and without one nothing is done.
        Peek = "peek",
    }
}

words! {
    /// What was found of a password and a hash.
    pub enum Found {
        /// It is another password.
        Wrong = "wrong",
        /// It is the one that was hashed.
        Right = "right",
        /// It is, and the hash is other than one that would be made now.
        Outdated = "outdated",
        /// It was found to be the one a while ago.
        Recalled = "recalled",
        /// It is not remembered, and was not looked at.
        Unseen = "unseen",
        /// It is not remembered, and nothing was done.
        Forgotten = "forgotten",
    }
}

impl Found {
    /// Whether the password is the one that was hashed.
    pub(super) fn is_right(self) -> bool {
        matches!(self, Self::Right | Self::Outdated | Self::Recalled)
    }
}

/// The answers so far.
#[derive(Default)]
pub struct Facts {
    pub(super) entries: BTreeMap<String, Option<Entry>>,
    pub(super) pages: Vec<Page>,
    pub(super) checks: Vec<(String, Option<String>, Found)>,
    pub(super) hashes: Vec<(Vec<String>, Vec<String>)>,
    pub(super) counted: Vec<Count>,
}

impl Debug for Facts {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Facts").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Facts {
    /// What stands at a key.
    pub fn entry(&mut self, key: &str, entry: Option<Entry>) {
        self.entries.insert(key.to_owned(), entry);
    }

    /// The answer to a [`Ask::Scan`].
    pub fn page(&mut self, page: Page) {
        self.pages.push(page);
    }

    /// The answer to an [`Ask::Verify`].
    pub fn check(&mut self, password: &str, stored: Option<&str>, found: Found) {
        self.checks.push((password.to_owned(), stored.map(str::to_owned), found));
    }

    /// The answer to an [`Ask::Hash`].
    pub fn hashes(&mut self, passwords: Vec<String>, hashes: Vec<String>) {
        self.hashes.push((passwords, hashes));
    }

    /// A line of an [`Ask::Count`] that was committed.
    pub fn counted(&mut self, count: Count) {
        self.counted.push(count);
    }

    /// Forgets what was read of the store: something of it has changed. What was computed or counted stays true.
    pub fn forget_store(&mut self) {
        self.entries.clear();
        self.pages.clear();
    }
}
