//! The records: users with their grants, and the mode of the server.
//!
//! ```json
//! {
//!   "users": { "alice": {
//!     "active": true,
//!     "grants": { "shop": { "level": "ro", "collections": { "items": "rw" } } },
//!     "passwd": "", "extra": {}, "config": null
//!   } },
//!   "databases": { "shop": ["items"] },
//!   "mode": "default"
//! }
//! ```
//!
//! Every member is optional: a user without `active` is active, and a missing level was never set. Names are not
//! percent-encoded. Passwords, `extra`, `config` and `databases` do not affect decisions: they are validated and then
//! dropped. A user can have `hash` instead of `passwd`.
//!
//! Records can also have the form of the server's API responses:
//!
//! - Users as the server lists them, `[{"user", "active", "extra"}]`.
//! - A user's grants as `GET /_api/user/{user}/database?full=true` returns them, with `permission` instead of `level`,
//!   and `undefined` for a level that was never set.
//! - Either of them inside the complete response, `{"error": false, "code", "result"}`.

use super::grants::Subject;
use super::vocabulary::Level;
use crate::tables::digest::Digest;
use crate::tables::names::{NameId, Names};

/// The longest password, in bytes of UTF-8. ArangoDB has no limit; this one keeps hashing cheap.
pub const PASSWORD_MAX: usize = 1_024;

/// The most grants of one user: databases and collections together.
pub const GRANTS_MAX: usize = 10_000;

/// The user that always has the server level Administrate.
pub const ROOT: &str = "root";
/// The database whose level is the level of the server. It always exists.
pub const SYSTEM: &str = "_system";
/// The name that means every database, or every collection.
pub const WILDCARD: &str = "*";

/// The fixed level of a user on a database or collection: grants do not change it.
///
/// Source: ArangoDB, "Managing Users": the account `root` "cannot be removed". Each time the server loads `root`, it
/// restores `rw` on `_system` and `_system/*`. Other grants of `root` are ordinary grants.
pub fn fixed_level(user: &str, database: &str, collection: Option<&str>) -> Option<Level> {
    let is_kept = user == ROOT && database == SYSTEM && collection.is_none_or(|name| name == WILDCARD);
    is_kept.then_some(Level::Rw)
}

/// Users, sorted by name.
#[derive(Debug, Default)]
pub struct Records {
    /// The names of users, and the canonical names of the databases and collections of their grants.
    pub names: Names,
    /// Whether `rw` counts as `ro`.
    pub read_only: bool,
    pub(super) users: Vec<(NameId, Subject)>,
}

impl Records {
    /// Writes everything that affects decisions into the digest.
    pub fn digest(&self, digest: &mut Digest) {
        digest.flag(self.read_only);
        digest.count(self.users.len());
        for (name, subject) in &self.users {
            digest.text(self.names.text(*name));
            subject.digest(&self.names, digest);
        }
    }
}
