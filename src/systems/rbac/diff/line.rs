//! The grants and limits of both documents in one form, so that equal ones compare as equal.

use std::collections::BTreeMap;

use super::super::access::{Share, Source, Subject};
use super::super::attributes::{Facts, Root, UserFacts};
use super::super::pattern::{Path, PathMemory};
use super::super::table::{Bounds, Table};
use super::atom::Var;
use super::bits::{Actions, Bits};
use super::pattern::{Pattern, Piece};
use super::store::{ConditionsRef, Store};
use super::values::Values;
use crate::document::value::Value;

/// Time bounds in order.
pub(super) type Span = Option<(u64, u64)>;

/// A grant or a limit: its pattern, bounds and conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) pattern: usize,
    /// The conditions of a grant, or the exceptions of a limit, which has `Never` for none.
    pub(super) when: ConditionsRef,
    pub(super) span: Span,
}

/// A grant or a limit, with the actions that it allows or denies.
pub(super) type Line = (Key, Bits);

/// The key of a subject's share of a document: its table and the assignment.
type ShareKey = (usize, Option<u32>, Option<Source>, String, Span);

/// The lines of shares, each once. Equal shares have equal indexes.
#[derive(Debug, Default)]
pub(super) struct Shares {
    known: BTreeMap<ShareKey, usize>,
    /// The same for roles without a scope and bounds, by the document and the index of the role.
    roles: [Vec<Option<usize>>; 2],
    places: BTreeMap<Vec<Line>, usize>,
    lines: Vec<Vec<Line>>,
    /// Whether the line depends on the subject's id, groups or attributes.
    about_subject: Vec<bool>,
}

impl Shares {
    pub(super) fn lines(&self, place: usize) -> &[Line] {
        self.lines.get(place).map(|lines| &**lines).unwrap_or_default()
    }

    /// Whether a line of the share depends on the subject's id, groups or attributes.
    pub(super) fn is_about_subject(&self, place: usize) -> bool {
        self.about_subject.get(place).copied().unwrap_or(true)
    }

    /// The indexes of a subject's shares, each once.
    pub(super) fn share_places(
        &mut self,
        store: &mut Store<'_>,
        actions: &Actions,
        side: usize,
        subject: &Subject,
    ) -> Vec<usize> {
        let mut places = Vec::new();
        for share in &subject.shares {
            let role = share.role.filter(|_| share.scope.is_empty() && share.bounds.is_none());
            let role = role.and_then(|role| usize::try_from(role).ok());
            let known = role.and_then(|role| self.roles.get(side)?.get(role).copied().flatten());
            let place = known.or_else(|| self.share_place(store, actions, side, subject, share));
            if let (Some(role), Some(roles)) = (role.filter(|_| known.is_none()), self.roles.get_mut(side)) {
                roles.resize(roles.len().max(role.saturating_add(1)), None);
                roles.get_mut(role).into_iter().for_each(|known| *known = place);
            }
            places.extend(place);
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    fn share_place(
        &mut self,
        store: &mut Store<'_>,
        actions: &Actions,
        side: usize,
        subject: &Subject,
        share: &Share,
    ) -> Option<usize> {
        let span = share.bounds.map(|bounds| (bounds.from, bounds.until));
        // The grants of a user are in no other share.
        let is_own = share.role.is_none() && share.source == Source::User;
        let source = Some(share.source).filter(|_| share.role.is_none());
        let key = (side, share.role, source, (*share.scope).to_owned(), span);
        if let Some(known) = self.known.get(&key).filter(|_| !is_own) {
            return Some(*known);
        }
        let table = subject.table(store.documents.get(side).copied()?, share)?;
        let lines = grant_lines(store, actions, side, table, share);
        let place = self.add(store, lines);
        if !is_own {
            self.known.insert(key, place);
        }
        Some(place)
    }

    fn add(&mut self, store: &Store<'_>, lines: Vec<Line>) -> usize {
        if let Some(known) = self.places.get(&lines) {
            return *known;
        }
        let place = self.lines.len();
        self.lines.push(lines.clone());
        self.about_subject.push(lines.iter().any(|line| is_about_subject(store, line)));
        self.places.insert(lines, place);
        place
    }
}

fn grant_lines(store: &mut Store<'_>, actions: &Actions, side: usize, table: &Table, share: &Share) -> Vec<Line> {
    let Some(records) = store.documents.get(side).copied() else { return Vec::new() };
    let mut lines = Vec::new();
    table.for_each_entry(&mut |matched| {
        let Some(pattern) = Pattern::parse(&share.scope, matched.pattern, &mut store.texts) else { return };
        let span = Bounds::intersect(share.bounds, matched.bounds()).map(|bounds| (bounds.from, bounds.until));
        let when = store.add_conditions(side, matched.conditions());
        // The bounds of an assignment and of a grant may have no time in common.
        if span.is_none_or(|(from, until)| from < until) && when != ConditionsRef::Never {
            let key = Key { pattern: store.add_pattern(pattern), when, span };
            lines.push((key, actions.granted_actions(records, side, matched.entry.named)));
        }
    });
    merge_lines(lines)
}

/// The limits of a document.
pub(super) fn limit_lines(store: &mut Store<'_>, actions: &Actions, side: usize) -> Vec<Line> {
    let Some(records) = store.documents.get(side).copied() else { return Vec::new() };
    let mut lines = Vec::new();
    records.limits.for_each_entry(&mut |matched| {
        let Some(pattern) = Pattern::parse("", matched.pattern, &mut store.texts) else { return };
        let when = matched.conditions().map_or(ConditionsRef::Never, |unless| store.add_conditions(side, Some(unless)));
        if when != ConditionsRef::Always {
            let key = Key { pattern: store.add_pattern(pattern), when, span: None };
            lines.push((key, actions.denied_actions(records, side, matched.entry.named)));
        }
    });
    merge_lines(lines)
}

/// The lines in order, each key once, without those that affect no action.
pub(super) fn merge_lines(mut lines: Vec<Line>) -> Vec<Line> {
    lines.retain(|(_, bits)| !bits.is_empty());
    lines.sort_unstable();
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    for (key, bits) in lines {
        match merged.last_mut() {
            Some((last, all)) if *last == key => *all = all.or(bits),
            _ => merged.push((key, bits)),
        }
    }
    merged
}

/// What is known about the subject.
#[derive(Clone, Copy)]
pub(super) enum KnownSubject<'q> {
    /// Any user with a record.
    AnyRecord,
    /// A user of a document.
    User(UserFacts<'q>),
    /// No user.
    Missing,
}

impl KnownSubject<'_> {
    /// Whether attributes have the same values for both.
    pub(super) fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::AnyRecord, Self::AnyRecord) | (Self::Missing, Self::Missing) => true,
            (Self::User(a), Self::User(b)) => a.id == b.id && a.groups == b.groups && a.attributes == b.attributes,
            _ => false,
        }
    }
}

