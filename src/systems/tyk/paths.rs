//! Paths of requests: which are normal, and which section each one belongs to.

/// The `ResetPassword` permission, which is the section of the password reset.
pub(super) const RESET_PASSWORD: &str = "ResetPassword";

/// A normal path, in its segments.
#[derive(Debug)]
pub(super) struct Path<'q> {
    /// The whole path.
    pub(super) text: &'q str,
    /// The first segments; empty where there is none.
    segments: [&'q str; Path::LONGEST],
    /// How many segments there are, those after [`Path::LONGEST`] included.
    count: usize,
}

/// What the built-in table says about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// No row has it.
    Unmapped,
    /// `/api/users/me`: nothing is needed to read it.
    Me,
    /// A section.
    Section(&'static str),
}

impl<'q> Path<'q> {
    /// The segments of the longest route: `/api/users/{id}/actions/key/reset`.
    const LONGEST: usize = 6;

    /// The path in segments; `None` if it is not normal as the module's documentation says.
    pub(super) fn parse(text: &'q str) -> Option<Self> {
        let mut segments = [""; Path::LONGEST];
        let mut count: usize = 0;
        for segment in text.strip_prefix('/')?.split('/') {
            if !is_normal(segment) {
                return None;
            }
            if let Some(place) = segments.get_mut(count) {
                *place = segment;
            }
            count = count.saturating_add(1);
        }
        Some(Self { text, segments, count })
    }

    /// The fourth part of the path as OPA splits it (the first is the empty one before the leading `/`), where
    /// the user's id stands; empty if the path is shorter.
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

    /// The API that the path is about: `/api/apis/{id}` or below.
    pub(super) fn api(&self) -> Option<&'q str> {
        (self.count >= 3 && self.segments[0] == "api" && self.segments[1] == "apis").then_some(self.segments[2])
    }

    /// The API whose analytics the path is about: `/api/usage/apis/{id}`, the same of `uptime` and `activity`, or
    /// below.
    pub(super) fn measured_api(&self) -> Option<&'q str> {
        let [api, area, apis, id, ..] = self.segments;
        let is_one = api == "api" && matches!(area, "usage" | "uptime" | "activity") && apis == "apis";
        (self.count >= 4 && is_one).then_some(id)
    }

    /// The section of the path by the built-in table, first matching row.
    ///
    /// The Dashboard's own map is not published; the rows for `mcp` and `analytics` are documented, the others
    /// follow the names of the paths.
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

/// The path of a route of the directory without the one slash that may follow it; `None` for any other path, which
/// belongs to another server that may tell the two apart.
pub(super) fn without_slash(path: &str) -> Option<&str> {
    let path = path.strip_suffix('/')?;
    let mut segments = path.strip_prefix('/')?.split('/');
    let is_own = match (segments.next()?, segments.next()?) {
        ("api", area) => matches!(area, "users" | "usergroups" | "login" | "logout" | "password"),
        ("admin", area) => area == "users",
        _ => false,
    };
    is_own.then_some(path)
}

/// Whether a segment holds an escape, so that it is not the id that it stands for.
pub(super) fn is_escaped(segment: &str) -> bool {
    segment.as_bytes().contains(&b'%')
}

/// Whether a normal segment, decoded, is this id.
pub(super) fn stands_for(segment: &str, id: &str) -> bool {
    if !is_escaped(segment) {
        return segment == id;
    }
    let mut id = id.bytes();
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => escaped(bytes.next(), bytes.next()),
            plain => Some(plain),
        };
        if byte.is_none() || byte != id.next() {
            return false;
        }
    }
    id.next().is_none()
}

fn is_normal(segment: &str) -> bool {
    if matches!(segment, "" | "." | "..") {
        return false;
    }
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let normal = match byte {
            b'%' => escaped(bytes.next(), bytes.next()).is_some_and(must_be_escaped),
            plain => is_plain(plain),
        };
        if !normal {
            return false;
        }
    }
    true
}

/// What may stand in a segment as it is: RFC 3986's `pchar` but for `;`, which some servers read as the end of
/// the segment, and every byte outside of ASCII.
fn is_plain(byte: u8) -> bool {
    matches!(byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~'
        | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@'
        | 0x80..)
}

/// Whether an escape may stand for this byte: for no letter of a route, no dot, nothing that ends a segment
/// once decoded, and not for a second escape. The other marks may be written in both ways, as clients do.
fn must_be_escaped(byte: u8) -> bool {
    let is_unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    !is_unreserved && !byte.is_ascii_control() && !matches!(byte, b'/' | b'\\' | b'?' | b'#' | b';' | b'%')
}

fn escaped(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'A'..=b'F' => byte.checked_sub(b'A')?.checked_add(10),
        _ => None,
    };
    digit(high?)?.checked_mul(16)?.checked_add(digit(low?)?)
}
