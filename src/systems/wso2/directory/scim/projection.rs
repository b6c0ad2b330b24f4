//! Projections of resources: the attributes that a client selects, and the responses with them.

use super::super::responses::{scim_json_response, Refusal, INVALID_VALUE};
use super::filter::Name;
use super::path::Path;
use super::resource::member_value;
use super::schema::{self, Schema};
use super::service::{query_parameter, Service};
use crate::directory::prelude::{Call, Response};
use crate::document::value::Value;

/// A response with a projected resource. The headers have its version and its URL, even if the projection does not.
// Source: RFC 7644, section 3.14; RFC 7643, section 3.1.
pub fn resource_response(status: u16, resource: Value, projection: &Projection, schema: &Schema) -> Response {
    let meta = |name: &str| resource.get("meta").and_then(|meta| meta.get(name)?.text()).unwrap_or_default().to_owned();
    let (version, location) = (meta("version"), meta("location"));
    scim_json_response(status, projection.apply(resource, schema))
        .with_header("etag", version)
        .with_header("content-location", location)
}

/// The part of a resource that a response contains (RFC 7644, section 3.9).
#[derive(Default)]
pub struct Projection {
    /// Only these attributes.
    only: Option<Vec<String>>,
    /// All attributes except these.
    except: Vec<String>,
}

impl Projection {
    /// Parses the parameters of a request. If both are present, `attributes` takes precedence.
    pub fn from_request(call: &Call<'_>) -> Self {
        let names = |name: &str| query_parameter(call, name).map(|names| names.split(',').map(str::to_owned).collect());
        Self::new(names("attributes"), names("excludedAttributes"))
    }

    /// Parses the members of a search.
    ///
    /// # Errors
    ///
    /// `invalidValue`.
    pub fn from_search(search: &Value) -> Result<Self, Refusal> {
        let expected =
            |name: &str| INVALID_VALUE.with_message(format!("`{name}`: expected a list of names of attributes"));
        let names = |name: &str| match schema::find_member(search, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::List(names)) => {
                let names = names.iter().map(|name| name.text().map(str::to_owned)).collect::<Option<_>>();
                names.map(Some).ok_or_else(|| expected(name))
            }
            Some(_) => Err(expected(name)),
        };
        Ok(Self::new(names("attributes")?, names("excludedAttributes")?))
    }

    fn new(only: Option<Vec<String>>, except: Option<Vec<String>>) -> Self {
        let trimmed = |names: Vec<String>| -> Vec<String> {
            names.iter().map(|name| attribute_name(name.trim())).filter(|name| !name.is_empty()).collect()
        };
        let only = only.map(trimmed).filter(|names| !names.is_empty());
        let except = if only.is_some() { Vec::new() } else { trimmed(except.unwrap_or_default()) };
        Self { only, except }
    }

    /// Whether the projection includes an attribute or a part of it.
    pub fn includes(&self, name: &str, schema: &Schema) -> bool {
        let selects = |named: &String| selected_sub_attribute(named, name, schema).is_some();
        match &self.only {
            Some(only) => only.iter().any(selects),
            None => !self.except.iter().any(|named| selected_sub_attribute(named, name, schema) == Some(None)),
        }
    }

    /// Whether the projection includes a part of the members.
    pub fn includes_members(&self, service: &Service) -> bool {
        let schema = service.groups;
        self.includes("members", schema)
            && !is_empty(&self.apply_to_value("members", member_value("", "", service), schema))
    }

    /// Applies the projection to a resource. Its schemas and its id are always included.
    pub fn apply(&self, resource: Value, schema: &Schema) -> Value {
        let Value::Object(attributes) = resource else { return resource };
        let mut included = Vec::new();
        for (name, value) in attributes {
            if name == "schemas" || name == "id" {
                included.push((name, value));
            } else if self.includes(&name, schema) {
                let value = self.apply_to_value(&name, value, schema);
                // RFC 7643, section 2.5: attributes without a value are omitted.
                if !is_empty(&value) {
                    included.push((name, value));
                }
            }
        }
        Value::Object(nest_extensions(included, schema))
    }

    /// Applies the projection to the value of an attribute.
    pub fn apply_to_value(&self, name: &str, value: Value, schema: &Schema) -> Value {
        let sub_attributes = |names: &[String]| -> Vec<Option<String>> {
            names.iter().filter_map(|named| selected_sub_attribute(named, name, schema)).collect()
        };
        let named = sub_attributes(self.only.as_deref().unwrap_or(&self.except));
        let is_named = |sub: &str| named.iter().flatten().any(|named| named.eq_ignore_ascii_case(sub));
        match &self.only {
            Some(_) if named.contains(&None) => value,
            Some(_) => retain_sub_attributes(value, &is_named),
            None => retain_sub_attributes(value, &|sub| !is_named(sub)),
        }
    }
}

/// Moves the attributes of each extension into an object of their own, and adds its URN to the schemas.
// Source: RFC 7643, section 3.3.
fn nest_extensions(attributes: Vec<(String, Value)>, schema: &Schema) -> Vec<(String, Value)> {
    let mut nested = attributes;
    for urn in &schema.extensions {
        let local = |name: &str| name.strip_prefix(urn.as_str())?.strip_prefix(':').map(str::to_owned);
        let own: Vec<_> = nested.iter().filter_map(|(name, value)| Some((local(name)?, value.clone()))).collect();
        if own.is_empty() {
            continue;
        }
        nested.retain(|(name, _)| local(name).is_none());
        for (_, schemas) in nested.iter_mut().filter(|(name, _)| name == "schemas") {
            if let Value::List(urns) = schemas {
                urns.push(urn.as_str().into());
            }
        }
        nested.push((urn.clone(), Value::Object(own)));
    }
    nested
}

/// A name of a projection in the form of the schema. A filter in it, as Microsoft's tests send `emails[type eq "work"]`,
/// does not restrict the values.
fn attribute_name(given: &str) -> String {
    match Path::parse(given) {
        Ok(Path { name: Name { attribute, sub: Some(sub) }, .. }) => format!("{attribute}.{sub}"),
        Ok(Path { name, .. }) => name.attribute,
        Err(_) => given.to_owned(),
    }
}

/// The sub-attribute that a name selects: `Some(None)` for the whole attribute, `None` for another attribute.
fn selected_sub_attribute(named: &str, attribute: &str, schema: &Schema) -> Option<Option<String>> {
    let is_attribute = |name: &str| schema.attribute(name).is_some_and(|known| known.name == attribute);
    if is_attribute(named) || schema.find_urn(named).is_some_and(|urn| belongs_to_schema(attribute, urn, schema)) {
        return Some(None);
    }
    let (name, sub) = named.rsplit_once('.')?;
    is_attribute(name).then(|| Some(sub.to_owned()))
}

/// Whether an attribute belongs to a schema or extension.
fn belongs_to_schema(attribute: &str, urn: &str, schema: &Schema) -> bool {
    match attribute.rsplit_once(':') {
        Some((of, _)) => of == urn,
        None => schema.urn == urn,
    }
}

/// Whether a value is empty after projection.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(items) => items.is_empty(),
        Value::Object(sub_attributes) => sub_attributes.is_empty(),
        _ => false,
    }
}

fn retain_sub_attributes(value: Value, is_included: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::List(items) => {
            let items = items.into_iter().map(|item| retain_sub_attributes(item, is_included));
            Value::List(items.filter(|item| !is_empty(item)).collect())
        }
        Value::Object(members) => Value::Object(members.into_iter().filter(|(name, _)| is_included(name)).collect()),
        value => value,
    }
}
