//! What is refused, and how each of the two faces says it.

use std::borrow::Cow;

use crate::directory::prelude::{Call, Fault, Interrupt, Rejection, Response};
use crate::document::problem::Problem;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// Why something is refused: the product's code for it, its status, and SCIM's own word where it has one.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: Cow<'static, str>,
    scim_type: Option<&'static str>,
}

impl Refusal {
    /// The same refusal with a message that names what was sent.
    #[must_use]
    pub fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..self }
    }
}

const fn refusal(status: u16, code: &'static str, message: &'static str) -> Refusal {
    Refusal { status, code, message: Cow::Borrowed(message), scim_type: None }
}

const fn invalid(code: &'static str, message: &'static str) -> Refusal {
    Refusal { status: 400, code, message: Cow::Borrowed(message), scim_type: Some("invalidValue") }
}

const fn exists(code: &'static str, message: &'static str) -> Refusal {
    Refusal { status: 409, code, message: Cow::Borrowed(message), scim_type: Some("uniqueness") }
}

// Source: WSO2 kernel, `UserCoreErrorConstants`. The statuses are a choice of ours: the console's own service has
// one status for every fault.
pub const PASSWORD: Refusal = invalid("30003", "the password does not match the pattern of its user store");
pub const OLD_PASSWORD: Refusal = invalid("30006", "the current password is wrong");
pub const ROLE_NAME: Refusal = invalid("30011", "the role name does not match the pattern of its user store");
pub const USER_NAME: Refusal = invalid("31301", "the user name does not match the pattern of its user store");
pub const NO_INTERNAL_ROLE: Refusal = invalid("31303", "there is no such internal role");
pub const NO_STORE_ROLE: Refusal = invalid("31304", "there is no such role in the user store");
pub const EMPTY_ROLE: Refusal = invalid("31704", "a role needs a name");
pub const UNKNOWN_DOMAIN: Refusal = invalid("32103", "no user store has this domain");
pub const READ_ONLY: Refusal = refusal(403, "30002", "the user store is read-only");
pub const ADMIN_KEEPS_ROLE: Refusal = refusal(403, "30008", "the admin user keeps the admin role");
pub const EVERYONE_IS_GIVEN: Refusal =
    refusal(403, "30009", "every user has the role of everyone, and nothing else has its name");
pub const ADMIN_ROLE_NAME: Refusal = refusal(403, "30010", "the name of the admin role is taken");
pub const NO_GROUPS_WRITTEN: Refusal = refusal(403, "30014", "the user store does not let its roles be changed");
pub const OTHER_DOMAIN: Refusal = refusal(403, "31501", "a role keeps its domain");
pub const ADMIN_ROLE_STAYS: Refusal = refusal(403, "31804", "the admin role can not be deleted");
pub const EVERYONE_STAYS: Refusal = refusal(403, "31805", "the role of everyone can not be deleted");
pub const DELETES_ITSELF: Refusal = refusal(403, "37001", "nobody deletes itself");
pub const ADMIN_STAYS: Refusal = refusal(403, "37002", "the admin user can not be deleted");
pub const ANONYMOUS_STAYS: Refusal = refusal(403, "37003", "the anonymous user can not be deleted");
pub const NO_USER: Refusal = refusal(404, "30007", "there is no such user");
pub const NO_ROLE: Refusal = refusal(404, "31806", "there is no such role");
pub const USER_EXISTS: Refusal = exists("30004", "there is a user of this name");
pub const ROLE_EXISTS: Refusal = exists("30012", "there is a role of this name");

// What the product has no number for.
pub const NO_PERMISSION: Refusal = refusal(403, "ACCESS_DENIED", "none of the caller's permissions lets it do this");
pub const ONLY_ADMIN: Refusal = refusal(
    403,
    "ACCESS_DENIED",
    "only the admin user may do this where it comes to the console's highest permissions",
);
pub const NEEDS_OLD_PASSWORD: Refusal =
    refusal(403, "ACCESS_DENIED", "one's own password is changed with the current one");
