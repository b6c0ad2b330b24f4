//! Decides: grants add access, limits cap it. `subject.rs` resolves the grants of a subject.

use super::attributes::{Facts, UserFacts};
use super::model::Records;
use super::pattern::{Path, PathMemory};
use super::table::{Bounds, Match, Named, SubjectId};
use super::vocabulary::{Action, Level, Rbac, Rule};
use crate::system::{Details, Ruling, Term};

pub use super::subject::Subject;
pub(super) use super::subject::{
    authenticated_shares, group_shares, inherited_roles, resolve, resolve_active, resolve_record, role_shares,
    Identity, Share, Source,
};

/// The evaluation of a question.
#[derive(Clone, Copy)]
pub(super) struct Evaluation<'q> {
    pub(super) records: &'q Records,
    pub(super) subject: &'q Subject,
    pub(super) action: Action,
    pub(super) facts: Facts<'q>,
    pub(super) now: Option<u64>,
}

impl<'q> Evaluation<'q> {
    pub(super) fn new(
        records: &'q Records,
        subject: &'q Subject,
        action: Action,
        path: &'q Path<'q>,
        details: Details<'q>,
    ) -> Self {
        let user = subject.identity.user(records);
        let known = user.map(|user| UserFacts { id: &user.id, groups: &user.groups, attributes: &user.attributes });
        let facts = Facts {
            subject: known,
            path,
            shape: records.type_of(path).map(|kind| (&*kind.name, &*kind.parts)),
            attributes: details.attributes,
            context: details.context,
            action: Action::name_of(records, action.0).unwrap_or_default(),
            properties: details.properties,
        };
        Self { records, subject, action, facts, now: details.now }
    }

    /// Visits the grants of these shares whose patterns match. Their bounds and conditions are not checked yet.
    pub(super) fn visit_grants(&self, shares: &'q [Share], visit: &mut dyn FnMut(&'q Share, Match<'q>)) {
        let subject_id = self.facts.subject.map_or(SubjectId::Missing, |known| SubjectId::Id(known.id));
        for share in shares {
            let Some(start) = self.facts.path.scope_length(&share.scope) else { continue };
            let Some(table) = self.subject.table(self.records, share) else { continue };
            table.visit_matches(self.facts.path, start, subject_id, &mut |matched| visit(share, matched));
        }
    }

