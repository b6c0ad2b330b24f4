//! The bodies that a client sends, each checked field by field and returned as it is stored.
//!
//! Members that a body does not know are dropped. What a call answers follows the order of the checks: the
//! fields that must be there, the e-mail address, the password, the permissions; whether the caller may make
//! an admin, and whether the address is taken, is for the call to say.
// Source: Tyk dashboard swagger, `POST /api/users`: additional members are ignored.

use crate::document::limits::NAME_MAX;
use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, Code, Problems};
use crate::document::value::Value;
use crate::tables::letters::small_text;
use crate::tables::text::{fill, number};

use super::config::Config;
use super::model::Records;
use super::passwords::bounded;
use super::paths::RESET_PASSWORD;
use super::permissions::{Permissions, IS_ADMIN};
use super::vocabulary::Kind;

/// The value as it is stored.
pub(super) fn validate(records: &Records, kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = value.object(problems) else { return Value::Null };
    let mut body = Body { config: &records.config, members, stored: Vec::new(), problems };
    match kind {
        Kind::UserCreate => body.user_create(),
        Kind::UserUpdate => body.user_update(),
        Kind::UserSearch => body.user_search(),
        Kind::GroupCreate => body.group_create(),
        Kind::GroupUpdate => body.group_update(),
        Kind::PasswordChange => body.password_change(),
        Kind::PasswordSet => body.password_set(),
        Kind::PasswordForgot => body.required("email_address", email),
        Kind::PasswordReset => body.password_reset(),
        Kind::SessionCreate => body.session_create(),
        Kind::AdminUserCreate => body.admin_user_create(),
        Kind::AdminUserUpdate => body.admin_user_update(),
    }
    Value::Object(body.stored)
}

/// How one member is read: the value to store, or nothing and a problem.
type Check = fn(Node<'_>, &mut Problems) -> Option<Value>;

struct Body<'b> {
    config: &'b Config,
    members: Members<'b>,
    stored: Vec<(String, Value)>,
    problems: &'b mut Problems,
}

impl Body<'_> {
    fn user_create(&mut self) {
        self.required("first_name", title);
        self.required("last_name", title);
        self.required("email_address", email);
        self.password_if_there("password");
        self.required("user_permissions", user_permissions);
        self.user_rest();
    }

    /// A change: what is absent stays. The password does not change here, whatever the body says.
    // Source: Tyk dashboard swagger, `PUT /api/users/{id}`.
    fn user_update(&mut self) {
        self.optional("first_name", title);
        self.optional("last_name", title);
        self.optional("email_address", email);
        self.optional("user_permissions", user_permissions);
        self.optional("active", flag);
        self.optional("group_id", id_or_none);
        self.optional("password_max_days", days);
        self.optional("api_model", object);
    }

    /// The super-admin's own call: it names the organisation, and makes an admin who may reset passwords
    /// unless it says otherwise. An object that grants nothing says otherwise, and is refused.
    // Source: Tyk dashboard admin swagger, `POST /admin/users`.
    fn admin_user_create(&mut self) {
        self.required("first_name", title);
        self.required("last_name", title);
        self.required("email_address", email);
        self.password_if_there("password");
        let all = Permissions::of(&[(IS_ADMIN, "admin"), (RESET_PASSWORD, "admin")]);
        self.or("user_permissions", admin_permissions, all.stored());
        self.or("org_id", id_or_none, Value::Text(String::new()));
        self.user_rest();
    }

    // Source: Tyk dashboard admin swagger, `PUT /admin/users/{id}`: it may set the password.
    fn admin_user_update(&mut self) {
        self.optional("first_name", title);
        self.optional("last_name", title);
        self.optional("email_address", email);
        self.password_if_there("password");
        self.optional("user_permissions", admin_permissions);
        self.optional("org_id", id_or_none);
        self.optional("active", flag);
        self.optional("group_id", id_or_none);
        self.optional("password_max_days", days);
        self.optional("api_model", object);
    }

    /// What a new user has whether the body says so or not. Ids, keys and dates are the server's to give.
    fn user_rest(&mut self) {
        self.or("active", flag, Value::Bool(false));
        self.or("group_id", id_or_none, Value::Text(String::new()));
        self.or("password_max_days", days, Value::from(0));
        self.or("api_model", object, Value::Object(Vec::new()));
    }

    /// A group whose body says nothing of it is active, unlike a user: the Dashboard's own page sends no `active`, and
    /// an inactive group takes all rights from its members.
    // Source: Tyk dashboard swagger, `UserGroup`. That a group has a name is how we read "malformed".
    fn group_create(&mut self) {
        self.required("name", title);
        self.or("description", text, Value::Text(String::new()));
        self.required("user_permissions", group_permissions);
        self.or("active", flag, Value::Bool(true));
        self.or("password_max_days", days, Value::from(0));
    }

    fn group_update(&mut self) {
        self.optional("name", title);
        self.optional("description", text);
        self.optional("user_permissions", group_permissions);
        self.optional("active", flag);
        self.optional("password_max_days", days);
    }

    // Source: Tyk dashboard swagger, `POST /api/users/search`.
    fn user_search(&mut self) {
        let Some(filters) = self.members.required("filters", self.problems) else { return };
        let Some(members) = filters.object(self.problems) else { return };
        let Some(query) = members.required("query", self.problems) else { return };
        if let Some(query) = text(query, self.problems) {
            self.stored.push(("filters".into(), Value::Object(vec![("query".into(), query)])));
        }
    }

    // Source: Tyk Dashboard, "Change Your Password": the current and the new one, and the new one confirmed.
    fn password_change(&mut self) {
        self.required("current_password", any_password);
        self.required_password("new_password");
        self.confirmation();
        // The current password counts as the most recent one.
        let both = (self.member_text("current_password"), self.member_text("new_password"));
        if self.config.enforce_password_history > 0 && matches!(both, (Some(current), Some(new)) if current == new) {
            self.problem("new_password", Code::WeakPassword, "expected a password that was not used before");
        }
    }

    fn password_set(&mut self) {
        self.required_password("new_password");
        self.confirmation();
    }

    fn password_reset(&mut self) {
        self.required("token", title);
        self.required_password("new_password");
        self.confirmation();
    }

    /// Sign-in says nothing about the form of an address or password: whatever is wrong is answered alike.
    fn session_create(&mut self) {
        self.required("email_address", text);
        self.required("password", any_password);
    }

    /// The form's second field; the API does without, so it is not stored.
    fn confirmation(&mut self) {
        if self.members.some("confirm").is_some_and(|confirm| confirm.text(self.problems).is_some())
            && self.member_text("confirm") != self.member_text("new_password")
        {
            self.problem("confirm", Code::Mismatch, "expected the new password once more, got another one");
        }
    }

    fn required(&mut self, name: &str, check: Check) {
        let value = self.members.required(name, self.problems).and_then(|node| check(node, self.problems));
        self.keep(name, value);
    }

    fn optional(&mut self, name: &str, check: Check) {
        let value = self.members.some(name).and_then(|node| check(node, self.problems));
        self.keep(name, value);
    }

    fn or(&mut self, name: &str, check: Check, default: Value) {
        let value = match self.members.some(name) {
            Some(node) => check(node, self.problems),
            None => Some(default),
        };
        self.keep(name, value);
    }

    fn password_if_there(&mut self, name: &str) {
        let policy = &self.config.password_policy;
        let password = self.members.some(name).and_then(|node| policy.check(node, self.problems));
        self.keep(name, password.map(|password| Value::Text(password.to_owned())));
    }

    fn required_password(&mut self, name: &str) {
        if self.members.required(name, self.problems).is_some_and(|node| node.text(self.problems).is_some()) {
            self.password_if_there(name);
        }
    }

    fn keep(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.stored.push((name.to_owned(), value));
        }
    }

    fn member_text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(|node| node.value.text())
    }

    fn problem(&mut self, name: &str, code: Code, message: &str) {
        self.members.problem(name, self.problems, code, message);
    }
}

