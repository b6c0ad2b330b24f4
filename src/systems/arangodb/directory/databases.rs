//! Handlers for databases: those endpoints that are needed to grant levels on them.
//!
//! Source: ArangoDB, "HTTP interface for databases", and the server's arangod/RestHandler/RestDatabaseHandler.cpp
//! and arangod/VocBase/Methods/Databases.cpp.

use std::collections::BTreeMap;

use super::super::model::{PASSWORD_MAX, SYSTEM, WILDCARD};
use super::super::resource::is_dot_segment;
use super::super::{Action, Level};
use super::body;
use super::database::Database;
use super::grants::{add_grant, GrantTarget};
use super::responses::{
    method_not_allowed, result_response, success_response, BAD_PARAMETER, DUPLICATE_NAME, FORBIDDEN, INVALID_DATABASE,
    INVALID_NAME, NO_DATABASE, ONLY_IN_SYSTEM,
};
use super::rules::{self, RuleTarget};
use super::session::Session;
use super::stored::{self, store_database, store_user, user_key};
use super::user::User;
use crate::directory::prelude::{Authorized, Call, Interrupt, Key, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The longest name of a new database, in bytes.
const DATABASE_NAME_MAX: usize = 128;

/// `/_api/database…`
pub fn route(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    rest: &[&str],
) -> Result<Response, Interrupt> {
    match (call.method, rest) {
        ("GET", ["current"]) => {
            let is_system = session.name == SYSTEM;
            let name = Value::from(session.name.as_str());
            let current = [("name", name.clone()), ("id", name), ("path", "".into()), ("isSystem", is_system.into())];
            Ok(result_response(Value::object(current)))
        }
        ("GET", ["user"]) => list_own_databases(tx, session),
        ("GET" | "POST", []) | ("DELETE", [_]) if session.name != SYSTEM => Err(ONLY_IN_SYSTEM.into()),
        ("GET", []) => Ok(result_response(Value::texts(&stored::load_databases(tx)?.into_keys().collect::<Vec<_>>()))),
        ("POST", []) => create_database(tx, session, call),
        ("DELETE", [name]) => drop_database(tx, session, name),
        (_, []) => Err(method_not_allowed("GET, POST")),
        (_, ["current" | "user"]) => Err(method_not_allowed("GET, DELETE")),
        (_, [_]) => Err(method_not_allowed("DELETE")),
        _ => Err(Interrupt::Upstream),
    }
}

/// `GET /_api/database/user`: the databases that the caller can use.
fn list_own_databases(tx: &mut Transaction<'_>, session: &Session) -> Result<Response, Interrupt> {
    let mut names = Vec::new();
    for (name, database) in stored::load_databases(tx)? {
        let target = RuleTarget::Database(&name, &database);
        if rules::evaluate(tx, &session.mode, session.caller.user_ref(), Action::Use, target)?.allow {
            names.push(name);
        }
    }
    Ok(result_response(Value::texts(&names)))
}

/// `POST /_api/database` `{name, users?}`
///
/// Users in `users` get `rw` on the database and on its `*`, and are created if they do not exist. The creator gets no
/// grant: an administrator has access by `_system` or `*`.
fn create_database(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let document = body::parse_post_body(call)?;
    let authorized = session.authorize(tx, Action::Administrate, RuleTarget::Server, FORBIDDEN)?;
    let name = document.get("name").and_then(Value::text).ok_or(INVALID_DATABASE)?;
    if !is_database_name(name) {
        return Err(INVALID_DATABASE.into());
    }
    let owners = match document.get("users") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(users)) => users.iter().map(Owner::from_value).collect::<Option<_>>().ok_or(BAD_PARAMETER)?,
        Some(_) => return Err(BAD_PARAMETER.into()),
    };
    if owners.iter().any(|owner| is_dot_segment(owner.name)) {
        return Err(INVALID_NAME.with_reason("a URL cannot contain the name `.` or `..`: choose another"));
    }
    let mut database = stored::load_database(tx, name)?;
    if database.present {
        return Err(DUPLICATE_NAME.into());
    }
    database.present = true;
    store_database(tx, &authorized, name, &database)?;
    grant_owners(tx, &authorized, name, &database, &owners)?;
    Ok(success_response(201, [("result", true.into())]))
}

