//! The operations of `UserAdmin`, as the console calls them, and the portal's own password form.
//!
//! Source: WSO2 identity framework, `META-INF/services.xml` of user management, for what each operation needs. That
//! each is a `POST` with a JSON body is a form of ours: the original is SOAP.

use super::super::domain::{is_blank, INTERNAL};
use super::super::forms;
use super::super::Kind;
use super::book::permission::{
    LOGIN, ROLE_CREATE, ROLE_DELETE, ROLE_UPDATE, USER_CREATE, USER_DELETE, USER_LIST, USER_UPDATE,
};
use super::book::Settings;
use super::find::USERS;
use super::lists;
use super::responses::{
    malformed, Face, BAD_REQUEST, EMPTY_ROLE, NO_JSON, NO_QUERY, OTHER_DOMAIN, UNKNOWN_DOMAIN, UNKNOWN_OPERATION,
};
use super::roles::{self, NewRole};
use super::session::{stored, throttle, Session};
use super::stored::{list, members};
use super::users::{self, NewUser};
use crate::directory::index;
use crate::directory::prelude::{BodyError, BodySize, Call, Interrupt, Response, Transaction};
use crate::document::node::Node;
use crate::document::problem::{Code, Problem, Problems};
use crate::document::value::Value;

const FACE: Face = Face::Services;

/// What an operation does.
#[derive(Clone, Copy)]
enum Does {
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

/// An operation: what it does, the form of its body, and the permissions of which one is needed.
type Operation = (Does, Option<Kind>, &'static [&'static str]);

fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "addUser" => (Does::AddUser, Some(Kind::UserCreate), &[USER_CREATE]),
        "listUsers" => (Does::ListUsers, Some(Kind::UserList), &[USER_LIST]),
        "changePassword" => (Does::ChangePassword, Some(Kind::PasswordSet), &[USER_UPDATE]),
        "deleteUser" => (Does::DeleteUser, Some(Kind::UserDelete), &[USER_DELETE]),
        "updateRolesOfUser" | "addRemoveRolesOfUser" => {
            (Does::UpdateRolesOfUser, Some(Kind::UserRolesUpdate), &[ROLE_UPDATE, USER_UPDATE])
        }
        "addRole" => (Does::AddRole, Some(Kind::RoleCreate), &[ROLE_CREATE]),
        "addInternalRole" => (Does::AddRole, Some(Kind::RoleCreateInternal), &[ROLE_CREATE]),
        "setRoleUIPermission" => (Does::SetPermissions, Some(Kind::RolePermissionsSet), &[ROLE_UPDATE]),
        "updateRoleName" => (Does::RenameRole, Some(Kind::RoleRename), &[ROLE_UPDATE]),
        "deleteRole" => (Does::DeleteRole, Some(Kind::RoleDelete), &[ROLE_DELETE]),
        "updateUsersOfRole" => (Does::UpdateUsersOfRole, Some(Kind::RoleUsersUpdate), &[ROLE_UPDATE]),
        "addRemoveUsersOfRole" => (Does::UpdateUsersOfRole, Some(Kind::RoleUsersUpdate), &[ROLE_UPDATE, USER_UPDATE]),
        "getRolesOfCurrentUser" => (Does::RolesOfCaller, None, &[LOGIN]),
        "listDomains" => (Does::ListDomains, None, &[USER_CREATE]),
        _ => return None,
    })
}

/// How large a body an operation takes: a role may have any number of users.
pub fn body_size(name: &str) -> BodySize {
    match operation(name) {
        Some((Does::AddRole | Does::UpdateUsersOfRole, ..)) => BodySize::Document,
        _ => BodySize::Ordinary,
    }
}

/// Asks for what an operation needs, before the settings are known.
pub fn prefetch(tx: &mut Transaction<'_>, name: &str) {
    if let Some((Does::ListUsers, ..)) = operation(name) {
        index::prefetch(tx, &USERS);
    }
}

