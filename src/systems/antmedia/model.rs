//! The records: what each user holds.

use super::vocabulary::Level;
use crate::tables::digest::Digest;
use crate::tables::names::{NameId, Names, Table};
use crate::tables::word::Word;

/// The scope that is every application and the panel.
pub(super) const SYSTEM: &str = "system";
/// The most grants of one user.
pub(super) const GRANTS_MAX: usize = 10_000;
/// The longest password, in bytes of UTF-8.
pub(super) const PASSWORD_MAX: usize = 1_024;

impl Level {
    /// The type that a person wrote.
    // Source: Document, "How to use Multi-Tenancy with REST API?", says `READ-ONLY`; the product's own list
    // has `READ_ONLY`. Both are read, `READ_ONLY` is written.
    pub(super) fn from_type(text: &str) -> Option<Self> {
        Self::from_word(if text == "READ-ONLY" { "READ_ONLY" } else { text })
    }
}

/// The users of a panel, each with what decides.
#[derive(Debug, Default)]
pub struct Records {
    pub(super) names: Names,
    /// In the order of the e-mail addresses.
    pub(super) users: Vec<(NameId, Rights)>,
}

/// What a user holds.
#[derive(Clone, Debug)]
pub(super) enum Rights {
    /// No grant.
    Nothing,
    /// A type in `system`: that grant alone decides, whatever else the user holds.
    System(Level),
    /// A type, by its code, in each of some applications.
    Applications(Table<2>),
}

impl Records {
    /// What the user of this e-mail address holds; `None` when there is no such user.
    pub(super) fn find(&self, email: &str) -> Option<&Rights> {
        let found = self.users.binary_search_by(|(id, _)| self.names.text(*id).cmp(email)).ok()?;
        self.users.get(found).map(|(_, rights)| rights)
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
