//! The world as one call sees it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::changes::Changes;
use super::facts::{Ask, Entry, Facts, Page};
use super::guards::{Acting, Guards};
use super::key::{Key, KEY_MAX};
use super::permit::{Permit, Verified};
use super::response::{Fault, Stop};
use super::secret;
use super::tasks::{Mail, Noted};
use crate::decision::Ruling;
use crate::node::Node;
use crate::problem::Problems;
use crate::system::System;
use crate::value::Value;
use crate::word::Word;

/// Random bytes that one run has. All that it draws is derived from them, and without them it fails closed.
pub const ENTROPY: usize = 256;

/// What one run of a call knows, asks and changes.
pub(crate) struct World<'w> {
    /// Milliseconds since 1970.
    pub now: i64,
    secret: &'w [u8],
    entropy: &'w [u8],
    drawn: u64,
    pub(super) facts: &'w Facts,
    pub(super) asks: Vec<Ask>,
    pub(super) changes: Changes,
    pub(super) mails: Vec<Mail>,
    pub(super) noted: Vec<Noted>,
    pub(super) actor: Option<String>,
    pub(super) acting: Acting,
    guards: Guards,
    /// The name of the system.
    pub(super) system: &'static str,
}

impl<'w> World<'w> {
    pub(super) fn new(now: i64, secret: &'w [u8], entropy: &'w [u8], facts: &'w Facts) -> Self {
        Self {
            now,
            secret,
            entropy,
            drawn: 0,
            facts,
            asks: Vec::new(),
            changes: Changes::default(),
            mails: Vec::new(),
            noted: Vec::new(),
            actor: None,
            acting: Acting::Nobody,
            guards: Guards::Off,
            system: "",
        }
    }

    /// The same in this system, under these guards.
    pub(super) fn under(self, guards: Guards, system: &'static str) -> Self {
        Self { guards, system, ..self }
    }

    /// The same world as it was before the call: what the call changes is not in it.
    pub(super) fn before(&self) -> Self {
        Self::new(self.now, self.secret, self.entropy, self.facts).under(self.guards, self.system)
    }

    /// Lets the changes of this call rest on what was read in another world on the same facts, and asks what is
    /// missing there. What that one changes comes to nothing.
    pub(super) fn rest_on(&mut self, other: Self) {
        self.asks.extend(other.asks);
        self.changes.rest_on(other.changes);
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.now.div_euclid(1_000)
    }

