//! Near misses in words: what a grant lacks, as sentences for people.

use super::access::Evaluation;
use super::condition::Condition;
use super::near_miss::{found_value, is_yet_to_come, needed_value, FailingBounds, Miss, MissReason};
use super::pointer::{role_path, scoped_pattern};
use super::vocabulary::Level;
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::text::{concat, fill, quote};

/// The most values of a list in a sentence.
const VALUES_MAX: usize = 5;

impl<'q> Miss<'q> {
    /// What is missing, as a sentence or several.
    pub(super) fn to_text(&self, evaluation: &Evaluation<'q>) -> String {
        let pattern = &*scoped_pattern(self.share, self.matched);
        let (action, resource) = (evaluation.action_name(), evaluation.facts.path.text());
        let role = role_path(evaluation, self.share).map_or("", |role_path| role_path.assigned);
        match &self.reason {
            MissReason::Level(level) => {
                let actual = Level::name_of(evaluation.records, *level).unwrap_or_default();
                let needed = evaluation.needed_level().unwrap_or_default();
                let text = "{} has <> on <>, and <> needs <>.";
                fill(text, &[&evaluation.subject_text(), actual, resource, action, needed])
            }
            MissReason::Unmet { late, failing } => {
                let mut text = String::new();
                for FailingBounds { bounds, assignment } in late {
                    let what = if assignment.is_some() { "The assignment of the role {} " } else { "The grant on {} " };
                    let has =
                        if is_yet_to_come(evaluation, *bounds) { "does not count yet. " } else { "has expired. " };
                    let of = quote(if assignment.is_some() { role } else { pattern });
                    text.push_str(&concat(&[&fill(what, &[&of]), has]));
                }
                let grant = fill("The grant on <>", &[pattern]);
                let who = if text.is_empty() { &grant } else { "The grant also" };
                text.push_str(&conditions_text(evaluation, who, failing));
                text.trim_end().to_owned()
            }
            MissReason::Scope => {
                let text = "The role <> would give <>, but it is held for <>, and <> is outside.";
                fill(text, &[role, action, &self.share.scope, resource])
            }
        }
    }
}

/// A sentence for each condition, all of which must hold. The first one begins with `who`.
pub(super) fn conditions_text(evaluation: &Evaluation<'_>, who: &str, failing: &[&Condition]) -> String {
    let mut text = String::new();
    for condition in failing {
        let who = if text.is_empty() { who } else { " It also" };
        let value = found_value(evaluation, &condition.attribute);
        let actual = value.map_or_else(|| "missing".to_owned(), |value| quote(&value.json()));
        let needed = words_of(&needed_value(evaluation, condition));
        text.push_str(&fill(
            "{} needs <> to be {}, and it is {}.",
            &[who, &condition.attribute.path(), &needed, &actual],
        ));
    }
    text
}

/// The right side of a condition in words: `not "a" or "b"`. Of a long list, the first values.
fn words_of(needed: &Value) -> String {
    let mut words = String::new();
    match needed {
        Value::List(values) if !values.is_empty() => {
            for (index, value) in values.iter().enumerate() {
                if index == VALUES_MAX {
                    words.push_str(" or another");
                    break;
                }
                words.push_str(if index > 0 { " or " } else { "" });
                words.push_str(&quote(&value.json()));
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                words.push_str(match &**name {
                    "ref" => return fill("the value of <>", &[value.text().unwrap_or_default()]),
                    "not" => "not ",
                    "atLeast" => "at least ",
                    _ if words.is_empty() => "at most ",
                    _ => " and at most ",
                });
                words.push_str(&words_of(value));
            }
        }
        value => return quote(&value.json()),
    }
    words
}
