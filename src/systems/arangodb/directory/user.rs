//! A user, with its tokens and grants.

use std::collections::BTreeMap;

use super::super::model::{fixed_level, SYSTEM, WILDCARD};
use super::super::Level;
use super::database::Database;
use super::values::{members, object, whole};
use crate::directory::prelude::time;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// A user. It holds a hash, so it has no `Debug`.
#[derive(Clone)]
pub struct User {
    /// Random, and never another's: what hangs on it does not come back with the name.
    pub id: String,
    /// Counts up whenever the sessions so far must end.
    pub epoch: i64,
    pub active: bool,
    /// Without one nobody signs in by a password.
    pub hash: Option<String>,
    /// An object.
    pub extra: Value,
    /// An object, or `null`.
    pub config: Value,
    /// Access tokens, in the order in which they were made.
    pub tokens: Vec<Token>,
    grants: BTreeMap<String, Grant>,
}

/// An access token, without itself.
#[derive(Clone)]
pub struct Token {
    pub id: i64,
    pub name: String,
    /// Of the whole token.
    pub digest: String,
    /// What shows its owner which one it is.
    pub fingerprint: String,
    /// In seconds since 1970.
    pub created_at: i64,
    /// In seconds since 1970; zero for no end.
    pub valid_until: i64,
}

/// What was granted on a database.
#[derive(Clone, Default)]
pub struct Grant {
    since: i64,
    pub level: Option<Level>,
    collections: BTreeMap<String, (i64, Level)>,
}

impl User {
    /// A user who was never there before.
    pub fn new(id: String) -> Self {
        let nothing = Value::Object(Vec::new());
        let (tokens, grants) = (Vec::new(), BTreeMap::new());
        Self { id, epoch: 1, active: true, hash: None, extra: nothing, config: Value::Null, tokens, grants }
    }

    pub fn read(name: &str, value: &Value) -> Option<Self> {
        let mut grants = BTreeMap::new();
        for (database, grant) in members(value.get("grants")?) {
            grants.insert(database.clone(), Grant::read(grant)?);
        }
        // Source: ArangoDB, "Managing Users": what `root` keeps, the server puts back whenever it loads it.
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
            epoch: whole(value.get("epoch")?)?,
            active: *value.get("active")? == Value::Bool(true),
            hash: value.get("hash").and_then(Value::text).map(str::to_owned),
            extra: value.get("extra")?.clone(),
            config: value.get("config")?.clone(),
            tokens: match value.get("tokens") {
                None => Vec::new(),
                Some(Value::List(tokens)) => tokens.iter().map(Token::read).collect::<Option<_>>()?,
                Some(_) => return None,
            },
            grants,
        })
    }

    pub fn value(&self) -> Value {
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
            user.push(("tokens".to_owned(), Value::List(tokens.iter().map(Token::value).collect())));
        }
        user.push(("grants".to_owned(), object(grants, Grant::value)));
        Value::Object(user)
    }

    /// What a change of the user replaces: grants and settings go with a PUT, though nothing tells them there. The
    /// hash stays out, which a sign-in makes anew; another password shows in the epoch.
    pub fn state(&self) -> Value {
        Self { hash: None, ..self.clone() }.value()
    }

    /// Whether it has this access token, and that has not expired.
    pub fn has_active_token(&self, id: i64, seconds: i64) -> bool {
        self.tokens.iter().any(|token| token.id == id && token.is_active(seconds))
    }

    /// Ends the sessions so far.
    pub fn end_sessions(&mut self) {
        self.epoch = self.epoch.saturating_add(1);
    }

    /// What was granted on a database, as far as it still counts.
    pub fn grant(&self, name: &str, database: &Database) -> Option<Grant> {
        let grant = self.grants.get(name).filter(|grant| grant.since == database.generation)?;
        let mut grant = grant.clone();
        grant.collections.retain(|collection, (since, _)| *since == database.generation_of(collection));
        Some(grant)
    }

    /// The databases on which anything was granted.
    pub fn granted(&self) -> impl Iterator<Item = &str> {
        self.grants.keys().map(String::as_str)
    }

    /// Makes the entry of a database, without a level: that alone has a meaning for its collection `*`.
    pub fn touch(&mut self, name: &str, database: &Database) {
        let since = database.generation;
        let grant = self.grant(name, database).unwrap_or(Grant { since, ..Grant::default() });
        self.grants.insert(name.to_owned(), grant);
    }

    /// Grants a level on a database, or on a collection of it, and forgets what no longer counts there.
    pub fn set(&mut self, name: &str, database: &Database, collection: Option<&str>, level: Level) {
        self.touch(name, database);
        let Some(grant) = self.grants.get_mut(name) else { return };
        match collection {
            None => grant.level = Some(level),
            Some(collection) => {
                let since = database.generation_of(collection);
                grant.collections.insert(collection.to_owned(), (since, level));
            }
        }
    }

    /// Takes a grant away. That of a database goes with those of its collections; when one of a collection
    /// goes, the entry of the database stays.
    ///
    /// Source: ArangoDB, "Clear a user's database access level" and "Clear a user's collection access level".
    pub fn clear(&mut self, name: &str, collection: Option<&str>) -> bool {
        match collection {
            None => self.grants.remove(name).is_some(),
            Some(collection) => {
                self.grants.get_mut(name).is_some_and(|grant| grant.collections.remove(collection).is_some())
            }
        }
    }

    /// How many grants there are, of databases and collections together.
    pub fn count(&self) -> usize {
        self.grants.values().map(|grant| grant.collections.len().saturating_add(1)).sum()
    }
}

