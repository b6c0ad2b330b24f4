//! Problems of a document: all of them at once, each with its path.

use crate::document::value::Value;
use crate::tables::sort::sort;
use crate::tables::text::number;
use crate::tables::word::{words, Word};

words! {
    /// The kind of a problem. Codes are stable: renaming one is a breaking change.
    pub enum Code {
        /// The JSON type is not the documented one.
        WrongType = "wrong_type",
        /// The member is unknown.
        UnknownField = "unknown_field",
        /// A required member is missing.
        Required = "required",
        /// The same name or key occurs twice.
        Duplicate = "duplicate",
        /// A string or list is too short.
        TooShort = "too_short",
        /// A string, list or nesting exceeds its limit.
        TooLong = "too_long",
        /// A number is out of range.
        OutOfRange = "out_of_range",
        /// The string does not have the required format.
        BadFormat = "bad_format",
        /// The word is not in a fixed list.
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
        /// Two members contradict each other.
        Mismatch = "mismatch",
        /// A reserved name.
        Reserved = "reserved",
        /// At least one grant is needed.
        NoGrant = "no_grant",
        /// A grant for a pair of names that does not allow grants.
        BadGrant = "bad_grant",
        /// A password that violates the password rules.
        WeakPassword = "weak_password",
        /// A regular expression outside the supported grammar.
        UnsupportedRegex = "unsupported_regex",
        /// A path or pattern that cannot match what it seems to say.
        BadPattern = "bad_pattern",
        /// A member that the object needs is missing.
        MissingField = "missing_field",
        /// An empty name in a definition.
        BadName = "bad_name",
        /// A name that is neither a level nor an action.
        UnknownName = "unknown_name",
        /// A group that is not declared.
        UnknownGroup = "unknown_group",
        /// A role that inherits from itself, directly or through others.
        InheritanceCycle = "inheritance_cycle",
        /// A scope that is not a path of literals.
        BadScope = "bad_scope",
        /// A malformed condition.
        BadCondition = "bad_condition",
        /// A time that is not a whole number of seconds, or a time span that ends before it begins.
        BadTime = "bad_time",
        /// A malformed shape of resources.
        BadResource = "bad_resource",
        /// Two shapes of resources that match the same path.
        AmbiguousResource = "ambiguous_resource",
    }
}

/// One problem, and its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer (RFC 6901). The empty string is the whole document.
    pub path: String,
    /// The kind of the problem.
    pub code: Code,
    /// One line for people: lower case, no full stop, names in backticks.
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

/// The problems so far, in document order.
///
/// Each problem is recorded with the address of its value. Addresses become paths only after parsing, and only if there
/// are problems, so parsing does not build paths.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<(usize, Problem)>,
}

impl Problems {
    /// The most problems in one list. Further ones are cut, so that a response stays small.
    pub const MOST: usize = 1_000;

    /// Reports a problem at a value of the document, or at its member with this name, which may be missing.
    pub fn add(&mut self, value: &Value, member: Option<&str>, code: Code, message: &str) {
        if self.list.len() < Self::MOST {
            let mut path = String::new();
            if let Some(member) = member {
                push_name(&mut path, member);
            }
            self.list.push((address(value), Problem { path, code, message: message.to_owned() }));
        }
    }

    /// Whether no problem was reported so far.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of problems so far.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The problems as a list. `document` is what was parsed.
    pub fn into_list(mut self, document: &Value) -> Vec<Problem> {
        let mut order = Vec::with_capacity(self.list.len());
        for (place, (at, _)) in self.list.iter().enumerate() {
            order.push((*at, place));
        }
        sort(&mut order, |a, b| a.cmp(b));
        self.set_paths(document, &mut String::new(), &order);
        let mut list = Vec::with_capacity(self.list.len());
        for (_, problem) in self.list {
            list.push(problem);
        }
        list
    }

    /// Sets the path of the problems at this value and below it. `order` has the addresses in order, each with the
    /// index of its problem.
    fn set_paths(&mut self, value: &Value, path: &mut String, order: &[(usize, usize)]) {
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
                    self.set_paths(item, path, order);
                    path.truncate(length);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    push_name(path, name);
                    self.set_paths(member, path, order);
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

/// The words of a fixed list, for a message: `rw, ro or none`. An empty list is `none`.
pub fn one_of(words: &[&str]) -> String {
    if words.is_empty() {
        return String::from("none");
    }
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
