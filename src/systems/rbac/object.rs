//! Builders of objects and numbers for explanations and documents.

use crate::document::value::Value;
use crate::tables::text::number;

/// An integer as a value.
pub(super) fn number_value(integer: impl TryInto<i64>) -> Value {
    Value::Number(number(integer).into())
}

/// Builds an object. Each member is added by a function call, because a list literal would take three times as much
/// code for each member.
#[derive(Default)]
pub(super) struct Members {
    list: Vec<(String, Value)>,
}

impl Members {
    /// Adds a member.
    #[inline(never)]
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.list.push((name.to_owned(), value));
    }

    /// Adds a member that is a text.
    #[inline(never)]
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.put(name, text.into());
    }

    /// Adds a member that is a list, unless that is empty.
    pub(super) fn list(&mut self, name: &str, list: Vec<Value>) {
        if !list.is_empty() {
            self.put(name, Value::List(list));
        }
    }

    /// The object.
    pub(super) fn object(self) -> Value {
        Value::Object(self.list)
    }
}

/// An object of these members.
#[cfg(feature = "tools")]
pub(super) fn object(mut members: Vec<(&str, Value)>) -> Value {
    Value::from_taken_members(&mut members)
}

/// An object of one member that is a text.
pub(super) fn single(name: &str, text: &str) -> Value {
    let mut members = Members::default();
    members.text(name, text);
    members.object()
}

/// Adds a value that is not in the list yet: a user can have the same grant in several ways.
pub(super) fn push_new(list: &mut Vec<Value>, value: Value) {
    if !list.contains(&value) {
        list.push(value);
    }
}
