//! What an expression is compiled to.

use super::class::Class;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regex {
    /// Begins at 0; whoever gets behind the last one has matched.
    pub(super) program: Vec<Step>,
    pub(super) classes: Vec<Class>,
}

/// Why an expression was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Where, in characters from 0.
    pub at: usize,
    /// What is not supported there, for a message.
    pub what: &'static str,
}

/// One instruction. Ways are relative, so a piece of program may be copied to any place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Takes this character.
    One(char),
    /// Takes a character of the class with this number.
    Any(usize),
    /// Goes on at the begin of the text.
    Start,
    /// Goes on at the end of the text.
    End,
    /// Goes forward by as much.
    Skip(usize),
    /// Goes on, and also forward by as much.
    Fork(usize),
    /// Goes on, and also back by as much.
    Again(usize),
}
