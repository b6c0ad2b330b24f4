//! A counted B+ tree over texts: inserts, deletes, ranks and windows in logarithmic time, with nodes of bounded size.

use std::borrow::Cow;

use super::node::{Child, Node, Nodes, NODE_MIN};
use crate::directory::interrupt::Interrupt;

/// A change of the set: an item, and whether it is in the set afterwards.
pub(super) type Change = (String, bool);

/// The root node, and the next unused id of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tree<'n> {
    pub top: Node<'n>,
    pub next: u64,
}

impl Default for Tree<'_> {
    fn default() -> Self {
        Self { top: Node::Leaf(Vec::new()), next: 0 }
    }
}

/// A subtree while the tree is changed, with its node if that was read.
struct Slot<'n> {
    child: Child<'n>,
    node: Option<Node<'n>>,
}

impl<'n> Tree<'n> {
    /// Applies changes, which are in order and name each item once.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]: nodes were requested, as many as are known to be needed. The tree must not be used then.
    pub fn apply(&mut self, nodes: &mut impl Nodes<'n>, changes: &[Change]) -> Result<(), Interrupt> {
        let top = std::mem::replace(&mut self.top, Node::Leaf(Vec::new()));
        let mut pieces = self.change(nodes, top, changes)?;
        while pieces.len() > 1 {
            let mut children = Vec::with_capacity(pieces.len());
            for (place, piece) in pieces.into_iter().enumerate() {
                let first = if place == 0 { Cow::default() } else { piece.first() };
                let id = self.new_id();
                children.push(Child { first, id, count: piece.count() });
                nodes.put(id, Some(piece));
            }
            pieces = Node::Inner(children).split();
        }
        self.top = pieces.pop().unwrap_or(Node::Leaf(Vec::new()));
        while let Node::Inner(children) = &self.top {
            let [only] = children.as_slice() else { break };
            let id = only.id;
            let node = nodes.node(id)?;
            nodes.put(id, None);
            self.top = node;
        }
        Ok(())
    }

    fn new_id(&mut self) -> u64 {
        let id = self.next;
        self.next = id.saturating_add(1);
        id
    }

    /// Applies changes to a node and returns one or more nodes. Its subtrees are written.
    fn change(
        &mut self,
        nodes: &mut impl Nodes<'n>,
        node: Node<'n>,
        changes: &[Change],
    ) -> Result<Vec<Node<'n>>, Interrupt> {
        let children = match node {
            Node::Leaf(items) => return Ok(Node::Leaf(apply_changes(items, changes)).split()),
            Node::Inner(children) => children,
        };
        let ends: Vec<Option<Cow<'n, str>>> =
            children.iter().skip(1).map(|child| Some(child.first.clone())).chain([None]).collect();
        let (mut slots, mut rest, mut is_pending) = (Vec::with_capacity(children.len()), changes, false);
        for (child, end) in children.into_iter().zip(ends) {
            let mine = end.map_or(rest.len(), |end| rest.partition_point(|(item, _)| item.as_str() < &*end));
            let (mine, others) = rest.split_at_checked(mine).unwrap_or((rest, &[]));
            rest = others;
            if mine.is_empty() {
                slots.push(Slot { child, node: None });
                continue;
            }
            let pieces = nodes.node(child.id).and_then(|node| self.change(nodes, node, mine));
            let pieces = match pieces {
                Ok(pieces) => pieces,
                // All nodes of a level are requested together.
                Err(Interrupt::Pending) => {
                    is_pending = true;
                    continue;
                }
                Err(interrupt) => return Err(interrupt),
            };
            for (place, piece) in pieces.into_iter().enumerate() {
                let (first, id) =
                    if place == 0 { (child.first.clone(), child.id) } else { (piece.first(), self.new_id()) };
                slots.push(Slot { child: Child { first, id, count: 0 }, node: Some(piece) });
            }
        }
        if is_pending {
            return Err(Interrupt::Pending);
        }
        let slots = self.merge_small_slots(nodes, slots)?;
        let mut children = Vec::with_capacity(slots.len());
        for Slot { mut child, node } in slots {
            if let Some(node) = node {
                child.count = node.count();
                nodes.put(child.id, Some(node));
            }
            children.push(child);
        }
        Ok(Node::Inner(children).split())
    }

    /// Merges slots, so that no changed slot with a neighbor has too few items.
    fn merge_small_slots(
        &mut self,
        nodes: &mut impl Nodes<'n>,
        slots: Vec<Slot<'n>>,
    ) -> Result<Vec<Slot<'n>>, Interrupt> {
        let is_small = |slot: &Slot<'_>| slot.node.as_ref().is_some_and(|node| node.len() < NODE_MIN);
        let mut done: Vec<Slot<'n>> = Vec::with_capacity(slots.len());
        for slot in slots {
            let Some(before) = done.pop_if(|before| is_small(before) || is_small(&slot)) else {
                done.push(slot);
                continue;
            };
            let Slot { child, node } = before;
            let left = match node {
                Some(node) => node,
                None => nodes.node(child.id)?,
            };
            let right = match slot.node {
                Some(node) => node,
                None => nodes.node(slot.child.id)?,
            };
            let mut pieces = left.merge_with_next(right, &slot.child.first).split().into_iter();
            done.push(Slot { child, node: pieces.next() });
            match pieces.next() {
                Some(piece) => {
                    let child = Child { first: piece.first(), ..slot.child };
                    done.push(Slot { child, node: Some(piece) });
                }
                None => nodes.put(slot.child.id, None),
            }
            for piece in pieces {
                let child = Child { first: piece.first(), id: self.new_id(), count: 0 };
                done.push(Slot { child, node: Some(piece) });
            }
        }
        Ok(done)
    }

    /// The number of items for which `is_before` holds. It must hold for a prefix of the order.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn rank(&self, nodes: &mut impl Nodes<'n>, is_before: &dyn Fn(&str) -> bool) -> Result<usize, Interrupt> {
        let (mut below, mut rank) = (None, 0_usize);
        loop {
            let children = match below.as_ref().unwrap_or(&self.top) {
                Node::Leaf(items) => return Ok(rank.saturating_add(items.partition_point(|item| is_before(item)))),
                Node::Inner(children) => children,
            };
            let place = children.partition_point(|child| is_before(&child.first)).saturating_sub(1);
            rank = children.iter().take(place).fold(rank, |sum, child| sum.saturating_add(child.count));
            let Some(child) = children.get(place) else { return Ok(rank) };
            below = Some(nodes.node(child.id)?);
        }
    }

    /// Requests nodes that a [`window`](Self::window) of `count` items will need, `skip` items after a
    /// [`rank`](Self::rank) whose path is not read yet. The part of the path that is read bounds the rank, and so the
    /// nodes of the window on the same level. Without this the window would wait until the rank is known.
    pub fn prefetch_window(
        &self,
        nodes: &mut impl Nodes<'n>,
        is_before: &dyn Fn(&str) -> bool,
        (skip, count): (usize, usize),
    ) {
        let (mut below, mut least) = (None, 0_usize);
        let mut depth = 1_usize;
        while let Node::Inner(children) = below.as_ref().unwrap_or(&self.top) {
            let place = children.partition_point(|child| is_before(&child.first)).saturating_sub(1);
            least = children.iter().take(place).fold(least, |sum, child| sum.saturating_add(child.count));
            let Some(child) = children.get(place) else { return };
            below = match nodes.node(child.id) {
                Ok(node) => Some(node),
                Err(_) => {
                    let window = (least.saturating_add(skip), child.count.saturating_add(count));
                    return request_nodes(nodes, &self.top, window, depth);
                }
            };
            depth = depth.saturating_add(1);
        }
    }

    /// Up to `count` items from a rank on.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn window(&self, nodes: &mut impl Nodes<'n>, start: usize, count: usize) -> Result<Vec<String>, Interrupt> {
        let mut items = Vec::new();
        collect(nodes, &self.top, (start, count), &mut items)?;
        Ok(items)
    }
}

