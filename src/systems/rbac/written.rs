//! Grants, limits and conditions, written as a document has them.

use super::condition::{Bound, Condition, Conditions, Operand, Scalar, Test};
use super::members::{number_value, object};
use super::model::{Assignment, Holder, Records};
#[cfg(feature = "tools")]
use super::table::Written;
use super::table::{Bounds, Match, Named, Table};
use super::vocabulary::{Action, Level};
use crate::document::value::Value;
use crate::system::Term;

/// Members of an object that is written.
pub(super) type Members<'m> = Vec<(&'m str, Value)>;

/// The roles and grants of a holder.
pub(super) fn holder(records: &Records, holder: &Holder) -> Members<'static> {
    let mut members = Vec::new();
    push_list(&mut members, "roles", holder.roles.iter().filter_map(|role| assignment(records, role)).collect());
    push_table(&mut members, "grants", &holder.grants, &|entries| grant(records, entries));
    members
}

pub(super) fn assignment(records: &Records, Assignment { role, scope, bounds }: &Assignment) -> Option<Value> {
    let name = Value::from(&*records.role(*role)?.name);
    if scope.is_empty() && bounds.is_none() {
        return Some(name);
    }
    let mut members = vec![("role", name)];
    members.extend((!scope.is_empty()).then(|| ("scope", Value::from(&**scope))));
    push_bounds(&mut members, bounds.as_deref().copied());
    Some(object(members))
}

/// Adds a list, unless it is empty.
pub(super) fn push_list(members: &mut Members<'_>, name: &'static str, list: Vec<Value>) {
    if !list.is_empty() {
        members.push((name, Value::List(list)));
    }
}

/// Adds a map from patterns to lists of grants or limits, unless it is empty. `write` is given the entries of one grant
/// or limit.
pub(super) fn push_table(
    members: &mut Members<'_>,
    name: &'static str,
    table: &Table,
    write: &dyn Fn(&[Match<'_>]) -> Value,
) {
    if table.is_empty() {
        return;
    }
    let mut patterns: Vec<(&str, Vec<Value>)> = Vec::new();
    let mut entries: Vec<Match<'_>> = Vec::new();
    table.each(&mut |matched| entries.push(matched));
    let is_same = |a: &Match<'_>, b: &Match<'_>| a.pattern == b.pattern && a.entry.item == b.entry.item;
    for one in entries.chunk_by(is_same) {
        let Some(pattern) = one.first().map(|matched| matched.pattern) else { continue };
        match patterns.last_mut() {
            Some((last, list)) if *last == pattern => list.push(write(one)),
            _ => patterns.push((pattern, vec![write(one)])),
        }
    }
    members.push((name, object(patterns.into_iter().map(|(pattern, list)| (pattern, Value::List(list))).collect())));
}

/// The names of a grant's or limit's entries.
fn names(records: &Records, entries: &[Match<'_>]) -> Value {
    Value::List(entries.iter().filter_map(|matched| name(records, matched.entry.named)).map(Value::from).collect())
}

fn name(records: &Records, named: Named) -> Option<&str> {
    match named {
        Named::Level(level) => Level::name_of(records, level),
        Named::Action(action) => Action::name_of(records, action),
    }
}

/// A grant with all its names.
pub(super) fn grant(records: &Records, entries: &[Match<'_>]) -> Value {
    let mut members = vec![("allow", names(records, entries))];
    if let Some(first) = entries.first() {
        push_conditions(&mut members, "when", first.conditions());
        push_bounds(&mut members, first.bounds());
    }
    object(members)
}

/// A limit with all its names.
pub(super) fn limit(records: &Records, entries: &[Match<'_>]) -> Value {
    let mut members = Vec::new();
    if let Some(first) = entries.first() {
        members.push(match first.entry.named {
            Named::Level(level) => ("level", Value::from(Level::name_of(records, level).unwrap_or_default())),
            Named::Action(_) => ("deny", names(records, entries)),
        });
        push_conditions(&mut members, "unless", first.conditions());
    }
    object(members)
}

/// Adds `from` and `until`.
pub(super) fn push_bounds(members: &mut Members<'_>, bounds: Option<Bounds>) {
    if let Some(Bounds { from, until }) = bounds {
        // `from` is written if `until` is not: with neither, the grant would count without a time as well.
        members.extend((from > 0 || until == u64::MAX).then(|| ("from", number_value(from))));
        members.extend((until < u64::MAX).then(|| ("until", number_value(until))));
    }
}

/// Adds conditions, if there are some.
pub(super) fn push_conditions(members: &mut Members<'_>, name: &'static str, conditions: Option<&Conditions>) {
    if let Some(conditions) = conditions {
        let all = |all: &Vec<Condition>| {
            Value::Object(all.iter().map(|condition| (condition.attribute.path(), test(&condition.test))).collect())
        };
        members.push((name, Value::List(conditions.alternatives.iter().map(all).collect())));
    }
}

/// One grant or limit on its own, as short as it was.
#[cfg(feature = "tools")]
pub(super) fn written(records: &Records, entries: &[Written], is_limit: bool) -> Value {
    let mut names: Vec<Value> =
        entries.iter().filter_map(|entry| name(records, entry.named)).map(Value::from).collect();
    let Some(first) = entries.first() else { return Value::Null };
    let is_level = matches!(first.named, Named::Level(_));
    let is_bare = !first.is_object && first.conditions.is_none() && first.bounds.is_none();
    match names.pop() {
        Some(only) if names.is_empty() && is_bare => return only,
        last => names.extend(last),
    }
    let one_or_more = |mut names: Vec<Value>| match names.pop() {
        Some(only) if names.is_empty() => only,
        last => {
            names.extend(last);
            Value::List(names)
        }
    };
    let member = match (is_limit, is_level) {
        (false, _) => "allow",
        (true, true) => "level",
        (true, false) => "deny",
    };
    let mut members = vec![(member, one_or_more(names))];
    push_conditions(&mut members, if is_limit { "unless" } else { "when" }, first.conditions.as_ref());
    push_bounds(&mut members, first.bounds);
    object(members)
}

fn test(test: &Test) -> Value {
    match test {
        Test::Equals(right) => operand(right),
        Test::Differs(right) => Value::object([("not", operand(right))]),
        Test::Within { least, most } => {
            let ends = [("atLeast", least), ("atMost", most)];
            object(ends.iter().filter_map(|(name, end)| Some((*name, bound(end.as_ref()?)))).collect())
        }
    }
}

fn operand(operand: &Operand) -> Value {
    match operand {
        Operand::Attribute(attribute) => Value::object([("ref", Value::Text(attribute.path()))]),
        Operand::Values(values) => Value::List(values.iter().map(scalar).collect()),
    }
}

fn bound(bound: &Bound) -> Value {
    match bound {
        Bound::Number(_, digits) => Value::Number(digits.clone()),
        Bound::Attribute(attribute) => Value::object([("ref", Value::Text(attribute.path()))]),
    }
}

/// A value of a condition.
pub(super) fn scalar(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Text(text) => Value::from(&**text),
        Scalar::Flag(flag) => (*flag).into(),
        Scalar::Number(_, digits) => Value::Number(digits.clone()),
    }
}
