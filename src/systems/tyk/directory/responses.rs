//! The Dashboard's responses.
//!
//! Source: Tyk dashboard swagger: the envelope `{"Status", "Message", "Meta"}`. The messages are those of the
//! swaggers, if they have one.

use super::super::access::{classify_action, Intent};
use super::super::{Action, Rule, Tyk};
use crate::directory::prelude::{Fault, Interrupt, Response};
use crate::document::value::Value;
use crate::system::Ruling;

/// The status and the message of a refusal.
#[derive(Clone, Copy)]
pub struct Refusal(pub u16, pub &'static str);

pub const NOT_AUTHORISED: Refusal = Refusal(401, "Not authorised");
pub const BAD_CREDENTIALS: Refusal = Refusal(401, "Credentials are incorrect, please try again");
pub const PASSWORD_TOO_OLD: Refusal =
    Refusal(403, "User password has expired: set a new one by POST /api/password/forgot and the link that it mails");
pub const NOT_HERE: Refusal = Refusal(404, "No route matches this request");
pub const BAD_PAGE: Refusal = Refusal(400, "Expected `p` to be a page number, or less than 0 for all pages");
pub const BAD_SEARCH: Refusal = Refusal(400, "Could not extract search filter from request body.");
pub const BAD_SEARCH_QUERY: Refusal = Refusal(400, "Expected a part of an email address in the parameter `q`");
pub const BAD_LOGIN: Refusal = Refusal(400, "Expected a JSON object with `email_address` and `password`");
pub const BAD_FORGOT: Refusal = Refusal(400, "Expected a JSON object with `email_address`");

pub const BAD_USER: Refusal = Refusal(400, "User object validation failed.");
pub const MALFORMED_USER: Refusal = Refusal(400, "Request body malformed.");
pub const NO_PERMISSION: Refusal =
    Refusal(403, "To create a user specify at least one permission, or make them an admin.");
pub const ADMIN_GRANT: Refusal = Refusal(403, "Only an admin can make a user an admin.");
pub const SUPER_ADMIN_GRANT: Refusal = Refusal(403, "Only the admin API can make a user an admin.");
pub const BAD_EMAIL: Refusal = Refusal(403, "Expected an email address such as name@example.org.");
pub const EMAIL_EXISTS: Refusal = Refusal(403, "User email already exists for this org.");
pub const LAST_ADMIN: Refusal = Refusal(403, "This is the last active admin of the org: make another one first.");
pub const NO_USER: Refusal = Refusal(404, "Could not retrieve user detail.");
pub const NO_USER_TO_REVOKE: Refusal = Refusal(400, "Could not retrieve user detail.");
pub const NO_USER_TO_UPDATE: Refusal = Refusal(400, "user does not exist.");
pub const NO_USER_DETAIL: Refusal = Refusal(404, "Could not retrieve user detail");
pub const NO_USER_OF_ANY_ORG: Refusal = Refusal(404, "User not found");
pub const EMPTY_BODY: Refusal = Refusal(500, "Failed to read response body, body empty");

pub const MALFORMED_PASSWORD: Refusal = Refusal(403, "Request body malformed.");
pub const WEAK_PASSWORD: Refusal = Refusal(403, "The new password does not meet the password policy.");
pub const WRONG_PASSWORD: Refusal = Refusal(403, "The current password is incorrect.");
pub const USED_PASSWORD: Refusal = Refusal(403, "The new password was used before: choose another one.");
pub const BAD_LINK: Refusal = Refusal(403, "Reset link is invalid or has expired");

pub const MALFORMED_GROUP: Refusal = Refusal(403, "Request body malformed.");
pub const MALFORMED_GROUP_UPDATE: Refusal = Refusal(400, "Request body malformed.");
pub const NO_GROUP_PERMISSION: Refusal =
    Refusal(403, "A user group needs at least one permission, and cannot make admins.");
pub const NO_GROUP: Refusal = Refusal(404, "Could not retrieve user group detail.");
/// The documented message for the deletion of a group, which says "user".
pub const NO_GROUP_TO_DELETE: Refusal = Refusal(404, "Could not retrieve user detail.");
pub const NO_GROUP_TO_UPDATE: Refusal = Refusal(400, "Group ID does not exist");

impl From<Refusal> for Interrupt {
    fn from(Refusal(status, message): Refusal) -> Self {
        error_response(status, message).into()
    }
}

/// `{"Status": "OK", "Message", "Meta"}`
pub fn success_response(message: &str, meta: Value) -> Response {
    Response::json(200, envelope("OK", message, meta))
}

/// `{"Status": "Error", "Message", "Meta": null}`
pub fn error_response(status: u16, message: &str) -> Response {
    Response::json(status, envelope("Error", message, Value::Null))
}

fn envelope(status: &str, message: &str, meta: Value) -> Value {
    Value::object([("Status", status.into()), ("Message", message.into()), ("Meta", meta)])
}

/// The path does not have this method.
pub fn method_not_allowed(allowed: &'static str) -> Interrupt {
    error_response(405, &format!("Expected one of these methods here: {allowed}")).with_header("allow", allowed).into()
}

/// The response to a denied request. A request for an API of another organisation gets the same response as one for
/// an API that does not exist, if the host has no such route.
///
/// Source: Tyk Dashboard, default OPA rules, the messages of `deny`.
pub fn denied_response(ruling: &Ruling<Tyk>, action: Option<Action>, path: &str) -> Interrupt {
    let text = match ruling.rule {
        Rule::OtherOrg => return error_response(Fault::NotFound.status(), Fault::NotFound.message()).into(),
        Rule::SectionOperation | Rule::AdminSectionDenied | Rule::AuditLogsReadOnly => {
            let intent = action.map_or("", |action| match classify_action(action).1 {
                Intent::Read => "read",
                Intent::Write => "write",
                Intent::Delete => "delete",
            });
            format!("You do not have permission to carry out '{intent}' operation.")
        }
        Rule::ResetOther => "You do not have permission to reset the password for other users.".to_owned(),
        Rule::AdminResetOther => "You do not have permission to reset the password for other users. Set \
            allow_admin_reset_password, or grant the ResetPassword permission by the admin API."
            .to_owned(),
        Rule::KeyResetForbidden => {
            "You do not have permission to reset the access key of other users: forbid_admin_reset_access_token is set."
                .to_owned()
        }
        Rule::UnknownAction | Rule::MalformedPath => {
            format!("This action is unknown. You do not have permission to access '{path}'.")
        }
        Rule::Inactive => "User is not active".to_owned(),
        _ => format!("You do not have permission to access '{path}'."),
    };
    error_response(403, &format!("access denied: {text}")).into()
}

/// No handler exists for a path below a known one.
pub fn no_route() -> Interrupt {
    NOT_HERE.into()
}
