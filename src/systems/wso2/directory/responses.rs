//! The refusals and faults, in the error formats of `UserAdmin` and of SCIM.

use std::borrow::Cow;

use crate::directory::prelude::{Call, Fault, Interrupt, Rejection, Response};
use crate::document::problem::Problem;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The reason for a refusal: the product's code, the HTTP status, and SCIM's error type if one exists.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: Cow<'static, str>,
    scim_type: Option<&'static str>,
}

impl Refusal {
    /// The same refusal with a message that contains what was sent.
    #[must_use]
    pub fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..self }
    }
}

const fn typed_refusal(
    status: u16,
    code: &'static str,
    message: &'static str,
    scim_type: Option<&'static str>,
) -> Refusal {
    Refusal { status, code, message: Cow::Borrowed(message), scim_type }
}

const fn refusal(status: u16, code: &'static str, message: &'static str) -> Refusal {
    typed_refusal(status, code, message, None)
}

const fn invalid(code: &'static str, message: &'static str) -> Refusal {
    typed_refusal(400, code, message, Some("invalidValue"))
}

const fn exists(code: &'static str, message: &'static str) -> Refusal {
    typed_refusal(409, code, message, Some("uniqueness"))
}

// Source: WSO2 kernel, `UserCoreErrorConstants`. The HTTP statuses are ours: the console's own service has one status
// for all faults.
pub const PASSWORD: Refusal = invalid("30003", "the password does not match the pattern of its user store");
pub const OLD_PASSWORD: Refusal = invalid("30006", "the current password is wrong");
pub const ROLE_NAME: Refusal = invalid("30011", "the role name does not match the pattern of its user store");
pub const USER_NAME: Refusal = invalid("31301", "the user name does not match the pattern of its user store");
pub const NO_INTERNAL_ROLE: Refusal = invalid("31303", "the internal role does not exist");
pub const NO_STORE_ROLE: Refusal = invalid("31304", "the role does not exist in the user store");
pub const EMPTY_ROLE: Refusal = invalid("31704", "a role needs a name");
pub const NO_USER_NAME: Refusal = invalid("31301", "expected the name of a user, got an empty or blank one");
pub const RESERVED_USER_NAME: Refusal = invalid("31301", "this user name is reserved for the system");
pub const UNKNOWN_DOMAIN: Refusal = invalid("32103", "no user store has this domain");
pub const READ_ONLY: Refusal = refusal(403, "30002", "the user store is read-only");
pub const ADMIN_KEEPS_ROLE: Refusal = refusal(403, "30008", "the admin role cannot be removed from the admin user");
pub const EVERYONE_IS_GIVEN: Refusal =
    refusal(403, "30009", "this name is reserved for the everyone role, which every user has");
pub const ADMIN_ROLE_NAME: Refusal = refusal(403, "30010", "this name is reserved for the admin role");
pub const ROLES_READ_ONLY: Refusal = refusal(403, "30014", "the roles of this user store cannot be changed");
pub const OTHER_DOMAIN: Refusal = refusal(403, "31501", "a role cannot move to another domain");
pub const ADMIN_ROLE_STAYS: Refusal = refusal(403, "31804", "the admin role cannot be deleted");
pub const EVERYONE_STAYS: Refusal = refusal(403, "31805", "the everyone role cannot be deleted");
pub const DELETES_ITSELF: Refusal = refusal(403, "37001", "users cannot delete themselves");
pub const ADMIN_STAYS: Refusal = refusal(403, "37002", "the admin user cannot be deleted");
pub const ANONYMOUS_STAYS: Refusal = refusal(403, "37003", "the anonymous user cannot be deleted");
pub const NO_USER: Refusal = refusal(404, "30007", "the user does not exist");
pub const NO_ROLE: Refusal = refusal(404, "31806", "the role does not exist");
pub const USER_EXISTS: Refusal = exists("30004", "a user with this name already exists");
pub const ROLE_EXISTS: Refusal = exists("30012", "a role with this name already exists");

/// What is wrong with a body that cannot be parsed.
const MALFORMED: &str = "the body is not valid JSON in UTF-8, or it is nested too deeply";

// The product has no numbers for these.
pub const NO_PERMISSION: Refusal =
    refusal(403, "ACCESS_DENIED", "the caller does not have a permission for this operation");
