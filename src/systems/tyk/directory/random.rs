//! Random ids, tokens and access keys.

use super::access_key::AccessKey;
use crate::directory::prelude::{Interrupt, Transaction};

/// Random hexadecimal digits, up to 64.
pub fn random_hex(tx: &mut Transaction<'_>, digits: usize) -> Result<String, Interrupt> {
    let (first, second): ([u8; 16], [u8; 16]) = (tx.random()?, tx.random()?);
    let mut text = format!("{:032x}{:032x}", u128::from_be_bytes(first), u128::from_be_bytes(second));
    text.truncate(digits);
    Ok(text)
}

/// A new, random access key.
pub fn random_access_key(tx: &mut Transaction<'_>) -> Result<AccessKey, Interrupt> {
    random_hex(tx, 32).map(AccessKey::Clear)
}
