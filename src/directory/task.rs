//! What the directory can be asked to do.

use std::fmt::{self, Debug, Formatter};

use super::request::Call;
use crate::document::value::Value;

/// A thing to do.
pub enum Task<'t> {
    /// Answers a request.
    Call(Call<'t>),
    /// Puts records into an empty store.
    Seed(&'t Value),
    /// Makes the secret with which the first records can be sent, if the store has no users: 200 with
    /// `{"secret"}`, else 409. A newer secret voids an older one.
    Bootstrap,
}

/// Records may carry passwords, and stay out of it.
impl Debug for Task<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => out.debug_tuple("Call").field(call).finish(),
            Self::Seed(_) => out.write_str("Seed"),
            Self::Bootstrap => out.write_str("Bootstrap"),
        }
    }
}
