//! Authenticates callers by their tokens.
//!
//! Source: mcorbin/meuse, src/meuse/auth/request.clj, `check-user`. The checks are in the same order, because the order
//! determines the error message.

use super::responses::reject;
use super::stored::{self, User};
use crate::directory::prelude::{time, Authorized, Call, Fault, Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The length of the identifier at the start of a token. The rest is its secret.
///
/// Source: mcorbin/meuse, src/meuse/auth/token.clj.
pub(super) const IDENTIFIER_LENGTH: usize = 24;

/// The minimum interval between updates of a token's last use, in milliseconds, so that not every request writes to the
/// store.
const LAST_USE_INTERVAL: i64 = 60_000;

/// Authenticates the caller, by the host or by the token, and stores the token's last use.
pub(super) fn authenticate_caller(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<User, Interrupt> {
    if let Some(name) = call.identity {
        let user = stored::load_user(tx, name)?.filter(|user| user.active).ok_or(Fault::Unauthorized)?;
        tx.actor(&user.name, &stored::user_key(&user.name));
        return Ok(user);
    }
    let Some(sent) = call.header("authorization") else { return Err(reject(403, "token missing in the header")) };
    let (identifier, secret) = split_token(sent).ok_or_else(|| reject(403, "invalid token"))?;
    let mut user = find_token_owner(tx, identifier)?.ok_or_else(|| reject(403, "token not found"))?;
    let unknown = || reject(403, "token not found");
    let token = user.tokens.iter_mut().find(|token| token.identifier == identifier).ok_or_else(unknown)?;
    if !user.active {
        return Err(reject(403, "user is not active"));
    }
    let is_valid = tx.now < token.expires && !time::is_ahead(token.created, tx.now);
    let verified = tx.verify_secret(secret, &token.digest).filter(|_| is_valid);
    let verified = verified.ok_or_else(|| reject(403, "invalid token"))?;
    tx.actor(&user.name, &stored::user_key(&user.name));
    let is_recent = |used| !time::is_ahead(used, tx.now) && tx.now < used.saturating_add(LAST_USE_INTERVAL);
    if !token.used.is_some_and(is_recent) {
        token.used = Some(tx.now);
        stored::store_user(tx, &verified.authorized(), &user)?;
    }
    Ok(user)
}

/// Splits a token into its identifier and its secret; `None` without a secret.
pub(super) fn split_token(token: &str) -> Option<(&str, &str)> {
    let (end, _) = token.char_indices().nth(IDENTIFIER_LENGTH)?;
    token.split_at_checked(end)
}

/// The key of the entry with the owner of the token with this identifier.
pub(super) fn identifier_key(identifier: &str) -> Key {
    Key::new("identifier", &[identifier])
}

/// The value of that entry. It includes the user's `id`, because a later user can have the same name.
pub(super) fn identifier_entry(user: &User) -> Value {
    Value::object([("user", user.name.as_str().into()), ("id", user.id.as_str().into())])
}

fn find_token_owner(tx: &mut Transaction<'_>, identifier: &str) -> Result<Option<User>, Interrupt> {
    let Some(entry) = tx.read_entry(&identifier_key(identifier))? else { return Ok(None) };
    let (Some(name), Some(id)) = (entry.get("user").and_then(Value::text), entry.get("id").and_then(Value::text))
    else {
        return Ok(None);
    };
    Ok(stored::load_user(tx, name)?.filter(|user| user.id == id))
}

/// The user with this name. For the caller, it is the entry with the updated last use of the token.
pub(super) fn load_user_or_caller(
    tx: &mut Transaction<'_>,
    caller: &User,
    name: &str,
) -> Result<Option<User>, Interrupt> {
    if caller.name == name {
        Ok(Some(caller.clone()))
    } else {
        stored::load_user(tx, name)
    }
}

/// Deletes all tokens of a user. The calling function stores the user's own entry.
pub(super) fn delete_all_tokens(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    user: &mut User,
) -> Result<(), Interrupt> {
    let ended = std::mem::take(&mut user.tokens);
    let keys: Vec<Key> = ended.iter().map(|token| identifier_key(&token.identifier)).collect();
    tx.read_all(&keys)?;
    keys.iter().try_for_each(|key| tx.delete(authorized, key))
}
