//! The bodies of the operations of `UserAdmin`, checked before anything is looked up.
//!
//! A check here needs the body, the user stores and the realm alone. What it takes a look at users and roles
//! for (whether they exist, whether the caller may, whether a store is read-only) is part of the call.
//! Lists may be left out, and are empty then; so may `filter` and `limit`.

use super::claims;
use super::domain::{is_blank, RoleDomain, RoleName, Store, UserName, INTERNAL};
use super::model::{is_reserved, Records};
use super::records::{read_action, read_path};
use super::vocabulary::Action;
use super::vocabulary::Kind;
use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, Code, Problems};
use crate::document::value::Value;
use crate::tables::text::{concat, fill, number, whole_number};
use crate::tables::word::Word;

/// The longest password, in bytes of UTF-8, whatever a store allows.
const PASSWORD_MAX: usize = 1_024;

/// The most users that a list has.
// Source: WSO2 kernel, `listUsers`: a negative limit, or one above this, means this.
const LIST_MAX: i64 = 100;

/// A body as the product would take it, noting every problem.
pub fn validate(records: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = value.object(problems) else { return Value::Null };
    members.only(members_of(kind), problems);
    let mut form = Form { records, members, problems, taken: Vec::new() };
    match kind {
        Kind::UserCreate => {
            let store = form.new_user("userName");
            form.new_password("password", store);
            form.roles("roles");
            form.claims("claims");
        }
        Kind::UserList => {
            form.filter("filter");
            form.limit("limit");
        }
        Kind::UserDelete => {
            form.user("userName");
        }
        Kind::UserRolesUpdate => {
            form.user("userName");
            form.roles("newRoles");
            form.roles("deletedRoles");
        }
        Kind::PasswordSet => {
            let store = form.user("userName");
            form.new_password("newPassword", store);
        }
        Kind::PasswordChange => {
            let store = form.user("userName");
            form.password("oldPassword");
            form.new_password("newPassword", store);
        }
        Kind::PasswordChangeOwn => {
            form.password("currentPassword");
            form.new_password("newPassword", None);
        }
        Kind::RoleCreate => {
            form.new_role("roleName");
            form.users("userList");
            form.permissions("permissions");
        }
        Kind::RoleCreateInternal => {
            form.new_internal_role("roleName");
            form.users("userList");
            form.permissions("permissions");
        }
        Kind::RolePermissionsSet => {
            form.role("roleName");
            form.resources("rawResources");
        }
        Kind::RoleRename => {
            let old = form.role("roleName");
            let new = form.new_role("newRoleName");
            form.same_domain(old, new, "newRoleName");
        }
        Kind::RoleDelete => {
            form.role("roleName");
        }
        Kind::RoleUsersUpdate => {
            form.role("roleName");
            form.users("newUsers");
            form.users("deletedUsers");
        }
    }
    Value::Object(form.taken)
}

fn members_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::UserCreate => &["userName", "password", "roles", "claims"],
        Kind::UserList => &["filter", "limit"],
        Kind::UserDelete => &["userName"],
        Kind::UserRolesUpdate => &["userName", "newRoles", "deletedRoles"],
        Kind::PasswordSet => &["userName", "newPassword"],
        Kind::PasswordChange => &["userName", "oldPassword", "newPassword"],
        Kind::PasswordChangeOwn => &["currentPassword", "newPassword"],
        Kind::RoleCreate | Kind::RoleCreateInternal => &["roleName", "userList", "permissions"],
        Kind::RolePermissionsSet => &["roleName", "rawResources"],
        Kind::RoleRename => &["roleName", "newRoleName"],
        Kind::RoleDelete => &["roleName"],
        Kind::RoleUsersUpdate => &["roleName", "newUsers", "deletedUsers"],
    }
}

/// A body while it is read.
struct Form<'r, 'v, 'p> {
    records: &'r Records,
    members: Members<'v>,
    problems: &'p mut Problems,
    taken: Vec<(String, Value)>,
}

