//! Validates the bodies of the `UserAdmin` operations, before any lookup.
//!
//! The file has over 300 lines because each kind of body is a row of [`validate`], and the rows share the checks of
//! single fields, which need the stores and the realm.
//!
//! The checks here need only the body, the user stores and the realm. Checks that need users and roles are made by
//! the request handlers: whether they exist, whether the caller has the right, whether a store is read-only. Lists
//! are empty by default; `filter` and `limit` are optional.

use super::claims;
use super::domain::{is_blank, RoleDomain, RoleName, UserName, INTERNAL};
use super::model::{is_reserved, Records};
use super::rule_records::{parse_rule_action, parse_rule_path};
use super::stores::Store;
use super::vocabulary::Action;
use super::vocabulary::Kind;
use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::{concat, number, split_once, whole_number};
use crate::tables::word::Word;

/// The longest password in bytes of UTF-8, even if a store allows more.
const PASSWORD_MAX: usize = 1_024;

/// The most users in a list.
// Source: WSO2 kernel, `listUsers`: a negative or larger limit is replaced with this one.
const LIST_MAX: i64 = 100;

/// Validates a body as the product does, and adds every problem to `problems`.
pub fn validate(records: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = value.object(problems) else { return Value::Null };
    members.check_names(members_of(kind), problems);
    let mut form = Form { records, members, problems, stored: Vec::new() };
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
    Value::Object(form.stored)
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

/// The state while a body is parsed.
struct Form<'r, 'v, 'p> {
    records: &'r Records,
    members: Members<'v>,
    problems: &'p mut Problems,
    stored: Vec<(String, Value)>,
}