/// Whether lines are limits or grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Grants,
    Limits,
}

/// Whether the line depends on the subject's id, groups or attributes.
pub(super) fn is_about_subject(store: &Store<'_>, (key, _): &Line) -> bool {
    store.pattern(key.pattern).is_some_and(Pattern::has_subject)
        || store.atoms_of(key.when).any(|atom| atom.vars().iter().any(|var| var.attribute.root == Root::Subject))
}

/// The lines for one subject.
pub(super) fn lines_for_subject(
    store: &mut Store<'_>,
    lines: &[Line],
    subject: KnownSubject<'_>,
    of: EntryKind,
) -> Vec<Line> {
    if matches!(subject, KnownSubject::AnyRecord) {
        return lines.to_vec();
    }
    let mut memory = PathMemory::default();
    let path = Path::parse("-", &mut memory);
    let find = |var: &Var| -> Option<Values> {
        if var.attribute.root != Root::Subject {
            return None;
        }
        let KnownSubject::User(known) = subject else { return Some(Values::default()) };
        let nothing = &Value::Null;
        let facts = Facts {
            subject: Some(known),
            path: path.as_ref()?,
            shape: None,
            attributes: nothing,
            context: nothing,
            action: "",
            properties: nothing,
        };
        Some(Values::of_attribute(facts.attribute_value(&var.attribute)))
    };
    let mut own = Vec::with_capacity(lines.len());
    for line in lines {
        if !is_about_subject(store, line) {
            own.push(*line);
            continue;
        }
        let (key, bits) = line;
        let Some(pattern) = pattern_for_subject(store, key.pattern, subject, of) else { continue };
        let when = store.resolve(key.when, &find);
        // A grant that never holds and a limit that is always lifted have no effect.
        if when != (if of == EntryKind::Grants { ConditionsRef::Never } else { ConditionsRef::Always }) {
            own.push((Key { pattern, when, span: key.span }, *bits));
        }
    }
    merge_lines(own)
}

/// The pattern with the id of the subject. Returns `None` if it matches nothing.
fn pattern_for_subject(store: &mut Store<'_>, place: usize, subject: KnownSubject<'_>, of: EntryKind) -> Option<usize> {
    let pattern = store.pattern(place)?;
    if !pattern.has_subject() {
        return Some(place);
    }
    let pattern = pattern.clone();
    let piece = match subject {
        KnownSubject::AnyRecord => Piece::Subject,
        KnownSubject::User(known) if known.id.contains('/') => return None,
        KnownSubject::User(known) => Piece::Literal(store.texts.add(known.id)),
        KnownSubject::Missing if of == EntryKind::Limits => Piece::Any,
        KnownSubject::Missing => return None,
    };
    Some(store.add_pattern(pattern.with_subject(piece)))
}
