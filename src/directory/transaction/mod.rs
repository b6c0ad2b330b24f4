//! One run of a call: what it knows, what it asks for and what it changes.

mod decisions;
mod entropy;
mod reads;
mod writes;

use super::actor::Acting;
use super::changes::Changes;
use super::facts::{Ask, Facts};
use super::inputs::Inputs;
use super::outcome::{LoggedDecision, Mail};
use super::rejection::Guards;

/// What one run of a call knows, asks and changes.
pub(crate) struct Transaction<'w> {
    /// Milliseconds since 1970.
    pub now: i64,
    inputs: Inputs<'w>,
    /// The name of the system.
    pub(super) system: &'static str,
    drawn: u64,
    pub(super) facts: &'w Facts,
    pub(super) asks: Vec<Ask>,
    pub(super) changes: Changes,
    pub(super) mails: Vec<Mail>,
    pub(super) noted: Vec<LoggedDecision>,
    pub(super) actor: Option<String>,
    pub(super) acting: Acting,
}

impl<'w> Transaction<'w> {
    pub(super) fn new(inputs: Inputs<'w>, system: &'static str) -> Self {
        Self {
            now: inputs.now,
            inputs,
            system,
            drawn: 0,
            facts: inputs.facts,
            asks: Vec::new(),
            changes: Changes::default(),
            mails: Vec::new(),
            noted: Vec::new(),
            actor: None,
            acting: Acting::Nobody,
        }
    }

    /// The same transaction as it was before the call: what the call changes is not in it.
    pub(super) fn before(&self) -> Self {
        Self::new(self.inputs, self.system)
    }

    /// Lets the changes of this call rest on what was read in another transaction on the same facts, and asks what is
    /// missing there. What that one changes comes to nothing.
    pub(super) fn depend_on(&mut self, other: Self) {
        self.asks.extend(other.asks);
        self.changes.depend_on(other.changes);
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.now.div_euclid(1_000)
    }

    /// The secret of this directory, under which sessions are signed.
    pub fn secret(&self) -> &'w [u8] {
        self.inputs.secret
    }

    /// Whether a change of a password ends all that one gets in by, what is shown once is not shown again, and who
    /// guesses is slowed, also where the product's own rules have it otherwise.
    pub fn is_strict(&self) -> bool {
        self.inputs.guards == Guards::Strict
    }
}
