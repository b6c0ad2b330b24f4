//! Remedies of near misses, and of the conditions of limits: a higher level, other bounds, or the value of an attribute.

use super::access::{Evaluation, Source};
use super::attributes::{Root, UserFacts};
use super::condition::{Condition, Test};
use super::near_miss::{is_yet_to_come, needed_value, Miss, MissReason};
use super::object::{number_value, Members};
use super::pointer::{grant_place, holder_place, names_of, pointer};
use super::remedy_value::{named_remedy, remedy, target_of, Target};
use super::table::Bounds;
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::bytes::find_byte;
use crate::tables::text::{concat, fill};

impl<'q> Evaluation<'q> {
    /// Whether the action would be allowed after a change of the question or of the subject.
    fn would_allow<'s>(&self, change: &mut dyn FnMut(&mut Evaluation<'s>)) -> bool
    where
        'q: 's,
    {
        let mut evaluation: Evaluation<'s> = *self;
        change(&mut evaluation);
        evaluation.decide().allow
    }
}

/// What a near miss lacks.
pub(super) fn push_miss_remedies(evaluation: &Evaluation<'_>, miss: &Miss<'_>, list: &mut Vec<Value>) {
    let place = grant_place(evaluation, miss.share, miss.matched);
    match &miss.reason {
        MissReason::Level(_) => {
            let Some(needed) = evaluation.needed_level() else { return };
            let text = fill("raise the grant on <> to <>", &[miss.matched.pattern, needed]);
            let (mut place, mut value) = (place, Value::from(needed));
            if miss.matched.entry.is_object {
                let Value::List(mut names) = names_of(evaluation, miss.matched) else { return };
                names.push(value);
                value = Value::List(names);
                place.push_str("/allow");
            }
            list.push(remedy("level", target_of(&place), "replace", place, Some(value), &text));
        }
        MissReason::Unmet { late, failing } => {
            let [others @ .., last] = &**late else {
                list.extend(condition_remedy(evaluation, failing));
                return;
            };
            if !failing.is_empty() {
                return;
            }
            let is_yet_to_come = is_yet_to_come(evaluation, last.bounds);
            let later = Bounds::intersect(miss.share.bounds, miss.matched.bounds()).map_or(0, |both| both.from);
            if is_yet_to_come && evaluation.would_allow(&mut |evaluation| evaluation.now = Some(later)) {
                let text = "ask again when the grant counts";
                list.push(remedy("wait", Target::Question, "add", pointer(&["now"]), Some(number_value(later)), text));
            }
            // Others do not hold either.
            if evaluation.now.is_none() || !others.is_empty() {
                return;
            }
            let end = if is_yet_to_come { "from" } else { "until" };
            let (kind, name, place) =
                last.assignment.as_ref().map_or(("grant", "", &place), |way| ("role", way.assigned, &way.place));
            let (what, of) =
                if name.is_empty() { ("grant on", miss.matched.pattern) } else { ("assignment of the role", name) };
            let text = fill("remove <> from the {} <>", &[end, what, of]);
            let target = target_of(place);
            list.push(named_remedy(kind, name, target, "remove", concat(&[place, "/", end]), None, &text));
        }
        MissReason::Scope => {}
    }
}

/// The remedy of conditions that do not hold, if one change is enough.
pub(super) fn condition_remedy(evaluation: &Evaluation<'_>, failing: &[&Condition]) -> Option<Value> {
    match failing {
        [only] => attribute_remedy(evaluation, only),
        _ => None,
    }
}

/// Gives an attribute of the question, or of the user, the value that a condition needs.
fn attribute_remedy(evaluation: &Evaluation<'_>, condition: &Condition) -> Option<Value> {
    let names = &*condition.attribute.names;
    let known = evaluation.facts.subject;
    let root = condition.attribute.root;
    let mut place = if root == Root::Subject { holder_place(evaluation, Source::User) } else { String::new() };
    let (member, given) = match root {
        Root::Resource => ("attributes", evaluation.facts.attributes),
        Root::Context => ("context", evaluation.facts.context),
        Root::Action => ("properties", evaluation.facts.properties),
        Root::Subject => ("attributes", known?.attributes),
    };
    let value = match (&condition.test, needed_value(evaluation, condition)) {
        (Test::Equals(_), Value::List(values)) => values.into_iter().next()?,
        (Test::Equals(_), value @ (Value::Text(_) | Value::Bool(_) | Value::Number(_))) => value,
        (Test::Within { .. }, bounds) => bounds.get("atLeast").or(bounds.get("atMost"))?.clone(),
        _ => return None,
    };
    if find_byte(names.as_bytes(), b'.').is_some() {
        return None;
    }
    let mut members = Members::default();
    if let Value::Object(given) = given {
        for (name, value) in given {
            if name != names {
                members.put(name, value.clone());
            }
        }
    }
    members.put(names, value.clone());
    let changed = members.object();
    let allows = evaluation.would_allow(&mut |evaluation| match root {
        Root::Resource => evaluation.facts.attributes = &changed,
        Root::Context => evaluation.facts.context = &changed,
        Root::Action => evaluation.facts.properties = &changed,
        Root::Subject => {
            evaluation.facts.subject = known.map(|known| UserFacts { attributes: &changed, ..known });
        }
    });
    if !allows {
        return None;
    }
    let target = if place.is_empty() { Target::Question } else { target_of(&place) };
    let text = if target == Target::Question { "ask with <> set to <>" } else { "set <> of the user to <>" };
    let text = fill(text, &[&condition.attribute.path(), &value.json()]);
    push_name(&mut place, member);
    let value = match given {
        Value::Object(_) => {
            push_name(&mut place, names);
            value
        }
        _ => changed.clone(),
    };
    Some(remedy("attribute", target, "add", place, Some(value), &text))
}
