//! Helpers of these tests.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unreachable,
    reason = "a broken test ends the test"
)]

#[path = "../../support/case_defaults.rs"]
pub mod case_defaults;
#[path = "../../support/case_files.rs"]
pub mod case_files;
pub mod diff_entries;
pub mod documents;
pub mod filter_rows;
pub mod generator;
pub mod patch;
pub mod reference;
#[path = "../../support/repetitions.rs"]
pub mod repetitions;
