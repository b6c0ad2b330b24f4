//! The vocabulary of a model or of records.

use crate::system::{System, Term};
use crate::tables::word::Word;

/// The vocabulary of an authorizer, each list in the order of the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary<'r> {
    /// The actions.
    pub actions: Vec<&'r str>,
    /// The levels that rules compare.
    pub levels: Vec<&'r str>,
    /// The rules that decide.
    pub rules: &'static [&'static str],
    /// The kinds of values that can be validated.
    pub kinds: &'static [&'static str],
}

impl<'r> Vocabulary<'r> {
    /// The vocabulary of records.
    pub(super) fn of_records<S: System>(records: &'r S::Records) -> Self {
        let (actions, levels) = (S::Action::names(records), S::Level::names(records));
        Self { actions, levels, rules: S::Rule::WORDS, kinds: S::Kind::WORDS }
    }

    /// The vocabulary of a model, if it does not depend on records.
    pub(super) fn shared<S: System>() -> Option<Self> {
        let (actions, levels) = (S::Action::SHARED?.to_vec(), S::Level::SHARED?.to_vec());
        Some(Self { actions, levels, rules: S::Rule::WORDS, kinds: S::Kind::WORDS })
    }
}
