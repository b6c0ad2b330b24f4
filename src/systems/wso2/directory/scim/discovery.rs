//! What the service says of itself (RFC 7644, section 4). Nobody needs to sign in.

use super::super::answers::{scim_json, SENSITIVE_FILTER, UNKNOWN_PATH};
use super::super::stored::list;
use super::query::parameter;
use super::schema::Published;
use super::FACE;
use crate::directory::{Call, Response, Stop};
use crate::value::Value;

/// Answers a request for one of the three documents, or for one item of it.
///
/// # Errors
///
/// [`Stop`].
pub fn answer(call: &Call<'_>, published: &Published, segments: &[&str]) -> Result<Response, Stop> {
    let document = match segments {
        ["ServiceProviderConfig"] => published.get("config").clone(),
        ["ResourceTypes"] => listed(published.get("resourceTypes")),
        ["ResourceTypes", id] => item(published.get("resourceTypes"), id)?,
        ["Schemas"] => listed(published.get("schemas")),
        ["Schemas", id] => item(published.get("schemas"), id)?,
        _ => return Err(FACE.refuse(UNKNOWN_PATH)),
    };
    if call.method != "GET" {
        return Err(FACE.refuse_method("GET, HEAD"));
    }
    if parameter(call, "filter").is_some() {
        return Err(FACE.refuse(SENSITIVE_FILTER));
    }
    Ok(scim_json(200, document))
}

fn item(items: &Value, id: &str) -> Result<Value, Stop> {
    let is_it = |item: &&Value| item.get("id").and_then(Value::text) == Some(id);
    list(items).iter().find(is_it).cloned().ok_or_else(|| FACE.refuse(UNKNOWN_PATH))
}

fn listed(items: &Value) -> Value {
    let count = Value::Number(list(items).len().to_string().into());
    Value::object([
        ("schemas", Value::texts(&["urn:ietf:params:scim:api:messages:2.0:ListResponse"])),
        ("totalResults", count.clone()),
        ("startIndex", Value::from(1)),
        ("itemsPerPage", count),
        ("Resources", items.clone()),
    ])
}
