//! One sort for everything: the library's is compiled anew for each type, and would weigh more than the rules.

use std::cmp::Ordering;
use std::mem;

/// Sorts by a comparison; equal things keep their order.
pub fn sort<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(list.len(), &|a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut places: Vec<Option<T>> = mem::take(list).into_iter().map(Some).collect();
    list.extend(order.into_iter().filter_map(|place| places.get_mut(place)?.take()));
}

/// The places `0..count` in their order: a merge sort from the bottom up.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut width = 1_usize;
    while width < count {
        merged.clear();
        for pair in places.chunks(width.saturating_mul(2)) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
                let first = if compare(**a, **b) == Ordering::Greater { &mut right } else { &mut left };
                merged.extend(first.next());
            }
            merged.extend(left.chain(right));
        }
        mem::swap(&mut places, &mut merged);
        width = width.saturating_mul(2);
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn things_are_sorted_as_the_library_sorts_them(mut list in prop::collection::vec((0_u8..20, 0_u32..), 0..200)) {
            let mut expected = list.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort(&mut list, |(a, _), (b, _)| a.cmp(b));
            prop_assert_eq!(list, expected);
        }
    }
}
