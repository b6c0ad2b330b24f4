//! Lists of users and groups: filtered and counted, with one page of them, in parts.
//!
//! [`candidates`] decides which entries a list reads. If all of them match, an index counts them and finds the page.
//! Otherwise each part reads one page of candidates, and the next part continues after it. The counts are known at
//! the end, so they come last in the response.

use super::super::indexes::{ROLES, USERS};
use super::super::responses::SCIM_JSON;
use super::super::session::Session;
use super::super::settings::Settings;
use super::super::stored::{member_key, members_prefix, role_key, Role, User};
use super::candidates::{self, Candidates};
use super::matching;
use super::query::{
    member_ids_in_filter, normalize_names, resolve_members, uses_attribute, Lookup, Query, ResourceKind,
};
use super::resource::{self, Projection};
use super::schema::Schema;
use super::service::{or_refuse, Service};
use crate::directory::index::{self, Index};
use crate::directory::prelude::{Body, Call, Entry, Fault, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// Users that one part reads.
const USERS_PAGE: usize = 256;
/// Roles that one part reads: each may need a page of members.
const ROLES_PAGE: usize = 32;
/// Members of one role in a part.
const MEMBERS_PAGE: usize = 256;

/// The attributes of a user that need its roles. `meta` has the version, which covers the names of the roles.
const OF_ROLES: [&str; 2] = ["groups", "meta"];

/// The continuation of a list.
#[derive(Default)]
struct Position {
    /// The index of the current resource kind.
    stage: usize,
    /// The last key that was read.
    key: Option<String>,
    /// The matches so far.
    seen: usize,
    /// The resources in the response so far.
    shown: usize,
    /// How many of these are of the current kind, if an index counts it.
    written: usize,
    /// The role whose members are being written, and the last of them.
    open: Option<(String, String)>,
}

impl Position {
    fn parse(call: &Call<'_>) -> Result<Self, Interrupt> {
        let Some(after) = call.after else { return Ok(Self::default()) };
        let parse = || {
            let position = Value::parse(after).ok()?;
            let text = |name: &str| position.get(name).and_then(Value::text).map(str::to_owned);
            let number = |name: &str| match position.get(name) {
                Some(Value::Number(digits)) => digits.parse().ok(),
                _ => None,
            };
            Some(Self {
                stage: number("stage")?,
                key: text("key"),
                seen: number("seen")?,
                shown: number("shown")?,
                written: number("written")?,
                open: text("role").zip(text("member")),
            })
        };
        parse().ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn to_text(&self) -> String {
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let number = |number: usize| Value::Number(number.to_string().into());
        Value::object([
            ("stage", number(self.stage)),
            ("key", text(self.key.as_deref())),
            ("seen", number(self.seen)),
            ("shown", number(self.shown)),
            ("written", number(self.written)),
            ("role", text(self.open.as_ref().map(|(role, _)| role.as_str()))),
            ("member", text(self.open.as_ref().map(|(_, member)| member.as_str()))),
        ])
        .to_string()
    }
}

/// Requests the entries of an index that the first part of a list needs, before the caller is authenticated.
pub fn prefetch(tx: &mut Transaction<'_>, of: ResourceKind, query: &Query, service: &Service, settings: &Settings) {
    let schema = schema_of(service, of);
    let candidates = match of {
        ResourceKind::Users => candidates::user_candidates(query, schema, settings),
        ResourceKind::Groups => candidates::role_candidates(query, schema),
    };
    if let Candidates::InRanges(ranges) = candidates {
        candidates::prefetch_window(tx, of, &ranges, query.window(0, 0, 0));
    }
}

/// Responds with a part of a list.
///
/// # Errors
///
/// [`Interrupt`].
pub fn list_resources(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
    mut query: Query,
    kinds: &[ResourceKind],
) -> Result<Response, Interrupt> {
    let mut position = Position::parse(call)?;
    or_refuse(query.check_domain(kinds, session.settings))?;
    let mut member_ids = Vec::new();
    if let Some(filter) = &mut query.filter {
        or_refuse(matching::check_attributes_known(filter, [service.users, service.groups]))?;
        for of in kinds {
            or_refuse(matching::check_filter(filter, schema_of(service, *of)))?;
            if *of == ResourceKind::Groups {
                resolve_members(tx, &session, filter, service.groups)?;
                member_ids = or_refuse(member_ids_in_filter(filter, service.groups))?;
            }
        }
        if let Some(of) = kinds.get(position.stage) {
            normalize_names(filter, schema_of(service, *of), session.settings);
        }
    }
    let query = &query;
    let mut text = match call.after {
        Some(_) => String::new(),
        None => r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":["#.to_owned(),
    };
    if let Some((role, after)) = position.open.take() {
        let next = write_members(tx, &mut text, service, &query.projection, (&role, Some(&after)))?;
        position.open = next.map(|member| (role, member));
        return Ok(partial_response(text, Some(position.to_text())));
    }
    let is_last = match kinds.get(position.stage) {
        Some(ResourceKind::Users) => list_users(tx, &mut session, service, query, (&mut position, &mut text))?,
        Some(ResourceKind::Groups) => {
            list_groups(tx, &mut session, service, query, &member_ids, (&mut position, &mut text))?
        }
        None => true,
    };
    if is_last {
        position.stage = position.stage.saturating_add(1);
        position.key = None;
        position.written = 0;
    }
    if position.stage < kinds.len() {
        return Ok(partial_response(text, Some(position.to_text())));
    }
    let Position { seen, shown, .. } = position;
    let start = query.start;
    text.push_str(&format!(r#"],"startIndex":{start},"itemsPerPage":{shown},"totalResults":{seen}}}"#));
    Ok(partial_response(text, None))
}

fn schema_of(service: &Service, of: ResourceKind) -> &Schema {
    match of {
        ResourceKind::Users => service.users,
        ResourceKind::Groups => service.groups,
    }
}

fn partial_response(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
        .with_header("content-type", SCIM_JSON)
}

/// Writes the users of a part. Returns whether it was the last part.
fn list_users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    (position, text): (&mut Position, &mut String),
) -> Result<bool, Interrupt> {
    let schema = service.users;
    let (mut page, mut is_last) = (Vec::new(), true);
    match candidates::user_candidates(query, schema, session.settings) {
        Candidates::Named(one) => page.extend(find_user(tx, session, &one)?),
        Candidates::WithValue { attribute, value, name } => {
            let after = position.key.take();
            if let Some(name) = name.filter(|_| after.is_none()) {
                page.extend(find_user(tx, session, &Lookup::Name(name))?);
            }
            let Some(items) = read_items_with_value(tx, &USERS, (attribute, &value), after.as_deref())? else {
                return Ok(false);
            };
            page.extend(read_users(tx, &items)?);
            is_last = items.len() < USERS_PAGE;
            position.key = items.last().cloned();
        }
        Candidates::InRanges(ranges) => {
            let window = query.window(position.seen, position.written, position.shown);
            let Some(found) = candidates::read_window(tx, &USERS, &ranges, window)? else { return Ok(false) };
            let users = read_users(tx, &found.items)?;
            write_users(tx, session, service, query, (position, text), users)?;
            position.seen = position.seen.saturating_add(found.total);
            return Ok(true);
        }
        Candidates::WithPrefix(start) => {
            let prefix = format!("{}{start}", USERS.prefix);
            let entries = tx.scan(&prefix, position.key.as_deref(), USERS_PAGE)?;
            is_last = entries.len() < USERS_PAGE;
            for (_, entry) in entries {
                page.push(User::from_value(&entry.value).ok_or(Fault::Internal)?);
            }
            position.key = entries.last().map(|(key, _)| key.clone()).or(position.key.take());
        }
    }
    let needs_roles = |filter| OF_ROLES.iter().any(|name| uses_attribute(filter, name, schema));
    let all = if query.filter.as_ref().is_some_and(needs_roles) {
        load_roles_of_users(tx, session, &page)?
    } else {
        Vec::new()
    };
    let mut users = Vec::new();
    for user in page {
        if query.is_match(&resource::user_resource(&user, &all, service), schema) {
            if query.is_on_page(position.seen) {
                users.push(user);
            }
            position.seen = position.seen.saturating_add(1);
        }
    }
    write_users(tx, session, service, query, (position, text), users)?;
    Ok(is_last)
}

fn write_users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    (position, text): (&mut Position, &mut String),
    users: Vec<User>,
) -> Result<(), Interrupt> {
    let schema = service.users;
    let needs_roles = OF_ROLES.iter().any(|name| query.projection.includes(name, schema));
    let roles = if needs_roles { load_roles_of_users(tx, session, &users)? } else { Vec::new() };
    for user in users {
        write_separator(text, position);
        text.push_str(&query.projection.apply(resource::user_resource(&user, &roles, service), schema).to_string());
    }
    Ok(())
}

/// Reads the index items with a value of an attribute; `None` while the index is built.
fn read_items_with_value(
    tx: &mut Transaction<'_>,
    index: &Index,
    term: (&str, &str),
    after: Option<&str>,
) -> Result<Option<Vec<String>>, Interrupt> {
    if !index::is_ready(tx, index)? {
        return Ok(None);
    }
    index::having(tx, index, term, after, USERS_PAGE).map(Some)
}

/// Reads the users of these items. Deleted users are left out.
fn read_users(tx: &mut Transaction<'_>, items: &[String]) -> Result<Vec<User>, Interrupt> {
    let keys: Vec<_> = items.iter().map(|item| USERS.key(item)).collect();
    let entries = tx.read_all(&keys)?.into_iter().flatten();
    entries.map(|value| User::from_value(value).ok_or(Interrupt::Fault(Fault::Internal))).collect()
}

/// Writes the groups of a part, up to the first one with more members than a part can have. Returns whether it was
/// the last part.
fn list_groups(
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
    let found = match candidates::role_candidates(query, schema) {
        Candidates::Named(one) => RolePage { page: find_roles(tx, session, one)?, is_last: true, total: None },
        Candidates::WithValue { attribute, value, .. } => {
            let after = position.key.as_deref().and_then(|key| key.strip_prefix(ROLES.prefix));
            let Some(items) = read_items_with_value(tx, &ROLES, (attribute, &value), after)? else { return Ok(None) };
            RolePage { page: read_roles(tx, &items)?, is_last: items.len() < USERS_PAGE, total: None }
        }
        Candidates::InRanges(ranges) => {
            let (skip, take) = query.window(position.seen, position.written, position.shown);
            let window = (skip, take.min(ROLES_PAGE));
            let Some(found) = candidates::read_window(tx, &ROLES, &ranges, window)? else { return Ok(None) };
            let is_last = take <= ROLES_PAGE || found.items.len() < ROLES_PAGE;
            RolePage { page: read_roles(tx, &found.items)?, is_last, total: Some(found.total) }
        }
        Candidates::WithPrefix(start) => {
            let prefix = format!("{}{start}", ROLES.prefix);
            let entries = tx.scan(&prefix, position.key.as_deref(), ROLES_PAGE)?;
            let page: Option<Vec<Role>> = entries.iter().map(|(_, entry)| Role::from_value(&entry.value)).collect();
            RolePage { page: page.ok_or(Fault::Internal)?, is_last: entries.len() < ROLES_PAGE, total: None }
        }
    };
    Ok(Some(found))
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
fn write_members(
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

fn write_separator(text: &mut String, position: &mut Position) {
    if position.shown > 0 {
        text.push(',');
    }
    position.shown = position.shown.saturating_add(1);
}

fn load_roles_of_users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    users: &[User],
) -> Result<Vec<Role>, Interrupt> {
    let mut ids: Vec<String> = users.iter().flat_map(|user| user.roles.iter().cloned()).collect();
    ids.sort();
    ids.dedup();
    session.load_roles_by_id(tx, &ids)
}

fn find_user(tx: &mut Transaction<'_>, session: &mut Session<'_>, one: &Lookup) -> Result<Option<User>, Interrupt> {
    match one {
        Lookup::Id(id) => session.load_user_by_id(tx, id),
        Lookup::Name(name) => match session.settings.user(name) {
            Some(name) => session.read_user_entry(tx, &name),
            None => Ok(None),
        },
        Lookup::Member(_) => Ok(None),
    }
}
