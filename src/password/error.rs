//! Errors of hashing and verifying.

use super::cost::{BCRYPT_ROUNDS_MAX, LEGACY_MEMORY_MAX, MEMORY_MAX, PARALLELISM_MAX, PASSES_MAX, PASSWORD_MAX};

/// An error of hashing or verifying. A wrong password is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// The password is longer than [`PASSWORD_MAX`].
    #[error("a password has at most {PASSWORD_MAX} bytes of UTF-8")]
    TooLong,
    /// The cost of a new hash is out of bounds.
    #[error(
        "expected memory from 8 KiB for each lane to {MEMORY_MAX} KiB, 1 to {PASSES_MAX} passes and 1 to {PARALLELISM_MAX} lanes"
    )]
    InvalidCost,
    /// The stored text has none of the formats that the function parses.
    #[error(
        "the stored hash is not `$argon2id$v=19$m=,t=,p=$salt$tag`, nor one of the forms that `password::legacy` reads"
    )]
    UnknownHash,
    /// The stored hash needs more than [`MEMORY_MAX`] or, in a format of another program, [`LEGACY_MEMORY_MAX`]; or
    /// more than [`PASSES_MAX`], [`PARALLELISM_MAX`] or [`BCRYPT_ROUNDS_MAX`].
    #[error(
        "the stored hash asks for more than {MEMORY_MAX} KiB ({LEGACY_MEMORY_MAX} KiB in a form of another program), \
        {PASSES_MAX} passes, {PARALLELISM_MAX} lanes or {BCRYPT_ROUNDS_MAX} rounds of bcrypt"
    )]
    CostlyHash,
    /// The memory for the cost is not available.
    #[error("there is not enough memory for this hash")]
    OutOfMemory,
    /// The operating system returned no random bytes for a salt.
    #[cfg(all(feature = "getrandom", not(target_family = "wasm")))]
    #[error("the operating system gives no random bytes")]
    NoRandomBytes,
}

impl PasswordError {
    /// The stable code of this kind of error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "password_too_long",
            Self::InvalidCost => "invalid_cost",
            Self::UnknownHash => "unknown_hash",
            Self::CostlyHash => "costly_hash",
            Self::OutOfMemory => "out_of_memory",
            #[cfg(all(feature = "getrandom", not(target_family = "wasm")))]
            Self::NoRandomBytes => "internal",
        }
    }
}
