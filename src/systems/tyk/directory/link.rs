//! The newest link that was mailed to a user.

use super::stored::{clear, reset_key};
use crate::directory::prelude::{Key, Permit, Stop, World};
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
/// [`Stop`].
pub fn void(world: &mut World<'_>, permit: &Permit, id: &str) -> Result<(), Stop> {
    let Some(newest) = digest_of(world, &link_key(id))? else { return Ok(()) };
    clear(world, permit, &reset_key(&newest))?;
    world.delete(permit, &link_key(id))
}

/// The digest of the token of the link at a key, if there is one.
///
/// # Errors
///
/// [`Stop::Pending`].
pub fn digest_of(world: &mut World<'_>, key: &Key) -> Result<Option<String>, Stop> {
    let link = world.read(key)?;
    Ok(link.and_then(|link| link.get("digest")).and_then(Value::text).map(str::to_owned))
}
