//! The records: the rights of each user.

use super::vocabulary::Level;
use crate::tables::digest::Digest;
use crate::tables::name_table::Table;
use crate::tables::names::{NameId, Names};
use crate::tables::word::Word;

/// The scope that covers every application and the panel.
pub(super) const SYSTEM: &str = "system";
/// The most grants of one user.
pub(super) const GRANTS_MAX: usize = 10_000;
/// The longest password, in bytes of UTF-8.
pub(super) const PASSWORD_MAX: usize = 1_024;

impl Level {
    /// Parses a user type; `None` if it is unknown.
    // Source: Document, "How to use Multi-Tenancy with REST API?", says `READ-ONLY`; the product's own list
    // has `READ_ONLY`. Both are accepted, and `READ_ONLY` is written.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::from_word(if text == "READ-ONLY" { "READ_ONLY" } else { text })
    }
}

/// The users of a panel with their rights.
#[derive(Debug, Default)]
pub struct Records {
    pub(super) names: Names,
    /// Sorted by e-mail address.
    pub(super) users: Vec<(NameId, Rights)>,
}

/// The rights of a user.
#[derive(Clone, Debug)]
pub(super) enum Rights {
    /// No grant.
    Nothing,
    /// A type in `system`: this grant alone decides, and other grants of the user are ignored.
    System(Level),
    /// The code of the user's type in each application.
    Applications(Table<2>),
}

impl Records {
    /// The rights of the user with this e-mail address; `None` if the user does not exist.
    pub(super) fn find_rights(&self, email: &str) -> Option<&Rights> {
        let index = self.users.binary_search_by(|(id, _)| self.names.text(*id).cmp(email)).ok()?;
        self.users.get(index).map(|(_, rights)| rights)
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.count(self.users.len());
        for (id, rights) in &self.users {
            digest.text(self.names.text(*id));
            rights.digest(&self.names, digest);
        }
    }
}

impl Rights {
    pub(super) fn digest(&self, names: &Names, digest: &mut Digest) {
        match self {
            Self::Nothing => digest.pairs(&[]),
            Self::System(level) => digest.pairs(&[(SYSTEM, u32::from(level.code()))]),
            Self::Applications(table) => digest.pairs(&table.sorted(names)),
        }
    }
}
