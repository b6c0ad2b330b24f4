//! Failed attempts to sign in, counted for each address, whether it is a user's or nobody's.
//!
//! Source: CommonRestService.java, `authenticateUser`, with `ALLOWED_LOGIN_ATTEMPTS` and
//! `BLOCKED_LOGIN_TIMEOUT_SECS`; the product keeps the counts in memory. Here they have entries of their own, so that
//! a wrong password stands in the way of no change of the user.
//!
//! Addresses that are nobody's share a fixed number of entries. An attempt is counted before its password is checked.

use super::stored::whole;
use crate::directory::prelude::{time, AttemptCounter, Fault, Interrupt, Key, Slot, Transaction};
use crate::document::value::Value;

/// One more failure than this blocks.
const ALLOWED: i64 = 2;
/// How long an address stays blocked, in milliseconds: the first attempt after it clears it.
const BLOCKED_FOR: i64 = 300_000;

/// The attempts with one address, before this one.
pub struct Attempts {
    own: Key,
    slot: Slot,
    state: State,
    now: i64,
    has_own: bool,
    has_slot: bool,
    is_counted: bool,
}

#[derive(Clone, Copy, Default)]
struct State {
    failures: i64,
    /// Since when, in milliseconds since 1970.
    blocked: Option<i64>,
}

/// The entries that have the attempts with an address: its own, and the slot.
pub fn keys(tx: &Transaction<'_>, email: &str) -> [Key; 2] {
    [own(email), slot(tx, email).key().clone()]
}

fn own(email: &str) -> Key {
    Key::new("attempts", &[email])
}

fn slot(tx: &Transaction<'_>, email: &str) -> Slot {
    Slot::new(tx, "attempts-of-nobody", &[email])
}

impl Attempts {
    /// The attempts so far, without one that this call has counted.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn read(tx: &mut Transaction<'_>, email: &str) -> Result<Self, Interrupt> {
        let (own, slot) = (own(email), slot(tx, email));
        tx.prefetch(&[own.clone(), slot.key().clone()]);
        let known = tx.before_attempt(&own, |_| true)?;
        let kept = tx.before_attempt(slot.key(), |value| slot.has(value))?;
        let is_counted = known.is_counted || kept.is_counted;
        let (known, kept) = (known.value, kept.value.filter(|kept| slot.has(kept)));
        let state = match known.as_ref().or(kept.as_ref()) {
            Some(value) => State::read(value).ok_or(Interrupt::Fault(Fault::Internal))?,
            None => State::default(),
        };
        let (has_own, has_slot) = (known.is_some(), kept.is_some());
        Ok(Self { own, slot, state, now: tx.now, has_own, has_slot, is_counted })
    }

    /// Whether the address is blocked, as the panel tells it: until the first attempt after its time.
    pub fn is_blocked(&self) -> bool {
        self.state.blocked.is_some()
    }

    /// Whether no attempt is looked at now.
    pub fn is_shut(&self) -> bool {
        let holds = |since| !time::is_ahead(since, self.now) && self.now.saturating_sub(since) <= BLOCKED_FOR;
        self.state.blocked.is_some_and(holds)
    }

    /// One more attempt. What is counted under an address that became a user's moves to its own entry, and
    /// stays there when the user goes.
    pub fn of(self, is_user: bool) -> Attempt {
        Attempt { attempts: self, is_user }
    }
}

/// An attempt with an address, which may be a user's.
pub struct Attempt {
    attempts: Attempts,
    is_user: bool,
}

impl Attempt {
    /// Forgets all attempts: this one was a user's own.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn clear(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        tx.recount(&self.attempts.own, |_| None)
    }
}

impl AttemptCounter for Attempt {
    fn is_shut(&self) -> bool {
        self.attempts.is_shut()
    }

    fn is_counted(&self) -> bool {
        self.attempts.is_counted
    }

    fn count(&self) -> Vec<(Key, Option<Value>)> {
        let Attempts { own, slot, state, now, has_own, has_slot, .. } = &self.attempts;
        let before = if state.blocked.is_some() { State::default() } else { *state };
        let failures = before.failures.saturating_add(1);
        let state = State { failures, blocked: (failures > ALLOWED).then_some(*now) };
        if !self.is_user && !*has_own {
            return vec![(slot.key().clone(), Some(slot.value(state.members())))];
        }
        let mut lines = vec![(own.clone(), Some(Value::Object(state.members())))];
        lines.extend(has_slot.then(|| (slot.key().clone(), None)));
        lines
    }
}

impl State {
    fn read(value: &Value) -> Option<Self> {
        let blocked = match value.get("blocked")? {
            Value::Null => None,
            since => Some(whole(since)?),
        };
        Some(Self { failures: whole(value.get("failures")?)?, blocked })
    }

    fn members(self) -> Vec<(String, Value)> {
        let blocked = self.blocked.map_or(Value::Null, Value::from);
        vec![("failures".to_owned(), self.failures.into()), ("blocked".to_owned(), blocked)]
    }
}
