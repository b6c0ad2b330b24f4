//! Parses conditions: the `when` of a grant and the `unless` of a limit.

use super::attributes::{parse_number as value_number, Attribute};
use super::condition::{Bound, Condition, Conditions, Operand, Scalar, Test, CONDITIONS_MAX};
use super::fields::Fields;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::{fill, number};

pub(super) const REFERENCE: [&str; 1] = ["ref"];
pub(super) const NEGATION: [&str; 1] = ["not"];
pub(super) const RANGE: [&str; 2] = ["atLeast", "atMost"];

/// Where conditions are parsed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Purpose {
    /// `when` of a grant.
    When,
    /// `unless` of a limit.
    Unless,
}

/// Parses conditions: an object of them, or a list of such objects.
pub(super) fn parse_conditions(node: Node<'_>, purpose: Purpose, problems: &mut Problems) -> Option<Conditions> {
    let mut alternatives = Vec::new();
    if let Value::List(list) = node.value {
        if list.is_empty() {
            node.problem(
                problems,
                Code::BadCondition,
                "an empty list never holds: remove it, or add an object of conditions",
            );
        }
        check_count(list.len(), node, problems);
        for value in list {
            alternatives.extend(parse_condition_object(Node { value }, purpose, problems));
        }
    } else {
        alternatives.extend(parse_condition_object(node, purpose, problems));
    }
    Some(Conditions { alternatives })
}

fn check_count(count: usize, node: Node<'_>, problems: &mut Problems) {
    if count > CONDITIONS_MAX {
        let message = fill("expected at most {}, got {}", &[&number(CONDITIONS_MAX), &number(count)]);
        node.problem(problems, Code::OutOfRange, &message);
    }
}

/// Parses an object of conditions, all of which must hold.
fn parse_condition_object(node: Node<'_>, purpose: Purpose, problems: &mut Problems) -> Option<Vec<Condition>> {
    let fields = Fields::with_any_names(node, problems)?;
    if purpose == Purpose::Unless && fields.list().is_empty() {
        node.problem(problems, Code::BadCondition, "an empty object always holds, so the limit would never count");
    }
    check_count(fields.list().len(), node, problems);
    let mut all = Vec::with_capacity(fields.list().len());
    for (path, node) in fields.list() {
        all.extend(parse_condition(path, *node, problems));
    }
    Some(all)
}

const PATH: &str = "expected an attribute path that begins with `subject.`, `resource.`, `context.` or `action.`, and has no empty name";
const GROUPS: &str = "`subject.groups` cannot be compared with `not`: a group must not take anything away";

/// The operator of a condition that is an object.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Reference,
    Negation,
    Range,
}

/// The operator of an object. Returns `None` if it has none, or several.
fn kind(fields: &Fields<'_>) -> Option<Kind> {
    let has = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some());
    match (has(&REFERENCE), has(&NEGATION), has(&RANGE)) {
        (true, false, false) => Some(Kind::Reference),
        (false, true, false) => Some(Kind::Negation),
        (false, false, true) => Some(Kind::Range),
        _ => None,
    }
}

