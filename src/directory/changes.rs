//! The reads and writes of one request, and the versions on which the writes depend.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::key::Key;
use super::outcome::Expectation;
use crate::document::value::Value;

/// The reads and writes of one request, by key.
#[derive(Default)]
pub(super) struct Changes {
    /// The versions of entries that the request read. All must be unchanged at the commit.
    read: BTreeMap<String, Option<u64>>,
    /// The versions of entries on a page of a list. They must be unchanged where the request writes the entry.
    listed: BTreeMap<String, Option<u64>>,
    changed: BTreeMap<String, Option<Value>>,
    /// Entries that are committed whatever the response is. Each depends only on the version that it replaces.
    always: BTreeMap<String, (Option<u64>, Option<Option<Value>>)>,
}

impl Changes {
    pub(super) fn record_read(&mut self, key: &str, version: Option<u64>) {
        self.read.insert(key.to_owned(), version);
    }

    pub(super) fn record_listed(&mut self, key: &str, version: u64) {
        self.listed.insert(key.to_owned(), Some(version));
    }

    /// Adds the reads of another transaction on the same facts. Pages of lists are not added: each resource with a tag
    /// is read by its key, except for a list.
    pub(super) fn depend_on(&mut self, other: Self) {
        for (key, version) in other.read {
            self.read.entry(key).or_insert(version);
        }
    }

    /// Records a write. Returns false, and records nothing, if the key was never read: then the version to replace is
    /// unknown.
    pub(super) fn record_write(&mut self, key: &str, value: Option<Value>) -> bool {
        let known = self.read.contains_key(key) || self.listed.contains_key(key);
        if known {
            self.changed.insert(key.to_owned(), value);
        }
        known
    }

    /// Records an entry that is committed whatever the response is, and that replaces this version. Without a change,
    /// the commit only checks the version.
    pub(super) fn write_always(&mut self, key: &str, version: Option<u64>, change: Option<Option<Value>>) {
        // A missing entry is not deleted.
        let change = change.filter(|value| version.is_some() || value.is_some());
        self.always.insert(key.to_owned(), (version, change));
    }

    /// The entry that is committed whatever the response is.
    pub(super) fn always_written(&self, key: &str) -> Option<Option<&Value>> {
        let (version, change) = self.always.get(key)?;
        match change {
            Some(value) => Some(value.as_ref()),
            None if version.is_none() => Some(None),
            None => None,
        }
    }

    /// Whether the request writes a value under a prefix.
    pub(super) fn has_value_under(&self, prefix: &str) -> bool {
        self.changed.iter().any(|(key, value)| key.starts_with(prefix) && value.is_some())
    }

