//! Conditions as statements about attributes, some of which are known while the others are free.

use super::super::attributes::Attribute;
use super::super::condition::{Bound, Condition, Operand, Scalar, Test};
use super::super::object::object;
use super::super::serialize::scalar;
use super::values::{contains_value, is_of_type, is_within, Number, Values};
use crate::document::value::Value;

/// An attribute, with the document from which it is read if that matters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Var {
    pub(super) attribute: Attribute,
    pub(super) side: Option<usize>,
}

/// One statement. It is false if the attribute is missing.
#[derive(Clone, Debug)]
pub(super) enum Atom {
    /// A value of the attribute equals one on the right.
    Equals(Var, Right),
    /// No value of the attribute equals one on the right, and all are of one type.
    Differs(Var, Right),
    /// All values of the attribute are numbers within the ends.
    Between(Var, Option<End>, Option<End>),
    /// The attribute is one number within the ends, and not a list.
    Single(Var, Option<Number>, Option<Number>),
}

#[derive(Clone, Debug)]
pub(super) enum Right {
    Values(Vec<Scalar>),
    Var(Var),
}

#[derive(Clone, Debug)]
pub(super) enum End {
    Number(Number),
    Var(Var),
}

/// The known value of an attribute. Returns `None` if it is free.
pub(super) type Find<'f> = &'f dyn Fn(&Var) -> Option<Values>;

impl Atom {
    /// The statement of a condition. `side` returns the document from which an attribute is read, if that matters.
    pub(super) fn of_condition(condition: &Condition, side: &dyn Fn(&Attribute) -> Option<usize>) -> Self {
        let var = |attribute: &Attribute| Var { attribute: attribute.clone(), side: side(attribute) };
        let right = |operand: &Operand| match operand {
            Operand::Values(values) => Right::Values(values.clone()),
            Operand::Attribute(attribute) => Right::Var(var(attribute)),
        };
        let end = |bound: &Bound| match bound {
            Bound::Number(number, digits) => End::Number((*number, digits.clone())),
            Bound::Attribute(attribute) => End::Var(var(attribute)),
        };
        let left = var(&condition.attribute);
        match &condition.test {
            Test::Equals(operand) => Self::Equals(left, right(operand)),
            Test::Differs(operand) => Self::Differs(left, right(operand)),
            Test::Within { least, most } => Self::Between(left, least.as_ref().map(end), most.as_ref().map(end)),
        }
    }

    /// The attributes in it.
    pub(super) fn vars(&self) -> Vec<&Var> {
        match self {
            Self::Equals(var, Right::Var(other)) | Self::Differs(var, Right::Var(other)) => vec![var, other],
            Self::Equals(var, Right::Values(_)) | Self::Differs(var, Right::Values(_)) | Self::Single(var, ..) => {
                vec![var]
            }
            Self::Between(var, least, most) => {
                let mut vars = vec![var];
                vars.extend([least, most].into_iter().flatten().filter_map(|end| match end {
                    End::Var(var) => Some(var),
                    End::Number(_) => None,
                }));
                vars
            }
        }
    }

    /// The values in it.
    pub(super) fn constants(&self) -> Vec<Scalar> {
        let number = |(number, digits): &Number| Scalar::Number(*number, digits.clone());
        match self {
            Self::Equals(_, Right::Values(values)) | Self::Differs(_, Right::Values(values)) => values.clone(),
            Self::Equals(..) | Self::Differs(..) => Vec::new(),
            Self::Single(_, least, most) => [least, most].into_iter().flatten().map(number).collect(),
            Self::Between(_, least, most) => {
                let ends = [least, most].into_iter().flatten();
                ends.filter_map(|end| match end {
                    End::Number(end) => Some(number(end)),
                    End::Var(_) => None,
                })
                .collect()
            }
        }
    }

    /// The statements that remain if some attributes are known. All of them must hold. Returns `None` if the statement
    /// is false.
    pub(super) fn resolve(&self, find: Find<'_>) -> Option<Vec<Self>> {
        match self {
            Self::Equals(var, right) => match (resolve_var(var, find), right.operand(find)) {
                (Ok(left), Ok(right)) => {
                    let right = right.scalars();
                    left.scalars().iter().any(|value| contains_value(&right, value)).then(Vec::new)
                }
                (Ok(values), Err(var)) | (Err(var), Ok(values)) => {
                    let values = values.scalars();
                    (!values.is_empty()).then(|| vec![Self::Equals(var.clone(), Right::Values(values))])
                }
                (Err(_), Err(_)) => Some(vec![self.clone()]),
            },
            Self::Differs(var, right) => match (resolve_var(var, find), right.operand(find)) {
                (Ok(left), Ok(right)) => {
                    let (left, right) = (left.uniform()?, right.uniform()?);
                    let is_of_type = left.iter().zip(&right).all(|(left, right)| is_of_type(left, right));
                    (is_of_type && !left.iter().any(|value| contains_value(&right, value))).then(Vec::new)
                }
                (Ok(values), Err(var)) | (Err(var), Ok(values)) => {
                    Some(vec![Self::Differs(var.clone(), Right::Values(values.uniform()?))])
                }
                (Err(_), Err(_)) => Some(vec![self.clone()]),
            },
            Self::Between(var, least, most) => {
                let (least, most) = (End::resolve(least.as_ref(), find)?, End::resolve(most.as_ref(), find)?);
                match resolve_var(var, find) {
                    Err(var) => Some(vec![Self::Between(var.clone(), least, most)]),
                    Ok(left) => resolve_range(&left, least, most),
                }
            }
            Self::Single(var, least, most) => match resolve_var(var, find) {
                Err(_) => Some(vec![self.clone()]),
                Ok(values) => {
                    let (number, _) = values.number()?;
                    is_within(number, least.as_ref(), most.as_ref()).then(Vec::new)
                }
            },
        }
    }

