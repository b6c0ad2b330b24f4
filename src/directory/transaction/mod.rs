//! One execution of a request: its facts, what it asks for and what it writes.

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

/// One execution of a request: its facts, what it asks for and what it writes.
pub(crate) struct Transaction<'w> {
    /// Milliseconds since 1970.
    pub now: i64,
    inputs: Inputs<'w>,
    /// The name of the model.
    pub(super) system: &'static str,
    drawn: u64,
    pub(super) facts: &'w Facts,
    pub(super) asks: Vec<Ask>,
    pub(super) changes: Changes,
    pub(super) mails: Vec<Mail>,
    pub(super) logged: Vec<LoggedDecision>,
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
            logged: Vec::new(),
            actor: None,
            acting: Acting::NoUser,
        }
    }

    /// The same transaction before the request, without its writes.
    pub(super) fn without_writes(&self) -> Self {
        Self::new(self.inputs, self.system)
    }

    /// Makes the writes of this transaction depend on the reads of another one on the same facts, and asks for the
    /// facts that are missing there. The writes of the other one are discarded.
    pub(super) fn depend_on(&mut self, other: Self) {
        self.asks.extend(other.asks);
        self.changes.depend_on(other.changes);
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.now.div_euclid(1_000)
    }

    /// The secret of this directory, which signs sessions.
    pub fn secret(&self) -> &'w [u8] {
        self.inputs.secret
    }

    /// Whether the strict guards apply. Then a new password ends all sessions and tokens, a secret is shown only once,
    /// and sign-ins are throttled, even if the product does otherwise.
    pub fn is_strict(&self) -> bool {
        self.inputs.guards == Guards::Strict
    }
}
