//! The calls, by the numbers that pkg/core/glue.mjs gives them. They share one export, because each export weighs half a
//! kilobyte. Results with more than one string are JSON text: JavaScript makes objects of it without calling setters of
//! `Object.prototype`.

use super::handle_table::HandleTable;
use super::slots::Handle;
#[cfg(feature = "tools")]
use super::tools;
use crate::authorizer::{self, Authorizer};
use crate::document::problem::{problems_to_value, Problem};
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Question, Request};
use crate::systems::Vocabulary;
use crate::tables::text::number;

/// The result of a call.
pub(super) enum Reply {
    /// A handle or a packed decision.
    Number(u32),
    Text(String),
}

/// Handles a call. `json` is its JSON text, `null` if that is empty. `first` to `third` are its further texts, empty if it has
/// fewer.
///
/// | call | takes | JSON | returns |
/// | --- | --- | --- | --- |
/// | 0 | a system, and records as JSON text | | the handle of an authorizer |
/// | 1 | an authorizer, 1 if the caller is signed in, and then an id | | the handle of a subject |
/// | 2 | an authorizer | `{subject, within}` | the handle of a subject |
/// | 3 | a subject, an action and a resource | details | a packed decision |
/// | 4 | as 1, an action and a resource | details | a packed decision for a subject that is not stored |
/// | 5 | an authorizer whose users can bring records | a whole question | a packed decision |
/// | 7 | a subject and a resource | details | a list of actions |
/// | 8 | a system and a kind | a value | `{value}` or `{problems}`, with nothing configured |
/// | 9 | an authorizer and a kind | a value | the same, within the limits that the records configure |
/// | 10 | a system | a request | its question, or the empty string |
/// | 11 | a system | | its vocabulary, if it does not depend on records |
/// | 12 | an authorizer | | its vocabulary |
/// | 13 | a handle, an aspect, an action and a resource | details | what [`query`] returns |
///
/// Details are the other members of a question: attributes, context, properties, now, and the resource if it is given
/// by its parts.
pub(super) fn handle_call(
    handles: &mut HandleTable,
    call: u32,
    [handle, number]: [u32; 2],
    json: &Value,
    [first, second, third]: [&str; 3],
) -> Result<Reply, Error> {
    let is_signed_in = number != 0;
    Ok(Reply::Number(match call {
        0 => handles.store_authorizer(authorizer::open(first, second)?)?,
        1 => {
            let subject = handles.authorizer(handle).ok_or(Error::StaleHandle)?.subject(is_signed_in.then_some(first));
            handles.store_subject(handle, subject)?
        }
        2 => {
            let subject = handles.authorizer(handle).ok_or(Error::StaleHandle)?.question_subject(json)?;
            handles.store_subject(handle, subject)?
        }
        3 => {
            let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
            authorizer.decide_with_details(subject, first, second, json)?.0
        }
        4 => {
            let authorizer = handles.authorizer(handle).ok_or(Error::StaleHandle)?;
            let subject = authorizer.subject(is_signed_in.then_some(first));
            authorizer.decide_with_details(&subject, second, third, json)?.0
        }
        5 => {
            let authorizer = handles.authorizer(handle).ok_or(Error::StaleHandle)?;
            // A module whose models have no such users does without the code of whole questions.
            authorizer.check_accepts_records()?;
            authorizer.ask_packed(json)?.0
        }
        _ => return handle_text_call(handles, call, [handle, number], json, [first, second]).map(Reply::Text),
    }))
}

