//! SCIM 2.0 (RFC 7643, RFC 7644): users, groups (roles), and the service's own description.
//!
//! Source for the permissions of each request: WSO2, "SCIM 2.0" of the identity server. The rules on privileges apply
//! here as in the console; upstream, SCIM bypasses them.

mod attribute;
mod candidates;
mod discovery;
mod filter;
mod filter_names;
mod groups;
mod list;
mod list_groups;
mod list_part;
mod list_position;
mod list_users;
mod literal;
mod matching;
mod patch;
mod patch_value;
mod path;
mod projection;
mod query;
mod resource;
mod schema;
mod service;
mod users;
mod values;

use super::permission_paths::{ROLE_VIEW, USERS, USER_LIST};
use super::responses::{NO_BULK, UNKNOWN_PATH};
use super::session::Session;
use super::settings::Settings;
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use query::{Query, ResourceKind, LIST_PARAMETERS, RESOURCE_PARAMETERS};
use schema::Published;
use service::{or_refuse, parse_document, Service, FORMAT};
use users::UserRef;

/// The target of a request.
enum Route<'i> {
    List(ResourceKind),
    /// Of one kind, or of all kinds that the caller can list.
    Search(Option<ResourceKind>),
    CreateUser,
    User(UserRef<'i>),
    CreateGroup,
    Group(&'i str),
    Bulk,
}

fn parse_route<'i>(method: &str, segments: &[&'i str]) -> Result<Route<'i>, Interrupt> {
    Ok(match (method, segments) {
        ("GET", ["Users"]) => Route::List(ResourceKind::Users),
        ("GET", ["Groups"]) => Route::List(ResourceKind::Groups),
        ("POST", [".search"]) => Route::Search(None),
        ("POST", ["Users", ".search"]) => Route::Search(Some(ResourceKind::Users)),
        ("POST", ["Groups", ".search"]) => Route::Search(Some(ResourceKind::Groups)),
        ("POST", ["Users"] | ["Me"]) => Route::CreateUser,
        ("GET" | "PUT" | "PATCH" | "DELETE", ["Me"]) => Route::User(UserRef::Caller),
        ("GET" | "PUT" | "PATCH" | "DELETE", ["Users", id]) if *id != ".search" => Route::User(UserRef::Id(id)),
        ("POST", ["Groups"]) => Route::CreateGroup,
        ("GET" | "PUT" | "PATCH" | "DELETE", ["Groups", id]) if *id != ".search" => Route::Group(id),
        ("POST", ["Bulk"]) => Route::Bulk,
        (_, segments) => {
            return Err(
                allowed_methods(segments).map_or_else(|| FORMAT.refuse(UNKNOWN_PATH), |all| FORMAT.refuse_method(all))
            );
        }
    })
}

/// The query parameters of a request. A search has them in its body.
fn parameters_of(route: &Route<'_>, method: &str) -> &'static [&'static str] {
    match route {
        Route::List(_) => LIST_PARAMETERS,
        Route::User(_) | Route::Group(_) if method == "DELETE" => &[],
        Route::CreateUser | Route::User(_) | Route::CreateGroup | Route::Group(_) => RESOURCE_PARAMETERS,
        Route::Search(_) | Route::Bulk => &[],
    }
}

/// The methods of an endpoint; `None` if it does not exist.
fn allowed_methods(segments: &[&str]) -> Option<&'static str> {
    match segments {
        ["Users" | "Groups"] => Some("GET, HEAD, POST"),
        [".search" | "Bulk"] | ["Users" | "Groups", ".search"] => Some("POST"),
        ["Me"] => Some("GET, HEAD, POST, PUT, PATCH, DELETE"),
        ["Users" | "Groups", _] => Some("GET, HEAD, PUT, PATCH, DELETE"),
        _ => None,
    }
}

/// Handles a request below `/scim2/`.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(tx: &mut Transaction<'_>, call: &Call<'_>, segments: &[&str]) -> Result<Response, Interrupt> {
    let segments = segments.strip_suffix(&[""]).unwrap_or(segments);
    // RFC 9110, section 9.3.2: like `GET`. The host omits the content of the response.
    let as_get = (call.method == "HEAD").then(|| Call { method: "GET", ..call.clone() });
    let call = as_get.as_ref().unwrap_or(call);
    let published = Published::get()?;
    if let ["ServiceProviderConfig" | "ResourceTypes" | "Schemas", ..] = segments {
        return discovery::handle_request(call, published, segments);
    }
    let route = parse_route(call.method, segments)?;
    or_refuse(query::check_query(call, parameters_of(&route, call.method)))?;
    let service = Service { users: &published.users, groups: &published.groups, base: call.base_url.to_owned() };
    let ahead = match route {
        Route::List(kind) => Query::from_request(call).ok().map(|query| (kind, query)),
        _ => None,
    };
    if let Some((kind, query)) = &ahead {
        candidates::prefetch_index(tx, *kind, query);
    }
    let settings = Settings::load(tx)?;
    let session = Session::authenticate(tx, call, &settings, FORMAT);
    if let (Some((kind, query)), Err(Interrupt::Pending)) = (&ahead, &session) {
        list::prefetch(tx, *kind, query, &service, &settings);
    }
    let session = session?;
    match route {
        Route::List(kind) => {
            let kinds = listable_kinds(tx, &session, Some(kind))?;
            list::list_resources(tx, session, call, &service, Query::from_request(call)?, &kinds)
        }
        Route::Search(kind) => {
            let kinds = listable_kinds(tx, &session, kind)?;
            list::list_resources(tx, session, call, &service, Query::from_search(&parse_document(call)?)?, &kinds)
        }
        Route::CreateUser => users::create_user(tx, session, call, &service),
        Route::User(whom) => users::handle_request(tx, session, call, &service, whom),
        Route::CreateGroup => groups::create_group(tx, session, call, &service),
        Route::Group(id) => groups::handle_request(tx, session, call, &service, id),
        Route::Bulk => {
            session.require_permission(tx, &[USERS])?;
            Err(FORMAT.refuse(NO_BULK))
        }
    }
}

/// The resource kinds that the caller can list: the requested kind, or at least one.
fn listable_kinds(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    requested: Option<ResourceKind>,
) -> Result<Vec<ResourceKind>, Interrupt> {
    let mut kinds = Vec::new();
    let mut refused = None;
    for (kind, needs) in [(ResourceKind::Users, USER_LIST), (ResourceKind::Groups, ROLE_VIEW)] {
        if requested.is_some_and(|requested| requested != kind) {
            continue;
        }
        match session.require_permission(tx, &[needs]) {
            Ok(_) => kinds.push(kind),
            Err(interrupt) => refused = Some(interrupt),
        }
    }
    match refused {
        Some(interrupt) if kinds.is_empty() => Err(interrupt),
        _ => Ok(kinds),
    }
}
