//! A JSON document: its text, its values, and what is wrong with it, each problem at its place.

#[cfg(feature = "tools")]
pub mod excerpt;
pub mod json;
pub mod limits;
pub mod node;
pub mod problem;
#[cfg(feature = "schemas")]
pub mod schema;
pub mod value;
