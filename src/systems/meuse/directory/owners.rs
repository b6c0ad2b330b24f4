//! Handlers that add, remove and list the owners of a crate.
//!
//! Source: mcorbin/meuse, src/meuse/api/crate/owner.clj and src/meuse/db/actions/crate_user.clj.

use super::super::model::OWNED_MAX;
use super::super::Kind;
use super::json_members::text_list;
use super::responses::{reject, unknown_crate_message, unknown_user_message};
use super::routed_request::{DecisionInputs, RoutedRequest};
use super::sign_in;
use super::stored::{self, Crate, User};
use crate::directory::prelude::{Interrupt, Response, Transaction};
use crate::document::memory::grow_ahead;
use crate::document::value::Value;

/// Adds or removes owners, all or none. An unknown user is reported before an unknown crate: the rules do not check for
/// an admin whether the crate exists.
pub(super) fn change_owners(
    tx: &mut Transaction<'_>,
    request: &RoutedRequest<'_>,
    adds: bool,
) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    let body = request.parse_body(tx, if adds { Kind::OwnerAdd } else { Kind::OwnerRemove })?;
    let name = request.route.name(0);
    let names = text_list(&body, "users").unwrap_or_default();
    let mut keys = vec![stored::crate_key(name)];
    keys.extend(names.iter().map(|user| stored::user_key(user)));
    tx.prefetch(&keys);
    let mut krate = stored::load_crate(tx, name)?;
    let authorized = request.authorize(
        tx,
        DecisionInputs { caller: Some(&caller), krate: krate.as_ref(), ..DecisionInputs::default() },
        &body,
    )?;
    for user in &names {
        let mut user =
            sign_in::load_user_or_caller(tx, &caller, user)?.ok_or_else(|| reject(404, &unknown_user_message(user)))?;
        let krate = krate.as_mut().ok_or_else(|| reject(404, &unknown_crate_message(name)))?;
        if adds {
            add_owner(krate, &mut user)?;
        } else {
            remove_owner(krate, &mut user)?;
        }
        stored::store_user(tx, &authorized, &user)?;
    }
    if let Some(krate) = krate {
        stored::store_crate(tx, &authorized, &krate)?;
    }
    let (done, names) = (if adds { "added" } else { "removed" }, names.join(", "));
    let message = format!("{done} user(s) {names} as owner(s) of crate {name}");
    Ok(Response::json(200, Value::object([("ok", true.into()), ("msg", Value::Text(message))])))
}

pub(super) fn list_owners(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.authorize_for(tx, &caller)?;
    let name = request.route.name(0);
    let krate = stored::load_crate(tx, name)?.ok_or_else(|| reject(404, &unknown_crate_message(name)))?;
    let keys: Vec<_> = krate.owners.iter().map(|owner| stored::user_key(owner)).collect();
    tx.read_all(&keys)?;
    let mut items = Vec::with_capacity(krate.owners.len());
    for owner in &krate.owners {
        if let Some(user) = stored::load_user(tx, owner)? {
            let name = Value::Text(user.name);
            items.push(Value::object([("login", name.clone()), ("name", name), ("id", user.cargo_id.into())]));
        }
    }
    Ok(Response::json(200, Value::object([("users", Value::List(items))])))
}

/// Adds an owner, in the entries of the crate and of the user.
pub(super) fn add_owner(krate: &mut Crate, user: &mut User) -> Result<(), Interrupt> {
    if krate.owners.contains(&user.name) {
        return Err(reject(400, &format!("the user {} already owns the crate {}", user.name, krate.name)));
    }
    if user.owns.len() >= OWNED_MAX {
        return Err(reject(400, &format!("the user {} owns {OWNED_MAX} crates, and no more", user.name)));
    }
    record_owner(krate, user);
    Ok(())
}

/// Adds an owner that the crate does not have.
pub(super) fn record_owner(krate: &mut Crate, user: &mut User) {
    grow_ahead();
    krate.owners.push(user.name.clone());
    user.owns.push(krate.name.clone());
}

fn remove_owner(krate: &mut Crate, user: &mut User) -> Result<(), Interrupt> {
    if !krate.owners.contains(&user.name) {
        return Err(reject(400, &format!("the user {} does not own the crate {}", user.name, krate.name)));
    }
    krate.owners.retain(|owner| *owner != user.name);
    user.owns.retain(|owned| *owned != krate.name);
    Ok(())
}
