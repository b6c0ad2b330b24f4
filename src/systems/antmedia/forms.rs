//! Validates the bodies of the documented requests, and the forms of the panel.
//!
//! The file has over 300 lines because the bodies of requests and the forms of the panel share their checks: a form is
//! a body with one member more and stricter limits.
//!
//! The product's server checks very little. A body is rejected only for:
//!
//! - what the product rejects: wrong types, unknown members, a missing e-mail address or password,
//! - rights that contain no valid grant,
//! - a new e-mail address that is too long, or that a path cannot contain.
//!
//! The panel's forms check more. Their kinds end in `.form`. A form has one member more than the body: `passwordAgain`
//! for a new user, `newPasswordAgain` for an existing one. The validated value is the body without that member. Panels
//! send the MD5 of a password instead of the password; they replace it after this check.

use super::model::{PASSWORD_MAX, SYSTEM};
use super::records::{self, User};
use super::vocabulary::{Kind, Level};
use crate::document::limits::{NAME_MAX, NEW_NAME_MAX};
use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::{fill, number, rsplit_once, split_once};
use crate::tables::word::Word;

/// The shortest password in a form, in UTF-16 units.
const PASSWORD_MIN: usize = 6;
/// The shortest first and last name in a form, in UTF-16 units.
const NAME_MIN: usize = 2;
/// The shortest and the longest top-level domain in a form.
const TOP_DOMAIN: std::ops::RangeInclusive<usize> = 2..=16;

/// The value as the product would store it.
pub(super) fn validate(kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = value.object(problems) else { return Value::Null };
    match kind {
        Kind::UserCreate => validate_user_create(members, problems),
        Kind::UserUpdate => validate_user_update(members, problems),
        Kind::UserInitial => validate_initial_user(members, problems),
        Kind::PasswordChange => validate_password_change(members, problems),
        Kind::SessionCreate => validate_session_create(members, problems),
        Kind::UserCreateForm => validate_create_form(members, problems),
        Kind::UserUpdateForm => validate_update_form(members, problems),
    }
}

// Source: CommonRestService, `addUser`; Document, "Create User". The product also creates a user without grants, and
// then allows everything to that user. We reject the request.
fn validate_user_create(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::parse(members, None, problems);
    require_text(members, "email", user.email, problems);
    check_new_email(members, user.email, problems);
    require_text(members, "password", user.password, problems);
    require_grant(members, &user, problems);
    new_body().text("email", user.email).text("password", user.password).rights(&user).profile(&user).into_value()
}

// Source: CommonRestService, `editUser`; Document, "Edit User", where `password` has no effect. An empty `newPassword`
// is the same as none. Rights are replaced together, or kept if the body has none of their members. A body with only a
// type is rejected, because the product would grant that type in the whole system.
fn validate_user_update(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::parse(members, None, problems);
    require_text(members, "email", user.email, problems);
    let sent = |name| members.optional(name).is_some();
    if sent("userType") && !sent("scope") && !sent("appNameUserType") {
        report_missing(members, "scope", "`userType` needs a `scope` beside it", problems);
    } else if sent("userType") || sent("scope") || sent("appNameUserType") {
        require_grant(members, &user, problems);
    }
    updated_user(&user)
}

fn updated_user(user: &User<'_>) -> Value {
    let new_password = user.new_password.filter(|password| !password.is_empty());
    new_body().text("email", user.email).text("newPassword", new_password).rights(user).profile(user).into_value()
}

// Source: CommonRestService, `addInitialUser`: the first user is an ADMIN of the system, whatever the body says.
fn validate_initial_user(members: Members<'_>, problems: &mut Problems) -> Value {
    let sent = User::parse(members, None, problems);
    require_text(members, "email", sent.email, problems);
    check_new_email(members, sent.email, problems);
    require_text(members, "password", sent.password, problems);
    let user = User {
        user_type: Some(Level::Admin),
        scope: Some(SYSTEM),
        app_name_user_type: Some(vec![(SYSTEM, Level::Admin.word())]),
        ..sent
    };
    new_body().text("email", user.email).text("password", user.password).rights(&user).profile(&user).into_value()
}

// Source: CommonRestService, `changeUserPassword`: it changes the caller's own account and ignores `email` and the
// other members. The product accepts an empty new password; we reject it.
fn validate_password_change(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::parse(members, None, problems);
    require_member(members, "password", problems);
    require_text(members, "newPassword", user.new_password, problems);
    new_body().text("password", user.password).text("newPassword", user.new_password).into_value()
}

