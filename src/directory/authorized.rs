//! Leave to change something.

/// Proof that a change was allowed. There is no change without one, and nobody outside of the directory's own
/// line can make one:
///
/// ```compile_fail
/// let proof = latchwork::directory::Authorized(());
/// ```
#[derive(Debug)]
pub struct Authorized(());

impl Authorized {
    /// A decision let the subject in.
    pub(super) fn decided() -> Self {
        Self(())
    }

    /// The one who runs the directory fills it: a seed, or the first user of an empty store.
    pub(super) fn operator() -> Self {
        Self(())
    }
}

/// Proof that a password, or another secret, was the right one.
#[derive(Debug)]
pub struct Verified {
    /// The stored hash is other than one that would be made now.
    pub(super) outdated: bool,
    /// It was found a while ago, and is remembered.
    pub(super) recalled: bool,
}

impl Verified {
    /// Whether the stored hash should be made anew, now that the password is at hand.
    pub fn is_outdated(&self) -> bool {
        self.outdated
    }

    /// Leave to change what belongs to the owner of the secret alone: its hash, a session, a note of the
    /// sign-in.
    pub fn authorized(&self) -> Authorized {
        Authorized(())
    }
}
