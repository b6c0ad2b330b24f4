//! The pipeline of a question, and the trait that a model implements.
//!
//! The file has over 300 lines because the trait [`System`] is one contract: a function for each step and each tool of
//! a model, with what an implementation has to guarantee, and the types of their results.
//!
//! ```text
//! parse -> validate -> resolve -> decide -> explain
//! ```
//!
//! [`System::parse_records`] parses and validates. Only this step can fail, with a list of problems.
//! [`System::resolve`] resolves a subject, and [`System::decide`] decides. Both are total, and a subject without a
//! matching grant is denied. Explanations are made last, outside of the rules.

use crate::decision::{Decision, Packed};
use crate::document::node::Node;
use crate::document::problem::Problems;
#[cfg(feature = "schemas")]
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::error::Error;
use crate::tables::digest::Digest;
use crate::tables::word::Word;

pub use crate::model_input::{Details, Principal, Question, Request};

/// A model of users and access.
pub trait System: Sized + 'static {
    /// Parsed and valid records, indexed for questions.
    type Records: std::fmt::Debug;
    /// A subject, resolved from the records.
    type Subject: std::fmt::Debug;
    /// An action of the model.
    type Action: Term<Self::Records>;
    /// The levels that rules compare.
    type Level: Term<Self::Records>;
    /// The rules that decide.
    type Rule: Word;
    /// The kinds of bodies and forms that can be validated.
    type Kind: Word;

    /// Parses the records and reports every problem. The result is valid only if there was none.
    fn parse_records(document: Node<'_>, problems: &mut Problems) -> Self::Records;

    /// The JSON Schema of the records.
    #[cfg(feature = "schemas")]
    fn schema() -> Schema;

    /// Writes everything that decides into the digest, in an order that does not depend on the document's order.
    fn digest_records(records: &Self::Records, digest: &mut Digest);

    /// Whether a role can be the subject: [`Principal::Role`].
    const ACCEPTS_ROLES: bool = false;

    /// Resolves a principal. It is a role only if [`System::ACCEPTS_ROLES`].
    fn resolve(records: &Self::Records, principal: Principal<'_>) -> Self::Subject;

    /// Whether a user can bring a record of their own and be limited by `within`: [`System::resolve_record`] and
    /// [`System::within`].
    const ACCEPTS_RECORDS: bool = false;

    /// Resolves a user with this record and reports every problem. The result is valid only if there was none.
    fn resolve_record(_records: &Self::Records, _record: Node<'_>, _problems: &mut Problems) -> Option<Self::Subject> {
        None
    }

    /// Limits the subject to what each of these holders allows by itself, and reports every problem. The result is
    /// valid only if there was none.
    fn limit_subject(
        _records: &Self::Records,
        _subject: Self::Subject,
        _holders: Node<'_>,
        _problems: &mut Problems,
    ) -> Option<Self::Subject> {
        None
    }

    /// Resolves the user with this id. `None` is an anonymous user.
    #[cfg(feature = "directory")]
    fn subject(records: &Self::Records, id: Option<&str>) -> Self::Subject {
        Self::resolve(records, id.into())
    }

    /// Writes what the subject has into the digest, with the settings under which it decides. Records of other users do
    /// not count, so a front end without them computes the same digest.
    fn digest_subject(records: &Self::Records, subject: &Self::Subject, digest: &mut Digest);

    /// The action of this name. If the decision does not depend on the action, a model may return any action for an
    /// unknown name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`].
    fn action(records: &Self::Records, _subject: &Self::Subject, name: &str) -> Result<Self::Action, Error> {
        let action = Self::Action::from_name(records, name);
        action.ok_or_else(|| {
            let known = to_strings(&Self::Action::names(records));
            Error::UnknownAction { name: name.to_owned(), known, code: "unknown_action" }
        })
    }

    /// Whether a resource of this name is known. A model without a list of resources knows all.
    #[inline(always)]
    fn knows_resource(_records: &Self::Records, _resource: &str) -> bool {
        true
    }

    /// The path of a resource that is given by its parts, or what is wrong with them.
    fn path(_records: &Self::Records, _resource: &Value) -> Result<String, String> {
        Err("expected a string: this model names its resources in one".into())
    }

    /// Whether the records have time bounds.
    fn has_bounds(_records: &Self::Records) -> bool {
        false
    }

    /// Whether a decision for this subject depends on the time.
    fn is_timed(_records: &Self::Records, _subject: &Self::Subject) -> bool {
        false
    }

    /// When a decision for this subject next changes after `now` by the time alone, if ever.
    fn changes_at(_records: &Self::Records, _subject: &Self::Subject, _now: u64) -> Option<u64> {
        None
    }

    /// Decides whether the subject has the action.
    fn decide(
        records: &Self::Records,
        subject: &Self::Subject,
        action: Self::Action,
        resource: &str,
        details: Details<'_>,
    ) -> Ruling<Self>;

    /// What decided, as an object: `text`, a sentence for people, and what else the model can say. Returns `None` if
    /// the explanation of the rule is enough.
    fn explain(
        _records: &Self::Records,
        _subject: &Self::Subject,
        _action: Self::Action,
        _resource: &str,
        _details: Details<'_>,
    ) -> Option<Value> {
        None
    }

    /// The resources for which the subject has the action, exactly. Returns `None` if the model cannot say.
    fn reach(_records: &Self::Records, _subject: &Self::Subject, _action: Self::Action) -> Option<Value> {
        None
    }

    /// Records in which this subject gets the same decisions and has the same digest, and which contain no other users.
    /// `roles` are kept as well. Returns `None` if the model cannot say. The result is valid only if there was no
    /// problem.
    fn slice(
        _records: &Self::Records,
        _subject: &Self::Subject,
        _roles: Node<'_>,
        _problems: &mut Problems,
    ) -> Option<Value> {
        None
    }

    /// Records in which a principal gets the same decisions and has the same digest. They are a part of the document
    /// that these records were parsed from, without other users. Returns `None` if the decisions depend on other users.
    /// For models without [`System::slice`].
    #[cfg(feature = "tools")]
    fn slice_document(_records: &Self::Records, _document: &Value, _principal: Principal<'_>) -> Option<Value> {
        None
    }

    /// The resources of a type for which the subject has the action, as an expression over their parts and attributes.
    /// Returns `None` if the model cannot say.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownResource`] for a type that the records do not have.
    #[cfg(feature = "tools")]
    fn filter(
        _records: &Self::Records,
        _subject: &Self::Subject,
        _action: Self::Action,
        _kind: &str,
        _details: Details<'_>,
    ) -> Result<Option<Value>, Error> {
        Ok(None)
    }

    /// The name of the part that is the last segment of each resource of a type. Returns `None` if that segment is not
    /// a part.
    #[cfg(feature = "tools")]
    fn last_part<'r>(_records: &'r Self::Records, _kind: &str) -> Option<&'r str> {
        None
    }

    /// The ids of the users in the records. Returns `None` if the ids are not kept in their original form.
    #[cfg(feature = "tools")]
    fn user_ids(_records: &Self::Records) -> Option<Vec<&str>> {
        None
    }

    /// Who has the action: `{users, authenticated, everyone}`. Returns `None` if the model cannot say. If only users in
    /// the records are known to the model, `authenticated` is false.
    #[cfg(feature = "tools")]
    fn holders(records: &Self::Records, action: Self::Action, resource: &str, details: Details<'_>) -> Option<Value> {
        let may = |id: Option<&str>| {
            Self::decide(records, &Self::resolve(records, id.into()), action, resource, details).allow
        };
        let mut users = Self::user_ids(records)?;
        users.retain(|id| may(Some(id)));
        users.sort_unstable();
        Some(Value::object([
            ("users", Value::texts(&users)),
            ("authenticated", false.into()),
            ("everyone", may(None).into()),
        ]))
    }

    /// The questions that other records answer differently, as a list. Returns `None` if the model cannot say.
    ///
    /// # Errors
    ///
    /// [`Error::Incomplete`] if the exact list would be too large.
    #[cfg(feature = "tools")]
    fn diff(_records: &Self::Records, _other: &Self::Records) -> Result<Option<Value>, Error> {
        Ok(None)
    }

    /// What in the records has no effect or is probably a mistake, as a list. Returns `None` if the model cannot say.
    #[cfg(feature = "tools")]
    fn lint(_records: &Self::Records, _now: Option<u64>) -> Option<Value> {
        None
    }

    /// The parts of the records that can decide, with their pointers, as a list. Returns `None` if the model cannot
    /// say.
    #[cfg(feature = "tools")]
    fn parts(_records: &Self::Records) -> Option<Value> {
        None
    }

    /// Small changes of the records, each of which changes a decision, as a list. Returns `None` if the model has none.
    #[cfg(feature = "tools")]
    fn mutants(_records: &Self::Records) -> Option<Value> {
        None
    }

    /// The value as the model would store it. Reports every problem. The result is valid only if there was none.
    fn validate(records: &Self::Records, kind: Self::Kind, value: Node<'_>, problems: &mut Problems) -> Value;

    /// Whether the model maps requests of the product's own API to questions: [`System::classify`].
    const HAS_ROUTES: bool = false;

    /// The question that a request of the product's own API asks. Returns `None` if no route matches.
    fn classify(_request: &Request<'_>) -> Option<Question> {
        None
    }

    /// Whether the question depends on the body of the request.
    fn needs_body(_request: &Request<'_>) -> bool {
        false
    }
}

