//! The digest of everything that decides: equal in every runtime, and never computed from a secret.

use sha2::block_api::compress256;

/// Changes if the same records are written into a digest in a different way.
const FORMAT: u32 = 1;

/// The state before the first block.
// Source: FIPS 180-4, 5.3.3.
const START: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];

/// The bytes of a block, and those of the last block before the length.
const BLOCK: usize = 64;
const LENGTH_AT: usize = 56;

/// A SHA-256 of a sequence of typed parts, each with its length, so that different sequences have different bytes.
///
/// The library computes the blocks. Its buffers and traits would be more code than that.
pub struct Digest {
    state: [u32; 8],
    block: [u8; BLOCK],
    /// The number of bytes in `block`. It is never full.
    filled: usize,
    /// The number of all bytes.
    length: u64,
}

impl Digest {
    /// The digest of a model's records or, depending on `part`, of one subject.
    pub fn new(system: &str, part: &str) -> Self {
        let mut digest = Self::empty();
        digest.number(FORMAT);
        digest.text(system);
        digest.text(part);
        digest
    }

    fn empty() -> Self {
        Self { state: START, block: [0; BLOCK], filled: 0, length: 0 }
    }

    fn bytes(&mut self, mut bytes: &[u8]) {
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        while !bytes.is_empty() {
            let free = self.block.get_mut(self.filled..).unwrap_or_default();
            let (taken, rest) = bytes.split_at_checked(free.len()).unwrap_or((bytes, &[]));
            free.iter_mut().zip(taken).for_each(|(place, byte)| *place = *byte);
            self.filled = self.filled.saturating_add(taken.len());
            if self.filled == BLOCK {
                compress256(&mut self.state, &[self.block]);
                self.filled = 0;
            }
            bytes = rest;
        }
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.bytes(&length.to_le_bytes());
        self.bytes(text.as_bytes());
    }

    /// Adds a number: a code, a count, a mask.
    pub fn number(&mut self, number: u32) {
        self.bytes(&number.to_le_bytes());
    }

    /// Adds a boolean.
    pub fn flag(&mut self, flag: bool) {
        self.number(u32::from(flag));
    }

    /// Adds the length of the sequence that follows.
    pub fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// Adds pairs of a name and a number, which must be sorted because their order counts.
    pub fn pairs(&mut self, pairs: &[(&str, u32)]) {
        self.count(pairs.len());
        for (name, number) in pairs {
            self.text(name);
            self.number(*number);
        }
    }

    /// The digest as `sha256-` and 64 hex digits.
    pub fn finish(mut self) -> String {
        // Source: FIPS 180-4, 5.1.1.
        let bits = self.length.saturating_mul(8);
        self.bytes(&[0x80]);
        while self.filled != LENGTH_AT {
            self.bytes(&[0]);
        }
        self.bytes(&bits.to_be_bytes());
        let mut text = String::from("sha256-");
        for mut word in self.state {
            for _ in 0..8 {
                word = word.rotate_left(4);
                text.extend(char::from_digit(word & 0xF, 16));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::*;

    proptest! {
        #[test]
        fn a_digest_equals_that_of_the_library(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..150), 0..8)) {
            let (mut ours, mut theirs) = (Digest::empty(), Sha256::new());
            for part in &parts {
                ours.bytes(part);
                theirs.update(part);
            }
            let expected: String = theirs.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(ours.finish(), format!("sha256-{expected}"));
        }
    }
}
