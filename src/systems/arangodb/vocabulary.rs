//! The vocabulary: actions, levels, rules, and the kinds of values that `validate` checks.

use crate::tables::word::words;

/// ArangoDB's users.
#[derive(Debug)]
pub struct Arangodb;

words! {
    /// The actions.
    pub enum Action {
        /// Use a database and list its collections.
        Use = "use",
        /// Read a collection, its properties, indexes and documents.
        Read = "read",
        /// Insert, update and remove documents, truncate the collection.
        Write = "write",
        /// Create a collection in a database.
        CreateCollection = "create-collection",
        /// Drop or rename a collection, change its properties and indexes.
        ManageCollection = "manage-collection",
        /// Create and drop databases, manage users and their grants, shut the server down.
        Administrate = "administrate",
        /// Read a user, its grants and its settings.
        ReadUser = "read-user",
        /// Change a user's password, flag, extra data and settings.
        UpdateUser = "update-user",
        /// Delete a user.
        DeleteUser = "delete-user",
        /// Check whether a password is the user's password.
        CheckPassword = "check-password",
        /// Ask for the level that the server reports.
        Level = "level",
        /// Ask for the level that a request can use.
        Usable = "usable",
        /// Ask for the level that the server reports outside of read-only mode.
        Configured = "configured",
    }
}

words! {
    /// The levels, from low to high.
    pub enum Level {
        /// No access.
        None = "none",
        /// Access on a database; read only on a collection.
        Ro = "ro",
        /// Administrate on a database or the server; read and write on a collection.
        Rw = "rw",
    }
}

words! {
    /// The rules that decide.
    pub enum Rule {
        /// No grant of the user applies.
        NoGrant = "no-grant",
        /// The client is not signed in.
        NotSignedIn = "not-signed-in",
        /// The user does not exist.
        UnknownUser = "unknown-user",
        /// The user is not active.
        Inactive = "inactive",
        /// The resource is malformed.
        MalformedResource = "malformed-resource",
        /// The action does not apply to this kind of resource.
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
        /// No user has access to `_system/_users`.
        UsersCollection = "users-collection",
        /// Every user can read `_queues`.
        QueuesCollection = "queues-collection",
        /// Every user can write `_frontend`.
        FrontendCollection = "frontend-collection",
        /// The question is about `db/*`, which has no level, although the database has other grants.
        UnsetWildcardCollection = "unset-wildcard-collection",
        /// A named collection of the database `*`.
        WildcardNamedCollection = "wildcard-named-collection",
        /// The collection with the empty name.
        EmptyCollection = "empty-collection",
        /// The user has no access to the collection's database.
        DatabaseGate = "database-gate",
        /// Managing a collection also requires a level on its database.
        ManageNeedsDatabase = "manage-needs-database",
        /// The server is read-only.
        ReadOnlyMode = "read-only-mode",
        /// The server level follows from `_system`.
        Server = "server",
        /// Every signed-in user can execute the action.
        AnyUser = "any-user",
        /// The action is on the caller's own user.
        OwnUser = "own-user",
        /// `root` cannot be deleted.
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