/// Its message names what only the admin user may do.
pub const ONLY_ADMIN: Refusal = refusal(403, "ACCESS_DENIED", "only the admin user may do this");
pub const ONLY_ADMIN_STAYS: Refusal = refusal(403, "ACCESS_DENIED", "the admin user cannot be deleted");
pub const NEEDS_OLD_PASSWORD: Refusal =
    refusal(403, "ACCESS_DENIED", "change your own password with the operation that takes the current one");
pub const NOT_ANONYMOUS: Refusal = refusal(403, "ACCESS_DENIED", "the anonymous user and its role cannot be changed");
pub const NOT_EVERYONE: Refusal =
    refusal(403, "ACCESS_DENIED", "the everyone role cannot be renamed, and its users cannot be changed");
pub const NOT_ADMIN_ROLE: Refusal =
    refusal(403, "ACCESS_DENIED", "the name and the permissions of the admin role cannot be changed");
pub const STAYS_ACTIVE: Refusal =
    refusal(403, "ACCESS_DENIED", "the admin user cannot be deactivated, and users cannot deactivate themselves");
pub const UNAUTHORIZED: Refusal =
    refusal(401, "unauthorized", "sign in with `Authorization: Basic` and a user's name and password");
const BAD_REQUEST: Refusal = invalid("bad_request", "the body is not valid for this operation");
pub const NO_JSON_TEXT: Refusal = invalid("bad_request", MALFORMED);
pub const TOO_MANY_ROLES: Refusal = invalid("bad_request", "a user has at most 90 roles");
pub const TOO_MANY_RULES: Refusal = invalid("bad_request", "a role has at most 100 permissions");
pub const ATTRIBUTES_TOO_LARGE: Refusal = invalid("bad_request", "the attributes of a user have at most 65536 bytes");
pub const UNKNOWN_OPERATION: Refusal = refusal(404, "unknown_operation", "this operation does not exist");
pub const UNKNOWN_PATH: Refusal = refusal(404, "not_found", "this path does not exist");
const METHOD_NOT_ALLOWED: Refusal = refusal(405, "method_not_allowed", "this path does not support this method");
pub const NO_QUERY: Refusal =
    invalid("bad_request", "operations have no query parameters, send members of the body instead");
pub const NO_JSON: Refusal = refusal(415, "unsupported_media_type", "send the body as `application/json`");

pub const NO_SCIM_JSON: Refusal =
    refusal(415, "unsupported_media_type", "send the body as `application/scim+json` or `application/json`");

// Only for SCIM. Source: RFC 7644, section 3.12.
const fn scim(status: u16, scim_type: &'static str, message: &'static str) -> Refusal {
    typed_refusal(status, scim_type, message, Some(scim_type))
}

pub const INVALID_SYNTAX: Refusal = scim(400, "invalidSyntax", MALFORMED);
/// Its message names the value.
pub const INVALID_VALUE: Refusal = scim(400, "invalidValue", "a value is not valid");
pub const INVALID_PATH: Refusal = scim(
    400,
    "invalidPath",
    "`path` is not an attribute of this resource, expected `attr`, `attr.sub`, `attr[filter]` or `attr[filter].sub`",
);
pub const INVALID_FILTER: Refusal = scim(
    400,
    "invalidFilter",
    "the filter is not valid, expected for example `userName eq \"bob\" and active eq true`",
);
pub const UNREADABLE_FILTER: Refusal =
    scim(400, "invalidFilter", "the filter can not be decoded: expected UTF-8, percent-encoded, with `%25` for a `%`");
pub const UNREADABLE_QUERY: Refusal =
    scim(400, "invalidValue", "the query can not be decoded: expected UTF-8, percent-encoded, with `%25` for a `%`");
pub const MUTABILITY: Refusal = scim(400, "mutability", "this attribute cannot be changed");
pub const USER_NAME_STAYS: Refusal = scim(400, "mutability", "Attribute userName cannot be modified.");
pub const PASSWORD_STAYS: Refusal = scim(400, "mutability", "a password cannot be removed, send a new one");
pub const NO_TARGET: Refusal = scim(400, "noTarget", "`path` matches no value");
pub const TOO_MANY: Refusal =
    scim(400, "tooMany", "this changes too many members in one request, select them with `members[value eq \"…\"]`");
