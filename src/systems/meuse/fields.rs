//! The fields of a body, and validators that several fields share.

use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::whole_number;

/// Validates the value of a field, and returns it in the stored form.
pub(super) type Validator = fn(Node<'_>, &mut Problems) -> Value;

/// A field of a body.
pub(super) struct Field {
    pub(super) name: &'static str,
    required: bool,
    validate: Validator,
}

/// A required field.
pub(super) const fn required(name: &'static str, validate: Validator) -> Field {
    Field { name, required: true, validate }
}

/// An optional field.
pub(super) const fn optional(name: &'static str, validate: Validator) -> Field {
    Field { name, required: false, validate }
}

/// An object with these fields; other members are dropped.
pub(super) fn object_of(node: Node<'_>, fields: &[Field], problems: &mut Problems) -> Value {
    let Some(members) = node.object(problems) else { return Value::Null };
    for field in fields.iter().filter(|field| field.required) {
        members.required(field.name, problems);
    }
    let mut values = Vec::new();
    for (name, node) in members.iter() {
        if let Some(field) = fields.iter().find(|field| field.name == name) {
            values.push((name.to_owned(), (field.validate)(node, problems)));
        }
    }
    Value::Object(values)
}

/// A list of values with the same validator.
pub(super) fn list_of(node: Node<'_>, validate: Validator, problems: &mut Problems) -> Value {
    let Some(items) = node.items(problems) else { return Value::Null };
    let mut list = Vec::with_capacity(items.len());
    for item in items.iter() {
        list.push(validate(item, problems));
    }
    Value::List(list)
}

/// A string that is not empty.
pub(super) fn nonempty_text(node: Node<'_>, problems: &mut Problems) -> Value {
    if node.text(problems).is_some_and(str::is_empty) {
        node.problem(problems, Code::TooShort, "expected some text, got an empty string");
    }
    node.value.clone()
}

/// True or false.
pub(super) fn boolean(node: Node<'_>, problems: &mut Problems) -> Value {
    node.flag(problems);
    node.value.clone()
}

/// Whether this is an integer of 32 bits.
pub(super) fn is_i32(text: &str) -> bool {
    whole_number(text).is_some_and(|number| i32::try_from(number).is_ok())
}
