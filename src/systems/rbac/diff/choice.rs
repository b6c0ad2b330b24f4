//! Finds values for a question of a region: the grant must apply, and no exception may exclude the question.

use super::atom::Var;
use super::goals::Frame;
use super::line::Span;
use super::solve::{solve, Budget, Model, TooMuch};
use super::store::{ConditionsRef, Store};
use crate::tables::double::NUMBER_MAX;

/// The requirements for the values.
#[derive(Clone, Copy)]
pub(super) enum Need {
    Holds(ConditionsRef, Span),
    Fails(ConditionsRef, Span),
}

/// The choices so far: statements and time spans that hold, and others that do not.
#[derive(Clone, Default)]
pub(super) struct Chosen {
    must_hold: Vec<usize>,
    must_fail: Vec<usize>,
    within: Vec<(u64, u64)>,
    outside: Vec<(u64, u64)>,
}

pub(super) struct Choice<'c, 'r> {
    pub(super) store: &'c Store<'r>,
    pub(super) frame: &'c Frame<'c>,
    pub(super) needs: &'c [Need],
    pub(super) budget: &'c mut Budget,
}

impl Choice<'_, '_> {
    /// Values that meet all requirements.
    pub(super) fn choose_model(&mut self, chosen: &Chosen) -> Result<Option<(Model, Option<u64>)>, TooMuch> {
        self.budget.take_steps(self.needs.len().saturating_add(1))?;
        let Some(now) = time_within(&chosen.within, &chosen.outside) else { return Ok(None) };
        let atoms = |places: &[usize]| places.iter().filter_map(|place| self.store.atom(*place)).collect::<Vec<_>>();
        let (must_hold, must_fail) = (atoms(&chosen.must_hold), atoms(&chosen.must_fail));
        let Some(model) = solve(self.frame, &must_hold, &must_fail, self.budget)? else { return Ok(None) };
        let Some(need) = self.needs.iter().find(|need| !self.is_met(**need, &model, now)).copied() else {
            return Ok(Some((model, now)));
        };
        for further in self.meeting_choices(need, &model, chosen) {
            if let Some(chosen) = self.choose_model(&further)? {
                return Ok(Some(chosen));
            }
        }
        Ok(None)
    }

    fn is_true(&self, atom: usize, model: &Model) -> bool {
        let find = |var: &Var| {
            let known = (self.frame.known)(var).or_else(|| model.get(&var.attribute.path()).cloned());
            Some(known.unwrap_or_default())
        };
        self.store.atom(atom).is_some_and(|atom| atom.is_true(&find))
    }

    fn is_met(&self, need: Need, model: &Model, now: Option<u64>) -> bool {
        let (when, span, wanted) = match need {
            Need::Holds(when, span) => (when, span, true),
            Need::Fails(when, span) => (when, span, false),
        };
        let is_in_time = span.is_none_or(|(from, until)| now.is_some_and(|now| from <= now && now < until));
        let is_met = match when {
            ConditionsRef::Always => true,
            ConditionsRef::Never => false,
            ConditionsRef::These(place) => {
                self.store.alternatives(place).iter().any(|all| all.iter().all(|atom| self.is_true(*atom, model)))
            }
        };
        (is_in_time && is_met) == wanted
    }

    /// The alternatives that meet a requirement.
    fn meeting_choices(&self, need: Need, model: &Model, chosen: &Chosen) -> Vec<Chosen> {
        let alternatives = |when: ConditionsRef| match when {
            ConditionsRef::Always => vec![Vec::new()],
            ConditionsRef::Never => Vec::new(),
            ConditionsRef::These(place) => self.store.alternatives(place).to_vec(),
        };
        let mut choices = Vec::new();
        match need {
            Need::Holds(when, span) => {
                for all in alternatives(when) {
                    let mut way = chosen.clone();
                    way.must_hold.extend(all.iter().filter(|atom| !chosen.must_hold.contains(atom)));
                    way.within.extend(span);
                    choices.push(way);
                }
            }
            Need::Fails(when, span) => {
                if let Some(span) = span {
                    let mut way = chosen.clone();
                    way.outside.push(span);
                    choices.push(way);
                }
                let mut holding =
                    alternatives(when).into_iter().filter(|all| all.iter().all(|atom| self.is_true(*atom, model)));
                for atom in holding.next().unwrap_or_default() {
                    let mut way = chosen.clone();
                    way.must_fail.push(atom);
                    choices.push(way);
                }
            }
        }
        choices
    }
}

/// A time within all of some spans and outside of others. `Some(None)` if no time is needed, `None` if no such time
/// exists.
fn time_within(within: &[(u64, u64)], outside: &[(u64, u64)]) -> Option<Option<u64>> {
    let Some(first) = within.iter().map(|(from, _)| *from).max() else { return Some(None) };
    #[expect(clippy::as_conversions, reason = "the number is whole, and both types hold it")]
    let last = NUMBER_MAX as u64;
    let is_in = |now: u64, (from, until): &(u64, u64)| *from <= now && now < *until;
    let mut times = [first].into_iter().chain(outside.iter().map(|(_, until)| *until)).filter(|now| *now <= last);
    let fits = |now: &u64| within.iter().all(|span| is_in(*now, span)) && !outside.iter().any(|span| is_in(*now, span));
    times.find(fits).map(Some)
}
