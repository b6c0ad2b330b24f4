//! Handlers for collections and documents: those endpoints that show the effect of a level. Documents are not stored.
//!
//! Source: ArangoDB, "HTTP interface for collections" and "HTTP interface for documents".

use super::super::model::WILDCARD;
use super::super::{Action, Level};
use super::body::{self, is_parameter_set};
use super::grants::{add_grant, GrantTarget};
use super::passed_on::pass_on;
use super::responses::{
    method_not_allowed, result_response, success_response, ErrorResponse, BAD_PARAMETER, DUPLICATE_NAME, FORBIDDEN,
    INVALID_COLLECTION, NO_COLLECTION,
};
use super::rules;
use super::session::Session;
use super::stored::{store_database, store_user};
use super::system_collections::{is_system_collection, system_collections};
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The most collections of one database, including dropped ones.
const COLLECTIONS_MAX: usize = 10_000;

/// `/_api/collection…`
pub fn route(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    segments: &[&str],
) -> Result<Response, Interrupt> {
    match (call.method, segments.get(2..).unwrap_or_default()) {
        ("GET", []) => list_collections(tx, session, call),
        ("POST", []) => create_collection(tx, session, call),
        ("GET", [name]) => get_collection(tx, session, name, collection_summary),
        ("GET", [name, "properties"]) => get_collection(tx, session, name, collection_properties),
        ("DELETE", [name]) => drop_collection(tx, session, name),
        // The server has further methods here, such as those that change the properties.
        (_, [_, ..]) if call.has_upstream => pass_on(tx, session, call, segments),
        (_, []) => Err(method_not_allowed("GET, POST")),
        (_, [_]) => Err(method_not_allowed("GET, DELETE")),
        (_, [_, "properties"]) => Err(method_not_allowed("GET")),
        _ => Err(Interrupt::Upstream),
    }
}

/// `GET /_api/collection[?excludeSystem]`: the collections that the caller can read.
fn list_collections(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let system = system_collections(&session.name).filter(|_| !is_parameter_set(call, "excludeSystem"));
    let mut list = Vec::new();
    for name in system.chain(session.database.collections()) {
        if rules::evaluate(tx, &session.mode, session.caller.user_ref(), Action::Read, session.rule_target(Some(name)))?
            .allow
        {
            list.push(Value::object(collection_summary(session, name)));
        }
    }
    Ok(result_response(Value::List(list)))
}

/// `GET /_api/collection/{coll}[/properties]`
fn get_collection<const N: usize>(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    members: impl FnOnce(&Session, &str) -> [(&'static str, Value); N],
) -> Result<Response, Interrupt> {
    session.authorize_in_database(tx, Action::Read, Some(name))?;
    require_collection(session, name)?;
    Ok(collection_response(session, name, members(session, name)))
}

/// `POST /_api/collection` `{name}`: the creator gets `rw` on the collection.
fn create_collection(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let document = body::parse_post_body(call)?;
    let authorized = session.authorize(tx, Action::CreateCollection, session.rule_target(None), FORBIDDEN)?;
    let name =
        document.get("name").and_then(Value::text).filter(|name| is_collection_name(name)).ok_or(INVALID_COLLECTION)?;
    check_type(&document)?;
    let mut database = session.database.clone();
    if database.has_collection(name) {
        return Err(DUPLICATE_NAME.into());
    }
    if database.collection_name_count() >= COLLECTIONS_MAX {
        return Err(BAD_PARAMETER
            .with_reason(&format!("a database has at most {COLLECTIONS_MAX} collections, dropped ones included")));
    }
    database.create_collection(name);
    store_database(tx, &authorized, &session.name, &database)?;
    // A server of the cluster is not a user, and gets no grant.
    if session.caller.is_stored {
        let mut user = session.caller.user.clone();
        add_grant(&mut user, GrantTarget { database: &session.name, collection: Some(name) }, &database, Level::Rw)?;
        store_user(tx, &authorized, &session.caller.name, &user)?;
    }
    Ok(collection_response(session, name, collection_properties(session, name)))
}

/// Rejects all types except collections of documents, because the responses always contain this type.
///
/// Source: ArangoDB, "Create a collection": `2` for documents, which is the default, and `3` for edges.
fn check_type(document: &Value) -> Result<(), Interrupt> {
    match document.get("type") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Number(digits)) if digits.parse() == Ok(2_i64) => Ok(()),
        Some(_) => {
            Err(BAD_PARAMETER.with_reason("only collections of documents are supported, send `type` 2 or leave it out"))
        }
    }
}

/// `DELETE /_api/collection/{coll}`: the grants of all users on it are removed.
fn drop_collection(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::ManageCollection, session.rule_target(Some(name)), FORBIDDEN)?;
    if is_system_collection(&session.name, name) {
        return Err(FORBIDDEN.into());
    }
    if !session.database.has_collection(name) {
        return Err(NO_COLLECTION.into());
    }
    let mut database = session.database.clone();
    database.drop_collection(name);
    store_database(tx, &authorized, &session.name, &database)?;
    Ok(success_response(200, [("id", name.into())]))
}

/// `/_api/document/{coll}`: one document, or a list of documents. They are not stored; `POST` has the response of a
/// server that stores them.
pub fn documents(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    if call.method != "POST" {
        return Err(method_not_allowed("POST"));
    }
    session.authorize_in_database(tx, Action::Write, Some(name))?;
    require_collection(session, name)?;
    call.require_body()?;
    let document = call.json();
    let random_id = tx.uuid()?;
    let inserted = |index: usize, document: &Value| {
        let key =
            document.get("_key").and_then(Value::text).map_or_else(|| format!("{random_id}-{index}"), str::to_owned);
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

fn require_collection(session: &Session, name: &str) -> Result<(), ErrorResponse> {
    if session.database.has_collection(name) || is_system_collection(&session.name, name) {
        Ok(())
    } else {
        Err(NO_COLLECTION)
    }
}

/// A response with all or some properties of a collection.
fn collection_response<const N: usize>(session: &Session, name: &str, members: [(&'static str, Value); N]) -> Response {
    success_response(200, members).tagged(&Value::object(collection_summary(session, name)))
}

/// All properties of a collection. Those beyond the summary are constant; drivers expect them.
fn collection_properties(session: &Session, name: &str) -> [(&'static str, Value); 10] {
    let [id, name, status, kind, is_system, unique] = collection_summary(session, name);
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

/// The properties of a collection in lists: it is loaded, and contains documents. Its name is also its id.
fn collection_summary(session: &Session, name: &str) -> [(&'static str, Value); 6] {
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

/// Whether this can be the name of a new collection.
///
/// Source: ArangoDB, "Collection names", with extended names; names that start with `_` are reserved for the server.
fn is_collection_name(name: &str) -> bool {
    let starts = |letter: char| !letter.is_ascii_digit() && !matches!(letter, '_' | '.' | ' ');
    name.len() <= NEW_NAME_MAX
        && name != WILDCARD
        && name.chars().next().is_some_and(starts)
        && !name.ends_with(' ')
        && !name.chars().any(|letter| letter.is_control() || letter == '/')
}
