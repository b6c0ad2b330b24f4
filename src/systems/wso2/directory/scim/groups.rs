//! Roles over SCIM, as groups: made, told, replaced, changed and deleted.

use std::collections::BTreeSet;

use super::super::permission_paths::{ROLE_CREATE, ROLE_DELETE, ROLE_UPDATE, ROLE_VIEW};
use super::super::responses::{INVALID_VALUE, NO_ROLE, TOO_MANY};
use super::super::roles::{self, NewRole};
use super::super::session::Session;
use super::super::stored::{list, member_key, members_prefix, user_id_key, Role};
use super::super::writes;
use super::list as lists;
use super::patch::{self, Attributes};
use super::people::{named, take};
use super::resource::{self, Projection};
use super::service::{document, hold, Service};
use crate::directory::prelude::{Authorized, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The most members that a request touches where it does not name each one.
const MEMBERS_MAX: usize = 1_000;

/// `POST /scim2/Groups`
///
/// # Errors
///
/// [`Interrupt`].
pub fn create(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
) -> Result<Response, Interrupt> {
    let authorized = session.require_permission(tx, &[ROLE_CREATE])?;
    let mut attributes = hold(service.groups.taken(&document(call)?))?;
    let name = take(&mut attributes, "displayName");
    let name = named(&session, name.as_ref(), "displayName")?;
    let ids = ids(&session, take(&mut attributes, "members").as_ref())?;
    let users = names(tx, &session, &ids)?;
    let external = external(&mut attributes);
    let role =
        roles::create_role(tx, &mut session, &authorized, NewRole { name, users: &users, permissions: &[], external })?;
    let members = ids.iter().zip(&users).map(|(id, name)| resource::member(id, name, service)).collect();
    let told =
        resource::told(201, resource::group(&role, members, service), &Projection::of_call(call), service.groups);
    Ok(told.with_header("location", service.location("Groups", &role.id)))
}

/// A request about one role.
///
/// # Errors
///
/// [`Interrupt`].
pub fn answer(
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
    let projection = Projection::of_call(call);
    match call.method {
        "GET" => lists::one_group(tx, call, service, &role, &projection),
        "DELETE" => {
            roles::delete_role(tx, &mut session, &authorized, &role.name)?;
            Ok(Response::empty(204))
        }
        method => {
            let body = document(call)?;
            let stored = members(tx, service, &role.id, MEMBERS_MAX.saturating_add(1))?;
            let is_whole = stored.len() <= MEMBERS_MAX;
            let mut attributes = vec![("displayName".to_owned(), Value::from(role.name.as_str()))];
            attributes.extend(role.external.as_deref().map(|name| ("externalId".to_owned(), name.into())));
            let mut before = stored;
            if method == "PUT" {
                if !is_whole {
                    return Err(session.refuse(TOO_MANY));
                }
                attributes = hold(service.groups.taken(&body))?;
                let name = attributes.iter().find(|(name, _)| name == "displayName").map(|(_, value)| value);
                named(&session, name, "displayName")?;
            } else {
                let operations = hold(patch::read(&body))?;
                if !is_whole {
                    let named = patch::named_values(&operations, service.groups, "members");
                    before = named_members(tx, service, &role.id, &named.ok_or_else(|| session.refuse(TOO_MANY))?)?;
                }
                if !before.is_empty() {
                    attributes.push(("members".to_owned(), Value::List(before.clone())));
                }
                hold(patch::apply(&mut attributes, &operations, service.groups, &role.id))?;
            }
            let (role, after) = update(tx, &mut session, &authorized, service, role, (&before, attributes))?;
            if !is_whole {
                // All members are more than goes into one answer that also changes something.
                return Ok(Response::empty(204).with_header("etag", resource::version(&role)));
            }
            Ok(resource::told(200, resource::group(&role, after, service), &projection, service.groups))
        }
    }
}

/// Gives a role these attributes. Members go first, by the name under which the rules know the role.
fn update(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    authorized: &Authorized,
    service: &Service,
    mut role: Role,
    (before, mut attributes): (&[Value], Attributes),
) -> Result<(Role, Vec<Value>), Interrupt> {
    let after = ids(session, take(&mut attributes, "members").as_ref())?;
    let had: BTreeSet<&str> = before.iter().map(id_of).collect();
    let has: BTreeSet<&str> = after.iter().map(String::as_str).collect();
    let added_ids: Vec<String> = after.iter().filter(|id| !had.contains(id.as_str())).cloned().collect();
    let added = names(tx, session, &added_ids)?;
    let (stay, go): (Vec<&Value>, Vec<&Value>) = before.iter().partition(|member| has.contains(id_of(member)));
    let removed: Vec<String> = go.iter().map(|member| name_of(member).to_owned()).collect();
    let (mut is_changed, external) = (!added.is_empty() || !removed.is_empty(), external(&mut attributes));
    if is_changed {
        roles::change_loaded_role_members(tx, session, authorized, &role, [&added, &removed])?;
    }
    let name = take(&mut attributes, "displayName");
    let name = name.as_ref().and_then(Value::text).unwrap_or_default();
    // `PRIMARY/x` is `x`, and no other name.
    if session.settings.role(name).is_none_or(|name| name.canonical() != role.name) {
        roles::rename_loaded_role(tx, session, authorized, &mut role, name)?;
        is_changed = true;
    }
    // RFC 7644, section 3.5.2.1: what was so before is no change, and leaves the time of the last one.
    if is_changed || role.external != external {
        role.external = external;
        writes::store_role(tx, authorized, &mut role)?;
    }
    let mut members: Vec<Value> = stay.into_iter().cloned().collect();
    members.extend(added_ids.iter().zip(&added).map(|(id, name)| resource::member(id, name, service)));
    Ok((role, members))
}

/// The first members of a role.
fn members(tx: &mut Transaction<'_>, service: &Service, role: &str, limit: usize) -> Result<Vec<Value>, Interrupt> {
    let page = tx.scan(&members_prefix(role), None, limit)?;
    Ok(page.iter().map(|(key, entry)| resource::stored_member(key, &entry.value, service)).collect())
}

/// Those of these users who are members.
fn named_members(
    tx: &mut Transaction<'_>,
    service: &Service,
    role: &str,
    ids: &[String],
) -> Result<Vec<Value>, Interrupt> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let keys: Vec<_> = ids.iter().map(|id| member_key(role, id)).collect();
    let found = tx.read_all(&keys)?;
    Ok(keys
        .iter()
        .zip(found)
        .filter_map(|(key, value)| Some(resource::stored_member(key.text(), value?, service)))
        .collect())
}

