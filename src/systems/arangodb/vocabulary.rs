//! What can be asked, what rules compare, what decides, and what can be validated.

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
