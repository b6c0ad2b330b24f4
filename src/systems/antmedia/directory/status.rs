//! What the panel asks before it shows a page.
//!
//! Source: CommonRestService.java, `isFirstLogin`, `isAuthenticatedRest`, `isAdmin`, `getBlockedStatus`.

use super::super::model::SYSTEM;
use super::super::{Action, Antmedia};
use super::answers::result;
use super::attempts::Attempts;
use super::gate::Visit;
use super::sessions;
use crate::directory::{is_empty, Call, Response, Stop, World};
use crate::node::NAME_MAX;
use crate::system::System as _;
use crate::value::Value;

/// `GET /users/{email}/blocked`
pub fn blocked(world: &mut World<'_>, email: &str) -> Result<Response, Stop> {
    let is_blocked = email.len() <= NAME_MAX && Attempts::read(world, email)?.is_blocked();
    Ok(result(is_blocked, ""))
}

/// `GET /first-login-status`
pub fn first_login(world: &mut World<'_>) -> Result<Response, Stop> {
    Ok(result(is_empty::<Antmedia>(world)?, ""))
}

/// `GET /authentication-status`, which is true for the session of a deleted user too.
pub fn authentication(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    Ok(result(sessions::find(world, call)?.is_some(), ""))
}

/// `GET /admin-status`: of a user with a scope and a type whether it may do everything in that scope, of any other
/// whether it may in `system`.
pub fn admin(world: &mut World<'_>, visit: &Visit) -> Result<Response, Stop> {
    let caller = visit.caller()?;
    let scope = caller.user.text("userType").and(caller.user.text("scope")).unwrap_or(SYSTEM);
    let resource = if scope == SYSTEM { "system:server-settings".into() } else { format!("app-settings:{scope}") };
    let records = Value::object([("users", Value::List(vec![caller.user.rights(&caller.email)]))]);
    let records = world.records::<Antmedia>(&records)?;
    let subject = Antmedia::subject(&records, Some(&caller.email));
    let is_admin = world.decide::<Antmedia>(&records, &subject, Action::Update, &resource, &Value::Null).is_ok();
    Ok(result(is_admin, if is_admin { "User is admin" } else { "User is not admin" }))
}
