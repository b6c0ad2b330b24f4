//! The exports that JavaScript calls without a wrapper: they take and return only numbers.
//!
//! Native tests link these names too, so none of them is a name of the C library.

#![expect(unsafe_code, reason = "an export by its own name; there is no other unsafe code")]

use std::mem;
use std::str::from_utf8;

use super::calls::{error_json, handle_call, Reply};
use super::handle_table::FOREIGN;
use super::{with_state, State, SCRATCH};
use crate::document::value::Value;
use crate::error::Error;

/// The text that JavaScript left in the scratch area.
#[inline(always)]
fn text(scratch: &[u8], length: u32) -> Option<&str> {
    from_utf8(scratch.get(..usize::try_from(length).ok()?)?).ok()
}

/// Allocates the scratch area, and returns its address. Call it once, before any other export.
#[no_mangle]
pub extern "C" fn scratch() -> usize {
    with_state(|state| {
        state.scratch.resize(SCRATCH, 0);
        state.scratch.as_ptr().addr()
    })
    .unwrap_or(0)
}

/// Decides whether the subject can perform `action` on the resource whose name is in the scratch area; the packed decision.
#[no_mangle]
pub extern "C" fn can(subject: u32, action: u32, length: u32) -> u32 {
    with_state(|state| match text(&state.scratch, length) {
        Some(resource) => state.handles.decide(subject, action, resource),
        None => FOREIGN,
    })
    .unwrap_or(FOREIGN)
}

/// Frees an authorizer and its subjects.
#[no_mangle]
pub extern "C" fn close_authorizer(authorizer: u32) {
    with_state(|state| state.handles.remove_authorizer(authorizer));
}

/// Frees a subject.
#[no_mangle]
pub extern "C" fn release(subject: u32) {
    with_state(|state| state.handles.remove_subject(subject));
}

/// Allocates a buffer of this many bytes for the texts of the next call, and returns its address: for texts that do not fit
/// the scratch area.
#[no_mangle]
pub extern "C" fn input(length: usize) -> usize {
    with_state(|state| {
        state.input = vec![0; length];
        state.input.as_ptr().addr()
    })
    .unwrap_or(0)
}

/// Handles the call with this number. Its texts have these lengths, and follow each other in the scratch area or in the buffer
/// of [`input`]. The result is a number, or the length of a text at [`output`]. For an error it is -1 minus the length of the
/// text there.
#[no_mangle]
pub extern "C" fn call(
    call: u32,
    handle: u32,
    number: u32,
    json: usize,
    first: usize,
    second: usize,
    third: usize,
) -> f64 {
    with_state(|State { handles, scratch, input, output }| {
        let large = mem::take(input);
        let mut rest = if large.is_empty() { scratch.as_slice() } else { &large };
        let [json, texts @ ..] = [json, first, second, third].map(|length| {
            let (text, behind) = rest.split_at_checked(length).unwrap_or_default();
            rest = behind;
            from_utf8(text).unwrap_or_default()
        });
        let json = if json.is_empty() { Ok(Value::Null) } else { Value::parse(json).map_err(Error::from) };
        match json.and_then(|json| handle_call(handles, call, [handle, number], &json, texts)) {
            Ok(Reply::Number(number)) => f64::from(number),
            Ok(Reply::Text(text)) => store_output(output, text),
            Err(error) => -1.0 - store_output(output, error_json(&error)),
        }
    })
    .unwrap_or(-1.0)
}

/// Stores the text of the last result, and returns its length.
fn store_output(output: &mut String, text: String) -> f64 {
    *output = text;
    f64::from(u32::try_from(output.len()).unwrap_or(0))
}

/// The address of the text of the last call, in UTF-8.
#[no_mangle]
pub extern "C" fn output() -> usize {
    with_state(|state| state.output.as_ptr().addr()).unwrap_or(0)
}
