//! Explanations: the grants and limits that decided, what was found and needed, and what would make it a yes.

use super::access::{Asked, Share, Source, Subject};
use super::members::{number_value, object};
use super::model::Records;
use super::near::{near_misses, Miss};
use super::pattern::Path;
use super::place::{grant_place, limit_place, names_of, scoped, way, Way};
use super::remedy::remedies;
use super::table::{Bounds, Match, Named};
use super::vocabulary::{Action, Level, Rbac, Rule};
use crate::document::problem::quote;
use crate::document::value::Value;
use crate::system::{Details, Ruling, Term};
use crate::tables::text::fill;

/// The explanation of a decision: `text`, `grants`, `limits`, `within`, `nearMisses` and `remedies`.
pub(super) fn explain(
    records: &Records,
    subject: &Subject,
    action: Action,
    resource: &str,
    details: Details<'_>,
) -> Value {
    let Some(path) = Path::read(resource) else {
        let text = fill("{} is not a path of 1 to 32 names, so no grant is about it.", &[&quote(resource)]);
        return explanation(&text, [(); 5].map(|()| Vec::new()));
    };
    let asked = Asked::new(records, subject, action, &path, details);
    let ruling = asked.decide();
    if ruling.allow {
        let grants = asked.giving(&subject.shares);
        let text = allowed(&asked, &ruling, &grants);
        let grants = each_once(grants.iter().map(|(share, matched)| grant(&asked, share, *matched)));
        return explanation(&text, [grants, Vec::new(), Vec::new(), Vec::new(), Vec::new()]);
    }
    let limits = asked.stopping();
    let withins = asked.stopping_withins();
    let misses = near_misses(&asked);
    let text = denied(&asked, &ruling, &limits, &misses);
    let remedies = remedies(&asked, &limits, &withins, &misses);
    let withins = withins.iter().map(|place| number_value(*place)).collect();
    let limits = each_once(limits.iter().map(|matched| limit(&asked, *matched)));
    let misses = each_once(misses.iter().map(|miss| miss.value(&asked)));
    explanation(&text, [Vec::new(), limits, withins, misses, each_once(remedies.into_iter())])
}

/// The values without those that are there already: a user can have the same grant in several ways.
fn each_once(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut list = Vec::new();
    values.for_each(|value| {
        if !list.contains(&value) {
            list.push(value);
        }
    });
    list
}

fn explanation(text: &str, [grants, limits, within, misses, remedies]: [Vec<Value>; 5]) -> Value {
    Value::object([
        ("text", text.into()),
        ("grants", Value::List(grants)),
        ("limits", Value::List(limits)),
        ("within", Value::List(within)),
        ("nearMisses", Value::List(misses)),
        ("remedies", Value::List(remedies)),
    ])
}

impl<'q> Asked<'q> {
    /// The grants of these shares that apply and give the action.
    pub(super) fn giving(&self, shares: &'q [Share]) -> Vec<(&'q Share, Match<'q>)> {
        let mut giving = Vec::new();
        self.matches(shares, &mut |share, matched| {
            if self.gives(matched.entry.named) && self.applies(share, matched) {
                giving.push((share, matched));
            }
        });
        giving
    }

    /// The limits that apply and stop the action.
    pub(super) fn stopping(&self) -> Vec<Match<'q>> {
        let mut stopping = Vec::new();
        self.limits(&mut |matched| {
            if self.stops(matched.entry.named) && !matched.conditions().is_some_and(|unless| unless.hold(&self.facts)) {
                stopping.push(matched);
            }
        });
        stopping
    }

    /// The places of the holders that do not give the action.
    fn stopping_withins(&self) -> Vec<usize> {
        let withins = self.subject.withins.iter().enumerate();
        withins.filter(|(_, within)| self.giving(&within.shares).is_empty()).map(|(place, _)| place).collect()
    }

    /// The user who asks, for a sentence.
    pub(super) fn asker(&self) -> String {
        self.facts.subject.map_or_else(|| "This caller".to_owned(), |known| quote(known.id))
    }

    pub(super) fn action_name(&self) -> &'q str {
        self.facts.action
    }

    /// The least level of the action by its name.
    pub(super) fn needed_level(&self) -> Option<&'q str> {
        Level::name_of(self.records, self.records.least(self.action.0)?)
    }
}

