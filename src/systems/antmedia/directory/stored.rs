//! The stored entry of a user.

use super::super::forms::canonical_type;
use crate::directory::prelude::{Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;

/// The length of an id.
pub const ID_LENGTH: usize = 36;

/// The members of a user that responses contain, in the order of the product's `User` object.
const PROFILE_MEMBERS: [&str; 8] =
    ["email", "userType", "scope", "appNameUserType", "firstName", "lastName", "fullName", "picture"];
/// The members that are rights. An edit replaces all three or none.
const RIGHTS_MEMBERS: [&str; 3] = ["userType", "scope", "appNameUserType"];

/// A user. It contains a hash, so it does not implement `Debug`.
#[derive(Clone)]
pub struct User {
    /// Random, and never reused: a new user of the same name does not inherit the sessions.
    pub id: String,
    /// Incremented to end all existing sessions.
    pub epoch: i64,
    /// The hash of the password. A user without one cannot sign in.
    pub hash: Option<String>,
    /// The eight members that responses contain; missing ones are `null`.
    pub profile: Value,
}

/// The key of a user.
pub fn user_key(email: &str) -> Key {
    Key::new("user", &[email])
}

/// The user with this e-mail address, compared exactly. An address that is longer than records allow cannot be stored,
/// and is not looked up.
///
/// # Errors
///
/// [`Interrupt`]: the entry must be read first, or is corrupt.
pub fn load_user(tx: &mut Transaction<'_>, email: &str) -> Result<Option<User>, Interrupt> {
    if email.len() > NAME_MAX {
        return Ok(None);
    }
    let Some(value) = tx.read_entry(&user_key(email))? else { return Ok(None) };
    User::from_value(value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
}

/// Stores a user.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn store_user(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    email: &str,
    user: &User,
) -> Result<(), Interrupt> {
    tx.put(authorized, &user_key(email), user.to_value())
}

impl User {
    /// A new user from a document in the form of the product.
    pub fn new(id: String, hash: Option<String>, document: &Value) -> Self {
        let profile = PROFILE_MEMBERS
            .map(|name| (name, document.get(name).map_or(Value::Null, |value| canonical_member(name, value))));
        Self { id, epoch: 1, hash, profile: Value::object(profile) }
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            id: value.get("id")?.text()?.to_owned(),
            epoch: integer(value.get("epoch")?)?,
            hash: value.get("hash").and_then(Value::text).map(str::to_owned),
            profile: value.get("told")?.clone(),
        })
    }

    fn to_value(&self) -> Value {
        let Self { id, epoch, hash, profile } = self;
        let mut user = vec![("id".to_owned(), id.as_str().into()), ("epoch".to_owned(), (*epoch).into())];
        user.extend(hash.as_deref().map(|hash| ("hash".to_owned(), hash.into())));
        user.push(("told".to_owned(), profile.clone()));
        Value::Object(user)
    }

    /// Applies a form: it replaces all rights if the form has any of their members, and each other member that the form
    /// has.
    ///
    /// Source: CommonRestService.java, `editUser`, and MongoStore.java, which keeps the names that are not sent.
    pub fn apply_form(&mut self, form: &Value) {
        let replaces_rights = RIGHTS_MEMBERS.iter().any(|name| form.get(name).is_some());
        let profile = PROFILE_MEMBERS.map(|name| {
            let (new, old) = (form.get(name), self.profile.get(name).cloned());
            let keeps = if RIGHTS_MEMBERS.contains(&name) { !replaces_rights } else { new.is_none() };
            let new = if keeps { old } else { new.map(|value| canonical_member(name, value)) };
            (name, new.unwrap_or_default())
        });
        self.profile = Value::object(profile);
    }

    /// Ends all existing sessions.
    pub fn end_sessions(&mut self) {
        self.epoch = self.epoch.saturating_add(1);
    }

    /// The user as a record, with the members that affect decisions.
    pub fn to_record(&self, email: &str) -> Value {
        let [user_type, scope, map] =
            RIGHTS_MEMBERS.map(|name| (name, self.profile.get(name).cloned().unwrap_or_default()));
        Value::object([("email", email.into()), user_type, scope, map])
    }

    /// A member of the profile, if it is a text.
    pub fn profile_text(&self, name: &str) -> Option<&str> {
        self.profile.get(name).and_then(Value::text)
    }
}

/// A member, with types in the product's own spelling.
fn canonical_member(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("userType", Value::Text(text)) => canonical_type(text).into(),
        ("appNameUserType", Value::Object(types)) => {
            let canonical_type = types.iter().map(|(scope, text)| (scope.clone(), canonical_member("userType", text)));
            Value::Object(canonical_type.collect())
        }
        _ => value.clone(),
    }
}

/// The value as an integer.
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}
