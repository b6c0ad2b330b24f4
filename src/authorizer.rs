//! Authorizers: opened records that answer questions.
//!
//! The file has over 300 lines because an authorizer has one method for each step of a question and each form of its
//! input, and each method documents its errors.

use crate::decision::{Decision, Packed};
use crate::document::limits::NAME_MAX;
use crate::document::problem::{Problem, Problems};
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Details, Principal, Question, Request};
use crate::systems::{self, Records, SystemName, Vocabulary};
use crate::tables::text::fill;
use crate::tables::word::Word;

/// Records that are parsed, validated and indexed. An authorizer exists only if they are valid.
#[derive(Debug)]
pub struct Authorizer {
    pub(crate) records: Records,
}

/// The resolved rights of one subject, for many questions.
#[derive(Debug)]
pub struct Subject {
    pub(crate) grants: systems::Subject,
}

/// Opens the records of a model, given as JSON text.
///
/// # Errors
///
/// [`Error::UnknownSystem`], [`Error::Malformed`], or [`Error::InvalidRecords`] with every problem at once.
pub fn open(system: &str, records: &str) -> Result<Authorizer, Error> {
    Authorizer::from_value(system_name(system)?, &Value::parse(records)?)
}

/// Validates a body or form by a model's rules, without limits that records configure. A page and a server get the same
/// result. [`Authorizer::validate`] uses the limits of the records.
///
/// # Errors
///
/// [`Error::UnknownSystem`] or [`Error::UnknownKind`]. A value that violates rules is not an error: the inner result
/// has all its problems.
pub fn validate(system: &str, kind: &str, value: &Value) -> Result<Result<Value, Vec<Problem>>, Error> {
    let records = system_name(system)?.records(&Value::Object(Vec::new()), &mut Problems::default());
    Authorizer { records }.validate(kind, value)
}

/// Maps a request of the product's own API to its question. Returns `None` if no route matches; then deny the request.
///
/// # Errors
///
/// [`Error::UnknownSystem`], and [`Error::Unsupported`] if the model does not map requests to questions.
pub fn classify(system: &str, request: &Request<'_>) -> Result<Option<Question>, Error> {
    classify_request(system, request, true)
}