impl Token {
    fn read(value: &Value) -> Option<Self> {
        let text = |name| value.get(name)?.text().map(str::to_owned);
        Some(Self {
            id: whole(value.get("id")?)?,
            name: text("name")?,
            digest: text("digest")?,
            fingerprint: text("fingerprint")?,
            created_at: whole(value.get("created_at")?)?,
            valid_until: whole(value.get("valid_until")?)?,
        })
    }

    pub fn value(&self) -> Value {
        Value::object([
            ("id", self.id.into()),
            ("name", self.name.as_str().into()),
            ("digest", self.digest.as_str().into()),
            ("fingerprint", self.fingerprint.as_str().into()),
            ("created_at", self.created_at.into()),
            ("valid_until", self.valid_until.into()),
        ])
    }

    /// Whether it was created already, as far as clocks agree, and has not expired.
    pub fn is_active(&self, seconds: i64) -> bool {
        let milliseconds = |seconds: i64| seconds.saturating_mul(1_000);
        let is_ahead = time::is_ahead(milliseconds(self.created_at), milliseconds(seconds));
        !is_ahead && (self.valid_until == 0 || seconds < self.valid_until)
    }
}

impl Grant {
    fn read(value: &Value) -> Option<Self> {
        let level = match value.get("level") {
            Some(level) => Some(Level::from_word(level.text()?)?),
            None => None,
        };
        let mut collections = BTreeMap::new();
        for (name, grant) in members(value.get("collections")?) {
            let level = Level::from_word(grant.get("level")?.text()?)?;
            collections.insert(name.clone(), (whole(grant.get("since")?)?, level));
        }
        Some(Self { since: whole(value.get("since")?)?, level, collections })
    }

    pub fn value(&self) -> Value {
        let mut grant = vec![("since".to_owned(), self.since.into())];
        grant.extend(self.level.map(|level| ("level".to_owned(), level.word().into())));
        let collections = object(&self.collections, |(since, level)| {
            Value::object([("since", (*since).into()), ("level", level.word().into())])
        });
        grant.push(("collections".to_owned(), collections));
        Value::Object(grant)
    }

    /// The names of the collections on which anything was granted.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.collections.keys().map(String::as_str)
    }

    /// What was granted on one of its collections.
    pub fn collection(&self, name: &str) -> Option<Level> {
        self.collections.get(name).map(|(_, level)| *level)
    }

    /// The grant in the shape of records, with those of its collections that are asked for.
    pub fn record(&self, keep: impl Fn(&str) -> bool) -> Value {
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
