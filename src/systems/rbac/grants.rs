//! Parses grants and limits: patterns, and what they allow or deny.

use super::condition_parser::{parse_conditions, Purpose};
use super::fields::Fields;
use super::length_limits::{check_length, check_segments};
use super::model::ENTRIES_MAX;
use super::pattern::{parse_segment, Fault, Segment};
use super::table::draft::{Draft, Qualifiers};
use super::table::{Named, Table};
use super::time;
use crate::document::node::Node;
use crate::document::problem::{one_of, Code, Problems};
use crate::document::value::Value;
use crate::tables::bytes::compare_texts;
use crate::tables::sort::sort;
use crate::tables::text::{fill, number, split};

pub(super) const GRANT: [&str; 4] = ["allow", "when", "from", "until"];
pub(super) const LIMIT: [&str; 3] = ["level", "deny", "unless"];

/// An action of the document with its least level.
pub(super) type DefinedAction<'v> = (&'v str, Option<u8>);

/// The names that grants and limits can use.
#[derive(Debug)]
pub(super) struct Grants<'v> {
    levels: Vec<&'v str>,
    /// Every action with its code, in the order of the names.
    actions: Vec<(&'v str, u8)>,
    judges_levels: bool,
    judges_names: bool,
}

impl<'v> Grants<'v> {
    /// `others` are the actions that are not levels; only their names count. If the levels have a wrong type, no name
    /// is reported as unknown. If only the actions do, the names in grants and in `deny` are not reported.
    pub(super) fn new(
        levels: Vec<&'v str>,
        others: &[DefinedAction<'v>],
        judges_levels: bool,
        judges_actions: bool,
    ) -> Self {
        let mut actions = Vec::new();
        let mut add = |name| actions.push((name, u8::try_from(actions.len()).unwrap_or(u8::MAX)));
        for name in levels.iter().skip(1) {
            add(*name);
        }
        for (name, _) in others {
            add(*name);
        }
        sort(&mut actions, |(a, _), (b, _)| compare_texts(a, b));
        Self { levels, actions, judges_levels, judges_names: judges_levels && judges_actions }
    }

    /// Parses a map from patterns to grants.
    pub(super) fn grants(&self, node: Node<'v>, problems: &mut Problems) -> Table {
        self.table(node, problems, &|pattern, node, item, draft, problems| {
            self.parse_grant(pattern, node, item, draft, problems)
        })
    }

    /// Parses a map from patterns to limits.
    pub(super) fn limits(&self, node: Node<'v>, problems: &mut Problems) -> Table {
        self.table(node, problems, &|pattern, node, item, draft, problems| {
            self.parse_limit(pattern, node, item, draft, problems)
        })
    }

    fn table(
        &self,
        node: Node<'v>,
        problems: &mut Problems,
        read: &dyn Fn(&'v str, Node<'v>, u32, &mut Draft<'v>, &mut Problems),
    ) -> Table {
        let Some(fields) = Fields::with_any_names(node, problems) else { return Table::default() };
        let mut draft = Draft::default();
        let mut count = 0_usize;
        for (pattern, node) in fields.list() {
            check_pattern(pattern, *node, problems);
            #[cfg(feature = "tools")]
            if matches!(node.value, Value::List(list) if list.is_empty()) {
                draft.add_nameless(pattern, 0);
            }
            let mut read = |node: Node<'v>, item: u32| {
                #[cfg(feature = "tools")]
                let before = draft.entry_count();
                read(pattern, node, item, &mut draft, problems);
                #[cfg(feature = "tools")]
                if draft.entry_count() == before {
                    draft.add_nameless(pattern, item);
                }
            };
            let Value::List(list) = node.value else {
                count = count.saturating_add(1);
                read(*node, 0);
                continue;
            };
            count = count.saturating_add(list.len());
            for (item, value) in (1..).zip(list) {
                read(Node { value }, item);
            }
        }
        if count > ENTRIES_MAX {
            let message = fill("expected at most {} entries, got {}", &[&number(ENTRIES_MAX), &number(count)]);
            node.problem(problems, Code::OutOfRange, &message);
        }
        draft.build()
    }

    fn parse_grant(&self, pattern: &'v str, node: Node<'v>, item: u32, draft: &mut Draft<'v>, problems: &mut Problems) {
        match node.value {
            Value::Text(_) => self.add_grant(pattern, node, item, &Qualifiers::default(), draft, problems),
            Value::Object(_) => {
                let Some(fields) = Fields::with_known_names(node, &GRANT, problems) else { return };
                let when = fields.get("when").and_then(|node| parse_conditions(node, Purpose::When, problems));
                let qualifiers = draft.add_qualifiers(when, time::bounds(&fields, problems)).in_object();
                match fields.get("allow") {
                    Some(names) => self.parse_names(names, problems, &mut |node, problems| {
                        self.add_grant(pattern, node, item, &qualifiers, draft, problems);
                    }),
                    None => fields.report_missing("allow", problems),
                }
            }
            _ => node.wrong_type(problems, "the name of a level or an action, or an object with `allow`"),
        }
    }

    fn parse_limit(&self, pattern: &'v str, node: Node<'v>, item: u32, draft: &mut Draft<'v>, problems: &mut Problems) {
        match node.value {
            Value::Text(_) => self.add_level_limit(pattern, node, item, &Qualifiers::default(), draft, problems),
            Value::Object(_) => {
                let Some(fields) = Fields::with_known_names(node, &LIMIT, problems) else { return };
                let unless = fields.get("unless").and_then(|node| parse_conditions(node, Purpose::Unless, problems));
                let qualifiers = draft.add_qualifiers(unless, None).in_object();
                match (fields.get("level"), fields.get("deny")) {
                    (Some(level), deny) => {
                        if let Some(node) = deny {
                            let message = "a limit has either `level` or `deny`: write two limits in a list";
                            node.problem(problems, Code::UnknownField, message);
                        }
                        self.add_level_limit(pattern, level, item, &qualifiers, draft, problems);
                    }
                    (None, Some(names)) => self.parse_names(names, problems, &mut |node, problems| {
                        self.add_denial(pattern, node, item, &qualifiers, draft, problems);
                    }),
                    (None, None) => node.problem(problems, Code::MissingField, "`level` or `deny` is missing"),
                }
            }
            _ => node.wrong_type(problems, "the name of a level, or an object with `level` or `deny`"),
        }
    }

    /// Parses one name or a list of names.
    fn parse_names(&self, node: Node<'v>, problems: &mut Problems, read: &mut dyn FnMut(Node<'v>, &mut Problems)) {
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
    fn add_grant(
        &self,
        pattern: &'v str,
        node: Node<'v>,
        item: u32,
        qualifiers: &Qualifiers,
        draft: &mut Draft<'v>,
        problems: &mut Problems,
    ) {
        let Some(name) = node.text(problems).filter(|_| self.judges_names) else { return };
        match self.level(name) {
            Some(0) => self.refuse_first(node, problems, "granted"),
            Some(level) => draft.add(pattern, Named::Level(level), item, qualifiers),
            None => match self.action(name) {
                Some(action) => draft.add(pattern, Named::Action(action), item, qualifiers),
                None => self.report_unknown(name, node, problems),
            },
        }
    }

    /// Adds a limit that denies an action. The name of a level means the action of that name.
    fn add_denial(
        &self,
        pattern: &'v str,
        node: Node<'v>,
        item: u32,
        qualifiers: &Qualifiers,
        draft: &mut Draft<'v>,
        problems: &mut Problems,
    ) {
        let Some(name) = node.text(problems).filter(|_| self.judges_names) else { return };
        match self.action(name) {
            _ if self.level(name) == Some(0) => self.refuse_first(node, problems, "denied"),
            Some(action) => draft.add(pattern, Named::Action(action), item, qualifiers),
            None => self.report_unknown(name, node, problems),
        }
    }

    /// Adds a limit to a level.
    fn add_level_limit(
        &self,
        pattern: &'v str,
        node: Node<'v>,
        item: u32,
        qualifiers: &Qualifiers,
        draft: &mut Draft<'v>,
        problems: &mut Problems,
    ) {
        let Some(name) = node.text(problems).filter(|_| self.judges_levels) else { return };
        match self.level(name) {
            Some(level) => draft.add(pattern, Named::Level(level), item, qualifiers),
            None => {
                let message = fill("unknown level <>, expected {}", &[name, &one_of(&self.levels)]);
                node.problem(problems, Code::UnknownLevel, &message);
            }
        }
    }

    fn level(&self, name: &str) -> Option<u8> {
        let place = self.levels.iter().position(|level| *level == name)?;
        Some(u8::try_from(place).unwrap_or(u8::MAX))
    }

    fn action(&self, name: &str) -> Option<u8> {
        let place = self.actions.binary_search_by(|(action, _)| compare_texts(action, name)).ok()?;
        self.actions.get(place).map(|(_, code)| *code)
    }

    fn report_unknown(&self, name: &str, node: Node<'_>, problems: &mut Problems) {
        let mut names = Vec::new();
        for (name, _) in &self.actions {
            names.push(*name);
        }
        let message = fill("unknown name <>, expected a level or an action: {}", &[name, &one_of(&names)]);
        node.problem(problems, Code::UnknownName, &message);
    }

    fn refuse_first(&self, node: Node<'_>, problems: &mut Problems, how: &str) {
        let message = fill("the first level means nothing and cannot be {}: name another, or remove this", &[how]);
        node.problem(problems, Code::BadGrant, &message);
    }
}

fn check_pattern(pattern: &str, node: Node<'_>, problems: &mut Problems) {
    check_length(pattern, node, problems);
    check_segments(pattern, node, problems);
    let mut segments = split(pattern, b'/').peekable();
    while let Some(text) = segments.next() {
        let fault = match parse_segment(text) {
            Err(fault) => fault,
            Ok(Segment::Rest) if segments.peek().is_some() => Fault::RestNotLast,
            Ok(_) => continue,
        };
        node.problem(problems, Code::BadPattern, fault.message());
        return;
    }
}
