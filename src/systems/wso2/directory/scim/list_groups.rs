//! SCIM lists: the groups of one part, and the members of a group in parts.

use super::super::indexes::ROLES;
use super::super::session::Session;
use super::super::stored::{member_key, members_prefix, role_key, Role};
use super::candidates::{self, Candidates};
use super::filter_names::Lookup;
use super::list_part::{partial_response, read_items_with_value, write_separator, ITEMS_PAGE};
use super::list_position::Position;
use super::projection::Projection;
use super::query::Query;
use super::resource;
use super::schema::Schema;
use super::service::Service;
use crate::directory::prelude::{Call, Entry, Fault, Interrupt, Response, Transaction};

/// Roles that one part reads: each may need a page of members.
const ROLES_PAGE: usize = 32;
/// Members of one role in a part.
const MEMBERS_PAGE: usize = 256;

/// Writes the groups of a part, up to the first one with more members than a part can have. Returns whether it was
/// the last part.
pub fn list_groups(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    member_ids: &[String],
    (position, text): (&mut Position, &mut String),
) -> Result<bool, Interrupt> {
    let schema = service.groups;
    let Some(RolePage { mut page, is_last, total }) = read_role_page(tx, session, query, schema, position)? else {
        return Ok(false);
    };
    page.retain(|role| position.key.as_deref().is_none_or(|key| role_key(&role.id).text() > key));
    let is_on_page = |seen: usize| total.is_some() || query.is_on_page(seen);
    let keys: Vec<_> = page.iter().flat_map(|role| member_ids.iter().map(|id| member_key(&role.id, id))).collect();
    let mut known = tx.read_all(&keys)?.into_iter().zip(&keys);
    let mut matched = Vec::new();
    for role in page {
        let members = known
            .by_ref()
            .take(member_ids.len())
            .filter_map(|(value, key)| Some(resource::member_of_entry(key.text(), value?, service)));
        let is_match = query.is_match(&resource::group_resource(&role, members.collect(), service), schema);
        matched.push((role, is_match));
    }
    let with_members = query.projection.includes_members(service);
    let (mut is_pending, mut seen) = (false, position.seen);
    for (role, _) in matched.iter().filter(|(_, is_match)| *is_match) {
        if is_on_page(seen) && with_members {
            let page: Result<&[(String, Entry)], Interrupt> = tx.scan(&members_prefix(&role.id), None, MEMBERS_PAGE);
            is_pending |= page.is_err();
        }
        seen = seen.saturating_add(1);
    }
    if is_pending {
        return Err(Interrupt::Pending);
    }
    for (role, is_match) in matched {
        position.key = Some(role_key(&role.id).text().to_owned());
        if !is_match {
            continue;
        }
        let is_on_page = is_on_page(position.seen);
        match total {
            Some(_) => position.written = position.written.saturating_add(1),
            None => position.seen = position.seen.saturating_add(1),
        }
        if is_on_page {
            write_separator(text, position);
            let next = write_group(tx, text, service, &role, &query.projection)?;
            if let Some(next) = next {
                position.open = Some((role.id, next));
                return Ok(false);
            }
        }
    }
    if is_last {
        position.seen = position.seen.saturating_add(total.unwrap_or(0));
    }
    Ok(is_last)
}

/// The roles that a part reads.
struct RolePage {
    page: Vec<Role>,
    /// Whether no further roles follow.
    is_last: bool,
    /// The number of all roles, if all match and only those on the page are here.
    total: Option<usize>,
}

