//! What can be asked, what rules compare, what decides, and what can be validated.

use crate::tables::word::words;

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
