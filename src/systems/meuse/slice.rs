//! What a server sends to a page: records with one user.

use super::model::Records;
use crate::document::excerpt::{is_text, items_of, members_of};
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user that decide.
const KEPT: [&str; 3] = ["name", "role", "active"];

/// Records in which the user gets the same decisions, without other users, passwords and tokens. All crates keep their
/// names, since the first version of a crate is published under another rule than a further one; the user is their only
/// owner. `None` for an anonymous user where an account is inactive: their answers depend on whose.
pub(super) fn slice(document: &Value, records: &Records, principal: Principal<'_>) -> Option<Value> {
    if principal.user().is_none() && records.has_inactive_users() {
        return None;
    }
    let own = items_of(document, "users").iter().filter(|user| is_text(user, "name", principal.user()));
    let users = own.map(|user| members_of(user, &KEPT)).collect();
    let crates = items_of(document, "crates").iter().map(|krate| {
        let owners = items_of(krate, "owners").iter().filter(|owner| owner.text() == principal.user());
        let name = krate.get("name").cloned().unwrap_or_default();
        Value::object([("name", name), ("owners", Value::List(owners.cloned().collect()))])
    });
    Some(Value::object([("users", Value::List(users)), ("crates", Value::List(crates.collect()))]))
}
