//! A parsed argon2 hash. Its cost is within the caps.

use super::base64::{decode, decode_padded};
use super::cost::{Cost, LEGACY_MEMORY_LIMIT, MEMORY_MAX, STORED_MAX};
use super::error::PasswordError;

/// The lengths of a tag, in bytes. Shorter tags can match by chance.
const TAG_LENGTHS: std::ops::RangeInclusive<usize> = 16..=TAG_MAX;
/// The lengths of a salt, in bytes. RFC 9106, section 3.1, requires at least 8.
const SALT_LENGTHS: std::ops::RangeInclusive<usize> = 8..=SALT_MAX;
const SALT_MAX: usize = 64;
/// The longest tag, in bytes.
pub(super) const TAG_MAX: usize = 64;

/// The variant of argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    Argon2d,
    Argon2i,
    Argon2id,
}

/// The version of the algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// 1.0, written as `v=16` or omitted.
    V16,
    /// 1.3, written as `v=19`.
    V19,
}

/// A stored argon2 hash.
#[cfg_attr(not(feature = "password"), expect(dead_code, reason = "without that feature hashes are only checked"))]
pub(super) struct Stored {
    pub(super) variant: Variant,
    pub(super) version: Version,
    pub(super) cost: Cost,
    salt: [u8; SALT_MAX],
    salt_length: usize,
    tag: [u8; TAG_MAX],
    tag_length: usize,
}

type Decode = fn(&[u8], &mut [u8]) -> Result<usize, PasswordError>;

impl Stored {
    /// Parses exactly what this crate writes, with salts and tags of other lengths: no spaces, no leading zeros, no
    /// other order, no further parameters.
    pub(super) fn parse(text: &[u8]) -> Result<Self, PasswordError> {
        let rest = strip(text, b"$argon2id$v=19$m=")?;
        Self::parse_rest(text.len(), rest, (Variant::Argon2id, Version::V19), MEMORY_MAX, decode)
    }

    /// Parses what other programs write too: each variant and version, and base64 with or without padding. It may need
    /// at most this much memory, in KiB.
    ///
    /// Source: the reference implementation, `decode_string` in encoding.c: an omitted version is 16.
    pub(super) fn parse_any(text: &[u8], memory_max: u32) -> Result<Self, PasswordError> {
        let (variant, rest) = if let Some(rest) = text.strip_prefix(b"$argon2id$") {
            (Variant::Argon2id, rest)
        } else if let Some(rest) = text.strip_prefix(b"$argon2i$") {
            (Variant::Argon2i, rest)
        } else {
            (Variant::Argon2d, strip(text, b"$argon2d$")?)
        };
        let (version, rest) = if let Some(rest) = rest.strip_prefix(b"v=19$") {
            (Version::V19, rest)
        } else {
            (Version::V16, rest.strip_prefix(b"v=16$").unwrap_or(rest))
        };
        let memory_max = memory_max.min(LEGACY_MEMORY_LIMIT);
        Self::parse_rest(text.len(), strip(rest, b"m=")?, (variant, version), memory_max, decode_padded)
    }

    /// Parses what follows `m=`.
    fn parse_rest(
        length: usize,
        rest: &[u8],
        (variant, version): (Variant, Version),
        memory_max: u32,
        decode: Decode,
    ) -> Result<Self, PasswordError> {
        if length > STORED_MAX {
            return Err(PasswordError::UnknownHash);
        }
        let (memory, rest) = number(rest)?;
        let (passes, rest) = number(strip(rest, b",t=")?)?;
        let (parallelism, rest) = number(strip(rest, b",p=")?)?;
        let mut parts = strip(rest, b"$")?.splitn(2, |byte| *byte == b'$');
        let mut stored = Self {
            variant,
            version,
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
        if stored.cost.is_too_high(memory_max) {
            return Err(PasswordError::CostlyHash);
        }
        if stored.cost.is_too_low() {
            return Err(PasswordError::UnknownHash);
        }
        Ok(stored)
    }

    #[cfg(feature = "password")]
    pub(super) fn salt(&self) -> &[u8] {
        self.salt.get(..self.salt_length).unwrap_or_default()
    }

    #[cfg(feature = "password")]
    pub(super) fn tag(&self) -> &[u8] {
        self.tag.get(..self.tag_length).unwrap_or_default()
    }
}

/// Strips a required prefix.
pub(super) fn strip<'a>(text: &'a [u8], prefix: &[u8]) -> Result<&'a [u8], PasswordError> {
    text.strip_prefix(prefix).ok_or(PasswordError::UnknownHash)
}

/// Parses a decimal number without leading zeros. A number beyond 32 bits exceeds every cap.
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
