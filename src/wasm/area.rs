//! What the doors for passwords share: numbers in, a number out, text in an area that JavaScript fills.
//!
//! None of them names a JavaScript value, so their modules need no glue and import nothing: an instance is made
//! for some calls and dropped, and its memory with it.

use std::sync::Mutex;

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use crate::password::{PasswordError, PASSWORD_MAX, STORED_MAX};

/// A password, and after it a salt or a stored hash.
const AREA: usize = PASSWORD_MAX + STORED_MAX;

/// More than any step takes of the stack: blowfish's tables are the largest.
const STACK: usize = 16_384;

/// Beside an error's number in an answer.
const FAILED: u32 = 1 << 31;

/// There is one thread, so the lock is always free. Each door wipes what it was given.
static STATE: Mutex<[u8; AREA]> = Mutex::new([0; AREA]);

/// Where the area begins.
#[wasm_bindgen]
pub fn password_area() -> usize {
    STATE.try_lock().map_or(0, |area| area.as_ptr().addr())
}

/// Splits the password of `length` bytes from what stands behind it.
pub(super) fn split(area: &[u8], length: usize) -> Result<(&[u8], &[u8]), PasswordError> {
    area.split_at_checked(length).ok_or(PasswordError::TooLong)
}

/// Runs a step on the area; wipes the area if the step fails, and in any case what the step left on the stack.
pub(super) fn answer(step: impl FnOnce(&mut [u8]) -> Result<u32, PasswordError>) -> u32 {
    let Ok(mut area) = STATE.try_lock() else { return FAILED };
    let answer = apart(step, area.as_mut_slice());
    wipe_stack();
    answer.unwrap_or_else(|error| {
        area.zeroize();
        FAILED | number(error)
    })
}

/// Keeps the step's variables below those of its caller.
#[inline(never)]
fn apart<T>(step: impl FnOnce(&mut [u8]) -> T, area: &mut [u8]) -> T {
    step(area)
}

/// Wipes where the variables of a step lay: the libraries copy blocks of the password, and words of them, that
/// they do not wipe themselves.
#[inline(never)]
fn wipe_stack() {
    [0_u8; STACK].zeroize();
}

/// Mirrored by `ERRORS` in pkg/password/instance.mjs.
fn number(error: PasswordError) -> u32 {
    match error {
        PasswordError::TooLong => 1,
        PasswordError::InvalidCost => 2,
        PasswordError::UnknownHash => 3,
        PasswordError::CostlyHash => 4,
        PasswordError::OutOfMemory => 5,
    }
}
