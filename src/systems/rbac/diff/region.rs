//! Regions: sets of questions that one document allows and the other does not.
//!
//! Compare the grants and limits before and after. A question is gained if it is allowed after the change and was
//! denied before it. It is allowed if a grant allows it and no limit denies it. So each new grant is a region, without
//! what grants allowed before and what limits deny after. Each removed limit is a region together with each grant after
//! the change, without what limits deny after. Losses are the same with the documents exchanged.

use std::collections::BTreeMap;

use super::bits::Bits;
use super::line::{EntryKind, Key, Line, Span};
use super::pattern::{Pattern, Piece};
use super::solve::{Budget, TooMuch};
use super::store::{ConditionsRef, Store};

/// The grants and limits of one side, each line once and in order.
pub(super) struct Rights {
    pub(super) grants: Vec<Line>,
    pub(super) limits: Vec<Line>,
}

/// Excludes questions from a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exception {
    pub(super) key: Key,
    /// A grant excludes what it allows; a limit excludes what it denies.
    pub(super) of: EntryKind,
}

impl Exception {
    /// Whether it excludes everything that its pattern matches.
    pub(super) fn is_unconditional(&self) -> bool {
        match self.of {
            EntryKind::Grants => self.key.when == ConditionsRef::Always && self.key.span.is_none(),
            EntryKind::Limits => self.key.when == ConditionsRef::Never,
        }
    }
}

/// A set of questions with one decision before and another one after.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) pattern: Pattern,
    /// Texts that the user's id must equal.
    pub(super) ids: Vec<u32>,
    pub(super) actions: Bits,
    /// The conditions and bounds of the grant that allows the actions.
    pub(super) when: ConditionsRef,
    pub(super) span: Span,
    /// The exceptions of the limit that is the difference. They must not hold.
    pub(super) unless: ConditionsRef,
    pub(super) exceptions: Vec<Exception>,
}

/// A region before exclusions.
type Seed = (Region, EntryKind);

/// The most regions with which others are compared, to leave out those that are contained in them.
const WIDE_MAX: usize = 64;

/// The cost of a region in pairs of patterns, which bounds its memory.
const REGION_COST: usize = 200;

/// The regions that the rights `after` allow and the rights `before` do not.
pub(super) fn regions(
    store: &Store<'_>,
    before: &Rights,
    after: &Rights,
    budget: &mut Budget,
) -> Result<Vec<Region>, TooMuch> {
    let added_grants = lines_without(&after.grants, &before.grants);
    let removed_limits = lines_without(&before.limits, &after.limits);
    if added_grants.is_empty() && removed_limits.is_empty() {
        return Ok(Vec::new());
    }
    let grants_before = Index::of_lines(store, &before.grants);
    let limits_after = Index::of_lines(store, &after.limits);
    let mut seeds: Vec<Seed> = Vec::new();
    for (key, bits) in added_grants {
        let Some(pattern) = store.pattern(key.pattern).cloned() else { continue };
        let seed = Region {
            pattern,
            ids: Vec::new(),
            actions: bits,
            when: key.when,
            span: key.span,
            unless: ConditionsRef::Never,
            exceptions: Vec::new(),
        };
        seeds.push((seed, EntryKind::Grants));
    }
    let grants_after = Index::of_lines(store, if removed_limits.is_empty() { &[] } else { &after.grants });
    for (limit, bits) in removed_limits {
        let Some(pattern) = store.pattern(limit.pattern) else { continue };
        for (key, given) in grants_after.overlapping(store, pattern, budget)? {
            let both = store.pattern(key.pattern).and_then(|other| pattern.intersect(other));
            let actions = bits.and(given);
            if let Some((pattern, ids)) = both.filter(|_| !actions.is_empty()) {
                budget.take_pairs(REGION_COST)?;
                let seed = Region {
                    pattern,
                    ids,
                    actions,
                    when: key.when,
                    span: key.span,
                    unless: limit.when,
                    exceptions: Vec::new(),
                };
                seeds.push((seed, EntryKind::Limits));
            }
        }
    }
    drop_contained(&mut seeds, budget)?;
    let mut regions = Vec::new();
    for (seed, of) in seeds {
        let mut exceptions = limits_after.exceptions(store, &seed, EntryKind::Limits, budget)?;
        if of == EntryKind::Grants {
            exceptions.extend(grants_before.exceptions(store, &seed, EntryKind::Grants, budget)?);
        }
        push_regions(store, seed, exceptions, &mut regions, budget)?;
    }
    Ok(regions)
}

/// The lines of the first list that are not in the second.
fn lines_without(lines: &[Line], others: &[Line]) -> Vec<Line> {
    let mut rest = Vec::new();
    for (key, bits) in lines {
        let other = others.binary_search_by(|(other, _)| other.cmp(key)).ok().and_then(|place| others.get(place));
        let bits = other.map_or(*bits, |(_, other)| bits.without(*other));
        if !bits.is_empty() {
            rest.push((*key, bits));
        }
    }
    rest
}

/// Leaves out regions that are contained in a wider one, and duplicates.
fn drop_contained(seeds: &mut Vec<Seed>, budget: &mut Budget) -> Result<(), TooMuch> {
    let is_wide = |seed: &Region| seed.when == ConditionsRef::Always && seed.span.is_none() && seed.ids.is_empty();
    seeds.sort_by_key(|(seed, _)| (!is_wide(seed), seed.pattern.pieces.len(), !seed.pattern.has_rest));
    let mut wide: Vec<Seed> = Vec::new();
    for (seed, of) in seeds.iter_mut() {
        budget.take_pairs(wide.len())?;
        for (other, other_of) in &wide {
            let is_same_kind = of == other_of && (other.unless == ConditionsRef::Never || other.unless == seed.unless);
            if is_same_kind && other.pattern.covers(&seed.pattern) {
                seed.actions = seed.actions.without(other.actions);
            }
        }
        if wide.len() < WIDE_MAX && is_wide(seed) && !seed.actions.is_empty() {
            wide.push((seed.clone(), *of));
        }
    }
    seeds.retain(|(seed, _)| !seed.actions.is_empty());
    Ok(())
}

