//! Finds attribute values for which some statements hold and others do not.
//!
//! An attribute that no statement needs stays missing, so all statements about it are false. An attribute that a
//! statement needs is a value or a list: each member can satisfy one statement or violate one. If two attributes are
//! compared, values of one are tried until the other has only statements with known values.

use std::collections::BTreeMap;

use super::atom::{Atom, Right, Var};
use super::choose::{candidate_values, choose_groups, choose_values};
use super::goals::{Frame, Goals};
use super::values::Values;

/// The most steps of the search for questions in one comparison.
const STEPS_MAX: usize = 4_000_000;

/// The most pairs of patterns in one comparison.
const PAIRS_MAX: usize = 100_000_000;

/// The exact result would take too many steps.
#[derive(Debug)]
pub(super) struct TooMuch;

/// The remaining work budget.
#[derive(Debug)]
pub(super) struct Budget {
    steps: usize,
    pairs: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { steps: STEPS_MAX, pairs: PAIRS_MAX }
    }

    /// Uses up steps, if enough are left.
    pub(super) fn take_steps(&mut self, steps: usize) -> Result<(), TooMuch> {
        self.steps = self.steps.checked_sub(steps).ok_or(TooMuch)?;
        Ok(())
    }

    /// Uses up pairs of patterns, if enough are left.
    pub(super) fn take_pairs(&mut self, pairs: usize) -> Result<(), TooMuch> {
        self.pairs = self.pairs.checked_sub(pairs).ok_or(TooMuch)?;
        Ok(())
    }
}

/// Values by the paths of attributes.
pub(super) type Model = BTreeMap<String, Values>;

/// Finds values for which all statements of `must_hold` hold and none of `must_fail`. Returns `None` if there are none.
pub(super) fn solve(
    frame: &Frame<'_>,
    must_hold: &[&Atom],
    must_fail: &[&Atom],
    budget: &mut Budget,
) -> Result<Option<Model>, TooMuch> {
    let goals = Goals {
        must_hold: must_hold.iter().map(|atom| (*atom).clone()).collect(),
        must_fail: must_fail.iter().map(|atom| vec![(*atom).clone()]).collect(),
    };
    let mut model = Model::new();
    let Some(goals) = goals.resolve(frame.known) else { return Ok(None) };
    let paths: Vec<String> = goals.must_hold.iter().flat_map(Atom::vars).map(|var| var.attribute.path()).collect();
    // An attribute with a value of its own has no members.
    let is_inside = |path: &String| {
        paths.iter().any(|outer| path.strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    if paths.iter().any(is_inside) {
        return Ok(None);
    }
    Ok(assign(frame, &goals, &mut model, budget)?.then_some(model))
}

/// Finds values for all remaining attributes.
fn assign(frame: &Frame<'_>, goals: &Goals, model: &mut Model, budget: &mut Budget) -> Result<bool, TooMuch> {
    budget.take_steps(goals.must_hold.len().saturating_add(goals.must_fail.len()).saturating_add(1))?;
    // One of several statements must fail.
    if let Some(at) = goals.must_fail.iter().position(|atoms| atoms.len() > 1) {
        for atom in goals.must_fail.get(at).into_iter().flatten() {
            let mut narrowed = goals.clone();
            if let Some(atoms) = narrowed.must_fail.get_mut(at) {
                *atoms = vec![atom.clone()];
            }
            if assign(frame, &narrowed, model, budget)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let is_active = |var: &Var| {
        goals.requires_attribute(&var.attribute.path()) || (frame.groups.is_some() && var.attribute.is_groups())
    };
    let pairs = goals.must_hold.iter().chain(goals.must_fail.iter().flatten());
    let pair = pairs.map(Atom::vars).find(|vars| vars.len() > 1 && vars.iter().all(|var| is_active(var)));
    let Some(vars) = pair else { return Ok(assign_each(frame, goals, model)) };
    // The groups are tried last, because there are the most.
    let Some(var) = vars.iter().find(|var| !var.attribute.is_groups()).or(vars.first()) else { return Ok(false) };
    let path = var.attribute.path();
    for values in candidate_values(frame, goals, var) {
        let find = |other: &Var| (other.attribute.path() == path).then(|| values.clone());
        budget.take_steps(1)?;
        if let Some(rest) = goals.resolve(&find) {
            let mut further = model.clone();
            further.insert(path.clone(), values.clone());
            if assign_rest(frame, &rest, &mut further, budget)? {
                *model = further;
                return Ok(true);
            }
        }
    }
    // Three statements can need three members of a list.
    let needed = goals.must_hold.iter().filter(|atom| matches!(atom, Atom::Equals(_, Right::Var(_)))).count();
    if needed > 2 {
        Err(TooMuch)
    } else {
        Ok(false)
    }
}

fn assign_rest(frame: &Frame<'_>, goals: &Goals, model: &mut Model, budget: &mut Budget) -> Result<bool, TooMuch> {
    // If the groups are in the model, they are already chosen.
    let groups = frame.groups.filter(|_| !model.contains_key("subject.groups"));
    assign(&Frame { groups, ..*frame }, goals, model, budget)
}

/// Finds values for attributes that are not compared with each other.
fn assign_each(frame: &Frame<'_>, goals: &Goals, model: &mut Model) -> bool {
    let mut paths: Vec<String> = goals.must_hold.iter().flat_map(Atom::vars).map(|var| var.attribute.path()).collect();
    paths.extend(frame.groups.map(|_| "subject.groups".to_owned()));
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let about = |atom: &&Atom| {
            atom.vars().first().is_some_and(|var| var.attribute.path() == path) && atom.vars().len() == 1
        };
        let must_hold: Vec<&Atom> = goals.must_hold.iter().filter(about).collect();
        let must_fail: Vec<&Atom> = goals.must_fail.iter().flatten().filter(about).collect();
        let groups = frame.groups.filter(|_| path == "subject.groups");
        let values = match groups {
            Some(groups) => choose_groups(frame, groups, &must_hold, &must_fail),
            None => choose_values(frame, &must_hold, &must_fail),
        };
        match values {
            Some(values) => model.insert(path, values),
            None => return false,
        };
    }
    true
}
