//! Ant Media Server: users of the management panel, each with a type in a scope.
//!
//! The rules follow two sources. *Document* is Ant Media's page "User Management". *Filter* is the panel's own
//! `AuthenticationFilter.java`. Where the two differ, the Filter shows how the document is meant. A `USER` writes only
//! broadcasts and VoDs. Only a grant on `system` gives access to the panel.
//!
//! The Filter has three defects. It compares only the beginnings of scopes. It treats a user without grants as a user
//! with all grants. It reads `_path` on every path. There we follow the document, and a comment at the rule says so.
//!
//! # Records
//!
//! `{"users": [...]}`; a user has the members of Ant Media's `User` object:
//!
//! | member | value | |
//! | --- | --- | --- |
//! | `email` | string | the identity, compared exactly |
//! | `scope`, `userType` | string or null; `ADMIN`, `USER`, `READ_ONLY` (or the document's `READ-ONLY`) or null | the pair form of rights |
//! | `appNameUserType` | object of strings, or null | the map form of rights: scope to type |
//! | `firstName`, `lastName`, `fullName`, `picture` | string or null | do not affect decisions |
//! | `password`, `newPassword` | string or null | only for a directory: validated, then dropped |
//! | `hash` | string or null | only for a directory, instead of `password`: `$argon2id$…`, or `$unsalted-md5$HASH` with the MD5 that Ant Media stores |
//!
//! # Resources
//!
//! This list is complete: any other resource is denied. NAME is one or more of `A-Z a-z 0-9 _ -`. A SEGMENT is not
//! empty and not `.` or `..`. It contains no `/`, no `\` and no ASCII control character, also not percent-encoded.
//!
//! | resource | meaning |
//! | --- | --- |
//! | `app:NAME/broadcasts`, `app:NAME/vods`, each with further `/SEGMENT`s | content of an application |
//! | `app:NAME/SEGMENT` with further `/SEGMENT`s | every other section of an application |
//! | `app-settings:NAME` | settings of an application |
//! | `application:NAME` | the application itself, to create or delete |
//! | `system:version`, `system:enterprise-edition`, `system:admin-status` | readable by every signed-in user |
//! | `system:SEGMENT` with further `/SEGMENT`s | everything else of the panel: `system:users`, `system:users/EMAIL`, `system:server-settings` |
//! | `self:password`, `self:logout` | the caller's own account |
//! | `support:request` | a request to Ant Media's support |
//! | `public:authenticate`, `public:initial-user`, `public:first-login-status`, `public:authentication-status`, `public:liveness`, `public:blocked-status` | open without a session |

mod access;
mod calls;
#[cfg(feature = "directory")]
mod directory;
mod forms;
mod model;
mod path;
mod records;
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
pub use vocabulary::Antmedia;

impl System for Antmedia {
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

    fn decide(records: &Records, subject: &Subject, action: Action, resource: &str, _: Details<'_>) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    #[cfg(feature = "tools")]
    fn user_ids(records: &Self::Records) -> Option<Vec<&str>> {
        Some(records.users.iter().map(|(email, _)| records.names.text(*email)).collect())
    }

    #[cfg(feature = "tools")]
    fn slice_document(_: &Self::Records, document: &Value, principal: Principal<'_>) -> Option<Value> {
        Some(slice::slice(document, principal))
    }

    fn validate(_: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(kind, value, problems)
    }

    const HAS_ROUTES: bool = true;

    fn classify(request: &Request<'_>) -> Option<Question> {
        calls::classify(request)
    }
}
