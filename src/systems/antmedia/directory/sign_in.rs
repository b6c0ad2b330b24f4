//! Sign-in, sign-out, and changes of the caller's own password.
//!
//! Source: CommonRestService.java, `authenticateUser`, `addInitialUser`, `changeUserPassword`, `deleteSession`.

use super::super::model::SYSTEM;
use super::super::{Antmedia, Kind};
use super::attempts::{self, Attempts};
use super::authentication::AuthorizedCall;
use super::body::{self, MissingField, ParsedBody};
use super::responses::{self, bad_request, result_response};
use super::stored::{self, store_user, user_key, User};
use super::users::{self, form_text};
use super::{passwords, sessions};
use crate::directory::prelude::{claim, Call, Interrupt, Response, Throttle, Transaction};
use crate::document::value::Value;

const BLOCKED: &str = "Too many login attempts. User is blocked for 300 secs";
const WRONG_PASSWORD: &str = "User not exist with that name and pass";
const NO_NEW_PASSWORD: &str = "User name does not exist or there is no new password";

/// `POST /users/authenticate`. An unknown address, a wrong password, and a missing or invalid password get the same
/// response after the same amount of work.
pub fn authenticate_user(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let (form, has_password) = match body::parse_body(tx, call, Kind::SessionCreate)? {
        ParsedBody::Complete(form) => (form, true),
        ParsedBody::Incomplete(MissingField::Password, document) => (document, false),
        ParsedBody::Null | ParsedBody::Incomplete(..) => return Ok(result_response(false, "")),
    };
    let email = form_text(&form, "email");
    let password = Some(form_text(&form, "password")).filter(|password| has_password && !password.is_empty());
    let [own, slot] = attempts::attempt_keys(tx, email);
    tx.prefetch(&[user_key(email), own, slot]);
    let user = stored::load_user(tx, email)?;
    let attempts = Attempts::load(tx, email)?;
    if attempts.is_shut() {
        return Err(result_response(false, BLOCKED).into());
    }
    if let Some(user) = &user {
        tx.prefetch(&[sessions::sessions_key(&user.id)]);
    }
    let attempt = attempts.for_user(user.is_some());
    let verified = passwords::verify_password(tx, &attempt, user.as_ref(), password)?;
    let (Some((verified, secret)), Some(mut user)) = (verified, user) else {
        return Err(result_response(false, "").into());
    };
    tx.actor(email, &user_key(email));
    let authorized = verified.authorized();
    if verified.is_outdated() {
        user.hash = Some(tx.rehash(&secret)?);
        store_user(tx, &authorized, email, &user)?;
    }
    attempt.reset(tx)?;
    let token = sessions::open_session(tx, &authorized, email, &user)?;
    Ok(result_response(true, &rights_text(&user)).with_header("set-cookie", sessions::session_cookie(call, &token)))
}

/// The rights of a user as one text for the panel: `scope/type`, or the map.
fn rights_text(user: &User) -> String {
    match (user.profile_text("scope"), user.profile_text("userType"), user.profile.get("appNameUserType")) {
        (Some(scope), Some(user_type), _) => format!("{scope}/{user_type}"),
        (_, _, Some(map @ Value::Object(_))) => map.to_string(),
        // A record from before the product had scopes.
        (None, Some(user_type), _) => format!("{SYSTEM}/{user_type}"),
        (_, None, _) => String::new(),
    }
}

/// `POST /users/initial`, open to every client until the first user exists.
pub fn create_first_user(
    tx: &mut Transaction<'_>,
    authorized_call: &AuthorizedCall,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    const KIND: Kind = Kind::UserInitial;
    const INCOMPLETE: &str = "expected `email` and `password`";

    let form = body::parse_body(tx, call, KIND)?;
    if !claim::<Antmedia>(tx, &authorized_call.authorized)? {
        return Err(responses::first_user_response(false, "").into());
    }
    let form = match form {
        ParsedBody::Complete(form) => form,
        ParsedBody::Incomplete(MissingField::NewEmail(message), _) => return Err(bad_request(KIND, &message)),
        ParsedBody::Null | ParsedBody::Incomplete(..) => {
            return Err(responses::first_user_response(false, INCOMPLETE).into())
        }
    };
    let email = form_text(&form, "email");
    tx.read_entry(&user_key(email))?;
    let user = users::build_user(tx, &form)?;
    store_user(tx, &authorized_call.authorized, email, &user)?;
    let token = sessions::open_first_session(tx, &authorized_call.authorized, email, &user)?;
    Ok(responses::first_user_response(true, "").with_header("set-cookie", sessions::session_cookie(call, &token)))
}

/// `POST /users/password` changes the password of the caller's own account, whatever e-mail address the body has. The
/// old password must be sent as it was sent when it was set; its MD5 is not accepted.
///
/// The product does not limit wrong attempts here. We throttle them per user and client. They are counted separately
/// from failed sign-ins, which block the user.
pub fn change_password(
    tx: &mut Transaction<'_>,
    authorized_call: &AuthorizedCall,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let caller = authorized_call.caller()?;
    let form = match body::parse_body(tx, call, Kind::PasswordChange)? {
        ParsedBody::Complete(form) => form,
        ParsedBody::Incomplete(MissingField::Password, _) => return Ok(result_response(false, WRONG_PASSWORD)),
        ParsedBody::Null | ParsedBody::Incomplete(..) => return Ok(result_response(false, NO_NEW_PASSWORD)),
    };
    let throttle = Throttle::new(tx, user_key(&caller.email).text(), call.client);
    let verified = throttle.verify(tx, form_text(&form, "password"), caller.user.hash.as_deref(), false)?;
    let Some(verified) = verified else { return Ok(result_response(false, WRONG_PASSWORD)) };
    let mut user = caller.user.clone();
    user.hash = Some(passwords::hash_new_password(tx, &user.profile, form_text(&form, "newPassword"))?);
    user.end_sessions();
    store_user(tx, &verified.authorized(), &caller.email, &user)?;
    // Strict guards end this session too.
    if let (Some(session), false) = (&caller.session, tx.is_strict()) {
        session.renew(tx, &verified.authorized(), &user)?;
    }
    Ok(result_response(true, "Success"))
}

/// `DELETE /users/logout`
pub fn sign_out(
    tx: &mut Transaction<'_>,
    authorized_call: &AuthorizedCall,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    if let Some(session) = &authorized_call.caller()?.session {
        session.end(tx, &authorized_call.authorized)?;
    }
    Ok(result_response(true, "").with_header("set-cookie", sessions::expired_cookie(call)))
}
