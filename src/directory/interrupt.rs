//! Why a call ends before it has changes.

use super::fault::Fault;
use super::rejection::Guard;
use super::response::Response;

/// Why a call does not come to changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Interrupt {
    /// Facts are missing; [`super::Transaction`] has noted which.
    Pending,
    /// The answer is this, and nothing changes.
    Refused(Response),
    /// The rules allow the call, and the directory is not who answers it: the host may.
    Upstream,
    /// The caller is authenticated, and the call needs the body that the host has withheld.
    Body,
    /// A strict guard refuses, whatever the product's own rules say; the answer has their form.
    Guarded(Guard),
    /// Something is wrong that is not the caller's doing.
    Fault(Fault),
}

impl From<Response> for Interrupt {
    fn from(response: Response) -> Self {
        Self::Refused(response)
    }
}

impl From<Fault> for Interrupt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
