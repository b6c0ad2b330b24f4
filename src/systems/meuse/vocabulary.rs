//! What can be asked, what rules compare, what decides, and what can be validated.

use crate::tables::word::words;

/// The Meuse crate registry.
#[derive(Debug)]
pub struct Meuse;

words! {
    /// What can be asked: the calls of Meuse's own API and those that Cargo makes.
    pub enum Action {
        /// Makes a user.
        UserCreate = "user.create",
        /// Lists all users.
        UserList = "user.list",
        /// Changes a user's description, password, role or active flag.
        UserUpdate = "user.update",
        /// Deletes a user.
        UserDelete = "user.delete",
        /// Makes a token, with the user's password.
        TokenCreate = "token.create",
        /// Lists a user's tokens.
        TokenList = "token.list",
        /// Deletes a user's token.
        TokenDelete = "token.delete",
        /// Makes a category.
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
        /// Takes a yank back.
        CrateUnyank = "crate.unyank",
        /// Makes users owners of a crate.
        OwnerAdd = "owner.add",
        /// Takes ownership away.
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
    /// The roles. Their order is ours: each may do all that the one before may.
    pub enum Level {
        /// Looks, and changes nothing but its own account.
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
        /// Nothing has this resource under this action: deny.
        NoMatch = "no-match",
        /// No token: deny.
        NotSignedIn = "not-signed-in",
        /// The records have no such user: deny.
        UnknownUser = "unknown-user",
        /// The subject is switched off: deny.
        Inactive = "inactive",
        /// The call reads no token: allow.
        Public = "public",
        /// A new token for whoever knows the user's password: allow.
        Password = "password",
        /// No new token for a user who is switched off: deny.
        InactiveAccount = "inactive-account",
        /// A new token for another user: deny, to admins too.
        TokenForAnother = "token-for-another",
        /// One's own token: allow.
        OwnToken = "own-token",
        /// A list of tokens by the user's name is for admins: deny.
        TokensByName = "tokens-by-name",
        /// Another user's token: deny.
        TokenOfAnother = "token-of-another",
        /// An admin may: allow.
        Admin = "admin",
        /// Only admins may: deny.
        AdminOnly = "admin-only",
        /// Every role may: allow.
        EveryRole = "every-role",
        /// Tech users and admins may: allow.
        TechOrAdmin = "tech-or-admin",
        /// Not with the role read-only: deny.
        ReadOnly = "read-only",
        /// The attributes of an update do not say which fields it has: deny.
        BadFields = "bad-fields",
        /// Only admins change a role: deny.
        RoleField = "role-field",
        /// Only admins switch users on and off: deny.
        ActiveField = "active-field",
        /// Only admins update another account: deny.
        OtherAccount = "other-account",
        /// One's own account: allow.
        OwnAccount = "own-account",
        /// The first version of a crate: allow.
        NewCrate = "new-crate",
        /// The subject owns the crate: allow.
        Owner = "owner",
        /// The subject does not own the crate: deny.
        NotOwner = "not-owner",
        /// A further version of a crate that the subject does not own: deny, to admins too.
        PublishNotOwner = "publish-not-owner",
        /// The records have no such crate to own: deny.
        UnknownCrate = "unknown-crate",
        /// The subject owns the crate, but is a read-only user: deny.
        ReadOnlyOwner = "read-only-owner",
    }
}

words! {
    /// The bodies, and the query parameters of the calls that only have those, that can be validated.
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
