//! The line that every question travels, and the one trait that a system implements.
//!
//! ```text
//! parse -> validate -> resolve -> decide -> explain
//! ```
//!
//! [`System::records`] parses and validates, and is the only step that can fail: with a list of problems.
//! [`System::subject`] resolves what one subject holds, and [`System::decide`] decides; both are total, and
//! nothing found means deny. Words are made last, outside of the rules.

use crate::decision::Packed;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::error::Error;
use crate::tables::digest::Digest;
use crate::tables::word::Word;

/// One product's model of users and access.
pub trait System: Sized + 'static {
    /// Records that were read and are valid, indexed for questions.
    type Records: std::fmt::Debug;
    /// What one subject holds, resolved from the records.
    type Subject: std::fmt::Debug;
    /// What a subject may ask to do.
    type Action: Word;
    /// The levels that rules compare.
    type Level: Word;
    /// The rules that decide.
    type Rule: Word;
    /// The bodies and forms that can be validated.
    type Kind: Word;

    /// Reads the records, noting every problem. What is returned counts only if there was none.
    fn records(document: Node<'_>, problems: &mut Problems) -> Self::Records;

    /// Writes all that decides into the digest, in an order that does not depend on the document's.
    fn digest_records(records: &Self::Records, digest: &mut Digest);

    /// What this subject holds; `None` is somebody who did not sign in.
    fn subject(records: &Self::Records, id: Option<&str>) -> Self::Subject;

    /// Writes what the subject holds into the digest, with the settings under which it decides. Only its own
    /// share counts, so that a front end that holds no other user's record comes to the same digest.
    fn digest_subject(records: &Self::Records, subject: &Self::Subject, digest: &mut Digest);

    /// Whether the subject may do this. `attributes` is what the question says beyond its resource.
    fn decide(
        records: &Self::Records,
        subject: &Self::Subject,
        action: Self::Action,
        resource: &str,
        attributes: &Value,
    ) -> Ruling<Self>;

    /// The value as the system would store it, noting every problem. It counts only if there was none.
    fn validate(records: &Self::Records, kind: Self::Kind, value: Node<'_>, problems: &mut Problems) -> Value;

    /// The action of this name.
    fn action(name: &str) -> Option<Self::Action> {
        Self::Action::from_word(name)
    }

    /// What a question about an unknown action comes to.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], unless the system answers before it looks at the action.
    fn unknown_action(_records: &Self::Records, _subject: &Self::Subject, name: &str) -> Result<Ruling<Self>, Error> {
        Err(Error::UnknownAction { name: name.into(), known: Self::Action::WORDS, code: "unknown_action" })
    }

    /// The subject that stands for a role alone, where the system has questions about roles.
    fn role(_records: &Self::Records, _name: &str) -> Option<Self::Subject> {
        None
    }

    /// What the product itself would list for this subject, where it has such a list.
    fn listing(_records: &Self::Records, _subject: &Self::Subject) -> Vec<String> {
        Vec::new()
    }

    /// Whether there is a map from requests of the product's own API to questions: [`System::classify`].
    const HAS_ROUTES: bool = false;

    /// The question that a request of the product's own API asks; `None` when no route has it.
    fn classify(_request: &Request<'_>) -> Option<Question> {
        None
    }

    /// Whether the question of a request depends on its body.
    fn needs_body(_request: &Request<'_>) -> bool {
        false
    }
}

/// What a system's rules say, in the system's own types.
#[derive(Debug)]
pub struct Ruling<S: System> {
    /// Whether the subject may.
    pub allow: bool,
    /// The rule that decided.
    pub rule: S::Rule,
    /// The level that the subject was found to have, where the rule compares levels.
    pub level: Option<S::Level>,
    /// The least level that the action needs, where the rule compares levels.
    pub needs: Option<S::Level>,
}

impl<S: System> Ruling<S> {
    /// The rule lets the subject in.
    pub fn allow(rule: S::Rule) -> Self {
        Self { allow: true, rule, level: None, needs: None }
    }

    /// The rule keeps the subject out.
    pub fn deny(rule: S::Rule) -> Self {
        Self { allow: false, rule, level: None, needs: None }
    }

    /// The same ruling with the levels that were compared.
    pub fn with_levels(self, level: S::Level, needs: S::Level) -> Self {
        Self { level: Some(level), needs: Some(needs), ..self }
    }

    /// The ruling in one number, as it crosses the boundary.
    pub(crate) fn pack(&self) -> Packed {
        Packed::new(self.allow, self.rule.code(), self.level.map(Word::code), self.needs.map(Word::code))
    }
}

/// A request of a product's own API, as far as its meaning counts.
#[derive(Debug)]
pub struct Request<'a> {
    /// The HTTP method, in capitals or not.
    pub method: &'a str,
    /// The path, still percent-encoded, without the query.
    pub path: &'a str,
    /// The query parameters, decoded, in order.
    pub query: Vec<(&'a str, &'a str)>,
    /// The JSON body; `null` without one.
    pub body: &'a Value,
}

/// What is asked, except by whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The action's name.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// What the question says beyond its resource; `null` when nothing.
    pub attributes: Value,
}
