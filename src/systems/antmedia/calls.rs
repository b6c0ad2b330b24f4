//! Classifies requests of the panel: which question does a request ask?
//!
//! A path is split and decoded first, so that the rules compare the same names by which a server routes. A path with an
//! unsafe name asks no question.

use super::path::{is_application, split_path, split_request_path};
use super::vocabulary::Action;
use crate::document::value::Value;
use crate::system::{Question, Request};
use crate::tables::text::{concat, join, split_once, strip_first};
use crate::tables::word::Word;

#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    fn parse(name: &str) -> Option<Self> {
        match name {
            // Source: Filter, "if it's not GET method, it should be PUT, DELETE or POST". HEAD and OPTIONS do not
            // write, so they require the same rights as GET.
            "GET" | "HEAD" | "OPTIONS" => Some(Self::Get),
            "POST" => Some(Self::Post),
            "PUT" => Some(Self::Put),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// The question of a request; `None` if the panel does not have the path or the method.
pub(super) fn classify(request: &Request<'_>) -> Option<Question> {
    let method = Method::parse(request.method)?;
    let path = split_request_path(request.path)?;
    let path = Vec::from_iter(path.iter().map(String::as_str));
    match path.as_slice() {
        ["rest", "request"] | ["rest", "v2", "request"] => classify_forwarded(method, request),
        ["rest", "v2", panel @ ..] if !panel.is_empty() => classify_panel(method, panel),
        _ => None,
    }
}

/// A request to an application that the panel forwards.
// Source: Filter, `scopeAccessGranted`, which reads `_path` on every path of the panel. We read it only on the path
// that forwards requests. A request with two of them asks no question, because we cannot know which one is forwarded.
fn classify_forwarded(method: Method, request: &Request<'_>) -> Option<Question> {
    let mut paths = request.query.iter().filter(|(name, _)| *name == "_path").map(|(_, path)| *path);
    let (Some(path), None) = (paths.next(), paths.next()) else { return None };
    let path = strip_first(path, b'/').unwrap_or(path);
    // The panel appends the application's own query to `_path`.
    let path = split_path(split_once(path, b'?').map_or(path, |(path, _)| path))?;
    let path = Vec::from_iter(path.iter().map(String::as_str));
    match path.as_slice() {
        [app, "rest", "v2", section @ ..] if is_application(app) && !section.is_empty() => {
            Some(question(action_if_post_creates(method), concat(&["app:", app, "/", &join(section, "/")])))
        }
        _ => None,
    }
}

/// A request to the panel itself.
// Source: RestServiceV2.java and the public paths of the Filter. We differ in two points: `/blocked` is public only for
// GET, not for every method; and DELETE below `/users` deletes a user of any name.
fn classify_panel(method: Method, path: &[&str]) -> Option<Question> {
    let (action, resource) = match (method, path) {
        (_, ["authentication-status"]) => (action_if_post_creates(method), "public:authentication-status".into()),
        (_, ["first-login-status"]) => (action_if_post_creates(method), "public:first-login-status".into()),
        (_, ["liveness"]) => (action_if_post_creates(method), "public:liveness".into()),
        (Method::Get, ["users", _, "blocked"]) => (Action::Read, "public:blocked-status".into()),
        (Method::Post, ["users", "password"]) => (Action::Create, "self:password".into()),
        (Method::Delete, ["users", "logout"]) => (Action::Delete, "self:logout".into()),
        (Method::Delete, ["users", name]) => (Action::Delete, concat(&["system:users/", name])),
        (_, ["users", "authenticate"]) => (action_if_post_creates(method), "public:authenticate".into()),
        (_, ["users", "initial"]) => (action_if_post_creates(method), "public:initial-user".into()),
        (Method::Post, ["support", "request", ..]) => (Action::Create, "support:request".into()),
        (Method::Get, ["user-list"]) => (Action::Read, "system:users".into()),
        (_, ["applications", "settings", app]) => {
            (action_if_post_updates(method), is_application(app).then(|| concat(&["app-settings:", app]))?)
        }
        (Method::Post | Method::Put | Method::Delete, ["applications", app]) => {
            (action_if_post_creates(method), is_application(app).then(|| concat(&["application:", app]))?)
        }
        (_, ["server-settings" | "ssl-settings"]) => {
            (action_if_post_updates(method), concat(&["system:", &join(path, "/")]))
        }
        (_, _) => (action_if_post_creates(method), concat(&["system:", &join(path, "/")])),
    };
    Some(question(action, resource))
}

/// The action of a method on a path where POST creates something.
fn action_if_post_creates(method: Method) -> Action {
    match method {
        Method::Get => Action::Read,
        Method::Post => Action::Create,
        Method::Put => Action::Update,
        Method::Delete => Action::Delete,
    }
}

/// The action of a method on a path where POST changes something that exists.
fn action_if_post_updates(method: Method) -> Action {
    match method {
        Method::Get => Action::Read,
        Method::Post | Method::Put => Action::Update,
        Method::Delete => Action::Delete,
    }
}

fn question(action: Action, resource: String) -> Question {
    Question { action: action.word().to_owned(), resource, attributes: Value::Null }
}
