//! The result of one execution of a task.

use std::fmt::{self, Debug, Formatter};

use super::facts::Ask;
use super::response::Response;
use crate::document::value::Value;

/// The result of one execution of a task.
#[derive(Debug)]
pub struct Outcome {
    /// The facts that are missing. If there are any, the other members mean nothing.
    pub asks: Vec<Ask>,
    /// The response.
    pub response: Response,
    /// The decision allows the request, and the host may answer it in place of the response. The response is the one of
    /// a directory without such a host.
    pub upstream: bool,
    /// The caller is authenticated, and the request needs its [withheld](Call::body_withheld) body. Commit the changes,
    /// then execute it with the body.
    pub body: bool,
    /// The code of the fault that the response reports. `None` if the response is the product's own, whatever its
    /// status.
    pub fault: Option<&'static str>,
    /// The changes to commit, all or none, before the response is sent. They include a check of every version that was
    /// read.
    pub changes: Vec<Expectation>,
    /// The mails to send after the commit.
    pub mails: Vec<Mail>,
    /// The name of the authenticated caller.
    pub actor: Option<String>,
    /// The decisions made during the execution.
    pub logged: Vec<LoggedDecision>,
}

/// One line of a commit.
#[derive(Clone, PartialEq)]
pub struct Expectation {
    /// The key.
    pub key: String,
    /// The expected version. `None` for a missing entry.
    pub expect: Option<u64>,
    /// The new value, or `Some(None)` to delete the entry. `None` only checks the version.
    pub change: Option<Option<Value>>,
}

/// Leaves out the values, which may hold hashes.
impl Debug for Expectation {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Expectation").field("key", &self.key).field("expect", &self.expect).finish_non_exhaustive()
    }
}

/// A mail to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address. If it is empty, the mail is not sent: it exists so that an unknown address takes the same work.
    pub to: String,
    /// The purpose, such as `password_reset`, for a host with texts of its own.
    pub kind: &'static str,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The path and query of the link, with the secret in the query. The host appends it to the origin of its own page.
    pub link: String,
    /// The secret in the text, for a host with texts of its own.
    pub token: String,
    /// When the secret expires, in seconds since 1970.
    pub expires_at: i64,
}

/// Leaves out the token, and the text and the link, which contain it.
impl Debug for Mail {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Mail").field("to", &self.to).field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// A decision, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedDecision {
    /// The action.
    pub action: &'static str,
    /// The resource.
    pub resource: String,
    /// Whether it was allowed.
    pub allow: bool,
    /// The rule that decided.
    pub rule: &'static str,
}