    /// The secret of this directory, under which sessions are signed.
    pub fn secret(&self) -> &'w [u8] {
        self.secret
    }

    /// Asks for entries that will be needed, without waiting for them: what is asked together comes together.
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

    /// What stands at a key. A change rests on it: it is committed only if this still stands there.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn read(&mut self, key: &Key) -> Result<Option<&'w Value>, Stop> {
        if !key.is_storable() {
            return Ok(None);
        }
        let facts: &'w Facts = self.facts;
        let Some(entry) = facts.entries.get(key.text()) else {
            self.prefetch(std::slice::from_ref(key));
            return Err(Stop::Pending);
        };
        self.changes.was_read(key.text(), entry.as_ref().map(|entry| entry.version));
        Ok(entry.as_ref().map(|entry| &entry.value))
    }

    /// What stands at a key, or what this call has [noted](World::note) there; nothing that the call changes rests
    /// on it.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub(super) fn peek_entry(&mut self, key: &Key) -> Result<Option<Value>, Stop> {
        let facts: &'w Facts = self.facts;
        let Some(entry) = facts.entries.get(key.text()) else {
            self.prefetch(std::slice::from_ref(key));
            return Err(Stop::Pending);
        };
        match self.changes.noted(key.text()) {
            Some(noted) => Ok(noted.cloned()),
            None => Ok(entry.as_ref().map(|entry| entry.value.clone())),
        }
    }

    /// Notes at a key that was looked at what the directory itself keeps of the call, such as a count of attempts: it
    /// is committed whatever the answer is. It changes no record, so it takes no leave.
    pub(super) fn note(&mut self, key: &Key, value: Option<Value>) {
        self.changes.note(key.text(), self.version(key), Some(value));
    }

    fn version(&self, key: &Key) -> Option<u64> {
        self.facts.entries.get(key.text()).and_then(Option::as_ref).map(|entry| entry.version)
    }

    /// What stands at several keys, asked for together.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn read_all(&mut self, keys: &[Key]) -> Result<Vec<Option<&'w Value>>, Stop> {
        let known = self.asks.len();
        self.prefetch(keys);
        if self.asks.len() > known {
            return Err(Stop::Pending);
        }
        keys.iter().map(|key| self.read(key)).collect()
    }

    /// A page of entries in the order of their keys. A change of one of them rests on what the page showed;
    /// that no other entry came meanwhile is not known.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn scan(&mut self, prefix: &str, after: Option<&str>, limit: usize) -> Result<&'w [(String, Entry)], Stop> {
        if prefix.len() > KEY_MAX {
            return Ok(&[]);
        }
        let Some(page) = self.page(prefix, after, limit) else {
            self.asks.push(Ask::Scan { prefix: prefix.to_owned(), after: after.map(str::to_owned), limit });
            return Err(Stop::Pending);
        };
        for (key, entry) in &page.entries {
            self.changes.was_shown(key, entry.version);
        }
        Ok(&page.entries)
    }

    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Option<&'w Page> {
        let facts: &'w Facts = self.facts;
        facts.pages.iter().find(|page| page.prefix == prefix && page.after.as_deref() == after && page.limit == limit)
    }

    /// Whether a page is known: this call has asked for it before.
    pub fn has_page(&self, prefix: &str, after: &str, limit: usize) -> bool {
        self.page(prefix, Some(after), limit).is_some()
    }

    /// All entries below a prefix, for what is bounded by its nature: the shell asks again with a larger limit
    /// each time, so that the work stays in proportion.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn scan_all(&mut self, prefix: &str) -> Result<Vec<&'w (String, Entry)>, Stop> {
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

    /// Whether a secret that a machine drew has the digest that is stored; `None` if not. It has no need of a
    /// slow hash, and takes as long for a wrong one.
    pub fn verify_secret(&self, secret: &str, stored: &str) -> Option<Verified> {
        secret::fits(secret, stored).then_some(Verified { outdated: false, recalled: false })
    }

    /// Random bytes, never the same twice: as many as it takes, from the run's own (HMAC-SHA256 in counter mode,
    /// NIST SP 800-108). A later run of the same call may draw others.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`] when a run has fewer than [`ENTROPY`] bytes.
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let failed = Stop::Fault(Fault::Internal);
        if self.entropy.len() < ENTROPY {
            return Err(failed);
        }
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(32) {
            self.drawn = self.drawn.checked_add(1).ok_or_else(|| failed.clone())?;
            let keyed = Hmac::<Sha256>::new_from_slice(self.entropy).map_err(|_| failed.clone())?;
            let block = keyed.chain_update(self.drawn.to_be_bytes()).finalize().into_bytes();
            chunk.iter_mut().zip(block).for_each(|(byte, drawn)| *byte = drawn);
        }
        Ok(bytes)
    }

    /// A random identifier (RFC 9562, version 4).
    ///
    /// # Errors
    ///
    /// As [`World::random`].
    pub fn uuid(&mut self) -> Result<String, Stop> {
        let bytes: [u8; 16] = self.random()?;
        let number = u128::from_be_bytes(bytes);
        let number = (number & !(0xF000 << 64) & !(0xC000 << 48)) | (0x4000 << 64) | (0x8000 << 48);
        let digits = format!("{number:032x}");
        let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or("");
        Ok(format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)))
    }

    /// Asks the rules of access. The decision is noted for the log, with who asked.
    ///
    /// # Errors
    ///
    /// The ruling that denies.
    pub fn decide<S: System>(
        &mut self,
        records: &S::Records,
        subject: &S::Subject,
        action: S::Action,
        resource: &str,
        attributes: &Value,
    ) -> Result<Permit, Ruling<S>> {
        let ruling = S::decide(records, subject, action, resource, attributes);
        self.noted.push(Noted {
            action: action.word(),
            resource: resource.to_owned(),
            allow: ruling.allow,
            rule: ruling.rule.word(),
        });
        if ruling.allow {
            Ok(Permit::decided())
        } else {
            Err(ruling)
        }
    }

    /// Notes who was found to make the request: the name for the log, and the user's entry for the guards.
    pub fn actor(&mut self, name: &str, key: &Key) {
        self.actor = Some(name.to_owned());
        self.acting = Acting::User(key.clone());
    }

    /// Notes for the log that it was no user, but whoever runs the directory.
    pub fn operator(&mut self, name: &str) {
        self.actor = Some(name.to_owned());
        self.acting = Acting::Operator;
    }

    /// Whether a change of a password ends all that one gets in by, what is shown once is not shown again, and who
    /// guesses is slowed, also where the product's own rules have it otherwise.
    pub fn is_strict(&self) -> bool {
        self.guards == Guards::Strict
    }

    /// Puts a value at a key that nobody has read, because the run has just drawn it or the store is empty: it is
    /// committed only if nothing stands there.
    ///
    /// # Errors
    ///
    /// As [`World::put`].
    pub fn create(&mut self, permit: &Permit, key: &Key, value: Value) -> Result<(), Stop> {
        self.changes.was_read(key.text(), None);
        self.put(permit, key, value)
    }

    /// Puts a value at a key that was read.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`] for a key that was not: nobody would know what the value replaces.
    /// [`Fault::BadRequest`] for one that is longer than a store takes.
    pub fn put(&mut self, _permit: &Permit, key: &Key, value: Value) -> Result<(), Stop> {
        self.change(key, Some(value))
    }

    /// Deletes what stands at a key that was read.
    ///
    /// # Errors
    ///
    /// As [`World::put`].
    pub fn delete(&mut self, _permit: &Permit, key: &Key) -> Result<(), Stop> {
        self.change(key, None)
    }

    fn change(&mut self, key: &Key, value: Option<Value>) -> Result<(), Stop> {
        if !key.is_storable() {
            return Err(Fault::BadRequest.into());
        }
        self.changes.change(key.text(), value).then_some(()).ok_or(Stop::Fault(Fault::Internal))
    }

    /// Changes an entry of an index with the records of the call. It is no record, so this takes no permit. A key that
    /// was not read has never been written.
    pub(super) fn change_index(&mut self, key: &Key, value: Option<Value>) -> Result<(), Stop> {
        is_of_index(key)?;
        if !self.changes.change(key.text(), value.clone()) {
            self.changes.was_read(key.text(), self.version(key));
            self.change(key, value)?;
        }
        Ok(())
    }

    /// Writes an entry of an index whatever the answer is, as [`World::note`].
    pub(super) fn note_index(&mut self, key: &Key, value: Option<Value>) -> Result<(), Stop> {
        is_of_index(key)?;
        self.changes.note(key.text(), self.version(key), Some(value));
        Ok(())
    }

    /// Lets the answer, whatever it is, depend on an entry of an index that was read: it is made again if that has
    /// changed.
    pub(super) fn hold_index(&mut self, key: &Key) -> Result<(), Stop> {
        is_of_index(key)?;
        if self.changes.noted(key.text()).is_none() {
            self.changes.note(key.text(), self.version(key), None);
        }
        Ok(())
    }

    /// Whether the call has looked at a key, and not drawn its name.
    pub(super) fn has_looked_at(&self, key: &str) -> bool {
        self.facts.entries.contains_key(key) || self.stored(key).is_some()
    }

    /// What stood at a key before the call, as far as the call has looked at it.
    pub(super) fn stored(&self, key: &str) -> Option<&'w Value> {
        let facts: &'w Facts = self.facts;
        let entry = match facts.entries.get(key) {
            Some(entry) => entry.as_ref(),
            None => {
                let mut shown = facts.pages.iter().flat_map(|page| &page.entries);
                shown.find(|(shown, _)| shown == key).map(|(_, entry)| entry)
            }
        };
        entry.map(|entry| &entry.value)
    }

    /// Sends a mail once the changes are committed.
    pub fn mail(&mut self, _permit: &Permit, mail: Mail) {
        self.mails.push(mail);
    }

    /// Reads records that the directory itself put together, so that only a broken store makes them wrong.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn records<S: System>(&self, document: &Value) -> Result<S::Records, Stop> {
        let mut problems = Problems::default();
        let records = S::records(Node { value: document }, &mut problems);
        problems.is_empty().then_some(records).ok_or(Stop::Fault(Fault::Internal))
    }

    /// Checks a body; `Err` has every problem.
    ///
    /// # Errors
    ///
    /// The problems, in document order.
    pub fn validate<S: System>(
        &self,
        records: &S::Records,
        kind: S::Kind,
        body: &Value,
    ) -> Result<Value, Vec<crate::problem::Problem>> {
        let mut problems = Problems::default();
        let value = S::validate(records, kind, Node { value: body }, &mut problems);
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(problems.into_list(body))
        }
    }
}

