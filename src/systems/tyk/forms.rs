//! Validates request bodies field by field and returns them in their stored form.
//!
//! Unknown members are dropped, and a `null` is a value of a wrong type. If a body has several problems, the request handler responds to the first check that
//! failed: required fields, e-mail address, password, permissions. The handler itself checks whether the caller may
//! make an admin, and whether the address is taken.
//! Source: Tyk dashboard swagger, `POST /api/users`: additional members are ignored.
// Source: Tyk dashboard swagger, `POST /api/users`: additional members are ignored.

use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;

use super::config::Config;
use super::form_members::{
    admin_permissions, bounded_text, group_permissions, non_blank_text, optional_id, parse_days, parse_email,
    parse_flag, parse_object, password_of_any_strength, user_permissions,
};
use super::model::Records;
use super::paths::RESET_PASSWORD;
use super::permissions::{Permissions, IS_ADMIN};
use super::vocabulary::Kind;

/// Validates a value and returns it in its stored form.
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
        Kind::PasswordForgot => body.required("email_address", parse_email),
        Kind::PasswordReset => body.password_reset(),
        Kind::SessionCreate => body.session_create(),
        Kind::AdminUserCreate => body.admin_user_create(),
        Kind::AdminUserUpdate => body.admin_user_update(),
    }
    Value::Object(body.stored)
}

/// Parses one member: the value to store, or `None` and a problem.
type Check = fn(Node<'_>, &mut Problems) -> Option<Value>;

struct Body<'b> {
    config: &'b Config,
    members: Members<'b>,
    stored: Vec<(String, Value)>,
    problems: &'b mut Problems,
}

impl Body<'_> {
    fn user_create(&mut self) {
        self.required("first_name", non_blank_text);
        self.required("last_name", non_blank_text);
        self.required("email_address", parse_email);
        self.optional_password("password");
        self.required("user_permissions", user_permissions);
        self.user_rest();
    }

    /// An update: absent members keep their value. This request never changes the password.
    // Source: Tyk dashboard swagger, `PUT /api/users/{id}`.
    fn user_update(&mut self) {
        self.optional("first_name", non_blank_text);
        self.optional("last_name", non_blank_text);
        self.optional("email_address", parse_email);
        self.optional("user_permissions", user_permissions);
        self.optional("active", parse_flag);
        self.optional("group_id", optional_id);
        self.optional("password_max_days", parse_days);
        self.optional("api_model", parse_object);
    }

    /// The super-admin's request: it sets the organisation. By default it makes an admin who may reset passwords. An
    /// object that grants nothing is refused.
    // Source: Tyk dashboard admin swagger, `POST /admin/users`.
    fn admin_user_create(&mut self) {
        self.required("first_name", non_blank_text);
        self.required("last_name", non_blank_text);
        self.required("email_address", parse_email);
        self.optional_password("password");
        let all = Permissions::from_entries(&[(IS_ADMIN, "admin"), (RESET_PASSWORD, "admin")]);
        self.with_default("user_permissions", admin_permissions, all.to_stored_value());
        self.with_default("org_id", optional_id, Value::Text(String::new()));
        self.user_rest();
    }

    // Source: Tyk dashboard admin swagger, `PUT /admin/users/{id}`: it may set the password.
    fn admin_user_update(&mut self) {
        self.optional("first_name", non_blank_text);
        self.optional("last_name", non_blank_text);
        self.optional("email_address", parse_email);
        self.optional_password("password");
        self.optional("user_permissions", admin_permissions);
        self.optional("org_id", optional_id);
        self.optional("active", parse_flag);
        self.optional("group_id", optional_id);
        self.optional("password_max_days", parse_days);
        self.optional("api_model", parse_object);
    }

    /// Adds the defaults of a new user. The server sets ids, keys and dates.
    fn user_rest(&mut self) {
        self.with_default("active", parse_flag, Value::Bool(false));
        self.with_default("group_id", optional_id, Value::Text(String::new()));
        self.with_default("password_max_days", parse_days, Value::from(0));
        self.with_default("api_model", parse_object, Value::Object(Vec::new()));
    }

    /// A new group is active by default, unlike a user: the Dashboard's page sends no `active`, and an inactive group
    /// takes all rights from its members.
    // Source: Tyk dashboard swagger, `UserGroup`. That a group has a name is how we read "malformed".
    fn group_create(&mut self) {
        self.required("name", non_blank_text);
        self.with_default("description", bounded_text, Value::Text(String::new()));
        self.required("user_permissions", group_permissions);
        self.with_default("active", parse_flag, Value::Bool(true));
        self.with_default("password_max_days", parse_days, Value::from(0));
    }

    fn group_update(&mut self) {
        self.optional("name", non_blank_text);
        self.optional("description", bounded_text);
        self.optional("user_permissions", group_permissions);
        self.optional("active", parse_flag);
        self.optional("password_max_days", parse_days);
    }

    // Source: Tyk dashboard swagger, `POST /api/users/search`.
    fn user_search(&mut self) {
        let Some(filters) = self.members.required("filters", self.problems) else { return };
        let Some(members) = filters.object(self.problems) else { return };
        let Some(query) = members.required("query", self.problems) else { return };
        if let Some(query) = bounded_text(query, self.problems) {
            self.stored.push(("filters".into(), Value::Object(vec![("query".into(), query)])));
        }
    }

    // Source: Tyk Dashboard, "Change Your Password": the current and the new one, and the new one confirmed.
    fn password_change(&mut self) {
        self.required("current_password", password_of_any_strength);
        self.required_password("new_password");
        self.confirmation();
        // The current password is the most recent one in the history.
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
        self.required("token", non_blank_text);
        self.required_password("new_password");
        self.confirmation();
    }

    /// Sign-in does not check the format of an address or password: every failure gets the same response.
    fn session_create(&mut self) {
        self.required("email_address", bounded_text);
        self.required("password", password_of_any_strength);
    }

    /// The form's second field for the password. The API does not need it, and it is not stored.
    fn confirmation(&mut self) {
        if self.members.get("confirm").is_some_and(|confirm| confirm.text(self.problems).is_some())
            && self.member_text("confirm") != self.member_text("new_password")
        {
            self.problem("confirm", Code::Mismatch, "expected the same password as in `new_password`");
        }
    }

    fn required(&mut self, name: &str, check: Check) {
        let value = self.members.required(name, self.problems).and_then(|node| check(node, self.problems));
        self.store_member(name, value);
    }

    fn optional(&mut self, name: &str, check: Check) {
        let value = self.members.get(name).and_then(|node| check(node, self.problems));
        self.store_member(name, value);
    }

    fn with_default(&mut self, name: &str, check: Check, default: Value) {
        let value = match self.members.get(name) {
            Some(node) => check(node, self.problems),
            None => Some(default),
        };
        self.store_member(name, value);
    }

    fn optional_password(&mut self, name: &str) {
        let policy = &self.config.password_policy;
        let password = self.members.get(name).and_then(|node| policy.check_password(node, self.problems));
        self.store_member(name, password.map(|password| Value::Text(password.to_owned())));
    }

    fn required_password(&mut self, name: &str) {
        if self.members.required(name, self.problems).is_some_and(|node| node.text(self.problems).is_some()) {
            self.optional_password(name);
        }
    }

    fn store_member(&mut self, name: &str, value: Option<Value>) {
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
