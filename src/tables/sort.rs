//! One sort for all types. The standard library's sort is compiled for each type again, which would be more code than
//! the rules.

use std::cmp::Ordering;
use std::mem;

/// Sorts by a comparison. Equal items keep their order.
pub fn sort<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(list.len(), &|a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    apply_order(order, &mut |a, b| list.swap(a, b));
}

/// Moves to each index the item whose index is there in `order`.
fn apply_order(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        // Each cycle of indexes is visited once. An index that is done refers to itself.
        while let Some(from) = order.get_mut(at).map(|from| mem::replace(from, at)).filter(|from| *from != start) {
            swap(at, from);
            at = from;
        }
    }
}

/// The indexes `0..count` in the order of their items: a bottom-up merge sort.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places = Vec::from_iter(0..count);
    // Records are often sorted already.
    if (1..count).all(|place| compare(place.saturating_sub(1), place) != Ordering::Greater) {
        return places;
    }
    let mut merged: Vec<usize> = Vec::with_capacity(count);
    let mut width = 1_usize;
    while width < count {
        merged.clear();
        for pair in places.chunks(width.saturating_mul(2)) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut merged, compare);
        }
        mem::swap(&mut places, &mut merged);
        width = width.saturating_mul(2);
    }
    places
}

/// Appends two sorted lists of indexes to `merged`. Among equal items, those on the left come first.
///
/// Items before or after the whole other list are found by binary search and copied at once. So lists that are nearly
/// sorted take little more than one pass.
pub fn merge(left: &[usize], right: &[usize], merged: &mut Vec<usize>, compare: &dyn Fn(usize, usize) -> Ordering) {
    let first = right.first().copied();
    let start = first.map_or(0, |first| left.partition_point(|place| compare(*place, first) != Ordering::Greater));
    let (before, mut left) = left.split_at_checked(start).unwrap_or((left, &[]));
    let last = left.last().copied();
    let end = last.map_or(0, |last| right.partition_point(|place| compare(last, *place) == Ordering::Greater));
    let (mut right, after) = right.split_at_checked(end).unwrap_or((right, &[]));
    merged.extend_from_slice(before);
    while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first()) {
        if compare(*a, *b) == Ordering::Greater {
            merged.push(*b);
            right = after_b;
        } else {
            merged.push(*a);
            left = after_a;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    merged.extend_from_slice(after);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_are_sorted_like_the_library(mut list in prop::collection::vec((0_u8..20, 0_u32..), 0..200)) {
            let mut expected = list.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort(&mut list, |(a, _), (b, _)| a.cmp(b));
            prop_assert_eq!(list, expected);
        }
    }
}
