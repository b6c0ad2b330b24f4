//! A request to the directory.

use std::fmt::{self, Debug, Formatter};

use super::interrupt::Interrupt;
use crate::document::value::Value;
use crate::tables::word::words;

/// A request of a product's own API.
#[derive(Clone, Default)]
pub struct Call<'c> {
    /// The HTTP method, in upper case.
    pub method: &'c str,
    /// The path, still percent-encoded, without the query.
    pub path: &'c str,
    /// The query, as it was sent, without the `?`.
    pub query: &'c str,
    /// Whether the host received it over TLS, as far as the host knows.
    pub secure: bool,
    /// The public base URL of this directory without a trailing slash, such as `https://id.example.org`: the configured
    /// one, else the origin of the request. A client can forge that origin, so mails never use it.
    pub base_url: &'c str,
    /// The headers, with lower-case names.
    pub headers: Vec<(&'c str, &'c str)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body is larger than an ordinary one, and the host has not read it, so `body` is empty. A route that accepts
    /// a [larger body](BodySize) asks for it once the caller is authenticated.
    pub body_withheld: bool,
    /// The name of the user whom the host authenticated, by a bearer token or a header of its proxy. It replaces the
    /// product's own credentials, but never a current password or an operator's secret.
    pub identity: Option<&'c str>,
    /// The address that distinguishes the client from others. Empty if the host cannot tell.
    pub client: &'c str,
    /// Whether the product itself is behind the directory, and gets what the directory does not answer.
    pub has_upstream: bool,
    /// Where a list continues: the last key of the previous part, from [`super::Body::Part`].
    pub after: Option<&'c str>,
}

/// Leaves out headers and body, which carry secrets.
impl Debug for Call<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Call").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

words! {
    /// How large a body a route accepts. The host has a limit in bytes for each size.
    pub enum BodySize {
        /// A form with a few members.
        Ordinary = "body",
        /// A list or document with any number of items, such as the members of a group.
        Document = "document",
        /// A file, or all records of a store.
        Upload = "upload",
    }
}

/// Why a body is not a JSON document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// The body is missing.
    Absent,
    /// The body is not UTF-8 or not JSON, or nests more than 32 levels.
    Malformed,
}

impl Call<'_> {
    /// The first header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| *value)
    }

    /// Whether the client uses TLS. A proxy that terminates TLS says so in `x-forwarded-proto`. A client that forges
    /// this header only gets a cookie that it cannot send back.
    pub fn is_secure(&self) -> bool {
        self.secure || self.header("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
    }

    /// Asks for a body that the host has not read. Call it after the caller is authenticated.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Body`] for a withheld body.
    pub(crate) fn require_body(&self) -> Result<(), Interrupt> {
        if self.body_withheld {
            return Err(Interrupt::Body);
        }
        Ok(())
    }

    /// Parses the body as a JSON document.
    ///
    /// # Errors
    ///
    /// [`BodyError`].
    pub fn json(&self) -> Result<Value, BodyError> {
        if self.body.is_empty() {
            return Err(BodyError::Absent);
        }
        let text = std::str::from_utf8(&self.body).map_err(|_| BodyError::Malformed)?;
        // Some clients begin a document with a byte order mark.
        Value::parse(text.strip_prefix('\u{FEFF}').unwrap_or(text)).map_err(|_| BodyError::Malformed)
    }

    /// The segments of the path, split first and decoded afterwards, so that an encoded `/` is part of a name. Returns
    /// `None` if a segment cannot be decoded.
    pub fn segments(&self) -> Option<Vec<String>> {
        self.path.strip_prefix('/')?.split('/').map(|segment| decode(segment, false)).collect()
    }

    /// The value of the first query parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The query parameters, decoded, in order. A parameter that cannot be decoded is kept as it was sent. If it were
    /// left out, it would count as missing, and a request for a part of a list would return the whole list.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let read = |text| decode(text, true).unwrap_or_else(|| text.to_owned());
        self.pairs().map(|(name, value)| (read(name), read(value))).collect()
    }

    /// Whether the whole query can be decoded, so that a server after the directory cannot decode it differently.
    pub fn has_sound_query(&self) -> bool {
        self.pairs().all(|(name, value)| decode(name, true).is_some() && decode(value, true).is_some())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }
}

/// Decodes `%XX`, and `+` as a space if the text comes from a form or a query. Returns `None` unless each `%` has two
/// digits and the result is UTF-8.
pub fn decode(text: &str, form: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| u8::try_from(char::from(byte?).to_digit(16)?).ok();
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                (high << 4) | low
            }
            b'+' if form => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_before_it_is_decoded() {
        let call = Call { path: "/_api/user/a%2Fb/%25", ..Call::default() };
        assert_eq!(call.segments(), Some(["_api", "user", "a/b", "%"].map(str::to_owned).to_vec()));
        for path in ["/%", "/%2", "/%zz", "/%ff", "", "no-slash"] {
            assert_eq!(Call { path, ..Call::default() }.segments(), None, "{path}");
        }
    }

    #[test]
    fn a_forwarded_https_request_is_secure() {
        let plain = Call::default();
        assert!(!plain.is_secure());
        assert!(Call { secure: true, ..plain.clone() }.is_secure());
        let behind = |scheme| Call { headers: vec![("x-forwarded-proto", scheme)], ..plain.clone() };
        assert!(behind("HTTPS").is_secure());
        assert!(!behind("http").is_secure());
    }

    #[test]
    fn a_query_is_decoded_like_a_form() {
        let call = Call { query: "full=true&q=a+b%2B&full=no&bare&&x=%C3%A9", ..Call::default() };
        assert_eq!(call.parameter("full").as_deref(), Some("true"));
        assert_eq!(call.parameter("q").as_deref(), Some("a b+"));
        assert_eq!(call.parameter("bare").as_deref(), Some(""));
        assert_eq!(call.parameter("x").as_deref(), Some("é"));
        assert_eq!(call.parameters().len(), 5);
        assert!(call.has_sound_query());
    }

    #[test]
    fn a_parameter_that_cannot_be_decoded_is_kept_as_sent() {
        for (query, name, value) in [("a=%zz+", "a", "%zz+"), ("a=%ff", "a", "%ff"), ("%2=a%20b", "%2", "a b")] {
            let call = Call { query, ..Call::default() };
            assert_eq!(call.parameters(), [(name.to_owned(), value.to_owned())]);
            assert!(!call.has_sound_query());
        }
    }

    #[test]
    fn a_body_is_one_json_document() {
        let call = |body: &[u8]| Call { body: body.to_vec(), ..Call::default() };
        assert_eq!(call(b"").json(), Err(BodyError::Absent));
        assert_eq!(call(b"\xEF\xBB\xBF{}").json(), Ok(Value::Object(Vec::new())));
        for body in [&b"{"[..], b"{} x", b"\xff", b" "] {
            assert_eq!(call(body).json(), Err(BodyError::Malformed));
        }
        assert_eq!(call("[".repeat(40).as_bytes()).json(), Err(BodyError::Malformed));
    }
}
