//! Evaluates conditions as far as possible without the row.

use super::super::attributes::{parse_number, Attribute, AttributeValue, Facts, Root};
use super::super::condition::{Bound, Condition, Conditions, Operand, Scalar as Given, Test as Written};
use super::atom::{Atom, End, Number, Reference, Scalar, Test};
use super::row::Row;
use super::terms::{conjunction, Term};
use crate::document::value::Value;

/// What conditions are evaluated with.
#[derive(Clone, Copy)]
pub(super) struct PartialEvaluation<'q> {
    pub(super) row: &'q Row<'q>,
    /// The question. No attribute of the resource is read from it.
    pub(super) facts: Facts<'q>,
}

/// Where an attribute is.
enum Place<'q> {
    /// In the question.
    Known(AttributeValue<'q>),
    /// In the row.
    Open(Reference<'q>),
}

/// One side of a condition.
enum Side<'q> {
    /// Its members; `None` for one that is not a value.
    Known(Vec<Option<Scalar<'q>>>),
    /// What the row has there.
    Open(Reference<'q>),
}

impl<'q> PartialEvaluation<'q> {
    /// The alternatives that remain of conditions: none if they do not hold, one without comparisons if they always
    /// hold.
    pub(super) fn alternatives(&self, conditions: &'q Conditions) -> Vec<Term<'q>> {
        conditions.alternatives.iter().filter_map(|all| self.all(all)).collect()
    }

    fn all(&self, conditions: &'q [Condition]) -> Option<Term<'q>> {
        let mut atoms = Vec::with_capacity(conditions.len());
        for condition in conditions {
            atoms.extend(self.condition(condition)?);
        }
        conjunction(atoms)
    }

    /// The comparisons that remain of a condition: `None` if it does not hold, an empty list if it always holds.
    fn condition(&self, condition: &'q Condition) -> Option<Vec<Atom<'q>>> {
        let left = self.side(&condition.attribute);
        match &condition.test {
            Written::Equals(right) => self.equals(left, self.operand(right)),
            Written::Differs(right) => self.differs(left, self.operand(right)),
            Written::Within { least, most } => {
                let end = |bound: &'q Option<Bound>| bound.as_ref().map(|bound| self.end(bound));
                // A bound that is not a number makes the condition false.
                let end = |bound| end(bound).map_or(Some(None), |end| end.map(Some));
                side_within(left, end(least)?, end(most)?)
            }
        }
    }

    fn locate_attribute(&self, attribute: &'q Attribute) -> Place<'q> {
        if attribute.root != Root::Resource {
            return Place::Known(self.facts.attribute_value(attribute));
        }
        let names = &*attribute.names;
        let (first, has_more) = names.split_once('.').map_or((names, false), |(first, _)| (first, true));
        let own = match first {
            "path" => Some(Place::Open(Reference::Path)),
            "type" => self.row.kind().map(|kind| Place::Known(AttributeValue::Text(kind))),
            name => self.row.part_reference(name).map(Place::Open),
        };
        match own {
            // A value from the path is a string, which has no members. Attributes with the same name do not count.
            Some(_) if has_more => Place::Known(AttributeValue::Missing),
            Some(own) => own,
            None => Place::Open(Reference::Attribute(names)),
        }
    }

    fn side(&self, attribute: &'q Attribute) -> Side<'q> {
        match self.locate_attribute(attribute) {
            Place::Known(value) => Side::Known(members(value)),
            Place::Open(reference) => Side::Open(reference),
        }
    }

    fn operand(&self, operand: &'q Operand) -> Side<'q> {
        let scalar = |given: &'q Given| match given {
            Given::Text(text) => Scalar::Text(text),
            Given::Flag(flag) => Scalar::Flag(*flag),
            Given::Number(double, digits) => Scalar::Number(Number { double: *double, digits }),
        };
        match operand {
            Operand::Values(values) => Side::Known(values.iter().map(scalar).map(Some).collect()),
            Operand::Attribute(attribute) => self.side(attribute),
        }
    }

    /// The end of a range. Returns `None` if it is not one number.
    fn end(&self, bound: &'q Bound) -> Option<End<'q>> {
        match bound {
            Bound::Number(double, digits) => Some(End::Number(Number { double: *double, digits })),
            Bound::Attribute(attribute) => match self.locate_attribute(attribute) {
                Place::Known(AttributeValue::Value(Value::Number(digits))) => read_number(digits).map(End::Number),
                Place::Open(reference @ Reference::Attribute(_)) => Some(End::Reference(reference)),
                Place::Open(Reference::Part(_) | Reference::Path) | Place::Known(_) => None,
            },
        }
    }

    fn equals(&self, left: Side<'q>, right: Side<'q>) -> Option<Vec<Atom<'q>>> {
        match (left, right) {
            (Side::Known(left), Side::Known(right)) => {
                let is_equal = left.iter().flatten().any(|left| right.iter().flatten().any(|right| left == right));
                is_equal.then(Vec::new)
            }
            (Side::Open(open), Side::Known(known)) | (Side::Known(known), Side::Open(open)) => {
                self.row.equals(open, known.into_iter().flatten().collect()).map(|atom| vec![atom])
            }
            (Side::Open(left), Side::Open(right)) if left == right && left.is_text() => Some(Vec::new()),
            // Both orders mean the same, so one of them is used.
            (Side::Open(left), Side::Open(right)) => {
                Some(vec![Atom { left: left.min(right), test: Test::EqualsReference(left.max(right)) }])
            }
        }
    }

    fn differs(&self, left: Side<'q>, right: Side<'q>) -> Option<Vec<Atom<'q>>> {
        match (left, right) {
            (Side::Known(left), Side::Known(right)) => {
                let (left, right) = (of_one_type(left)?, of_one_type(right)?);
                let differ = left.iter().all(|left| right.iter().all(|right| left.is_of_type(right) && left != right));
                differ.then(Vec::new)
            }
            (Side::Open(open), Side::Known(known)) | (Side::Known(known), Side::Open(open)) => {
                self.row.differs(open, of_one_type(known)?)
            }
            // A value equals itself, and what is not a value does not differ either.
            (Side::Open(left), Side::Open(right)) if left == right => None,
            (Side::Open(left), Side::Open(right)) => {
                Some(vec![Atom { left: left.min(right), test: Test::DiffersReference(left.max(right)) }])
            }
        }
    }
}

fn read_number(digits: &str) -> Option<Number<'_>> {
    parse_number(digits).map(|double| Number { double, digits })
}

fn read_scalar(value: &Value) -> Option<Scalar<'_>> {
    match value {
        Value::Text(text) => Some(Scalar::Text(text)),
        Value::Bool(flag) => Some(Scalar::Flag(*flag)),
        Value::Number(digits) => read_number(digits).map(Scalar::Number),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    }
}

fn members(value: AttributeValue<'_>) -> Vec<Option<Scalar<'_>>> {
    match value {
        AttributeValue::Missing => Vec::new(),
        AttributeValue::Text(text) => vec![Some(Scalar::Text(text))],
        AttributeValue::Groups(groups) => groups.iter().map(|group| Some(Scalar::Text(group))).collect(),
        AttributeValue::Value(Value::List(list)) => list.iter().map(read_scalar).collect(),
        AttributeValue::Value(value) => vec![read_scalar(value)],
    }
}

/// The members, if there are any and all have the same type.
fn of_one_type(members: Vec<Option<Scalar<'_>>>) -> Option<Vec<Scalar<'_>>> {
    let values = members.into_iter().collect::<Option<Vec<Scalar<'_>>>>()?;
    let first = values.first()?;
    values.iter().all(|value| value.is_of_type(first)).then(|| values.clone())
}

/// Whether a side is within these ends.
fn side_within<'q>(left: Side<'q>, least: Option<End<'q>>, most: Option<End<'q>>) -> Option<Vec<Atom<'q>>> {
    let known = match left {
        Side::Known(known) => known,
        Side::Open(Reference::Part(_) | Reference::Path) => return None,
        Side::Open(left @ Reference::Attribute(_)) => {
            let is_empty = matches!((least, most), (Some(End::Number(least)), Some(End::Number(most))) if least > most);
            return (!is_empty).then(|| vec![Atom { left, test: Test::Between { least, most } }]);
        }
    };
    let mut numbers = Vec::with_capacity(known.len());
    for member in known {
        let Some(Scalar::Number(number)) = member else { return None };
        numbers.push(number);
    }
    let (lowest, highest) = (numbers.iter().min()?, numbers.iter().max()?);
    let mut atoms = Vec::new();
    match least {
        Some(End::Number(least)) if least > *lowest => return None,
        Some(End::Reference(left)) => {
            atoms.push(Atom { left, test: Test::Single { least: None, most: Some(*lowest) } })
        }
        Some(End::Number(_)) | None => {}
    }
    match most {
        Some(End::Number(most)) if most < *highest => return None,
        Some(End::Reference(left)) => {
            atoms.push(Atom { left, test: Test::Single { least: Some(*highest), most: None } })
        }
        Some(End::Number(_)) | None => {}
    }
    Some(atoms)
}
