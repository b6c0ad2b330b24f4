//! The entries of an index in the store: its state, its tree, and the pending changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::definition::Index;
use super::node::{Child, Node, Nodes};
use super::tree::{Change, Tree};
use crate::directory::fault::Fault;
use crate::directory::interrupt::Interrupt;
use crate::directory::key::Key;
use crate::directory::transaction::Transaction;
use crate::document::value::Value;

/// How far an index is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Missing,
    /// It covers the items up to this one.
    Partial(String),
    Complete,
}

impl State {
    pub(super) fn from_value(value: Option<&Value>) -> Result<Self, Interrupt> {
        let Some(value) = value else { return Ok(Self::Missing) };
        match (value.get("complete"), value.get("after").and_then(Value::text)) {
            (Some(Value::Bool(true)), _) => Ok(Self::Complete),
            (Some(Value::Bool(false)), Some(after)) => Ok(Self::Partial(after.to_owned())),
            _ => Err(Fault::Internal.into()),
        }
    }

    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Partial(after) => Value::object([("complete", false.into()), ("after", after.as_str().into())]),
            Self::Complete => Value::object([("complete", true.into())]),
        }
    }
}

/// The tree of an index in the store. Nodes are written only after all changes of the tree are known.
pub(super) struct Stored<'s, 'w> {
    tx: &'s mut Transaction<'w>,
    index: &'s Index,
    changed: BTreeMap<u64, Option<Node<'w>>>,
}

/// Whether changes of an index are committed with the records of a request, or without any while the index is built.
#[derive(Clone, Copy)]
pub(super) enum With {
    Records,
    Nothing,
}

/// The error for a missing node: the tree has changed since its root was read.
pub(super) const CHANGED: Fault = Fault::Conflict;

impl<'s, 'w> Stored<'s, 'w> {
    pub(super) fn new(tx: &'s mut Transaction<'w>, index: &'s Index) -> Self {
        Self { tx, index, changed: BTreeMap::new() }
    }

    /// The tree. Everything that is committed depends on it.
    pub(super) fn tree(&mut self) -> Result<Tree<'w>, Interrupt> {
        let value = self.tx.read_entry(&self.index.tree_key())?;
        value.map_or(Ok(Tree::default()), |value| parse_tree(value).ok_or(Interrupt::Fault(Fault::Internal)))
    }

    /// Writes the tree and its nodes.
    pub(super) fn save(self, tree: &Tree<'_>, with: With) -> Result<(), Interrupt> {
        let value = Value::object([("next", number(tree.next)), ("top", node_to_value(&tree.top))]);
        write(self.tx, &self.index.tree_key(), Some(value), with)?;
        for (id, node) in &self.changed {
            write(self.tx, &self.index.node_key(*id), node.as_ref().map(node_to_value), with)?;
        }
        Ok(())
    }
}

pub(super) fn write(tx: &mut Transaction<'_>, key: &Key, value: Option<Value>, with: With) -> Result<(), Interrupt> {
    match with {
        With::Records => tx.write_index(key, value),
        With::Nothing => tx.write_index_always(key, value),
    }
}

impl<'w> Nodes<'w> for Stored<'_, 'w> {
    fn node(&mut self, id: u64) -> Result<Node<'w>, Interrupt> {
        if let Some(changed) = self.changed.get(&id) {
            return changed.clone().ok_or(Interrupt::Fault(Fault::Internal));
        }
        match self.tx.read_entry(&self.index.node_key(id))? {
            Some(value) => parse_node(value).ok_or(Interrupt::Fault(Fault::Internal)),
            None => Err(CHANGED.into()),
        }
    }

    fn put(&mut self, id: u64, node: Option<Node<'w>>) {
        self.changed.insert(id, node);
    }
}

fn parse_tree(value: &Value) -> Option<Tree<'_>> {
    Some(Tree { next: integer(value.get("next")?)?, top: parse_node(value.get("top")?)? })
}

fn parse_node(value: &Value) -> Option<Node<'_>> {
    let Value::List(parts) = value else { return None };
    if !matches!(parts.first(), Some(Value::List(_))) {
        let items: Option<Vec<_>> = parts.iter().map(|item| item.text().map(Cow::Borrowed)).collect();
        return items.map(Node::Leaf);
    }
    parts.iter().map(parse_child).collect::<Option<Vec<_>>>().map(Node::Inner)
}

fn parse_child(part: &Value) -> Option<Child<'_>> {
    let Value::List(parts) = part else { return None };
    let [first, id, count] = parts.as_slice() else { return None };
    Some(Child { first: Cow::Borrowed(first.text()?), id: integer(id)?, count: usize::try_from(integer(count)?).ok()? })
}

fn node_to_value(node: &Node<'_>) -> Value {
    match node {
        Node::Leaf(items) => Value::texts(items),
        Node::Inner(children) => {
            let child = |child: &Child<'_>| {
                let count = u64::try_from(child.count).unwrap_or(u64::MAX);
                Value::List(vec![(&*child.first).into(), number(child.id), number(count)])
            };
            Value::List(children.iter().map(child).collect())
        }
    }
}

fn number(number: u64) -> Value {
    Value::Number(number.to_string().into())
}

fn integer(value: &Value) -> Option<u64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// Pending changes that are not in the tree yet, in order.
pub(super) fn pending_changes(tx: &mut Transaction<'_>, index: &Index, below: &str) -> Result<Vec<Change>, Interrupt> {
    let prefix = index.pending_prefix();
    let mut changes = Vec::new();
    for (key, entry) in tx.scan_all(&format!("{prefix}{below}"))? {
        let item = key.strip_prefix(&prefix).unwrap_or_default();
        changes.push((item.to_owned(), entry.value == Value::Bool(true)));
    }
    Ok(changes)
}
