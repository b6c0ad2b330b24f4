//! What the panel asks before it shows a page.
//!
//! Source: CommonRestService.java, `isFirstLogin`, `isAuthenticatedRest`, `isAdmin`, `getBlockedStatus`.

use super::super::model::SYSTEM;
use super::super::{Action, Antmedia};
use super::attempts::Attempts;
use super::authentication::AuthorizedCall;
use super::responses::result;
use super::{sessions, stored};
use crate::directory::prelude::{is_empty, Call, Interrupt, Response, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::system::{Details, System as _};

/// Written by the administrators of the system alone.
const SETTINGS: &str = "system:server-settings";

/// `GET /users/{email}/blocked`
pub fn blocked(tx: &mut Transaction<'_>, email: &str) -> Result<Response, Interrupt> {
    let is_blocked = email.len() <= NAME_MAX && Attempts::read(tx, email)?.is_blocked();
    Ok(result(is_blocked, ""))
}

/// `GET /first-login-status`
pub fn first_login(tx: &mut Transaction<'_>) -> Result<Response, Interrupt> {
    Ok(result(is_empty::<Antmedia>(tx)?, ""))
}

/// `GET /authentication-status`, which is true for the session of a deleted user too.
pub fn authentication(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let is_authenticated = match call.identity {
        Some(email) => stored::user(tx, email)?.is_some(),
        None => sessions::find(tx, call)?.is_some(),
    };
    Ok(result(is_authenticated, ""))
}

/// `GET /admin-status`: of a user with a scope and a type whether it is an administrator of that scope, whatever it
/// is, of any other whether it is one of the system. This tells, and decides nothing.
pub fn admin(tx: &Transaction<'_>, allowed: &AuthorizedCall) -> Result<Response, Interrupt> {
    let caller = allowed.caller()?;
    let mut user = caller.user.clone();
    if let Some(user_type) = caller.user.text("scope").and(caller.user.text("userType")) {
        // The rules are asked what the type may in the widest scope.
        user.edit(&Value::object([("scope", SYSTEM.into()), ("userType", user_type.into())]));
    }
    let records = Value::object([("users", Value::List(vec![user.rights(&caller.email)]))]);
    let records = tx.parse_records::<Antmedia>(&records)?;
    let subject = Antmedia::subject(&records, Some(&caller.email));
    let is_admin = Antmedia::decide(&records, &subject, Action::Update, SETTINGS, Details::NONE).allow;
    Ok(result(is_admin, if is_admin { "User is admin" } else { "User is not admin" }))
}