impl<'r, 'v> Form<'r, 'v, '_> {
    fn take(&mut self, name: &str, value: Value) {
        self.taken.push((name.to_owned(), value));
    }

    /// An existing user's name; its store.
    fn user(&mut self, name: &str) -> Option<&'r Store> {
        let node = self.members.required(name, self.problems)?;
        let user = self.records.stores.read_user(node, self.problems)?;
        self.take(name, Value::Text(user.canonical()));
        Some(user.store)
    }

    /// The name of a user to be made; its store.
    // Source: WSO2 kernel, `AbstractUserStoreManager.addUser`, error 31301: the pattern of the store, on the
    // name without its domain; not blank; not the system user. The anonymous user can not be made either.
    fn new_user(&mut self, name: &str) -> Option<&'r Store> {
        let node = self.members.required(name, self.problems)?;
        let user = self.records.stores.read_user(node, self.problems)?;
        if is_reserved(&user) {
            node.problem(self.problems, Code::Reserved, &fill_quoted("<> is kept for the system", &[user.local]));
        } else if !user.store.username.fits(user.local) {
            node.problem(
                self.problems,
                Code::BadFormat,
                &fill_quoted("a user name must match <>", &[&user.store.username.text]),
            );
        }
        self.take(name, Value::Text(user.canonical()));
        Some(user.store)
    }

    /// A password that must be right, and may be anything.
    fn password(&mut self, name: &str) {
        let Some(node) = self.members.required(name, self.problems) else { return };
        let Some(password) = node.text(self.problems) else { return };
        if password.len() > PASSWORD_MAX {
            node.problem(
                self.problems,
                Code::TooLong,
                &fill("a password has at most {} bytes", &[&number(PASSWORD_MAX)]),
            );
        }
        self.take(name, Value::Text(password.to_owned()));
    }

    /// A password to be set, by the pattern of the store; of `PRIMARY` where no store is known.
    // Source: WSO2 kernel, error 30003.
    fn new_password(&mut self, name: &str, store: Option<&Store>) {
        let Some(node) = self.members.required(name, self.problems) else { return };
        let Some(password) = node.text(self.problems) else { return };
        let Some(store) = store.or_else(|| self.records.stores.primary()) else { return };
        if password.len() > PASSWORD_MAX {
            node.problem(
                self.problems,
                Code::TooLong,
                &fill("a password has at most {} bytes", &[&number(PASSWORD_MAX)]),
            );
        } else if !store.password.fits(password) {
            node.problem(
                self.problems,
                Code::WeakPassword,
                &fill_quoted("a password must match <>", &[&store.password.text]),
            );
        }
        self.take(name, Value::Text(password.to_owned()));
    }

    fn claims(&mut self, name: &str) {
        let Some(node) = self.members.get(name) else { return };
        claims::check_new_claims(node, self.problems);
        self.take(name, node.value.clone());
    }

    /// A pattern of user names: `*` is any run, `?` one character; all users where it is left out.
    fn filter(&mut self, name: &str) {
        let filter = self.members.get(name).map_or(Some("*"), |node| node.text(self.problems));
        self.take(name, Value::Text(filter.unwrap_or_default().to_owned()));
    }

    fn limit(&mut self, name: &str) {
        let mut limit = LIST_MAX;
        if let Some(node) = self.members.get(name) {
            match node.value {
                Value::Number(digits) => match limit_of(digits) {
                    Some(whole) => limit = whole,
                    None => node.problem(self.problems, Code::OutOfRange, "expected a whole number"),
                },
                _ => node.wrong_type(self.problems, "a whole number"),
            }
        }
        self.take(name, Value::from(limit));
    }

    /// An existing role's name.
    fn role(&mut self, name: &str) -> Option<RoleName<'r, 'v>> {
        let node = self.members.required(name, self.problems)?;
        let role = self.records.stores.read_role(node, self.problems)?;
        self.take(name, Value::Text(role.canonical()));
        Some(role)
    }

    /// The name of a role to be made.
    // Source: WSO2 kernel, `AbstractUserStoreManager.addRole`, errors 31704 and 30011: the pattern of the store,
    // on the name without its domain. Roles that are in no store only need a name (`doAddInternalRole`).
    fn new_role(&mut self, name: &str) -> Option<RoleName<'r, 'v>> {
        let node = self.members.required(name, self.problems)?;
        let role = self.records.stores.read_role(node, self.problems)?;
        match role.domain {
            RoleDomain::Store(store) if !store.role.fits(role.local) => {
                node.problem(
                    self.problems,
                    Code::BadFormat,
                    &fill_quoted("a role name must match <>", &[&store.role.text]),
                );
            }
            RoleDomain::Store(_) | RoleDomain::Kept(_) => {}
        }
        self.take(name, Value::Text(role.canonical()));
        Some(role)
    }

    /// The name of an internal role to be made: with the domain of internal roles, or without one.
    // Upstream puts `Internal/` before whatever it is given, and so makes `Internal/Internal/x`. That name is
    // of no use to anybody, so the domain is taken once; any other domain is a mistake, also one that nothing has.
    fn new_internal_role(&mut self, name: &str) {
        let Some(node) = self.members.required(name, self.problems) else { return };
        let Some(role) = self.records.stores.read_role(node, self.problems) else { return };
        match role.domain {
            RoleDomain::Kept(INTERNAL) => {}
            RoleDomain::Store(store) if store.is_primary() => {}
            RoleDomain::Store(_) | RoleDomain::Kept(_) => {
                node.problem(
                    self.problems,
                    Code::Mismatch,
                    &fill_quoted("an internal role is in <>, leave the domain away", &[INTERNAL]),
                );
            }
        }
        self.take(name, Value::Text(concat(&[INTERNAL, "/", role.local])));
    }

    /// A role keeps its domain.
    // Source: WSO2 kernel, error 31501.
    fn same_domain(&mut self, old: Option<RoleName<'_, '_>>, new: Option<RoleName<'_, '_>>, name: &str) {
        let (Some(old), Some(new), Some(node)) = (old, new, self.members.get(name)) else { return };
        if old.domain_text() != new.domain_text() {
            node.problem(
                self.problems,
                Code::Mismatch,
                &fill_quoted("a role keeps its domain, expected one in <>", &[old.domain_text()]),
            );
        }
    }

    fn users(&mut self, name: &str) {
        self.list(name, |records, node, problems| {
            records.stores.read_user(node, problems).map(|user: UserName<'_, '_>| Value::Text(user.canonical()))
        });
    }

    fn roles(&mut self, name: &str) {
        self.list(name, |records, node, problems| {
            records.stores.read_role(node, problems).map(|role| Value::Text(role.canonical()))
        });
    }

    /// Paths of the console; blank ones are skipped.
    fn resources(&mut self, name: &str) {
        self.list(name, |records, node, problems| {
            if is_blank(node.text(problems)?) {
                return None;
            }
            read_path(node, records.realm.preserve_case, problems).map(|path| Value::Text(concat(&["/", &path])))
        });
    }

    /// Permissions, each a path for `ui.execute` or `{resource, action}`.
    // Source: WSO2 kernel, `addRole`: a blank action means `read`, and blank resources are skipped.
    fn permissions(&mut self, name: &str) {
        self.list(name, |records, node, problems| {
            if let Value::Text(_) = node.value {
                return permission(records, node, Action::UiExecute, problems);
            }
            let Value::Object(_) = node.value else {
                node.wrong_type(problems, "a path, or an object with `resource` and `action`");
                return None;
            };
            let members = node.object(problems)?;
            members.only(&["resource", "action"], problems);
            let action = match members.get("action") {
                Some(action) if !says_nothing(action) => read_action(action, problems)?,
                Some(_) | None => Action::Get,
            };
            permission(records, members.required("resource", problems)?, action, problems)
        });
    }

    fn list(&mut self, name: &str, read: fn(&Records, Node<'_>, &mut Problems) -> Option<Value>) {
        let items = self.members.get(name);
        let Some(items) = items.map(|node| node.items(self.problems)) else {
            self.take(name, Value::List(Vec::new()));
            return;
        };
        let Some(items) = items else { return };
        let mut taken = Vec::new();
        for item in items.iter() {
            if let Some(value) = read(self.records, item, self.problems) {
                taken.push(value);
            }
        }
        self.take(name, Value::List(taken));
    }
}

