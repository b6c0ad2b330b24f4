//! Conditional requests (RFC 9110, section 13): a change is applied only if the resource is what its client has read.
//!
//! The client sends the tag that it read as `If-Match`. The request that makes the change compares it. What the tag
//! depends on is read in that request, and checked again at the commit together with all other reads.
//!
//! To compute the tag, the request executes the `GET` of its own path and query, as the same caller and on the same
//! facts. It keeps only the tag and the reads. So there is one definition of the resource's state, a caller learns
//! nothing about a resource that it may not read, and a path without `GET` has no tag.
//!
//! A failed condition is a 412. Some products use 409 for such conflicts, but a client that sends `If-Match` expects
//! the status of HTTP.

use super::interrupt::Interrupt;
use super::model::Directory;
use super::rejection::Rejection;
use super::request::Call;
use super::response::{Body, Response};
use super::secret::digest;
use super::transaction::Transaction;
use crate::document::value::Value;

/// The number of hexadecimal digits in a tag: 128 bits.
const DIGITS: usize = 32;

const CHANGED: Rejection = Rejection {
    status: 412,
    word: "precondition_failed",
    message: "the resource has changed since the tag in `If-Match`: read it again, and change the current one",
};
const UNTAGGED: Rejection = Rejection {
    status: 412,
    word: "precondition_failed",
    message: "this resource has no `ETag`: leave `If-Match` out, or send `If-Match: *`",
};
const EXISTS: Rejection = Rejection {
    status: 412,
    word: "precondition_failed",
    message: "the resource matches `If-None-Match`: send the request without it to change the resource",
};
/// This is not a 412: after a 412 the client would read again and send the same header.
const MALFORMED: Rejection = Rejection {
    status: 400,
    word: "malformed_condition",
    message: "expected `*` or tags in double quotes, as in `ETag`, in `If-Match` and `If-None-Match`",
};

/// The strong tag of a state. It is the same in every runtime.
pub(crate) fn tag(state: &Value) -> String {
    tag_of_text(&state.json())
}

/// The same, for a state as JSON text.
pub(crate) fn tag_of_text(state: &str) -> String {
    let digest = digest(state.as_bytes());
    format!("\"{}\"", digest.get(..DIGITS).unwrap_or(&digest))
}

impl Response {
    /// Adds the tag of the resource to the response. `state` is everything of the resource that can change: what the
    /// response shows, and also what it does not show but a change could overwrite.
    #[must_use]
    pub fn tagged(self, state: &Value) -> Self {
        self.with_header("etag", tag(state))
    }
}

/// Checks the conditions of a request against its result, and adds the tag to a response about one resource.
///
/// # Errors
///
/// [`Interrupt`]: the result of the request, or the rejection of a condition.
pub(super) fn check_conditions<S: Directory>(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    stopped: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    // The conditions were checked when the first part was sent. RFC 9110, section 13.2.1: `OPTIONS` has none.
    if call.after.is_some() || call.method == "OPTIONS" {
        return stopped;
    }
    let is_read = matches!(call.method, "GET" | "HEAD");
    let stopped = if is_read { stopped.map(with_tag) } else { stopped };
    let [wanted, known] = ["if-match", "if-none-match"].map(|name| Tags::parse(call, name));
    if (wanted.is_none() && known.is_none()) || !commits_or_reads(&stopped, is_read) {
        return stopped;
    }
    let tag = match &stopped {
        Ok(response) if is_read => response.header("etag").map(str::to_owned),
        _ => current_tag::<S>(tx, call)?,
    };
    let tag = tag.as_deref();
    let object = |rejection: Rejection| {
        let response = S::rejection_response(rejection, call);
        Err(Interrupt::Refused(match tag {
            Some(tag) => response.with_header("etag", tag),
            None => response,
        }))
    };
    match (&wanted, tag) {
        (Some(Tags::Malformed), _) => return object(MALFORMED),
        (Some(wanted), None) if !wanted.is_any() => return object(UNTAGGED),
        (Some(wanted), Some(tag)) if !wanted.matches(tag, false) => return object(CHANGED),
        _ => {}
    }
    match (&known, tag) {
        // A malformed condition never prevents a read, and always prevents a change.
        (Some(Tags::Malformed), _) if !is_read => object(MALFORMED),
        (Some(known), Some(tag)) if known.matches(tag, true) => match is_read {
            true => stopped.map(not_modified),
            false => object(EXISTS),
        },
        _ => stopped,
    }
}

/// Whether conditions apply to this result. A denied or missing resource is reported as such. A change that fails
/// because of its body may fail because the resource has changed, so the condition is reported first.
fn commits_or_reads(stopped: &Result<Response, Interrupt>, is_read: bool) -> bool {
    match stopped {
        Ok(response) if is_read => response.status == 200,
        Err(_) if is_read => false,
        Ok(Response { status: ..400, .. }) => true,
        Ok(response) | Err(Interrupt::Refused(response)) => matches!(response.status, 400 | 409),
        Err(
            Interrupt::Pending | Interrupt::Upstream | Interrupt::Body | Interrupt::Fault(_) | Interrupt::Guarded(_),
        ) => false,
    }
}

