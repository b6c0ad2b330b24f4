//! The export of `latchwork/password-legacy`.

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use super::area::{run_step, split};
use crate::password::legacy::verify_text;
use crate::password::PasswordError;

/// Whether the password of `length` bytes matches the stored hash of `stored` bytes that follows it: 1 or 0. A hash of
/// argon2 may require at most `memory_max` KiB.
#[wasm_bindgen]
pub fn legacy_verify(length: usize, stored: usize, memory_max: u32) -> u32 {
    run_step(|area| {
        let (password, rest) = split(area, length)?;
        let fits = verify_text(password, rest.get(..stored).ok_or(PasswordError::UnknownHash)?, memory_max);
        area.zeroize();
        fits.map(u32::from)
    })
}
