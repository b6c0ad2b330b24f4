//! Attribute values in the form in which conditions compare them.

use super::super::attributes::{parse_number, AttributeValue};
use super::super::condition::Scalar;
use super::super::serialize::scalar;
use crate::document::value::Value;

/// A number with its digits.
pub(super) type Number = (f64, Box<str>);

/// What an attribute has.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// `None` is not a value: `null`, an object, a list in a list.
    pub(super) members: Vec<Option<Scalar>>,
    pub(super) is_list: bool,
}

impl Values {
    /// One text.
    pub(super) fn text(text: &str) -> Self {
        Self { members: vec![Some(Scalar::Text(text.into()))], is_list: false }
    }

    /// What a question has.
    pub(super) fn of_attribute(value: AttributeValue<'_>) -> Self {
        let member = |value: &Value| match value {
            Value::Text(text) => Some(Scalar::Text(text.as_str().into())),
            Value::Bool(flag) => Some(Scalar::Flag(*flag)),
            Value::Number(digits) => parse_number(digits).map(|number| Scalar::Number(number, digits.clone())),
            Value::Null | Value::List(_) | Value::Object(_) => None,
        };
        match value {
            AttributeValue::Missing => Self::default(),
            AttributeValue::Text(text) => Self::text(text),
            AttributeValue::Groups(groups) => {
                Self { members: groups.iter().map(|group| Some(Scalar::Text(group.clone()))).collect(), is_list: true }
            }
            AttributeValue::Value(Value::List(list)) => {
                Self { members: list.iter().map(member).collect(), is_list: true }
            }
            AttributeValue::Value(value) => Self { members: vec![member(value)], is_list: false },
        }
    }

    /// As a question has it; `None` if the attribute is missing.
    pub(super) fn value(&self) -> Option<Value> {
        let member = |member: &Option<Scalar>| member.as_ref().map_or(Value::Null, scalar);
        if self.is_list {
            return Some(Value::List(self.members.iter().map(member).collect()));
        }
        self.members.first().map(member)
    }

    pub(super) fn scalars(&self) -> Vec<Scalar> {
        self.members.iter().flatten().cloned().collect()
    }

    /// All members, if there are any and all have the same comparable type.
    pub(super) fn uniform(&self) -> Option<Vec<Scalar>> {
        let scalars = self.scalars();
        let is_uniform = scalars.len() == self.members.len() && is_of_one_type(&scalars);
        is_uniform.then_some(scalars)
    }

    /// The number that this is, if it is one.
    pub(super) fn number(&self) -> Option<Number> {
        match (self.is_list, self.members.as_slice()) {
            (false, [Some(Scalar::Number(number, digits))]) => Some((*number, digits.clone())),
            _ => None,
        }
    }
}

/// Whether two values are equal.
pub(super) fn is_equal(a: &Scalar, b: &Scalar) -> bool {
    match (a, b) {
        (Scalar::Number(a, _), Scalar::Number(b, _)) => a == b,
        (a, b) => a == b,
    }
}

/// Whether a list has this value.
pub(super) fn contains_value(list: &[Scalar], value: &Scalar) -> bool {
    list.iter().any(|other| is_equal(other, value))
}

pub(super) fn is_of_type(a: &Scalar, b: &Scalar) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn is_of_one_type(list: &[Scalar]) -> bool {
    list.first().is_some_and(|first| list.iter().all(|other| is_of_type(first, other)))
}

/// Whether a number is within ends.
pub(super) fn is_within(number: f64, least: Option<&Number>, most: Option<&Number>) -> bool {
    least.is_none_or(|(least, _)| *least <= number) && most.is_none_or(|(most, _)| number <= *most)
}
