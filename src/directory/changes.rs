//! What a call changes, and what the changes rest on.

use std::collections::BTreeMap;

use super::tasks::Expectation;
use crate::value::Value;

/// Reads and changes of one call, by key.
#[derive(Default)]
pub(super) struct Changes {
    /// The versions of what decided: each must still hold when the changes are committed.
    read: BTreeMap<String, Option<u64>>,
    /// The versions of what a page showed: they count where the entry is changed.
    shown: BTreeMap<String, Option<u64>>,
    changed: BTreeMap<String, Option<Value>>,
}

impl Changes {
    pub(super) fn was_read(&mut self, key: &str, version: Option<u64>) {
        self.read.insert(key.to_owned(), version);
    }

    pub(super) fn was_shown(&mut self, key: &str, version: u64) {
        self.shown.insert(key.to_owned(), Some(version));
    }

    /// Notes a change; false, and nothing is noted, if the key was never looked at, so that nobody knows what it
    /// would replace.
    pub(super) fn change(&mut self, key: &str, value: Option<Value>) -> bool {
        let known = self.read.contains_key(key) || self.shown.contains_key(key);
        if known {
            self.changed.insert(key.to_owned(), value);
        }
        known
    }

    /// The changes, and a check of everything else that was read; nothing if nothing changes.
    pub(super) fn into_list(self) -> Vec<Expectation> {
        let Self { read, shown, mut changed } = self;
        if changed.is_empty() {
            return Vec::new();
        }
        let mut list = Vec::new();
        for (key, expect) in &read {
            let change = changed.remove(key);
            list.push(Expectation { key: key.clone(), expect: *expect, change });
        }
        for (key, value) in changed {
            let expect = shown.get(&key).copied().flatten();
            list.push(Expectation { key, expect, change: Some(value) });
        }
        list
    }
}
