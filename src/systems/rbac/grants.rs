//! Reading grants and limits: patterns, and what is given or taken away where they match.

use super::check::{check_length, check_segments};
use super::condition::{
    number as value_number, Attribute, Bound, Condition, Conditions, Operand, Scalar, Test, CONDITIONS_MAX,
};
use super::model::ENTRIES_MAX;
use super::pattern::{segment, Fault, Segment};
use super::reader::Fields;
use super::table::{Beside, Draft, Named, Table};
use super::time;
use crate::document::node::Node;
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::document::value::Value;
use crate::tables::sort::sort;
use crate::tables::text::{fill, number};

pub(super) const GRANT: [&str; 4] = ["allow", "when", "from", "until"];
pub(super) const LIMIT: [&str; 3] = ["level", "deny", "unless"];
pub(super) const REFERENCE: [&str; 1] = ["ref"];
pub(super) const NEGATION: [&str; 1] = ["not"];
pub(super) const RANGE: [&str; 2] = ["atLeast", "atMost"];

/// An action of the document with its least level.
pub(super) type Defined<'v> = (&'v str, Option<u8>);

/// The names that grants and limits can use.
#[derive(Debug)]
pub(super) struct Grants<'v> {
    levels: Vec<&'v str>,
    /// Every action with its code, in the order of the names.
    actions: Vec<(&'v str, u8)>,
    judges_levels: bool,
    judges_names: bool,
}

/// Why conditions are read.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// `when` of a grant.
    When,
    /// `unless` of a limit.
    Unless,
}

