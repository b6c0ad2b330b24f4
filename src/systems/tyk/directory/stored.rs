//! The entries of the store.
//!
//! ```text
//! settings          {"config", "permissions"?, "additional_permissions"?, "admin"?: hash, "are_apis_limited"}
//! user/ID           {"record", "key"?: digest, "hash"?, "history": [hash], "sessions": [digest]}
//! group/ID          the group's record
//! api/ID            the API's record
//! org/ORG           {"users", "groups", "admins"}: counts of users, groups and active admins
//! member/ORG/ID     true, for each user of an organisation; team/ORG/ID for each group
//! email/ADDRESS     {ORG: ID}, the address in lower case
//! key/DIGEST        ID, by the SHA-256 of the access key
//! session/DIGEST    ID, by the SHA-256 of the session's token
//! link/ID           {"digest", "issued_at"}: the newest mailed link
//! reset/DIGEST      ID, by the SHA-256 of the token of such a link
//! failures/ID       {"since", "count"}: failed sign-ins
//! stand-in          true, if the entry `stand-in/user` exists, which is read for an unknown address
//! ```
//!
//! The entry of a key or session names its user, and the user's own entry says whether it is still valid. So a
//! revoked key or session is invalid at once. Ids are random and never change or return.
//!
//! A user's record has the access key, because the product shows it. Under strict guards, the next write of the user
//! replaces the key with its digest, which is stored next to the record.

