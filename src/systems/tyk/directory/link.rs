//! The newest link that was mailed to a user.

use super::stored::{clear, reset_key};
use crate::directory::prelude::{Authorized, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The key of the newest link of a user.
pub fn link_key(id: &str) -> Key {
    Key::new("link", &[id])
}

/// What is kept of a link: the digest of its token, and when it was made, in seconds.
pub fn link_value(digest: &str, issued: i64) -> Value {
    Value::object([("digest", digest.into()), ("issued_at", issued.into())])
}

/// Takes the link of a user away, if there is one.
///
/// # Errors
///
/// [`Interrupt`].
pub fn void(tx: &mut Transaction<'_>, authorized: &Authorized, id: &str) -> Result<(), Interrupt> {
    let Some(newest) = digest_of(tx, &link_key(id))? else { return Ok(()) };
    clear(tx, authorized, &reset_key(&newest))?;
    tx.delete(authorized, &link_key(id))
}

/// The digest of the token of the link at a key, if there is one.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn digest_of(tx: &mut Transaction<'_>, key: &Key) -> Result<Option<String>, Interrupt> {
    let link = tx.read(key)?;
    Ok(link.and_then(|link| link.get("digest")).and_then(Value::text).map(str::to_owned))
}
