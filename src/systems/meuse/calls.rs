//! Which question a request asks.
//!
//! Source: mcorbin/meuse, the routes in src/meuse/api/{meuse,crate,mirror}/http.clj. A collection takes a
//! trailing slash, nothing else does. Two readings of ours: a name in a path may hold anything and is
//! percent-decoded (Meuse's router knows only some characters, so that other users could be made and never
//! changed), and `userX` is no way to write `user/X`.

use crate::system::{Question, Request};
use crate::value::Value;
use crate::word::Word;

use super::forms::is_update_field;
use super::Action;

/// The question of this request; `None` where Meuse has no route.
///
/// A part of the question that stands in the body or the query and is not there as it must be (the call
/// answers 400) is left empty, and an empty name matches nothing.
pub(super) fn classify(request: &Request<'_>) -> Option<Question> {
    let segments = Vec::from_iter(request.path.strip_prefix("/api/v1/")?.split('/'));
    let collection = match segments.as_slice() {
        [before @ .., ""] => before,
        all => all,
    };
    let (method, body) = (request.method, request.body);
    match (method, collection) {
        ("POST", ["meuse", "user"]) => plain(Action::UserCreate, "users"),
        ("GET", ["meuse", "user"]) => plain(Action::UserList, "users"),
        ("POST", ["meuse", "token"]) => named(Action::TokenCreate, "tokens", member(body, "user")),
        ("GET", ["meuse", "token"]) => list_tokens(request),
        ("DELETE", ["meuse", "token"]) => named(Action::TokenDelete, "tokens", member(body, "user")),
        ("POST", ["meuse", "category"]) => plain(Action::CategoryCreate, "categories"),
        ("GET", ["meuse", "category"]) => plain(Action::CategoryList, "categories"),
        ("GET", ["meuse", "crate"]) => plain(Action::CrateList, "crates"),
        ("GET", ["meuse", "check"]) => plain(Action::CrateCheck, "crates"),
        ("GET", ["meuse", "statistics"]) => plain(Action::StatisticsRead, "statistics"),
        ("GET", ["crates"]) => plain(Action::CrateSearch, "crates"),
        ("PUT", ["crates", "new"]) => versioned(Action::CratePublish, member(body, "name"), member(body, "vers")),
        ("PUT", ["crates", name, "owners"]) => named(Action::OwnerAdd, "crate", &decode(name)?),
        ("DELETE", ["crates", name, "owners"]) => named(Action::OwnerRemove, "crate", &decode(name)?),
        ("GET", ["crates", name, "owners"]) => named(Action::OwnerList, "crate", &decode(name)?),
        _ => item(request, &segments),
    }
}

/// The routes that take no trailing slash.
fn item(request: &Request<'_>, segments: &[&str]) -> Option<Question> {
    let at = |action, name: &str, version: &str| versioned(action, &decode(name)?, &decode(version)?);
    match (request.method, segments) {
        ("POST", ["meuse", "user", name]) => {
            let question = named(Action::UserUpdate, "user", &decode(name)?)?;
            Some(Question { attributes: update_fields(request.body), ..question })
        }
        ("DELETE", ["meuse", "user", name]) => named(Action::UserDelete, "user", &decode(name)?),
        ("POST", ["meuse", "category", name]) => named(Action::CategoryUpdate, "category", &decode(name)?),
        ("GET", ["meuse", "crate", name]) => named(Action::CrateGet, "crate", &decode(name)?),
        ("DELETE", ["crates", name, version, "yank"]) => at(Action::CrateYank, name, version),
        ("PUT", ["crates", name, version, "unyank"]) => at(Action::CrateUnyank, name, version),
        ("GET", ["crates", name, version, "download"]) => at(Action::CrateDownload, name, version),
        ("GET", ["mirror", name, version, "download"]) => at(Action::MirrorDownload, name, version),
        ("POST", ["mirror", name, version, "cache"]) => at(Action::MirrorCache, name, version),
        _ => None,
    }
}

fn plain(action: Action, resource: &str) -> Option<Question> {
    Some(Question { action: action.word().to_owned(), resource: resource.to_owned(), attributes: Value::Null })
}

fn named(action: Action, kind: &str, name: &str) -> Option<Question> {
    plain(action, &format!("{kind}:{name}"))
}

fn versioned(action: Action, name: &str, version: &str) -> Option<Question> {
    plain(action, &format!("crate:{name}@{version}"))
}

/// Without the parameter `user` it is about oneself. A user who is called `self` needs the attribute, since
/// `tokens:self` alone is what no parameter asks. A parameter that stands twice is no name.
fn list_tokens(request: &Request<'_>) -> Option<Question> {
    let mut users = request.query.iter().filter(|(name, _)| *name == "user").map(|(_, user)| *user);
    match (users.next(), users.next()) {
        (None, _) => named(Action::TokenList, "tokens", "self"),
        (Some("self"), None) => {
            let attributes = Value::object([("user", Value::from("self"))]);
            named(Action::TokenList, "tokens", "self").map(|question| Question { attributes, ..question })
        }
        (Some(user), None) => named(Action::TokenList, "tokens", user),
        (Some(_), Some(_)) => named(Action::TokenList, "tokens", ""),
    }
}

/// `{"fields":[...]}`: the fields of a user that the body has, in its order. All others are ignored, such as
/// `name`, and `user/role` too, which Meuse would check.
fn update_fields(body: &Value) -> Value {
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

/// The text of a member of the body; empty when there is none.
fn member<'b>(body: &'b Value, name: &str) -> &'b str {
    body.get(name).and_then(Value::text).unwrap_or("")
}

/// A name in a path, percent-decoded. No route has an empty one, `.` or `..` (which a client resolves before it
/// sends them), or one that is no UTF-8.
fn decode(segment: &str) -> Option<String> {
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