// Source: CommonRestService, `authenticateUser`.
fn validate_session_create(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::parse(members, None, problems);
    require_member(members, "email", problems);
    require_member(members, "password", problems);
    new_body().text("email", user.email).text("password", user.password).into_value()
}

// Source: Ant-Media-Management-Console, `server.settings.component.html`, the form for a new user.
fn validate_create_form(members: Members<'_>, problems: &mut Problems) -> Value {
    const AGAIN: &str = "passwordAgain";

    let user = User::parse(members, Some(AGAIN), problems);
    check_email(members, user.email, problems);
    check_new_email(members, user.email.filter(|email| is_email(email)), problems);
    if require_member(members, "password", problems) {
        check_min_length(PASSWORD_MIN, members, "password", user.password, problems);
    }
    check_repeated_password(members, AGAIN, user.password, problems);
    for (name, text) in [("firstName", user.first_name), ("lastName", user.last_name)] {
        if require_member(members, name, problems) {
            check_min_length(NAME_MIN, members, name, text, problems);
        }
    }
    check_scopes_and_types(members, &user, problems);
    new_body().text("email", user.email).text("password", user.password).rights(&user).profile(&user).into_value()
}

// Source: Ant-Media-Management-Console, `user.edit.dialog.component.html`: it sends a password only to change it. Names
// that are not sent do not change.
fn validate_update_form(members: Members<'_>, problems: &mut Problems) -> Value {
    const AGAIN: &str = "newPasswordAgain";

    let user = User::parse(members, Some(AGAIN), problems);
    check_email(members, user.email, problems);
    match user.new_password {
        Some(password) if !password.is_empty() => {
            check_min_length(PASSWORD_MIN, members, "newPassword", Some(password), problems);
            check_repeated_password(members, AGAIN, Some(password), problems);
        }
        Some(_) | None => {
            let again = records::parse_text(members, AGAIN, PASSWORD_MAX, problems);
            if again.is_some_and(|again| !again.is_empty()) && members.optional("newPassword").is_none_or(is_text) {
                report_mismatch(members, AGAIN, problems);
            }
        }
    }
    check_min_length(NAME_MIN, members, "firstName", user.first_name, problems);
    check_min_length(NAME_MIN, members, "lastName", user.last_name, problems);
    check_scopes_and_types(members, &user, problems);
    updated_user(&user)
}

fn is_text(node: Node<'_>) -> bool {
    node.value.text().is_some()
}

/// Reports rights that contain no valid grant.
fn require_grant(members: Members<'_>, user: &User<'_>, problems: &mut Problems) {
    let has_invalid = ["scope", "userType", "appNameUserType"].into_iter().any(|name| is_invalid(members, name));
    if !has_invalid && user.grants().is_empty() {
        const MESSAGE: &str = "a user needs a grant: `scope` with `userType`, or `appNameUserType`, where a \
            scope is `system` or an application's name of letters, digits, `_` and `-`";
        members.node.problem(problems, Code::NoGrant, MESSAGE);
    }
}

/// Whether a member of the rights is invalid, so that it already has a reported problem.
fn is_invalid(members: Members<'_>, name: &str) -> bool {
    members.optional(name).is_some_and(|node| match name {
        "userType" => node.value.text().and_then(Level::parse).is_none(),
        "scope" => !is_text(node),
        _ => !matches!(node.value, Value::Object(types) if types.iter().all(|(_, text)| text.text().is_some())),
    })
}

/// Requires at least one scope with a type, and only types that the panel offers.
fn check_scopes_and_types(members: Members<'_>, user: &User<'_>, problems: &mut Problems) {
    if let Some(types) = members.optional("appNameUserType").filter(|node| matches!(node.value, Value::Object(_))) {
        for (_, node) in (Members { node: types }).iter() {
            if let Some(text) = node.value.text().filter(|text| Level::parse(text).is_none()) {
                records::report_unknown_type(node, text, problems);
            }
        }
    }
    let scope = user.scope.filter(|scope| !scope.is_empty());
    let map = user.app_name_user_type.as_ref().is_some_and(|map| !map.is_empty());
    match (scope, members.optional("userType")) {
        (Some(_), None) if !map => {
            report_missing(members, "userType", "`scope` needs a `userType` beside it", problems)
        }
        (None, Some(_)) if !map && !is_invalid(members, "scope") => {
            report_missing(members, "scope", "`userType` needs a `scope` beside it", problems);
        }
        (Some(_), None | Some(_)) | (None, None | Some(_)) => require_grant(members, user, problems),
    }
}

