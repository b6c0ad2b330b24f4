//! Bodies of requests.

use super::super::{Arangodb, Kind};
use super::responses::{BAD_PARAMETER, MALFORMED};
use crate::directory::prelude::{BodyError, Call, Interrupt, Transaction};
use crate::document::node::Node;
use crate::document::problem::{Problem, Problems};
use crate::document::value::Value;
use crate::system::System as _;

/// The longest `extra`, and the longest settings, of a user: bytes of JSON.
const DATA_MAX: usize = 65_536;
/// How deep either nests: records that hold it, three levels up, are read with 32.
const DATA_DEPTH: usize = 29;

/// The object of a `POST`.
///
/// # Errors
///
/// 600 for what is no JSON, 10 for what is no object.
pub fn posted(call: &Call<'_>) -> Result<Value, Interrupt> {
    match call.json() {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => Err(BAD_PARAMETER.into()),
        Err(_) => Err(MALFORMED.into()),
    }
}

/// The document of a `PUT` or `PATCH`; `null` without a body.
///
/// # Errors
///
/// 10 for what is no JSON.
pub fn put(call: &Call<'_>) -> Result<Value, Interrupt> {
    match call.json() {
        Ok(document) => Ok(document),
        Err(BodyError::Absent) => Ok(Value::Null),
        Err(BodyError::Malformed) => Err(BAD_PARAMETER.into()),
    }
}

/// A body in the form that is stored.
///
/// # Errors
///
/// What is wrong with it.
pub fn checked(tx: &Transaction<'_>, kind: Kind, body: &Value) -> Result<Value, Vec<Problem>> {
    // No record decides what a body may hold.
    let records = Arangodb::parse_records(Node { value: &Value::Object(Vec::new()) }, &mut Problems::default());
    tx.validate::<Arangodb>(&records, kind, body)
}

/// Refuses data of a user that would make its entry too large, or that records could not hold.
///
/// # Errors
///
/// 10.
pub fn bounded(data: &Value) -> Result<(), Interrupt> {
    if depth(data) > DATA_DEPTH {
        return Err(BAD_PARAMETER.because(&format!("`extra` and settings nest at most {DATA_DEPTH} levels")));
    }
    if data.to_string().len() > DATA_MAX {
        return Err(BAD_PARAMETER.because(&format!("`extra` and settings have at most {DATA_MAX} bytes each")));
    }
    Ok(())
}

fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Object(members) => members.iter().map(|(_, value)| depth(value)).max(),
        Value::List(items) => items.iter().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => return 0,
    };
    deepest.unwrap_or(0).saturating_add(1)
}

/// Whether a query parameter is set: by what the server takes for true, in any case. `undefined`, which
/// arangojs sends, is not.
pub fn is_set(call: &Call<'_>, name: &str) -> bool {
    let value = call.parameter(name).unwrap_or_default();
    let value = value.trim().to_ascii_lowercase();
    ["true", "yes", "on", "y", "1"].contains(&value.as_str())
}