/// An action or a level: a word of a fixed list, or a name that the records define.
pub trait Term<R>: Copy {
    /// The list, if it does not depend on the records.
    const SHARED: Option<&'static [&'static str]>;

    /// The code of this term.
    fn to_code(self) -> u8;

    /// The term with this code.
    fn of_code(records: &R, code: u8) -> Option<Self>;

    /// The term of this name.
    fn from_name(records: &R, name: &str) -> Option<Self>;

    /// The name of the term with this code.
    fn name_of(records: &R, code: u8) -> Option<&str>;

    /// The names of all terms, in the order of their codes.
    fn names(records: &R) -> Vec<&str>;
}

impl<R, W: Word> Term<R> for W {
    const SHARED: Option<&'static [&'static str]> = Some(W::WORDS);

    fn to_code(self) -> u8 {
        self.code()
    }

    #[inline(always)]
    fn of_code(_records: &R, code: u8) -> Option<Self> {
        W::from_code(code)
    }

    fn from_name(_records: &R, name: &str) -> Option<Self> {
        W::from_word(name)
    }

    fn name_of(_records: &R, code: u8) -> Option<&str> {
        W::WORDS.get(usize::from(code)).copied()
    }

    fn names(_records: &R) -> Vec<&str> {
        W::WORDS.to_vec()
    }
}

