//! Validates single members of request bodies, and returns each in its stored form.

use crate::document::limits::NAME_MAX;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::bytes::find_byte;
use crate::tables::letters::to_lowercase;
use crate::tables::text::{number, split, split_once};

use super::passwords::check_length;
use super::paths::RESET_PASSWORD;
use super::permissions::{Permissions, IS_ADMIN};

pub(super) fn bounded_text(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let text = node.text(problems)?;
    if text.len() > NAME_MAX {
        node.problem_with(problems, Code::TooLong, "expected at most {} bytes", &[&number(NAME_MAX)]);
        return None;
    }
    Some(Value::Text(text.to_owned()))
}

/// A text that is not only white space.
pub(super) fn non_blank_text(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    if node.value.text().is_some_and(|text| text.trim().is_empty()) {
        node.problem(problems, Code::TooShort, "expected text, got only white space");
        return None;
    }
    bounded_text(node, problems)
}

/// An e-mail address: one `@`, at least one character before it, after it a domain with a dot and without empty
/// labels; no white space. The Dashboard's tests only show that `not_an_email` is refused. The address is stored in
/// lower case.
// Source: TykTechnologies/tyk-demo, its collection of requests, "Get a User".
pub(super) fn parse_email(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let value = non_blank_text(node, problems)?;
    let address = value.text().unwrap_or("");
    let is_address = !address.contains(char::is_whitespace)
        && split_once(address, b'@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && find_byte(domain.as_bytes(), b'@').is_none()
                && find_byte(domain.as_bytes(), b'.').is_some()
                && split(domain, b'.').all(|label| !label.is_empty())
        });
    if !is_address {
        node.problem_with(
            problems,
            Code::BadFormat,
            "expected an e-mail address such as `name@example.org`, got <>",
            &[address],
        );
        return None;
    }
    Some(Value::Text(to_lowercase(address)))
}

pub(super) fn password_of_any_strength(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    check_length(node, problems).map(|password| Value::Text(password.to_owned()))
}

pub(super) fn parse_flag(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    node.flag(problems).map(Value::Bool)
}

pub(super) fn parse_days(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    node.integer(0, i64::from(i32::MAX), problems).map(|_| node.value.clone())
}

pub(super) fn parse_object(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    node.object(problems).map(|_| node.value.clone())
}

/// An id, or an empty text for no id.
pub(super) fn optional_id(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let value = bounded_text(node, problems)?;
    if let Some(id) = value.text().filter(|id| find_byte(id.as_bytes(), b'/').is_some()) {
        node.problem_with(problems, Code::BadFormat, "an id has no `/`, got <>", &[id]);
        return None;
    }
    Some(value)
}

/// Permissions from a user request. `ResetPassword` is ignored here, so the stored value does not change.
// Source: Tyk dashboard swagger, `POST /api/users` (`ResetPassword`: admin API only).
pub(super) fn user_permissions(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    granting_value(node, Permissions::parse(node, problems)?.without_keys(&[RESET_PASSWORD]), problems)
}

pub(super) fn admin_permissions(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    granting_value(node, Permissions::parse(node, problems)?, problems)
}

/// Permissions from a group request. A group cannot make admins; other values of `IsAdmin` are dropped.
// Source: Tyk Dashboard release notes, 5.7.
pub(super) fn group_permissions(node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    let permissions = Permissions::parse(node, problems)?;
    if permissions.is_admin() {
        problems.add(
            node.value,
            Some(IS_ADMIN),
            Code::BadGrant,
            "a group cannot make admins: set `IsAdmin` in the permissions of a user",
        );
        return None;
    }
    granting_value(node, permissions.without_keys(&[IS_ADMIN, RESET_PASSWORD]), problems)
}

/// The stored form of permissions that grant something. An object with only `deny` is refused.
// Source: Tyk dashboard swagger, `POST /api/users`, "specify at least one permission, or make them an admin".
fn granting_value(node: Node<'_>, permissions: Permissions<'_>, problems: &mut Problems) -> Option<Value> {
    if permissions.is_admin() || permissions.grants_anything() {
        return Some(permissions.to_stored_value());
    }
    node.problem(problems, Code::NoGrant, "expected at least one section with `read` or `write`, or an admin");
    None
}
