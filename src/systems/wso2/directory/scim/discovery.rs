//! The service's own configuration, resource types and schemas (RFC 7644, section 4). No sign-in is needed.

use super::super::responses::{scim_json_response, SENSITIVE_FILTER, UNKNOWN_PATH};
use super::super::stored::{list_items, members};
use super::schema::Published;
use super::service::{query_parameter, FORMAT};
use crate::directory::prelude::{Call, Interrupt, Response};
use crate::document::value::Value;

/// Handles a request for one of the three documents, or for one item of it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(call: &Call<'_>, published: &Published, segments: &[&str]) -> Result<Response, Interrupt> {
    let document = match segments {
        ["ServiceProviderConfig"] => with_absolute_urls(published.section("config"), call.base_url),
        ["ResourceTypes"] => list_response(published.section("resourceTypes"), call.base_url),
        ["ResourceTypes", id] => with_absolute_urls(find_item(published.section("resourceTypes"), id)?, call.base_url),
        ["Schemas"] => list_response(published.section("schemas"), call.base_url),
        ["Schemas", id] => with_absolute_urls(find_item(published.section("schemas"), id)?, call.base_url),
        _ => return Err(FORMAT.refuse(UNKNOWN_PATH)),
    };
    if call.method != "GET" {
        return Err(FORMAT.refuse_method("GET, HEAD"));
    }
    if query_parameter(call, "filter").is_some() {
        return Err(FORMAT.refuse(SENSITIVE_FILTER));
    }
    let location = document.get("meta").and_then(|meta| meta.get("location")?.text()).map(str::to_owned);
    let response = scim_json_response(200, document);
    Ok(match location {
        Some(location) => response.with_header("content-location", location),
        None => response,
    })
}

fn find_item<'p>(items: &'p Value, id: &str) -> Result<&'p Value, Interrupt> {
    let has_id = |item: &&Value| item.get("id").and_then(Value::text) == Some(id);
    list_items(items).iter().find(has_id).ok_or_else(|| FORMAT.refuse(UNKNOWN_PATH))
}

/// The document with absolute URLs.
fn with_absolute_urls(document: &Value, base: &str) -> Value {
    let absolute = |(name, value): &(String, Value)| {
        let value = match (name.as_str(), value) {
            ("meta", meta) => with_absolute_urls(meta, base),
            ("location", Value::Text(path)) => Value::Text(format!("{base}{path}")),
            (_, value) => value.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(members(document).iter().map(absolute).collect())
}

fn list_response(items: &Value, base: &str) -> Value {
    let count = Value::Number(list_items(items).len().to_string().into());
    Value::object([
        ("schemas", Value::texts(&["urn:ietf:params:scim:api:messages:2.0:ListResponse"])),
        ("totalResults", count.clone()),
        ("startIndex", Value::from(1)),
        ("itemsPerPage", count),
        ("Resources", Value::List(list_items(items).iter().map(|item| with_absolute_urls(item, base)).collect())),
    ])
}