/// Copies names into strings.
pub fn to_strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The decision of a model, in the model's own types.
#[derive(Debug)]
pub struct Ruling<S: System> {
    /// Whether the action is allowed.
    pub allow: bool,
    /// The rule that decided.
    pub rule: S::Rule,
    /// The level of the subject, if the rule compares levels.
    pub level: Option<S::Level>,
    /// The lowest level that the action needs, if the rule compares levels.
    pub needs: Option<S::Level>,
}

impl<S: System> Ruling<S> {
    /// The rule allows the action.
    pub fn allow(rule: S::Rule) -> Self {
        Self { allow: true, rule, level: None, needs: None }
    }

    /// The rule denies the action.
    pub fn deny(rule: S::Rule) -> Self {
        Self { allow: false, rule, level: None, needs: None }
    }

    /// Adds the levels that were compared.
    pub fn with_levels(self, level: S::Level, needs: S::Level) -> Self {
        Self { level: Some(level), needs: Some(needs), ..self }
    }

    /// The ruling as one number, in the form that crosses the JavaScript/WebAssembly boundary.
    pub(crate) fn pack(&self) -> Packed {
        let code = |level: Option<S::Level>| level.map(Term::to_code);
        Packed::new(self.allow, self.rule.code(), code(self.level), code(self.needs))
    }
}

/// A packed decision with names.
pub(crate) fn unpack<S: System>(records: &S::Records, packed: Packed) -> Decision<'_> {
    let level = |code: Option<u8>| code.and_then(|code| S::Level::name_of(records, code));
    let rule = S::Rule::WORDS.get(usize::from(packed.rule())).copied().unwrap_or("");
    Decision { allow: packed.allow(), rule, level: level(packed.level()), needs: level(packed.needs()) }
}
