//! Near misses: grants that almost give an action.

use super::access::{Asked, Share};
use super::condition::{Bound, Condition, Found, Operand, Test};
use super::members::{number_value, object};
use super::pattern::{push_segment, Path};
use super::place::{grant_place, scoped, way};
use super::table::{Asker, Bounds, Match, Named};
use super::vocabulary::Level;
use super::written::scalar;
use crate::document::problem::quote;
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::text::fill;

/// The most near misses that are reported.
const MISSES_MAX: usize = 20;

/// A grant that almost gives the action.
pub(super) struct Miss<'q> {
    pub(super) share: &'q Share,
    pub(super) matched: Match<'q>,
    pub(super) why: Why<'q>,
}

/// What is missing.
pub(super) enum Why<'q> {
    /// The grant names a level below the one that is needed.
    Level(u8),
    /// Conditions that do not hold, of the alternative that has the fewest.
    Conditions(Vec<&'q Condition>),
    /// The bounds do not hold: yet, or any longer.
    Time(Bounds),
    /// The path is outside of the role's scope.
    Scope,
}

/// The near misses of a no, closest first.
pub(super) fn near_misses<'q>(asked: &Asked<'q>) -> Vec<Miss<'q>> {
    let mut misses = Vec::new();
    let shares = &asked.subject.shares;
    asked.matches(shares, &mut |share, matched| {
        let bounds = Bounds::both(share.bounds, matched.bounds()).filter(|bounds| !bounds.hold(asked.now));
        let conditions = matched.conditions().filter(|conditions| !conditions.hold(&asked.facts));
        let why = match (asked.gives(matched.entry.named), matched.entry.named, bounds, conditions) {
            (true, _, Some(bounds), None) => Why::Time(bounds),
            (true, _, None, Some(conditions)) => {
                let failing = conditions
                    .alternatives
                    .iter()
                    .map(|all| all.iter().filter(|condition| !condition.holds(&asked.facts)).collect::<Vec<_>>());
                Why::Conditions(failing.min_by_key(Vec::len).unwrap_or_default())
            }
            (false, Named::Level(level), None, None) if asked.needed_level().is_some() => Why::Level(level),
            _ => return,
        };
        push_miss(&mut misses, Miss { share, matched, why });
    });
    let asker = asked.facts.subject.map_or(Asker::Nobody, |known| Asker::Id(known.id));
    for share in shares.iter().filter(|share| asked.facts.path.behind(&share.scope).is_none()) {
        let Some(table) = asked.subject.table(asked.records, share) else { continue };
        let start = share.scope.split('/').count();
        table.matches(asked.facts.path, start, asker, &mut |matched| {
            if asked.gives(matched.entry.named) && asked.applies(share, matched) {
                push_miss(&mut misses, Miss { share, matched, why: Why::Scope });
            }
        });
    }
    misses.truncate(MISSES_MAX);
    misses
}

/// Adds a near miss, unless there is one of the same grant, which then has the higher level of both. The names of one
/// grant follow each other.
fn push_miss<'q>(misses: &mut Vec<Miss<'q>>, miss: Miss<'q>) {
    match misses.last_mut().filter(|last| last.is_of_grant(&miss)) {
        Some(last) => {
            if let (Why::Level(found), Why::Level(level)) = (&mut last.why, miss.why) {
                *found = level.max(*found);
            }
        }
        None => misses.push(miss),
    }
}

impl<'q> Miss<'q> {
    /// Whether another near miss is of the same grant, held in the same way.
    fn is_of_grant(&self, other: &Self) -> bool {
        std::ptr::eq(self.share, other.share)
            && self.matched.pattern == other.matched.pattern
            && self.matched.entry.item == other.matched.entry.item
    }

