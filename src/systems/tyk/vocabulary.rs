//! Actions, levels, rule ids, and the kinds of values that can be validated.

use crate::tables::word::words;

/// The Tyk Dashboard.
#[derive(Debug)]
pub struct Tyk;

words! {
    /// The actions: three words about sections and APIs, three about users, HTTP methods about paths.
    pub enum Action {
        /// Read it.
        Read = "read",
        /// Create or change it.
        Write = "write",
        /// Delete it; needs the same level as `write`.
        Delete = "delete",
        /// A read.
        Get = "GET",
        /// A read.
        Head = "HEAD",
        /// A write.
        Post = "POST",
        /// A write.
        Put = "PUT",
        /// A write.
        Patch = "PATCH",
        /// A delete.
        HttpDelete = "DELETE",
        /// A write: only `GET` and `HEAD` read.
        Options = "OPTIONS",
        /// A write.
        Trace = "TRACE",
        /// A write.
        Connect = "CONNECT",
        /// See the user's access key.
        ViewKey = "view-key",
        /// Make the user an admin, or create the user as an admin.
        MakeAdmin = "make-admin",
        /// Attempt to sign in as the user: with a password or a mailed link.
        Attempt = "attempt",
    }
}

words! {
    /// The level of a permission for its section. `admin` counts as `write`.
    pub enum Level {
        /// No access.
        Deny = "deny",
        /// Read.
        Read = "read",
        /// Read, change and delete.
        Write = "write",
        /// The same as `write`.
        Admin = "admin",
    }
}

words! {
    /// The rules that decide.
    pub enum Rule {
        /// The resource has an unknown form.
        NothingFits = "nothing-fits",
        /// The action does not belong to the kind of resource.
        ActionMismatch = "action-mismatch",
        /// The path is not in normal form.
        MalformedPath = "malformed-path",
        /// `section:IsAdmin` or `section:ResetPassword`.
        NotASection = "not-a-section",
        /// No user is signed in.
        NotSignedIn = "not-signed-in",
        /// The records do not have this user.
        UnknownUser = "unknown-user",
        /// D0.
        Inactive = "inactive",
        /// D1.
        UnknownAction = "unknown-action",
        /// D2: the section is not in the permissions.
        SectionAbsent = "section-absent",
        /// D2: no permissions are set.
        Unwritten = "unwritten",
        /// D2: the permissions come from a group that is not active.
        InactiveGroup = "inactive-group",
        /// D3.
        SectionOperation = "section-operation",
        /// D4.
        AdminSectionDenied = "admin-section-denied",
        /// D5.
        ResetOther = "reset-other",
        /// D6.
        AdminResetOther = "admin-reset-other",
        /// `audit_logs` can only be read.
        AuditLogsReadOnly = "audit-logs-read-only",
        /// `owned_analytics` without `analytics`.
        OwnedAnalyticsAlone = "owned-analytics-alone",
        /// The records forbid renewing another user's access key.
        KeyResetForbidden = "key-reset-forbidden",
        /// The records forbid reading another user's access key.
        KeyViewForbidden = "key-view-forbidden",
        /// Only an admin can make admins.
        AdminMakesAdmins = "admin-makes-admins",
        /// The records allow only the super-admin to make admins.
        SuperAdminMakesAdmins = "super-admin-makes-admins",
        /// The API has owners, and this user is not one of them.
        OwnedByOthers = "owned-by-others",
        /// The API belongs to another organisation.
        OtherOrg = "other-org",
        /// The permission for the section is sufficient.
        Section = "section",
        /// The permission for the section is sufficient, and the user owns the API.
        Owner = "owner",
        /// An admin.
        Admin = "admin",
        /// A user without permissions is an admin by configuration.
        EmptyIsAdmin = "empty-is-admin",
        /// `/api/users/me`.
        Me = "me",
        /// Users can read their own record.
        OwnRecord = "own-record",
        /// Users can read and renew their own access key.
        OwnKey = "own-key",
        /// Users can change their own password.
        OwnPassword = "own-password",
        /// The configuration allows admins to reset passwords.
        ResetConfigured = "reset-configured",
        /// The admin has the permission `ResetPassword`.
        ResetPermission = "reset-permission",
        /// Everyone can attempt to sign in, even without a session.
        Anybody = "anybody",
    }
}

words! {
    /// The values that can be validated, named after the request that sends them.
    pub enum Kind {
        /// `POST /api/users`.
        UserCreate = "user.create",
        /// `PUT /api/users/{id}`.
        UserUpdate = "user.update",
        /// `POST /api/users/search`.
        UserSearch = "user.search",
        /// `POST /api/usergroups`.
        GroupCreate = "group.create",
        /// `PUT /api/usergroups/{id}`.
        GroupUpdate = "group.update",
        /// `POST /api/users/{id}/actions/reset` by the user: needs the current password.
        PasswordChange = "password.change",
        /// `POST /api/users/{id}/actions/reset` by another admin with that right: needs no current password.
        PasswordSet = "password.set",
        /// `POST /api/password/forgot`.
        PasswordForgot = "password.forgot",
        /// `POST /api/password/reset`.
        PasswordReset = "password.reset",
        /// `POST /api/login`.
        SessionCreate = "session.create",
        /// `POST /admin/users`.
        AdminUserCreate = "admin.user.create",
        /// `PUT /admin/users/{id}`.
        AdminUserUpdate = "admin.user.update",
    }
}
