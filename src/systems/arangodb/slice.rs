//! Slices records for one user, so that a server can send them to a page.

use super::input::list_users;
use crate::document::excerpt::members_of;
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user that affect decisions.
const KEPT: [&str; 2] = ["active", "grants"];

/// Records in which this user gets the same decisions, without other users and passwords.
pub(super) fn slice(document: &Value, principal: Principal<'_>) -> Value {
    let own = list_users(document).into_iter().filter(|(name, _)| principal.user() == Some(name));
    let users = own.map(|(name, user)| (name.to_owned(), members_of(user, &KEPT))).collect();
    let mut members = vec![("users".to_owned(), Value::Object(users))];
    members.extend(document.get("mode").map(|mode| ("mode".to_owned(), mode.clone())));
    Value::Object(members)
}
