//! Parses and validates the bodies of requests.

use super::super::{Arangodb, Kind};
use super::responses::{BAD_PARAMETER, MALFORMED};
use crate::directory::prelude::{BodyError, Call, Interrupt, Transaction};
use crate::document::node::Node;
use crate::document::problem::{Problem, Problems};
use crate::document::value::Value;
use crate::system::System as _;

/// The largest `extra`, and the largest settings, of a user, in bytes of JSON.
const DATA_MAX: usize = 65_536;
/// The deepest nesting of either. Records contain it three levels down, and allow 32 levels.
const DATA_DEPTH: usize = 29;

/// Parses the object of a `POST`.
///
/// # Errors
///
/// 600 for malformed JSON, 10 for a value that is not an object.
pub fn parse_post_body(call: &Call<'_>) -> Result<Value, Interrupt> {
    match call.json() {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => Err(BAD_PARAMETER.into()),
        Err(_) => Err(MALFORMED.into()),
    }
}

/// Parses the document of a `PUT` or `PATCH`; `null` without a body.
///
/// # Errors
///
/// 10 for malformed JSON.
pub fn parse_put_body(call: &Call<'_>) -> Result<Value, Interrupt> {
    match call.json() {
        Ok(document) => Ok(document),
        Err(BodyError::Absent) => Ok(Value::Null),
        Err(BodyError::Malformed) => Err(BAD_PARAMETER.into()),
    }
}

/// Validates a body, and returns it in the stored form.
///
/// # Errors
///
/// The problems of the body.
pub fn validate_body(tx: &Transaction<'_>, kind: Kind, body: &Value) -> Result<Value, Vec<Problem>> {
    // The validation of bodies does not depend on records.
    let records = Arangodb::parse_records(Node { value: &Value::Object(Vec::new()) }, &mut Problems::default());
    tx.validate::<Arangodb>(&records, kind, body)
}

/// Validates a body, and returns it in the stored form.
///
/// # Errors
///
/// 10 for an invalid body.
pub fn validate_form(tx: &Transaction<'_>, kind: Kind, body: &Value) -> Result<Value, Interrupt> {
    validate_body(tx, kind, body).map_err(|problems| BAD_PARAMETER.for_problems(&problems))
}

/// Rejects data of a user that is too large for its entry, or nests too deep for records.
///
/// # Errors
///
/// 10.
pub fn check_size(data: &Value) -> Result<(), Interrupt> {
    if data.depth() > DATA_DEPTH {
        return Err(BAD_PARAMETER.with_reason(&format!("`extra` and settings nest at most {DATA_DEPTH} levels")));
    }
    if data.to_string().len() > DATA_MAX {
        return Err(BAD_PARAMETER.with_reason(&format!("`extra` and settings have at most {DATA_MAX} bytes each")));
    }
    Ok(())
}

/// Whether a query parameter has a value that the server accepts as true, in any case. `undefined`, which arangojs
/// sends, is not such a value.
pub fn is_parameter_set(call: &Call<'_>, name: &str) -> bool {
    let value = call.parameter(name).unwrap_or_default();
    let value = value.trim().to_ascii_lowercase();
    ["true", "yes", "on", "y", "1"].contains(&value.as_str())
}
