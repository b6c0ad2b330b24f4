//! The rules P1 to P9 of the console's own service: operations that only the admin user may perform, and operations
//! that no user may perform.
//!
//! Source: WSO2 identity framework, `UserRealmProxy`. A role or user is privileged if it has `/permission` or
//! `/permission/admin`. "Only admin" means the realm's admin user, not every user with the admin role.

use super::super::domain::{RoleName, UserName};
use super::super::model::ANONYMOUS_USER;
use super::super::{access, Action, Records, Subject, Wso2};
use super::permission_paths;
use super::responses::{
    Refusal, ADMIN_KEEPS_ROLE, ADMIN_ROLE_NAME, ADMIN_ROLE_STAYS, ADMIN_STAYS, ANONYMOUS_STAYS, DELETES_ITSELF,
    EVERYONE_IS_GIVEN, EVERYONE_STAYS, NEEDS_OLD_PASSWORD, NOT_ADMIN_ROLE, NOT_ANONYMOUS, NOT_EVERYONE, ONLY_ADMIN,
    ONLY_ADMIN_STAYS, STAYS_ACTIVE,
};
use crate::system::{Details, System as _};

/// The key of the anonymous user's role.
const ANONYMOUS_ROLE: &str = "role system/wso2.anonymous.role";

/// The permissions that only the admin user can grant, together with all paths above them.
const PROTECTED: [&str; 3] = [permission_paths::ROOT, permission_paths::ADMIN, permission_paths::PROTECTED];

/// The caller, and the records that were loaded for the request.
pub struct Privileges {
    records: Records,
    caller: String,
}

impl Privileges {
    /// The caller is given by its canonical name.
    pub fn new(records: Records, caller: &str) -> Self {
        Self { records, caller: caller.to_owned() }
    }

    fn is_admin(&self, name: &str) -> bool {
        self.records.stores.user(name).is_some_and(|user| self.records.realm.is_admin(&user))
    }

    fn is_caller(&self, name: &str) -> bool {
        let key = |name: &str| self.records.stores.user(name).map(|user: UserName<'_, '_>| user.key());
        key(name).is_some() && key(name) == key(&self.caller)
    }

    fn is_anonymous(&self, name: &str) -> bool {
        let is_anonymous = |user: UserName<'_, '_>| user.store.is_primary() && user.folded() == ANONYMOUS_USER;
        self.records.stores.user(name).is_some_and(is_anonymous)
    }

    fn role_key(&self, name: &str) -> String {
        self.records.stores.role(name).map(|role: RoleName<'_, '_>| role.key()).unwrap_or_default()
    }

    fn is_admin_role(&self, name: &str) -> bool {
        self.role_key(name) == self.records.realm.admin_role
    }

    fn is_everyone(&self, name: &str) -> bool {
        self.role_key(name) == self.records.realm.everyone_role
    }

    fn has_console_rights(&self, subject: &Subject) -> bool {
        let is_allowed = |path| Wso2::decide(&self.records, subject, Action::UiExecute, path, Details::NONE).allow;
        [permission_paths::ROOT, permission_paths::ADMIN].into_iter().any(is_allowed)
    }

    /// Whether a role has all permissions of the console.
    fn is_privileged_role(&self, name: &str) -> bool {
        self.has_console_rights(&access::resolve_role(&self.records, name))
    }

    /// Whether a user has all permissions of the console.
    fn is_privileged(&self, name: &str) -> bool {
        self.has_console_rights(&access::resolve_user(&self.records, Some(name)))
    }

    /// Refuses an action that only the admin user may perform. The refusal names the action.
    fn require_admin_user(&self, needed: bool, action: &str) -> Result<(), Refusal> {
        if needed && !self.is_admin(&self.caller) {
            return Err(ONLY_ADMIN.with_message(format!("only the admin user may {action}")));
        }
        Ok(())
    }

    /// Refuses an action on the admin user, or on a user with all permissions of the console, to all but the admin
    /// user.
    fn check_target(&self, target: &str, action: &str) -> Result<(), Refusal> {
        let whom =
            if self.is_admin(target) { "the admin user" } else { "a user who has the console's highest permissions" };
        self.require_admin_user(self.is_admin(target) || self.is_privileged(target), &format!("{action} {whom}"))
    }

    /// Refuses an action on a role with all permissions of the console, to all but the admin user.
    fn check_target_role(&self, role: &str, action: &str) -> Result<(), Refusal> {
        let action = format!("{action} a role that has the console's highest permissions");
        self.require_admin_user(self.is_privileged_role(role), &action)
    }

    /// P1: checks the creation of a user with these roles.
    pub fn check_create_user(&self, roles: &[String]) -> Result<(), Refusal> {
        let is_given = roles.iter().any(|role| self.is_privileged_role(role));
        self.require_admin_user(is_given, "create a user with a role that has the console's highest permissions")
    }

    /// Checks that a new user may get the pending rules for its name. The name of the admin user also gives all
    /// rights of the admin user. Only rights that P1 lets the caller assign are allowed.
    pub fn check_pending_rules_of_user(&self, name: &str) -> Result<(), Refusal> {
        let has_rights = self.is_admin(name) || self.is_privileged(name);
        self.require_admin_user(has_rights, "create a user whose name already has the console's highest permissions")
    }

