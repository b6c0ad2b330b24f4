//! The vocabulary: actions, levels, rules, and the kinds of values that `validate` checks.

use crate::tables::word::words;

/// The Meuse crate registry.
#[derive(Debug)]
pub struct Meuse;

words! {
    /// The actions: the requests of Meuse's own API and of Cargo.
    pub enum Action {
        /// Creates a user.
        UserCreate = "user.create",
        /// Lists all users.
        UserList = "user.list",
        /// Changes a user's description, password, role or active flag.
        UserUpdate = "user.update",
        /// Deletes a user.
        UserDelete = "user.delete",
        /// Creates a token, with the user's password.
        TokenCreate = "token.create",
        /// Lists a user's tokens.
        TokenList = "token.list",
        /// Deletes a user's token.
        TokenDelete = "token.delete",
        /// Creates a category.
        CategoryCreate = "category.create",
        /// Lists all categories.
        CategoryList = "category.list",
        /// Changes a category.
        CategoryUpdate = "category.update",
        /// Lists all crates with their versions.
        CrateList = "crate.list",
        /// Shows a crate with its versions and categories.
        CrateGet = "crate.get",
        /// Checks that database, metadata and crate files agree.
        CrateCheck = "crate.check",
        /// Reads the registry's statistics.
        StatisticsRead = "statistics.read",
        /// Publishes a version of a crate.
        CratePublish = "crate.publish",
        /// Yanks a version.
        CrateYank = "crate.yank",
        /// Unyanks a version.
        CrateUnyank = "crate.unyank",
        /// Adds owners to a crate.
        OwnerAdd = "owner.add",
        /// Removes owners from a crate.
        OwnerRemove = "owner.remove",
        /// Lists the owners of a crate.
        OwnerList = "owner.list",
        /// Searches crates.
        CrateSearch = "crate.search",
        /// Downloads a version.
        CrateDownload = "crate.download",
        /// Downloads a version from the mirror of another registry.
        MirrorDownload = "mirror.download",
        /// Fills the mirror's cache with a version.
        MirrorCache = "mirror.cache",
    }
}

words! {
    /// The roles. Each includes the rights of the one before it; Meuse itself does not order them.
    pub enum Level {
        /// Reads, and changes only its own account.
        ReadOnly = "read-only",
        /// Publishes, and manages the crates that it owns.
        Tech = "tech",
        /// Manages everything.
        Admin = "admin",
    }
}

words! {
    /// The rules that decide.
    pub enum Rule {
        /// The action does not apply to this resource: deny.
        NoMatch = "no-match",
        /// No token: deny.
        NotSignedIn = "not-signed-in",
        /// The records do not have the user: deny.
        UnknownUser = "unknown-user",
        /// The user is inactive: deny.
        Inactive = "inactive",
        /// The request does not read a token: allow.
        Public = "public",
        /// A new token, for which the request verifies the user's password: allow.
        Password = "password",
        /// A new token for an inactive user: deny.
        InactiveAccount = "inactive-account",
        /// A new token for another user: deny, also for admins.
        TokenForAnother = "token-for-another",
        /// The caller's own token: allow.
        OwnToken = "own-token",
        /// Only admins can list tokens by the user's name: deny.
        TokensByName = "tokens-by-name",
        /// Another user's token: deny.
        TokenOfAnother = "token-of-another",
        /// Admins can do this: allow.
        Admin = "admin",
        /// Only admins can do this: deny.
        AdminOnly = "admin-only",
        /// Users of every role can do this: allow.
        EveryRole = "every-role",
        /// Tech users and admins can do this: allow.
        TechOrAdmin = "tech-or-admin",
        /// Read-only users cannot do this: deny.
        ReadOnly = "read-only",
        /// The attributes of an update do not list its fields: deny.
        BadFields = "bad-fields",
        /// Only admins can change a role: deny.
        RoleField = "role-field",
        /// Only admins can activate and deactivate users: deny.
        ActiveField = "active-field",
        /// Only admins can update another account: deny.
        OtherAccount = "other-account",
        /// The caller's own account: allow.
        OwnAccount = "own-account",
        /// The first version of a crate: allow.
        NewCrate = "new-crate",
        /// The subject owns the crate: allow.
        Owner = "owner",
        /// The subject does not own the crate: deny.
        NotOwner = "not-owner",
        /// A further version of a crate that the subject does not own: deny, also for admins.
        PublishNotOwner = "publish-not-owner",
        /// The records do not have the crate: deny.
        UnknownCrate = "unknown-crate",
        /// The subject owns the crate, but is a read-only user: deny.
        ReadOnlyOwner = "read-only-owner",
    }
}

words! {
    /// The kinds of values: bodies, and query parameters of requests without a body.
    pub enum Kind {
        /// The body of `POST /api/v1/meuse/user`.
        UserCreate = "user.create",
        /// The body of `POST /api/v1/meuse/user/<name>`.
        UserUpdate = "user.update",
        /// The body of `POST /api/v1/meuse/token`.
        TokenCreate = "token.create",
        /// The query of `GET /api/v1/meuse/token`.
        TokenList = "token.list",
        /// The body of `DELETE /api/v1/meuse/token`.
        TokenDelete = "token.delete",
        /// The body of `POST /api/v1/meuse/category`.
        CategoryCreate = "category.create",
        /// The body of `POST /api/v1/meuse/category/<name>`.
        CategoryUpdate = "category.update",
        /// The body of `PUT /api/v1/crates/<name>/owners`.
        OwnerAdd = "owner.add",
        /// The body of `DELETE /api/v1/crates/<name>/owners`.
        OwnerRemove = "owner.remove",
        /// The metadata in the body of `PUT /api/v1/crates/new`.
        CratePublish = "crate.publish",
        /// The query of `GET /api/v1/meuse/crate`.
        CrateList = "crate.list",
        /// The query of `GET /api/v1/crates`.
        CrateSearch = "crate.search",
    }
}
