//! What the exports for passwords share: numbers in, a number out, text in an area that JavaScript fills.
//!
//! None of them uses a JavaScript value, so their modules need no glue and import nothing. An instance is made for some
//! calls and dropped together with its memory.

use std::sync::Mutex;

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use crate::password::{PasswordError, PASSWORD_MAX, STORED_MAX};

/// A password, and after it a salt or a stored hash.
const AREA: usize = PASSWORD_MAX + STORED_MAX;

/// More stack than any step uses. The tables of blowfish are the largest.
const STACK: usize = 16_384;

/// The bit that marks an error's number in a result.
const FAILED: u32 = 1 << 31;

/// There is one thread, so the lock is always free. Each export wipes its input.
static STATE: Mutex<[u8; AREA]> = Mutex::new([0; AREA]);

/// Where the area begins.
#[wasm_bindgen]
pub fn password_area() -> usize {
    STATE.try_lock().map_or(0, |area| area.as_ptr().addr())
}

/// Splits the password of `length` bytes from what follows it.
pub(super) fn split(area: &[u8], length: usize) -> Result<(&[u8], &[u8]), PasswordError> {
    area.split_at_checked(length).ok_or(PasswordError::TooLong)
}

/// Runs a step on the area. Wipes the area if the step fails, and always what the step left on the stack.
pub(super) fn run_step(step: impl FnOnce(&mut [u8]) -> Result<u32, PasswordError>) -> u32 {
    let Ok(mut area) = STATE.try_lock() else { return FAILED };
    let result = apart(step, area.as_mut_slice());
    wipe_stack();
    result.unwrap_or_else(|error| {
        area.zeroize();
        FAILED | number(error)
    })
}

/// Keeps the step's variables below those of its caller.
#[inline(never)]
fn apart<T>(step: impl FnOnce(&mut [u8]) -> T, area: &mut [u8]) -> T {
    step(area)
}

/// Wipes the stack of a step. The libraries copy parts of the password there, and do not wipe them.
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
