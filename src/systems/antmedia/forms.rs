//! What a client may send: the bodies of the documented requests, and the forms of the panel before them.
//!
//! The server checks next to nothing, so a body is refused only for what the product refuses too (types,
//! unknown members, a missing e-mail address or password), for rights that would come to no grant, and for a new
//! e-mail address that is too long or that no path can hold. The panel's forms check more: those are the kinds that end in `.form`. A form has one member more than the
//! body, `passwordAgain` for a new user and `newPasswordAgain` for one that exists, and its value is the body
//! without it. Panels send the MD5 of a password in place of the password; that is done after the check.

use super::model::{PASSWORD_MAX, SYSTEM};
use super::records::{self, User};
use super::vocabulary::{Kind, Level};
use crate::document::limits::{NAME_MAX, NEW_NAME_MAX};
use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, Code, Problems};
use crate::document::value::Value;
use crate::tables::text::{fill, number};
use crate::tables::word::Word;

/// The shortest password in a form, in UTF-16 units.
const PASSWORD_LEAST: usize = 6;
/// The shortest first and last name in a form, in UTF-16 units.
const NAME_LEAST: usize = 2;
/// The shortest and the longest top-level domain in a form.
const TOP_DOMAIN: std::ops::RangeInclusive<usize> = 2..=16;

/// The value as the product would store it.
pub(super) fn validate(kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = value.object(problems) else { return Value::Null };
    match kind {
        Kind::UserCreate => create(members, problems),
        Kind::UserUpdate => update(members, problems),
        Kind::UserInitial => initial(members, problems),
        Kind::PasswordChange => password_change(members, problems),
        Kind::SessionCreate => sign_in(members, problems),
        Kind::UserCreateForm => create_form(members, problems),
        Kind::UserUpdateForm => update_form(members, problems),
    }
}

// Source: CommonRestService, `addUser`; Document, "Create User". The product also makes a user without any
// grant, and then opens everything to it; we refuse that user.
fn create(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::read(members, None, problems);
    filled(members, "email", user.email, problems);
    new_email(members, user.email, problems);
    filled(members, "password", user.password, problems);
    some_grant(members, &user, problems);
    body().text("email", user.email).text("password", user.password).rights(&user).shown(&user).value()
}

// Source: CommonRestService, `editUser`; Document, "Edit User", whose `password` has no effect. An empty
// `newPassword` is none. Rights are replaced as a whole, and stay as they are when nothing of them is sent;
// a type alone would silently come to mean the whole system.
fn update(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::read(members, None, problems);
    filled(members, "email", user.email, problems);
    let sent = |name| members.some(name).is_some();
    if sent("userType") && !sent("scope") && !sent("appNameUserType") {
        missing(members, "scope", "`userType` needs a `scope` beside it", problems);
    } else if sent("userType") || sent("scope") || sent("appNameUserType") {
        some_grant(members, &user, problems);
    }
    edit(&user)
}

fn edit(user: &User<'_>) -> Value {
    let new_password = user.new_password.filter(|password| !password.is_empty());
    body().text("email", user.email).text("newPassword", new_password).rights(user).shown(user).value()
}

// Source: CommonRestService, `addInitialUser`: the first user is an ADMIN of the system, whatever is sent.
fn initial(members: Members<'_>, problems: &mut Problems) -> Value {
    let sent = User::read(members, None, problems);
    filled(members, "email", sent.email, problems);
    new_email(members, sent.email, problems);
    filled(members, "password", sent.password, problems);
    let user = User {
        user_type: Some(Level::Admin),
        scope: Some(SYSTEM),
        app_name_user_type: Some(vec![(SYSTEM, Level::Admin.word())]),
        ..sent
    };
    body().text("email", user.email).text("password", user.password).rights(&user).shown(&user).value()
}

// Source: CommonRestService, `changeUserPassword`: the account is the caller's own, so that `email` and all
// else is ignored. The product takes an empty new password; we do not.
fn password_change(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::read(members, None, problems);
    present(members, "password", problems);
    filled(members, "newPassword", user.new_password, problems);
    body().text("password", user.password).text("newPassword", user.new_password).value()
}

