//! The settings of the Dashboard that decide something, under the names of its documentation.

use crate::document::node::{Members, Node};
use crate::document::problem::Problems;
use crate::tables::digest::Digest;

use super::fields::{count, flag};
use super::passwords::{bounded, Policy};

/// The settings; everything off where the records say nothing.
#[derive(Debug, Default)]
pub struct Config {
    /// An unwritten permission object makes an admin.
    pub(super) empty_permissions_is_admin: bool,
    /// An e-mail address may stand once in each organisation, not once in all.
    pub(super) enable_multi_org_users: bool,
    /// Admins may reset the passwords of others.
    pub(super) allow_admin_reset_password: bool,
    /// APIs have owners.
    pub(super) enable_ownership: bool,
    /// Nobody reads the access key of another.
    pub(super) forbid_admin_view_access_token: bool,
    /// Nobody renews the access key of another.
    pub(super) forbid_admin_reset_access_token: bool,
    /// Only the super-admin makes admins.
    pub(super) only_super_admin_creates_admin: bool,
    /// How many of the most recent passwords a new one must differ from.
    pub(super) enforce_password_history: u32,
    /// What a password must be.
    pub(super) password_policy: Policy,
}

impl Config {
    pub(super) const KNOWN: [&'static str; 14] = [
        "empty_permissions_is_admin",
        "enable_multi_org_users",
        "allow_admin_reset_password",
        "enable_ownership",
        "forbid_admin_view_access_token",
        "forbid_admin_reset_access_token",
        "only_super_admin_creates_admin",
        "enforce_password_history",
        "password_policy",
        "user_password_max_days",
        "login_failure_username_limit",
        "login_failure_expiration",
        "admin_secret",
        "additional_permissions",
    ];

    /// Reads the settings.
    pub(super) fn read(node: Node<'_>, problems: &mut Problems) -> Self {
        let Some(members) = node.object(problems) else { return Self::default() };
        members.only(&Self::KNOWN, problems);
        // For sign-in alone: checked, not kept.
        for name in ["user_password_max_days", "login_failure_username_limit", "login_failure_expiration"] {
            count(members, name, problems);
        }
        if let Some(secret) = members.some("admin_secret") {
            bounded(secret, problems);
        }
        if let Some(additional) = members.some("additional_permissions") {
            additional_permissions(additional, problems);
        }
        Self {
            empty_permissions_is_admin: flag(members, "empty_permissions_is_admin", problems),
            enable_multi_org_users: flag(members, "enable_multi_org_users", problems),
            allow_admin_reset_password: flag(members, "allow_admin_reset_password", problems),
            enable_ownership: flag(members, "enable_ownership", problems),
            forbid_admin_view_access_token: flag(members, "forbid_admin_view_access_token", problems),
            forbid_admin_reset_access_token: flag(members, "forbid_admin_reset_access_token", problems),
            only_super_admin_creates_admin: flag(members, "only_super_admin_creates_admin", problems),
            enforce_password_history: count(members, "enforce_password_history", problems).unwrap_or(0),
            password_policy: members
                .some("password_policy")
                .map_or_else(Policy::default, |policy| Policy::read(policy, problems)),
        }
    }

    /// Writes all settings that decide.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for flag in [
            self.empty_permissions_is_admin,
            self.enable_multi_org_users,
            self.allow_admin_reset_password,
            self.enable_ownership,
            self.forbid_admin_view_access_token,
            self.forbid_admin_reset_access_token,
            self.only_super_admin_creates_admin,
        ] {
            digest.flag(flag);
        }
        digest.number(self.enforce_password_history);
        self.password_policy.digest(digest);
    }
}

/// Checks the sections of one's own: a list of names, or an object from names to titles. The list of sections
/// is open anyway, so that they decide nothing.
pub(super) fn additional_permissions(node: Node<'_>, problems: &mut Problems) {
    if let crate::document::value::Value::Object(_) = node.value {
        for (_, title) in node.object(problems).into_iter().flat_map(Members::iter) {
            title.text(problems);
        }
    } else if let Some(items) = node.items(problems) {
        for item in items.iter() {
            item.name(problems);
        }
    }
}
