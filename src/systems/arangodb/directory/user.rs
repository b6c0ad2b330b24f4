//! The stored entry of a user with its tokens and grants.

use std::collections::BTreeMap;

use super::super::model::{fixed_level, SYSTEM, WILDCARD};
use super::super::Level;
use super::database::Database;
use super::values::{integer, map_to_object, members};
use crate::directory::prelude::time;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// A user. It contains a hash, so it does not implement `Debug`.
#[derive(Clone)]
pub struct User {
    /// Random, and never reused: a new user of the same name does not inherit the sessions.
    pub id: String,
    /// Incremented to end all existing sessions.
    pub epoch: i64,
    pub active: bool,
    /// The hash of the password. A user without one cannot sign in with a password.
    pub hash: Option<String>,
    /// An object.
    pub extra: Value,
    /// An object, or `null`.
    pub config: Value,
    /// Access tokens, in the order of their creation.
    pub tokens: Vec<Token>,
    grants: BTreeMap<String, Grant>,
}

/// An access token, without its text.
#[derive(Clone)]
pub struct Token {
    pub id: i64,
    pub name: String,
    /// The digest of the token's text.
    pub digest: String,
    /// The last digits of the token, by which its owner recognizes it.
    pub fingerprint: String,
    /// In seconds since 1970.
    pub created_at: i64,
    /// In seconds since 1970; zero if the token does not expire.
    pub valid_until: i64,
}

/// The grants on a database and its collections.
#[derive(Clone, Default)]
pub struct Grant {
    since: i64,
    pub level: Option<Level>,
    collections: BTreeMap<String, (i64, Level)>,
}

impl User {
    /// A new user.
    pub fn new(id: String) -> Self {
        let nothing = Value::Object(Vec::new());
        let (tokens, grants) = (Vec::new(), BTreeMap::new());
        Self { id, epoch: 1, active: true, hash: None, extra: nothing, config: Value::Null, tokens, grants }
    }

    pub fn from_value(name: &str, value: &Value) -> Option<Self> {
        let mut grants = BTreeMap::new();
        for (database, grant) in members(value.get("grants")?) {
            grants.insert(database.clone(), Grant::from_value(grant)?);
        }
        // Source: ArangoDB, "Managing Users": the server restores the fixed grants of `root` each time it loads `root`.
        for (database, collection) in [(SYSTEM, None), (SYSTEM, Some(WILDCARD))] {
            let Some(level) = fixed_level(name, database, collection) else { continue };
            let grant = grants.entry(database.to_owned()).or_insert_with(Grant::default);
            match collection {
                None => grant.level = Some(level),
                Some(collection) => drop(grant.collections.insert(collection.to_owned(), (0, level))),
            }
        }
        Some(Self {
            id: value.get("id")?.text()?.to_owned(),
            epoch: integer(value.get("epoch")?)?,
            active: *value.get("active")? == Value::Bool(true),
            hash: value.get("hash").and_then(Value::text).map(str::to_owned),
            extra: value.get("extra")?.clone(),
            config: value.get("config")?.clone(),
            tokens: match value.get("tokens") {
                None => Vec::new(),
                Some(Value::List(tokens)) => tokens.iter().map(Token::from_value).collect::<Option<_>>()?,
                Some(_) => return None,
            },
            grants,
        })
    }

    pub fn to_value(&self) -> Value {
        let Self { id, epoch, active, hash, extra, config, tokens, grants } = self;
        let mut user = vec![
            ("id".to_owned(), id.as_str().into()),
            ("epoch".to_owned(), (*epoch).into()),
            ("active".to_owned(), (*active).into()),
        ];
        if let Some(hash) = hash {
            user.push(("hash".to_owned(), hash.as_str().into()));
        }
        user.push(("extra".to_owned(), extra.clone()));
        user.push(("config".to_owned(), config.clone()));
        if !tokens.is_empty() {
            user.push(("tokens".to_owned(), Value::List(tokens.iter().map(Token::to_value).collect())));
        }
        user.push(("grants".to_owned(), map_to_object(grants, Grant::to_value)));
        Value::Object(user)
    }

    /// The state from which the `ETag` is made. It includes grants and settings, because a PUT removes them. It does
    /// not include the hash, because a sign-in can replace it; a new password changes the epoch.
    pub fn etag_state(&self) -> Value {
        Self { hash: None, ..self.clone() }.to_value()
    }

    /// Whether the user has this access token, and the token has not expired.
    pub fn has_active_token(&self, id: i64, seconds: i64) -> bool {
        self.tokens.iter().any(|token| token.id == id && token.is_active(seconds))
    }

    /// Ends all existing sessions.
    pub fn end_sessions(&mut self) {
        self.epoch = self.epoch.saturating_add(1);
    }

    /// The grants on a database that still apply.
    pub fn effective_grant(&self, name: &str, database: &Database) -> Option<Grant> {
        let grant = self.grants.get(name).filter(|grant| grant.since == database.generation)?;
        let mut grant = grant.clone();
        grant.collections.retain(|collection, (since, _)| *since == database.collection_generation(collection));
        Some(grant)
    }

