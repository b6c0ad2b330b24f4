//! Lists of users and roles: filtered, counted, a window of them told, in parts.
//!
//! Which entries a list looks at, [`candidates`] says. Where all fit, an index counts them and finds those that are
//! told. Otherwise a part looks at one page of the candidates, and the next part goes on behind it. The counts are known
//! when all was looked at, so they come last.

use super::super::indexes::{ROLES, USERS};
use super::super::responses::SCIM_JSON;
use super::super::session::Session;
use super::super::settings::Settings;
use super::super::stored::{member_key, members_prefix, role_key, Role, User};
use super::candidates::{self, Candidates};
use super::matching;
use super::query::{asked_members, names, resolve_members, spell_names, Of, One, Query};
use super::resource::{self, Projection};
use super::schema::Schema;
use super::service::{hold, Service};
use crate::directory::index::{self, Index};
use crate::directory::prelude::{Body, Call, Entry, Fault, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// Entries of users that a part looks at.
const USERS_PAGE: usize = 256;
/// Entries of roles that a part looks at: each may bring a page of members.
const ROLES_PAGE: usize = 32;
/// Members of one role in a part.
const MEMBERS_PAGE: usize = 256;

/// What of a user needs its roles. Its version is also one of their names.
const OF_ROLES: [&str; 2] = ["groups", "meta"];

/// Where a list goes on.
#[derive(Default)]
struct Position {
    /// The kind that is looked at, by its place.
    stage: usize,
    /// The last key that was looked at.
    key: Option<String>,
    /// How many fit so far.
    seen: usize,
    /// How many of them were told.
    shown: usize,
    /// How many of these are of the kind that is looked at, where an index counts it.
    told: usize,
    /// The role whose members are being told, and the last of them.
    open: Option<(String, String)>,
}

impl Position {
    fn read(call: &Call<'_>) -> Result<Self, Interrupt> {
        let Some(after) = call.after else { return Ok(Self::default()) };
        let read = || {
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
                told: number("told")?,
                open: text("role").zip(text("member")),
            })
        };
        read().ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn written(&self) -> String {
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let number = |number: usize| Value::Number(number.to_string().into());
        Value::object([
            ("stage", number(self.stage)),
            ("key", text(self.key.as_deref())),
            ("seen", number(self.seen)),
            ("shown", number(self.shown)),
            ("told", number(self.told)),
            ("role", text(self.open.as_ref().map(|(role, _)| role.as_str()))),
            ("member", text(self.open.as_ref().map(|(_, member)| member.as_str()))),
        ])
        .to_string()
    }
}

/// Asks for what the first part of a list will need of an index, while it is not known yet who asks.
pub fn prefetch(tx: &mut Transaction<'_>, of: Of, query: &Query, service: &Service, settings: &Settings) {
    let schema = schema_of(service, of);
    let looked_at = match of {
        Of::Users => candidates::users(query, schema, settings),
        Of::Groups => candidates::roles(query, schema),
    };
    if let Candidates::Counted(ranges) = looked_at {
        candidates::prefetch(tx, of, &ranges, query.window(0, 0, 0));
    }
}