    /// The written keys under a prefix, each with its new value.
    pub(super) fn under_prefix<'c>(&'c self, prefix: &'c str) -> impl Iterator<Item = (&'c str, Option<&'c Value>)> {
        let changed = self.changed.range(prefix.to_owned()..);
        changed.take_while(move |(key, _)| key.starts_with(prefix)).map(|(key, value)| (key.as_str(), value.as_ref()))
    }

    /// Discards the write of a key.
    pub(super) fn discard(&mut self, key: &str) {
        self.changed.remove(key);
    }

    /// The number of lines in a commit of all writes.
    pub(super) fn lines(&self) -> usize {
        let unread = self.changed.keys().filter(|key| !self.read.contains_key(*key)).count();
        self.read.len().saturating_add(self.always.len()).saturating_add(unread)
    }

    /// The written keys.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.changed.keys().map(|key| Key::from_stored(key)).collect()
    }

    /// The new value of a written key: `Some(None)` if it is deleted, `None` if the request does not write it.
    pub(super) fn changed(&self, key: &str) -> Option<Option<&Value>> {
        self.changed.get(key).map(Option::as_ref)
    }

    /// Whether the key is known to have no entry.
    pub(super) fn is_new(&self, key: &str) -> bool {
        self.read.get(key).is_some_and(Option::is_none)
    }

    /// Only the entries that are committed whatever the response is.
    pub(super) fn into_always_written(self) -> Vec<Expectation> {
        let line = |(key, (expect, change))| Expectation { key, expect, change };
        self.always.into_iter().map(line).collect()
    }

    /// The commit: the entries that are always committed, and, if the request writes anything, its writes and a check
    /// of every other version that it read.
    pub(super) fn into_list(mut self) -> Vec<Expectation> {
        if self.changed.is_empty() {
            return self.into_always_written();
        }
        let (read, listed, mut changed) = (take(&mut self.read), take(&mut self.listed), take(&mut self.changed));
        let always: BTreeSet<String> = self.always.keys().cloned().collect();
        let mut list = self.into_always_written();
        for (key, expect) in &read {
            let change = changed.remove(key);
            // A store accepts one line for each key.
            if change.is_none() && always.contains(key) {
                continue;
            }
            list.push(Expectation { key: key.clone(), expect: *expect, change });
        }
        for (key, value) in changed {
            let expect = listed.get(&key).copied().flatten();
            list.push(Expectation { key, expect, change: Some(value) });
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(changes: Changes) -> Vec<(String, Option<u64>, Option<Option<Value>>)> {
        changes.into_list().into_iter().map(|line| (line.key, line.expect, line.change)).collect()
    }

    #[test]
    fn a_write_of_a_key_that_was_not_read_is_rejected() {
        let mut changes = Changes::default();
        changes.record_read("a", Some(1));
        assert!(!changes.record_write("b", Some(Value::Null)));
        assert!(!changes.record_write("b", None));
        assert_eq!(list(changes), []);
    }

    #[test]
    fn a_write_depends_on_every_read_and_on_its_own_listed_version() {
        let mut changes = Changes::default();
        changes.record_read("a", Some(1));
        changes.record_read("b", None);
        changes.record_listed("c", 3);
        changes.record_listed("d", 4);
        assert!(changes.record_write("b", Some(Value::Bool(true))));
        assert!(changes.record_write("d", None));
        let expected = [
            ("a".to_owned(), Some(1), None),
            ("b".to_owned(), None, Some(Some(Value::Bool(true)))),
            ("d".to_owned(), Some(4), Some(None)),
        ];
        assert_eq!(list(changes), expected);
    }

    #[test]
    fn an_unconditional_write_depends_only_on_the_version_that_it_replaces() {
        let changes_with_unconditional = || {
            let mut changes = Changes::default();
            changes.record_read("a", Some(1));
            changes.write_always("l", Some(3), None);
            changes.write_always("m", None, Some(Some(Value::Null)));
            changes.write_always("m", None, Some(None));
            changes.write_always("n", Some(2), Some(Some(Value::Null)));
            changes
        };
        let notes = [
            ("l".to_owned(), Some(3), None),
            ("m".to_owned(), None, None),
            ("n".to_owned(), Some(2), Some(Some(Value::Null))),
        ];
        assert_eq!(changes_with_unconditional().always_written("l"), None);
        assert_eq!(changes_with_unconditional().always_written("m"), Some(None));
        assert_eq!(changes_with_unconditional().always_written("n"), Some(Some(&Value::Null)));
        assert_eq!(list(changes_with_unconditional()), notes);
        assert_eq!(changes_with_unconditional().into_always_written().len(), 3);
        let mut changes = changes_with_unconditional();
        assert!(changes.record_write("a", None));
        assert_eq!(list(changes), [&notes[..], &[("a".to_owned(), Some(1), Some(None))]].concat());
    }

    #[test]
    fn a_key_that_is_read_and_always_written_has_one_line_in_the_commit() {
        let mut changes = Changes::default();
        changes.record_read("a", Some(1));
        changes.record_read("b", Some(2));
        assert!(changes.record_write("a", None));
        changes.write_always("b", Some(2), None);
        assert_eq!(list(changes), [("b".to_owned(), Some(2), None), ("a".to_owned(), Some(1), Some(None))]);
    }

    #[test]
    fn a_write_depends_on_the_reads_of_an_added_transaction() {
        let (mut changes, mut beside) = (Changes::default(), Changes::default());
        changes.record_read("a", Some(1));
        assert!(changes.record_write("a", None));
        beside.record_read("a", Some(1));
        beside.record_read("b", None);
        beside.record_listed("c", 3);
        assert!(beside.record_write("a", Some(Value::Null)));
        changes.depend_on(beside);
        assert_eq!(list(changes), [("a".to_owned(), Some(1), Some(None)), ("b".to_owned(), None, None)]);
    }

    #[test]
    fn a_request_without_writes_commits_nothing() {
        let mut changes = Changes::default();
        changes.record_read("a", Some(1));
        changes.record_listed("b", 1);
        assert_eq!(list(changes), []);
    }
}
