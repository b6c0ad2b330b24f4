//! Builds the panel's responses.
//!
//! Source: Ant Media Server, `Result.java`: requests that change something return it, with status 200 also if they
//! fail. When the product rejects a request, it returns an HTML page with a message. We return a *Result* with the same
//! message.

use super::super::Kind;
use crate::directory::prelude::{Interrupt, Response};
use crate::document::value::Value;

/// The `errorId` of every response to the request for the first user.
const FIRST_USER: i64 = -1;

/// An error response: the status and the product's message.
#[derive(Clone, Copy)]
pub struct ErrorResponse(u16, &'static str);

// Source: AuthenticationFilter.java, `doFilter`.
pub const NOT_SIGNED_IN: ErrorResponse = ErrorResponse(403, "Not authenticated user");
pub const NO_USER: ErrorResponse = ErrorResponse(403, "No user in this session");
pub const NOT_ALLOWED: ErrorResponse = ErrorResponse(403, "Not allowed to access this resource. Contact system admin");
pub const UNAVAILABLE: ErrorResponse = ErrorResponse(500, "Database is not available. Please try again");
/// For paths below `/users` that the panel does not document.
pub const NO_SUCH_PATH: ErrorResponse = ErrorResponse(404, "unknown path below `users`");

impl ErrorResponse {
    pub fn response(self) -> Response {
        let Self(status, message) = self;
        failure_response(status, message)
    }
}

impl From<ErrorResponse> for Interrupt {
    fn from(error: ErrorResponse) -> Self {
        error.response().into()
    }
}

/// Rejects a method that the path does not have.
pub fn method_not_allowed(allowed: &'static str) -> Interrupt {
    failure_response(405, &format!("expected {}", allowed.replace(", ", " or "))).with_header("allow", allowed).into()
}

/// Rejects an invalid body of this kind.
pub fn bad_request(kind: Kind, message: &str) -> Interrupt {
    let error = if kind == Kind::UserInitial { FIRST_USER } else { 0 };
    Response::json(400, result_json(false, message, error)).into()
}

/// The *Result* of a request.
pub fn result_response(success: bool, message: &str) -> Response {
    Response::json(200, result_json(success, message, 0))
}

/// The *Result* of the request for the first user. Its `errorId` is always -1.
///
/// Source: CommonRestService.java, `addInitialUser`.
pub fn first_user_response(success: bool, message: &str) -> Response {
    Response::json(200, result_json(success, message, FIRST_USER))
}

/// A response with a status other than 200.
pub fn failure_response(status: u16, message: &str) -> Response {
    Response::json(status, result_json(false, message, 0))
}

fn result_json(success: bool, message: &str, error: i64) -> Value {
    Value::object([
        ("success", success.into()),
        ("message", message.into()),
        ("dataId", "".into()),
        ("errorId", error.into()),
    ])
}
