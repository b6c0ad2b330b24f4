//! Splits paths into names, and checks that the names are safe.

use crate::tables::text::{split, strip_first};

/// Whether this can be the name of an application: one or more of `A-Z a-z 0-9 _ -`.
#[inline]
pub(super) fn is_application(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether a path can name this user. `DELETE /users/logout` signs the caller out, so `logout` cannot be a user.
pub(super) fn is_user(name: &str) -> bool {
    is_safe_name(name.as_bytes()) && name != "logout"
}

/// Whether every name of this path, without a leading `/`, is safe.
#[inline]
pub(super) fn is_safe_path(path: &str) -> bool {
    // One pass, unless a name is encoded.
    let (mut length, mut dots) = (0_usize, 0_usize);
    for byte in path.as_bytes() {
        match byte {
            b'%' => return path.as_bytes().split(|byte| *byte == b'/').all(is_safe_name),
            b'\\' | 0x00..=0x1F | 0x7F => return false,
            b'/' if is_dots(length, dots) => return false,
            b'/' => (length, dots) = (0, 0),
            byte => {
                length = length.wrapping_add(1);
                dots = dots.wrapping_add(usize::from(*byte == b'.'));
            }
        }
    }
    !is_dots(length, dots)
}

/// Whether a name of this length with so many dots is empty or a dot segment.
fn is_dots(length: usize, dots: usize) -> bool {
    length == dots && length <= 2
}

/// The decoded names of a percent-encoded path without a leading `/`; `None` if a name is not safe.
///
/// Names with `;` are rejected. The server after the panel treats the rest of the name as a parameter and removes it,
/// so that `..;` becomes `..`.
pub(super) fn split_path(path: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for name in split(path, b'/') {
        names.push(decode_name(name).filter(|name| is_safe_name(name.as_bytes()))?);
    }
    Some(names)
}

/// The names of the path of a request to the panel. One slash at the end is ignored.
// Source: Jakarta RESTful Web Services, section 3.7: a template of a resource ends with an optional slash.
pub(super) fn split_request_path(path: &str) -> Option<Vec<String>> {
    let path = strip_first(path, b'/')?;
    split_path(path.strip_suffix('/').unwrap_or(path))
}

/// Whether a name is not empty, not a dot segment, and contains no separator and no control character. Every level of
/// percent-encoding is checked, because a server after the panel may decode the name again.
fn is_safe_name(name: &[u8]) -> bool {
    let (mut rest, mut only_dots, mut length) = (name, true, 0_usize);
    while let Some((byte, after)) = split_decoded_byte(rest) {
        if matches!(byte, b'/' | b'\\' | 0x00..=0x1F | 0x7F) {
            return false;
        }
        only_dots &= byte == b'.';
        length = length.saturating_add(1);
        rest = after;
    }
    !(only_dots && length <= 2)
}

/// The first byte after all levels of percent-encoding are decoded (`%2e`, `%252e` and `%25252e` are all a dot), and
/// the bytes that follow it.
fn split_decoded_byte(name: &[u8]) -> Option<(u8, &[u8])> {
    let (first, after) = name.split_first()?;
    if *first != b'%' {
        return Some((*first, after));
    }
    let mut digits = after;
    while let [b'2', b'5', more @ ..] = digits {
        digits = more;
    }
    Some(split_hex_byte(digits).unwrap_or((b'%', digits)))
}

fn decode_name(name: &str) -> Option<String> {
    let (mut rest, mut decoded) = (name.as_bytes(), Vec::with_capacity(name.len()));
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match first {
            b'%' => split_hex_byte(after)?,
            b';' => return None,
            byte => (*byte, after),
        };
        decoded.push(byte);
        rest = after;
    }
    String::from_utf8(decoded).ok()
}

/// The byte of two hex digits, and the bytes that follow them.
fn split_hex_byte(digits: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, after @ ..] = digits else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(((digit(*high)? << 4) | digit(*low)?, after))
}
