//! Why the execution of a request ends early.

use super::fault::Fault;
use super::rejection::Guard;
use super::response::Response;

/// Why the execution of a request ends early.
#[derive(Clone, Debug, PartialEq)]
pub enum Interrupt {
    /// Facts are missing. [`super::Transaction`] has recorded which ones.
    Pending,
    /// The response, without any changes.
    Refused(Response),
    /// The rules allow the request, and the host may answer it instead of the directory.
    Upstream,
    /// The caller is authenticated, and the request needs the body that the host has withheld.
    Body,
    /// A strict guard rejects the request. The response has the product's format.
    Guarded(Guard),
    /// A fault that the caller did not cause.
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
