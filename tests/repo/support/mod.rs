//! Helpers of these tests.

#![expect(clippy::unwrap_used, reason = "a broken test ends the test")]

#[path = "../../support/crate_source.rs"]
pub mod crate_source;
pub mod imports;
