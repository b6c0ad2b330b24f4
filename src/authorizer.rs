//! Questions to one set of records.

use crate::decision::{Decision, Packed};
use crate::document::limits::NAME_MAX;
use crate::document::problem::{fill_quoted, Problem, Problems};
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Details, Principal, Question, Request};
use crate::systems::{self, Records, SystemName, Vocabulary};
use crate::tables::word::Word;

/// Records that were parsed, validated and indexed: holding one means that they are valid.
#[derive(Debug)]
pub struct Authorizer {
    pub(crate) records: Records,
}

/// What one subject holds, prepared for many questions.
#[derive(Debug)]
pub struct Subject {
    pub(crate) grants: systems::Subject,
}

/// Opens a system on its records, given as JSON text.
///
/// # Errors
///
/// [`Error::UnknownSystem`], [`Error::Malformed`], or [`Error::InvalidRecords`] with every problem at once.
pub fn open(system: &str, records: &str) -> Result<Authorizer, Error> {
    Authorizer::from_value(system_name(system)?, &Value::parse(records)?)
}

/// Checks a value against the rules of a system with nothing configured: the same check in a form and in a
/// worker. [`Authorizer::validate`] knows the limits that records configure.
///
/// # Errors
///
/// [`Error::UnknownSystem`] or [`Error::UnknownKind`]. A value that breaks rules is no error: the inner
/// result has all its problems.
pub fn validate(system: &str, kind: &str, value: &Value) -> Result<Result<Value, Vec<Problem>>, Error> {
    let records = system_name(system)?.records(&Value::Object(Vec::new()), &mut Problems::default());
    Authorizer { records }.validate(kind, value)
}

/// The question that a request of the system's own API asks; `None` when no route of the system has it, so
/// that nothing is to be allowed.
///
/// # Errors
///
/// [`Error::UnknownSystem`], and [`Error::Unsupported`] where the system has no map from requests to questions.
pub fn classify(system: &str, request: &Request<'_>) -> Result<Option<Question>, Error> {
    question(system, request, true)
}

/// The same for a request whose body may not have been read.
///
/// # Errors
///
/// As [`classify`], and [`Error::BodyNeeded`] where the question depends on a body that was not read.
pub(crate) fn question(system: &str, request: &Request<'_>, is_read: bool) -> Result<Option<Question>, Error> {
    let name = system_name(system)?;
    if !name.has_routes() {
        return Err(unsupported(name, "map from requests to questions: ask about an action and a resource"));
    }
    let method = request.method.to_ascii_uppercase();
    let request = Request { method: &method, path: request.path, query: request.query.clone(), body: request.body };
    if !is_read && name.needs_body(&request) {
        return Err(Error::BodyNeeded);
    }
    Ok(name.classify(&request))
}

/// The words of a system: actions, levels, rules, kinds. [`Authorizer::vocabulary`] has those of records.
///
/// # Errors
///
/// [`Error::UnknownSystem`], and [`Error::Unsupported`] where each document brings words of its own.
pub fn vocabulary(system: &str) -> Result<Vocabulary<'static>, Error> {
    let name = system_name(system)?;
    name.vocabulary().ok_or(unsupported(name, "words but those of its records: open them"))
}

pub(crate) fn unsupported(system: SystemName, what: &'static str) -> Error {
    Error::Unsupported { system: system.word(), what }
}

fn system_name(name: &str) -> Result<SystemName, Error> {
    SystemName::from_word(name).ok_or_else(|| Error::UnknownSystem { name: name.to_owned(), known: SystemName::WORDS })
}

