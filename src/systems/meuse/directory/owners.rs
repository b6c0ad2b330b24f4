//! The owners of a crate: added, removed, listed.
//!
//! Source: mcorbin/meuse, src/meuse/api/crate/owner.clj and src/meuse/db/actions/crate_user.clj.

use super::super::model::OWNED_MAX;
use super::super::Kind;
use super::asked::{Asked, Known};
use super::responses::{no_crate, no_user, refused};
use super::sign_in;
use super::stored::{self, Crate, User};
use crate::directory::prelude::{Interrupt, Response, Transaction};
use crate::document::value::Value;

/// Adds or removes owners, all or none. Each user is looked for before the crate is: an admin's call did not look
/// for it before.
pub(super) fn change(tx: &mut Transaction<'_>, asked: &Asked<'_>, adds: bool) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    let body = asked.body(tx, if adds { Kind::OwnerAdd } else { Kind::OwnerRemove })?;
    let name = asked.route.name(0);
    let names = stored::texts(&body, "users").unwrap_or_default();
    let mut keys = vec![stored::crate_key(name)];
    keys.extend(names.iter().map(|user| stored::user_key(user)));
    tx.prefetch(&keys);
    let mut krate = stored::krate(tx, name)?;
    let authorized =
        asked.authorized(tx, Known { caller: Some(&caller), krate: krate.as_ref(), ..Known::default() }, &body)?;
    for user in &names {
        let mut user = sign_in::found(tx, &caller, user)?.ok_or_else(|| refused(404, &no_user(user)))?;
        let krate = krate.as_mut().ok_or_else(|| refused(404, &no_crate(name)))?;
        if adds {
            add(krate, &mut user)?;
        } else {
            remove(krate, &mut user)?;
        }
        stored::put_user(tx, &authorized, &user)?;
    }
    if let Some(krate) = krate {
        stored::put_crate(tx, &authorized, &krate)?;
    }
    let (done, names) = (if adds { "added" } else { "removed" }, names.join(", "));
    let said = format!("{done} user(s) {names} as owner(s) of crate {name}");
    Ok(Response::json(200, Value::object([("ok", true.into()), ("msg", Value::Text(said))])))
}

pub(super) fn list(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    asked.authorize_for(tx, &caller)?;
    let name = asked.route.name(0);
    let krate = stored::krate(tx, name)?.ok_or_else(|| refused(404, &no_crate(name)))?;
    let keys: Vec<_> = krate.owners.iter().map(|owner| stored::user_key(owner)).collect();
    tx.read_all(&keys)?;
    let mut shown = Vec::with_capacity(krate.owners.len());
    for owner in &krate.owners {
        if let Some(user) = stored::user(tx, owner)? {
            let name = Value::Text(user.name);
            shown.push(Value::object([("login", name.clone()), ("name", name), ("id", user.cargo_id.into())]));
        }
    }
    Ok(Response::json(200, Value::object([("users", Value::List(shown))])))
}

/// Makes a user an owner, on both sides.
pub(super) fn add(krate: &mut Crate, user: &mut User) -> Result<(), Interrupt> {
    if krate.owners.contains(&user.name) {
        return Err(refused(400, &format!("the user {} already owns the crate {}", user.name, krate.name)));
    }
    if user.owns.len() >= OWNED_MAX {
        return Err(refused(400, &format!("the user {} owns {OWNED_MAX} crates, and no more", user.name)));
    }
    krate.owners.push(user.name.clone());
    user.owns.push(krate.name.clone());
    Ok(())
}

fn remove(krate: &mut Crate, user: &mut User) -> Result<(), Interrupt> {
    if !krate.owners.contains(&user.name) {
        return Err(refused(400, &format!("the user {} does not own the crate {}", user.name, krate.name)));
    }
    krate.owners.retain(|owner| *owner != user.name);
    user.owns.retain(|owned| *owned != krate.name);
    Ok(())
}
