//! The bodies that the documents let a client send, checked and put into the form that is stored.
//!
//! ArangoDB forgives much: a member of a wrong type counts as its default or as absent, and members that a
//! body does not have are ignored. Only what the server refuses is a problem here, and the limits on length.

use super::model::PASSWORD_MAX;
use super::records::check_password;
use super::resource::is_dot_segment;
use super::vocabulary::{Kind, Level};
use crate::document::limits::NAME_MAX;
use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::{fill, number};
use crate::tables::word::Word as _;

/// The body as the server would store it.
pub fn validate(kind: Kind, body: Node<'_>, problems: &mut Problems) -> Value {
    match kind {
        Kind::UserCreate => user_create(body, problems),
        Kind::UserReplace => user_replace(body, problems),
        Kind::UserUpdate => user_update(body, problems),
        Kind::PasswordCheck => password_check(body, problems),
        Kind::GrantSet => grant_set(body, problems),
        Kind::ConfigSet => config_set(body, problems),
        Kind::SessionCreate => session_create(body, problems),
    }
}

/// `{user, passwd, active, extra}`, complete.
///
/// Source: ArangoDB, "Create a user". The password is optional there in spite of its schema: "If not
/// specified, it will default to an empty string".
fn user_create(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    let name = members.required("user", problems).and_then(|node| {
        let name = node.new_name(problems)?;
        if is_dot_segment(name) {
            node.problem(problems, Code::BadFormat, "no URL can carry the name `.` or `..`: choose another");
        }
        Some(name)
    });
    let mut user = vec![("user".to_owned(), text(name.unwrap_or("")))];
    user_data(&mut user, Some(members), problems);
    Value::Object(user)
}

/// `{passwd, active, extra}`, complete: what is not given goes back to its default.
///
/// Source: ArangoDB, "Replace a user". A body that is no object counts as `{}`.
fn user_replace(body: Node<'_>, problems: &mut Problems) -> Value {
    let mut user = Vec::new();
    user_data(&mut user, lenient(body, problems), problems);
    Value::Object(user)
}

/// What a new user has: the members that were given in their types, defaults for the rest.
fn user_data(user: &mut Vec<(String, Value)>, members: Option<Members<'_>>, problems: &mut Problems) {
    let passwd = members.and_then(|members| password(members, problems)).unwrap_or("");
    let active = members.and_then(active).unwrap_or(true);
    let extra = members.and_then(|members| members.get("extra")).and_then(|node| extra(node, problems));
    user.push(("passwd".into(), text(passwd)));
    user.push(("active".into(), Value::Bool(active)));
    user.push(("extra".into(), extra.unwrap_or(Value::Object(Vec::new()))));
}

/// Those of `{passwd, active, extra}` that change something. `extra` is an object to merge into the old one,
/// or `null` to empty it.
///
/// Source: ArangoDB, "Update a user". A body that is no object counts as `{}`, and a password or flag of a
/// wrong type is ignored; an `extra` of a wrong type empties the old one.
fn user_update(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = lenient(body, problems) else { return Value::Object(Vec::new()) };
    let mut changes = Vec::new();
    if let Some(passwd) = password(members, problems) {
        changes.push(("passwd".to_owned(), text(passwd)));
    }
    if let Some(active) = active(members) {
        changes.push(("active".to_owned(), Value::Bool(active)));
    }
    if let Some(node) = members.get("extra") {
        changes.push(("extra".to_owned(), extra(node, problems).unwrap_or(Value::Null)));
    }
    Value::Object(changes)
}

/// `{passwd}`.
///
/// Source: the server's `POST /_api/user/{user}`, which the document leaves out. A password of a wrong type
/// counts as the empty one.
fn password_check(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    Value::object([("passwd", text(password(members, problems).unwrap_or("")))])
}

/// `{grant}`, one of `none`, `ro` and `rw`.
///
/// Source: ArangoDB, "Set a user's database access level" and "Set a user's collection access level". The
/// server takes the empty string for `none`.
fn grant_set(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    let level = members.required("grant", problems).and_then(|node| match node.value.text() {
        Some("") => Some(Level::None),
        _ => node.keyword::<Level>("access level", Code::UnknownLevel, problems),
    });
    Value::object([("grant", level.map_or(Value::Null, |level| text(level.word())))])
}

/// `{value}`, or `{}` to remove the key.
///
/// Source: the server's `PUT /_api/user/{user}/config/{key}`, which the document leaves out. We take a body
/// that is no object for `{}`, as in the other `PUT`.
fn config_set(body: Node<'_>, problems: &mut Problems) -> Value {
    match lenient(body, problems).and_then(|members| members.get("value")) {
        Some(node) => Value::object([("value", node.value.clone())]),
        None => Value::Object(Vec::new()),
    }
}

/// `{username?, password}`, both strings. An access token as the password names its user itself.
///
/// Source: the server's `POST /_open/auth`. Whether they fit anybody is not for a form to say.
fn session_create(body: Node<'_>, problems: &mut Problems) -> Value {
    let Some(members) = body.object(problems) else { return Value::Null };
    let username = members.get("username").and_then(|node| {
        let username = node.text(problems)?;
        if username.len() > NAME_MAX {
            node.problem(problems, Code::TooLong, &fill("a name has at most {} bytes", &[&number(NAME_MAX)]));
        }
        Some(username)
    });
    let password = members.required("password", problems);
    if let Some(password) = password {
        check_password(password, problems);
    }
    let password = password.and_then(|node| node.value.text());
    Value::object([("username", text(username.unwrap_or(""))), ("password", text(password.unwrap_or("")))])
}

/// The members of a body that may be no object at all.
fn lenient<'v>(body: Node<'v>, problems: &mut Problems) -> Option<Members<'v>> {
    match body.value {
        Value::Object(_) => body.object(problems),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
    }
}

/// The password, if it is a string; too long a one is a problem.
fn password<'v>(members: Members<'v>, problems: &mut Problems) -> Option<&'v str> {
    let node = members.get("passwd")?;
    let text = node.value.text()?;
    if text.len() > PASSWORD_MAX {
        check_password(node, problems);
    }
    Some(text)
}

fn active(members: Members<'_>) -> Option<bool> {
    match members.get("active")?.value {
        Value::Bool(active) => Some(*active),
        Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// The extra data, if it is an object.
fn extra(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    lenient(node, problems).map(|_| node.value.clone())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
