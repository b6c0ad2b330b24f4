//! Comparisons that depend on the row.

use std::cmp::Ordering;

/// The value of a row that a comparison reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference<'q> {
    /// The part at this place of the shape.
    Part(usize),
    /// The path of the row's resource.
    Path,
    /// An attribute, by its names separated by dots.
    Attribute(&'q str),
}

impl Reference<'_> {
    /// Whether each row has exactly one value there, a string.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Part(_) | Self::Path)
    }
}

/// A value that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scalar<'q> {
    /// A boolean.
    Flag(bool),
    /// A number.
    Number(Number<'q>),
    /// A string.
    Text(&'q str),
}

impl Scalar<'_> {
    /// Whether both are strings, both numbers or both booleans.
    pub(super) fn is_of_type(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A number within ±(2^53-1), with its digits. Numbers of one double are equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'q> {
    pub(super) double: f64,
    pub(super) digits: &'q str,
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The sum of -0 and 0 is 0.
        (self.double + 0.0).total_cmp(&(other.double + 0.0))
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number<'_> {}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End<'q> {
    /// This number.
    Number(Number<'q>),
    /// The number that the row has there.
    Reference(Reference<'q>),
}

/// A comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Atom<'q> {
    pub(super) left: Reference<'q>,
    pub(super) test: Test<'q>,
}

/// The left side of a comparison. Lists of values are not empty, are sorted, and have each value once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Test<'q> {
    /// A member equals one of these values.
    Equals(Vec<Scalar<'q>>),
    /// A member equals a member of the other side.
    EqualsReference(Reference<'q>),
    /// No member equals one of these values, and all are of their type.
    Differs(Vec<Scalar<'q>>),
    /// No member equals a member of the other side, and all are of one type.
    DiffersReference(Reference<'q>),
    /// All members are numbers within these bounds.
    Between {
        /// The lower bound, if any.
        least: Option<End<'q>>,
        /// The upper bound, if any.
        most: Option<End<'q>>,
    },
    /// It is one number, not a list, within these bounds.
    Single {
        /// The lower bound, if any.
        least: Option<Number<'q>>,
        /// The upper bound, if any.
        most: Option<Number<'q>>,
    },
}

impl<'q> Atom<'q> {
    /// The values of an equality. One match is enough.
    pub(super) fn values(&self) -> Option<&Vec<Scalar<'q>>> {
        match &self.test {
            Test::Equals(values) => Some(values),
            _ => None,
        }
    }
}
