//! Remedies: single changes of the document or the question that would allow a denied action.
//!
//! Each has its change as a JSON Patch (RFC 6902). A change that another obstacle would undo is not a remedy: if a
//! grant is missing and a limit also denies the action, there is none.

use super::access::{authenticated_shares, group_shares, resolve_active, role_shares, Asked, Share, Source, Who};
use super::condition::{Condition, Known, Root, Test};
use super::model::Holder;
use super::near_miss::{is_yet_to_come, needed_value, Miss, Why};
use super::object::{number_value, single, Members};
use super::pattern::{escaped, push_segment};
use super::pointer::{grant_place, holder_place, limit_place, names_of, pointer};
use super::table::Match;
use crate::document::limits::NAME_MAX;
use crate::document::problem::{fill_quoted, push_name};
use crate::document::value::Value;
use crate::tables::text::{concat, number};

/// The most remedies of each kind.
const EACH_MAX: usize = 5;

/// What changes.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Document,
    Question,
}

impl<'q> Asked<'q> {
    /// Whether a grant of these shares applies and allows the action.
    fn gives_by(&self, shares: &[Share]) -> bool {
        let asked: Asked<'_> = *self;
        !asked.giving(shares).is_empty()
    }

    /// Whether the action would be allowed after a change of the question or of the subject.
    fn would_allow<'s>(&self, change: &mut dyn FnMut(&mut Asked<'s>)) -> bool
    where
        'q: 's,
    {
        let mut asked: Asked<'s> = *self;
        change(&mut asked);
        asked.decide().allow
    }
}

