//! Near misses: grants that almost allow an action.

use super::access::{Evaluation, Share};
use super::attributes::{Attribute, AttributeValue};
use super::condition::{Bound, Condition, Operand};
use super::object::{number_value, Members};
use super::pattern::{push_segment, Path};
use super::pointer::{grant_place, role_path, scoped_pattern};
use super::serialize::{right_side, scalars, test, Right};
use super::table::{Bounds, Match, Named, SubjectId};
use super::vocabulary::Level;
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::text::{fill, quote, split};

/// The most near misses that are reported.
const MISSES_MAX: usize = 20;

/// A grant that almost allows the action.
pub(super) struct Miss<'q> {
    pub(super) share: &'q Share,
    pub(super) matched: Match<'q>,
    pub(super) reason: MissReason<'q>,
}

/// What is missing.
pub(super) enum MissReason<'q> {
    /// The grant names a level below the one that is needed.
    Level(u8),
    /// Conditions that do not hold, in the alternative with the fewest of them.
    Conditions(Vec<&'q Condition>),
    /// The time is before or after the bounds.
    Time(Bounds),
    /// The path is outside of the role's scope.
    Scope,
}

/// The near misses of a denial, closest first.
pub(super) fn near_misses<'q>(evaluation: &Evaluation<'q>) -> Vec<Miss<'q>> {
    let mut misses = Vec::new();
    let shares = &evaluation.subject.shares;
    evaluation.visit_grants(shares, &mut |share, matched| {
        let bounds = Bounds::intersect(share.bounds, matched.bounds()).filter(|bounds| !bounds.contain(evaluation.now));
        let conditions = matched.conditions().filter(|conditions| !conditions.are_met(&evaluation.facts));
        let reason = match (evaluation.grants_action(matched.entry.named), matched.entry.named, bounds, conditions) {
            (true, _, Some(bounds), None) => MissReason::Time(bounds),
            (true, _, None, Some(conditions)) => {
                let mut least: Option<Vec<&Condition>> = None;
                for all in &conditions.alternatives {
                    let mut failing = Vec::new();
                    for condition in all {
                        if !condition.is_met(&evaluation.facts) {
                            failing.push(condition);
                        }
                    }
                    if least.as_ref().is_none_or(|least| failing.len() < least.len()) {
                        least = Some(failing);
                    }
                }
                MissReason::Conditions(least.unwrap_or_default())
            }
            (false, Named::Level(level), None, None) if evaluation.needed_level().is_some() => MissReason::Level(level),
            _ => return,
        };
        push_miss(&mut misses, Miss { share, matched, reason });
    });
    let subject_id = evaluation.facts.subject.map_or(SubjectId::Missing, |known| SubjectId::Id(known.id));
    for share in shares.iter().filter(|share| evaluation.facts.path.scope_length(&share.scope).is_none()) {
        let Some(table) = evaluation.subject.table(evaluation.records, share) else { continue };
        let start = split(&share.scope, b'/').count();
        table.visit_matches(evaluation.facts.path, start, subject_id, &mut |matched| {
            if evaluation.grants_action(matched.entry.named) && evaluation.grant_applies(share, matched) {
                push_miss(&mut misses, Miss { share, matched, reason: MissReason::Scope });
            }
        });
    }
    misses.truncate(MISSES_MAX);
    misses
}

/// Adds a near miss, unless the last one is of the same grant, because the names of one grant are adjacent. Then that
/// one keeps the higher level.
fn push_miss<'q>(misses: &mut Vec<Miss<'q>>, miss: Miss<'q>) {
    match misses.last_mut().filter(|last| last.is_of_grant(&miss)) {
        Some(last) => {
            if let (MissReason::Level(highest), MissReason::Level(level)) = (&mut last.reason, miss.reason) {
                *highest = level.max(*highest);
            }
        }
        None => misses.push(miss),
    }
}

impl<'q> Miss<'q> {
    /// Whether another near miss has the same grant, assigned in the same way.
    fn is_of_grant(&self, other: &Self) -> bool {
        std::ptr::eq(self.share, other.share)
            && self.matched.pattern == other.matched.pattern
            && self.matched.entry.item == other.matched.entry.item
    }

