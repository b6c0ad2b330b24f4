//! Collections and documents: no more of them than shows what a level is good for. Nothing is stored of a
//! document.
//!
//! Source: ArangoDB, "HTTP interface for collections" and "HTTP interface for documents".

use super::super::model::WILDCARD;
use super::super::{Action, Level};
use super::body::{self, is_set};
use super::grants::{grant, GrantTarget};
use super::responses::{
    result, success, Refusal, BAD_PARAMETER, DUPLICATE_NAME, FORBIDDEN, INVALID_COLLECTION, METHOD_NOT_ALLOWED,
    NO_COLLECTION,
};
use super::rules;
use super::session::Session;
use super::stored::{put_database, put_user};
use super::system_collections::{is_system_collection, system_collections};
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The most names of collections that one database ever has.
const COLLECTIONS_MAX: usize = 10_000;

/// `/_api/collection…`
pub fn route(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    rest: &[&str],
) -> Result<Response, Interrupt> {
    match (call.method, rest) {
        ("GET", []) => list(tx, session, call),
        ("POST", []) => create(tx, session, call),
        ("GET", [name]) => see(tx, session, name, shown),
        ("GET", [name, "properties"]) => see(tx, session, name, properties),
        ("DELETE", [name]) => drop_one(tx, session, name),
        (_, [] | [_] | [_, "properties"]) => Err(METHOD_NOT_ALLOWED.into()),
        // The server's own handlers ask for more than the session; which level, the document does not say.
        _ => Err(Interrupt::Upstream),
    }
}

/// `GET /_api/collection[?excludeSystem]`: those that the caller may see.
fn list(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let system = system_collections(&session.name).filter(|_| !is_set(call, "excludeSystem"));
    let mut list = Vec::new();
    for name in system.chain(session.database.collections()) {
        if rules::evaluate(tx, &session.mode, session.caller.who(), Action::Read, session.here(Some(name)))?.allow {
            list.push(Value::object(shown(session, name)));
        }
    }
    Ok(result(Value::List(list)))
}

/// `GET /_api/collection/{coll}[/properties]`
fn see<const N: usize>(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    shown: impl FnOnce(&Session, &str) -> [(&'static str, Value); N],
) -> Result<Response, Interrupt> {
    session.may_here(tx, Action::Read, Some(name))?;
    found(session, name)?;
    Ok(told(session, name, shown(session, name)))
}

/// `POST /_api/collection` `{name}`: the creator gets `rw` on it.
fn create(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let document = body::posted(call)?;
    let authorized = session.may(tx, Action::CreateCollection, session.here(None), FORBIDDEN)?;
    let name = document.get("name").and_then(Value::text).filter(|name| is_name(name)).ok_or(INVALID_COLLECTION)?;
    check_type(&document)?;
    let mut database = session.database.clone();
    if database.has(name) {
        return Err(DUPLICATE_NAME.into());
    }
    if database.names() >= COLLECTIONS_MAX {
        return Err(BAD_PARAMETER
            .because(&format!("a database has at most {COLLECTIONS_MAX} collections, dropped ones included")));
    }
    database.create(name);
    put_database(tx, &authorized, &session.name, &database)?;
    // A server that asks another is no user, and needs no grant.
    if session.caller.is_stored {
        let mut user = session.caller.user.clone();
        grant(&mut user, GrantTarget { database: &session.name, collection: Some(name) }, &database, Level::Rw)?;
        put_user(tx, &authorized, &session.caller.name, &user)?;
    }
    Ok(told(session, name, properties(session, name)))
}

/// Refuses another type than that of documents: what is told of a collection always says this one.
///
/// Source: ArangoDB, "Create a collection": `2` for documents, which is the default, and `3` for edges.
fn check_type(document: &Value) -> Result<(), Interrupt> {
    match document.get("type") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Number(digits)) if digits.parse() == Ok(2_i64) => Ok(()),
        Some(_) => {
            Err(BAD_PARAMETER.because("only collections of documents are kept here, send `type` 2 or leave it out"))
        }
    }
}

