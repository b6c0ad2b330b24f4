//! What only the admin user may do, and what nobody may: the rules P1 to P9 of the console's own service.
//!
//! Source: WSO2 identity framework, `UserRealmProxy`. A role is privileged if it may use `/permission` or
//! `/permission/admin`, a user if it may; "only admin" means the realm's admin user, and not who has its role.

use super::super::domain::{RoleName, UserName};
use super::super::model::ANONYMOUS_USER;
use super::super::{access, Action, Records, Subject, Wso2};
use super::book::permission;
use super::responses::{
    Refusal, ADMIN_KEEPS_ROLE, ADMIN_ROLE_NAME, ADMIN_ROLE_STAYS, ADMIN_STAYS, ANONYMOUS_STAYS, DELETES_ITSELF,
    EVERYONE_IS_GIVEN, EVERYONE_STAYS, NEEDS_OLD_PASSWORD, NOT_ADMIN_ROLE, NOT_ANONYMOUS, NOT_EVERYONE, ONLY_ADMIN,
    STAYS_ACTIVE,
};
use crate::system::{Details, System as _};

/// The key of the anonymous user's role.
const ANONYMOUS_ROLE: &str = "role system/wso2.anonymous.role";

/// What nobody but the admin user gives away, and all that lies above it.
const PROTECTED: [&str; 3] = [permission::ROOT, permission::ADMIN, permission::PROTECTED];

/// A caller before the rules, with what was looked up.
pub struct Privileges {
    records: Records,
    caller: String,
}

impl Privileges {
    /// The caller is a canonical name.
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
        let is_it = |user: UserName<'_, '_>| user.store.is_primary() && user.folded() == ANONYMOUS_USER;
        self.records.stores.user(name).is_some_and(is_it)
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

    fn may_all(&self, subject: &Subject) -> bool {
        let may = |path| Wso2::decide(&self.records, subject, Action::UiExecute, path, Details::NONE).allow;
        [permission::ROOT, permission::ADMIN].into_iter().any(may)
    }

    /// Whether a role may all that the console can.
    fn is_privileged_role(&self, name: &str) -> bool {
        self.may_all(&access::resolve_role(&self.records, name))
    }

    /// Whether a user may all that the console can.
    fn is_privileged(&self, name: &str) -> bool {
        self.may_all(&access::resolve_user(&self.records, Some(name)))
    }

    fn only_admin(&self, needed: bool) -> Result<(), Refusal> {
        if needed && !self.is_admin(&self.caller) {
            return Err(ONLY_ADMIN);
        }
        Ok(())
    }

    /// P1: a new user, with these roles.
    pub fn may_create_user(&self, roles: &[String]) -> Result<(), Refusal> {
        self.only_admin(roles.iter().any(|role| self.is_privileged_role(role)))
    }

    /// Rules that waited for the name of a new user count for it, and the name of the admin user gives all that
    /// only the admin user may: nobody takes up more than P1 lets it give.
    pub fn may_take_up_user(&self, name: &str) -> Result<(), Refusal> {
        self.only_admin(self.is_admin(name) || self.is_privileged(name))
    }

    /// As [`Self::may_take_up_user`], of a new role.
    pub fn may_take_up_role(&self, name: &str) -> Result<(), Refusal> {
        self.only_admin(self.is_privileged_role(name))
    }

    /// P2: another's password.
    pub fn may_set_password(&self, target: &str) -> Result<(), Refusal> {
        if self.is_caller(target) {
            return Err(NEEDS_OLD_PASSWORD);
        }
        self.only_admin(self.is_admin(target) || self.is_privileged(target))
    }

    /// P3, and what the kernel refuses behind it.
    pub fn may_delete_user(&self, target: &str) -> Result<(), Refusal> {
        self.only_admin(self.is_admin(target) || self.is_privileged(target))?;
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

    /// Whoever is switched off is as good as deleted, for as long as it lasts: P3 holds, with words of its own.
    pub fn may_deactivate(&self, target: &str) -> Result<(), Refusal> {
        if self.is_caller(target) || self.is_admin(target) {
            return Err(STAYS_ACTIVE);
        }
        self.only_admin(self.is_privileged(target))
    }

    /// Switching back on: as switching off, but for the two who can not be off.
    pub fn may_activate(&self, target: &str) -> Result<(), Refusal> {
        self.only_admin(self.is_admin(target) || self.is_privileged(target))
    }

    /// P4: roles to and from a user; those that it has anyway are not among the added ones.
    pub fn may_update_roles(&self, target: &str, added: &[String], removed: &[String]) -> Result<(), Refusal> {
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
        self.only_admin(goes_up || goes_down)
    }

    /// P5: permissions of a new role.
    // Upstream compares with the three paths literally; all that is above them would give as much.
    pub fn may_authorize(&self, resources: &[String]) -> Result<(), Refusal> {
        let is_above =
            |path: &str, kept: &str| kept == path || kept.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let reaches = |resource: &String| PROTECTED.iter().any(|kept| is_above(resource.trim_end_matches('/'), kept));
        self.only_admin(resources.iter().any(reaches))
    }

    /// P6: other permissions of a role.
    pub fn may_set_permissions(&self, role: &str, resources: &[String]) -> Result<(), Refusal> {
        if self.is_admin_role(role) {
            return Err(NOT_ADMIN_ROLE);
        }
        self.may_authorize(resources)
    }

    /// P7: another name of a role. The two roles that always are keep theirs, and nothing takes it.
    pub fn may_rename_role(&self, role: &str, new: &str) -> Result<(), Refusal> {
        self.only_admin(self.is_privileged_role(role))?;
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

    /// P8: the end of a role.
    pub fn may_delete_role(&self, role: &str) -> Result<(), Refusal> {
        self.only_admin(self.is_privileged_role(role))?;
        if self.is_admin_role(role) {
            Err(ADMIN_ROLE_STAYS)
        } else if self.is_everyone(role) {
            Err(EVERYONE_STAYS)
        } else {
            Ok(())
        }
    }

    /// P9: users to and from a role.
    pub fn may_update_members(&self, role: &str, removed: &[String]) -> Result<(), Refusal> {
        if self.role_key(role) == ANONYMOUS_ROLE {
            return Err(NOT_ANONYMOUS);
        }
        if self.is_everyone(role) {
            return Err(NOT_EVERYONE);
        }
        self.only_admin(self.is_admin_role(role) || self.is_privileged_role(role))?;
        if self.is_admin_role(role) && removed.iter().any(|user| self.is_admin(user)) {
            return Err(ADMIN_KEEPS_ROLE);
        }
        Ok(())
    }
}
