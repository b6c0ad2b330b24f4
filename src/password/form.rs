//! The forms of stored hashes of other programs, parsed without computing anything.
//!
//! The forms that are read, exactly:
//!
//! ```text
//! $2a$CC$ or $2b$CC$ or $2y$CC$, CC from 04 to 14, then 22 letters of salt and 31 of hash: bcrypt
//! $argon2id$, $argon2i$ or $argon2d$, v=19$ or v=16$ or no version (16), m=KIB,t=PASSES,p=LANES$SALT$TAG, both in base64
//! $salted-sha256$SALT$HASH, SALT of 1 to 64 letters and digits, HASH of 64 small hexadecimal digits
//! $sha256-salted$SALT$HASH, SALT of 1 to 64 letters, digits, `+`, `/` and `=`, HASH of 32 bytes in padded base64
//! $unsalted-md5$HASH, HASH of 32 small hexadecimal digits
//! ```
//!
//! `salted-sha256` is the SHA-256 of the salt's text followed by the password. `sha256-salted` is the SHA-256 of the
//! password followed by the salt's text. `unsalted-md5` is the MD5 of the password alone.

use super::base64::{decode, decode_with};
use super::cost::{BCRYPT_ROUNDS_MAX, LEGACY_MEMORY_MAX, STORED_MAX};
use super::error::PasswordError;
use super::stored::{strip, Stored};

const BCRYPT_ROUNDS_MIN: u8 = 4;
pub(super) const BCRYPT_LETTERS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SALT_MAX: usize = 64;

/// A stored hash of another program.
#[cfg_attr(not(feature = "legacy"), expect(dead_code, reason = "without that feature forms are only checked"))]
pub(super) enum Form<'a> {
    /// Source: Provos and Mazières, "A Future-Adaptable Password Scheme"; jBCrypt, which Meuse uses.
    Bcrypt {
        rounds: u8,
        salt: [u8; 16],
        hash: [u8; 23],
    },
    Argon2(Stored),
    /// Source: ArangoDB, `authData.simple` of a user: `method` sha256, `salt` of 8 hexadecimal digits, `hash`.
    SaltedSha256 {
        salt: &'a [u8],
        hash: &'a [u8],
    },
    /// Source: WSO2 kernel, `JDBCUserStoreManager.preparePassword`: `UM_SALT_VALUE` and `UM_USER_PASSWORD` of a user,
    /// where the store's `PasswordDigest` is SHA-256.
    Sha256Salted {
        salt: &'a [u8],
        hash: [u8; 32],
    },
    /// Source: Ant Media Server, `CommonRestService.getMD5Hash`: the `password` of a user in its store.
    UnsaltedMd5 {
        hash: &'a [u8],
    },
}

/// Whether a stored hash can be verified: its format is known, and its cost is within the caps of this module.
///
/// # Errors
///
/// `UnknownHash`, `CostlyHash`.
pub fn check_stored(stored: &str) -> Result<(), PasswordError> {
    match Stored::parse(stored.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => Form::parse(stored.as_bytes(), LEGACY_MEMORY_MAX).map(|_| ()),
    }
}

impl<'a> Form<'a> {
    /// Parses a stored hash. An argon2 hash may need at most this much memory, in KiB.
    ///
    /// # Errors
    ///
    /// `UnknownHash`, `CostlyHash`.
    pub(super) fn parse(stored: &'a [u8], memory_max: u32) -> Result<Self, PasswordError> {
        if stored.len() > STORED_MAX {
            return Err(PasswordError::UnknownHash);
        }
        if let [b'$', b'2', b'a' | b'b' | b'y', b'$', rest @ ..] = stored {
            return parse_bcrypt(rest);
        }
        if stored.starts_with(b"$argon2") {
            return Stored::parse_any(stored, memory_max).map(Self::Argon2);
        }
        if let Some(rest) = stored.strip_prefix(b"$salted-sha256$") {
            let (salt, hash) = split_salt(rest, u8::is_ascii_alphanumeric)?;
            return Ok(Self::SaltedSha256 { salt, hash: hexadecimal::<64>(hash)? });
        }
        if let Some(rest) = stored.strip_prefix(b"$sha256-salted$") {
            let is_base64 = |letter: &u8| letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/' | b'=');
            let (salt, hash) = split_salt(rest, is_base64)?;
            return Ok(Self::Sha256Salted { salt, hash: padded(hash)? });
        }
        Ok(Self::UnsaltedMd5 { hash: hexadecimal::<32>(strip(stored, b"$unsalted-md5$")?)? })
    }
}

