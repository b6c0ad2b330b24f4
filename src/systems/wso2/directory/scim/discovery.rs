//! What the service says of itself (RFC 7644, section 4). Nobody needs to sign in.

use super::super::responses::{scim_json_response, SENSITIVE_FILTER, UNKNOWN_PATH};
use super::super::stored::{list, members};
use super::schema::Published;
use super::service::{parameter, FORMAT};
use crate::directory::prelude::{Call, Interrupt, Response};
use crate::document::value::Value;

/// Answers a request for one of the three documents, or for one item of it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn answer(call: &Call<'_>, published: &Published, segments: &[&str]) -> Result<Response, Interrupt> {
    let document = match segments {
        ["ServiceProviderConfig"] => located(published.part("config"), call.base_url),
        ["ResourceTypes"] => listed(published.part("resourceTypes"), call.base_url),
        ["ResourceTypes", id] => located(item(published.part("resourceTypes"), id)?, call.base_url),
        ["Schemas"] => listed(published.part("schemas"), call.base_url),
        ["Schemas", id] => located(item(published.part("schemas"), id)?, call.base_url),
        _ => return Err(FORMAT.refuse(UNKNOWN_PATH)),
    };
    if call.method != "GET" {
        return Err(FORMAT.refuse_method("GET, HEAD"));
    }
    if parameter(call, "filter").is_some() {
        return Err(FORMAT.refuse(SENSITIVE_FILTER));
    }
    let location = document.get("meta").and_then(|meta| meta.get("location")?.text()).map(str::to_owned);
    let response = scim_json_response(200, document);
    Ok(match location {
        Some(location) => response.with_header("content-location", location),
        None => response,
    })
}

fn item<'p>(items: &'p Value, id: &str) -> Result<&'p Value, Interrupt> {
    let is_it = |item: &&Value| item.get("id").and_then(Value::text) == Some(id);
    list(items).iter().find(is_it).ok_or_else(|| FORMAT.refuse(UNKNOWN_PATH))
}

/// A document whose URL is absolute.
fn located(document: &Value, base: &str) -> Value {
    let absolute = |(name, value): &(String, Value)| {
        let value = match (name.as_str(), value) {
            ("meta", meta) => located(meta, base),
            ("location", Value::Text(path)) => Value::Text(format!("{base}{path}")),
            (_, value) => value.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(members(document).iter().map(absolute).collect())
}

fn listed(items: &Value, base: &str) -> Value {
    let count = Value::Number(list(items).len().to_string().into());
    Value::object([
        ("schemas", Value::texts(&["urn:ietf:params:scim:api:messages:2.0:ListResponse"])),
        ("totalResults", count.clone()),
        ("startIndex", Value::from(1)),
        ("itemsPerPage", count),
        ("Resources", Value::List(list(items).iter().map(|item| located(item, base)).collect())),
    ])
}
