//! Settings of a user in the web interface.
//!
//! Source: the server's arangod/RestHandler/RestUsersHandler.cpp; the document leaves them out.

use super::super::{Action, Kind};
use super::body;
use super::responses::{result, Refusal, BAD_PARAMETER, FORBIDDEN, NOT_TOLD, NO_USER};
use super::rules::About;
use super::session::Session;
use super::stored::{self, put_user};
use super::values::members;
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use crate::document::limits::NEW_NAME_MAX;
use crate::document::value::Value;

/// `GET /_api/user/{user}/config[/{key}]`
pub fn see(tx: &mut Transaction<'_>, session: &Session, name: &str, key: Option<&str>) -> Result<Response, Interrupt> {
    session.may(tx, Action::ReadUser, About::User(name), NOT_TOLD)?;
    let config = stored::user(tx, name)?.ok_or(NO_USER)?.config;
    Ok(result(match key {
        None => config,
        Some(key) => config.get(key).cloned().unwrap_or_default(),
    }))
}

/// `PUT /_api/user/{user}/config/{key}`; without a value the key is removed.
pub fn set(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    name: &str,
    key: &str,
) -> Result<Response, Interrupt> {
    let document = body::put(call)?;
    let form = body::checked(tx, Kind::ConfigSet, &document);
    change(tx, session, name, FORBIDDEN, |config| {
        let form = form.map_err(|problems| BAD_PARAMETER.of(&problems))?;
        if key.len() > NEW_NAME_MAX {
            return Err(BAD_PARAMETER.because(&format!("a key has at most {NEW_NAME_MAX} bytes")));
        }
        let mut changed = without(config, key);
        changed.extend(form.get("value").map(|value| (key.to_owned(), value.clone())));
        Ok(settings(changed))
    })
}

/// `DELETE /_api/user/{user}/config[/{key}]`
pub fn remove(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    key: Option<&str>,
) -> Result<Response, Interrupt> {
    match key {
        None => change(tx, session, name, BAD_PARAMETER, |_| Ok(Value::Null)),
        Some(key) => change(tx, session, name, FORBIDDEN, |config| Ok(settings(without(config, key)))),
    }
}

fn change(
    tx: &mut Transaction<'_>,
    session: &Session,
    name: &str,
    refusal: Refusal,
    change: impl FnOnce(&Value) -> Result<Value, Interrupt>,
) -> Result<Response, Interrupt> {
    let authorized = session.may(tx, Action::UpdateUser, About::User(name), refusal)?;
    let mut user = stored::user(tx, name)?.ok_or(NO_USER)?;
    user.config = change(&user.config)?;
    body::bounded(&user.config)?;
    put_user(tx, &authorized, name, &user)?;
    Ok(Response::empty(200))
}

/// Settings of a user: none at all are `null`.
///
/// Source: the server's arangod/Auth/User.cpp, `fromDocument`, which takes no empty settings.
pub fn settings(members: Vec<(String, Value)>) -> Value {
    if members.is_empty() {
        Value::Null
    } else {
        Value::Object(members)
    }
}

fn without(config: &Value, key: &str) -> Vec<(String, Value)> {
    members(config).iter().filter(|(name, _)| name != key).cloned().collect()
}
