//! Tests the tree against a sorted set.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Change, Tree};
use crate::directory::fault::Fault;
use crate::directory::index::node::{Node, Nodes, NODE_MAX, NODE_MIN};
use crate::directory::interrupt::Interrupt;

#[derive(Default)]
struct Memory(BTreeMap<u64, Node<'static>>);

impl Nodes<'static> for Memory {
    fn node(&mut self, id: u64) -> Result<Node<'static>, Interrupt> {
        self.0.get(&id).cloned().ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn put(&mut self, id: u64, node: Option<Node<'static>>) {
        match node {
            Some(node) => drop(self.0.insert(id, node)),
            None => drop(self.0.remove(&id)),
        }
    }
}

/// Checks a subtree and returns its depth.
fn check(memory: &Memory, node: &Node<'_>, is_top: bool) -> usize {
    let length = match node {
        Node::Leaf(items) => items.len(),
        Node::Inner(children) => children.len(),
    };
    assert!(length <= NODE_MAX && (is_top || length >= NODE_MIN), "a node of {length}");
    let Node::Inner(children) = node else { return 0 };
    assert!(children.len() > 1, "a node above a single one");
    let mut depths = BTreeSet::new();
    for child in children {
        let below = memory.0.get(&child.id).unwrap();
        assert_eq!(below.count(), child.count);
        depths.insert(check(memory, below, false));
    }
    assert_eq!(depths.len(), 1, "leaves of one depth");
    depths.first().unwrap().saturating_add(1)
}

fn name(number: u16) -> String {
    format!("{:04x}", number.wrapping_mul(40_503))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_tree_equals_a_sorted_set(
        rounds in prop::collection::vec((any::<u16>(), 1..3_000_u16, prop::bool::weighted(0.6), 1..4_u16), 1..10),
        start in 0..20_000_usize,
        count in 0..500_usize,
        bound in "[0-9a-f]{0,4}",
    ) {
        let (mut tree, mut memory, mut set) = (Tree::default(), Memory::default(), BTreeSet::new());
        for (first, length, is_in, step) in rounds {
            let items: BTreeSet<String> = (0..length).map(|at| name(first.wrapping_add(at.wrapping_mul(step)))).collect();
            for item in &items {
                if is_in { set.insert(item.clone()); } else { set.remove(item); }
            }
            let changes: Vec<Change> = items.into_iter().map(|item| (item, is_in)).collect();
            tree.apply(&mut memory, &changes).unwrap();
            check(&memory, &tree.top, true);
            prop_assert_eq!(tree.top.count(), set.len());
        }
        let all: Vec<String> = set.iter().cloned().collect();
        prop_assert_eq!(&tree.window(&mut memory, 0, usize::MAX).unwrap(), &all);
        let window: Vec<String> = all.iter().skip(start).take(count).cloned().collect();
        prop_assert_eq!(tree.window(&mut memory, start, count).unwrap(), window);
        let rank = all.iter().filter(|item| **item < bound).count();
        prop_assert_eq!(tree.rank(&mut memory, &|item| item < bound.as_str()).unwrap(), rank);
        let nodes = memory.0.len();
        prop_assert!(nodes <= all.len().div_euclid(NODE_MIN).saturating_add(2).saturating_mul(2), "{} nodes", nodes);
    }
}
