//! The program to which an expression is compiled.

use super::class::Class;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regex {
    /// A state starts at 0. A state that passes the last instruction has matched.
    pub(super) program: Vec<Step>,
    pub(super) classes: Vec<Class>,
}

/// Why an expression is not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The position, in characters from 0.
    pub at: usize,
    /// What is not supported there, for a message.
    pub what: &'static str,
}

/// One instruction. Jumps are relative, so a part of a program can be copied to another position.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Consumes this character.
    One(char),
    /// Consumes a character of the class with this number.
    Any(usize),
    /// Continues at the start of the text.
    Start,
    /// Continues at the end of the text.
    End,
    /// Jumps forward by this number of instructions.
    Skip(usize),
    /// Continues, and also jumps forward.
    Fork(usize),
    /// Continues, and also jumps back.
    Again(usize),
}
