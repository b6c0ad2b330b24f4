//! Ant Media Server: users of the management panel, each with a type in a scope.
//!
//! Rules come from three places. *Document* is Ant Media's page "User Management". *Filter* is the panel's
//! own `AuthenticationFilter.java`, which says how the document is meant where the two differ: a `USER`
//! writes broadcasts and VoDs and nothing else, and only a grant on `system` reaches the panel. Where the
//! Filter itself is broken (scopes compared by their beginning, no grant read as every grant, `_path` read
//! on every path) we keep to the document, and say so at the rule.
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
//! | `firstName`, `lastName`, `fullName`, `picture` | string or null | shown, never compared |
//! | `password`, `newPassword` | string or null | only for a directory: checked, then forgotten |
//! | `hash` | string or null | only for a directory, in place of `password`: `$argon2id$…`, or `$unsalted-md5$HASH` with the MD5 that Ant Media stores |
//!
//! # Resources
//!
//! This list is exact; what does not fit it is nothing, and is denied. NAME is one or more of
//! `A-Z a-z 0-9 _ -`. A SEGMENT is not empty, no `.` or `..`, and holds no `/`, no `\` and no ASCII control
//! character, not even percent-encoded.
//!
//! | resource | what it is |
//! | --- | --- |
//! | `app:NAME/broadcasts`, `app:NAME/vods`, each with any `/SEGMENT` behind | content of an application |
//! | `app:NAME/SEGMENT` with any `/SEGMENT` behind | every other section of an application |
//! | `app-settings:NAME` | settings of an application |
//! | `application:NAME` | the application itself, to create or delete |
//! | `system:version`, `system:enterprise-edition`, `system:admin-status` | open to read for everybody signed in |
//! | `system:SEGMENT` with any `/SEGMENT` behind | everything else of the panel: `system:users`, `system:users/EMAIL`, `system:server-settings` |
//! | `self:password`, `self:logout` | one's own account |
//! | `support:request` | a request to Ant Media's support |
//! | `public:authenticate`, `public:initial-user`, `public:first-login-status`, `public:authentication-status`, `public:liveness`, `public:blocked-status` | open without a session |

mod access;
mod calls;
#[cfg(feature = "directory")]
mod directory;
mod forms;
mod model;
mod path;

use crate::decision::Ruling;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::system::{Question, Request, System};
use crate::tables::digest::Digest;
use crate::tables::word::words;

pub use access::Subject;
pub use model::Records;

/// Ant Media Server.
#[derive(Debug)]
pub struct Antmedia;

words! {
    /// What can be asked. Only whether it is `read` counts, except for an application and for signing out.
    pub enum Action {
        /// GET, HEAD and OPTIONS.
        Read = "read",
        /// POST of something new.
        Create = "create",
        /// PUT, and POST of settings.
        Update = "update",
        /// DELETE.
        Delete = "delete",
    }
}

words! {
    /// The type that a user has in a scope, each opening what the ones before it open.
    pub enum Level {
        /// Reads.
        ReadOnly = "READ_ONLY",
        /// Also writes broadcasts and VoDs.
        User = "USER",
        /// Also writes everything else.
        Admin = "ADMIN",
    }
}

words! {
    /// The rules that decide.
    pub enum Rule {
        /// Denies: the panel has nothing of this name, or it has no such action.
        NoRoute = "no-route",
        /// Allows: open without a session.
        Public = "public",
        /// Denies: nobody is signed in.
        NotSignedIn = "not-signed-in",
        /// Denies: the user of the session does not exist, or no longer.
        UnknownUser = "unknown-user",
        /// Allows: everybody signed in changes the own password and signs out.
        OwnAccount = "own-account",
        /// Allows: everybody signed in writes to the support.
        Support = "support",
        /// Allows: everybody signed in reads the version, the edition and the own status.
        OpenRead = "open-read",
        /// Denies: the user holds no grant at all.
        NoGrant = "no-grant",
        /// Denies: the user holds grants, but none on this application.
        OtherScope = "other-scope",
        /// Compares the type in the application for its broadcasts and VoDs.
        ApplicationContent = "application-content",
        /// Compares the type in the application for its other sections.
        ApplicationSection = "application-section",
        /// Compares the type in the application for its settings.
        ApplicationSettings = "application-settings",
        /// Compares the type in the application for deleting it.
        ApplicationDelete = "application-delete",
        /// Compares the type in `system` for broadcasts and VoDs of any application.
        SystemContent = "system-content",
        /// Compares the type in `system` for the other sections of any application.
        SystemSection = "system-section",
        /// Compares the type in `system` for the settings of any application.
        SystemSettings = "system-settings",
        /// Compares the type in `system` for the panel, its users, and creating and deleting applications.
        Panel = "panel",
        /// Denies: the panel needs a grant on `system`, and the user's grants are on applications.
        PanelScope = "panel-scope",
    }
}

words! {
    /// The bodies of requests, and the forms of the panel.
    pub enum Kind {
        /// POST `/users`.
        UserCreate = "user.create",
        /// PUT `/users`.
        UserUpdate = "user.update",
        /// POST `/users/initial`.
        UserInitial = "user.initial",
        /// POST `/users/password`.
        PasswordChange = "password.change",
        /// POST `/users/authenticate`.
        SessionCreate = "session.create",
        /// The panel's form for a new user.
        UserCreateForm = "user.create.form",
        /// The panel's form for a user that exists.
        UserUpdateForm = "user.update.form",
    }
}

impl System for Antmedia {
    type Records = Records;
    type Subject = Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn records(document: Node<'_>, problems: &mut Problems) -> Records {
        Records::read(document, problems)
    }

    fn digest_records(records: &Records, digest: &mut Digest) {
        records.digest(digest);
    }

    fn subject(records: &Records, id: Option<&str>) -> Subject {
        Subject::of(records, id)
    }

    fn digest_subject(records: &Records, subject: &Subject, digest: &mut Digest) {
        subject.digest(records, digest);
    }

    fn decide(records: &Records, subject: &Subject, action: Action, resource: &str, _: &Value) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    fn validate(_: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(kind, value, problems)
    }

    const HAS_ROUTES: bool = true;

    fn classify(request: &Request<'_>) -> Option<Question> {
        calls::classify(request)
    }
}
