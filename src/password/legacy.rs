//! Hashes of other programs: verified once more, to be replaced with argon2id at the next sign-in.
//!
//! The formats: bcrypt (`$2a$`, `$2b$`, `$2y$`, with 4 to 14 rounds), argon2 in each variant and version with or
//! without padding, `$salted-sha256$SALT$HASH` (ArangoDB), `$sha256-salted$SALT$HASH` (WSO2) and `$unsalted-md5$HASH`
//! (Ant Media).

use md5::Md5;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::argon2id::verify_stored;
use super::cost::{LEGACY_MEMORY_MAX, PASSWORD_MAX};
use super::error::PasswordError;
use super::form::Form;

/// The part of a password that bcrypt uses, followed by a 0. It ignores the rest, so this crate does too.
const BCRYPT_MAX: usize = 72;

/// Whether the password is the one that was hashed.
///
/// # Errors
///
/// `TooLong`; `UnknownHash` for a stored text of no form above; `CostlyHash` for more than
/// [`BCRYPT_ROUNDS_MAX`](super::BCRYPT_ROUNDS_MAX), [`LEGACY_MEMORY_MAX`], [`PASSES_MAX`](super::PASSES_MAX) or
/// [`PARALLELISM_MAX`](super::PARALLELISM_MAX); `OutOfMemory`.
///
/// ```
/// use latchwork::password::legacy::verify;
///
/// let stored = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
/// assert!(verify(b"a", stored)?);
/// # Ok::<(), latchwork::password::PasswordError>(())
/// ```
pub fn verify(password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    verify_text(password, stored.as_bytes(), LEGACY_MEMORY_MAX)
}

/// Like [`verify`], with another limit on the memory that a stored argon2 hash may need, in KiB, up to
/// [`LEGACY_MEMORY_LIMIT`](super::LEGACY_MEMORY_LIMIT).
///
/// # Errors
///
/// As [`verify`].
pub fn verify_within(password: &[u8], stored: &str, memory_max: u32) -> Result<bool, PasswordError> {
    verify_text(password, stored.as_bytes(), memory_max)
}

pub(crate) fn verify_text(password: &[u8], stored: &[u8], memory_max: u32) -> Result<bool, PasswordError> {
    if password.len() > PASSWORD_MAX {
        return Err(PasswordError::TooLong);
    }
    match Form::parse(stored, memory_max)? {
        Form::Bcrypt { rounds, salt, hash } => Ok(verify_bcrypt(password, rounds, salt, &hash)),
        Form::Argon2(stored) => verify_stored(password, &stored),
        Form::SaltedSha256 { salt, hash } => {
            Ok(is_written(&Sha256::new().chain_update(salt).chain_update(password).finalize(), hash))
        }
        Form::Sha256Salted { salt, hash } => {
            let computed = Sha256::new().chain_update(password).chain_update(salt).finalize();
            Ok(bool::from(Zeroizing::new(<[u8; 32]>::from(computed)).ct_eq(&hash)))
        }
        Form::UnsaltedMd5 { hash } => Ok(is_written(&Md5::new().chain_update(password).finalize(), hash)),
    }
}

fn verify_bcrypt(password: &[u8], rounds: u8, salt: [u8; 16], hash: &[u8; 23]) -> bool {
    let mut key = Zeroizing::new([0; PASSWORD_MAX + 1]);
    key.iter_mut().zip(password).for_each(|(to, byte)| *to = *byte);
    let length = password.len().saturating_add(1).min(BCRYPT_MAX);
    let computed = Zeroizing::new(bcrypt::bcrypt(rounds.into(), salt, key.get(..length).unwrap_or_default()));
    computed.get(..hash.len()).is_some_and(|computed| bool::from(computed.ct_eq(hash)))
}

/// Whether these lower-case hexadecimal digits are the bytes. There are at most 64.
fn is_written(computed: &[u8], digits: &[u8]) -> bool {
    let mut written = Zeroizing::new([0; 64]);
    for (pair, byte) in written.chunks_exact_mut(2).zip(computed) {
        pair.iter_mut().zip([byte >> 4, byte & 15]).for_each(|(letter, half)| *letter = hexadecimal(half));
    }
    let length = computed.len().saturating_mul(2);
    written.get(..length).is_some_and(|written| bool::from(written.ct_eq(digits)))
}

