//! Tyk Dashboard: users with one permission for each section of the dashboard.
//!
//! Documents: "Create Users" (Tyk Dashboard, 2017), the pages "User Permissions", "User Groups",
//! "API Ownership" and "Open Policy Agent" of the Tyk documentation, the Dashboard's swagger files, and the
//! Dashboard's default OPA rules, which are the only executable source. The rules below are named D0 to D6 in
//! the order in which those rules stand.
//!
//! # Resources
//!
//! | resource | actions | what it is |
//! | --- | --- | --- |
//! | `section:<name>` | `read` `write` `delete` | a section of the dashboard; `policy` is `policies` |
//! | `api:<id>` | `read` `write` `delete` | one API: section `apis`, and its owners |
//! | `user:<id>` | `view-key` `make-admin` `attempt` | a user, known or not |
//! | `path:<path>` | HTTP methods, in capitals | a request to the Dashboard API |
//!
//! - A name or id is not empty and holds no `/`. `IsAdmin` and `ResetPassword` are no sections.
//! - A path is the request's path without its query, and normal: it starts with `/`; no segment is empty (so
//!   no `//` and no `/` at the end), `.` or `..`; a segment consists of letters, digits, `-._~!$&'()*+,=:@`,
//!   characters outside of ASCII, and percent escapes, in capitals, of other characters than letters, digits,
//!   `-._~`, `/\?#;%` and control characters. So no part of a route can hide in an escape, and a segment is
//!   an id when it is the id once decoded. Every other path is denied, to admins too.
//! - An action of the other form, and a resource of none of these forms, are denied.

mod access;
mod calls;
mod config;
#[cfg(feature = "directory")]
mod directory;
mod forms;
mod model;
mod passwords;
mod paths;
mod permissions;
mod read;
mod subject;

use crate::decision::Ruling;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::system::{Question, Request, System};
use crate::tables::digest::Digest;
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

impl System for Tyk {
    type Records = model::Records;
    type Subject = subject::Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn records(document: Node<'_>, problems: &mut Problems) -> model::Records {
        read::records(document, problems)
    }

    fn digest_records(records: &model::Records, digest: &mut Digest) {
        records.digest(digest);
    }

    fn subject(records: &model::Records, id: Option<&str>) -> subject::Subject {
        subject::resolve(records, id)
    }

    fn digest_subject(records: &model::Records, subject: &subject::Subject, digest: &mut Digest) {
        subject::digest(records, subject, digest);
    }

    fn decide(
        records: &model::Records,
        subject: &subject::Subject,
        action: Action,
        resource: &str,
        _attributes: &Value,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    fn validate(records: &model::Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(&records.config, kind, value, problems)
    }

    const HAS_ROUTES: bool = true;

    fn classify(request: &Request<'_>) -> Option<Question> {
        calls::classify(request)
    }
}