use super::access_key::AccessKey;
use crate::directory::prelude::{Authorized, Fault, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;
use crate::tables::letters::to_lowercase;

/// The time for "never".
pub const NEVER: &str = "0001-01-01T00:00:00Z";

/// The key of a user's entry.
pub fn user_key(id: &str) -> Key {
    Key::new("user", &[id])
}

/// The key of a group's entry.
pub fn group_key(id: &str) -> Key {
    Key::new("group", &[id])
}

/// The key of an API's entry.
pub fn api_key(id: &str) -> Key {
    Key::new("api", &[id])
}

/// The key of an organisation's counts.
pub fn org_key(org: &str) -> Key {
    Key::new("org", &[org])
}

/// The key of the entry that lists a user in an organisation.
pub fn member_key(org: &str, id: &str) -> Key {
    Key::new("member", &[org, id])
}

/// The key of the entry that lists a group in an organisation.
pub fn team_key(org: &str, id: &str) -> Key {
    Key::new("team", &[org, id])
}

/// The key of an e-mail address, which ignores case.
pub fn email_key(address: &str) -> Key {
    Key::new("email", &[&to_lowercase(address)])
}

/// The key of a session, by the digest of its token.
pub fn session_key(digest: &str) -> Key {
    Key::new("session", &[digest])
}

/// The key of a mailed link, by the digest of its token.
pub fn reset_key(digest: &str) -> Key {
    Key::new("reset", &[digest])
}

/// A user. It has no `Debug`, because it contains hashes and the access key.
#[derive(Clone, PartialEq)]
pub struct User {
    pub id: String,
    pub org: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub active: bool,
    /// An object.
    pub permissions: Value,
    /// Empty for none.
    pub group: String,
    pub access_key: AccessKey,
    pub created_at: String,
    pub last_login_date: String,
    pub password_updated: String,
    pub password_max_days: i64,
    /// An object.
    pub api_model: Value,
    /// The password's hash. Without one the user cannot sign in with a password.
    pub hash: Option<String>,
    /// Hashes of earlier passwords, the latest first.
    pub history: Vec<String>,
    /// Digests of the tokens of sessions, the latest first.
    pub sessions: Vec<String>,
}

impl User {
    /// The record as JSON for a caller who may see the access key.
    pub fn to_json(&self) -> Value {
        self.to_json_with(Some(self.access_key.clear_text().unwrap_or("")))
    }

    /// The record as JSON for other callers: with an empty access key.
    // Source: TykTechnologies/tyk-demo, its collection of requests, "Forbid Access Token Read".
    pub fn to_json_without_key(&self) -> Value {
        self.to_json_with(Some(""))
    }

    /// The response with a record of this user as JSON. A sign-in does not change its tag.
    pub fn tagged_response(record: Value) -> Response {
        let state = without_member(record.clone(), "last_login_date");
        Response::json(200, record).tagged(&state)
    }

    fn to_json_with(&self, access_key: Option<&str>) -> Value {
        let record = Value::object([
            ("id", self.id.as_str().into()),
            ("org_id", self.org.as_str().into()),
            ("first_name", self.first_name.as_str().into()),
            ("last_name", self.last_name.as_str().into()),
            ("email_address", self.email.as_str().into()),
            ("active", self.active.into()),
            ("user_permissions", self.permissions.clone()),
            ("group_id", self.group.as_str().into()),
            ("access_key", access_key.unwrap_or("").into()),
            ("created_at", self.created_at.as_str().into()),
            ("last_login_date", self.last_login_date.as_str().into()),
            ("password_updated", self.password_updated.as_str().into()),
            ("password_max_days", self.password_max_days.into()),
            ("api_model", self.api_model.clone()),
        ]);
        match access_key {
            Some(_) => record,
            None => without_member(record, "access_key"),
        }
    }

    /// The stored form of a user. If keys are shown only once, the key itself is not stored.
    pub fn to_value(&self, are_keys_shown_once: bool) -> Value {
        let access_key = self.access_key.clear_text().filter(|key| key.is_empty() || !are_keys_shown_once);
        let mut members = vec![("record".to_owned(), self.to_json_with(access_key))];
        members.extend(access_key.is_none().then(|| ("key".to_owned(), Value::Text(self.access_key.digest()))));
        members.extend(self.hash.as_deref().map(|hash| ("hash".to_owned(), hash.into())));
        members.push(("history".to_owned(), Value::texts(&self.history)));
        members.push(("sessions".to_owned(), Value::texts(&self.sessions)));
        Value::Object(members)
    }

    /// A user from its stored form.
    pub fn from_value(value: &Value) -> Option<Self> {
        let record = value.get("record")?;
        let text = |name: &str| Some(record.get(name)?.text()?.to_owned());
        Some(Self {
            id: text("id")?,
            org: text("org_id")?,
            first_name: text("first_name")?,
            last_name: text("last_name")?,
            email: text("email_address")?,
            active: *record.get("active")? == Value::Bool(true),
            permissions: record.get("user_permissions")?.clone(),
            group: text("group_id")?,
            access_key: match value.get("key").and_then(Value::text) {
                Some(digest) => AccessKey::Digest(digest.to_owned()),
                None => AccessKey::Clear(text("access_key")?),
            },
            created_at: text("created_at")?,
            last_login_date: text("last_login_date")?,
            password_updated: text("password_updated")?,
            password_max_days: integer(record.get("password_max_days")?)?,
            api_model: record.get("api_model")?.clone(),
            hash: value.get("hash").and_then(Value::text).map(str::to_owned),
            history: parse_texts(value.get("history")?)?,
            sessions: parse_texts(value.get("sessions")?)?,
        })
    }
}

/// Reads the user with this id, if it exists.
///
/// # Errors
///
/// [`Interrupt`]: it must be read first, or can not be.
pub fn read_user(tx: &mut Transaction<'_>, id: &str) -> Result<Option<User>, Interrupt> {
    let Some(value) = tx.read_entry(&user_key(id))? else { return Ok(None) };
    User::from_value(value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
}

/// Deletes the entry with this key, if it exists.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn delete_if_present(tx: &mut Transaction<'_>, authorized: &Authorized, key: &Key) -> Result<(), Interrupt> {
    match tx.read_entry(key)? {
        Some(_) => tx.delete(authorized, key),
        None => Ok(()),
    }
}

/// Reads the record of a group, if it belongs to the organisation.
///
/// # Errors
///
/// As [`user`].
pub fn read_group<'w>(tx: &mut Transaction<'w>, org: &str, id: &str) -> Result<Option<&'w Value>, Interrupt> {
    let group = tx.read_entry(&group_key(id))?;
    Ok(group.filter(|group| org_of(group) == org))
}

/// The organisation of a record; empty for the organisation without a name.
pub fn org_of(record: &Value) -> &str {
    record.get("org_id").and_then(Value::text).unwrap_or("")
}

/// Reads the users with these ids. Deleted users are left out.
///
/// # Errors
///
/// [`Interrupt`].
pub fn read_users(tx: &mut Transaction<'_>, ids: &[String]) -> Result<Vec<User>, Interrupt> {
    tx.read_all(&ids.iter().map(|id| user_key(id)).collect::<Vec<_>>())?;
    let mut users = Vec::new();
    for id in ids {
        users.extend(read_user(tx, id)?);
    }
    Ok(users)
}

/// The members of an object.
pub fn members(value: &Value) -> &[(String, Value)] {
    match value {
        Value::Object(members) => members,
        _ => &[],
    }
}

/// The items of a list.
pub fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

/// Removes one member of an object.
pub fn without_member(value: Value, name: &str) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.into_iter().filter(|(member, _)| member != name).collect()),
        other => other,
    }
}

/// The integer in a value.
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn parse_texts(value: &Value) -> Option<Vec<String>> {
    items(value).iter().map(|item| item.text().map(str::to_owned)).collect()
}
