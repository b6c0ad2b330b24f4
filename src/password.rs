//! Passwords: argon2id, version 19, written down as PHC strings.
//!
//! A stored hash is input like any other: its parameters are capped before they are used. A salt comes in as
//! an argument, because the crate knows no randomness. What a password passes through is wiped.
//!
//! The forms and the caps are known without the feature `password`, to the directory too: it refuses a seed with a
//! hash that can never be verified.

#[cfg(feature = "password")]
mod argon2id;
mod base64;
mod cost;
mod error;
mod form;
#[cfg(feature = "legacy")]
pub mod legacy;
mod stored;

#[cfg(feature = "password")]
pub use argon2id::{hash, needs_rehash, nobody, verify};
#[cfg(feature = "password-js")]
pub(crate) use argon2id::{hash_text, verify_text};
pub use cost::{
    Cost, BCRYPT_ROUNDS_MAX, LEGACY_MEMORY_LIMIT, LEGACY_MEMORY_MAX, MEMORY_MAX, PARALLELISM_MAX, PASSES_MAX,
    PASSWORD_MAX, SALT_LENGTH, STORED_MAX,
};
pub use error::PasswordError;
pub use form::check_stored;
