//! What a call answers.

use std::fmt::{self, Debug, Formatter};

use crate::document::value::Value;

/// An HTTP response.
#[derive(Clone, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers beyond the content type, which the body brings.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// A body may carry a new token, and stays out of it.
impl Debug for Response {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What a response carries.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A JSON document.
    Json(Value),
    /// A part of a JSON text. With `next` the call is made again, with [`super::Call::after`] set to it, and
    /// the text of that answer follows: so a list of any length goes out in bounded memory.
    Part {
        /// The text.
        text: String,
        /// The last key that this part has, if more follow.
        next: Option<String>,
    },
    /// Bytes, as they were stored.
    Bytes(Vec<u8>),
}

impl Response {
    /// A JSON document.
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Body::Json(body) }
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Empty }
    }

    /// The header of this name, which is in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
    }

    /// The same response with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
