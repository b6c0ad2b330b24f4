//! Names in paths: which ones are sound, and how a path is cut into them.

/// Whether this can be the name of an application: one or more of `A-Z a-z 0-9 _ -`.
#[inline]
pub(super) fn is_application(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether a user of this name can be named in a path. `DELETE /users/logout` is the way out.
pub(super) fn is_user(name: &str) -> bool {
    is_sound_name(name.as_bytes()) && name != "logout"
}

/// Whether every name of this path, without a leading `/`, is sound.
#[inline]
pub(super) fn is_sound(path: &str) -> bool {
    path.as_bytes().split(|byte| *byte == b'/').all(is_sound_name)
}

/// The names of a path that is still percent-encoded, without a leading `/`; `None` when one is not sound.
///
/// A `;` is refused: what stands behind the panel takes it for the beginning of a parameter and drops it, so
/// that `..;` becomes `..` there.
pub(super) fn names(path: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for name in path.split('/') {
        names.push(decode(name).filter(|name| is_sound_name(name.as_bytes()))?);
    }
    Some(names)
}

/// The names of the path of a request to the panel. One slash at its end says nothing.
// Source: Jakarta RESTful Web Services, section 3.7: a template of a resource ends with an optional slash.
pub(super) fn names_of_request(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    names(path.strip_suffix('/').unwrap_or(path))
}

/// Not empty, no dot segment, no separator and no control character, however often it is percent-encoded: a
/// server behind us may decode once more.
#[inline]
fn is_sound_name(name: &[u8]) -> bool {
    let plain = name.iter().all(|byte| !matches!(byte, b'/' | b'\\' | b'%' | 0x00..=0x1F | 0x7F));
    if plain {
        !matches!(name, b"" | b"." | b"..")
    } else {
        is_sound_when_decoded(name)
    }
}

#[cold]
fn is_sound_when_decoded(name: &[u8]) -> bool {
    let (mut rest, mut only_dots, mut length) = (name, true, 0_usize);
    while let Some((byte, after)) = innermost(rest) {
        if matches!(byte, b'/' | b'\\' | 0x00..=0x1F | 0x7F) {
            return false;
        }
        only_dots &= byte == b'.';
        length = length.saturating_add(1);
        rest = after;
    }
    !(only_dots && length <= 2)
}

/// The first byte once nothing of it is encoded any more (`%2e`, `%252e` and `%25252e` are all a dot), and
/// what follows it.
fn innermost(name: &[u8]) -> Option<(u8, &[u8])> {
    let (first, after) = name.split_first()?;
    if *first != b'%' {
        return Some((*first, after));
    }
    let mut digits = after;
    while let [b'2', b'5', more @ ..] = digits {
        digits = more;
    }
    Some(encoded(digits).unwrap_or((b'%', digits)))
}

fn decode(name: &str) -> Option<String> {
    let (mut rest, mut decoded) = (name.as_bytes(), Vec::with_capacity(name.len()));
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match first {
            b'%' => encoded(after)?,
            b';' => return None,
            byte => (*byte, after),
        };
        decoded.push(byte);
        rest = after;
    }
    String::from_utf8(decoded).ok()
}

/// The byte that two hex digits stand for, and what follows them.
fn encoded(digits: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, after @ ..] = digits else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(((digit(*high)? << 4) | digit(*low)?, after))
}
