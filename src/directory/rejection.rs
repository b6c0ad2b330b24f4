//! Why the directory rejects a call that the product's own rules allow: a strict guard, or a condition of its request.

use crate::tables::word::{words, Word as _};

words! {
    /// Which rules hold beside the product's own.
    pub enum Guards {
        /// None.
        Off = "off",
        /// Those on the state that a call leaves behind.
        Strict = "strict",
    }
}

words! {
    /// Why a guard refuses.
    pub enum Guard {
        /// Nobody would be left who can sign in and manage users.
        LastAdmin = "last_admin",
        /// The first records have nobody who can sign in and manage users.
        NoAdmin = "no_admin",
        /// The user, role or group has privileges that the caller lacks.
        TargetOutranksYou = "target_outranks_you",
        /// The request would grant privileges that the caller lacks.
        ExceedsYourRights = "exceeds_your_rights",
        /// The request would grant the caller more privileges.
        SelfEscalation = "self_escalation",
        /// The request would remove the caller's own privileges, or deactivate or delete the caller's account.
        OwnAccount = "own_account",
        /// The new password is short, commonly used, or what anybody knows of its user.
        WeakPassword = "weak_password",
        /// The new user, role or group would have a name that means something else.
        ReservedName = "reserved_name",
    }
}

impl Guard {
    /// The refusal.
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
            Self::LastAdmin => "nobody would be left who can sign in and manage users: make somebody an admin first",
            Self::NoAdmin => "nobody here can sign in and manage users: add an active admin with a password",
            Self::TargetOutranksYou => "you cannot change a user, role or group with privileges that you lack: ask an administrator who has them",
            Self::ExceedsYourRights => "you cannot grant privileges that you lack: ask an administrator who has them",
            Self::SelfEscalation => "you cannot grant yourself more privileges: ask an administrator who has them",
            Self::OwnAccount => "you cannot give up your own privileges, nor deactivate or delete your own account: ask another administrator",
            Self::WeakPassword => {
                "a password has at least 8 characters, is not commonly used, and is no name or address of its user or of the program: choose another"
            }
            Self::ReservedName => {
                "this name means something else, or has letters that do not show or blanks at an end: choose another"
            }
        }
    }
}

/// What the directory has against a call that the product's own rules let pass.
#[derive(Clone, Copy, Debug)]
pub struct Rejection {
    /// The status that says it.
    pub status: u16,
    /// Its code.
    pub word: &'static str,
    /// What it tells.
    pub message: &'static str,
}
