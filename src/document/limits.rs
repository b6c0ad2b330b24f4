//! The limits of documents and names.

/// The deepest nesting that is read.
pub const DEPTH_MAX: usize = 32;

/// The longest name, in bytes of UTF-8, in records and in questions.
pub const NAME_MAX: usize = 4_096;

/// The longest name that a form gives to something new, in bytes of UTF-8.
pub const NEW_NAME_MAX: usize = 256;
