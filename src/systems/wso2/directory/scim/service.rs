//! What every request of SCIM uses: the schemas, its document, and the form of a refusal.

use super::super::responses::{ErrorFormat, Refusal, INVALID_SYNTAX, NO_JSON};
use super::schema::Schema;
use crate::directory::prelude::{Call, Interrupt};
use crate::document::value::Value;

pub const FORMAT: ErrorFormat = ErrorFormat::Scim;

/// What a request works with.
pub struct Service {
    pub users: &'static Schema,
    pub groups: &'static Schema,
    /// What the URLs of resources begin with, without a slash at its end.
    pub base: String,
}

/// The document that a request brings.
pub fn document(call: &Call<'_>) -> Result<Value, Interrupt> {
    call.require_body()?;
    let media = call.header("content-type").unwrap_or("application/json");
    let media = media.split(';').next().unwrap_or_default().trim();
    if !["application/scim+json", "application/json"].iter().any(|known| media.eq_ignore_ascii_case(known)) {
        return Err(FORMAT.refuse(NO_JSON));
    }
    call.json().map_err(|_| FORMAT.refuse(INVALID_SYNTAX))
}

/// A rule's verdict as an answer.
pub fn hold<T>(verdict: Result<T, Refusal>) -> Result<T, Interrupt> {
    verdict.map_err(|refusal| FORMAT.refuse(refusal))
}

/// A parameter of a query. Its name ignores case, as the members of a search do.
pub fn parameter(call: &Call<'_>, name: &str) -> Option<String> {
    call.parameters().into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
