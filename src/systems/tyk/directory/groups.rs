//! `/api/usergroups`: user groups.
//!
//! Source: Tyk dashboard swagger, "User Groups".

use super::super::Kind;
use super::body;
use super::counts::{read_counts, store_counts, Counts};
use super::list::{self, List};
use super::random::random_hex;
use super::responses::{
    method_not_allowed, no_route, success_response, Refusal, MALFORMED_GROUP, MALFORMED_GROUP_UPDATE, NO_GROUP,
    NO_GROUP_PERMISSION, NO_GROUP_TO_DELETE, NO_GROUP_TO_UPDATE,
};
use super::session::Session;
use super::stored::{self, group_key, members, org_key, team_key};
use crate::directory::prelude::{Authorized, Call, Interrupt, Response, Transaction};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// Handles an authorized request to `/api/usergroups` and the paths below it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn handle_request(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    method: &str,
    path: &[&str],
) -> Result<Response, Interrupt> {
    match (path, method) {
        ([], "GET") => list_groups(tx, session, call),
        ([], "POST") => create_group(tx, session, authorized, call),
        ([], _) => Err(method_not_allowed("GET, HEAD, POST")),
        ([id], "GET") => {
            let group = stored::read_group(tx, &session.user.org, id)?.ok_or(NO_GROUP)?;
            Ok(Response::json(200, group.clone()))
        }
        ([id], "PUT") => update_group(tx, session, authorized, call, id),
        ([id], "DELETE") => delete_group(tx, session, authorized, id),
        ([_], _) => Err(method_not_allowed("GET, HEAD, PUT, DELETE")),
        _ => Err(no_route()),
    }
}

fn list_groups(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let org = &session.user.org;
    let window = list::parse_window(call)?;
    let prefix = team_key(org, "");
    let counts = read_counts(tx, org);
    if counts.is_err() {
        list::prefetch_page(tx, &list::TEAMS, &prefix, window);
    }
    let pages = list::page_count(counts?.groups);
    let list = List { name: "groups", index: &list::TEAMS, prefix, window, pages };
    list::list_response(tx, call, &list, |tx, ids| {
        let groups = tx.read_all(&ids.iter().map(|id| group_key(id)).collect::<Vec<_>>())?;
        Ok(groups.into_iter().flatten().cloned().collect())
    })
}

fn create_group(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| MALFORMED_GROUP)?;
    let body = validate_group(tx, session, Kind::GroupCreate, &body, MALFORMED_GROUP)?;
    let org = session.user.org.as_str();
    let id = random_hex(tx, 24)?;
    let mut group = vec![("id".to_owned(), id.as_str().into()), ("org_id".to_owned(), org.into())];
    group.extend_from_slice(members(&body));
    tx.create(authorized, &group_key(&id), Value::Object(group))?;
    tx.create(authorized, &team_key(org, &id), true.into())?;
    change_group_count(tx, authorized, org, 1)?;
    Ok(success_response("User group created", id.as_str().into()))
}

/// Updates a group: absent members keep their value. The change applies to its members at once.
fn update_group(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| MALFORMED_GROUP_UPDATE)?;
    let group = stored::read_group(tx, &session.user.org, id)?.ok_or(NO_GROUP_TO_UPDATE)?;
    let body = validate_group(tx, session, Kind::GroupUpdate, &body, MALFORMED_GROUP_UPDATE)?;
    let kept = members(group).iter().filter(|(name, _)| body.get(name).is_none());
    let group = Value::Object(kept.chain(members(&body)).cloned().collect());
    tx.put(authorized, &group_key(id), group)?;
    Ok(success_response("User group updated", Value::Null))
}

/// Deletes a group. Its members have their own permissions again. They keep the group's id, which is never used
/// again.
fn delete_group(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    id: &str,
) -> Result<Response, Interrupt> {
    let org = session.user.org.as_str();
    stored::read_group(tx, org, id)?.ok_or(NO_GROUP_TO_DELETE)?;
    tx.read_all(&[team_key(org, id), org_key(org)])?;
    tx.delete(authorized, &group_key(id))?;
    tx.delete(authorized, &team_key(org, id))?;
    change_group_count(tx, authorized, org, -1)?;
    Ok(success_response("User group deleted", Value::Null))
}

fn change_group_count(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    org: &str,
    more: i64,
) -> Result<(), Interrupt> {
    let known = read_counts(tx, org)?;
    store_counts(tx, authorized, org, Counts { groups: known.groups.saturating_add(more), ..known })
}

/// Validates the body of a group. It is refused for its permissions, or else as malformed.
fn validate_group(
    tx: &Transaction<'_>,
    session: &Session,
    kind: Kind,
    body: &Value,
    malformed: Refusal,
) -> Result<Value, Refusal> {
    let is_grant = |problem: &Problem| matches!(problem.code, Code::NoGrant | Code::BadGrant);
    body::validate_body(tx, &session.records, (kind, body), malformed, |problems| {
        if problems.iter().all(is_grant) {
            NO_GROUP_PERMISSION
        } else {
            malformed
        }
    })
}
