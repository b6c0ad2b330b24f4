//! Slices records for one user, so that a server can send them to a page.

use super::model::Records;
use crate::document::excerpt::{is_text, items_of, members_of};
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user that affect decisions.
const KEPT: [&str; 3] = ["name", "role", "active"];

/// Records in which this user gets the same decisions, without other users, passwords and tokens.
///
/// All crates keep their names, because different rules apply to the first and to further versions of a crate. Of their
/// owners, only this user is kept. `None` for an anonymous user if any user is inactive: the decisions for an anonymous
/// user depend on all accounts.
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
