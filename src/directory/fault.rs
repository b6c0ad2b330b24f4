//! What goes wrong around a call, in any system.

use super::response::Response;
use crate::document::value::Value;
use crate::tables::word::{words, Word as _};

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
    pub(super) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // RFC 9110, sections 15.5.2 and 15.5.16.
            Self::Unauthorized => &[("www-authenticate", "Bearer")],
            Self::UnsupportedEncoding => &[("accept-encoding", "gzip, deflate")],
            Self::CrossSite => &[("latchwork-guard", "cross_site")],
            _ => &[],
        }
    }

    /// The answer where a product has none of its own.
    pub fn response(self) -> Response {
        let error = Value::object([("code", self.word().into()), ("message", self.message().into())]);
        Response::json(self.status(), Value::object([("error", error)]))
    }
}