/// `POST /services/UserAdmin/<operation>`
///
/// # Errors
///
/// [`Interrupt`].
pub fn answer(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    settings: &Settings,
    name: &str,
) -> Result<Response, Interrupt> {
    let by_user = name == "changePasswordByUser";
    let known = operation(name);
    if known.is_none() && !by_user {
        return Err(FACE.refuse(UNKNOWN_OPERATION));
    }
    is_post(call)?;
    let Some((does, kind, needs)) = known else {
        return change_password_by_user(tx, call, settings);
    };
    let session = Session::enter(tx, call, settings, FACE);
    if let (Does::ListUsers, Err(Interrupt::Pending)) = (does, &session) {
        if let Ok(body) = Form::read(call, settings, kind) {
            lists::prefetch(tx, settings, body.taken_text("filter"), body.limit());
        }
    }
    let mut session = session?;
    let authorized = session.may(tx, needs)?;
    let body = Form::read(call, settings, kind)?;
    match does {
        Does::AddUser => {
            let new = NewUser {
                name: body.text("userName"),
                password: Some(body.text("password")),
                roles: &body.texts("roles"),
                claims: body.sent.get("claims").map(|claims| members(claims).to_vec()).unwrap_or_default(),
            };
            users::create(tx, &mut session, &authorized, new)?;
        }
        Does::ListUsers => return lists::users(tx, call, settings, body.taken_text("filter"), body.limit()),
        Does::ChangePassword => {
            users::set_password(tx, &mut session, &authorized, body.text("userName"), body.text("newPassword"))?;
        }
        Does::DeleteUser => users::delete(tx, &mut session, &authorized, body.text("userName"))?,
        Does::UpdateRolesOfUser => {
            let changes = [&*body.texts("newRoles"), &*body.texts("deletedRoles")];
            users::update_roles(tx, &mut session, &authorized, body.text("userName"), changes)?;
        }
        Does::AddRole => {
            let name = match kind {
                Some(Kind::RoleCreateInternal) => body.internal_name(settings)?,
                _ => body.text("roleName").to_owned(),
            };
            let permissions = list(body.taken.get("permissions").unwrap_or(&Value::Null)).to_vec();
            let users = body.texts("userList");
            let new = NewRole { name: &name, users: &users, permissions: &permissions, external: None };
            roles::create(tx, &mut session, &authorized, new)?;
        }
        Does::SetPermissions => {
            let paths: Vec<String> = texts(body.taken.get("rawResources"));
            roles::set_permissions(tx, &mut session, &authorized, body.text("roleName"), &paths)?;
        }
        Does::RenameRole => {
            let names = [body.text("roleName"), body.text("newRoleName")];
            roles::rename(tx, &mut session, &authorized, names)?;
        }
        Does::DeleteRole => roles::delete(tx, &mut session, &authorized, body.text("roleName"))?,
        Does::UpdateUsersOfRole => {
            let changes = [&*body.texts("newUsers"), &*body.texts("deletedUsers")];
            roles::update_members(tx, &mut session, &authorized, body.text("roleName"), changes)?;
        }
        Does::RolesOfCaller => {
            // Source: WSO2 kernel, `getRoleListOfUser`: what everyone has is listed too.
            let ids = [session.caller.roles.as_slice(), std::slice::from_ref(&settings.everyone)].concat();
            let mut names: Vec<String> = session.roles_by_id(tx, &ids)?.into_iter().map(|role| role.name).collect();
            names.sort();
            return Ok(Response::json(200, Value::object([("roles", Value::texts(&names))])));
        }
        Does::ListDomains => {
            let mut domains: Vec<&str> = settings.records.stores.domains().collect();
            domains.sort_by_key(|domain| (*domain != "PRIMARY", *domain));
            return Ok(Response::json(200, Value::object([("domains", Value::texts(&domains))])));
        }
    }
    Ok(Response::json(200, Value::Object(Vec::new())))
}

/// `changePasswordByUser`: without a login, the current password is in the body.
fn change_password_by_user(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    settings: &Settings,
) -> Result<Response, Interrupt> {
    let body = Form::read(call, settings, Some(Kind::PasswordChange))?;
    let name =
        settings.user(settings.without_tenant(body.text("userName"))).ok_or_else(|| FACE.refuse(UNKNOWN_DOMAIN))?;
    let throttle = throttle(tx, Ok(&name), call);
    tx.prefetch(std::slice::from_ref(throttle.key()));
    let user = stored(tx, &name)?;
    let passwords = [body.text("oldPassword"), body.text("newPassword")];
    users::change_own_password(tx, |refusal| FACE.refuse(refusal), &throttle, &name, user, passwords)?;
    Ok(Response::json(200, Value::Object(Vec::new())))
}

