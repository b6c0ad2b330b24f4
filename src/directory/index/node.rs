//! Nodes of a counted tree: their bounded size, splits and merges, and their storage.

use std::borrow::Cow;

use crate::directory::interrupt::Interrupt;

/// The most items of a leaf, and the most children of an inner node.
pub(super) const NODE_MAX: usize = 64;

/// The size of a node after a split.
const FILL: usize = 48;

/// A node with fewer is merged with a neighbor.
pub(super) const NODE_MIN: usize = 16;

/// A node of the tree. A node that was read borrows its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node<'n> {
    /// Items in order, each once.
    Leaf(Vec<Cow<'n, str>>),
    /// Subtrees in order.
    Inner(Vec<Child<'n>>),
}

/// A subtree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Child<'n> {
    /// All items of the subtree are equal to or after this one, and all items of the previous subtree are before it.
    pub first: Cow<'n, str>,
    pub id: u64,
    /// The number of items in the subtree.
    pub count: usize,
}

/// The storage of the nodes below the root.
pub(super) trait Nodes<'n> {
    /// A node.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]: the node was requested and has not arrived yet.
    fn node(&mut self, id: u64) -> Result<Node<'n>, Interrupt>;

    /// Puts a node, or deletes it.
    fn put(&mut self, id: u64, node: Option<Node<'n>>);
}

impl<'n> Node<'n> {
    /// The number of items in it and below it.
    pub fn count(&self) -> usize {
        match self {
            Self::Leaf(items) => items.len(),
            Self::Inner(children) => children.iter().fold(0, |sum, child| sum.saturating_add(child.count)),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Leaf(items) => items.len(),
            Self::Inner(children) => children.len(),
        }
    }

    pub fn first(&self) -> Cow<'n, str> {
        let first = match self {
            Self::Leaf(items) => items.first().cloned(),
            Self::Inner(children) => children.first().map(|child| child.first.clone()),
        };
        first.unwrap_or_default()
    }

    /// Splits the node into nodes of at most [`NODE_MAX`].
    pub fn split(self) -> Vec<Self> {
        fn split_list<'n, T: Clone>(list: Vec<T>, make: fn(Vec<T>) -> Node<'n>) -> Vec<Node<'n>> {
            if list.len() <= NODE_MAX {
                return vec![make(list)];
            }
            let (mut rest, mut pieces) = (list.as_slice(), Vec::new());
            for left in (1..=list.len().div_ceil(FILL)).rev() {
                // The pieces are of almost equal size, so that none is too small.
                let (piece, behind) = rest.split_at_checked(rest.len().div_ceil(left)).unwrap_or((rest, &[]));
                pieces.push(make(piece.to_vec()));
                rest = behind;
            }
            pieces
        }
        match self {
            Self::Leaf(items) => split_list(items, Self::Leaf),
            Self::Inner(children) => split_list(children, Self::Inner),
        }
    }

    /// Merges this node with the next one, which begins at `first`.
    pub fn merge_with_next(self, other: Self, first: &Cow<'n, str>) -> Self {
        match (self, other) {
            (Self::Leaf(mut items), Self::Leaf(more)) => {
                items.extend(more);
                Self::Leaf(items)
            }
            (Self::Inner(mut children), Self::Inner(mut more)) => {
                if let Some(child) = more.first_mut() {
                    child.first.clone_from(first);
                }
                children.extend(more);
                Self::Inner(children)
            }
            // All leaves have the same depth.
            (node, _) => node,
        }
    }
}