/// The limit that a number sets; `None` for one that is not whole. JSON knows numbers only: `5`, `5.0` and `50e-1`
/// are the same one, and none is too long.
fn limit_of(number: &str) -> Option<i64> {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = concat(&[whole.trim_start_matches('-'), fraction]);
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let beyond = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let dropped = i64::try_from(digits.len().saturating_sub(significant.len())).unwrap_or(i64::MAX);
    let fraction = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let zeros = whole_number(exponent).unwrap_or(beyond).saturating_add(dropped).saturating_sub(fraction);
    let zeros = u32::try_from(zeros.min(LIST_MAX)).ok()?;
    if number.starts_with('-') {
        return Some(LIST_MAX);
    }
    let value = whole_number(significant).and_then(|value| value.checked_mul(10_i64.checked_pow(zeros)?));
    Some(value.map_or(LIST_MAX, |value| value.min(LIST_MAX)))
}

fn says_nothing(node: Node<'_>) -> bool {
    node.value.text().is_some_and(is_blank)
}

fn permission(records: &Records, node: Node<'_>, action: Action, problems: &mut Problems) -> Option<Value> {
    if says_nothing(node) {
        return None;
    }
    let path = read_path(node, records.realm.preserve_case, problems)?;
    let resource = Value::Text(concat(&["/", &path]));
    Some(Value::object([("resource", resource), ("action", Value::Text(action.word().to_owned()))]))
}
