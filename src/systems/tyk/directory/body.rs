//! Bodies of requests: what is wrong with them, and what they change.

use super::super::paths::RESET_PASSWORD;
use super::responses::{Refusal, BAD_EMAIL, BAD_USER, MALFORMED_USER, NO_PERMISSION};
use super::stored::{members, whole, User};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// How deep `api_model` nests: records that hold it, two levels up, are read with 32.
const DEPTH_MAX: usize = 29;
/// The names that a body may give to something.
const NAMES: [&str; 6] = ["first_name", "last_name", "email_address", "group_id", "org_id", "name"];

/// Why a new user is refused.
// Source: Tyk dashboard swagger, `POST /api/users`. The permissions are looked at last.
pub fn wrong_user(problems: &[Problem]) -> Refusal {
    if problems.iter().all(|problem| problem.code == Code::NoGrant) {
        NO_PERMISSION
    } else {
        BAD_USER
    }
}

/// Why a change of a user is refused.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}`.
pub fn wrong_update(problems: &[Problem]) -> Refusal {
    let is_email = |problem: &Problem| {
        problem.path == "/email_address" && matches!(problem.code, Code::BadFormat | Code::TooShort)
    };
    if problems.iter().any(|problem| problem.code != Code::NoGrant && !is_email(problem)) {
        MALFORMED_USER
    } else if problems.iter().any(is_email) {
        BAD_EMAIL
    } else {
        NO_PERMISSION
    }
}

/// Whether names are short enough, and `api_model` is flat enough, to be kept.
pub fn is_bounded(body: &Value) -> bool {
    let is_short = |name: &&str| body.get(name).and_then(Value::text).is_none_or(|text| text.len() <= NEW_NAME_MAX);
    NAMES.iter().all(is_short) && body.get("api_model").is_none_or(|model| depth(model) <= DEPTH_MAX)
}

fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Object(members) => members.iter().map(|(_, value)| depth(value)).max(),
        Value::List(items) => items.iter().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => return 0,
    };
    deepest.unwrap_or(0).saturating_add(1)
}

/// Puts the checked members of a body into a user; the permissions and the password are for the call to put.
pub fn apply(user: &mut User, body: &Value) {
    for (name, value) in members(body) {
        let text = || value.text().unwrap_or("").to_owned();
        match name.as_str() {
            "first_name" => user.first_name = text(),
            "last_name" => user.last_name = text(),
            "email_address" => user.email = text(),
            "group_id" => user.group = text(),
            "org_id" => user.org = text(),
            "password_max_days" => user.password_max_days = whole(value).unwrap_or(0),
            "api_model" => user.api_model = value.clone(),
            "active" => user.active = *value == Value::Bool(true),
            _ => {}
        }
    }
    if !user.active {
        // Source: Tyk dashboard swagger, `PUT /api/users/{id}`: a user who is deactivated is signed out.
        user.sessions.clear();
    }
}

/// The permissions that a body gives, with the `ResetPassword` that was stored before.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}` (`ResetPassword`: admin API only).
pub fn with_stored_reset(given: &Value, before: &Value) -> Value {
    let kept = members(before).iter().filter(|(name, _)| name == RESET_PASSWORD);
    Value::Object(members(given).iter().chain(kept).cloned().collect())
}
