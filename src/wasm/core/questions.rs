//! The doors for questions: exported as they are, because the wrapper that wasm-bindgen puts around a function
//! costs more than the answer. Numbers go in and out, and nothing else.

#![expect(unsafe_code, reason = "an export by its own name; there is no other unsafe code")]

use super::desk::FOREIGN;
use super::{with, SCRATCH};

/// The text that JavaScript left in the scratch area.
#[inline(always)]
fn text(scratch: &[u8], length: u32) -> Option<&str> {
    std::str::from_utf8(scratch.get(..usize::try_from(length).ok()?)?).ok()
}

/// Makes the scratch area, and says where it begins. Call it once, before any other door.
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
        Some(resource) => state.desk.decide(subject, action, resource),
        None => FOREIGN,
    })
    .unwrap_or(FOREIGN)
}

/// Whether the subject may do what it prepared under this number.
#[no_mangle]
pub extern "C" fn can_id(subject: u32, question: u32) -> u32 {
    with(|state| state.desk.decide_prepared(subject, question)).unwrap_or(FOREIGN)
}

/// Answers `count` question numbers that stand in the scratch area, one byte each, in place; returns how
/// many of them are foreign.
#[no_mangle]
pub extern "C" fn can_many(subject: u32, count: usize) -> u32 {
    with(|state| state.desk.decide_many(subject, &mut state.scratch, count)).unwrap_or(FOREIGN)
}
