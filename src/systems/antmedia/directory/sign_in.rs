//! The way in and out, and one's own password.
//!
//! Source: CommonRestService.java, `authenticateUser`, `addInitialUser`, `changeUserPassword`, `deleteSession`.

use super::super::model::SYSTEM;
use super::super::{Antmedia, Kind};
use super::attempts::{self, Attempts};
use super::authentication::AuthorizedCall;
use super::body::{self, Form, Lack};
use super::responses::{self, bad_request, result};
use super::stored::{self, user_key, User};
use super::users::{self, text};
use super::{passwords, sessions};
use crate::directory::prelude::{claim, Call, Interrupt, Response, Throttle, Transaction};
use crate::document::value::Value;

const BLOCKED: &str = "Too many login attempts. User is blocked for 300 secs";
const WRONG_PASSWORD: &str = "User not exist with that name and pass";
const NO_NEW_PASSWORD: &str = "User name does not exist or there is no new password";

/// `POST /users/authenticate`. An unknown address, a wrong password and none that can be right are answered alike,
/// after the same work.
pub fn authenticate(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let (form, has_password) = match body::read(tx, call, Kind::SessionCreate)? {
        Form::Whole(form) => (form, true),
        Form::Without(Lack::Password, document) => (document, false),
        Form::Null | Form::Without(..) => return Ok(result(false, "")),
    };
    let email = text(&form, "email");
    let password = Some(text(&form, "password")).filter(|password| has_password && !password.is_empty());
    let [own, slot] = attempts::keys(tx, email);
    tx.prefetch(&[user_key(email), own, slot]);
    let user = stored::user(tx, email)?;
    let attempts = Attempts::read(tx, email)?;
    if attempts.is_shut() {
        return Err(result(false, BLOCKED).into());
    }
    if let Some(user) = &user {
        tx.prefetch(&[sessions::key(&user.id)]);
    }
    let attempt = attempts.of(user.is_some());
    let right = passwords::right_secret(tx, &attempt, user.as_ref(), password)?;
    let (Some((verified, secret)), Some(mut user)) = (right, user) else { return Err(result(false, "").into()) };
    tx.actor(email, &user_key(email));
    let authorized = verified.authorized();
    if verified.is_outdated() {
        user.hash = Some(tx.rehash(&secret)?);
        user.put(tx, &authorized, email)?;
    }
    attempt.clear(tx)?;
    let token = sessions::open(tx, &authorized, email, &user)?;
    Ok(result(true, &held(&user)).with_header("set-cookie", sessions::cookie(call, &token)))
}

/// The rights of a user in one text, as the panel reads them: `scope/type`, or the map.
fn held(user: &User) -> String {
    match (user.text("scope"), user.text("userType"), user.told.get("appNameUserType")) {
        (Some(scope), Some(user_type), _) => format!("{scope}/{user_type}"),
        (_, _, Some(map @ Value::Object(_))) => map.to_string(),
        // A record from before there were scopes.
        (None, Some(user_type), _) => format!("{SYSTEM}/{user_type}"),
        (_, None, _) => String::new(),
    }
}

/// `POST /users/initial`, open to everybody while there is no user.
pub fn first_user(tx: &mut Transaction<'_>, allowed: &AuthorizedCall, call: &Call<'_>) -> Result<Response, Interrupt> {
    const KIND: Kind = Kind::UserInitial;
    const INCOMPLETE: &str = "expected `email` and `password`";

    let form = body::read(tx, call, KIND)?;
    if !claim::<Antmedia>(tx, &allowed.authorized)? {
        return Err(responses::first_user(false, "").into());
    }
    let form = match form {
        Form::Whole(form) => form,
        Form::Without(Lack::NewEmail(message), _) => return Err(bad_request(KIND, &message)),
        Form::Null | Form::Without(..) => return Err(responses::first_user(false, INCOMPLETE).into()),
    };
    let email = text(&form, "email");
    tx.read(&user_key(email))?;
    let user = users::new_user(tx, &form)?;
    user.put(tx, &allowed.authorized, email)?;
    let token = sessions::open_first(tx, &allowed.authorized, email, &user)?;
    Ok(responses::first_user(true, "").with_header("set-cookie", sessions::cookie(call, &token)))
}

/// `POST /users/password`, of the caller's own account, whatever else the body says. Only what was sent when the
/// password was set is right, not the MD5 of it. The product itself lets a caller guess on; here failures are throttled
/// per user and client, and apart from those to sign in, which block the user.
pub fn change_password(
    tx: &mut Transaction<'_>,
    allowed: &AuthorizedCall,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let caller = allowed.caller()?;
    let form = match body::read(tx, call, Kind::PasswordChange)? {
        Form::Whole(form) => form,
        Form::Without(Lack::Password, _) => return Ok(result(false, WRONG_PASSWORD)),
        Form::Null | Form::Without(..) => return Ok(result(false, NO_NEW_PASSWORD)),
    };
    let throttle = Throttle::new(tx, user_key(&caller.email).text(), call.client);
    let right = throttle.verify(tx, text(&form, "password"), caller.user.hash.as_deref(), false)?;
    let Some(verified) = right else { return Ok(result(false, WRONG_PASSWORD)) };
    let mut user = caller.user.clone();
    user.hash = Some(passwords::new_hash(tx, &user.told, text(&form, "newPassword"))?);
    user.end_sessions();
    user.put(tx, &verified.authorized(), &caller.email)?;
    if let Some(session) = &caller.session {
        session.go_on(tx, &verified.authorized(), &user)?;
    }
    Ok(result(true, "Success"))
}

/// `DELETE /users/logout`
pub fn sign_out(tx: &mut Transaction<'_>, allowed: &AuthorizedCall, call: &Call<'_>) -> Result<Response, Interrupt> {
    if let Some(session) = &allowed.caller()?.session {
        session.end(tx, &allowed.authorized)?;
    }
    Ok(result(true, "").with_header("set-cookie", sessions::no_cookie(call)))
}
