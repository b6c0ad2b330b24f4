//! Sets of the actions that both documents have.

use super::super::access::{denies_action, grants_action};
use super::super::model::Records;
use super::super::table::Named;
use super::super::vocabulary::Action;
use crate::system::Term;

/// A set of actions, by their indexes in [`Actions`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bits([u64; 4]);

impl Bits {
    /// The set of the action at this place.
    pub(crate) fn of_action(place: usize) -> Self {
        let mut bits = Self::default();
        if let Some(word) = bits.0.get_mut(place / 64) {
            *word = 1_u64.wrapping_shl(u32::try_from(place % 64).unwrap_or(0));
        }
        bits
    }

    fn combine(self, other: Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let mut bits = self;
        bits.0.iter_mut().zip(other.0).for_each(|(word, other)| *word = combine(*word, other));
        bits
    }

    pub(crate) fn and(self, other: Self) -> Self {
        self.combine(other, |a, b| a & b)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The places in it.
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        (0..256).filter(move |place| !self.and(Self::of_action(*place)).is_empty())
    }
}

/// The actions that two documents both have, in the order of the first one.
#[derive(Debug)]
pub(crate) struct Actions {
    pub(crate) names: Vec<String>,
    codes: Vec<[Action; 2]>,
}

impl Actions {
    pub(crate) fn of_documents(documents: [&Records; 2]) -> Self {
        let [from, to] = documents;
        let mut actions = Self { names: Vec::new(), codes: Vec::new() };
        for name in Action::names(from) {
            if let (Some(code), Some(other)) = (Action::from_name(from, name), Action::from_name(to, name)) {
                actions.names.push(name.to_owned());
                actions.codes.push([code, other]);
            }
        }
        actions
    }

    /// The action at an index, with the code of one of the documents.
    pub(crate) fn code(&self, place: usize, side: usize) -> Option<Action> {
        self.codes.get(place)?.get(side).copied()
    }

    /// The actions that a grant of this name gives in a document.
    pub(crate) fn granted_actions(&self, records: &Records, side: usize, named: Named) -> Bits {
        self.select_actions(side, |action| grants_action(records, action, named))
    }

    /// The actions that a limit of this name denies in a document.
    pub(crate) fn denied_actions(&self, records: &Records, side: usize, named: Named) -> Bits {
        self.select_actions(side, |action| denies_action(records, action, named))
    }

    fn select_actions(&self, side: usize, is_one: impl Fn(Action) -> bool) -> Bits {
        let places = (0..self.codes.len()).filter(|place| self.code(*place, side).is_some_and(&is_one));
        places.fold(Bits::default(), |bits, place| bits.or(Bits::of_action(place)))
    }
}