/// Requests the nodes of a window, down to a depth below this node.
fn request_nodes<'n>(
    nodes: &mut impl Nodes<'n>,
    node: &Node<'n>,
    (mut start, mut count): (usize, usize),
    depth: usize,
) {
    let (Node::Inner(children), Some(depth)) = (node, depth.checked_sub(1)) else { return };
    for child in children {
        let here = child.count.saturating_sub(start).min(count);
        if here > 0 {
            if let Ok(node) = nodes.node(child.id) {
                request_nodes(nodes, &node, (start, here), depth);
            }
        }
        count = count.saturating_sub(here);
        start = start.saturating_sub(child.count);
    }
}

fn collect<'n>(
    nodes: &mut impl Nodes<'n>,
    node: &Node<'n>,
    (mut start, mut count): (usize, usize),
    items: &mut Vec<String>,
) -> Result<(), Interrupt> {
    let children = match node {
        Node::Leaf(all) => {
            items.extend(all.iter().skip(start).take(count).map(|item| item.clone().into_owned()));
            return Ok(());
        }
        Node::Inner(children) => children,
    };
    let mut is_pending = false;
    for child in children {
        if count == 0 {
            break;
        }
        let here = child.count.saturating_sub(start).min(count);
        if here > 0 {
            match nodes.node(child.id).and_then(|node| collect(nodes, &node, (start, here), items)) {
                Err(Interrupt::Pending) => is_pending = true,
                result => result?,
            }
        }
        count = count.saturating_sub(here);
        start = start.saturating_sub(child.count);
    }
    if is_pending {
        Err(Interrupt::Pending)
    } else {
        Ok(())
    }
}

/// Applies changes to items, both in order.
fn apply_changes<'n>(items: Vec<Cow<'n, str>>, changes: &[Change]) -> Vec<Cow<'n, str>> {
    let mut merged = Vec::with_capacity(items.len().saturating_add(changes.len()));
    let mut changes = changes.iter().peekable();
    for item in items {
        while let Some((change, is_in)) = changes.next_if(|(change, _)| change.as_str() < &*item) {
            if *is_in {
                merged.push(Cow::Owned(change.clone()));
            }
        }
        match changes.next_if(|(change, _)| change.as_str() == &*item) {
            Some((_, false)) => {}
            _ => merged.push(item),
        }
    }
    merged.extend(changes.filter(|(_, is_in)| *is_in).map(|(item, _)| Cow::Owned(item.clone())));
    merged
}

#[cfg(test)]
mod tests;
