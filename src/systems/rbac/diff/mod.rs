//! Computes the questions for which two documents have different decisions.
//!
//! The documents are compared for each principal: anonymous callers, users with a record, users with a record and one
//! role or group, and each user. The decisions for a principal are sets of questions: the patterns and conditions of
//! grants without those of limits. [`region`] computes the difference of two such sets, [`witness`] finds a question in
//! each part of it, and parts without a question are left out.

mod atom;
pub(super) mod bits;
mod choice;
mod choose;
mod compared_principal;
mod entry;
mod goals;
mod line;
pub(super) mod pattern;
mod region;
mod solve;
mod store;
mod values;
mod witness;

use std::collections::BTreeMap;

use self::bits::Actions;
use self::compared_principal::ComparedPrincipal;
use self::entry::{Change, Entries};
use self::line::{is_about_subject, limit_lines, lines_for_subject, merge_lines, EntryKind, Line, Shares};
use self::region::{regions, Region, Rights};
use self::solve::{Budget, TooMuch};
use self::store::{shapes, Store};
use self::witness::{Search, FRESH};
use super::access::decide;
use super::model::Records;
use super::vocabulary::Action;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Details, Term};

/// The cost of resolving a share, and of a decision by it, in pairs of patterns.
const SHARE_COST: usize = 3;

/// The lines of a principal that cost one pair of patterns each. Further ones cost [`LINE_COST`], so that long chains of
/// roles, of which each principal has the lines of all roles below it, end in time.
const LINES_CHEAP: usize = 1_000;
const LINE_COST: usize = 24;

/// All differences of two documents, as a list of entries.
pub(super) fn diff(records: &Records, other: &Records) -> Result<Value, Error> {
    let documents = [records, other];
    let mut entries = Entries::default();
    let compared = compare(documents, &mut |change| {
        entries.add(change);
        true
    });
    compared.map_err(|TooMuch| Error::Incomplete {
        why: "the documents differ in too many conditions on overlapping patterns, or in roles that inherit too many others: compare them in several steps, or with fewer of these",
    })?;
    let mut list = vocabulary_changes(documents);
    list.extend(entries.list());
    Ok(Value::List(list))
}

/// Whether any decision differs. Returns `None` if that would take too long to compute.
pub(super) fn differs(records: &Records, other: &Records) -> Option<bool> {
    let documents = [records, other];
    let mut differs = !vocabulary_changes(documents).is_empty();
    let compared = compare(documents, &mut |_| {
        differs = true;
        false
    });
    match compared {
        Ok(()) => Some(differs),
        Err(TooMuch) => differs.then_some(true),
    }
}

/// The actions and resources that only one document has, as entries.
fn vocabulary_changes([from, to]: [&Records; 2]) -> Vec<Value> {
    let mut list = Vec::new();
    let missing = |records: &Records, other: &Records, change: &str| {
        let names = Action::names(records).into_iter().filter(|name| Action::from_name(other, name).is_none());
        let entry = |name: &str| Value::object([("change", change.into()), ("action", name.into())]);
        names.map(entry).collect::<Vec<_>>()
    };
    list.extend(missing(from, to, "action_removed"));
    list.extend(missing(to, from, "action_added"));
    let [before, after] = [from, to].map(shapes);
    if before != after {
        let object = |shapes: Option<Vec<(&str, &str)>>| {
            shapes.map_or(Value::Null, |shapes| {
                Value::Object(shapes.into_iter().map(|(name, shape)| (name.to_owned(), shape.into())).collect())
            })
        };
        list.push(Value::object([
            ("change", "resources_changed".into()),
            ("from", object(before)),
            ("to", object(after)),
        ]));
    }
    list
}

/// The shares of one principal in both documents.
type SharePlaces = [Vec<usize>; 2];

