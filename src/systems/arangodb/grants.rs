//! What one user holds, prepared for questions.

use super::vocabulary::Level;
use crate::tables::digest::Digest;
use crate::tables::names::{hash, NameId, Names, Table};
use crate::tables::word::Word as _;

/// What one user holds, and whether it counts.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Whether the user may come in at all.
    pub standing: Standing,
    /// The name of a user who exists.
    pub name: Option<NameId>,
    /// What is granted.
    pub grants: Grants,
}

/// How the server knows somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Standing {
    /// Nobody signed in.
    NotSignedIn,
    /// There is no such user.
    Unknown,
    /// The user can not sign in; its levels are reported all the same.
    Inactive,
    /// The user can sign in.
    Active,
}

/// The levels that are set for one user.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// What is set for the database `*`.
    pub everywhere: Entry,
    /// What is set as the level of `_system`; the table has its entry too.
    pub system: Option<Level>,
    /// Packed entries of databases, and packed levels of collections, each by its canonical name.
    table: Table<4>,
}

/// What is set for one database. An entry may exist without any level: a collection was granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The level of the database.
    pub level: Option<Level>,
    /// The level of its collection `*`.
    pub collections: Option<Level>,
}

/// A line of the table: a hash as the look-ups make it, a canonical name, and what is packed for it.
pub type Line = (u32, NameId, u32);

impl Subject {
    /// Somebody who holds nothing.
    pub fn without_grants(standing: Standing) -> Self {
        Self { standing, name: None, grants: Grants::default() }
    }

    /// Writes all that this user holds into the digest: nothing of other users or of the server's mode.
    pub fn digest(&self, names: &Names, digest: &mut Digest) {
        digest.number(match self.standing {
            Standing::NotSignedIn => 0,
            Standing::Unknown => 1,
            Standing::Inactive => 2,
            Standing::Active => 3,
        });
        // One's own name decides what may be done with oneself.
        digest.text(self.name.map_or("", |name| names.text(name)));
        digest.number(self.grants.everywhere.packed());
        digest.pairs(&self.grants.table.sorted(names));
    }
}

impl Grants {
    /// The line of a database.
    pub fn database_line(name: &str, id: NameId, entry: Entry) -> Line {
        (hash(0, name.as_bytes()), id, entry.packed())
    }

    /// The line of a collection.
    pub fn collection_line(database: &str, collection: &str, id: NameId, level: Level) -> Line {
        (hash(hash(0, database.as_bytes()), collection.as_bytes()), id, packed(Some(level)))
    }

    /// Grants of these lines; of a repeated name the last line stays.
    pub fn new(names: &Names, everywhere: Entry, system: Option<Level>, lines: &[Line]) -> Self {
        Self { everywhere, system, table: Table::with_hashes(names, lines) }
    }

    /// What is set for a database other than `*`, by its canonical name; the hash is the seed for its
    /// collections.
    #[inline]
    pub fn database(&self, names: &Names, database: &str) -> (Option<Entry>, u32) {
        let hash = hash(0, database.as_bytes());
        (self.table.get_hashed(names, database, hash).map(Entry::unpacked), hash)
    }

    /// What is set for a collection other than `*`; `whole` is the canonical `db/coll`.
    #[inline]
    pub fn collection(&self, names: &Names, database: u32, collection: &str, whole: &str) -> Option<Level> {
        self.table.get_hashed(names, whole, hash(database, collection.as_bytes())).and_then(unpacked)
    }
}

impl Entry {
    fn packed(self) -> u32 {
        packed(self.level) | (packed(self.collections) << 2)
    }

    fn unpacked(bits: u32) -> Self {
        Self { level: unpacked(bits & 3), collections: unpacked(bits >> 2) }
    }
}

/// A level in two bits, 0 for one that is not set.
fn packed(level: Option<Level>) -> u32 {
    level.map_or(0, |level| u32::from(level.code()).saturating_add(1))
}

fn unpacked(bits: u32) -> Option<Level> {
    match bits {
        1 => Some(Level::None),
        2 => Some(Level::Ro),
        3 => Some(Level::Rw),
        _ => None,
    }
}
