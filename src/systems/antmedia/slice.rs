//! Slices records for one user, so that a server can send them to a page.

use crate::document::excerpt::{is_text, items_of, members_of};
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user that affect decisions.
const KEPT: [&str; 4] = ["email", "scope", "userType", "appNameUserType"];

/// Records in which this user gets the same decisions, without other users and passwords.
pub(super) fn slice(document: &Value, principal: Principal<'_>) -> Value {
    let own = items_of(document, "users").iter().filter(|user| is_text(user, "email", principal.user()));
    Value::object([("users", Value::List(own.map(|user| members_of(user, &KEPT)).collect()))])
}