/// The same for a request whose body may not have been read.
///
/// # Errors
///
/// As [`classify`], and [`Error::BodyNeeded`] if the question depends on a body that was not read.
pub(crate) fn classify_request(system: &str, request: &Request<'_>, is_read: bool) -> Result<Option<Question>, Error> {
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

/// The vocabulary of a model: actions, levels, rules and kinds. [`Authorizer::vocabulary`] has that of records.
///
/// # Errors
///
/// [`Error::UnknownSystem`], and [`Error::Unsupported`] if the vocabulary depends on the records.
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
    /// Opens the records of a model.
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

    /// The model whose rules decide.
    pub fn system(&self) -> SystemName {
        self.records.system()
    }

    /// The digest of the model and everything that decides, as `sha256-…`. It never covers a password, token or
    /// session.
    pub fn digest(&self) -> String {
        self.records.digest()
    }

    /// Resolves the user with this id, or an anonymous caller for `None`. An unknown or inactive user is a subject too,
    /// and is denied.
    pub fn subject(&self, id: Option<&str>) -> Subject {
        Subject { grants: self.records.resolve(id.into()) }
    }

    /// Resolves a user, a role or an anonymous caller.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for a role if the model has no questions about roles.
    pub fn principal(&self, principal: Principal<'_>) -> Result<Subject, Error> {
        if matches!(principal, Principal::Role(_)) && !self.records.accepts_roles() {
            return Err(unsupported(self.system(), "questions about roles"));
        }
        Ok(Subject { grants: self.records.resolve(principal) })
    }

    /// Resolves a user with their own record, such as the roles of a token or a row of a database.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the model has no such users, and [`Error::BadQuestion`] with every problem.
    pub fn record(&self, record: &Value) -> Result<Subject, Error> {
        self.check_accepts_records()?;
        let question = Value::object([("subject", record.clone())]);
        let mut problems = Problems::default();
        let subject = question.get("subject").and_then(|record| self.resolve_record(record, &mut problems));
        subject_or_problems(subject, problems, &question)
    }

    /// Limits a subject to what each of these holders allows by itself. `holders` is one holder or a list.
    ///
    /// # Errors
    ///
    /// As [`Authorizer::record`].
    pub fn within(&self, subject: Subject, holders: &Value) -> Result<Subject, Error> {
        self.check_accepts_records()?;
        let question = Value::object([("within", holders.clone())]);
        let mut problems = Problems::default();
        let subject = question.get("within").and_then(|holders| self.limit_subject(subject, holders, &mut problems));
        subject_or_problems(subject, problems, &question)
    }

    /// Whether users can bring their own record.
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

    /// Whether a decision for this subject depends on the time.
    pub fn is_timed(&self, subject: &Subject) -> bool {
        self.records.is_timed(&subject.grants)
    }

    /// When a decision for this subject next changes after `now` by the time alone, if ever. Both times are in seconds
    /// since 1970.
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

    /// The vocabulary of these records.
    pub fn vocabulary(&self) -> Vocabulary<'_> {
        self.records.vocabulary()
    }

    /// The digest of everything by which this subject is decided, as `sha256-…`. Records of other users do not change
    /// it.
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

    /// Decides whether the subject has the action, and by which rule. `details` are [`Details`] of the question, or
    /// attributes alone.
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

    /// The resources for which the subject has the action.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], and [`Error::Unsupported`] if the model cannot say exactly.
    pub fn reach(&self, subject: &Subject, action: &str) -> Result<Value, Error> {
        let action = self.records.action(&subject.grants, action)?;
        let reach = action.and_then(|action| self.records.reach(&subject.grants, action));
        reach.ok_or(unsupported(self.system(), "exact list of where this is allowed: ask about each resource"))
    }

    /// Records in which this subject gets the same decisions and has the same digest. A server sends them to a page.
    /// They contain no other user. The given `roles` are kept too, for a `within` of later questions.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the model does not keep the whole document: then use `slice_document`.
    /// [`Error::BadQuestion`] for a role that does not exist.
    pub fn slice(&self, subject: &Subject, roles: &[&str]) -> Result<Value, Error> {
        self.slice_with(subject, &Value::texts(roles))
    }

    pub(crate) fn slice_with(&self, subject: &Subject, roles: &Value) -> Result<Value, Error> {
        let mut problems = Problems::default();
        let slice = self.records.slice(&subject.grants, roles, &mut problems);
        if !problems.is_empty() {
            let mut problems = problems.into_list(roles);
            for problem in &mut problems {
                problem.path.insert_str(0, "/roles");
            }
            return Err(Error::BadQuestion { problems });
        }
        slice.ok_or(unsupported(self.system(), "slice of what it opened: `slice_document` takes the document"))
    }

    /// Validates a body or form by the model's rules, within the limits that the records configure.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`]. A value that violates rules is not an error: the inner result has all its problems.
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

    /// The actions that a subject has on a resource, in the order of the vocabulary.
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

    /// Explains a decision as an object: `text`, and what else the model can say. Returns `None` if the explanation of
    /// the rule is enough.
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

    /// A packed decision with names.
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
        let why = fill("<> fits no shape in `resources` of the document", &[resource]);
        Err(Error::UnknownResource { why })
    }

    /// Whether a resource of this name is known.
    #[cfg(feature = "js")]
    #[inline(always)]
    pub(crate) fn knows_resource(&self, resource: &str) -> bool {
        self.records.knows_resource(resource)
    }
}

/// The subject, or the problems of its record or holders.
fn subject_or_problems(subject: Option<Subject>, problems: Problems, question: &Value) -> Result<Subject, Error> {
    let subject = subject.filter(|_| problems.is_empty());
    subject.ok_or_else(|| Error::BadQuestion { problems: problems.into_list(question) })
}
