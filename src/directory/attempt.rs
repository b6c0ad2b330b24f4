//! Verifies passwords. Each attempt is counted before the password is checked.
//!
//! [`Transaction::attempt`] is the only way to verify a password. It takes the [`AttemptCounter`] that counts the
//! attempt. The count is committed on its own before the password is checked, as a failed sign-in. A correct password
//! takes the count back. So concurrent attempts, in one process or in several, check no more passwords than the
//! throttle allows, and a correct password among the others is rejected like a wrong one.

use super::authorized::Verified;
use super::facts::{Ask, CheckResult, Count, Memory};
use super::interrupt::Interrupt;
use super::key::Key;
use super::transaction::Transaction;
use crate::document::value::Value;

/// Counts the attempts at one account.
pub(crate) trait AttemptCounter {
    /// Whether the attempt is rejected without checking the password. The rejection costs as much work as a wrong
    /// password.
    fn is_shut(&self) -> bool;

    /// Whether this request has already counted its attempt.
    fn is_counted(&self) -> bool;

    /// The entries to commit before the password is checked. `None` deletes an entry.
    fn entries_to_commit(&self) -> Vec<(Key, Option<Value>)>;
}

/// The entry at a throttle's key before this request counted its attempt.
pub(crate) struct Before {
    /// The value.
    pub value: Option<Value>,
    /// Whether this request has counted its attempt since.
    pub is_counted: bool,
}

