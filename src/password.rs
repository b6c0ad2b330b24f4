//! Passwords: argon2id, version 19, written down as PHC strings.
//!
//! A stored hash is input like any other: its parameters are capped before they are used. A salt comes in as
//! an argument, because the crate knows no randomness. What a password passes through is wiped.

#[cfg(feature = "legacy")]
pub mod legacy;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The longest password, in bytes of UTF-8. A longer one is refused, never cut.
pub const PASSWORD_MAX: usize = 1024;
/// The length of a new hash's salt, in bytes: 128 bits never meet twice (RFC 9106, section 3.1).
pub const SALT_LENGTH: usize = 16;
/// The longest stored hash that is read, in bytes: the largest salt and tag fit.
pub const STORED_MAX: usize = 256;
/// The most memory that is used, in KiB: 64 MiB, what RFC 9106 recommends for small machines, and half of what
/// an edge worker has.
pub const MEMORY_MAX: u32 = 65_536;
/// The most passes over the memory.
pub const PASSES_MAX: u32 = 10;
/// The most lanes. They are filled one after another, so that they cost nothing beyond their memory.
pub const PARALLELISM_MAX: u32 = 16;

/// The length of a new hash's tag, in bytes.
const TAG_LENGTH: usize = 32;
/// Shorter tags can be met by chance; longer ones say nothing more.
const TAG_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;
/// RFC 9106, section 3.1, asks for 8 at least.
const SALT_LENGTHS: std::ops::RangeInclusive<usize> = 8..=64;
const SALT_MAX: usize = 64;
const TAG_MAX: usize = 64;

/// What a hash costs: whoever guesses pays it for each guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB: `m`, from 8 for each lane to [`MEMORY_MAX`].
    pub memory: u32,
    /// Passes over the memory: `t`, from 1 to [`PASSES_MAX`].
    pub passes: u32,
    /// Lanes: `p`, from 1 to [`PARALLELISM_MAX`].
    pub parallelism: u32,
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane. Source: OWASP, "Password Storage Cheat Sheet", Argon2id.
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, parallelism: 1 }
    }
}

/// Why there is no answer. A password that does not fit is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// The password is longer than [`PASSWORD_MAX`].
    #[error("a password has at most {PASSWORD_MAX} bytes of UTF-8")]
    TooLong,
    /// The cost of a new hash is out of bounds.
    #[error(
        "expected memory from 8 KiB for each lane to {MEMORY_MAX} KiB, 1 to {PASSES_MAX} passes and 1 to {PARALLELISM_MAX} lanes"
    )]
    InvalidCost,
    /// The stored text is no argon2id hash of version 19 in PHC form.
    #[error("the stored hash is none of `$argon2id$v=19$m=,t=,p=$salt$tag`")]
    UnknownHash,
    /// The stored hash asks for more than [`MEMORY_MAX`], [`PASSES_MAX`] or [`PARALLELISM_MAX`].
    #[error("the stored hash asks for more than {MEMORY_MAX} KiB, {PASSES_MAX} passes or {PARALLELISM_MAX} lanes")]
    CostlyHash,
    /// The memory that the cost asks for is not there.
    #[error("there is not enough memory for this hash")]
    OutOfMemory,
}

impl PasswordError {
    /// The stable code of this kind of error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "password_too_long",
            Self::InvalidCost => "invalid_cost",
            Self::UnknownHash => "unknown_hash",
            Self::CostlyHash => "costly_hash",
            Self::OutOfMemory => "out_of_memory",
        }
    }
}

/// Hashes a password; the PHC string to store.
///
/// The salt must be random, and drawn anew for each hash.
///
/// # Errors
///
/// `TooLong`, `InvalidCost`, `OutOfMemory`.
///
/// ```
/// use latchwork::password::{hash, needs_rehash, verify, Cost};
///
/// let cheap = Cost { memory: 64, passes: 1, parallelism: 1 };
/// let stored = hash(b"correct horse", b"sixteen bytes!!!", cheap)?;
/// assert!(verify(b"correct horse", &stored)?);
/// assert!(!verify(b"battery staple", &stored)?);
/// assert!(needs_rehash(&stored, Cost::default()));
/// # Ok::<(), latchwork::password::PasswordError>(())
/// ```
pub fn hash(password: &[u8], salt: &[u8; SALT_LENGTH], cost: Cost) -> Result<String, PasswordError> {
    hash_text(password, salt, cost).map(String::from)
}