pub const NOT_ANONYMOUS: Refusal = refusal(403, "ACCESS_DENIED", "the anonymous user and its role stay as they are");
pub const NOT_EVERYONE: Refusal =
    refusal(403, "ACCESS_DENIED", "the role of everyone is every user's, and keeps its name");
pub const NOT_ADMIN_ROLE: Refusal = refusal(403, "ACCESS_DENIED", "the admin role keeps its name and its permissions");
pub const STAYS_ACTIVE: Refusal =
    refusal(403, "ACCESS_DENIED", "the admin user stays active, and nobody deactivates itself");
pub const UNAUTHORIZED: Refusal =
    refusal(401, "unauthorized", "sign in by `Authorization: Basic` with a user's name and password");
pub const BAD_REQUEST: Refusal = invalid("bad_request", "the body does not have the form of this operation");
pub const TOO_MANY_ROLES: Refusal = invalid("bad_request", "a user has at most 90 roles");
pub const TOO_MANY_RULES: Refusal = invalid("bad_request", "a role has at most 100 permissions");
pub const ATTRIBUTES_TOO_LARGE: Refusal = invalid("bad_request", "the attributes of a user have at most 65536 bytes");
pub const UNKNOWN_OPERATION: Refusal = refusal(404, "unknown_operation", "there is no such operation");
pub const UNKNOWN_PATH: Refusal = refusal(404, "not_found", "there is nothing at this path");
const METHOD_NOT_ALLOWED: Refusal = refusal(405, "method_not_allowed", "this path does not take this method");
pub const NO_QUERY: Refusal =
    invalid("bad_request", "an operation has no query parameters: send what it needs as members of the body");
pub const NO_JSON: Refusal = refusal(415, "unsupported_media_type", "send the body as `application/json`");

// What only SCIM knows. Source: RFC 7644, section 3.12.
const fn scim(status: u16, scim_type: &'static str, message: &'static str) -> Refusal {
    Refusal { status, code: scim_type, message: Cow::Borrowed(message), scim_type: Some(scim_type) }
}

pub const INVALID_SYNTAX: Refusal =
    scim(400, "invalidSyntax", "the body is no JSON document of the form that this request has");
pub const INVALID_VALUE: Refusal =
    scim(400, "invalidValue", "a value does not have the type of its attribute, or a required one is missing");
pub const INVALID_PATH: Refusal = scim(
    400,
    "invalidPath",
    "`path` names no attribute of this resource: expected `attr`, `attr.sub`, `attr[filter]` or `attr[filter].sub`",
);
pub const INVALID_FILTER: Refusal = scim(
    400,
    "invalidFilter",
    "the filter can not be read: expected for example `userName eq \"bob\" and active eq true`",
);
pub const UNREADABLE_FILTER: Refusal =
    scim(400, "invalidFilter", "the filter can not be decoded: expected UTF-8, percent-encoded, with `%25` for a `%`");
pub const UNREADABLE_QUERY: Refusal =
    scim(400, "invalidValue", "the query can not be decoded: expected UTF-8, percent-encoded, with `%25` for a `%`");
pub const MUTABILITY: Refusal = scim(400, "mutability", "this attribute can not be changed");
pub const USER_NAME_STAYS: Refusal = scim(400, "mutability", "Attribute userName cannot be modified.");
pub const PASSWORD_STAYS: Refusal = scim(400, "mutability", "a password is not taken away: send another one");
pub const NO_TARGET: Refusal = scim(400, "noTarget", "nothing stands where `path` leads, or a `remove` has no `path`");
pub const TOO_MANY: Refusal =
    scim(400, "tooMany", "this touches more members than one request may: name them by `members[value eq \"…\"]`");
pub const SENSITIVE_FILTER: Refusal = refusal(403, "forbidden", "what a service can do is not filtered");
pub const NO_SORT: Refusal =
    refusal(501, "not_implemented", "lists are not sorted here: leave out `sortBy` and `sortOrder`");
pub const NO_BULK: Refusal = refusal(501, "not_implemented", "there are no bulk operations here");

/// Who reads the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// A client of the console's operations, or of the portal's password form.
    Services,
    /// A client of SCIM 2.0.
    Scim,
}

