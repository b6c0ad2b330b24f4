//! Builds the index of a store that has none.

use super::definition::Index;
use super::stored::{write, State, Stored, With};
use crate::directory::interrupt::Interrupt;
use crate::directory::key::Key;
use crate::directory::transaction::Transaction;
use crate::document::value::Value;

/// The number of entries that one step adds.
const STEP: usize = 1_000;

/// Whether an index is complete. If it is not, a step that builds it is committed together with the response to this
/// request. Respond with an empty part of the list, and with the requested part when the index is complete.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(crate) fn is_ready(tx: &mut Transaction<'_>, index: &Index) -> Result<bool, Interrupt> {
    let key = index.state_key();
    match State::from_value(tx.read_entry(&key)?)? {
        State::Complete => return Ok(true),
        // From now on writers report changes of entries that a step may have read.
        State::Missing => tx.write_index_always(&key, Some(State::Partial(String::new()).to_value()))?,
        State::Partial(after) => step(tx, index, &after)?,
    }
    Ok(false)
}

fn step(tx: &mut Transaction<'_>, index: &Index, after: &str) -> Result<(), Interrupt> {
    let tree = Stored::new(tx, index).tree();
    let last = format!("{}{after}", index.prefix);
    let page = tx.scan(index.prefix, (!after.is_empty()).then_some(last.as_str()), STEP)?;
    let mut tree = tree?;
    let (mut changes, mut terms) = (Vec::with_capacity(page.len()), Vec::new());
    for (key, entry) in page {
        let item = key.strip_prefix(index.prefix).unwrap_or_default();
        let of_item = index.terms(item, Some(&entry.value));
        terms.extend(of_item.iter().map(|term| index.term_key(item, term)).filter(Key::is_storable));
        changes.push((item.to_owned(), true));
    }
    let mut stored = Stored::new(tx, index);
    tree.apply(&mut stored, &changes)?;
    stored.save(&tree, With::Nothing)?;
    for key in terms {
        write(tx, &key, Some(Value::Bool(true)), With::Nothing)?;
    }
    let state = match changes.pop() {
        Some((last, _)) if page.len() >= STEP => State::Partial(last),
        _ => State::Complete,
    };
    write(tx, &index.state_key(), Some(state.to_value()), With::Nothing)
}
