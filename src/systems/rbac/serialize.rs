//! Serializes grants, limits and conditions in the form of a document.

use super::condition::{Bound, Condition, Conditions, Operand, Scalar, Test};
use super::model::{Assignment, Holder, Records};
use super::object::{number_value, single, Members};
#[cfg(feature = "tools")]
use super::table::draft::WrittenEntry;
use super::table::{Bounds, Match, Named, Table};
use super::vocabulary::{Action, Level};
use crate::document::value::Value;
use crate::system::Term;

/// The roles and grants of a holder.
pub(super) fn holder(records: &Records, holder: &Holder) -> Members {
    let mut members = Members::default();
    let mut roles = Vec::new();
    for assigned in &holder.roles {
        roles.extend(assignment(records, assigned));
    }
    members.list("roles", roles);
    put_table(&mut members, "grants", &holder.grants, &|entries| grant(records, entries));
    members
}

pub(super) fn assignment(records: &Records, Assignment { role, scope, bounds, .. }: &Assignment) -> Option<Value> {
    let name = &*records.role(*role)?.name;
    if scope.is_empty() && bounds.is_none() {
        return Some(name.into());
    }
    let mut members = Members::default();
    members.text("role", name);
    if !scope.is_empty() {
        members.text("scope", scope);
    }
    put_bounds(&mut members, bounds.as_deref().copied());
    Some(members.object())
}

/// Adds a map from patterns to lists of grants or limits, unless it is empty. `write` gets the entries of one grant or
/// limit.
pub(super) fn put_table(members: &mut Members, name: &str, table: &Table, write: &dyn Fn(&[Match<'_>]) -> Value) {
    if table.is_empty() {
        return;
    }
    let mut entries: Vec<Match<'_>> = Vec::new();
    table.for_each_entry(&mut |matched| entries.push(matched));
    let mut patterns = Members::default();
    let (mut list, mut start) = (Vec::new(), 0_usize);
    for (place, matched) in entries.iter().enumerate() {
        let end = place.saturating_add(1);
        let next = entries.get(end);
        let goes_on = next.is_some_and(|next| next.pattern == matched.pattern);
        if goes_on && next.is_some_and(|next| next.entry.item == matched.entry.item) {
            continue;
        }
        list.push(write(entries.get(start..end).unwrap_or_default()));
        start = end;
        if !goes_on {
            patterns.put(matched.pattern, Value::List(std::mem::take(&mut list)));
        }
    }
    members.put(name, patterns.object());
}

/// The name of a level or an action.
pub(super) fn name_of(records: &Records, named: Named) -> &str {
    let name = match named {
        Named::Level(level) => Level::name_of(records, level),
        Named::Action(action) => Action::name_of(records, action),
    };
    name.unwrap_or_default()
}

/// The names of a grant's or limit's entries.
fn names(records: &Records, entries: &[Match<'_>]) -> Value {
    let mut names = Vec::new();
    for matched in entries {
        names.push(Value::from(name_of(records, matched.entry.named)));
    }
    Value::List(names)
}

/// A grant with all its names.
pub(super) fn grant(records: &Records, entries: &[Match<'_>]) -> Value {
    let mut members = Members::default();
    members.put("allow", names(records, entries));
    if let Some(first) = entries.first() {
        put_conditions(&mut members, "when", first.conditions());
        put_bounds(&mut members, first.bounds());
    }
    members.object()
}

/// A limit with all its names.
pub(super) fn limit(records: &Records, entries: &[Match<'_>]) -> Value {
    let mut members = Members::default();
    if let Some(first) = entries.first() {
        match first.entry.named {
            Named::Level(_) => members.text("level", name_of(records, first.entry.named)),
            Named::Action(_) => members.put("deny", names(records, entries)),
        }
        put_conditions(&mut members, "unless", first.conditions());
    }
    members.object()
}

/// Adds `from` and `until`.
pub(super) fn put_bounds(members: &mut Members, bounds: Option<Bounds>) {
    if let Some(Bounds { from, until }) = bounds {
        // `from` is written if `until` is not: without both, the grant would also apply without a time.
        if from > 0 || until == u64::MAX {
            members.put("from", number_value(from));
        }
        if until < u64::MAX {
            members.put("until", number_value(until));
        }
    }
}

/// Adds conditions, if any.
pub(super) fn put_conditions(members: &mut Members, name: &str, conditions: Option<&Conditions>) {
    if let Some(conditions) = conditions {
        let mut alternatives = Vec::new();
        for all in &conditions.alternatives {
            let mut tests = Members::default();
            for condition in all {
                tests.put(&condition.attribute.path(), test(condition, &right_side));
            }
            alternatives.push(tests.object());
        }
        members.put(name, Value::List(alternatives));
    }
}

/// One grant or limit by itself, in its shortest form.
#[cfg(feature = "tools")]
pub(super) fn entries_to_value(records: &Records, entries: &[WrittenEntry], is_limit: bool) -> Value {
    let mut names = Vec::new();
    for entry in entries {
        names.push(Value::from(name_of(records, entry.named)));
    }
    let Some(first) = entries.first() else { return Value::Null };
    let is_level = matches!(first.named, Named::Level(_));
    let is_bare = !first.is_object && first.conditions.is_none() && first.bounds.is_none();
    let named = match names.pop() {
        Some(only) if names.is_empty() => only,
        last => {
            names.extend(last);
            Value::List(names)
        }
    };
    if is_bare && !matches!(named, Value::List(_)) {
        return named;
    }
    let member = match (is_limit, is_level) {
        (false, _) => "allow",
        (true, true) => "level",
        (true, false) => "deny",
    };
    let mut members = Members::default();
    members.put(member, named);
    put_conditions(&mut members, if is_limit { "unless" } else { "when" }, first.conditions.as_ref());
    put_bounds(&mut members, first.bounds);
    members.object()
}

/// The right side of a condition. `write` writes its operands.
pub(super) fn test(condition: &Condition, write: &dyn Fn(Right<'_>) -> Value) -> Value {
    let mut members = Members::default();
    match &condition.test {
        Test::Equals(right) => return write(Right::Operand(right)),
        Test::Differs(right) => members.put("not", write(Right::Operand(right))),
        Test::Within { least, most } => {
            for (name, bound) in [("atLeast", least), ("atMost", most)] {
                if let Some(bound) = bound {
                    members.put(name, write(Right::Bound(bound)));
                }
            }
        }
    }
    members.object()
}

/// A part of the right side of a condition.
#[derive(Clone, Copy)]
pub(super) enum Right<'c> {
    Operand(&'c Operand),
    Bound(&'c Bound),
}

/// A part of the right side, in the form of a document.
pub(super) fn right_side(right: Right<'_>) -> Value {
    match right {
        Right::Operand(Operand::Attribute(attribute)) | Right::Bound(Bound::Attribute(attribute)) => {
            single("ref", &attribute.path())
        }
        Right::Operand(Operand::Values(values)) => Value::List(scalars(values)),
        Right::Bound(Bound::Number(_, digits)) => Value::Number(digits.clone()),
    }
}

/// Values of a condition.
pub(super) fn scalars(values: &[Scalar]) -> Vec<Value> {
    let mut list = Vec::new();
    for value in values {
        list.push(scalar(value));
    }
    list
}

/// A value of a condition.
pub(super) fn scalar(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Text(text) => Value::from(&**text),
        Scalar::Flag(flag) => (*flag).into(),
        Scalar::Number(_, digits) => Value::Number(digits.clone()),
    }
}