    /// Checks that a new role may get the pending rules for its name.
    pub fn check_pending_rules_of_role(&self, name: &str) -> Result<(), Refusal> {
        let has_rights = self.is_privileged_role(name);
        self.require_admin_user(has_rights, "create a role whose name already has the console's highest permissions")
    }

    /// P2: checks a new password of another user.
    pub fn check_set_password(&self, target: &str) -> Result<(), Refusal> {
        if self.is_caller(target) {
            return Err(NEEDS_OLD_PASSWORD);
        }
        self.check_target(target, "set the password of")
    }

    /// P3: checks the deletion of a user, and the refusals of the kernel after it.
    pub fn check_delete_user(&self, target: &str) -> Result<(), Refusal> {
        if self.is_admin(target) && !self.is_admin(&self.caller) {
            return Err(ONLY_ADMIN_STAYS);
        }
        self.check_target(target, "delete")?;
        if self.is_caller(target) {
            Err(DELETES_ITSELF)
        } else if self.is_admin(target) {
            Err(ADMIN_STAYS)
        } else if self.is_anonymous(target) {
            Err(ANONYMOUS_STAYS)
        } else {
            Ok(())
        }
    }

    /// Checks the deactivation of a user. P3 applies, with its own messages, because a deactivated user is as good as
    /// deleted.
    pub fn check_deactivate(&self, target: &str) -> Result<(), Refusal> {
        if self.is_caller(target) || self.is_admin(target) {
            return Err(STAYS_ACTIVE);
        }
        self.check_target(target, "deactivate")
    }

    /// Checks the activation of a user. The rules of a deactivation apply, except those for the two users that cannot
    /// be deactivated.
    pub fn check_activate(&self, target: &str) -> Result<(), Refusal> {
        self.check_target(target, "activate")
    }

    /// P4: checks the roles that are added to a user and removed from it. Roles that the user already has are not
    /// among the added ones.
    pub fn check_update_roles(&self, target: &str, added: &[String], removed: &[String]) -> Result<(), Refusal> {
        if self.is_anonymous(target) {
            return Err(NOT_ANONYMOUS);
        }
        if removed.iter().any(|role| self.is_everyone(role)) {
            return Err(NOT_EVERYONE);
        }
        if self.is_admin(target) && removed.iter().any(|role| self.is_admin_role(role)) {
            return Err(ADMIN_KEEPS_ROLE);
        }
        let is_privileged = self.is_privileged(target);
        let goes_up =
            added.iter().any(|role| self.is_admin_role(role) || (!is_privileged && self.is_privileged_role(role)));
        let goes_down = is_privileged && removed.iter().any(|role| self.is_privileged_role(role));
        self.require_admin_user(goes_up, "give a user a role that has the console's highest permissions")?;
        self.require_admin_user(goes_down, "remove a role that has the console's highest permissions from a user")
    }

    /// P5: checks the permissions of a new role.
    // Upstream compares only with these three paths. We also check all paths above them, because they give the same
    // rights.
    pub fn check_grant_permissions(&self, resources: &[String]) -> Result<(), Refusal> {
        let is_above =
            |path: &str, kept: &str| kept == path || kept.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let reaches = |resource: &String| PROTECTED.iter().any(|kept| is_above(resource.trim_end_matches('/'), kept));
        self.require_admin_user(resources.iter().any(reaches), "grant the console's highest permissions")
    }

    /// P6: checks new permissions of a role.
    pub fn check_set_permissions(&self, role: &str, resources: &[String]) -> Result<(), Refusal> {
        if self.is_admin_role(role) {
            return Err(NOT_ADMIN_ROLE);
        }
        self.check_grant_permissions(resources)
    }

    /// P7: checks a new name of a role. The admin role and the everyone role keep their names, and no other role gets
    /// them.
    pub fn check_rename_role(&self, role: &str, new: &str) -> Result<(), Refusal> {
        self.check_target_role(role, "rename")?;
        if self.is_admin_role(role) {
            Err(NOT_ADMIN_ROLE)
        } else if self.is_everyone(role) {
            Err(NOT_EVERYONE)
        } else if self.is_admin_role(new) {
            Err(ADMIN_ROLE_NAME)
        } else if self.is_everyone(new) {
            Err(EVERYONE_IS_GIVEN)
        } else {
            Ok(())
        }
    }

    /// P8: checks the deletion of a role.
    pub fn check_delete_role(&self, role: &str) -> Result<(), Refusal> {
        self.check_target_role(role, "delete")?;
        if self.is_admin_role(role) {
            Err(ADMIN_ROLE_STAYS)
        } else if self.is_everyone(role) {
            Err(EVERYONE_STAYS)
        } else {
            Ok(())
        }
    }

    /// P9: checks users that are added to a role and removed from it.
    pub fn check_update_members(&self, role: &str, removed: &[String]) -> Result<(), Refusal> {
        if self.role_key(role) == ANONYMOUS_ROLE {
            return Err(NOT_ANONYMOUS);
        }
        if self.is_everyone(role) {
            return Err(NOT_EVERYONE);
        }
        let action = "change the users of a role that has the console's highest permissions";
        self.require_admin_user(self.is_admin_role(role) || self.is_privileged_role(role), action)?;
        if self.is_admin_role(role) && removed.iter().any(|user| self.is_admin(user)) {
            return Err(ADMIN_KEEPS_ROLE);
        }
        Ok(())
    }
}
