//! The product's endpoints: the complete user management, sign-in, and those endpoints of databases, collections and
//! documents that clients need to try out the effect of a level.

mod body;
mod collections;
mod config;
mod database;
mod databases;
mod export;
mod grants;
mod guards;
mod import;
mod passed_on;
mod responses;
mod rules;
mod session;
mod session_token;
mod sign_in;
mod stored;
mod system_collections;
mod token;
mod tokens;
mod user;
mod users;
mod values;

use self::body::is_parameter_set;
use self::grants::GrantTarget;
use self::responses::{
    failure_response, method_not_allowed, success_response, BAD_PARAMETER, NOT_IMPLEMENTED, NO_METHOD, UNKNOWN_PATH,
};
use self::session::{Path, Session};
use super::Arangodb;
use crate::directory::index::Index;
use crate::directory::prelude::{
    Authorized, BodySize, Call, Directory, Fault, Holder, Interrupt, Key, Rejection, Response, Transaction, View,
};
use crate::document::value::Value;

/// The release of ArangoDB that the rules follow.
const VERSION: &str = "3.12.0";

impl Directory for Arangodb {
    const USERS: &'static str = "user/";
    // Drivers do not connect to a server without this header.
    const HEADERS: &'static [(&'static str, &'static str)] = &[("server", "ArangoDB")];
    const GUARDED: &'static [&'static str] = &["user/"];
    const INDEXES: &'static [Index] = &[];
    /// When a database or collection is dropped, all levels on it are removed, also `none`. The levels of `*` and
    /// `_system` then apply. A caller who can drop it has `rw` on all of it, unless a level on it is lower. So if the
    /// caller gains nothing by the drop, no other user gets more than the caller has, and comparing the caller is
    /// enough.
    const BEARING: &'static [&'static str] = &["database/"];

    fn handle_call(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
        // Source: the server's HttpCommTask.cpp, `processCorsOptions`: every path, before the sign-in.
        if call.method == "OPTIONS" {
            return Ok(Response::empty(200).with_header("allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"));
        }
        let result = handle_request(tx, call);
        // A page in a browser omits the header, to show its own sign-in form.
        if call.header("x-omit-www-authenticate").is_some() {
            return result;
        }
        match result {
            Err(Interrupt::Refused(response)) if response.status == 401 => {
                let schemes = r#"Basic realm="ArangoDB", charset="UTF-8", Bearer realm="ArangoDB""#;
                Err(response.with_header("www-authenticate", schemes).into())
            }
            result => result,
        }
    }

    fn body_size(call: &Call<'_>) -> BodySize {
        let segments = Path::parse(call).map(|path| path.segments).unwrap_or_default();
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["_api", "document", _] => BodySize::Document,
            _ => BodySize::Ordinary,
        }
    }

    fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
        import::import_records(tx, authorized, document)
    }

    fn export_records(entries: &[(String, Value)]) -> Value {
        export::export_records(entries)
    }

    fn holder_at(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Option<Holder<Self>>, Interrupt> {
        guards::user_holder(view, key, value).map(Some)
    }

    fn rejection_response(rejection: Rejection, _: &Call<'_>) -> Response {
        failure_response(rejection.status, rejection.status.into(), rejection.message)
    }

    fn fault_response(fault: Fault, _: &str) -> Response {
        failure_response(fault.status(), fault.status().into(), fault.message())
    }
}

/// The response to an asynchronous request, which is executed at once here.
///
/// Source: ArangoDB, "HTTP interface for jobs": the response to `true` is an empty 202, and `store` stores the result
/// so that the client can fetch it later. Results are not stored here, so the request is rejected.
fn async_response(call: &Call<'_>, result: Result<Response, Interrupt>) -> Result<Response, Interrupt> {
    match (call.header("x-arango-async"), result) {
        // The product executes the handler after the response, so the client learns of no error. A refusal writes
        // nothing, whatever its status is.
        (Some("true"), Err(Interrupt::Refused(_))) => Err(Response::empty(202).into()),
        (Some("true"), Ok(response)) if response.status >= 400 => Err(Response::empty(202).into()),
        (Some("true"), Ok(_)) => Ok(Response::empty(202)),
        (Some("store"), Ok(_)) => {
            Err(NOT_IMPLEMENTED.with_reason("results are not stored here, leave out `x-arango-async: store`"))
        }
        (_, result) => result,
    }
}

