//! What the Dashboard's answers look like.
//!
//! Source: Tyk dashboard swagger: the envelope `{"Status", "Message", "Meta"}`. The texts are those of the swaggers,
//! where they have one.

use super::super::access::{classify_action, Intent};
use super::super::{Action, Rule, Tyk};
use crate::directory::prelude::{Fault, Interrupt, Response};
use crate::document::value::Value;
use crate::system::Ruling;

/// An answer that refuses: the status and the message.
#[derive(Clone, Copy)]
pub struct Refusal(pub u16, pub &'static str);

pub const NOT_AUTHORISED: Refusal = Refusal(401, "Not authorised");
pub const BAD_CREDENTIALS: Refusal = Refusal(401, "Credentials are incorrect, please try again");
pub const PASSWORD_TOO_OLD: Refusal =
    Refusal(403, "User password has expired, set a new one by POST /api/password/forgot and the link that it mails");
pub const NOT_HERE: Refusal = Refusal(404, "There is nothing here that answers this request");
pub const BAD_PAGE: Refusal = Refusal(400, "Expected `p` to be the number of a page, or less than 0 for all");
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
pub const LAST_ADMIN: Refusal = Refusal(403, "This is the last active admin of the org, make another one first.");
pub const NO_USER: Refusal = Refusal(404, "Could not retrieve user detail.");
pub const NO_USER_TO_REVOKE: Refusal = Refusal(400, "Could not retrieve user detail.");
pub const NO_USER_TO_UPDATE: Refusal = Refusal(400, "user does not exist.");
pub const NO_USER_DETAIL: Refusal = Refusal(404, "Could not retrieve user detail");
pub const NO_USER_OF_ANY_ORG: Refusal = Refusal(404, "User not found");
pub const EMPTY_BODY: Refusal = Refusal(500, "Failed to read response body, body empty");

pub const MALFORMED_PASSWORD: Refusal = Refusal(403, "Request body malformed.");
pub const WEAK_PASSWORD: Refusal = Refusal(403, "The new password does not meet the password policy.");
pub const WRONG_PASSWORD: Refusal = Refusal(403, "The current password is incorrect.");
pub const USED_PASSWORD: Refusal = Refusal(403, "The new password was used before, choose another one.");
pub const BAD_LINK: Refusal = Refusal(403, "Reset link is invalid or has expired");

pub const MALFORMED_GROUP: Refusal = Refusal(403, "Request body malformed.");
pub const MALFORMED_GROUP_UPDATE: Refusal = Refusal(400, "Request body malformed.");
pub const NO_GROUP_PERMISSION: Refusal = Refusal(403, "A user group has at least one permission, and makes no admins.");
pub const NO_GROUP: Refusal = Refusal(404, "Could not retrieve user group detail.");
/// So the documentation has it, where a group is deleted.
pub const NO_GROUP_TO_DELETE: Refusal = Refusal(404, "Could not retrieve user detail.");
pub const NO_GROUP_TO_UPDATE: Refusal = Refusal(400, "Group ID does not exist");

impl From<Refusal> for Interrupt {
    fn from(Refusal(status, message): Refusal) -> Self {
        failure(status, message).into()
    }
}

/// `{"Status": "OK", "Message", "Meta"}`
pub fn success(message: &str, meta: Value) -> Response {
    Response::json(200, envelope("OK", message, meta))
}

/// `{"Status": "Error", "Message", "Meta": null}`
pub fn failure(status: u16, message: &str) -> Response {
    Response::json(status, envelope("Error", message, Value::Null))
}

fn envelope(status: &str, message: &str, meta: Value) -> Value {
    Value::object([("Status", status.into()), ("Message", message.into()), ("Meta", meta)])
}

/// A method that the path does not have.
pub fn no_such_method(allowed: &'static str) -> Interrupt {
    failure(405, &format!("Expected one of these methods here: {allowed}")).with_header("allow", allowed).into()
}

/// What a denied request is told. One about an API of another organisation is told what one is about an API that
/// nobody has, where no host answers that.
///
/// Source: Tyk Dashboard, default OPA rules, the texts of `deny`.
pub fn denied(ruling: &Ruling<Tyk>, action: Option<Action>, path: &str) -> Interrupt {
    let text = match ruling.rule {
        Rule::OtherOrg => return failure(Fault::NotFound.status(), Fault::NotFound.message()).into(),
        Rule::SectionOperation | Rule::AdminSectionDenied | Rule::AuditLogsReadOnly => {
            let intent = action.map_or("", |action| match classify_action(action).1 {
                Intent::Read => "read",
                Intent::Write => "write",
                Intent::Delete => "delete",
            });
            format!("You do not have permission to carry out '{intent}' operation.")
        }
        Rule::ResetOther => "You do not have permission to reset the password for other users.".to_owned(),
        Rule::AdminResetOther => "You do not have permission to reset the password for other users. It takes \
            allow_admin_reset_password, or the ResetPassword permission of the admin API."
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
    failure(403, &format!("access denied: {text}")).into()
}

/// A path below a known one that nothing answers.
pub fn nothing_here() -> Interrupt {
    NOT_HERE.into()
}
