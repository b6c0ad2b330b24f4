//! Helpers of these tests.

#[path = "../../support/case_defaults.rs"]
pub mod case_defaults;
pub mod diff_entries;
pub mod documents;
pub mod filter_rows;
pub mod generator;
pub mod reference;
#[path = "../../support/repetitions.rs"]
pub mod repetitions;
