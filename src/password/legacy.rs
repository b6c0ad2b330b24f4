//! Hashes that other programs left behind: verified once more, to be replaced by argon2id at the next sign-in.
//!
//! The forms that are read, exactly:
//!
//! ```text
//! $2a$CC$ or $2b$CC$ or $2y$CC$, CC from 04 to 14, then 22 letters of salt and 31 of hash: bcrypt
//! $salted-sha256$SALT$HASH, SALT of 1 to 64 letters and digits, HASH of 64 small hexadecimal digits
//! $sha256-salted$SALT$HASH, SALT of 1 to 64 letters, digits, `+`, `/` and `=`, HASH of 32 bytes in padded base64
//! $unsalted-md5$HASH, HASH of 32 small hexadecimal digits
//! ```
//!
//! The second one is the SHA-256 of the salt, as it is written, and the password behind it; the third one of the
//! password, and the salt, as it is written, behind it; the last one the MD5 of the password alone.

use md5::Md5;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{after, decode_with, PasswordError, LETTERS, PASSWORD_MAX, STORED_MAX};

/// The dearest bcrypt, in rounds as a power of two: a second or two. Each further one takes twice as long.
pub const ROUNDS_MAX: u8 = 14;

const ROUNDS_MIN: u8 = 4;
/// What bcrypt reads of a password and the 0 behind it. It never looked at the rest, so neither may we.
const BCRYPT_MAX: usize = 72;
const BCRYPT_LETTERS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SALT_MAX: usize = 64;

/// Whether the password is the one that was hashed.
///
/// # Errors
///
/// `TooLong`; `UnknownHash` for a stored text of no form above, argon2id included; `CostlyHash` for more than
/// [`ROUNDS_MAX`].
///
/// ```
/// use latchwork::password::legacy::verify;
///
/// let stored = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
/// assert!(verify(b"a", stored)?);
/// # Ok::<(), latchwork::password::PasswordError>(())
/// ```
pub fn verify(password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    verify_text(password, stored.as_bytes())
}

pub(crate) fn verify_text(password: &[u8], stored: &[u8]) -> Result<bool, PasswordError> {
    if password.len() > PASSWORD_MAX {
        return Err(PasswordError::TooLong);
    }
    match stored {
        [b'$', b'2', b'a' | b'b' | b'y', b'$', rest @ ..] => bcrypt(password, rest),
        _ if stored.len() > STORED_MAX => Err(PasswordError::UnknownHash),
        _ => {
            if let Ok(rest) = after(stored, b"$salted-sha256$") {
                salted_sha256(password, rest)
            } else if let Ok(rest) = after(stored, b"$sha256-salted$") {
                sha256_salted(password, rest)
            } else {
                unsalted_md5(password, after(stored, b"$unsalted-md5$")?)
            }
        }
    }
}

/// Source: Provos and Mazières, "A Future-Adaptable Password Scheme"; jBCrypt, which Meuse uses.
fn bcrypt(password: &[u8], stored: &[u8]) -> Result<bool, PasswordError> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', b'$', letters @ ..] = stored else {
        return Err(PasswordError::UnknownHash);
    };
    let digit = |letter: &u8| letter.saturating_sub(b'0');
    let rounds = digit(tens).saturating_mul(10).saturating_add(digit(ones));
    let (salt_letters, hash_letters) = letters.split_at_checked(22).ok_or(PasswordError::UnknownHash)?;
    // The last letters stand for more bits than there are; what writes them does not agree on those.
    let (mut salt, mut hash) = ([0; 16], [0; 23]);
    if hash_letters.len() != 31
        || decode_with(BCRYPT_LETTERS, salt_letters, &mut salt)?.0 != salt.len()
        || decode_with(BCRYPT_LETTERS, hash_letters, &mut hash)?.0 != hash.len()
        || !(ROUNDS_MIN..=31).contains(&rounds)
    {
        return Err(PasswordError::UnknownHash);
    }
    if rounds > ROUNDS_MAX {
        return Err(PasswordError::CostlyHash);
    }
    let mut key = Zeroizing::new([0; PASSWORD_MAX + 1]);
    key.iter_mut().zip(password).for_each(|(to, byte)| *to = *byte);
    let length = password.len().saturating_add(1).min(BCRYPT_MAX);
    let computed = Zeroizing::new(bcrypt::bcrypt(rounds.into(), salt, key.get(..length).unwrap_or_default()));
    Ok(computed.get(..hash.len()).is_some_and(|computed| bool::from(computed.ct_eq(&hash))))
}

/// Source: ArangoDB, `authData.simple` of a user: `method` sha256, `salt` of 8 hexadecimal digits, `hash`.
fn salted_sha256(password: &[u8], stored: &[u8]) -> Result<bool, PasswordError> {
    let mut parts = stored.splitn(2, |letter| *letter == b'$');
    let (salt, hash) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let known = !salt.is_empty() && salt.len() <= SALT_MAX && salt.iter().all(u8::is_ascii_alphanumeric);
    if !known {
        return Err(PasswordError::UnknownHash);
    }
    is_written::<64>(&Sha256::new().chain_update(salt).chain_update(password).finalize(), hash)
}

