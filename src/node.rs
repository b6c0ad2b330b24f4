//! Reading a document: a value together with its place, so that every problem knows where it is.

use crate::problem::{one_of, quote, Code, Path, Problems};
use crate::sort::sort;
use crate::value::Value;
use crate::word::Word;

/// The longest name, in bytes of UTF-8, in records and in questions.
pub const NAME_MAX: usize = 4_096;

/// A value at its place.
#[derive(Clone, Copy, Debug)]
pub struct Node<'v, 'p> {
    /// What stands there.
    pub value: &'v Value,
    /// Where it stands.
    pub path: Path<'p>,
}

impl<'v, 'p> Node<'v, 'p> {
    /// The whole document.
    pub fn root(value: &'v Value) -> Self {
        Self { value, path: Path::Root }
    }

    /// Writes down a problem at this place.
    pub fn problem(&self, problems: &mut Problems, code: Code, message: impl Into<String>) {
        problems.add(&self.path, code, message);
    }

    /// Whether `null` stands here.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The object here; else a problem. A key that stands twice is a problem too.
    pub fn object(&self, problems: &mut Problems) -> Option<Members<'v, 'p>> {
        let Value::Object(list) = self.value else {
            self.wrong_type(problems, "an object");
            return None;
        };
        let members = Members { list, path: self.path };
        members.refuse_repeated(problems);
        Some(members)
    }

    /// The items of the list here; else a problem.
    pub fn items(&self, problems: &mut Problems) -> Option<Items<'v, 'p>> {
        let Value::List(list) = self.value else {
            self.wrong_type(problems, "a list");
            return None;
        };
        Some(Items { list, path: self.path })
    }

    /// The text here; else a problem.
    pub fn text(&self, problems: &mut Problems) -> Option<&'v str> {
        let Value::Text(text) = self.value else {
            self.wrong_type(problems, "a string");
            return None;
        };
        Some(text)
    }

    /// The name here, not empty and at most [`NAME_MAX`] bytes; else a problem.
    pub fn name(&self, problems: &mut Problems) -> Option<&'v str> {
        let text = self.text(problems)?;
        if text.is_empty() {
            self.problem(problems, Code::TooShort, "expected a name, got an empty string");
            return None;
        }
        if text.len() > NAME_MAX {
            self.problem(problems, Code::TooLong, format!("a name has at most {NAME_MAX} bytes"));
            return None;
        }
        Some(text)
    }

    /// The truth value here; else a problem.
    pub fn flag(&self, problems: &mut Problems) -> Option<bool> {
        let Value::Bool(flag) = self.value else {
            self.wrong_type(problems, "true or false");
            return None;
        };
        Some(*flag)
    }

    /// The whole number here within `least..=most`; else a problem.
    pub fn whole(&self, least: i64, most: i64, problems: &mut Problems) -> Option<i64> {
        let Value::Number(digits) = self.value else {
            self.wrong_type(problems, "a whole number");
            return None;
        };
        match digits.parse() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.problem(problems, Code::OutOfRange, format!("expected a whole number from {least} to {most}"));
                None
            }
        }
    }

    /// The word of a closed list here; else a problem with `code`, which names the list.
    pub fn word<W: Word>(&self, what: &str, code: Code, problems: &mut Problems) -> Option<W> {
        let text = self.text(problems)?;
        let word = W::from_word(text);
        if word.is_none() {
            self.problem(problems, code, format!("unknown {what} {}, expected {}", quote(text), one_of(W::WORDS)));
        }
        word
    }

    /// Writes down that something else was expected here.
    pub fn wrong_type(&self, problems: &mut Problems, expected: &str) {
        let got = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.problem(problems, Code::WrongType, format!("expected {expected}, got {got}"));
    }
}

/// The items of a list, each at its place.
#[derive(Clone, Copy, Debug)]
pub struct Items<'v, 'p> {
    list: &'v [Value],
    path: Path<'p>,
}

impl<'v, 'p> Items<'v, 'p> {
    /// Each item in turn.
    pub fn iter<'s>(&'s self) -> impl Iterator<Item = Node<'v, 's>> + use<'s, 'v, 'p> {
        self.list.iter().enumerate().map(|(index, value)| Node { value, path: Path::Item(&self.path, index) })
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The members of an object, each at its place.
#[derive(Clone, Copy, Debug)]
pub struct Members<'v, 'p> {
    list: &'v [(String, Value)],
    /// Where the object stands.
    pub path: Path<'p>,
}

impl<'v, 'p> Members<'v, 'p> {
    /// The member of this name. `null` is a value; what is not there is `None`.
    pub fn get<'s>(&'s self, name: &'s str) -> Option<Node<'v, 's>> {
        let (_, value) = self.list.iter().find(|(key, _)| key == name)?;
        Some(Node { value, path: Path::Member(&self.path, name) })
    }

    /// The member of this name, where `null` is as good as absent.
    pub fn some<'s>(&'s self, name: &'s str) -> Option<Node<'v, 's>> {
        self.get(name).filter(|node| !node.is_null())
    }

    /// The member of this name; a problem if it is not there.
    pub fn required<'s>(&'s self, name: &'s str, problems: &mut Problems) -> Option<Node<'v, 's>> {
        let member = self.get(name);
        if member.is_none() {
            problems.add(&Path::Member(&self.path, name), Code::Required, format!("{} is missing", quote(name)));
        }
        member
    }

    /// Each member in turn, with its name.
    pub fn iter<'s>(&'s self) -> impl Iterator<Item = (&'v str, Node<'v, 's>)> + use<'s, 'v, 'p> {
        self.list.iter().map(|(name, value)| (name.as_str(), Node { value, path: Path::Member(&self.path, name) }))
    }

    /// Writes down every member whose name is not in the list.
    pub fn only(&self, known: &[&str], problems: &mut Problems) {
        for (name, node) in self.iter() {
            if !known.contains(&name) {
                let message = format!("unknown member {}, expected {}", quote(name), one_of(known));
                node.problem(problems, Code::UnknownField, message);
            }
        }
    }

    fn refuse_repeated(&self, problems: &mut Problems) {
        let mut names: Vec<&str> = self.list.iter().map(|(name, _)| name.as_str()).collect();
        sort(&mut names, |a, b| a.cmp(b));
        for pair in names.windows(2) {
            if let [name, again] = pair {
                if name == again {
                    let message = format!("{} stands twice in this object", quote(name));
                    problems.add(&Path::Member(&self.path, name), Code::Duplicate, message);
                }
            }
        }
    }
}
