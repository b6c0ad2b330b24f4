//! The service: which questions it takes, and how it responds.

use std::io::{Error as IoError, Read};
use std::time::{SystemTime, UNIX_EPOCH};

use latchwork::{Authorizer, Details, Error, Subject, Value};
use tiny_http::{Header, Request, Server};

#[cfg(test)]
mod tests;

/// The longest body, in bytes.
const BODY_MAX: u64 = 65_536;

/// Responds to all requests of a server.
pub fn serve(app: &Authorizer, server: &Server) {
    for request in server.incoming_requests() {
        // The client may be gone.
        let _ = handle_request(app, request);
    }
}

fn handle_request(app: &Authorizer, mut request: Request) -> Result<(), IoError> {
    let mut body = String::new();
    request.as_reader().take(BODY_MAX).read_to_string(&mut body)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    let (status, response_body) = respond(app, request.method().as_str(), request.url(), &body, now);
    let response = tiny_http::Response::from_string(response_body.to_string()).with_status_code(status);
    match Header::from_bytes("content-type", "application/json") {
        Ok(json) => request.respond(response.with_header(json)),
        Err(()) => request.respond(response),
    }
}

/// The status and the JSON body of a response.
pub type Response = (u16, Value);

/// Responds to a request at a time, in seconds since 1970.
///
/// - `POST /decide` answers a question: `{ subject, action, resource, attributes?, context? }`.
/// - `POST /permissions` returns what the page of a subject needs: `{ subject }`.
pub fn respond(app: &Authorizer, method: &str, path: &str, body: &str, now: u64) -> Response {
    let question = match Value::parse(body) {
        Ok(question) => question,
        Err(malformed) => return (400, error(&malformed.to_string())),
    };
    let result = match (method, path) {
        ("POST", "/decide") => decide(app, &question, now),
        ("POST", "/permissions") => permissions(app, &question),
        _ => return (404, error("not found")),
    };
    match result {
        Ok(response) => (200, response),
        Err(mistake) => (400, error(&mistake.to_string())),
    }
}

fn decide(app: &Authorizer, question: &Value, now: u64) -> Result<Value, Error> {
    let subject = subject_of(app, question)?;
    let action = member(question, "action").text().unwrap_or_default();
    let resource = app.path(member(question, "resource"))?;
    let details = Details {
        attributes: member(question, "attributes"),
        context: member(question, "context"),
        now: Some(now),
        ..Details::NONE
    };
    let decision = app.decide(&subject, action, &resource, details)?;
    Ok(Value::object([("allow", Value::from(decision.allow)), ("rule", Value::from(decision.rule))]))
}

fn permissions(app: &Authorizer, question: &Value) -> Result<Value, Error> {
    let subject = subject_of(app, question)?;
    let digest = Value::from(app.subject_digest(&subject).as_str());
    Ok(Value::object([("digest", digest), ("document", app.slice(&subject, &[])?)]))
}

/// The subject of a question: an id, a record with roles of its own, or `null` for an anonymous one.
fn subject_of(app: &Authorizer, question: &Value) -> Result<Subject, Error> {
    match member(question, "subject") {
        Value::Text(id) => Ok(app.subject(Some(id))),
        Value::Null => Ok(app.subject(None)),
        record => app.record(record),
    }
}

fn member<'a>(question: &'a Value, name: &str) -> &'a Value {
    question.get(name).unwrap_or(&Value::Null)
}

fn error(message: &str) -> Value {
    Value::object([("error", Value::from(message))])
}
