//! The exports of wasm-bindgen, for the modules of all models, which the demo page and Node's tools load. They are the
//! functions that `pkg/core/glue.mjs` has for the modules of one model: there, wasm-bindgen would weigh five kilobytes.
//!
//! No export returns a bare `JsValue`: such a function can end a process of Node 20. Lists are created while the state is not locked.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::calls::{error_json, handle_call, question_members, vocabulary_lists, Reply};
use super::handle_table::HandleTable;
use super::with_state;
use crate::authorizer;
use crate::document::value::Value;
use crate::error::Error;

/// Runs a step on the handle table, and throws an error as JSON text.
fn run<T>(step: &mut dyn FnMut(&mut HandleTable) -> Result<T, Error>) -> Result<T, JsValue> {
    with_state(|state| step(&mut state.handles))
        .unwrap_or(Err(Error::StaleHandle))
        .map_err(|error| error_json(&error).into())
}

/// Handles a call, whose JSON text may be empty.
fn reply(call: u32, numbers: [u32; 2], json: &str, texts: [&str; 3]) -> Result<Reply, JsValue> {
    run(&mut |handles| {
        let json = if json.is_empty() { Value::Null } else { Value::parse(json)? };
        handle_call(handles, call, numbers, &json, texts)
    })
}

/// The number that a call returns.
fn number(call: u32, numbers: [u32; 2], json: &str, texts: [&str; 3]) -> Result<u32, JsValue> {
    match reply(call, numbers, json, texts)? {
        Reply::Number(number) => Ok(number),
        Reply::Text(text) => Err(text.into()),
    }
}

/// The text that a call returns.
fn text(call: u32, numbers: [u32; 2], json: &str, texts: [&str; 3]) -> Result<String, JsValue> {
    match reply(call, numbers, json, texts)? {
        Reply::Text(text) => Ok(text),
        Reply::Number(_) => Ok(String::new()),
    }
}

/// Opens a system on its records, as JSON text in UTF-8: in bytes, because a string of JavaScript has a limit that large
/// records reach.
#[wasm_bindgen]
pub fn open(system: &str, records: &[u8]) -> Result<u32, JsValue> {
    number(0, [0, 0], "", [system, std::str::from_utf8(records).unwrap_or_default(), ""])
}

/// Prepares the subject of this id; `null` is an anonymous caller.
#[wasm_bindgen]
pub fn subject(authorizer: u32, id: Option<String>) -> Result<u32, JsValue> {
    number(1, [authorizer, u32::from(id.is_some())], "", [&id.unwrap_or_default(), "", ""])
}

/// Prepares the principal of a question: JSON text of `{subject, within}`.
#[wasm_bindgen]
pub fn principal(authorizer: u32, question: &str) -> Result<u32, JsValue> {
    number(2, [authorizer, 0], question, [""; 3])
}

/// Decides by names; `details` is JSON text of the other members of the question.
#[wasm_bindgen]
pub fn decide(subject: u32, action: &str, resource: &str, details: &str) -> Result<u32, JsValue> {
    number(3, [subject, 0], details, [action, resource, ""])
}

/// Decides by names for the subject of this id, which is not stored.
#[wasm_bindgen(js_name = decideOnce)]
pub fn decide_once(
    authorizer: u32,
    id: Option<String>,
    action: &str,
    resource: &str,
    details: &str,
) -> Result<u32, JsValue> {
    number(4, [authorizer, u32::from(id.is_some())], details, [&id.unwrap_or_default(), action, resource])
}

/// Decides a whole question, given as JSON text.
#[wasm_bindgen]
pub fn ask(authorizer: u32, question: &str) -> Result<u32, JsValue> {
    number(5, [authorizer, 0], question, [""; 3])
}

/// The actions that a subject can perform on a resource: a list of strings.
#[wasm_bindgen]
pub fn actions(subject: u32, resource: &str, details: &str) -> Result<Array, JsValue> {
    let names = run(&mut |handles| {
        let (authorizer, subject) = handles.subject(subject).ok_or(Error::StaleHandle)?;
        Ok(copy_words(&authorizer.actions_with_details(subject, resource, &Value::parse(details)?)?))
    })?;
    Ok(names.into_iter().map(JsValue::from).collect())
}

/// Validates a value, as JSON text, without configured limits: JSON text of `{value}` or `{problems}`.
#[wasm_bindgen]
pub fn validate(system: &str, kind: &str, value: &str) -> Result<String, JsValue> {
    text(8, [0, 0], value, [system, kind, ""])
}

/// Validates a value within the limits that the records configure.
#[wasm_bindgen(js_name = validateWith)]
pub fn validate_with(authorizer: u32, kind: &str, value: &str) -> Result<String, JsValue> {
    text(9, [authorizer, 0], value, [kind, "", ""])
}

/// The question of a request, as JSON text, or the empty string.
#[wasm_bindgen]
pub fn classify(system: &str, request: &str) -> Result<String, JsValue> {
    text(10, [0, 0], request, [system, "", ""])
}

/// The vocabulary of a system that does not depend on records: lists of actions, levels, rules and kinds, and an empty list.
#[wasm_bindgen]
pub fn vocabulary(system: &str) -> Result<JsValue, JsValue> {
    let lists = run(&mut |_| Ok(vocabulary_lists(&authorizer::vocabulary(system)?, &[]).map(copy_words)))?;
    Ok(serde_wasm_bindgen::to_value(&lists)?)
}

/// The vocabulary of an authorizer, and the optional members of its questions.
#[wasm_bindgen(js_name = vocabularyOf)]
pub fn vocabulary_of(authorizer: u32) -> Result<JsValue, JsValue> {
    let lists = run(&mut |handles| {
        let authorizer = handles.authorizer(authorizer).ok_or(Error::StaleHandle)?;
        Ok(vocabulary_lists(&authorizer.vocabulary(), &question_members(authorizer)).map(copy_words))
    })?;
    Ok(serde_wasm_bindgen::to_value(&lists)?)
}

/// Answers a query about an authorizer or a subject, by its number in pkg/core/query.mjs.
#[wasm_bindgen]
pub fn tell(aspect: u32, handle: u32, action: &str, resource: &str, details: &str) -> Result<String, JsValue> {
    text(13, [handle, aspect], details, [action, resource, ""])
}

fn copy_words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
