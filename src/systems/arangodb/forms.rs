//! Validates the documented bodies, and converts them to the stored form.
//!
//! ArangoDB is lenient: a member of a wrong type counts as its default or as absent, and unknown members are ignored.
//! Only bodies that the server rejects, and values over our limits, have problems here.

use super::model::PASSWORD_MAX;
use super::records::check_password;
use super::resource::is_dot_segment;
use super::vocabulary::{Kind, Level};
use crate::document::limits::NAME_MAX;
use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::number;
use crate::tables::word::Word as _;

/// The body as the server would store it.
pub fn validate(kind: Kind, body: Node<'_>, problems: &mut Problems) -> Value {
    match kind {
        Kind::UserCreate => validate_user_create(body, problems),
        Kind::UserReplace => validate_user_replace(body, problems),
        Kind::UserUpdate => validate_user_update(body, problems),
        Kind::PasswordCheck => validate_password_check(body, problems),
        Kind::GrantSet => validate_grant_set(body, problems),
        Kind::ConfigSet => validate_config_set(body, problems),
        Kind::SessionCreate => validate_session_create(body, problems),
    }
}

/// `{user, passwd, active, extra}`, complete.
///
/// Source: ArangoDB, "Create a user". The password is optional, although the schema requires it: "If not specified, it
/// will default to an empty string".
fn validate_user_create(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    let name = members.required("user", problems).and_then(|node| {
        let name = node.new_name(problems)?;
        if is_dot_segment(name) {
            node.problem(problems, Code::BadFormat, "a URL cannot contain the name `.` or `..`: choose another");
        }
        Some(name)
    });
    let mut user = vec![("user".to_owned(), text_value(name.unwrap_or("")))];
    add_user_data(&mut user, Some(members), problems);
    Value::Object(user)
}

/// `{passwd, active, extra}`, complete: missing members get their defaults.
///
/// Source: ArangoDB, "Replace a user". A body that is not an object counts as `{}`.
fn validate_user_replace(body: Node<'_>, problems: &mut Problems) -> Value {
    let mut user = Vec::new();
    add_user_data(&mut user, object_members(body, problems), problems);
    Value::Object(user)
}

/// Adds the members of a new user: those with the right type, and defaults for the others.
fn add_user_data(user: &mut Vec<(String, Value)>, members: Option<Members<'_>>, problems: &mut Problems) {
    let passwd = members.and_then(|members| parse_password(members, problems)).unwrap_or("");
    let active = members.and_then(parse_active).unwrap_or(true);
    let extra = members.and_then(|members| members.get("extra")).and_then(|node| parse_extra(node, problems));
    user.push(("passwd".into(), text_value(passwd)));
    user.push(("active".into(), Value::Bool(active)));
    user.push(("extra".into(), extra.unwrap_or(Value::Object(Vec::new()))));
}

/// The members of `{passwd, active, extra}` that change. `extra` is an object that is merged into the old one, or
/// `null` to empty it.
///
/// Source: ArangoDB, "Update a user". A body that is not an object counts as `{}`. A password or flag of a wrong type
/// is ignored. An `extra` of a wrong type empties the old one.
fn validate_user_update(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = object_members(body, problems) else { return Value::Object(Vec::new()) };
    let mut changes = Vec::new();
    if let Some(passwd) = parse_password(members, problems) {
        changes.push(("passwd".to_owned(), text_value(passwd)));
    }
    if let Some(active) = parse_active(members) {
        changes.push(("active".to_owned(), Value::Bool(active)));
    }
    if let Some(node) = members.get("extra") {
        changes.push(("extra".to_owned(), parse_extra(node, problems).unwrap_or(Value::Null)));
    }
    Value::Object(changes)
}

/// `{passwd}`.
///
/// Source: the server's `POST /_api/user/{user}`, which is not documented. A password of a wrong type counts as empty.
fn validate_password_check(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    Value::object([("passwd", text_value(parse_password(members, problems).unwrap_or("")))])
}

/// `{grant}`, one of `none`, `ro` and `rw`.
///
/// Source: ArangoDB, "Set a user's database access level" and "Set a user's collection access level". For the server,
/// the empty string means `none`.
fn validate_grant_set(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    let level = members.required("grant", problems).and_then(|node| match node.value.text() {
        Some("") => Some(Level::None),
        _ => node.keyword::<Level>("access level", Code::UnknownLevel, problems),
    });
    Value::object([("grant", level.map_or(Value::Null, |level| text_value(level.word())))])
}

/// `{value}`, or `{}` to remove the key.
///
/// Source: the server's `PUT /_api/user/{user}/config/{key}`, which is not documented. A body that is not an object
/// counts as `{}`, as in the other `PUT`.
fn validate_config_set(body: Node<'_>, problems: &mut Problems) -> Value {
    match object_members(body, problems).and_then(|members| members.get("value")) {
        Some(node) => Value::object([("value", node.value.clone())]),
        None => Value::Object(Vec::new()),
    }
}

/// `{username?, password}`, both strings. If the password is an access token, it names its user.
///
/// Source: the server's `POST /_open/auth`. The handler verifies the credentials.
fn validate_session_create(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    let username = members.get("username").and_then(|node| {
        let username = node.text(problems)?;
        if username.len() > NAME_MAX {
            node.problem_with(problems, Code::TooLong, "a name has at most {} bytes", &[&number(NAME_MAX)]);
        }
        Some(username)
    });
    let password = members.required("password", problems);
    if let Some(password) = password {
        check_password(password, problems);
    }
    let password = password.and_then(|node| node.value.text());
    Value::object([("username", text_value(username.unwrap_or(""))), ("password", text_value(password.unwrap_or("")))])
}

/// The members of a body, if it is an object.
fn object_members<'v>(body: Node<'v>, problems: &mut Problems) -> Option<Members<'v>> {
    match body.value {
        Value::Object(_) => body.object(problems),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
    }
}

/// The password, if it is a string; reports a problem if it is too long.
fn parse_password<'v>(members: Members<'v>, problems: &mut Problems) -> Option<&'v str> {
    let node = members.get("passwd")?;
    let text = node.value.text()?;
    if text.len() > PASSWORD_MAX {
        check_password(node, problems);
    }
    Some(text)
}

fn parse_active(members: Members<'_>) -> Option<bool> {
    match members.get("active")?.value {
        Value::Bool(active) => Some(*active),
        Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// The extra data, if it is an object.
fn parse_extra(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    object_members(node, problems).map(|_| node.value.clone())
}

fn text_value(text: &str) -> Value {
    Value::Text(text.to_owned())
}
