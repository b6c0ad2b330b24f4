//! What a run of a task comes to.

use std::fmt::{self, Debug, Formatter};

use super::facts::Ask;
use super::response::Response;
use crate::document::value::Value;

/// What a run comes to.
#[derive(Debug)]
pub struct Outcome {
    /// What must be known before there is an answer. If there is anything, the rest counts for nothing.
    pub asks: Vec<Ask>,
    /// The answer.
    pub response: Response,
    /// The decision let the call pass, and the host may answer it in place of the response, which is the one
    /// of a directory without such a host.
    pub upstream: bool,
    /// The caller is authenticated, and the call needs its [withheld](Call::body_withheld) body: commit the changes,
    /// then run it with the body.
    pub body: bool,
    /// The code of what went wrong around the call, if the response says that. A response without one is the
    /// product's own, whatever its status.
    pub fault: Option<&'static str>,
    /// The changes to commit, all or none, before the response goes out; with them everything that was read.
    pub changes: Vec<Expectation>,
    /// What to send after that.
    pub mails: Vec<Mail>,
    /// Who was found to make the request.
    pub actor: Option<String>,
    /// The decisions that were made on the way.
    pub noted: Vec<LoggedDecision>,
}

/// One line of a commit.
#[derive(Clone, PartialEq)]
pub struct Expectation {
    /// The key.
    pub key: String,
    /// The version that must stand there; `None` for nothing.
    pub expect: Option<u64>,
    /// What to put there, or (`Some(None)`) to delete it; `None` only checks.
    pub change: Option<Option<Value>>,
}

/// Values hold hashes, and stay out of it.
impl Debug for Expectation {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Expectation").field("key", &self.key).field("expect", &self.expect).finish_non_exhaustive()
    }
}

/// A mail to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address. Empty for nobody: then it is not sent, and is there so that an unknown address takes the same work.
    pub to: String,
    /// What it is for, as `password_reset`: for a host with words of its own.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Where it leads, with the secret in the query: a path, for the host to put behind the origin of its own page.
    pub link: String,
    /// The secret that the text carries, for a host with words of its own.
    pub token: String,
    /// When the secret ends, in seconds since 1970.
    pub expires_at: i64,
}

/// The token stays out of it, and so do the text and the link, which have it too.
impl Debug for Mail {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Mail").field("to", &self.to).field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// A decision, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedDecision {
    /// What was asked to do.
    pub action: &'static str,
    /// On what.
    pub resource: String,
    /// Whether it was allowed.
    pub allow: bool,
    /// The rule that decided.
    pub rule: &'static str,
}
