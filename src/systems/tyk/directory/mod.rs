//! The Dashboard's endpoints for users, groups, passwords and sessions.
//!
//! Sources: the Tyk dashboard swagger and dashboard admin swagger; for passwords "Create Users" (Tyk Dashboard,
//! 2017). Sign-in is not documented: `POST /api/login`, `POST /api/logout` and the paths of forgotten passwords are
//! ours.

mod access_key;
mod account;
mod admin;
mod body;
mod counts;

mod export;
mod groups;
mod guards;
mod import;
mod list;
mod password_reset;
mod passwords;
mod random;
mod reset_link;
mod responses;
mod search;
mod session;
mod settings;
mod sign_in;
mod stand_in;
mod stored;
#[cfg(test)]
mod tests;
mod user_writes;
mod users;

use self::responses::{error_response, method_not_allowed};
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
        let handler = match call.path {
            "/api/login" => sign_in::sign_in,
            "/api/logout" => sign_in::sign_out,
            "/api/password/forgot" => password_reset::forgot_password,
            "/api/password/reset" => password_reset::reset_password,
            _ => return handle_authenticated_request(tx, call),
        };
        match call.method {
            "POST" => handler(tx, call),
            _ => Err(method_not_allowed("POST")),
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import_records(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        export::export_records(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder_of_entry(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        error_response(rejection.status, rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        error_response(fault.status(), fault.message())
    }
}

/// Handles a request that needs authentication.
fn handle_authenticated_request(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    // A path that cannot be decoded matches no rule.
    let segments = call.segments().unwrap_or_default();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let ["admin", rest @ ..] = parts.as_slice() {
        return admin::handle_request(tx, call, rest);
    }
    match (call.method, parts.as_slice()) {
        ("GET" | "HEAD", ["api", "users"]) => index::prefetch(tx, &list::MEMBERS),
        ("GET" | "HEAD", ["api", "usergroups"]) => index::prefetch(tx, &list::TEAMS),
        _ => {}
    }
    let session = session::authenticate(tx, call, &segments)?;
    let authorized = session.authorize(tx, call)?;
    let method = if call.method == "HEAD" { "GET" } else { call.method };
    match parts.as_slice() {
        ["api", "users", rest @ ..] => users::handle_request(tx, &session, &authorized, call, method, rest),
        ["api", "usergroups", rest @ ..] => groups::handle_request(tx, &session, &authorized, call, method, rest),
        _ => Err(Interrupt::Upstream),
    }
}