// Source: CommonRestService, `authenticateUser`.
fn sign_in(members: Members<'_>, problems: &mut Problems) -> Value {
    let user = User::read(members, None, problems);
    present(members, "email", problems);
    present(members, "password", problems);
    body().text("email", user.email).text("password", user.password).value()
}

// Source: Ant-Media-Management-Console, `server.settings.component.html`, the form for a new user.
fn create_form(members: Members<'_>, problems: &mut Problems) -> Value {
    const AGAIN: &str = "passwordAgain";

    let user = User::read(members, Some(AGAIN), problems);
    email_form(members, user.email, problems);
    new_email(members, user.email.filter(|email| is_email(email)), problems);
    if present(members, "password", problems) {
        at_least(PASSWORD_LEAST, members, "password", user.password, problems);
    }
    repeated(members, AGAIN, user.password, problems);
    for (name, text) in [("firstName", user.first_name), ("lastName", user.last_name)] {
        if present(members, name, problems) {
            at_least(NAME_LEAST, members, name, text, problems);
        }
    }
    typed_scope(members, &user, problems);
    body().text("email", user.email).text("password", user.password).rights(&user).shown(&user).value()
}

// Source: Ant-Media-Management-Console, `user.edit.dialog.component.html`: a password only where it is to
// change. Names that are not sent stay as they are.
fn update_form(members: Members<'_>, problems: &mut Problems) -> Value {
    const AGAIN: &str = "newPasswordAgain";

    let user = User::read(members, Some(AGAIN), problems);
    email_form(members, user.email, problems);
    match user.new_password {
        Some(password) if !password.is_empty() => {
            at_least(PASSWORD_LEAST, members, "newPassword", Some(password), problems);
            repeated(members, AGAIN, Some(password), problems);
        }
        Some(_) | None => {
            let again = records::text(members, AGAIN, PASSWORD_MAX, problems);
            if again.is_some_and(|again| !again.is_empty()) && members.some("newPassword").is_none_or(is_text) {
                mismatch(members, AGAIN, problems);
            }
        }
    }
    at_least(NAME_LEAST, members, "firstName", user.first_name, problems);
    at_least(NAME_LEAST, members, "lastName", user.last_name, problems);
    typed_scope(members, &user, problems);
    edit(&user)
}

fn is_text(node: Node<'_>) -> bool {
    node.value.text().is_some()
}

/// Refuses rights that come to no grant.
fn some_grant(members: Members<'_>, user: &User<'_>, problems: &mut Problems) {
    let unread = ["scope", "userType", "appNameUserType"].into_iter().any(|name| unreadable(members, name));
    if !unread && user.grants().is_empty() {
        const MESSAGE: &str = "a user needs a grant: `scope` with `userType`, or `appNameUserType`, where a \
            scope is `system` or an application's name of letters, digits, `_` and `-`";
        members.node.problem(problems, Code::NoGrant, MESSAGE);
    }
}

/// Whether a member of the rights could not be read, so that it is a problem already.
fn unreadable(members: Members<'_>, name: &str) -> bool {
    members.some(name).is_some_and(|node| match name {
        "userType" => node.value.text().and_then(Level::parse).is_none(),
        "scope" => !is_text(node),
        _ => !matches!(node.value, Value::Object(types) if types.iter().all(|(_, text)| text.text().is_some())),
    })
}

/// At least one scope with a type, and no type that the panel does not offer.
fn typed_scope(members: Members<'_>, user: &User<'_>, problems: &mut Problems) {
    if let Some(types) = members.some("appNameUserType").filter(|node| matches!(node.value, Value::Object(_))) {
        for (_, node) in (Members { node: types }).iter() {
            if let Some(text) = node.value.text().filter(|text| Level::parse(text).is_none()) {
                records::unknown_type(node, text, problems);
            }
        }
    }
    let scope = user.scope.filter(|scope| !scope.is_empty());
    let map = user.app_name_user_type.as_ref().is_some_and(|map| !map.is_empty());
    match (scope, members.some("userType")) {
        (Some(_), None) if !map => missing(members, "userType", "`scope` needs a `userType` beside it", problems),
        (None, Some(_)) if !map && !unreadable(members, "scope") => {
            missing(members, "scope", "`userType` needs a `scope` beside it", problems);
        }
        (Some(_), None | Some(_)) | (None, None | Some(_)) => some_grant(members, user, problems),
    }
}