impl<'v> Grants<'v> {
    /// `others` are the actions that are not levels; only their names count. If the levels have a wrong type, no name is judged. If only the
    /// actions have, the names in grants and in `deny` are not, whatever they are.
    pub(super) fn new(levels: Vec<&'v str>, others: &[Defined<'v>], judges_levels: bool, judges_actions: bool) -> Self {
        let mut actions = Vec::new();
        let mut add = |name| actions.push((name, u8::try_from(actions.len()).unwrap_or(u8::MAX)));
        for name in levels.iter().skip(1) {
            add(*name);
        }
        for (name, _) in others {
            add(*name);
        }
        sort(&mut actions, |(a, _), (b, _)| a.cmp(b));
        Self { levels, actions, judges_levels, judges_names: judges_levels && judges_actions }
    }

    /// Reads a map from patterns to grants.
    pub(super) fn grants(&self, node: Node<'v>, problems: &mut Problems) -> Table {
        self.table(node, problems, &|pattern, node, item, draft, problems| {
            self.grant(pattern, node, item, draft, problems)
        })
    }

    /// Reads a map from patterns to limits.
    pub(super) fn limits(&self, node: Node<'v>, problems: &mut Problems) -> Table {
        self.table(node, problems, &|pattern, node, item, draft, problems| {
            self.limit(pattern, node, item, draft, problems)
        })
    }

    fn table(
        &self,
        node: Node<'v>,
        problems: &mut Problems,
        read: &dyn Fn(&'v str, Node<'v>, u32, &mut Draft<'v>, &mut Problems),
    ) -> Table {
        let Some(fields) = Fields::free(node, problems) else { return Table::default() };
        let mut draft = Draft::default();
        let mut count = 0_usize;
        for (pattern, node) in fields.list() {
            check_pattern(pattern, *node, problems);
            let Value::List(list) = node.value else {
                count = count.saturating_add(1);
                read(pattern, *node, 0, &mut draft, problems);
                continue;
            };
            count = count.saturating_add(list.len());
            for (item, value) in (1..).zip(list) {
                read(pattern, Node { value }, item, &mut draft, problems);
            }
        }
        if count > ENTRIES_MAX {
            let message = fill("expected at most {} entries, got {}", &[&number(ENTRIES_MAX), &number(count)]);
            node.problem(problems, Code::OutOfRange, &message);
        }
        draft.build()
    }

    fn grant(&self, pattern: &'v str, node: Node<'v>, item: u32, draft: &mut Draft<'v>, problems: &mut Problems) {
        match node.value {
            Value::Text(_) => self.add(pattern, node, item, &Beside::default(), draft, problems),
            Value::Object(_) => {
                let Some(fields) = Fields::fixed(node, &GRANT, problems) else { return };
                let when = fields.get("when").and_then(|node| conditions(node, Role::When, problems));
                let beside = draft.beside(when, time::bounds(&fields, problems)).in_object();
                match fields.get("allow") {
                    Some(names) => self.names(names, problems, &mut |node, problems| {
                        self.add(pattern, node, item, &beside, draft, problems);
                    }),
                    None => fields.missing("allow", problems),
                }
            }
            _ => node.wrong_type(problems, "the name of a level or an action, or an object with `allow`"),
        }
    }

    fn limit(&self, pattern: &'v str, node: Node<'v>, item: u32, draft: &mut Draft<'v>, problems: &mut Problems) {
        match node.value {
            Value::Text(_) => self.cap(pattern, node, item, &Beside::default(), draft, problems),
            Value::Object(_) => {
                let Some(fields) = Fields::fixed(node, &LIMIT, problems) else { return };
                let unless = fields.get("unless").and_then(|node| conditions(node, Role::Unless, problems));
                let beside = draft.beside(unless, None).in_object();
                match (fields.get("level"), fields.get("deny")) {
                    (Some(level), deny) => {
                        if let Some(node) = deny {
                            let message = "a limit has either `level` or `deny`: write two limits in a list";
                            node.problem(problems, Code::UnknownField, message);
                        }
                        self.cap(pattern, level, item, &beside, draft, problems);
                    }
                    (None, Some(names)) => self.names(names, problems, &mut |node, problems| {
                        self.deny(pattern, node, item, &beside, draft, problems);
                    }),
                    (None, None) => fields.missing("level", problems),
                }
            }
            _ => node.wrong_type(problems, "the name of a level, or an object with `level` or `deny`"),
        }
    }

    /// Reads one name or a list of names.
    fn names(&self, node: Node<'v>, problems: &mut Problems, read: &mut dyn FnMut(Node<'v>, &mut Problems)) {
        match node.value {
            Value::List(list) => {
                for value in list {
                    read(Node { value }, problems);
                }
            }
            Value::Text(_) => read(node, problems),
            _ => node.wrong_type(problems, "a name, or a list of names"),
        }
    }

    /// Adds a grant of a level or an action.
    fn add(
        &self,
        pattern: &'v str,
        node: Node<'v>,
        item: u32,
        beside: &Beside,
        draft: &mut Draft<'v>,
        problems: &mut Problems,
    ) {
        let Some(name) = node.text(problems).filter(|_| self.judges_names) else { return };
        match self.level(name) {
            Some(0) => self.refuse_first(node, problems, "granted"),
            Some(level) => draft.add(pattern, Named::Level(level), item, beside),
            None => match self.action(name) {
                Some(action) => draft.add(pattern, Named::Action(action), item, beside),
                None => self.unknown(name, node, problems),
            },
        }
    }

    /// Adds a limit that takes an action away; a level's name is the action of that name.
    fn deny(
        &self,
        pattern: &'v str,
        node: Node<'v>,
        item: u32,
        beside: &Beside,
        draft: &mut Draft<'v>,
        problems: &mut Problems,
    ) {
        let Some(name) = node.text(problems).filter(|_| self.judges_names) else { return };
        match self.action(name) {
            _ if self.level(name) == Some(0) => self.refuse_first(node, problems, "denied"),
            Some(action) => draft.add(pattern, Named::Action(action), item, beside),
            None => self.unknown(name, node, problems),
        }
    }

    /// Adds a limit to a level.
    fn cap(
        &self,
        pattern: &'v str,
        node: Node<'v>,
        item: u32,
        beside: &Beside,
        draft: &mut Draft<'v>,
        problems: &mut Problems,
    ) {
        let Some(name) = node.text(problems).filter(|_| self.judges_levels) else { return };
        match self.level(name) {
            Some(level) => draft.add(pattern, Named::Level(level), item, beside),
            None => {
                let message = fill_quoted("unknown level <>, expected {}", &[name, &one_of(&self.levels)]);
                node.problem(problems, Code::UnknownLevel, &message);
            }
        }
    }

    fn level(&self, name: &str) -> Option<u8> {
        let place = self.levels.iter().position(|level| *level == name)?;
        Some(u8::try_from(place).unwrap_or(u8::MAX))
    }

    fn action(&self, name: &str) -> Option<u8> {
        let place = self.actions.binary_search_by(|(action, _)| (*action).cmp(name)).ok()?;
        self.actions.get(place).map(|(_, code)| *code)
    }

    fn unknown(&self, name: &str, node: Node<'_>, problems: &mut Problems) {
        let mut names = Vec::new();
        for (name, _) in &self.actions {
            names.push(*name);
        }
        let message = fill_quoted("unknown name <>, expected a level or an action: {}", &[name, &one_of(&names)]);
        node.problem(problems, Code::UnknownName, &message);
    }

    fn refuse_first(&self, node: Node<'_>, problems: &mut Problems, how: &str) {
        let message = fill("the first level means nothing and can not be {}: name another, or remove this", &[how]);
        node.problem(problems, Code::BadGrant, &message);
    }
}

