//! Handlers that create, list and delete tokens.
//!
//! Source: mcorbin/meuse, src/meuse/api/meuse/token.clj and src/meuse/db/actions/token.clj.

use base64ct::{Base64, Encoding};

use super::super::Kind;
use super::json_members::integer_member;
use super::responses::{ok_response, reject, unknown_user_message};
use super::routed_request::{DecisionInputs, RoutedRequest};
use super::stored::{self, Token};
use super::{inputs, sign_in};
use crate::directory::prelude::{digest, time, Interrupt, Response, Throttle, Transaction};
use crate::document::value::Value;

/// The most tokens of one user.
pub(super) const TOKENS_MAX: usize = 1_000;
/// A day in milliseconds.
pub(super) const DAY: i64 = 86_400_000;

/// The only request with a password. It does not read a token.
pub(super) fn create_token(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let body = request.parse_body(tx, Kind::TokenCreate)?;
    let name = inputs::required_text(&body, "name")?;
    let (user, password) = (inputs::required_text(&body, "user")?, inputs::required_text(&body, "password")?);
    let days = integer_member(&body, "validity").ok_or_else(|| inputs::reject_field("validity"))?;
    let throttle = Throttle::new(tx, user, request.call.client);
    tx.prefetch(std::slice::from_ref(throttle.key()));
    let found = stored::load_user(tx, user)?;
    if tx.is_strict() && !found.as_ref().is_some_and(|user| user.active) {
        // As for a wrong password, with the same work: strict guards do not reveal which users exist.
        throttle.verify(tx, password, None, false)?;
        return Err(wrong_password());
    }
    let mut user = found.ok_or_else(|| reject(404, &unknown_user_message(user)))?;
    // The rules decide whether the account can have a token. Only the password authenticates its owner.
    request.authorize(tx, DecisionInputs { account: Some(&user), ..DecisionInputs::default() }, &body)?;
    let verified = throttle.verify(tx, password, user.hash.as_deref(), false)?;
    let verified = verified.ok_or_else(wrong_password)?;
    tx.actor(&user.name, &stored::user_key(&user.name));
    if user.tokens.iter().any(|token| token.name == name) {
        return Err(reject(400, &format!("a token named {name} already exists for user {}", user.name)));
    }
    if user.tokens.len() >= TOKENS_MAX {
        return Err(reject(400, &format!("the user {} has {TOKENS_MAX} tokens: delete one first", user.name)));
    }
    if verified.is_outdated() {
        user.hash = Some(tx.rehash(password)?);
    }
    let (token, text) = generate_token(tx, name, tx.now.saturating_add(days.saturating_mul(DAY)))?;
    let authorized = verified.authorized();
    tx.create(&authorized, &sign_in::identifier_key(&token.identifier), sign_in::identifier_entry(&user))?;
    user.tokens.push(token);
    stored::store_user(tx, &authorized, &user)?;
    Ok(Response::json(200, Value::object([("token", Value::Text(text))])))
}

fn wrong_password() -> Interrupt {
    reject(403, "invalid password")
}

pub(super) fn list_tokens(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    let query = request.parse_query(tx, Kind::TokenList)?;
    request.authorize_for(tx, &caller)?;
    let name = query.get("user").and_then(Value::text).unwrap_or(&caller.name);
    let user =
        sign_in::load_user_or_caller(tx, &caller, name)?.ok_or_else(|| reject(404, &unknown_user_message(name)))?;
    let mut items = Vec::with_capacity(user.tokens.len());
    for token in user.tokens {
        items.push(Value::object([
            ("id", Value::Text(token.id)),
            ("name", Value::Text(token.name)),
            ("created-at", Value::Text(time::format(token.created))),
            ("last-used-at", token.used.map_or(Value::Null, |used| Value::Text(time::format(used)))),
            ("expired-at", Value::Text(time::format(token.expires))),
        ]));
    }
    Ok(Response::json(200, Value::object([("tokens", Value::List(items))])))
}

pub(super) fn delete_token(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    let body = request.parse_body(tx, Kind::TokenDelete)?;
    let (name, user) = (inputs::required_text(&body, "name")?, inputs::required_text(&body, "user")?);
    let authorized =
        request.authorize(tx, DecisionInputs { caller: Some(&caller), ..DecisionInputs::default() }, &body)?;
    let mut user =
        sign_in::load_user_or_caller(tx, &caller, user)?.ok_or_else(|| reject(404, &unknown_user_message(user)))?;
    let Some(index) = user.tokens.iter().position(|token| token.name == name) else {
        return Err(reject(404, &format!("the token {name} does not exist for the user {}", user.name)));
    };
    let key = sign_in::identifier_key(&user.tokens.remove(index).identifier);
    tx.read_entry(&key)?;
    tx.delete(&authorized, &key)?;
    stored::store_user(tx, &authorized, &user)?;
    Ok(ok_response())
}

/// Generates a token, and returns it with its text, which only one response contains: an identifier of 18 random bytes,
/// and a secret of 32.
///
/// Source: mcorbin/meuse, src/meuse/auth/token.clj, `generate-token`.
pub(super) fn generate_token(tx: &mut Transaction<'_>, name: &str, expires: i64) -> Result<(Token, String), Interrupt> {
    let identifier = Base64::encode_string(&tx.random::<18>()?);
    let secret = Base64::encode_string(&tx.random::<32>()?);
    let text = format!("{identifier}{secret}");
    let token = Token {
        name: name.to_owned(),
        id: tx.uuid()?,
        identifier,
        digest: digest(secret.as_bytes()),
        created: tx.now,
        expires,
        used: None,
    };
    Ok((token, text))
}