/// A part of the list.
///
/// # Errors
///
/// [`Interrupt`].
pub fn answer(
    tx: &mut Transaction<'_>,
    mut session: Session<'_>,
    call: &Call<'_>,
    service: &Service,
    mut query: Query,
    kinds: &[Of],
) -> Result<Response, Interrupt> {
    let mut position = Position::read(call)?;
    hold(query.check_domain(kinds, session.settings))?;
    let mut asked = Vec::new();
    if let Some(filter) = &mut query.filter {
        hold(matching::check_names(filter, [service.users, service.groups]))?;
        for of in kinds {
            hold(matching::check(filter, schema_of(service, *of)))?;
            if *of == Of::Groups {
                resolve_members(tx, &session, filter, service.groups)?;
                asked = hold(asked_members(filter, service.groups))?;
            }
        }
        if let Some(of) = kinds.get(position.stage) {
            spell_names(filter, schema_of(service, *of), session.settings);
        }
    }
    let query = &query;
    let mut text = match call.after {
        Some(_) => String::new(),
        None => r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":["#.to_owned(),
    };
    if let Some((role, after)) = position.open.take() {
        let next = push_members(tx, &mut text, service, &query.projection, (&role, Some(&after)))?;
        position.open = next.map(|member| (role, member));
        return Ok(part(text, Some(position.written())));
    }
    let is_last = match kinds.get(position.stage) {
        Some(Of::Users) => users(tx, &mut session, service, query, (&mut position, &mut text))?,
        Some(Of::Groups) => groups(tx, &mut session, service, query, &asked, (&mut position, &mut text))?,
        None => true,
    };
    if is_last {
        position.stage = position.stage.saturating_add(1);
        position.key = None;
        position.told = 0;
    }
    if position.stage < kinds.len() {
        return Ok(part(text, Some(position.written())));
    }
    let Position { seen, shown, .. } = position;
    let start = query.start;
    text.push_str(&format!(r#"],"startIndex":{start},"itemsPerPage":{shown},"totalResults":{seen}}}"#));
    Ok(part(text, None))
}

fn schema_of(service: &Service, of: Of) -> &Schema {
    match of {
        Of::Users => service.users,
        Of::Groups => service.groups,
    }
}

fn part(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
        .with_header("content-type", SCIM_JSON)
}

/// Tells the users of a page; whether it was the last.
fn users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    (position, text): (&mut Position, &mut String),
) -> Result<bool, Interrupt> {
    let schema = service.users;
    let (mut page, mut is_last) = (Vec::new(), true);
    match candidates::users(query, schema, session.settings) {
        Candidates::Named(one) => page.extend(named_user(tx, session, &one)?),
        Candidates::Having { attribute, value, name } => {
            let after = position.key.take();
            if let Some(name) = name.filter(|_| after.is_none()) {
                page.extend(named_user(tx, session, &One::Name(name))?);
            }
            let Some(items) = having(tx, &USERS, (attribute, &value), after.as_deref())? else { return Ok(false) };
            page.extend(read_users(tx, &items)?);
            is_last = items.len() < USERS_PAGE;
            position.key = items.last().cloned();
        }
        Candidates::Counted(ranges) => {
            let window = query.window(position.seen, position.told, position.shown);
            let Some(found) = candidates::window(tx, &USERS, &ranges, window)? else { return Ok(false) };
            let told = read_users(tx, &found.items)?;
            tell_users(tx, session, service, query, (position, text), told)?;
            position.seen = position.seen.saturating_add(found.total);
            return Ok(true);
        }
        Candidates::Below(start) => {
            let prefix = format!("{}{start}", USERS.prefix);
            let entries = tx.scan(&prefix, position.key.as_deref(), USERS_PAGE)?;
            is_last = entries.len() < USERS_PAGE;
            for (_, entry) in entries {
                page.push(User::from_value(&entry.value).ok_or(Fault::Internal)?);
            }
            position.key = entries.last().map(|(key, _)| key.clone()).or(position.key.take());
        }
    }
    let asks = |filter| OF_ROLES.iter().any(|name| names(filter, name, schema));
    let all = if query.filter.as_ref().is_some_and(asks) { roles_of(tx, session, &page)? } else { Vec::new() };
    let mut told = Vec::new();
    for user in page {
        if query.fits(&resource::user(&user, &all, service), schema) {
            if query.shows(position.seen) {
                told.push(user);
            }
            position.seen = position.seen.saturating_add(1);
        }
    }
    tell_users(tx, session, service, query, (position, text), told)?;
    Ok(is_last)
}

fn tell_users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    (position, text): (&mut Position, &mut String),
    told: Vec<User>,
) -> Result<(), Interrupt> {
    let schema = service.users;
    let tells_roles = OF_ROLES.iter().any(|name| query.projection.tells(name, schema));
    let roles = if tells_roles { roles_of(tx, session, &told)? } else { Vec::new() };
    for user in told {
        separate(text, position);
        text.push_str(&query.projection.of(resource::user(&user, &roles, service), schema).to_string());
    }
    Ok(())
}

