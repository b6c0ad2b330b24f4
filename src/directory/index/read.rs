//! Queries a complete index.

use super::definition::Index;
use super::stored::{pending_changes, Stored, CHANGED};
use crate::directory::facts::Entry;
use crate::directory::fault::Fault;
use crate::directory::interrupt::Interrupt;
use crate::directory::transaction::Transaction;

/// Requests what every query of an index needs, without waiting for it, so that it arrives together with what the
/// caller needs.
pub(crate) fn prefetch(tx: &mut Transaction<'_>, index: &Index) {
    tx.prefetch(&[index.state_key(), index.tree_key()]);
}

/// Requests the nodes that [`page`] will need, or [`span`] if `is_counted`, as far as they are known, without waiting
/// for them. A caller that repeats this whenever it waits for something else gets the page in as few executions from a
/// large index as from a small one.
pub(crate) fn prefetch_page(
    tx: &mut Transaction<'_>,
    index: &Index,
    below: &str,
    part: (usize, usize),
    is_counted: bool,
) {
    prefetch(tx, index);
    // Requests the nodes that are missing.
    drop(find(tx, index, below, part, is_counted));
}

/// A page of the items that begin with a text, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The number of items that begin with the text.
    pub total: usize,
    pub items: Vec<String>,
}

/// Among the items that begin with `below`, returns up to `take` after the first `skip`. The response depends on the
/// tree: the request is executed again if the tree has changed since.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(crate) fn span(
    tx: &mut Transaction<'_>,
    index: &Index,
    below: &str,
    (skip, take): (usize, usize),
) -> Result<Span, Interrupt> {
    let span = find(tx, index, below, (skip, take), true);
    depend_on_tree(tx, index, span)
}

/// The items of [`span`] without their total, which would read as much of the tree again.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(crate) fn page(
    tx: &mut Transaction<'_>,
    index: &Index,
    below: &str,
    part: (usize, usize),
) -> Result<Vec<String>, Interrupt> {
    let span = find(tx, index, below, part, false);
    depend_on_tree(tx, index, span).map(|span| span.items)
}

/// The number of items that begin with `below` up to and including `last`, which is or was one of them. The response
/// depends on the tree, as in [`span`].
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(crate) fn count_up_to(
    tx: &mut Transaction<'_>,
    index: &Index,
    below: &str,
    last: &str,
) -> Result<usize, Interrupt> {
    let rank = rank(tx, index, below, last);
    depend_on_tree(tx, index, rank)
}

/// A result that depends on the tree. If a node is missing, the tree has changed since its root was read, and the
/// request is executed again.
fn depend_on_tree<T>(tx: &mut Transaction<'_>, index: &Index, result: Result<T, Interrupt>) -> Result<T, Interrupt> {
    if let Err(Interrupt::Pending) = result {
        return result;
    }
    tx.depend_on_index(&index.tree_key())?;
    match result {
        Err(Interrupt::Fault(CHANGED)) => Err(Fault::Internal.into()),
        result => result,
    }
}

fn rank(tx: &mut Transaction<'_>, index: &Index, below: &str, last: &str) -> Result<usize, Interrupt> {
    let tree = Stored::new(tx, index).tree();
    let waiting = pending_changes(tx, index, below)?;
    let (tree, mut nodes) = (tree?, Stored::new(tx, index));
    let start = tree.rank(&mut nodes, &|item| item < below);
    let end = tree.rank(&mut nodes, &|item| item <= last)?;
    let mut rank = end.saturating_sub(start?);
    for (_, is_in) in waiting.iter().filter(|(item, _)| item.as_str() <= last) {
        rank = if *is_in { rank.saturating_add(1) } else { rank.saturating_sub(1) };
    }
    Ok(rank)
}

/// Without `is_counted`, the total is not known and has no meaning.
fn find(
    tx: &mut Transaction<'_>,
    index: &Index,
    below: &str,
    (skip, take): (usize, usize),
    is_counted: bool,
) -> Result<Span, Interrupt> {
    let tree = Stored::new(tx, index).tree();
    let waiting = pending_changes(tx, index, below)?;
    let (tree, mut nodes) = (tree?, Stored::new(tx, index));
    let added = waiting.iter().filter(|(_, is_in)| *is_in).count();
    let removed = waiting.len().saturating_sub(added);
    let (start, end) = if below.is_empty() {
        (0, tree.top.count())
    } else {
        let start = tree.rank(&mut nodes, &|item| item < below);
        if start.is_err() {
            let window = (skip.saturating_sub(added), take.saturating_add(waiting.len()));
            tree.prefetch_window(&mut nodes, &|item| item < below, window);
        }
        let end = if is_counted {
            tree.rank(&mut nodes, &|item| item < below || item.starts_with(below))
        } else {
            Ok(tree.top.count())
        };
        (start?, end?)
    };
    let here = end.saturating_sub(start);
    let total = here.saturating_add(added).saturating_sub(removed);
    // Pending items may come before the requested ones, or leave gaps between them.
    let from = skip.saturating_sub(added).min(here);
    let to = skip.saturating_add(take).saturating_add(removed).min(here);
    let items = tree.window(&mut nodes, start.saturating_add(from), to.saturating_sub(from))?;

    // Without an end, the window may extend too far.
    let items: Vec<String> = items.into_iter().filter(|item| item.starts_with(below)).collect();
    let is_waiting = |item: &String| waiting.binary_search_by(|(other, _)| other.cmp(item)).is_ok();
    let in_front = |item: &String| waiting.partition_point(|(other, _)| other < item);
    // The pending changes before the window have been counted already.
    let passed = items.first().filter(|_| from > 0).map_or(0, in_front);
    let sum = |changes: &[(String, bool)]| {
        let added = changes.iter().filter(|(_, is_in)| *is_in).count();
        (added, changes.len().saturating_sub(added))
    };
    let (before, waiting_here) = waiting.split_at_checked(passed).unwrap_or((&waiting, &[]));
    let (added_before, removed_before) = sum(before);
    let first = from.saturating_add(added_before).saturating_sub(removed_before);
    let mut merged: Vec<String> = items.into_iter().filter(|item| !is_waiting(item)).collect();
    merged.extend(waiting_here.iter().filter(|(_, is_in)| *is_in).map(|(item, _)| item.clone()));
    merged.sort();
    let items = merged.into_iter().skip(skip.saturating_sub(first)).take(take).collect();
    Ok(Span { total, items })
}

/// Up to `limit` items that have a value of an attribute, in order, after `after`. Compare the entries that are found:
/// an index has only digests of values.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(crate) fn items_with_value(
    tx: &mut Transaction<'_>,
    index: &Index,
    (attribute, value): (&str, &str),
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, Interrupt> {
    let prefix = index.term_prefix(attribute, value);
    let after = after.map(|after| format!("{prefix}{after}"));
    let page: &[(String, Entry)] = tx.scan(&prefix, after.as_deref(), limit)?;
    Ok(page.iter().filter_map(|(key, _)| key.strip_prefix(&prefix).map(str::to_owned)).collect())
}
