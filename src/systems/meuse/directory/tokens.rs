//! Tokens: created for a password, listed, deleted.
//!
//! Source: mcorbin/meuse, src/meuse/api/meuse/token.clj and src/meuse/db/actions/token.clj.

use base64ct::{Base64, Encoding};

use super::super::Kind;
use super::answers::{no_user, ok, refused};
use super::asked::{Asked, Known};
use super::stored::{self, Token};
use super::{inputs, sign_in};
use crate::directory::prelude::{digest, time, Brake, Response, Stop, World};
use crate::document::value::Value;

/// The most tokens of one user.
pub(super) const TOKENS_MAX: usize = 1_000;
/// A day in milliseconds.
pub(super) const DAY: i64 = 86_400_000;

/// The one call that takes a password. It reads no token.
pub(super) fn create(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    let body = asked.body(world, Kind::TokenCreate)?;
    let name = inputs::text(&body, "name")?;
    let (user, password) = (inputs::text(&body, "user")?, inputs::text(&body, "password")?);
    let days = stored::number(&body, "validity").ok_or_else(|| inputs::incorrect("validity"))?;
    let brake = Brake::new(world, user, asked.call.client);
    world.prefetch(std::slice::from_ref(brake.key()));
    let mut user = stored::user(world, user)?.ok_or_else(|| refused(404, &no_user(user)))?;
    // Whether the account may have a token at all; that its owner asks, only the password proves.
    asked.permit(world, Known { account: Some(&user), ..Known::default() }, &body)?;
    let verified = brake.verify(world, password, user.hash.as_deref(), false)?;
    let verified = verified.ok_or_else(|| refused(403, "invalid password"))?;
    world.actor(&user.name, &stored::user_key(&user.name));
    if user.tokens.iter().any(|token| token.name == name) {
        return Err(refused(400, &format!("a token named {name} already exists for user {}", user.name)));
    }
    if user.tokens.len() >= TOKENS_MAX {
        return Err(refused(400, &format!("the user {} has {TOKENS_MAX} tokens: delete one first", user.name)));
    }
    if verified.is_outdated() {
        user.hash = Some(world.rehash(password)?);
    }
    let (token, text) = drawn(world, name, world.now.saturating_add(days.saturating_mul(DAY)))?;
    let permit = verified.permit();
    world.create(&permit, &sign_in::identifier_key(&token.identifier), sign_in::identifier_entry(&user))?;
    user.tokens.push(token);
    stored::put_user(world, &permit, &user)?;
    Ok(Response::json(200, Value::object([("token", Value::Text(text))])))
}

pub(super) fn list(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    let caller = asked.caller(world)?;
    asked.json()?;
    let query = asked.query(world, Kind::TokenList)?;
    asked.permit_to(world, &caller)?;
    let name = query.get("user").and_then(Value::text).unwrap_or(&caller.name);
    let user = sign_in::found(world, &caller, name)?.ok_or_else(|| refused(404, &no_user(name)))?;
    let mut shown = Vec::with_capacity(user.tokens.len());
    for token in user.tokens {
        shown.push(Value::object([
            ("id", Value::Text(token.id)),
            ("name", Value::Text(token.name)),
            ("created-at", Value::Text(time::written(token.created))),
            ("last-used-at", token.used.map_or(Value::Null, |used| Value::Text(time::written(used)))),
            ("expired-at", Value::Text(time::written(token.expires))),
        ]));
    }
    Ok(Response::json(200, Value::object([("tokens", Value::List(shown))])))
}

pub(super) fn delete(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    let caller = asked.caller(world)?;
    let body = asked.body(world, Kind::TokenDelete)?;
    let (name, user) = (inputs::text(&body, "name")?, inputs::text(&body, "user")?);
    let permit = asked.permit(world, Known { caller: Some(&caller), ..Known::default() }, &body)?;
    let mut user = sign_in::found(world, &caller, user)?.ok_or_else(|| refused(404, &no_user(user)))?;
    let Some(place) = user.tokens.iter().position(|token| token.name == name) else {
        return Err(refused(404, &format!("the token {name} does not exist for the user {}", user.name)));
    };
    let key = sign_in::identifier_key(&user.tokens.remove(place).identifier);
    world.read(&key)?;
    world.delete(&permit, &key)?;
    stored::put_user(world, &permit, &user)?;
    Ok(ok())
}

/// A new token, and its text, which is told once: 18 random bytes that name it and 32 that are its secret.
///
/// Source: mcorbin/meuse, src/meuse/auth/token.clj, `generate-token`.
pub(super) fn drawn(world: &mut World<'_>, name: &str, expires: i64) -> Result<(Token, String), Stop> {
    let identifier = Base64::encode_string(&world.random::<18>()?);
    let secret = Base64::encode_string(&world.random::<32>()?);
    let text = format!("{identifier}{secret}");
    let token = Token {
        name: name.to_owned(),
        id: world.uuid()?,
        identifier,
        digest: digest(secret.as_bytes()),
        created: world.now,
        expires,
        used: None,
    };
    Ok((token, text))
}
