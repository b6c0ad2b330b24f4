//! Alternatives, each a list of comparisons that must all hold, simplified as far as that is cheap.

use std::cmp::Ordering;
use std::mem;

use super::atom::{Atom, Reference, Scalar, Test};
use crate::tables::sort::sort;

/// Comparisons that must all hold, sorted, each once. An empty list always holds.
pub(super) type Term<'q> = Vec<Atom<'q>>;

/// The longest alternative for which the search tests whether a part of it is an alternative by itself. The number of
/// parts doubles with each comparison.
const ABSORBED_MAX: usize = 6;

/// Sorts the elements and removes duplicates.
pub(super) fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    sort(&mut list, T::cmp);
    list.dedup();
    list
}

/// Combines these comparisons into one term. Returns `None` if they contradict each other.
pub(super) fn conjunction(atoms: Vec<Atom<'_>>) -> Option<Term<'_>> {
    let atoms = sorted(atoms);
    let mut term = Vec::with_capacity(atoms.len());
    for one in atoms.chunk_by(|a, b| a.left == b.left) {
        match one {
            [first, _, ..] if first.left.is_text() => one_text(first.left, one, &mut term)?,
            _ => term.extend_from_slice(one),
        }
    }
    Some(term)
}

/// Adds comparisons of one string. Two equalities of an attribute that can be a list are not merged.
fn one_text<'q>(left: Reference<'q>, atoms: &[Atom<'q>], term: &mut Term<'q>) -> Option<()> {
    let mut wanted: Option<Vec<Scalar<'q>>> = None;
    let mut excluded = Vec::new();
    let mut others = Vec::new();
    for atom in atoms {
        match (&atom.test, &mut wanted) {
            (Test::Equals(values), Some(wanted)) => wanted.retain(|value| values.binary_search(value).is_ok()),
            (Test::Equals(values), None) => wanted = Some(values.clone()),
            (Test::Differs(values), _) => excluded.extend_from_slice(values),
            _ => others.push(atom.clone()),
        }
    }
    let excluded = sorted(excluded);
    match wanted {
        Some(mut values) => {
            values.retain(|value| excluded.binary_search(value).is_err());
            if values.is_empty() {
                return None;
            }
            term.push(Atom { left, test: Test::Equals(values) });
        }
        None if excluded.is_empty() => {}
        None => term.push(Atom { left, test: Test::Differs(excluded) }),
    }
    term.extend(others);
    Some(())
}

/// Whether a comparison holds for all rows that satisfy the term, or for none. Returns `None` if that is not obvious.
pub(super) fn decide_atom(atom: &Atom<'_>, term: &[Atom<'_>]) -> Option<bool> {
    let first = term.partition_point(|known| known.left < atom.left);
    let mut of_left = term.iter().skip(first).take_while(|known| known.left == atom.left);
    of_left.find_map(|known| {
        if known == atom {
            return Some(true);
        }
        let (wanted, values) = match (&known.test, &atom.test) {
            _ if !atom.left.is_text() => return None,
            (wanted, Test::Equals(values) | Test::Differs(values)) => (wanted, values),
            _ => return None,
        };
        let is_equality = matches!(atom.test, Test::Equals(_));
        match wanted {
            Test::Equals(known) => match count_shared(values, known) {
                0 => Some(!is_equality),
                count if count == known.len() => Some(is_equality),
                _ => None,
            },
            Test::Differs(known) => (count_shared(values, known) == values.len()).then_some(!is_equality),
            _ => None,
        }
    })
}

/// The number of values that are among others, which are sorted.
fn count_shared(values: &[Scalar<'_>], others: &[Scalar<'_>]) -> usize {
    values.iter().filter(|value| others.binary_search(value).is_ok()).count()
}

