//! Boolean expressions, simplified as far as that is cheap.

use super::atom::{Atom, Test};
use super::terms::{conjunction, decide_atom, sorted, Term};

/// A condition on a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expression<'q> {
    /// A comparison.
    Is(Atom<'q>),
    /// A negation.
    Not(Box<Expression<'q>>),
    /// All of these. An empty list is true.
    All(Vec<Expression<'q>>),
    /// One of these. An empty list is false.
    Any(Vec<Expression<'q>>),
}

impl<'q> Expression<'q> {
    const TRUE: Self = Self::All(Vec::new());
    const FALSE: Self = Self::Any(Vec::new());

    /// Whether it holds of every row.
    pub(super) fn is_true(&self) -> bool {
        matches!(self, Self::All(all) if all.is_empty())
    }

    /// Whether it holds of no row.
    pub(super) fn is_false(&self) -> bool {
        matches!(self, Self::Any(any) if any.is_empty())
    }

    /// All of these. What the comparisons among them decide is simplified in the others.
    pub(super) fn all(list: Vec<Self>) -> Self {
        let Some((term, others)) = split(list) else { return Self::FALSE };
        let mut list: Vec<Self> = others.into_iter().map(|other| other.assume_term(&term)).collect();
        list.extend(term.into_iter().map(Self::Is));
        let Some((term, others)) = split(list) else { return Self::FALSE };
        let mut all: Vec<Self> = term.into_iter().map(Self::Is).collect();
        all.extend(sorted(others));
        only_item(all).unwrap_or_else(Self::All)
    }

    /// The same expression for rows that satisfy this term.
    fn assume_term(self, term: &[Atom<'q>]) -> Self {
        let each = |list: Vec<Self>| list.into_iter().map(|one| one.assume_term(term)).collect();
        match self {
            Self::Is(atom) => match decide_atom(&atom, term) {
                Some(true) => Self::TRUE,
                Some(false) => Self::FALSE,
                None => Self::Is(atom),
            },
            Self::Not(one) => Self::not(one.assume_term(term)),
            Self::All(all) => Self::all(each(all)),
            Self::Any(any) => Self::any(each(any)),
        }
    }

    /// One of these.
    pub(super) fn any(list: Vec<Self>) -> Self {
        let mut any = Vec::with_capacity(list.len());
        let mut rest = list;
        while let Some(one) = rest.pop() {
            match one {
                one if one.is_true() => return Self::TRUE,
                Self::Any(list) => rest.extend(list),
                other @ (Self::Is(_) | Self::Not(_) | Self::All(_)) => any.push(other),
            }
        }
        only_item(sorted(any)).unwrap_or_else(Self::Any)
    }

    /// The opposite.
    pub(super) fn not(expression: Self) -> Self {
        match expression {
            one if one.is_true() => Self::FALSE,
            one if one.is_false() => Self::TRUE,
            // Each row has one string there, which equals one of the values or differs from all.
            Self::Is(Atom { left, test: Test::Equals(values) }) if left.is_text() => {
                Self::Is(Atom { left, test: Test::Differs(values) })
            }
            other => Self::Not(Box::new(other)),
        }
    }

    /// One of these alternatives. Common comparisons are written once.
    pub(super) fn of_terms(mut terms: Vec<Term<'q>>) -> Self {
        let mut common = terms.first().cloned().unwrap_or_default();
        for term in &terms {
            common.retain(|atom| term.binary_search(atom).is_ok());
        }
        let is = |atoms: Term<'q>| atoms.into_iter().map(Self::Is).collect::<Vec<Self>>();
        for term in &mut terms {
            term.retain(|atom| common.binary_search(atom).is_err());
        }
        let any = Self::any(terms.into_iter().map(|term| Self::all(is(term))).collect());
        let mut all = is(common);
        all.push(any);
        Self::all(all)
    }
}

/// The comparisons of a list as one term, all of which must hold, and the other expressions. Returns `None` if they
/// cannot hold.
fn split(mut list: Vec<Expression<'_>>) -> Option<(Term<'_>, Vec<Expression<'_>>)> {
    let (mut atoms, mut others) = (Vec::new(), Vec::new());
    while let Some(one) = list.pop() {
        match one {
            one if one.is_false() => return None,
            Expression::Is(atom) => atoms.push(atom),
            Expression::All(all) => list.extend(all),
            other @ (Expression::Not(_) | Expression::Any(_)) => others.push(other),
        }
    }
    conjunction(atoms).map(|term| (term, others))
}

/// The only element, or all of several or none.
fn only_item<T>(mut list: Vec<T>) -> Result<T, Vec<T>> {
    match list.pop() {
        Some(only) if list.is_empty() => Ok(only),
        last => {
            list.extend(last);
            Err(list)
        }
    }
}