pub(crate) fn hash_text(password: &[u8], salt: &[u8; SALT_LENGTH], cost: Cost) -> Result<Text, PasswordError> {
    let mut tag = [0; TAG_LENGTH];
    compute(password, salt, cost, &mut tag)?;
    Ok(Text::new(cost, salt, &tag))
}

/// Whether the password is the one that was hashed. Takes as long for a wrong one.
///
/// For a user who does not exist, verify against [`nobody`]: it costs the same and is never true.
///
/// # Errors
///
/// `TooLong`, `UnknownHash`, `CostlyHash`, `OutOfMemory`.
pub fn verify(password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    verify_text(password, stored.as_bytes())
}

pub(crate) fn verify_text(password: &[u8], stored: &[u8]) -> Result<bool, PasswordError> {
    let stored = Stored::read(stored)?;
    let mut computed = Zeroizing::new([0; TAG_MAX]);
    let tag = stored.tag();
    let computed = computed.get_mut(..tag.len()).ok_or(PasswordError::UnknownHash)?;
    compute(password, stored.salt(), stored.cost, computed)?;
    Ok(bool::from(computed.ct_eq(tag)))
}

/// Whether a stored hash is other than a new one would be: of another cost, another form, or none.
pub fn needs_rehash(stored: &str, cost: Cost) -> bool {
    !Stored::read(stored.as_bytes()).is_ok_and(|stored| {
        stored.cost == cost && stored.salt().len() == SALT_LENGTH && stored.tag().len() == TAG_LENGTH
    })
}

/// A stored hash that no known password fits, to verify against where there is no user: a name that exists
/// is then answered no later than one that does not.
pub fn nobody(cost: Cost) -> String {
    Text::new(cost, &[0; SALT_LENGTH], &[0; TAG_LENGTH]).into()
}

/// A stored hash, read. Its cost is within the caps.
struct Stored {
    cost: Cost,
    salt: [u8; SALT_MAX],
    salt_length: usize,
    tag: [u8; TAG_MAX],
    tag_length: usize,
}

impl Stored {
    /// Reads exactly what [`Text`] writes, with salts and tags of other lengths: no spaces, no leading zeros, no
    /// other order, no further parameters.
    fn read(text: &[u8]) -> Result<Self, PasswordError> {
        if text.len() > STORED_MAX {
            return Err(PasswordError::UnknownHash);
        }
        let (memory, rest) = number(after(text, b"$argon2id$v=19$m=")?)?;
        let (passes, rest) = number(after(rest, b",t=")?)?;
        let (parallelism, rest) = number(after(rest, b",p=")?)?;
        let mut parts = after(rest, b"$")?.splitn(2, |byte| *byte == b'$');
        let mut stored = Self {
            cost: Cost { memory, passes, parallelism },
            salt: [0; SALT_MAX],
            salt_length: 0,
            tag: [0; TAG_MAX],
            tag_length: 0,
        };
        stored.salt_length = decode(parts.next().unwrap_or_default(), &mut stored.salt)?;
        stored.tag_length = decode(parts.next().unwrap_or_default(), &mut stored.tag)?;
        if !SALT_LENGTHS.contains(&stored.salt_length) || !TAG_LENGTHS.contains(&stored.tag_length) {
            return Err(PasswordError::UnknownHash);
        }
        if stored.cost.is_too_high() {
            return Err(PasswordError::CostlyHash);
        }
        if stored.cost.is_too_low() {
            return Err(PasswordError::UnknownHash);
        }
        Ok(stored)
    }

    fn salt(&self) -> &[u8] {
        self.salt.get(..self.salt_length).unwrap_or_default()
    }

    fn tag(&self) -> &[u8] {
        self.tag.get(..self.tag_length).unwrap_or_default()
    }
}

impl Cost {
    const fn is_too_high(self) -> bool {
        self.memory > MEMORY_MAX || self.passes > PASSES_MAX || self.parallelism > PARALLELISM_MAX
    }

    /// Source: RFC 9106, section 3.1: the memory is at least 8 blocks for each lane.
    const fn is_too_low(self) -> bool {
        self.passes == 0 || self.parallelism == 0 || self.memory < self.parallelism.saturating_mul(8)
    }
}

