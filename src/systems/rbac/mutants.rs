//! Small changes of a document, for mutation testing: a test that passes with a change does not test it.

use super::changes::{changes, without_bound, EntryKind};
use super::diff::differs;
use super::model::{Assignment, Holder, Records};
use super::object::object;
use super::parts::{assignment_place, each_holder};
use super::pointer::pointer;
use super::serialize::{assignment as assignment_to_value, entries_to_value};
use super::table::draft::WrittenEntry;
use super::table::Table;
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::text::{fill, number, quote};

/// The work limit for removing changes without effect, in compared grants and limits. Beyond it, changes are kept.
const WORK_MAX: usize = 2_000_000;

/// One change: its description, and the document with it.
struct Mutant {
    path: String,
    change: String,
    patch: Vec<Value>,
}

/// Changes of one grant, limit, condition, bound or inheritance each, with `path`, `change` and `patch`. Each changes a
/// decision, which is determined by comparing the documents. If that takes too long, the change is kept.
pub(super) fn mutants(records: &Records) -> Value {
    let mut run = Run { records, changed: records.clone(), list: Vec::new(), work: WORK_MAX, size: size(records) };
    for place in 0..records.roles.len() {
        let Some(role) = records.roles.get(place) else { continue };
        let path = pointer(&["roles", &role.name]);
        run.change_entries(&role.grants, &path, EntryKind::Grants, &|records| {
            records.roles.get_mut(place).map(|role| &mut role.grants)
        });
        run.drop_inheritance(place, &path);
    }
    let mut places: Vec<String> = Vec::new();
    each_holder(records, &mut |path, _| places.push(path.to_owned()));
    for (index, path) in places.iter().enumerate() {
        let Some(holder) = holder(&mut run.changed, index).cloned() else { continue };
        run.change_entries(&holder.grants, path, EntryKind::Grants, &|records| {
            self::holder(records, index).map(|holder| &mut holder.grants)
        });
        run.widen_assignments(&holder, path, index);
    }
    run.change_entries(&records.limits, "", EntryKind::Limits, &|records| Some(&mut records.limits));
    let write = |Mutant { path, change, patch }: Mutant| {
        object(vec![("path", Value::Text(path)), ("change", Value::Text(change)), ("patch", Value::List(patch))])
    };
    Value::List(run.list.into_iter().map(write).collect())
}

/// How many grants, limits and assignments there are.
fn size(records: &Records) -> usize {
    let mut size = records.users.len();
    let mut add = |table: &Table| table.for_each_entry(&mut |_| size = size.saturating_add(1));
    records.roles.iter().for_each(|role| add(&role.grants));
    add(&records.limits);
    each_holder(records, &mut |_, holder| add(&holder.grants));
    size
}

/// The holder that [`each_holder`] visits at this place.
fn holder(records: &mut Records, index: usize) -> Option<&mut Holder> {
    let groups = records.groups.iter_mut().map(|group| &mut group.holder);
    let users = records.users.iter_mut().map(|user| &mut user.holder);
    groups.chain([&mut records.everyone, &mut records.authenticated]).chain(users).nth(index)
}

struct Run<'r> {
    records: &'r Records,
    /// The same records, except while a change is tried.
    changed: Records,
    list: Vec<Mutant>,
    work: usize,
    size: usize,
}

