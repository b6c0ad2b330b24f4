//! Keeps the indexes of a system up to date with the changes of a call.

use std::collections::BTreeMap;

use super::definition::Index;
use super::stored::{pending, State, Stored, With, CHANGED};
use super::tree::{Tree, NODE_MIN};
use crate::directory::interrupt::Stop;
use crate::directory::key::{filled, Key};
use crate::directory::transaction::World;
use crate::document::value::Value;

/// One writer in so many moves pending changes into the tree.
const FOLD: u8 = 16;

/// Changes of one call that are moved into the tree at once.
const MANY: usize = 64;

/// The most lines of a commit with which a new index is written. A store takes 100,000, and a seed may come near that:
/// then the first list builds the index.
const LINES_MAX: usize = 100_000;

/// What changes in an index.
#[derive(Default)]
struct Moves {
    /// Items, and whether they are in the index from now on.
    items: Vec<(String, bool)>,
    /// The keys of terms, and whether an entry has them from now on.
    terms: Vec<(Key, bool)>,
    /// The call has drawn the name of the entry. A later run may draw another, so nothing is read of it: an index has
    /// nothing that begins with it.
    is_drawn: bool,
}

/// Adds the changes of the indexes to those of a call.
///
/// # Errors
///
/// [`Stop::Pending`].
pub(crate) fn update(world: &mut World<'_>, indexes: &[Index]) -> Result<(), Stop> {
    let mut is_pending = false;
    for index in indexes {
        match update_one(world, index) {
            Err(Stop::Pending) => is_pending = true,
            result => result?,
        }
    }
    if is_pending {
        Err(Stop::Pending)
    } else {
        Ok(())
    }
}

fn update_one(world: &mut World<'_>, index: &Index) -> Result<(), Stop> {
    let changed: BTreeMap<String, Moves> = moves(world, index);
    if is_new(world) {
        return start(world, index, changed);
    }
    if changed.is_empty() {
        return Ok(());
    }
    let key = index.state_key();
    // What will be needed comes together.
    let mut keys = vec![key.clone()];
    for (item, moves) in changed.iter().filter(|(_, moves)| !moves.is_drawn) {
        keys.extend(moves.items.iter().map(|_| index.pending_key(item)));
        keys.extend(moves.terms.iter().map(|(key, _)| key.clone()));
    }
    world.prefetch(&keys);
    let state = State::read(world.read(&key)?)?;
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
        // A step that builds the index has looked, or looks now, at what this call changes: one of the two is repeated.
        world.change_index(&key, Some(state.value()))?;
    }
    let entries = drawn.items.iter().map(|(item, is_in)| (index.pending_key(item), *is_in));
    for (key, is_in) in entries.chain(drawn.terms) {
        world.change_index(&key, Some(is_in.into()))?;
    }
    apply(world, index, &moves)?;
    let first = moves.items.first().or(drawn.items.first());
    if moves.items.len() > MANY || is_elected(world, first)? {
        fold(world, index, &moves)?;
    }
    Ok(())
}

/// What changes, by item. What does not change an index is left out.
fn moves(world: &World<'_>, index: &Index) -> BTreeMap<String, Moves> {
    let mut all = BTreeMap::new();
    for (key, after) in world.changes.below(index.prefix) {
        let Some(item) = key.strip_prefix(index.prefix) else { continue };
        let before = world.stored(key);
        let [old, new] = [before, after].map(|value| index.terms(item, value));
        let mut moves = Moves { is_drawn: !world.has_looked_at(key), ..Moves::default() };
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

/// Whether this call fills a store for the first time: then nothing was there that an index could be missing.
fn is_new(world: &World<'_>) -> bool {
    let filled = filled();
    world.changes.changed(filled.text()).is_some() && world.changes.is_new(filled.text())
}

/// Writes the whole index of a new store, unless the commit would be too large.
fn start(world: &mut World<'_>, index: &Index, changed: BTreeMap<String, Moves>) -> Result<(), Stop> {
    let (mut items, mut terms) = (Vec::new(), Vec::new());
    for moves in changed.into_values() {
        items.extend(moves.items);
        terms.extend(moves.terms);
    }
    let nodes = items.len().div_euclid(NODE_MIN).saturating_add(3);
    if world.changes.lines().saturating_add(terms.len()).saturating_add(nodes) > LINES_MAX {
        return Ok(());
    }
    let (mut tree, mut stored) = (Tree::default(), Stored::new(world, index));
    tree.apply(&mut stored, &items)?;
    stored.put(&tree, With::Records)?;
    for (key, _) in terms {
        world.change_index(&key, Some(Value::Bool(true)))?;
    }
    world.change_index(&index.state_key(), Some(State::Complete.value()))
}

fn apply(world: &mut World<'_>, index: &Index, moves: &Moves) -> Result<(), Stop> {
    let waiting: Vec<Key> = moves.items.iter().map(|(item, _)| index.pending_key(item)).collect();
    let mut keys = waiting.clone();
    keys.extend(moves.terms.iter().map(|(key, _)| key.clone()));
    let mut known = world.read_all(&keys)?.into_iter();
    for ((_, is_in), key) in moves.items.iter().zip(&waiting) {
        match known.next().flatten() {
            None => world.change_index(key, Some((*is_in).into()))?,
            // The tree has it so already.
            Some(Value::Bool(was_in)) if was_in != is_in => world.change_index(key, None)?,
            Some(_) => {}
        }
    }
    for ((key, is_in), known) in moves.terms.iter().zip(known) {
        match (known, is_in) {
            (None, true) => world.change_index(key, Some(Value::Bool(true)))?,
            (Some(_), false) => world.change_index(key, None)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether a call that moves this item moves the pending changes into the tree.
fn is_elected(world: &mut World<'_>, item: Option<&(String, bool)>) -> Result<bool, Stop> {
    let Some((item, _)) = item else { return Ok(false) };
    let [drawn] = world.random::<1>()?;
    let sum = item.bytes().fold(drawn, u8::wrapping_add);
    Ok(sum.checked_rem(FOLD) == Some(0))
}

/// Moves the pending changes into the tree, those of this call too. Of the items whose names the call has drawn none is
/// moved: each run would look for another place in the tree.
fn fold(world: &mut World<'_>, index: &Index, moves: &Moves) -> Result<(), Stop> {
    let tree = Stored::new(world, index).tree();
    let waiting = pending(world, index, "")?;
    let mut tree = tree?;
    let mut changes: BTreeMap<String, bool> = waiting.iter().cloned().collect();
    changes.extend(moves.items.iter().cloned());
    let changes: Vec<_> = changes.into_iter().collect();
    let mut stored = Stored::new(world, index);
    match tree.apply(&mut stored, &changes) {
        // This call depends on the top of the tree, so it is run again.
        Err(Stop::Fault(CHANGED)) => return Ok(()),
        result => result?,
    }
    stored.put(&tree, With::Records)?;
    for (item, _) in &waiting {
        world.change_index(&index.pending_key(item), None)?;
    }
    for (item, _) in &moves.items {
        let key = index.pending_key(item);
        if world.stored(key.text()).is_none() {
            // It was about to be written.
            world.changes.leave(key.text());
        }
    }
    Ok(())
}
