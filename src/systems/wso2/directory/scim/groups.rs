//! SCIM groups, which are roles: create, read, replace, patch and delete.

use std::collections::BTreeSet;

use super::super::permission_paths::{ROLE_CREATE, ROLE_DELETE, ROLE_UPDATE, ROLE_VIEW};
use super::super::responses::{INVALID_VALUE, NO_ROLE, TOO_MANY};
use super::super::role_members;
use super::super::roles::{self, NewRole};
use super::super::session::Session;
use super::super::stored::{list_items, member_key, members_prefix, user_id_key, Role};
use super::super::writes;
use super::attribute::Attributes;
use super::list_groups::group_response;
use super::patch;
use super::projection::{self, Projection};
use super::resource;
use super::service::{or_refuse, parse_document, Service};
use super::users::{required_name, take_attribute};
use crate::directory::prelude::{Authorized, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;
use crate::tables::text::quote;

/// The most members that a request can change without naming each of them.
const MEMBERS_MAX: usize = 1_000;

/// `POST /scim2/Groups`
///
/// # Errors
///
/// [`Interrupt`].
pub fn create_group(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
) -> Result<Response, Interrupt> {
    let authorized = session.require_permission(tx, &[ROLE_CREATE])?;
    let mut attributes = or_refuse(service.groups.parse_attributes(&parse_document(call)?))?;
    let name = take_attribute(&mut attributes, "displayName");
    let name = required_name(&session, name.as_ref(), "displayName")?;
    let ids = member_ids(&session, take_attribute(&mut attributes, "members").as_ref())?;
    let users = read_user_names(tx, &session, &ids)?;
    let external = take_external_id(&mut attributes);
    let role =
        roles::create_role(tx, &mut session, &authorized, NewRole { name, users: &users, permissions: &[], external })?;
    let members = ids.iter().zip(&users).map(|(id, name)| resource::member_value(id, name, service)).collect();
    let response = projection::resource_response(
        201,
        resource::group_resource(&role, members, service),
        &Projection::from_request(call),
        service.groups,
    );
    Ok(response.with_header("location", service.location("Groups", &role.id)))
}

/// Handles a request for one group.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
    id: &str,
) -> Result<Response, Interrupt> {
    let needs = match call.method {
        "GET" => ROLE_VIEW,
        "DELETE" => ROLE_DELETE,
        _ => ROLE_UPDATE,
    };
    let authorized = session.require_permission(tx, &[needs])?;
    let role = session.load_roles_by_id(tx, &[id.to_owned()])?.pop().ok_or_else(|| session.refuse(NO_ROLE))?;
    let projection = Projection::from_request(call);
    match call.method {
        "GET" => group_response(tx, call, service, &role, &projection),
        "DELETE" => {
            roles::delete_role(tx, &mut session, &authorized, &role.name)?;
            Ok(Response::empty(204))
        }
        method => {
            let body = parse_document(call)?;
            let stored = read_members(tx, service, &role.id, MEMBERS_MAX.saturating_add(1))?;
            let is_complete = stored.len() <= MEMBERS_MAX;
            let mut attributes = vec![("displayName".to_owned(), Value::from(role.name.as_str()))];
            attributes.extend(role.external.as_deref().map(|name| ("externalId".to_owned(), name.into())));
            let mut before = stored;
            if method == "PUT" {
                if !is_complete {
                    return Err(session.refuse(TOO_MANY));
                }
                attributes = or_refuse(service.groups.parse_attributes(&body))?;
                let name = attributes.iter().find(|(name, _)| name == "displayName").map(|(_, value)| value);
                required_name(&session, name, "displayName")?;
            } else {
                let operations = or_refuse(patch::parse_patch(&body))?;
                if !is_complete {
                    let named = patch::named_values(&operations, service.groups, "members");
                    before =
                        read_named_members(tx, service, &role.id, &named.ok_or_else(|| session.refuse(TOO_MANY))?)?;
                }
                if !before.is_empty() {
                    attributes.push(("members".to_owned(), Value::List(before.clone())));
                }
                or_refuse(patch::apply_patch(&mut attributes, &operations, service.groups, &role.id))?;
            }
            let (role, after) = update_group(tx, &mut session, &authorized, service, role, (&before, attributes))?;
            if !is_complete {
                // There are too many members for the response of a request that also writes.
                return Ok(Response::empty(204).with_header("etag", resource::role_version(&role)));
            }
            Ok(projection::resource_response(
                200,
                resource::group_resource(&role, after, service),
                &projection,
                service.groups,
            ))
        }
    }
}