impl Transaction<'_> {
    /// Returns the first of these passwords that is correct, with its index, or `None`. Several passwords are one
    /// attempt: they are spellings of what the client sent. Without a stored hash the work is the same, so response
    /// times do not reveal which users exist.
    ///
    /// With `remember`, a correct password may be remembered for a minute. This is for credentials that the client
    /// sends with every request. A remembered password is accepted whatever the throttle says, and does not count as an
    /// attempt.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn attempt_passwords(
        &mut self,
        throttle: &dyn AttemptCounter,
        passwords: &[&str],
        stored: Option<&str>,
        remember: bool,
    ) -> Result<Option<(usize, Verified)>, Interrupt> {
        if remember {
            for (place, password) in passwords.iter().enumerate() {
                if let Some(verified) = self.peek_remembered(password, stored)? {
                    return Ok(Some((place, verified)));
                }
            }
        }
        if !throttle.is_counted() {
            let counts =
                throttle.entries_to_commit().into_iter().map(|(key, value)| self.new_count(&key, value)).collect();
            self.asks.push(Ask::Count(counts));
            return Err(Interrupt::Pending);
        }
        for (place, password) in passwords.iter().enumerate() {
            let right = if throttle.is_shut() {
                self.verify_remembered(password, stored)?
            } else {
                self.verify(password, stored, remember)?
            };
            if let Some(verified) = right {
                return Ok(Some((place, verified)));
            }
        }
        Ok(None)
    }

    /// Whether a password has one of these hashes, counted as one attempt. All hashes are requested before any is
    /// awaited. Returns true if the throttle is shut.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn attempt_hashes(
        &mut self,
        throttle: &dyn AttemptCounter,
        password: &str,
        hashes: &[&str],
    ) -> Result<bool, Interrupt> {
        if !throttle.is_counted() {
            // Counts the attempt only.
            self.attempt_passwords(throttle, &[], None, false)?;
        }
        if throttle.is_shut() {
            self.spend_attempt()?;
            return Ok(true);
        }
        let (mut is_any, mut is_pending) = (false, false);
        for hash in hashes {
            match self.verify(password, Some(hash), false) {
                Ok(right) => is_any |= right.is_some(),
                Err(Interrupt::Pending) => is_pending = true,
                Err(interrupt) => return Err(interrupt),
            }
        }
        if is_pending {
            return Err(Interrupt::Pending);
        }
        Ok(is_any)
    }

    /// Does the work of a wrong password, for a password that no user can have. It does not count as an attempt.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn spend_attempt(&mut self) -> Result<(), Interrupt> {
        self.verify_remembered("", None).map(drop)
    }

    /// The entry at a throttle's key before this request counted its attempt. `is_own` says whether a value was written
    /// by this throttle.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn before_attempt(&mut self, key: &Key, is_own: impl Fn(&Value) -> bool) -> Result<Before, Interrupt> {
        let counts = self.facts.counted.iter().filter(|count| count.key == key.text());
        let counted = counts.rev().find(|count| count.value.as_ref().is_none_or(&is_own));
        let known = self.peek_entry(key)?;
        Ok(match counted {
            Some(count) => Before { value: count.before.clone(), is_counted: true },
            None => Before { value: known, is_counted: false },
        })
    }

    /// Replaces the value with which this request counted an attempt. The value is committed whatever the response is.
    /// It changes no record, so no proof is needed.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn replace_count(
        &mut self,
        key: &Key,
        change: impl FnOnce(Option<&Value>) -> Option<Value>,
    ) -> Result<(), Interrupt> {
        if !self.facts.counted.iter().any(|count| count.key == key.text()) {
            return Ok(());
        }
        let present = self.peek_entry(key)?;
        let next = change(present.as_ref());
        if next != present {
            self.write_always(key, next);
        }
        Ok(())
    }

    fn new_count(&self, key: &Key, value: Option<Value>) -> Count {
        let entry = self.facts.entries.get(key.text()).and_then(Option::as_ref);
        let (expect, before) = (entry.map(|entry| entry.version), entry.map(|entry| entry.value.clone()));
        Count { key: key.text().to_owned(), expect, before, value }
    }

    /// Whether a password is remembered as correct. Returns `None` if not, without any work.
    fn peek_remembered(&mut self, password: &str, stored: Option<&str>) -> Result<Option<Verified>, Interrupt> {
        let mut known = self.known_results(password, stored).peekable();
        if known.peek().is_none() {
            drop(known);
            return Err(self.request_check(password, stored, Memory::Peek));
        }
        let is_right = known.any(|result| result == CheckResult::Recalled) && stored.is_some();
        Ok(is_right.then_some(Verified { outdated: false, recalled: true }))
    }

    /// Whether a password is correct. Returns `None` if not.
    fn verify(&mut self, password: &str, stored: Option<&str>, remember: bool) -> Result<Option<Verified>, Interrupt> {
        let result = self
            .known_results(password, stored)
            .find(|result| !matches!(result, CheckResult::Forgotten | CheckResult::Unseen));
        let Some(result) = result else {
            return Err(self.request_check(password, stored, if remember { Memory::Keep } else { Memory::Off }));
        };
        let is_right = result.is_right() && stored.is_some();
        let (outdated, recalled) = (result == CheckResult::Outdated, result == CheckResult::Recalled);
        Ok(is_right.then_some(Verified { outdated, recalled }))
    }

    /// Whether a password is remembered as correct. Returns `None` if not, after the work of a wrong password and
    /// without checking it.
    fn verify_remembered(&mut self, password: &str, stored: Option<&str>) -> Result<Option<Verified>, Interrupt> {
        let mut known =
            self.known_results(password, stored).filter(|result| *result != CheckResult::Forgotten).peekable();
        // A check by an earlier execution of this request does not count here, and its work is done.
        if known.peek().is_none() {
            drop(known);
            return Err(self.request_check(password, stored, Memory::Only));
        }
        let is_right = known.any(|result| result == CheckResult::Recalled) && stored.is_some();
        Ok(is_right.then_some(Verified { outdated: false, recalled: true }))
    }

    /// The results known so far for a password and a hash.
    fn known_results<'f>(
        &self,
        password: &'f str,
        stored: Option<&'f str>,
    ) -> impl Iterator<Item = CheckResult> + use<'f, '_> {
        let fits = move |known: &str, hash: Option<&str>| known == password && hash == stored;
        self.facts
            .checks
            .iter()
            .filter(move |(known, hash, _)| fits(known, hash.as_deref()))
            .map(|(_, _, result)| *result)
    }

    fn request_check(&mut self, password: &str, stored: Option<&str>, memory: Memory) -> Interrupt {
        let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
        self.asks.push(Ask::Verify { password, stored, memory });
        Interrupt::Pending
    }
}

#[cfg(test)]
mod tests;
