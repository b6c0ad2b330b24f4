//! The records: users, and crates with their owners.

use crate::tables::digest::Digest;
use crate::tables::name_table::Table;
use crate::tables::names::{sort_pairs, NameId, Names};
use crate::tables::word::Word;

use super::vocabulary::Level;

/// The most crates that one user can own.
pub(super) const OWNED_MAX: usize = 10_000;

/// Validated users and crates.
#[derive(Debug, Default)]
pub struct Records {
    pub(super) names: Names,
    /// Sorted by name.
    pub(super) users: Vec<User>,
    pub(super) crates: Table<0>,
}

/// The members of a user that affect decisions.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: NameId,
    pub(super) role: Level,
    pub(super) active: bool,
    /// The crates, each with the unused value 0 of [`Table`].
    pub(super) owns: Vec<(NameId, u32)>,
}

impl Records {
    /// Whether any user is inactive.
    #[cfg(feature = "tools")]
    pub(super) fn has_inactive_users(&self) -> bool {
        self.users.iter().any(|user| !user.active)
    }

    /// The user with this name, compared exactly.
    pub(super) fn find_user(&self, name: &str) -> Option<&User> {
        let index = self.users.binary_search_by(|user| self.names.text(user.name).cmp(name)).ok()?;
        self.users.get(index)
    }

    /// Whether a crate has this name.
    #[inline]
    pub(super) fn has_crate(&self, name: &str) -> bool {
        self.crates.get(&self.names, name).is_some()
    }

    /// Writes each user with its role and its crates, and the names of all crates, into the digest.
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
