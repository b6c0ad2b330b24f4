//! Small data structures and functions that allocate little and compile to little code.

pub mod bytes;
pub mod digest;
#[cfg(feature = "double")]
pub mod double;
#[cfg(feature = "letters")]
pub mod letters;
pub mod name_table;
pub mod names;
pub mod sort;
pub mod text;
pub mod word;