    /// Whether it holds if all attributes are known.
    pub(super) fn is_true(&self, find: Find<'_>) -> bool {
        self.resolve(find).is_some_and(|rest| rest.is_empty())
    }

    /// As an expression.
    pub(super) fn to_value(&self) -> Value {
        let reference = |var: &Var| Value::object([("ref", Value::Text(var.attribute.path()))]);
        let right = |right: &Right| match right {
            Right::Values(values) => Value::List(values.iter().map(scalar).collect()),
            Right::Var(var) => reference(var),
        };
        let end = |end: &End| match end {
            End::Number((_, digits)) => Value::Number(digits.clone()),
            End::Var(var) => reference(var),
        };
        let number = |(_, digits): &Number| Value::Number(digits.clone());
        let ends = |least: Option<Value>, most: Option<Value>| {
            object(
                [("atLeast", least), ("atMost", most)]
                    .into_iter()
                    .filter_map(|(name, end)| Some((name, end?)))
                    .collect(),
            )
        };
        let (var, test) = match self {
            Self::Equals(var, other) => (var, ("equals", right(other))),
            Self::Differs(var, other) => (var, ("differs", right(other))),
            Self::Between(var, least, most) => {
                (var, ("between", ends(least.as_ref().map(end), most.as_ref().map(end))))
            }
            Self::Single(var, least, most) => {
                (var, ("single", ends(least.as_ref().map(number), most.as_ref().map(number))))
            }
        };
        let mut members = vec![("attribute", Value::Text(var.attribute.path())), test];
        let side = self.vars().iter().find_map(|var| var.side);
        members.extend(side.map(|side| ("in", Value::from(if side == 0 { "from" } else { "to" }))));
        object(members)
    }
}

/// What an attribute has, or the attribute if it is free.
fn resolve_var<'v>(var: &'v Var, find: Find<'_>) -> Result<Values, &'v Var> {
    find(var).ok_or(var)
}

impl Right {
    fn operand(&self, find: Find<'_>) -> Result<Values, &Var> {
        match self {
            Self::Values(values) => Ok(Values { members: values.iter().cloned().map(Some).collect(), is_list: true }),
            Self::Var(var) => resolve_var(var, find),
        }
    }
}

impl End {
    /// The end with its number, if that is known. Returns `None` if it is not one number.
    fn resolve(end: Option<&Self>, find: Find<'_>) -> Option<Option<Self>> {
        match end {
            None => Some(None),
            Some(Self::Number(number)) => Some(Some(Self::Number(number.clone()))),
            Some(Self::Var(var)) => match resolve_var(var, find) {
                Ok(values) => Some(Some(Self::Number(values.number()?))),
                Err(var) => Some(Some(Self::Var(var.clone()))),
            },
        }
    }
}

/// What remains of a range if the numbers in it are known.
fn resolve_range(left: &Values, least: Option<End>, most: Option<End>) -> Option<Vec<Atom>> {
    let mut numbers: Vec<Number> = Vec::new();
    for value in left.uniform()? {
        let Scalar::Number(number, digits) = value else { return None };
        numbers.push((number, digits));
    }
    let lowest = numbers.iter().min_by(|(a, _), (b, _)| a.total_cmp(b))?.clone();
    let highest = numbers.iter().max_by(|(a, _), (b, _)| a.total_cmp(b))?.clone();
    let mut rest = Vec::new();
    match least {
        Some(End::Number((least, _))) if least > lowest.0 => return None,
        Some(End::Var(var)) => rest.push(Atom::Single(var, None, Some(lowest))),
        Some(End::Number(_)) | None => {}
    }
    match most {
        Some(End::Number((most, _))) if most < highest.0 => return None,
        Some(End::Var(var)) => rest.push(Atom::Single(var, Some(highest), None)),
        Some(End::Number(_)) | None => {}
    }
    Some(rest)
}
