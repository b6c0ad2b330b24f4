//! WSO2 API Manager: users in stores, roles, and a tree of permissions.
//!
//! From WSO2's "Managing Users" and the user core of its kernel (carbon-kernel 4.12): `PermissionTree`,
//! `JDBCAuthorizationManager`, `UserCoreUtil`.
//!
//! A resource is a permission path, `/permission/admin/login`. As an exact list:
//!
//! - it is split at `/`; one leading empty part and all trailing ones fall away, so `a/b/` is `/a/b`, and the
//!   empty string is the root `/`;
//! - a part is literal: no wildcard, no `.` or `..`, no percent-decoding; upper and lower case differ unless
//!   the realm's `preserve_case_for_resources` is false;
//! - at an empty part inside (`/a//b`) a question stops, and is answered at `/a`; no rule may have one;
//! - in a question of a user, never of a role, each `;version:` that digits follow falls away with them.
//!
//! A rule covers its path and all below it, part by part: `/permission/admin` says nothing about
//! `/permission/administrator`.
//!
//! A name is `DOMAIN/local`, split at its first `/` unless that is its first character. Without a domain it
//! is in the store `PRIMARY`. Domains and roles ignore case; users do unless their store says otherwise.

mod access;
mod action;
mod claims;
#[cfg(feature = "directory")]
mod directory;
mod domain;
mod forms;
mod model;
mod read;
mod realm;
mod resource;
mod tree;

use crate::decision::Ruling;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::System;
use crate::tables::digest::Digest;
use crate::tables::word::{words, Word};

pub use access::Subject;
pub use action::Action;
pub use model::Records;

/// WSO2 API Manager.
#[derive(Debug)]
pub struct Wso2;

words! {
    /// What decides.
    pub enum Rule {
        /// No rule of the user or of its roles reaches the resource.
        NoRule = "no-rule",
        /// The nearest rule is a deny, and nothing else allows.
        DenyRule = "deny-rule",
        /// A rule of the user itself allows.
        UserRule = "user-rule",
        /// A rule of a role allows.
        RoleRule = "role-rule",
        /// `wso2.system.user` may do everything.
        SystemUser = "system-user",
        /// The realm's admin user may do everything in the super tenant.
        AdminUser = "admin-user",
        /// Nobody signed in.
        NotSignedIn = "not-signed-in",
        /// `wso2.anonymous.user` has nothing but what its own role allows.
        AnonymousUser = "anonymous-user",
        /// The user is deactivated, or its account is locked or disabled.
        InactiveUser = "inactive-user",
        /// The user is not in the records, and has nothing but what everyone has.
        UnknownUser = "unknown-user",
        /// The role is not in the records.
        UnknownRole = "unknown-role",
        /// No user store has the domain of this name.
        UnknownDomain = "unknown-domain",
    }
}

words! {
    /// The bodies of the operations of `UserAdmin`, and of the portal's own password form.
    pub enum Kind {
        /// `addUser`.
        UserCreate = "user.create",
        /// `listUsers`.
        UserList = "user.list",
        /// `deleteUser`.
        UserDelete = "user.delete",
        /// `updateRolesOfUser` and `addRemoveRolesOfUser`.
        UserRolesUpdate = "user.roles.update",
        /// `changePassword`, of another user.
        PasswordSet = "password.set",
        /// `changePasswordByUser`, of oneself, without a login.
        PasswordChange = "password.change",
        /// `me/change-password`, of oneself.
        PasswordChangeOwn = "password.change.own",
        /// `addRole`.
        RoleCreate = "role.create",
        /// `addInternalRole`.
        RoleCreateInternal = "role.create.internal",
        /// `setRoleUIPermission`.
        RolePermissionsSet = "role.permissions.set",
        /// `updateRoleName`.
        RoleRename = "role.rename",
        /// `deleteRole`.
        RoleDelete = "role.delete",
        /// `updateUsersOfRole`.
        RoleUsersUpdate = "role.users.update",
    }
}

/// WSO2 compares no levels: an action is allowed at a resource, or it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {}

impl Word for Level {
    const WORDS: &'static [&'static str] = &[];

    fn code(self) -> u8 {
        match self {}
    }

    fn from_code(_code: u8) -> Option<Self> {
        None
    }

    fn from_word(_word: &str) -> Option<Self> {
        None
    }
}

impl System for Wso2 {
    type Records = Records;
    type Subject = Subject;
    type Action = Action;
    type Level = Level;
    type Rule = Rule;
    type Kind = Kind;

    fn records(document: Node<'_>, problems: &mut Problems) -> Records {
        Records::read(document, problems)
    }

    fn digest_records(records: &Records, digest: &mut Digest) {
        records.digest(digest);
    }

    fn subject(records: &Records, id: Option<&str>) -> Subject {
        access::user(records, id)
    }

    fn digest_subject(records: &Records, subject: &Subject, digest: &mut Digest) {
        subject.digest(records, digest);
    }

    fn decide(
        records: &Records,
        subject: &Subject,
        action: Action,
        resource: &str,
        _attributes: &Value,
    ) -> Ruling<Self> {
        access::decide(records, subject, action, resource)
    }

    fn validate(records: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
        forms::validate(records, kind, value, problems)
    }

    fn action(name: &str) -> Option<Action> {
        Action::named(name)
    }

    fn unknown_action(_records: &Records, subject: &Subject, name: &str) -> Result<Ruling<Self>, Error> {
        access::unknown_action(subject, name)
    }

    fn role(records: &Records, name: &str) -> Option<Subject> {
        Some(access::role(records, name))
    }

    fn listing(records: &Records, subject: &Subject) -> Vec<String> {
        access::listing(records, subject)
    }
}
