//! Finds roles that inherit from themselves, directly or through others.

/// An `inherits` entry: the index of the role that has it, and of the role that it names.
pub(super) type Edge = (usize, usize);

/// Returns for each edge between `count` roles whether it is on a cycle, that is, whether its ends reach each other.
///
/// The components are found in two searches (Kosaraju), with lists instead of recursion.
pub(super) fn on_cycle(count: usize, edges: &[Edge]) -> Vec<bool> {
    let forward = Neighbors::new(count, edges, false);
    let backward = Neighbors::new(count, edges, true);
    let mut order = Vec::with_capacity(count);
    let mut component = vec![0; count];
    for role in 0..count {
        forward.search(role, 1, &mut component, &mut order);
    }
    // The second search starts at the role that was left last and follows edges backward. The roles that it reaches are
    // one component.
    for (number, role) in (2..).zip(order.iter().rev()) {
        backward.search(*role, number, &mut component, &mut Vec::new());
    }
    let mut is_cyclic = Vec::new();
    for (from, to) in edges {
        is_cyclic.push(component.get(*from) == component.get(*to));
    }
    is_cyclic
}

/// The targets of the edges of each role.
struct Neighbors {
    lists: Vec<Vec<usize>>,
}

impl Neighbors {
    /// `is_backward` reverses the edges.
    fn new(count: usize, edges: &[Edge], is_backward: bool) -> Self {
        let mut lists = vec![Vec::new(); count];
        for (from, to) in edges {
            let (from, to) = if is_backward { (to, from) } else { (from, to) };
            if let Some(list) = lists.get_mut(*from) {
                list.push(*to);
            }
        }
        Self { lists }
    }

    /// Marks with `number` each role that is reached from a role and has a lower number, and lists these roles in the
    /// order in which they are left.
    fn search(&self, start: usize, number: usize, marks: &mut [usize], left: &mut Vec<usize>) {
        // Every mark of an earlier pass is below 2, of this pass at least 2; in the first pass all begin at 0.
        let is_open = |mark: usize| if number < 2 { mark < 1 } else { mark < 2 };
        let mut enter = |role: usize| match marks.get_mut(role) {
            Some(mark) if is_open(*mark) => {
                *mark = number;
                true
            }
            _ => false,
        };
        let mut stack = Vec::new();
        if enter(start) {
            stack.push((start, 0_usize));
        }
        while let Some((role, next)) = stack.last_mut() {
            match self.lists.get(*role).and_then(|list| list.get(*next)) {
                Some(neighbor) => {
                    *next = next.saturating_add(1);
                    if enter(*neighbor) {
                        stack.push((*neighbor, 0));
                    }
                }
                None => {
                    left.push(*role);
                    stack.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_between_two_cycles_is_not_cyclic() {
        let edges = [(0, 1), (1, 0), (1, 2), (2, 3), (3, 2), (3, 4), (5, 5), (6, 6), (6, 5)];
        let is_cyclic = on_cycle(7, &edges);
        assert_eq!(is_cyclic, [true, true, false, true, true, false, true, true, false]);
    }

    #[test]
    fn a_long_inheritance_chain_does_not_overflow_the_stack() {
        let mut edges: Vec<_> = (0..100_000_usize).map(|role| (role, role.saturating_add(1))).collect();
        assert!(!on_cycle(100_001, &edges).contains(&true));
        edges.push((100_000, 0));
        assert!(!on_cycle(100_001, &edges).contains(&false));
    }
}
