//! Builds the server's responses.
//!
//! Source: ArangoDB, "HTTP interface for user management", and its list of error codes.

use crate::directory::prelude::{Body, Interrupt, Response};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// An error response: the status, and the server's error number and message.
#[derive(Clone, Copy)]
pub struct ErrorResponse(u16, i64, &'static str);

pub const BAD_PARAMETER: ErrorResponse = ErrorResponse(400, 10, "bad parameter");
/// A segment of the path of an access token is missing or invalid.
pub const BAD_PATH: ErrorResponse = ErrorResponse(400, 400, "bad parameter");
pub const BAD_LOGIN: ErrorResponse = ErrorResponse(400, 400, "bad parameter");
pub const MALFORMED: ErrorResponse = ErrorResponse(400, 600, "invalid JSON object");
pub const INVALID_NAME: ErrorResponse = ErrorResponse(400, 1700, "invalid user name");
pub const INVALID_COLLECTION: ErrorResponse = ErrorResponse(400, 1208, "illegal name");
pub const INVALID_DATABASE: ErrorResponse = ErrorResponse(400, 1229, "database name invalid");
/// A path of user management or of access tokens does not have this method.
pub const NO_METHOD: ErrorResponse = ErrorResponse(400, 405, "method not supported");
/// The caller is not authenticated, or has no access to the database.
pub const NOT_AUTHORIZED: ErrorResponse = ErrorResponse(401, 11, "not authorized to execute this request");
pub const WRONG_CREDENTIALS: ErrorResponse = ErrorResponse(401, 401, "Wrong credentials");
/// A write is denied.
pub const FORBIDDEN: ErrorResponse = ErrorResponse(403, 11, "forbidden");
/// A read is denied.
pub const READ_FORBIDDEN: ErrorResponse = ErrorResponse(403, 403, "forbidden");
pub const READ_ONLY: ErrorResponse = ErrorResponse(403, 1004, "read only");
pub const ONLY_IN_SYSTEM: ErrorResponse = ErrorResponse(403, 1230, "operation only allowed in system database");
pub const UNKNOWN_PATH: ErrorResponse = ErrorResponse(404, 404, "unknown path");
pub const NO_COLLECTION: ErrorResponse = ErrorResponse(404, 1203, "collection or view not found");
pub const NO_DATABASE: ErrorResponse = ErrorResponse(404, 1228, "database not found");
pub const NO_USER: ErrorResponse = ErrorResponse(404, 1703, "user not found");
pub const DUPLICATE_NAME: ErrorResponse = ErrorResponse(409, 1207, "duplicate name");
pub const DUPLICATE_USER: ErrorResponse = ErrorResponse(409, 1702, "duplicate user");
pub const NOT_IMPLEMENTED: ErrorResponse = ErrorResponse(501, 9, "not implemented");

impl ErrorResponse {
    /// The same response with a reason, for limits that the server does not have.
    pub fn with_reason(self, reason: &str) -> Interrupt {
        let Self(status, number, message) = self;
        failure_response(status, number, &format!("{message}: {reason}")).into()
    }

    /// The response to an invalid body. Problems that the server rejects too get only the server's message.
    pub fn for_problems(self, problems: &[Problem]) -> Interrupt {
        let own = |problem: &&Problem| matches!(problem.code, Code::TooLong | Code::Duplicate | Code::BadFormat);
        problems.iter().find(own).map_or_else(|| self.into(), |problem| self.with_reason(&problem.message))
    }
}

impl From<ErrorResponse> for Interrupt {
    fn from(ErrorResponse(status, number, message): ErrorResponse) -> Self {
        failure_response(status, number, message).into()
    }
}

/// Any other path does not have this method, but those in `allowed`.
// Source: RFC 9110, section 15.5.6.
pub fn method_not_allowed(allowed: &'static str) -> Interrupt {
    failure_response(405, 405, "method not supported").with_header("allow", allowed).into()
}

/// `{"error": true, "code", "errorNum", "errorMessage"}`
pub fn failure_response(status: u16, number: i64, message: &str) -> Response {
    let error = [
        ("error", true.into()),
        ("code", i64::from(status).into()),
        ("errorNum", number.into()),
        ("errorMessage", message.into()),
    ];
    Response::json(status, Value::object(error))
}

/// `{"error": false, "code", …}`
pub fn success_response<const N: usize>(status: u16, members: [(&str, Value); N]) -> Response {
    let mut body = vec![("error".to_owned(), false.into()), ("code".to_owned(), i64::from(status).into())];
    // A database can be called `error`, and the response to its grant has its name as a key.
    let free = members.into_iter().filter(|(name, _)| !matches!(*name, "error" | "code"));
    body.extend(free.map(|(name, value)| (name.to_owned(), value)));
    Response::json(status, Value::Object(body))
}

/// `{"error": false, "code": 200, "result"}`
pub fn result_response(value: Value) -> Response {
    success_response(200, [("result", value)])
}

/// A part of a response whose `result` is a list. The next part begins after the key `next`.
pub fn list_part_response(is_first: bool, items: &[Value], next: Option<String>) -> Response {
    let mut text = String::new();
    if is_first {
        text.push_str(r#"{"error":false,"code":200,"result":["#);
    }
    for (index, item) in items.iter().enumerate() {
        if index > 0 || !is_first {
            text.push(',');
        }
        text.push_str(&item.to_string());
    }
    if next.is_none() {
        text.push_str("]}");
    }
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
}