fn handle_request(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let path = Path::parse(call).ok_or(BAD_PARAMETER)?;
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    let Some(session) = session::authenticate_session(tx, call, &path)? else {
        let response = match segments.as_slice() {
            ["_open", "auth"] => session_token::open_session(tx, call),
            ["_open", "auth", "renew"] => session_token::renew_session(tx, call),
            ["_admin", "server", "availability"] => availability(tx, call),
            _ => Err(UNKNOWN_PATH.into()),
        }?;
        // A sign-in that fails is a 401 in any case.
        return async_response(call, Ok(response));
    };
    let result = route_authenticated_request(tx, &session, call, &segments);
    async_response(call, result)
}

/// Handles a request of a caller who may use the database.
fn route_authenticated_request(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    segments: &[&str],
) -> Result<Response, Interrupt> {
    match segments {
        ["_api", "user", rest @ ..] => route_user_request(tx, session, call, rest),
        ["_api", "token", rest @ ..] => tokens::route(tx, session, call, rest),
        ["_api", "database", rest @ ..] => databases::route(tx, session, call, rest),
        ["_api", "collection", ..] => collections::route(tx, session, call, segments),
        ["_api", "document", collection] if !call.has_upstream => collections::documents(tx, session, call, collection),
        // Source: ArangoDB, "HTTP interface for administration": every method has the response of `GET`.
        ["_api", "version"] => Ok(version(call)),
        // The server checks access to the database for every path.
        _ => passed_on::pass_on(tx, session, call, segments),
    }
}

/// `/_api/version[?details=true]`
fn version(call: &Call<'_>) -> Response {
    let [server, license, version] =
        [("server", "arango".into()), ("license", "community".into()), ("version", VERSION.into())];
    Response::json(
        200,
        match is_parameter_set(call, "details") {
            // The builds and libraries of a server are not known here.
            true => Value::object([server, license, version, ("details", Value::object([("mode", "server".into())]))]),
            false => Value::object([server, license, version]),
        },
    )
}

/// `GET /_admin/server/availability`: load balancers ask without credentials.
///
/// Source: the server's CommTask.cpp, `canAccessPath`, and ArangoDB, "HTTP interface for administration".
fn availability(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    if call.method != "GET" {
        return Err(method_not_allowed("GET"));
    }
    Ok(success_response(200, [("mode", session::load_mode(tx)?)]))
}

/// `/_api/user…`
fn route_user_request(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    rest: &[&str],
) -> Result<Response, Interrupt> {
    let target = |database, collection| GrantTarget { database, collection };
    match (call.method, rest) {
        (_, ["", ..]) => Err(BAD_PARAMETER.into()),
        ("GET", []) => users::list_users(tx, session, call),
        ("POST", []) => users::create_user(tx, session, call),
        ("GET", [user]) => users::get_user(tx, session, user),
        ("POST", [user]) => users::check_password(tx, session, call, user),
        ("PUT", [user]) => users::replace_user(tx, session, call, user),
        ("PATCH", [user]) => users::update_user(tx, session, call, user),
        ("DELETE", [user]) => users::delete_user(tx, session, user),
        ("GET", [user, "database"]) => grants::list_grants(tx, session, call, user),
        ("GET", [user, "database", db]) => grants::get_level(tx, session, call, user, target(db, None)),
        ("GET", [user, "database", db, coll]) => grants::get_level(tx, session, call, user, target(db, Some(coll))),
        ("PUT", [user, "database", db]) => grants::set_grant(tx, session, call, user, target(db, None)),
        ("PUT", [user, "database", db, coll]) => grants::set_grant(tx, session, call, user, target(db, Some(coll))),
        ("DELETE", [user, "database", db]) => grants::clear_grant(tx, session, user, target(db, None)),
        ("DELETE", [user, "database", db, coll]) => grants::clear_grant(tx, session, user, target(db, Some(coll))),
        ("GET", [user, "config"]) => config::get_config(tx, session, user, None),
        ("GET", [user, "config", key]) => config::get_config(tx, session, user, Some(key)),
        ("PUT", [user, "config", key]) => config::set_config(tx, session, call, user, key),
        ("DELETE", [user, "config"]) => config::remove_config(tx, session, user, None),
        ("DELETE", [user, "config", key]) => config::remove_config(tx, session, user, Some(key)),
        ("GET" | "POST" | "PUT" | "PATCH" | "DELETE", _) => Err(BAD_PARAMETER.into()),
        _ => Err(NO_METHOD.into()),
    }
}
