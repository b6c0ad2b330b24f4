//! The Dashboard settings that affect decisions, under their documented names.

use crate::document::node::{Members, Node};
use crate::document::problem::Problems;
use crate::tables::digest::Digest;

use super::fields::{count, flag};
use super::passwords::{check_length, Policy};

/// The settings. Everything is off by default.
#[derive(Debug, Default)]
pub struct Config {
    /// A user without any permission is an admin.
    pub(super) empty_permissions_is_admin: bool,
    /// An e-mail address is unique within an organisation, not across all of them.
    pub(super) enable_multi_org_users: bool,
    /// Admins may reset the passwords of others.
    pub(super) allow_admin_reset_password: bool,
    /// APIs have owners.
    pub(super) enable_ownership: bool,
    /// No user can read the access key of another user.
    pub(super) forbid_admin_view_access_token: bool,
    /// No user can renew the access key of another user.
    pub(super) forbid_admin_reset_access_token: bool,
    /// Only the super-admin can make admins.
    pub(super) only_super_admin_creates_admin: bool,
    /// How many of the most recent passwords a new one must differ from.
    pub(super) enforce_password_history: u32,
    /// The requirements for a password.
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

    /// Parses the settings.
    pub(super) fn parse(node: Node<'_>, problems: &mut Problems) -> Self {
        let Some(members) = node.object(problems) else { return Self::default() };
        members.check_names(&Self::KNOWN, problems);
        // Used only for sign-in: checked here, not stored.
        for name in ["user_password_max_days", "login_failure_username_limit", "login_failure_expiration"] {
            count(members, name, problems);
        }
        if let Some(secret) = members.optional("admin_secret") {
            check_length(secret, problems);
        }
        if let Some(additional) = members.optional("additional_permissions") {
            check_additional_permissions(additional, problems);
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
                .optional("password_policy")
                .map_or_else(Policy::default, |policy| Policy::parse(policy, problems)),
        }
    }

    /// Adds all settings that affect decisions to the digest.
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

/// Checks the additional sections: a list of names, or an object from names to titles. Decisions do not need them,
/// because any name can be a section.
pub(super) fn check_additional_permissions(node: Node<'_>, problems: &mut Problems) {
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
