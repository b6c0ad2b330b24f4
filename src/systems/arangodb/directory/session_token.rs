//! `/_open/auth`: opens sessions, and renews their tokens.
//!
//! Source: the server's arangod/RestHandler/RestAuthHandler.cpp.

use std::ops::RangeInclusive;

use super::super::Kind;
use super::body;
use super::responses::{method_not_allowed, success_response, BAD_LOGIN, NO_USER, WRONG_CREDENTIALS};
use super::sign_in::{authenticate, session_claim, Caller, Credentials, Owner, CLAIM, ISSUER};
use super::stored::user_key;
use super::token;
use super::values::integer;
use crate::directory::prelude::{jwt, Call, Interrupt, Response, Throttle, Transaction};
use crate::document::value::Value;

/// The lifetime of a session token, in seconds: the server's default, and what a client can ask for.
const SESSION_SECONDS: i64 = 3_600;
const SESSION_SECONDS_ALLOWED: RangeInclusive<i64> = 10..=3_600;
/// A token that is valid for less than this is replaced by a renewal, in seconds.
const RENEWED_BEFORE: i64 = 150;

/// `POST /_open/auth`
///
/// # Errors
///
/// [`Interrupt`].
pub fn open_session(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    if call.method != "POST" {
        return Err(method_not_allowed("POST"));
    }
    let document = call.json().map_err(|_| BAD_LOGIN)?;
    let form = body::validate_body(tx, Kind::SessionCreate, &document)
        .map_err(|problems| BAD_LOGIN.for_problems(&problems))?;
    let seconds = match document.get("expiryTime") {
        None => SESSION_SECONDS,
        Some(given) => integer(given)
            .filter(|given| SESSION_SECONDS_ALLOWED.contains(given))
            .ok_or_else(|| BAD_LOGIN.with_reason("`expiryTime`: expected a whole number of seconds from 10 to 3600"))?,
    };
    let text = |name| form.get(name).and_then(Value::text).unwrap_or("");
    let (named, password) = (text("username"), text("password"));
    let owner = if named.is_empty() { token::user_name_in_token(password) } else { None };
    let name = owner.as_deref().unwrap_or(named);
    let throttle = Throttle::new(tx, name, call.client);
    let (user, token) = authenticate(tx, &throttle, name, password, false)?.ok_or(WRONG_CREDENTIALS)?;
    tx.actor(name, &user_key(name));
    let token = sign_session(tx, name, session_claim(&user, token), seconds)?;
    Ok(Response::json(200, Value::object([("jwt", token)])))
}

/// `POST /_open/auth/renew`: the response has a new token if the one of the request is about to expire.
///
/// # Errors
///
/// [`Interrupt`].
pub fn renew_session(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    if call.method != "POST" {
        return Err(method_not_allowed("POST"));
    }
    let credentials = Credentials::from_header(tx, call).ok_or(NO_USER)?;
    let Credentials::Token { owner: Owner::User { claim, expires, .. }, allowed_paths: None } = &credentials else {
        return Err(NO_USER.into());
    };
    let Caller { name, user, .. } = credentials.load_caller(tx)?.ok_or(NO_USER)?;
    let is_ending = expires.is_some_and(|expires| expires.saturating_sub(tx.seconds()) < RENEWED_BEFORE);
    if !is_ending {
        return Ok(success_response(200, []));
    }
    let claim = claim.clone().unwrap_or_else(|| session_claim(&user, None));
    Ok(success_response(200, [("jwt", sign_session(tx, &name, claim, SESSION_SECONDS)?)]))
}

/// Signs the token of a session that ends after this many seconds.
fn sign_session(tx: &Transaction<'_>, name: &str, claim: Value, seconds: i64) -> Result<Value, Interrupt> {
    let now = tx.seconds();
    let claims = Value::object([
        ("preferred_username", name.into()),
        ("iss", ISSUER.into()),
        ("iat", now.into()),
        ("exp", now.saturating_add(seconds).into()),
        (CLAIM, claim),
    ]);
    Ok(Value::Text(jwt::sign(&claims, tx.secret()).ok_or(WRONG_CREDENTIALS)?))
}
