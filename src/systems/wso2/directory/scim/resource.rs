//! SCIM resources of users and roles.

use super::super::super::claims::{parse_flag, CLAIM, ENTERPRISE, LOCKS};
use super::super::stored::{Role, User};
use super::attribute::Mutability;
use super::schema::Schema;
use super::service::Service;
use crate::directory::prelude::{tag, tag_of_text, time, Key};
use crate::document::json_writer::write_members;
use crate::document::value::Value;

/// The path of the service.
const BASE: &str = "/scim2";

/// The resource of a user with its roles.
pub fn user_resource(user: &User, roles: &[Role], service: &Service) -> Value {
    let has = |role: &&Role| user.roles.contains(&role.id);
    let group_value = |role: &Role, base: &str| {
        Value::object([
            ("value", role.id.as_str().into()),
            ("$ref", Value::Text(location(base, "Groups", &role.id))),
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
    let groups_at = |base: &str| Value::List(groups.iter().map(|role| group_value(role, base)).collect());
    // The version does not depend on the base URL, so that it is the same under each host name.
    if !groups.is_empty() {
        resource.push(("groups".to_owned(), groups_at("")));
    }
    let mut state = String::from("[");
    write_members(&resource, &mut state);
    state.push_str(&format!(",{}]", user.modified));
    if let (Some((_, groups_of_version)), false) = (resource.last_mut(), groups.is_empty()) {
        *groups_of_version = groups_at(&service.base);
    }
    let (url, times) = (service.location("Users", &user.id), (user.created, user.modified));
    resource.push(("meta".to_owned(), meta("User", url, times, tag_of_text(&state))));
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
    let parts = [base, BASE, "/", endpoint, "/"];
    let length = parts.iter().fold(id.len(), |sum, part| sum.saturating_add(part.len()));
    let mut location = String::with_capacity(length);
    location.extend(parts);
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
