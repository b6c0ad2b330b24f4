//! Reads entries of the store. Writes depend on what was read.

use super::Transaction;
use crate::directory::facts::{Ask, Entry, Facts, Page};
use crate::directory::interrupt::Interrupt;
use crate::directory::key::{Key, KEY_MAX};
use crate::document::value::Value;

impl<'w> Transaction<'w> {
    /// Requests entries that will be needed, without waiting for them, so that they arrive together.
    pub fn prefetch(&mut self, keys: &[Key]) {
        let mut missing = Vec::new();
        for key in keys {
            if key.is_storable() && !self.facts.entries.contains_key(key.text()) {
                missing.push(key.text().to_owned());
            }
        }
        if !missing.is_empty() {
            self.asks.push(Ask::Read(missing));
        }
    }

    /// Reads the entry of a key. Writes depend on it: they are committed only if it is unchanged.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read_entry(&mut self, key: &Key) -> Result<Option<&'w Value>, Interrupt> {
        if !key.is_storable() {
            return Ok(None);
        }
        let facts: &'w Facts = self.facts;
        let Some(entry) = facts.entries.get(key.text()) else {
            self.prefetch(std::slice::from_ref(key));
            return Err(Interrupt::Pending);
        };
        self.changes.record_read(key.text(), entry.as_ref().map(|entry| entry.version));
        Ok(entry.as_ref().map(|entry| &entry.value))
    }

    /// Reads several entries, requested together.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read_all(&mut self, keys: &[Key]) -> Result<Vec<Option<&'w Value>>, Interrupt> {
        let known = self.asks.len();
        self.prefetch(keys);
        if self.asks.len() > known {
            return Err(Interrupt::Pending);
        }
        keys.iter().map(|key| self.read_entry(key)).collect()
    }

    /// Reads the entry of a key, or what this request [always writes](Transaction::write_always) there. Writes do not
    /// depend on it.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub(in crate::directory) fn peek_entry(&mut self, key: &Key) -> Result<Option<Value>, Interrupt> {
        let facts: &'w Facts = self.facts;
        let Some(entry) = facts.entries.get(key.text()) else {
            self.prefetch(std::slice::from_ref(key));
            return Err(Interrupt::Pending);
        };
        match self.changes.always_written(key.text()) {
            Some(written) => Ok(written.cloned()),
            None => Ok(entry.as_ref().map(|entry| entry.value.clone())),
        }
    }

    /// Reads a page of entries in the order of their keys. A write of one of them depends on its version. Whether
    /// further entries have been added since is not checked.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn scan(
        &mut self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<&'w [(String, Entry)], Interrupt> {
        if prefix.len() > KEY_MAX {
            return Ok(&[]);
        }
        let Some(page) = self.page(prefix, after, limit) else {
            self.asks.push(Ask::Scan { prefix: prefix.to_owned(), after: after.map(str::to_owned), limit });
            return Err(Interrupt::Pending);
        };
        for (key, entry) in &page.entries {
            self.changes.record_listed(key, entry.version);
        }
        Ok(&page.entries)
    }

    /// Whether a page is known because this request has asked for it before.
    pub fn has_page(&self, prefix: &str, after: &str, limit: usize) -> bool {
        self.page(prefix, Some(after), limit).is_some()
    }

    /// Reads all entries under a prefix whose number is small by its nature. The host is asked again with a larger
    /// limit each time, so that the work stays proportional.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn scan_all(&mut self, prefix: &str) -> Result<Vec<&'w (String, Entry)>, Interrupt> {
        let (mut all, mut after, mut limit) = (Vec::new(), None, 256_usize);
        loop {
            let page = self.scan(prefix, after, limit)?;
            all.extend(page);
            match page.last() {
                Some((key, _)) if page.len() >= limit => after = Some(key.as_str()),
                _ => return Ok(all),
            }
            limit = limit.saturating_mul(4);
        }
    }

    /// Whether the request has read a key, as opposed to having drawn its name at random.
    pub(in crate::directory) fn has_looked_at(&self, key: &str) -> bool {
        self.facts.entries.contains_key(key) || self.stored(key).is_some()
    }

    /// The value of a key before the request, if the request has read it.
    pub(in crate::directory) fn stored(&self, key: &str) -> Option<&'w Value> {
        let facts: &'w Facts = self.facts;
        let entry = match facts.entries.get(key) {
            Some(entry) => entry.as_ref(),
            None => {
                let mut listed = facts.pages.iter().flat_map(|page| &page.entries);
                listed.find(|(listed_key, _)| listed_key == key).map(|(_, entry)| entry)
            }
        };
        entry.map(|entry| &entry.value)
    }

    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Option<&'w Page> {
        let facts: &'w Facts = self.facts;
        facts.pages.iter().find(|page| page.prefix == prefix && page.after.as_deref() == after && page.limit == limit)
    }

    pub(super) fn version(&self, key: &Key) -> Option<u64> {
        self.facts.entries.get(key.text()).and_then(Option::as_ref).map(|entry| entry.version)
    }
}
