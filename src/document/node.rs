//! Reads a document. Each value can report problems, and [`Problems`] knows where it is.

use std::ptr;

use crate::document::limits::{NAME_MAX, NEW_NAME_MAX};
use crate::document::memory::grow_ahead;
use crate::document::problem::{one_of, Code, Problems};
use crate::document::value::Value;
use crate::tables::names::sort_pairs;
use crate::tables::text::{fill, number, whole_number};
use crate::tables::word::Word;

/// An object of at most so many members has its names compared with each other.
const COMPARED_MAX: usize = 8;

/// A value of the document.
#[derive(Clone, Copy, Debug)]
pub struct Node<'v> {
    /// The value.
    pub value: &'v Value,
}

impl<'v> Node<'v> {
    /// Reports a problem at this value.
    pub fn problem(self, problems: &mut Problems, code: Code, message: &str) {
        problems.add(self.value, None, code, message);
    }

    /// Reports a problem at this value, with a message that [`fill`] makes. Filling it in each caller would make the
    /// module larger.
    pub fn problem_with(self, problems: &mut Problems, code: Code, template: &str, parts: &[&str]) {
        self.problem(problems, code, &fill(template, parts));
    }

    /// Whether the value is `null`.
    pub fn is_null(self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The object, else a problem. A repeated key is a problem too.
    pub fn object(self, problems: &mut Problems) -> Option<Members<'v>> {
        grow_ahead();
        let Value::Object(_) = self.value else {
            self.wrong_type(problems, "an object");
            return None;
        };
        let members = Members { node: self };
        members.refuse_repeated(problems);
        Some(members)
    }

    /// The items of the list, else a problem.
    pub fn items(self, problems: &mut Problems) -> Option<Items<'v>> {
        let Value::List(list) = self.value else {
            self.wrong_type(problems, "a list");
            return None;
        };
        Some(Items { list })
    }

    /// The string, else a problem.
    pub fn text(self, problems: &mut Problems) -> Option<&'v str> {
        grow_ahead();
        let Value::Text(text) = self.value else {
            self.wrong_type(problems, "a string");
            return None;
        };
        Some(text)
    }

    /// The name, not empty and at most [`NAME_MAX`] bytes, else a problem.
    pub fn name(self, problems: &mut Problems) -> Option<&'v str> {
        self.name_within(NAME_MAX, problems)
    }

    /// The name of a new object, not empty and at most [`NEW_NAME_MAX`] bytes, else a problem.
    pub fn new_name(self, problems: &mut Problems) -> Option<&'v str> {
        self.name_within(NEW_NAME_MAX, problems)
    }

    fn name_within(self, most: usize, problems: &mut Problems) -> Option<&'v str> {
        let text = self.text(problems)?;
        if text.is_empty() {
            self.problem(problems, Code::TooShort, "expected a name, got an empty string");
            return None;
        }
        if text.len() > most {
            self.problem_with(problems, Code::TooLong, "a name has at most {} bytes", &[&number(most)]);
            return None;
        }
        Some(text)
    }

    /// The boolean, else a problem.
    pub fn flag(self, problems: &mut Problems) -> Option<bool> {
        let Value::Bool(flag) = self.value else {
            self.wrong_type(problems, "true or false");
            return None;
        };
        Some(*flag)
    }

    /// The integer within `least..=most`, else a problem.
    pub fn integer(self, least: i64, most: i64, problems: &mut Problems) -> Option<i64> {
        let Value::Number(digits) = self.value else {
            self.wrong_type(problems, "a whole number");
            return None;
        };
        match whole_number(digits) {
            Some(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.problem_with(
                    problems,
                    Code::OutOfRange,
                    "expected a whole number from {} to {}",
                    &[&number(least), &number(most)],
                );
                None
            }
        }
    }

    /// The word of a fixed list, else a problem with `code`, which names the list.
    pub fn keyword<W: Word>(self, what: &str, code: Code, problems: &mut Problems) -> Option<W> {
        let text = self.text(problems)?;
        let word = W::from_word(text);
        if word.is_none() {
            self.problem_with(problems, code, "unknown {} <>, expected {}", &[what, text, &one_of(W::WORDS)]);
        }
        word
    }

    /// Reports that another type was expected.
    pub fn wrong_type(self, problems: &mut Problems, expected: &str) {
        let got = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.problem_with(problems, Code::WrongType, "expected {}, got {}", &[expected, got]);
    }
}

