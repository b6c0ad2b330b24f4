//! SCIM 2.0 (RFC 7643, RFC 7644): users, roles as groups, and what the service says of itself.
//!
//! Source for what each request needs: WSO2, "SCIM 2.0" of the identity server. The rules on privileges hold here as
//! they do at the console; upstream, SCIM goes past them.

mod attribute;
mod candidates;
mod discovery;
mod filter;
mod groups;
mod list;
mod literal;
mod matching;
mod patch;
mod path;
mod people;
mod query;
mod resource;
mod schema;
mod service;
mod values;

use super::permission_paths::{ROLE_VIEW, USERS, USER_LIST};
use super::responses::{NO_BULK, UNKNOWN_PATH};
use super::session::Session;
use super::settings::Settings;
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};
use people::Whom;
use query::{Of, Query};
use schema::Published;
use service::{document, hold, Service, FORMAT};

/// What a request is for.
enum Route<'i> {
    List(Of),
    /// Of one kind, or of all that the caller may list.
    Search(Option<Of>),
    CreateUser,
    User(Whom<'i>),
    CreateGroup,
    Group(&'i str),
    Bulk,
}

fn route<'i>(method: &str, segments: &[&'i str]) -> Result<Route<'i>, Interrupt> {
    Ok(match (method, segments) {
        ("GET", ["Users"]) => Route::List(Of::Users),
        ("GET", ["Groups"]) => Route::List(Of::Groups),
        ("POST", [".search"]) => Route::Search(None),
        ("POST", ["Users", ".search"]) => Route::Search(Some(Of::Users)),
        ("POST", ["Groups", ".search"]) => Route::Search(Some(Of::Groups)),
        ("POST", ["Users"] | ["Me"]) => Route::CreateUser,
        ("GET" | "PUT" | "PATCH" | "DELETE", ["Me"]) => Route::User(Whom::Caller),
        ("GET" | "PUT" | "PATCH" | "DELETE", ["Users", id]) if *id != ".search" => Route::User(Whom::Id(id)),
        ("POST", ["Groups"]) => Route::CreateGroup,
        ("GET" | "PUT" | "PATCH" | "DELETE", ["Groups", id]) if *id != ".search" => Route::Group(id),
        ("POST", ["Bulk"]) => Route::Bulk,
        (_, segments) => {
            return Err(methods(segments).map_or_else(|| FORMAT.refuse(UNKNOWN_PATH), |all| FORMAT.refuse_method(all)));
        }
    })
}

/// The methods that an endpoint takes; `None` where there is none.
fn methods(segments: &[&str]) -> Option<&'static str> {
    match segments {
        ["Users" | "Groups"] => Some("GET, HEAD, POST"),
        [".search" | "Bulk"] | ["Users" | "Groups", ".search"] => Some("POST"),
        ["Me"] => Some("GET, HEAD, POST, PUT, PATCH, DELETE"),
        ["Users" | "Groups", _] => Some("GET, HEAD, PUT, PATCH, DELETE"),
        _ => None,
    }
}

/// Answers a request below `/scim2/`.
///
/// # Errors
///
/// [`Interrupt`].
pub fn answer(tx: &mut Transaction<'_>, call: &Call<'_>, segments: &[&str]) -> Result<Response, Interrupt> {
    let segments = segments.strip_suffix(&[""]).unwrap_or(segments);
    // RFC 9110, section 9.3.2: as `GET`. Whoever sends the answer leaves the content out.
    let read = (call.method == "HEAD").then(|| Call { method: "GET", ..call.clone() });
    let call = read.as_ref().unwrap_or(call);
    let published = Published::get()?;
    if let ["ServiceProviderConfig" | "ResourceTypes" | "Schemas", ..] = segments {
        return discovery::answer(call, published, segments);
    }
    hold(query::readable(call))?;
    let route = route(call.method, segments)?;
    let service = Service { users: &published.users, groups: &published.groups, base: call.base_url.to_owned() };
    let ahead = match route {
        Route::List(of) => Query::of_call(call).ok().map(|query| (of, query)),
        _ => None,
    };
    if let Some((of, query)) = &ahead {
        candidates::prefetch_index(tx, *of, query);
    }
    let settings = Settings::load(tx)?;
    let session = Session::authenticate(tx, call, &settings, FORMAT);
    if let (Some((of, query)), Err(Interrupt::Pending)) = (&ahead, &session) {
        list::prefetch(tx, *of, query, &service, &settings);
    }
    let session = session?;
    match route {
        Route::List(of) => {
            let kinds = visible(tx, &session, Some(of))?;
            list::answer(tx, session, call, &service, Query::of_call(call)?, &kinds)
        }
        Route::Search(of) => {
            let kinds = visible(tx, &session, of)?;
            list::answer(tx, session, call, &service, Query::of_search(&document(call)?)?, &kinds)
        }
        Route::CreateUser => people::create(tx, session, call, &service),
        Route::User(whom) => people::answer(tx, session, call, &service, whom),
        Route::CreateGroup => groups::create(tx, session, call, &service),
        Route::Group(id) => groups::answer(tx, session, call, &service, id),
        Route::Bulk => {
            session.require_permission(tx, &[USERS])?;
            Err(FORMAT.refuse(NO_BULK))
        }
    }
}

/// The kinds of resources that the caller may list: the one that is asked for, or at least one.
fn visible(tx: &mut Transaction<'_>, session: &Session<'_>, of: Option<Of>) -> Result<Vec<Of>, Interrupt> {
    let mut kinds = Vec::new();
    let mut refused = None;
    for (kind, needs) in [(Of::Users, USER_LIST), (Of::Groups, ROLE_VIEW)] {
        if of.is_some_and(|of| of != kind) {
            continue;
        }
        match session.require_permission(tx, &[needs]) {
            Ok(_) => kinds.push(kind),
            Err(stop) => refused = Some(stop),
        }
    }
    match refused {
        Some(stop) if kinds.is_empty() => Err(stop),
        _ => Ok(kinds),
    }
}
