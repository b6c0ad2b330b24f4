//! What the server's answers look like.
//!
//! Source: ArangoDB, "HTTP interface for user management", and its list of error codes.

use crate::directory::prelude::{Body, Interrupt, Response};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// An answer that refuses: the status, and the server's own number and words for it.
#[derive(Clone, Copy)]
pub struct Refusal(u16, i64, &'static str);

pub const BAD_PARAMETER: Refusal = Refusal(400, 10, "bad parameter");
/// Of access tokens: a part of the path is missing or wrong.
pub const BAD_PATH: Refusal = Refusal(400, 400, "bad parameter");
pub const BAD_LOGIN: Refusal = Refusal(400, 400, "bad parameter");
pub const MALFORMED: Refusal = Refusal(400, 600, "invalid JSON object");
pub const INVALID_NAME: Refusal = Refusal(400, 1700, "invalid user name");
pub const INVALID_COLLECTION: Refusal = Refusal(400, 1208, "illegal name");
pub const INVALID_DATABASE: Refusal = Refusal(400, 1229, "database name invalid");
/// Where a path of user management or of access tokens has no such method.
pub const NO_METHOD: Refusal = Refusal(400, 405, "method not supported");
/// Where another path has no such method.
pub const METHOD_NOT_ALLOWED: Refusal = Refusal(405, 405, "method not supported");
/// At the gate.
pub const NOT_AUTHORIZED: Refusal = Refusal(401, 11, "not authorized to execute this request");
pub const WRONG_CREDENTIALS: Refusal = Refusal(401, 401, "Wrong credentials");
/// Where something would be changed.
pub const FORBIDDEN: Refusal = Refusal(403, 11, "forbidden");
/// Where something would be told.
pub const NOT_TOLD: Refusal = Refusal(403, 403, "forbidden");
pub const READ_ONLY: Refusal = Refusal(403, 1004, "read only");
pub const ONLY_IN_SYSTEM: Refusal = Refusal(403, 1230, "operation only allowed in system database");
pub const UNKNOWN_PATH: Refusal = Refusal(404, 404, "unknown path");
pub const NO_COLLECTION: Refusal = Refusal(404, 1203, "collection or view not found");
pub const NO_DATABASE: Refusal = Refusal(404, 1228, "database not found");
pub const NO_USER: Refusal = Refusal(404, 1703, "user not found");
pub const DUPLICATE_NAME: Refusal = Refusal(409, 1207, "duplicate name");
pub const DUPLICATE_USER: Refusal = Refusal(409, 1702, "duplicate user");
pub const NOT_IMPLEMENTED: Refusal = Refusal(501, 9, "not implemented");

impl Refusal {
    /// The same refusal, with a limit that is ours and not the server's.
    pub fn because(self, reason: &str) -> Interrupt {
        let Self(status, number, message) = self;
        failure(status, number, &format!("{message}: {reason}")).into()
    }

    /// The refusal of a body. What the server itself refuses has the server's words alone.
    pub fn of(self, problems: &[Problem]) -> Interrupt {
        let own = |problem: &&Problem| matches!(problem.code, Code::TooLong | Code::Duplicate | Code::BadFormat);
        problems.iter().find(own).map_or_else(|| self.into(), |problem| self.because(&problem.message))
    }
}

impl From<Refusal> for Interrupt {
    fn from(Refusal(status, number, message): Refusal) -> Self {
        failure(status, number, message).into()
    }
}

/// `{"error": true, "code", "errorNum", "errorMessage"}`
pub fn failure(status: u16, number: i64, message: &str) -> Response {
    let error = [
        ("error", true.into()),
        ("code", i64::from(status).into()),
        ("errorNum", number.into()),
        ("errorMessage", message.into()),
    ];
    Response::json(status, Value::object(error))
}

/// `{"error": false, "code", …}`
pub fn success<const N: usize>(status: u16, members: [(&str, Value); N]) -> Response {
    let mut body = vec![("error".to_owned(), false.into()), ("code".to_owned(), i64::from(status).into())];
    // A database may be called `error`, and the answer to its grant has its name as a key.
    let free = members.into_iter().filter(|(name, _)| !matches!(*name, "error" | "code"));
    body.extend(free.map(|(name, value)| (name.to_owned(), value)));
    Response::json(status, Value::Object(body))
}

/// `{"error": false, "code": 200, "result"}`
pub fn result(value: Value) -> Response {
    success(200, [("result", value)])
}

/// A part of the answer whose `result` is a list; the next part follows `next`.
pub fn list_part(is_first: bool, items: &[Value], next: Option<String>) -> Response {
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
