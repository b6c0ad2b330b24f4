//! Conditions: attributes of a question, compared with values and with each other.
//!
//! Conditions fail closed. A missing attribute equals nothing and is within no bounds, and so does a value that cannot
//! be compared.

use super::attributes::{parse_number, Attribute, AttributeValue, Facts, Item, Visit};
use crate::document::value::Value;

/// The most conditions in one object, and objects in one list.
pub(super) const CONDITIONS_MAX: usize = 16;

/// The conditions of a grant or limit: all conditions of at least one list must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Conditions {
    pub(super) alternatives: Vec<Vec<Condition>>,
}

/// A condition on one attribute.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) attribute: Attribute,
    pub(super) test: Test,
}

/// The right side of a condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// A value on the left equals one on the right.
    Equals(Operand),
    /// No value on the left equals one on the right, and all have the same type.
    Differs(Operand),
    /// The values on the left are numbers within these bounds.
    Within {
        /// The lower bound, if any.
        least: Option<Bound>,
        /// The upper bound, if any.
        most: Option<Bound>,
    },
}

/// The values on the right side.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    /// Literal values.
    Values(Vec<Scalar>),
    /// The values of another attribute.
    Attribute(Attribute),
}

/// A bound of numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    /// A literal number, with its digits.
    Number(f64, Box<str>),
    /// The number in an attribute.
    Attribute(Attribute),
}

/// A value that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    /// A string.
    Text(Box<str>),
    /// A boolean.
    Flag(bool),
    /// A number from -(2^53-1) to 2^53-1, with its digits.
    Number(f64, Box<str>),
}

impl Scalar {
    fn item(&self) -> Item<'_> {
        match self {
            Self::Text(text) => Item::Text(text),
            Self::Flag(flag) => Item::Flag(*flag),
            Self::Number(number, _) => Item::Number(*number),
        }
    }
}

impl Facts<'_> {
    fn all_operand_values(&self, operand: &Operand, visit: Visit<'_>) -> bool {
        match operand {
            Operand::Values(values) => values.iter().all(|value| visit(value.item())),
            Operand::Attribute(attribute) => self.attribute_value(attribute).all_values(visit),
        }
    }

    /// The number of a bound. Returns `None` if it is not one number.
    pub(super) fn bound(&self, bound: &Bound) -> Option<f64> {
        match bound {
            Bound::Number(number, _) => Some(*number),
            Bound::Attribute(attribute) => match self.attribute_value(attribute) {
                AttributeValue::Value(Value::Number(digits)) => parse_number(digits),
                AttributeValue::Value(_)
                | AttributeValue::Missing
                | AttributeValue::Text(_)
                | AttributeValue::Groups(_) => None,
            },
        }
    }
}

impl Conditions {
    /// Whether all conditions of at least one list are met.
    pub(super) fn are_met(&self, facts: &Facts<'_>) -> bool {
        self.alternatives.iter().any(|all| all.iter().all(|condition| condition.is_met(facts)))
    }
}

impl Condition {
    /// Whether the condition is met.
    pub(super) fn is_met(&self, facts: &Facts<'_>) -> bool {
        let left = facts.attribute_value(&self.attribute);
        match &self.test {
            Test::Equals(right) => !left.all_values(&mut |left| !facts.has_equal(right, left)),
            Test::Differs(right) => {
                let mut count = 0_usize;
                let of_one_type = left.all_values(&mut |left| {
                    count = count.saturating_add(1);
                    let mut others = 0_usize;
                    let differs = facts.all_operand_values(right, &mut |right| {
                        others = others.saturating_add(1);
                        left.is_of_type(right) && left != right
                    });
                    differs && others > 0
                });
                of_one_type && count > 0
            }
            Test::Within { least, most } => {
                let (Some(least), Some(most)) =
                    (resolve_bound(facts, least.as_ref(), f64::MIN), resolve_bound(facts, most.as_ref(), f64::MAX))
                else {
                    return false;
                };
                let mut count = 0_usize;
                let within = left.all_values(&mut |left| {
                    count = count.saturating_add(1);
                    matches!(left, Item::Number(number) if least <= number && number <= most)
                });
                within && count > 0
            }
        }
    }
}

/// Resolves one end of a range. It is `open` without a bound, and `None` if the bound is not a number.
fn resolve_bound(facts: &Facts<'_>, bound: Option<&Bound>, open: f64) -> Option<f64> {
    bound.map_or(Some(open), |bound| facts.bound(bound))
}

impl Facts<'_> {
    /// Whether a value on the right equals this one.
    fn has_equal(&self, operand: &Operand, left: Item<'_>) -> bool {
        !self.all_operand_values(operand, &mut |right| !left.equals(right))
    }
}