/// The alternatives without those that others make redundant, and with equalities of one attribute merged into one
/// list.
pub(super) fn disjunction(terms: Vec<Term<'_>>) -> Vec<Term<'_>> {
    if terms.iter().any(Vec::is_empty) {
        return vec![Vec::new()];
    }
    let terms = sorted(terms);
    let mut kept: Vec<Term<'_>> = terms.iter().filter(|term| !has_part_in(term, &terms)).cloned().collect();
    // If alternatives differ in several equalities, the values of the last one are merged first.
    for place in (0..kept.iter().map(|term| equalities(term).count()).max().unwrap_or(0)).rev() {
        kept = merge_equalities(kept, place);
    }
    let kept = sorted(kept);
    // After merging there is one for each attribute, in the order of the attributes.
    let widest: Vec<&Atom<'_>> = kept.iter().filter_map(|term| only_equality(term)).collect();
    kept.iter().filter(|term| term.len() == 1 || !is_narrower(term, &widest)).cloned().collect()
}

/// The equality, if it is the whole term.
fn only_equality<'t, 'q>(term: &'t [Atom<'q>]) -> Option<&'t Atom<'q>> {
    match term {
        [only] => only.values().map(|_| only),
        _ => None,
    }
}

/// Whether a part of the term is in the sorted list of terms.
fn has_part_in(term: &[Atom<'_>], terms: &[Term<'_>]) -> bool {
    if !(2..=ABSORBED_MAX).contains(&term.len()) {
        return false;
    }
    let all = 1_u32.checked_shl(u32::try_from(term.len()).unwrap_or(0)).unwrap_or(0).saturating_sub(1);
    (1..all).any(|bits| {
        let part = || (0_u32..).zip(term).filter(|(place, _)| bits.checked_shr(*place).unwrap_or(0) & 1 == 1);
        terms.binary_search_by(|other| other.iter().cmp(part().map(|(_, atom)| atom))).is_ok()
    })
}

/// Whether an equality of the term is narrower than one of these, which are sorted by attribute.
fn is_narrower(term: &[Atom<'_>], widest: &[&Atom<'_>]) -> bool {
    term.iter().any(|atom| {
        let wide = widest.binary_search_by(|wide| wide.left.cmp(&atom.left)).ok().and_then(|place| widest.get(place));
        match (atom.values(), wide.and_then(|wide| wide.values())) {
            (Some(values), Some(wide)) => values.iter().all(|value| wide.binary_search(value).is_ok()),
            _ => false,
        }
    })
}

/// The indexes of the equalities with values.
fn equalities<'t>(term: &'t [Atom<'_>]) -> impl Iterator<Item = usize> + 't {
    term.iter().enumerate().filter(|(_, atom)| atom.values().is_some()).map(|(place, _)| place)
}

/// Merges terms that differ only in the values of the equality at this index.
fn merge_equalities(terms: Vec<Term<'_>>, which: usize) -> Vec<Term<'_>> {
    let mut result = Vec::with_capacity(terms.len());
    let mut keyed = Vec::with_capacity(terms.len());
    for mut term in terms {
        let place = equalities(&term).nth(which);
        match place {
            // Merged terms come after the rest.
            Some(place) => {
                let atom = term.remove(place);
                keyed.push((term, atom));
            }
            None => result.push(term),
        }
    }
    let compare = |(rest, atom): &(Term<'_>, Atom<'_>), (other, last): &(Term<'_>, Atom<'_>)| -> Ordering {
        atom.left.cmp(&last.left).then_with(|| rest.cmp(other))
    };
    sort(&mut keyed, compare);
    for group in keyed.chunk_by_mut(|a, b| compare(a, b).is_eq()) {
        let mut values = Vec::new();
        for (_, atom) in group.iter() {
            values.extend_from_slice(atom.values().map(Vec::as_slice).unwrap_or_default());
        }
        let Some((rest, atom)) = group.first_mut() else { continue };
        let mut term = mem::take(rest);
        term.push(Atom { left: atom.left, test: Test::Equals(sorted(values)) });
        result.push(sorted(term));
    }
    result
}
