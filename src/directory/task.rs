//! The tasks of a directory.

use std::fmt::{self, Debug, Formatter};

use super::request::Call;
use crate::document::value::Value;

/// A task.
pub enum Task<'t> {
    /// Handles a request.
    Call(Call<'t>),
    /// Writes records into an empty store.
    Seed(&'t Value),
    /// Makes the bootstrap secret, with which the first records can be sent, if the store has no users. The response is
    /// 200 with `{"secret"}`, else 409. A newer secret invalidates an older one.
    Bootstrap,
}

/// Leaves out the records, which may carry passwords.
impl Debug for Task<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => out.debug_tuple("Call").field(call).finish(),
            Self::Seed(_) => out.write_str("Seed"),
            Self::Bootstrap => out.write_str("Bootstrap"),
        }
    }
}
