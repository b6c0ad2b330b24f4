//! Remedies: single changes of the document or the question that would allow a denied action.
//!
//! The file has over 300 lines because the remedies are one list, smallest change first: [`remedies`] tries each kind
//! of change on the same evaluation, and offers it only if it is enough.
//!
//! Each has its change as a JSON Patch (RFC 6902). A change that another obstacle would undo is not a remedy: if a
//! grant is missing and a limit also denies the action, no remedy exists.

use super::access::{
    authenticated_shares, group_shares, resolve_active, role_shares, Evaluation, Identity, Share, Source,
};
use super::attributes::{Root, UserFacts};
use super::condition::{Condition, Test};
use super::model::Holder;
use super::near_miss::{is_yet_to_come, needed_value, Miss, MissReason};
use super::object::{number_value, single, Members};
use super::pattern::{escape_literal, push_segment};
use super::pointer::{grant_place, holder_place, limit_place, names_of, pointer};
use super::table::Match;
use crate::document::limits::NAME_MAX;
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::bytes::find_byte;
use crate::tables::text::{concat, fill, number};

/// The most remedies of each kind.
const EACH_MAX: usize = 5;

/// What changes.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Document,
    Question,
}

impl<'q> Evaluation<'q> {
    /// Whether a grant of these shares applies and allows the action.
    fn shares_allow(&self, shares: &[Share]) -> bool {
        let evaluation: Evaluation<'_> = *self;
        !evaluation.allowing_grants(shares).is_empty()
    }

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

/// The remedies of a denial, smallest change first. `limits` and `withins` are those that deny.
pub(super) fn remedies(
    evaluation: &Evaluation<'_>,
    limits: &[Match<'_>],
    withins: &[usize],
    misses: &[Miss<'_>],
) -> Vec<Value> {
    let is_granted = !evaluation.allowing_grants(&evaluation.subject.shares).is_empty();
    let mut list = Vec::new();
    match (is_granted, limits, withins) {
        (true, [], [within]) => list.push(drop_within(evaluation, *within)),
        (true, [first, others @ ..], []) if others.iter().all(|other| limit_place(*other) == limit_place(*first)) => {
            list.push(remove_limit(*first));
        }
        (false, [], []) => {
            list.extend(activate(evaluation));
            list.extend(sign_in(evaluation));
            let before = list.len();
            for miss in misses {
                if list.len().saturating_sub(before) < EACH_MAX {
                    list.extend(near_miss_remedy(evaluation, miss));
                }
            }
            if let Some(holder) = user_holder(evaluation) {
                push_roles(evaluation, &holder, &mut list);
                push_groups(evaluation, &holder, &mut list);
                list.extend(grant_remedy(evaluation, &holder));
            }
        }
        _ => {}
    }
    list
}

/// A remedy: one change.
fn remedy(kind: &str, target: Target, op: &str, path: String, value: Option<Value>, text: &str) -> Value {
    named_remedy(kind, "", target, op, path, value, text)
}

/// Adds the name of the role or group that is assigned.
fn named_remedy(
    kind: &str,
    name: &str,
    target: Target,
    op: &str,
    path: String,
    value: Option<Value>,
    text: &str,
) -> Value {
    let mut members = remedy_members(kind, text, target, &path);
    let mut change = Members::default();
    change.text("op", op);
    change.put("path", Value::Text(path));
    if let Some(value) = value {
        change.put("value", value);
    }
    members.put("patch", Value::List(vec![change.object()]));
    if !name.is_empty() {
        members.text(kind, name);
    }
    members.object()
}

/// The members of every remedy.
fn remedy_members(kind: &str, text: &str, target: Target, path: &str) -> Members {
    let mut members = Members::default();
    members.text("kind", kind);
    members.text("text", text);
    members.text("target", if target == Target::Document { "document" } else { "question" });
    members.text("pointer", path);
    members
}

fn drop_within(evaluation: &Evaluation<'_>, within: usize) -> Value {
    let path =
        if evaluation.subject.withins.len() > 1 { pointer(&["within", &number(within)]) } else { pointer(&["within"]) };
    let text = "ask without this `within`, or give it a role or grant for the action";
    remedy("within", Target::Question, "remove", path, None, text)
}

fn remove_limit(limit: Match<'_>) -> Value {
    let text = fill("remove the limit on <>, or add an exception in `unless`", &[limit.pattern]);
    remedy("limit", Target::Document, "remove", limit_place(limit), None, &text)
}

/// Signing in, if every active user has the action.
fn sign_in(evaluation: &Evaluation<'_>) -> Option<Value> {
    let is_open = evaluation.shares_allow(&authenticated_shares(evaluation.records));
    let text = "sign in: every active user has this";
    (matches!(evaluation.subject.identity, Identity::NotSignedIn) && is_open)
        .then(|| remedy_members("sign-in", text, Target::Question, "/subject").object())
}

/// Activates an inactive user, if that is enough.
fn activate(evaluation: &Evaluation<'_>) -> Option<Value> {
    let Identity::Inactive(place) = evaluation.subject.identity else { return None };
    let id = &evaluation.records.users.get(place)?.id;
    let subject = resolve_active(evaluation.records, place);
    let user = subject.identity.user(evaluation.records)?;
    let allows = evaluation.would_allow(&mut |evaluation| {
        evaluation.subject = &subject;
        evaluation.facts.subject = Some(UserFacts { id: &user.id, groups: &user.groups, attributes: &user.attributes });
    });
    if !allows {
        return None;
    }
    let text = fill("make the user <> active", &[id]);
    Some(remedy("activate", Target::Document, "replace", pointer(&["users", id, "active"]), Some(true.into()), &text))
}

/// What a near miss lacks.
fn near_miss_remedy(evaluation: &Evaluation<'_>, miss: &Miss<'_>) -> Option<Value> {
    let place = grant_place(evaluation, miss.share, miss.matched);
    let is_in_document = miss.share.role.is_some() || holder_place(evaluation, miss.share.source) != "/subject";
    let target = if is_in_document { Target::Document } else { Target::Question };
    match &miss.reason {
        MissReason::Level(_) => {
            let needed = evaluation.needed_level()?;
            let text = fill("raise the grant on <> to <>", &[miss.matched.pattern, needed]);
            if !miss.matched.entry.is_object {
                return Some(remedy("level", target, "replace", place, Some(needed.into()), &text));
            }
            let Value::List(mut names) = names_of(evaluation, miss.share, miss.matched) else { return None };
            names.push(needed.into());
            let place = concat(&[&place, "/allow"]);
            Some(remedy("level", target, "replace", place, Some(Value::List(names)), &text))
        }
        MissReason::Conditions(failing) => match failing.as_slice() {
            [only] => attribute_remedy(evaluation, only),
            _ => None,
        },
        MissReason::Time(bounds) => {
            let later = bounds.from;
            if !is_yet_to_come(evaluation, *bounds)
                || !evaluation.would_allow(&mut |evaluation| evaluation.now = Some(later))
            {
                return None;
            }
            let text = "ask again when the grant counts";
            Some(remedy("wait", Target::Question, "add", pointer(&["now"]), Some(number_value(later)), text))
        }
        MissReason::Scope => None,
    }
}

/// Gives an attribute of the question the value that a condition needs.
fn attribute_remedy(evaluation: &Evaluation<'_>, condition: &Condition) -> Option<Value> {
    let names = &*condition.attribute.names;
    let (member, given) = match condition.attribute.root {
        Root::Resource => ("attributes", evaluation.facts.attributes),
        Root::Context => ("context", evaluation.facts.context),
        Root::Action => ("properties", evaluation.facts.properties),
        Root::Subject => return None,
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
    let allows = evaluation.would_allow(&mut |evaluation| match condition.attribute.root {
        Root::Resource => evaluation.facts.attributes = &changed,
        Root::Context => evaluation.facts.context = &changed,
        Root::Action | Root::Subject => evaluation.facts.properties = &changed,
    });
    if !allows {
        return None;
    }
    let text = fill("ask with <> set to <>", &[&condition.attribute.path(), &value.json()]);
    let (path, value) = match given {
        Value::Object(_) => (pointer(&[member, names]), value),
        _ => (pointer(&[member]), changed.clone()),
    };
    Some(remedy("attribute", Target::Question, "add", path, Some(value), &text))
}

/// The user's holder, and its pointer.
struct UserHolder<'q> {
    holder: &'q Holder,
    place: String,
    target: Target,
}

fn user_holder<'q>(evaluation: &Evaluation<'q>) -> Option<UserHolder<'q>> {
    let holder = evaluation.subject.holder(evaluation.records, Source::User)?;
    let place = holder_place(evaluation, Source::User);
    let target = if place == "/subject" { Target::Question } else { Target::Document };
    Some(UserHolder { holder, place, target })
}

/// Adds the roles that would allow the action, each in the narrowest sufficient scope.
fn push_roles(
    evaluation: &Evaluation<'_>,
    UserHolder { holder, place, target }: &UserHolder<'_>,
    list: &mut Vec<Value>,
) {
    let mut count = 0_usize;
    for (index, role) in (0..).zip(&evaluation.records.roles) {
        if count == EACH_MAX {
            return;
        }
        let Some(scope) = scope_of(evaluation, index) else { continue };
        count = count.saturating_add(1);
        let name = &*role.name;
        let (value, text) = if scope.is_empty() {
            (Value::from(name), fill("give the user the role <>", &[name]))
        } else {
            let mut value = Members::default();
            value.text("role", name);
            value.text("scope", &scope);
            (value.object(), fill("give the user the role <> for <>", &[name, &scope]))
        };
        let (path, value) = add_to_list(holder.roles.is_empty(), place, "roles", value);
        list.push(named_remedy("role", name, *target, "add", path, Some(value), &text));
    }
}

/// Where an item is added: at the end of a list, or as a new list.
fn add_to_list(is_empty: bool, place: &str, list: &str, value: Value) -> (String, Value) {
    if is_empty {
        (concat(&[place, "/", list]), Value::List(vec![value]))
    } else {
        (concat(&[place, "/", list, "/-"]), value)
    }
}

/// The shortest prefix of the path in which a role allows the action. Returns `None` if it does not.
fn scope_of(evaluation: &Evaluation<'_>, role: u32) -> Option<String> {
    let path = evaluation.facts.path;
    let mut scope = String::new();
    for count in 0..path.len() {
        if count > 0 {
            push_literal(&mut scope, path.segment(count.saturating_sub(1)));
        }
        if evaluation.shares_allow(&role_shares(evaluation.records, role, &scope)) {
            return Some(scope);
        }
    }
    None
}

/// Adds a segment, written as a literal of a pattern.
fn push_literal(pattern: &mut String, segment: &str) {
    push_segment(pattern, &escape_literal(segment));
}

/// Adds the groups that would allow the action.
fn push_groups(evaluation: &Evaluation<'_>, UserHolder { place, target, .. }: &UserHolder<'_>, list: &mut Vec<Value>) {
    let has_groups = evaluation.facts.subject.is_some_and(|known| !known.groups.is_empty());
    let mut count = 0_usize;
    for (index, group) in (0..).zip(&evaluation.records.groups) {
        if count < EACH_MAX && evaluation.shares_allow(&group_shares(evaluation.records, index)) {
            count = count.saturating_add(1);
            let text = fill("add the user to the group <>", &[&group.name]);
            let (path, value) = add_to_list(!has_groups, place, "groups", Value::from(&*group.name));
            list.push(named_remedy("group", &group.name, *target, "add", path, Some(value), &text));
        }
    }
}

/// A grant for the user itself.
fn grant_remedy(evaluation: &Evaluation<'_>, UserHolder { holder, place, target }: &UserHolder<'_>) -> Option<Value> {
    let name = evaluation.needed_level().unwrap_or(evaluation.action_name());
    let mut pattern = String::new();
    (0..evaluation.facts.path.len()).for_each(|at| push_literal(&mut pattern, evaluation.facts.path.segment(at)));
    let mut is_taken = false;
    holder.grants.for_each_entry(&mut |matched| is_taken |= matched.pattern == pattern);
    if is_taken || pattern.len() > NAME_MAX {
        return None;
    }
    let text = fill("grant the user <> on <>", &[name, &pattern]);
    let mut path = concat(&[place, "/grants"]);
    let value = if holder.grants.is_empty() {
        single(&pattern, name)
    } else {
        push_name(&mut path, &pattern);
        name.into()
    };
    Some(remedy("grant", *target, "add", path, Some(value), &text))
}
