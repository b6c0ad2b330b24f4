//! A request, as far as its meaning counts.

use std::fmt::{self, Debug, Formatter};

use super::interrupt::Interrupt;
use crate::document::value::Value;
use crate::tables::word::words;

/// A request of a product's own API.
#[derive(Clone, Default)]
pub struct Call<'c> {
    /// The HTTP method, in capitals.
    pub method: &'c str,
    /// The path, still percent-encoded, without the query.
    pub path: &'c str,
    /// The query, as it was sent, without the `?`.
    pub query: &'c str,
    /// Whether it came over TLS, as far as whoever took it knows.
    pub secure: bool,
    /// The public base URL of this directory without a slash at its end, as `https://id.example.org`: what the host
    /// configured, else the origin of the request. A client can make the latter up, so no mail uses it.
    pub base_url: &'c str,
    /// The headers: names in small letters.
    pub headers: Vec<(&'c str, &'c str)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body is larger than an ordinary one, and the host has not read it: `body` is empty. A route that takes a
    /// [larger body](BodySize) asks for it once the caller is authenticated.
    pub body_withheld: bool,
    /// The name of the user whom the host authenticated, by a bearer token or a header of its proxy. It stands for the
    /// product's own credentials, but for no current password and no secret of the operator.
    pub identity: Option<&'c str>,
    /// Who sent it, as far as whoever took it can tell one client from another: an address. Nothing where it can not.
    pub client: &'c str,
    /// Where a list goes on: the last key of the part before, in the answer's own [`super::Body::Part`].
    pub after: Option<&'c str>,
}

/// Headers and body carry secrets, and stay out of it.
impl Debug for Call<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Call").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

words! {
    /// How large a body a route takes. The host has a limit in bytes for each.
    pub enum BodySize {
        /// A form with a few members.
        Ordinary = "body",
        /// A list or document of any number of parts, such as the members of a group.
        Document = "document",
        /// A file, or all records of a store.
        Upload = "upload",
    }
}

/// Why a body is no JSON document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// There is no body.
    Absent,
    /// The body is no UTF-8, or no JSON, or nests more than 32 levels.
    Malformed,
}

impl Call<'_> {
    /// The first header of this name, which is in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| *value)
    }

    /// Whether the client's end of the connection is over TLS: a proxy may have taken that off, and says so. A
    /// client that says so itself gets a cookie that it can not send back, and nothing else.
    pub fn is_secure(&self) -> bool {
        self.secure || self.header("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
    }

    /// Asks for a body that the host has not read. Call it once the caller is authenticated.
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

    /// The body as a JSON document.
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

    /// The segments of the path, split first and decoded afterwards, so that an encoded `/` is part of a name;
    /// `None` where one can not be decoded.
    pub fn segments(&self) -> Option<Vec<String>> {
        self.path.strip_prefix('/')?.split('/').map(|segment| decode(segment, false)).collect()
    }

    /// The value of a query parameter: the first of its name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The query parameters, decoded, in order. What can not be decoded stays as it was sent: left out, it would
    /// count as not given, and whoever reads a part of a list would get the whole.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let read = |text| decode(text, true).unwrap_or_else(|| text.to_owned());
        self.pairs().map(|(name, value)| (read(name), read(value))).collect()
    }

    /// Whether all of the query can be decoded, so that nobody behind us reads another one in it.
    pub fn has_sound_query(&self) -> bool {
        self.pairs().all(|(name, value)| decode(name, true).is_some() && decode(value, true).is_some())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }
}

/// Decodes `%XX`, and `+` to a blank where the text comes from a form or a query; `None` unless each `%` has its
/// two digits and the result is UTF-8.
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
    fn a_proxy_may_have_taken_the_encryption_off() {
        let plain = Call::default();
        assert!(!plain.is_secure());
        assert!(Call { secure: true, ..plain.clone() }.is_secure());
        let behind = |scheme| Call { headers: vec![("x-forwarded-proto", scheme)], ..plain.clone() };
        assert!(behind("HTTPS").is_secure());
        assert!(!behind("http").is_secure());
    }

    #[test]
    fn a_query_is_read_as_forms_write_it() {
        let call = Call { query: "full=true&q=a+b%2B&full=no&bare&&x=%C3%A9", ..Call::default() };
        assert_eq!(call.parameter("full").as_deref(), Some("true"));
        assert_eq!(call.parameter("q").as_deref(), Some("a b+"));
        assert_eq!(call.parameter("bare").as_deref(), Some(""));
        assert_eq!(call.parameter("x").as_deref(), Some("é"));
        assert_eq!(call.parameters().len(), 5);
        assert!(call.has_sound_query());
    }

    #[test]
    fn what_can_not_be_decoded_is_given_all_the_same() {
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
