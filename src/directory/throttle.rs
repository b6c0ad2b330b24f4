//! The throttle on guessing: who fails too often in a row has to wait, for longer each time.
//!
//! Failures are counted for each pair of an account's name and a client, so that nobody keeps the owner out who comes
//! from elsewhere. The first [`FREE`] cost nothing. After the n-th the next try is looked at only after 2^(n - `FREE`)
//! seconds, with a ceiling; one before that is answered like a wrong password, after the same work, and changes no
//! count, so that nobody keeps somebody out for longer by trying more often. It is written all the same, so that time
//! tells nothing of it, and an unknown name is counted like a known one.
//!
//! A right password ends a count, and so does a new one: a count holds only for the hash that it was made against, so
//! a reset lets its user in at once, wherever the failures came from. Whatever happens, a day without a failure ends it.
//! A password that is remembered to be right passes at any time, and says nothing new: it ends no count, so that a
//! program that sends one with every request does not clear the way for somebody else's guesses.
//!
//! An attempt is [counted before it is checked](super::attempt), and a right password takes the count back.

use super::attempt::{AttemptCounter, Before};
use super::authorized::Verified;
use super::interrupt::Interrupt;
use super::key::Key;
use super::slot::Slot;
use super::time::is_ahead;
use super::transaction::Transaction;
use crate::document::value::Value;

/// Failures in a row that cost no time.
const FREE: u32 = 10;
/// The first delay, in milliseconds.
const FIRST: i64 = 1_000;
/// The longest delay of a client who is told from others.
const CEILING: i64 = 900_000;
/// The longest delay where nobody knows which client it is: all are one there, its owner too, and whoever fails often
/// enough keeps all of them out of that name. Without a throttle, though, nothing at all would slow who guesses; at two
/// tries in a minute at the most it is slow enough, and whoever is kept out waits and gets in.
const CEILING_FOR_ALL: i64 = 30_000;
/// A count ends so long after its last failure.
const LASTS: i64 = 86_400_000;

/// The throttle on one account's name and one client.
pub(crate) struct Throttle {
    slot: Slot,
    ceiling: i64,
}

/// Failures in a row.
#[derive(Clone, Copy)]
struct Count {
    failures: u32,
    /// When the last one was, in milliseconds since 1970.
    last: i64,
}

impl Throttle {
    /// The throttle on a name, as its product compares names, for a client, which is empty where nobody knows it.
    pub fn new(tx: &Transaction<'_>, name: &str, client: &str) -> Self {
        let ceiling = if client.is_empty() { CEILING_FOR_ALL } else { CEILING };
        Self { slot: Slot::new(tx, "brake", &[name, client]), ceiling }
    }

    /// The entry that it reads, to be asked for together with the user's.
    pub fn key(&self) -> &Key {
        self.slot.key()
    }

    /// Whether a password is right; `None` if not, and where the attempt comes too early. A failure is counted.
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
        self.look(tx, password, stored, remember)?.keep(tx)
    }

    /// The same, with what comes of the count left to be [kept](Look::keep).
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn look(
        &self,
        tx: &mut Transaction<'_>,
        password: &str,
        stored: Option<&str>,
        remember: bool,
    ) -> Result<Look, Interrupt> {
        let attempt = self.attempt(tx, stored)?;
        let right = tx.attempt(&attempt, &[password], stored, remember)?.map(|(_, verified)| verified);
        Ok(Look { right, attempt })
    }

    /// Whether a password is the present one or one of these earlier ones, or nothing is looked at. It counts as a
    /// failure for as long as the present one stays: who asks again and again without changing it is guessing.
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
        tx.attempt_any(&attempt, password, hashes)
    }

    fn attempt(&self, tx: &mut Transaction<'_>, stored: Option<&str>) -> Result<Attempt, Interrupt> {
        let slot = self.slot.while_it_is(tx, stored.unwrap_or(""));
        let Before { value, is_counted } = tx.before_attempt(slot.key(), |value| slot.has(value))?;
        let before = value.filter(|kept| slot.has(kept)).as_ref().and_then(Count::from_value);
        let before = before.filter(|count| count.is_current(tx.now));
        let is_shut = before.is_some_and(|count| tx.now < count.last.saturating_add(self.delay(count)));
        // One that is not looked at changes no count.
        let after = before.filter(|_| is_shut).unwrap_or_else(|| Count::one_more(before, tx.now));
        Ok(Attempt { slot, after, is_shut, is_counted })
    }

    /// How long after the last failure nothing is looked at.
    fn delay(&self, Count { failures, .. }: Count) -> i64 {
        let Some(doublings) = failures.checked_sub(FREE) else { return 0 };
        let factor = 1_i64.checked_shl(doublings).filter(|factor| *factor > 0).unwrap_or(i64::MAX);
        FIRST.saturating_mul(factor).min(self.ceiling)
    }
}

/// An attempt, and how it counts.
struct Attempt {
    slot: Slot,
    /// The count with this attempt.
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

    fn count(&self) -> Vec<(Key, Option<Value>)> {
        vec![(self.slot.key().clone(), Some(self.slot.value(self.after.to_members())))]
    }
}

/// What a look at a password showed. It counts as a failure until it is kept or undone.
pub(crate) struct Look {
    right: Option<Verified>,
    attempt: Attempt,
}

impl Look {
    /// Whether the password was right.
    pub fn is_right(&self) -> bool {
        self.right.is_some()
    }

    /// Lets it count: a right password ends the count.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn keep(self, tx: &mut Transaction<'_>) -> Result<Option<Verified>, Interrupt> {
        match &self.right {
            // It is no attempt, even if it came to be remembered only after this one was counted.
            Some(verified) if verified.recalled => self.undo(tx)?,
            Some(_) => self.attempt.replace(tx, |_| None)?,
            None => self.attempt.restore(tx)?,
        }
        Ok(self.right)
    }

    /// Takes it back: it was no failure, and says nothing of those before it.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn undo(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        if self.attempt.is_shut {
            return Ok(());
        }
        self.attempt.replace(tx, Count::one_less)
    }
}

impl Attempt {
    /// Replaces the count, if it still is this name's.
    fn replace(&self, tx: &mut Transaction<'_>, change: impl Fn(Count) -> Option<Count>) -> Result<(), Interrupt> {
        tx.recount(self.slot.key(), |present| match present {
            Some(value) if self.slot.has(value) => {
                let next = Count::from_value(value).and_then(change);
                next.map(|count| self.slot.value(count.to_members()))
            }
            other => other.cloned(),
        })
    }

    /// Counts the attempt again, if a right password ended the count after it was counted: another one of the same call.
    fn restore(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        let count = Count { failures: 1, ..self.after };
        tx.recount(self.slot.key(), |present| match present {
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

    /// Whether it is of the last day, as far as the clocks of several machines agree.
    fn is_current(self, now: i64) -> bool {
        !is_ahead(self.last, now) && now.saturating_sub(self.last) < LASTS
    }

    /// `None` for what no throttle wrote.
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