    /// The near miss in the form of the explanation.
    pub(super) fn to_value(&self, evaluation: &Evaluation<'q>) -> Value {
        let mut members = Members::default();
        match &self.reason {
            MissReason::Level(level) => {
                members.text("kind", "level");
                members.text("found", Level::name_of(evaluation.records, *level).unwrap_or_default());
                members.text("needed", evaluation.needed_level().unwrap_or_default());
            }
            MissReason::Conditions(failing) => {
                members.text("kind", "condition");
                if let Some(condition) = failing.first() {
                    members.text("attribute", &condition.attribute.path());
                    if let Some(value) = found_value(evaluation, &condition.attribute) {
                        members.put("found", value);
                    }
                    members.put("needed", needed_value(evaluation, condition));
                }
            }
            MissReason::Time(bounds) => {
                let (kind, needed) = if is_yet_to_come(evaluation, *bounds) {
                    ("not-yet", bounds.from)
                } else {
                    ("expired", bounds.until)
                };
                members.text("kind", kind);
                members.put("needed", number_value(needed));
            }
            MissReason::Scope => {
                members.text("kind", "scope");
                members.text("found", &path_prefix(evaluation.facts.path, &self.share.scope));
                members.text("needed", &self.share.scope);
            }
        }
        members.text("pointer", &grant_place(evaluation, self.share, self.matched));
        members.text("pattern", &scoped_pattern(self.share, self.matched));
        if let Some(role_path) = role_path(evaluation, self.share) {
            members.text("role", role_path.assigned);
        }
        members.object()
    }

    /// What is missing, as a sentence.
    pub(super) fn to_text(&self, evaluation: &Evaluation<'q>) -> String {
        let pattern = &*scoped_pattern(self.share, self.matched);
        let (action, resource) = (evaluation.action_name(), evaluation.facts.path.text());
        match &self.reason {
            MissReason::Level(level) => {
                let actual = Level::name_of(evaluation.records, *level).unwrap_or_default();
                let needed = evaluation.needed_level().unwrap_or_default();
                let text = "{} has <> on <>, and <> needs <>.";
                fill(text, &[&evaluation.subject_text(), actual, resource, action, needed])
            }
            MissReason::Conditions(failing) => {
                let Some(condition) = failing.first() else { return String::new() };
                let value = found_value(evaluation, &condition.attribute);
                let actual = value.map_or_else(|| "missing".to_owned(), |value| quote(&value.json()));
                let needed = needed_value(evaluation, condition).json();
                let text = "The grant on <> needs <> to be <>, and it is {}.";
                fill(text, &[pattern, &condition.attribute.path(), &needed, &actual])
            }
            MissReason::Time(bounds) => {
                let has = if is_yet_to_come(evaluation, *bounds) { "does not count yet" } else { "has expired" };
                fill("The grant on <> {}.", &[pattern, has])
            }
            MissReason::Scope => {
                let role = role_path(evaluation, self.share).map_or("", |role_path| role_path.assigned);
                let text = "The role <> would give <>, but it is held for <>, and <> is outside.";
                fill(text, &[role, action, &self.share.scope, resource])
            }
        }
    }
}

/// Whether bounds that do not contain the time begin later. Without a time, all do.
pub(super) fn is_yet_to_come(evaluation: &Evaluation<'_>, bounds: Bounds) -> bool {
    evaluation.now.is_none_or(|now| now < bounds.from)
}

/// The prefix of the path with the length of a scope.
fn path_prefix(path: &Path<'_>, scope: &str) -> String {
    let mut prefix = String::new();
    for place in 0..split(scope, b'/').count().min(path.len()) {
        push_segment(&mut prefix, path.segment(place));
    }
    prefix
}

/// The value of an attribute in the question. Returns `None` if it is missing.
fn found_value(evaluation: &Evaluation<'_>, attribute: &Attribute) -> Option<Value> {
    match evaluation.facts.attribute_value(attribute) {
        AttributeValue::Missing => None,
        AttributeValue::Text(text) => Some(text.into()),
        AttributeValue::Groups(groups) => Some(Value::texts(groups)),
        AttributeValue::Value(value) => Some(value.clone()),
    }
}

/// The value that an attribute would need, from the right side of its condition, with references looked up.
pub(super) fn needed_value(evaluation: &Evaluation<'_>, condition: &Condition) -> Value {
    test(condition, &|right| match right {
        Right::Operand(Operand::Attribute(attribute)) | Right::Bound(Bound::Attribute(attribute)) => {
            found_value(evaluation, attribute).unwrap_or_else(|| right_side(right))
        }
        Right::Operand(Operand::Values(values)) => {
            let mut values = scalars(values);
            match values.pop() {
                Some(only) if values.is_empty() => only,
                last => {
                    values.extend(last);
                    Value::List(values)
                }
            }
        }
        Right::Bound(Bound::Number(..)) => right_side(right),
    })
}
