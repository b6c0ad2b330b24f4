//! Pointers to grants and limits in the document, and the roles through which a subject has them.

use super::access::{inherited_roles, Evaluation, Identity, Share, Source};
use super::model::{Assignment, Records, Role};
use super::serialize::name_of;
use super::table::{Bounds, Match};
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::text::{concat, number};

/// The path of roles through which a holder has the grants of a role.
pub(super) struct RolePath<'q> {
    /// The role that is assigned.
    pub(super) assigned: &'q str,
    /// From the assigned role to the one that has the grant, both included.
    pub(super) inherited: Vec<&'q str>,
    /// The pointer to the assignment.
    pub(super) place: String,
}

/// The first way to the role of a share. Returns `None` for a holder's own grants.
pub(super) fn role_path<'q>(evaluation: &Evaluation<'q>, share: &Share) -> Option<RolePath<'q>> {
    ways(evaluation, share).into_iter().next()?
}

/// The way to the role of a share from each assignment; `None` for a holder's own grants.
pub(super) fn ways<'q>(evaluation: &Evaluation<'q>, share: &Share) -> Vec<Option<RolePath<'q>>> {
    let records = evaluation.records;
    let (Some(wanted), Some(holder)) = (share.role, evaluation.subject.holder(records, share.source)) else {
        return vec![None];
    };
    let mut paths = Vec::new();
    for Assignment { role, scope, bounds, index } in &holder.roles {
        let same: Option<Bounds> = bounds.as_deref().copied();
        if *scope == share.scope && same == share.bounds && inherited_roles(records, *role).contains(&wanted) {
            let Some(Role { name: assigned, .. }) = records.role(*role) else { continue };
            let mut place = holder_place(evaluation, share.source);
            push_name(&mut place, "roles");
            push_name(&mut place, &number(*index));
            paths.push(Some(RolePath { assigned, inherited: inheritance_chain(records, *role, wanted), place }));
        }
    }
    paths
}

/// The shortest chain of roles from one to another that it inherits from.
fn inheritance_chain(records: &Records, from: u32, to: u32) -> Vec<&str> {
    // Every role with the place of the one before it in this list.
    let mut reached = vec![(from, 0_usize)];
    let mut at = 0_usize;
    while let Some((role, _)) = reached.get(at).copied().filter(|(role, _)| *role != to) {
        for next in records.role(role).map(|role| &*role.inherits).unwrap_or_default() {
            if !reached.iter().any(|(known, _)| known == next) {
                reached.push((*next, at));
            }
        }
        at = at.saturating_add(1);
    }
    let mut names = Vec::new();
    while let Some((role, before)) = reached.get(at).copied() {
        names.extend(records.role(role).map(|role| &*role.name));
        if at == 0 {
            break;
        }
        at = before;
    }
    names.reverse();
    names
}

/// A JSON pointer of these steps.
pub(super) fn pointer(steps: &[&str]) -> String {
    let mut pointer = String::new();
    steps.iter().for_each(|step| push_name(&mut pointer, step));
    pointer
}

/// The pointer to a holder: in the document, or in the question for a record.
pub(super) fn holder_place(evaluation: &Evaluation<'_>, source: Source) -> String {
    match source {
        Source::User | Source::Role => user_place(evaluation),
        Source::Group(place) => pointer(&["groups", evaluation.records.group(place).map_or("", |group| &group.name)]),
        Source::Authenticated => pointer(&["authenticated"]),
        Source::Everyone => pointer(&["everyone"]),
        Source::Within(place) if evaluation.subject.withins.len() > 1 => pointer(&["within", &number(place)]),
        Source::Within(_) => pointer(&["within"]),
    }
}

fn user_place(evaluation: &Evaluation<'_>) -> String {
    match &evaluation.subject.identity {
        Identity::Listed(place) => {
            pointer(&["users", evaluation.records.users.get(*place).map_or("", |user| &user.id)])
        }
        Identity::Record(_)
        | Identity::NotSignedIn
        | Identity::Unknown
        | Identity::Inactive(_)
        | Identity::InactiveRecord(_) => pointer(&["subject"]),
    }
}

/// The pointer to a grant.
pub(super) fn grant_place(evaluation: &Evaluation<'_>, share: &Share, matched: Match<'_>) -> String {
    let mut place = match share.role.and_then(|role| evaluation.records.role(role)) {
        Some(Role { name, .. }) => pointer(&["roles", name]),
        None => holder_place(evaluation, share.source),
    };
    push_name(&mut place, "grants");
    push_entry(&mut place, matched);
    place
}

/// The pointer to a limit.
pub(super) fn limit_place(matched: Match<'_>) -> String {
    let mut place = pointer(&["limits"]);
    push_entry(&mut place, matched);
    place
}

/// The pointer to an entry of the table at this place.
#[cfg(feature = "tools")]
pub(super) fn entry_place(table: &str, matched: Match<'_>) -> String {
    pattern_place(table, matched.pattern, matched.entry.item)
}

/// The pointer to a grant or limit of the table at this place.
#[cfg(feature = "tools")]
pub(super) fn pattern_place(table: &str, pattern: &str, item: u32) -> String {
    let mut place = table.to_owned();
    push_item(&mut place, pattern, item);
    place
}

fn push_entry(place: &mut String, matched: Match<'_>) {
    push_item(place, matched.pattern, matched.entry.item);
}

fn push_item(place: &mut String, pattern: &str, item: u32) {
    push_name(place, pattern);
    if let Some(item) = item.checked_sub(1) {
        push_name(place, &number(item));
    }
}

/// All names of a grant or limit: levels and actions.
pub(super) fn names_of(evaluation: &Evaluation<'_>, matched: Match<'_>) -> Value {
    let mut names = Vec::new();
    matched.for_each_name(&mut |other| names.push(name_of(evaluation.records, other.entry.named)));
    Value::texts(&names)
}

/// The pattern of a grant, prefixed with the scope of its role.
pub(super) fn scoped_pattern(share: &Share, matched: Match<'_>) -> String {
    match &*share.scope {
        "" => matched.pattern.to_owned(),
        scope => concat(&[scope, "/", matched.pattern]),
    }
}
