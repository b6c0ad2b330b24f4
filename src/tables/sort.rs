//! One sort for everything: the library's is compiled anew for each type, and would weigh more than the rules.

use std::cmp::Ordering;
use std::mem;

/// Sorts by a comparison; equal things keep their order.
pub fn sort<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(list.len(), &|a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    rearrange(order, &mut |a, b| list.swap(a, b));
}

/// Puts at each place what `order` says for it.
fn rearrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        // Each circle of places is gone round once; a place that is done names itself.
        while let Some(from) = order.get_mut(at).map(|from| mem::replace(from, at)).filter(|from| *from != start) {
            swap(at, from);
            at = from;
        }
    }
}

/// The places `0..count` in their order: a merge sort from the bottom up.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places = Vec::from_iter(0..count);
    // Records are often in order already.
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

/// Puts two sorted lists of places behind what is merged already. Of equal ones the left comes first.
///
/// What stands before or behind all of the other list is found by halves and copied: lists that were nearly in order
/// take little more than one pass.
pub fn merge(left: &[usize], right: &[usize], merged: &mut Vec<usize>, compare: &dyn Fn(usize, usize) -> Ordering) {
    let first = right.first().copied();
    let start = first.map_or(0, |first| left.partition_point(|place| compare(*place, first) != Ordering::Greater));
    let (before, mut left) = left.split_at_checked(start).unwrap_or((left, &[]));
    let last = left.last().copied();
    let end = last.map_or(0, |last| right.partition_point(|place| compare(last, *place) == Ordering::Greater));
    let (mut right, behind) = right.split_at_checked(end).unwrap_or((right, &[]));
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
    merged.extend_from_slice(behind);
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
