//! The product's own endpoints.
//!
//! The user interface whole, the way in, and of databases, collections and documents what the product's clients
//! need to try out what a level is good for.

mod body;
mod collections;
mod config;
mod database;
mod databases;
mod grants;
mod guards;
mod records;
mod responses;
mod rules;
mod session;
mod sign_in;
mod stored;
mod system_collections;
mod token;
mod tokens;
mod user;
mod users;
mod values;

use self::grants::GrantTarget;
use self::responses::{failure, BAD_PARAMETER, METHOD_NOT_ALLOWED, NOT_IMPLEMENTED, NO_METHOD, UNKNOWN_PATH};
use self::session::{Path, Session};
use super::Arangodb;
use crate::directory::index::Index;
use crate::directory::prelude::{
    Authorized, BodySize, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;

/// The release whose rules these are.
const VERSION: &str = "3.12.0";

impl Directory for Arangodb {
    const USERS: &'static str = "user/";
    // Drivers refuse to connect to a server that does not say so.
    const HEADERS: &'static [(&'static str, &'static str)] = &[("server", "ArangoDB")];
    const GUARDED: &'static [&'static str] = &["user/"];
    const INDEXES: &'static [Index] = &[];
    /// Every level on a database or collection goes with it, `none` too, and what `*` and `_system` give takes its
    /// place. A caller who drops one has `rw` on all of it unless a level there says otherwise, so if the drop brings
    /// nothing to the caller, no other user gets more than the caller has. It takes the caller's own entry to see.
    const BEARING: &'static [&'static str] = &["database/"];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        let stopped = answer(tx, call).and_then(|response| as_job(call, response));
        // A page in a browser leaves it out, to show a form of its own.
        if call.header("x-omit-www-authenticate").is_some() {
            return stopped;
        }
        match stopped {
            Err(Interrupt::Refused(response)) if response.status == 401 => {
                let ways = r#"Basic realm="ArangoDB", charset="UTF-8", Bearer realm="ArangoDB""#;
                Err(response.with_header("www-authenticate", ways).into())
            }
            stopped => stopped,
        }
    }

    fn body_size(call: &Call<'_>) -> BodySize {
        let segments = Path::read(call).map(|path| path.segments).unwrap_or_default();
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["_api", "document", _] => BodySize::Document,
            _ => BodySize::Ordinary,
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        records::import(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        records::export(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::holder(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        failure(rejection.status, rejection.status.into(), rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        failure(fault.status(), fault.status().into(), fault.message())
    }
}

/// The response to a client that asks not to wait for the request, which is carried out at once here.
///
/// Source: ArangoDB, "HTTP interface for jobs": `true` is answered by an empty 202, and `store` keeps the result to be
/// fetched later. No results are kept here, and a client that waits for one must not believe that it comes.
fn as_job(call: &Call<'_>, response: Response) -> Result<Response, Interrupt> {
    match call.header("x-arango-async") {
        Some("true") => Ok(Response::empty(202)),
        Some("store") => Err(NOT_IMPLEMENTED.because("results are not stored here, leave out `x-arango-async: store`")),
        Some(_) | None => Ok(response),
    }
}

fn answer(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let path = Path::read(call).ok_or(BAD_PARAMETER)?;
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    let Some(session) = session::enter(tx, call, &path)? else {
        return match segments.as_slice() {
            ["_open", "auth"] => sign_in::open_session(tx, call),
            _ => Err(UNKNOWN_PATH.into()),
        };
    };
    match segments.as_slice() {
        ["_api", "user", rest @ ..] => about_users(tx, &session, call, rest),
        ["_api", "token", rest @ ..] => tokens::route(tx, &session, call, rest),
        ["_api", "database", rest @ ..] => databases::route(tx, &session, call, rest),
        ["_api", "collection", rest @ ..] => collections::route(tx, &session, call, rest),
        ["_api", "document", collection] => collections::insert(tx, &session, call, collection),
        ["_api", "version"] if call.method == "GET" => {
            let version = [("server", "arango".into()), ("license", "community".into()), ("version", VERSION.into())];
            Ok(Response::json(200, Value::object(version)))
        }
        ["_api", "version"] => Err(METHOD_NOT_ALLOWED.into()),
        // The gate is all that the server itself holds every path to; what it asks beyond, its handlers ask.
        _ => Err(Interrupt::Upstream),
    }
}

/// `/_api/user…`
fn about_users(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    rest: &[&str],
) -> Result<Response, Interrupt> {
    let place = |database, collection| GrantTarget { database, collection };
    match (call.method, rest) {
        (_, ["", ..]) => Err(BAD_PARAMETER.into()),
        ("GET", []) => users::list(tx, session, call),
        ("POST", []) => users::create(tx, session, call),
        ("GET", [user]) => users::see(tx, session, user),
        ("POST", [user]) => users::check_password(tx, session, call, user),
        ("PUT", [user]) => users::replace(tx, session, call, user),
        ("PATCH", [user]) => users::update(tx, session, call, user),
        ("DELETE", [user]) => users::delete(tx, session, user),
        ("GET", [user, "database"]) => grants::list(tx, session, call, user),
        ("GET", [user, "database", db]) => grants::level(tx, session, call, user, place(db, None)),
        ("GET", [user, "database", db, coll]) => grants::level(tx, session, call, user, place(db, Some(coll))),
        ("PUT", [user, "database", db]) => grants::set(tx, session, call, user, place(db, None)),
        ("PUT", [user, "database", db, coll]) => grants::set(tx, session, call, user, place(db, Some(coll))),
        ("DELETE", [user, "database", db]) => grants::clear(tx, session, user, place(db, None)),
        ("DELETE", [user, "database", db, coll]) => grants::clear(tx, session, user, place(db, Some(coll))),
        ("GET", [user, "config"]) => config::see(tx, session, user, None),
        ("GET", [user, "config", key]) => config::see(tx, session, user, Some(key)),
        ("PUT", [user, "config", key]) => config::set(tx, session, call, user, key),
        ("DELETE", [user, "config"]) => config::remove(tx, session, user, None),
        ("DELETE", [user, "config", key]) => config::remove(tx, session, user, Some(key)),
        ("GET" | "POST" | "PUT" | "PATCH" | "DELETE", _) => Err(BAD_PARAMETER.into()),
        _ => Err(NO_METHOD.into()),
    }
}