impl Run<'_> {
    /// Adds the current change, unless it has no effect.
    fn add_mutant(&mut self, path: String, change: String, patch: Vec<Value>) {
        let left = self.work.checked_sub(self.size.saturating_mul(4).saturating_add(1));
        self.work = left.unwrap_or(0);
        if left.is_none() || differs(self.records, &self.changed) != Some(false) {
            self.list.push(Mutant { path, change, patch });
        }
    }

    fn change_entries(
        &mut self,
        table: &Table,
        holder: &str,
        of: EntryKind,
        slot: &dyn Fn(&mut Records) -> Option<&mut Table>,
    ) {
        let mut path = holder.to_owned();
        push_name(&mut path, if of == EntryKind::Grants { "grants" } else { "limits" });
        let all = table.written_entries();
        let is_same = |a: &WrittenEntry, b: &WrittenEntry| a.pattern == b.pattern && a.item == b.item;
        let patterns: Vec<&str> = all.iter().map(|entry| &*entry.pattern).collect();
        for one in all.chunk_by(is_same) {
            let Some(first) = one.first() else { continue };
            let mut place = path.clone();
            push_name(&mut place, &first.pattern);
            if let Some(item) = first.item.checked_sub(1) {
                push_name(&mut place, &number(item));
            }
            for (change, entries) in changes(self.records, of, one, &patterns) {
                let patch = replacement_patch(self.records, of, &path, &place, first, &entries);
                if self.work == 0 {
                    self.list.push(Mutant { path: place.clone(), change, patch });
                    continue;
                }
                let others: Vec<WrittenEntry> = all.iter().filter(|other| !is_same(first, other)).cloned().collect();
                let table = Table::of_written(&[&*others, &*entries].concat());
                let before = slot(&mut self.changed).map(|slot| std::mem::replace(slot, table));
                self.add_mutant(place.clone(), change, patch);
                if let (Some(slot), Some(before)) = (slot(&mut self.changed), before) {
                    *slot = before;
                }
            }
        }
    }

    /// Removes each role from which a role inherits.
    fn drop_inheritance(&mut self, place: usize, path: &str) {
        let Some(role) = self.records.roles.get(place) else { return };
        for (index, inherited) in role.inherits.iter().enumerate() {
            let mut path = path.to_owned();
            push_name(&mut path, "inherits");
            push_name(&mut path, &number(index));
            let name = self.records.role(*inherited).map_or("", |role| &role.name);
            let rest = list_without(&role.inherits, index);
            let set = |records: &mut Records, inherits: &[u32]| {
                if let Some(role) = records.roles.get_mut(place) {
                    role.inherits = inherits.into();
                }
            };
            set(&mut self.changed, &rest);
            let change = fill("no longer inherit from {}", &[&quote(name)]);
            self.add_mutant(path.clone(), change, vec![remove(&path)]);
            set(&mut self.changed, &role.inherits);
        }
    }

    /// Removes the scope and the bounds of each assignment.
    fn widen_assignments(&mut self, source: &Holder, path: &str, index: usize) {
        for (place, assignment) in source.roles.iter().enumerate() {
            let name = quote(self.records.role(assignment.role).map_or("", |role| &role.name));
            let mut changes = Vec::new();
            if !assignment.scope.is_empty() {
                let change = fill("drop the scope {} of the role {}", &[&quote(&assignment.scope), &name]);
                changes.push((change, Assignment { scope: Box::default(), ..assignment.clone() }));
            }
            for (bound, bounds) in without_bound(assignment.bounds.as_deref().copied()) {
                let change = fill("drop {} of the role {}", &[&quote(bound), &name]);
                changes.push((change, Assignment { bounds: bounds.map(Box::new), ..assignment.clone() }));
            }
            for (change, changed) in changes {
                let path = assignment_place(path, place);
                let value = assignment_to_value(self.records, &changed).unwrap_or_default();
                let set = |records: &mut Records, assignment: Assignment| {
                    if let Some(slot) = holder(records, index).and_then(|holder| holder.roles.get_mut(place)) {
                        *slot = assignment;
                    }
                };
                set(&mut self.changed, changed);
                self.add_mutant(path.clone(), change, vec![replace(&path, value)]);
                set(&mut self.changed, assignment.clone());
            }
        }
    }
}

fn list_without(list: &[u32], index: usize) -> Vec<u32> {
    list.iter().enumerate().filter(|(place, _)| *place != index).map(|(_, item)| *item).collect()
}

fn remove(path: &str) -> Value {
    Value::object([("op", "remove".into()), ("path", path.into())])
}

fn replace(path: &str, value: Value) -> Value {
    Value::object([("op", "replace".into()), ("path", path.into()), ("value", value)])
}

/// The JSON Patch operations that replace a grant or limit with these entries.
fn replacement_patch(
    records: &Records,
    of: EntryKind,
    table: &str,
    place: &str,
    first: &WrittenEntry,
    entries: &[WrittenEntry],
) -> Vec<Value> {
    let Some(entry) = entries.first() else { return vec![remove(place)] };
    let value = entries_to_value(records, entries, of == EntryKind::Limits);
    if entry.pattern == first.pattern {
        return vec![replace(place, value)];
    }
    let mut path = table.to_owned();
    push_name(&mut path, &entry.pattern);
    vec![remove(place), Value::object([("op", "add".into()), ("path", Value::Text(path)), ("value", value)])]
}
