//! The line that every question travels, and the one trait that a system implements.
//!
//! ```text
//! parse -> validate -> resolve -> decide -> explain
//! ```
//!
//! [`System::parse_records`] parses and validates, and is the only step that can fail: with a list of problems.
//! [`System::resolve`] resolves what one subject holds, and [`System::decide`] decides; both are total, and
//! nothing found means deny. Words are made last, outside of the rules.

use crate::decision::{Decision, Packed};
use crate::document::node::Node;
use crate::document::problem::Problems;
#[cfg(feature = "schemas")]
use crate::document::schema::Schema;
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
    type Action: Term<Self::Records>;
    /// The levels that rules compare.
    type Level: Term<Self::Records>;
    /// The rules that decide.
    type Rule: Word;
    /// The bodies and forms that can be validated.
    type Kind: Word;

    /// Reads the records, noting every problem. What is returned counts only if there was none.
    fn parse_records(document: Node<'_>, problems: &mut Problems) -> Self::Records;

    /// The JSON Schema of the records.
    #[cfg(feature = "schemas")]
    fn schema() -> Schema;

    /// Writes all that decides into the digest, in an order that does not depend on the document's.
    fn digest_records(records: &Self::Records, digest: &mut Digest);

    /// Whether a role can ask: [`Principal::Role`].
    const ROLES_ASK: bool = false;

    /// What this principal holds. It is a role only if [`System::ROLES_ASK`].
    fn resolve(records: &Self::Records, principal: Principal<'_>) -> Self::Subject;

    /// Whether a user can ask with a record of their own, and within holders: [`System::resolve_record`] and [`System::within`].
    const RECORDS_ASK: bool = false;

    /// What a user with this record holds, noting every problem. It counts only if there was none.
    fn resolve_record(_records: &Self::Records, _record: Node<'_>, _problems: &mut Problems) -> Option<Self::Subject> {
        None
    }

    /// The subject, narrowed to what each of these holders allows by itself, noting every problem. It counts only if
    /// there was none.
    fn within(
        _records: &Self::Records,
        _subject: Self::Subject,
        _holders: Node<'_>,
        _problems: &mut Problems,
    ) -> Option<Self::Subject> {
        None
    }

    /// What the user of this id holds; `None` did not sign in.
    #[cfg(feature = "directory")]
    fn subject(records: &Self::Records, id: Option<&str>) -> Self::Subject {
        Self::resolve(records, id.into())
    }

    /// Writes what the subject holds into the digest, with the settings under which it decides. Only its own
    /// share counts, so that a front end that holds no other user's record comes to the same digest.
    fn digest_subject(records: &Self::Records, subject: &Self::Subject, digest: &mut Digest);

    /// The action of this name. Where the answer does not depend on the action, any action stands for an unknown one.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`].
    fn action(records: &Self::Records, _subject: &Self::Subject, name: &str) -> Result<Self::Action, Error> {
        let action = Self::Action::named(records, name);
        action.ok_or_else(|| {
            let known = owned(&Self::Action::names(records));
            Error::UnknownAction { name: name.to_owned(), known, code: "unknown_action" }
        })
    }

    /// Whether a resource of this name can be asked about. What a model does not restrict is known.
    #[inline(always)]
    fn knows(_records: &Self::Records, _resource: &str) -> bool {
        true
    }

    /// The name of a resource that is given by its parts, or what is wrong with them.
    fn path(_records: &Self::Records, _resource: &Value) -> Result<String, String> {
        Err("expected a string: this model names its resources in one".into())
    }

    /// Whether the records have time bounds.
    fn has_bounds(_records: &Self::Records) -> bool {
        false
    }

    /// Whether an answer for this subject depends on the time.
    fn is_timed(_records: &Self::Records, _subject: &Self::Subject) -> bool {
        false
    }

    /// When an answer for this subject next changes after `now`, by the time alone, if ever.
    fn changes_at(_records: &Self::Records, _subject: &Self::Subject, _now: u64) -> Option<u64> {
        None
    }

    /// Whether the subject may do this.
    fn decide(
        records: &Self::Records,
        subject: &Self::Subject,
        action: Self::Action,
        resource: &str,
        details: Details<'_>,
    ) -> Ruling<Self>;

    /// What decided, in an object: `text`, a sentence for a person, and what else the model can say. `None` where the
    /// explanation of the rule is all.
    fn explain(
        _records: &Self::Records,
        _subject: &Self::Subject,
        _action: Self::Action,
        _resource: &str,
        _details: Details<'_>,
    ) -> Option<Value> {
        None
    }

    /// Where the subject may do this, exactly; `None` where the system can not say.
    fn reach(_records: &Self::Records, _subject: &Self::Subject, _action: Self::Action) -> Option<Value> {
        None
    }

    /// Records in which this subject gets the same decisions and has the same digest, and which hold nothing of others;
    /// `roles` are to be kept besides. `None` where the system can not say. It counts only if there was no problem.
    fn slice(
        _records: &Self::Records,
        _subject: &Self::Subject,
        _roles: Node<'_>,
        _problems: &mut Problems,
    ) -> Option<Value> {
        None
    }

    /// Records in which a principal gets the same decisions and has the same digest, and which hold nothing of others, cut
    /// out of the document that these records were read from; `None` where the decisions depend on others. For models
    /// without [`System::slice`].
    #[cfg(feature = "tools")]
    fn slice_document(_records: &Self::Records, _document: &Value, _principal: Principal<'_>) -> Option<Value> {
        None
    }

    /// Which resources of a type the subject may do this to, as an expression over their parts and attributes; `None` where
    /// the system cannot say.
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

    /// The name of the part that is the last segment of each resource of a type; `None` if there is none.
    #[cfg(feature = "tools")]
    fn last_part<'r>(_records: &'r Self::Records, _kind: &str) -> Option<&'r str> {
        None
    }

    /// The ids of the users that the records list; `None` where they are not kept as they are written.
    #[cfg(feature = "tools")]
    fn user_ids(_records: &Self::Records) -> Option<Vec<&str>> {
        None
    }

    /// Who may do this: `{users, authenticated, everyone}`; `None` where the system cannot say. Where a user is only one that
    /// the records list, `authenticated` is false.
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

    /// The questions that other records answer in another way, as a list; `None` where the system cannot say.
    ///
    /// # Errors
    ///
    /// [`Error::Incomplete`] where the exact list would be too large.
    #[cfg(feature = "tools")]
    fn diff(_records: &Self::Records, _other: &Self::Records) -> Result<Option<Value>, Error> {
        Ok(None)
    }

    /// What in the records never counts or is probably a mistake, as a list; `None` where the system cannot say.
    #[cfg(feature = "tools")]
    fn lint(_records: &Self::Records, _now: Option<u64>) -> Option<Value> {
        None
    }

    /// What in the records can decide, with its place, as a list; `None` where the system cannot say.
    #[cfg(feature = "tools")]
    fn parts(_records: &Self::Records) -> Option<Value> {
        None
    }

    /// Small changes of the records, of which each changes an answer, as a list; `None` where the system has none.
    #[cfg(feature = "tools")]
    fn mutants(_records: &Self::Records) -> Option<Value> {
        None
    }

    /// The value as the system would store it, noting every problem. It counts only if there was none.
    fn validate(records: &Self::Records, kind: Self::Kind, value: Node<'_>, problems: &mut Problems) -> Value;

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

/// An action or a level: a word of a closed list, or a name that the records bring.
pub trait Term<R>: Copy {
    /// The list, where it does not depend on the records.
    const SHARED: Option<&'static [&'static str]>;

    /// The number of this term.
    fn to_code(self) -> u8;

    /// The term with this number.
    fn of_code(records: &R, code: u8) -> Option<Self>;

    /// The term of this name.
    fn named(records: &R, name: &str) -> Option<Self>;

    /// The name of the term with this number.
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

    fn named(_records: &R, name: &str) -> Option<Self> {
        W::from_word(name)
    }

    fn name_of(_records: &R, code: u8) -> Option<&str> {
        W::WORDS.get(usize::from(code)).copied()
    }

    fn names(_records: &R) -> Vec<&str> {
        W::WORDS.to_vec()
    }
}

