//! The response to a request.

use std::fmt::{self, Debug, Formatter};

use crate::document::value::Value;

/// An HTTP response.
#[derive(Clone, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers besides the content type, which follows from the body.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// Leaves out the body, which may carry a new token.
impl Debug for Response {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The body of a response.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// An empty body.
    Empty,
    /// A JSON document.
    Json(Value),
    /// A part of a JSON text. If `next` is set, the host executes the request again with [`super::Call::after`] set to
    /// it, and sends that text after this one. So a list of any length is sent in bounded memory.
    Part {
        /// The text.
        text: String,
        /// The last key in this part, if more parts follow.
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

    /// The header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
    }

    /// Adds one header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
