//! Slices: a document for one subject, with the same decisions and digest, that a server sends to a page.

use super::access::{inherited_roles, Identity, Subject};
use super::model::{Holder, Records, User};
use super::object::Members;
use super::serialize::{grant, holder, limit, put_table};
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::sort::sort;

/// A document in which a subject gets the same decisions and has the same digest, with the roles at these indexes for a
/// `within`. It contains no other user, and no role, group or grant that the subject does not reach.
pub(super) fn slice(records: &Records, subject: &Subject, further: &[u32]) -> Value {
    let user = subject.identity.user(records);
    let mut places = further.to_vec();
    let mut holders = vec![&records.everyone];
    let mut groups = Members::default();
    if let Some(user) = user {
        holders.push(&records.authenticated);
        holders.push(&user.holder);
        for name in &user.groups {
            let defined = records.group_place(name).and_then(|place| records.groups.get(place));
            holders.extend(defined.map(|group| &group.holder));
            // A group that the document does not define still counts in `subject.groups`.
            if can_be_defined(name) {
                let none = Holder::default();
                groups.put(name, holder(records, defined.map_or(&none, |group| &group.holder)).object());
            }
        }
    }
    for owner in holders {
        for assignment in &owner.roles {
            places.push(assignment.role);
        }
    }
    let mut reached = Vec::new();
    for place in places {
        reached.append(&mut inherited_roles(records, place));
    }
    sort(&mut reached, Ord::cmp);
    let (mut roles, mut last) = (Members::default(), None);
    for place in reached {
        if last != Some(place) {
            put_role(&mut roles, records, place);
        }
        last = Some(place);
    }

    let mut members = vocabulary_of(records);
    members.put("roles", roles.object());
    members.put("groups", groups.object());
    members.put("everyone", holder(records, &records.everyone).object());
    if user.is_some() {
        members.put("authenticated", holder(records, &records.authenticated).object());
    }
    members.put("users", users_value(records, subject));
    put_table(&mut members, "limits", &records.limits, &|entries| limit(records, entries));
    members.object()
}

/// The names that a document defines: levels, actions and types of resources.
fn vocabulary_of(records: &Records) -> Members {
    let mut members = Members::default();
    members.put("levels", Value::texts(&records.levels));
    let mut actions = Members::default();
    for action in records.actions.iter().skip(records.levels.len().saturating_sub(1)) {
        let least = action.least.and_then(|least| Level::name_of(records, least));
        actions.put(&action.name, least.map_or(Value::Null, Value::from));
    }
    members.put("actions", actions.object());
    if let Some(types) = &records.types {
        let mut shapes = Members::default();
        for kind in &types.list {
            shapes.text(&kind.name, &kind.shape);
        }
        members.put("resources", shapes.object());
    }
    members
}

fn put_role(roles: &mut Members, records: &Records, place: u32) {
    let Some(role) = records.role(place) else { return };
    let mut members = Members::default();
    let mut inherits = Vec::new();
    for place in &role.inherits {
        if let Some(role) = records.role(*place) {
            inherits.push(Value::from(&*role.name));
        }
    }
    members.list("inherits", inherits);
    put_table(&mut members, "grants", &role.grants, &|entries| grant(records, entries));
    roles.put(&role.name, members.object());
}

/// The user alone. For an inactive user, only that it is inactive.
fn users_value(records: &Records, subject: &Subject) -> Value {
    let mut users = Members::default();
    let inactive = match &subject.identity {
        Identity::Inactive(place) => records.users.get(*place).map(|user| &*user.id),
        Identity::InactiveRecord(user) => Some(&*user.id),
        Identity::NotSignedIn | Identity::Unknown | Identity::Listed(_) | Identity::Record(_) => None,
    };
    if let Some(id) = inactive {
        let mut members = Members::default();
        members.put("active", false.into());
        users.put(id, members.object());
    } else if let Some(User { id, holder: held, groups, attributes, .. }) = subject.identity.user(records) {
        let mut members = holder(records, held);
        let mut names = Vec::new();
        for name in groups {
            if can_be_defined(name) {
                names.push(Value::from(&**name));
            }
        }
        members.list("groups", names);
        if let Value::Object(_) = attributes {
            members.put("attributes", attributes.clone());
        }
        users.put(id, members.object());
    }
    users.object()
}

/// Whether a document can define this group. A record can name others, which grant nothing and are left out.
fn can_be_defined(group: &str) -> bool {
    !group.is_empty() && group.len() <= NAME_MAX
}