/// A copy of words.
pub fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'a> {
    /// Nobody is signed in.
    Anonymous,
    /// The user of this id.
    User(&'a str),
    /// The role of this name, as if it asked itself.
    Role(&'a str),
}

impl<'a> Principal<'a> {
    /// The id of a user.
    pub fn user(self) -> Option<&'a str> {
        match self {
            Self::User(id) => Some(id),
            Self::Anonymous | Self::Role(_) => None,
        }
    }
}

impl<'a> From<Option<&'a str>> for Principal<'a> {
    fn from(id: Option<&'a str>) -> Self {
        id.map_or(Self::Anonymous, Self::User)
    }
}

/// What a question says beyond its action and its resource; `null` for nothing.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a> {
    /// What is known of the resource.
    pub attributes: &'a Value,
    /// What is known of the circumstances.
    pub context: &'a Value,
    /// What is known of the action.
    pub properties: &'a Value,
    /// The time in seconds since 1970, for models with time bounds.
    pub now: Option<u64>,
}

impl Details<'static> {
    /// Nothing.
    pub const NONE: Self =
        Self { attributes: &Value::Null, context: &Value::Null, properties: &Value::Null, now: None };
}

impl<'a> From<&'a Value> for Details<'a> {
    fn from(attributes: &'a Value) -> Self {
        Self { attributes, ..Details::NONE }
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
        let code = |level: Option<S::Level>| level.map(Term::to_code);
        Packed::new(self.allow, self.rule.code(), code(self.level), code(self.needs))
    }
}

/// A packed decision in words.
pub(crate) fn unpack<S: System>(records: &S::Records, packed: Packed) -> Decision<'_> {
    let level = |code: Option<u8>| code.and_then(|code| S::Level::name_of(records, code));
    let rule = S::Rule::WORDS.get(usize::from(packed.rule())).copied().unwrap_or("");
    Decision { allow: packed.allow(), rule, level: level(packed.level()), needs: level(packed.needs()) }
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
