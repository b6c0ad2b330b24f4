//! The two input forms of records: our own form, and the form of the server's API responses.

#[cfg(feature = "directory")]
use super::vocabulary::Level;
use crate::document::value::Value;
#[cfg(feature = "directory")]
use crate::tables::word::Word as _;

/// The server's value for a level that was never set.
pub(super) const UNDEFINED: &str = "undefined";

/// The result inside a response of the server; any other value is returned itself.
pub fn unwrap_response(value: &Value) -> &Value {
    match (value.get("error"), value.get("result")) {
        (Some(Value::Bool(false)), Some(result)) => result,
        _ => value,
    }
}

/// The users of valid records with their names, from both forms.
#[cfg(any(feature = "directory", feature = "tools"))]
pub fn list_users(document: &Value) -> Vec<(&str, &Value)> {
    let users = match unwrap_response(document) {
        list @ Value::List(_) => list,
        other => other.get("users").map_or(other, unwrap_response),
    };
    let user_entry = |user| Some((Value::get(user, "user")?.text()?, user));
    match users {
        Value::List(list) => list.iter().filter_map(user_entry).collect(),
        Value::Object(members) if document.get("users").is_some() => {
            members.iter().map(|(name, user)| (name.as_str(), user)).collect()
        }
        _ => Vec::new(),
    }
}

/// The levels that valid records set for a user.
#[cfg(feature = "directory")]
pub fn list_grants(user: &Value) -> impl Iterator<Item = (&str, GrantInput<'_>)> {
    let grants = match user.get("grants").map(unwrap_response) {
        Some(Value::Object(grants)) => grants.as_slice(),
        _ => &[],
    };
    grants
        .iter()
        .map(|(name, grant)| (name.as_str(), GrantInput::from_value(grant)))
        .filter(|(_, grant)| grant.is_set())
}

/// The grant on one database, in either form.
#[derive(Clone, Copy, Debug)]
pub struct GrantInput<'v> {
    grant: &'v Value,
    /// Whether the grant has the form of the server's response.
    is_response: bool,
}

impl<'v> GrantInput<'v> {
    pub fn from_value(grant: &'v Value) -> Self {
        Self { grant, is_response: grant.get("permission").is_some() }
    }

    /// The level of the database.
    pub fn level(self) -> Option<&'v Value> {
        self.grant.get(if self.is_response { "permission" } else { "level" }).filter(|level| self.is_level_set(level))
    }

    /// The collections with their levels.
    pub fn collections(self) -> impl Iterator<Item = (&'v str, &'v Value)> {
        let collections = match self.grant.get("collections") {
            Some(Value::Object(collections)) => collections.as_slice(),
            _ => &[],
        };
        collections
            .iter()
            .map(|(name, level)| (name.as_str(), level))
            .filter(move |(_, level)| self.is_level_set(level))
    }

    /// Whether any level is set. The server's response lists every existing database, also those without levels.
    pub fn is_set(self) -> bool {
        !self.is_response || self.level().is_some() || self.collections().next().is_some()
    }

    fn is_level_set(self, level: &Value) -> bool {
        !self.is_response || level.text() != Some(UNDEFINED)
    }
}

#[cfg(feature = "directory")]
impl<'v> GrantInput<'v> {
    /// The level of the database in valid records.
    pub fn parsed_level(self) -> Option<Level> {
        Level::from_word(self.level()?.text()?)
    }

    /// The collections with their levels in valid records.
    pub fn parsed_collections(self) -> impl Iterator<Item = (&'v str, Level)> {
        self.collections().filter_map(|(name, level)| Some((name, Level::from_word(level.text()?)?)))
    }
}
