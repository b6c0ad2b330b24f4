//! Records as they may be given: in their own form, or as the server's own API answers them.

#[cfg(feature = "directory")]
use super::vocabulary::Level;
use crate::document::value::Value;
#[cfg(feature = "directory")]
use crate::tables::word::Word as _;

/// What the server answers for a level that was never set.
pub(super) const UNDEFINED: &str = "undefined";

/// What an answer of the server holds; the value itself if it is none.
pub fn answered(value: &Value) -> &Value {
    match (value.get("error"), value.get("result")) {
        (Some(Value::Bool(false)), Some(result)) => result,
        _ => value,
    }
}

/// The users of valid records with their names, whichever way they are given.
#[cfg(any(feature = "directory", feature = "tools"))]
pub fn users_of(document: &Value) -> Vec<(&str, &Value)> {
    let users = match answered(document) {
        list @ Value::List(_) => list,
        other => other.get("users").map_or(other, answered),
    };
    let named = |user| Some((Value::get(user, "user")?.text()?, user));
    match users {
        Value::List(list) => list.iter().filter_map(named).collect(),
        Value::Object(members) if document.get("users").is_some() => {
            members.iter().map(|(name, user)| (name.as_str(), user)).collect()
        }
        _ => Vec::new(),
    }
}

/// The levels that valid records set for a user.
#[cfg(feature = "directory")]
pub fn grants_of(user: &Value) -> impl Iterator<Item = (&str, GrantGiven<'_>)> {
    let grants = match user.get("grants").map(answered) {
        Some(Value::Object(grants)) => grants.as_slice(),
        _ => &[],
    };
    grants.iter().map(|(name, grant)| (name.as_str(), GrantGiven::of(grant))).filter(|(_, grant)| grant.is_set())
}

/// What is given for one database.
#[derive(Clone, Copy, Debug)]
pub struct GrantGiven<'v> {
    grant: &'v Value,
    /// Whether it is given as the server answers it.
    is_answer: bool,
}

impl<'v> GrantGiven<'v> {
    pub fn of(grant: &'v Value) -> Self {
        Self { grant, is_answer: grant.get("permission").is_some() }
    }

    /// The level of the database.
    pub fn level(self) -> Option<&'v Value> {
        self.grant.get(if self.is_answer { "permission" } else { "level" }).filter(|level| self.has(level))
    }

    /// The collections with their levels.
    pub fn collections(self) -> impl Iterator<Item = (&'v str, &'v Value)> {
        let collections = match self.grant.get("collections") {
            Some(Value::Object(collections)) => collections.as_slice(),
            _ => &[],
        };
        collections.iter().map(|(name, level)| (name.as_str(), level)).filter(move |(_, level)| self.has(level))
    }

    /// Whether anything is set: the server's answer lists every database that there is.
    pub fn is_set(self) -> bool {
        !self.is_answer || self.level().is_some() || self.collections().next().is_some()
    }

    fn has(self, level: &Value) -> bool {
        !self.is_answer || level.text() != Some(UNDEFINED)
    }
}

#[cfg(feature = "directory")]
impl<'v> GrantGiven<'v> {
    /// The level of the database that valid records set.
    pub fn set_level(self) -> Option<Level> {
        Level::from_word(self.level()?.text()?)
    }

    /// The collections with the levels that valid records set.
    pub fn set_collections(self) -> impl Iterator<Item = (&'v str, Level)> {
        self.collections().filter_map(|(name, level)| Some((name, Level::from_word(level.text()?)?)))
    }
}
