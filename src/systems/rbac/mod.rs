//! Roles of your own application: grants add access, limits cap it.
//!
//! An additional role, group or grant never reduces the access of a user. A rule for all users is written once, as a
//! limit. The rules have no order and no precedence.
//!
//! # Records
//!
//! | member | value |
//! | --- | --- |
//! | `levels` | 2 to 15 names from the lowest to the highest; the first means no access. `none`, `read`, `write`, `admin` if absent |
//! | `actions` | names of further actions, each with the lowest level that includes it, or `null` if it is only granted by name |
//! | `resources` | types of resources, each with the shape of its paths: `{org}/docs/{id}` |
//! | `roles` | `grants`, and `inherits`: names of roles |
//! | `groups` | `roles` and `grants` of the members |
//! | `everyone`, `authenticated` | `roles` and `grants` of everyone, and of every active user |
//! | `users` | `roles`, `groups`, `grants`, `attributes`, `active` |
//! | `limits` | patterns, each with the highest level, or with actions that are denied |
//!
//! A grant is a level, an action, or `{ allow, when, from, until }`. A role is assigned by its name or as `{ role,
//! scope, from, until }`.
//!
//! # Resources
//!
//! A path of 1 to 32 non-empty segments between `/`. In a pattern a segment is a literal, `*` for one segment, `**` at
//! the end for any number, or `{subject}` for the id of the subject.

mod access;
mod attributes;
#[cfg(feature = "tools")]
mod changes;
mod condition;
mod condition_parser;
mod cycle;
#[cfg(feature = "tools")]
mod diff;
mod explain;
mod fields;
#[cfg(feature = "tools")]
mod filter;
mod fingerprint;
mod grants;
#[cfg(feature = "tools")]
mod holders;
mod length_limits;
#[cfg(feature = "tools")]
mod lint;
mod model;
#[cfg(feature = "tools")]
mod mutants;
mod near_miss;
mod near_miss_remedy;
mod near_miss_text;
mod object;
#[cfg(feature = "tools")]
mod parts;
mod pattern;
mod pointer;
mod reach;
mod records;
mod remedy;
mod remedy_value;
#[cfg(feature = "schemas")]
mod schema;
#[cfg(feature = "schemas")]
mod schema_patterns;
mod serialize;
mod shape;
mod slice;
mod subject;
mod table;
mod term_parser;
mod time;
pub mod vocabulary;

use self::vocabulary::{Action, Kind, Level, Rule};
use crate::document::node::Node;
use crate::document::problem::Problems;
#[cfg(feature = "schemas")]
use crate::document::schema::Schema;
use crate::document::value::Value;
#[cfg(feature = "tools")]
use crate::error::Error;
use crate::system::{Details, Principal, Ruling, System};
use crate::tables::digest::Digest;

pub use access::Subject;
pub use model::Records;
pub use vocabulary::Rbac;

impl System for Rbac {
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
        fingerprint::digest_records(records, digest);
    }

    fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
        access::resolve(records, principal)
    }

    const ACCEPTS_RECORDS: bool = true;

    fn resolve_record(records: &Records, record: Node<'_>, problems: &mut Problems) -> Option<Subject> {
        records::parse_record(records, record, problems).map(|user| access::resolve_record(records, user))
    }

    fn limit_subject(
        records: &Records,
        subject: Subject,
        holders: Node<'_>,
        problems: &mut Problems,
    ) -> Option<Subject> {
        Some(subject.limit_within(records, records::parse_within(records, holders, problems)))
    }

    fn digest_subject(records: &Records, subject: &Subject, digest: &mut Digest) {
        fingerprint::digest_subject(records, subject, digest);
    }

    fn knows_resource(records: &Records, resource: &str) -> bool {
        records.knows_resource(resource)
    }

    fn path(records: &Records, resource: &Value) -> Result<String, String> {
        records.path(resource)
    }

    fn decide(
        records: &Records,
        subject: &Subject,
        action: Action,
        resource: &str,
        details: Details<'_>,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource, details)
    }

    fn explain(
        records: &Records,
        subject: &Subject,
        action: Action,
        resource: &str,
        details: Details<'_>,
    ) -> Option<Value> {
        Some(explain::explain(records, subject, action, resource, details))
    }

    fn reach(records: &Records, subject: &Subject, action: Action) -> Option<Value> {
        Some(reach::reach(records, subject, action))
    }

    #[cfg(feature = "tools")]
    fn filter(
        records: &Records,
        subject: &Subject,
        action: Action,
        kind: &str,
        details: Details<'_>,
    ) -> Result<Option<Value>, Error> {
        filter::filter(records, subject, action, kind, details).map(Some)
    }

    #[cfg(feature = "tools")]
    fn last_part<'r>(records: &'r Records, kind: &str) -> Option<&'r str> {
        records.last_part(kind)
    }

    fn slice(records: &Records, subject: &Subject, roles: Node<'_>, problems: &mut Problems) -> Option<Value> {
        let roles = records::further_roles(records, roles, problems);
        Some(slice::slice(records, subject, &roles))
    }

    #[cfg(feature = "tools")]
    fn holders(records: &Records, action: Action, resource: &str, details: Details<'_>) -> Option<Value> {
        Some(holders::holders(records, action, resource, details))
    }

    #[cfg(feature = "tools")]
    fn diff(records: &Records, other: &Records) -> Result<Option<Value>, Error> {
        diff::diff(records, other).map(Some)
    }

    #[cfg(feature = "tools")]
    fn mutants(records: &Records) -> Option<Value> {
        Some(mutants::mutants(records))
    }

    #[cfg(feature = "tools")]
    fn lint(records: &Records, now: Option<u64>) -> Option<Value> {
        Some(lint::lint(records, now))
    }

    #[cfg(feature = "tools")]
    fn parts(records: &Records) -> Option<Value> {
        Some(parts::parts(records))
    }

    fn has_bounds(records: &Records) -> bool {
        records.has_bounds()
    }

    fn is_timed(records: &Records, subject: &Subject) -> bool {
        access::is_timed(records, subject)
    }

    fn changes_at(records: &Records, subject: &Subject, now: u64) -> Option<u64> {
        access::changes_at(records, subject, now)
    }

    fn validate(_: &Records, kind: Kind, _: Node<'_>, _: &mut Problems) -> Value {
        match kind {}
    }
}
