//! Permission paths: normalization for rules and for questions.

use crate::document::limits::NAME_MAX;
use crate::tables::bytes::find_byte;
use crate::tables::letters::{lowercase_letter, to_lowercase};
use crate::tables::text::{rsplit_once, split, strip_first};

/// Why a rule cannot have a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidRulePath {
    /// It has an empty segment, so no question would ever match it.
    EmptyPart,
    /// It is longer than any question's resource.
    TooLong,
}

/// The path of a rule in its stored form, without the leading slash: `permission/admin`; empty for the root.
///
/// # Errors
///
/// [`InvalidRulePath`] if no question could match the path.
// Upstream stores a rule whose path has an empty segment, and never applies it. We reject it.
pub fn normalize_rule_path(resource: &str, preserve_case: bool) -> Result<String, InvalidRulePath> {
    let path = strip_first(resource, b'/').unwrap_or(resource).trim_end_matches('/');
    let path = if preserve_case { path.to_owned() } else { to_lowercase(path) };
    if path.len() > NAME_MAX {
        return Err(InvalidRulePath::TooLong);
    }
    if !path.is_empty() && split(&path, b'/').any(str::is_empty) {
        return Err(InvalidRulePath::EmptyPart);
    }
    Ok(path)
}

/// The resource without a version at its end. Versions are usually there, so this needs no copy.
#[inline]
pub fn without_last_version(resource: &str) -> &str {
    match rsplit_once(resource, b';') {
        Some((before, last)) if last.strip_prefix("version:").is_some_and(is_version) => before,
        Some(_) | None => resource,
    }
}

/// Whether a question's resource must be normalized before the lookup.
#[inline]
pub fn needs_normalization(resource: &str, with_versions: bool, preserve_case: bool) -> bool {
    (with_versions && find_byte(resource.as_bytes(), b';').is_some())
        || (!preserve_case && !resource.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()))
}

/// A question's resource in the form that rules store, built without allocation.
pub struct NormalizedPath {
    bytes: [u8; NAME_MAX],
    length: usize,
}

impl NormalizedPath {
    /// Removes versions if `with_versions` is set, and lower-cases the resource unless case is preserved.
    pub fn new(resource: &str, with_versions: bool, preserve_case: bool) -> Self {
        let mut normalized = Self { bytes: [0; NAME_MAX], length: 0 };
        let mut rest = resource.chars();
        loop {
            let after = with_versions.then(|| after_version(rest.as_str())).flatten();
            if let Some(after) = after {
                rest = after.chars();
                continue;
            }
            let Some(next) = rest.next() else { break };
            if !normalized.push(if preserve_case { next } else { lowercase_letter(next) }) {
                normalized.cut();
                break;
            }
        }
        normalized
    }

    /// The resource.
    pub fn path(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    /// Appends a character. Returns false if the buffer is full.
    fn push(&mut self, character: char) -> bool {
        let end = self.length.saturating_add(character.len_utf8());
        match self.bytes.get_mut(self.length..end) {
            Some(space) => {
                character.encode_utf8(space);
                self.length = end;
                true
            }
            None => false,
        }
    }

    /// Removes the segment that did not fit: it is longer than any segment of a rule, so no rule matches it.
    fn cut(&mut self) {
        let bytes = self.bytes.get(..self.length).unwrap_or(&[]);
        self.length = bytes.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    }
}

/// The text after a `;version:` with digits at its start.
// Source: WSO2 kernel, `JDBCAuthorizationManager.isUserAuthorized`. Digits are the ten of ASCII, as in Java.
fn after_version(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(";version:")?;
    let after = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    (after.len() < digits.len()).then_some(after)
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