/// Checks the e-mail address of a new user, if the body has one.
fn check_new_email(members: Members<'_>, email: Option<&str>, problems: &mut Problems) {
    let Some(email) = email.filter(|email| !email.is_empty()) else { return };
    if email.len() <= NEW_NAME_MAX {
        records::check_removable(members, email, problems);
    } else if email.len() <= NAME_MAX {
        let message = fill("an e-mail address has at most {} bytes", &[&number(NEW_NAME_MAX)]);
        members.problem("email", problems, Code::TooLong, &message);
    }
}

/// Requires an e-mail address that the Angular panel accepts: `[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,16}`, the whole
/// text.
fn check_email(members: Members<'_>, email: Option<&str>, problems: &mut Problems) {
    if require_member(members, "email", problems) && email.is_some_and(|email| !is_email(email)) {
        const MESSAGE: &str = "expected an e-mail address in lower-case letters, such as `name@example.org`";
        members.problem("email", problems, Code::BadFormat, MESSAGE);
    }
}

fn is_email(text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    // No class of the pattern contains `@`, and the last class contains no dot, so the split is unambiguous.
    let Some((local, domain)) = split_once(text, b'@') else { return false };
    let Some((host, top)) = rsplit_once(domain, b'.') else { return false };
    !local.is_empty()
        && local.bytes().all(|byte| small(byte) || b"._%+-".contains(&byte))
        && !host.is_empty()
        && host.bytes().all(|byte| small(byte) || b".-".contains(&byte))
        && TOP_DOMAIN.contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether the member is present; reports a problem if not.
fn require_member(members: Members<'_>, name: &str, problems: &mut Problems) -> bool {
    let is_present = members.optional(name).is_some();
    if !is_present {
        members.report_missing(name, problems);
    }
    is_present
}

/// Requires a member with a text that is not empty.
fn require_text(members: Members<'_>, name: &str, text: Option<&str>, problems: &mut Problems) {
    if require_member(members, name, problems) {
        check_min_length(1, members, name, text, problems);
    }
}

/// Requires a text of at least `min` UTF-16 units, the units in which browsers count.
fn check_min_length(min: usize, members: Members<'_>, name: &str, text: Option<&str>, problems: &mut Problems) {
    if text.is_some_and(|text| text.encode_utf16().count() < min) {
        members.problem_with(name, problems, Code::TooShort, "<> needs at least {} characters", &[name, &number(min)]);
    }
}

/// Requires that the repeated password is the same.
fn check_repeated_password(members: Members<'_>, name: &str, password: Option<&str>, problems: &mut Problems) {
    let again = records::parse_text(members, name, PASSWORD_MAX, problems);
    if require_member(members, name, problems) && again.is_some() && password.is_some() && again != password {
        report_mismatch(members, name, problems);
    }
}

fn report_mismatch(members: Members<'_>, name: &str, problems: &mut Problems) {
    const MESSAGE: &str = "the two passwords differ, type the same one twice";
    members.problem(name, problems, Code::Mismatch, MESSAGE);
}

fn report_missing(members: Members<'_>, name: &str, message: &str, problems: &mut Problems) {
    members.problem(name, problems, Code::Required, message);
}

/// A type in the product's own spelling; an unknown type is not changed.
pub(super) fn canonical_type(text: &str) -> &str {
    Level::parse(text).map_or(text, |level| level.word())
}

/// Builds a body; absent members are left out.
struct BodyBuilder(Vec<(String, Value)>);

fn new_body() -> BodyBuilder {
    BodyBuilder(Vec::new())
}

impl BodyBuilder {
    fn text(mut self, name: &str, text: Option<&str>) -> Self {
        if let Some(text) = text {
            self.0.push((name.to_owned(), Value::from(text)));
        }
        self
    }

    /// The three members of rights, with types in the product's own spelling.
    fn rights(self, user: &User<'_>) -> Self {
        let mut body = self.text("userType", user.user_type.map(Word::word)).text("scope", user.scope);
        if let Some(map) = &user.app_name_user_type {
            let mut types = Vec::with_capacity(map.len());
            for (scope, text) in map {
                types.push(((*scope).to_owned(), Value::from(canonical_type(text))));
            }
            body.0.push(("appNameUserType".to_owned(), Value::Object(types)));
        }
        body
    }

    /// The members that do not affect decisions.
    fn profile(self, user: &User<'_>) -> Self {
        self.text("firstName", user.first_name)
            .text("lastName", user.last_name)
            .text("fullName", user.full_name)
            .text("picture", user.picture)
    }

    fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
