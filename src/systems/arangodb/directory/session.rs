//! Authenticates the caller, and authorizes access to the database of the request.
//!
//! Source: the server's arangod/GeneralServer/CommTask.cpp, `prepareExecution` and `canAccessPath`.

use super::super::model::SYSTEM;
use super::super::{Action, Level};
use super::database::Database;
use super::responses::{ErrorResponse, FORBIDDEN, NOT_AUTHORIZED, NO_DATABASE, READ_ONLY};
use super::rules::{self, RuleTarget};
use super::sign_in::{Caller, Credentials};
use super::stored::{self, database_key, settings_key, user_key};
use crate::directory::prelude::{Authorized, Call, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The path of a request. It is split before its segments are decoded, so that `a%2Fb` is one name.
pub struct Path<'c> {
    /// The raw rest of the path after `/_db/{database}`.
    raw: &'c str,
    /// The database that the request is sent to.
    pub database: String,
    /// The segments after `/_db/{database}`, without empty segments at the end.
    pub segments: Vec<String>,
    /// Whether the path has more than two segments, also if the third is empty.
    is_below_two: bool,
}

impl<'c> Path<'c> {
    /// Parses `/_db/{database}/…`, or a path for `_system` without a database; `None` if it cannot be decoded.
    pub fn parse(call: &Call<'c>) -> Option<Self> {
        let mut segments = call.segments()?;
        let (mut raw, mut database) = (call.path, SYSTEM.to_owned());
        if segments.len() > 1 && segments.first().is_some_and(|first| first == "_db") {
            let rest = segments.split_off(2);
            database = segments.pop()?;
            segments = rest;
            // From the third slash.
            raw = raw.match_indices('/').nth(2).and_then(|(start, _)| raw.get(start..)).unwrap_or("/");
        }
        let is_below_two = segments.len() > 2;
        while segments.last().is_some_and(String::is_empty) {
            segments.pop();
        }
        Some(Self { raw, database, segments, is_below_two })
    }

    fn starts_with(&self, start: &[&str]) -> bool {
        self.segments.len() >= start.len() && self.segments.iter().zip(start).all(|(segment, word)| segment == word)
    }

    /// Paths below `/_open/`, and the availability of the server, require no sign-in.
    pub fn is_open_path(&self) -> bool {
        (self.segments.len() > 1 && self.starts_with(&["_open"]))
            || (self.segments.len() == 3 && self.starts_with(&["_admin", "server", "availability"]))
    }

    /// Paths below `/_api/user/` and `/_api/token/` require no access to the database.
    ///
    /// Source for tokens: ArangoDB, "HTTP interface for authentication": users manage their own tokens regardless of
    /// database access levels.
    fn is_user_path(&self) -> bool {
        self.is_below_two && (self.starts_with(&["_api", "user"]) || self.starts_with(&["_api", "token"]))
    }

    /// The entries that the handler of this path reads, so that all are read together.
    fn keys(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        if let [api, kind, name, rest @ ..] = self.segments.as_slice() {
            match (api.as_str(), kind.as_str(), rest) {
                ("_api", "user", [word, database, ..]) if word == "database" => {
                    keys.extend([user_key(name), database_key(database)]);
                }
                ("_api", "user" | "token", _) => keys.push(user_key(name)),
                ("_api", "database", []) => keys.push(database_key(name)),
                _ => {}
            }
        }
        keys
    }
}

/// An authenticated request.
pub struct Session {
    pub caller: Caller,
    /// The mode of the server, in the form of records.
    pub mode: Value,
    /// The database that the request is sent to.
    pub name: String,
    pub database: Database,
}

/// Authenticates the caller, and authorizes access to the database; `None` for paths that require no sign-in.
///
/// # Errors
///
/// [`Interrupt`].
pub fn authenticate_session(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    path: &Path<'_>,
) -> Result<Option<Session>, Interrupt> {
    let credentials = Credentials::from_call(tx, call);
    if credentials.as_ref().is_some_and(|credentials| !credentials.allows_path(path.raw)) {
        return Err(NOT_AUTHORIZED.into());
    }
    let mut keys = vec![settings_key(), database_key(&path.database)];
    keys.extend(credentials.as_ref().and_then(Credentials::key));
    keys.extend(path.keys());
    keys.sort();
    keys.dedup();
    if let Some(throttle) = credentials.as_ref().and_then(Credentials::throttle) {
        tx.prefetch(std::slice::from_ref(throttle.key()));
    }
    tx.read_all(&keys)?;
    let mode = load_mode(tx)?;
    let name = path.database.clone();
    let database = stored::load_database(tx, &name)?;
    if database.present && path.is_open_path() {
        return Ok(None);
    }
    let caller = match credentials {
        Some(credentials) => credentials.load_caller(tx)?,
        None => None,
    };
    let user = caller.as_ref().map(Caller::user_ref);
    let allowed = rules::decide(tx, &mode, user, Action::Use, RuleTarget::Database(&name, &database))?;
    match (caller, allowed) {
        // Callers without access do not learn whether the database exists.
        (_, Ok(_)) if !database.present => Err(NO_DATABASE.into()),
        (Some(caller), Ok(_)) => Ok(Some(Session { caller, mode, name, database })),
        (Some(caller), Err(_)) if database.present && path.is_user_path() => {
            Ok(Some(Session { caller, mode, name, database }))
        }
        (None, _) | (_, Err(_)) => Err(NOT_AUTHORIZED.into()),
    }
}

/// The mode of the server, in the form of records.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn load_mode(tx: &mut Transaction<'_>) -> Result<Value, Interrupt> {
    let mode = tx.read_entry(&settings_key())?.and_then(|settings| settings.get("mode"));
    Ok(mode.cloned().unwrap_or_else(|| "default".into()))
}

impl Session {
    /// Authorizes an action; `error` is the response if the rules deny it.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn authorize(
        &self,
        tx: &mut Transaction<'_>,
        action: Action,
        target: RuleTarget<'_>,
        error: ErrorResponse,
    ) -> Result<Authorized, Interrupt> {
        rules::decide(tx, &self.mode, Some(self.caller.user_ref()), action, target)?.map_err(|_| error.into())
    }

    /// Authorizes an action on data in the database of the request.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403, with a different error number if the caller can read but not write.
    pub fn authorize_in_database(
        &self,
        tx: &mut Transaction<'_>,
        action: Action,
        collection: Option<&str>,
    ) -> Result<Authorized, Interrupt> {
        rules::decide(tx, &self.mode, Some(self.caller.user_ref()), action, self.rule_target(collection))?.map_err(
            |ruling| match ruling.level {
                Some(Level::Ro | Level::Rw) => READ_ONLY.into(),
                Some(Level::None) | None => FORBIDDEN.into(),
            },
        )
    }

    /// The database of the request, or a collection of it.
    pub fn rule_target<'a>(&'a self, collection: Option<&'a str>) -> RuleTarget<'a> {
        match collection {
            None => RuleTarget::Database(&self.name, &self.database),
            Some(collection) => RuleTarget::Collection(&self.name, &self.database, collection),
        }
    }
}
