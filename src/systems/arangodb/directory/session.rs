//! The way in: who asks, in which database, and whether anything may be asked there at all.
//!
//! Source: the server's arangod/GeneralServer/CommTask.cpp, `prepareExecution` and `canAccessPath`.

use super::super::model::SYSTEM;
use super::super::{Action, Level};
use super::database::Database;
use super::responses::{Refusal, FORBIDDEN, NOT_AUTHORIZED, NO_DATABASE, READ_ONLY};
use super::rules::{self, About};
use super::sign_in::{Caller, Credentials};
use super::stored::{self, database_key, settings_key, user_key};
use crate::directory::prelude::{Authorized, Call, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The path of a request: split first and decoded afterwards, so that `a%2Fb` is one name.
pub struct Path<'c> {
    /// What follows `/_db/{database}`, as it was sent.
    raw: &'c str,
    /// The database that the request is sent to.
    pub database: String,
    /// What follows `/_db/{database}`, without empty segments at its end.
    pub segments: Vec<String>,
    /// Whether anything follows the first two, be it only a slash.
    is_below_two: bool,
}

impl<'c> Path<'c> {
    /// Reads `/_db/{database}/…`, or a path without that, which is for `_system`; `None` for what can not be
    /// decoded.
    pub fn read(call: &Call<'c>) -> Option<Self> {
        let mut segments = call.segments()?;
        let (mut raw, mut database) = (call.path, SYSTEM.to_owned());
        if segments.len() > 1 && segments.first().is_some_and(|first| first == "_db") {
            let rest = segments.split_off(2);
            database = segments.pop()?;
            segments = rest;
            // From the third slash on.
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

    /// Below `/_open/` nobody needs to sign in.
    pub fn is_open(&self) -> bool {
        self.segments.len() > 1 && self.starts_with(&["_open"])
    }

    /// Below `/_api/user/` and `/_api/token/` a caller needs no access to the database.
    ///
    /// Source for tokens: ArangoDB, "HTTP interface for authentication": users manage their own regardless of database
    /// access levels.
    fn is_about_a_user(&self) -> bool {
        self.is_below_two && (self.starts_with(&["_api", "user"]) || self.starts_with(&["_api", "token"]))
    }

    /// The entries that this path is about, so that all are read together.
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

/// A caller who is in.
pub struct Session {
    pub caller: Caller,
    /// The mode of the server, as records have it.
    pub mode: Value,
    /// The database that the request is sent to.
    pub name: String,
    pub database: Database,
}

/// Lets a caller in; `None` where nobody needs to be known.
///
/// # Errors
///
/// [`Interrupt`].
pub fn enter(tx: &mut Transaction<'_>, call: &Call<'_>, path: &Path<'_>) -> Result<Option<Session>, Interrupt> {
    let credentials = Credentials::read(tx, call);
    if credentials.as_ref().is_some_and(|credentials| !credentials.allow(path.raw)) {
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
    let mode = tx.read(&settings_key())?.and_then(|settings| settings.get("mode"));
    let mode = mode.cloned().unwrap_or_else(|| "default".into());
    let name = path.database.clone();
    let database = stored::database(tx, &name)?;
    if database.present && path.is_open() {
        return Ok(None);
    }
    let caller = match credentials {
        Some(credentials) => credentials.caller(tx)?,
        None => None,
    };
    let who = caller.as_ref().map(Caller::who);
    let allowed = rules::decide(tx, &mode, who, Action::Use, About::Database(&name, &database))?;
    match (caller, allowed) {
        // Whoever has no access to a name does not learn that nothing is there.
        (_, Ok(_)) if !database.present => Err(NO_DATABASE.into()),
        (Some(caller), Ok(_)) => Ok(Some(Session { caller, mode, name, database })),
        (Some(caller), Err(_)) if database.present && path.is_about_a_user() => {
            Ok(Some(Session { caller, mode, name, database }))
        }
        (None, _) | (_, Err(_)) => Err(NOT_AUTHORIZED.into()),
    }
}

impl Session {
    /// Leave to do this; else the refusal.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn may(
        &self,
        tx: &mut Transaction<'_>,
        action: Action,
        about: About<'_>,
        refusal: Refusal,
    ) -> Result<Authorized, Interrupt> {
        rules::decide(tx, &self.mode, Some(self.caller.who()), action, about)?.map_err(|_| refusal.into())
    }

    /// Leave to do this with data in the database that the request is sent to.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403, with another number where something may be read and not written.
    pub fn may_here(
        &self,
        tx: &mut Transaction<'_>,
        action: Action,
        collection: Option<&str>,
    ) -> Result<Authorized, Interrupt> {
        rules::decide(tx, &self.mode, Some(self.caller.who()), action, self.here(collection))?.map_err(|ruling| {
            match ruling.level {
                Some(Level::Ro | Level::Rw) => READ_ONLY.into(),
                Some(Level::None) | None => FORBIDDEN.into(),
            }
        })
    }

    /// The database that the request is sent to, or a collection of it.
    pub fn here<'a>(&'a self, collection: Option<&'a str>) -> About<'a> {
        match collection {
            None => About::Database(&self.name, &self.database),
            Some(collection) => About::Collection(&self.name, &self.database, collection),
        }
    }
}
