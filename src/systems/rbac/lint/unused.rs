//! Finds roles and groups without users, and attributes that no user has. Documents without users are skipped.

use super::super::access::inherited_roles;
use super::super::attributes::{Attribute, Root, GROUPS};
use super::super::condition::{Bound, Condition, Conditions, Operand, Test};
use super::super::model::Records;
use super::super::parts::{each_holder, each_part};
use super::super::pointer::{entry_place, pointer};
use super::super::table::Table;
use super::code::Code;
use crate::document::problem::push_name;
use crate::document::value::Value;

/// Visits roles and groups that no user has.
pub(super) fn names(records: &Records, visit: &mut dyn FnMut(Code, &str, &str)) {
    if records.users.is_empty() {
        return;
    }
    let is_used = |name: &str| records.users.iter().any(|user| user.groups.iter().any(|group| **group == *name));
    let used: Vec<bool> = records.groups.iter().map(|group| is_used(&group.name)).collect();
    for (group, _) in records.groups.iter().zip(&used).filter(|(_, is_used)| !**is_used) {
        let message = "no user is in this group: add it to users, or remove it";
        visit(Code::UnusedGroup, &pointer(&["groups", &group.name]), message);
    }
    let groups = records.groups.iter().zip(&used).filter(|(_, is_used)| **is_used).map(|(group, _)| &group.holder);
    let users = records.users.iter().map(|user| &user.holder);
    let holders = [&records.everyone, &records.authenticated].into_iter().chain(groups).chain(users);
    let mut used_roles = vec![false; records.roles.len()];
    for assignment in holders.flat_map(|holder| &holder.roles) {
        for role in inherited_roles(records, assignment.role) {
            if let Some(is_used) = usize::try_from(role).ok().and_then(|role| used_roles.get_mut(role)) {
                *is_used = true;
            }
        }
    }
    for (role, _) in records.roles.iter().zip(used_roles).filter(|(_, is_held)| !is_held) {
        let message = "no user has this role: give it to one, or remove it";
        visit(Code::UnusedRole, &pointer(&["roles", &role.name]), message);
    }
}

/// Visits grants and limits with conditions on attributes that no user has.
pub(super) fn attributes(records: &Records, visit: &mut dyn FnMut(&str, &str)) {
    if records.users.is_empty() {
        return;
    }
    let mut look = |table: &Table, holder: &str, member: &str| {
        let mut place = holder.to_owned();
        push_name(&mut place, member);
        each_part(table, &mut |matched| {
            let mut seen: Vec<String> = Vec::new();
            for attribute in matched.conditions().into_iter().flat_map(subject_attributes) {
                let path = attribute.path();
                if !seen.contains(&path) && !records.users.iter().any(|user| has_attribute(&user.attributes, attribute))
                {
                    visit(&entry_place(&place, matched), &path);
                    seen.push(path);
                }
            }
        });
    };
    records.roles.iter().for_each(|role| look(&role.grants, &pointer(&["roles", &role.name]), "grants"));
    each_holder(records, &mut |path, holder| look(&holder.grants, path, "grants"));
    look(&records.limits, "", "limits");
}

/// The attributes of the user in conditions, except the id and the groups.
fn subject_attributes(conditions: &Conditions) -> Vec<&Attribute> {
    let all = conditions.alternatives.iter().flatten().flat_map(compared_attributes);
    let is_free = |attribute: &&Attribute| {
        let first = attribute.names.split('.').next().unwrap_or_default();
        attribute.root == Root::Subject && first != "id" && first != GROUPS
    };
    all.filter(is_free).collect()
}

fn compared_attributes(condition: &Condition) -> Vec<&Attribute> {
    let mut all = vec![&condition.attribute];
    match &condition.test {
        Test::Equals(operand) | Test::Differs(operand) => {
            if let Operand::Attribute(other) = operand {
                all.push(other);
            }
        }
        Test::Within { least, most } => {
            for bound in [least, most].into_iter().flatten() {
                if let Bound::Attribute(other) = bound {
                    all.push(other);
                }
            }
        }
    }
    all
}

/// Whether a user has the attribute.
fn has_attribute(attributes: &Value, attribute: &Attribute) -> bool {
    attribute.names.split('.').try_fold(attributes, |value, name| value.get(name)).is_some()
}
