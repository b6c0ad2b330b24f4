//! SCIM lists: the users of one part.

use super::super::indexes::USERS;
use super::super::session::Session;
use super::super::stored::{Role, User};
use super::candidates::{self, Candidates};
use super::filter_names::{uses_attribute, Lookup};
use super::list_part::{read_items_with_value, write_separator, ITEMS_PAGE};
use super::list_position::Position;
use super::query::Query;
use super::resource;
use super::service::Service;
use crate::directory::prelude::{Fault, Interrupt, Transaction};

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
            page.extend(read_users(tx, &items)?);
            is_last = items.len() < ITEMS_PAGE;
            position.key = items.last().cloned();
        }
        Candidates::InRanges(ranges) => {
            let window = query.window(position.seen, position.written, position.returned);
            let Some(matching) = candidates::read_window(tx, &USERS, &ranges, window)? else { return Ok(false) };
            let users = read_users(tx, &matching.items)?;
            write_users(tx, session, service, query, (position, text), users)?;
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
    let needs_roles = OF_ROLES.iter().any(|name| query.projection.includes(name, schema));
    let roles = if needs_roles { load_roles_of_users(tx, session, &users)? } else { Vec::new() };
    for user in users {
        write_separator(text, position);
        text.push_str(&query.projection.apply(resource::user_resource(&user, &roles, service), schema).to_string());
    }
    Ok(())
}

/// Reads the users of these items. Deleted users are left out.
fn read_users(tx: &mut Transaction<'_>, items: &[String]) -> Result<Vec<User>, Interrupt> {
    let keys: Vec<_> = items.iter().map(|item| USERS.key(item)).collect();
    let entries = tx.read_all(&keys)?.into_iter().flatten();
    entries.map(|value| User::from_value(value).ok_or(Interrupt::Fault(Fault::Internal))).collect()
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
