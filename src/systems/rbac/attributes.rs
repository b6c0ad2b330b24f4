//! Attributes of a question: their paths, and the values that the question and its user have for them.

use super::pattern::Path;
use crate::document::value::Value;
use crate::tables::double::{parse_double, NUMBER_MAX};
use crate::tables::text::{concat, split, split_once};
use crate::tables::word::{words, Word};

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
pub(super) enum Item<'q> {
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

    pub(super) fn equals(self, other: Self) -> bool {
        self != Self::Other && self == other
    }

    pub(super) fn is_of_type(self, other: Self) -> bool {
        self != Self::Other && std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The number with these digits, if it is a value.
pub(super) fn parse_number(digits: &str) -> Option<f64> {
    Some(parse_double(digits)).filter(|number| number.abs() <= NUMBER_MAX)
}

/// Visits the values of one side until `visit` returns false. Returns whether it never did.
pub(super) type Visit<'v> = &'v mut dyn FnMut(Item<'_>) -> bool;

impl AttributeValue<'_> {
    pub(super) fn all_values(self, visit: Visit<'_>) -> bool {
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
}

/// The first name of a path, and whether more follow.
fn split_first_name(names: &str) -> (&str, bool) {
    split_once(names, b'.').map_or((names, false), |(first, _)| (first, true))
}
