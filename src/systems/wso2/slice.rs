//! Slices: the part of the records that decides for one user or role, for a server to send to a browser.

use super::model::Records;
use crate::document::excerpt::{items_of, members_of};
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user that affect decisions.
const OF_USER: [&str; 4] = ["name", "roles", "id", "claims"];

/// Records in which the user or role gets the same decisions: its roles and their rules, without other users, roles
/// and passwords.
pub(super) fn slice(document: &Value, records: &Records, principal: Principal<'_>) -> Value {
    let user_key = |name: &str| records.stores.user(name).map(|name| name.key());
    let role_key = |name: &str| records.stores.role(name).map(|name| name.key());
    let text_of = |value: &Value, name: &str| value.get(name).and_then(Value::text).map(str::to_owned);

    let own_key = principal.user().and_then(user_key);
    let is_own = |name: Option<String>| own_key.is_some() && name.and_then(|name| user_key(&name)) == own_key;
    let users: Vec<&Value> = items_of(document, "users").iter().filter(|user| is_own(text_of(user, "name"))).collect();
    let mut roles: Vec<String> = Vec::new();
    for user in &users {
        roles.extend(items_of(user, "roles").iter().filter_map(Value::text).filter_map(role_key));
    }
    match principal {
        Principal::Role(name) => roles.extend(role_key(name)),
        Principal::User(_) => roles.extend(records.roles_of_everyone()),
        Principal::Anonymous => {}
    }
    let is_assigned =
        |name: Option<String>| name.and_then(|name| role_key(&name)).is_some_and(|key| roles.contains(&key));
    let listed = items_of(document, "roles").iter().filter(|role| is_assigned(role.text().map(str::to_owned)));
    let rules = items_of(document, "rules")
        .iter()
        .filter(|rule| is_own(text_of(rule, "user")) || is_assigned(text_of(rule, "role")));

    let mut members = Vec::new();
    for name in ["realm", "stores"] {
        members.extend(document.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    members.push(("roles".to_owned(), Value::List(listed.cloned().collect())));
    let users = users.into_iter().map(|user| members_of(user, &OF_USER)).collect();
    members.push(("users".to_owned(), Value::List(users)));
    members.push(("rules".to_owned(), Value::List(rules.cloned().collect())));
    Value::Object(members)
}
