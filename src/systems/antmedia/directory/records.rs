//! Records into entries, and entries into records.

use super::stored::{user_key, User};
use crate::directory::{Fault, Key, Permit, Stop, World};
use crate::value::Value;

/// Puts records into an empty store.
///
/// # Errors
///
/// [`Stop`].
pub fn import(world: &mut World<'_>, permit: &Permit, document: &Value) -> Result<(), Stop> {
    let users = match document.get("users") {
        Some(Value::List(users)) => users.as_slice(),
        _ => &[],
    };
    let text = |user: &Value, name| user.get(name).and_then(Value::text).map(str::to_owned);
    let keys: Vec<Key> = users.iter().map(|user| user_key(&text(user, "email").unwrap_or_default())).collect();
    world.read_all(&keys)?;
    let passwords: Vec<&str> = users.iter().filter_map(|user| user.get("password")?.text()).collect();
    let mut hashes = world.first_hashes(&passwords)?.into_iter();
    for user in users {
        let hash = match user.get("password").and_then(Value::text) {
            Some(_) => Some(hashes.next().ok_or(Fault::Internal)?),
            None => text(user, "hash"),
        };
        let email = text(user, "email").ok_or(Fault::Internal)?;
        User::new(world.uuid()?, hash, user).put(world, permit, &email)?;
    }
    Ok(())
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
