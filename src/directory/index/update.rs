//! Updates the indexes of a model with the changes of a request.

use std::collections::BTreeMap;

use super::definition::Index;
use super::node::NODE_MIN;
use super::stored::{pending_changes, State, Stored, With, CHANGED};
use super::tree::Tree;
use crate::directory::interrupt::Interrupt;
use crate::directory::key::{filled_marker_key, Key};
use crate::directory::transaction::Transaction;
use crate::document::value::Value;

/// One in this many writers moves the pending changes into the tree.
const FOLD: u8 = 16;

/// The number of changes of one request from which they are moved into the tree at once.
const MANY: usize = 64;

/// The largest commit, in lines, with which a new index is written. A store accepts 1,000,000 lines, and a seed may come
/// close to that. Beyond it, the first list builds the index.
const LINES_MAX: usize = 1_000_000;

/// The changes of an index.
#[derive(Default)]
struct Moves {
    /// Items, and whether they are in the index afterwards.
    items: Vec<(String, bool)>,
    /// The keys of terms, and whether an entry has them afterwards.
    terms: Vec<(Key, bool)>,
    /// The name of the entry is random. A later execution may draw another one, so it is not read: no entry of an index
    /// begins with it.
    is_drawn: bool,
}

/// Adds the changes of the indexes to those of a request.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(crate) fn update(tx: &mut Transaction<'_>, indexes: &[Index]) -> Result<(), Interrupt> {
    let mut is_pending = false;
    for index in indexes {
        match update_one(tx, index) {
            Err(Interrupt::Pending) => is_pending = true,
            result => result?,
        }
    }
    if is_pending {
        Err(Interrupt::Pending)
    } else {
        Ok(())
    }
}

fn update_one(tx: &mut Transaction<'_>, index: &Index) -> Result<(), Interrupt> {
    let changed: BTreeMap<String, Moves> = collect_moves(tx, index);
    if fills_new_store(tx) {
        return write_new_index(tx, index, changed);
    }
    if changed.is_empty() {
        return Ok(());
    }
    let key = index.state_key();
    // Requests everything that will be needed together.
    let mut keys = vec![key.clone()];
    for (item, moves) in changed.iter().filter(|(_, moves)| !moves.is_drawn) {
        keys.extend(moves.items.iter().map(|_| index.pending_key(item)));
        keys.extend(moves.terms.iter().map(|(key, _)| key.clone()));
    }
    tx.prefetch(&keys);
    let state = State::from_value(tx.read_entry(&key)?)?;
    let after = match &state {
        State::Complete => None,
        State::Partial(after) => Some(after.as_str()),
        State::Missing => return Ok(()),
    };
    let (mut moves, mut drawn) = (Moves::default(), Moves::default());
    let mut is_behind = false;
    for (item, of_item) in changed {
        if after.is_some_and(|after| item.as_str() > after) {
            is_behind = true;
            continue;
        }
        let moves = if of_item.is_drawn { &mut drawn } else { &mut moves };
        moves.items.extend(of_item.items);
        moves.terms.extend(of_item.terms);
    }
    if is_behind {
        // A step that builds the index has read, or reads concurrently, what this request changes. One of the two is
        // repeated.
        tx.write_index(&key, Some(state.to_value()))?;
    }
    let entries = drawn.items.iter().map(|(item, is_in)| (index.pending_key(item), *is_in));
    for (key, is_in) in entries.chain(drawn.terms) {
        tx.write_index(&key, Some(is_in.into()))?;
    }
    write_pending_changes(tx, index, &moves)?;
    let first = moves.items.first().or(drawn.items.first());
    if moves.items.len() > MANY || is_elected(tx, first)? {
        fold_pending_changes(tx, index, &moves)?;
    }
    Ok(())
}

/// The changes by item, without those that do not change an index.
fn collect_moves(tx: &Transaction<'_>, index: &Index) -> BTreeMap<String, Moves> {
    let mut all = BTreeMap::new();
    for (key, after) in tx.changes.under_prefix(index.prefix) {
        let Some(item) = key.strip_prefix(index.prefix) else { continue };
        let before = tx.stored(key);
        let [old, new] = [before, after].map(|value| index.terms(item, value));
        let mut moves = Moves { is_drawn: !tx.has_looked_at(key), ..Moves::default() };
        if before.is_some() != after.is_some() {
            moves.items.push((item.to_owned(), after.is_some()));
        }
        let gone = old.iter().filter(|term| !new.contains(term)).map(|term| (index.term_key(item, term), false));
        let added = new.iter().filter(|term| !old.contains(term)).map(|term| (index.term_key(item, term), true));
        moves.terms.extend(gone.chain(added).filter(|(key, _)| key.is_storable()));
        if !moves.items.is_empty() || !moves.terms.is_empty() {
            all.insert(item.to_owned(), moves);
        }
    }
    all
}