/// A grant that gives the action, with the way by which the subject has it.
fn grant(asked: &Asked<'_>, share: &Share, matched: Match<'_>) -> Value {
    let (holder, group) = match share.source {
        Source::User | Source::Role => ("user", None),
        Source::Group(place) => ("group", asked.records.group(place)),
        Source::Authenticated => ("authenticated", None),
        Source::Everyone => ("everyone", None),
        Source::Within(_) => ("within", None),
    };
    let mut members = vec![
        ("pointer", Value::Text(grant_place(asked, share, matched))),
        ("holder", holder.into()),
        ("pattern", Value::Text(scoped(share, matched))),
        ("allow", names_of(asked, share, matched)),
    ];
    members.extend(group.map(|group| ("group", Value::from(&*group.name))));
    if let Some(Way { assigned, inherited, .. }) = way(asked, share) {
        members.push(("role", assigned.into()));
        if inherited.len() > 1 {
            members.push(("inherited", Value::texts(&inherited)));
        }
    }
    if !share.scope.is_empty() {
        members.push(("scope", Value::from(&*share.scope)));
    }
    if let Some(Bounds { from, until }) = Bounds::both(share.bounds, matched.bounds()) {
        members.extend((from > 0).then(|| ("from", number_value(from))));
        members.extend((until < u64::MAX).then(|| ("until", number_value(until))));
    }
    object(members)
}

/// A limit that stops the action.
fn limit(asked: &Asked<'_>, matched: Match<'_>) -> Value {
    let mut members = vec![("pointer", Value::Text(limit_place(matched))), ("pattern", Value::from(matched.pattern))];
    members.push(match matched.entry.named {
        Named::Level(level) => ("level", Level::name_of(asked.records, level).unwrap_or_default().into()),
        Named::Action(_) => ("deny", Value::texts(&[asked.action_name()])),
    });
    object(members)
}

/// Why it is a yes, in a sentence.
fn allowed(asked: &Asked<'_>, ruling: &Ruling<Rbac>, grants: &[(&Share, Match<'_>)]) -> String {
    let first = grants.iter().find(|(share, _)| share.source.rule() == ruling.rule);
    let Some((share, matched)) = first else { return String::new() };
    let name = named(asked, matched.entry.named);
    let on = quote(&scoped(share, *matched));
    let by = match (ruling.rule, way(asked, share)) {
        (Rule::Group, _) => match share.source {
            Source::Group(place) => {
                fill("the group {}", &[&quote(asked.records.group(place).map_or("", |group| &group.name))])
            }
            _ => String::new(),
        },
        (Rule::Authenticated, _) => "every signed-in user".to_owned(),
        (Rule::Everyone, _) => "everyone".to_owned(),
        (_, Some(way)) => fill("the role {}", &[&quote(way.assigned)]),
        (_, None) => asked.asker(),
    };
    let [action, resource] = [asked.action_name(), asked.facts.path.text()].map(quote);
    fill("{} may {} {}: {} has {} on {}.", &[&asked.asker(), &action, &resource, &by, &name, &on])
}

fn named(asked: &Asked<'_>, named: Named) -> String {
    quote(match named {
        Named::Level(level) => Level::name_of(asked.records, level).unwrap_or_default(),
        Named::Action(action) => Action::name_of(asked.records, action).unwrap_or_default(),
    })
}

/// Why it is a no, in a sentence.
fn denied(asked: &Asked<'_>, ruling: &Ruling<Rbac>, limits: &[Match<'_>], misses: &[Miss<'_>]) -> String {
    let [action, resource] = [asked.action_name(), asked.facts.path.text()].map(quote);
    match (ruling.rule, limits.first(), misses.first()) {
        (Rule::Limit, Some(limit), _) => {
            let pattern = quote(limit.pattern);
            match limit.entry.named {
                Named::Level(level) => {
                    let needed = asked.needed_level().map_or_else(|| "the highest level".to_owned(), quote);
                    let cap = Level::name_of(asked.records, level).map(quote).unwrap_or_default();
                    fill("The limit on {} leaves everyone {}, and {} needs {}.", &[&pattern, &cap, &action, &needed])
                }
                Named::Action(_) => fill("The limit on {} denies {} to everyone.", &[&pattern, &action]),
            }
        }
        (Rule::Within, ..) => fill(
            "{} may {} {}, but the holder that this question stays within may not.",
            &[&asked.asker(), &action, &resource],
        ),
        (_, _, Some(miss)) => miss.text(asked),
        (Rule::NotSignedIn, ..) => {
            fill("The caller is not signed in, and {} {} is not open to everyone.", &[&action, &resource])
        }
        (Rule::UnknownUser, ..) => {
            fill("The document has no such user, and {} {} is not open to everyone.", &[&action, &resource])
        }
        (Rule::InactiveUser, ..) => {
            fill("The user is inactive, and {} {} is not open to everyone.", &[&action, &resource])
        }
        _ => fill("{} has no grant that gives {} on {}.", &[&asked.asker(), &action, &resource]),
    }
}