impl Face {
    /// Who reads the answer to a request for this path, whether or not anything is there.
    pub fn of(path: &str) -> Self {
        let tenant = path.strip_prefix("/t/").and_then(|path| path.find('/').and_then(|end| path.get(end..)));
        match tenant.unwrap_or(path).strip_prefix("/scim2") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::Scim,
            _ => Self::Services,
        }
    }

    /// The answer that says no.
    pub fn refuse(self, refusal: Refusal) -> Interrupt {
        self.refused(refusal).into()
    }

    /// The answer where a path takes no other methods than these.
    pub fn refuse_method(self, allowed: &'static str) -> Interrupt {
        self.refused(METHOD_NOT_ALLOWED).with_header("allow", allowed).into()
    }

    fn refused(self, refusal: Refusal) -> Response {
        let Refusal { status, code, message, scim_type } = refusal;
        let response = match self {
            Self::Services => {
                Response::json(status, Value::object([("error", code.into()), ("message", (&*message).into())]))
            }
            Self::Scim => error(status, scim_type, &message),
        };
        match status {
            401 => response.with_header("www-authenticate", "Basic realm=\"WSO2\", charset=\"UTF-8\""),
            _ => response,
        }
    }
}

/// A body that does not have the form of its operation: where, and what is expected there.
pub fn malformed(problem: &Problem) -> Response {
    let members = [
        ("error", BAD_REQUEST.code.into()),
        ("message", problem.message.as_str().into()),
        ("path", problem.path.as_str().into()),
    ];
    Response::json(BAD_REQUEST.status, Value::object(members))
}

/// `application/scim+json`
pub fn scim_json(status: u16, body: Value) -> Response {
    Response::json(status, body).with_header("content-type", SCIM_JSON)
}

/// The media type of SCIM.
pub const SCIM_JSON: &str = "application/scim+json";

// Source: RFC 7644, section 3.12: the status is a string.
fn error(status: u16, scim_type: Option<&str>, detail: &str) -> Response {
    let mut body = vec![
        ("schemas".to_owned(), Value::texts(&["urn:ietf:params:scim:api:messages:2.0:Error"])),
        ("status".to_owned(), Value::Text(status.to_string())),
    ];
    body.extend(scim_type.map(|scim_type| ("scimType".to_owned(), scim_type.into())));
    body.push(("detail".to_owned(), detail.into()));
    scim_json(status, Value::Object(body))
}

/// What the directory itself refuses.
pub fn rejection(Rejection { status, word, message }: Rejection, call: &Call<'_>) -> Response {
    let form = if status == 400 { |_, code, message| invalid(code, message) } else { refusal };
    Face::of(call.path).refused(form(status, word, message))
}

/// What is not the caller's doing.
pub fn fault(fault: Fault, path: &str) -> Response {
    Face::of(path).refused(refusal(fault.status(), fault.word(), fault.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::prelude::Body;

    #[test]
    fn what_is_wrong_is_said_in_the_form_of_whoever_asked() {
        let of_scim = ["schemas", "status", "detail"];
        let of_services = ["error", "message"];
        for (path, names) in [
            ("/scim2", &of_scim[..]),
            ("/scim2/", &of_scim),
            ("/scim2/Users/%ff", &of_scim),
            ("/t/carbon.super/scim2/Users", &of_scim),
            ("/t/carbon.super/services/scim2", &of_services),
            ("/t/scim2", &of_services),
            ("/scim2x", &of_services),
            ("/services/UserAdmin/scim2/", &of_services),
            ("", &of_services),
        ] {
            let said = fault(Fault::TooLarge, path);
            let Body::Json(Value::Object(members)) = &said.body else { return assert_eq!(path, "") };
            let told: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!((said.status, told.as_slice()), (413, names), "{path}");
            let media: Vec<&str> = said.headers.iter().map(|(_, value)| value.as_str()).collect();
            assert_eq!(media.contains(&SCIM_JSON), Face::of(path) == Face::Scim, "{path}");
        }
    }
}
