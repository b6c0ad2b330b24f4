//! Status requests that the panel sends before it shows a page.
//!
//! Source: CommonRestService.java, `isFirstLogin`, `isAuthenticatedRest`, `isAdmin`, `getBlockedStatus`.

use super::super::model::SYSTEM;
use super::super::{Action, Antmedia};
use super::attempts::Attempts;
use super::authentication::AuthorizedCall;
use super::responses::result_response;
use super::{sessions, stored};
use crate::directory::prelude::{is_empty, Call, Interrupt, Response, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::system::{Details, System as _};

/// A resource that only administrators of the system can write.
const SETTINGS: &str = "system:server-settings";

/// `GET /users/{email}/blocked`
pub fn blocked_status(tx: &mut Transaction<'_>, email: &str) -> Result<Response, Interrupt> {
    let is_blocked = email.len() <= NAME_MAX && Attempts::load(tx, email)?.is_blocked();
    Ok(result_response(is_blocked, ""))
}

/// `GET /first-login-status`
pub fn first_login_status(tx: &mut Transaction<'_>) -> Result<Response, Interrupt> {
    Ok(result_response(is_empty::<Antmedia>(tx)?, ""))
}

/// `GET /authentication-status`, which is also true for the session of a deleted user.
pub fn authentication_status(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let is_authenticated = match call.identity {
        Some(email) => stored::load_user(tx, email)?.is_some(),
        None => sessions::find_session(tx, call)?.is_some(),
    };
    Ok(result_response(is_authenticated, ""))
}

/// `GET /admin-status`: for a user with a scope and a type, whether the user administrates that scope; for other users,
/// whether they administrate the system. The response is informative: no access depends on it.
pub fn admin_status(tx: &Transaction<'_>, authorized_call: &AuthorizedCall) -> Result<Response, Interrupt> {
    let caller = authorized_call.caller()?;
    let mut user = caller.user.clone();
    if let Some(user_type) = caller.user.profile_text("scope").and(caller.user.profile_text("userType")) {
        // The rules decide what the type allows in the widest scope.
        user.apply_form(&Value::object([("scope", SYSTEM.into()), ("userType", user_type.into())]));
    }
    let records = Value::object([("users", Value::List(vec![user.to_record(&caller.email)]))]);
    let records = tx.parse_records::<Antmedia>(&records)?;
    let subject = Antmedia::subject(&records, Some(&caller.email));
    let is_admin = Antmedia::decide(&records, &subject, Action::Update, SETTINGS, Details::NONE).allow;
    Ok(result_response(is_admin, if is_admin { "User is admin" } else { "User is not admin" }))
}
