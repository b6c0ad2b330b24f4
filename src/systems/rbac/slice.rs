//! What a server sends to a page: a document with one subject, in which the same is decided for it.

use super::access::{inherited, Subject, Who};
use super::members::object;
use super::model::{Records, User};
use super::vocabulary::Level;
use super::written::{grant, holder, limit, push_list, push_table, Members};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::sort::sort;

/// A document in which a subject gets the same decisions and has the same digest, with the roles at these places for a
/// `within`. It holds no other user, and no role, group or grant that the subject does not reach.
pub(super) fn slice(records: &Records, subject: &Subject, further: &[u32]) -> Value {
    let user = subject.who.user(records);
    let groups = user.map(|user| &*user.groups).unwrap_or_default();
    let defined = |name: &str| records.group_place(name).and_then(|place| records.groups.get(place));
    let mut holders = vec![&records.everyone];
    holders.extend(user.map(|_| &records.authenticated));
    holders.extend(user.map(|user| &user.holder));
    holders.extend(groups.iter().filter_map(|name| defined(name)).map(|group| &group.holder));
    let assigned = holders.iter().flat_map(|holder| &holder.roles).map(|assignment| assignment.role);
    let mut roles = Vec::new();
    assigned.chain(further.iter().copied()).for_each(|role| roles.extend(inherited(records, role)));
    sort(&mut roles, Ord::cmp);
    roles.dedup();

    let mut members = words(records);
    members.push(("roles", object(roles.iter().filter_map(|place| role(records, *place)).collect())));
    // A group that the document does not define counts in `subject.groups` nevertheless.
    let group = |name: &str| defined(name).map_or_else(Vec::new, |group| holder(records, &group.holder));
    let listed = groups.iter().filter(|name| can_be_defined(name));
    members.push(("groups", object(listed.map(|name| (&**name, object(group(name)))).collect())));
    members.push(("everyone", object(holder(records, &records.everyone))));
    members.extend(user.map(|_| ("authenticated", object(holder(records, &records.authenticated)))));
    members.push(("users", object(entry(records, subject).into_iter().collect())));
    push_table(&mut members, "limits", &records.limits, &|entries| limit(records, entries));
    object(members)
}

/// The names that a document defines: levels, actions and types of resources.
fn words(records: &Records) -> Members<'static> {
    let mut members = vec![("levels", Value::texts(&records.levels))];
    let own = records.actions.iter().skip(records.levels.len().saturating_sub(1));
    let least =
        |least: Option<u8>| least.and_then(|least| Level::name_of(records, least)).map_or(Value::Null, Value::from);
    members.push(("actions", object(own.map(|action| (&*action.name, least(action.least))).collect())));
    members.extend(records.types.as_ref().map(|types| {
        let shapes = types.list.iter().map(|kind| (&*kind.name, Value::from(&*kind.shape)));
        ("resources", object(shapes.collect()))
    }));
    members
}

fn role(records: &Records, place: u32) -> Option<(&str, Value)> {
    let role = records.role(place)?;
    let inherits = role.inherits.iter().filter_map(|role| records.role(*role));
    let mut members = Vec::new();
    push_list(&mut members, "inherits", inherits.map(|role| Value::from(&*role.name)).collect());
    push_table(&mut members, "grants", &role.grants, &|entries| grant(records, entries));
    Some((&role.name, object(members)))
}

/// The entry of the user; of one who is inactive, that they are.
fn entry<'r>(records: &'r Records, subject: &'r Subject) -> Option<(&'r str, Value)> {
    match &subject.who {
        Who::NotSignedIn | Who::Unknown => None,
        Who::Inactive(place) => records.users.get(*place).map(|user| (&*user.id, inactive())),
        Who::InactiveRecord(id) => Some((id, inactive())),
        Who::Listed(_) | Who::Record(_) => {
            let User { id, holder: held, groups, attributes, .. } = subject.who.user(records)?;
            let mut members = holder(records, held);
            let names = groups.iter().filter(|name| can_be_defined(name));
            push_list(&mut members, "groups", names.map(|name| Value::from(&**name)).collect());
            members.extend(matches!(attributes, Value::Object(_)).then(|| ("attributes", attributes.clone())));
            Some((id, object(members)))
        }
    }
}

/// Whether a document can define this group. A record can name others; they give nothing, and a slice leaves them out.
fn can_be_defined(group: &str) -> bool {
    !group.is_empty() && group.len() <= NAME_MAX
}

fn inactive() -> Value {
    Value::object([("active", false.into())])
}
