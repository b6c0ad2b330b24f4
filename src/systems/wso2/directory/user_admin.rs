//! The operations of `UserAdmin`, which the console calls, and the portal's own password form.
//!
//! Source: WSO2 identity framework, `META-INF/services.xml` of user management, for the permissions of each
//! operation. The requests are ours, `POST` with a JSON body: the original is SOAP.

use super::super::Kind;
use super::indexes::USERS;
use super::names::resolve_user_name;
use super::passwords;
use super::permission_paths::{
    LOGIN, ROLE_CREATE, ROLE_DELETE, ROLE_UPDATE, USER_CREATE, USER_DELETE, USER_LIST, USER_UPDATE,
};
use super::responses::{UNKNOWN_DOMAIN, UNKNOWN_OPERATION};
use super::role_members;
use super::roles::{self, NewRole};
use super::session::{read_user, throttle_for, Session};
use super::settings::Settings;
use super::stored::{list_items, members};
use super::user_admin_form::{collect_texts, Form, FORMAT};
use super::user_list;
use super::user_roles;
use super::users::{self, NewUser};
use crate::directory::index;
use crate::directory::prelude::{BodySize, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The effect of an operation.
#[derive(Clone, Copy)]
enum Effect {
    AddUser,
    ListUsers,
    ChangePassword,
    DeleteUser,
    UpdateRolesOfUser,
    AddRole,
    SetPermissions,
    RenameRole,
    DeleteRole,
    UpdateUsersOfRole,
    RolesOfCaller,
    ListDomains,
}

/// An operation: its effect, the kind of its body, and the permissions of which one is needed.
type Operation = (Effect, Option<Kind>, &'static [&'static str]);

fn find_operation(name: &str) -> Option<Operation> {
    Some(match name {
        "addUser" => (Effect::AddUser, Some(Kind::UserCreate), &[USER_CREATE]),
        "listUsers" => (Effect::ListUsers, Some(Kind::UserList), &[USER_LIST]),
        "changePassword" => (Effect::ChangePassword, Some(Kind::PasswordSet), &[USER_UPDATE]),
        "deleteUser" => (Effect::DeleteUser, Some(Kind::UserDelete), &[USER_DELETE]),
        "updateRolesOfUser" | "addRemoveRolesOfUser" => {
            (Effect::UpdateRolesOfUser, Some(Kind::UserRolesUpdate), &[ROLE_UPDATE, USER_UPDATE])
        }
        "addRole" => (Effect::AddRole, Some(Kind::RoleCreate), &[ROLE_CREATE]),
        "addInternalRole" => (Effect::AddRole, Some(Kind::RoleCreateInternal), &[ROLE_CREATE]),
        "setRoleUIPermission" => (Effect::SetPermissions, Some(Kind::RolePermissionsSet), &[ROLE_UPDATE]),
        "updateRoleName" => (Effect::RenameRole, Some(Kind::RoleRename), &[ROLE_UPDATE]),
        "deleteRole" => (Effect::DeleteRole, Some(Kind::RoleDelete), &[ROLE_DELETE]),
        "updateUsersOfRole" => (Effect::UpdateUsersOfRole, Some(Kind::RoleUsersUpdate), &[ROLE_UPDATE]),
        "addRemoveUsersOfRole" => (Effect::UpdateUsersOfRole, Some(Kind::RoleUsersUpdate), &[ROLE_UPDATE, USER_UPDATE]),
        "getRolesOfCurrentUser" => (Effect::RolesOfCaller, None, &[LOGIN]),
        "listDomains" => (Effect::ListDomains, None, &[USER_CREATE]),
        _ => return None,
    })
}

/// The largest body of an operation. A role can have any number of users.
pub fn body_size(name: &str) -> BodySize {
    match find_operation(name) {
        Some((Effect::AddRole | Effect::UpdateUsersOfRole, ..)) => BodySize::Document,
        _ => BodySize::Ordinary,
    }
}

/// Requests the entries that an operation needs, before the settings are known.
pub fn prefetch(tx: &mut Transaction<'_>, name: &str) {
    if let Some((Effect::ListUsers, ..)) = find_operation(name) {
        index::prefetch(tx, &USERS);
    }
}