/// The identifiers of the members that a body names, each once.
fn ids(session: &Session<'_>, members: Option<&Value>) -> Result<Vec<String>, Interrupt> {
    let (mut ids, mut named) = (Vec::new(), BTreeSet::new());
    for member in members.map(list).unwrap_or_default() {
        let id = member.get("value").and_then(Value::text).ok_or_else(|| session.refuse(INVALID_VALUE))?;
        if named.insert(id) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// The names of users, all of whom must be there.
fn names(tx: &mut Transaction<'_>, session: &Session<'_>, ids: &[String]) -> Result<Vec<String>, Interrupt> {
    let keys: Vec<_> = ids.iter().map(|id| user_id_key(id)).collect();
    let found = tx.read_all(&keys)?;
    let names: Option<Vec<String>> =
        found.into_iter().map(|name| name.and_then(Value::text).map(str::to_owned)).collect();
    names.ok_or_else(|| session.refuse(INVALID_VALUE))
}

fn external(attributes: &mut Attributes) -> Option<String> {
    take(attributes, "externalId").and_then(|name| name.text().map(str::to_owned))
}

fn id_of(member: &Value) -> &str {
    member.get("value").and_then(Value::text).unwrap_or_default()
}

fn name_of(member: &Value) -> &str {
    member.get("display").and_then(Value::text).unwrap_or_default()
}
