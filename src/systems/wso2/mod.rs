//! WSO2 API Manager: users in user stores, roles, and a permission tree.
//!
//! Sources: WSO2's "Managing Users" and the user core of its kernel (carbon-kernel 4.12): `PermissionTree`,
//! `JDBCAuthorizationManager`, `UserCoreUtil`.
//!
//! A resource is a permission path such as `/permission/admin/login`:
//!
//! - It is split at `/`. One empty segment at the start and all empty segments at the end are removed: `a/b/` is
//!   `/a/b`, and the empty string is the root `/`.
//! - A segment is literal: no wildcard, no `.` or `..`, no percent-decoding. It is case-sensitive unless the realm's
//!   `preserve_case_for_resources` is false.
//! - A question ends at an empty segment in the middle: `/a//b` is decided as `/a`. A rule with such a path is
//!   invalid.
//! - In a user's question, each `;version:` with digits is removed. In a role's question it is not.
//!
//! A rule covers its path and all paths below it, segment by segment: `/permission/admin` does not cover
//! `/permission/administrator`.
//!
//! A name is `DOMAIN/local`, split at its first `/` unless that is its first character. A name without a domain is in
//! the store `PRIMARY`. Domains and roles ignore case; user names do too unless their store says otherwise.

mod access;
mod claims;
#[cfg(feature = "directory")]
mod directory;
mod domain;
mod forms;
mod model;
mod nearest;
mod realm;
mod records;
mod resource;
mod rule_records;
#[cfg(feature = "schemas")]
mod schema;
#[cfg(feature = "tools")]
mod slice;
mod stores;
mod tree;
pub mod vocabulary;

use self::vocabulary::{Action, Kind, Level, Rule};
use crate::document::node::Node;
use crate::document::problem::Problems;
#[cfg(feature = "schemas")]
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::Ruling;
use crate::system::{Details, Principal, System};
use crate::tables::digest::Digest;

pub use access::Subject;
pub use model::Records;
pub use vocabulary::Wso2;

impl System for Wso2 {
    type Records = Records;
    type Subject = Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
        records::parse_records(document, problems)
    }

    #[cfg(feature = "schemas")]
    fn schema() -> Schema {
        schema::schema()
    }

    fn digest_records(records: &Records, digest: &mut Digest) {
        records.digest(digest);
    }

    const ACCEPTS_ROLES: bool = true;

    fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
        access::resolve(records, principal)
    }

    fn digest_subject(records: &Records, subject: &Subject, digest: &mut Digest) {
        subject.digest(records, digest);
    }

    fn decide(records: &Records, subject: &Subject, action: Action, resource: &str, _: Details<'_>) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    #[cfg(feature = "tools")]
    fn slice_document(records: &Self::Records, document: &Value, principal: Principal<'_>) -> Option<Value> {
        Some(slice::slice(document, records, principal))
    }

    fn validate(records: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(records, kind, value, problems)
    }

    fn action(_records: &Records, subject: &Subject, name: &str) -> Result<Action, Error> {
        access::parse_action(subject, name)
    }

    fn reach(records: &Records, subject: &Subject, action: Action) -> Option<Value> {
        (action == Action::UiExecute).then(|| Value::texts(&access::allowed_ui_paths(records, subject)))
    }
}
