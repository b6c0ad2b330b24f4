//! What a server sends to a page: records with one user.

use super::given::users_of;
use crate::document::excerpt::members_of;
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user that decide.
const KEPT: [&str; 2] = ["active", "grants"];

/// Records in which the user gets the same decisions, without other users and passwords.
pub(super) fn slice(document: &Value, principal: Principal<'_>) -> Value {
    let own = users_of(document).into_iter().filter(|(name, _)| principal.user() == Some(name));
    let users = own.map(|(name, user)| (name.to_owned(), members_of(user, &KEPT))).collect();
    let mut members = vec![("users".to_owned(), Value::Object(users))];
    members.extend(document.get("mode").map(|mode| ("mode".to_owned(), mode.clone())));
    Value::Object(members)
}
