//! Searches and compares bytes, eight at a time. Names are short, and the standard library's functions are made for long
//! texts: in WebAssembly its `memcmp` takes one byte at a time, and its `memchr` is more code.

use std::cmp::Ordering;

/// The bytes that are handled together.
const WORD: usize = 8;

/// A word of eight times this byte.
const fn repeat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; WORD])
}

/// The index of the first byte of a word that has a bit set.
fn first_byte(word: u64) -> usize {
    usize::try_from(word.trailing_zeros() >> 3).unwrap_or(0)
}

/// The index of the first byte with this value.
pub fn find_byte(bytes: &[u8], wanted: u8) -> Option<usize> {
    let (mut rest, mut start) = (bytes, 0_usize);
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let differing = u64::from_le_bytes(*chunk) ^ repeat(wanted);
        // The lowest byte of which the highest bit is set is the first that is zero here.
        let equal = differing.wrapping_sub(repeat(1)) & !differing & repeat(0x80);
        if equal != 0 {
            return Some(start.wrapping_add(first_byte(equal)));
        }
        (rest, start) = (after, start.wrapping_add(WORD));
    }
    for byte in rest {
        if *byte == wanted {
            return Some(start);
        }
        start = start.wrapping_add(1);
    }
    None
}

/// The index of the first byte that differs; the length of the shorter one if none does.
pub fn first_difference(a: &[u8], b: &[u8]) -> usize {
    let (mut rest, mut other, mut start) = (a, b, 0_usize);
    while let (Some((chunk, after)), Some((other_chunk, other_after))) =
        (rest.split_first_chunk(), other.split_first_chunk())
    {
        let differing = u64::from_le_bytes(*chunk) ^ u64::from_le_bytes(*other_chunk);
        if differing != 0 {
            return start.wrapping_add(first_byte(differing));
        }
        (rest, other, start) = (after, other_after, start.wrapping_add(WORD));
    }
    for (a, b) in rest.iter().zip(other) {
        if a != b {
            break;
        }
        start = start.wrapping_add(1);
    }
    start
}

/// The order of two texts.
pub fn compare_texts(a: &str, b: &str) -> Ordering {
    let place = first_difference(a.as_bytes(), b.as_bytes());
    a.as_bytes().get(place).cmp(&b.as_bytes().get(place))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_byte_is_found(bytes in prop::collection::vec(0_u8..4, 0..40), high in any::<bool>(), wanted in 0_u8..5) {
            let shift = if high { 0x7E } else { 0 };
            let bytes: Vec<u8> = bytes.iter().map(|byte| byte.wrapping_add(shift)).collect();
            let wanted = wanted.wrapping_add(shift);
            prop_assert_eq!(find_byte(&bytes, wanted), bytes.iter().position(|byte| *byte == wanted));
        }

        #[test]
        fn the_first_difference_is_found(bytes in prop::collection::vec(any::<u8>(), 0..40), at in 0_usize..40, other in any::<u8>(), length in 0_usize..40) {
            let mut changed = bytes.clone();
            changed.truncate(length);
            if let Some(byte) = changed.get_mut(at) {
                *byte = other;
            }
            let expected = bytes.iter().zip(&changed).take_while(|(a, b)| a == b).count();
            prop_assert_eq!(first_difference(&bytes, &changed), expected);
            prop_assert_eq!(first_difference(&changed, &bytes), expected);
        }

        #[test]
        fn texts_are_compared_like_the_library(start in "[a-cü]{0,20}", end in "[a-cü]{0,3}", other in "[a-cü]{0,3}") {
            let [a, b] = [end, other].map(|end| format!("{start}{end}"));
            prop_assert_eq!(compare_texts(&a, &b), a.cmp(&b));
        }
    }
}
