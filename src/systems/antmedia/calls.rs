//! From a request of the panel to the question that it asks.
//!
//! A path is cut into names before anything looks at it, so that what is compared is what a server will
//! route by. A path with a name that is not sound has no question at all.

use super::path::{is_application, names, names_of_request};
use super::vocabulary::Action;
use crate::document::value::Value;
use crate::system::{Question, Request};
use crate::tables::text::{concat, separated};
use crate::tables::word::Word;

#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    fn of(name: &str) -> Option<Self> {
        match name {
            // Source: Filter, "if it's not GET method, it should be PUT, DELETE or POST". The other two write nothing,
            // so whoever may read may send them.
            "GET" | "HEAD" | "OPTIONS" => Some(Self::Get),
            "POST" => Some(Self::Post),
            "PUT" => Some(Self::Put),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// The question that a request asks; `None` when the panel has no such path or method.
pub(super) fn classify(request: &Request<'_>) -> Option<Question> {
    let method = Method::of(request.method)?;
    let path = names_of_request(request.path)?;
    let path = Vec::from_iter(path.iter().map(String::as_str));
    match path.as_slice() {
        ["rest", "request"] | ["rest", "v2", "request"] => forwarded(method, request),
        ["rest", "v2", panel @ ..] if !panel.is_empty() => on_panel(method, panel),
        _ => None,
    }
}

/// A request to an application, by way of the panel.
// Source: Filter, `scopeAccessGranted`, which reads `_path` on every path of the panel; only the path that
// forwards gives it a meaning, and there alone we read it. Which of two the forwarding would take is not
// ours to guess.
fn forwarded(method: Method, request: &Request<'_>) -> Option<Question> {
    let mut given = request.query.iter().filter(|(name, _)| *name == "_path").map(|(_, path)| *path);
    let (Some(path), None) = (given.next(), given.next()) else { return None };
    let path = path.strip_prefix('/').unwrap_or(path);
    // The panel appends the application's own query to `_path`.
    let path = names(path.split_once('?').map_or(path, |(path, _)| path))?;
    let path = Vec::from_iter(path.iter().map(String::as_str));
    match path.as_slice() {
        [app, "rest", "v2", section @ ..] if is_application(app) && !section.is_empty() => {
            Some(question(written_anew(method), concat(&["app:", app, "/", &separated(section, "/")])))
        }
        _ => None,
    }
}

/// A request to the panel itself.
// Source: RestServiceV2.java and the public paths of the Filter. Two readings are ours: `/blocked` is public
// to read, not for every method; and DELETE below `/users` removes a user, whatever its name.
fn on_panel(method: Method, path: &[&str]) -> Option<Question> {
    let (action, resource) = match (method, path) {
        (_, ["authentication-status"]) => (written_anew(method), "public:authentication-status".into()),
        (_, ["first-login-status"]) => (written_anew(method), "public:first-login-status".into()),
        (_, ["liveness"]) => (written_anew(method), "public:liveness".into()),
        (Method::Get, ["users", _, "blocked"]) => (Action::Read, "public:blocked-status".into()),
        (Method::Post, ["users", "password"]) => (Action::Create, "self:password".into()),
        (Method::Delete, ["users", "logout"]) => (Action::Delete, "self:logout".into()),
        (Method::Delete, ["users", name]) => (Action::Delete, concat(&["system:users/", name])),
        (_, ["users", "authenticate"]) => (written_anew(method), "public:authenticate".into()),
        (_, ["users", "initial"]) => (written_anew(method), "public:initial-user".into()),
        (Method::Post, ["support", "request", ..]) => (Action::Create, "support:request".into()),
        (Method::Get, ["user-list"]) => (Action::Read, "system:users".into()),
        (_, ["applications", "settings", app]) => {
            (changed(method), is_application(app).then(|| concat(&["app-settings:", app]))?)
        }
        (Method::Post | Method::Put | Method::Delete, ["applications", app]) => {
            (written_anew(method), is_application(app).then(|| concat(&["application:", app]))?)
        }
        (_, ["server-settings" | "ssl-settings"]) => (changed(method), concat(&["system:", &separated(path, "/")])),
        (_, _) => (written_anew(method), concat(&["system:", &separated(path, "/")])),
    };
    Some(question(action, resource))
}

/// The action of a method where POST makes something new.
fn written_anew(method: Method) -> Action {
    match method {
        Method::Get => Action::Read,
        Method::Post => Action::Create,
        Method::Put => Action::Update,
        Method::Delete => Action::Delete,
    }
}

/// The action of a method where POST changes what is there.
fn changed(method: Method) -> Action {
    match method {
        Method::Get => Action::Read,
        Method::Post | Method::Put => Action::Update,
        Method::Delete => Action::Delete,
    }
}

fn question(action: Action, resource: String) -> Question {
    Question { action: action.word().to_owned(), resource, attributes: Value::Null }
}
