//! What the panel's answers look like.
//!
//! Source: Ant Media Server, `Result.java`: an answer that changes something is one, with status 200 also where it
//! failed. Its refusals are pages of HTML with a message; ours are a *Result* with the same message.

use super::super::Kind;
use crate::directory::prelude::{Interrupt, Response};
use crate::document::value::Value;

/// The error in every answer to the call for the first user.
const FIRST_USER: i64 = -1;

/// A refusal: the status and the product's words.
#[derive(Clone, Copy)]
pub struct Refusal(u16, &'static str);

// Source: AuthenticationFilter.java, `doFilter`.
pub const NOT_SIGNED_IN: Refusal = Refusal(403, "Not authenticated user");
pub const NO_USER: Refusal = Refusal(403, "No user in this session");
pub const NOT_ALLOWED: Refusal = Refusal(403, "Not allowed to access this resource. Contact system admin");
pub const UNAVAILABLE: Refusal = Refusal(500, "Database is not available. Please try again");
/// Below `/users` there is nothing but what the panel documents.
pub const NO_SUCH_PATH: Refusal = Refusal(404, "there is nothing of this name among the users' paths");

impl Refusal {
    pub fn response(self) -> Response {
        let Self(status, message) = self;
        failure(status, message)
    }
}

impl From<Refusal> for Interrupt {
    fn from(refusal: Refusal) -> Self {
        refusal.response().into()
    }
}

/// The refusal of a method that a path does not have.
pub fn method_not_allowed(known: &'static str) -> Interrupt {
    failure(405, &format!("expected {}", known.replace(", ", " or "))).with_header("allow", known).into()
}

/// The refusal of a body of this kind that can not be read.
pub fn bad_request(kind: Kind, message: &str) -> Interrupt {
    let error = if kind == Kind::UserInitial { FIRST_USER } else { 0 };
    Response::json(400, written(false, message, error)).into()
}

/// What a call came to.
pub fn result(success: bool, message: &str) -> Response {
    Response::json(200, written(success, message, 0))
}

/// What the call for the first user came to: its error is always -1.
///
/// Source: CommonRestService.java, `addInitialUser`.
pub fn first_user(success: bool, message: &str) -> Response {
    Response::json(200, written(success, message, FIRST_USER))
}

/// An answer with another status than 200.
pub fn failure(status: u16, message: &str) -> Response {
    Response::json(status, written(false, message, 0))
}

fn written(success: bool, message: &str, error: i64) -> Value {
    Value::object([
        ("success", success.into()),
        ("message", message.into()),
        ("dataId", "".into()),
        ("errorId", error.into()),
    ])
}
