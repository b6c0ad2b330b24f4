//! The collections that the server itself creates.

use super::super::model::SYSTEM;

/// The collections that the server creates in every database, and those in `_system` only.
///
/// Source: the server's arangod/VocBase/Methods/UpgradeTasks.cpp.
const EVERYWHERE: [&str; 8] =
    ["_analyzers", "_appbundles", "_apps", "_aqlfunctions", "_frontend", "_graphs", "_jobs", "_queues"];
const IN_SYSTEM: [&str; 4] = ["_statistics", "_statistics15", "_statisticsRaw", "_users"];

/// The collections that the server creates in a database.
pub fn system_collections<'n>(database: &str) -> impl Iterator<Item = &'n str> {
    let in_system = if database == SYSTEM { &IN_SYSTEM[..] } else { &[] };
    EVERYWHERE.iter().chain(in_system).copied()
}

/// Whether the server creates this collection in this database.
pub fn is_system_collection(database: &str, name: &str) -> bool {
    system_collections(database).any(|collection| collection == name)
}
