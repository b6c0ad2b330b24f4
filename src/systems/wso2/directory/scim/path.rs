//! The paths of changes (RFC 7644, figure 7): read in one pass.
//!
//! ```text
//! path    = name / name "[" filter "]" ["." part]
//! ```

use super::filter::{Filter, Name, Reader, DEPTH_MAX};

/// Where a change goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub name: Name,
    /// Which values of the attribute.
    pub filter: Option<Filter>,
}

/// What of a path can not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Path,
    /// What stands in its brackets.
    Filter,
}

impl Path {
    /// Reads a whole path.
    ///
    /// # Errors
    ///
    /// [`Unreadable`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(text).ok_or(Unreadable::Path)?;
        let mut name = reader.name().ok_or(Unreadable::Path)?;
        let mut filter = None;
        if reader.take('[') {
            if reader.is_at_end() || name.part.is_some() {
                return Err(Unreadable::Path);
            }
            filter = Some(reader.filter(DEPTH_MAX).ok_or(Unreadable::Filter)?);
            if !reader.take(']') {
                return Err(if reader.is_at_end() { Unreadable::Path } else { Unreadable::Filter });
            }
            if let Some(rest) = reader.rest.strip_prefix('.') {
                reader.rest = rest;
                name.part = Some(reader.word(false).ok_or(Unreadable::Path)?.to_owned());
            }
        }
        if reader.is_at_end() {
            Ok(Self { name, filter })
        } else {
            Err(Unreadable::Path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_path_is_told_from_a_filter_in_it_that_is_none() {
        for (text, unreadable) in [
            ("", Unreadable::Path),
            ("emails[", Unreadable::Path),
            ("emails[type eq \"work\"", Unreadable::Path),
            ("emails[type pr].", Unreadable::Path),
            ("emails[type pr]x", Unreadable::Path),
            ("emails.value[type pr]", Unreadable::Path),
            ("emails[]", Unreadable::Filter),
            ("emails[type xx \"work\"].value", Unreadable::Filter),
            ("emails[type eq \"work\" value pr]", Unreadable::Filter),
            ("emails[type eq \"work]", Unreadable::Filter),
        ] {
            assert_eq!(Path::read(text), Err(unreadable), "{text}");
        }
    }
}
