//! Throttle failed sign-ins per user name and client: after repeated failures the client has to wait, longer each time.
//!
//! Failures are counted for each pair of an account name and a client, so an attacker cannot lock out the owner who
//! signs in from elsewhere. The first [`FREE`] failures cost no delay. After the n-th, the next password is checked
//! only after 2^(n - `FREE`) seconds, up to a ceiling. An earlier attempt gets the response of a wrong password after
//! the same work, and does not change the count, so repeated attempts do not extend the delay. The count is written all
//! the same, so that timing reveals nothing, and unknown names are counted like known ones.
//!
//! A correct password ends a count. So does a new password: a count applies only to the hash against which it was made,
//! so after a reset the user can sign in at once. A count also ends after a day without a failure. A remembered
//! password is accepted at any time and does not end a count. Otherwise a program that sends its password with every
//! request would reset the count for an attacker.
//!
//! Each attempt is [counted before it is checked](super::attempt), and a correct password takes the count back.

use super::attempt::{AttemptCounter, Before};
use super::authorized::Verified;
use super::interrupt::Interrupt;
use super::key::Key;
use super::slot::Slot;
use super::time::is_ahead;
use super::transaction::Transaction;
use crate::document::value::Value;

/// The number of consecutive failures without a delay.
const FREE: u32 = 10;
/// The first delay, in milliseconds.
const FIRST: i64 = 1_000;
/// The longest delay of an identified client, in milliseconds.
const CEILING: i64 = 900_000;
/// The longest delay if the host cannot identify clients, in milliseconds. Then all clients share one count, including
/// the owner's, so an attacker can lock out all of them for that name. The short ceiling limits that, and still allows
/// an attacker only two attempts a minute.
const CEILING_FOR_ALL: i64 = 30_000;
/// A count ends this long after its last failure, in milliseconds.
const LASTS: i64 = 86_400_000;

/// The throttle of one account name and one client.
pub(crate) struct Throttle {
    slot: Slot,
    ceiling: i64,
}

/// Consecutive failures.
#[derive(Clone, Copy)]
struct Count {
    failures: u32,
    /// The time of the last failure, in milliseconds since 1970.
    last: i64,
}

impl Throttle {
    /// The throttle of a name, in the form in which its product compares names, for a client. The client is empty if
    /// the host cannot identify it.
    pub fn new(tx: &Transaction<'_>, name: &str, client: &str) -> Self {
        let ceiling = if client.is_empty() { CEILING_FOR_ALL } else { CEILING };
        Self { slot: Slot::new(tx, "brake", &[name, client]), ceiling }
    }

    /// The key of its entry, to request it together with the user's.
    pub fn key(&self) -> &Key {
        self.slot.key()
    }

    /// Whether a password is correct. Returns `None` if not, and if the attempt comes too early. A failure is counted.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn verify(
        &self,
        tx: &mut Transaction<'_>,
        password: &str,
        stored: Option<&str>,
        remember: bool,
    ) -> Result<Option<Verified>, Interrupt> {
        self.verify_provisionally(tx, password, stored, remember)?.accept_result(tx)
    }

    /// Like [`Throttle::verify`], but the caller decides later whether to [accept](ProvisionalResult::accept_result) the result or undo the attempt.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn verify_provisionally(
        &self,
        tx: &mut Transaction<'_>,
        password: &str,
        stored: Option<&str>,
        remember: bool,
    ) -> Result<ProvisionalResult, Interrupt> {
        let attempt = self.attempt(tx, stored)?;
        let right = tx.attempt_passwords(&attempt, &[password], stored, remember)?.map(|(_, verified)| verified);
        Ok(ProvisionalResult { right, attempt })
    }

    /// Whether a password is the current one or one of these earlier ones. Returns true without checking if the
    /// throttle is shut. It counts as a failure as long as the current password stays: a client that asks repeatedly
    /// without changing it is guessing.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn is_used(
        &self,
        tx: &mut Transaction<'_>,
        password: &str,
        present: Option<&str>,
        hashes: &[&str],
    ) -> Result<bool, Interrupt> {
        let attempt = self.attempt(tx, present)?;
        tx.attempt_hashes(&attempt, password, hashes)
    }

    fn attempt(&self, tx: &mut Transaction<'_>, stored: Option<&str>) -> Result<Attempt, Interrupt> {
        let slot = self.slot.valid_while(tx, stored.unwrap_or(""));
        let Before { value, is_counted } = tx.before_attempt(slot.key(), |value| slot.is_owner_of(value))?;
        let before = value.filter(|kept| slot.is_owner_of(kept)).as_ref().and_then(Count::from_value);
        let before = before.filter(|count| count.is_current(tx.now));
        let is_shut = before.is_some_and(|count| tx.now < count.last.saturating_add(self.delay(count)));
        // An attempt that is not checked does not change the count.
        let after = before.filter(|_| is_shut).unwrap_or_else(|| Count::one_more(before, tx.now));
        Ok(Attempt { slot, after, is_shut, is_counted })
    }

    /// How long attempts are rejected after the last failure, in milliseconds.
    fn delay(&self, Count { failures, .. }: Count) -> i64 {
        let Some(doublings) = failures.checked_sub(FREE) else { return 0 };
        let factor = 1_i64.checked_shl(doublings).filter(|factor| *factor > 0).unwrap_or(i64::MAX);
        FIRST.saturating_mul(factor).min(self.ceiling)
    }
}

