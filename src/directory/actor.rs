//! Who makes a request.

use super::key::Key;

/// Who makes a request, as far as the guards must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Acting {
    /// Nobody known: whatever changes, it may give nobody more.
    Nobody,
    /// The user of this entry.
    User(Key),
    /// The one who runs the directory, by a secret of its own: no user is above it.
    Operator,
}
