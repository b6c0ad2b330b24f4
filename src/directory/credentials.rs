//! Parses `Authorization` headers.

use base64ct::{Base64, Base64Unpadded, Encoding};

/// The user name and password of `Authorization: Basic`.
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    /// The text before the first colon.
    pub name: String,
    /// The text after the first colon.
    pub password: String,
}

/// Leaves out the password.
impl std::fmt::Debug for Basic {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Basic").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Splits a header into its scheme and the rest.
pub fn scheme(header: &str) -> (&str, &str) {
    let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
    (scheme, rest.trim_matches(' '))
}

/// Parses credentials of the scheme `Basic` (RFC 7617). Returns `None` for another scheme, and for a value that is not
/// base64 or UTF-8 or has no colon. Padding is optional, because some clients omit it.
pub fn basic(header: &str) -> Option<Basic> {
    let (scheme, encoded) = scheme(header);
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Base64::decode_vec(encoded).or_else(|_| Base64Unpadded::decode_vec(encoded)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':')?;
    Some(Basic { name: name.to_owned(), password: password.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_at_the_first_colon() {
        let read = |header| basic(header).map(|Basic { name, password }| (name, password));
        assert_eq!(read("Basic cm9vdDo="), Some(("root".into(), String::new())));
        assert_eq!(read("bAsIc  YTpiOmM= "), Some(("a".into(), "b:c".into())));
        assert_eq!(read("Basic cm9vdDo"), read("Basic cm9vdDo="));
        for broken in [
            "",
            "Basic",
            "Basic ",
            "Basic cm9vdA==",
            "Basic cm9vdDo==",
            "Basic cm9vdD",
            "Basic %%%",
            "Basic /zo=",
            "Bearer cm9vdDo=",
            "Basic cm9vdDo= x",
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        assert!(!format!("{:?}", basic("Basic YTpzZWNyZXQ=")).contains("secret"));
    }
}