/// The address of a new user, if there is one.
fn new_email(members: Members<'_>, email: Option<&str>, problems: &mut Problems) {
    let Some(email) = email.filter(|email| !email.is_empty()) else { return };
    if email.len() <= NEW_NAME_MAX {
        records::check_removable(members, email, problems);
    } else if email.len() <= NAME_MAX {
        let message = fill("an e-mail address has at most {} bytes", &[&number(NEW_NAME_MAX)]);
        members.problem("email", problems, Code::TooLong, &message);
    }
}

/// An e-mail address as the Angular panel takes it: `[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,16}`, all of it.
fn email_form(members: Members<'_>, email: Option<&str>, problems: &mut Problems) {
    if present(members, "email", problems) && email.is_some_and(|email| !is_email(email)) {
        const MESSAGE: &str = "expected an e-mail address in small letters, such as `name@example.org`";
        members.problem("email", problems, Code::BadFormat, MESSAGE);
    }
}

fn is_email(text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    // No class of the pattern holds an `@`, and its last one no dot: there is one way to cut.
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    !local.is_empty()
        && local.bytes().all(|byte| small(byte) || b"._%+-".contains(&byte))
        && !host.is_empty()
        && host.bytes().all(|byte| small(byte) || b".-".contains(&byte))
        && TOP_DOMAIN.contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether the member is there; a problem if not.
fn present(members: Members<'_>, name: &str, problems: &mut Problems) -> bool {
    let there = members.some(name).is_some();
    if !there {
        members.missing(name, problems);
    }
    there
}

/// A member that must be there and hold something.
fn filled(members: Members<'_>, name: &str, text: Option<&str>, problems: &mut Problems) {
    if present(members, name, problems) {
        at_least(1, members, name, text, problems);
    }
}

/// A text of at least so many UTF-16 units, as the browser counts them.
fn at_least(least: usize, members: Members<'_>, name: &str, text: Option<&str>, problems: &mut Problems) {
    if text.is_some_and(|text| text.encode_utf16().count() < least) {
        members.problem(
            name,
            problems,
            Code::TooShort,
            &fill_quoted("<> needs at least {} characters", &[name, &number(least)]),
        );
    }
}

/// The password once more, the same.
fn repeated(members: Members<'_>, name: &str, password: Option<&str>, problems: &mut Problems) {
    let again = records::text(members, name, PASSWORD_MAX, problems);
    if present(members, name, problems) && again.is_some() && password.is_some() && again != password {
        mismatch(members, name, problems);
    }
}

fn mismatch(members: Members<'_>, name: &str, problems: &mut Problems) {
    const MESSAGE: &str = "the two passwords differ, type the same one twice";
    members.problem(name, problems, Code::Mismatch, MESSAGE);
}

fn missing(members: Members<'_>, name: &str, message: &str, problems: &mut Problems) {
    members.problem(name, problems, Code::Required, message);
}

/// A type of the map form in the product's own spelling; one that it does not know stays as it is.
pub(super) fn spelled(text: &str) -> &str {
    Level::parse(text).map_or(text, |level| level.word())
}

/// A body that is being put together; what is absent is left out.
struct Body(Vec<(String, Value)>);

fn body() -> Body {
    Body(Vec::new())
}

impl Body {
    fn text(mut self, name: &str, text: Option<&str>) -> Self {
        if let Some(text) = text {
            self.0.push((name.to_owned(), Value::from(text)));
        }
        self
    }

    /// The three members of rights, types in the product's own spelling.
    fn rights(self, user: &User<'_>) -> Self {
        let mut body = self.text("userType", user.user_type.map(Word::word)).text("scope", user.scope);
        if let Some(map) = &user.app_name_user_type {
            let mut types = Vec::with_capacity(map.len());
            for (scope, text) in map {
                types.push(((*scope).to_owned(), Value::from(spelled(text))));
            }
            body.0.push(("appNameUserType".to_owned(), Value::Object(types)));
        }
        body
    }

    /// The members that are only shown.
    fn shown(self, user: &User<'_>) -> Self {
        self.text("firstName", user.first_name)
            .text("lastName", user.last_name)
            .text("fullName", user.full_name)
            .text("picture", user.picture)
    }

    fn value(self) -> Value {
        Value::Object(self.0)
    }
}
