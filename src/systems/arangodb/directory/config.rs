//! Handlers for the settings of a user in the web interface.
//!
//! Source: the server's arangod/RestHandler/RestUsersHandler.cpp; they are not documented.

use super::super::{Action, Kind};
use super::body;
use super::responses::{result_response, ErrorResponse, BAD_PARAMETER, FORBIDDEN, NO_USER, READ_FORBIDDEN};
use super::rules::RuleTarget;
use super::session::Session;
use super::stored::{self, store_user};
use super::values::members;
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// `GET /_api/user/{user}/config[/{key}]`
pub fn get_config(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    key: Option<&str>,
) -> Result<Response, Interrupt> {
    session.authorize(tx, Action::ReadUser, RuleTarget::User(name), READ_FORBIDDEN)?;
    let config = stored::load_user(tx, name)?.ok_or(NO_USER)?.config;
    Ok(result_response(match key {
        None => config,
        Some(key) => config.get(key).cloned().unwrap_or_default(),
    }))
}

/// `PUT /_api/user/{user}/config/{key}`; without a value the key is removed.
pub fn set_config(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
    key: &str,
) -> Result<Response, Interrupt> {
    let document = body::parse_put_body(call)?;
    let form = body::validate_form(tx, Kind::ConfigSet, &document);
    change_config(tx, session, name, FORBIDDEN, |config| {
        let form = form?;
        if key.len() > NEW_NAME_MAX {
            return Err(BAD_PARAMETER.with_reason(&format!("a key has at most {NEW_NAME_MAX} bytes")));
        }
        let mut changed = without_key(config, key);
        changed.extend(form.get("value").map(|value| (key.to_owned(), value.clone())));
        Ok(config_value(changed))
    })
}

/// `DELETE /_api/user/{user}/config[/{key}]`
pub fn remove_config(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    key: Option<&str>,
) -> Result<Response, Interrupt> {
    match key {
        None => change_config(tx, session, name, BAD_PARAMETER, |_| Ok(Value::Null)),
        Some(key) => change_config(tx, session, name, FORBIDDEN, |config| Ok(config_value(without_key(config, key)))),
    }
}

fn change_config(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    error: ErrorResponse,
    change: impl FnOnce(&Value) -> Result<Value, Interrupt>,
) -> Result<Response, Interrupt> {
    let authorized = session.authorize(tx, Action::UpdateUser, RuleTarget::User(name), error)?;
    let mut user = stored::load_user(tx, name)?.ok_or(NO_USER)?;
    user.config = change(&user.config)?;
    body::check_size(&user.config)?;
    store_user(tx, &authorized, name, &user)?;
    Ok(Response::empty(200))
}

/// The settings of a user as a value; empty settings are `null`.
///
/// Source: the server's arangod/Auth/User.cpp, `fromDocument`, which does not accept empty settings.
pub fn config_value(members: Vec<(String, Value)>) -> Value {
    if members.is_empty() {
        Value::Null
    } else {
        Value::Object(members)
    }
}

fn without_key(config: &Value, key: &str) -> Vec<(String, Value)> {
    members(config).iter().filter(|(name, _)| name != key).cloned().collect()
}
