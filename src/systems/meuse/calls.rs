//! Classifies requests: which question does a request ask?
//!
//! Source: mcorbin/meuse, the routes in src/meuse/api/{meuse,crate,mirror}/http.clj. Only collections allow a trailing
//! slash. We differ in two points:
//!
//! - A name in a path can contain any characters, and is percent-decoded. Meuse's router accepts only some characters,
//!   so users with other names can be created but not changed.
//! - `userX` is not accepted for `user/X`.

use crate::document::value::Value;
use crate::system::{Question, Request};
use crate::tables::text::{concat, split};
use crate::tables::word::Word;

use super::forms::is_update_field;
use super::vocabulary::Action;

/// The resource of a route.
#[derive(Clone, Copy, Debug)]
enum RouteResource {
    /// A constant resource.
    All(&'static str),
    /// The first name of the path, after this kind.
    Named(&'static str),
    /// The crate and the version of the path.
    Version,
    /// The user of the body's `user`.
    TokensInBody,
    /// The user of the parameter `user`.
    TokensInQuery,
    /// The crate and the version of the body.
    VersionInBody,
    /// The user of the path; the attributes say which fields change.
    UpdateOfUser,
}

/// Every route: its method, its path below `/api/v1/`, its action and its resource. `*` is a name, and a slash at the
/// end is optional.
const ROUTES: [(&str, &str, Action, RouteResource); 24] = [
    ("POST", "meuse/user/", Action::UserCreate, RouteResource::All("users")),
    ("GET", "meuse/user/", Action::UserList, RouteResource::All("users")),
    ("POST", "meuse/token/", Action::TokenCreate, RouteResource::TokensInBody),
    ("GET", "meuse/token/", Action::TokenList, RouteResource::TokensInQuery),
    ("DELETE", "meuse/token/", Action::TokenDelete, RouteResource::TokensInBody),
    ("POST", "meuse/category/", Action::CategoryCreate, RouteResource::All("categories")),
    ("GET", "meuse/category/", Action::CategoryList, RouteResource::All("categories")),
    ("GET", "meuse/crate/", Action::CrateList, RouteResource::All("crates")),
    ("GET", "meuse/check/", Action::CrateCheck, RouteResource::All("crates")),
    ("GET", "meuse/statistics/", Action::StatisticsRead, RouteResource::All("statistics")),
    ("GET", "crates/", Action::CrateSearch, RouteResource::All("crates")),
    ("PUT", "crates/new/", Action::CratePublish, RouteResource::VersionInBody),
    ("PUT", "crates/*/owners/", Action::OwnerAdd, RouteResource::Named("crate")),
    ("DELETE", "crates/*/owners/", Action::OwnerRemove, RouteResource::Named("crate")),
    ("GET", "crates/*/owners/", Action::OwnerList, RouteResource::Named("crate")),
    ("POST", "meuse/user/*", Action::UserUpdate, RouteResource::UpdateOfUser),
    ("DELETE", "meuse/user/*", Action::UserDelete, RouteResource::Named("user")),
    ("POST", "meuse/category/*", Action::CategoryUpdate, RouteResource::Named("category")),
    ("GET", "meuse/crate/*", Action::CrateGet, RouteResource::Named("crate")),
    ("DELETE", "crates/*/*/yank", Action::CrateYank, RouteResource::Version),
    ("PUT", "crates/*/*/unyank", Action::CrateUnyank, RouteResource::Version),
    ("GET", "crates/*/*/download", Action::CrateDownload, RouteResource::Version),
    ("GET", "mirror/*/*/download", Action::MirrorDownload, RouteResource::Version),
    ("POST", "mirror/*/*/cache", Action::MirrorCache, RouteResource::Version),
];

/// The route of a request.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) action: Action,
    resource: RouteResource,
    /// The names in the path.
    names: Vec<String>,
}

impl Route {
    /// The name at this index of the path; empty if the route does not have one.
    pub(super) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// The question of the request. A name that is missing or invalid in the body or the query is left empty, and an
    /// empty name matches no resource. The response to such a request is a 400.
    pub(super) fn question(&self, query: &[(&str, &str)], body: &Value) -> Question {
        let action = self.action;
        match self.resource {
            RouteResource::All(resource) => question_about(action, resource),
            RouteResource::Named(kind) => question_about_name(action, kind, self.name(0)),
            RouteResource::Version => question_about_version(action, self.name(0), self.name(1)),
            RouteResource::TokensInBody => question_about_name(action, "tokens", text_member(body, "user")),
            RouteResource::TokensInQuery => token_list_question(query),
            RouteResource::VersionInBody => {
                question_about_version(action, text_member(body, "name"), text_member(body, "vers"))
            }
            RouteResource::UpdateOfUser => {
                Question { attributes: update_attributes(body), ..question_about_name(action, "user", self.name(0)) }
            }
        }
    }
}

/// The question of this request; `None` if Meuse does not have the route.
pub(super) fn classify(request: &Request<'_>) -> Option<Question> {
    Some(find_route(request.method, request.path)?.question(&request.query, request.body))
}

/// Whether the question of a request depends on its body.
pub(super) fn needs_body(request: &Request<'_>) -> bool {
    find_route(request.method, request.path).is_some_and(|route| match route.resource {
        RouteResource::TokensInBody | RouteResource::VersionInBody | RouteResource::UpdateOfUser => true,
        RouteResource::All(_) | RouteResource::Named(_) | RouteResource::Version | RouteResource::TokensInQuery => {
            false
        }
    })
}

/// The route with this method and path.
pub(super) fn find_route(method: &str, path: &str) -> Option<Route> {
    let path = path.strip_prefix("/api/v1/")?;
    // By reference: a copy of the table would be more code.
    for (route_method, pattern, action, resource) in &ROUTES {
        if *route_method == method {
            if let Some(names) = match_pattern(pattern, path) {
                return Some(Route { action: *action, resource: *resource, names });
            }
        }
    }
    None
}

/// The names in a path that matches this pattern.
fn match_pattern(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (pattern, path) = match pattern.strip_suffix('/') {
        Some(pattern) => (pattern, path.strip_suffix('/').unwrap_or(path)),
        None => (pattern, path),
    };
    let mut names = Vec::new();
    let mut segments = split(path, b'/');
    for part in split(pattern, b'/') {
        let segment = segments.next()?;
        if part == "*" {
            names.push(decode_name(segment)?);
        } else if part != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(names)
}

fn question_about(action: Action, resource: &str) -> Question {
    Question { action: action.word().to_owned(), resource: resource.to_owned(), attributes: Value::Null }
}

fn question_about_name(action: Action, kind: &str, name: &str) -> Question {
    question_about(action, &concat(&[kind, ":", name]))
}

fn question_about_version(action: Action, name: &str, version: &str) -> Question {
    question_about(action, &concat(&["crate:", name, "@", version]))
}

/// The question of a list of tokens. Without the parameter `user` it is about the caller, `tokens:self`. The user whose
/// name is `self` therefore needs the attribute. A repeated parameter is not a valid name.
fn token_list_question(query: &[(&str, &str)]) -> Question {
    let mut users = query.iter().filter(|(name, _)| *name == "user").map(|(_, user)| *user);
    match (users.next(), users.next()) {
        (None, _) => question_about_name(Action::TokenList, "tokens", "self"),
        (Some("self"), None) => {
            let attributes = Value::object([("user", Value::from("self"))]);
            Question { attributes, ..question_about_name(Action::TokenList, "tokens", "self") }
        }
        (Some(user), None) => question_about_name(Action::TokenList, "tokens", user),
        (Some(_), Some(_)) => question_about_name(Action::TokenList, "tokens", ""),
    }
}

/// `{"fields":[...]}`: the fields of a user in the order of the body. All others are ignored, such as `name`, and also
/// `user/role`, which Meuse checks.
fn update_attributes(body: &Value) -> Value {
    let mut fields = Vec::new();
    if let Value::Object(members) = body {
        for (name, _) in members {
            if is_update_field(name) {
                fields.push(Value::Text(name.clone()));
            }
        }
    }
    Value::object([("fields", Value::List(fields))])
}

/// The text of a member of the body; empty if it is missing.
fn text_member<'b>(body: &'b Value, name: &str) -> &'b str {
    body.get(name).and_then(Value::text).unwrap_or("")
}

/// A percent-decoded name of a path. Empty names and names that are not UTF-8 match no route; neither do `.` and `..`,
/// which clients resolve before they send a path.
fn decode_name(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push((high << 4) | low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|name| !matches!(name.as_str(), "" | "." | ".."))
}
