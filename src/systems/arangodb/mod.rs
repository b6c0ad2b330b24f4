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
mod resource;

use crate::decision::Ruling;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::system::System;
use crate::tables::digest::Digest;
use crate::tables::word::words;

/// ArangoDB's users.
#[derive(Debug)]
pub struct Arangodb;

words! {
    /// What a user may ask to do.
    pub enum Action {
        /// Use a database and list its collections.
        Use = "use",
        /// See a collection, its properties and indexes, and read its documents.
        Read = "read",
        /// Insert, update and remove documents, truncate the collection.
        Write = "write",
        /// Create a collection in a database.
        CreateCollection = "create-collection",
        /// Drop or rename a collection, change its properties and indexes.
        ManageCollection = "manage-collection",
        /// Create and drop databases, manage users and what they are granted, shut the server down.
        Administrate = "administrate",
        /// See a user, what it is granted and its settings.
        ReadUser = "read-user",
        /// Change a user's password, flag, extra data and settings.
        UpdateUser = "update-user",
        /// Delete a user.
        DeleteUser = "delete-user",
        /// Ask whether a password is the user's.
        CheckPassword = "check-password",
        /// Which level the server reports.
        Level = "level",
        /// Which level a request can use.
        Usable = "usable",
        /// Which level the server reports outside of read-only mode.
        Configured = "configured",
    }
}

words! {
    /// The levels, from low to high.
    pub enum Level {
        /// No access.
        None = "none",
        /// Access to a database; a collection read only.
        Ro = "ro",
        /// Administrate, on a database or the server; read and write, on a collection.
        Rw = "rw",
    }
}

words! {
    /// What decides.
    pub enum Rule {
        /// Nothing that the user holds applies.
        NoGrant = "no-grant",
        /// Nobody signed in.
        NotSignedIn = "not-signed-in",
        /// No such user.
        UnknownUser = "unknown-user",
        /// The user can not sign in.
        Inactive = "inactive",
        /// The resource is no name that can be asked for.
        MalformedResource = "malformed-resource",
        /// The action is not one for this kind of resource.
        WrongResource = "wrong-resource",
        /// The database's own level.
        Database = "database",
        /// The level of the database `*`.
        WildcardDatabase = "wildcard-database",
        /// The level of `_system`, for another database.
        SystemDatabase = "system-database",
        /// The collection's own level.
        Collection = "collection",
        /// The level of `db/*`.
        WildcardCollection = "wildcard-collection",
        /// The level of `*/*`.
        WildcardEverywhere = "wildcard-everywhere",
        /// The level of the collection's database.
        DatabaseFloor = "database-floor",
        /// The level of the database `*`, for a collection.
        WildcardDatabaseFloor = "wildcard-database-floor",
        /// The level of `_system`, for a collection of another database.
        SystemDatabaseFloor = "system-database-floor",
        /// A system collection has the level of its database.
        SystemCollection = "system-collection",
        /// Nobody reaches `_system/_users`.
        UsersCollection = "users-collection",
        /// Everybody reads `_queues`.
        QueuesCollection = "queues-collection",
        /// Everybody writes `_frontend`.
        FrontendCollection = "frontend-collection",
        /// `db/*` was asked for and not set, though something else of the database was.
        UnsetWildcardCollection = "unset-wildcard-collection",
        /// A named collection of the database `*`.
        WildcardNamedCollection = "wildcard-named-collection",
        /// The collection whose name is empty.
        EmptyCollection = "empty-collection",
        /// The collection's database is closed.
        DatabaseGate = "database-gate",
        /// Managing a collection needs its database too.
        ManageNeedsDatabase = "manage-needs-database",
        /// The server is read-only.
        ReadOnlyMode = "read-only-mode",
        /// The server level follows from `_system`.
        Server = "server",
        /// Everybody who signed in may.
        AnyUser = "any-user",
        /// It is about the user itself.
        OwnUser = "own-user",
        /// `root` is never deleted.
        RootStays = "root-stays",
    }
}

words! {
    /// The bodies that can be validated.
    pub enum Kind {
        /// `POST /_api/user`
        UserCreate = "user.create",
        /// `PUT /_api/user/{user}`
        UserReplace = "user.replace",
        /// `PATCH /_api/user/{user}`
        UserUpdate = "user.update",
        /// `POST /_api/user/{user}`
        PasswordCheck = "password.check",
        /// `PUT /_api/user/{user}/database/{db}` and `…/{db}/{coll}`
        GrantSet = "grant.set",
        /// `PUT /_api/user/{user}/config/{key}`
        ConfigSet = "config.set",
        /// `POST /_open/auth`
        SessionCreate = "session.create",
    }
}

impl System for Arangodb {
    type Records = model::Records;
    type Subject = grants::Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn records(document: Node<'_>, problems: &mut Problems) -> Self::Records {
        model::records(document, problems)
    }

    fn digest_records(records: &Self::Records, digest: &mut Digest) {
        records.digest(digest);
    }

    fn subject(records: &Self::Records, id: Option<&str>) -> Self::Subject {
        records.subject(id)
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
        _attributes: &Value,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    fn validate(_records: &Self::Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(kind, value, problems)
    }
}
