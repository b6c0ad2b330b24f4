//! The records: users with what they are granted, and the mode of the server.
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
//! Every member may be left out: a user is active then, and a level that is not there was never set. Names
//! are as they are, not percent-encoded. Passwords, `extra`, `config` and `databases` decide nothing: they
//! are checked, and not kept. In place of `passwd` there may be its `hash`.
//!
//! Users may also be given as the server lists them, `[{"user", "active", "extra"}]`, and a user's grants as the
//! server answers `GET /_api/user/{user}/database?full=true`: `permission` in place of `level`, and `undefined` for
//! what was never set. Either may stand in the whole answer, `{"error": false, "code", "result"}`.

use super::grants::Subject;
use super::vocabulary::Level;
use crate::tables::digest::Digest;
use crate::tables::names::{NameId, Names};

/// The longest password, in bytes of UTF-8. ArangoDB has no limit; this one keeps hashing cheap.
pub const PASSWORD_MAX: usize = 1_024;

/// The most grants of one user: databases and collections together.
pub const GRANTS_MAX: usize = 10_000;

/// The user who always administrates.
pub const ROOT: &str = "root";
/// The database whose level is the server's. It is always there.
pub const SYSTEM: &str = "_system";
/// The name that stands for every database, or for every collection.
pub const WILDCARD: &str = "*";

/// The level that a user has on a database or collection whatever is granted, and that nobody changes.
///
/// Source: ArangoDB, "Managing Users": the account `root` "cannot be removed". Whenever the server loads it,
/// `rw` on `_system` and `_system/*` is put back; every other grant of `root` is as it stands.
pub fn always(user: &str, database: &str, collection: Option<&str>) -> Option<Level> {
    let is_kept = user == ROOT && database == SYSTEM && collection.is_none_or(|name| name == WILDCARD);
    is_kept.then_some(Level::Rw)
}

/// Users in the order of their names.
#[derive(Debug, Default)]
pub struct Records {
    /// The names of users, and the canonical names of what they are granted.
    pub names: Names,
    /// Whether `rw` counts as `ro`.
    pub read_only: bool,
    pub(super) users: Vec<(NameId, Subject)>,
}

impl Records {
    /// Writes all that decides into the digest.
    pub fn digest(&self, digest: &mut Digest) {
        digest.flag(self.read_only);
        digest.count(self.users.len());
        for (name, subject) in &self.users {
            digest.text(self.names.text(*name));
            subject.digest(&self.names, digest);
        }
    }
}
