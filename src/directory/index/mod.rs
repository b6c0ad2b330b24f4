//! Indexes over entries of the store: in the order of their keys with a count, and by attribute.
//!
//! An index covers the entries below a prefix, as `user/`. It is updated in the commit that changes the entries, by
//! [`update`], whatever part of a system changes them. A list reads from it which entries are on a page, and how many
//! there are, so a page costs what is on it. Here an *item* is the key of an entry without the prefix of the index.
//!
//! | key | value |
//! | --- | --- |
//! | `index/user` | whether the index is complete; if not, the last item that it covers |
//! | `index/user/tree` | the top node of a counted tree of items |
//! | `index/user/node/<id>` | another node of the tree |
//! | `index/user/pending/<item>` | whether an item is in the index, where the tree has it otherwise |
//! | `index/user/term/<attribute>/<digest>/<item>` | that an entry has this value of an attribute |
//!
//! # Concurrency
//!
//! A new entry does not change the tree, which all writers would change. It writes a `pending` entry of its own, which
//! meets no other writer, and a reader merges these into what the tree has. About one writer in [`FOLD`] moves all
//! pending changes into the tree. A reader depends on the top node, which each of these moves writes, so that it never
//! answers from two states of the tree.
//!
//! # Stores without the index
//!
//! Where there is no index, as in a store that an earlier version wrote, writers leave it so. The first list builds it
//! in steps ([`build`]), each a commit. Meanwhile a writer keeps the part up to date that is built; one that changes
//! something behind that part makes the step fail that runs beside it.

mod build;
mod read;
#[cfg(test)]
mod tests;
mod tree;
mod update;

use std::collections::BTreeMap;

use self::tree::{Change, Child, Node, Nodes, Tree};
use super::key::Key;
use super::response::{Fault, Stop};
use super::secret::digest;
use super::world::World;
use crate::value::Value;

pub(crate) use self::build::is_ready;
pub(crate) use self::read::{having, passed, prefetch, span, Span};
pub(super) use self::update::update;

/// One writer in so many moves pending changes into the tree.
const FOLD: u8 = 16;

/// Hexadecimal digits of the digest of an attribute's value: 128 bits.
const DIGITS: usize = 32;

/// What a system has indexed.
pub(crate) struct Index {
    /// What the keys of the entries begin with: a kind and `/`.
    pub prefix: &'static str,
    /// The attributes by which an entry is found, each with a value. A list compares what it finds, so an entry may
    /// have terms that nobody asks for.
    pub terms: fn(item: &str, value: &Value) -> Vec<Term>,
}

/// An attribute and a value of it.
pub(crate) type Term = (&'static str, String);

/// No attributes.
pub(crate) fn no_terms(_: &str, _: &Value) -> Vec<Term> {
    Vec::new()
}

impl Index {
    fn name(&self) -> &'static str {
        self.prefix.strip_suffix('/').unwrap_or(self.prefix)
    }

    /// The key of the entry of an item.
    pub fn key(&self, item: &str) -> Key {
        Key::stored(&format!("{}{item}", self.prefix))
    }

    fn state_key(&self) -> Key {
        Key::new("index", &[self.name()])
    }

    fn below(&self, kind: &str) -> String {
        format!("index/{}/{kind}", self.name())
    }

    fn tree_key(&self) -> Key {
        Key::stored(&self.below("tree"))
    }

    fn node_key(&self, id: u64) -> Key {
        Key::stored(&format!("{}{id}", self.below("node/")))
    }

    fn pending_prefix(&self) -> String {
        self.below("pending/")
    }

    fn pending_key(&self, item: &str) -> Key {
        Key::stored(&format!("{}{item}", self.pending_prefix()))
    }

    /// What the keys of the entries begin with that say which items have a value.
    fn term_prefix(&self, attribute: &str, value: &str) -> String {
        let digest = digest(value.as_bytes());
        format!("{}{attribute}/{}/", self.below("term/"), digest.get(..DIGITS).unwrap_or(&digest))
    }

    fn term_key(&self, item: &str, (attribute, value): &Term) -> Key {
        Key::stored(&format!("{}{item}", self.term_prefix(attribute, value)))
    }

    fn terms(&self, item: &str, value: Option<&Value>) -> Vec<Term> {
        let mut terms = value.map(|value| (self.terms)(item, value)).unwrap_or_default();
        terms.sort();
        terms.dedup();
        terms
    }
}

/// How far an index is built.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Missing,
    /// It covers the items up to this one.
    Partial(String),
    Complete,
}