fn parse_bcrypt<'a>(stored: &[u8]) -> Result<Form<'a>, PasswordError> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', b'$', letters @ ..] = stored else {
        return Err(PasswordError::UnknownHash);
    };
    let digit = |letter: &u8| letter.saturating_sub(b'0');
    let rounds = digit(tens).saturating_mul(10).saturating_add(digit(ones));
    let (salt_letters, hash_letters) = letters.split_at_checked(22).ok_or(PasswordError::UnknownHash)?;
    // The last character has unused bits, and programs write different ones.
    let (mut salt, mut hash) = ([0; 16], [0; 23]);
    if hash_letters.len() != 31
        || decode_with(BCRYPT_LETTERS, salt_letters, &mut salt)?.0 != salt.len()
        || decode_with(BCRYPT_LETTERS, hash_letters, &mut hash)?.0 != hash.len()
        || !(BCRYPT_ROUNDS_MIN..=31).contains(&rounds)
    {
        return Err(PasswordError::UnknownHash);
    }
    if rounds > BCRYPT_ROUNDS_MAX {
        return Err(PasswordError::CostlyHash);
    }
    Ok(Form::Bcrypt { rounds, salt, hash })
}

/// Splits `SALT$HASH`. The salt has 1 to 64 of these characters.
fn split_salt(stored: &[u8], is_letter: impl Fn(&u8) -> bool) -> Result<(&[u8], &[u8]), PasswordError> {
    let mut parts = stored.splitn(2, |letter| *letter == b'$');
    let (salt, hash) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if !salt.is_empty() && salt.len() <= SALT_MAX && salt.iter().all(is_letter) {
        Ok((salt, hash))
    } else {
        Err(PasswordError::UnknownHash)
    }
}

/// A text of this many lower-case hexadecimal digits.
fn hexadecimal<const DIGITS: usize>(text: &[u8]) -> Result<&[u8], PasswordError> {
    if text.len() == DIGITS && text.iter().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f')) {
        Ok(text)
    } else {
        Err(PasswordError::UnknownHash)
    }
}

/// 32 bytes in base64: 43 characters and one `=`.
fn padded(text: &[u8]) -> Result<[u8; 32], PasswordError> {
    let mut bytes = [0; 32];
    if text.len() == 44 && decode(strip_padding(text)?, &mut bytes)? == bytes.len() {
        Ok(bytes)
    } else {
        Err(PasswordError::UnknownHash)
    }
}

fn strip_padding(text: &[u8]) -> Result<&[u8], PasswordError> {
    text.strip_suffix(b"=").ok_or(PasswordError::UnknownHash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_that_can_never_be_verified_is_detected_without_computing_it() {
        let letters = "A".repeat(53);
        let tag = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        for (stored, expected) in [
            (format!("$argon2id$v=19$m=65536,t=10,p=16{tag}"), Ok(())),
            (format!("$argon2id$v=19$m=131072,t=2,p=1{tag}"), Ok(())),
            (format!("$argon2i$m=131072,t=10,p=16{tag}="), Ok(())),
            (format!("$2b$14${letters}"), Ok(())),
            (format!("$unsalted-md5${}", "0".repeat(32)), Ok(())),
            (format!("$argon2id$v=19$m=131073,t=2,p=1{tag}"), Err(PasswordError::CostlyHash)),
            (format!("$argon2i$v=19$m=256,t=11,p=1{tag}"), Err(PasswordError::CostlyHash)),
            (format!("$argon2d$v=19$m=256,t=1,p=17{tag}"), Err(PasswordError::CostlyHash)),
            (format!("$2b$15${letters}"), Err(PasswordError::CostlyHash)),
            (format!("$2b$31${letters}"), Err(PasswordError::CostlyHash)),
            (format!("$argon2$v=19$m=256,t=1,p=1{tag}"), Err(PasswordError::UnknownHash)),
            ("tiger".into(), Err(PasswordError::UnknownHash)),
            (String::new(), Err(PasswordError::UnknownHash)),
        ] {
            assert_eq!(check_stored(&stored), expected, "{stored}");
        }
    }
}
