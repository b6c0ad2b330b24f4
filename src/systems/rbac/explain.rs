//! Explanations: the grants and limits that decided, the levels that were compared, and what would allow the action.

use super::access::{Evaluation, Share, Source, Subject};
use super::model::Records;
use super::near_miss::{failing_conditions, near_misses, Miss};
use super::near_miss_text::conditions_text;
use super::object::{number_value, push_new, Members};
use super::pattern::{Path, PathMemory};
use super::pointer::{grant_place, limit_place, names_of, role_path, scoped_pattern, ways, RolePath};
use super::remedy::remedies;
use super::serialize::name_of;
use super::table::{Bounds, Match, Named};
use super::vocabulary::{Action, Level, Rule};
use crate::document::value::Value;
use crate::system::{Details, Term};
use crate::tables::text::{concat, fill, quote};

/// The explanation of a decision: `text`, `grants`, `limits`, `within`, `nearMisses` and `remedies`.
pub(super) fn explain(
    records: &Records,
    subject: &Subject,
    action: Action,
    resource: &str,
    details: Details<'_>,
) -> Value {
    let mut lists = Lists::default();
    let mut memory = PathMemory::default();
    let text = match Path::parse(resource, &mut memory) {
        None => fill("<> is not a path of 1 to 32 names, so no grant is about it.", &[resource]),
        Some(path) => {
            let evaluation = Evaluation::new(records, subject, action, &path, details);
            let ruling = evaluation.decide();
            if ruling.allow {
                explain_allowed(&evaluation, ruling.rule, &mut lists)
            } else {
                explain_denied(&evaluation, ruling.rule, &mut lists)
            }
        }
    };
    let mut members = Members::default();
    members.text("text", &text);
    members.put("grants", Value::List(lists.grants));
    members.put("limits", Value::List(lists.limits));
    members.put("within", Value::List(lists.withins));
    members.put("nearMisses", Value::List(lists.misses));
    members.put("remedies", Value::List(lists.remedies));
    members.object()
}

/// The lists of an explanation.
#[derive(Default)]
struct Lists {
    grants: Vec<Value>,
    limits: Vec<Value>,
    withins: Vec<Value>,
    misses: Vec<Value>,
    remedies: Vec<Value>,
}

/// Explains an allowed action and returns the text.
fn explain_allowed(evaluation: &Evaluation<'_>, rule: Rule, lists: &mut Lists) -> String {
    let grants = evaluation.allowing_grants(&evaluation.subject.shares);
    for (share, matched) in &grants {
        for way in ways(evaluation, share) {
            push_new(&mut lists.grants, grant_value(evaluation, share, *matched, way));
        }
    }
    allowed_text(evaluation, rule, &grants)
}

/// Explains a denied action and returns the text.
fn explain_denied(evaluation: &Evaluation<'_>, rule: Rule, lists: &mut Lists) -> String {
    let limits = evaluation.denying_limits();
    for matched in &limits {
        push_new(&mut lists.limits, limit_value(evaluation, *matched));
    }
    let withins = evaluation.denying_withins();
    for place in &withins {
        lists.withins.push(number_value(*place));
    }
    let misses = near_misses(evaluation);
    for miss in &misses {
        miss.push_values(evaluation, &mut lists.misses);
    }
    for remedy in remedies(evaluation, &limits, &withins, &misses) {
        push_new(&mut lists.remedies, remedy);
    }
    denied_text(evaluation, rule, &limits, &misses)
}

impl<'q> Evaluation<'q> {
    /// The grants of these shares that apply and allow the action.
    pub(super) fn allowing_grants(&self, shares: &'q [Share]) -> Vec<(&'q Share, Match<'q>)> {
        let mut giving = Vec::new();
        self.visit_grants(shares, &mut |share, matched| {
            if self.grants_action(matched.entry.named) && self.grant_applies(share, matched) {
                giving.push((share, matched));
            }
        });
        giving
    }

    /// The limits that apply and deny the action.
    pub(super) fn denying_limits(&self) -> Vec<Match<'q>> {
        let mut stopping = Vec::new();
        self.visit_limits(&mut |matched| {
            if self.denies_action(matched.entry.named)
                && !matched.conditions().is_some_and(|unless| unless.are_met(&self.facts))
            {
                stopping.push(matched);
            }
        });
        stopping
    }

    /// The indexes of the `within` holders that do not allow the action.
    fn denying_withins(&self) -> Vec<usize> {
        let mut places = Vec::new();
        for (place, within) in self.subject.withins.iter().enumerate() {
            if self.allowing_grants(&within.shares).is_empty() {
                places.push(place);
            }
        }
        places
    }

    /// The subject, for a sentence.
    pub(super) fn subject_text(&self) -> String {
        self.facts.subject.map_or_else(|| "This caller".to_owned(), |known| quote(known.id))
    }

    pub(super) fn action_name(&self) -> &'q str {
        self.facts.action
    }

    /// The lowest level of the action, by name.
    pub(super) fn needed_level(&self) -> Option<&'q str> {
        Level::name_of(self.records, self.records.least_level(self.action.0)?)
    }
}

