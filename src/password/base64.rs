//! Base64 of fixed size, without the library's formatting, which is larger than argon2.

use super::error::PasswordError;

/// Source: RFC 4648, section 4.
pub(super) const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Decodes base64 without padding into `bytes` and returns the length. Unused bits must be 0, so that each value has
/// one text.
pub(super) fn decode(text: &[u8], bytes: &mut [u8]) -> Result<usize, PasswordError> {
    match decode_with(LETTERS, text, bytes)? {
        (length, 0) => Ok(length),
        _ => Err(PasswordError::UnknownHash),
    }
}

/// Like [`decode`], for text that may be padded with `=` to a multiple of four characters.
pub(super) fn decode_padded(text: &[u8], bytes: &mut [u8]) -> Result<usize, PasswordError> {
    let letters = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    if letters.len() != text.len() && !text.len().is_multiple_of(4) {
        return Err(PasswordError::UnknownHash);
    }
    decode(letters, bytes)
}

/// Decodes with this alphabet. Returns the number of bytes, and the unused bits of the last character.
pub(super) fn decode_with(letters: &[u8; 64], text: &[u8], bytes: &mut [u8]) -> Result<(usize, u32), PasswordError> {
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
    // 6 remaining bits are one character too many.
    if waiting < 6 {
        Ok((length, bits))
    } else {
        Err(PasswordError::UnknownHash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_exactly_one_encoding() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            let mut decoded = [0; 8];
            let length = decode(text.as_bytes(), &mut decoded).unwrap_or(usize::MAX);
            assert_eq!(decoded.get(..length), Some(bytes.as_bytes()));
        }
        for text in ["Z", "Zh", "Zm9vY", "Zg==", "Zm-v", "Zm9vZm9vZm9v"] {
            assert_eq!(decode(text.as_bytes(), &mut [0; 8]), Err(PasswordError::UnknownHash), "{text}");
        }
    }

    #[test]
    fn padding_completes_only_the_last_four_characters() {
        for (bytes, text) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("fo", "Zm8")] {
            let mut decoded = [0; 8];
            let length = decode_padded(text.as_bytes(), &mut decoded).unwrap_or(usize::MAX);
            assert_eq!(decoded.get(..length), Some(bytes.as_bytes()), "{text}");
        }
        for text in ["Zg=", "Zm8==", "Zm9v=", "Zm9v==", "Zm9v====", "=", "==", "Zg===", "Z===", "Zh=="] {
            assert_eq!(decode_padded(text.as_bytes(), &mut [0; 8]), Err(PasswordError::UnknownHash), "{text}");
        }
    }
}
