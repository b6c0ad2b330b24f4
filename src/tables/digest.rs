//! The fingerprint of what decides: equal in every runtime, never over a secret.

use sha2::{Digest as _, Sha256};

/// Changes whenever the same records would be written into a digest in another way.
const FORMAT: u32 = 1;

/// A SHA-256 over a sequence of typed parts, each with its length, so that no two sequences look alike.
pub struct Digest {
    state: Sha256,
}

impl Digest {
    /// The digest of what a system decides by, or (`part`) of one subject's share of it.
    pub fn new(system: &str, part: &str) -> Self {
        let mut digest = Self { state: Sha256::new() };
        digest.number(FORMAT);
        digest.text(system);
        digest.text(part);
        digest
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.state.update(length.to_le_bytes());
        self.state.update(text.as_bytes());
    }

    /// Adds a number: a code, a count, a mask.
    pub fn number(&mut self, number: u32) {
        self.state.update(number.to_le_bytes());
    }

    /// Adds a truth value.
    pub fn flag(&mut self, flag: bool) {
        self.number(u32::from(flag));
    }

    /// Adds the length of the sequence that follows.
    pub fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// Adds pairs of a name and a number. Their order counts: give them sorted.
    pub fn pairs(&mut self, pairs: &[(&str, u32)]) {
        self.count(pairs.len());
        for (name, number) in pairs {
            self.text(name);
            self.number(*number);
        }
    }

    /// The digest as `sha256-` and 64 hex digits.
    pub fn finish(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";

        let mut text = String::from("sha256-");
        for byte in self.state.finalize() {
            for half in [byte >> 4, byte & 0xF] {
                text.extend(DIGITS.get(usize::from(half)).map(|digit| char::from(*digit)));
            }
        }
        text
    }
}
