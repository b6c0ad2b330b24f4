//! A question in one JSON object: who asks, for what, and all that is known.

use crate::authorizer::{Authorizer, Subject};
use crate::decision::{Decision, Packed};
#[cfg(feature = "js")]
use crate::document::limits::NAME_MAX;
use crate::document::node::Node;
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Details, Principal};

/// The members of a question.
const MEMBERS: [&str; 8] = ["subject", "action", "resource", "attributes", "context", "properties", "within", "now"];

impl Authorizer {
    /// Answers a question in one object:
    ///
    /// | member | value |
    /// | --- | --- |
    /// | `subject` | an id, `null` for nobody, a record of the user, or `{"role": …}`, as the model has it |
    /// | `action` | a name |
    /// | `resource` | a name, or an object with `type` and its parts |
    /// | `attributes`, `context`, `properties` | objects: what is known of the resource, the circumstances, the action |
    /// | `within` | a holder or a list of holders, each of which must allow it too |
    /// | `now` | seconds since 1970 |
    ///
    /// # Errors
    ///
    /// The first of these that applies: [`Error::UnknownAction`], [`Error::UnknownResource`], and [`Error::BadQuestion`]
    /// with every problem, as pointers into the question. [`Error::Unsupported`] where the model has no such subject.
    pub fn ask(&self, question: &Value) -> Result<Decision<'_>, Error> {
        self.ask_packed(question).map(|packed| self.decision(packed))
    }

    pub(crate) fn ask_packed(&self, question: &Value) -> Result<Packed, Error> {
        let mut problems = Problems::default();
        if let Value::Object(members) = question {
            for (name, value) in members {
                if !MEMBERS.contains(&name.as_str()) {
                    let message = fill_quoted("unknown member <>, expected {}", &[name, &one_of(&MEMBERS)]);
                    problems.add(value, None, Code::UnknownField, &message);
                }
            }
        } else {
            Node { value: question }.wrong_type(&mut problems, "a question, an object");
        }
        let resolved = self.parse_subject(question, &mut problems)?;
        let details = self.read_given(question, &mut problems);
        // For the action alone, it does not matter what else is wrong.
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

    /// Who asks a question, within which holders; its other members do not count.
    ///
    /// # Errors
    ///
    /// As [`Authorizer::ask`].
    pub fn question_subject(&self, question: &Value) -> Result<Subject, Error> {
        let mut problems = Problems::default();
        let subject = self.parse_subject(question, &mut problems)?.filter(|_| problems.is_empty());
        subject.ok_or_else(|| Error::BadQuestion { problems: problems.into_list(question) })
    }

    /// Decides by names, with the other members of a question; its resource, if it has one, is given by parts.
    #[cfg(feature = "js")]
    pub(crate) fn decide_given(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &Value,
    ) -> Result<Packed, Error> {
        let (code, resource, given) = self.resolve_question(subject, action, resource, question)?;
        Ok(code.map_or(Packed::DENY, |code| self.decide_packed(subject, code, &resource, given.details())))
    }

    /// Explains by names, as [`Self::decide_given`] decides.
    #[cfg(feature = "js")]
    pub(crate) fn explain_given(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &Value,
    ) -> Result<Option<Value>, Error> {
        let (code, resource, given) = self.resolve_question(subject, action, resource, question)?;
        Ok(code.and_then(|code| self.explain_packed(subject, code, &resource, given.details())))
    }

    /// What is asked: the code of the action, the name of the resource, and the other members of the question.
    #[cfg(feature = "js")]
    fn resolve_question<'q>(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &'q Value,
    ) -> Result<(Option<u8>, String, Given<'q>), Error> {
        let code = self.action(subject, action)?;
        let (resource, given) = self.parse_given(resource, question)?;
        if resource.len() > NAME_MAX {
            return Err(Error::NameTooLong);
        }
        Ok((code, resource, given))
    }

    /// The actions that a subject may do on a resource, in the order of their codes.
    #[cfg(feature = "js")]
    pub(crate) fn actions_given(
        &self,
        subject: &Subject,
        resource: &str,
        question: &Value,
    ) -> Result<Vec<&str>, Error> {
        let (resource, given) = self.parse_given(resource, question)?;
        self.actions(subject, &resource, given.details())
    }

    #[cfg(feature = "js")]
    pub(crate) fn parse_given<'q>(&self, resource: &str, question: &'q Value) -> Result<(String, Given<'q>), Error> {
        let resource = match question.get("resource") {
            Some(parts) => self.path(parts)?,
            None => resource.to_owned(),
        };
        self.check_resource(&resource)?;
        let mut problems = Problems::default();
        let given = self.read_given(question, &mut problems);
        if problems.is_empty() {
            return Ok((resource, given));
        }
        Err(Error::BadQuestion { problems: problems.into_list(question) })
    }

    fn read_given<'q>(&self, question: &'q Value, problems: &mut Problems) -> Given<'q> {
        if self.accepts_records() {
            return Given::parse(question, problems);
        }
        // The models of products pass over what their product does not look at.
        *problems = Problems::default();
        let object = |name: &str| question.get(name).unwrap_or(&Value::Null);
        let (attributes, context, properties) = (object("attributes"), object("context"), object("properties"));
        Given { attributes, context, properties, now: None }
    }

    /// Who asks, within which holders; `None` if there is a problem.
    fn parse_subject(&self, question: &Value, problems: &mut Problems) -> Result<Option<Subject>, Error> {
        let subject = match question.get("subject") {
            None | Some(Value::Null) => Some(self.subject(None)),
            Some(Value::Text(id)) => Some(self.subject(Some(id))),
            Some(record @ Value::Object(_)) => match record.get("role").and_then(Value::text) {
                // Where no record asks, an object can only be meant as a role.
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
        // What is wrong with the holders is noted also where the user is refused.
        let narrowed = self.limit_subject(subject.unwrap_or_else(|| self.subject(None)), holders, problems);
        Ok(narrowed.filter(|_| problems.is_empty()))
    }
}

/// What a question says beyond its action and resource.
pub(crate) struct Given<'q> {
    attributes: &'q Value,
    context: &'q Value,
    properties: &'q Value,
    now: Option<u64>,
}

impl<'q> Given<'q> {
    /// Reads the members of a question, noting every problem.
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

    /// The same for the rules.
    pub(crate) fn details(&self) -> Details<'q> {
        let Self { attributes, context, properties, now } = *self;
        Details { attributes, context, properties, now }
    }
}

/// The whole number of seconds that a JSON number is: `10`, `10.0` or `1e1`.
#[cfg(feature = "double")]
fn parse_seconds(digits: &str) -> Option<u64> {
    crate::tables::double::whole_number(digits)
}

/// Without models with time bounds, no answer depends on it.
#[cfg(not(feature = "double"))]
fn parse_seconds(digits: &str) -> Option<u64> {
    digits.parse().ok()
}
