//! Request paths: their normal form, and the section of each path.

use crate::tables::bytes::find_byte;
use crate::tables::text::{split, strip_first};

/// The `ResetPassword` permission, which is also the section of password resets.
pub(super) const RESET_PASSWORD: &str = "ResetPassword";

/// A path in normal form, split into segments.
#[derive(Debug)]
pub(super) struct Path<'q> {
    /// The whole path.
    pub(super) text: &'q str,
    /// The first segments; empty strings if the path is shorter.
    segments: [&'q str; Path::LONGEST],
    /// The number of all segments, including those after [`Path::LONGEST`].
    count: usize,
}

/// The result of a lookup in the built-in table of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// No row matches the path.
    Unmapped,
    /// `/api/users/me`, which every active user may read.
    Me,
    /// A section.
    Section(&'static str),
}

impl<'q> Path<'q> {
    /// The segments of the longest route: `/api/users/{id}/actions/key/reset`.
    const LONGEST: usize = 6;

    /// Splits the path into segments; `None` if it is not in normal form (see the documentation of the module).
    pub(super) fn parse(text: &'q str) -> Option<Self> {
        let mut segments = [""; Path::LONGEST];
        let mut count: usize = 0;
        for segment in split(strip_first(text, b'/')?, b'/') {
            if !is_normalized(segment) {
                return None;
            }
            if let Some(place) = segments.get_mut(count) {
                *place = segment;
            }
            count = count.saturating_add(1);
        }
        Some(Self { text, segments, count })
    }

    /// The user id in the path: the third segment; empty if the path is shorter. OPA counts it as the fourth part,
    /// because the first is the empty one before the leading `/`.
    pub(super) fn id(&self) -> &'q str {
        self.segments[2]
    }

    /// Whether the path is `/api/users/{id}` or below.
    pub(super) fn is_user(&self) -> bool {
        self.count >= 3 && self.segments[0] == "api" && self.segments[1] == "users"
    }

    /// Whether the path is `/api/users/{id}/actions/key/reset`.
    pub(super) fn is_key_reset(&self) -> bool {
        let [_, _, _, actions, key, reset] = self.segments;
        self.is_user() && self.count == 6 && actions == "actions" && key == "key" && reset == "reset"
    }

    /// The API of `/api/apis/{id}` and the paths below it.
    pub(super) fn api(&self) -> Option<&'q str> {
        (self.count >= 3 && self.segments[0] == "api" && self.segments[1] == "apis").then_some(self.segments[2])
    }

    /// The API of `/api/usage/apis/{id}`, of the same paths with `uptime` and `activity`, and of the paths below
    /// them.
    pub(super) fn measured_api(&self) -> Option<&'q str> {
        let [api, area, apis, id, ..] = self.segments;
        let is_one = api == "api" && matches!(area, "usage" | "uptime" | "activity") && apis == "apis";
        (self.count >= 4 && is_one).then_some(id)
    }

    /// The section of the path in the built-in table; the first matching row counts.
    ///
    /// The Dashboard's own table is not published. The rows for `mcp` and `analytics` are documented; the others
    /// follow from the names of the paths.
    // Source: Tyk documentation, "Open Policy Agent" (the map) and release notes 5.7 to 5.11 (`mcp`, analytics).
    pub(super) fn route(&self) -> Route {
        let [api, area, third, fourth, fifth, _] = self.segments;
        if api != "api" {
            return Route::Unmapped;
        }
        Route::Section(match area {
            "users" => match (self.count, third, fourth, fifth) {
                (5, _, "actions", "reset") => RESET_PASSWORD,
                (3, "me", _, _) => return Route::Me,
                _ => "users",
            },
            "usergroups" => "user_groups",
            "keys" => "keys",
            "apis" if third == "keys" || fourth == "keys" => "keys",
            "apis" if third == "oauth" => "oauth",
            "mcps" => "mcp",
            "usage" | "uptime" | "activity" => "analytics",
            "portal" if third == "policies" => "policies",
            "portal" => "portal",
            "apis" | "data-graphs" | "examples" => "apis",
            "assets" => "api_assets",
            "certs" => "certs",
            "hooks" => "hooks",
            "logs" => "log",
            "audit-logs" => "audit_logs",
            "sso" | "idm" => "idm",
            "system" | "org" => "system",
            _ => return Route::Unmapped,
        })
    }
}

/// The path of a route of the directory without one trailing slash; `None` for other paths. Another server may
/// distinguish those with and without the slash.
pub(super) fn without_slash(path: &str) -> Option<&str> {
    let path = path.strip_suffix('/')?;
    let mut segments = split(strip_first(path, b'/')?, b'/');
    let is_own = match (segments.next()?, segments.next()?) {
        ("api", area) => matches!(area, "users" | "usergroups" | "login" | "logout" | "password"),
        ("admin", area) => area == "users",
        _ => false,
    };
    is_own.then_some(path)
}

/// Whether a segment has a percent escape, and so is not the id itself.
pub(super) fn is_escaped(segment: &str) -> bool {
    find_byte(segment.as_bytes(), b'%').is_some()
}

/// Whether a segment in normal form decodes to this id.
pub(super) fn decodes_to(segment: &str, id: &str) -> bool {
    if !is_escaped(segment) {
        return segment == id;
    }
    let mut id = id.bytes();
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => decode_escape(bytes.next(), bytes.next()),
            plain => Some(plain),
        };
        if byte.is_none() || byte != id.next() {
            return false;
        }
    }
    id.next().is_none()
}

fn is_normalized(segment: &str) -> bool {
    if matches!(segment, "" | "." | "..") {
        return false;
    }
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'%' => decode_escape(bytes.next(), bytes.next()).is_some_and(may_be_escaped),
            plain => is_plain(plain),
        };
        if !allowed {
            return false;
        }
    }
    true
}

/// Whether a byte may be in a segment without an escape: RFC 3986's `pchar` and every byte outside of ASCII. `;` is
/// excluded, because some servers end the segment there.
fn is_plain(byte: u8) -> bool {
    matches!(byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~'
        | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@'
        | 0x80..)
}

/// Whether this byte may be percent-escaped. Not allowed: letters of a route, dots, characters that end a segment
/// after decoding, and `%`, which would allow a second escape. The other characters may be written in both ways,
/// because clients do both.
fn may_be_escaped(byte: u8) -> bool {
    let is_unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    !is_unreserved && !byte.is_ascii_control() && !matches!(byte, b'/' | b'\\' | b'?' | b'#' | b';' | b'%')
}

fn decode_escape(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'A'..=b'F' => byte.checked_sub(b'A')?.checked_add(10),
        _ => None,
    };
    digit(high?)?.checked_mul(16)?.checked_add(digit(low?)?)
}
