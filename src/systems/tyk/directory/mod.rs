//! The Dashboard's endpoints for users, groups, passwords and sessions.
//!
//! Documents: the Tyk dashboard swagger and dashboard admin swagger; for passwords "Create Users" (Tyk
//! Dashboard, 2017). How one signs in is not documented: `POST /api/login` and `POST /api/logout` are ours, and
//! so are the paths of the forgotten password.

mod access_key;
mod account;
mod admin;
mod body;
mod changes;
mod groups;
mod guards;
mod import_export;
mod link;
mod links;
mod list;
mod passwords;
mod random;
mod responses;
mod search;
mod session;
mod settings;
mod sign_in;
mod stored;
#[cfg(test)]
mod tests;
mod users;

use self::responses::{failure, no_such_method};
use super::paths::without_slash;
use super::Tyk;
use crate::directory::index::{self, Index};
use crate::directory::prelude::{
    Authorized, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;

impl Directory for Tyk {
    const USERS: &'static str = "user/";
    const GUARDED: &'static [&'static str] = &["user/", "group/"];
    const INDEXES: &'static [Index] = &[list::MEMBERS, list::TEAMS];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        let without_slash = without_slash(call.path).map(|path| Call { path, ..call.clone() });
        let call = without_slash.as_ref().unwrap_or(call);
        let door = match call.path {
            "/api/login" => sign_in::login,
            "/api/logout" => sign_in::logout,
            "/api/password/forgot" => links::forgot,
            "/api/password/reset" => links::reset,
            _ => return known(tx, call),
        };
        match call.method {
            "POST" => door(tx, call),
            _ => Err(no_such_method("POST")),
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import_export::import(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        import_export::export(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        failure(rejection.status, rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        failure(fault.status(), fault.message())
    }
}

/// A request of somebody who must be known.
fn known(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    // What can not be decoded is no path that the rules know.
    let segments = call.segments().unwrap_or_default();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let ["admin", rest @ ..] = parts.as_slice() {
        return admin::call(tx, call, rest);
    }
    match (call.method, parts.as_slice()) {
        ("GET" | "HEAD", ["api", "users"]) => index::prefetch(tx, &list::MEMBERS),
        ("GET" | "HEAD", ["api", "usergroups"]) => index::prefetch(tx, &list::TEAMS),
        _ => {}
    }
    let session = session::enter(tx, call, &segments)?;
    let authorized = session.may(tx, call)?;
    let method = if call.method == "HEAD" { "GET" } else { call.method };
    match parts.as_slice() {
        ["api", "users", rest @ ..] => users::call(tx, &session, &authorized, call, method, rest),
        ["api", "usergroups", rest @ ..] => groups::call(tx, &session, &authorized, call, method, rest),
        _ => Err(Interrupt::Upstream),
    }
}
