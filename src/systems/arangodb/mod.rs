//! ArangoDB: levels `rw`, `ro` and `none` on databases and on their collections.
//!
//! The rules follow the "HTTP interface for user management" and "Managing Users" of ArangoDB 3.12. Where the two are
//! ambiguous or differ from the server, we follow the server. The level of a database is a lower bound for its
//! collections, and wildcards only raise levels.
//!
//! # Resources
//!
//! | resource | meaning |
//! | --- | --- |
//! | `/` | the server |
//! | `/user/name` | a user |
//! | `db` | a database |
//! | `db/coll` | a collection of the database |
//! | `db/` | the collection with the empty name: its level is `none` |
//!
//! - In `name`, `db` and `coll`, `/` is written `%2F` and `%` is written `%25`. Every other byte can also be written
//!   `%XX`, with two hex digits of either case. Each segment is decoded once, to UTF-8.
//! - `*` is the wildcard that grants and questions can name: `*`, `db/*`, `*/*`. It is one name and not a pattern:
//!   `sh*` is an ordinary name.
//! - Names are compared byte for byte.
//! - Any other resource is denied: the empty string, an empty database or user, a further bare `/`, a `%` without two
//!   hex digits, and bytes that are not UTF-8. The segments `.` and `..` are denied too, because a path cannot contain
//!   them. Like the server, the records accept grants on such names, but no question can ask about them.
//!
//! The actions `level`, `usable` and `configured` ask for a level of a resource. `level` is the level that the server
//! reports, and `usable` the level that a request can use. `configured` is the level that the server reports outside of
//! read-only mode. The decision contains the level; it allows if the usable level is at least `ro`.

mod access;
#[cfg(feature = "directory")]
mod directory;
mod forms;
mod grants;
mod input;
mod model;
mod records;
mod resolved_levels;
mod resource;
#[cfg(feature = "schemas")]
mod schema;
#[cfg(feature = "tools")]
mod slice;
pub mod vocabulary;

use self::vocabulary::{Action, Kind, Level, Rule};
use crate::document::node::Node;
use crate::document::problem::Problems;
#[cfg(feature = "schemas")]
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Details, Principal, System};
use crate::tables::digest::Digest;

pub use vocabulary::Arangodb;

impl System for Arangodb {
    type Records = model::Records;
    type Subject = grants::Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn parse_records(document: Node<'_>, problems: &mut Problems) -> Self::Records {
        records::parse_records(document, problems)
    }

    #[cfg(feature = "schemas")]
    fn schema() -> Schema {
        schema::schema()
    }

    fn digest_records(records: &Self::Records, digest: &mut Digest) {
        records.digest(digest);
    }

    fn resolve(records: &Self::Records, principal: Principal<'_>) -> Self::Subject {
        access::resolve(records, principal.user())
    }

    fn digest_subject(records: &Self::Records, subject: &Self::Subject, digest: &mut Digest) {
        // The mode limits every level, so it is part of the subject's digest.
        digest.flag(records.read_only);
        subject.digest(&records.names, digest);
    }

    #[inline]
    fn decide(
        records: &Self::Records,
        subject: &Self::Subject,
        action: Action,
        resource: &str,
        _: Details<'_>,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    #[cfg(feature = "tools")]
    fn user_ids(records: &Self::Records) -> Option<Vec<&str>> {
        Some(records.users.iter().map(|(name, _)| records.names.text(*name)).collect())
    }

    #[cfg(feature = "tools")]
    fn slice_document(_: &Self::Records, document: &Value, principal: Principal<'_>) -> Option<Value> {
        Some(slice::slice(document, principal))
    }

    fn validate(_records: &Self::Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(kind, value, problems)
    }
}