impl State {
    fn read(value: Option<&Value>) -> Result<Self, Stop> {
        let Some(value) = value else { return Ok(Self::Missing) };
        match (value.get("complete"), value.get("after").and_then(Value::text)) {
            (Some(Value::Bool(true)), _) => Ok(Self::Complete),
            (Some(Value::Bool(false)), Some(after)) => Ok(Self::Partial(after.to_owned())),
            _ => Err(Fault::Internal.into()),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Partial(after) => Value::object([("complete", false.into()), ("after", after.as_str().into())]),
            Self::Complete => Value::object([("complete", true.into())]),
        }
    }
}

/// The tree of an index in the store. Nodes are kept back until all changes of the tree are known.
struct Stored<'s, 'w> {
    world: &'s mut World<'w>,
    index: &'s Index,
    changed: BTreeMap<u64, Option<Node>>,
}

/// Whether changes of an index are committed with the records of a call, or, while the index is built, without any.
#[derive(Clone, Copy)]
enum With {
    Records,
    Nothing,
}

/// What is said of a node that is missing because the tree has changed since its top was read.
const CHANGED: Fault = Fault::Conflict;

impl<'s, 'w> Stored<'s, 'w> {
    fn new(world: &'s mut World<'w>, index: &'s Index) -> Self {
        Self { world, index, changed: BTreeMap::new() }
    }

    /// The tree; whatever is committed depends on it.
    fn tree(&mut self) -> Result<Tree, Stop> {
        let value = self.world.read(&self.index.tree_key())?;
        value.map_or(Ok(Tree::default()), |value| read_tree(value).ok_or(Stop::Fault(Fault::Internal)))
    }

    /// Puts the tree and its nodes.
    fn put(self, tree: &Tree, with: With) -> Result<(), Stop> {
        let value = Value::object([("next", number(tree.next)), ("top", node_value(&tree.top))]);
        write(self.world, &self.index.tree_key(), Some(value), with)?;
        for (id, node) in &self.changed {
            write(self.world, &self.index.node_key(*id), node.as_ref().map(node_value), with)?;
        }
        Ok(())
    }
}

fn write(world: &mut World<'_>, key: &Key, value: Option<Value>, with: With) -> Result<(), Stop> {
    match with {
        With::Records => world.change_index(key, value),
        With::Nothing => world.note_index(key, value),
    }
}

impl Nodes for Stored<'_, '_> {
    fn node(&mut self, id: u64) -> Result<Node, Stop> {
        if let Some(changed) = self.changed.get(&id) {
            return changed.clone().ok_or(Stop::Fault(Fault::Internal));
        }
        match self.world.read(&self.index.node_key(id))? {
            Some(value) => read_node(value).ok_or(Stop::Fault(Fault::Internal)),
            None => Err(CHANGED.into()),
        }
    }

    fn put(&mut self, id: u64, node: Option<Node>) {
        self.changed.insert(id, node);
    }
}

fn read_tree(value: &Value) -> Option<Tree> {
    Some(Tree { next: whole(value.get("next")?)?, top: read_node(value.get("top")?)? })
}

fn read_node(value: &Value) -> Option<Node> {
    let Value::List(parts) = value else { return None };
    if !matches!(parts.first(), Some(Value::List(_))) {
        let items: Option<Vec<String>> = parts.iter().map(|item| item.text().map(str::to_owned)).collect();
        return items.map(Node::Leaf);
    }
    let child = |part: &Value| match part {
        Value::List(parts) => match parts.as_slice() {
            [first, id, count] => Some(Child {
                first: first.text()?.to_owned(),
                id: whole(id)?,
                count: usize::try_from(whole(count)?).ok()?,
            }),
            _ => None,
        },
        _ => None,
    };
    parts.iter().map(child).collect::<Option<Vec<_>>>().map(Node::Inner)
}

fn node_value(node: &Node) -> Value {
    match node {
        Node::Leaf(items) => Value::texts(items),
        Node::Inner(children) => {
            let child = |child: &Child| {
                let count = u64::try_from(child.count).unwrap_or(u64::MAX);
                Value::List(vec![child.first.as_str().into(), number(child.id), number(count)])
            };
            Value::List(children.iter().map(child).collect())
        }
    }
}

fn number(number: u64) -> Value {
    Value::Number(number.to_string().into())
}

fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// Changes that wait to be moved into the tree, in order.
fn pending(world: &mut World<'_>, index: &Index, below: &str) -> Result<Vec<Change>, Stop> {
    let prefix = index.pending_prefix();
    let mut changes = Vec::new();
    for (key, entry) in world.scan_all(&format!("{prefix}{below}"))? {
        let item = key.strip_prefix(&prefix).unwrap_or_default();
        changes.push((item.to_owned(), entry.value == Value::Bool(true)));
    }
    Ok(changes)
}
