//! Users: created, listed, changed, deleted.
//!
//! Source: "User and role", and mcorbin/meuse, src/meuse/api/meuse/user.clj and src/meuse/db/actions/user.clj.

use super::super::{Kind, Level};
use super::asked::{Asked, Known};
use super::responses::{no_user, ok, refused};
use super::stored::{self, User};
use super::{inputs, lists, sign_in};
use crate::directory::prelude::{Fault, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;
use crate::tables::word::Word;

pub(super) fn create(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    let body = asked.body(tx, Kind::UserCreate)?;
    let name = inputs::text(&body, "name")?;
    let authorized = asked.authorized(tx, Known { caller: Some(&caller), ..Known::default() }, &body)?;
    tx.prefetch(&[stored::user_key(name), stored::counter_key()]);
    if stored::user(tx, name)?.is_some() {
        // Meuse prints `null` for the name, because the record that it looked for stands over the request.
        return Err(refused(400, &format!("the user {name} already exists")));
    }
    let mut counter = stored::counter(tx)?;
    counter.cargo_id = counter.cargo_id.saturating_add(1);
    counter.users = counter.users.saturating_add(1);
    let user = User {
        name: name.to_owned(),
        id: tx.uuid()?,
        cargo_id: counter.cargo_id,
        role: role(&body).ok_or_else(|| inputs::incorrect("role"))?,
        active: active(&body).unwrap_or(false),
        description: stored::text(&body, "description"),
        hash: Some(tx.new_hash(inputs::text(&body, "password")?, &[name])?),
        owns: Vec::new(),
        tokens: Vec::new(),
    };
    stored::put_user(tx, &authorized, &user)?;
    stored::put_counter(tx, &authorized, &counter)?;
    Ok(ok())
}

pub(super) fn list(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    asked.json()?;
    asked.authorize_for(tx, &caller)?;
    lists::part(tx, asked.call, "user/", "users", |_, users| {
        let mut shown = Vec::with_capacity(users.len());
        for user in users {
            let user = User::read(user).ok_or(Interrupt::Fault(Fault::Internal))?;
            shown.push(Value::object([
                ("id", Value::Text(user.id)),
                ("name", Value::Text(user.name)),
                ("description", Value::Text(user.description.unwrap_or_default())),
                ("active", user.active.into()),
                ("role", user.role.word().into()),
            ]));
        }
        Ok(shown)
    })
}

/// A name in the body is ignored: names never change. With nothing to change Meuse fails; we answer as if it had
/// changed something.
pub(super) fn update(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    let body = asked.body(tx, Kind::UserUpdate)?;
    let authorized = asked.authorized(tx, Known { caller: Some(&caller), ..Known::default() }, &body)?;
    let name = asked.route.name(0);
    let mut user = sign_in::found(tx, &caller, name)?.ok_or_else(|| refused(404, &no_user(name)))?;
    if let Some(password) = body.get("password").and_then(Value::text) {
        user.hash = Some(tx.new_hash(password, &[&user.name])?);
        // Meuse itself lets tokens outlive the password.
        if tx.is_strict() {
            sign_in::end_all(tx, &authorized, &mut user)?;
        }
    }
    user.description = stored::text(&body, "description").or(user.description);
    user.active = active(&body).unwrap_or(user.active);
    user.role = role(&body).unwrap_or(user.role);
    stored::put_user(tx, &authorized, &user)?;
    Ok(ok())
}

/// Its tokens go with it, and so does what it owns: a crate may be left without an owner.
pub(super) fn delete(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    asked.json()?;
    let authorized = asked.authorize_for(tx, &caller)?;
    let name = asked.route.name(0);
    let user = sign_in::found(tx, &caller, name)?.ok_or_else(|| refused(400, &no_user(name)))?;
    let identifiers: Vec<Key> = user.tokens.iter().map(|token| sign_in::identifier_key(&token.identifier)).collect();
    let mut keys: Vec<Key> = user.owns.iter().map(|name| stored::crate_key(name)).collect();
    keys.extend(identifiers.iter().cloned());
    keys.push(stored::counter_key());
    tx.read_all(&keys)?;
    for name in &user.owns {
        if let Some(mut krate) = stored::krate(tx, name)? {
            krate.owners.retain(|owner| *owner != user.name);
            stored::put_crate(tx, &authorized, &krate)?;
        }
    }
    for identifier in &identifiers {
        tx.delete(&authorized, identifier)?;
    }
    let mut counter = stored::counter(tx)?;
    counter.users = counter.users.saturating_sub(1);
    stored::put_counter(tx, &authorized, &counter)?;
    tx.delete(&authorized, &stored::user_key(&user.name))?;
    Ok(ok())
}

fn role(body: &Value) -> Option<Level> {
    body.get("role").and_then(Value::text).and_then(Level::from_word)
}

fn active(body: &Value) -> Option<bool> {
    match body.get("active")? {
        Value::Bool(active) => Some(*active),
        Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
    }
}
