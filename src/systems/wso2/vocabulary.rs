//! What can be asked, what rules compare, what decides, and what can be validated.

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

/// Other names of three actions.
pub(super) const ALIASES: [(&str, Action); 5] = [
    ("read", Action::Get),
    ("write", Action::Add),
    ("http://www.wso2.org/projects/registry/actions/get", Action::Get),
    ("http://www.wso2.org/projects/registry/actions/add", Action::Add),
    ("http://www.wso2.org/projects/registry/actions/delete", Action::Delete),
];

impl Action {
    /// The action of this name or of one of its other names, in whatever case of its letters.
    pub fn named(name: &str) -> Option<Self> {
        Self::from_word(name).or_else(|| Self::named_otherwise(name))
    }

    /// The action's bit in a mask of actions.
    pub fn bit(self) -> u32 {
        1_u32 << self.code()
    }

    fn named_otherwise(name: &str) -> Option<Self> {
        let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|(_, action)| *action);
        alias.or_else(|| {
            let code = Self::WORDS.iter().position(|word| word.eq_ignore_ascii_case(name))?;
            Self::from_code(u8::try_from(code).ok()?)
        })
    }
}

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

words! {
    /// WSO2 compares no levels: an action is allowed at a resource, or it is not.
    pub enum Level {}
}