impl Authorizer {
    /// Opens a system on its records.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecords`] with every problem at once.
    pub fn from_value(system: SystemName, document: &Value) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let records = system.records(document, &mut problems);
        if problems.is_empty() {
            Ok(Self { records })
        } else {
            Err(Error::InvalidRecords { problems: problems.into_list(document) })
        }
    }

    /// The system whose rules decide.
    pub fn system(&self) -> SystemName {
        self.records.system()
    }

    /// `sha256-…` over the system and all that decides; never over a password, token or session.
    pub fn digest(&self) -> String {
        self.records.digest()
    }

    /// Prepares a subject; `None` is somebody who did not sign in. Unknown and inactive subjects exist, and
    /// are denied.
    pub fn subject(&self, id: Option<&str>) -> Subject {
        Subject { grants: self.records.resolve(id.into()) }
    }

    /// Prepares a user, a role or an anonymous caller.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for a role where the system has no questions about roles.
    pub fn principal(&self, principal: Principal<'_>) -> Result<Subject, Error> {
        if matches!(principal, Principal::Role(_)) && !self.records.accepts_roles() {
            return Err(unsupported(self.system(), "questions about roles"));
        }
        Ok(Subject { grants: self.records.resolve(principal) })
    }

    /// Prepares a user who brings a record along: the roles of a token, a row of a database.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the system has no such users, and [`Error::BadQuestion`] with every problem.
    pub fn record(&self, record: &Value) -> Result<Subject, Error> {
        self.check_accepts_records()?;
        let question = Value::object([("subject", record.clone())]);
        let mut problems = Problems::default();
        let subject = question.get("subject").and_then(|record| self.resolve_record(record, &mut problems));
        read_subject(subject, problems, &question)
    }

    /// Narrows a subject to what each of these holders allows by itself: one, or a list.
    ///
    /// # Errors
    ///
    /// As [`Authorizer::record`].
    pub fn within(&self, subject: Subject, holders: &Value) -> Result<Subject, Error> {
        self.check_accepts_records()?;
        let question = Value::object([("within", holders.clone())]);
        let mut problems = Problems::default();
        let subject = question.get("within").and_then(|holders| self.limit_subject(subject, holders, &mut problems));
        read_subject(subject, problems, &question)
    }

    /// Whether a user can ask with a record.
    pub(crate) fn accepts_records(&self) -> bool {
        self.records.accepts_records()
    }

    pub(crate) fn resolve_record(&self, record: &Value, problems: &mut Problems) -> Option<Subject> {
        self.records.resolve_record(record, problems).map(|grants| Subject { grants })
    }

    pub(crate) fn limit_subject(&self, subject: Subject, holders: &Value, problems: &mut Problems) -> Option<Subject> {
        self.records.limit_subject(subject.grants, holders, problems).map(|grants| Subject { grants })
    }

    pub(crate) fn check_accepts_records(&self) -> Result<(), Error> {
        if self.records.accepts_records() {
            return Ok(());
        }
        Err(unsupported(self.system(), "users with records of their own, and no `within`: give an id, or null"))
    }

    /// Whether the records have time bounds.
    pub fn has_bounds(&self) -> bool {
        self.records.has_bounds()
    }

    /// Whether an answer for this subject depends on the time.
    pub fn is_timed(&self, subject: &Subject) -> bool {
        self.records.is_timed(&subject.grants)
    }

    /// When an answer for this subject next changes after `now` by the time alone, if ever; both in seconds since 1970.
    pub fn changes_at(&self, subject: &Subject, now: u64) -> Option<u64> {
        self.records.changes_at(&subject.grants, now)
    }

    /// The name of a resource that is given by its parts: `{"type": "doc", "id": "42"}`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownResource`].
    pub fn path(&self, resource: &Value) -> Result<String, Error> {
        match resource {
            Value::Text(name) => Ok(name.clone()),
            parts => self.records.path(parts).map_err(|why| Error::UnknownResource { why }),
        }
    }

    /// The words of these records.
    pub fn vocabulary(&self) -> Vocabulary<'_> {
        self.records.vocabulary()
    }

    /// `sha256-…` over what this subject holds: equal wherever its own record is the same.
    pub fn subject_digest(&self, subject: &Subject) -> String {
        self.records.digest_subject(&subject.grants)
    }

    /// Whether the subject may do this.
    ///
    /// # Errors
    ///
    /// As [`Authorizer::decide`].
    pub fn can(&self, subject: &Subject, action: &str, resource: &str) -> Result<bool, Error> {
        self.decide(subject, action, resource, Details::NONE).map(|decision| decision.allow)
    }

    /// Whether the subject may do this, and by which rule. `details` is what the question says beyond its
    /// resource: [`Details`], or attributes alone.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], [`Error::UnknownResource`], and [`Error::NameTooLong`] for a resource over 4,096 bytes.
    pub fn decide<'d>(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        details: impl Into<Details<'d>>,
    ) -> Result<Decision<'_>, Error> {
        self.decide_named(subject, action, resource, details.into()).map(|packed| self.decision(packed))
    }

    /// Where the subject may do this.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], and [`Error::Unsupported`] where the system cannot say exactly.
    pub fn reach(&self, subject: &Subject, action: &str) -> Result<Value, Error> {
        let action = self.records.action(&subject.grants, action)?;
        let reach = action.and_then(|action| self.records.reach(&subject.grants, action));
        reach.ok_or(unsupported(self.system(), "exact list of where this is allowed: ask about each resource"))
    }

    /// Records in which this subject gets the same decisions and has the same digest: what a server sends to a page. They
    /// hold no other user. `roles` are kept besides, for a `within` of later questions.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the system does not keep the whole document: `slice_document` takes it. And
    /// [`Error::BadQuestion`] for a role that does not exist.
    pub fn slice(&self, subject: &Subject, roles: &[&str]) -> Result<Value, Error> {
        self.slice_with(subject, &Value::texts(roles))
    }

    pub(crate) fn slice_with(&self, subject: &Subject, roles: &Value) -> Result<Value, Error> {
        let question = Value::object([("roles", roles.clone())]);
        let roles = question.get("roles").unwrap_or(&Value::Null);
        let mut problems = Problems::default();
        let slice = self.records.slice(&subject.grants, roles, &mut problems);
        if !problems.is_empty() {
            return Err(Error::BadQuestion { problems: problems.into_list(&question) });
        }
        slice.ok_or(unsupported(self.system(), "slice of what it opened: `slice_document` takes the document"))
    }

    /// Checks a value against the rules of the system, within the limits that the records configure.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`]. A value that breaks rules is no error: the inner result has all its problems.
    pub fn validate(&self, kind: &str, value: &Value) -> Result<Result<Value, Vec<Problem>>, Error> {
        let mut problems = Problems::default();
        let Some(stored) = self.records.validate(kind, value, &mut problems) else {
            return Err(Error::UnknownKind { name: kind.to_owned(), known: self.records.kinds() });
        };
        Ok(if problems.is_empty() { Ok(stored) } else { Err(problems.into_list(value)) })
    }

    pub(crate) fn decide_packed(&self, subject: &Subject, action: u8, resource: &str, details: Details<'_>) -> Packed {
        self.records.decide(&subject.grants, action, resource, details)
    }

    pub(crate) fn decide_named(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        details: Details<'_>,
    ) -> Result<Packed, Error> {
        if resource.len() > NAME_MAX {
            return Err(Error::NameTooLong);
        }
        let code = self.action(subject, action)?;
        self.check_resource(resource)?;
        Ok(code.map_or(Packed::DENY, |code| self.decide_packed(subject, code, resource, details)))
    }

    /// The actions that a subject may do on a resource, in the order of the vocabulary.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownResource`], and [`Error::NameTooLong`] for a resource over 4,096 bytes.
    pub fn actions<'d>(
        &self,
        subject: &Subject,
        resource: &str,
        details: impl Into<Details<'d>>,
    ) -> Result<Vec<&str>, Error> {
        let details = details.into();
        self.check_resource(resource)?;
        let mut names = self.records.vocabulary().actions;
        let mut allowed = Vec::with_capacity(names.len());
        for name in names.drain(..) {
            if self.decide_named(subject, name, resource, details)?.allow() {
                allowed.push(name);
            }
        }
        Ok(allowed)
    }

    /// What decided, in an object: `text`, and what else the model can say. `None` where the rule's explanation is all.
    ///
    /// # Errors
    ///
    /// As [`Authorizer::decide`].
    pub fn explain<'d>(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        details: impl Into<Details<'d>>,
    ) -> Result<Option<Value>, Error> {
        if resource.len() > NAME_MAX {
            return Err(Error::NameTooLong);
        }
        let code = self.action(subject, action)?;
        self.check_resource(resource)?;
        let details = details.into();
        Ok(code.and_then(|code| self.explain_packed(subject, code, resource, details)))
    }

    pub(crate) fn explain_packed(
        &self,
        subject: &Subject,
        action: u8,
        resource: &str,
        details: Details<'_>,
    ) -> Option<Value> {
        self.records.explain(&subject.grants, action, resource, details)
    }

    /// A packed decision in words.
    pub(crate) fn decision(&self, packed: Packed) -> Decision<'_> {
        self.records.decision(packed)
    }

    pub(crate) fn action(&self, subject: &Subject, name: &str) -> Result<Option<u8>, Error> {
        self.records.action(&subject.grants, name)
    }

    pub(crate) fn check_resource(&self, resource: &str) -> Result<(), Error> {
        if self.records.knows_resource(resource) {
            return Ok(());
        }
        let why = fill_quoted("<> fits no shape in `resources` of the document", &[resource]);
        Err(Error::UnknownResource { why })
    }

    /// Whether a resource of this name can be asked about.
    #[cfg(feature = "js")]
    #[inline(always)]
    pub(crate) fn knows_resource(&self, resource: &str) -> bool {
        self.records.knows_resource(resource)
    }
}

/// The subject, unless reading what belongs to it found problems.
fn read_subject(subject: Option<Subject>, problems: Problems, question: &Value) -> Result<Subject, Error> {
    let subject = subject.filter(|_| problems.is_empty());
    subject.ok_or_else(|| Error::BadQuestion { problems: problems.into_list(question) })
}