    /// The near miss as the explanation has it.
    pub(super) fn value(&self, asked: &Asked<'q>) -> Value {
        let mut members = Vec::new();
        let pointer = grant_place(asked, self.share, self.matched);
        match &self.why {
            Why::Level(level) => {
                members.push(("kind", Value::from("level")));
                members.push(("found", Level::name_of(asked.records, *level).unwrap_or_default().into()));
                members.push(("needed", asked.needed_level().unwrap_or_default().into()));
            }
            Why::Conditions(failing) => {
                members.push(("kind", "condition".into()));
                if let Some(condition) = failing.first() {
                    members.push(("attribute", Value::Text(condition.attribute.path())));
                    members.extend(found_value(asked, condition).map(|found| ("found", found)));
                    members.push(("needed", needed_value(asked, condition)));
                }
            }
            Why::Time(bounds) if asked.now.is_none_or(|now| now < bounds.from) => {
                members.push(("kind", "not-yet".into()));
                members.push(("needed", number_value(bounds.from)));
            }
            Why::Time(bounds) => {
                members.push(("kind", "expired".into()));
                members.push(("needed", number_value(bounds.until)));
            }
            Why::Scope => {
                members.push(("kind", "scope".into()));
                members.push(("found", Value::Text(prefix(asked.facts.path, &self.share.scope))));
                members.push(("needed", Value::from(&*self.share.scope)));
            }
        }
        members.push(("pointer", Value::Text(pointer)));
        members.push(("pattern", Value::Text(scoped(self.share, self.matched))));
        members.extend(way(asked, self.share).map(|way| ("role", Value::from(way.assigned))));
        object(members)
    }

    /// What is missing, in a sentence.
    pub(super) fn text(&self, asked: &Asked<'q>) -> String {
        let pattern = quote(&scoped(self.share, self.matched));
        let [action, resource] = [asked.action_name(), asked.facts.path.text()].map(quote);
        match &self.why {
            Why::Level(level) => {
                let found = quote(Level::name_of(asked.records, *level).unwrap_or_default());
                let needed = quote(asked.needed_level().unwrap_or_default());
                fill("{} has {} on {}, and {} needs {}.", &[&asked.asker(), &found, &resource, &action, &needed])
            }
            Why::Conditions(failing) => {
                let Some(condition) = failing.first() else { return String::new() };
                let found =
                    found_value(asked, condition).map_or_else(|| "missing".to_owned(), |found| quote(&found.json()));
                let needed = quote(&needed_value(asked, condition).json());
                let attribute = quote(&condition.attribute.path());
                fill("The grant on {} needs {} to be {}, and it is {}.", &[&pattern, &attribute, &needed, &found])
            }
            Why::Time(bounds) if asked.now.is_none_or(|now| now < bounds.from) => {
                fill("The grant on {} does not count yet.", &[&pattern])
            }
            Why::Time(_) => fill("The grant on {} has expired.", &[&pattern]),
            Why::Scope => {
                let role = way(asked, self.share).map_or("", |way| way.assigned);
                let message = "The role {} would give {}, but it is held for {}, and {} is outside.";
                fill(message, &[&quote(role), &action, &quote(&self.share.scope), &resource])
            }
        }
    }
}

/// The beginning of a path that is as long as a scope.
fn prefix(path: &Path<'_>, scope: &str) -> String {
    let mut prefix = String::new();
    for place in 0..scope.split('/').count().min(path.len()) {
        push_segment(&mut prefix, path.segment(place));
    }
    prefix
}

/// What an attribute of the question is; `None` if it is missing.
fn found_value(asked: &Asked<'_>, condition: &Condition) -> Option<Value> {
    given_value(asked.facts.find(&condition.attribute))
}

fn given_value(found: Found<'_>) -> Option<Value> {
    match found {
        Found::Missing => None,
        Found::Text(text) => Some(text.into()),
        Found::Groups(groups) => Some(Value::texts(groups)),
        Found::Value(value) => Some(value.clone()),
    }
}

/// What an attribute would have to be, as the right side of its condition says it, with references looked up.
pub(super) fn needed_value(asked: &Asked<'_>, condition: &Condition) -> Value {
    let operand = |operand: &Operand| match operand {
        Operand::Attribute(attribute) => given_value(asked.facts.find(attribute))
            .unwrap_or_else(|| Value::object([("ref", Value::Text(attribute.path()))])),
        Operand::Values(values) => match values.as_slice() {
            [only] => scalar(only),
            values => Value::List(values.iter().map(scalar).collect()),
        },
    };
    match &condition.test {
        Test::Equals(right) => operand(right),
        Test::Differs(right) => Value::object([("not", operand(right))]),
        Test::Within { least, most } => {
            let bound = |bound: &Bound| match bound {
                Bound::Number(_, digits) => Value::Number(digits.clone()),
                Bound::Attribute(attribute) => given_value(asked.facts.find(attribute))
                    .unwrap_or_else(|| Value::object([("ref", Value::Text(attribute.path()))])),
            };
            let ends = [("atLeast", least), ("atMost", most)];
            object(ends.iter().filter_map(|(name, end)| Some((*name, bound(end.as_ref()?)))).collect())
        }
    }
}