/// The items of a list.
#[derive(Clone, Copy, Debug)]
pub struct Items<'v> {
    list: &'v [Value],
}

impl<'v> Items<'v> {
    /// Each item in turn.
    pub fn iter(self) -> impl Iterator<Item = Node<'v>> {
        self.list.iter().map(|value| Node { value })
    }

    /// How many items there are.
    pub fn len(self) -> usize {
        self.list.len()
    }

    /// Whether the list is empty.
    pub fn is_empty(self) -> bool {
        self.list.is_empty()
    }
}

/// The members of an object.
#[derive(Clone, Copy, Debug)]
pub struct Members<'v> {
    /// The object itself.
    pub node: Node<'v>,
}

impl<'v> Members<'v> {
    /// The member with this name. A `null` is a value; a missing member is `None`.
    pub fn get(self, name: &str) -> Option<Node<'v>> {
        self.node.value.get(name).map(|value| Node { value })
    }

    /// The member with this name, where `null` counts as missing.
    pub fn optional(self, name: &str) -> Option<Node<'v>> {
        self.get(name).filter(|node| !node.is_null())
    }

    /// The member with this name. A missing member is a problem.
    pub fn required(self, name: &str, problems: &mut Problems) -> Option<Node<'v>> {
        let member = self.get(name);
        if member.is_none() {
            self.report_missing(name, problems);
        }
        member
    }

    /// Reports a missing member.
    pub fn report_missing(self, name: &str, problems: &mut Problems) {
        self.problem_with(name, problems, Code::Required, "<> is missing", &[name]);
    }

    /// Reports a problem at the member with this name, whether it exists or not.
    pub fn problem(self, name: &str, problems: &mut Problems, code: Code, message: &str) {
        problems.add(self.node.value, Some(name), code, message);
    }

    /// The same with a message that [`fill`] makes.
    pub fn problem_with(self, name: &str, problems: &mut Problems, code: Code, template: &str, parts: &[&str]) {
        self.problem(name, problems, code, &fill(template, parts));
    }

    /// Each member in turn, with its name.
    pub fn iter(self) -> impl Iterator<Item = (&'v str, Node<'v>)> {
        self.list().iter().map(|(name, value)| (name.as_str(), Node { value }))
    }

    /// How many members there are.
    pub fn len(self) -> usize {
        self.list().len()
    }

    /// Reports every member whose name is not in the list.
    pub fn check_names(self, known: &[&str], problems: &mut Problems) {
        for (name, node) in self.iter() {
            if !known.contains(&name) {
                let expected = one_of(known);
                let code = Code::UnknownField;
                node.problem_with(problems, code, "unknown member <>, expected {}", &[name, &expected]);
            }
        }
    }

    fn list(self) -> &'v [(String, Value)] {
        match self.node.value {
            Value::Object(list) => list,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => &[],
        }
    }

    fn refuse_repeated(self, problems: &mut Problems) {
        // Nearly all objects are short, and comparing their names is faster than sorting them.
        let is_first =
            |name: &str, node: Node<'_>| self.get(name).is_some_and(|first| ptr::eq(first.value, node.value));
        if self.len() <= COMPARED_MAX && self.iter().all(|(name, node)| is_first(name, node)) {
            return;
        }
        let mut names = Vec::with_capacity(self.len());
        for (name, _) in self.iter() {
            names.push((name, 0));
        }
        sort_pairs(&mut names);
        for pair in names.windows(2) {
            if let [(name, _), (again, _)] = pair {
                if name == again {
                    let code = Code::Duplicate;
                    self.problem_with(name, problems, code, "<> occurs twice in this object", &[name]);
                }
            }
        }
    }
}
