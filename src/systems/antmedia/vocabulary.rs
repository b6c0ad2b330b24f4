//! The vocabulary: actions, levels, rules, and the kinds of values that `validate` checks.

use crate::tables::word::words;

/// Ant Media Server.
#[derive(Debug)]
pub struct Antmedia;

words! {
    /// The actions. Most rules only distinguish `read` from the other actions.
    pub enum Action {
        /// GET, HEAD and OPTIONS.
        Read = "read",
        /// POST that creates something.
        Create = "create",
        /// PUT, and POST of settings.
        Update = "update",
        /// DELETE.
        Delete = "delete",
    }
}

words! {
    /// The type of a user in a scope. Each type includes the rights of the types before it.
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
        /// Denies: the panel does not have this resource, or the resource does not have this action.
        NoRoute = "no-route",
        /// Allows: the resource is open without a session.
        Public = "public",
        /// Denies: the client is not signed in.
        NotSignedIn = "not-signed-in",
        /// Denies: the user of the session does not exist.
        UnknownUser = "unknown-user",
        /// Allows: each signed-in user can change their own password and sign out.
        OwnAccount = "own-account",
        /// Allows: each signed-in user can write to support.
        Support = "support",
        /// Allows: each signed-in user can read the version, the edition and their own status.
        OpenRead = "open-read",
        /// Denies: the user has no grants.
        NoGrant = "no-grant",
        /// Denies: the user has grants, but none on this application.
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
        /// The panel's form for an existing user.
        UserUpdateForm = "user.update.form",
    }
}