/// `POST /services/UserAdmin/<operation>`
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    settings: &Settings,
    name: &str,
) -> Result<Response, Interrupt> {
    let is_own_password = name == "changePasswordByUser";
    let operation = find_operation(name);
    if operation.is_none() && !is_own_password {
        return Err(FORMAT.refuse(UNKNOWN_OPERATION));
    }
    require_post(call)?;
    let Some((effect, kind, needs)) = operation else {
        return change_password_by_user(tx, call, settings);
    };
    let session = Session::authenticate(tx, call, settings, FORMAT);
    if let (Effect::ListUsers, Err(Interrupt::Pending)) = (effect, &session) {
        if let Ok(body) = Form::parse(call, settings, kind) {
            user_list::prefetch(tx, settings, body.validated_text("filter"), body.limit());
        }
    }
    let mut session = session?;
    let authorized = session.require_permission(tx, needs)?;
    let body = Form::parse(call, settings, kind)?;
    match effect {
        Effect::AddUser => {
            let new = NewUser {
                name: body.text("userName"),
                password: Some(body.text("password")),
                roles: &body.texts("roles"),
                claims: body.sent.get("claims").map(|claims| members(claims).to_vec()).unwrap_or_default(),
            };
            users::create_user(tx, &mut session, &authorized, new)?;
        }
        Effect::ListUsers => {
            return user_list::list_users(tx, call, settings, body.validated_text("filter"), body.limit())
        }
        Effect::ChangePassword => {
            passwords::set_password(tx, &mut session, &authorized, body.text("userName"), body.text("newPassword"))?;
        }
        Effect::DeleteUser => users::delete_user(tx, &mut session, &authorized, body.text("userName"))?,
        Effect::UpdateRolesOfUser => {
            let changes = [&*body.texts("newRoles"), &*body.texts("deletedRoles")];
            user_roles::update_roles(tx, &mut session, &authorized, body.text("userName"), changes)?;
        }
        Effect::AddRole => {
            let name = match kind {
                Some(Kind::RoleCreateInternal) => body.internal_role_name(settings)?,
                _ => body.text("roleName").to_owned(),
            };
            let permissions = list_items(body.validated.get("permissions").unwrap_or(&Value::Null)).to_vec();
            let users = body.texts("userList");
            let new = NewRole { name: &name, users: &users, permissions: &permissions, external: None };
            roles::create_role(tx, &mut session, &authorized, new)?;
        }
        Effect::SetPermissions => {
            let paths: Vec<String> = collect_texts(body.validated.get("rawResources"));
            roles::set_permissions(tx, &mut session, &authorized, body.text("roleName"), &paths)?;
        }
        Effect::RenameRole => {
            let names = [body.text("roleName"), body.text("newRoleName")];
            roles::rename_role(tx, &mut session, &authorized, names)?;
        }
        Effect::DeleteRole => roles::delete_role(tx, &mut session, &authorized, body.text("roleName"))?,
        Effect::UpdateUsersOfRole => {
            let changes = [&*body.texts("newUsers"), &*body.texts("deletedUsers")];
            role_members::update_members(tx, &mut session, &authorized, body.text("roleName"), changes)?;
        }
        Effect::RolesOfCaller => {
            // Source: WSO2 kernel, `getRoleListOfUser`: the everyone role is listed too.
            let ids = [session.caller.roles.as_slice(), std::slice::from_ref(&settings.everyone)].concat();
            let mut names: Vec<String> =
                session.load_roles_by_id(tx, &ids)?.into_iter().map(|role| role.name).collect();
            names.sort();
            return Ok(Response::json(200, Value::object([("roles", Value::texts(&names))])));
        }
        Effect::ListDomains => {
            let mut domains: Vec<&str> = settings.records.stores.domains().collect();
            domains.sort_by_key(|domain| (*domain != "PRIMARY", *domain));
            return Ok(Response::json(200, Value::object([("domains", Value::texts(&domains))])));
        }
    }
    Ok(Response::json(200, Value::Object(Vec::new())))
}

/// `changePasswordByUser`: needs no sign-in, because the body has the current password.
fn change_password_by_user(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    settings: &Settings,
) -> Result<Response, Interrupt> {
    let body = Form::parse(call, settings, Some(Kind::PasswordChange))?;
    let name =
        settings.user(settings.without_tenant(body.text("userName"))).ok_or_else(|| FORMAT.refuse(UNKNOWN_DOMAIN))?;
    let throttle = throttle_for(tx, Ok(&name), call);
    tx.prefetch(std::slice::from_ref(throttle.key()));
    let user = read_user(tx, &name)?;
    let passwords = [body.text("oldPassword"), body.text("newPassword")];
    passwords::change_own_password(tx, |refusal| FORMAT.refuse(refusal), &throttle, &name, user, passwords)?;
    Ok(Response::json(200, Value::Object(Vec::new())))
}

/// `POST /api/am/devportal/v3/me/change-password`
///
/// # Errors
///
/// [`Interrupt`].
// Source: WSO2 API Manager, developer portal REST API v3, "Change the password of the user".
pub fn change_password(tx: &mut Transaction<'_>, call: &Call<'_>, settings: &Settings) -> Result<Response, Interrupt> {
    require_post(call)?;
    let session = Session::authenticate(tx, call, settings, FORMAT)?;
    let body = Form::parse(call, settings, Some(Kind::PasswordChangeOwn))?;
    let name = resolve_user_name(&session, &session.caller.name)?;
    let user = session.read_user_entry(tx, &name)?;
    let throttle = throttle_for(tx, Ok(&name), call);
    let passwords = [body.text("currentPassword"), body.text("newPassword")];
    passwords::change_own_password(tx, |refusal| FORMAT.refuse(refusal), &throttle, &name, user, passwords)?;
    Ok(Response::empty(200))
}

fn require_post(call: &Call<'_>) -> Result<(), Interrupt> {
    if call.method == "POST" {
        return Ok(());
    }
    Err(FORMAT.refuse_method("POST"))
}
