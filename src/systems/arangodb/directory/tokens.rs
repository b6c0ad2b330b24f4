//! Handlers for access tokens: additional passwords of a user, each with a name and an expiry.
//!
//! ```text
//! v1.HEX      the user's name and 32 random bytes, in hexadecimal digits
//! ```
//!
//! Sources: ArangoDB, "HTTP interface for authentication", "Access tokens", and the server's
//! arangod/RestHandler/RestAccessTokenHandler.cpp and arangod/Auth/UserManagerImpl.cpp:
//!
//! - Users manage their own tokens; administrators manage the tokens of all users (`canAccessUser`). This is checked
//!   before the body, and before the user is looked up.
//! - A token signs its user in with the user's name or with an empty name (`checkCredentials`), while the user is
//!   active (`checkAccessToken`). It is not the user's password: `POST /_api/user/{user}` accepts only the password.
//! - A new password keeps the tokens (`updateUser`). A deactivation keeps them too, and they work again when the user
//!   is activated. `PUT` creates a new user without tokens (`storeUser`). Under strict guards, a new password removes
//!   them.
//! - The documentation requires `valid_until`. arangojs omits it for a token that does not expire, and so can clients
//!   here.
//! - The documented response to a name that already exists is a 409 without an error number. Ours has the number of a
//!   duplicate name.
//!
//! A session that a token opened ends with the token. In the product, the session stays valid.

use super::super::Action;
use super::responses::{BAD_PARAMETER, BAD_PATH, DUPLICATE_NAME, NO_METHOD, NO_USER, READ_FORBIDDEN};
use super::rules::RuleTarget;
use super::session::Session;
use super::stored::{self, store_user};
use super::token::{format_token, RANDOM};
use super::user::{Token, User};
use crate::directory::prelude::{digest, Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The most tokens of one user, expired ones included.
const TOKENS_MAX: usize = 100;
/// The number of hexadecimal digits from the end of a token in its fingerprint.
const FINGERPRINT_DIGITS: usize = 6;

/// `/_api/token…`
pub fn route(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    rest: &[&str],
) -> Result<Response, Interrupt> {
    let [user, rest @ ..] = rest else { return Err(BAD_PATH.with_reason("expected `/_api/token/USER`")) };
    match (call.method, rest) {
        (_, _) if user.is_empty() => Err(BAD_PATH.with_reason("expected `/_api/token/USER`")),
        ("GET", []) => list_tokens(tx, session, user),
        ("POST", []) => create_token(tx, session, call, user),
        ("DELETE", _) => delete_token(tx, session, user, rest),
        ("GET" | "POST", _) => Err(BAD_PATH.with_reason("expected `/_api/token/USER`")),
        _ => Err(NO_METHOD.into()),
    }
}

/// `GET /_api/token/{user}`: the metadata of all tokens.
fn list_tokens(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    session.authorize(tx, Action::ReadUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    let tokens = user.tokens.iter().map(|token| Value::object(metadata(token, tx.seconds()))).collect();
    Ok(Response::json(200, Value::object([("tokens", Value::List(tokens))])).tagged(&etag_state(&user)))
}

/// `POST /_api/token/{user}` `{name, valid_until?}`: the only response that contains the token.
fn create_token(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::UpdateUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let body = call.json().ok().filter(|body| matches!(body, Value::Object(_))).ok_or(BAD_PARAMETER)?;
    let label = body.get("name").and_then(Value::text).filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| BAD_PARAMETER.with_reason("`name` must be a text that is not empty"))?;
    if label.len() > NEW_NAME_MAX {
        return Err(BAD_PARAMETER.with_reason(&format!("a name has at most {NEW_NAME_MAX} bytes")));
    }
    let valid_until = match body.get("valid_until") {
        None | Some(Value::Null) => 0,
        Some(value) => parse_seconds(value).ok_or_else(|| {
            BAD_PARAMETER.with_reason(
                "`valid_until` must be a time in seconds since 1970; leave it out for a token that does not expire",
            )
        })?,
    };
    let mut user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    if user.tokens.iter().any(|token| token.name == label) {
        return Err(DUPLICATE_NAME.into());
    }
    if user.tokens.len() >= TOKENS_MAX {
        return Err(BAD_PARAMETER.with_reason(&format!("a user has at most {TOKENS_MAX} access tokens: delete one")));
    }
    let random: [u8; RANDOM] = tx.random()?;
    let text = format_token(name, &random);
    let last_digits = text.get(text.len().saturating_sub(FINGERPRINT_DIGITS)..).unwrap_or("");
    let token = Token {
        id: unused_id(tx, &user)?,
        name: label.to_owned(),
        valid_until,
        created_at: tx.seconds(),
        fingerprint: format!("v1...{last_digits}"),
        digest: digest(text.as_bytes()),
    };
    let mut response = metadata(&token, tx.seconds()).to_vec();
    response.push(("token", Value::Text(text)));
    user.tokens.push(token);
    store_user(tx, &authorized, name, &user)?;
    let response = response.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Response::json(200, Value::Object(response)).tagged(&etag_state(&user)))
}

/// `DELETE /_api/token/{user}/{id}`; it also succeeds if the token does not exist.
fn delete_token(tx: &mut Transaction<'_>, session: &Session, name: &str, rest: &[&str]) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::UpdateUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let id = match rest {
        [id] => id.parse::<i64>().ok(),
        _ => None,
    };
    let id = id.ok_or_else(|| BAD_PATH.with_reason("expected `/_api/token/USER/ID`, with the `id` from the list"))?;
    let mut user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    let count_before = user.tokens.len();
    user.tokens.retain(|token| token.id != id);
    if user.tokens.len() < count_before {
        store_user(tx, &authorized, name, &user)?;
    }
    Ok(Response::empty(200))
}

/// The metadata of a token.
fn metadata(token: &Token, now: i64) -> [(&'static str, Value); 6] {
    [
        ("id", token.id.into()),
        ("name", token.name.as_str().into()),
        ("valid_until", token.valid_until.into()),
        ("created_at", token.created_at.into()),
        ("fingerprint", token.fingerprint.as_str().into()),
        ("active", token.is_active(now).into()),
    ]
}

/// The state from which the `ETag` is made.
fn etag_state(user: &User) -> Value {
    let mut state = vec![Value::from(user.id.as_str())];
    state.extend(user.tokens.iter().map(Token::to_value));
    Value::List(state)
}

/// A random id that no token of this user has, below 2^53, so that every client can represent it.
fn unused_id(tx: &mut Transaction<'_>, user: &User) -> Result<i64, Interrupt> {
    let random = u64::from_be_bytes(tx.random()?) >> 11;
    let mut id = i64::try_from(random).unwrap_or(0);
    while user.tokens.iter().any(|token| token.id == id) {
        id = id.saturating_add(1);
    }
    Ok(id)
}

/// Parses a time in seconds, which must not be negative.
fn parse_seconds(value: &Value) -> Option<i64> {
    let Value::Number(digits) = value else { return None };
    let integer = digits.split('.').next().unwrap_or("");
    integer.parse::<i64>().ok().filter(|seconds| *seconds >= 0)
}
