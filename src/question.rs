//! Questions as one JSON object: the subject, the action, the resource and the details.

use crate::authorizer::{Authorizer, Subject};
use crate::decision::{Decision, Packed};
#[cfg(feature = "js")]
use crate::document::limits::NAME_MAX;
use crate::document::node::Node;
use crate::document::problem::{one_of, Code, Problems};
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Details, Principal};
use crate::tables::text::fill;

/// The members of a question.
const MEMBERS: [&str; 8] = ["subject", "action", "resource", "attributes", "context", "properties", "within", "now"];

impl Authorizer {
    /// Answers a question in one object:
    ///
    /// | member | value |
    /// | --- | --- |
    /// | `subject` | an id, `null` for an anonymous caller, and depending on the model a record of the user or `{"role": …}` |
    /// | `action` | a name |
    /// | `resource` | a name, or an object with `type` and its parts |
    /// | `attributes`, `context`, `properties` | objects: attributes of the resource, the context of the request, properties of the action |
    /// | `within` | a holder or a list of holders, each of which must allow the action too |
    /// | `now` | seconds since 1970 |
    ///
    /// # Errors
    ///
    /// The first of these that applies: [`Error::UnknownAction`], [`Error::UnknownResource`], and
    /// [`Error::BadQuestion`] with every problem, as pointers into the question. [`Error::Unsupported`] if the model
    /// has no such subject.
    pub fn ask(&self, question: &Value) -> Result<Decision<'_>, Error> {
        self.ask_packed(question).map(|packed| self.decision(packed))
    }

    pub(crate) fn ask_packed(&self, question: &Value) -> Result<Packed, Error> {
        let mut problems = Problems::default();
        if let Value::Object(members) = question {
            for (name, value) in members {
                if !MEMBERS.contains(&name.as_str()) {
                    let message = fill("unknown member <>, expected {}", &[name, &one_of(&MEMBERS)]);
                    problems.add(value, None, Code::UnknownField, &message);
                }
            }
        } else {
            Node { value: question }.wrong_type(&mut problems, "a question, an object");
        }
        let resolved = self.parse_subject(question, &mut problems)?;
        let details = self.parse_details(question, &mut problems);
        // The action is checked even if other members are invalid.
        let subject = resolved.unwrap_or_else(|| self.subject(None));
        let action = question.get("action").and_then(Value::text).unwrap_or_default();
        self.action(&subject, action)?;
        let resource = self.path(question.get("resource").unwrap_or(&Value::Null))?;
        self.check_resource(&resource)?;
        if problems.is_empty() {
            return self.decide_named(&subject, action, &resource, details.details());
        }
        Err(Error::BadQuestion { problems: problems.into_list(question) })
    }

    /// The subject of a question, limited by its `within`. Other members do not count.
    ///
    /// # Errors
    ///
    /// As [`Authorizer::ask`].
    pub fn question_subject(&self, question: &Value) -> Result<Subject, Error> {
        let mut problems = Problems::default();
        let subject = self.parse_subject(question, &mut problems)?.filter(|_| problems.is_empty());
        subject.ok_or_else(|| Error::BadQuestion { problems: problems.into_list(question) })
    }

    /// Decides by names, with the details in `question`. If it has a member `resource`, that gives the resource by its
    /// parts.
    #[cfg(feature = "js")]
    pub(crate) fn decide_with_details(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &Value,
    ) -> Result<Packed, Error> {
        let (code, resource, given) = self.resolve_question(subject, action, resource, question)?;
        Ok(code.map_or(Packed::DENY, |code| self.decide_packed(subject, code, &resource, given.details())))
    }

    /// Explains by names what [`Self::decide_with_details`] decides.
    #[cfg(feature = "js")]
    pub(crate) fn explain_with_details(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &Value,
    ) -> Result<Option<Value>, Error> {
        let (code, resource, given) = self.resolve_question(subject, action, resource, question)?;
        Ok(code.and_then(|code| self.explain_packed(subject, code, &resource, given.details())))
    }

    /// Resolves the code of the action, the name of the resource and the details.
    #[cfg(feature = "js")]
    fn resolve_question<'q>(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &'q Value,
    ) -> Result<(Option<u8>, String, ParsedDetails<'q>), Error> {
        let code = self.action(subject, action)?;
        let (resource, given) = self.parse_resource_and_details(resource, question)?;
        if resource.len() > NAME_MAX {
            return Err(Error::NameTooLong);
        }
        Ok((code, resource, given))
    }

    /// The actions that a subject has on a resource, in the order of their codes.
    #[cfg(feature = "js")]
    pub(crate) fn actions_with_details(
        &self,
        subject: &Subject,
        resource: &str,
        question: &Value,
    ) -> Result<Vec<&str>, Error> {
        let (resource, given) = self.parse_resource_and_details(resource, question)?;
        self.actions(subject, &resource, given.details())
    }

    #[cfg(feature = "js")]
    pub(crate) fn parse_resource_and_details<'q>(
        &self,
        resource: &str,
        question: &'q Value,
    ) -> Result<(String, ParsedDetails<'q>), Error> {
        let resource = match question.get("resource") {
            Some(parts) => self.path(parts)?,
            None => resource.to_owned(),
        };
        self.check_resource(&resource)?;
        let mut problems = Problems::default();
        let given = self.parse_details(question, &mut problems);
        if problems.is_empty() {
            return Ok((resource, given));
        }
        Err(Error::BadQuestion { problems: problems.into_list(question) })
    }

    fn parse_details<'q>(&self, question: &'q Value, problems: &mut Problems) -> ParsedDetails<'q> {
        if self.accepts_records() {
            return ParsedDetails::parse(question, problems);
        }
        // The models of products ignore what their product does not use.
        *problems = Problems::default();
        let object = |name: &str| question.get(name).unwrap_or(&Value::Null);
        let (attributes, context, properties) = (object("attributes"), object("context"), object("properties"));
        ParsedDetails { attributes, context, properties, now: None }
    }

    /// Parses the subject of a question, limited by its `within`. Returns `None` if there is a problem.
    fn parse_subject(&self, question: &Value, problems: &mut Problems) -> Result<Option<Subject>, Error> {
        let subject = match question.get("subject") {
            None | Some(Value::Null) => Some(self.subject(None)),
            Some(Value::Text(id)) => Some(self.subject(Some(id))),
            Some(record @ Value::Object(_)) => match record.get("role").and_then(Value::text) {
                // If users cannot bring records, an object can only be a role.
                Some(role) if !self.accepts_records() => Some(self.principal(Principal::Role(role))?),
                _ => {
                    self.check_accepts_records()?;
                    self.resolve_record(record, problems)
                }
            },
            Some(value) => {
                Node { value }.wrong_type(problems, "the id of a user, null, or a record with `id`");
                None
            }
        };
        let Some(holders) = question.get("within") else { return Ok(subject) };
        self.check_accepts_records()?;
        // Problems of the holders are reported even if the subject is invalid.
        let narrowed = self.limit_subject(subject.unwrap_or_else(|| self.subject(None)), holders, problems);
        Ok(narrowed.filter(|_| problems.is_empty()))
    }
}

