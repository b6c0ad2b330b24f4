//! Parses parts of a document: members by their names, with every problem at the smallest part that is wrong.

use crate::document::node::Node;
use crate::document::problem::{one_of, Code, Problems};
use crate::document::value::Value;
use crate::tables::bytes::compare_texts;
use crate::tables::sort::sort;
use crate::tables::text::fill;

/// Members without effect, which every object with fixed members may have.
pub(super) const REMARKS: [&str; 2] = ["$schema", "description"];

/// The members of an object in the order of their names. Of a repeated member, the last one counts.
#[derive(Debug)]
pub(super) struct Fields<'v> {
    pub(super) node: Node<'v>,
    list: Vec<(&'v str, Node<'v>)>,
}

impl<'v> Fields<'v> {
    /// The members of an object with free names. Reports a problem if it is not an object.
    pub(super) fn with_any_names(node: Node<'v>, problems: &mut Problems) -> Option<Self> {
        let Value::Object(members) = node.value else {
            node.wrong_type(problems, "an object");
            return None;
        };
        let mut list: Vec<(&str, Node<'v>)> = Vec::with_capacity(members.len());
        for (name, value) in members {
            list.push((name, Node { value }));
        }
        sort(&mut list, |(a, _), (b, _)| compare_texts(a, b));
        // The sort is stable, so of equal names the last one in the document comes last.
        let mut kept: Vec<(&str, Node<'v>)> = Vec::with_capacity(list.len());
        for (name, node) in list {
            match kept.last_mut() {
                Some((last, value)) if *last == name => *value = node,
                _ => kept.push((name, node)),
            }
        }
        Some(Self { node, list: kept })
    }

    /// The members of an object with exactly these members.
    pub(super) fn with_known_names(node: Node<'v>, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let fields = Self::with_any_names(node, problems)?;
        for (name, node) in &fields.list {
            if REMARKS.contains(name) {
                node.text(problems);
            } else if !known.contains(name) {
                let message = fill("unknown member <>, expected {}", &[name, &one_of(known)]);
                node.problem(problems, Code::UnknownField, &message);
            }
        }
        Some(fields)
    }

    /// The member of this name.
    pub(super) fn get(&self, name: &str) -> Option<Node<'v>> {
        let place = self.list.binary_search_by(|(known, _)| compare_texts(known, name)).ok()?;
        self.list.get(place).map(|(_, node)| *node)
    }

    /// The members in the order of their names.
    pub(super) fn list(&self) -> &[(&'v str, Node<'v>)] {
        &self.list
    }

    /// Reports a missing member.
    pub(super) fn report_missing(&self, name: &str, problems: &mut Problems) {
        self.node.problem_with(problems, Code::MissingField, "<> is missing", &[name]);
    }
}

/// Reports every repeated member of every object.
pub(super) fn check_repeated(value: &Value, problems: &mut Problems) {
    match value {
        Value::List(list) => list.iter().for_each(|value| check_repeated(value, problems)),
        Value::Object(members) => {
            let mut names = Vec::with_capacity(members.len());
            for (name, value) in members {
                names.push((name, value));
                check_repeated(value, problems);
            }
            sort(&mut names, |(a, _), (b, _)| compare_texts(a, b));
            for (place, (name, value)) in names.iter().enumerate() {
                let is = |other: usize| names.get(other).is_some_and(|(other, _)| other == name);
                // Once for each name, at its last occurrence.
                if place.checked_sub(1).is_some_and(is) && !is(place.saturating_add(1)) {
                    let message = fill("<> is repeated in this object", &[name]);
                    Node { value }.problem(problems, Code::Duplicate, &message);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}