fn hexadecimal(half: u8) -> u8 {
    if half < 10 {
        half.saturating_add(b'0')
    } else {
        half.saturating_add(b'a' - 10)
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::BCRYPT_LETTERS;
    use super::*;

    /// Source: jBCrypt, TestBCrypt.java.
    #[test]
    fn a_jbcrypt_hash_matches_only_its_password() {
        for (password, stored) in [
            ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
            ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
            ("abcdefghijklmnopqrstuvwxyz", "$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz."),
        ] {
            assert_eq!(verify(password.as_bytes(), stored), Ok(true), "{stored}");
            assert_eq!(verify(b"b", stored), Ok(false), "{stored}");
            assert_eq!(verify(b"b", &stored.replace("$2a$", "$2y$")), Ok(false), "{stored}");
        }
    }

    #[test]
    fn bcrypt_uses_only_the_first_72_bytes() {
        let long = [b'x'; 80];
        let stored = {
            let hash = bcrypt::bcrypt(4, [7; 16], &[b'x'; 72]);
            let mut text = b"$2b$04$".to_vec();
            for bytes in [&[7_u8; 16][..], hash.get(..23).unwrap_or_default()] {
                let mut bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| (byte >> bit) & 1)).peekable();
                while bits.peek().is_some() {
                    let value = (0..6).fold(0_usize, |value, _| (value << 1) | usize::from(bits.next().unwrap_or(0)));
                    text.extend(BCRYPT_LETTERS.get(value));
                }
            }
            text
        };
        assert_eq!(verify_text(&long, &stored, 0), Ok(true));
        assert_eq!(verify_text(long.get(..72).unwrap_or_default(), &stored, 0), Ok(true));
        assert_eq!(verify_text(long.get(..71).unwrap_or_default(), &stored, 0), Ok(false));
        assert_eq!(verify_text(&[b'x'; PASSWORD_MAX + 1], &stored, 0), Err(PasswordError::TooLong));
        assert_eq!(verify_text(&[b'x'; PASSWORD_MAX], &stored, 0), Ok(true));
    }

    #[test]
    fn a_salted_sha_256_matches_only_its_password() {
        // printf '%s' 0123abcdsecret | sha256sum
        let stored = "$salted-sha256$0123abcd$b98bead4a9435184eb79f82ad37e3c6d8934f1d8ad179e96e06fc4e459a2e073";
        assert_eq!(verify(b"secret", stored), Ok(true));
        assert_eq!(verify(b"Secret", stored), Ok(false));
        assert_eq!(verify(b"", stored), Ok(false));
        assert_eq!(verify(b"dsecret", &stored.replace("abcd$", "abc$")), Ok(true));
    }

    #[test]
    fn a_sha_256_with_a_salt_suffix_matches_only_its_password() {
        // printf '%s' 'secret3q2+7w==' | openssl dgst -sha256 -binary | base64
        let stored = "$sha256-salted$3q2+7w==$Ijwr4BxMP0d2JHgQmN3+Z3XAPrUnr1HiKHv+96tMKqQ=";
        assert_eq!(verify(b"secret", stored), Ok(true));
        assert_eq!(verify(b"Secret", stored), Ok(false));
        assert_eq!(verify(b"secret3", &stored.replace("$3q2", "$q2")), Ok(true));
        assert_eq!(verify(b"", stored), Ok(false));
    }

    #[test]
    fn an_md5_matches_only_its_password() {
        // RFC 1321, appendix A.5.
        for (password, hash) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ] {
            let stored = format!("$unsalted-md5${hash}");
            assert_eq!(verify(password.as_bytes(), &stored), Ok(true), "{stored}");
            assert_eq!(verify(b"Abc", &stored), Ok(false), "{stored}");
            assert_eq!(verify(hash.as_bytes(), &stored), Ok(false), "{stored}");
        }
    }

    #[test]
    fn a_hostile_stored_hash_is_rejected_before_it_is_computed() {
        let letters = "A".repeat(53);
        let hash = "0".repeat(64);
        for (stored, error) in [
            (format!("$2a$15${letters}"), PasswordError::CostlyHash),
            (format!("$2a$31${letters}"), PasswordError::CostlyHash),
            (format!("$2a$32${letters}"), PasswordError::UnknownHash),
            (format!("$2a$03${letters}"), PasswordError::UnknownHash),
            (format!("$2a$4${letters}"), PasswordError::UnknownHash),
            (format!("$2x$04${letters}"), PasswordError::UnknownHash),
            (format!("$2$04${letters}"), PasswordError::UnknownHash),
            (format!("$2a$04${letters}A"), PasswordError::UnknownHash),
            (format!("$2a$04${}", "A".repeat(52)), PasswordError::UnknownHash),
            (format!("$2a$04${}", "A".repeat(1 << 20)), PasswordError::UnknownHash),
            (format!("$2a$04${}+", "A".repeat(52)), PasswordError::UnknownHash),
            ("$2a$04$".into(), PasswordError::UnknownHash),
            (format!("$salted-sha256$${hash}"), PasswordError::UnknownHash),
            (format!("$salted-sha256$a${hash}0"), PasswordError::UnknownHash),
            (format!("$salted-sha256$a${}", "A".repeat(64)), PasswordError::UnknownHash),
            (format!("$salted-sha256${}${hash}", "a".repeat(65)), PasswordError::UnknownHash),
            ("$salted-sha256$a$".into(), PasswordError::UnknownHash),
            (format!("$sha256-salted$${}=", "A".repeat(43)), PasswordError::UnknownHash),
            (format!("$sha256-salted$a${}", "A".repeat(43)), PasswordError::UnknownHash),
            (format!("$sha256-salted$a${}B=", "A".repeat(42)), PasswordError::UnknownHash),
            (format!("$sha256-salted$a${}-=", "A".repeat(42)), PasswordError::UnknownHash),
            (format!("$sha256-salted$a b${}=", "A".repeat(43)), PasswordError::UnknownHash),
            (format!("$sha256-salted${}${}=", "a".repeat(65), "A".repeat(43)), PasswordError::UnknownHash),
            ("$unsalted-md5$".into(), PasswordError::UnknownHash),
            (format!("$unsalted-md5${}", "0".repeat(31)), PasswordError::UnknownHash),
            (format!("$unsalted-md5${}", "0".repeat(33)), PasswordError::UnknownHash),
            (format!("$unsalted-md5${}", "A".repeat(32)), PasswordError::UnknownHash),
            ("0".repeat(32), PasswordError::UnknownHash),
            (String::new(), PasswordError::UnknownHash),
        ] {
            assert_eq!(verify(b"x", &stored), Err(error), "{}", stored.get(..60).unwrap_or(&stored));
        }
    }
}