fn text(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let text = node.text(problems)?;
    if text.len() > NAME_MAX {
        node.problem(problems, Code::TooLong, &fill("expected at most {} bytes", &[&number(NAME_MAX)]));
        return None;
    }
    Some(Value::Text(text.to_owned()))
}

/// A text that is not blank.
fn title(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    if node.value.text().is_some_and(|text| text.trim().is_empty()) {
        node.problem(problems, Code::TooShort, "expected some text, got only blanks");
        return None;
    }
    text(node, problems)
}

/// An e-mail address: one `@`, something before it, and after it a domain with a dot and no empty part; no
/// whitespace. The Dashboard's tests prove only that `not_an_email` is refused. It is stored in small letters.
// Source: TykTechnologies/tyk-demo, its collection of requests, "Get a User".
fn email(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let value = title(node, problems)?;
    let address = value.text().unwrap_or("");
    let is_address = !address.contains(char::is_whitespace)
        && address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    if !is_address {
        node.problem(
            problems,
            Code::BadFormat,
            &fill_quoted("expected an e-mail address such as `name@example.org`, got <>", &[address]),
        );
        return None;
    }
    Some(Value::Text(small_text(address)))
}

fn any_password(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    bounded(node, problems).map(|password| Value::Text(password.to_owned()))
}

fn flag(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    node.flag(problems).map(Value::Bool)
}

fn days(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    node.integer(0, i64::from(i32::MAX), problems).map(|_| node.value.clone())
}

fn object(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    node.object(problems).map(|_| node.value.clone())
}

/// An id, or the empty text for none.
fn id_or_none(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let value = text(node, problems)?;
    if let Some(id) = value.text().filter(|id| id.contains('/')) {
        node.problem(problems, Code::BadFormat, &fill_quoted("an id has no `/`, got <>", &[id]));
        return None;
    }
    Some(value)
}

/// `ResetPassword` is not given here: it is ignored, and what is stored of it stays.
// Source: Tyk dashboard swagger, `POST /api/users` (`ResetPassword`: admin API only).
fn user_permissions(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    written(node, Permissions::read(node, problems)?.without(&[RESET_PASSWORD]), problems)
}

fn admin_permissions(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    written(node, Permissions::read(node, problems)?, problems)
}

/// A group makes no admins. Any other word about it says what is so anyway, and is dropped.
// Source: Tyk Dashboard release notes, 5.7.
fn group_permissions(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let permissions = Permissions::read(node, problems)?;
    if permissions.is_admin() {
        problems.add(
            node.value,
            Some(IS_ADMIN),
            Code::BadGrant,
            "a group makes no admins, expected `IsAdmin` in the permissions of a user",
        );
        return None;
    }
    written(node, permissions.without(&[IS_ADMIN, RESET_PASSWORD]), problems)
}

/// Permissions that grant something: `deny` throughout looks as if nothing had been written.
// Source: Tyk dashboard swagger, `POST /api/users`, "specify at least one permission, or make them an admin".
fn written(node: Node<'_>, permissions: Permissions<'_>, problems: &mut Problems) -> Option<Value> {
    if permissions.is_admin() || permissions.is_written() {
        return Some(permissions.stored());
    }
    node.problem(problems, Code::NoGrant, "expected at least one section with `read` or `write`, or an admin");
    None
}