/// `POST /api/am/devportal/v3/me/change-password`
///
/// # Errors
///
/// [`Interrupt`].
// Source: WSO2 API Manager, developer portal REST API v3, "Change the password of the user".
pub fn change_password(tx: &mut Transaction<'_>, call: &Call<'_>, settings: &Settings) -> Result<Response, Interrupt> {
    is_post(call)?;
    let session = Session::enter(tx, call, settings, FACE)?;
    let body = Form::read(call, settings, Some(Kind::PasswordChangeOwn))?;
    let name = users::named(&session, &session.caller.name)?;
    let user = session.entry(tx, &name)?;
    let throttle = throttle(tx, Ok(&name), call);
    let passwords = [body.text("currentPassword"), body.text("newPassword")];
    users::change_own_password(tx, |refusal| FACE.refuse(refusal), &throttle, &name, user, passwords)?;
    Ok(Response::empty(200))
}

fn is_post(call: &Call<'_>) -> Result<(), Interrupt> {
    if call.method == "POST" {
        return Ok(());
    }
    Err(FACE.refuse_method("POST"))
}

/// A body: as it was sent, and as the form of its operation takes it.
struct Form {
    sent: Value,
    taken: Value,
}

impl Form {
    /// Reads a body. What only an operation can judge, the names and passwords, is left to it: it has an order.
    fn read(call: &Call<'_>, settings: &Settings, kind: Option<Kind>) -> Result<Self, Interrupt> {
        // A filter in the query would be taken for in force.
        if !call.query.is_empty() {
            return Err(FACE.refuse(NO_QUERY));
        }
        call.require_body()?;
        let media = call.header("content-type").unwrap_or("application/json");
        let media = media.split(';').next().unwrap_or_default().trim();
        if !call.body.is_empty() && !media.eq_ignore_ascii_case("application/json") {
            return Err(FACE.refuse(NO_JSON));
        }
        let sent = match call.json() {
            Ok(sent) => sent,
            Err(BodyError::Absent) => Value::Object(Vec::new()),
            Err(BodyError::Malformed) => return Err(FACE.refuse(BAD_REQUEST)),
        };
        let mut problems = Problems::default();
        let node = Node { value: &sent };
        let taken = match kind {
            Some(kind) => forms::validate(&settings.records, kind, node, &mut problems),
            None => {
                if let Some(members) = node.object(&mut problems) {
                    members.only(&[], &mut problems);
                }
                Value::Null
            }
        };
        if let Some(problem) = problems.into_list(&sent).iter().find(|problem| is_of_form(problem)) {
            return Err(malformed(problem).into());
        }
        Ok(Self { sent, taken })
    }

    fn text(&self, name: &str) -> &str {
        self.sent.get(name).and_then(Value::text).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        texts(self.sent.get(name))
    }

    fn taken_text(&self, name: &str) -> &str {
        self.taken.get(name).and_then(Value::text).unwrap_or_default()
    }

    fn limit(&self) -> usize {
        match self.taken.get("limit") {
            Some(Value::Number(digits)) => digits.parse().unwrap_or_default(),
            _ => 0,
        }
    }

    /// The name of an internal role, with its domain once; its form is for whoever makes it.
    // As in `forms`: upstream makes `Internal/foo/bar` of `foo/bar`. Where `foo` is no domain, it is a mistake in one
    // as everywhere else, and not a part of the name.
    fn internal_name(&self, settings: &Settings) -> Result<String, Interrupt> {
        let role = settings.role(self.text("roleName")).ok_or_else(|| FACE.refuse(UNKNOWN_DOMAIN))?;
        match role.domain_text() {
            "PRIMARY" | INTERNAL => Ok(format!("{INTERNAL}/{}", role.local)),
            _ if is_blank(role.local) => Err(FACE.refuse(EMPTY_ROLE)),
            _ => Err(FACE.refuse(OTHER_DOMAIN)),
        }
    }
}

/// Whether a problem is with the form of a body, and not with a name or a password in it.
fn is_of_form(problem: &Problem) -> bool {
    let of_permission = problem.path.starts_with("/permissions") || problem.path.starts_with("/rawResources");
    match problem.code {
        Code::TooShort | Code::BadFormat | Code::Reserved | Code::UnknownDomain | Code::WeakPassword => false,
        Code::Mismatch => false,
        Code::TooLong => of_permission,
        _ => true,
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.map(list).unwrap_or_default();
    items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}