/// The tag of the resource at the path of a request before its changes, if the caller may read it.
fn current_tag<S: Directory>(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Option<String>, Interrupt> {
    let &Call { path, query, secure, base_url, ref headers, identity, client, .. } = call;
    let headers = headers.clone();
    let reading = Call { method: "GET", path, query, secure, base_url, headers, identity, client, ..Call::default() };
    let mut before = tx.without_writes();
    let stopped = S::handle_call(&mut before, &reading);
    tx.depend_on(before);
    match stopped {
        Ok(response) if response.status == 200 => Ok(with_tag(response).header("etag").map(str::to_owned)),
        Err(stop @ (Interrupt::Pending | Interrupt::Fault(_))) => Err(stop),
        Ok(_) | Err(Interrupt::Refused(_) | Interrupt::Upstream | Interrupt::Body | Interrupt::Guarded(_)) => Ok(None),
    }
}

/// Adds a tag to a response: the one that the model gave, which may cover more than the response shows, or one of the
/// document. A list that is sent in parts has no tag.
fn with_tag(response: Response) -> Response {
    match &response.body {
        Body::Json(document) if response.status == 200 && response.header("etag").is_none() => {
            let tag = tag(document);
            response.with_header("etag", tag)
        }
        _ => response,
    }
}

/// The client already has this response.
fn not_modified(response: Response) -> Response {
    let headers = response.headers.into_iter().filter(|(name, _)| *name != "content-type");
    Response { status: 304, headers: headers.collect(), body: Body::Empty }
}

/// The tags that a condition names.
#[derive(Debug, PartialEq, Eq)]
enum Tags<'c> {
    /// `*`
    Any,
    /// Quoted tags. The flag says whether a tag is weak.
    These(Vec<(bool, &'c str)>),
    /// Malformed tags.
    Malformed,
}

impl<'c> Tags<'c> {
    /// Parses the headers with this name together. Returns `None` if the request has no such header.
    fn parse(call: &Call<'c>, name: &str) -> Option<Self> {
        let mut values = call.headers.iter().filter(|(header, _)| *header == name).map(|(_, value)| *value).peekable();
        values.peek()?;
        let mut tags = Vec::new();
        let mut is_any = false;
        for value in values {
            match value.trim_matches(BLANKS) {
                "*" if !is_any => is_any = true,
                value => match parse_tags(value) {
                    Some(these) => tags.extend(these),
                    None => return Some(Self::Malformed),
                },
            }
        }
        Some(match (is_any, tags.is_empty()) {
            (true, true) => Self::Any,
            (false, false) => Self::These(tags),
            _ => Self::Malformed,
        })
    }

    fn is_any(&self) -> bool {
        *self == Self::Any
    }

    /// Whether a tag is among them. A weak comparison ignores their weakness.
    fn matches(&self, tag: &str, weakly: bool) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|(is_weak, known)| *known == tag && (weakly || !is_weak)),
            Self::Malformed => false,
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

/// Parses a list of tags, in which elements may be empty (RFC 9110, section 5.6.1). Returns `None` if it is malformed.
fn parse_tags(mut rest: &str) -> Option<Vec<(bool, &str)>> {
    let mut tags = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(tags);
        }
        let (is_weak, strong) = rest.strip_prefix("W/").map_or((false, rest), |strong| (true, strong));
        let end = strong.strip_prefix('"')?.find('"')?.checked_add(2)?;
        let (tag, behind) = strong.split_at_checked(end)?;
        if tag.contains(|letter: char| letter.is_ascii_control() || letter == ' ') {
            return None;
        }
        tags.push((is_weak, tag));
        rest = behind.trim_start_matches(BLANKS);
        if !(rest.is_empty() || rest.starts_with(',')) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags<'c>(values: &[&'c str]) -> Option<Tags<'c>> {
        let headers = values.iter().map(|value| ("if-match", *value)).chain([("host", "\"x\"")]).collect();
        Tags::parse(&Call { headers, ..Call::default() }, "if-match")
    }

    #[test]
    fn a_malformed_list_of_tags_is_rejected_as_a_whole() {
        let these = |tags: &[(bool, &'static str)]| Some(Tags::These(tags.to_vec()));
        for (values, expected) in [
            (&[][..], None),
            (&["*"][..], Some(Tags::Any)),
            (&["\t* "], Some(Tags::Any)),
            (&["\"a\""], these(&[(false, "\"a\"")])),
            (&["\"\""], these(&[(false, "\"\"")])),
            (&["W/\"a\""], these(&[(true, "\"a\"")])),
            (&["\"a,b\" ,,\tW/\"é\","], these(&[(false, "\"a,b\""), (true, "\"é\"")])),
            (&["\"a\"", "\"b\""], these(&[(false, "\"a\""), (false, "\"b\"")])),
        ] {
            assert_eq!(tags(values), expected, "{values:?}");
        }
        let broken =
            ["", ",", "a", "\"a", "\"a\"b", "\"a\" \"b\"", "w/\"a\"", "W/ \"a\"", "W/", "**", "*, \"a\"", "\"a b\""];
        for value in broken {
            assert_eq!(tags(&[value]), Some(Tags::Malformed), "{value}");
        }
        for values in [["*", "\"a\""], ["*", "*"], ["\"a\"", "b"]] {
            assert_eq!(tags(&values), Some(Tags::Malformed), "{values:?}");
        }
    }

    #[test]
    fn a_weak_tag_matches_only_in_reads() {
        let tags = Tags::These(vec![(true, "\"a\""), (false, "\"b\"")]);
        for (tag, weakly, expected) in [
            ("\"a\"", true, true),
            ("\"a\"", false, false),
            ("\"b\"", true, true),
            ("\"b\"", false, true),
            ("\"c\"", true, false),
        ] {
            assert_eq!(tags.matches(tag, weakly), expected, "{tag} {weakly}");
        }
    }

    #[test]
    fn a_tag_is_the_same_in_every_runtime() {
        // printf '{"a":[1,"é"]}' | sha256sum | cut -c -32
        let state = Value::object([("a", Value::List(vec![1.into(), "é".into()]))]);
        assert_eq!(tag(&state), "\"5db14a2cddc92d31365806bb5d82ed2b\"");
    }
}
