//! Slices: the part of the records that decides for one user, for a server to send to a browser.

use super::records::valid_list;
use crate::document::excerpt::{is_text, items_of, members_of};
use crate::document::value::Value;
use crate::system::Principal;

/// The members of a user, a group and the records that affect decisions.
const OF_USER: [&str; 5] = ["id", "active", "org_id", "group_id", "user_permissions"];
const OF_GROUP: [&str; 4] = ["id", "active", "org_id", "user_permissions"];
const OF_RECORDS: [&str; 3] = ["permissions", "additional_permissions", "config"];

/// Replaces all owners other than the user and the group: without any owner the API would be open to everyone. No
/// user or group can have this id, because an id has no `/`.
const OTHERS: &str = "/";

/// Records in which the user gets the same decisions: the user and the user's group, without other users, groups and
/// passwords.
pub(super) fn slice(document: &Value, principal: Principal<'_>) -> Value {
    let own: Vec<&Value> =
        valid_list(document, "users").iter().filter(|user| is_text(user, "id", principal.user())).collect();
    let group = own.first().and_then(|user| user.get("group_id")).and_then(Value::text);
    let groups = valid_list(document, "groups").iter().filter(|one| is_text(one, "id", group));
    let groups = groups.map(|one| members_of(one, &OF_GROUP)).collect();
    let apis = valid_list(document, "apis").iter().map(|api| {
        let user_owners = owners(api, "user_owners", principal.user());
        let group_owners = owners(api, "user_group_owners", group);
        let Value::Object(mut members) = members_of(api, &["id", "org_id"]) else { return Value::Null };
        members.push(("user_owners".to_owned(), user_owners));
        members.push(("user_group_owners".to_owned(), group_owners));
        Value::Object(members)
    });
    let apis = apis.collect();
    let users = own.into_iter().map(|user| members_of(user, &OF_USER)).collect();

    let Value::Object(mut members) = members_of(document, &OF_RECORDS) else { return Value::Null };
    for (name, list) in [("users", users), ("groups", groups), ("apis", apis)] {
        members.push((name.to_owned(), Value::List(list)));
    }
    Value::Object(members)
}

/// The owners of one kind: the id of the slice's user or group, and one placeholder for all others.
fn owners(api: &Value, name: &str, own: Option<&str>) -> Value {
    let (own, others): (Vec<&Value>, Vec<&Value>) =
        items_of(api, name).iter().partition(|owner| own.is_some() && owner.text() == own);
    let mut kept: Vec<Value> = own.into_iter().cloned().collect();
    if !others.is_empty() {
        kept.push(OTHERS.into());
    }
    Value::List(kept)
}
