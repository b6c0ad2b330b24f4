//! What a user is granted: told, set and cleared.
//!
//! Source: ArangoDB, "HTTP interface for user management", "Manage permissions", and the server's
//! arangod/RestHandler/RestUsersHandler.cpp. Each function checks in the server's order.

use super::super::model::{fixed_level, GRANTS_MAX, WILDCARD};
use super::super::{Action, Kind, Level};
use super::body::{self, is_set};
use super::database::Database;
use super::responses::{result, success, BAD_PARAMETER, FORBIDDEN, NOT_TOLD, NO_COLLECTION, NO_DATABASE, NO_USER};
use super::rules::{self, About, Who};
use super::session::Session;
use super::stored::{self, put_user};
use super::system_collections::{is_system_collection, system_collections};
use super::user::User;

use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// A database, or a collection of it, of whose grant a request is.
#[derive(Clone, Copy)]
pub struct GrantTarget<'a> {
    pub database: &'a str,
    pub collection: Option<&'a str>,
}

/// `GET /_api/user/{user}/database`
pub fn list(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>, name: &str) -> Result<Response, Interrupt> {
    session.may(tx, Action::ReadUser, About::User(name), NOT_TOLD)?;
    let user = stored::user(tx, name)?.ok_or(NO_USER)?;
    let databases = stored::databases(tx)?;
    let mut list = Vec::new();
    if is_set(call, "full") {
        for (database, entry) in &databases {
            list.push((database.clone(), configured(&user, database, entry)));
        }
        let wildcard = user.grant(WILDCARD, &Database::absent(WILDCARD)).and_then(|grant| grant.level);
        let permission = wildcard.unwrap_or(Level::None).word();
        list.push((WILDCARD.to_owned(), Value::object([("permission", permission.into())])));
    } else {
        let who = Who { name, user: Some(&user) };
        for (database, entry) in &databases {
            match rules::level(tx, &session.mode, who, Action::Level, About::Database(database, entry))? {
                Level::None => {}
                level => list.push((database.clone(), level.word().into())),
            }
        }
    }
    Ok(result(Value::Object(list)))
}

/// What is set for a database and each of its collections, whatever it comes to.
fn configured(user: &User, name: &str, database: &Database) -> Value {
    let grant = user.grant(name, database).unwrap_or_default();
    let word = |level: Option<Level>| Value::from(level.map_or("undefined", Level::word));
    let mut collections = Vec::new();
    for collection in system_collections(name).chain(database.collections()).chain([WILDCARD]) {
        collections.push((collection.to_owned(), word(grant.collection(collection))));
    }
    Value::object([("permission", word(grant.level)), ("collections", Value::Object(collections))])
}

/// `GET /_api/user/{user}/database/{db}[/{coll}]`: computed, whether there are such a user and database or not.
pub fn level(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
    place: GrantTarget<'_>,
) -> Result<Response, Interrupt> {
    session.may(tx, Action::ReadUser, About::User(name), NOT_TOLD)?;
    let user = stored::user(tx, name)?;
    let database = stored::database(tx, place.database)?;
    let about = match place.collection {
        None => About::Database(place.database, &database),
        Some(collection) => About::Collection(place.database, &database, collection),
    };
    let who = Who { name, user: user.as_ref() };
    let counts = rules::level(tx, &session.mode, who, Action::Level, about)?;
    let configured = rules::level(tx, &session.mode, who, Action::Configured, about)?;
    let told = if is_set(call, "configured") { configured } else { counts };
    // The same tag whichever of the two is asked for. A change replaces what was set, also where that comes to the
    // same level; and when a database is cleared the grants on its collections go too.
    let grant = user.as_ref().and_then(|user| user.grant(place.database, &database)).unwrap_or_default();
    let set = match place.collection {
        None => grant.value(),
        Some(collection) => grant.collection(collection).map_or(Value::Null, |level| level.word().into()),
    };
    let id = user.map_or(Value::Null, |user| Value::Text(user.id));
    let state = Value::List(vec![id, set, counts.word().into(), configured.word().into()]);
    Ok(result(told.word().into()).tagged(&state))
}

/// `PUT /_api/user/{user}/database/{db}[/{coll}]`
pub fn set(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
    place: GrantTarget<'_>,
) -> Result<Response, Interrupt> {
    let document = body::put(call)?;
    let authorized = session.may(tx, Action::Administrate, About::Server, FORBIDDEN)?;
    let database = found(tx, place)?;
    let form = body::checked(tx, Kind::GrantSet, &document).map_err(|problems| BAD_PARAMETER.of(&problems))?;
    let level = form.get("grant").and_then(Value::text).and_then(Level::from_word).ok_or(BAD_PARAMETER)?;
    let mut user = stored::user(tx, name)?.ok_or(NO_USER)?;
    let GrantTarget { database: db, collection } = place;
    if collection.is_some_and(|collection| collection.starts_with('_')) {
        return Err(BAD_PARAMETER.into());
    }
    if fixed_level(name, db, collection).is_some_and(|kept| kept != level) {
        return Err(FORBIDDEN.into());
    }
    if db == WILDCARD && collection.is_some_and(|collection| collection != WILDCARD) {
        return Err(BAD_PARAMETER.into());
    }
    if db.is_empty() || [Some(db), collection].into_iter().flatten().any(|name| name.len() > NEW_NAME_MAX) {
        return Err(BAD_PARAMETER.because(&format!("a name has 1 to {NEW_NAME_MAX} bytes")));
    }
    grant(&mut user, place, &database, level)?;
    put_user(tx, &authorized, name, &user)?;
    let spelled = collection.map_or_else(|| db.to_owned(), |collection| format!("{db}/{collection}"));
    Ok(success(200, [(spelled.as_str(), level.word().into())]))
}

/// `DELETE /_api/user/{user}/database/{db}[/{coll}]`
pub fn clear(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    place: GrantTarget<'_>,
) -> Result<Response, Interrupt> {
    let authorized = session.may(tx, Action::Administrate, About::Server, FORBIDDEN)?;
    found(tx, place)?;
    let mut user = stored::user(tx, name)?.ok_or(NO_USER)?;
    if fixed_level(name, place.database, place.collection).is_some() {
        return Err(FORBIDDEN.into());
    }
    if user.clear(place.database, place.collection) {
        put_user(tx, &authorized, name, &user)?;
    }
    Ok(success(202, []))
}

/// Adds a grant, within the bound that records have.
///
/// # Errors
///
/// 10.
pub fn grant(user: &mut User, place: GrantTarget<'_>, database: &Database, level: Level) -> Result<(), Interrupt> {
    user.set(place.database, database, place.collection, level);
    if user.count() > GRANTS_MAX {
        return Err(BAD_PARAMETER.because(&format!("a user has at most {GRANTS_MAX} grants")));
    }
    Ok(())
}

/// The database, which must be there where a collection of it is named: `*` is no name, in either place.
fn found(tx: &mut Transaction<'_>, place: GrantTarget<'_>) -> Result<Database, Interrupt> {
    let database = stored::database(tx, place.database)?;
    let Some(collection) = place.collection.filter(|_| place.database != WILDCARD) else { return Ok(database) };
    if !database.present {
        return Err(NO_DATABASE.into());
    }
    if collection != WILDCARD && !database.has(collection) && !is_system_collection(place.database, collection) {
        return Err(NO_COLLECTION.into());
    }
    Ok(database)
}