pub const SENSITIVE_FILTER: Refusal = refusal(403, "forbidden", "this endpoint does not support filters");
pub const NO_SORT: Refusal = refusal(501, "not_implemented", "sorting is not supported, omit `sortBy` and `sortOrder`");
pub const NO_BULK: Refusal = refusal(501, "not_implemented", "bulk operations are not supported");

/// The format of an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorFormat {
    /// For clients of the console's operations, and of the portal's password form.
    Services,
    /// For clients of SCIM 2.0.
    Scim,
}

impl ErrorFormat {
    /// The error format of a path, whether the path exists or not.
    pub fn of_path(path: &str) -> Self {
        let tenant = path.strip_prefix("/t/").and_then(|path| path.find('/').and_then(|end| path.get(end..)));
        match tenant.unwrap_or(path).strip_prefix("/scim2") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::Scim,
            _ => Self::Services,
        }
    }

    /// The error response of a refusal.
    pub fn refuse(self, refusal: Refusal) -> Interrupt {
        self.error_response(refusal).into()
    }

    /// The error response to an unsupported method.
    pub fn refuse_method(self, allowed: &'static str) -> Interrupt {
        self.error_response(METHOD_NOT_ALLOWED).with_header("allow", allowed).into()
    }

    fn error_response(self, refusal: Refusal) -> Response {
        let Refusal { status, code, message, scim_type } = refusal;
        let response = match self {
            Self::Services => {
                Response::json(status, Value::object([("error", code.into()), ("message", (&*message).into())]))
            }
            Self::Scim => scim_error_response(status, scim_type, &message),
        };
        match status {
            401 => response.with_header("www-authenticate", "Basic realm=\"WSO2\", charset=\"UTF-8\""),
            _ => response,
        }
    }
}

/// The response to a body that is not valid for its operation, with the place of the problem.
pub fn malformed_body_response(problem: &Problem) -> Response {
    let members = [
        ("error", BAD_REQUEST.code.into()),
        ("message", problem.message.as_str().into()),
        ("path", problem.path.as_str().into()),
    ];
    Response::json(BAD_REQUEST.status, Value::object(members))
}

/// `application/scim+json`
pub fn scim_json_response(status: u16, body: Value) -> Response {
    Response::json(status, body).with_header("content-type", SCIM_JSON)
}

/// The media type of SCIM.
pub const SCIM_JSON: &str = "application/scim+json";

// Source: RFC 7644, section 3.12: the status is a string.
fn scim_error_response(status: u16, scim_type: Option<&str>, detail: &str) -> Response {
    let mut body = vec![
        ("schemas".to_owned(), Value::texts(&["urn:ietf:params:scim:api:messages:2.0:Error"])),
        ("status".to_owned(), Value::Text(status.to_string())),
    ];
    body.extend(scim_type.map(|scim_type| ("scimType".to_owned(), scim_type.into())));
    body.push(("detail".to_owned(), detail.into()));
    scim_json_response(status, Value::Object(body))
}

/// The response to a rejection by the directory.
pub fn rejection_response(Rejection { status, word, message }: Rejection, call: &Call<'_>) -> Response {
    let form = if status == 400 { |_, code, message| invalid(code, message) } else { refusal };
    ErrorFormat::of_path(call.path).error_response(form(status, word, message))
}

/// The response to a fault.
pub fn fault_response(fault: Fault, path: &str) -> Response {
    ErrorFormat::of_path(path).error_response(refusal(fault.status(), fault.word(), fault.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::prelude::Body;

    #[test]
    fn faults_have_the_error_format_of_their_path() {
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
            let response = fault_response(Fault::TooLarge, path);
            let Body::Json(Value::Object(members)) = &response.body else { return assert_eq!(path, "") };
            let member_names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!((response.status, member_names.as_slice()), (413, names), "{path}");
            let media: Vec<&str> = response.headers.iter().map(|(_, value)| value.as_str()).collect();
            assert_eq!(media.contains(&SCIM_JSON), ErrorFormat::of_path(path) == ErrorFormat::Scim, "{path}");
        }
    }
}
