//! Throttles failed sign-ins per e-mail address, for existing and unknown users.
//!
//! Source: CommonRestService.java, `authenticateUser`, with `ALLOWED_LOGIN_ATTEMPTS` and `BLOCKED_LOGIN_TIMEOUT_SECS`;
//! the product keeps the counts in memory. Here the counts have their own entries, so that a wrong password does not
//! conflict with a change of the user.
//!
//! Unknown addresses share a fixed number of entries. An attempt is counted before its password is verified.

use super::stored::integer;
use crate::directory::prelude::{time, AttemptCounter, Fault, Interrupt, Key, Slot, Transaction};
use crate::document::value::Value;

/// The failures that are allowed. The next failure blocks the address.
const ALLOWED: i64 = 2;
/// How long an address stays blocked, in milliseconds. The first attempt after that resets the count.
const BLOCKED_FOR: i64 = 300_000;

/// The failed attempts with one address, without the current one.
pub struct Attempts {
    own: Key,
    slot: Slot,
    state: FailureCount,
    now: i64,
    has_own: bool,
    has_slot: bool,
    is_counted: bool,
}

#[derive(Clone, Copy, Default)]
struct FailureCount {
    failures: i64,
    /// The time at which the address was blocked, in milliseconds since 1970.
    blocked: Option<i64>,
}

/// The entries that count the attempts with an address: its own entry, and its shared slot.
pub fn attempt_keys(tx: &Transaction<'_>, email: &str) -> [Key; 2] {
    [own_key(email), shared_slot(tx, email).key().clone()]
}

fn own_key(email: &str) -> Key {
    Key::new("attempts", &[email])
}

fn shared_slot(tx: &Transaction<'_>, email: &str) -> Slot {
    Slot::new(tx, "attempts-of-nobody", &[email])
}

impl Attempts {
    /// Loads the count, without the attempt that this call has counted.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn load(tx: &mut Transaction<'_>, email: &str) -> Result<Self, Interrupt> {
        let (own, slot) = (own_key(email), shared_slot(tx, email));
        tx.prefetch(&[own.clone(), slot.key().clone()]);
        let own_entry = tx.before_attempt(&own, |_| true)?;
        let slot_entry = tx.before_attempt(slot.key(), |value| slot.is_owner_of(value))?;
        let is_counted = own_entry.is_counted || slot_entry.is_counted;
        let (own_entry, slot_entry) =
            (own_entry.value, slot_entry.value.filter(|slot_entry| slot.is_owner_of(slot_entry)));
        let state = match own_entry.as_ref().or(slot_entry.as_ref()) {
            Some(value) => FailureCount::from_value(value).ok_or(Interrupt::Fault(Fault::Internal))?,
            None => FailureCount::default(),
        };
        let (has_own, has_slot) = (own_entry.is_some(), slot_entry.is_some());
        Ok(Self { own, slot, state, now: tx.now, has_own, has_slot, is_counted })
    }

    /// Whether the address is reported as blocked: until the first attempt after the block expires.
    pub fn is_blocked(&self) -> bool {
        self.state.blocked.is_some()
    }

    /// Whether attempts are rejected without verifying the password.
    pub fn is_shut(&self) -> bool {
        let is_in_force = |since| !time::is_ahead(since, self.now) && self.now.saturating_sub(since) <= BLOCKED_FOR;
        self.state.blocked.is_some_and(is_in_force)
    }

    /// The current attempt. If a user now has the address, the count moves from the shared slot to the address's own
    /// entry, and stays there after the user is deleted.
    pub fn for_user(self, is_user: bool) -> Attempt {
        Attempt { attempts: self, is_user }
    }
}

/// An attempt to sign in with an address.
pub struct Attempt {
    attempts: Attempts,
    is_user: bool,
}

impl Attempt {
    /// Resets the count after a successful sign-in.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn reset(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        tx.replace_count(&self.attempts.own, |_| None)
    }
}

impl AttemptCounter for Attempt {
    fn is_shut(&self) -> bool {
        self.attempts.is_shut()
    }

    fn is_counted(&self) -> bool {
        self.attempts.is_counted
    }

    fn entries_to_commit(&self) -> Vec<(Key, Option<Value>)> {
        let Attempts { own, slot, state, now, has_own, has_slot, .. } = &self.attempts;
        let before = if state.blocked.is_some() { FailureCount::default() } else { *state };
        let failures = before.failures.saturating_add(1);
        let state = FailureCount { failures, blocked: (failures > ALLOWED).then_some(*now) };
        if !self.is_user && !*has_own {
            return vec![(slot.key().clone(), Some(slot.value(state.to_members())))];
        }
        let mut changes = vec![(own.clone(), Some(Value::Object(state.to_members())))];
        changes.extend(has_slot.then(|| (slot.key().clone(), None)));
        changes
    }
}

impl FailureCount {
    fn from_value(value: &Value) -> Option<Self> {
        let blocked = match value.get("blocked")? {
            Value::Null => None,
            since => Some(integer(since)?),
        };
        Some(Self { failures: integer(value.get("failures")?)?, blocked })
    }

    fn to_members(self) -> Vec<(String, Value)> {
        let blocked = self.blocked.map_or(Value::Null, Value::from);
        vec![("failures".to_owned(), self.failures.into()), ("blocked".to_owned(), blocked)]
    }
}
