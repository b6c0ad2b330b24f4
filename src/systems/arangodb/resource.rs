//! What a question is about: the server, a user, a database or a collection, read from a string.

use std::borrow::Cow;

/// A resource in its canonical spelling, in which only `/` and `%` are encoded.
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
        /// `coll`, perhaps empty
        collection: &'a str,
        /// `db/coll`
        whole: &'a str,
    },
}

impl<'a> Resource<'a> {
    /// Reads a canonical string; `None` when it names nothing.
    #[inline]
    pub fn read(canonical: &'a str) -> Option<Self> {
        if canonical == "/" {
            return Some(Self::Server);
        }
        if let Some(name) = canonical.strip_prefix("/user/") {
            return (names(name) && !name.bytes().any(|byte| byte == b'/')).then_some(Self::User(name));
        }
        let Some((database, collection)) = canonical.split_once('/') else {
            return names(canonical).then_some(Self::Database(canonical));
        };
        let fits = names(database) && !is_dots(collection) && !collection.bytes().any(|byte| byte == b'/');
        fits.then_some(Self::Collection { database, collection, whole: canonical })
    }
}

/// Whether a part can be the name of a database or a user. Paths with `.` and `..` never get to a server as such, so
/// they are no names here either.
fn names(part: &str) -> bool {
    !part.is_empty() && !is_dots(part)
}

/// Whether no URL can carry this as a part of its path.
pub fn is_dots(part: &str) -> bool {
    part == "." || part == ".."
}

/// The canonical spelling; `None` when a `%` is not followed by two hex digits or the decoded part is no
/// UTF-8. Only a string with a `%` in it is copied.
#[inline]
pub fn canonical(resource: &str) -> Option<Cow<'_, str>> {
    if resource.bytes().any(|byte| byte == b'%') {
        decoded(resource).map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(resource))
    }
}

/// The canonical spelling of a name as one part of a resource.
pub fn encoded(name: &str) -> Cow<'_, str> {
    if name.contains(['%', '/']) {
        Cow::Owned(name.replace('%', "%25").replace('/', "%2F"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Splits first and decodes afterwards, so `a%2Fb` is one name.
#[cold]
fn decoded(resource: &str) -> Option<String> {
    let mut canonical = String::with_capacity(resource.len());
    for (index, part) in resource.split('/').enumerate() {
        if index > 0 {
            canonical.push('/');
        }
        canonical.push_str(&encoded(&percent_decoded(part)?));
    }
    Some(canonical)
}

fn percent_decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { (hex(rest.next()?)? << 4) | hex(rest.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
