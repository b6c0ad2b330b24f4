//! Hashes and verifies passwords with argon2id.

use argon2::{Algorithm, Argon2, Block, Params};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::base64::LETTERS;
use super::cost::{Cost, LEGACY_MEMORY_LIMIT, MEMORY_MAX, PASSWORD_MAX, SALT_LENGTH, STORED_MAX};
use super::error::PasswordError;
use super::stored::{Stored, Variant, Version, TAG_MAX};

/// The length of a new hash's tag, in bytes.
const TAG_LENGTH: usize = 32;

/// Hashes a password with a new random salt and the default cost; the PHC string to store.
///
/// # Errors
///
/// `TooLong`, `OutOfMemory`, `NoRandomBytes`.
///
/// ```
/// use latchwork::password::{hash, verify};
///
/// let stored = hash(b"correct horse")?;
/// assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
/// assert!(verify(b"correct horse", &stored)?);
/// # Ok::<(), latchwork::password::PasswordError>(())
/// ```
#[cfg(all(feature = "getrandom", not(target_family = "wasm")))]
pub fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let salt = crate::random::random().map_err(|_| PasswordError::NoRandomBytes)?;
    hash_with(password, &salt, Cost::default())
}

/// Hashes a password with a given salt and cost; the PHC string to store.
///
/// The salt must be random, and new for each hash.
///
/// # Errors
///
/// `TooLong`, `InvalidCost`, `OutOfMemory`.
///
/// ```
/// use latchwork::password::{hash_with, needs_rehash, verify, Cost};
///
/// let cheap = Cost { memory: 64, passes: 1, parallelism: 1 };
/// let stored = hash_with(b"correct horse", b"sixteen bytes!!!", cheap)?;
/// assert!(verify(b"correct horse", &stored)?);
/// assert!(!verify(b"battery staple", &stored)?);
/// assert!(needs_rehash(&stored, Cost::default()));
/// # Ok::<(), latchwork::password::PasswordError>(())
/// ```
pub fn hash_with(password: &[u8], salt: &[u8; SALT_LENGTH], cost: Cost) -> Result<String, PasswordError> {
    hash_text(password, salt, cost).map(String::from)
}

pub(crate) fn hash_text(password: &[u8], salt: &[u8; SALT_LENGTH], cost: Cost) -> Result<Text, PasswordError> {
    if cost.is_too_high(MEMORY_MAX) {
        return Err(PasswordError::InvalidCost);
    }
    let mut tag = [0; TAG_LENGTH];
    compute(password, salt, (Variant::Argon2id, Version::V19, cost), &mut tag)?;
    Ok(Text::new(cost, salt, &tag))
}

/// Whether the password matches the stored hash. A wrong password takes as long as a correct one.
///
/// For an unknown user, verify against [`dummy_hash`]: it takes as long and never matches.
///
/// # Errors
///
/// `TooLong`, `UnknownHash`, `CostlyHash`, `OutOfMemory`.
pub fn verify(password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    verify_text(password, stored.as_bytes())
}

pub(crate) fn verify_text(password: &[u8], stored: &[u8]) -> Result<bool, PasswordError> {
    verify_stored(password, &Stored::parse(stored)?)
}

pub(super) fn verify_stored(password: &[u8], stored: &Stored) -> Result<bool, PasswordError> {
    let mut computed = Zeroizing::new([0; TAG_MAX]);
    let tag = stored.tag();
    let computed = computed.get_mut(..tag.len()).ok_or(PasswordError::UnknownHash)?;
    compute(password, stored.salt(), (stored.variant, stored.version, stored.cost), computed)?;
    Ok(bool::from(computed.ct_eq(tag)))
}

/// Whether a stored hash is missing, or differs from a new one in its cost or format.
pub fn needs_rehash(stored: &str, cost: Cost) -> bool {
    !Stored::parse(stored.as_bytes()).is_ok_and(|stored| {
        stored.cost == cost && stored.salt().len() == SALT_LENGTH && stored.tag().len() == TAG_LENGTH
    })
}

/// A stored hash that no known password matches, for unknown users: verifying it takes as long as for a known user.
pub fn dummy_hash(cost: Cost) -> String {
    Text::new(cost, &[0; SALT_LENGTH], &[0; TAG_LENGTH]).into()
}

/// A PHC string that is being printed: ASCII in a buffer of fixed size.
pub(crate) struct Text {
    letters: [u8; STORED_MAX],
    length: usize,
}

