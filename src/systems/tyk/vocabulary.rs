//! What can be asked, what rules compare, what decides, and what can be validated.

use crate::tables::word::words;

/// The Tyk Dashboard.
#[derive(Debug)]
pub struct Tyk;

words! {
    /// What can be asked: three words about sections and APIs, three about users, HTTP methods about paths.
    pub enum Action {
        /// Look at it.
        Read = "read",
        /// Create or change it.
        Write = "write",
        /// Delete it; needs what `write` needs.
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
        /// Make the user an admin, or create it as one.
        MakeAdmin = "make-admin",
        /// Try to get in as the user: by a password, or by a link that is mailed.
        Attempt = "attempt",
    }
}

words! {
    /// What a permission says about its section. `admin` is as good as `write`.
    pub enum Level {
        /// Nothing.
        Deny = "deny",
        /// Look.
        Read = "read",
        /// Look, change and delete.
        Write = "write",
        /// The same as `write`.
        Admin = "admin",
    }
}

words! {
    /// What decides.
    pub enum Rule {
        /// The resource has none of the three forms.
        NothingFits = "nothing-fits",
        /// The action is none of the resource's form.
        ActionMismatch = "action-mismatch",
        /// The path is not normal.
        MalformedPath = "malformed-path",
        /// `section:IsAdmin` or `section:ResetPassword`.
        NotASection = "not-a-section",
        /// Nobody is signed in.
        NotSignedIn = "not-signed-in",
        /// The records have no such user.
        UnknownUser = "unknown-user",
        /// D0.
        Inactive = "inactive",
        /// D1.
        UnknownAction = "unknown-action",
        /// D2: the section is not in the permissions.
        SectionAbsent = "section-absent",
        /// D2: there are no permissions at all.
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
        /// `audit_logs` knows only read.
        AuditLogsReadOnly = "audit-logs-read-only",
        /// `owned_analytics` without `analytics`.
        OwnedAnalyticsAlone = "owned-analytics-alone",
        /// The records forbid to renew another's access key.
        KeyResetForbidden = "key-reset-forbidden",
        /// The records forbid to see another's access key.
        KeyViewForbidden = "key-view-forbidden",
        /// Only an admin makes admins.
        AdminMakesAdmins = "admin-makes-admins",
        /// The records let nobody but the super-admin make admins.
        SuperAdminMakesAdmins = "super-admin-makes-admins",
        /// The API has owners, and this user is none of them.
        OwnedByOthers = "owned-by-others",
        /// The API belongs to another organisation.
        OtherOrg = "other-org",
        /// The permission for the section is enough.
        Section = "section",
        /// The section is enough, and the user owns the API.
        Owner = "owner",
        /// An admin.
        Admin = "admin",
        /// An unwritten permission object where the records say that it makes an admin.
        EmptyIsAdmin = "empty-is-admin",
        /// `/api/users/me`.
        Me = "me",
        /// Reading the own record.
        OwnRecord = "own-record",
        /// Renewing or seeing the own access key.
        OwnKey = "own-key",
        /// Changing the own password.
        OwnPassword = "own-password",
        /// The configuration lets admins reset passwords.
        ResetConfigured = "reset-configured",
        /// The admin holds `ResetPassword`.
        ResetPermission = "reset-permission",
        /// Anybody may try to get in, signed in or not.
        Anybody = "anybody",
    }
}

words! {
    /// What can be validated, each named after the call that sends it.
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
        /// `POST /api/users/{id}/actions/reset` by an admin who may: needs no current password.
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
