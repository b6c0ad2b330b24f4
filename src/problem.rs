//! What is wrong with a document: every problem at once, each at its place.

use std::fmt::{self, Display, Formatter, Write};

use crate::word::{words, Word};

words! {
    /// What kind of problem it is. Codes are stable: a rename is a breaking change.
    pub enum Code {
        /// The JSON type is not the documented one.
        WrongType = "wrong_type",
        /// A member that the document does not know.
        UnknownField = "unknown_field",
        /// A member that must be there is not.
        Required = "required",
        /// The same name or key stands twice.
        Duplicate = "duplicate",
        /// A string or list is shorter than the least length.
        TooShort = "too_short",
        /// A string, list or nesting is over its limit.
        TooLong = "too_long",
        /// A number lies outside of its range.
        OutOfRange = "out_of_range",
        /// The string does not have the form that it must have.
        BadFormat = "bad_format",
        /// The word is not one of a closed list.
        UnknownValue = "unknown_value",
        /// An access level that does not exist.
        UnknownLevel = "unknown_level",
        /// A role that is not declared.
        UnknownRole = "unknown_role",
        /// A user that is not declared.
        UnknownUser = "unknown_user",
        /// A user store or organisation that is not declared.
        UnknownDomain = "unknown_domain",
        /// An action that does not exist.
        UnknownAction = "unknown_action",
        /// Two members that must agree do not.
        Mismatch = "mismatch",
        /// A name that is kept for the system itself.
        Reserved = "reserved",
        /// At least one grant is needed.
        NoGrant = "no_grant",
        /// A grant on a pair of names that can not be granted.
        BadGrant = "bad_grant",
        /// A password that breaks the password rules.
        WeakPassword = "weak_password",
        /// A regular expression outside of the supported grammar.
        UnsupportedRegex = "unsupported_regex",
        /// A path or pattern that can not match what it seems to say.
        BadPattern = "bad_pattern",
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer (RFC 6901) to the place; the empty string is the whole document.
    pub path: String,
    /// What kind of problem it is.
    pub code: Code,
    /// One line for a person: lower case, no full stop, names in backticks.
    pub message: String,
}

impl serde::Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let mut problem = serializer.serialize_struct("Problem", 3)?;
        problem.serialize_field("path", &self.path)?;
        problem.serialize_field("code", self.code.word())?;
        problem.serialize_field("message", &self.message)?;
        problem.end()
    }
}

/// The problems found so far, in document order.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// The most problems that one answer lists; the rest is cut, so that an answer stays small.
    pub const MOST: usize = 1_000;

    /// Writes a problem down.
    pub fn add(&mut self, path: &Path<'_>, code: Code, message: impl Into<String>) {
        if self.list.len() < Self::MOST {
            self.list.push(Problem { path: path.pointer(), code, message: message.into() });
        }
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many problems were found so far.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The problems as a list.
    pub fn into_list(self) -> Vec<Problem> {
        self.list
    }
}

/// A place in a document, as a chain of borrowed steps: it becomes text only when something is wrong there.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The document itself.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An item of a list, from 0.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// The place as a JSON pointer.
    pub fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Member(parent, name) => {
                format!("{}/{}", parent.pointer(), name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}

/// What a person typed, for a message: in backticks, cut to a readable length, without what could break the
/// line.
pub fn quote(text: &str) -> impl Display + '_ {
    Quote(text)
}

/// The words of a closed list, for a message: `rw, ro or none`.
pub fn one_of<'a>(words: &'a [&'a str]) -> impl Display + 'a {
    OneOf(words)
}

struct Quote<'a>(&'a str);

impl Display for Quote<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 60;

        out.write_char('`')?;
        for letter in self.0.chars().take(LONGEST) {
            out.write_char(if letter.is_control() || letter == '`' { '\u{FFFD}' } else { letter })?;
        }
        out.write_str(if self.0.chars().nth(LONGEST).is_some() { "…`" } else { "`" })
    }
}

struct OneOf<'a>(&'a [&'a str]);

impl Display for OneOf<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (index, word) in self.0.iter().enumerate() {
            let lead = match index {
                0 => "",
                _ if index == last => " or ",
                _ => ", ",
            };
            write!(out, "{lead}{word}")?;
        }
        Ok(())
    }
}
