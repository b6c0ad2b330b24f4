//! The exports of `latchwork/password`.

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use super::area::{run_step, split};
use crate::password::{hash_text, verify_text, Cost, PasswordError, SALT_LENGTH};

/// Hashes the password of `length` bytes with the salt that follows it. Replaces both with the PHC string, and returns
/// its length.
#[wasm_bindgen]
pub fn password_hash(length: usize, memory: u32, passes: u32, parallelism: u32) -> u32 {
    run_step(|area| {
        let (password, rest) = split(area, length)?;
        let salt: &[u8; SALT_LENGTH] = rest.first_chunk().ok_or(PasswordError::TooLong)?;
        let stored = hash_text(password, salt, Cost { memory, passes, parallelism })?;
        area.zeroize();
        area.iter_mut().zip(stored.as_bytes()).for_each(|(to, letter)| *to = *letter);
        Ok(u32::try_from(stored.as_bytes().len()).unwrap_or(0))
    })
}

/// Whether the password of `length` bytes matches the stored hash of `stored` bytes that follows it: 1 or 0.
#[wasm_bindgen]
pub fn password_verify(length: usize, stored: usize) -> u32 {
    run_step(|area| {
        let (password, rest) = split(area, length)?;
        let fits = verify_text(password, rest.get(..stored).ok_or(PasswordError::UnknownHash)?);
        area.zeroize();
        fits.map(u32::from)
    })
}
