//! The records: users, crates with their owners, and what only the directory needs beside them.

use crate::tables::digest::Digest;
use crate::tables::names::{sort_pairs, NameId, Names, Table};
use crate::tables::word::Word;

use super::vocabulary::Level;

/// The most crates that one user owns.
pub(super) const OWNED_MAX: usize = 10_000;

/// Users and crates that were read and are valid.
#[derive(Debug, Default)]
pub struct Records {
    pub(super) names: Names,
    /// In the order of their names.
    pub(super) users: Vec<User>,
    pub(super) crates: Table<0>,
}

/// A user as far as it decides.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: NameId,
    pub(super) role: Level,
    pub(super) active: bool,
    /// The crates, each with the value of a table that has none.
    pub(super) owns: Vec<(NameId, u32)>,
}

impl Records {
    /// Whether an account is inactive.
    #[cfg(feature = "tools")]
    pub(super) fn has_inactive_users(&self) -> bool {
        self.users.iter().any(|user| !user.active)
    }

    /// The user of this name, compared exactly.
    pub(super) fn user(&self, name: &str) -> Option<&User> {
        let found = self.users.binary_search_by(|user| self.names.text(user.name).cmp(name)).ok()?;
        self.users.get(found)
    }

    /// Whether there is a crate of this name.
    #[inline]
    pub(super) fn has_crate(&self, name: &str) -> bool {
        self.crates.get(&self.names, name).is_some()
    }

    /// Writes what decides: each user with its role and its crates, and which crates there are.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.count(self.users.len());
        for user in &self.users {
            digest.text(self.names.text(user.name));
            digest.text(user.role.word());
            digest.flag(user.active);
            let mut owns = Vec::with_capacity(user.owns.len());
            for (id, none) in &user.owns {
                owns.push((self.names.text(*id), *none));
            }
            sort_pairs(&mut owns);
            digest.pairs(&owns);
        }
        digest.pairs(&self.crates.sorted(&self.names));
    }
}
