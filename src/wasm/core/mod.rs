//! The doors of `latchwork`.
//!
//! Questions go through numeric doors: handles and codes in, one packed number out, strings through a fixed
//! scratch area that JavaScript fills. Everything else is rare, and goes through strings: JSON text becomes
//! objects only in JavaScript, where no setter that somebody put on `Object.prototype` runs while it does. What
//! goes out as a list is made while no state is held. No door returns a bare `JsValue`: such a function can
//! kill a Node 20 process.

mod desk;
mod questions;
mod slots;
#[cfg(feature = "tools")]
mod tools;

use std::sync::Mutex;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use self::desk::Desk;
use crate::authorizer;
use crate::document::problem::{listed, Problem};
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Question, Request};
use crate::systems::Vocabulary;
use crate::tables::text::number;

/// Bytes of the scratch area: a name of 4,096 UTF-16 units in UTF-8, or 4,096 question numbers.
const SCRATCH: usize = 16_384;

struct State {
    desk: Desk,
    scratch: Vec<u8>,
}

/// There is one thread, and no door calls back into JavaScript while it holds this, so the lock is always
/// free: it is only how state is shared without unsafe code, and costs a load and two stores.
static STATE: Mutex<State> = Mutex::new(State { desk: Desk::new(), scratch: Vec::new() });

/// Runs `step` on the state.
#[inline(always)]
fn with<T>(step: impl FnOnce(&mut State) -> T) -> Option<T> {
    STATE.try_lock().ok().map(|mut state| step(&mut state))
}

/// Runs a step of a rare door. One function for all of them: each would bring its own copy of what follows.
fn answer<T>(step: &mut dyn FnMut(&mut Desk) -> Result<T, Error>) -> Result<T, JsValue> {
    with(|state| step(&mut state.desk)).unwrap_or(Err(Error::StaleHandle)).map_err(|error| thrown(&error))
}

/// Opens a system on records given as JSON text in UTF-8: in bytes, because a string of JavaScript has a limit that
/// large records reach.
#[wasm_bindgen]
pub fn open(system: &str, records: &[u8]) -> Result<u32, JsValue> {
    let text = std::str::from_utf8(records).unwrap_or_default();
    answer(&mut |desk| desk.open(authorizer::open(system, text)?))
}

/// Gives an authorizer back; its subjects are denied from then on.
#[wasm_bindgen]
pub fn close(authorizer: u32) {
    with(|state| state.desk.close(authorizer));
}

/// Prepares the subject of this id.
#[wasm_bindgen]
pub fn subject(authorizer: u32, id: &str) -> Result<u32, JsValue> {
    hold(authorizer, Some(id))
}

/// Prepares somebody who did not sign in.
#[wasm_bindgen]
pub fn nobody(authorizer: u32) -> Result<u32, JsValue> {
    hold(authorizer, None)
}

fn hold(authorizer: u32, id: Option<&str>) -> Result<u32, JsValue> {
    answer(&mut |desk| {
        let subject = desk.authorizer(authorizer)?.subject(id);
        desk.hold(authorizer, subject)
    })
}

/// Prepares who asks a question, given as JSON text of `{subject, within}`: with a record, as a role, within holders.
#[wasm_bindgen]
pub fn principal(authorizer: u32, question: &str) -> Result<u32, JsValue> {
    answer(&mut |desk| {
        let subject = desk.authorizer(authorizer)?.asking(&Value::parse(question)?)?;
        desk.hold(authorizer, subject)
    })
}

/// Gives a subject back.
#[wasm_bindgen]
pub fn release(subject: u32) {
    with(|state| state.desk.release(subject));
}

/// Decides by names. `details` is JSON text of what the question says beyond them: attributes, context, properties, now,
/// and the resource where it is given by its parts.
#[wasm_bindgen]
pub fn decide(subject: u32, action: &str, resource: &str, details: &str) -> Result<u32, JsValue> {
    answer(&mut |desk| {
        let (authorizer, subject) = desk.subject(subject)?;
        Ok(authorizer.decide_given(subject, action, resource, &Value::parse(details)?)?.0)
    })
}

/// Decides by names for the subject of this id, which is not kept: it needs no slot. Unless somebody is signed in, the id
/// does not count.
#[wasm_bindgen]
pub fn decide_once(
    authorizer: u32,
    is_signed_in: bool,
    id: &str,
    action: &str,
    resource: &str,
    details: &str,
) -> Result<u32, JsValue> {
    answer(&mut |desk| {
        let authorizer = desk.authorizer(authorizer)?;
        let subject = authorizer.subject(is_signed_in.then_some(id));
        Ok(authorizer.decide_given(&subject, action, resource, &Value::parse(details)?)?.0)
    })
}

/// Answers a whole question, given as JSON text.
#[wasm_bindgen]
pub fn ask(authorizer: u32, question: &str) -> Result<u32, JsValue> {
    answer(&mut |desk| Ok(desk.authorizer(authorizer)?.ask_packed(&Value::parse(question)?)?.0))
}

/// Prepares a question of this subject, with details as for [`decide`]; returns its number. `serial` marks the numbers of a
/// subject that has prepared none so far.
#[wasm_bindgen]
pub fn prepare(subject: u32, action: &str, resource: &str, details: &str, serial: u32) -> Result<u32, JsValue> {
    answer(&mut |desk| {
        let (authorizer, held) = desk.subject(subject)?;
        let packed = authorizer.decide_given(held, action, resource, &Value::parse(details)?)?;
        desk.prepare(subject, packed, serial)
    })
}

