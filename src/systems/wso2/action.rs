//! What can be asked: 26 actions, none of which implies another.

use crate::tables::word::{words, Word};

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
const ALIASES: [(&str, Action); 5] = [
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
