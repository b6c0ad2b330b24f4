//! What a call answers.

use std::fmt::{self, Debug, Formatter};

use super::guards::Guard;
use super::Directory;
use crate::value::Value;
use crate::word::{words, Word as _};

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

    /// The same response with the headers that every answer of a system has.
    #[must_use]
    pub(super) fn with_headers_of<S: Directory>(self) -> Self {
        let missing: Vec<_> = S::HEADERS.iter().filter(|(name, _)| self.header(name).is_none()).collect();
        missing.into_iter().fold(self, |response, (name, value)| response.with_header(name, *value))
    }

    /// The same response with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Why a call does not come to changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// Facts are missing; [`super::World`] has noted which.
    Pending,
    /// The answer is this, and nothing changes.
    Refused(Response),
    /// The rules allow the call, and the directory is not who answers it: the host may.
    Upstream,
    /// The caller is authenticated, and the call needs the body that the host has withheld.
    Body,
    /// A strict guard refuses, whatever the product's own rules say; the answer has their form.
    Guarded(Guard),
    /// Something is wrong that is not the caller's doing.
    Fault(Fault),
}

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Self::Refused(response)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What the directory has against a call that the product's own rules let pass.
#[derive(Clone, Copy, Debug)]
pub struct Objection {
    /// The status that says it.
    pub status: u16,
    /// Its code.
    pub word: &'static str,
    /// What it tells.
    pub message: &'static str,
}

words! {
    /// What goes wrong around a call, in any system.
    pub enum Fault {
        /// The body is larger than its route takes.
        TooLarge = "too_large",
        /// The body nests more than 32 levels, or the request is none that can be read.
        BadRequest = "bad_request",
        /// The body has a content encoding other than gzip or deflate, or several.
        UnsupportedEncoding = "unsupported_encoding",
        /// A page of another site sent the request.
        CrossSite = "cross_site",
        /// The host's own authentication refuses the request, or names no active user.
        Unauthorized = "unauthorized",
        /// The body did not come to an end.
        Timeout = "request_timeout",
        /// A record, or all that a call changes, would be larger than a store takes.
        RecordTooLarge = "record_too_large",
        /// The rules allow the call, and nobody is there who answers it.
        NotFound = "not_found",
        /// Too many changes at once met the same records.
        Conflict = "conflict",
        /// The store did not answer, or not in time.
        Unavailable = "store_unavailable",
        /// Too many passwords are waiting to be checked.
        Overloaded = "overloaded",
        /// An instance failed, or a stored record can not be read.
        Internal = "internal",
    }
}

impl Fault {
    /// The status that says it.
    pub fn status(self) -> u16 {
        match self {
            Self::TooLarge | Self::RecordTooLarge => 413,
            Self::Timeout => 408,
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::CrossSite => 403,
            Self::UnsupportedEncoding => 415,
            Self::NotFound => 404,
            Self::Conflict | Self::Unavailable | Self::Overloaded => 503,
            Self::Internal => 500,
        }
    }

    /// What it tells.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooLarge => "the body is larger than this path takes: send less in one request",
            Self::BadRequest => {
                "the request cannot be read: expected a path and headers in UTF-8, a whole body that nests at most 32 levels"
            }
            Self::UnsupportedEncoding => "unsupported content encoding: send the body as it is, or as gzip or deflate",
            Self::CrossSite => "a page of another site sent this request: the operator can allow its origin",
            Self::Unauthorized => "not authenticated: sign in again",
            Self::Timeout => "the body did not come in time: send the request again",
            Self::RecordTooLarge => "there is no room in the store for this much under one name: make it smaller",
            Self::NotFound => "there is nothing here that answers this request",
            Self::Conflict => "too many changes met the same records: try again",
            Self::Unavailable => "the store does not answer: try again later",
            Self::Overloaded => "too many passwords are being checked: try again later",
            Self::Internal => "the request failed, and not by its own fault: the log has the reason",
        }
    }

    /// The headers that say it to HTTP clients, beside the body in the product's form.
    fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // RFC 9110, sections 15.5.2 and 15.5.16.
            Self::Unauthorized => &[("www-authenticate", "Bearer")],
            Self::UnsupportedEncoding => &[("accept-encoding", "gzip, deflate")],
            Self::CrossSite => &[("latchwork-guard", "cross_site")],
            _ => &[],
        }
    }

    /// The response of a system to this fault at a path.
    pub(super) fn response_of<S: Directory>(self, path: &str) -> Response {
        let response = S::fault(self, path).with_headers_of::<S>();
        self.headers().iter().fold(response, |response, (name, value)| response.with_header(name, *value))
    }

    /// The answer where a product has none of its own.
    pub fn response(self) -> Response {
        let error = Value::object([("code", self.word().into()), ("message", self.message().into())]);
        Response::json(self.status(), Value::object([("error", error)]))
    }
}