/// Source: WSO2 kernel, `JDBCUserStoreManager.preparePassword`: `UM_SALT_VALUE` and `UM_USER_PASSWORD` of a user,
/// where the store's `PasswordDigest` is SHA-256.
fn sha256_salted(password: &[u8], stored: &[u8]) -> Result<bool, PasswordError> {
    let mut parts = stored.splitn(2, |letter| *letter == b'$');
    let (salt, hash) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let mut bytes = [0; 32];
    // 32 bytes are 43 letters and one `=`.
    let known = !salt.is_empty()
        && salt.len() <= SALT_MAX
        && salt.iter().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/' | b'='))
        && hash.len() == 44;
    let letters = hash.strip_suffix(b"=").filter(|_| known).ok_or(PasswordError::UnknownHash)?;
    if decode_with(LETTERS, letters, &mut bytes)? != (bytes.len(), 0) {
        return Err(PasswordError::UnknownHash);
    }
    let computed = Zeroizing::new(<[u8; 32]>::from(Sha256::new().chain_update(password).chain_update(salt).finalize()));
    Ok(bool::from(computed.ct_eq(&bytes)))
}

/// Source: Ant Media Server, `CommonRestService.getMD5Hash`: the `password` of a user in its store.
fn unsalted_md5(password: &[u8], hash: &[u8]) -> Result<bool, PasswordError> {
    is_written::<32>(&Md5::new().chain_update(password).finalize(), hash)
}

/// Whether a hash of `DIGITS` small hexadecimal digits is of these bytes.
fn is_written<const DIGITS: usize>(computed: &[u8], hash: &[u8]) -> Result<bool, PasswordError> {
    if hash.len() != DIGITS || !hash.iter().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(PasswordError::UnknownHash);
    }
    let mut written = Zeroizing::new([0; DIGITS]);
    for (pair, byte) in written.chunks_exact_mut(2).zip(computed) {
        pair.iter_mut().zip([byte >> 4, byte & 15]).for_each(|(letter, half)| *letter = hexadecimal(half));
    }
    Ok(bool::from(written.as_slice().ct_eq(hash)))
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
    use super::*;

    /// Source: jBCrypt, TestBCrypt.java.
    #[test]
    fn a_hash_of_jbcrypt_fits_its_password_and_no_other() {
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
    fn bcrypt_reads_72_bytes_and_no_more() {
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
        assert_eq!(verify_text(&long, &stored), Ok(true));
        assert_eq!(verify_text(long.get(..72).unwrap_or_default(), &stored), Ok(true));
        assert_eq!(verify_text(long.get(..71).unwrap_or_default(), &stored), Ok(false));
        assert_eq!(verify_text(&[b'x'; PASSWORD_MAX + 1], &stored), Err(PasswordError::TooLong));
        assert_eq!(verify_text(&[b'x'; PASSWORD_MAX], &stored), Ok(true));
    }

    #[test]
    fn a_salted_sha_256_fits_its_password_and_no_other() {
        // printf '%s' 0123abcdsecret | sha256sum
        let stored = "$salted-sha256$0123abcd$b98bead4a9435184eb79f82ad37e3c6d8934f1d8ad179e96e06fc4e459a2e073";
        assert_eq!(verify(b"secret", stored), Ok(true));
        assert_eq!(verify(b"Secret", stored), Ok(false));
        assert_eq!(verify(b"", stored), Ok(false));
        assert_eq!(verify(b"dsecret", &stored.replace("abcd$", "abc$")), Ok(true));
    }

    #[test]
    fn a_sha_256_with_its_salt_behind_fits_its_password_and_no_other() {
        // printf '%s' 'secret3q2+7w==' | openssl dgst -sha256 -binary | base64
        let stored = "$sha256-salted$3q2+7w==$Ijwr4BxMP0d2JHgQmN3+Z3XAPrUnr1HiKHv+96tMKqQ=";
        assert_eq!(verify(b"secret", stored), Ok(true));
        assert_eq!(verify(b"Secret", stored), Ok(false));
        assert_eq!(verify(b"secret3", &stored.replace("$3q2", "$q2")), Ok(true));
        assert_eq!(verify(b"", stored), Ok(false));
    }

    #[test]
    fn an_md5_fits_its_password_and_no_other() {
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
    fn a_hostile_stored_string_is_refused_before_anything_is_computed() {
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
            (
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4".into(),
                PasswordError::UnknownHash,
            ),
            (String::new(), PasswordError::UnknownHash),
        ] {
            assert_eq!(verify(b"x", &stored), Err(error), "{}", stored.get(..60).unwrap_or(&stored));
        }
    }
}
