//! Limits of documents and names.

/// The deepest nesting that is parsed.
pub const DEPTH_MAX: usize = 32;

/// The longest name, in bytes of UTF-8, in records and in questions.
pub const NAME_MAX: usize = 4_096;

/// The longest name of a new object in a form, in bytes of UTF-8.
pub const NEW_NAME_MAX: usize = 256;
