//! Why the directory rejects a call that the product's own rules allow: a strict guard, or a condition of its request.

use crate::tables::word::{words, Word as _};

words! {
    /// Whether the strict guards apply.
    pub enum Guards {
        /// They do not apply.
        Off = "off",
        /// They apply to the result of each request.
        Strict = "strict",
    }
}

words! {
    /// The guard that rejects a request.
    pub enum Guard {
        /// No user who can sign in and manage users would be left.
        LastAdmin = "last_admin",
        /// The first records have no user who can sign in and manage users.
        NoAdmin = "no_admin",
        /// The user, role or group has privileges that the caller lacks.
        TargetOutranksYou = "target_outranks_you",
        /// The request would grant privileges that the caller lacks.
        ExceedsYourRights = "exceeds_your_rights",
        /// The request would grant the caller more privileges.
        SelfEscalation = "self_escalation",
        /// The request would remove the caller's own privileges, or deactivate or delete the caller's account.
        OwnAccount = "own_account",
        /// The new password is too short, commonly used, or too short without the names of its user.
        WeakPassword = "weak_password",
        /// The new user, role or group would have a reserved or misleading name.
        ReservedName = "reserved_name",
    }
}

impl Guard {
    /// The rejection.
    pub(super) fn rejection(self) -> Rejection {
        Rejection { status: self.status(), word: self.word(), message: self.message() }
    }

    fn status(self) -> u16 {
        match self {
            Self::LastAdmin | Self::NoAdmin => 409,
            Self::TargetOutranksYou | Self::ExceedsYourRights | Self::SelfEscalation | Self::OwnAccount => 403,
            Self::WeakPassword | Self::ReservedName => 400,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::LastAdmin => "no administrator who can sign in would be left: make another user an administrator first",
            Self::NoAdmin => "no user can sign in and manage users: add an active administrator with a password",
            Self::TargetOutranksYou => "you cannot change a user, role or group with privileges that you lack: ask an administrator who has them",
            Self::ExceedsYourRights => "you cannot grant privileges that you lack: ask an administrator who has them",
            Self::SelfEscalation => "you cannot grant yourself more privileges: ask an administrator who has them",
            Self::OwnAccount => "you cannot remove your own privileges, or deactivate or delete your own account: ask another administrator",
            Self::WeakPassword => {
                "the password is shorter than 8 characters, commonly used, or shorter than 8 characters without the names and addresses of its user and of the program: choose another"
            }
            Self::ReservedName => {
                "this name is reserved, mixes look-alike letters of several scripts, or contains invisible characters or leading or trailing spaces: choose another"
            }
        }
    }
}

/// The rejection of a request that the product's own rules allow.
#[derive(Clone, Copy, Debug)]
pub struct Rejection {
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub word: &'static str,
    /// The message.
    pub message: &'static str,
}
