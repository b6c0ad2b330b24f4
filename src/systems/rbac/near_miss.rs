//! Near misses: grants that almost allow an action.

use super::access::{Evaluation, Share};
use super::attributes::{Attribute, AttributeValue};
use super::condition::{Bound, Condition, Operand};
use super::object::{number_value, push_new, Members};
use super::pattern::{push_segment, Path};
use super::pointer::{grant_place, role_path, scoped_pattern, RolePath};
use super::serialize::{right_side, scalars, test, Right};
use super::table::{Bounds, Match, Named, SubjectId};
use super::vocabulary::Level;
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::text::split;

/// The most grants that are near misses, and the most entries of the explanation.
const MISSES_MAX: usize = 20;

/// A grant that almost allows the action.
pub(super) struct Miss<'q> {
    pub(super) share: &'q Share,
    pub(super) matched: Match<'q>,
    pub(super) reason: MissReason<'q>,
}

/// Bounds that do not hold.
pub(super) struct FailingBounds<'q> {
    pub(super) bounds: Bounds,
    /// The assignment of the role that has them. `None` if the grant has them.
    pub(super) assignment: Option<RolePath<'q>>,
}

/// What is missing.
pub(super) enum MissReason<'q> {
    /// The grant names a level below the one that is needed.
    Level(u8),
    /// The time is outside of the bounds, or conditions do not hold, or both.
    Unmet {
        /// The bounds that do not hold: those of the role's assignment, and those of the grant.
        late: Vec<FailingBounds<'q>>,
        /// The conditions that do not hold.
        failing: Vec<&'q Condition>,
    },
    /// The path is outside of the role's scope.
    Scope,
}

/// The conditions that do not hold, in the alternative with the fewest of them.
pub(super) fn failing_conditions<'q>(evaluation: &Evaluation<'_>, matched: Match<'q>) -> Vec<&'q Condition> {
    let mut least: Option<Vec<&Condition>> = None;
    for all in matched.conditions().map(|conditions| &*conditions.alternatives).unwrap_or_default() {
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
    least.unwrap_or_default()
}

/// The near misses of a denial, closest first.
pub(super) fn near_misses<'q>(evaluation: &Evaluation<'q>) -> Vec<Miss<'q>> {
    let mut misses = Vec::new();
    let shares = &evaluation.subject.shares;
    evaluation.visit_grants(shares, &mut |share, matched| {
        let failing = failing_conditions(evaluation, matched);
        let late = failing_bounds(evaluation, share, matched);
        let applies = late.is_empty() && failing.is_empty();
        let reason = match (evaluation.grants_action(matched.entry.named), matched.entry.named) {
            (true, _) if !applies => MissReason::Unmet { late, failing },
            (false, Named::Level(level)) if applies && evaluation.needed_level().is_some() => MissReason::Level(level),
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

fn failing_bounds<'q>(evaluation: &Evaluation<'q>, share: &Share, matched: Match<'_>) -> Vec<FailingBounds<'q>> {
    let mut late = Vec::new();
    for (bounds, is_of_share) in [(share.bounds, true), (matched.bounds(), false)] {
        if let Some(bounds) = bounds.filter(|bounds| !bounds.contain(evaluation.now)) {
            let assignment = if is_of_share { role_path(evaluation, share) } else { None };
            late.push(FailingBounds { bounds, assignment });
        }
    }
    late
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

    /// Adds the near miss in the form of the explanation: an entry for each thing that is missing.
    pub(super) fn push_values(&self, evaluation: &Evaluation<'q>, list: &mut Vec<Value>) {
        let mut members = Members::default();
        let grant = grant_place(evaluation, self.share, self.matched);
        match &self.reason {
            MissReason::Level(level) => {
                members.text("kind", "level");
                members.text("found", Level::name_of(evaluation.records, *level).unwrap_or_default());
                members.text("needed", evaluation.needed_level().unwrap_or_default());
            }
            MissReason::Unmet { late, failing } => {
                for condition in failing {
                    let mut members = Members::default();
                    members.text("kind", "condition");
                    members.text("attribute", &condition.attribute.path());
                    if let Some(value) = found_value(evaluation, &condition.attribute) {
                        members.put("found", value);
                    }
                    members.put("needed", needed_value(evaluation, condition));
                    self.push_value(evaluation, members, &grant, list);
                }
                for FailingBounds { bounds, assignment } in late {
                    let (kind, needed) = if is_yet_to_come(evaluation, *bounds) {
                        ("not-yet", bounds.from)
                    } else {
                        ("expired", bounds.until)
                    };
                    let mut members = Members::default();
                    members.text("kind", kind);
                    members.put("needed", number_value(needed));
                    self.push_value(evaluation, members, assignment.as_ref().map_or(&grant, |way| &way.place), list);
                }
                return;
            }
            MissReason::Scope => {
                members.text("kind", "scope");
                members.text("found", &path_prefix(evaluation.facts.path, &self.share.scope));
                members.text("needed", &self.share.scope);
            }
        }
        self.push_value(evaluation, members, &grant, list);
    }

    /// Adds one entry, with the members that all have. A grant of several names, or of several ways, is listed once.
    fn push_value(&self, evaluation: &Evaluation<'q>, mut members: Members, place: &str, list: &mut Vec<Value>) {
        members.text("pointer", place);
        members.text("pattern", &scoped_pattern(self.share, self.matched));
        if let Some(role_path) = role_path(evaluation, self.share) {
            members.text("role", role_path.assigned);
        }
        if list.len() < MISSES_MAX {
            push_new(list, members.object());
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
pub(super) fn found_value(evaluation: &Evaluation<'_>, attribute: &Attribute) -> Option<Value> {
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
            let found = found_value(evaluation, attribute).filter(|value| !matches!(value, Value::Object(_)));
            found.unwrap_or_else(|| right_side(right))
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
