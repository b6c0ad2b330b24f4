//! Parses the rules in the records: who may perform which action at which path.

use super::records::{report_too_many_names, Reader};
use super::resource::{self, InvalidRulePath};
use super::tree::StoredRule;
use super::vocabulary::Action;
use crate::document::node::{Members, Node};
use crate::document::problem::{one_of, Code, Problems};
use crate::tables::names::NameId;
use crate::tables::word::{words, Word};

words! {
    /// The effect of a rule.
    pub enum Effect {
        /// The role or user may perform the action.
        Allow = "allow",
        /// The role or user may not perform the action, unless another role of the user allows it.
        Deny = "deny",
    }
}

/// The members of a rule.
pub const RULE: [&str; 5] = ["role", "user", "resource", "action", "effect"];

impl Reader<'_, '_> {
    /// Parses the rules.
    pub fn parse_rules(&mut self, node: Option<Node<'_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for item in items.iter() {
            let Some(members) = item.object(problems) else { continue };
            members.check_names(&RULE, problems);
            let principal = self.parse_principal(members, problems);
            let path = members.required("resource", problems).and_then(|node| self.parse_path(node, problems));
            let action = members.required("action", problems).and_then(|node| parse_rule_action(node, problems));
            let effect = members.required("effect", problems);
            let effect = effect.and_then(|node| node.keyword("effect", Code::UnknownValue, problems));
            if let (Some(principal), Some(path), Some(action), Some(effect)) = (principal, path, action, effect) {
                let allows = match effect {
                    Effect::Allow => true,
                    Effect::Deny => false,
                };
                self.rules.push(StoredRule { principal, path, action, allows });
            }
        }
    }

    fn parse_principal(&mut self, members: Members<'_>, problems: &mut Problems) -> Option<u32> {
        let (node, key) = match (members.get("role"), members.get("user")) {
            (Some(node), None) => (node, self.stores.parse_role_name(node, problems)?.key()),
            (None, Some(node)) => (node, self.stores.parse_user_name(node, problems)?.key()),
            (Some(_), Some(user)) => {
                user.problem(problems, Code::Mismatch, "a rule has a `role` or a `user`, not both");
                return None;
            }
            (None, None) => {
                members.problem(
                    "role",
                    problems,
                    Code::Required,
                    "`role` is missing, or `user` if the rule is for a single user",
                );
                return None;
            }
        };
        let number = self.number_of(&key);
        if number.is_none() {
            report_too_many_names(node, problems);
        }
        number
    }

    fn parse_path(&mut self, node: Node<'_>, problems: &mut Problems) -> Option<NameId> {
        let path = parse_rule_path(node, self.realm.preserve_case, problems)?;
        let name = self.names.add(&path);
        if name.is_none() {
            report_too_many_names(node, problems);
        }
        name
    }
}

/// Parses the path of a rule and reports a problem if it is invalid.
pub fn parse_rule_path(node: Node<'_>, preserve_case: bool, problems: &mut Problems) -> Option<String> {
    match resource::normalize_rule_path(node.text(problems)?, preserve_case) {
        Ok(path) => return Some(path),
        Err(InvalidRulePath::TooLong) => node.problem(problems, Code::TooLong, "a path has at most 4096 bytes"),
        Err(InvalidRulePath::EmptyPart) => {
            node.problem(problems, Code::BadPattern, "a path has no empty segment, write `/` once");
        }
    }
    None
}

/// Parses the action of a rule and reports a problem if it is unknown.
pub fn parse_rule_action(node: Node<'_>, problems: &mut Problems) -> Option<Action> {
    let name = node.text(problems)?;
    let action = Action::parse(name);
    if action.is_none() {
        node.problem_with(
            problems,
            Code::UnknownAction,
            "unknown action <>, expected {}",
            &[name, &one_of(Action::WORDS)],
        );
    }
    action
}
