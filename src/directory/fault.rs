//! Faults that are the same in every model.

use super::response::Response;
use crate::document::value::Value;
use crate::tables::word::{words, Word as _};

words! {
    /// A fault that is the same in every model.
    pub enum Fault {
        /// The body is larger than its route accepts.
        TooLarge = "too_large",
        /// The body nests more than 32 levels, or the request is malformed.
        BadRequest = "bad_request",
        /// The body has a content encoding other than gzip or deflate, or more than one.
        UnsupportedEncoding = "unsupported_encoding",
        /// A page of another site sent the request.
        CrossSite = "cross_site",
        /// The host's own authentication rejects the request, or names no active user.
        Unauthorized = "unauthorized",
        /// The body did not arrive completely in time.
        Timeout = "request_timeout",
        /// A record, or all writes of a request, would be larger than a store accepts.
        RecordTooLarge = "record_too_large",
        /// The rules allow the request, but no handler exists for it.
        NotFound = "not_found",
        /// Too many concurrent changes met the same records.
        Conflict = "conflict",
        /// The store failed or did not respond in time.
        Unavailable = "store_unavailable",
        /// Too many passwords are waiting to be verified.
        Overloaded = "overloaded",
        /// An instance failed, or a stored record is malformed.
        Internal = "internal",
    }
}

impl Fault {
    /// The HTTP status.
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

    /// The message.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooLarge => "the body is larger than this path accepts: send less in one request",
            Self::BadRequest => {
                "the request is malformed: expected a path and headers in UTF-8, and a complete body in its content encoding that nests at most 32 levels"
            }
            Self::UnsupportedEncoding => "unsupported content encoding: send the body as it is, or as gzip or deflate",
            Self::CrossSite => "a page of another site sent this request: ask the operator to allow its origin",
            Self::Unauthorized => "not authenticated: sign in again",
            Self::Timeout => "the body did not arrive in time: send the request again",
            Self::RecordTooLarge => "the record is larger than the store accepts: make it smaller",
            Self::NotFound => "no handler exists for this request: check its method and path",
            Self::Conflict => "too many concurrent changes of the same records: try again",
            Self::Unavailable => "the store does not respond: try again later",
            Self::Overloaded => "too many passwords are being checked: try again later",
            Self::Internal => "an internal error occurred: the log has the reason",
        }
    }

    /// Headers about the fault for HTTP clients, in addition to the body in the product's format.
    pub(super) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // RFC 9110, sections 15.5.2 and 15.5.16.
            Self::Unauthorized => &[("www-authenticate", "Bearer")],
            Self::UnsupportedEncoding => &[("accept-encoding", "gzip, deflate")],
            Self::CrossSite => &[("latchwork-guard", "cross_site")],
            _ => &[],
        }
    }

    /// The default response, for a product without one of its own.
    pub fn response(self) -> Response {
        let error = Value::object([("code", self.word().into()), ("message", self.message().into())]);
        Response::json(self.status(), Value::object([("error", error)]))
    }
}
