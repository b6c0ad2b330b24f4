//! What a server sends to a page: records with one user.

use super::records::listed;
use crate::document::excerpt::{is_text, items_of, members_of};
use crate::document::value::Value;
use crate::system::Principal;

/// The members that decide, of a user, of a group and of the records.
const OF_USER: [&str; 5] = ["id", "active", "org_id", "group_id", "user_permissions"];
const OF_GROUP: [&str; 4] = ["id", "active", "org_id", "user_permissions"];
const OF_RECORDS: [&str; 3] = ["permissions", "additional_permissions", "config"];

/// Stands for all owners but the user and the group: an API without owners is everybody's. No user and no group has this
/// id, because an id holds no `/`.
const OTHERS: &str = "/";

/// Records in which the user gets the same decisions: with the user's group, and without other users, groups and passwords.
pub(super) fn slice(document: &Value, principal: Principal<'_>) -> Value {
    let own: Vec<&Value> =
        listed(document, "users").iter().filter(|user| is_text(user, "id", principal.user())).collect();
    let group = own.first().and_then(|user| user.get("group_id")).and_then(Value::text);
    let groups = listed(document, "groups").iter().filter(|one| is_text(one, "id", group));
    let groups = groups.map(|one| members_of(one, &OF_GROUP)).collect();
    let apis = listed(document, "apis").iter().map(|api| {
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

/// The owners of one kind: the user or group of the slice by its id, all others in one.
fn owners(api: &Value, name: &str, own: Option<&str>) -> Value {
    let (own, others): (Vec<&Value>, Vec<&Value>) =
        items_of(api, name).iter().partition(|owner| own.is_some() && owner.text() == own);
    let mut kept: Vec<Value> = own.into_iter().cloned().collect();
    if !others.is_empty() {
        kept.push(OTHERS.into());
    }
    Value::List(kept)
}
