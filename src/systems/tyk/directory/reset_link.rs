//! The stored link for a password reset: only the newest link of a user is valid.

use super::stored::{delete_if_present, reset_key};
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The key of the user's newest link.
pub fn link_key(id: &str) -> Key {
    Key::new("link", &[id])
}

/// The stored form of a link: the digest of its token and the time of its creation, in seconds.
pub fn link_to_value(digest: &str, issued: i64) -> Value {
    Value::object([("digest", digest.into()), ("issued_at", issued.into())])
}

/// Deletes the user's link, if one exists.
///
/// # Errors
///
/// [`Interrupt`].
pub fn delete_link(tx: &mut Transaction<'_>, authorized: &Authorized, id: &str) -> Result<(), Interrupt> {
    let Some(newest) = read_link_digest(tx, &link_key(id))? else { return Ok(()) };
    delete_if_present(tx, authorized, &reset_key(&newest))?;
    tx.delete(authorized, &link_key(id))
}

/// The digest of the token of the link at a key, if one exists.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn read_link_digest(tx: &mut Transaction<'_>, key: &Key) -> Result<Option<String>, Interrupt> {
    let link = tx.read_entry(key)?;
    Ok(link.and_then(|link| link.get("digest")).and_then(Value::text).map(str::to_owned))
}
