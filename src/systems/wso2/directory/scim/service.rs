//! What all SCIM requests use: the schemas, the request's document, and the error format.

use super::super::responses::{ErrorFormat, Refusal, INVALID_SYNTAX, NO_SCIM_JSON};
use super::schema::Schema;
use crate::directory::prelude::{BodyError, Call, Interrupt};
use crate::document::value::Value;

pub const FORMAT: ErrorFormat = ErrorFormat::Scim;

/// The schemas and the base URL of a request.
pub struct Service {
    pub users: &'static Schema,
    pub groups: &'static Schema,
    /// The prefix of the URLs of resources, without a trailing slash.
    pub base: String,
}

/// Parses the document in the request's body.
pub fn parse_document(call: &Call<'_>) -> Result<Value, Interrupt> {
    call.require_body()?;
    let media = call.header("content-type").unwrap_or("application/json");
    let media = media.split(';').next().unwrap_or_default().trim();
    if !["application/scim+json", "application/json"].iter().any(|known| media.eq_ignore_ascii_case(known)) {
        return Err(FORMAT.refuse(NO_SCIM_JSON));
    }
    call.json().map_err(|error| {
        FORMAT.refuse(match error {
            BodyError::Absent => INVALID_SYNTAX.with_message("the body is empty, expected a JSON object"),
            BodyError::Malformed => INVALID_SYNTAX,
        })
    })
}

/// Converts the refusal of a check into a response.
pub fn or_refuse<T>(verdict: Result<T, Refusal>) -> Result<T, Interrupt> {
    verdict.map_err(|refusal| FORMAT.refuse(refusal))
}

/// A query parameter. Its name ignores case, like the members of a search.
pub fn query_parameter(call: &Call<'_>, name: &str) -> Option<String> {
    call.parameters().into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
