//! Parses the levels and actions that a document defines.

use super::fields::Fields;
use super::grants::DefinedAction;
use super::length_limits::check_name;
use super::model::{LEVELS, LEVELS_MAX, LEVELS_MIN, NAMES_MAX};
use crate::document::node::Node;
use crate::document::problem::{one_of, Code, Problems};
use crate::document::value::Value;
use crate::tables::bytes::compare_texts;
use crate::tables::sort::sort;
use crate::tables::text::{fill, number};

/// Parses the levels of a document. Also returns whether names can be checked against them.
pub(super) fn parse_levels<'v>(node: Option<Node<'v>>, problems: &mut Problems) -> (Vec<&'v str>, bool) {
    let Some(node) = node else { return (LEVELS.to_vec(), true) };
    let Some(items) = node.items(problems) else { return (Vec::new(), false) };
    if !(LEVELS_MIN..=LEVELS_MAX).contains(&items.len()) {
        let message = fill("expected {} to {} levels", &[&number(LEVELS_MIN), &number(LEVELS_MAX)]);
        node.problem(problems, Code::OutOfRange, &message);
    }
    let mut levels: Vec<&str> = Vec::with_capacity(items.len());
    let mut sorted: Vec<(&str, Node<'_>)> = Vec::with_capacity(items.len());
    let mut judges = true;
    for node in items.iter() {
        let Some(name) = node.text(problems) else {
            judges = false;
            continue;
        };
        check_name(name, node, problems);
        levels.push(name);
        sorted.push((name, node));
    }
    sort(&mut sorted, |(a, _), (b, _)| compare_texts(a, b));
    for pair in sorted.windows(2) {
        if let [(name, _), (again, node)] = pair {
            if name == again {
                node.problem_with(problems, Code::Duplicate, "level <> is listed twice", &[name]);
            }
        }
    }
    (levels, judges)
}

/// Parses the actions of a document in its order. Also returns whether names can be checked against them. If the actions are a map,
/// its names are known even if a value has the wrong type.
pub(super) fn parse_actions<'v>(
    node: Option<Node<'v>>,
    levels: &[&str],
    judges_levels: bool,
    problems: &mut Problems,
) -> (Vec<DefinedAction<'v>>, bool) {
    let Some(node) = node else { return (Vec::new(), true) };
    let Some(fields) = Fields::with_any_names(node, problems) else { return (Vec::new(), false) };
    let mut list = fields.list().to_vec();
    // A level of the wrong type is not among these. The others count.
    if levels.len().saturating_add(list.len()) > NAMES_MAX {
        let message = fill("expected at most {} levels and actions together", &[&number(NAMES_MAX)]);
        node.problem(problems, Code::OutOfRange, &message);
    }
    // The values are in memory in the order of the document.
    sort(&mut list, |(_, a), (_, b)| std::ptr::from_ref(a.value).cmp(&std::ptr::from_ref(b.value)));
    let mut actions = Vec::with_capacity(list.len());
    for (name, node) in list {
        check_name(name, node, problems);
        if levels.contains(&name) {
            let message = fill("<> is a level, which is an action by itself: choose another name", &[name]);
            node.problem(problems, Code::Duplicate, &message);
        }
        let least = match node.value {
            Value::Null => None,
            Value::Text(level) if judges_levels => parse_least_level(level, node, levels, problems),
            Value::Text(_) => None,
            _ => {
                node.wrong_type(problems, "the name of a level, or null");
                None
            }
        };
        actions.push((name, least));
    }
    (actions, true)
}

/// The code of the lowest level of an action.
fn parse_least_level(level: &str, node: Node<'_>, levels: &[&str], problems: &mut Problems) -> Option<u8> {
    let place = levels.iter().position(|known| *known == level);
    match place {
        None => {
            // An action cannot need the first level.
            let mut expected = levels.get(1..).unwrap_or_default().to_vec();
            expected.push("null");
            let message = fill("unknown level <>, expected {}", &[level, &one_of(&expected)]);
            node.problem(problems, Code::UnknownLevel, &message);
        }
        Some(0) => {
            let message = "the first level means nothing, so no action can need it: name a higher one, or null";
            node.problem(problems, Code::BadGrant, message);
        }
        Some(_) => {}
    }
    u8::try_from(place?).ok()
}
