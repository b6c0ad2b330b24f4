//! Serializes expressions as JSON.

use super::atom::{Atom, End, Number, Reference, Scalar, Test};
use super::expression::Expression;
use super::row::Row;
use crate::document::value::Value;

/// The expression in JSON.
pub(super) fn expression(expression: &Expression<'_>, row: &Row<'_>) -> Value {
    let list = |list: &[Expression<'_>]| Value::List(list.iter().map(|one| self::expression(one, row)).collect());
    match expression {
        one if one.is_true() => true.into(),
        one if one.is_false() => false.into(),
        Expression::Is(atom) => comparison(atom, row),
        Expression::Not(one) => Value::object([("not", self::expression(one, row))]),
        Expression::All(all) => Value::object([("all", list(all))]),
        Expression::Any(any) => Value::object([("any", list(any))]),
    }
}

fn comparison(atom: &Atom<'_>, row: &Row<'_>) -> Value {
    let other = |other: &Reference<'_>| Value::object([("ref", Value::Text(row.name(*other)))]);
    let list = |values: &[Scalar<'_>]| Value::List(values.iter().map(scalar).collect());
    let range = |least: Option<Value>, most: Option<Value>| {
        let ends = [("atLeast", least), ("atMost", most)];
        Value::Object(ends.into_iter().filter_map(|(name, end)| Some((name.to_owned(), end?))).collect())
    };
    let end = |end: &End<'_>| match end {
        End::Number(one) => number(one),
        End::Reference(reference) => other(reference),
    };
    let (name, right) = match &atom.test {
        Test::Equals(values) => ("equals", list(values)),
        Test::EqualsReference(reference) => ("equals", other(reference)),
        Test::Differs(values) => ("differs", list(values)),
        Test::DiffersReference(reference) => ("differs", other(reference)),
        Test::Between { least, most } => ("between", range(least.as_ref().map(end), most.as_ref().map(end))),
        Test::Single { least, most } => ("single", range(least.as_ref().map(number), most.as_ref().map(number))),
    };
    Value::object([("attribute", Value::Text(row.name(atom.left))), (name, right)])
}

fn scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Flag(flag) => (*flag).into(),
        Scalar::Number(one) => number(one),
        Scalar::Text(text) => (*text).into(),
    }
}

fn number(number: &Number<'_>) -> Value {
    Value::Number(number.digits.into())
}