impl Text {
    fn new(cost: Cost, salt: &[u8], tag: &[u8]) -> Self {
        let mut text = Self { letters: [0; STORED_MAX], length: 0 };
        text.push(b"$argon2id$v=19$m=");
        text.push_number(cost.memory);
        text.push(b",t=");
        text.push_number(cost.passes);
        text.push(b",p=");
        text.push_number(cost.parallelism);
        text.push(b"$");
        text.push_base64(salt);
        text.push(b"$");
        text.push_base64(tag);
        text
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.letters.get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, letters: &[u8]) {
        for letter in letters {
            if let Some(place) = self.letters.get_mut(self.length) {
                *place = *letter;
                self.length = self.length.saturating_add(1);
            }
        }
    }

    /// Without the standard library's formatting, which is larger than argon2.
    fn push_number(&mut self, number: u32) {
        if number > 9 {
            self.push_number(number / 10);
        }
        self.push(&[b'0'.saturating_add((number % 10).to_le_bytes()[0])]);
    }

    fn push_base64(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(3) {
            let bits =
                [16, 8, 0].iter().zip(chunk).fold(0_u32, |bits, (shift, byte)| bits | (u32::from(*byte) << shift));
            for shift in [18, 12, 6, 0].iter().take(chunk.len().saturating_add(1)) {
                let letter = usize::try_from((bits >> shift) & 63).ok().and_then(|value| LETTERS.get(value));
                self.push(letter.map_or(&[], std::slice::from_ref));
            }
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_bytes().iter().copied().map(char::from).collect()
    }
}

fn compute(
    password: &[u8],
    salt: &[u8],
    (variant, version, cost): (Variant, Version, Cost),
    tag: &mut [u8],
) -> Result<(), PasswordError> {
    if password.len() > PASSWORD_MAX {
        return Err(PasswordError::TooLong);
    }
    if cost.is_too_high(LEGACY_MEMORY_LIMIT) || cost.is_too_low() {
        return Err(PasswordError::InvalidCost);
    }
    let params = Params::new(cost.memory, cost.passes, cost.parallelism, Some(tag.len()))
        .map_err(|_| PasswordError::InvalidCost)?;
    let algorithm = match variant {
        Variant::Argon2d => Algorithm::Argon2d,
        Variant::Argon2i => Algorithm::Argon2i,
        Variant::Argon2id => Algorithm::Argon2id,
    };
    let version = match version {
        Version::V16 => argon2::Version::V0x10,
        Version::V19 => argon2::Version::V0x13,
    };
    fill(&Argon2::new(algorithm, version, params), password, salt, tag)
}

/// Runs argon2 in memory that is wiped afterwards: an attacker with a block could test guesses without computing them.
fn fill(argon2: &Argon2, password: &[u8], salt: &[u8], tag: &mut [u8]) -> Result<(), PasswordError> {
    let length = argon2.params().block_count();
    let mut blocks = Zeroizing::new(Vec::new());
    blocks.try_reserve_exact(length).map_err(|_| PasswordError::OutOfMemory)?;
    blocks.resize(length, Block::new());
    argon2
        .hash_password_into_with_memory(password, salt, tag, blocks.as_mut_slice())
        .map_err(|_| PasswordError::InvalidCost)
}

#[cfg(test)]
mod tests {
    use argon2::{AssociatedData, ParamsBuilder};

    use super::*;

    /// The test vector has a key and associated data, which a stored password does not have. Everything else is the
    /// same.
    #[test]
    fn the_tag_equals_the_test_vector_of_rfc_9106() {
        let data = AssociatedData::new(&[4; 12]).unwrap_or_default();
        let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).output_len(32).data(data).build();
        let argon2 = params
            .and_then(|params| Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, argon2::Version::V0x13, params));
        let mut tag = [0; 32];
        let filled = argon2.map(|argon2| fill(&argon2, &[1; 32], &[2; 16], &mut tag));
        assert_eq!(filled, Ok(Ok(())));
        let expected = [
            0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0, 0x1e,
            0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
        ];
        assert_eq!(tag, expected);
    }

    #[test]
    fn base64_equals_the_test_vectors_of_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            let mut written = Text { letters: [0; STORED_MAX], length: 0 };
            written.push_base64(bytes.as_bytes());
            assert_eq!(written.as_bytes(), text.as_bytes());
        }
    }
}
