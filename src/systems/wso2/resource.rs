//! Permission paths: as rules store them, and as questions spell them.

use crate::document::limits::NAME_MAX;
use crate::tables::letters::{small, small_text};

/// Why a path can not stand in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It has an empty part inside, so no question would ever reach it.
    EmptyPart,
    /// It is longer than any question.
    TooLong,
}

/// The path of a rule, without the leading slash: `permission/admin`; empty for the root.
///
/// # Errors
///
/// [`Unusable`], where no question could reach the path.
// A rule with an empty part inside is stored upstream and never matches; refusing it is a choice of ours.
pub fn stored(resource: &str, preserve_case: bool) -> Result<String, Unusable> {
    let path = resource.strip_prefix('/').unwrap_or(resource).trim_end_matches('/');
    let path = if preserve_case { path.to_owned() } else { small_text(path) };
    if path.len() > NAME_MAX {
        return Err(Unusable::TooLong);
    }
    if !path.is_empty() && path.split('/').any(str::is_empty) {
        return Err(Unusable::EmptyPart);
    }
    Ok(path)
}

/// The resource without the version at its very end: where versions usually are, and no copy is needed.
#[inline]
pub fn without_last_version(resource: &str) -> &str {
    if !resource.as_bytes().contains(&b';') {
        return resource;
    }
    match resource.rsplit_once(';') {
        Some((before, last)) if last.strip_prefix("version:").is_some_and(is_version) => before,
        Some(_) | None => resource,
    }
}

/// Whether a question's resource can not be looked up as it is written.
#[inline]
pub fn needs_spelling(resource: &str, with_versions: bool, preserve_case: bool) -> bool {
    (with_versions && resource.as_bytes().contains(&b';'))
        || (!preserve_case && !resource.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()))
}

/// A question's resource as a rule would spell it, built without a heap.
pub struct Spelled {
    bytes: [u8; NAME_MAX],
    length: usize,
}

impl Spelled {
    /// The resource without versions (if they are to go) and in small letters (if case is not preserved).
    pub fn new(resource: &str, with_versions: bool, preserve_case: bool) -> Self {
        let mut spelled = Self { bytes: [0; NAME_MAX], length: 0 };
        let mut rest = resource.chars();
        loop {
            let after = with_versions.then(|| after_version(rest.as_str())).flatten();
            if let Some(after) = after {
                rest = after.chars();
                continue;
            }
            let Some(next) = rest.next() else { break };
            if !spelled.push(if preserve_case { next } else { small(next) }) {
                spelled.cut();
                break;
            }
        }
        spelled
    }

    /// The resource.
    pub fn path(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    /// Adds a character, if it fits.
    fn push(&mut self, character: char) -> bool {
        let end = self.length.saturating_add(character.len_utf8());
        match self.bytes.get_mut(self.length..end) {
            Some(room) => {
                character.encode_utf8(room);
                self.length = end;
                true
            }
            None => false,
        }
    }

    /// Forgets the part that did not fit: it is longer than any rule's, so no rule is named by it.
    fn cut(&mut self) {
        let written = self.bytes.get(..self.length).unwrap_or(&[]);
        self.length = written.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    }
}

/// What follows a `;version:` with digits at the start of the text.
// Source: WSO2 kernel, `JDBCAuthorizationManager.isUserAuthorized`. Digits are the ten of ASCII, as in Java.
fn after_version(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(";version:")?;
    let after = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    (after.len() < digits.len()).then_some(after)
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
