//! Parser for patch paths (RFC 7644, figure 7): one pass.
//!
//! ```text
//! path    = name / name "[" filter "]" ["." sub]
//! ```

use super::filter::{Filter, Name, Parser, DEPTH_MAX};

/// The target of a patch operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub name: Name,
    /// The filter on the values of the attribute.
    pub filter: Option<Filter>,
}

/// The invalid part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    Path,
    /// The filter in its brackets.
    Filter,
}

impl Path {
    /// Parses a path.
    ///
    /// # Errors
    ///
    /// [`PathError`].
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut parser = Parser::new(text).ok_or(PathError::Path)?;
        let mut name = parser.parse_name().ok_or(PathError::Path)?;
        let mut filter = None;
        if parser.skip_char('[') {
            if parser.is_at_end() || name.sub.is_some() {
                return Err(PathError::Path);
            }
            filter = Some(parser.parse_filter(DEPTH_MAX).ok_or(PathError::Filter)?);
            if !parser.skip_char(']') {
                return Err(if parser.is_at_end() { PathError::Path } else { PathError::Filter });
            }
            if let Some(rest) = parser.rest.strip_prefix('.') {
                parser.rest = rest;
                name.sub = Some(parser.parse_word(false).ok_or(PathError::Path)?.to_owned());
            }
        }
        if parser.is_at_end() {
            Ok(Self { name, filter })
        } else {
            Err(PathError::Path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_distinguish_an_invalid_path_from_an_invalid_filter() {
        for (text, error) in [
            ("", PathError::Path),
            ("emails[", PathError::Path),
            ("emails[type eq \"work\"", PathError::Path),
            ("emails[type pr].", PathError::Path),
            ("emails[type pr]x", PathError::Path),
            ("emails.value[type pr]", PathError::Path),
            ("emails[]", PathError::Filter),
            ("emails[type xx \"work\"].value", PathError::Filter),
            ("emails[type eq \"work\" value pr]", PathError::Filter),
            ("emails[type eq \"work]", PathError::Filter),
        ] {
            assert_eq!(Path::parse(text), Err(error), "{text}");
        }
    }
}