    /// Visits the limits whose patterns match. Their exceptions are not checked yet.
    pub(super) fn visit_limits(&self, visit: &mut dyn FnMut(Match<'q>)) {
        let subject_id = self.facts.subject.map_or(SubjectId::Any, |known| SubjectId::Id(known.id));
        self.records.limits.visit_matches(self.facts.path, 0, subject_id, visit);
    }

    /// Whether a grant applies: its bounds contain the time, and its conditions are met.
    pub(super) fn grant_applies(&self, share: &Share, matched: Match<'_>) -> bool {
        [share.bounds, matched.bounds()].into_iter().flatten().all(|bounds| bounds.contain(self.now))
            && matched.conditions().is_none_or(|conditions| conditions.are_met(&self.facts))
    }

    /// Whether a grant of this level or action allows the action.
    pub(super) fn grants_action(&self, named: Named) -> bool {
        grants_action(self.records, self.action, named)
    }

    /// Whether a limit of this level or action denies the action.
    pub(super) fn denies_action(&self, limit: Named) -> bool {
        denies_action(self.records, self.action, limit)
    }

    /// Combines the grants of these shares that apply.
    fn sum_shares(&self, shares: &'q [Share]) -> Sum {
        let mut sum = Sum { level: 0, source: None };
        self.visit_grants(shares, &mut |share, matched| {
            let named = matched.entry.named;
            let gives = self.grants_action(named) && sum.source.is_none_or(|source| share.source < source);
            let raises = matches!(named, Named::Level(level) if level > sum.level);
            // Conditions are evaluated last, and only if they can change the result.
            if (gives || raises) && self.grant_applies(share, matched) {
                if let Named::Level(level) = named {
                    sum.level = sum.level.max(level);
                }
                if gives {
                    sum.source = Some(share.source);
                }
            }
        });
        sum
    }

    /// Decides the question.
    pub(super) fn decide(&self) -> Ruling<Rbac> {
        let own = self.sum_shares(&self.subject.shares);
        let mut level = own.level;
        let mut is_within = true;
        for within in &self.subject.withins {
            let sum = self.sum_shares(&within.shares);
            level = level.min(sum.level);
            is_within &= sum.source.is_some();
        }
        let mut is_limited = false;
        self.visit_limits(&mut |matched| {
            let limit = matched.entry.named;
            let stops = !is_limited && self.denies_action(limit);
            let lowers = matches!(limit, Named::Level(cap) if cap < level);
            if (stops || lowers) && !matched.conditions().is_some_and(|unless| unless.are_met(&self.facts)) {
                is_limited |= stops;
                if let Named::Level(cap) = limit {
                    level = level.min(cap);
                }
            }
        });
        let (allow, rule) = match own.source {
            Some(source) if is_within && !is_limited => (true, source.rule()),
            Some(_) if !is_limited => (false, Rule::Within),
            Some(_) => (false, Rule::Limit),
            None => (false, self.subject.identity.rule()),
        };
        let needs = self.records.least_level(self.action.0).map(Level);
        Ruling { allow, rule, level: Some(Level(level)), needs }
    }
}

/// Whether a grant of this level or action allows an action.
pub(super) fn grants_action(records: &Records, action: Action, named: Named) -> bool {
    match named {
        Named::Action(other) => other == action.0,
        Named::Level(level) => records.least_level(action.0).is_some_and(|least| level >= least),
    }
}

/// Whether a limit of this level or action denies an action.
pub(super) fn denies_action(records: &Records, action: Action, limit: Named) -> bool {
    match limit {
        Named::Action(other) => other == action.0,
        Named::Level(level) => level < records.least_level(action.0).unwrap_or(records.highest()),
    }
}

/// The combined result of the grants of some shares.
struct Sum {
    /// The highest level of the grants that apply.
    level: u8,
    /// The first source with a grant that applies and allows the action.
    source: Option<Source>,
}

/// Decides whether the subject has the action on the resource.
#[inline]
pub(super) fn decide(
    records: &Records,
    subject: &Subject,
    action: Action,
    resource: &str,
    details: Details<'_>,
) -> Ruling<Rbac> {
    let mut memory = PathMemory::default();
    match Path::parse(resource, &mut memory) {
        Some(path) => Evaluation::new(records, subject, action, &path, details).decide(),
        None => Ruling {
            allow: false,
            rule: subject.identity.rule(),
            level: Some(Level(0)),
            needs: records.least_level(action.0).map(Level),
        },
    }
}

/// The next time after `now` at which a decision for this subject changes because of a time bound.
pub(super) fn changes_at(records: &Records, subject: &Subject, now: u64) -> Option<u64> {
    let mut next: Option<u64> = None;
    each_bounds(records, subject, &mut |bounds| {
        for end in [bounds.from, bounds.until] {
            // A time span that ends before it begins never applies.
            let counts = bounds.from < bounds.until && end > now && end < u64::MAX;
            if counts && next.is_none_or(|next| end < next) {
                next = Some(end);
            }
        }
    });
    next
}

/// Whether a decision for this subject depends on the time.
pub(super) fn is_timed(records: &Records, subject: &Subject) -> bool {
    let mut is_timed = false;
    each_bounds(records, subject, &mut |_| is_timed = true);
    is_timed
}

/// Visits the bounds of every grant of the subject, intersected with those of the role's assignment.
fn each_bounds(records: &Records, subject: &Subject, visit: &mut dyn FnMut(Bounds)) {
    each_bounds_of(records, subject, &subject.shares, visit);
    for within in &subject.withins {
        each_bounds_of(records, subject, &within.shares, visit);
    }
}

fn each_bounds_of(records: &Records, subject: &Subject, shares: &[Share], visit: &mut dyn FnMut(Bounds)) {
    for share in shares {
        let Some(table) = subject.table(records, share) else { continue };
        if share.bounds.is_some() || table.has_bounds() {
            table.for_each_entry(&mut |matched| {
                if let Some(bounds) = Bounds::intersect(share.bounds, matched.bounds()) {
                    visit(bounds);
                }
            });
        }
    }
}