/// Parses one condition.
fn parse_condition(path: &str, node: Node<'_>, problems: &mut Problems) -> Option<Condition> {
    let Some(attribute) = Attribute::parse(path) else {
        node.problem(problems, Code::BadCondition, PATH);
        // Problems inside the right side are reported as well, at their own paths.
        let goes_on = match node.value {
            Value::List(_) => true,
            Value::Object(_) => Fields::with_any_names(node, problems).is_some_and(|fields| kind(&fields).is_some()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
        };
        if goes_on {
            parse_test(node, None, problems);
        }
        return None;
    };
    let test = parse_test(node, Some(&attribute), problems)?;
    Some(Condition { attribute, test })
}

fn parse_test(node: Node<'_>, left: Option<&Attribute>, problems: &mut Problems) -> Option<Test> {
    let Value::Object(_) = node.value else { return operand(node, problems).map(Test::Equals) };
    let Some(kind) = kind(&Fields::with_any_names(node, problems)?) else {
        let message =
            "expected a value, a list of values, or an object with one of `ref`, `not`, and `atLeast` or `atMost`";
        node.problem(problems, Code::BadCondition, message);
        return None;
    };
    match kind {
        Kind::Reference => {
            let fields = Fields::with_known_names(node, &REFERENCE, problems)?;
            let attribute = parse_reference(fields.get("ref")?, problems)?;
            Some(Test::Equals(Operand::Attribute(attribute)))
        }
        Kind::Negation => {
            let fields = Fields::with_known_names(node, &NEGATION, problems)?;
            if left.is_some_and(Attribute::is_groups) {
                node.problem(problems, Code::BadCondition, GROUPS);
            }
            parse_negated(fields.get("not")?, problems).map(Test::Differs)
        }
        Kind::Range => {
            let fields = Fields::with_known_names(node, &RANGE, problems)?;
            let [least, most] = RANGE.map(|name| fields.get(name).map(|node| parse_bound(node, problems)));
            let read = |bound: Option<Option<Bound>>| bound.map_or(Some(None), |bound| bound.map(Some));
            Some(Test::Within { least: read(least)?, most: read(most)? })
        }
    }
}

/// Parses a value or a list of values.
fn operand(node: Node<'_>, problems: &mut Problems) -> Option<Operand> {
    let mut values = Vec::new();
    match node.value {
        Value::List(list) => {
            for value in list {
                values.extend(parse_scalar(Node { value }, problems));
            }
        }
        _ => values.push(parse_scalar(node, problems)?),
    }
    Some(Operand::Values(values))
}

/// Parses the operand of `not`: a value, a list of values or a reference.
fn parse_negated(node: Node<'_>, problems: &mut Problems) -> Option<Operand> {
    let Value::Object(_) = node.value else { return operand(node, problems) };
    if kind(&Fields::with_any_names(node, problems)?) != Some(Kind::Reference) {
        let message = "expected a value, a list of values, or an object with `ref`";
        node.problem(problems, Code::BadCondition, message);
        return None;
    }
    let node = Fields::with_known_names(node, &REFERENCE, problems)?.get("ref")?;
    let attribute = parse_reference(node, problems)?;
    if attribute.is_groups() {
        node.problem(problems, Code::BadCondition, GROUPS);
    }
    Some(Operand::Attribute(attribute))
}

/// Parses a bound: a number or a reference.
fn parse_bound(node: Node<'_>, problems: &mut Problems) -> Option<Bound> {
    let bound = match node.value {
        Value::Number(digits) => value_number(digits).map(|number| Bound::Number(number, digits.clone())),
        Value::Object(_) => {
            if kind(&Fields::with_any_names(node, problems)?) == Some(Kind::Reference) {
                let node = Fields::with_known_names(node, &REFERENCE, problems)?.get("ref")?;
                return parse_reference(node, problems).map(Bound::Attribute);
            }
            None
        }
        _ => None,
    };
    if bound.is_none() {
        let message = "expected a number from -9007199254740991 to 9007199254740991, or an object with `ref`";
        node.problem(problems, Code::BadCondition, message);
    }
    bound
}

fn parse_reference(node: Node<'_>, problems: &mut Problems) -> Option<Attribute> {
    let attribute = Attribute::parse(node.text(problems)?);
    if attribute.is_none() {
        node.problem(problems, Code::BadCondition, PATH);
    }
    attribute
}

fn parse_scalar(node: Node<'_>, problems: &mut Problems) -> Option<Scalar> {
    let scalar = match node.value {
        Value::Text(text) => Some(Scalar::Text(text.as_str().into())),
        Value::Bool(flag) => Some(Scalar::Flag(*flag)),
        Value::Number(digits) => value_number(digits).map(|number| Scalar::Number(number, digits.clone())),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    };
    if scalar.is_none() {
        let message = "expected a string, true, false, or a number from -9007199254740991 to 9007199254740991";
        node.problem(problems, Code::BadCondition, message);
    }
    scalar
}
