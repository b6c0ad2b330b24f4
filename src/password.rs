//! Passwords: argon2id, version 19, stored as PHC strings.
//!
//! A stored hash is untrusted input: its parameters are capped before they are used. `hash` draws its salt from the
//! operating system (feature `getrandom`); `hash_with` takes the salt as an argument. Memory that held a password is
//! wiped.
//!
//! The formats and the caps are available without the feature `password`. The directory uses them to reject a seed with
//! a hash that can never be verified.

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
#[cfg(feature = "password")]
pub use argon2id::{dummy_hash, hash_with, needs_rehash, verify};
#[cfg(feature = "password-js")]
pub(crate) use argon2id::{hash_text, verify_text};
pub use cost::{
    Cost, BCRYPT_ROUNDS_MAX, LEGACY_MEMORY_LIMIT, LEGACY_MEMORY_MAX, MEMORY_MAX, PARALLELISM_MAX, PASSES_MAX,
    PASSWORD_MAX, SALT_LENGTH, STORED_MAX,
};
pub use error::PasswordError;
pub use form::check_stored;