/// Sets the attributes of a role. Members change first, under the name that the rules know.
fn update_group(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    service: &Service,
    mut role: Role,
    (before, mut attributes): (&[Value], Attributes),
) -> Result<(Role, Vec<Value>), Interrupt> {
    let after = member_ids(session, take_attribute(&mut attributes, "members").as_ref())?;
    let had: BTreeSet<&str> = before.iter().map(member_id).collect();
    let has: BTreeSet<&str> = after.iter().map(String::as_str).collect();
    let added_ids: Vec<String> = after.iter().filter(|id| !had.contains(id.as_str())).cloned().collect();
    let added = read_user_names(tx, session, &added_ids)?;
    let (stay, go): (Vec<&Value>, Vec<&Value>) = before.iter().partition(|member| has.contains(member_id(member)));
    let removed: Vec<String> = go.iter().map(|member| member_name(member).to_owned()).collect();
    let (mut is_changed, external) = (!added.is_empty() || !removed.is_empty(), take_external_id(&mut attributes));
    if is_changed {
        role_members::change_loaded_role_members(tx, session, authorized, &role, [&added, &removed])?;
    }
    let name = take_attribute(&mut attributes, "displayName");
    let name = name.as_ref().and_then(Value::text).unwrap_or_default();
    // `PRIMARY/x` and `x` are the same name.
    if session.settings.role(name).is_none_or(|name| name.canonical() != role.name) {
        roles::rename_loaded_role(tx, session, authorized, &mut role, name)?;
        is_changed = true;
    }
    // RFC 7644, section 3.5.2.1: without a difference nothing changes, and the time of the last change stays.
    if is_changed || role.external != external {
        role.external = external;
        writes::store_role(tx, authorized, &mut role)?;
    }
    let mut members: Vec<Value> = stay.into_iter().cloned().collect();
    members.extend(added_ids.iter().zip(&added).map(|(id, name)| resource::member_value(id, name, service)));
    Ok((role, members))
}

/// Reads the first members of a role.
fn read_members(
    tx: &mut Transaction<'_>,
    service: &Service,
    role: &str,
    limit: usize,
) -> Result<Vec<Value>, Interrupt> {
    let page = tx.scan(&members_prefix(role), None, limit)?;
    Ok(page.iter().map(|(key, entry)| resource::member_of_entry(key, &entry.value, service)).collect())
}

/// Reads the members of a role among these users.
fn read_named_members(
    tx: &mut Transaction<'_>,
    service: &Service,
    role: &str,
    ids: &[String],
) -> Result<Vec<Value>, Interrupt> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let keys: Vec<_> = ids.iter().map(|id| member_key(role, id)).collect();
    let entries = tx.read_all(&keys)?;
    Ok(keys
        .iter()
        .zip(entries)
        .filter_map(|(key, value)| Some(resource::member_of_entry(key.text(), value?, service)))
        .collect())
}

/// The distinct ids of the members in a body.
fn member_ids(session: &Session<'_>, members: Option<&Value>) -> Result<Vec<String>, Interrupt> {
    let (mut ids, mut seen) = (Vec::new(), BTreeSet::new());
    for member in members.map(list_items).unwrap_or_default() {
        let refuse = |message: String| session.refuse(INVALID_VALUE.with_message(message));
        if let Some(kind) = member.get("type").and_then(Value::text).filter(|kind| !kind.eq_ignore_ascii_case("User")) {
            return Err(refuse(format!("`members.type` is {}: a group has users only, expected `User`", quote(kind))));
        }
        let missing = || refuse("a member has no `value`: expected the `id` of a user".to_owned());
        let id = member.get("value").and_then(Value::text).ok_or_else(missing)?;
        if seen.insert(id) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// Reads the names of users. All of them must exist.
fn read_user_names(tx: &mut Transaction<'_>, session: &Session<'_>, ids: &[String]) -> Result<Vec<String>, Interrupt> {
    let keys: Vec<_> = ids.iter().map(|id| user_id_key(id)).collect();
    let entries = tx.read_all(&keys)?;
    let unknown = |id: &String| {
        let message = format!("`members`: no user has the id {}, expected the `id` of a user", quote(id));
        session.refuse(INVALID_VALUE.with_message(message))
    };
    let names = entries.into_iter().zip(ids);
    names.map(|(name, id)| name.and_then(Value::text).map(str::to_owned).ok_or_else(|| unknown(id))).collect()
}

fn take_external_id(attributes: &mut Attributes) -> Option<String> {
    take_attribute(attributes, "externalId").and_then(|name| name.text().map(str::to_owned))
}

fn member_id(member: &Value) -> &str {
    member.get("value").and_then(Value::text).unwrap_or_default()
}

fn member_name(member: &Value) -> &str {
    member.get("display").and_then(Value::text).unwrap_or_default()
}