/// Visits all differences until `visit` returns false.
fn compare<'r>(documents: [&'r Records; 2], visit: &mut dyn FnMut(Change<'_, 'r>) -> bool) -> Result<(), TooMuch> {
    let mut store = Store::new(documents);
    let actions = Actions::of_documents(documents);
    let mut shares = Shares::default();
    let mut budget = Budget::new();
    let limits = [0, 1].map(|side| limit_lines(&mut store, &actions, side));
    let has_own_limits = limits.iter().flatten().any(|line| is_about_subject(&store, line));
    // Results for shares that do not depend on the subject hold for all principals with these shares.
    let mut known: BTreeMap<SharePlaces, Vec<Difference>> = BTreeMap::new();
    for principal in compared_principal::all_principals(documents) {
        let subjects = documents.map(|records| principal.subject(records));
        let share_cost = subjects.iter().map(|subject| subject.shares.len()).sum::<usize>().saturating_mul(SHARE_COST);
        budget.take_pairs(share_cost)?;
        let mut places: SharePlaces = Default::default();
        for (side, (places, subject)) in places.iter_mut().zip(&subjects).enumerate() {
            *places = shares.share_places(&mut store, &actions, side, subject);
        }
        let is_about = has_own_limits || places.iter().flatten().any(|place| shares.is_about_subject(*place));
        let [before, after] = &places;
        let [known_subject, other_subject] = [0, 1].map(|side| {
            subjects.get(side).and_then(|subject| Some(principal.known_subject(documents.get(side)?, subject)))
        });
        let (Some(subject), Some(other)) = (known_subject, other_subject) else { continue };
        if before == after && limits.first() == limits.last() && (!is_about || subject.is_same(other)) {
            continue;
        }
        if !is_about {
            if let Some(differences) = known.get(&places) {
                for Difference { region, gained, example } in differences {
                    if !visit(Change {
                        store: &store,
                        actions: &actions,
                        principal,
                        region,
                        is_gained: *gained,
                        example: example.clone(),
                    }) {
                        return Ok(());
                    }
                }
                continue;
            }
        }
        let lines: [Vec<Line>; 2] =
            places.each_ref().map(|places| places.iter().flat_map(|place| shares.lines(*place)).copied().collect());
        let count: usize = lines.iter().map(Vec::len).sum();
        budget.take_pairs(count.saturating_add(count.saturating_sub(LINES_CHEAP).saturating_mul(LINE_COST)))?;
        let mut rights = Vec::with_capacity(2);
        for ((lines, limits), subject) in lines.iter().zip(&limits).zip([subject, other]) {
            let grants = lines_for_subject(&mut store, &merge_lines(lines.clone()), subject, EntryKind::Grants);
            rights.push(Rights { grants, limits: lines_for_subject(&mut store, limits, subject, EntryKind::Limits) });
        }
        let [before, after] = &*rights else { continue };
        let mut all = Vec::new();
        for (old, new, gained) in [(before, after, true), (after, before, false)] {
            for region in regions(&store, old, new, &mut budget)? {
                // The subject of the example is resolved again, and decisions confirm it.
                budget.take_pairs(share_cost.saturating_mul(2))?;
                let Some(example) = find_example(&mut store, &actions, principal, &region, gained, &mut budget)? else {
                    continue;
                };
                if !visit(Change {
                    store: &store,
                    actions: &actions,
                    principal,
                    region: &region,
                    is_gained: gained,
                    example: example.clone(),
                }) {
                    return Ok(());
                }
                all.push(Difference { region, gained, example });
            }
        }
        if !is_about {
            known.insert(places, all);
        }
    }
    Ok(())
}

/// A region with a question in it.
struct Difference {
    region: Region,
    gained: bool,
    example: Value,
}

/// A question of a region, with both decisions.
fn find_example(
    store: &mut Store<'_>,
    actions: &Actions,
    principal: ComparedPrincipal<'_>,
    region: &Region,
    gained: bool,
    budget: &mut Budget,
) -> Result<Option<Value>, TooMuch> {
    let Some(place) = region.actions.places().next() else { return Ok(None) };
    let action = actions.names.get(place).map_or("", |name| name);
    let fresh = store.texts.fresh_texts(FRESH);
    let groups = principal.groups(store);
    let documents = store.documents;
    let mut search = Search { store, region, action, groups: groups.as_ref(), fresh: &fresh, budget };
    let witness = search.find(&mut |witness| {
        let [attributes, context, properties] =
            ["resource.", "context.", "action."].map(|root| compared_principal::attribute_tree(&witness.model, root));
        let details = Details { attributes: &attributes, context: &context, properties: &properties, now: witness.now };
        let is_allowed = |side: usize| {
            let records = documents.get(side)?;
            let subject = principal.witness_subject(records, witness);
            Some(decide(records, &subject, actions.code(place, side)?, &witness.path, details).allow)
        };
        (is_allowed(0), is_allowed(1)) == (Some(!gained), Some(gained))
    })?;
    Ok(witness.map(|witness| entry::question(principal, action, &witness)))
}
