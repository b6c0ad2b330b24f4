//! Objects and numbers that explanations and documents are written with.

use crate::document::value::Value;
use crate::tables::text::number;

/// A whole number as a value.
pub(super) fn number_value(whole: impl TryInto<i64>) -> Value {
    Value::Number(number(whole).into())
}

/// An object of these members.
pub(super) fn object(mut members: Vec<(&str, Value)>) -> Value {
    Value::taken(&mut members)
}