/// The parsed details of a question.
pub(crate) struct ParsedDetails<'q> {
    attributes: &'q Value,
    context: &'q Value,
    properties: &'q Value,
    now: Option<u64>,
}

impl<'q> ParsedDetails<'q> {
    /// Parses the details of a question, and reports every problem.
    pub(crate) fn parse(question: &'q Value, problems: &mut Problems) -> Self {
        let mut object = |name: &str| match question.get(name) {
            None => &Value::Null,
            Some(value) => {
                if !matches!(value, Value::Object(_)) {
                    Node { value }.wrong_type(problems, "an object");
                }
                value
            }
        };
        let (attributes, context, properties) = (object("attributes"), object("context"), object("properties"));
        let now = question.get("now").and_then(|value| {
            let seconds = match value {
                Value::Number(digits) => parse_seconds(digits),
                _ => None,
            };
            if seconds.is_none() {
                let message =
                    "expected a whole number of seconds since 1970-01-01T00:00:00Z, from 0 to 9007199254740991";
                problems.add(value, None, Code::BadTime, message);
            }
            seconds
        });
        Self { attributes, context, properties, now }
    }

    /// The details in the form for a model.
    pub(crate) fn details(&self) -> Details<'q> {
        let Self { attributes, context, properties, now } = *self;
        Details { attributes, context, properties, now }
    }
}

/// Parses a JSON number as whole seconds: `10`, `10.0` or `1e1`.
#[cfg(feature = "double")]
fn parse_seconds(digits: &str) -> Option<u64> {
    crate::tables::double::whole_number(digits)
}

/// Without models that have time bounds, no decision depends on the time.
#[cfg(not(feature = "double"))]
fn parse_seconds(digits: &str) -> Option<u64> {
    digits.parse().ok()
}