impl<'r, 'v> Form<'r, 'v, '_> {
    fn store(&mut self, name: &str, value: Value) {
        self.stored.push((name.to_owned(), value));
    }

    /// Parses the name of an existing user and returns its store.
    fn user(&mut self, name: &str) -> Option<&'r Store> {
        let node = self.members.required(name, self.problems)?;
        let user = self.records.stores.parse_user_name(node, self.problems)?;
        self.store(name, Value::Text(user.canonical()));
        Some(user.store)
    }

    /// Parses the name of a new user and returns its store.
    // Source: WSO2 kernel, `AbstractUserStoreManager.addUser`, error 31301: the name without its domain must match
    // the pattern of the store, and is not blank or the system user. We do not allow creating the anonymous user
    // either.
    fn new_user(&mut self, name: &str) -> Option<&'r Store> {
        let node = self.members.required(name, self.problems)?;
        let user = self.records.stores.parse_user_name(node, self.problems)?;
        if is_reserved(&user) {
            node.problem_with(self.problems, Code::Reserved, "<> is reserved for the system", &[user.local]);
        } else if !user.store.username.is_match(user.local) {
            node.problem_with(
                self.problems,
                Code::BadFormat,
                "a user name must match <>",
                &[&user.store.username.text],
            );
        }
        self.store(name, Value::Text(user.canonical()));
        Some(user.store)
    }

    /// Parses a current password, which is only limited in length.
    fn password(&mut self, name: &str) {
        let Some(node) = self.members.required(name, self.problems) else { return };
        let Some(password) = node.text(self.problems) else { return };
        if password.len() > PASSWORD_MAX {
            node.problem_with(
                self.problems,
                Code::TooLong,
                "a password has at most {} bytes",
                &[&number(PASSWORD_MAX)],
            );
        }
        self.store(name, Value::Text(password.to_owned()));
    }

    /// Parses a new password, which must match the pattern of its store, or of `PRIMARY` if the store is unknown.
    // Source: WSO2 kernel, error 30003.
    fn new_password(&mut self, name: &str, store: Option<&Store>) {
        let Some(node) = self.members.required(name, self.problems) else { return };
        let Some(password) = node.text(self.problems) else { return };
        let Some(store) = store.or_else(|| self.records.stores.primary()) else { return };
        if password.len() > PASSWORD_MAX {
            node.problem_with(
                self.problems,
                Code::TooLong,
                "a password has at most {} bytes",
                &[&number(PASSWORD_MAX)],
            );
        } else if !store.password.is_match(password) {
            node.problem_with(self.problems, Code::WeakPassword, "a password must match <>", &[&store.password.text]);
        }
        self.store(name, Value::Text(password.to_owned()));
    }

    fn claims(&mut self, name: &str) {
        let Some(node) = self.members.get(name) else { return };
        claims::check_new_claims(node, self.problems);
        self.store(name, node.value.clone());
    }

    /// A pattern for user names: `*` matches any text, `?` one character. The default matches all users.
    fn filter(&mut self, name: &str) {
        let filter = self.members.get(name).map_or(Some("*"), |node| node.text(self.problems));
        self.store(name, Value::Text(filter.unwrap_or_default().to_owned()));
    }

    fn limit(&mut self, name: &str) {
        let mut limit = LIST_MAX;
        if let Some(node) = self.members.get(name) {
            match node.value {
                Value::Number(digits) => match parse_limit(digits) {
                    Some(number) => limit = number,
                    None => node.problem(self.problems, Code::OutOfRange, "expected a whole number"),
                },
                _ => node.wrong_type(self.problems, "a whole number"),
            }
        }
        self.store(name, Value::from(limit));
    }

    /// Parses the name of an existing role.
    fn role(&mut self, name: &str) -> Option<RoleName<'r, 'v>> {
        let node = self.members.required(name, self.problems)?;
        let role = self.records.stores.parse_role_name(node, self.problems)?;
        self.store(name, Value::Text(role.canonical()));
        Some(role)
    }

    /// Parses the name of a new role.
    // Source: WSO2 kernel, `AbstractUserStoreManager.addRole`, errors 31704 and 30011: the name without its domain
    // must match the pattern of the store. Roles that are not in a store only need a name (`doAddInternalRole`).
    fn new_role(&mut self, name: &str) -> Option<RoleName<'r, 'v>> {
        let node = self.members.required(name, self.problems)?;
        let role = self.records.stores.parse_role_name(node, self.problems)?;
        match role.domain {
            RoleDomain::Store(store) if !store.role.is_match(role.local) => {
                node.problem_with(self.problems, Code::BadFormat, "a role name must match <>", &[&store.role.text]);
            }
            RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => {}
        }
        self.store(name, Value::Text(role.canonical()));
        Some(role)
    }

    /// Parses the name of a new internal role, with or without the domain of internal roles.
    // Upstream prefixes the given name with `Internal/`, and so creates `Internal/Internal/x`. Such a name is
    // useless, so we add the domain only if it is absent. Every other domain is an error, even one that is not the
    // domain of any store.
    fn new_internal_role(&mut self, name: &str) {
        let Some(node) = self.members.required(name, self.problems) else { return };
        let Some(role) = self.records.stores.parse_role_name(node, self.problems) else { return };
        match role.domain {
            RoleDomain::RolesOnly(INTERNAL) => {}
            RoleDomain::Store(store) if store.is_primary() => {}
            RoleDomain::Store(_) | RoleDomain::RolesOnly(_) => {
                node.problem_with(
                    self.problems,
                    Code::Mismatch,
                    "an internal role is in <>, omit the domain",
                    &[INTERNAL],
                );
            }
        }
        self.store(name, Value::Text(concat(&[INTERNAL, "/", role.local])));
    }

    /// Checks that a renamed role stays in its domain.
    // Source: WSO2 kernel, error 31501.
    fn same_domain(&mut self, old: Option<RoleName<'_, '_>>, new: Option<RoleName<'_, '_>>, name: &str) {
        let (Some(old), Some(new), Some(node)) = (old, new, self.members.get(name)) else { return };
        if old.domain_text() != new.domain_text() {
            node.problem_with(
                self.problems,
                Code::Mismatch,
                "a role stays in its domain, expected a name in <>",
                &[old.domain_text()],
            );
        }
    }

    fn users(&mut self, name: &str) {
        self.parse_list(name, |records, node, problems| {
            records.stores.parse_user_name(node, problems).map(|user: UserName<'_, '_>| Value::Text(user.canonical()))
        });
    }

    fn roles(&mut self, name: &str) {
        self.parse_list(name, |records, node, problems| {
            records.stores.parse_role_name(node, problems).map(|role| Value::Text(role.canonical()))
        });
    }

    /// Console paths; blank ones are skipped.
    fn resources(&mut self, name: &str) {
        self.parse_list(name, |records, node, problems| {
            if is_blank(node.text(problems)?) {
                return None;
            }
            parse_rule_path(node, records.realm.preserve_case, problems).map(|path| Value::Text(concat(&["/", &path])))
        });
    }

    /// Permissions, each a path for `ui.execute` or `{resource, action}`.
    // Source: WSO2 kernel, `addRole`: a blank action means `read`, and blank resources are skipped.
    fn permissions(&mut self, name: &str) {
        self.parse_list(name, |records, node, problems| {
            if let Value::Text(_) = node.value {
                return permission_value(records, node, Action::UiExecute, problems);
            }
            let Value::Object(_) = node.value else {
                node.wrong_type(problems, "a path, or an object with `resource` and `action`");
                return None;
            };
            let members = node.object(problems)?;
            members.check_names(&["resource", "action"], problems);
            let action = match members.get("action") {
                Some(action) if !is_blank_text(action) => parse_rule_action(action, problems)?,
                Some(_) | None => Action::Get,
            };
            permission_value(records, members.required("resource", problems)?, action, problems)
        });
    }

    fn parse_list(&mut self, name: &str, parse_item: fn(&Records, Node<'_>, &mut Problems) -> Option<Value>) {
        let items = self.members.get(name);
        let Some(items) = items.map(|node| node.items(self.problems)) else {
            self.store(name, Value::List(Vec::new()));
            return;
        };
        let Some(items) = items else { return };
        let mut stored = Vec::new();
        for item in items.iter() {
            if let Some(value) = parse_item(self.records, item, self.problems) {
                stored.push(value);
            }
        }
        self.store(name, Value::List(stored));
    }
}

/// The limit that a number sets; `None` if the number is not an integer. In JSON `5`, `5.0` and `50e-1` are the same
/// number, of any length.
fn parse_limit(number: &str) -> Option<i64> {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (integer, fraction) = split_once(digits, b'.').unwrap_or((digits, ""));
    let digits = concat(&[integer.trim_start_matches('-'), fraction]);
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

fn is_blank_text(node: Node<'_>) -> bool {
    node.value.text().is_some_and(is_blank)
}

fn permission_value(records: &Records, node: Node<'_>, action: Action, problems: &mut Problems) -> Option<Value> {
    if is_blank_text(node) {
        return None;
    }
    let path = parse_rule_path(node, records.realm.preserve_case, problems)?;
    let resource = Value::Text(concat(&["/", &path]));
    Some(Value::object([("resource", resource), ("action", Value::Text(action.word().to_owned()))]))
}
