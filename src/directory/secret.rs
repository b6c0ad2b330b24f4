//! Random secrets: tokens, links in mails, the bootstrap secret.
//!
//! They have at least 128 random bits, so a fast digest protects them as well as a slow hash. The store has only the
//! digest.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The SHA-256 of a secret, or of any bytes, in hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The keyed digest of texts, in hexadecimal digits. Without the key it cannot be computed from the texts.
pub(super) fn digest_under(secret: &[u8], texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [secret].into_iter().chain(texts.iter().map(|text| text.as_bytes())) {
        // Each text is preceded by its length, so that different lists of texts never give the same bytes.
        hash.update(format!("{}/", part.len()));
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// Whether a secret has this digest, in constant time.
pub(super) fn matches_digest(secret: &str, stored: &str) -> bool {
    digest(secret.as_bytes()).as_bytes().ct_eq(stored.as_bytes()).into()
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].iter().filter_map(|digit| char::from_digit((*digit).into(), 16)));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn different_texts_and_secrets_give_different_digests() {
        let texts: [&[&str]; 5] = [&["a", "bc"], &["ab", "c"], &["abc"], &["a", "bc", ""], &["1/abc"]];
        let digests: BTreeSet<String> =
            texts.iter().flat_map(|texts| [digest_under(b"x", texts), digest_under(b"", texts)]).collect();
        assert_eq!(digests.len(), 10);
    }

    #[test]
    fn only_the_secret_itself_has_its_digest() {
        // FIPS 180-2, appendix B.1.
        let stored = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(b"abc"), stored);
        assert!(matches_digest("abc", stored));
        for (secret, stored) in [("abd", stored), ("", stored), ("abc", ""), ("", ""), ("abc", "ba7816bf")] {
            assert!(!matches_digest(secret, stored), "{secret} {stored}");
        }
    }
}
