//! What a caller did wrong, with a stable code.

use crate::node::NAME_MAX;
use crate::problem::{one_of, quote, Problem};
use crate::value::DEPTH_MAX;

/// Why there is no answer. A "no" is an answer, not an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No system has this name.
    #[error("unknown system {}, expected {}", quote(.name), one_of(.known))]
    UnknownSystem {
        /// The name that was given.
        name: String,
        /// The systems that exist.
        known: &'static [&'static str],
    },
    /// The system has no such action.
    #[error("unknown action {}, expected {}", quote(.name), one_of(.known))]
    UnknownAction {
        /// The name that was given.
        name: String,
        /// The actions that the system has.
        known: &'static [&'static str],
        /// The code under which the system's rules report it.
        code: &'static str,
    },
    /// The system has no such kind of value to validate.
    #[error("unknown kind {}, expected {}", quote(.name), one_of(.known))]
    UnknownKind {
        /// The name that was given.
        name: String,
        /// The kinds that the system has.
        known: &'static [&'static str],
    },
    /// The text is no JSON document, or nests too deeply.
    #[error("malformed JSON at line {line}, column {column}; a document nests at most {DEPTH_MAX} levels")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The records break the rules of the system.
    #[error("the records have {} problem(s), the first at {}: {}", .problems.len(), place(.problems), first(.problems))]
    InvalidRecords {
        /// Every problem, in document order.
        problems: Vec<Problem>,
    },
    /// A name in a question is too long.
    #[error("a name has at most {NAME_MAX} bytes")]
    NameTooLong,
    /// More than 1,048,576 subjects are held at once.
    #[error("too many subjects are held at once: dispose those that are no longer asked")]
    TooManySubjects,
    /// The handle was disposed, or belongs to something else.
    #[error("this handle was disposed")]
    StaleHandle,
}

impl Error {
    /// The stable code of this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSystem { .. } => "unknown_system",
            Self::UnknownAction { code, .. } => code,
            Self::UnknownKind { .. } => "unknown_kind",
            Self::Malformed { .. } => "malformed_json",
            Self::InvalidRecords { .. } => "invalid_records",
            Self::NameTooLong => "name_too_long",
            Self::TooManySubjects => "too_many_subjects",
            Self::StaleHandle => "stale_handle",
        }
    }

    /// The problems of records or values, if that is what went wrong.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::InvalidRecords { problems } => problems,
            _ => &[],
        }
    }
}

fn place(problems: &[Problem]) -> &str {
    problems.first().map(|problem| problem.path.as_str()).filter(|path| !path.is_empty()).unwrap_or("the top")
}

fn first(problems: &[Problem]) -> &str {
    problems.first().map_or("", |problem| problem.message.as_str())
}
