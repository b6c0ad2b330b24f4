//! The levels of a user on the server, on databases and on collections, each with the rule that it comes from.

use super::grants::{Entry, Grants};
use super::model::SYSTEM;
use super::vocabulary::{Level, Rule};
use crate::tables::names::Names;

/// A level, with the rule that it comes from.
#[derive(Clone, Copy)]
pub(super) struct ResolvedLevel {
    pub(super) level: Level,
    pub(super) rule: Rule,
}

/// The level on the server.
///
/// Source: ArangoDB, "Granting Access Levels": the server level "is *Administrate* if and only if the
/// database access level is *Administrate*" in `_system`. The effective level of `_system` counts, including the
/// wildcard's.
pub(super) fn server_level(names: &Names, grants: &Grants) -> ResolvedLevel {
    let level = match DatabaseGrants::look_up(names, grants, SYSTEM).database_level(grants).level {
        Level::Rw => Level::Rw,
        Level::None | Level::Ro => Level::None,
    };
    ResolvedLevel { level, rule: Rule::Server }
}

/// A database and its grants, looked up once for the database and its collections.
#[derive(Clone, Copy)]
pub(super) struct DatabaseGrants<'a> {
    name: &'a str,
    /// The grants of this database; `None` for `*`, whose grants are in [`Grants::everywhere`].
    entry: Option<Entry>,
    /// The seed of the hashes of its collections.
    hash: u32,
}

impl<'a> DatabaseGrants<'a> {
    pub(super) fn look_up(names: &Names, grants: &Grants, name: &'a str) -> Self {
        if is_wildcard(name) {
            return Self { name, entry: None, hash: 0 };
        }
        let (entry, hash) = grants.database(names, name);
        Self { name, entry, hash }
    }

    /// The level on the database.
    ///
    /// Source: ArangoDB, "Permission Resolution", for a database: its own level, also if it is `none`; otherwise the
    /// higher of `*` and `_system`.
    pub(super) fn database_level(&self, grants: &Grants) -> ResolvedLevel {
        let everywhere = (grants.everywhere.level, Rule::WildcardDatabase);
        if is_wildcard(self.name) {
            return highest_level(&[everywhere]);
        }
        // An entry that only has grants on collections has no level, so the wildcards apply.
        if let Some(level) = self.entry.and_then(|entry| entry.level) {
            return ResolvedLevel { level, rule: Rule::Database };
        }
        // If this database is `_system`, it has no level, as checked above.
        highest_level(&[everywhere, (grants.system, Rule::SystemDatabase)])
    }

    /// The level on a collection; `path` is `db/coll`.
    ///
    /// Source: ArangoDB, "Permission Resolution", for a collection: its own level; otherwise the highest of the
    /// wildcards, its database and `_system`.
    pub(super) fn collection_level(
        &self,
        names: &Names,
        grants: &Grants,
        collection: &str,
        path: &str,
    ) -> ResolvedLevel {
        if collection.is_empty() {
            return no_level(Rule::EmptyCollection);
        }
        let wildcard_database = (grants.everywhere.level, Rule::WildcardDatabaseFloor);
        let wildcard_everywhere = (grants.everywhere.collections, Rule::WildcardEverywhere);
        if is_wildcard(self.name) {
            return if is_wildcard(collection) {
                highest_level(&[wildcard_database, wildcard_everywhere])
            } else {
                no_level(Rule::WildcardNamedCollection)
            };
        }
        if collection.as_bytes().first() == Some(&b'_') {
            return self.system_collection_level(grants, collection);
        }
        if let Some(entry) = self.entry {
            if is_wildcard(collection) {
                // If the database has an entry, the server does not look further for `db/*`.
                return entry.collections.map_or(no_level(Rule::UnsetWildcardCollection), |level| ResolvedLevel {
                    level,
                    rule: Rule::WildcardCollection,
                });
            }
            if let Some(level) = grants.collection(names, self.hash, collection, path) {
                return ResolvedLevel { level, rule: Rule::Collection };
            }
        }
        let entry = self.entry.unwrap_or_default();
        // The level of `_system` applies to the collections of every database; the level of `_system/*` does not.
        // For a collection of `_system`, the first and the third are the same level, and the first rule is reported.
        highest_level(&[
            (entry.level, Rule::DatabaseFloor),
            (entry.collections, Rule::WildcardCollection),
            (grants.system, Rule::SystemDatabaseFloor),
            wildcard_database,
            wildcard_everywhere,
        ])
    }

    /// The level on a system collection.
    ///
    /// Source: ArangoDB, "System Collections".
    fn system_collection_level(&self, grants: &Grants, collection: &str) -> ResolvedLevel {
        match collection {
            "_users" if self.name == SYSTEM => no_level(Rule::UsersCollection),
            "_queues" => ResolvedLevel { level: Level::Ro, rule: Rule::QueuesCollection },
            "_frontend" => ResolvedLevel { level: Level::Rw, rule: Rule::FrontendCollection },
            _ => ResolvedLevel { rule: Rule::SystemCollection, ..self.database_level(grants) },
        }
    }
}

/// Whether a name is `*`, which stands for all databases, or for all collections of one.
fn is_wildcard(name: &str) -> bool {
    matches!(name.as_bytes(), b"*")
}

pub(super) fn no_level(rule: Rule) -> ResolvedLevel {
    ResolvedLevel { level: Level::None, rule }
}

/// The highest of the levels that are set. Of equal levels, the first wins.
fn highest_level(candidates: &[(Option<Level>, Rule)]) -> ResolvedLevel {
    let mut best = (None, Rule::NoGrant);
    for candidate in candidates {
        if candidate.0 > best.0 {
            best = *candidate;
        }
    }
    ResolvedLevel { level: best.0.unwrap_or(Level::None), rule: best.1 }
}