/// Reads the roles of a part; `None` while their index is built.
fn read_role_page(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    query: &Query,
    schema: &Schema,
    position: &Position,
) -> Result<Option<RolePage>, Interrupt> {
    let read_roles = |tx: &mut Transaction<'_>, items: &[String]| {
        let keys: Vec<_> = items.iter().map(|item| ROLES.key(item)).collect();
        let entries = tx.read_all(&keys)?.into_iter().flatten();
        entries
            .map(|value| Role::from_value(value).ok_or(Interrupt::Fault(Fault::Internal)))
            .collect::<Result<Vec<_>, _>>()
    };
    let role_page = match candidates::role_candidates(query, schema) {
        Candidates::Named(one) => RolePage { page: find_roles(tx, session, one)?, is_last: true, total: None },
        Candidates::WithValue { attribute, value, .. } => {
            let after = position.key.as_deref().and_then(|key| key.strip_prefix(ROLES.prefix));
            let Some(items) = read_items_with_value(tx, &ROLES, (attribute, &value), after)? else { return Ok(None) };
            RolePage { page: read_roles(tx, &items)?, is_last: items.len() < ITEMS_PAGE, total: None }
        }
        Candidates::InRanges(ranges) => {
            let (skip, take) = query.window(position.seen, position.written, position.returned);
            let window = (skip, take.min(ROLES_PAGE));
            let Some(matching) = candidates::read_window(tx, &ROLES, &ranges, window)? else { return Ok(None) };
            let is_last = take <= ROLES_PAGE || matching.items.len() < ROLES_PAGE;
            RolePage { page: read_roles(tx, &matching.items)?, is_last, total: Some(matching.total) }
        }
        Candidates::WithPrefix(start) => {
            let prefix = format!("{}{start}", ROLES.prefix);
            let entries = tx.scan(&prefix, position.key.as_deref(), ROLES_PAGE)?;
            let page: Option<Vec<Role>> = entries.iter().map(|(_, entry)| Role::from_value(&entry.value)).collect();
            RolePage { page: page.ok_or(Fault::Internal)?, is_last: entries.len() < ROLES_PAGE, total: None }
        }
    };
    Ok(Some(role_page))
}

fn find_roles(tx: &mut Transaction<'_>, session: &mut Session<'_>, one: Lookup) -> Result<Vec<Role>, Interrupt> {
    let mut page = match one {
        Lookup::Id(id) => session.load_roles_by_id(tx, &[id])?,
        Lookup::Name(name) => match session.settings.role(&name) {
            Some(name) => session.load_roles(tx, &[name])?.into_iter().flatten().collect(),
            None => Vec::new(),
        },
        Lookup::Member(id) => match session.load_user_by_id(tx, &id)? {
            Some(user) => session.load_roles_by_id(tx, &user.roles)?,
            None => Vec::new(),
        },
    };
    page.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(page)
}

/// Responds with one group, in parts if it has many members.
///
/// # Errors
///
/// [`Interrupt`].
pub fn group_response(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    service: &Service,
    role: &Role,
    projection: &Projection,
) -> Result<Response, Interrupt> {
    let mut text = String::new();
    let next = match call.after {
        None => write_group(tx, &mut text, service, role, projection)?,
        Some(after) => write_members(tx, &mut text, service, projection, (&role.id, Some(after)))?,
    };
    let location = service.location("Groups", &role.id);
    Ok(partial_response(text, next)
        .with_header("etag", resource::role_version(role))
        .with_header("content-location", location))
}

/// Writes a group. If it has more members than a part can have, it stays open, and the last member's key is returned.
fn write_group(
    tx: &mut Transaction<'_>,
    text: &mut String,
    service: &Service,
    role: &Role,
    projection: &Projection,
) -> Result<Option<String>, Interrupt> {
    let group = projection.apply(resource::group_resource(role, Vec::new(), service), service.groups).to_string();
    if !projection.includes_members(service) || tx.scan(&members_prefix(&role.id), None, MEMBERS_PAGE)?.is_empty() {
        text.push_str(&group);
        return Ok(None);
    }
    text.push_str(group.strip_suffix('}').unwrap_or(&group));
    text.push_str(r#","members":["#);
    write_members(tx, text, service, projection, (&role.id, None))
}

/// Writes members of a group, and closes it after the last one.
pub fn write_members(
    tx: &mut Transaction<'_>,
    text: &mut String,
    service: &Service,
    projection: &Projection,
    (role, after): (&str, Option<&str>),
) -> Result<Option<String>, Interrupt> {
    let page = tx.scan(&members_prefix(role), after, MEMBERS_PAGE)?;
    for (index, (key, entry)) in page.iter().enumerate() {
        if index > 0 || after.is_some() {
            text.push(',');
        }
        let member =
            projection.apply_to_value("members", resource::member_of_entry(key, &entry.value, service), service.groups);
        text.push_str(&member.to_string());
    }
    match page.last() {
        Some((key, _)) if page.len() >= MEMBERS_PAGE => Ok(Some(key.clone())),
        _ => {
            text.push_str("]}");
            Ok(None)
        }
    }
}
