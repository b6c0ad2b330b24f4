//! Resources: the server, a user, a database or a collection, parsed from a string.

use std::borrow::Cow;

use crate::tables::bytes::find_byte;
use crate::tables::text::{split, split_once};

/// A resource in its canonical form, in which only `/` and `%` are percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    /// `/`
    Server,
    /// `/user/name`
    User(&'a str),
    /// `db`
    Database(&'a str),
    /// `db/coll`
    Collection {
        /// `db`
        database: &'a str,
        /// `coll`, which can be empty
        collection: &'a str,
        /// `db/coll`
        path: &'a str,
    },
}

impl<'a> Resource<'a> {
    /// Parses a canonical string; `None` if it is not a resource.
    #[inline]
    pub fn parse(canonical: &'a str) -> Option<Self> {
        let Some((database, rest)) = split_once(canonical, b'/') else {
            return is_name(canonical).then_some(Self::Database(canonical));
        };
        match (database, split_once(rest, b'/')) {
            ("", None) => rest.is_empty().then_some(Self::Server),
            ("", Some(("user", name))) => {
                (is_name(name) && split_once(name, b'/').is_none()).then_some(Self::User(name))
            }
            (_, None) => {
                let is_valid = is_name(database) && !is_dot_segment(rest);
                is_valid.then_some(Self::Collection { database, collection: rest, path: canonical })
            }
            (_, Some(_)) => None,
        }
    }
}

/// Whether a segment can be the name of a database or a user. Clients resolve `.` and `..` in paths before they send
/// them, so these are not names here.
fn is_name(segment: &str) -> bool {
    !segment.is_empty() && !is_dot_segment(segment)
}

/// Whether this is `.` or `..`, which no URL can have as a segment of its path.
pub fn is_dot_segment(segment: &str) -> bool {
    matches!(segment.as_bytes(), b"." | b"..")
}

/// The canonical form; `None` if a `%` is not followed by two hex digits, or a decoded segment is not UTF-8. Only a
/// string that contains a `%` is copied.
#[inline]
pub fn canonicalize(resource: &str) -> Option<Cow<'_, str>> {
    if find_byte(resource.as_bytes(), b'%').is_some() {
        decode_path(resource).map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(resource))
    }
}

/// The canonical form of a name, as one segment of a resource.
pub fn encode_segment(name: &str) -> Cow<'_, str> {
    if !name.bytes().any(|byte| matches!(byte, b'%' | b'/')) {
        return Cow::Borrowed(name);
    }
    let mut encoded = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '%' => encoded.push_str("%25"),
            '/' => encoded.push_str("%2F"),
            letter => encoded.push(letter),
        }
    }
    Cow::Owned(encoded)
}

/// The path is split before its segments are decoded, so `a%2Fb` is one name.
#[cold]
fn decode_path(resource: &str) -> Option<String> {
    let mut canonical = String::with_capacity(resource.len());
    for (index, segment) in split(resource, b'/').enumerate() {
        if index > 0 {
            canonical.push('/');
        }
        canonical.push_str(&encode_segment(&percent_decode(segment)?));
    }
    Some(canonical)
}

fn percent_decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { (hex_digit(rest.next()?)? << 4) | hex_digit(rest.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
