//! The parts of a document that can decide, with their pointers.

use super::model::{Holder, Records};
use super::pointer::{entry_place, pointer};
use super::table::{Match, Table};
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::text::number;

/// Every grant, limit, role and assignment of the document, with `path`, a JSON pointer, and `kind`. The pointers of
/// grants and limits are those of explanations. A grant or limit without names is left out, since it decides nothing.
pub(super) fn parts(records: &Records) -> Value {
    let mut parts = Vec::new();
    for role in &records.roles {
        let place = pointer(&["roles", &role.name]);
        push(&mut parts, place.clone(), "role");
        push_table(&mut parts, &place, "grants", &role.grants);
    }
    each_holder(records, &mut |place, holder| {
        for index in 0..holder.roles.len() {
            push(&mut parts, assignment_place(place, index), "assignment");
        }
        push_table(&mut parts, place, "grants", &holder.grants);
    });
    push_table(&mut parts, "", "limits", &records.limits);
    Value::List(parts)
}

/// Visits the holders of the document with their pointers.
pub(super) fn each_holder<'r>(records: &'r Records, visit: &mut dyn FnMut(&str, &'r Holder)) {
    records.groups.iter().for_each(|group| visit(&pointer(&["groups", &group.name]), &group.holder));
    visit("/everyone", &records.everyone);
    visit("/authenticated", &records.authenticated);
    records.users.iter().for_each(|user| visit(&pointer(&["users", &user.id]), &user.holder));
}

/// The pointer to an assignment of the holder at this place.
pub(super) fn assignment_place(holder: &str, index: usize) -> String {
    let mut place = holder.to_owned();
    push_name(&mut place, "roles");
    push_name(&mut place, &number(index));
    place
}

fn push(parts: &mut Vec<Value>, path: String, kind: &str) {
    parts.push(Value::object([("path", Value::Text(path)), ("kind", kind.into())]));
}

fn push_table(parts: &mut Vec<Value>, holder: &str, member: &str, table: &Table) {
    let kind = if member == "limits" { "limit" } else { "grant" };
    let mut place = holder.to_owned();
    push_name(&mut place, member);
    each_part(table, &mut |matched| push(parts, entry_place(&place, matched), kind));
}

/// Visits the first entry of each grant or limit.
pub(super) fn each_part<'t>(table: &'t Table, visit: &mut dyn FnMut(Match<'t>)) {
    let mut last: Option<(&str, u32)> = None;
    table.for_each_entry(&mut |matched| {
        let part = (matched.pattern, matched.entry.item);
        if last != Some(part) {
            visit(matched);
        }
        last = Some(part);
    });
}
