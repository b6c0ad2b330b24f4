//! Request bodies for users: why they are refused, and the changes they make.

use super::super::model::Records;
use super::super::passwords::are_about_strength;
use super::super::paths::RESET_PASSWORD;
use super::super::{Kind, Tyk};
use super::responses::{Refusal, BAD_EMAIL, BAD_USER, MALFORMED_USER, NO_PERMISSION, WEAK_PASSWORD};
use super::stored::{integer, members, User};
use crate::directory::prelude::{BodyError, Call, Interrupt, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// The greatest depth of `api_model`. Records contain it two levels deeper, and are parsed with a depth of 32.
const DEPTH_MAX: usize = 29;
/// The members with names.
const NAMES: [&str; 6] = ["first_name", "last_name", "email_address", "group_id", "org_id", "name"];

/// Parses the body of a request. The product refuses a malformed one with a 403, which must not be the response to one
/// that was not read because of its size.
///
/// # Errors
///
/// [`Interrupt::Body`] for a body that the host has withheld.
pub fn parse_body(call: &Call<'_>) -> Result<Result<Value, BodyError>, Interrupt> {
    call.require_body()?;
    Ok(call.json())
}

/// The refusal for the body of a new user.
// Source: Tyk dashboard swagger, `POST /api/users`. The permissions are checked last.
pub fn new_user_refusal(problems: &[Problem]) -> Refusal {
    if problems.iter().all(|problem| problem.code == Code::NoGrant) {
        NO_PERMISSION
    } else {
        BAD_USER
    }
}

/// The refusal for the body of an update of a user.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}`.
pub fn update_refusal(problems: &[Problem]) -> Refusal {
    let is_email = |problem: &Problem| {
        problem.path == "/email_address" && matches!(problem.code, Code::BadFormat | Code::TooShort)
    };
    if are_about_strength(problems) {
        WEAK_PASSWORD
    } else if problems.iter().any(|problem| problem.code != Code::NoGrant && !is_email(problem)) {
        MALFORMED_USER
    } else if problems.iter().any(is_email) {
        BAD_EMAIL
    } else {
        NO_PERMISSION
    }
}

/// Whether the names and the depth of `api_model` are within the limits of stored entries.
pub fn is_bounded(body: &Value) -> bool {
    let is_short = |name: &&str| body.get(name).and_then(Value::text).is_none_or(|text| text.len() <= NEW_NAME_MAX);
    NAMES.iter().all(is_short) && body.get("api_model").is_none_or(|model| model.depth() <= DEPTH_MAX)
}

/// Validates a body, and checks that it fits into stored entries. `refusal` selects the refusal of an invalid body; one
/// that does not fit is refused as malformed.
pub fn validate_body(
    tx: &Transaction<'_>,
    records: &Records,
    (kind, body): (Kind, &Value),
    malformed: Refusal,
    refusal: impl Fn(&[Problem]) -> Refusal,
) -> Result<Value, Refusal> {
    let checked = tx.validate::<Tyk>(records, kind, body).map_err(|problems| refusal(&problems))?;
    if is_bounded(&checked) {
        Ok(checked)
    } else {
        Err(malformed)
    }
}

/// Applies the validated members of a body to a user, except the permissions and the password.
pub fn apply_to_user(user: &mut User, body: &Value) {
    for (name, value) in members(body) {
        let text = || value.text().unwrap_or("").to_owned();
        match name.as_str() {
            "first_name" => user.first_name = text(),
            "last_name" => user.last_name = text(),
            "email_address" => user.email = text(),
            "group_id" => user.group = text(),
            "org_id" => user.org = text(),
            "password_max_days" => user.password_max_days = integer(value).unwrap_or(0),
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

/// The permissions of a body, with the stored value of `ResetPassword`.
// Source: Tyk dashboard swagger, `PUT /api/users/{id}` (`ResetPassword`: admin API only).
pub fn with_stored_reset_permission(permissions: &Value, before: &Value) -> Value {
    let kept = members(before).iter().filter(|(name, _)| name == RESET_PASSWORD);
    Value::Object(members(permissions).iter().chain(kept).cloned().collect())
}
