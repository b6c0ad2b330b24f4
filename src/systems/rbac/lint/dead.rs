//! Finds grants and limits that have no effect.

use std::collections::BTreeMap;

use super::super::diff::bits::{Actions, Bits};
use super::super::diff::pattern::{Pattern, Texts};
use super::super::model::Records;
use super::super::pattern::parse_literal;
use super::super::table::{Match, Table};
use super::code::Code;
use crate::tables::text::{fill, quote};

/// The document's limits and shapes, with which grants and limits are compared.
pub(super) struct Dead<'r> {
    records: &'r Records,
    texts: Texts,
    actions: Actions,
    /// The shapes of resources, if the document lists them.
    shapes: Option<Vec<Pattern>>,
    limits: Vec<Part<'r>>,
}

/// A grant or a limit with all its names.
struct Part<'t> {
    matched: Match<'t>,
    pattern: Pattern,
    actions: Bits,
}

impl<'r> Dead<'r> {
    pub(super) fn of_records(records: &'r Records) -> Self {
        let mut texts = Texts::default();
        let actions = Actions::of_documents([records, records]);
        let shapes = records.types.as_ref().map(|types| {
            // The shapes as patterns: each literal with a backslash, and `*` for each part.
            let segment = |(text, part): (&str, &Option<Box<str>>)| match part {
                Some(_) => "*".to_owned(),
                None => ["\\", parse_literal(text).unwrap_or(text)].concat(),
            };
            let shape = |(shape, parts): (&str, &[Option<Box<str>>])| {
                shape.split('/').zip(parts).map(segment).collect::<Vec<_>>().join("/")
            };
            let shapes: Vec<String> = types.list.iter().map(|kind| shape((&kind.shape, &kind.parts))).collect();
            shapes.iter().filter_map(|shape| Pattern::parse("", shape, &mut texts)).collect()
        });
        let limits =
            parts(&records.limits, "", &mut texts, &|matched| actions.denied_actions(records, 0, matched.entry.named));
        Self { records, texts, actions, shapes, limits }
    }

    /// Visits the grants of a table that have no effect under these scopes.
    pub(super) fn grants<'t>(
        &mut self,
        table: &'t Table,
        scopes: &[String],
        visit: &mut dyn FnMut(Match<'t>, Code, &str),
    ) {
        let given = |matched: Match<'_>| self.actions.granted_actions(self.records, 0, matched.entry.named);
        let parts = parts(table, "", &mut self.texts, &given);
        let wide = Wide::of_parts(&parts);
        for (place, part) in parts.iter().enumerate() {
            let under = scopes.iter().map(|scope| Pattern::parse(scope, part.matched.pattern, &mut self.texts));
            let under: Vec<Pattern> = under.flatten().collect();
            let is_outside = |pattern: &Pattern| !self.is_in_shapes(pattern);
            if under.iter().all(is_outside) {
                let message =
                    "this pattern matches no resource of the shapes in `resources`: correct it, or add a shape";
                visit(part.matched, Code::GrantOutsideResources, message);
            } else if let Some(other) = wide.covering(&parts, place) {
                let message = fill("the grant on {} gives the same: remove this one", &[&quote(other)]);
                visit(part.matched, Code::CoveredGrant, &message);
            } else if under.iter().all(|pattern| is_outside(pattern) || self.is_limited(pattern, part.actions)) {
                let message = "limits take away all that this grants: remove it, or the limits";
                visit(part.matched, Code::LimitedGrant, message);
            }
        }
    }

    /// Visits the limits that deny nothing.
    pub(super) fn limits(&self, visit: &mut dyn FnMut(Match<'r>, &str)) {
        let wide = Wide::of_parts(&self.limits);
        for (place, part) in self.limits.iter().enumerate() {
            if part.actions.is_empty() {
                visit(
                    part.matched,
                    "this limit leaves the highest level, which takes nothing away: lower it, or remove it",
                );
            } else if !self.is_in_shapes(&part.pattern) {
                visit(
                    part.matched,
                    "this pattern matches no resource of the shapes in `resources`: correct it, or add a shape",
                );
            } else if let Some(other) = wide.covering(&self.limits, place) {
                visit(part.matched, &fill("the limit on {} takes away the same: remove this one", &[&quote(other)]));
            }
        }
    }

    fn is_in_shapes(&self, pattern: &Pattern) -> bool {
        self.shapes.as_ref().is_none_or(|shapes| shapes.iter().any(|shape| shape.overlaps(pattern)))
    }

    /// Whether unconditional limits deny these actions.
    fn is_limited(&self, pattern: &Pattern, actions: Bits) -> bool {
        let limits =
            self.limits.iter().filter(|limit| limit.matched.conditions().is_none() && limit.pattern.covers(pattern));
        limits.fold(actions, |rest, limit| rest.without(limit.actions)).is_empty()
    }
}

/// The grants or limits of a table.
fn parts<'t>(table: &'t Table, scope: &str, texts: &mut Texts, actions: &dyn Fn(Match<'t>) -> Bits) -> Vec<Part<'t>> {
    let mut parts: Vec<Part<'t>> = Vec::new();
    table.for_each_entry(&mut |matched| {
        let bits = actions(matched);
        match parts.last_mut() {
            Some(last) if last.matched.pattern == matched.pattern && last.matched.entry.item == matched.entry.item => {
                last.actions = last.actions.or(bits);
            }
            _ => {
                if let Some(pattern) = Pattern::parse(scope, matched.pattern, texts) {
                    parts.push(Part { matched, pattern, actions: bits });
                }
            }
        }
    });
    parts
}

/// The parts of a table that can cover others: those with wildcards, and those with the same pattern.
struct Wide {
    wide: Vec<usize>,
    same: BTreeMap<Pattern, Vec<usize>>,
}

impl Wide {
    fn of_parts(parts: &[Part<'_>]) -> Self {
        let mut same: BTreeMap<Pattern, Vec<usize>> = BTreeMap::new();
        let mut wide = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            same.entry(part.pattern.clone()).or_default().push(place);
            wide.extend(part.pattern.has_wildcard().then_some(place));
        }
        Self { wide, same }
    }

    /// The pattern of another part that covers this one. If two cover each other, only the first one does.
    fn covering<'p>(&self, parts: &[Part<'p>], place: usize) -> Option<&'p str> {
        let part = parts.get(place)?;
        let same = self.same.get(&part.pattern).into_iter().flatten();
        let mut others = self.wide.iter().chain(same).filter(|other| **other != place);
        let covering = others.find(|other| {
            let before = **other < place;
            parts.get(**other).is_some_and(|other| other.covers(part) && (before || !part.covers(other)))
        });
        covering.and_then(|other| parts.get(*other)).map(|other| other.matched.pattern)
    }
}

impl Part<'_> {
    /// Whether it applies wherever and whenever the other one does, for all its actions.
    fn covers(&self, other: &Self) -> bool {
        let (conditions, others) = (self.matched.conditions(), other.matched.conditions());
        let in_time = match (self.matched.bounds(), other.matched.bounds()) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(other)) => own.from <= other.from && other.until <= own.until,
        };
        let covers_conditions = conditions.is_none() || conditions == others;
        in_time
            && covers_conditions
            && other.actions.without(self.actions).is_empty()
            && self.pattern.covers(&other.pattern)
    }
}