    /// The databases on which the user has grants.
    pub fn granted_databases(&self) -> impl Iterator<Item = &str> {
        self.grants.keys().map(String::as_str)
    }

    /// Ensures that the user has an entry for the database. Even without a level, the entry affects the database's
    /// collection `*`.
    pub fn ensure_grant(&mut self, name: &str, database: &Database) {
        let since = database.generation;
        let grant = self.effective_grant(name, database).unwrap_or(Grant { since, ..Grant::default() });
        self.grants.insert(name.to_owned(), grant);
    }

    /// Grants a level on a database, or on a collection of it, and drops grants there that no longer apply.
    pub fn set_level(&mut self, name: &str, database: &Database, collection: Option<&str>, level: Level) {
        self.ensure_grant(name, database);
        let Some(grant) = self.grants.get_mut(name) else { return };
        match collection {
            None => grant.level = Some(level),
            Some(collection) => {
                let since = database.collection_generation(collection);
                grant.collections.insert(collection.to_owned(), (since, level));
            }
        }
    }

    /// Removes a grant. Removing the grant on a database also removes those on its collections. Removing the grant on a
    /// collection keeps the entry of the database.
    ///
    /// Source: ArangoDB, "Clear a user's database access level" and "Clear a user's collection access level".
    pub fn clear_grant(&mut self, name: &str, collection: Option<&str>) -> bool {
        match collection {
            None => self.grants.remove(name).is_some(),
            Some(collection) => {
                self.grants.get_mut(name).is_some_and(|grant| grant.collections.remove(collection).is_some())
            }
        }
    }

    /// The number of grants, on databases and collections together.
    pub fn grant_count(&self) -> usize {
        self.grants.values().map(|grant| grant.collections.len().saturating_add(1)).sum()
    }
}

impl Token {
    fn from_value(value: &Value) -> Option<Self> {
        let text = |name| value.get(name)?.text().map(str::to_owned);
        Some(Self {
            id: integer(value.get("id")?)?,
            name: text("name")?,
            digest: text("digest")?,
            fingerprint: text("fingerprint")?,
            created_at: integer(value.get("created_at")?)?,
            valid_until: integer(value.get("valid_until")?)?,
        })
    }

    pub fn to_value(&self) -> Value {
        Value::object([
            ("id", self.id.into()),
            ("name", self.name.as_str().into()),
            ("digest", self.digest.as_str().into()),
            ("fingerprint", self.fingerprint.as_str().into()),
            ("created_at", self.created_at.into()),
            ("valid_until", self.valid_until.into()),
        ])
    }

    /// Whether the token has not expired. A creation time in the future, apart from clock skew, is invalid.
    pub fn is_active(&self, seconds: i64) -> bool {
        let milliseconds = |seconds: i64| seconds.saturating_mul(1_000);
        let is_ahead = time::is_ahead(milliseconds(self.created_at), milliseconds(seconds));
        !is_ahead && (self.valid_until == 0 || seconds < self.valid_until)
    }
}

impl Grant {
    fn from_value(value: &Value) -> Option<Self> {
        let level = match value.get("level") {
            Some(level) => Some(Level::from_word(level.text()?)?),
            None => None,
        };
        let mut collections = BTreeMap::new();
        for (name, grant) in members(value.get("collections")?) {
            let level = Level::from_word(grant.get("level")?.text()?)?;
            collections.insert(name.clone(), (integer(grant.get("since")?)?, level));
        }
        Some(Self { since: integer(value.get("since")?)?, level, collections })
    }

    pub fn to_value(&self) -> Value {
        let mut grant = vec![("since".to_owned(), self.since.into())];
        grant.extend(self.level.map(|level| ("level".to_owned(), level.word().into())));
        let collections = map_to_object(&self.collections, |(since, level)| {
            Value::object([("since", (*since).into()), ("level", level.word().into())])
        });
        grant.push(("collections".to_owned(), collections));
        Value::Object(grant)
    }

    /// The collections on which the user has grants.
    pub fn collections_with_grants(&self) -> impl Iterator<Item = &str> {
        self.collections.keys().map(String::as_str)
    }

    /// The level that was granted on a collection.
    pub fn collection_level(&self, name: &str) -> Option<Level> {
        self.collections.get(name).map(|(_, level)| *level)
    }

    /// The grant in the form of records, with the collections that `keep` selects.
    pub fn to_record(&self, keep: impl Fn(&str) -> bool) -> Value {
        let mut collections = Vec::new();
        for (name, (_, level)) in self.collections.iter().filter(|(name, _)| keep(name)) {
            collections.push((name.clone(), level.word().into()));
        }
        let mut record = Vec::new();
        record.extend(self.level.map(|level| ("level".to_owned(), level.word().into())));
        if !collections.is_empty() {
            record.push(("collections".to_owned(), Value::Object(collections)));
        }
        Value::Object(record)
    }
}
