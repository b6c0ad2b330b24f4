//! What is wrong with a document: every problem at once, each at its place.

use crate::document::value::Value;
use crate::tables::sort::sort;
use crate::tables::text::number;
use crate::tables::word::{words, Word};

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
        /// A member that the object needs is missing.
        MissingField = "missing_field",
        /// A name that is empty where it is defined.
        BadName = "bad_name",
        /// A name that is neither a level nor an action.
        UnknownName = "unknown_name",
        /// A group that is not declared.
        UnknownGroup = "unknown_group",
        /// A role that inherits from itself, directly or by way of others.
        InheritanceCycle = "inheritance_cycle",
        /// A scope that is not a path of literals.
        BadScope = "bad_scope",
        /// A condition that can not be read.
        BadCondition = "bad_condition",
        /// A time that is not a whole number of seconds, or a time span that ends before it begins.
        BadTime = "bad_time",
        /// A shape of resources that can not be read.
        BadResource = "bad_resource",
        /// Two shapes of resources that one path can fit.
        AmbiguousResource = "ambiguous_resource",
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
///
/// Each is written down with the address of the value that it is about: a place becomes a path only when all
/// is read and something is wrong, and reading carries no paths along.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<(usize, Problem)>,
}

impl Problems {
    /// The most problems that one answer lists; the rest is cut, so that an answer stays small.
    pub const MOST: usize = 1_000;

    /// Writes a problem down: at a value of the document, or at its member of this name, there or not.
    pub fn add(&mut self, value: &Value, member: Option<&str>, code: Code, message: &str) {
        if self.list.len() < Self::MOST {
            let mut path = String::new();
            if let Some(member) = member {
                push_name(&mut path, member);
            }
            self.list.push((address(value), Problem { path, code, message: message.to_owned() }));
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

    /// The problems as a list; `document` is what was read.
    pub fn into_list(mut self, document: &Value) -> Vec<Problem> {
        let mut order = Vec::with_capacity(self.list.len());
        for (place, (at, _)) in self.list.iter().enumerate() {
            order.push((*at, place));
        }
        sort(&mut order, |a, b| a.cmp(b));
        self.place(document, &mut String::new(), &order);
        let mut list = Vec::with_capacity(self.list.len());
        for (_, problem) in self.list {
            list.push(problem);
        }
        list
    }

    /// Gives the problems with this value, and with all that is in it, the path that leads to it. `order` has
    /// the addresses in their order, each with the place of its problem.
    fn place(&mut self, value: &Value, path: &mut String, order: &[(usize, usize)]) {
        let here = address(value);
        let start = order.partition_point(|(at, _)| *at < here);
        for (_, place) in order.iter().skip(start).take_while(|(at, _)| *at == here) {
            if let Some((_, problem)) = self.list.get_mut(*place) {
                problem.path.insert_str(0, path);
            }
        }
        let length = path.len();
        match value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push('/');
                    path.push_str(&number(index));
                    self.place(item, path, order);
                    path.truncate(length);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    push_name(path, name);
                    self.place(member, path, order);
                    path.truncate(length);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
        }
    }
}

/// Problems as a JSON list of `{path, code, message}`.
#[cfg(any(feature = "js", feature = "directory"))]
pub(crate) fn problems_to_value(problems: &[Problem]) -> Value {
    let mut list = Vec::with_capacity(problems.len());
    for Problem { path, code, message } in problems {
        let (path, code, message) = (path.as_str(), code.word(), message.as_str());
        list.push(Value::object([("path", path.into()), ("code", code.into()), ("message", message.into())]));
    }
    Value::List(list)
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

/// Adds a step to a JSON pointer.
pub fn push_name(path: &mut String, name: &str) {
    path.push('/');
    for letter in name.chars() {
        match letter {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            letter => path.push(letter),
        }
    }
}

/// What a person typed, for a message: in backticks, cut to a readable length, without what could break the
/// line.
pub fn quote(text: &str) -> String {
    const LONGEST: usize = 60;

    let mut quoted = String::from("`");
    let mut letters = text.chars();
    for letter in letters.by_ref().take(LONGEST) {
        quoted.push(if letter.is_control() || letter == '`' { '\u{FFFD}' } else { letter });
    }
    quoted.push_str(if letters.next().is_some() { "…`" } else { "`" });
    quoted
}

/// The template with each `{}` replaced by a part, and each `<>` by a part in backticks, as [`quote`] has it. A message
/// that quotes by itself weighs more, for each part.
pub fn fill_quoted(template: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut text = String::with_capacity(template.len());
    for letter in template.chars() {
        match letter {
            '{' => text.push_str(parts.next().unwrap_or(&"")),
            '<' => text.push_str(&quote(parts.next().unwrap_or(&""))),
            '}' | '>' => {}
            letter => text.push(letter),
        }
    }
    text
}

/// The words of a closed list, for a message: `rw, ro or none`.
pub fn one_of(words: &[&str]) -> String {
    let last = words.len().saturating_sub(1);
    let mut list = String::new();
    for (index, word) in words.iter().enumerate() {
        list.push_str(match index {
            0 => "",
            _ if index == last => " or ",
            _ => ", ",
        });
        list.push_str(word);
    }
    list
}