/// `DELETE /_api/collection/{coll}`: what everybody was granted on it goes with it.
fn drop_one(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    let authorized = session.may(tx, Action::ManageCollection, session.here(Some(name)), FORBIDDEN)?;
    if is_system_collection(&session.name, name) {
        return Err(FORBIDDEN.into());
    }
    if !session.database.has(name) {
        return Err(NO_COLLECTION.into());
    }
    let mut database = session.database.clone();
    database.drop_collection(name);
    put_database(tx, &authorized, &session.name, &database)?;
    Ok(success(200, [("id", name.into())]))
}

/// `POST /_api/document/{coll}`: one, or a list of them.
pub fn insert(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>, name: &str) -> Result<Response, Interrupt> {
    if call.method != "POST" {
        return Err(METHOD_NOT_ALLOWED.into());
    }
    session.may_here(tx, Action::Write, Some(name))?;
    found(session, name)?;
    call.require_body()?;
    let document = call.json();
    let drawn = tx.uuid()?;
    let inserted = |index: usize, document: &Value| {
        let key = document.get("_key").and_then(Value::text).map_or_else(|| format!("{drawn}-{index}"), str::to_owned);
        let id = format!("{name}/{key}");
        Value::object([("_id", Value::Text(id)), ("_key", Value::Text(key)), ("_rev", "_".into())])
    };
    match document {
        Ok(Value::List(list)) => {
            let list = list.iter().enumerate().map(|(index, document)| inserted(index, document));
            Ok(Response::json(202, Value::List(list.collect())))
        }
        Ok(document @ Value::Object(_)) => Ok(Response::json(202, inserted(0, &document))),
        _ => Err(BAD_PARAMETER.into()),
    }
}

fn found(session: &Session, name: &str) -> Result<(), Refusal> {
    if session.database.has(name) || is_system_collection(&session.name, name) {
        Ok(())
    } else {
        Err(NO_COLLECTION)
    }
}

/// An answer that has a collection's properties, or some of them.
fn told<const N: usize>(session: &Session, name: &str, members: [(&'static str, Value); N]) -> Response {
    success(200, members).tagged(&Value::object(shown(session, name)))
}

/// All that is told of a collection: the rest is the same for every one, which drivers expect to be there.
fn properties(session: &Session, name: &str) -> [(&'static str, Value); 10] {
    let [id, name, status, kind, is_system, unique] = shown(session, name);
    let key_options = Value::object([("allowUserKeys", true.into()), ("type", "traditional".into())]);
    let constant = [
        ("statusString", "loaded".into()),
        ("keyOptions", key_options),
        ("waitForSync", false.into()),
        ("writeConcern", 1.into()),
    ];
    let [status_string, key_options, wait_for_sync, write_concern] = constant;
    [id, name, status, kind, is_system, unique, status_string, key_options, wait_for_sync, write_concern]
}

/// What is told of a collection: it is loaded, and one of documents. The name is its id, too.
fn shown(session: &Session, name: &str) -> [(&'static str, Value); 6] {
    let unique = Value::Text(format!("{}/{name}", session.name));
    [
        ("id", name.into()),
        ("name", name.into()),
        ("status", 3.into()),
        ("type", 2.into()),
        ("isSystem", name.starts_with('_').into()),
        ("globallyUniqueId", unique),
    ]
}

/// Source: ArangoDB, "Collection names", with extended names; those that start with `_` are the server's own.
fn is_name(name: &str) -> bool {
    let starts = |letter: char| !letter.is_ascii_digit() && !matches!(letter, '_' | '.' | ' ');
    name.len() <= NEW_NAME_MAX
        && name != WILDCARD
        && name.chars().next().is_some_and(starts)
        && !name.ends_with(' ')
        && !name.chars().any(|letter| letter.is_control() || letter == '/')
}
