//! Entries of a diff: regions in the form in which they are reported.

use std::collections::BTreeMap;

use super::super::object::{number_value, object};
use super::bits::{Actions, Bits};
use super::compared_principal::{attribute_tree, ComparedPrincipal};
use super::line::{EntryKind, Span};
use super::region::{Exception, Region};
use super::store::{all, ConditionsRef, Store};
use super::witness::Witness;
use crate::document::value::Value;

/// A region in which the decisions of one principal differ.
pub(super) struct Change<'c, 'r> {
    pub(super) store: &'c Store<'r>,
    pub(super) actions: &'c Actions,
    pub(super) principal: ComparedPrincipal<'r>,
    pub(super) region: &'c Region,
    pub(super) is_gained: bool,
    pub(super) example: Value,
}

/// The entries, merged if they say the same about several actions or principals.
#[derive(Default)]
pub(super) struct Entries {
    list: Vec<Entry>,
    /// The entries of a principal by their contents.
    own: BTreeMap<String, usize>,
    last: Option<Value>,
    names: Vec<String>,
}

struct Entry {
    principal: Value,
    actions: Bits,
    /// The contents: `change`, `pattern`, `except` and `when`.
    members: Value,
    example: Value,
}

impl Entries {
    pub(super) fn add(&mut self, change: Change<'_, '_>) {
        let principal = change.principal.to_value();
        if self.last.as_ref() != Some(&principal) {
            self.own.clear();
            self.last = Some(principal.clone());
            self.names.clone_from(&change.actions.names);
        }
        let members = members(change.store, change.region, change.is_gained);
        let known = self.own.get(&members.json()).and_then(|place| self.list.get_mut(*place));
        if let Some(entry) = known {
            entry.actions = entry.actions.or(change.region.actions);
            return;
        }
        self.own.insert(members.json(), self.list.len());
        self.list.push(Entry { principal, actions: change.region.actions, members, example: change.example });
    }

    /// The entries as JSON. Those with equal contents are merged, with the other principals in `also`.
    pub(super) fn list(self) -> Vec<Value> {
        let mut places: BTreeMap<(String, Bits), usize> = BTreeMap::new();
        let mut list: Vec<(Entry, Vec<Value>)> = Vec::new();
        for entry in self.list {
            let key = (entry.members.json(), entry.actions);
            match places.get(&key).and_then(|place| list.get_mut(*place)) {
                Some((_, also)) => also.push(entry.principal),
                None => {
                    places.insert(key, list.len());
                    list.push((entry, Vec::new()));
                }
            }
        }
        let names = self.names;
        let write = |(entry, also): (Entry, Vec<Value>)| {
            let mut members = vec![("who", entry.principal)];
            members.extend((!also.is_empty()).then_some(("also", Value::List(also))));
            let names: Vec<&String> = entry.actions.places().filter_map(|place| names.get(place)).collect();
            members.push(("actions", Value::texts(&names)));
            let Value::Object(mut all) = object(members) else { return Value::Null };
            if let Value::Object(rest) = entry.members {
                all.extend(rest);
            }
            all.push(("example".to_owned(), entry.example));
            Value::Object(all)
        };
        list.into_iter().map(write).collect()
    }
}

/// `change`, `pattern`, `except` and `when`.
fn members(store: &Store<'_>, region: &Region, is_gained: bool) -> Value {
    let mut members = vec![
        ("change", Value::from(if is_gained { "gained" } else { "lost" })),
        ("pattern", Value::Text(region.pattern.text(&store.texts))),
    ];
    let mut when = grant_conditions(store, region.when, region.span);
    let ids = region.ids.iter().map(|id| Value::texts(&[store.texts.text(*id)]));
    when.extend(ids.map(|ids| object(vec![("attribute", "subject.id".into()), ("equals", ids)])));
    when.extend(store.expression(region.unless).map(negate));
    let mut except = Vec::new();
    for exception in &region.exceptions {
        let Some(pattern) = store.pattern(exception.key.pattern) else { continue };
        if pattern.covers(&region.pattern) {
            when.extend(non_exclusion_condition(store, exception));
        } else {
            let text = Value::Text(pattern.text(&store.texts));
            except.push(match exclusion_condition(store, exception) {
                Some(when) => object(vec![("pattern", text), ("when", when)]),
                None => text,
            });
        }
    }
    members.extend((!except.is_empty()).then_some(("except", Value::List(except))));
    members.extend((!when.is_empty()).then(|| ("when", all(when))));
    object(members)
}

fn negate(expression: Value) -> Value {
    Value::object([("not", expression)])
}

/// What must hold for the grant.
fn grant_conditions(store: &Store<'_>, when: ConditionsRef, span: Span) -> Vec<Value> {
    let mut list = Vec::new();
    if let Some((from, until)) = span {
        let mut bounds = Vec::new();
        bounds.extend((from > 0 || until == u64::MAX).then(|| ("from", number_value(from))));
        bounds.extend((until < u64::MAX).then(|| ("until", number_value(until))));
        list.push(Value::object([("time", object(bounds))]));
    }
    list.extend(store.expression(when));
    list
}

/// When an exception excludes a question. Returns `None` for always.
fn exclusion_condition(store: &Store<'_>, exception: &Exception) -> Option<Value> {
    match exception.of {
        EntryKind::Grants => Some(grant_conditions(store, exception.key.when, exception.key.span))
            .filter(|list| !list.is_empty())
            .map(all),
        EntryKind::Limits => store.expression(exception.key.when).map(negate),
    }
}

/// When an exception that matches does not exclude a question.
fn non_exclusion_condition(store: &Store<'_>, exception: &Exception) -> Option<Value> {
    match exception.of {
        EntryKind::Grants => exclusion_condition(store, exception).map(negate),
        EntryKind::Limits => store.expression(exception.key.when),
    }
}

/// A question in the form that `decide` takes.
pub(super) fn question(principal: ComparedPrincipal<'_>, action: &str, witness: &Witness) -> Value {
    let mut members = vec![
        ("subject", principal.subject_value(witness)),
        ("action", action.into()),
        ("resource", Value::from(&*witness.path)),
    ];
    for (name, root) in [("attributes", "resource."), ("context", "context."), ("properties", "action.")] {
        let tree = attribute_tree(&witness.model, root);
        members.extend((tree != Value::Null).then_some((name, tree)));
    }
    members.extend(witness.now.map(|now| ("now", number_value(now))));
    object(members)
}
