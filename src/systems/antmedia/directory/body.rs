//! Parses the bodies of requests.

use super::super::{Antmedia, Kind, Records};
use super::responses::bad_request;
use crate::directory::prelude::{BodyError, Call, Interrupt, Transaction};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;
use crate::tables::text::quote;

/// The e-mail address that no user can have, because `DELETE /users/logout` signs the caller out.
pub const LOGOUT: &str = "logout";
pub const LOGOUT_MESSAGE: &str =
    "`DELETE /rest/v2/users/logout` is a route of the API: expected another e-mail address";

/// A parsed body.
pub enum ParsedBody {
    /// `null`, which the panel accepts as a body without members.
    Null,
    /// A required field is missing or invalid. The handler reports it, as the product's service does.
    Incomplete(MissingField, Value),
    /// The validated body.
    Complete(Value),
}

/// A required field that is missing or invalid. An empty text is the same as a missing one.
pub enum MissingField {
    Email,
    NewPassword,
    /// The password. For a sign-in, also a password that is not a text or is too long.
    Password,
    /// The e-mail address of a new user is invalid; with the reason.
    NewEmail(String),
    /// The rights contain no valid grant; with the message.
    Grant(String),
}

/// Parses a body as JSON, whatever its content type.
///
/// # Errors
///
/// 400 for a malformed document, a list, an unknown member, a wrong type, or a value over its limit.
pub fn parse_body(tx: &Transaction<'_>, call: &Call<'_>, kind: Kind) -> Result<ParsedBody, Interrupt> {
    let document = call.json().map_err(|error| match error {
        BodyError::Absent => bad_request(kind, "expected a user as a JSON object, got no body"),
        BodyError::Malformed => bad_request(kind, "expected a user as a JSON object, got malformed JSON"),
    })?;
    if document == Value::Null {
        return Ok(ParsedBody::Null);
    }
    match tx.validate::<Antmedia>(&Records::default(), kind, &document) {
        Ok(form) => Ok(ParsedBody::Complete(form)),
        Err(problems) => match first_missing_field(kind, &problems)? {
            MissingField::NewEmail(_) if document.get("email").and_then(Value::text) == Some(LOGOUT) => {
                Ok(ParsedBody::Incomplete(MissingField::NewEmail(LOGOUT_MESSAGE.to_owned()), document))
            }
            missing => Ok(ParsedBody::Incomplete(missing, document)),
        },
    }
}

/// The missing field that the product's service reports first, if the body has no other problems.
fn first_missing_field(kind: Kind, problems: &[Problem]) -> Result<MissingField, Interrupt> {
    let mut missing = Vec::new();
    for problem in problems {
        missing.push(missing_field(kind, problem).ok_or_else(|| bad_request(kind, &message_with_member(problem)))?);
    }
    let order = |missing_field: &MissingField| match missing_field {
        MissingField::Email => 0,
        MissingField::NewPassword => 1,
        MissingField::Password => 2,
        MissingField::NewEmail(_) => 3,
        MissingField::Grant(_) => 4,
    };
    missing.into_iter().min_by_key(order).ok_or_else(|| bad_request(kind, "expected a user as a JSON object"))
}

/// The message of a problem, with the name of the member.
fn message_with_member(Problem { path, message, .. }: &Problem) -> String {
    match path.strip_prefix('/').map(quote) {
        Some(member) if !message.contains(&member) => format!("{member}: {message}"),
        _ => message.clone(),
    }
}

fn missing_field(kind: Kind, problem: &Problem) -> Option<MissingField> {
    match (problem.path.as_str(), problem.code, kind) {
        ("/email", Code::Required | Code::TooShort, _) => Some(MissingField::Email),
        ("/email", Code::TooLong | Code::BadFormat, Kind::UserCreate | Kind::UserInitial) => {
            Some(MissingField::NewEmail(problem.message.clone()))
        }
        ("/password", Code::Required | Code::TooShort, _) => Some(MissingField::Password),
        ("/password", Code::WrongType | Code::TooLong, Kind::SessionCreate) => Some(MissingField::Password),
        ("/newPassword", Code::Required | Code::TooShort, _) => Some(MissingField::NewPassword),
        ("/scope", Code::Required, _) | (_, Code::NoGrant, _) => Some(MissingField::Grant(problem.message.clone())),
        _ => None,
    }
}
