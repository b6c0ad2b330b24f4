//! Small changes of one grant or limit, for mutation testing.

use super::condition::{Condition, Conditions, Operand, Test};
use super::model::Records;
use super::table::draft::WrittenEntry;
use super::table::{Bounds, Named};
use super::vocabulary::Level;
use crate::system::Term;
use crate::tables::text::{concat, fill, quote};

/// Whether a table has grants or limits.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum EntryKind {
    Grants,
    Limits,
}

/// Bounds without one of their ends, with its name.
pub(super) fn without_bound(bounds: Option<Bounds>) -> Vec<(&'static str, Option<Bounds>)> {
    let Some(Bounds { from, until }) = bounds else { return Vec::new() };
    let ends =
        [("from", from > 0, Bounds { from: 0, until }), ("until", until < u64::MAX, Bounds { from, until: u64::MAX })];
    let rest = |bounds: Bounds| (bounds.from > 0 || bounds.until < u64::MAX).then_some(bounds);
    ends.into_iter().filter(|(_, is_there, _)| *is_there).map(|(name, _, bounds)| (name, rest(bounds))).collect()
}

/// All changes of one grant or limit, each with the entries that remain.
pub(super) fn changes(
    records: &Records,
    of: EntryKind,
    entries: &[WrittenEntry],
    patterns: &[&str],
) -> Vec<(String, Vec<WrittenEntry>)> {
    let Some(first) = entries.first() else { return Vec::new() };
    let what = if of == EntryKind::Grants { "grant" } else { "limit" };
    let on = fill(" the {} on {}", &[what, &quote(&first.pattern)]);
    let with = |change: &dyn Fn(&mut WrittenEntry)| {
        let mut changed = entries.to_vec();
        changed.iter_mut().for_each(change);
        changed
    };
    let mut list = vec![(concat(&["drop", &on]), Vec::new())];
    for (place, entry) in entries.iter().enumerate() {
        let Named::Level(level) = entry.named else { continue };
        let steps = [
            (level.checked_sub(1).filter(|lower| of == EntryKind::Grants && *lower > 0), "lower"),
            (level.checked_add(1), "raise"),
        ];
        for (step, verb) in steps {
            let Some((step, name)) = step.and_then(|step| Some((step, Level::name_of(records, step)?))) else {
                continue;
            };
            let mut changed = entries.to_vec();
            if let Some(entry) = changed.get_mut(place) {
                entry.named = Named::Level(step);
            }
            list.push((fill("{}{} to {}", &[verb, &on, &quote(name)]), changed));
        }
    }
    if let Some(wider) =
        widen_pattern(&first.pattern).filter(|wider| of == EntryKind::Grants && !patterns.contains(&&**wider))
    {
        let change = fill("widen{} to {}", &[&on, &quote(&wider)]);
        list.push((
            change,
            with(&|entry| {
                entry.pattern.clone_from(&wider);
                entry.item = 0;
            }),
        ));
    }
    for (bound, bounds) in without_bound(first.bounds) {
        list.push((fill("drop {} of{}", &[&quote(bound), &on]), with(&|entry| entry.bounds = bounds)));
    }
    if let Some(conditions) = &first.conditions {
        let member = if of == EntryKind::Grants { "when" } else { "unless" };
        list.push((fill("drop {} of{}", &[&quote(member), &on]), with(&|entry| entry.conditions = None)));
        for (change, conditions) in changed_conditions(conditions, of) {
            list.push((fill("{} of{}", &[&change, &on]), with(&|entry| entry.conditions = Some(conditions.clone()))));
        }
    }
    list
}

/// The pattern with `**` for a `*` at its end.
fn widen_pattern(pattern: &str) -> Option<String> {
    let start = pattern.strip_suffix('*').filter(|start| start.is_empty() || start.ends_with('/'))?;
    Some(concat(&[start, "**"]))
}

/// Conditions with one of them removed or negated.
fn changed_conditions(conditions: &Conditions, of: EntryKind) -> Vec<(String, Conditions)> {
    let mut list = Vec::new();
    let alternatives = &conditions.alternatives;
    for (at, all) in alternatives.iter().enumerate() {
        for (place, condition) in all.iter().enumerate() {
            let name = quote(&condition.attribute.path());
            let mut with = |verb: &str, changed: &Option<Condition>| {
                let mut conditions = conditions.clone();
                if let Some(all) = conditions.alternatives.get_mut(at) {
                    let rest = all.iter().enumerate().filter(|(other, _)| *other != place || changed.is_some());
                    *all = rest
                        .map(|(other, same)| changed.clone().filter(|_| other == place).unwrap_or_else(|| same.clone()))
                        .collect();
                }
                list.push((fill("{} the condition on {}", &[verb, &name]), conditions));
            };
            // The only condition in its list is removed together with `when`, because an empty object in `unless` is
            // not valid.
            if all.len() > 1 || (alternatives.len() > 1 && of == EntryKind::Grants) {
                with("drop", &None);
            }
            if let Some(negated) = negate_condition(condition) {
                with("negate", &Some(negated));
            }
        }
    }
    list
}

fn negate_condition(condition: &Condition) -> Option<Condition> {
    let attribute = condition.attribute.clone();
    match &condition.test {
        Test::Equals(operand) => {
            let is_groups = matches!(operand, Operand::Attribute(other) if other.is_groups());
            (!is_groups && !attribute.is_groups())
                .then(|| Condition { attribute, test: Test::Differs(operand.clone()) })
        }
        Test::Differs(operand) => Some(Condition { attribute, test: Test::Equals(operand.clone()) }),
        Test::Within { .. } => None,
    }
}
