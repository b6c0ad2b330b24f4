//! `/api/usergroups`.
//!
//! Source: Tyk dashboard swagger, "User Groups".

use super::super::{Kind, Tyk};
use super::body;
use super::list::{self, List};
use super::random::draw;
use super::responses::{
    no_such_method, nothing_here, success, Refusal, MALFORMED_GROUP, MALFORMED_GROUP_UPDATE, NO_GROUP,
    NO_GROUP_PERMISSION, NO_GROUP_TO_DELETE, NO_GROUP_TO_UPDATE,
};
use super::session::Session;
use super::stored::{self, counts, group_key, members, org_key, put_counts, team_key, Counts};
use crate::directory::prelude::{Authorized, Call, Interrupt, Response, Transaction};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// A request of somebody who may make it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn call(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    method: &str,
    path: &[&str],
) -> Result<Response, Interrupt> {
    match (path, method) {
        ([], "GET") => list_page(tx, session, call),
        ([], "POST") => create(tx, session, authorized, call),
        ([], _) => Err(no_such_method("GET, HEAD, POST")),
        ([id], "GET") => {
            let group = stored::group(tx, &session.user.org, id)?.ok_or(NO_GROUP)?;
            Ok(Response::json(200, group.clone()))
        }
        ([id], "PUT") => update(tx, session, authorized, call, id),
        ([id], "DELETE") => delete(tx, session, authorized, id),
        ([_], _) => Err(no_such_method("GET, HEAD, PUT, DELETE")),
        _ => Err(nothing_here()),
    }
}

fn list_page(tx: &mut Transaction<'_>, session: &Session, call: &Call<'_>) -> Result<Response, Interrupt> {
    let org = &session.user.org;
    let window = list::window(call)?;
    let prefix = team_key(org, "");
    list::prefetch(tx, &list::TEAMS, &prefix, window);
    let list =
        List { name: "groups", index: &list::TEAMS, prefix, window, pages: list::pages(counts(tx, org)?.groups) };
    list::part(tx, call, &list, |tx, ids| {
        let groups = tx.read_all(&ids.iter().map(|id| group_key(id)).collect::<Vec<_>>())?;
        Ok(groups.into_iter().flatten().cloned().collect())
    })
}

fn create(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| MALFORMED_GROUP)?;
    let checked = tx.validate::<Tyk>(&session.records, Kind::GroupCreate, &body);
    let body = checked.map_err(|problems| refusal(&problems, MALFORMED_GROUP))?;
    if !body::is_bounded(&body) {
        return Err(MALFORMED_GROUP.into());
    }
    let org = session.user.org.as_str();
    let id = draw(tx, 24)?;
    let mut group = vec![("id".to_owned(), id.as_str().into()), ("org_id".to_owned(), org.into())];
    group.extend_from_slice(members(&body));
    tx.create(authorized, &group_key(&id), Value::Object(group))?;
    tx.create(authorized, &team_key(org, &id), true.into())?;
    count(tx, authorized, org, 1)?;
    Ok(success("User group created", id.as_str().into()))
}

/// A change: what is absent stays. It holds for the members at once.
fn update(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    call: &Call<'_>,
    id: &str,
) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| MALFORMED_GROUP_UPDATE)?;
    let group = stored::group(tx, &session.user.org, id)?.ok_or(NO_GROUP_TO_UPDATE)?;
    let checked = tx.validate::<Tyk>(&session.records, Kind::GroupUpdate, &body);
    let body = checked.map_err(|problems| refusal(&problems, MALFORMED_GROUP_UPDATE))?;
    if !body::is_bounded(&body) {
        return Err(MALFORMED_GROUP_UPDATE.into());
    }
    let kept = members(group).iter().filter(|(name, _)| body.get(name).is_none());
    let group = Value::Object(kept.chain(members(&body)).cloned().collect());
    tx.put(authorized, &group_key(id), group)?;
    Ok(success("User group updated", Value::Null))
}

/// Deletes a group. Its members have their own permissions again: the id that they still name never comes back.
fn delete(
    tx: &mut Transaction<'_>,
    session: &Session,
    authorized: &Authorized,
    id: &str,
) -> Result<Response, Interrupt> {
    let org = session.user.org.as_str();
    stored::group(tx, org, id)?.ok_or(NO_GROUP_TO_DELETE)?;
    tx.read_all(&[team_key(org, id), org_key(org)])?;
    tx.delete(authorized, &group_key(id))?;
    tx.delete(authorized, &team_key(org, id))?;
    count(tx, authorized, org, -1)?;
    Ok(success("User group deleted", Value::Null))
}

fn count(tx: &mut Transaction<'_>, authorized: &Authorized, org: &str, more: i64) -> Result<(), Interrupt> {
    let known = counts(tx, org)?;
    put_counts(tx, authorized, org, Counts { groups: known.groups.saturating_add(more), ..known })
}

/// Why a group is refused: for what it grants, or else for its form.
fn refusal(problems: &[Problem], malformed: Refusal) -> Refusal {
    let is_grant = |problem: &Problem| matches!(problem.code, Code::NoGrant | Code::BadGrant);
    if problems.iter().all(is_grant) {
        NO_GROUP_PERMISSION
    } else {
        malformed
    }
}
