//! SCIM resources of users and roles, and projections of them.

use super::super::super::claims::{parse_flag, CLAIM, ENTERPRISE, LOCKS};
use super::super::responses::{scim_json_response, Refusal, INVALID_VALUE};
use super::super::stored::{members, Role, User};
use super::attribute::Mutability;
use super::schema::{self, Schema};
use super::service::{query_parameter, Service};
use crate::directory::prelude::{tag, time, Call, Key, Response};
use crate::document::value::Value;

/// The path of the service.
const BASE: &str = "/scim2";

/// The resource of a user with its roles.
pub fn user_resource(user: &User, roles: &[Role], service: &Service) -> Value {
    let has = |role: &&Role| user.roles.contains(&role.id);
    let group_value = |role: &Role, base: &str| {
        Value::object([
            ("value", role.id.as_str().into()),
            ("$ref", location(base, "Groups", &role.id).as_str().into()),
            ("display", role.name.as_str().into()),
            ("type", "direct".into()),
        ])
    };
    let mut groups: Vec<&Role> = roles.iter().filter(has).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups.dedup_by(|a, b| a.id == b.id);
    let mut resource = vec![
        ("schemas".to_owned(), Value::texts(&["urn:ietf:params:scim:schemas:core:2.0:User"])),
        ("id".to_owned(), user.id.as_str().into()),
        ("userName".to_owned(), user.name.as_str().into()),
    ];
    resource.extend(user_attributes(user, service.users));
    if user.active().is_none() {
        resource.push(("active".to_owned(), true.into()));
    }
    let with_groups = |base: &str| {
        let mut resource = resource.clone();
        if !groups.is_empty() {
            let groups = groups.iter().map(|role| group_value(role, base)).collect();
            resource.push(("groups".to_owned(), Value::List(groups)));
        }
        resource
    };
    // The version does not depend on the base URL, so that it is the same under each host name.
    let version = tag(&Value::List(vec![Value::Object(with_groups("")), user.modified.into()]));
    let (url, times) = (service.location("Users", &user.id), (user.created, user.modified));
    let mut resource = with_groups(&service.base);
    resource.push(("meta".to_owned(), meta("User", url, times, version)));
    Value::Object(resource)
}

/// The attributes of a user that are stored as claims, if the schema has them: records can have claims of any name
/// and type.
pub fn user_attributes(user: &User, schema: &Schema) -> Vec<(String, Value)> {
    let to_attribute = |(claim, value): &(String, Value)| {
        let name = attribute_of_claim(claim)?;
        // A password is never a claim, even if the records have one.
        let attribute = schema.attribute(name).filter(|known| known.name == name && name != "password")?;
        let value = attribute.parse_value(&attribute.prune(value)).ok().filter(|value| *value != Value::Null)?;
        (attribute.mutability == Mutability::Writable).then(|| (name.to_owned(), value))
    };
    let mut attributes: Vec<(String, Value)> = user.claims.iter().filter_map(to_attribute).collect();
    attributes.retain(|(name, _)| !is_lock_attribute(name));
    attributes.extend(account_locks(user));
    attributes
}

/// The locks of a user's account, by attribute. A lock is set if the console or SCIM set it.
pub fn account_locks(user: &User) -> Vec<(String, Value)> {
    let set = |names: &[&str; 2]| {
        let [attribute, _] = names;
        let of_lock = user.claims.iter().filter(|(claim, _)| names.contains(&claim.as_str()));
        let flags: Vec<bool> = of_lock.filter_map(|(_, value)| parse_flag(value)).collect();
        (!flags.is_empty()).then(|| ((*attribute).to_owned(), Value::Bool(flags.contains(&true))))
    };
    LOCKS.iter().filter_map(set).collect()
}

/// Whether this is the attribute of an account lock.
pub fn is_lock_attribute(name: &str) -> bool {
    LOCKS.iter().any(|[attribute, _]| *attribute == name)
}

