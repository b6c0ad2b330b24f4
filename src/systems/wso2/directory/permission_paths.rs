//! The permission paths that requests need.
//!
//! Source: WSO2 identity framework, `META-INF/services.xml` of user management.

pub const ROOT: &str = "/permission";
pub const ADMIN: &str = "/permission/admin";
pub const PROTECTED: &str = "/permission/protected";
pub const LOGIN: &str = "/permission/admin/login";
/// Covers all paths below.
pub const USERS: &str = "/permission/admin/manage/identity/usermgt";
pub const USER_CREATE: &str = "/permission/admin/manage/identity/usermgt/create";
pub const USER_LIST: &str = "/permission/admin/manage/identity/usermgt/list";
pub const USER_VIEW: &str = "/permission/admin/manage/identity/usermgt/view";
pub const USER_UPDATE: &str = "/permission/admin/manage/identity/usermgt/update";
pub const USER_DELETE: &str = "/permission/admin/manage/identity/usermgt/delete";
pub const ROLE_CREATE: &str = "/permission/admin/manage/identity/rolemgt/create";
pub const ROLE_VIEW: &str = "/permission/admin/manage/identity/rolemgt/view";
pub const ROLE_UPDATE: &str = "/permission/admin/manage/identity/rolemgt/update";
pub const ROLE_DELETE: &str = "/permission/admin/manage/identity/rolemgt/delete";
/// All of them.
pub const ALL: [&str; 10] = [
    LOGIN,
    USER_CREATE,
    USER_LIST,
    USER_VIEW,
    USER_UPDATE,
    USER_DELETE,
    ROLE_CREATE,
    ROLE_VIEW,
    ROLE_UPDATE,
    ROLE_DELETE,
];
