//! What a call knows of the world, and what it asks.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use crate::value::Value;

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
#[derive(Clone, PartialEq, Eq)]
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
        /// Whether a yes may be remembered for a while, so that not every request hashes.
        remember: bool,
    },
    /// Hashes of passwords, each with a salt of its own.
    Hash(Vec<String>),
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
            Self::Hash(passwords) => write!(out, "Hash({})", passwords.len()),
        }
    }
}

/// Whether a password was right, and whether its hash is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) right: bool,
    pub(super) outdated: bool,
}

/// The answers so far.
#[derive(Default)]
pub struct Facts {
    pub(super) entries: BTreeMap<String, Option<Entry>>,
    pub(super) pages: Vec<Page>,
    pub(super) checks: Vec<(String, Option<String>, Check)>,
    pub(super) hashes: Vec<(Vec<String>, Vec<String>)>,
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

    /// The answer to an [`Ask::Verify`]: whether the password is right, and whether its hash is out of date.
    pub fn check(&mut self, password: &str, stored: Option<&str>, right: bool, outdated: bool) {
        self.checks.push((password.to_owned(), stored.map(str::to_owned), Check { right, outdated }));
    }

    /// The answer to an [`Ask::Hash`].
    pub fn hashes(&mut self, passwords: Vec<String>, hashes: Vec<String>) {
        self.hashes.push((passwords, hashes));
    }

    /// Forgets what was read of the store: something of it has changed. What was computed stays true.
    pub fn forget_store(&mut self) {
        self.entries.clear();
        self.pages.clear();
    }
}
