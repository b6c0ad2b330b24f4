//! Handlers that create, list, update and delete users.
//!
//! Source: "User and role", and mcorbin/meuse, src/meuse/api/meuse/user.clj and src/meuse/db/actions/user.clj.

use super::super::{Kind, Level};
use super::counter::{counter_key, load_counter, store_counter};
use super::json_members::text_member;
use super::responses::{ok_response, reject, unknown_user_message};
use super::routed_request::{DecisionInputs, RoutedRequest};
use super::stored::{self, User};
use super::{inputs, lists, sign_in};
use crate::directory::prelude::{Fault, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;
use crate::tables::word::Word;

pub(super) fn create_user(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    let body = request.parse_body(tx, Kind::UserCreate)?;
    let name = inputs::required_text(&body, "name")?;
    let authorized =
        request.authorize(tx, DecisionInputs { caller: Some(&caller), ..DecisionInputs::default() }, &body)?;
    tx.prefetch(&[stored::user_key(name), counter_key()]);
    if stored::load_user(tx, name)?.is_some() {
        // Meuse's message has `null` in place of the name, because a variable shadows the request.
        return Err(reject(400, &format!("the user {name} already exists")));
    }
    let mut counter = load_counter(tx)?;
    counter.cargo_id = counter.cargo_id.saturating_add(1);
    counter.users = counter.users.saturating_add(1);
    let user = User {
        name: name.to_owned(),
        id: tx.uuid()?,
        cargo_id: counter.cargo_id,
        role: role_field(&body).ok_or_else(|| inputs::reject_field("role"))?,
        active: active_field(&body).unwrap_or(false),
        description: text_member(&body, "description"),
        hash: Some(tx.new_hash(inputs::required_text(&body, "password")?, &[name])?),
        owns: Vec::new(),
        tokens: Vec::new(),
    };
    stored::store_user(tx, &authorized, &user)?;
    store_counter(tx, &authorized, &counter)?;
    Ok(ok_response())
}

pub(super) fn list_users(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    request.authorize_for(tx, &caller)?;
    lists::list_response(tx, request.call, "user/", "users", |_, users| {
        let mut items = Vec::with_capacity(users.len());
        for user in users {
            let user = User::from_value(user).ok_or(Interrupt::Fault(Fault::Internal))?;
            items.push(Value::object([
                ("id", Value::Text(user.id)),
                ("name", Value::Text(user.name)),
                ("description", Value::Text(user.description.unwrap_or_default())),
                ("active", user.active.into()),
                ("role", user.role.word().into()),
            ]));
        }
        Ok(items)
    })
}

/// A name in the body is ignored, because names cannot change. Meuse fails if the body has nothing to change; we return
/// success.
pub(super) fn update_user(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    let body = request.parse_body(tx, Kind::UserUpdate)?;
    let authorized =
        request.authorize(tx, DecisionInputs { caller: Some(&caller), ..DecisionInputs::default() }, &body)?;
    let name = request.route.name(0);
    let mut user =
        sign_in::load_user_or_caller(tx, &caller, name)?.ok_or_else(|| reject(404, &unknown_user_message(name)))?;
    if let Some(password) = body.get("password").and_then(Value::text) {
        user.hash = Some(tx.new_hash(password, &[&user.name])?);
        // In Meuse, tokens stay valid when the password changes.
        if tx.is_strict() {
            sign_in::delete_all_tokens(tx, &authorized, &mut user)?;
        }
    }
    user.description = text_member(&body, "description").or(user.description);
    user.active = active_field(&body).unwrap_or(user.active);
    user.role = role_field(&body).unwrap_or(user.role);
    stored::store_user(tx, &authorized, &user)?;
    Ok(ok_response())
}

/// The user's tokens and ownerships are deleted, so a crate can be left without an owner.
pub(super) fn delete_user(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    let authorized = request.authorize_for(tx, &caller)?;
    let name = request.route.name(0);
    let user =
        sign_in::load_user_or_caller(tx, &caller, name)?.ok_or_else(|| reject(400, &unknown_user_message(name)))?;
    let identifiers: Vec<Key> = user.tokens.iter().map(|token| sign_in::identifier_key(&token.identifier)).collect();
    let mut keys: Vec<Key> = user.owns.iter().map(|name| stored::crate_key(name)).collect();
    keys.extend(identifiers.iter().cloned());
    keys.push(counter_key());
    tx.read_all(&keys)?;
    for name in &user.owns {
        if let Some(mut krate) = stored::load_crate(tx, name)? {
            krate.owners.retain(|owner| *owner != user.name);
            stored::store_crate(tx, &authorized, &krate)?;
        }
    }
    for identifier in &identifiers {
        tx.delete(&authorized, identifier)?;
    }
    let mut counter = load_counter(tx)?;
    counter.users = counter.users.saturating_sub(1);
    store_counter(tx, &authorized, &counter)?;
    tx.delete(&authorized, &stored::user_key(&user.name))?;
    Ok(ok_response())
}

fn role_field(body: &Value) -> Option<Level> {
    body.get("role").and_then(Value::text).and_then(Level::from_word)
}

fn active_field(body: &Value) -> Option<bool> {
    match body.get("active")? {
        Value::Bool(active) => Some(*active),
        Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
    }
}
