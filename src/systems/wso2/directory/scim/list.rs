//! Lists of users and groups: filtered and counted, with one page of them, in parts.
//!
//! [`candidates`] decides which entries a list reads. If all of them match, an index counts them and finds the page.
//! Otherwise each part reads one page of candidates, and the next part continues after it. The counts are known at
//! the end, so they come last in the response.

use super::super::session::Session;
use super::super::settings::Settings;
use super::candidates::{self, Candidates};
use super::filter_names::{member_ids_in_filter, normalize_names, resolve_members, Naming};
use super::list_groups::{list_groups, write_members};
use super::list_part::partial_response;
use super::list_position::Position;
use super::list_users::list_users;
use super::matching;
use super::query::{Query, ResourceKind};
use super::schema::Schema;
use super::service::{or_refuse, Service};
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};

/// Requests the entries of an index that the first part of a list needs, before the caller is authenticated.
pub fn prefetch(tx: &mut Transaction<'_>, kind: ResourceKind, query: &Query, service: &Service, settings: &Settings) {
    let schema = schema_of(service, kind);
    let candidates = match kind {
        ResourceKind::Users => candidates::user_candidates(query, schema, settings),
        ResourceKind::Groups => candidates::role_candidates(query, schema),
    };
    if let Candidates::InRanges(ranges) = candidates {
        candidates::prefetch_window(tx, kind, &ranges, query.window(0, 0, 0));
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
        for kind in kinds {
            or_refuse(matching::check_filter(filter, schema_of(service, *kind)))?;
            if *kind == ResourceKind::Groups {
                resolve_members(tx, &session, filter, (service.groups, query.domain.as_deref()))?;
                member_ids = or_refuse(member_ids_in_filter(filter, service.groups))?;
            }
        }
        if let Some(kind) = kinds.get(position.stage) {
            let (schema, domain) = (schema_of(service, *kind), query.domain.as_deref());
            normalize_names(filter, Naming { schema, settings: session.settings, domain });
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
    let Position { seen, returned, .. } = position;
    let start = query.start;
    text.push_str(&format!(r#"],"startIndex":{start},"itemsPerPage":{returned},"totalResults":{seen}}}"#));
    Ok(partial_response(text, None))
}

fn schema_of(service: &Service, kind: ResourceKind) -> &Schema {
    match kind {
        ResourceKind::Users => service.users,
        ResourceKind::Groups => service.groups,
    }
}