/// The attribute that a claim stores, or the console's claim of a lock.
fn attribute_of_claim(claim: &str) -> Option<&str> {
    claim.strip_prefix(CLAIM).or_else(|| claim.starts_with(ENTERPRISE).then_some(claim))
}

/// Whether SCIM writes this claim.
pub fn is_scim_claim(claim: &str) -> bool {
    attribute_of_claim(claim).is_some() || LOCKS.iter().flatten().any(|lock| *lock == claim)
}

/// The claim that stores an attribute.
pub fn claim_of_attribute(attribute: &str) -> String {
    if attribute.starts_with(ENTERPRISE) {
        attribute.to_owned()
    } else {
        format!("{CLAIM}{attribute}")
    }
}

/// The resource of a role with some of its members.
pub fn group_resource(role: &Role, members: Vec<Value>, service: &Service) -> Value {
    let mut resource = vec![
        ("schemas".to_owned(), Value::texts(&["urn:ietf:params:scim:schemas:core:2.0:Group"])),
        ("id".to_owned(), role.id.as_str().into()),
    ];
    resource.extend(role.external.as_deref().map(|external| ("externalId".to_owned(), external.into())));
    resource.push(("displayName".to_owned(), role.name.as_str().into()));
    let (url, times) = (service.location("Groups", &role.id), (role.created, role.modified));
    resource.push(("meta".to_owned(), meta("Group", url, times, role_version(role))));
    if !members.is_empty() {
        resource.push(("members".to_owned(), Value::List(members)));
    }
    Value::Object(resource)
}

/// A member of a role.
pub fn member_value(id: &str, name: &str, service: &Service) -> Value {
    Value::object([
        ("value", id.into()),
        ("$ref", service.location("Users", id).as_str().into()),
        ("type", "User".into()),
        ("display", name.into()),
    ])
}

/// The member of a membership entry.
pub fn member_of_entry(key: &str, value: &Value, service: &Service) -> Value {
    member_value(&Key::last_name(key), value.get("name").and_then(Value::text).unwrap_or_default(), service)
}

impl Service {
    /// The URL of a resource. Source: RFC 7643, section 3.1: it is absolute.
    pub fn location(&self, endpoint: &str, id: &str) -> String {
        location(&self.base, endpoint, id)
    }
}

/// The URL of a resource at a base URL.
pub fn location(base: &str, endpoint: &str, id: &str) -> String {
    let mut location = format!("{base}{BASE}/{endpoint}/");
    for byte in id.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => location.push(char::from(byte)),
            byte => location.push_str(&format!("%{byte:02X}")),
        }
    }
    location
}

/// The version of a role, which covers its members too.
pub fn role_version(role: &Role) -> String {
    tag(&Value::List(vec![role.id.as_str().into(), role.modified.into()]))
}

fn meta(kind: &str, location: String, (created, modified): (i64, i64), version: String) -> Value {
    Value::object([
        ("resourceType", kind.into()),
        ("created", Value::Text(time::format(created))),
        ("lastModified", Value::Text(time::format(modified))),
        ("location", Value::Text(location)),
        ("version", Value::Text(version)),
    ])
}

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
        let names = |name: &str| match schema::find_member(search, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::List(names)) => {
                let names = names.iter().map(|name| name.text().map(str::to_owned)).collect::<Option<_>>();
                names.map(Some).ok_or(INVALID_VALUE)
            }
            Some(_) => Err(INVALID_VALUE),
        };
        Ok(Self::new(names("attributes")?, names("excludedAttributes")?))
    }

    fn new(only: Option<Vec<String>>, except: Option<Vec<String>>) -> Self {
        let trimmed = |names: Vec<String>| -> Vec<String> {
            names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
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
        Value::Object(_) => {
            Value::Object(members(&value).iter().filter(|(name, _)| is_included(name)).cloned().collect())
        }
        value => value,
    }
}
