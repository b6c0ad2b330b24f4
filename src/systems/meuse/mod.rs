//! Meuse: a private registry of Rust crates. Users have one of three roles; crates have owners.
//!
//! Sources: Meuse's page "User and role", and the registry's source code (mcorbin/meuse 1.3.0) for everything else.
//! Where the two disagree, a comment at the rule says which one we follow.
//!
//! # Resources
//!
//! | resource | actions |
//! | --- | --- |
//! | `users` | `user.create`, `user.list` |
//! | `user:<name>` | `user.update`, `user.delete` |
//! | `tokens:<name>` | `token.create`, `token.list`, `token.delete` |
//! | `tokens:self` | `token.list` without a `user` parameter |
//! | `categories` | `category.create`, `category.list` |
//! | `category:<name>` | `category.update` |
//! | `crates` | `crate.list`, `crate.check`, `crate.search` |
//! | `crate:<name>` | `crate.get`, `owner.add`, `owner.remove`, `owner.list` |
//! | `crate:<name>@<version>` | `crate.publish`, `crate.yank`, `crate.unyank`, `crate.download`, `mirror.download`, `mirror.cache` |
//! | `statistics` | `statistics.read` |
//!
//! A name is everything after the prefix. It is compared exactly, and is never empty. The names of users and categories
//! can contain any characters. A crate's name and a version contain no `@` and no `/`, and are not `.` or `..`. Any
//! other resource is denied, and so is a resource for an action that the table does not list next to it.
//!
//! For `token.list`, `tokens:self` means a request without the parameter `user`. For `token.create` and `token.delete`,
//! it means the user whose name is `self`. To list the tokens of that user, ask about `tokens:self` with the attributes
//! `{"user":"self"}`.
//!
//! `user.update` has the attributes `{"fields":[...]}`, the names of the body's fields. Without them, the request
//! updates only the profile (description, password).
//!
//! Users and categories in questions are assumed to exist, also if the records do not have them. Two facts come from
//! the records: which crates exist, with their owners, and which users are inactive.

mod access;
mod calls;
#[cfg(feature = "directory")]
mod directory;
mod fields;
mod forms;
mod model;
mod publish;
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
use crate::system::{Details, Principal, Question, Request, System};
use crate::tables::digest::Digest;

pub use access::Subject;
pub use model::Records;
pub use vocabulary::Meuse;

impl System for Meuse {
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

    fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
        access::resolve(records, principal.user())
    }

    fn digest_subject(records: &Records, subject: &Subject, digest: &mut Digest) {
        subject.digest(records, digest);
    }

    fn decide(
        records: &Records,
        subject: &Subject,
        action: Action,
        resource: &str,
        details: Details<'_>,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource, details.attributes)
    }

    #[cfg(feature = "tools")]
    fn user_ids(records: &Self::Records) -> Option<Vec<&str>> {
        Some(records.users.iter().map(|user| records.names.text(user.name)).collect())
    }

    #[cfg(feature = "tools")]
    fn slice_document(records: &Self::Records, document: &Value, principal: Principal<'_>) -> Option<Value> {
        slice::slice(document, records, principal)
    }

    fn validate(_records: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(kind, value, problems)
    }

    const HAS_ROUTES: bool = true;

    fn classify(request: &Request<'_>) -> Option<Question> {
        calls::classify(request)
    }

    fn needs_body(request: &Request<'_>) -> bool {
        calls::needs_body(request)
    }
}