fn check_pattern(pattern: &str, node: Node<'_>, problems: &mut Problems) {
    check_length(pattern, node, problems);
    check_segments(pattern, node, problems);
    let mut segments = pattern.split('/').peekable();
    while let Some(text) = segments.next() {
        let fault = match segment(text) {
            Err(fault) => fault,
            Ok(Segment::Rest) if segments.peek().is_some() => Fault::RestNotLast,
            Ok(_) => continue,
        };
        node.problem(problems, Code::BadPattern, fault.message());
        return;
    }
}

/// Reads conditions: an object of them, or a list of such objects.
fn conditions(node: Node<'_>, role: Role, problems: &mut Problems) -> Option<Conditions> {
    let mut alternatives = Vec::new();
    if let Value::List(list) = node.value {
        if list.is_empty() {
            node.problem(
                problems,
                Code::BadCondition,
                "an empty list never holds: remove it, or add an object of conditions",
            );
        }
        too_many(list.len(), node, problems);
        for value in list {
            alternatives.extend(all_of(Node { value }, role, problems));
        }
    } else {
        alternatives.extend(all_of(node, role, problems));
    }
    Some(Conditions { alternatives })
}

fn too_many(count: usize, node: Node<'_>, problems: &mut Problems) {
    if count > CONDITIONS_MAX {
        let message = fill("expected at most {}, got {}", &[&number(CONDITIONS_MAX), &number(count)]);
        node.problem(problems, Code::OutOfRange, &message);
    }
}

/// Reads an object of conditions, all of which must hold.
fn all_of(node: Node<'_>, role: Role, problems: &mut Problems) -> Option<Vec<Condition>> {
    let fields = Fields::free(node, problems)?;
    if role == Role::Unless && fields.list().is_empty() {
        node.problem(problems, Code::BadCondition, "an empty object always holds, so the limit would never count");
    }
    too_many(fields.list().len(), node, problems);
    let mut all = Vec::with_capacity(fields.list().len());
    for (path, node) in fields.list() {
        all.extend(condition(path, *node, problems));
    }
    Some(all)
}

const PATH: &str = "expected an attribute path that begins with `subject.`, `resource.`, `context.` or `action.`, and has no empty name";
const GROUPS: &str = "`subject.groups` can not be compared with `not`: a group must not take anything away";

/// What a condition compares with, if that is an object.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Reference,
    Negation,
    Range,
}

/// The kind of an object; `None` if it has none, or several.
fn kind(fields: &Fields<'_>) -> Option<Kind> {
    let has = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some());
    match (has(&REFERENCE), has(&NEGATION), has(&RANGE)) {
        (true, false, false) => Some(Kind::Reference),
        (false, true, false) => Some(Kind::Negation),
        (false, false, true) => Some(Kind::Range),
        _ => None,
    }
}