/// Adds the regions of a seed: one for each set of actions with the same exclusions.
fn push_regions(
    store: &Store<'_>,
    mut seed: Region,
    exceptions: Vec<(Exception, Bits)>,
    regions: &mut Vec<Region>,
    budget: &mut Budget,
) -> Result<(), TooMuch> {
    let sizes = exceptions.iter().map(|(exception, _)| store.size(exception.key.when).saturating_add(1));
    budget.take_pairs(sizes.sum())?;
    let pattern = |exception: &Exception| store.pattern(exception.key.pattern);
    for (exception, bits) in &exceptions {
        if exception.is_unconditional() && pattern(exception).is_some_and(|pattern| pattern.covers(&seed.pattern)) {
            seed.actions = seed.actions.without(*bits);
        }
    }
    let mut classes = vec![seed.actions];
    if [seed.when, seed.unless]
        .into_iter()
        .chain(exceptions.iter().map(|(exception, _)| exception.key.when))
        .any(|when| is_about_action(store, when))
    {
        classes = seed.actions.places().map(Bits::of_action).collect();
    }
    for (_, bits) in &exceptions {
        let parts = classes.iter().flat_map(|class| [class.and(*bits), class.without(*bits)]);
        classes = parts.filter(|class| !class.is_empty()).collect();
        budget.take_pairs(classes.len())?;
    }
    for actions in classes.into_iter().filter(|class| !class.is_empty()) {
        budget.take_pairs(exceptions.len().saturating_mul(WIDE_MAX / 2).saturating_add(REGION_COST))?;
        let own = exceptions.iter().filter(|(_, bits)| !actions.and(*bits).is_empty());
        let mut exceptions: Vec<Exception> = own.map(|(exception, _)| *exception).collect();
        leave_out_covered(store, &mut exceptions);
        regions.push(Region { actions, exceptions, ..seed.clone() });
    }
    Ok(())
}

fn is_about_action(store: &Store<'_>, when: ConditionsRef) -> bool {
    use super::super::attributes::Root;
    store
        .atoms_of(when)
        .any(|atom| atom.vars().iter().any(|var| var.attribute.root == Root::Action && &*var.attribute.names == "name"))
}

/// Leaves out exclusions that are contained in an unconditional one.
fn leave_out_covered(store: &Store<'_>, exceptions: &mut Vec<Exception>) {
    let wide: Vec<Exception> =
        exceptions.iter().filter(|exception| exception.is_unconditional()).take(WIDE_MAX).copied().collect();
    let pattern = |exception: &Exception| store.pattern(exception.key.pattern);
    let covers = |other: &Exception, exception: &Exception| match (pattern(other), pattern(exception)) {
        (Some(other), Some(pattern)) => other.covers(pattern),
        _ => false,
    };
    let mut kept: Vec<Exception> = Vec::with_capacity(exceptions.len());
    for exception in exceptions.iter() {
        let is_covered = wide.iter().any(|other| {
            // Of two with the same pattern the first stays.
            let is_same = other.key.pattern == exception.key.pattern && exception.is_unconditional();
            if is_same {
                kept.iter().any(|kept| kept.is_unconditional() && kept.key.pattern == exception.key.pattern)
            } else {
                covers(other, exception)
            }
        });
        if !is_covered {
            kept.push(*exception);
        }
    }
    *exceptions = kept;
}

/// Lines by their first segments.
struct Index<'l> {
    lines: &'l [Line],
    firsts: BTreeMap<Option<u32>, Vec<usize>>,
}

impl<'l> Index<'l> {
    fn of_lines(store: &Store<'_>, lines: &'l [Line]) -> Self {
        let mut firsts: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
        for (place, (key, _)) in lines.iter().enumerate() {
            firsts.entry(store.pattern(key.pattern).and_then(first_literal)).or_default().push(place);
        }
        Self { lines, firsts }
    }

    /// The lines whose patterns can match a path that this one matches.
    fn overlapping(&self, store: &Store<'_>, pattern: &Pattern, budget: &mut Budget) -> Result<Vec<Line>, TooMuch> {
        let lists: Vec<&Vec<usize>> = match first_literal(pattern) {
            Some(text) => [Some(text), None].iter().filter_map(|first| self.firsts.get(first)).collect(),
            None => self.firsts.values().collect(),
        };
        let mut lines = Vec::new();
        for list in lists {
            budget.take_pairs(list.len())?;
            for line in list.iter().filter_map(|place| self.lines.get(*place)) {
                if store.pattern(line.0.pattern).is_some_and(|other| other.overlaps(pattern)) {
                    lines.push(*line);
                }
            }
        }
        Ok(lines)
    }

    fn exceptions(
        &self,
        store: &Store<'_>,
        seed: &Region,
        of: EntryKind,
        budget: &mut Budget,
    ) -> Result<Vec<(Exception, Bits)>, TooMuch> {
        let lines = self.overlapping(store, &seed.pattern, budget)?;
        let lines = lines.into_iter().filter(|(_, bits)| !bits.and(seed.actions).is_empty());
        Ok(lines.map(|(key, bits)| (Exception { key, of }, bits)).collect())
    }
}

fn first_literal(pattern: &Pattern) -> Option<u32> {
    match pattern.pieces.first() {
        Some(Piece::Literal(text)) => Some(*text),
        _ => None,
    }
}
