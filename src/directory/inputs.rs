//! The inputs of one execution of a task.

use std::fmt::{self, Debug, Formatter};

use super::facts::Facts;
use super::rejection::Guards;

/// The number of random bytes of one execution. All random values are derived from them. With fewer bytes the execution
/// fails closed.
pub const ENTROPY: usize = 256;

/// The inputs of one execution besides its task. The core has no clock, no randomness and no I/O, so the host passes
/// them.
#[derive(Clone, Copy)]
pub struct Inputs<'r> {
    /// Whether the strict guards apply.
    pub guards: Guards,
    /// The time, in milliseconds since 1970.
    pub now: i64,
    /// The secret of the store, which signs sessions. It is the same in every execution.
    pub secret: &'r [u8],
    /// [`ENTROPY`] random bytes, new for each execution.
    pub entropy: &'r [u8],
    /// The facts that the task has so far.
    pub facts: &'r Facts,
}

/// Random bytes for [`Inputs::entropy`], from the operating system.
///
/// # Errors
///
/// [`RandomError`](crate::RandomError).
///
/// ```
/// use latchwork::directory::{draw_entropy, Facts, Guards, Inputs, Task};
/// use latchwork::SystemName;
///
/// let (entropy, facts) = (draw_entropy()?, Facts::default());
/// let inputs = Inputs { guards: Guards::Strict, now: 0, secret: b"of this store", entropy: &entropy, facts: &facts };
/// let outcome = SystemName::Meuse.run_task(&Task::Bootstrap, inputs);
/// // The handler asks its host for what it needs: whether the store has users.
/// assert_eq!(outcome.map(|outcome| outcome.asks.len()), Some(1));
/// # Ok::<(), latchwork::RandomError>(())
/// ```
#[cfg(all(feature = "getrandom", not(target_family = "wasm")))]
pub fn draw_entropy() -> Result<[u8; ENTROPY], crate::random::RandomError> {
    crate::random::random()
}

/// Leaves out the secret and the random bytes.
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
