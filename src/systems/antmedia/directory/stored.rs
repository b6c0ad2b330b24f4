//! A user as an entry of the store.

use super::super::forms::spelled;
use crate::directory::prelude::{Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;

/// How long an id is.
pub const ID_LENGTH: usize = 36;

/// What is told of a user, in the order of the product's `User` object.
const TOLD: [&str; 8] =
    ["email", "userType", "scope", "appNameUserType", "firstName", "lastName", "fullName", "picture"];
/// The rights among it, which are replaced as a whole.
const RIGHTS: [&str; 3] = ["userType", "scope", "appNameUserType"];

/// A user. It holds a hash, so it has no `Debug`.
#[derive(Clone)]
pub struct User {
    /// Random, and never another's: what hangs on it does not come back with the name.
    pub id: String,
    /// Counts up whenever the sessions so far must end.
    pub epoch: i64,
    /// Without one nobody signs in.
    pub hash: Option<String>,
    /// All eight members that are told, `null` where there is nothing.
    pub told: Value,
}

/// The key of a user.
pub fn user_key(email: &str) -> Key {
    Key::new("user", &[email])
}

/// The user of this address, compared exactly. One that is longer than any record's can not be there, and is not
/// looked for.
///
/// # Errors
///
/// [`Interrupt`]: it must be read first, or can not be.
pub fn user(tx: &mut Transaction<'_>, email: &str) -> Result<Option<User>, Interrupt> {
    if email.len() > NAME_MAX {
        return Ok(None);
    }
    let Some(value) = tx.read(&user_key(email))? else { return Ok(None) };
    User::read(value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
}

impl User {
    /// A user out of a document of the product's shape.
    pub fn new(id: String, hash: Option<String>, document: &Value) -> Self {
        let told = TOLD.map(|name| (name, document.get(name).map_or(Value::Null, |value| canonical(name, value))));
        Self { id, epoch: 1, hash, told: Value::object(told) }
    }

    pub fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: value.get("id")?.text()?.to_owned(),
            epoch: whole(value.get("epoch")?)?,
            hash: value.get("hash").and_then(Value::text).map(str::to_owned),
            told: value.get("told")?.clone(),
        })
    }

    /// Puts it.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn put(&self, tx: &mut Transaction<'_>, authorized: &Authorized, email: &str) -> Result<(), Interrupt> {
        let Self { id, epoch, hash, told } = self;
        let mut user = vec![("id".to_owned(), id.as_str().into()), ("epoch".to_owned(), (*epoch).into())];
        user.extend(hash.as_deref().map(|hash| ("hash".to_owned(), hash.into())));
        user.push(("told".to_owned(), told.clone()));
        tx.put(authorized, &user_key(email), Value::Object(user))
    }

    /// Takes what a form says: rights as a whole, if it says anything of them, and each name that it has.
    ///
    /// Source: CommonRestService.java, `editUser`, and MongoStore.java, which keeps the names that are not sent.
    pub fn edit(&mut self, form: &Value) {
        let says_rights = RIGHTS.iter().any(|name| form.get(name).is_some());
        let told = TOLD.map(|name| {
            let (new, old) = (form.get(name), self.told.get(name).cloned());
            let keeps = if RIGHTS.contains(&name) { !says_rights } else { new.is_none() };
            let new = if keeps { old } else { new.map(|value| canonical(name, value)) };
            (name, new.unwrap_or_default())
        });
        self.told = Value::object(told);
    }

    /// Ends the sessions so far.
    pub fn end_sessions(&mut self) {
        self.epoch = self.epoch.saturating_add(1);
    }

    /// What decides, in the shape of records.
    pub fn rights(&self, email: &str) -> Value {
        let [user_type, scope, map] = RIGHTS.map(|name| (name, self.told.get(name).cloned().unwrap_or_default()));
        Value::object([("email", email.into()), user_type, scope, map])
    }

    /// One of the texts that are told.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.told.get(name).and_then(Value::text)
    }
}

/// A member in the product's own spelling of types.
fn canonical(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("userType", Value::Text(text)) => spelled(text).into(),
        ("appNameUserType", Value::Object(types)) => {
            let spelled = types.iter().map(|(scope, text)| (scope.clone(), canonical("userType", text)));
            Value::Object(spelled.collect())
        }
        _ => value.clone(),
    }
}

/// A whole number.
pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}