/// Takes a prefix off the text.
fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Result<&'a [u8], PasswordError> {
    text.strip_prefix(prefix).ok_or(PasswordError::UnknownHash)
}

/// Takes a decimal number without leading zeros off the text. One beyond 32 bits is beyond every cap too.
fn number(text: &[u8]) -> Result<(u32, &[u8]), PasswordError> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length).ok_or(PasswordError::UnknownHash)?;
    if digits.is_empty() || (digits.starts_with(b"0") && digits.len() > 1) {
        return Err(PasswordError::UnknownHash);
    }
    let number = digits
        .iter()
        .fold(0_u32, |number, digit| number.saturating_mul(10).saturating_add(u32::from(digit.saturating_sub(b'0'))));
    Ok((number, rest))
}

/// Decodes base64 without padding into `bytes`; how many there are. Bits that stand for nothing must be 0, so
/// that there is one text for each value.
fn decode(text: &[u8], bytes: &mut [u8]) -> Result<usize, PasswordError> {
    match decode_with(LETTERS, text, bytes)? {
        (length, 0) => Ok(length),
        _ => Err(PasswordError::UnknownHash),
    }
}

/// Decodes with these letters; how many bytes there are, and the bits that are left of the last letter.
fn decode_with(letters: &[u8; 64], text: &[u8], bytes: &mut [u8]) -> Result<(usize, u32), PasswordError> {
    let mut length = 0;
    let mut bits = 0_u32;
    let mut waiting = 0_u32;
    for letter in text {
        let value = letters.iter().position(|known| known == letter).and_then(|value| u32::try_from(value).ok());
        bits = (bits << 6) | value.ok_or(PasswordError::UnknownHash)?;
        waiting = waiting.saturating_add(6);
        if let Some(rest) = waiting.checked_sub(8) {
            waiting = rest;
            *bytes.get_mut(length).ok_or(PasswordError::UnknownHash)? = bits.wrapping_shr(rest).to_le_bytes()[0];
            bits &= 1_u32.wrapping_shl(rest).wrapping_sub(1);
            length = length.saturating_add(1);
        }
    }
    // A rest of 6 bits is a letter too many.
    if waiting < 6 {
        Ok((length, bits))
    } else {
        Err(PasswordError::UnknownHash)
    }
}

/// Source: RFC 4648, section 4.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A PHC string on its way out: letters of ASCII in a fixed place.
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

    /// Without the standard library's formatting, which weighs more than argon2.
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

fn compute(password: &[u8], salt: &[u8], cost: Cost, tag: &mut [u8]) -> Result<(), PasswordError> {
    if password.len() > PASSWORD_MAX {
        return Err(PasswordError::TooLong);
    }
    if cost.is_too_high() || cost.is_too_low() {
        return Err(PasswordError::InvalidCost);
    }
    let params = Params::new(cost.memory, cost.passes, cost.parallelism, Some(tag.len()))
        .map_err(|_| PasswordError::InvalidCost)?;
    fill(&Argon2::new(Algorithm::Argon2id, Version::V0x13, params), password, salt, tag)
}

/// Runs argon2 in memory that is wiped afterwards: who reads a block can test guesses without paying for them.
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

    /// The vector has a key and associated data, which a stored password has not; all else goes the usual way.
    #[test]
    fn a_tag_is_that_of_rfc_9106_section_5_3() {
        let data = AssociatedData::new(&[4; 12]).unwrap_or_default();
        let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).output_len(32).data(data).build();
        let argon2 =
            params.and_then(|params| Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params));
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
    fn base64_is_that_of_rfc_4648_section_10_and_has_one_text_for_each_value() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            let mut written = Text { letters: [0; STORED_MAX], length: 0 };
            written.push_base64(bytes.as_bytes());
            assert_eq!(written.as_bytes(), text.as_bytes());
            let mut read = [0; 8];
            let length = decode(text.as_bytes(), &mut read).unwrap_or(usize::MAX);
            assert_eq!(read.get(..length), Some(bytes.as_bytes()));
        }
        for text in ["Z", "Zh", "Zm9vY", "Zg==", "Zm-v", "Zm9vZm9vZm9v"] {
            assert_eq!(decode(text.as_bytes(), &mut [0; 8]), Err(PasswordError::UnknownHash), "{text}");
        }
    }
}
