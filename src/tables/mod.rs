//! Small tools that allocate little and weigh little.

pub mod digest;
#[cfg(feature = "double")]
pub mod double;
#[cfg(feature = "letters")]
pub mod letters;
pub mod names;
pub mod sort;
pub mod text;
pub mod word;
