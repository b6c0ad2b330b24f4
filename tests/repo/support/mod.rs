//! Helpers of these tests.

#[path = "../../support/crate_source.rs"]
pub mod crate_source;
pub mod imports;