/// Whether a key is one of an index, where no record is.
fn is_of_index(key: &Key) -> Result<(), Stop> {
    key.text().starts_with("index/").then_some(()).ok_or(Stop::Fault(Fault::Internal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_changed_that_was_not_read() {
        let mut facts = Facts::default();
        facts.entry("user/ann", None);
        let mut world = World::new(0, b"", &[0; ENTROPY], &facts);
        let (ann, bob) = (Key::new("user", &["ann"]), Key::new("user", &["bob"]));
        let permit = Permit::operator();
        assert_eq!(world.put(&permit, &ann, Value::Null), Err(Fault::Internal.into()));
        assert_eq!(world.read(&ann), Ok(None));
        assert_eq!(world.put(&permit, &ann, Value::Null), Ok(()));
        assert_eq!(world.read(&bob), Err(Stop::Pending));
        assert_eq!(world.delete(&permit, &bob), Err(Fault::Internal.into()));
        assert_eq!(world.changes.into_list().len(), 1);
    }

    #[test]
    fn under_a_key_that_no_store_takes_stands_nothing() {
        let facts = Facts::default();
        let mut world = World::new(0, b"", &[0; ENTROPY], &facts);
        let name = "/".repeat(KEY_MAX);
        let long = Key::new("user", &[&name]);
        assert_eq!(world.read(&long), Ok(None));
        assert_eq!(world.read_all(&[long.clone(), long.clone()]), Ok(vec![None, None]));
        assert_eq!(world.scan(long.text(), None, 5).map(<[_]>::len), Ok(0));
        assert_eq!(world.put(&Permit::operator(), &long, Value::Null), Err(Fault::BadRequest.into()));
        assert!(world.asks.is_empty());
    }

    #[test]
    fn without_its_random_bytes_a_run_draws_nothing() {
        let facts = Facts::default();
        assert!(World::new(0, b"", &[0; ENTROPY - 1], &facts).random::<1>().is_err());
        let mut world = World::new(0, b"", &[0; ENTROPY], &facts);
        assert_ne!(world.random::<32>(), world.random::<32>());
    }
}
