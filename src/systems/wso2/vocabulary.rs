//! Actions, rule ids, and the kinds of values that can be validated.

use crate::tables::word::{words, Word};

/// WSO2 API Manager.
#[derive(Debug)]
pub struct Wso2;

words! {
    // Source: WSO2 kernel, `PermissionTreeUtil`.
    /// An action of the permission tree. The permissions of the console are all `ui.execute`.
    pub enum Action {
        Get = "get",
        Add = "add",
        Delete = "delete",
        Edit = "edit",
        Login = "login",
        ManageConfiguration = "manage-configuration",
        ManageLcConfiguration = "manage-lc-configuration",
        ManageSecurity = "manage-security",
        UploadServices = "upload-services",
        ManageServices = "manage-services",
        ManageMediation = "manage-mediation",
        MonitorSystem = "monitor-system",
        Authorize = "authorize",
        DelegateIdentity = "delegate-identity",
        InvokeService = "invoke-service",
        UiExecute = "ui.execute",
        Subscribe = "subscribe",
        Publish = "publish",
        Browse = "browse",
        Consume = "consume",
        ChangePermission = "changePermission",
        SendMessage = "SendMessage",
        ReceiveMessage = "ReceiveMessage",
        DeleteMessage = "DeleteMessage",
        ChangeMessageVisibility = "ChangeMessageVisibility",
        GetQueueAttributes = "GetQueueAttributes",
    }
}

/// Aliases of three actions.
pub(super) const ALIASES: [(&str, Action); 5] = [
    ("read", Action::Get),
    ("write", Action::Add),
    ("http://www.wso2.org/projects/registry/actions/get", Action::Get),
    ("http://www.wso2.org/projects/registry/actions/add", Action::Add),
    ("http://www.wso2.org/projects/registry/actions/delete", Action::Delete),
];

impl Action {
    /// Parses the name or an alias of an action, ignoring case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::from_word(name).or_else(|| Self::parse_ignoring_case(name))
    }

    /// The action's bit in a mask of actions.
    pub fn bit(self) -> u32 {
        1_u32 << self.code()
    }

    fn parse_ignoring_case(name: &str) -> Option<Self> {
        let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|(_, action)| *action);
        alias.or_else(|| {
            let code = Self::WORDS.iter().position(|word| word.eq_ignore_ascii_case(name))?;
            Self::from_code(u8::try_from(code).ok()?)
        })
    }
}

words! {
    /// The rules that decide.
    pub enum Rule {
        /// No rule of the user or its roles covers the resource.
        NoRule = "no-rule",
        /// The nearest rule denies, and no other rule allows.
        DenyRule = "deny-rule",
        /// A rule for the user allows.
        UserRule = "user-rule",
        /// A rule of a role allows.
        RoleRule = "role-rule",
        /// `wso2.system.user` may do everything.
        SystemUser = "system-user",
        /// The realm's admin user may do everything in the super tenant.
        AdminUser = "admin-user",
        /// No user is signed in.
        NotSignedIn = "not-signed-in",
        /// `wso2.anonymous.user` has only the rights of its own role.
        AnonymousUser = "anonymous-user",
        /// The user is deactivated, or its account is locked or disabled.
        InactiveUser = "inactive-user",
        /// The user is not in the records, and has only the rights of the everyone role.
        UnknownUser = "unknown-user",
        /// The role is not in the records.
        UnknownRole = "unknown-role",
        /// No user store has the domain of this name.
        UnknownDomain = "unknown-domain",
    }
}

words! {
    /// The bodies of the `UserAdmin` operations, and of the portal's own password form.
    pub enum Kind {
        /// `addUser`.
        UserCreate = "user.create",
        /// `listUsers`.
        UserList = "user.list",
        /// `deleteUser`.
        UserDelete = "user.delete",
        /// `updateRolesOfUser` and `addRemoveRolesOfUser`.
        UserRolesUpdate = "user.roles.update",
        /// `changePassword`: the password of another user.
        PasswordSet = "password.set",
        /// `changePasswordByUser`: a user's own password, without a login.
        PasswordChange = "password.change",
        /// `me/change-password`: a user's own password.
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

words! {
    /// WSO2 has no levels: an action on a resource is allowed or denied.
    pub enum Level {}
}
