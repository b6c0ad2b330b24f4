//! Access tokens: further passwords of a user, each with a name and an end.
//!
//! ```text
//! v1.HEX      of the user's name and 32 random bytes
//! ```
//!
//! Sources: ArangoDB, "HTTP interface for authentication", "Access tokens", and the server's
//! arangod/RestHandler/RestAccessTokenHandler.cpp and arangod/Auth/UserManagerImpl.cpp:
//!
//! - A user manages their own tokens; an administrator those of everybody (`canAccessUser`), asked before the body and
//!   before the user.
//! - A token is good for sign-in with its user's name or with an empty one (`checkCredentials`), and as long as the user
//!   is active (`checkAccessToken`). It is not the user's password: `POST /_api/user/{user}` asks for that alone.
//! - A new password leaves them (`updateUser`), and so does a deactivation, after which they are good again. `PUT` builds
//!   a new user, without any (`storeUser`). Under strict guards a new password ends them.
//! - The documents require `valid_until`. arangojs leaves it out for a token without an end, and so it is here.
//! - The documents have a name that is taken as a 409, and no number for it: this is the one of a duplicate name.
//!
//! A session that a token opened ends with it, which the server leaves open.

use super::super::Action;
use super::responses::{BAD_PARAMETER, BAD_PATH, DUPLICATE_NAME, NOT_TOLD, NO_METHOD, NO_USER};
use super::rules::About;
use super::session::Session;
use super::stored::{self, put_user};
use super::token::{spelled, RANDOM};
use super::user::{Token, User};
use crate::directory::prelude::{digest, Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// The most tokens of one user, expired ones included.
const TOKENS_MAX: usize = 100;
/// The hexadecimal digits at the end of a token that its fingerprint has.
const SHOWN: usize = 6;

/// `/_api/token…`
pub fn route(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    rest: &[&str],
) -> Result<Response, Interrupt> {
    let [user, rest @ ..] = rest else { return Err(BAD_PATH.because("expected `/_api/token/USER`")) };
    match (call.method, rest) {
        (_, _) if user.is_empty() => Err(BAD_PATH.because("expected `/_api/token/USER`")),
        ("GET", []) => list(tx, session, user),
        ("POST", []) => create(tx, session, call, user),
        ("DELETE", _) => delete(tx, session, user, rest),
        ("GET" | "POST", _) => Err(BAD_PATH.because("expected `/_api/token/USER`")),
        _ => Err(NO_METHOD.into()),
    }
}

/// `GET /_api/token/{user}`: everything but the tokens themselves.
fn list(tx: &mut Transaction<'_>, session: &Session, name: &str) -> Result<Response, Interrupt> {
    session.may(tx, Action::ReadUser, About::User(name), NOT_TOLD)?;
    let user = stored::user(tx, name)?.ok_or(NO_USER)?;
    let tokens = user.tokens.iter().map(|token| Value::object(metadata(token, tx.seconds()))).collect();
    Ok(Response::json(200, Value::object([("tokens", Value::List(tokens))])).tagged(&state(&user)))
}

/// `POST /_api/token/{user}` `{name, valid_until?}`: the only time that the token is told.
fn create(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>, name: &str) -> Result<Response, Interrupt> {
    let authorized = session.may(tx, Action::UpdateUser, About::User(name), NOT_TOLD)?;
    let body = call.json().ok().filter(|body| matches!(body, Value::Object(_))).ok_or(BAD_PARAMETER)?;
    let label = body.get("name").and_then(Value::text).filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| BAD_PARAMETER.because("`name` is a text that is not empty"))?;
    if label.len() > NEW_NAME_MAX {
        return Err(BAD_PARAMETER.because(&format!("a name has at most {NEW_NAME_MAX} bytes")));
    }
    let valid_until = match body.get("valid_until") {
        None | Some(Value::Null) => 0,
        Some(value) => seconds(value).ok_or_else(|| {
            BAD_PARAMETER
                .because("`valid_until` is a time in seconds since 1970, or left out for a token without an end")
        })?,
    };
    let mut user = stored::user(tx, name)?.ok_or(NO_USER)?;
    if user.tokens.iter().any(|token| token.name == label) {
        return Err(DUPLICATE_NAME.into());
    }
    if user.tokens.len() >= TOKENS_MAX {
        return Err(BAD_PARAMETER.because(&format!("a user has at most {TOKENS_MAX} access tokens: delete one")));
    }
    let random: [u8; RANDOM] = tx.random()?;
    let text = spelled(name, &random);
    let shown = text.get(text.len().saturating_sub(SHOWN)..).unwrap_or("");
    let token = Token {
        id: free_id(tx, &user)?,
        name: label.to_owned(),
        valid_until,
        created_at: tx.seconds(),
        fingerprint: format!("v1...{shown}"),
        digest: digest(text.as_bytes()),
    };
    let mut told = metadata(&token, tx.seconds()).to_vec();
    told.push(("token", Value::Text(text)));
    user.tokens.push(token);
    put_user(tx, &authorized, name, &user)?;
    let told = told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Response::json(200, Value::Object(told)).tagged(&state(&user)))
}

/// `DELETE /_api/token/{user}/{id}`, whether there is such a token or not.
fn delete(tx: &mut Transaction<'_>, session: &Session, name: &str, rest: &[&str]) -> Result<Response, Interrupt> {
    let authorized = session.may(tx, Action::UpdateUser, About::User(name), NOT_TOLD)?;
    let id = match rest {
        [id] => id.parse::<i64>().ok(),
        _ => None,
    };
    let id = id.ok_or_else(|| BAD_PATH.because("expected `/_api/token/USER/ID`, with the number that the list has"))?;
    let mut user = stored::user(tx, name)?.ok_or(NO_USER)?;
    let known = user.tokens.len();
    user.tokens.retain(|token| token.id != id);
    if user.tokens.len() < known {
        put_user(tx, &authorized, name, &user)?;
    }
    Ok(Response::empty(200))
}

/// What is told of a token, except itself.
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

/// What a change of the tokens replaces.
fn state(user: &User) -> Value {
    let mut state = vec![Value::from(user.id.as_str())];
    state.extend(user.tokens.iter().map(Token::value));
    Value::List(state)
}

/// A number that no token of this user has, below 2^53, which every client can read.
fn free_id(tx: &mut Transaction<'_>, user: &User) -> Result<i64, Interrupt> {
    let drawn = u64::from_be_bytes(tx.random()?) >> 11;
    let mut id = i64::try_from(drawn).unwrap_or(0);
    while user.tokens.iter().any(|token| token.id == id) {
        id = id.saturating_add(1);
    }
    Ok(id)
}

/// A time in whole seconds, not negative.
fn seconds(value: &Value) -> Option<i64> {
    let Value::Number(digits) = value else { return None };
    let whole = digits.split('.').next().unwrap_or("");
    whole.parse::<i64>().ok().filter(|seconds| *seconds >= 0)
}
