//! The rare doors: texts in, a text out.

use super::desk::Desk;
use super::slots::Handle;
use crate::authorizer;
use crate::error::Error;
use crate::problem::{listed, Problem};
use crate::system::{Question, Request};
use crate::systems::Vocabulary;
use crate::text::number as digits;
use crate::value::Value;
use crate::word::words;

words! {
    /// The doors, by the numbers that `DOORS` of pkg/lib/instance.mjs has for them.
    pub enum Door {
        /// Opens a system on records given as JSON text: the handle of an authorizer.
        Open = "open",
        /// Prepares the subject of this id: a handle.
        Subject = "subject",
        /// Prepares somebody who did not sign in: a handle.
        Nobody = "nobody",
        /// Prepares a role as if it asked itself: a handle, or 0 where the system has no questions about roles.
        Role = "role",
        /// Decides by names, with attributes as JSON text: a packed decision. For what has no code or no room.
        Decide = "decide",
        /// Prepares a question of this subject: its number. The mark becomes that of a subject which has prepared
        /// none so far.
        Prepare = "prepare",
        /// The digest of an authorizer.
        Digest = "digest",
        /// The digest of what a subject holds.
        SubjectDigest = "subject_digest",
        /// What the product itself would list for this subject: a JSON list of strings.
        Listing = "listing",
        /// Checks a value, given as JSON text, with nothing configured: `{value}` or `{problems}`.
        Validate = "validate",
        /// Checks a value within the limits that an authorizer's records configure.
        ValidateWith = "validate_with",
        /// The question of a request, `{method, path, query: [[name, value]], body}` as JSON text: that question, or
        /// nothing when no route of the system has the request.
        Classify = "classify",
        /// The words of a system: its actions, levels, rules and kinds, four lists.
        Vocabulary = "vocabulary",
    }
}

/// What a door answers, and whether that is an error: `{code, message, problems}`. A door that there is not is
/// closed to everybody.
pub(super) fn through(
    door: Option<Door>,
    desk: &mut Desk,
    handle: Handle,
    mark: u32,
    texts: [&str; 3],
) -> (String, bool) {
    let answer = door.ok_or(Error::StaleHandle).and_then(|door| open(door, desk, handle, mark, texts));
    match answer {
        Ok(text) => (text, false),
        Err(error) => (thrown(&error), true),
    }
}

fn open(door: Door, desk: &mut Desk, handle: Handle, mark: u32, texts: [&str; 3]) -> Result<String, Error> {
    let [first, second, third] = texts;
    let number = match door {
        Door::Open => desk.open(authorizer::open(first, second)?)?,
        Door::Subject => hold(desk, handle, Some(first))?,
        Door::Nobody => hold(desk, handle, None)?,
        Door::Role => match desk.authorizer(handle)?.role(first) {
            Some(subject) => desk.hold(handle, subject)?,
            None => 0,
        },
        Door::Decide => {
            let (authorizer, subject) = desk.subject(handle)?;
            authorizer.decide_named(subject, first, second, &Value::parse(third)?)?.0
        }
        Door::Prepare => {
            let (authorizer, subject) = desk.subject(handle)?;
            let packed = authorizer.decide_named(subject, first, second, &Value::Null)?;
            desk.prepare(handle, packed, mark)?
        }
        Door::Digest => return Ok(desk.authorizer(handle)?.digest()),
        Door::SubjectDigest => {
            let (authorizer, subject) = desk.subject(handle)?;
            return Ok(authorizer.subject_digest(subject));
        }
        Door::Listing => {
            let (authorizer, subject) = desk.subject(handle)?;
            return Ok(Value::texts(&authorizer.listing(subject)).json());
        }
        Door::Validate => return Ok(outcome(authorizer::validate(first, second, &Value::parse(third)?)?)),
        Door::ValidateWith => {
            let authorizer = desk.authorizer(handle)?;
            return Ok(outcome(authorizer.validate(first, &Value::parse(second)?)?));
        }
        Door::Classify => return classify(first, &Value::parse(second)?),
        Door::Vocabulary => {
            let Vocabulary { actions, levels, rules, kinds } = authorizer::vocabulary(first)?;
            let lists = vec![Value::texts(actions), Value::texts(levels), Value::texts(rules), Value::texts(kinds)];
            return Ok(Value::List(lists).json());
        }
    };
    Ok(digits(number))
}

fn hold(desk: &mut Desk, authorizer: Handle, id: Option<&str>) -> Result<Handle, Error> {
    let subject = desk.authorizer(authorizer)?.subject(id);
    desk.hold(authorizer, subject)
}

fn outcome(checked: Result<Value, Vec<Problem>>) -> String {
    match checked {
        Ok(value) => Value::object([("value", value)]),
        Err(problems) => Value::object([("problems", listed(&problems))]),
    }
    .json()
}

fn classify(system: &str, request: &Value) -> Result<String, Error> {
    let question = authorizer::classify(system, &asked(request))?;
    Ok(question.map_or_else(String::new, |Question { action, resource, attributes }| {
        let (action, resource) = (Value::Text(action), Value::Text(resource));
        Value::object([("action", action), ("resource", resource), ("attributes", attributes)]).json()
    }))
}

fn asked(request: &Value) -> Request<'_> {
    let text = |name| request.get(name).and_then(Value::text).unwrap_or("");
    let mut query = Vec::new();
    if let Some(Value::List(pairs)) = request.get("query") {
        for pair in pairs {
            if let Value::List(pair) = pair {
                if let [Value::Text(name), Value::Text(value), ..] = pair.as_slice() {
                    query.push((name.as_str(), value.as_str()));
                }
            }
        }
    }
    Request { method: text("method"), path: text("path"), query, body: request.get("body").unwrap_or(&Value::Null) }
}

/// What an error becomes: JSON text of `{code, message, problems}`, which the package makes an `Error`.
fn thrown(error: &Error) -> String {
    Value::object([
        ("code", Value::from(error.code())),
        ("message", Value::Text(error.message())),
        ("problems", listed(error.problems())),
    ])
    .json()
}
