//! Secrets that a machine drew: tokens, links in mails, what a first operator is given.
//!
//! They have at least 128 random bits, so that a fast digest keeps them as well as a slow one would; the store
//! has the digest alone.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The SHA-256 of a secret, or of any bytes, in hex digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of texts under a secret, in hex digits: without the secret nobody knows which texts have which.
pub(super) fn digest_under(secret: &[u8], texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [secret].into_iter().chain(texts.iter().map(|text| text.as_bytes())) {
        // With their lengths, so that no text reads like two others.
        hash.update(format!("{}/", part.len()));
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// Whether a secret has this digest. Takes as long wherever the two differ.
pub(super) fn matches_digest(secret: &str, stored: &str) -> bool {
    digest(secret.as_bytes()).as_bytes().ct_eq(stored.as_bytes()).into()
}

/// Bytes in hex digits.
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
    fn no_texts_share_a_digest_and_no_secrets_either() {
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
