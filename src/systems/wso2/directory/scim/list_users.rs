//! SCIM lists: the users of one part.

use std::collections::BTreeSet;

use super::super::indexes::USERS;
use super::super::session::Session;
use super::super::stored::{list_items, Role, User};
use super::candidates::{self, Candidates};
use super::filter_names::{uses_attribute, Lookup};
use super::list_part::{read_items_with_value, write_separator, ITEMS_PAGE};
use super::list_position::Position;
use super::query::Query;
use super::resource;
use super::schema::Schema;
use super::service::Service;
use crate::directory::prelude::{Fault, Interrupt, Transaction};
use crate::document::value::Value;

/// The attributes of a user that need its roles. `meta` has the version, which covers the names of the roles.
const OF_ROLES: [&str; 2] = ["groups", "meta"];

/// Writes the users of a part. Returns whether it was the last part.
pub fn list_users(
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
            page.extend(parse_users(&read_user_entries(tx, &items)?)?);
            is_last = items.len() < ITEMS_PAGE;
            position.key = items.last().cloned();
        }
        Candidates::InRanges(ranges) => {
            let window = query.window(position.seen, position.written, position.returned);
            let Some(matching) = candidates::read_window(tx, &USERS, &ranges, window)? else { return Ok(false) };
            let entries = read_user_entries(tx, &matching.items)?;
            if needs_roles(query, schema) {
                // Before the users are parsed, because this execution may end here.
                load_roles(tx, session, entries.iter().flat_map(|entry| role_ids_of_entry(entry)))?;
            }
            write_users(tx, session, service, query, (position, text), parse_users(&entries)?)?;
            position.seen = position.seen.saturating_add(matching.total);
            return Ok(true);
        }
        Candidates::WithPrefix(start) => {
            let prefix = format!("{}{start}", USERS.prefix);
            let entries = tx.scan(&prefix, position.key.as_deref(), ITEMS_PAGE)?;
            is_last = entries.len() < ITEMS_PAGE;
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

/// Writes users of a page.
fn write_users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    service: &Service,
    query: &Query,
    (position, text): (&mut Position, &mut String),
    users: Vec<User>,
) -> Result<(), Interrupt> {
    let schema = service.users;
    let roles = if needs_roles(query, schema) { load_roles_of_users(tx, session, &users)? } else { Vec::new() };
    for user in users {
        write_separator(text, position);
        query.projection.apply(resource::user_resource(&user, &roles, service), schema).write_json(text);
    }
    Ok(())
}

/// Whether a response has an attribute that needs the roles of users.
fn needs_roles(query: &Query, schema: &Schema) -> bool {
    OF_ROLES.iter().any(|name| query.projection.includes(name, schema))
}

/// Reads the entries of the users of these items. Deleted users are left out.
fn read_user_entries<'w>(tx: &mut Transaction<'w>, items: &[String]) -> Result<Vec<&'w Value>, Interrupt> {
    let keys: Vec<_> = items.iter().map(|item| USERS.key(item)).collect();
    Ok(tx.read_all(&keys)?.into_iter().flatten().collect())
}

fn parse_users(entries: &[&Value]) -> Result<Vec<User>, Interrupt> {
    entries.iter().map(|entry| User::from_value(entry).ok_or(Interrupt::Fault(Fault::Internal))).collect()
}

fn role_ids_of_entry(entry: &Value) -> impl Iterator<Item = &str> {
    entry.get("roles").map(list_items).unwrap_or_default().iter().filter_map(Value::text)
}

fn load_roles_of_users(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    users: &[User],
) -> Result<Vec<Role>, Interrupt> {
    load_roles(tx, session, users.iter().flat_map(|user| user.roles.iter().map(String::as_str)))
}

fn load_roles<'i>(
    tx: &mut Transaction<'_>,
    session: &mut Session<'_>,
    ids: impl Iterator<Item = &'i str>,
) -> Result<Vec<Role>, Interrupt> {
    let ids: BTreeSet<&str> = ids.collect();
    session.load_roles_by_id(tx, &ids.into_iter().map(str::to_owned).collect::<Vec<_>>())
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