/// The remedies of a denial, smallest change first. `limits` and `withins` are those that deny.
pub(super) fn remedies(asked: &Asked<'_>, limits: &[Match<'_>], withins: &[usize], misses: &[Miss<'_>]) -> Vec<Value> {
    let is_granted = !asked.giving(&asked.subject.shares).is_empty();
    let mut list = Vec::new();
    match (is_granted, limits, withins) {
        (true, [], [within]) => list.push(drop_within(asked, *within)),
        (true, [first, others @ ..], []) if others.iter().all(|other| limit_place(*other) == limit_place(*first)) => {
            list.push(remove_limit(*first));
        }
        (false, [], []) => {
            list.extend(activate(asked));
            list.extend(sign_in(asked));
            let before = list.len();
            for miss in misses {
                if list.len().saturating_sub(before) < EACH_MAX {
                    list.extend(near(asked, miss));
                }
            }
            if let Some(holder) = user_holder(asked) {
                push_roles(asked, &holder, &mut list);
                push_groups(asked, &holder, &mut list);
                list.extend(grant(asked, &holder));
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
    let mut members = described(kind, text, target, &path);
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
fn described(kind: &str, text: &str, target: Target, path: &str) -> Members {
    let mut members = Members::default();
    members.text("kind", kind);
    members.text("text", text);
    members.text("target", if target == Target::Document { "document" } else { "question" });
    members.text("pointer", path);
    members
}

fn drop_within(asked: &Asked<'_>, within: usize) -> Value {
    let path =
        if asked.subject.withins.len() > 1 { pointer(&["within", &number(within)]) } else { pointer(&["within"]) };
    let text = "ask without this `within`, or give it a role or grant for the action";
    remedy("within", Target::Question, "remove", path, None, text)
}

fn remove_limit(limit: Match<'_>) -> Value {
    let text = fill_quoted("remove the limit on <>, or add an exception in `unless`", &[limit.pattern]);
    remedy("limit", Target::Document, "remove", limit_place(limit), None, &text)
}

/// Signing in, if every active user has the action.
fn sign_in(asked: &Asked<'_>) -> Option<Value> {
    let is_open = asked.gives_by(&authenticated_shares(asked.records));
    let text = "sign in: every active user has this";
    (matches!(asked.subject.who, Who::NotSignedIn) && is_open)
        .then(|| described("sign-in", text, Target::Question, "/subject").object())
}

/// Activates an inactive user, if that is enough.
fn activate(asked: &Asked<'_>) -> Option<Value> {
    let Who::Inactive(place) = asked.subject.who else { return None };
    let id = &asked.records.users.get(place)?.id;
    let subject = resolve_active(asked.records, place);
    let user = subject.who.user(asked.records)?;
    let allows = asked.would_allow(&mut |asked| {
        asked.subject = &subject;
        asked.facts.subject = Some(Known { id: &user.id, groups: &user.groups, attributes: &user.attributes });
    });
    if !allows {
        return None;
    }
    let text = fill_quoted("make the user <> active", &[id]);
    Some(remedy("activate", Target::Document, "replace", pointer(&["users", id, "active"]), Some(true.into()), &text))
}

/// What a near miss lacks.
fn near(asked: &Asked<'_>, miss: &Miss<'_>) -> Option<Value> {
    let place = grant_place(asked, miss.share, miss.matched);
    let is_in_document = miss.share.role.is_some() || holder_place(asked, miss.share.source) != "/subject";
    let target = if is_in_document { Target::Document } else { Target::Question };
    match &miss.why {
        Why::Level(_) => {
            let needed = asked.needed_level()?;
            let text = fill_quoted("raise the grant on <> to <>", &[miss.matched.pattern, needed]);
            if !miss.matched.entry.is_object {
                return Some(remedy("level", target, "replace", place, Some(needed.into()), &text));
            }
            let Value::List(mut names) = names_of(asked, miss.share, miss.matched) else { return None };
            names.push(needed.into());
            let place = concat(&[&place, "/allow"]);
            Some(remedy("level", target, "replace", place, Some(Value::List(names)), &text))
        }
        Why::Conditions(failing) => match failing.as_slice() {
            [only] => attribute(asked, only),
            _ => None,
        },
        Why::Time(bounds) => {
            let later = bounds.from;
            if !is_yet_to_come(asked, *bounds) || !asked.would_allow(&mut |asked| asked.now = Some(later)) {
                return None;
            }
            let text = "ask again when the grant counts";
            Some(remedy("wait", Target::Question, "add", pointer(&["now"]), Some(number_value(later)), text))
        }
        Why::Scope => None,
    }
}

/// Gives an attribute of the question the value that a condition needs.
fn attribute(asked: &Asked<'_>, condition: &Condition) -> Option<Value> {
    let names = &*condition.attribute.names;
    let (member, given) = match condition.attribute.root {
        Root::Resource => ("attributes", asked.facts.attributes),
        Root::Context => ("context", asked.facts.context),
        Root::Action => ("properties", asked.facts.properties),
        Root::Subject => return None,
    };
    let value = match (&condition.test, needed_value(asked, condition)) {
        (Test::Equals(_), Value::List(values)) => values.into_iter().next()?,
        (Test::Equals(_), value @ (Value::Text(_) | Value::Bool(_) | Value::Number(_))) => value,
        (Test::Within { .. }, bounds) => bounds.get("atLeast").or(bounds.get("atMost"))?.clone(),
        _ => return None,
    };
    if names.contains('.') {
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
    let allows = asked.would_allow(&mut |asked| match condition.attribute.root {
        Root::Resource => asked.facts.attributes = &changed,
        Root::Context => asked.facts.context = &changed,
        Root::Action | Root::Subject => asked.facts.properties = &changed,
    });
    if !allows {
        return None;
    }
    let text = fill_quoted("ask with <> set to <>", &[&condition.attribute.path(), &value.json()]);
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

fn user_holder<'q>(asked: &Asked<'q>) -> Option<UserHolder<'q>> {
    let holder = asked.subject.holder(asked.records, Source::User)?;
    let place = holder_place(asked, Source::User);
    let target = if place == "/subject" { Target::Question } else { Target::Document };
    Some(UserHolder { holder, place, target })
}

/// Adds the roles that would allow the action, each in the narrowest sufficient scope.
fn push_roles(asked: &Asked<'_>, UserHolder { holder, place, target }: &UserHolder<'_>, list: &mut Vec<Value>) {
    let mut count = 0_usize;
    for (index, role) in (0..).zip(&asked.records.roles) {
        if count == EACH_MAX {
            return;
        }
        let Some(scope) = scope_of(asked, index) else { continue };
        count = count.saturating_add(1);
        let name = &*role.name;
        let (value, text) = if scope.is_empty() {
            (Value::from(name), fill_quoted("give the user the role <>", &[name]))
        } else {
            let mut value = Members::default();
            value.text("role", name);
            value.text("scope", &scope);
            (value.object(), fill_quoted("give the user the role <> for <>", &[name, &scope]))
        };
        let (path, value) = added(holder.roles.is_empty(), place, "roles", value);
        list.push(named_remedy("role", name, *target, "add", path, Some(value), &text));
    }
}

/// Where an item is added: at the end of a list, or as a new list.
fn added(is_empty: bool, place: &str, list: &str, value: Value) -> (String, Value) {
    if is_empty {
        (concat(&[place, "/", list]), Value::List(vec![value]))
    } else {
        (concat(&[place, "/", list, "/-"]), value)
    }
}

/// The shortest prefix of the path in which a role allows the action. Returns `None` if it does not.
fn scope_of(asked: &Asked<'_>, role: u32) -> Option<String> {
    let path = asked.facts.path;
    let mut scope = String::new();
    for count in 0..path.len() {
        if count > 0 {
            push_literal(&mut scope, path.segment(count.saturating_sub(1)));
        }
        if asked.gives_by(&role_shares(asked.records, role, &scope)) {
            return Some(scope);
        }
    }
    None
}

/// Adds a segment, written as a literal of a pattern.
fn push_literal(pattern: &mut String, segment: &str) {
    push_segment(pattern, &escaped(segment));
}

/// Adds the groups that would allow the action.
fn push_groups(asked: &Asked<'_>, UserHolder { place, target, .. }: &UserHolder<'_>, list: &mut Vec<Value>) {
    let has_groups = asked.facts.subject.is_some_and(|known| !known.groups.is_empty());
    let mut count = 0_usize;
    for (index, group) in (0..).zip(&asked.records.groups) {
        if count < EACH_MAX && asked.gives_by(&group_shares(asked.records, index)) {
            count = count.saturating_add(1);
            let text = fill_quoted("add the user to the group <>", &[&group.name]);
            let (path, value) = added(!has_groups, place, "groups", Value::from(&*group.name));
            list.push(named_remedy("group", &group.name, *target, "add", path, Some(value), &text));
        }
    }
}

/// A grant for the user itself.
fn grant(asked: &Asked<'_>, UserHolder { holder, place, target }: &UserHolder<'_>) -> Option<Value> {
    let name = asked.needed_level().unwrap_or(asked.action_name());
    let mut pattern = String::new();
    (0..asked.facts.path.len()).for_each(|at| push_literal(&mut pattern, asked.facts.path.segment(at)));
    let mut is_taken = false;
    holder.grants.each(&mut |matched| is_taken |= matched.pattern == pattern);
    if is_taken || pattern.len() > NAME_MAX {
        return None;
    }
    let text = fill_quoted("grant the user <> on <>", &[name, &pattern]);
    let mut path = concat(&[place, "/grants"]);
    let value = if holder.grants.is_empty() {
        single(&pattern, name)
    } else {
        push_name(&mut path, &pattern);
        name.into()
    };
    Some(remedy("grant", *target, "add", path, Some(value), &text))
}
