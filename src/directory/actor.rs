//! The caller of a request.

use super::key::Key;

/// The caller, as the strict guards see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Acting {
    /// The caller is not known: its change may grant nothing to others.
    NoUser,
    /// The user of this entry.
    User(Key),
    /// The operator, authenticated by a secret of the directory. No user has more privileges.
    Operator,
}
