//! Conditions: attributes of a question, compared with values and with each other.
//!
//! Conditions fail closed. A missing attribute equals nothing and is within no bounds, and so does a value that cannot
//! be compared.

use super::pattern::Path;
use crate::document::value::Value;
use crate::tables::double::{parse_double, NUMBER_MAX};
use crate::tables::text::{concat, split, split_once};
use crate::tables::word::{words, Word};

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

words! {
    /// The first segment of an attribute path.
    pub(super) enum Root {
        /// The subject.
        Subject = "subject",
        /// The resource.
        Resource = "resource",
        /// The context.
        Context = "context",
        /// The action.
        Action = "action",
    }
}

/// An attribute path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) root: Root,
    /// The names after the root, separated by dots.
    pub(super) names: Box<str>,
}

impl Attribute {
    /// Parses an attribute path. Returns `None` if it has an unknown root or an empty name.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let (root, names) = split_once(path, b'.')?;
        let root = Root::from_word(root)?;
        split(names, b'.').all(|name| !name.is_empty()).then(|| Self { root, names: names.into() })
    }

    /// The path in the form of a document.
    pub(super) fn path(&self) -> String {
        concat(&[self.root.word(), ".", &self.names])
    }

    /// Whether this is `subject.groups`.
    pub(super) fn is_groups(&self) -> bool {
        self.root == Root::Subject && &*self.names == GROUPS
    }
}

pub(super) const GROUPS: &str = "groups";

/// Everything that conditions can read in a question.
#[derive(Clone, Copy)]
pub(super) struct Facts<'q> {
    /// The subject's id. `None` without an id.
    pub(super) subject: Option<UserFacts<'q>>,
    pub(super) path: &'q Path<'q>,
    /// The resource's type and the names of its parts, in the order of the segments. Empty if the document declares no
    /// types.
    pub(super) shape: Option<(&'q str, &'q [Option<Box<str>>])>,
    pub(super) attributes: &'q Value,
    pub(super) context: &'q Value,
    pub(super) action: &'q str,
    pub(super) properties: &'q Value,
}

/// The attributes of a user.
#[derive(Clone, Copy)]
pub(super) struct UserFacts<'q> {
    pub(super) id: &'q str,
    pub(super) groups: &'q [Box<str>],
    pub(super) attributes: &'q Value,
}

/// The value of an attribute in a question.
#[derive(Clone, Copy)]
pub(super) enum AttributeValue<'q> {
    /// Nothing.
    Missing,
    /// A string that the question itself supplies, such as the subject's id.
    Text(&'q str),
    /// The names of groups.
    Groups(&'q [Box<str>]),
    /// A value that the question, or the record of the user, has under this name.
    Value(&'q Value),
}

/// One value on a side of a condition.
#[derive(Clone, Copy, PartialEq)]
enum Item<'q> {
    Text(&'q str),
    Flag(bool),
    Number(f64),
    /// Not a comparable value.
    Other,
}

impl<'q> Item<'q> {
    fn from_value(value: &'q Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(digits) => parse_number(digits).map_or(Self::Other, Self::Number),
            Value::Null | Value::List(_) | Value::Object(_) => Self::Other,
        }
    }

    fn equals(self, other: Self) -> bool {
        self != Self::Other && self == other
    }

    fn is_of_type(self, other: Self) -> bool {
        self != Self::Other && std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The number with these digits, if it is a value.
pub(super) fn parse_number(digits: &str) -> Option<f64> {
    Some(parse_double(digits)).filter(|number| number.abs() <= NUMBER_MAX)
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

/// Visits the values of one side until `visit` returns false. Returns whether it never did.
type Visit<'v> = &'v mut dyn FnMut(Item<'_>) -> bool;

impl AttributeValue<'_> {
    fn all_values(self, visit: Visit<'_>) -> bool {
        match self {
            Self::Missing => true,
            Self::Text(text) => visit(Item::Text(text)),
            Self::Groups(groups) => groups.iter().all(|group| visit(Item::Text(group))),
            Self::Value(Value::List(list)) => list.iter().all(|value| visit(Item::from_value(value))),
            Self::Value(value) => visit(Item::from_value(value)),
        }
    }
}

impl<'q> Facts<'q> {
    /// Looks up an attribute. Only own members of objects count, from the outside in.
    pub(super) fn attribute_value(&self, attribute: &Attribute) -> AttributeValue<'q> {
        let names = &*attribute.names;
        let given = match attribute.root {
            Root::Subject => match self.subject {
                None => return AttributeValue::Missing,
                Some(known) => match split_first_name(names) {
                    ("id", rest) => return if rest { AttributeValue::Missing } else { AttributeValue::Text(known.id) },
                    (GROUPS, rest) => {
                        return if rest { AttributeValue::Missing } else { AttributeValue::Groups(known.groups) }
                    }
                    _ => known.attributes,
                },
            },
            Root::Resource => match self.resource_part(split_first_name(names)) {
                Some(value) => return value,
                None => self.attributes,
            },
            Root::Context => self.context,
            Root::Action => match split_first_name(names) {
                ("name", rest) => {
                    return if rest { AttributeValue::Missing } else { AttributeValue::Text(self.action) }
                }
                _ => self.properties,
            },
        };
        split(names, b'.')
            .try_fold(given, |value, name| value.get(name))
            .map_or(AttributeValue::Missing, AttributeValue::Value)
    }

    /// The value that the question itself supplies under this name.
    fn resource_part(&self, (name, rest): (&str, bool)) -> Option<AttributeValue<'q>> {
        let text = match (name, self.shape) {
            ("path", _) => self.path.text(),
            ("type", Some((kind, _))) => kind,
            (_, Some((_, names))) => {
                let place = names.iter().position(|part| part.as_deref() == Some(name))?;
                self.path.segment(place)
            }
            (_, None) => return None,
        };
        Some(if rest { AttributeValue::Missing } else { AttributeValue::Text(text) })
    }

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

/// The first name of a path, and whether more follow.
fn split_first_name(names: &str) -> (&str, bool) {
    split_once(names, b'.').map_or((names, false), |(first, _)| (first, true))
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
