//! Users and roles as resources of SCIM, and how much of them is told.

use super::super::super::claims::{parse_flag, CLAIM, ENTERPRISE, LOCKS};
use super::super::responses::{scim_json_response, Refusal, INVALID_VALUE};
use super::super::stored::{members, Role, User};
use super::attribute::Mutability;
use super::schema::{self, Schema};
use super::service::{parameter, Service};
use crate::directory::prelude::{tag, time, Call, Key, Response};
use crate::document::value::Value;

/// Where the service is.
const BASE: &str = "/scim2";

/// A user with the roles that it has.
pub fn user(user: &User, roles: &[Role], service: &Service) -> Value {
    let has = |role: &&Role| user.roles.contains(&role.id);
    let group = |role: &Role, base: &str| {
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
    resource.extend(attributes(user, service.users));
    if user.active().is_none() {
        resource.push(("active".to_owned(), true.into()));
    }
    let with_groups = |base: &str| {
        let mut resource = resource.clone();
        if !groups.is_empty() {
            let groups = groups.iter().map(|role| group(role, base)).collect();
            resource.push(("groups".to_owned(), Value::List(groups)));
        }
        resource
    };
    // Not of the base URL: a user read by one of the directory's names is the same by another.
    let version = tag(&Value::List(vec![Value::Object(with_groups("")), user.modified.into()]));
    let (place, times) = (service.location("Users", &user.id), (user.created, user.modified));
    let mut resource = with_groups(&service.base);
    resource.push(("meta".to_owned(), meta("User", place, times, version)));
    Value::Object(resource)
}

/// The attributes of a user that are kept as claims, as far as the schema has them: records bring claims of any
/// name and type.
pub fn attributes(user: &User, schema: &Schema) -> Vec<(String, Value)> {
    let of_scim = |(claim, value): &(String, Value)| {
        let name = attribute_of(claim)?;
        // A password is no claim, whoever wrote one there.
        let attribute = schema.attribute(name).filter(|known| known.name == name && name != "password")?;
        let value = attribute.taken(&attribute.pruned(value)).ok().filter(|value| *value != Value::Null)?;
        (attribute.mutability == Mutability::Writable).then(|| (name.to_owned(), value))
    };
    let mut attributes: Vec<(String, Value)> = user.claims.iter().filter_map(of_scim).collect();
    attributes.retain(|(name, _)| !is_lock(name));
    attributes.extend(locks(user));
    attributes
}

/// The locks of a user's account that are set, each by its attribute. One that the console or SCIM set is set.
pub fn locks(user: &User) -> Vec<(String, Value)> {
    let set = |names: &[&str; 2]| {
        let [attribute, _] = names;
        let of_lock = user.claims.iter().filter(|(claim, _)| names.contains(&claim.as_str()));
        let flags: Vec<bool> = of_lock.filter_map(|(_, value)| parse_flag(value)).collect();
        (!flags.is_empty()).then(|| ((*attribute).to_owned(), Value::Bool(flags.contains(&true))))
    };
    LOCKS.iter().filter_map(set).collect()
}

/// Whether this is the attribute of a lock.
pub fn is_lock(name: &str) -> bool {
    LOCKS.iter().any(|[attribute, _]| *attribute == name)
}

/// The attribute that a claim keeps, or the console's claim of a lock.
fn attribute_of(claim: &str) -> Option<&str> {
    claim.strip_prefix(CLAIM).or_else(|| claim.starts_with(ENTERPRISE).then_some(claim))
}

/// Whether SCIM sets a claim.
pub fn is_of_scim(claim: &str) -> bool {
    attribute_of(claim).is_some() || LOCKS.iter().flatten().any(|lock| *lock == claim)
}

/// The claim that keeps an attribute.
pub fn claim_of(attribute: &str) -> String {
    if attribute.starts_with(ENTERPRISE) {
        attribute.to_owned()
    } else {
        format!("{CLAIM}{attribute}")
    }
}

/// A role with these of its members.
pub fn group(role: &Role, of: Vec<Value>, service: &Service) -> Value {
    let mut resource = vec![
        ("schemas".to_owned(), Value::texts(&["urn:ietf:params:scim:schemas:core:2.0:Group"])),
        ("id".to_owned(), role.id.as_str().into()),
    ];
    resource.extend(role.external.as_deref().map(|external| ("externalId".to_owned(), external.into())));
    resource.push(("displayName".to_owned(), role.name.as_str().into()));
    let (place, times) = (service.location("Groups", &role.id), (role.created, role.modified));
    resource.push(("meta".to_owned(), meta("Group", place, times, version(role))));
    if !of.is_empty() {
        resource.push(("members".to_owned(), Value::List(of)));
    }
    Value::Object(resource)
}

/// A member of a role.
pub fn member(id: &str, name: &str, service: &Service) -> Value {
    Value::object([
        ("value", id.into()),
        ("$ref", service.location("Users", id).as_str().into()),
        ("type", "User".into()),
        ("display", name.into()),
    ])
}

/// The member that an entry stands for.
pub fn stored_member(key: &str, value: &Value, service: &Service) -> Value {
    member(&Key::last_name(key), value.get("name").and_then(Value::text).unwrap_or_default(), service)
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

/// The version of a role: whatever it is told with, its members too.
pub fn version(role: &Role) -> String {
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

/// A response with a resource. However much of it is returned, the headers have its version and its URL.
// Source: RFC 7644, section 3.14; RFC 7643, section 3.1.
pub fn told(status: u16, resource: Value, projection: &Projection, schema: &Schema) -> Response {
    let meta = |name: &str| resource.get("meta").and_then(|meta| meta.get(name)?.text()).unwrap_or_default().to_owned();
    let (version, location) = (meta("version"), meta("location"));
    scim_json_response(status, projection.of(resource, schema))
        .with_header("etag", version)
        .with_header("content-location", location)
}

/// How much of a resource is told (RFC 7644, section 3.9).
#[derive(Default)]
pub struct Projection {
    /// Nothing but these.
    only: Option<Vec<String>>,
    /// All but these.
    except: Vec<String>,
}

impl Projection {
    /// By the parameters of a request. Where both stand, `attributes` counts.
    pub fn of_call(call: &Call<'_>) -> Self {
        let names = |name: &str| parameter(call, name).map(|names| names.split(',').map(str::to_owned).collect());
        Self::new(names("attributes"), names("excludedAttributes"))
    }

    /// By the members of a search.
    ///
    /// # Errors
    ///
    /// `invalidValue`.
    pub fn of_search(search: &Value) -> Result<Self, Refusal> {
        let names = |name: &str| match schema::member(search, name) {
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

    /// Whether anything of an attribute is told.
    pub fn tells(&self, name: &str, schema: &Schema) -> bool {
        let of_it = |named: &String| is_within(named, name, schema).is_some();
        match &self.only {
            Some(only) => only.iter().any(of_it),
            None => !self.except.iter().any(|named| is_within(named, name, schema) == Some(None)),
        }
    }

    /// Whether a part of the members is told: each has the same.
    pub fn tells_members(&self, service: &Service) -> bool {
        let schema = service.groups;
        self.tells("members", schema) && !is_empty(&self.parts_of("members", member("", "", service), schema))
    }

    /// What is told of a resource. Its schemas and its identifier always are.
    pub fn of(&self, resource: Value, schema: &Schema) -> Value {
        let Value::Object(attributes) = resource else { return resource };
        let mut told = Vec::new();
        for (name, value) in attributes {
            if name == "schemas" || name == "id" {
                told.push((name, value));
            } else if self.tells(&name, schema) {
                let value = self.parts_of(&name, value, schema);
                // RFC 7643, section 2.5: what has no value is left out.
                if !is_empty(&value) {
                    told.push((name, value));
                }
            }
        }
        Value::Object(nested(told, schema))
    }

    /// What is told of an attribute.
    pub fn parts_of(&self, name: &str, value: Value, schema: &Schema) -> Value {
        let parts = |names: &[String]| -> Vec<Option<String>> {
            names.iter().filter_map(|named| is_within(named, name, schema)).collect()
        };
        let named = parts(self.only.as_deref().unwrap_or(&self.except));
        let is_named = |part: &str| named.iter().flatten().any(|named| named.eq_ignore_ascii_case(part));
        match &self.only {
            Some(_) if named.contains(&None) => value,
            Some(_) => with_parts(value, &is_named),
            None => with_parts(value, &|part| !is_named(part)),
        }
    }
}

/// Attributes with those of an extension in an object of their own, and its URN among the schemas.
// Source: RFC 7643, section 3.3.
fn nested(attributes: Vec<(String, Value)>, schema: &Schema) -> Vec<(String, Value)> {
    let mut nested = attributes;
    for urn in &schema.extensions {
        let local = |name: &str| name.strip_prefix(urn.as_str())?.strip_prefix(':').map(str::to_owned);
        let of: Vec<_> = nested.iter().filter_map(|(name, value)| Some((local(name)?, value.clone()))).collect();
        if of.is_empty() {
            continue;
        }
        nested.retain(|(name, _)| local(name).is_none());
        for (_, schemas) in nested.iter_mut().filter(|(name, _)| name == "schemas") {
            if let Value::List(urns) = schemas {
                urns.push(urn.as_str().into());
            }
        }
        nested.push((urn.clone(), Value::Object(of)));
    }
    nested
}

/// Which part of an attribute a name is for: `Some(None)` for all of it, `None` for another attribute.
fn is_within(named: &str, attribute: &str, schema: &Schema) -> Option<Option<String>> {
    let is_it = |name: &str| schema.attribute(name).is_some_and(|known| known.name == attribute);
    if is_it(named) || schema.urn_named(named).is_some_and(|urn| is_of_schema(attribute, urn, schema)) {
        return Some(None);
    }
    let (name, part) = named.rsplit_once('.')?;
    is_it(name).then(|| Some(part.to_owned()))
}

/// Whether an attribute is one of a schema, or of an extension.
fn is_of_schema(attribute: &str, urn: &str, schema: &Schema) -> bool {
    match attribute.rsplit_once(':') {
        Some((of, _)) => of == urn,
        None => schema.urn == urn,
    }
}

/// Whether nothing is told by it.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(items) => items.is_empty(),
        Value::Object(parts) => parts.is_empty(),
        _ => false,
    }
}

fn with_parts(value: Value, told: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::List(items) => {
            let told = items.into_iter().map(|item| with_parts(item, told));
            Value::List(told.filter(|item| !is_empty(item)).collect())
        }
        Value::Object(_) => Value::Object(members(&value).iter().filter(|(name, _)| told(name)).cloned().collect()),
        value => value,
    }
}
