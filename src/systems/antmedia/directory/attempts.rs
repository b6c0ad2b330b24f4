//! Failed attempts to sign in, counted for each address, whether it is a user's or nobody's.
//!
//! Source: CommonRestService.java, `authenticateUser`, with `ALLOWED_LOGIN_ATTEMPTS` and
//! `BLOCKED_LOGIN_TIMEOUT_SECS`; the product keeps the counts in memory. Here they have entries of their own, so that
//! a wrong password stands in the way of no change of the user.
//!
//! Addresses that are nobody's share a fixed number of entries.

use super::stored::whole;
use crate::directory::{Fault, Key, Permit, Slot, Stop, World};
use crate::value::Value;

/// One more failure than this blocks.
const ALLOWED: i64 = 2;
/// How long an address stays blocked, in milliseconds: the first attempt after it clears it.
const BLOCKED_FOR: i64 = 300_000;

/// The attempts with one address.
pub struct Attempts {
    own: Key,
    slot: Slot,
    state: State,
    has_own: bool,
    has_slot: bool,
}

#[derive(Clone, Copy, Default)]
struct State {
    failures: i64,
    /// Since when, in milliseconds since 1970.
    blocked: Option<i64>,
}

/// The entries that have the attempts with an address: its own, and the slot.
pub fn keys(world: &World<'_>, email: &str) -> [Key; 2] {
    [own(email), slot(world, email).key().clone()]
}

fn own(email: &str) -> Key {
    Key::new("attempts", &[email])
}

fn slot(world: &World<'_>, email: &str) -> Slot {
    Slot::new(world, "attempts-of-nobody", &[email])
}

impl Attempts {
    /// The attempts so far.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn read(world: &mut World<'_>, email: &str) -> Result<Self, Stop> {
        let (own, slot) = (own(email), slot(world, email));
        let entries = world.read_all(&[own.clone(), slot.key().clone()])?;
        let (known, kept) = (entries.first().copied().flatten(), entries.last().copied().flatten());
        let kept = kept.filter(|kept| slot.has(kept));
        let state = match known.or(kept) {
            Some(value) => State::read(value).ok_or(Stop::Fault(Fault::Internal))?,
            None => State::default(),
        };
        Ok(Self { own, slot, state, has_own: known.is_some(), has_slot: kept.is_some() })
    }

    /// Whether the address is blocked, as the panel tells it: until the first attempt after its time.
    pub fn is_blocked(&self) -> bool {
        self.state.blocked.is_some()
    }

    /// Whether no attempt is looked at now.
    pub fn is_shut(&self, now: i64) -> bool {
        self.state.blocked.is_some_and(|since| now.saturating_sub(since) <= BLOCKED_FOR)
    }

    /// Forgets them all.
    ///
    /// # Errors
    ///
    /// As [`World::delete`].
    pub fn clear(&self, world: &mut World<'_>, permit: &Permit) -> Result<(), Stop> {
        if self.has_own {
            world.delete(permit, &self.own)?;
        }
        self.clear_slot(world, permit)
    }

    /// Counts one more failure. What is counted under an address that became a user's moves to its own entry, and
    /// stays there when the user goes.
    ///
    /// # Errors
    ///
    /// As [`World::put`].
    pub fn fail(&self, world: &mut World<'_>, permit: &Permit, is_user: bool) -> Result<(), Stop> {
        let before = if self.is_blocked() { State::default() } else { self.state };
        let failures = before.failures.saturating_add(1);
        let state = State { failures, blocked: (failures > ALLOWED).then_some(world.now) };
        if is_user || self.has_own {
            self.clear_slot(world, permit)?;
            world.put(permit, &self.own, Value::Object(state.members()))
        } else {
            world.put(permit, self.slot.key(), self.slot.value(state.members()))
        }
    }

    fn clear_slot(&self, world: &mut World<'_>, permit: &Permit) -> Result<(), Stop> {
        if self.has_slot {
            world.delete(permit, self.slot.key())?;
        }
        Ok(())
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
