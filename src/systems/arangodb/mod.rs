//! ArangoDB: levels `rw`, `ro` and `none` on databases and on their collections.
//!
//! From the "HTTP interface for user management" and "Managing Users" of ArangoDB 3.12. Where the two are
//! loose or differ from the server, the rules are the server's, in which a database's level is a floor for
//! its collections and wildcards only raise.
//!
//! Resources, exactly:
//!
//! | resource | what it is |
//! | --- | --- |
//! | `/` | the server |
//! | `/user/name` | a user |
//! | `db` | a database |
//! | `db/coll` | a collection of it |
//! | `db/` | the collection whose name is empty: its level is `none` |
//!
//! - In `name`, `db` and `coll` each `/` is written `%2F` and each `%` is written `%25`. Any other byte may be
//!   written `%XX` too (two hex digits of either case), so that a part decodes once, to UTF-8.
//! - `*` is the wildcard as it can be granted and asked for: `*`, `db/*`, `*/*`. It is this one name, and no
//!   pattern: `sh*` is an ordinary name.
//! - Names are compared whole, byte for byte.
//! - Anything else is nothing and is denied: the empty string, an empty database or user, a further bare `/`, a `%`
//!   without two hex digits, bytes that are no UTF-8, and `.` or `..` as a part (no path leads there; a grant
//!   on such a name is taken, as the server takes it, and never reached).
//!
//! The actions `level`, `usable` and `configured` ask which level a resource has: as the server reports it,
//! as a request can use it, and as it would be reported outside of read-only mode. The decision's level is
//! the answer; it allows where the usable level is at least `ro`.

mod access;
#[cfg(feature = "directory")]
mod directory;
mod forms;
mod given;
mod grants;
mod model;
mod records;
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
        // The mode caps every level, so it is part of what the subject holds.
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
