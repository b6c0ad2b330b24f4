//! JSON documents: their text, their values, and the problems in them, each with its path.

#[cfg(feature = "tools")]
pub mod excerpt;
pub mod json;
pub mod json_writer;
pub mod limits;
pub mod memory;
pub mod node;
pub mod problem;
#[cfg(feature = "schemas")]
pub mod schema;
pub mod value;