/// Reads one condition.
fn condition(path: &str, node: Node<'_>, problems: &mut Problems) -> Option<Condition> {
    let Some(attribute) = Attribute::read(path) else {
        node.problem(problems, Code::BadCondition, PATH);
        // What is wrong inside of the right side is noted as well; at its own place there is this problem already.
        let goes_on = match node.value {
            Value::List(_) => true,
            Value::Object(_) => Fields::free(node, problems).is_some_and(|fields| kind(&fields).is_some()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
        };
        if goes_on {
            test(node, None, problems);
        }
        return None;
    };
    let test = test(node, Some(&attribute), problems)?;
    Some(Condition { attribute, test })
}

fn test(node: Node<'_>, left: Option<&Attribute>, problems: &mut Problems) -> Option<Test> {
    let Value::Object(_) = node.value else { return operand(node, problems).map(Test::Equals) };
    let Some(kind) = kind(&Fields::free(node, problems)?) else {
        let message =
            "expected a value, a list of values, or an object with one of `ref`, `not`, and `atLeast` or `atMost`";
        node.problem(problems, Code::BadCondition, message);
        return None;
    };
    match kind {
        Kind::Reference => {
            let fields = Fields::fixed(node, &REFERENCE, problems)?;
            let attribute = reference(fields.get("ref")?, problems)?;
            Some(Test::Equals(Operand::Attribute(attribute)))
        }
        Kind::Negation => {
            let fields = Fields::fixed(node, &NEGATION, problems)?;
            if left.is_some_and(Attribute::is_groups) {
                node.problem(problems, Code::BadCondition, GROUPS);
            }
            negated(fields.get("not")?, problems).map(Test::Differs)
        }
        Kind::Range => {
            let fields = Fields::fixed(node, &RANGE, problems)?;
            let [least, most] = RANGE.map(|name| fields.get(name).map(|node| bound(node, problems)));
            let read = |bound: Option<Option<Bound>>| bound.map_or(Some(None), |bound| bound.map(Some));
            Some(Test::Within { least: read(least)?, most: read(most)? })
        }
    }
}

/// Reads a value or a list of values.
fn operand(node: Node<'_>, problems: &mut Problems) -> Option<Operand> {
    let mut values = Vec::new();
    match node.value {
        Value::List(list) => {
            for value in list {
                values.extend(scalar(Node { value }, problems));
            }
        }
        _ => values.push(scalar(node, problems)?),
    }
    Some(Operand::Values(values))
}

/// Reads what stands behind `not`: a value, a list of values or a reference.
fn negated(node: Node<'_>, problems: &mut Problems) -> Option<Operand> {
    let Value::Object(_) = node.value else { return operand(node, problems) };
    if kind(&Fields::free(node, problems)?) != Some(Kind::Reference) {
        let message = "expected a value, a list of values, or an object with `ref`";
        node.problem(problems, Code::BadCondition, message);
        return None;
    }
    let node = Fields::fixed(node, &REFERENCE, problems)?.get("ref")?;
    let attribute = reference(node, problems)?;
    if attribute.is_groups() {
        node.problem(problems, Code::BadCondition, GROUPS);
    }
    Some(Operand::Attribute(attribute))
}

/// Reads a bound: a number or a reference.
fn bound(node: Node<'_>, problems: &mut Problems) -> Option<Bound> {
    let bound = match node.value {
        Value::Number(digits) => value_number(digits).map(|number| Bound::Number(number, digits.clone())),
        Value::Object(_) => {
            if kind(&Fields::free(node, problems)?) == Some(Kind::Reference) {
                let node = Fields::fixed(node, &REFERENCE, problems)?.get("ref")?;
                return reference(node, problems).map(Bound::Attribute);
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

fn reference(node: Node<'_>, problems: &mut Problems) -> Option<Attribute> {
    let attribute = Attribute::read(node.text(problems)?);
    if attribute.is_none() {
        node.problem(problems, Code::BadCondition, PATH);
    }
    attribute
}

fn scalar(node: Node<'_>, problems: &mut Problems) -> Option<Scalar> {
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
