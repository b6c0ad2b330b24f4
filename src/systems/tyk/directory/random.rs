//! What is drawn at random: ids, tokens and access keys.

use super::access_key::AccessKey;
use crate::directory::prelude::{Stop, World};

/// This many hexadecimal digits, up to 64, drawn at random.
pub fn draw(world: &mut World<'_>, digits: usize) -> Result<String, Stop> {
    let (first, second): ([u8; 16], [u8; 16]) = (world.random()?, world.random()?);
    let mut text = format!("{:032x}{:032x}", u128::from_be_bytes(first), u128::from_be_bytes(second));
    text.truncate(digits);
    Ok(text)
}

/// A new access key.
pub fn draw_key(world: &mut World<'_>) -> Result<AccessKey, Stop> {
    draw(world, 32).map(AccessKey::Clear)
}
