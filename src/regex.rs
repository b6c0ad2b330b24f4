//! A small regular expression matcher whose time is linear in the text: stub.

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regex {}

/// Why an expression was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Where, in characters from 0.
    pub at: usize,
    /// What is not supported there, for a message.
    pub what: &'static str,
}

impl Regex {
    /// Compiles an expression.
    pub fn compile(_pattern: &str) -> Result<Self, Unsupported> {
        Ok(Self {})
    }

    /// Whether the whole text matches.
    pub fn matches(&self, _text: &str) -> bool {
        false
    }

    /// Whether any part of the text matches.
    pub fn finds(&self, _text: &str) -> bool {
        false
    }
}
