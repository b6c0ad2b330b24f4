//! What the calls do, by the numbers that pkg/core/glue.mjs gives them. One export for all, because each weighs half a
//! kilobyte. A text of an answer is JSON where it is more than one string: JavaScript makes objects of it in a way that no
//! setter on `Object.prototype` sees.

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

/// The answer to a call.
pub(super) enum Reply {
    /// A handle or a packed decision.
    Number(u32),
    Text(String),
}

/// Answers a call. `json` is its text that is JSON, `null` where that is empty; `first` to `third` are its further texts,
/// empty where it has fewer.
///
/// | call | takes | JSON | returns |
/// | --- | --- | --- | --- |
/// | 0 | a system, and records as JSON text | | the handle of an authorizer |
/// | 1 | an authorizer, 1 if somebody is signed in, and an id that counts only then | | the handle of a subject |
/// | 2 | an authorizer | `{subject, within}` | likewise |
/// | 3 | a subject, an action and a resource | details | a packed decision |
/// | 4 | as 1, an action and a resource | details | a packed decision for a subject that is not kept |
/// | 5 | an authorizer whose users can bring records | a whole question | a packed decision |
/// | 7 | a subject and a resource | details | a list of actions |
/// | 8 | a system and a kind | a value | `{value}` or `{problems}`, with nothing configured |
/// | 9 | an authorizer and a kind | a value | likewise, within the limits that the records configure |
/// | 10 | a system | a request | its question, or the empty string |
/// | 11 | a system | | its words, where they do not depend on records |
/// | 12 | an authorizer | | its words |
/// | 13 | a handle, an aspect, an action and a resource | details | what [`tell`] tells |
///
/// Details are what a question says beyond its names: attributes, context, properties, now, and the resource where it is
/// given by its parts.
pub(super) fn answer(
    handles: &mut HandleTable,
    call: u32,
    [handle, number]: [u32; 2],
    json: &Value,
    [first, second, third]: [&str; 3],
) -> Result<Reply, Error> {
    let is_signed_in = number != 0;
    Ok(Reply::Number(match call {
        0 => handles.open(authorizer::open(first, second)?)?,
        1 => {
            let subject = handles.authorizer(handle).ok_or(Error::StaleHandle)?.subject(is_signed_in.then_some(first));
            handles.hold(handle, subject)?
        }
        2 => {
            let subject = handles.authorizer(handle).ok_or(Error::StaleHandle)?.asking(json)?;
            handles.hold(handle, subject)?
        }
        3 => {
            let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
            authorizer.decide_given(subject, first, second, json)?.0
        }
        4 => {
            let authorizer = handles.authorizer(handle).ok_or(Error::StaleHandle)?;
            let subject = authorizer.subject(is_signed_in.then_some(first));
            authorizer.decide_given(&subject, second, third, json)?.0
        }
        5 => {
            let authorizer = handles.authorizer(handle).ok_or(Error::StaleHandle)?;
            // A module whose models have no such users does without the code of whole questions.
            authorizer.check_records_ask()?;
            authorizer.ask_packed(json)?.0
        }
        _ => return answer_text(handles, call, [handle, number], json, [first, second]).map(Reply::Text),
    }))
}

/// Answers a call whose answer is a text.
fn answer_text(
    handles: &HandleTable,
    call: u32,
    [handle, aspect]: [u32; 2],
    json: &Value,
    [first, second]: [&str; 2],
) -> Result<String, Error> {
    Ok(match call {
        7 => {
            let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
            Value::texts(&authorizer.actions_given(subject, first, json)?).json()
        }
        8 => outcome(authorizer::validate(first, second, json)?),
        9 => outcome(handles.authorizer(handle).ok_or(Error::StaleHandle)?.validate(first, json)?),
        10 => {
            // Without the member `body` the body was not read.
            let question = authorizer::question(first, &asked(json), json.get("body").is_some())?;
            question.map_or_else(String::new, |Question { action, resource, attributes }| {
                let (action, resource) = (Value::Text(action), Value::Text(resource));
                Value::object([("action", action), ("resource", resource), ("attributes", attributes)]).json()
            })
        }
        11 => words(&authorizer::vocabulary(first)?, &[]),
        12 => {
            let authorizer = handles.authorizer(handle).ok_or(Error::StaleHandle)?;
            words(&authorizer.vocabulary(), &takes_of(authorizer))
        }
        _ => return tell(handles, aspect, handle, [first, second], json),
    })
}

/// What else can be asked of an authorizer or a subject, by number: `ASPECTS` of pkg/core/query.mjs. Where a number is
/// asked for, such as the time, it stands in the place of the action.
fn tell(
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
        return tools::tell(handles, aspect, handle, [action, resource], details);
    }
    let (authorizer, subject) = handles.subject(handle).ok_or(Error::StaleHandle)?;
    let told = match aspect {
        1 => return Ok(authorizer.subject_digest(subject)),
        2 => authorizer.reach(subject, action)?,
        3 => authorizer.slice_with(subject, details)?,
        // Empty where the explanation of the rule is all.
        4 => {
            let found = if authorizer.records_ask() {
                authorizer.explain_given(subject, action, resource, details)?
            } else {
                None
            };
            let Some(found) = found else { return Ok(String::new()) };
            found
        }
        5 => Value::from(authorizer.is_timed(subject)),
        _ => {
            let next = action.parse().ok().and_then(|now| authorizer.changes_at(subject, now));
            next.map_or(Value::Null, |next| Value::Number(number(next).into()))
        }
    };
    Ok(told.json())
}

fn outcome(checked: Result<Value, Vec<Problem>>) -> String {
    match checked {
        Ok(value) => Value::object([("value", value)]),
        Err(problems) => Value::object([("problems", problems_to_value(&problems))]),
    }
    .json()
}

/// The request in `{method, path, query: [[name, value]], body}`.
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

/// The lists of a vocabulary as JSON text.
fn words(vocabulary: &Vocabulary<'_>, takes: &[&str]) -> String {
    let mut lists = Vec::new();
    for list in word_lists(vocabulary, takes) {
        lists.push(Value::texts(list));
    }
    Value::List(lists).json()
}

/// The lists of a vocabulary: actions, levels, rules and kinds, and what questions take besides.
pub(super) fn word_lists<'v>(vocabulary: &'v Vocabulary<'v>, takes: &'v [&'v str]) -> [&'v [&'v str]; 5] {
    let Vocabulary { actions, levels, rules, kinds } = vocabulary;
    [actions, levels, rules, kinds, takes]
}

/// What questions take besides names: `records` of users and resources by their parts, `now` if there are time bounds.
pub(super) fn takes_of(authorizer: &Authorizer) -> Vec<&'static str> {
    let mut takes = Vec::new();
    if authorizer.records_ask() {
        takes.push("records");
    }
    if authorizer.has_bounds() {
        takes.push("now");
    }
    takes
}

/// What an error becomes: JSON text of `{code, message, problems}`, which the package makes an `Error`.
pub(super) fn error_text(error: &Error) -> String {
    Value::object([
        ("code", Value::from(error.code())),
        ("message", Value::Text(error.message())),
        ("problems", problems_to_value(error.problems())),
    ])
    .json()
}
