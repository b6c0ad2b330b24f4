//! Passwords: argon2id, version 19, written down as PHC strings.
//!
//! A stored hash is input like any other: its parameters are capped before they are used. `hash` draws its salt
//! from the operating system (feature `getrandom`); `hash_with` takes the salt as an argument. What a password passes through is wiped.
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

#[cfg(all(feature = "password", feature = "getrandom", not(target_family = "wasm")))]
pub use argon2id::hash;
#[cfg(feature = "password-js")]
pub(crate) use argon2id::{hash_text, verify_text};
#[cfg(feature = "password")]
pub use argon2id::{hash_with, needs_rehash, nobody, verify};
pub use cost::{
    Cost, BCRYPT_ROUNDS_MAX, LEGACY_MEMORY_LIMIT, LEGACY_MEMORY_MAX, MEMORY_MAX, PARALLELISM_MAX, PASSES_MAX,
    PASSWORD_MAX, SALT_LENGTH, STORED_MAX,
};
pub use error::PasswordError;
pub use form::check_stored;