/// A user in `users`, with the members of a new user.
struct Owner<'v> {
    name: &'v str,
    password: &'v str,
    active: bool,
    extra: Option<&'v Value>,
}

impl<'v> Owner<'v> {
    /// Parses `{username, passwd?, active?, extra?}`; `None` for a member of a wrong type or over its limit.
    fn from_value(value: &'v Value) -> Option<Self> {
        let name = value.get("username").or_else(|| value.get("user"))?.text()?;
        let password = value.get("passwd").map_or(Some(""), Value::text)?;
        let active = match value.get("active") {
            None => true,
            Some(Value::Bool(active)) => *active,
            Some(_) => return None,
        };
        let extra = value.get("extra").filter(|extra| matches!(extra, Value::Object(_)));
        let is_valid = (1..=NEW_NAME_MAX).contains(&name.len()) && password.len() <= PASSWORD_MAX;
        is_valid.then_some(Self { name, password, active, extra })
    }
}

/// Grants `rw` on the database to the owners, and creates those that do not exist.
fn grant_owners(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    name: &str,
    database: &Database,
    owners: &[Owner<'_>],
) -> Result<(), Interrupt> {
    let keys: Vec<Key> = owners.iter().map(|owner| user_key(owner.name)).collect();
    tx.read_all(&keys)?;
    let mut users: BTreeMap<&str, User> = BTreeMap::new();
    let mut new = Vec::new();
    for owner in owners {
        if users.contains_key(owner.name) {
            continue;
        }
        let user = match stored::load_user(tx, owner.name)? {
            Some(user) => user,
            None => {
                new.push(owner);
                User::new(String::new())
            }
        };
        users.insert(owner.name, user);
    }
    let names: Vec<[&str; 1]> = new.iter().map(|owner| [owner.name]).collect();
    let passwords: Vec<(&str, &[&str])> =
        new.iter().zip(&names).map(|(owner, names)| (owner.password, names.as_slice())).collect();
    let hashes = tx.new_hashes(&passwords)?;
    // One random id for all users, because a run has a limited number of random bytes.
    let random_id = tx.uuid()?;
    for (index, (owner, hash)) in new.into_iter().zip(hashes).enumerate() {
        if let Some(user) = users.get_mut(owner.name) {
            user.id = format!("{random_id}-{index}");
            user.active = owner.active;
            user.hash = Some(hash);
            if let Some(extra) = owner.extra {
                body::check_size(extra)?;
                user.extra = extra.clone();
            }
        }
    }
    for (owner, mut user) in users {
        for collection in [None, Some(WILDCARD)] {
            add_grant(&mut user, GrantTarget { database: name, collection }, database, Level::Rw)?;
        }
        store_user(tx, authorized, owner, &user)?;
    }
    Ok(())
}

/// `DELETE /_api/database/{db}`: the grants of all users on it are removed.
fn drop_database(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::Administrate, RuleTarget::Server, FORBIDDEN)?;
    if name == SYSTEM {
        return Err(FORBIDDEN.into());
    }
    let database = stored::load_database(tx, name)?;
    if !database.present {
        return Err(NO_DATABASE.into());
    }
    store_database(tx, &authorized, name, &database.dropped())?;
    Ok(success_response(200, [("result", true.into())]))
}

/// Whether this can be the name of a new database.
///
/// Source: ArangoDB, "Database names", with extended names; `*` is excluded, because it means all databases.
fn is_database_name(name: &str) -> bool {
    let starts = |letter: char| !letter.is_ascii_digit() && !matches!(letter, '_' | '.' | ' ');
    name.len() <= DATABASE_NAME_MAX
        && name != WILDCARD
        && name.chars().next().is_some_and(starts)
        && !name.ends_with(' ')
        && !name.chars().any(|letter| letter.is_control() || matches!(letter, '/' | ':'))
}
