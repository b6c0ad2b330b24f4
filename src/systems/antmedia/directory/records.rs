//! Records into entries, and entries into records.

use super::super::records::check_removable;
use super::stored::{user_key, User};
use crate::directory::prelude::{invalid_records, Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::node::{Members, Node};
use crate::document::problem::Problems;
use crate::document::value::Value;

/// Puts records into an empty store.
///
/// # Errors
///
/// [`Interrupt`].
pub fn import(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    let users = match document.get("users") {
        Some(Value::List(users)) => users.as_slice(),
        _ => &[],
    };
    check(users, document)?;
    let text = |user: &Value, name| user.get(name).and_then(Value::text).map(str::to_owned);
    let keys: Vec<Key> = users.iter().map(|user| user_key(&text(user, "email").unwrap_or_default())).collect();
    tx.read_all(&keys)?;
    let passwords: Vec<&str> = users.iter().filter_map(password).collect();
    let mut hashes = tx.first_hashes(&passwords)?.into_iter();
    for user in users {
        let hash = match password(user) {
            Some(_) => Some(hashes.next().ok_or(Fault::Internal)?),
            None => text(user, "hash"),
        };
        let email = text(user, "email").ok_or(Fault::Internal)?;
        User::new(tx.uuid()?, hash, user).put(tx, authorized, &email)?;
    }
    Ok(())
}

/// Refuses users that nobody could remove again.
fn check(users: &[Value], document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    for user in users {
        let email = user.get("email").and_then(Value::text).unwrap_or("");
        check_removable(Members { node: Node { value: user } }, email, &mut problems);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// The password of a record. An empty one is none, as in a request.
fn password(user: &Value) -> Option<&str> {
    user.get("password")?.text().filter(|password| !password.is_empty())
}

/// The records of a whole store.
pub fn export(entries: &[(String, Value)]) -> Value {
    let users = entries.iter().filter(|(key, _)| key.starts_with("user/"));
    let users = users.filter_map(|(_, value)| match User::read(value)?.told {
        Value::Object(mut told) => {
            told.retain(|(_, value)| *value != Value::Null);
            Some(Value::Object(told))
        }
        _ => None,
    });
    Value::object([("users", Value::List(users.collect()))])
}
