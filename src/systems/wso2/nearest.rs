//! The search for the rights of a path: at the path itself, or at the nearest path above it.
//!
//! It goes segment by segment among the paths that begin with the segments so far, so it compares no segment twice.
//! Segments that all these paths have in common are compared only with the first and the last of them.

use std::cmp::Ordering;

use super::tree::{rank, Grant, Masks, END_RANK};
use crate::tables::bytes::{find_byte, first_difference};
use crate::tables::names::Names;

/// The rights at the longest of these paths that is at or above `path`.
// An empty segment ends the resource, in the middle (upstream stops there) and at the end. If the subject has no rule at
// a path, the search goes on below it, where upstream's search ends. The result is the same, because no rules exist
// below such a path either.
pub fn nearest_masks(names: &Names, grants: &[Grant], path: &[u8]) -> Masks {
    let (mut nearest, mut below, mut start) = (None, grants, 0_usize);
    // The root is above every path.
    if let Some((root, others)) = grants.split_first().filter(|(first, _)| names.bytes(first.path).is_empty()) {
        (nearest, below) = (Some(root), others);
    }
    while let (Some(first), Some(last)) = (below.first(), below.last()) {
        let (first_path, last_path) = (names.bytes(first.path), names.bytes(last.path));
        let shared = shared_end(first_path, last_path, path, start);
        let is_end = |path: &[u8]| rank(path, shared) <= END_RANK;
        // A path comes directly before the paths below it.
        if first_path.len() < start || (first_path.len() == shared && is_end(last_path) && is_end(path)) {
            nearest = Some(first);
            below = below.get(1..).unwrap_or(&[]);
            start = first_path.len().saturating_add(1);
            continue;
        }
        // Back to the end of a segment.
        let whole = path.get(start..shared).and_then(|shared| shared.iter().rposition(|byte| *byte == b'/'));
        start = whole.map_or(start, |slash| start.saturating_add(slash).saturating_add(1));
        let rest = path.get(start..).unwrap_or(&[]);
        let segment = rest.get(..find_byte(rest, b'/').unwrap_or(rest.len())).unwrap_or(&[]);
        if segment.is_empty() {
            break;
        }
        below = paths_with_segment(names, below, start, segment);
        start = start.saturating_add(segment.len()).saturating_add(1);
    }
    nearest.map_or_else(Masks::default, |grant| grant.masks)
}

/// Where the first and the last path, and so all between them, cease to be as `path`. They are equal up to `start`.
fn shared_end(first: &[u8], last: &[u8], path: &[u8], start: usize) -> usize {
    /// Few bytes at a time, so that no path is compared much further than another one.
    const STEP: usize = 16;

    let mut shared = start;
    for part in path.get(start..).unwrap_or(&[]).chunks(STEP) {
        let to_first = first_difference(first.get(shared..).unwrap_or(&[]), part);
        let to_last = first_difference(last.get(shared..).unwrap_or(&[]), part);
        let least = to_first.min(to_last);
        shared = shared.saturating_add(least);
        if least < part.len() {
            break;
        }
    }
    shared
}

/// The paths that continue with this segment, out of paths that are equal up to `start`.
#[inline]
fn paths_with_segment<'g>(names: &Names, grants: &'g [Grant], start: usize, segment: &[u8]) -> &'g [Grant] {
    let is_in = |grant: Option<&Grant>| {
        grant.is_some_and(|grant| compare_segment(names, grant, start, segment) == Ordering::Equal)
    };
    let grants = grants.get(count_up_to(Ordering::Less, names, grants, start, segment)..).unwrap_or(&[]);
    // Most paths that are asked about have no rule.
    if !is_in(grants.first()) {
        return &[];
    }
    grants.get(..count_up_to(Ordering::Equal, names, grants, start, segment)).unwrap_or(&[])
}

/// How many paths are not behind this order. A loop of its own: the library's search calls functions at each step.
fn count_up_to(last: Ordering, names: &Names, grants: &[Grant], start: usize, segment: &[u8]) -> usize {
    let (mut first, mut count) = (0_usize, grants.len());
    while count > 0 {
        let half = count >> 1;
        let middle = first.wrapping_add(half);
        let Some(grant) = grants.get(middle) else { break };
        if compare_segment(names, grant, start, segment) <= last {
            first = middle.wrapping_add(1);
            count = count.wrapping_sub(half).wrapping_sub(1);
        } else {
            count = half;
        }
    }
    first
}

/// Compares the segment of a path that begins at `start` with a segment.
fn compare_segment(names: &Names, grant: &Grant, start: usize, segment: &[u8]) -> Ordering {
    let path = names.bytes(grant.path).get(start..).unwrap_or(&[]);
    let place = first_difference(path, segment);
    let order = rank(path, place).cmp(&rank(segment, place));
    // A longer path has the segment if the segment ends there.
    if place == segment.len() && rank(path, place) <= END_RANK {
        return Ordering::Equal;
    }
    order
}