/// The actions that a subject may do on a resource, with details as for [`decide`]: a list of strings.
#[wasm_bindgen]
pub fn actions(subject: u32, resource: &str, details: &str) -> Result<Array, JsValue> {
    let list = answer(&mut |desk| {
        let (authorizer, subject) = desk.subject(subject)?;
        let names = authorizer.actions_given(subject, resource, &Value::parse(details)?)?;
        Ok(copy(&names))
    })?;
    Ok(list.into_iter().map(JsValue::from).collect())
}

/// What else can be asked of an authorizer or a subject, by number: `ASPECTS` of pkg/core/aspects.mjs. Few exports for many
/// questions, because each export weighs half a kilobyte. The answer is text, JSON where it is more than one string.
#[wasm_bindgen]
pub fn tell(aspect: u32, handle: u32, action: &str, resource: &str, details: &str) -> Result<String, JsValue> {
    answer(&mut |desk| {
        if aspect == 0 {
            return Ok(desk.authorizer(handle)?.digest());
        }
        #[cfg(feature = "tools")]
        if aspect >= tools::FIRST {
            return tools::tell(desk, aspect, handle, [action, resource, details]);
        }
        let (authorizer, subject) = desk.subject(handle)?;
        Ok(match aspect {
            1 => authorizer.subject_digest(subject),
            2 => authorizer.reach(subject, action)?.json(),
            3 => authorizer.slice_with(subject, &Value::parse(details)?)?.json(),
            // Empty where the explanation of the rule is all.
            4 => {
                let found = authorizer.explain_given(subject, action, resource, &Value::parse(details)?)?;
                found.map_or_else(String::new, |found| found.json())
            }
            5 => Value::from(authorizer.is_timed(subject)).json(),
            _ => {
                let next = details.parse().ok().and_then(|now| authorizer.changes_at(subject, now));
                next.map_or_else(|| "null".to_owned(), number)
            }
        })
    })
}

/// Checks a value, given as JSON text, with nothing configured: JSON text of `{value}` or `{problems}`.
#[wasm_bindgen]
pub fn validate(system: &str, kind: &str, value: &str) -> Result<String, JsValue> {
    answer(&mut |_| Ok(outcome(authorizer::validate(system, kind, &Value::parse(value)?)?)))
}

/// Checks a value within the limits that the records configure.
#[wasm_bindgen]
pub fn validate_with(authorizer: u32, kind: &str, value: &str) -> Result<String, JsValue> {
    answer(&mut |desk| Ok(outcome(desk.authorizer(authorizer)?.validate(kind, &Value::parse(value)?)?)))
}

fn outcome(checked: Result<Value, Vec<Problem>>) -> String {
    match checked {
        Ok(value) => Value::object([("value", value)]),
        Err(problems) => Value::object([("problems", listed(&problems))]),
    }
    .json()
}

/// The question of a request, `{method, path, query: [[name, value]], body}` as JSON text: JSON text of the
/// question, or the empty string when no route of the system has the request. Without the member `body` it is one
/// whose body was not read.
#[wasm_bindgen]
pub fn classify(system: &str, request: &str) -> Result<String, JsValue> {
    answer(&mut |_| {
        let request = Value::parse(request)?;
        let question = authorizer::question(system, &asked(&request), request.get("body").is_some())?;
        Ok(question.map_or_else(String::new, |Question { action, resource, attributes }| {
            let (action, resource) = (Value::Text(action), Value::Text(resource));
            Value::object([("action", action), ("resource", resource), ("attributes", attributes)]).json()
        }))
    })
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

/// The words of a system, where they do not depend on the records: its actions, levels, rules and kinds, and an empty list.
#[wasm_bindgen]
pub fn vocabulary(system: &str) -> Result<JsValue, JsValue> {
    words(answer(&mut |_| authorizer::vocabulary(system).map(|vocabulary| copied(&vocabulary, &[])))?)
}

/// The words of an authorizer: its actions, levels, rules and kinds, and what its questions take besides: `records` of
/// users and resources by their parts, `now` if it has time bounds.
#[wasm_bindgen]
pub fn vocabulary_of(authorizer: u32) -> Result<JsValue, JsValue> {
    words(answer(&mut |desk| {
        let authorizer = desk.authorizer(authorizer)?;
        let takes = [("records", authorizer.records_ask()), ("now", authorizer.has_bounds())];
        let takes: Vec<&str> = takes.into_iter().filter_map(|(what, takes)| takes.then_some(what)).collect();
        Ok(copied(&authorizer.vocabulary(), &takes))
    })?)
}

/// The lists of a vocabulary, to be handed out when no state is held.
fn copied(vocabulary: &Vocabulary<'_>, takes: &[&str]) -> [Vec<String>; 5] {
    let Vocabulary { actions, levels, rules, kinds } = vocabulary;
    [copy(actions), copy(levels), copy(rules), copy(kinds), copy(takes)]
}

fn copy(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn words(lists: [Vec<String>; 5]) -> Result<JsValue, JsValue> {
    Ok(serde_wasm_bindgen::to_value(&lists)?)
}

/// What an error becomes: JSON text of `{code, message, problems}`, which the package makes an `Error`. Only the
/// core throws strings, so that nobody takes a trap for one of its errors.
fn thrown(error: &Error) -> JsValue {
    Value::object([
        ("code", Value::from(error.code())),
        ("message", Value::Text(error.message())),
        ("problems", listed(error.problems())),
    ])
    .json()
    .into()
}
