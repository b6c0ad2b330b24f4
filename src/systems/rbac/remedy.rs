//! Remedies: single changes of the document or the question that would allow a denied action.
//!
//! Each has its change as a JSON Patch (RFC 6902). A change that another obstacle would undo is not a remedy: if a
//! grant is missing and a limit also denies the action, no remedy exists.

use super::access::{
    authenticated_shares, group_shares, resolve_active, role_shares, Evaluation, Identity, Share, Source,
};
use super::attributes::UserFacts;
use super::model::Holder;
use super::near_miss::{failing_conditions, Miss};
use super::near_miss_remedy::{condition_remedy, push_miss_remedies};
use super::object::{single, Members};
use super::pattern::{escape_literal, push_segment};
use super::pointer::{holder_place, limit_place, pointer};
use super::remedy_value::{named_remedy, remedy, remedy_members, target_of, Target};
use super::serialize::{grant, name_of};
use super::table::{Entry, Match};
use crate::document::limits::NAME_MAX;
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::text::{concat, fill, number};

/// The most remedies of each kind.
const EACH_MAX: usize = 5;

impl<'q> Evaluation<'q> {
    /// Whether a grant of these shares applies and allows the action.
    fn shares_allow(&self, shares: &[Share]) -> bool {
        let evaluation: Evaluation<'_> = *self;
        !evaluation.allowing_grants(shares).is_empty()
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
        (true, [], [first, others @ ..]) => {
            list.push(drop_within(Some(*first).filter(|_| others.is_empty() && evaluation.subject.withins.len() > 1)));
        }
        (true, [first, others @ ..], []) => {
            for limit in limits {
                list.extend(condition_remedy(evaluation, &failing_conditions(evaluation, *limit)));
            }
            list.truncate(EACH_MAX);
            if others.iter().all(|other| limit_place(*other) == limit_place(*first)) {
                list.push(remove_limit(*first));
            }
        }
        (false, [], []) => {
            list.extend(activate(evaluation));
            list.extend(sign_in(evaluation));
            let before = list.len();
            for miss in misses {
                push_miss_remedies(evaluation, miss, &mut list);
            }
            list.truncate(before.saturating_add(EACH_MAX));
            if let Some(holder) = user_holder(evaluation) {
                push_roles(evaluation, &holder, &mut list);
                push_groups(evaluation, &holder, &mut list);
                push_grant(evaluation, &holder, &mut list);
            }
        }
        _ => {}
    }
    list
}

/// Drops the holder at this index of `within`, or all of `within`.
fn drop_within(index: Option<usize>) -> Value {
    let mut path = pointer(&["within"]);
    if let Some(index) = index {
        push_name(&mut path, &number(index));
    }
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
    let subject = resolve_active(evaluation.records, &evaluation.subject.identity)?;
    let user = subject.identity.user(evaluation.records)?;
    let mut active: Evaluation<'_> = *evaluation;
    active.subject = &subject;
    active.facts.subject = Some(UserFacts { id: &user.id, groups: &user.groups, attributes: &user.attributes });
    if !active.decide().allow {
        return None;
    }
    let place = holder_place(&active, Source::User);
    let text = fill("make the user <> active", &[&user.id]);
    Some(remedy("activate", target_of(&place), "replace", concat(&[&place, "/active"]), Some(true.into()), &text))
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
    let target = target_of(&place);
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
        let name = &*role.name;
        // If the user has the role until a time, it is enough to remove that.
        if has_remedy(list, "role", name, &concat(&[place, "/roles"])) {
            continue;
        }
        count = count.saturating_add(1);
        let (value, text) = if scope.is_empty() {
            (Value::from(name), fill("give the user the role <>", &[name]))
        } else {
            let mut value = Members::default();
            value.text("role", name);
            value.text("scope", &scope);
            (value.object(), fill("give the user the role <> for <>", &[name, &scope]))
        };
        let (path, value) = add_to_list(!holder.has_roles, place, "roles", value);
        list.push(named_remedy("role", name, *target, "add", path, Some(value), &text));
    }
}

/// Whether one of these remedies has this member, and changes something at this pointer or below it.
fn has_remedy(list: &[Value], member: &str, value: &str, place: &str) -> bool {
    list.iter().any(|remedy| {
        let text = |name| remedy.get(name).and_then(Value::text).unwrap_or("");
        let below = text("pointer").strip_prefix(place);
        text(member) == value && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
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
    let Some(known) = evaluation.facts.subject else { return };
    let mut count = 0_usize;
    for (index, group) in (0..).zip(&evaluation.records.groups) {
        if count == EACH_MAX {
            return;
        }
        // The user's own grants can have a condition that needs the group. A further group takes nothing away.
        let mut member: Evaluation<'_> = *evaluation;
        let groups = std::slice::from_ref(&group.name);
        member.facts.subject = Some(UserFacts { groups, ..known });
        let of_group = group_shares(evaluation.records, index);
        if evaluation.shares_allow(&of_group) || member.shares_allow(&evaluation.subject.shares) {
            count = count.saturating_add(1);
            let text = fill("add the user to the group <>", &[&group.name]);
            let (path, value) = add_to_list(known.groups.is_empty(), place, "groups", Value::from(&*group.name));
            list.push(named_remedy("group", &group.name, *target, "add", path, Some(value), &text));
        }
    }
}

/// Adds a grant for the user itself, unless an existing one can be raised.
fn push_grant(
    evaluation: &Evaluation<'_>,
    UserHolder { holder, place, target }: &UserHolder<'_>,
    list: &mut Vec<Value>,
) {
    let name = evaluation.action_name();
    let mut pattern = String::new();
    (0..evaluation.facts.path.len()).for_each(|at| push_literal(&mut pattern, evaluation.facts.path.segment(at)));
    if pattern.len() > NAME_MAX {
        return;
    }
    let mut op = "add";
    let mut path = concat(&[place, "/grants"]);
    let mut value = Value::from(name);
    if !holder.has_grants {
        value = single(&pattern, name);
    } else {
        push_name(&mut path, &pattern);
        let mut own: Vec<Match<'_>> = Vec::new();
        holder.grants.for_each_entry(&mut |matched| {
            if matched.pattern == pattern {
                own.push(matched);
            }
        });
        match own.first().map(|first| first.entry) {
            Some(_) if evaluation.needed_level() == Some(name) && has_remedy(list, "kind", "level", &path) => return,
            Some(Entry { item: 0, named, is_object, .. }) => {
                let written = if *is_object {
                    grant(evaluation.records, &own)
                } else {
                    name_of(evaluation.records, *named).into()
                };
                op = "replace";
                value = Value::List(vec![written, value]);
            }
            Some(_) => path.push_str("/-"),
            None => {}
        }
    }
    let text = fill("grant the user <> on <>", &[name, &pattern]);
    list.push(remedy("grant", *target, op, path, Some(value), &text));
}