/// An attempt, and its count.
struct Attempt {
    slot: Slot,
    /// The count including this attempt.
    after: Count,
    is_shut: bool,
    is_counted: bool,
}

impl AttemptCounter for Attempt {
    fn is_shut(&self) -> bool {
        self.is_shut
    }

    fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn entries_to_commit(&self) -> Vec<(Key, Option<Value>)> {
        vec![(self.slot.key().clone(), Some(self.slot.value(self.after.to_members())))]
    }
}

/// The result of a check. It counts as a failure until it is kept or undone.
pub(crate) struct ProvisionalResult {
    right: Option<Verified>,
    attempt: Attempt,
}

impl ProvisionalResult {
    /// Whether the password was correct.
    pub fn is_right(&self) -> bool {
        self.right.is_some()
    }

    /// Keeps the result: a correct password ends the count.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn accept_result(self, tx: &mut Transaction<'_>) -> Result<Option<Verified>, Interrupt> {
        match &self.right {
            // A remembered password is not an attempt, even if it was remembered only after this attempt was counted.
            Some(verified) if verified.recalled => self.undo_attempt(tx)?,
            Some(_) => self.attempt.replace(tx, |_| None)?,
            None => self.attempt.restore(tx)?,
        }
        Ok(self.right)
    }

    /// Undoes the attempt: it was not a failure, and does not end the count of earlier failures.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn undo_attempt(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        if self.attempt.is_shut {
            return Ok(());
        }
        self.attempt.replace(tx, Count::one_less)
    }
}

impl Attempt {
    /// Replaces the count, if the slot still belongs to this name.
    fn replace(&self, tx: &mut Transaction<'_>, change: impl Fn(Count) -> Option<Count>) -> Result<(), Interrupt> {
        tx.replace_count(self.slot.key(), |present| match present {
            Some(value) if self.slot.is_owner_of(value) => {
                let next = Count::from_value(value).and_then(change);
                next.map(|count| self.slot.value(count.to_members()))
            }
            other => other.cloned(),
        })
    }

    /// Counts the attempt again, if another correct password of the same request has ended the count.
    fn restore(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        let count = Count { failures: 1, ..self.after };
        tx.replace_count(self.slot.key(), |present| match present {
            None if !self.is_shut => Some(self.slot.value(count.to_members())),
            other => other.cloned(),
        })
    }
}

impl Count {
    fn one_more(count: Option<Self>, now: i64) -> Self {
        Self { failures: count.map_or(0, |count| count.failures).saturating_add(1), last: now }
    }

    fn one_less(self) -> Option<Self> {
        let failures = self.failures.checked_sub(1).filter(|failures| *failures > 0)?;
        Some(Self { failures, ..self })
    }

    /// Whether the last failure was within a day, allowing for differences between clocks.
    fn is_current(self, now: i64) -> bool {
        !is_ahead(self.last, now) && now.saturating_sub(self.last) < LASTS
    }

    /// Returns `None` for a value that no throttle wrote.
    fn from_value(value: &Value) -> Option<Self> {
        let number = |name| match value.get(name) {
            Some(Value::Number(digits)) => digits.parse::<i64>().ok(),
            _ => None,
        };
        Some(Self { failures: number("failures")?.try_into().ok()?, last: number("last")? })
    }

    fn to_members(self) -> Vec<(String, Value)> {
        vec![("failures".to_owned(), i64::from(self.failures).into()), ("last".to_owned(), self.last.into())]
    }
}
