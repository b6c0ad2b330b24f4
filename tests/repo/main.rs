//! The structure of the crate.

mod architecture;
mod support;
