//! Errors of callers, with stable codes.

use std::fmt::{self, Display};

use crate::document::json::Malformed;
use crate::document::limits::NAME_MAX;
use crate::document::problem::{one_of, Problem};
use crate::tables::text::{fill, number};

/// An error of a caller. A denial is not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// No model has this name.
    UnknownSystem {
        /// The given name.
        name: String,
        /// The known models.
        known: &'static [&'static str],
    },
    /// The model has no such action.
    UnknownAction {
        /// The given name.
        name: String,
        /// The actions of the records or the model.
        known: Vec<String>,
        /// The code with which the model's rules report it.
        code: &'static str,
    },
    /// The model has no such kind of value.
    UnknownKind {
        /// The given name.
        name: String,
        /// The kinds of the model.
        known: &'static [&'static str],
    },
    /// The model cannot answer this exactly.
    Unsupported {
        /// The model.
        system: &'static str,
        /// The unsupported question.
        what: &'static str,
    },
    /// The exact answer would be too large to compute.
    #[cfg(feature = "tools")]
    Incomplete {
        /// What to ask instead, in one line.
        why: &'static str,
    },
    /// The question depends on the body of the request, which was not read.
    BodyNeeded,
    /// The text is not a JSON document, or it nests too deeply.
    Malformed(Malformed),
    /// The records violate the rules of the model.
    InvalidRecords {
        /// Every problem, in document order.
        problems: Vec<Problem>,
    },
    /// The question is malformed.
    BadQuestion {
        /// Every problem, with a pointer into the question.
        problems: Vec<Problem>,
    },
    /// The document has no resource of this form.
    UnknownResource {
        /// What is wrong with it, in one line.
        why: String,
    },
    /// A name in the question is too long.
    NameTooLong,
    /// More than 1,048,576 subjects are open at once.
    TooManySubjects,
    /// The handle was disposed, or belongs to another object.
    StaleHandle,
}

impl Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl Error {
    /// What is wrong, in one line.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::UnknownSystem { name, known } => unknown_name_message("system", name, known),
            Self::UnknownAction { name, known, .. } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                unknown_name_message("action", name, &known)
            }
            Self::UnknownKind { name, known } => unknown_name_message("kind", name, known),
            Self::Unsupported { system, what } => fill("{} has no {}", &[system, what]),
            #[cfg(feature = "tools")]
            Self::Incomplete { why } => fill("no exact answer within the limits: {}", &[why]),
            Self::BodyNeeded => {
                "the question depends on the body: `await classifyRequest(system, request)` reads it".into()
            }
            Self::Malformed(malformed) => malformed.message(),
            Self::InvalidRecords { problems } => problems_message("the records have", problems),
            Self::BadQuestion { problems } => problems_message("the question has", problems),
            Self::UnknownResource { why } => fill("unknown resource: {}", &[why]),
            Self::NameTooLong => fill("a name has at most {} bytes", &[&number(NAME_MAX)]),
            Self::TooManySubjects => {
                "too many subjects are held at once: dispose those that are no longer asked".into()
            }
            Self::StaleHandle => "this handle was disposed".into(),
        }
    }

    /// The stable code of this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSystem { .. } => "unknown_system",
            Self::UnknownAction { code, .. } => code,
            Self::UnknownKind { .. } => "unknown_kind",
            Self::Unsupported { .. } => "unsupported",
            #[cfg(feature = "tools")]
            Self::Incomplete { .. } => "incomplete",
            Self::BodyNeeded => "body_needed",
            Self::Malformed(_) => "malformed_json",
            Self::InvalidRecords { .. } => "invalid_records",
            Self::BadQuestion { .. } => "bad_question",
            Self::UnknownResource { .. } => "unknown_resource",
            Self::NameTooLong => "name_too_long",
            Self::TooManySubjects => "too_many_subjects",
            Self::StaleHandle => "stale_handle",
        }
    }

    /// The problems of the records or the question, if there are any.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::InvalidRecords { problems } | Self::BadQuestion { problems } => problems,
            _ => &[],
        }
    }
}

/// The number of problems, and the first ones.
fn problems_message(what: &str, problems: &[Problem]) -> String {
    let (place, message) = match problems.first() {
        Some(first) if first.path.is_empty() => ("the top", &*first.message),
        Some(first) => (&*first.path, &*first.message),
        None => ("the top", ""),
    };
    fill("{} {} problem(s), the first at {}: {}", &[what, &number(problems.len()), place, message])
}

fn unknown_name_message(what: &str, name: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return fill("unknown {} <>: there is none in this system", &[what, name]);
    }
    fill("unknown {} <>, expected {}", &[what, name, &one_of(known)])
}
