//! What the module exports, by bare names: numbers go in and out, and nothing else, so that it needs no glue and
//! imports nothing. What glue puts around a function would cost more than the answer to a question. Elsewhere the names
//! stay mangled: an operating system has a `close` of its own.

#![expect(unsafe_code, reason = "exports by their own names; there is no other unsafe code")]

use super::desk::FOREIGN;
use super::doors::{through, Door};
use super::{with, FAILED, SCRATCH};
use crate::word::Word as _;

/// The text that JavaScript left in the scratch area.
#[inline(always)]
fn text(scratch: &[u8], length: u32) -> Option<&str> {
    std::str::from_utf8(scratch.get(..usize::try_from(length).ok()?)?).ok()
}

/// Makes the scratch area, and says where it begins. Call it once, before anything else.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn scratch() -> usize {
    with(|state| {
        state.scratch.resize(SCRATCH, 0);
        state.scratch.as_ptr().addr()
    })
    .unwrap_or(0)
}

/// Whether the subject may do `action` on the resource whose name stands in the scratch area.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn can(subject: u32, action: u32, length: u32) -> u32 {
    with(|state| match text(&state.scratch, length) {
        Some(resource) => state.desk.decide(subject, action, resource),
        None => FOREIGN,
    })
    .unwrap_or(FOREIGN)
}

/// Whether the subject may do what it prepared under this number.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn can_id(subject: u32, question: u32) -> u32 {
    with(|state| state.desk.decide_prepared(subject, question)).unwrap_or(FOREIGN)
}

/// Answers `count` question numbers that stand in the scratch area, one byte each, in place; returns how
/// many of them are foreign.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn can_many(subject: u32, count: usize) -> u32 {
    with(|state| state.desk.decide_many(subject, &mut state.scratch, count)).unwrap_or(FOREIGN)
}

/// Gives an authorizer back; its subjects are denied from then on.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn close(authorizer: u32) {
    with(|state| state.desk.close(authorizer));
}

/// Gives a subject back.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn release(subject: u32) {
    with(|state| state.desk.release(subject));
}

/// Makes room for the texts of the next [`ask`], which JavaScript writes one behind the other, and says where.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn room(bytes: usize) -> usize {
    with(|state| {
        state.asked = vec![0; bytes];
        state.asked.as_ptr().addr()
    })
    .unwrap_or(0)
}

/// Goes through a rare door with a handle, a mark, and three texts of these lengths out of the [`room`], which is
/// given up. Returns the length of the answer, a text, with [`FAILED`] beside it where the text is an error.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn ask(door: u32, handle: u32, mark: u32, first: usize, second: usize, third: usize) -> u32 {
    with(|state| {
        let asked = std::mem::take(&mut state.asked);
        let (first, rest) = cut(&asked, first);
        let (second, rest) = cut(rest, second);
        let (third, _) = cut(rest, third);
        let texts = [first, second, third];
        let door = u8::try_from(door).ok().and_then(Door::from_code);
        let (answer, failed) = through(door, &mut state.desk, handle, mark, texts);
        state.answer = answer;
        u32::try_from(state.answer.len()).unwrap_or(0) | if failed { FAILED } else { 0 }
    })
    .unwrap_or(FAILED)
}

/// The text of so many bytes at the begin, and the rest.
fn cut(bytes: &[u8], length: usize) -> (&str, &[u8]) {
    let (text, rest) = bytes.split_at_checked(length).unwrap_or_default();
    (std::str::from_utf8(text).unwrap_or_default(), rest)
}

/// Where the last answer begins.
#[cfg_attr(target_arch = "wasm32", no_mangle)]
pub extern "C" fn answer() -> usize {
    with(|state| state.answer.as_ptr().addr()).unwrap_or(0)
}
