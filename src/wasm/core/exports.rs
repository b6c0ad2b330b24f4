//! The functions that JavaScript calls, exported as they are: numbers go in and out, and nothing else.
//!
//! Tests on the machine itself link these names too, so none is a name of the C library.

#![expect(unsafe_code, reason = "an export by its own name; there is no other unsafe code")]

use std::mem;
use std::str::from_utf8;

use super::calls::{answer, error_text, Reply};
use super::handle_table::FOREIGN;
use super::{with, State, SCRATCH};
use crate::document::value::Value;
use crate::error::Error;

/// The text that JavaScript left in the scratch area.
#[inline(always)]
fn text(scratch: &[u8], length: u32) -> Option<&str> {
    from_utf8(scratch.get(..usize::try_from(length).ok()?)?).ok()
}

/// Makes the scratch area, and says where it begins. Call it once, before any other export.
#[no_mangle]
pub extern "C" fn scratch() -> usize {
    with(|state| {
        state.scratch.resize(SCRATCH, 0);
        state.scratch.as_ptr().addr()
    })
    .unwrap_or(0)
}

/// Whether the subject may do `action` on the resource whose name stands in the scratch area.
#[no_mangle]
pub extern "C" fn can(subject: u32, action: u32, length: u32) -> u32 {
    with(|state| match text(&state.scratch, length) {
        Some(resource) => state.handles.decide(subject, action, resource),
        None => FOREIGN,
    })
    .unwrap_or(FOREIGN)
}

/// Gives an authorizer back; its subjects are denied from then on.
#[no_mangle]
pub extern "C" fn close_authorizer(authorizer: u32) {
    with(|state| state.handles.close(authorizer));
}

/// Gives a subject back.
#[no_mangle]
pub extern "C" fn release(subject: u32) {
    with(|state| state.handles.release(subject));
}

/// Makes a buffer of this many bytes for the texts of the next call, and says where it begins: for texts that are longer
/// than the scratch area.
#[no_mangle]
pub extern "C" fn input(length: usize) -> usize {
    with(|state| {
        state.input = vec![0; length];
        state.input.as_ptr().addr()
    })
    .unwrap_or(0)
}

/// Answers the call of this number; its texts have these lengths, and lie one behind the other in the scratch area or in
/// the buffer of [`input`]. The result is a number, or the length of a text at [`output`]; for an error it is -1 minus the
/// length of its text there.
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
    with(|State { handles, scratch, input, output }| {
        let large = mem::take(input);
        let mut rest = if large.is_empty() { scratch.as_slice() } else { &large };
        let [json, texts @ ..] = [json, first, second, third].map(|length| {
            let (text, behind) = rest.split_at_checked(length).unwrap_or_default();
            rest = behind;
            from_utf8(text).unwrap_or_default()
        });
        let json = if json.is_empty() { Ok(Value::Null) } else { Value::parse(json).map_err(Error::from) };
        match json.and_then(|json| answer(handles, call, [handle, number], &json, texts)) {
            Ok(Reply::Number(number)) => f64::from(number),
            Ok(Reply::Text(text)) => keep(output, text),
            Err(error) => -1.0 - keep(output, error_text(&error)),
        }
    })
    .unwrap_or(-1.0)
}

/// Keeps a text as the last answer; its length.
fn keep(output: &mut String, text: String) -> f64 {
    *output = text;
    f64::from(u32::try_from(output.len()).unwrap_or(0))
}

/// Where the text of the last call begins, in UTF-8.
#[no_mangle]
pub extern "C" fn output() -> usize {
    with(|state| state.output.as_ptr().addr()).unwrap_or(0)
}
