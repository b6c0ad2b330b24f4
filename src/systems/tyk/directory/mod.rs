//! The Dashboard's endpoints for users, groups, passwords and sessions.
//!
//! Documents: the Tyk dashboard swagger and dashboard admin swagger; for passwords "Create Users" (Tyk
//! Dashboard, 2017). How one signs in is not documented: `POST /api/login` and `POST /api/logout` are ours, and
//! so are the paths of the forgotten password.

mod access_key;
mod account;
mod admin;
mod answers;
mod body;
mod carry;
mod changes;
mod gate;
mod groups;
mod guards;
mod link;
mod links;
mod list;
mod passwords;
mod random;
mod search;
mod settings;
mod sign_in;
mod stored;
#[cfg(test)]
mod tests;
mod users;

use self::answers::{failure, no_such_method};
use super::paths::without_slash;
use super::Tyk;
use crate::directory::index::{self, Index};
use crate::directory::prelude::{Call, Directory, Fault, Holder, Key, Objection, Permit, Response, Stop, View, World};
use crate::document::value::Value;

impl Directory for Tyk {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/", "group/"];
    const INDEXES: &'static [Index] = &[list::MEMBERS, list::TEAMS];

    fn call(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
        let without_slash = without_slash(call.path).map(|path| Call { path, ..call.clone() });
        let call = without_slash.as_ref().unwrap_or(call);
        let door = match call.path {
            "/api/login" => sign_in::login,
            "/api/logout" => sign_in::logout,
            "/api/password/forgot" => links::forgot,
            "/api/password/reset" => links::reset,
            _ => return known(world, call),
        };
        match call.method {
            "POST" => door(world, call),
            _ => Err(no_such_method("POST")),
        }
    }

    fn import(world: &mut World<'_>, permit: &Permit, document: &Value) -> Result<(), Stop> {
        carry::import(world, permit, document)
    }

    fn export(entries: &[(String, Value)]) -> Value {
        carry::export(entries)
    }

    fn holder(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Stop> {
        guards::holder(view, key, value).map(Some)
    }

    fn objection(objection: Objection, _: &Call<'_>) -> Response {
        failure(objection.status, objection.message)
    }

    fn fault(fault: Fault, _: &str) -> Response {
        failure(fault.status(), fault.message())
    }
}

/// A request of somebody who must be known.
fn known(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    // What can not be decoded is no path that the rules know.
    let segments = call.segments().unwrap_or_default();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let ["admin", rest @ ..] = parts.as_slice() {
        return admin::call(world, call, rest);
    }
    match (call.method, parts.as_slice()) {
        ("GET" | "HEAD", ["api", "users"]) => index::prefetch(world, &list::MEMBERS),
        ("GET" | "HEAD", ["api", "usergroups"]) => index::prefetch(world, &list::TEAMS),
        _ => {}
    }
    let visit = gate::enter(world, call, &segments)?;
    let permit = visit.may(world, call)?;
    let method = if call.method == "HEAD" { "GET" } else { call.method };
    match parts.as_slice() {
        ["api", "users", rest @ ..] => users::call(world, &visit, &permit, call, method, rest),
        ["api", "usergroups", rest @ ..] => groups::call(world, &visit, &permit, call, method, rest),
        _ => Err(Stop::Upstream),
    }
}