/// Items that have a value of an attribute; `None` while the index is built.
fn having(
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

/// The users of these items. One that was deleted meanwhile is left out.
fn read_users(tx: &mut Transaction<'_>, items: &[String]) -> Result<Vec<User>, Interrupt> {
    let keys: Vec<_> = items.iter().map(|item| USERS.key(item)).collect();
    let entries = tx.read_all(&keys)?.into_iter().flatten();
    entries.map(|value| User::from_value(value).ok_or(Interrupt::Fault(Fault::Internal))).collect()
}

/// Tells the roles of a page, up to the first one with more members than a part takes; whether it was the last.
fn groups(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    asked: &[String],
    (position, text): (&mut Position, &mut String),
) -> Result<bool, Interrupt> {
    let schema = service.groups;
    let Some(Found { mut page, is_last, total }) = roles_page(tx, session, query, schema, position)? else {
        return Ok(false);
    };
    page.retain(|role| position.key.as_deref().is_none_or(|key| role_key(&role.id).text() > key));
    let is_shown = |seen: usize| total.is_some() || query.shows(seen);
    let keys: Vec<_> = page.iter().flat_map(|role| asked.iter().map(|id| member_key(&role.id, id))).collect();
    let mut known = tx.read_all(&keys)?.into_iter().zip(&keys);
    let mut fitting = Vec::new();
    for role in page {
        let of = known
            .by_ref()
            .take(asked.len())
            .filter_map(|(value, key)| Some(resource::stored_member(key.text(), value?, service)));
        let fits = query.fits(&resource::group(&role, of.collect(), service), schema);
        fitting.push((role, fits));
    }
    let with_members = query.projection.tells_members(service);
    let (mut is_pending, mut seen) = (false, position.seen);
    for (role, _) in fitting.iter().filter(|(_, fits)| *fits) {
        if is_shown(seen) && with_members {
            let page: Result<&[(String, Entry)], Interrupt> = tx.scan(&members_prefix(&role.id), None, MEMBERS_PAGE);
            is_pending |= page.is_err();
        }
        seen = seen.saturating_add(1);
    }
    if is_pending {
        return Err(Interrupt::Pending);
    }
    for (role, fits) in fitting {
        position.key = Some(role_key(&role.id).text().to_owned());
        if !fits {
            continue;
        }
        let is_shown = is_shown(position.seen);
        match total {
            Some(_) => position.told = position.told.saturating_add(1),
            None => position.seen = position.seen.saturating_add(1),
        }
        if is_shown {
            separate(text, position);
            let next = push_group(tx, text, service, &role, &query.projection)?;
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

/// Roles that a part looks at.
struct Found {
    page: Vec<Role>,
    /// No others come behind them.
    is_last: bool,
    /// How many there are, if all fit and only those are here that are told.
    total: Option<usize>,
}

/// The roles that a part looks at; `None` while their index is built.
fn roles_page(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    query: &Query,
    schema: &Schema,
    position: &Position,
) -> Result<Option<Found>, Interrupt> {
    let read = |tx: &mut Transaction<'_>, items: &[String]| {
        let keys: Vec<_> = items.iter().map(|item| ROLES.key(item)).collect();
        let entries = tx.read_all(&keys)?.into_iter().flatten();
        entries
            .map(|value| Role::from_value(value).ok_or(Interrupt::Fault(Fault::Internal)))
            .collect::<Result<Vec<_>, _>>()
    };
    let found = match candidates::roles(query, schema) {
        Candidates::Named(one) => Found { page: named_roles(tx, session, one)?, is_last: true, total: None },
        Candidates::Having { attribute, value, .. } => {
            let after = position.key.as_deref().and_then(|key| key.strip_prefix(ROLES.prefix));
            let Some(items) = having(tx, &ROLES, (attribute, &value), after)? else { return Ok(None) };
            Found { page: read(tx, &items)?, is_last: items.len() < USERS_PAGE, total: None }
        }
        Candidates::Counted(ranges) => {
            let (skip, take) = query.window(position.seen, position.told, position.shown);
            let window = (skip, take.min(ROLES_PAGE));
            let Some(found) = candidates::window(tx, &ROLES, &ranges, window)? else { return Ok(None) };
            let is_last = take <= ROLES_PAGE || found.items.len() < ROLES_PAGE;
            Found { page: read(tx, &found.items)?, is_last, total: Some(found.total) }
        }
        Candidates::Below(start) => {
            let prefix = format!("{}{start}", ROLES.prefix);
            let entries = tx.scan(&prefix, position.key.as_deref(), ROLES_PAGE)?;
            let page: Option<Vec<Role>> = entries.iter().map(|(_, entry)| Role::from_value(&entry.value)).collect();
            Found { page: page.ok_or(Fault::Internal)?, is_last: entries.len() < ROLES_PAGE, total: None }
        }
    };
    Ok(Some(found))
}

fn named_roles(tx: &mut Transaction<'_>, session: &mut Session<'_>, one: One) -> Result<Vec<Role>, Interrupt> {
    let mut page = match one {
        One::Id(id) => session.load_roles_by_id(tx, &[id])?,
        One::Name(name) => match session.settings.role(&name) {
            Some(name) => session.load_roles(tx, &[name])?.into_iter().flatten().collect(),
            None => Vec::new(),
        },
        One::Member(id) => match session.load_user_by_id(tx, &id)? {
            Some(user) => session.load_roles_by_id(tx, &user.roles)?,
            None => Vec::new(),
        },
    };
    page.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(page)
}

/// One role, whole; in parts where it has many members.
///
/// # Errors
///
/// [`Interrupt`].
pub fn one_group(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    service: &Service,
    role: &Role,
    projection: &Projection,
) -> Result<Response, Interrupt> {
    let mut text = String::new();
    let next = match call.after {
        None => push_group(tx, &mut text, service, role, projection)?,
        Some(after) => push_members(tx, &mut text, service, projection, (&role.id, Some(after)))?,
    };
    let place = service.location("Groups", &role.id);
    Ok(part(text, next).with_header("etag", resource::version(role)).with_header("content-location", place))
}

/// Writes a role; if it has more members than a part takes it stays open, and the last of them is returned.
fn push_group(
    tx: &mut Transaction<'_>,
    text: &mut String,
    service: &Service,
    role: &Role,
    projection: &Projection,
) -> Result<Option<String>, Interrupt> {
    let written = projection.of(resource::group(role, Vec::new(), service), service.groups).to_string();
    if !projection.tells_members(service) || tx.scan(&members_prefix(&role.id), None, MEMBERS_PAGE)?.is_empty() {
        text.push_str(&written);
        return Ok(None);
    }
    text.push_str(written.strip_suffix('}').unwrap_or(&written));
    text.push_str(r#","members":["#);
    push_members(tx, text, service, projection, (&role.id, None))
}

/// Writes members of a role, and closes it behind the last.
fn push_members(
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
        let told = projection.parts_of("members", resource::stored_member(key, &entry.value, service), service.groups);
        text.push_str(&told.to_string());
    }
    match page.last() {
        Some((key, _)) if page.len() >= MEMBERS_PAGE => Ok(Some(key.clone())),
        _ => {
            text.push_str("]}");
            Ok(None)
        }
    }
}

fn separate(text: &mut String, position: &mut Position) {
    if position.shown > 0 {
        text.push(',');
    }
    position.shown = position.shown.saturating_add(1);
}

fn roles_of(tx: &mut Transaction<'_>, session: &mut Session<'_>, users: &[User]) -> Result<Vec<Role>, Interrupt> {
    let mut ids: Vec<String> = users.iter().flat_map(|user| user.roles.iter().cloned()).collect();
    ids.sort();
    ids.dedup();
    session.load_roles_by_id(tx, &ids)
}

fn named_user(tx: &mut Transaction<'_>, session: &mut Session<'_>, one: &One) -> Result<Option<User>, Interrupt> {
    match one {
        One::Id(id) => session.load_user_by_id(tx, id),
        One::Name(name) => match session.settings.user(name) {
            Some(name) => session.read_user_entry(tx, &name),
            None => Ok(None),
        },
        One::Member(_) => Ok(None),
    }
}
