//! What a run of a task depends on besides the task.

use std::fmt::{self, Debug, Formatter};

use super::facts::Facts;
use super::rejection::Guards;

/// What a run depends on besides its task. The core has no clock, no randomness and no I/O, so the host passes them.
#[derive(Clone, Copy)]
pub struct Inputs<'r> {
    /// Which rules hold besides the product's own.
    pub guards: Guards,
    /// The time, in milliseconds since 1970.
    pub now: i64,
    /// The secret of the store, which signs sessions: the same in all runs.
    pub secret: &'r [u8],
    /// [`ENTROPY`](super::ENTROPY) random bytes, new for each run.
    pub entropy: &'r [u8],
    /// The facts known so far.
    pub facts: &'r Facts,
}

/// Secret and entropy are left out.
impl Debug for Inputs<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { guards, now, facts, .. } = self;
        let mut fields = out.debug_struct("Inputs");
        fields.field("guards", guards).field("now", now).field("facts", facts).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl<'r> Inputs<'r> {
    /// These facts, without guards, at the beginning of 1970.
    pub(super) fn of_test(entropy: &'r [u8], facts: &'r Facts) -> Self {
        Self { guards: Guards::Off, now: 0, secret: b"", entropy, facts }
    }
}
