//! Requests with conditions (RFC 9110, section 13): a change that is made only to what its client has read.
//!
//! The store holds one call to what it has read. Between a client's own reading and its change other calls may come,
//! so the client brings along what it knows: the tag of the answer that it read, in `If-Match`. It is compared in
//! the call that changes; what the tag rests on is read there, and checked at the commit with all the rest.
//!
//! For the tag, the call runs the `GET` of its own path and query too, by the same caller on the same facts, and keeps
//! nothing of it but the tag and what was read. So there is no second notion of what stands at a path, nobody learns
//! of a thing what they may not read, and where no `GET` answers there is no tag.
//!
//! A condition that does not hold is a 412. A 409 would say the same to a person; but who sends `If-Match` waits for
//! the word of HTTP.

use super::interrupt::Interrupt;
use super::model::Directory;
use super::rejection::Rejection;
use super::request::Call;
use super::response::{Body, Response};
use super::secret::digest;
use super::transaction::Transaction;
use crate::document::value::Value;

/// Hexadecimal digits of a tag: 128 bits.
const DIGITS: usize = 32;

const CHANGED: Rejection = Rejection {
    status: 412,
    word: "precondition_failed",
    message: "this is not as `If-Match` has it: read it again, and change what stands there now",
};
const UNTAGGED: Rejection = Rejection {
    status: 412,
    word: "precondition_failed",
    message: "this path has no `ETag` that `If-Match` could name: leave it out, or send `If-Match: *`",
};
const EXISTS: Rejection = Rejection {
    status: 412,
    word: "precondition_failed",
    message: "what `If-None-Match` excludes stands here: send the request without it to change that",
};
/// Not a 412: who is told so reads again, and comes back with the same header.
const MALFORMED: Rejection = Rejection {
    status: 400,
    word: "malformed_condition",
    message: "expected `*` in `If-Match` or `If-None-Match`, or tags in double quotes as `ETag` has them",
};

/// The tag of a state: a strong one, equal in every runtime.
pub(crate) fn tag(state: &Value) -> String {
    let digest = digest(state.to_string().as_bytes());
    format!("\"{}\"", digest.get(..DIGITS).unwrap_or(&digest))
}

impl Response {
    /// The same response with the tag of the thing that it tells of. `state` is all of the thing that changes: what
    /// is told, and what a change could be lost of though it is not told.
    #[must_use]
    pub fn tagged(self, state: &Value) -> Self {
        self.with_header("etag", tag(state))
    }
}

/// What a run came to, if the conditions of its request hold; what tells one thing has its tag.
///
/// # Errors
///
/// [`Interrupt`]: what the run came to, or the refusal of a condition.
pub(super) fn check_conditions<S: Directory>(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    stopped: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    // The conditions held when the first part went out.
    if call.after.is_some() {
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
        // What can not be read is no reason to keep an answer back, and none to change something.
        (Some(Tags::Malformed), _) if !is_read => object(MALFORMED),
        (Some(known), Some(tag)) if known.matches(tag, true) => match is_read {
            true => stopped.map(not_modified),
            false => object(EXISTS),
        },
        _ => stopped,
    }
}

/// Whether conditions count for what a run came to. Who is not let in hears that, and what is not there is not
/// there. A change that its body makes impossible may be so because the thing has changed: that is said first.
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

/// The tag of what stands at the path of a call before it, if its caller may read that.
fn current_tag<S: Directory>(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Option<String>, Interrupt> {
    let &Call { path, query, secure, base_url, ref headers, identity, client, .. } = call;
    let headers = headers.clone();
    let reading = Call { method: "GET", path, query, secure, base_url, headers, identity, client, ..Call::default() };
    let mut before = tx.before();
    let stopped = S::handle_call(&mut before, &reading);
    tx.depend_on(before);
    match stopped {
        Ok(response) if response.status == 200 => Ok(with_tag(response).header("etag").map(str::to_owned)),
        Err(stop @ (Interrupt::Pending | Interrupt::Fault(_))) => Err(stop),
        Ok(_) | Err(Interrupt::Refused(_) | Interrupt::Upstream | Interrupt::Body | Interrupt::Guarded(_)) => Ok(None),
    }
}

/// An answer with its tag: the one that its room gave, which may know more of the thing than it tells, or one of the
/// document. A list that goes out in parts has none.
fn with_tag(response: Response) -> Response {
    match &response.body {
        Body::Json(document) if response.status == 200 && response.header("etag").is_none() => {
            let tag = tag(document);
            response.with_header("etag", tag)
        }
        _ => response,
    }
}

/// The client has the answer.
fn not_modified(response: Response) -> Response {
    let headers = response.headers.into_iter().filter(|(name, _)| *name != "content-type");
    Response { status: 304, headers: headers.collect(), body: Body::Empty }
}

/// What a condition names.
#[derive(Debug, PartialEq, Eq)]
enum Tags<'c> {
    /// `*`
    Any,
    /// Tags in their quotes, and whether each is a weak one.
    These(Vec<(bool, &'c str)>),
    /// Nothing that can be read.
    Malformed,
}

impl<'c> Tags<'c> {
    /// What the headers of a name have together; `None` without one.
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

    /// Whether a strong tag is among them. Weakly compared, their own weakness does not count.
    fn matches(&self, tag: &str, weakly: bool) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|(is_weak, known)| *known == tag && (weakly || !is_weak)),
            Self::Malformed => false,
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

/// The tags of a list, of which any may be missing (RFC 9110, section 5.6.1); `None` for what is none.
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
    fn a_list_of_tags_is_read_whole_or_not_at_all() {
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
    fn a_weak_tag_is_good_for_reading_alone() {
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
