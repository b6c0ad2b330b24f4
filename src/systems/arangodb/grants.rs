//! The grants of one user, indexed for questions.

use std::sync::Arc;

use super::vocabulary::Level;
use crate::tables::digest::Digest;
use crate::tables::name_table::Table;
use crate::tables::names::{hash, NameId, Names};
use crate::tables::word::Word as _;

/// A user with its grants and the status of its account.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Whether the user can sign in.
    pub status: Status,
    /// The name, if the user exists.
    pub name: Option<NameId>,
    /// The grants. The records have them too, so each subject of a user only counts as one more owner of them.
    pub grants: Arc<Grants>,
}

/// The status of the caller's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// The client did not sign in.
    NotSignedIn,
    /// The user does not exist.
    Unknown,
    /// The user cannot sign in; its levels are still reported.
    Inactive,
    /// The user can sign in.
    Active,
}

/// The levels that are set for one user.
#[derive(Debug, Default)]
pub struct Grants {
    /// The levels of the database `*`.
    pub everywhere: Entry,
    /// The level of `_system`, which is also in the table.
    pub system: Option<Level>,
    /// Packed entries of databases, and packed levels of collections, each by its canonical name.
    table: Table<4>,
}

/// The levels of one database. An entry can have no level, if only a named collection of the database was granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The level of the database.
    pub level: Option<Level>,
    /// The level of its collection `*`.
    pub collections: Option<Level>,
}

/// A row of the table: the hash that look-ups use, the canonical name, and its packed levels.
pub type TableRow = (u32, NameId, u32);

impl Subject {
    /// A subject without grants.
    pub fn without_grants(status: Status) -> Self {
        Self { status, name: None, grants: Arc::default() }
    }

    /// Writes this user's grants into the digest, without other users and the server's mode.
    pub fn digest(&self, names: &Names, digest: &mut Digest) {
        digest.number(match self.status {
            Status::NotSignedIn => 0,
            Status::Unknown => 1,
            Status::Inactive => 2,
            Status::Active => 3,
        });
        // The name decides access to the user's own account.
        digest.text(self.name.map_or("", |name| names.text(name)));
        digest.number(self.grants.everywhere.pack());
        digest.pairs(&self.grants.table.sorted(names));
    }
}

impl Grants {
    /// The row of a database.
    pub fn database_row(name: &str, id: NameId, entry: Entry) -> TableRow {
        (hash(0, name.as_bytes()), id, entry.pack())
    }

    /// The row of a collection.
    pub fn collection_row(database: &str, collection: &str, id: NameId, level: Level) -> TableRow {
        (hash(hash(0, database.as_bytes()), collection.as_bytes()), id, pack_level(Some(level)))
    }

    /// The grants of these rows; of rows with the same name, the last one wins.
    pub fn new(names: &Names, everywhere: Entry, system: Option<Level>, rows: &[TableRow]) -> Self {
        Self { everywhere, system, table: Table::with_hashes(names, rows) }
    }

    /// The levels of a database other than `*`, by its canonical name. The returned hash is the seed of the hashes of
    /// its collections.
    #[inline]
    pub fn database(&self, names: &Names, database: &str) -> (Option<Entry>, u32) {
        let hash = hash(0, database.as_bytes());
        (self.table.get_hashed(names, database, hash).map(Entry::unpack), hash)
    }

    /// The level of a collection other than `*`; `path` is the canonical `db/coll`.
    #[inline]
    pub fn collection(&self, names: &Names, database: u32, collection: &str, path: &str) -> Option<Level> {
        self.table.get_hashed(names, path, hash(database, collection.as_bytes())).and_then(unpack_level)
    }
}

impl Entry {
    fn pack(self) -> u32 {
        pack_level(self.level) | (pack_level(self.collections) << 2)
    }

    fn unpack(bits: u32) -> Self {
        Self { level: unpack_level(bits & 3), collections: unpack_level(bits >> 2) }
    }
}

/// A level in two bits; 0 is a level that is not set.
fn pack_level(level: Option<Level>) -> u32 {
    level.map_or(0, |level| u32::from(level.code()).saturating_add(1))
}

fn unpack_level(bits: u32) -> Option<Level> {
    match bits {
        1 => Some(Level::None),
        2 => Some(Level::Ro),
        3 => Some(Level::Rw),
        _ => None,
    }
}