/// A grant that allows the action, with the role or group through which the subject has it.
fn grant_value(evaluation: &Evaluation<'_>, share: &Share, matched: Match<'_>, way: Option<RolePath<'_>>) -> Value {
    let mut members = Members::default();
    members.text("pointer", &grant_place(evaluation, share, matched));
    let holder = match share.source {
        Source::User | Source::Role => "user",
        Source::Group(_) => "group",
        Source::Authenticated => "authenticated",
        Source::Everyone => "everyone",
        Source::Within(_) => "within",
    };
    members.text("holder", holder);
    members.text("pattern", &scoped_pattern(share, matched));
    members.put("allow", names_of(evaluation, matched));
    if let Source::Group(place) = share.source {
        members.text("group", group_name(evaluation, place));
    }
    if let Some(RolePath { assigned, inherited, .. }) = way {
        members.text("role", assigned);
        if inherited.len() > 1 {
            members.put("inherited", Value::texts(&inherited));
        }
    }
    if !share.scope.is_empty() {
        members.text("scope", &share.scope);
    }
    if let Some(Bounds { from, until }) = Bounds::intersect(share.bounds, matched.bounds()) {
        if from > 0 {
            members.put("from", number_value(from));
        }
        if until < u64::MAX {
            members.put("until", number_value(until));
        }
    }
    members.object()
}

/// A limit that denies the action.
fn limit_value(evaluation: &Evaluation<'_>, matched: Match<'_>) -> Value {
    let mut members = Members::default();
    members.text("pointer", &limit_place(matched));
    members.text("pattern", matched.pattern);
    match matched.entry.named {
        Named::Level(_) => members.text("level", name_of(evaluation.records, matched.entry.named)),
        Named::Action(_) => members.put("deny", names_of(evaluation, matched)),
    }
    members.object()
}

fn group_name<'q>(evaluation: &Evaluation<'q>, place: u32) -> &'q str {
    evaluation.records.group(place).map_or("", |group| &group.name)
}

/// Why the action is allowed, as a sentence.
fn allowed_text(evaluation: &Evaluation<'_>, rule: Rule, grants: &[(&Share, Match<'_>)]) -> String {
    let first = grants.iter().find(|(share, _)| share.source.rule() == rule);
    let Some((share, matched)) = first else { return String::new() };
    let by = match (share.source, role_path(evaluation, share)) {
        (Source::Group(place), _) => fill("the group <>", &[group_name(evaluation, place)]),
        (Source::Authenticated, _) => "every signed-in user".to_owned(),
        (Source::Everyone, _) => "everyone".to_owned(),
        (_, Some(role_path)) => fill("the role <>", &[role_path.assigned]),
        (_, None) => evaluation.subject_text(),
    };
    let (action, resource) = (evaluation.action_name(), evaluation.facts.path.text());
    let (name, on) = (name_of(evaluation.records, matched.entry.named), scoped_pattern(share, *matched));
    fill("{} may <> <>: {} has <> on <>.", &[&evaluation.subject_text(), action, resource, &by, name, &on])
}

/// Why the action is denied, as a sentence.
fn denied_text(evaluation: &Evaluation<'_>, rule: Rule, limits: &[Match<'_>], misses: &[Miss<'_>]) -> String {
    let (subject, action, resource) =
        (evaluation.subject_text(), evaluation.action_name(), evaluation.facts.path.text());
    let template = match (rule, limits.first(), misses.first()) {
        (Rule::Limit, Some(limit), _) => return limit_text(evaluation, *limit),
        (Rule::Within, ..) => "{} may <> <>, but the holder that this question stays within may not.",
        (_, _, Some(miss)) => return miss.to_text(evaluation),
        (Rule::NotSignedIn, ..) => return closed_text("The caller is not signed in", action, resource),
        (Rule::UnknownUser, ..) => return closed_text("The document has no such user", action, resource),
        (Rule::InactiveUser, ..) => return closed_text("The user is inactive", action, resource),
        _ => "{} has no grant that gives <> on <>.",
    };
    fill(template, &[&subject, action, resource])
}

fn closed_text(why: &str, action: &str, resource: &str) -> String {
    fill("{}, and <> on <> is not open to everyone.", &[why, action, resource])
}

/// What a limit takes away, and the exception that does not hold.
fn limit_text(evaluation: &Evaluation<'_>, limit: Match<'_>) -> String {
    let failing = failing_conditions(evaluation, limit);
    let text = match limit.entry.named {
        Named::Action(_) => "The limit on <> denies{} <>.",
        Named::Level(_) => "The limit on <> leaves{} <>, and <> needs {}.",
    };
    let whom = if failing.is_empty() { " everyone" } else { "" };
    let name = name_of(evaluation.records, limit.entry.named);
    let needed = evaluation.needed_level().map_or_else(|| "the highest level".to_owned(), quote);
    let text = fill(text, &[limit.pattern, whom, name, evaluation.action_name(), &needed]);
    concat(&[&text, &conditions_text(evaluation, " Its `unless`", &failing)])
}
