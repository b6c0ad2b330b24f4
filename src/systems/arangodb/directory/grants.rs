//! Handlers that list, get, set and clear the grants of a user.
//!
//! Source: ArangoDB, "HTTP interface for user management", "Manage permissions", and the server's
//! arangod/RestHandler/RestUsersHandler.cpp. Each function checks in the server's order.

use super::super::model::{fixed_level, GRANTS_MAX, WILDCARD};
use super::super::{Action, Kind, Level};
use super::body::{self, is_parameter_set};
use super::database::Database;
use super::responses::{
    result_response, success_response, BAD_PARAMETER, FORBIDDEN, NO_COLLECTION, NO_DATABASE, NO_USER, READ_FORBIDDEN,
};
use super::rules::{self, RuleTarget, UserRef};
use super::session::Session;
use super::stored::{self, store_user};
use super::system_collections::{is_system_collection, system_collections};
use super::user::User;

use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The database or collection of a grant.
#[derive(Clone, Copy)]
pub struct GrantTarget<'a> {
    pub database: &'a str,
    pub collection: Option<&'a str>,
}

/// `GET /_api/user/{user}/database`
pub fn list_grants(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    session.authorize(tx, Action::ReadUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    let databases = stored::load_databases(tx)?;
    let mut list = Vec::new();
    if is_parameter_set(call, "full") {
        for (database, entry) in &databases {
            list.push((database.clone(), configured_levels(&user, database, entry)));
        }
        let wildcard = user.effective_grant(WILDCARD, &Database::absent(WILDCARD)).and_then(|grant| grant.level);
        let permission = wildcard.unwrap_or(Level::None).word();
        list.push((WILDCARD.to_owned(), Value::object([("permission", permission.into())])));
    } else {
        let user = UserRef { name, user: Some(&user) };
        for (database, entry) in &databases {
            match rules::evaluate_level(tx, &session.mode, user, Action::Level, RuleTarget::Database(database, entry))?
            {
                Level::None => {}
                level => list.push((database.clone(), level.word().into())),
            }
        }
    }
    Ok(result_response(Value::Object(list)))
}

/// The configured levels of a database and of each of its collections, without wildcards and modes.
fn configured_levels(user: &User, name: &str, database: &Database) -> Value {
    let grant = user.effective_grant(name, database).unwrap_or_default();
    let word = |level: Option<Level>| Value::from(level.map_or("undefined", Level::word));
    let mut collections = Vec::new();
    for collection in system_collections(name).chain(database.collections()).chain([WILDCARD]) {
        collections.push((collection.to_owned(), word(grant.collection_level(collection))));
    }
    Value::object([("permission", word(grant.level)), ("collections", Value::Object(collections))])
}

/// `GET /_api/user/{user}/database/{db}[/{coll}]`: the effective level, also if the user or database does not exist.
pub fn get_level(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
    target: GrantTarget<'_>,
) -> Result<Response, Interrupt> {
    session.authorize(tx, Action::ReadUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let user = stored::load_user(tx, name)?;
    let database = stored::load_database(tx, target.database)?;
    let rule_target = match target.collection {
        None => RuleTarget::Database(target.database, &database),
        Some(collection) => RuleTarget::Collection(target.database, &database, collection),
    };
    let user_ref = UserRef { name, user: user.as_ref() };
    let effective = rules::evaluate_level(tx, &session.mode, user_ref, Action::Level, rule_target)?;
    let configured = rules::evaluate_level(tx, &session.mode, user_ref, Action::Configured, rule_target)?;
    let level = if is_parameter_set(call, "configured") { configured } else { effective };
    // The tag is the same for both levels. It includes the grant itself, because a change can replace the grant without
    // changing the level. Clearing a database also removes the grants on its collections, so its tag includes them.
    let grant = user.as_ref().and_then(|user| user.effective_grant(target.database, &database)).unwrap_or_default();
    let set = match target.collection {
        None => grant.to_value(),
        Some(collection) => grant.collection_level(collection).map_or(Value::Null, |level| level.word().into()),
    };
    let id = user.map_or(Value::Null, |user| Value::Text(user.id));
    let state = Value::List(vec![id, set, effective.word().into(), configured.word().into()]);
    Ok(result_response(level.word().into()).tagged(&state))
}

/// `PUT /_api/user/{user}/database/{db}[/{coll}]`
pub fn set_grant(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
    target: GrantTarget<'_>,
) -> Result<Response, Interrupt> {
    let document = body::parse_put_body(call)?;
    let authorized = session.authorize(tx, Action::Administrate, RuleTarget::Server, FORBIDDEN)?;
    let database = require_target(tx, target)?;
    let form = body::validate_form(tx, Kind::GrantSet, &document)?;
    let level = form.get("grant").and_then(Value::text).and_then(Level::from_word).ok_or(BAD_PARAMETER)?;
    let mut user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    let GrantTarget { database: db, collection } = target;
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
        return Err(BAD_PARAMETER.with_reason(&format!("a name has 1 to {NEW_NAME_MAX} bytes")));
    }
    add_grant(&mut user, target, &database, level)?;
    store_user(tx, &authorized, name, &user)?;
    let path = collection.map_or_else(|| db.to_owned(), |collection| format!("{db}/{collection}"));
    Ok(success_response(200, [(path.as_str(), level.word().into())]))
}

/// `DELETE /_api/user/{user}/database/{db}[/{coll}]`
pub fn clear_grant(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    target: GrantTarget<'_>,
) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::Administrate, RuleTarget::Server, FORBIDDEN)?;
    require_target(tx, target)?;
    let mut user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    if fixed_level(name, target.database, target.collection).is_some() {
        return Err(FORBIDDEN.into());
    }
    if user.clear_grant(target.database, target.collection) {
        store_user(tx, &authorized, name, &user)?;
    }
    Ok(success_response(202, []))
}

/// Adds a grant, up to the limit of records.
///
/// # Errors
///
/// 10.
pub fn add_grant(user: &mut User, target: GrantTarget<'_>, database: &Database, level: Level) -> Result<(), Interrupt> {
    user.set_level(target.database, database, target.collection, level);
    if user.grant_count() > GRANTS_MAX {
        return Err(BAD_PARAMETER.with_reason(&format!("a user has at most {GRANTS_MAX} grants")));
    }
    Ok(())
}

/// Loads the database of a grant. For a collection other than `*`, the collection must exist. For any collection, the
/// database must exist, unless it is `*`.
fn require_target(tx: &mut Transaction<'_>, target: GrantTarget<'_>) -> Result<Database, Interrupt> {
    let database = stored::load_database(tx, target.database)?;
    let Some(collection) = target.collection.filter(|_| target.database != WILDCARD) else { return Ok(database) };
    if !database.present {
        return Err(NO_DATABASE.into());
    }
    if collection != WILDCARD
        && !database.has_collection(collection)
        && !is_system_collection(target.database, collection)
    {
        return Err(NO_COLLECTION.into());
    }
    Ok(database)
}
