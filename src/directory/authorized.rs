//! Proof that a write is authorized.

/// Proof that a write is authorized. Every write needs one, and only the directory can make one:
///
/// ```compile_fail
/// let proof = latchwork::directory::Authorized(());
/// ```
#[derive(Debug)]
pub struct Authorized(());

impl Authorized {
    /// A decision allowed the request.
    pub(super) fn decided() -> Self {
        Self(())
    }

    /// The operator fills the store: with a seed, or with the first user of an empty store.
    pub(super) fn operator() -> Self {
        Self(())
    }
}

/// Proof that a password or another secret was correct.
#[derive(Debug)]
pub struct Verified {
    /// The stored hash differs from one that would be made now: its parameters are outdated.
    pub(super) outdated: bool,
    /// The password was verified recently, and the result was remembered.
    pub(super) recalled: bool,
}

impl Verified {
    /// Whether the stored hash should be replaced, now that the password is available.
    pub fn is_outdated(&self) -> bool {
        self.outdated
    }

    /// Authorizes writes of what belongs to the owner of the secret: its hash, a session, a record of the sign-in.
    pub fn authorized(&self) -> Authorized {
        Authorized(())
    }
}