/// Whether this request fills a store for the first time. Then no index can be missing.
fn fills_new_store(tx: &Transaction<'_>) -> bool {
    let filled = filled_marker_key();
    tx.changes.changed(filled.text()).is_some() && tx.changes.is_new(filled.text())
}

/// Writes the whole index of a new store, unless the commit would be too large.
fn write_new_index(tx: &mut Transaction<'_>, index: &Index, changed: BTreeMap<String, Moves>) -> Result<(), Interrupt> {
    let (mut items, mut terms) = (Vec::new(), Vec::new());
    for moves in changed.into_values() {
        items.extend(moves.items);
        terms.extend(moves.terms);
    }
    let nodes = items.len().div_euclid(NODE_MIN).saturating_add(3);
    if tx.changes.lines().saturating_add(terms.len()).saturating_add(nodes) > LINES_MAX {
        return Ok(());
    }
    let (mut tree, mut stored) = (Tree::default(), Stored::new(tx, index));
    tree.apply(&mut stored, &items)?;
    stored.save(&tree, With::Records)?;
    for (key, _) in terms {
        tx.write_index(&key, Some(Value::Bool(true)))?;
    }
    tx.write_index(&index.state_key(), Some(State::Complete.to_value()))
}

fn write_pending_changes(tx: &mut Transaction<'_>, index: &Index, moves: &Moves) -> Result<(), Interrupt> {
    let waiting: Vec<Key> = moves.items.iter().map(|(item, _)| index.pending_key(item)).collect();
    let mut keys = waiting.clone();
    keys.extend(moves.terms.iter().map(|(key, _)| key.clone()));
    let mut known = tx.read_all(&keys)?.into_iter();
    for ((_, is_in), key) in moves.items.iter().zip(&waiting) {
        match known.next().flatten() {
            None => tx.write_index(key, Some((*is_in).into()))?,
            // The tree already says so.
            Some(Value::Bool(was_in)) if was_in != is_in => tx.write_index(key, None)?,
            Some(_) => {}
        }
    }
    for ((key, is_in), known) in moves.terms.iter().zip(known) {
        match (known, is_in) {
            (None, true) => tx.write_index(key, Some(Value::Bool(true)))?,
            (Some(_), false) => tx.write_index(key, None)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether a request that changes this item moves the pending changes into the tree.
fn is_elected(tx: &mut Transaction<'_>, item: Option<&(String, bool)>) -> Result<bool, Interrupt> {
    let Some((item, _)) = item else { return Ok(false) };
    let [drawn] = tx.random::<1>()?;
    let sum = item.bytes().fold(drawn, u8::wrapping_add);
    Ok(sum.checked_rem(FOLD) == Some(0))
}

/// Moves the pending changes into the tree, including those of this request. Items with random names are not moved:
/// each execution would need another place in the tree.
fn fold_pending_changes(tx: &mut Transaction<'_>, index: &Index, moves: &Moves) -> Result<(), Interrupt> {
    let tree = Stored::new(tx, index).tree();
    let waiting = pending_changes(tx, index, "")?;
    let mut tree = tree?;
    let mut changes: BTreeMap<String, bool> = waiting.iter().cloned().collect();
    changes.extend(moves.items.iter().cloned());
    let changes: Vec<_> = changes.into_iter().collect();
    let mut stored = Stored::new(tx, index);
    match tree.apply(&mut stored, &changes) {
        // This request depends on the root of the tree, so it is executed again.
        Err(Interrupt::Fault(CHANGED)) => return Ok(()),
        result => result?,
    }
    stored.save(&tree, With::Records)?;
    for (item, _) in &waiting {
        tx.write_index(&index.pending_key(item), None)?;
    }
    for (item, _) in &moves.items {
        let key = index.pending_key(item);
        if tx.stored(key.text()).is_none() {
            // It was about to be written.
            tx.changes.discard(key.text());
        }
    }
    Ok(())
}
