//! The stored form of users and roles.

use super::super::claims::{self, CLAIM};
use super::super::domain::{RoleName, UserName};
use crate::directory::prelude::Key;
use crate::document::value::Value;

/// A user. Its entry is `user/<domain>/<name>`; the entry `user-id/<id>` has its name.
#[derive(Clone)]
pub struct User {
    /// The name as the product shows it.
    pub name: String,
    /// Random and never reused, so that rights do not return with a name.
    pub id: String,
    /// The hash of the password. Without one the user cannot sign in.
    pub hash: Option<String>,
    /// The ids of its roles. An id without a role is that of a deleted role.
    pub roles: Vec<String>,
    /// The rules for this user alone: `{resource, action, effect}`.
    pub rules: Vec<Value>,
    /// Claims, including the SCIM attributes.
    pub claims: Vec<(String, Value)>,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Milliseconds since 1970, [later with each change](next_modified).
    pub modified: i64,
}

/// A role. Its entry is `role/<id>`; the entry `role-name/<domain>/<name>` has its id. Users have the ids of their
/// roles, and the entries `member/<id>/<id of the user>` list the members of a role.
#[derive(Clone)]
pub struct Role {
    /// The name as the product shows it.
    pub name: String,
    /// Random and never reused.
    pub id: String,
    /// Its rules: `{resource, action, effect}`.
    pub rules: Vec<Value>,
    /// The external id that a SCIM client assigned.
    pub external: Option<String>,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Milliseconds since 1970, [later with each change](next_modified), also of the members. A role can have too
    /// many members to read them for each check whether it has changed.
    pub modified: i64,
}

impl User {
    /// Reads an entry; `None` for one that no directory wrote.
    pub fn from_value(value: &Value) -> Option<Self> {
        let roles = list_items(value.get("roles")?).iter().map(|role| role.text().map(str::to_owned));
        let Value::Object(claims) = value.get("claims")? else { return None };
        Some(Self {
            name: value.get("name")?.text()?.to_owned(),
            id: value.get("id")?.text()?.to_owned(),
            hash: value.get("hash").and_then(Value::text).map(str::to_owned),
            roles: roles.collect::<Option<_>>()?,
            rules: list_items(value.get("rules")?).to_vec(),
            claims: claims.clone(),
            created: integer(value.get("created")?)?,
            modified: integer(value.get("modified")?)?,
        })
    }

    /// The entry.
    pub fn to_value(&self) -> Value {
        let Self { name, id, hash, roles, rules, claims, created, modified } = self;
        Value::object([
            ("name", name.as_str().into()),
            ("id", id.as_str().into()),
            ("hash", hash.as_deref().map_or(Value::Null, Value::from)),
            ("roles", Value::texts(roles)),
            ("rules", Value::List(rules.clone())),
            ("claims", Value::Object(claims.clone())),
            ("created", (*created).into()),
            ("modified", (*modified).into()),
        ])
    }

    /// SCIM's `active`: `true`, `false`, or `null` if it was removed. `None` if it was never set.
    pub fn active(&self) -> Option<Value> {
        let is_active = |claim: &str| claim.strip_prefix(CLAIM) == Some("active");
        let set = self.claims.iter().find(|(claim, _)| is_active(claim)).map(|(_, value)| value)?;
        match set {
            Value::Null => Some(Value::Null),
            value => claims::parse_flag(value).map(Value::Bool),
        }
    }

    /// Whether the user can sign in: it is active, and its account is neither locked nor disabled.
    pub fn is_active(&self) -> bool {
        claims::allow_sign_in(&self.claims)
    }
}

impl Role {
    /// Reads an entry; `None` for one that no directory wrote.
    pub fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            name: value.get("name")?.text()?.to_owned(),
            id: value.get("id")?.text()?.to_owned(),
            rules: list_items(value.get("rules")?).to_vec(),
            external: value.get("external").and_then(Value::text).map(str::to_owned),
            created: integer(value.get("created")?)?,
            modified: integer(value.get("modified")?)?,
        })
    }

    /// The entry.
    pub fn to_value(&self) -> Value {
        let Self { name, id, rules, external, created, modified } = self;
        Value::object([
            ("name", name.as_str().into()),
            ("id", id.as_str().into()),
            ("rules", Value::List(rules.clone())),
            ("external", external.as_deref().map_or(Value::Null, Value::from)),
            ("created", (*created).into()),
            ("modified", (*modified).into()),
        ])
    }
}

/// The time of a change: later than that of the previous change, even within a millisecond.
pub fn next_modified(modified: i64, now: i64) -> i64 {
    now.max(modified.saturating_add(1))
}

/// The key of the settings: the realm and the stores in the form of records, and the id of the everyone role.
pub fn settings_key() -> Key {
    Key::new("settings", &[])
}

pub fn user_key(name: &UserName<'_, '_>) -> Key {
    Key::new("user", &[name.store.domain(), &name.folded()])
}

pub fn user_id_key(id: &str) -> Key {
    Key::new("user-id", &[id])
}

pub fn role_key(id: &str) -> Key {
    Key::new("role", &[id])
}

pub fn role_name_key(name: &RoleName<'_, '_>) -> Key {
    Key::new("role-name", &[name.domain_text(), &name.folded()])
}

pub fn member_key(role: &str, user: &str) -> Key {
    Key::new("member", &[role, user])
}

/// The prefix of the keys of a role's members.
pub fn members_prefix(role: &str) -> String {
    format!("{}/", Key::new("member", &[role]))
}

/// The key of pending rules: rules for a name that no user or role has yet.
pub fn pending_rules_key(key: &str) -> Key {
    Key::new("rules", &[key])
}

/// The items of a list; empty for any other value.
pub fn list_items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

/// The members of an object; empty for any other value.
pub fn members(value: &Value) -> &[(String, Value)] {
    match value {
        Value::Object(members) => members,
        _ => &[],
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}
