//! Helpers of these tests.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic,
    reason = "a broken test ends the test"
)]

#[path = "../../support/case_defaults.rs"]
pub mod case_defaults;
#[path = "../../support/case_files.rs"]
pub mod case_files;
#[path = "../../support/crate_source.rs"]
pub mod crate_source;
pub mod guarded_products;
pub mod host;
pub mod json_compare;
pub mod products;
#[path = "../../support/repetitions.rs"]
pub mod repetitions;
pub mod scim_console;
pub mod sessions;
pub mod sign_ins;
