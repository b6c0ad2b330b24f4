//! JSON documents that keep the order of members, repeated keys and the digits of numbers. Their depth is limited.

use std::mem::take;

use crate::document::memory::grow_ahead;
use crate::tables::text::number as digits;

/// A JSON value. Keys of objects are data: no code looks up a key that the document chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`, and a missing value.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, by its digits, so that it is passed on without loss.
    Number(Box<str>),
    /// A well-formed string.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object in the order of the document. A repeated key is kept, and is a problem.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// An object of these members.
    pub fn object<const N: usize>(mut members: [(&str, Self); N]) -> Self {
        Self::from_taken_members(&mut members)
    }

    /// An object whose member values are moved. It is one function for all lengths, because each instance would add to
    /// the size.
    #[inline(never)]
    pub(crate) fn from_taken_members(members: &mut [(&str, Self)]) -> Self {
        grow_ahead();
        let mut object = Vec::with_capacity(members.len());
        for (name, value) in members {
            object.push(((*name).to_owned(), take(value)));
        }
        Self::Object(object)
    }

    /// A list of these texts.
    pub fn texts(texts: &[impl AsRef<str>]) -> Self {
        let mut list = Vec::with_capacity(texts.len());
        for text in texts {
            list.push(Self::from(text.as_ref()));
        }
        Self::List(list)
    }

    /// The member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The text of a string value.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// How deep lists and objects are nested: 0 for a value that is neither.
    #[cfg(feature = "directory")]
    pub(crate) fn depth(&self) -> usize {
        let deepest = match self {
            Self::Object(members) => members.iter().map(|(_, value)| value.depth()).max(),
            Self::List(items) => items.iter().map(Self::depth).max(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => return 0,
        };
        deepest.unwrap_or(0).saturating_add(1)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(digits(number).into())
    }
}
