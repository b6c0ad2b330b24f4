//! Tyk Dashboard: users with one permission for each section of the dashboard.
//!
//! Sources: "Create Users" (Tyk Dashboard, 2017), the pages "User Permissions", "User Groups", "API Ownership" and
//! "Open Policy Agent" of the Tyk documentation, and the Dashboard's swagger files. The only executable source are
//! the Dashboard's default OPA rules. The rules below are numbered D0 to D6, in the order of the OPA rules.
//!
//! # Resources
//!
//! | resource | actions | what it is |
//! | --- | --- | --- |
//! | `section:<name>` | `read` `write` `delete` | a section of the dashboard; `policy` is `policies` |
//! | `api:<id>` | `read` `write` `delete` | one API: section `apis`, and its owners |
//! | `user:<id>` | `view-key` `make-admin` `attempt` | a user, whether it exists or not |
//! | `path:<path>` | HTTP methods, upper case | a request to the Dashboard API |
//!
//! - A name or id is not empty and has no `/`. `IsAdmin` and `ResetPassword` are not sections.
//! - A path is the request's path without its query, in normal form. It starts with `/`, and no segment is empty, `.`
//!   or `..`: it has neither `//` nor a `/` at the end.
//! - A segment of a path consists of letters, digits, `-._~!$&'()*+,=:@`, characters outside of ASCII, and percent
//!   escapes with upper-case digits.
//! - An escape cannot encode a letter, a digit, `-._~`, `/\?#;%` or a control character. So an escape cannot hide a
//!   part of a route, and a segment matches an id exactly if the decoded segment is that id. Every other path is
//!   denied, for admins too.
//! - An action that does not belong to the kind of resource is denied, and so is any other form of resource.

mod access;
mod apis;
mod calls;
mod config;
#[cfg(feature = "directory")]
mod directory;
mod fields;
mod form_members;
mod forms;
mod model;
mod passwords;
mod paths;
mod permissions;
mod records;
#[cfg(feature = "schemas")]
mod schema;
mod sign_in_records;
#[cfg(feature = "tools")]
mod slice;
mod subject;
pub mod vocabulary;

use self::vocabulary::{Action, Kind, Level, Rule};
use crate::document::node::Node;
use crate::document::problem::Problems;
#[cfg(feature = "schemas")]
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Details, Principal, Question, Request, System};
use crate::tables::digest::Digest;

pub use vocabulary::Tyk;

impl System for Tyk {
    type Records = model::Records;
    type Subject = subject::Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn parse_records(document: Node<'_>, problems: &mut Problems) -> model::Records {
        records::parse_records(document, problems)
    }

    #[cfg(feature = "schemas")]
    fn schema() -> Schema {
        schema::schema()
    }

    fn digest_records(records: &model::Records, digest: &mut Digest) {
        records.digest(digest);
    }

    fn resolve(records: &model::Records, principal: Principal<'_>) -> subject::Subject {
        subject::resolve(records, principal.user())
    }

    fn digest_subject(records: &model::Records, subject: &subject::Subject, digest: &mut Digest) {
        subject::digest(records, subject, digest);
    }

    fn decide(
        records: &model::Records,
        subject: &subject::Subject,
        action: Action,
        resource: &str,
        _: Details<'_>,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    #[cfg(feature = "tools")]
    fn user_ids(records: &Self::Records) -> Option<Vec<&str>> {
        Some(records.users.iter().map(|user| records.names.text(user.id)).collect())
    }

    #[cfg(feature = "tools")]
    fn slice_document(_: &Self::Records, document: &Value, principal: Principal<'_>) -> Option<Value> {
        Some(slice::slice(document, principal))
    }

    fn validate(records: &model::Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(records, kind, value, problems)
    }

    const HAS_ROUTES: bool = true;

    fn classify(request: &Request<'_>) -> Option<Question> {
        calls::classify(request)
    }
}
