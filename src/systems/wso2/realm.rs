//! The realm: its admin user, its default roles and three settings.

use super::domain::UserName;
use super::stores::Stores;
use crate::document::node::{Members, Node};
use crate::document::problem::Problems;
use crate::tables::digest::Digest;
use crate::tables::letters::equals_ignoring_case;

/// The tenant whose admin user skips the permission tree.
pub const SUPER_TENANT: &str = "carbon.super";

/// The key of the admin role that always exists.
pub const ADMIN_ROLE: &str = "role PRIMARY/admin";

/// The key of the role that always exists for every user.
pub const EVERYONE_ROLE: &str = "role Internal/everyone";

/// The members of a realm.
pub const MEMBERS: [&str; 7] = [
    "admin_user",
    "admin_role",
    "everyone_role",
    "tenant",
    "case_sensitive_authorization_rules",
    "skip_authz_check_for_super_admin",
    "preserve_case_for_resources",
];

/// The settings for all user stores.
#[derive(Debug)]
pub struct Realm {
    admin_domain: String,
    admin_local: String,
    /// The key of the admin role, which has all permissions of the console.
    pub admin_role: String,
    /// The key of the role that every user has.
    pub everyone_role: String,
    super_tenant: bool,
    /// `CaseSensitiveAuthorizationRules`, off by default: only the admin user's exact name skips the tree.
    case_sensitive: bool,
    /// `SkipAuthzCheckForSuperAdmin`, on by default: the admin user skips the tree.
    skip_for_admin: bool,
    /// `PreserveCaseForResources`, on by default: paths are case-sensitive.
    pub preserve_case: bool,
}

impl Realm {
    /// Parses the realm, which may be absent. Its names are resolved in these stores.
    pub fn parse(node: Option<Node<'_>>, stores: &Stores, problems: &mut Problems) -> Self {
        let members = node.and_then(|node| node.object(problems));
        if let Some(members) = members {
            members.check_names(&MEMBERS, problems);
        }
        let mut realm = Self::with_defaults();
        let Some(members) = members else { return realm };
        if let Some(node) = members.get("admin_user") {
            if let Some(user) = stores.parse_user_name(node, problems) {
                realm.admin_domain = user.store.domain().to_owned();
                realm.admin_local = user.local.to_owned();
            }
        }
        for (name, role) in [("admin_role", &mut realm.admin_role), ("everyone_role", &mut realm.everyone_role)] {
            if let Some(name) = members.get(name).and_then(|node| stores.parse_role_name(node, problems)) {
                *role = name.key();
            }
        }
        if let Some(node) = members.get("tenant") {
            realm.super_tenant = node.name(problems) == Some(SUPER_TENANT);
        }
        realm.case_sensitive = flag(members, "case_sensitive_authorization_rules", false, problems);
        realm.skip_for_admin = flag(members, "skip_authz_check_for_super_admin", true, problems);
        realm.preserve_case = flag(members, "preserve_case_for_resources", true, problems);
        realm
    }

    fn with_defaults() -> Self {
        Self {
            admin_domain: "PRIMARY".to_owned(),
            admin_local: "admin".to_owned(),
            admin_role: ADMIN_ROLE.to_owned(),
            everyone_role: EVERYONE_ROLE.to_owned(),
            super_tenant: true,
            case_sensitive: false,
            skip_for_admin: true,
            preserve_case: true,
        }
    }

    /// Whether this user skips the permission tree and may do everything.
    // Source: WSO2 kernel, `isUserAuthorized`: the admin user of the super tenant. Its name ignores case, even if its
    // store does not, unless `CaseSensitiveAuthorizationRules` is on. `SEC/admin` is another user.
    pub fn skips_tree(&self, user: &UserName<'_, '_>) -> bool {
        let same_name = !self.case_sensitive || user.local == self.admin_local;
        self.super_tenant && self.skip_for_admin && same_name && self.is_admin(user)
    }

    /// Whether this is the realm's admin user, even if it does not skip the tree.
    // Source: WSO2 identity framework, `UserRealmProxy.isAdminUser`: case is ignored.
    pub fn is_admin(&self, user: &UserName<'_, '_>) -> bool {
        user.store.domain() == self.admin_domain && equals_ignoring_case(user.local, &self.admin_local)
    }

    /// Adds the realm to the digest.
    pub fn digest(&self, digest: &mut Digest) {
        for text in [&self.admin_domain, &self.admin_local, &self.admin_role, &self.everyone_role] {
            digest.text(text);
        }
        for flag in [self.super_tenant, self.case_sensitive, self.skip_for_admin, self.preserve_case] {
            digest.flag(flag);
        }
    }
}

fn flag(members: Members<'_>, name: &str, default: bool, problems: &mut Problems) -> bool {
    members.get(name).and_then(|node| node.flag(problems)).unwrap_or(default)
}