/// Handles a call that returns a text.
fn handle_text_call(
    handles: &HandleTable,
    call: u32,
    [handle, aspect]: [u32; 2],
    json: &Value,
    [first, second]: [&str; 2],
) -> Result<String, Error> {
    Ok(match call {
        7 => {
            let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
            Value::texts(&authorizer.actions_with_details(subject, first, json)?).json()
        }
        8 => validation_json(authorizer::validate(first, second, json)?),
        9 => validation_json(handles.authorizer(handle).ok_or(Error::StaleHandle)?.validate(first, json)?),
        10 => {
            // Without the member `body` the body was not read.
            let question = authorizer::classify_request(first, &parse_request(json), json.get("body").is_some())?;
            question.map_or_else(String::new, |Question { action, resource, attributes }| {
                let (action, resource) = (Value::Text(action), Value::Text(resource));
                Value::object([("action", action), ("resource", resource), ("attributes", attributes)]).json()
            })
        }
        11 => vocabulary_json(&authorizer::vocabulary(first)?, &[]),
        12 => {
            let authorizer = handles.authorizer(handle).ok_or(Error::StaleHandle)?;
            vocabulary_json(&authorizer.vocabulary(), &question_members(authorizer))
        }
        _ => return query(handles, aspect, handle, [first, second], json),
    })
}

/// Answers a query about an authorizer or a subject, by its number in pkg/core/query.mjs. A number, such as the
/// time, is passed in place of the action.
fn query(
    handles: &HandleTable,
    aspect: u32,
    handle: Handle,
    [action, resource]: [&str; 2],
    details: &Value,
) -> Result<String, Error> {
    if aspect == 0 {
        return Ok(handles.authorizer(handle).ok_or(Error::StaleHandle)?.digest());
    }
    #[cfg(feature = "tools")]
    if aspect >= tools::FIRST {
        return tools::query_tools(handles, aspect, handle, [action, resource], details);
    }
    let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
    let response = match aspect {
        1 => return Ok(authorizer.subject_digest(subject)),
        2 => authorizer.reach(subject, action)?,
        3 => authorizer.slice_with(subject, details)?,
        // Empty if there is only the explanation of the rule.
        4 => {
            let explanation = if authorizer.accepts_records() {
                authorizer.explain_with_details(subject, action, resource, details)?
            } else {
                None
            };
            let Some(explanation) = explanation else { return Ok(String::new()) };
            explanation
        }
        5 => Value::from(authorizer.is_timed(subject)),
        _ => {
            let next = action.parse().ok().and_then(|now| authorizer.changes_at(subject, now));
            next.map_or(Value::Null, |next| Value::Number(number(next).into()))
        }
    };
    Ok(response.json())
}

fn validation_json(checked: Result<Value, Vec<Problem>>) -> String {
    match checked {
        Ok(value) => Value::object([("value", value)]),
        Err(problems) => Value::object([("problems", problems_to_value(&problems))]),
    }
    .json()
}

/// Parses a request: `{method, path, query: [[name, value]], body}`.
fn parse_request(request: &Value) -> Request<'_> {
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

/// The lists of a vocabulary as JSON text.
fn vocabulary_json(vocabulary: &Vocabulary<'_>, takes: &[&str]) -> String {
    let mut lists = Vec::new();
    for list in vocabulary_lists(vocabulary, takes) {
        lists.push(Value::texts(list));
    }
    Value::List(lists).json()
}

/// The lists of a vocabulary: actions, levels, rules, kinds, and the optional members of questions.
pub(super) fn vocabulary_lists<'v>(vocabulary: &'v Vocabulary<'v>, takes: &'v [&'v str]) -> [&'v [&'v str]; 5] {
    let Vocabulary { actions, levels, rules, kinds } = vocabulary;
    [actions, levels, rules, kinds, takes]
}

/// The optional members of questions: `records` for records of users and resources by their parts, `now` if there are bounds.
pub(super) fn question_members(authorizer: &Authorizer) -> Vec<&'static str> {
    let mut takes = Vec::new();
    if authorizer.accepts_records() {
        takes.push("records");
    }
    if authorizer.has_bounds() {
        takes.push("now");
    }
    takes
}

/// An error as JSON text of `{code, message, problems}`, of which the package makes an `Error`.
pub(super) fn error_json(error: &Error) -> String {
    Value::object([
        ("code", Value::from(error.code())),
        ("message", Value::Text(error.message())),
        ("problems", problems_to_value(error.problems())),
    ])
    .json()
}
