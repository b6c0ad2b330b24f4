//! `/api/usergroups`.
//!
//! Source: Tyk dashboard swagger, "User Groups".

use super::super::{Kind, Tyk};
use super::answers::{
    no_such_method, nothing_here, success, Refusal, MALFORMED_GROUP, MALFORMED_GROUP_UPDATE, NO_GROUP,
    NO_GROUP_PERMISSION, NO_GROUP_TO_DELETE, NO_GROUP_TO_UPDATE,
};
use super::body;
use super::gate::Visit;
use super::list::{self, List};
use super::random::draw;
use super::stored::{self, counts, group_key, members, org_key, put_counts, team_key, Counts};
use crate::directory::prelude::{Call, Permit, Response, Stop, World};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// A request of somebody who may make it.
///
/// # Errors
///
/// [`Stop`].
pub fn call(
    world: &mut World<'_>,
    visit: &Visit,
    permit: &Permit,
    call: &Call<'_>,
    method: &str,
    path: &[&str],
) -> Result<Response, Stop> {
    match (path, method) {
        ([], "GET") => list_page(world, visit, call),
        ([], "POST") => create(world, visit, permit, call),
        ([], _) => Err(no_such_method("GET, HEAD, POST")),
        ([id], "GET") => {
            let group = stored::group(world, &visit.user.org, id)?.ok_or(NO_GROUP)?;
            Ok(Response::json(200, group.clone()))
        }
        ([id], "PUT") => update(world, visit, permit, call, id),
        ([id], "DELETE") => delete(world, visit, permit, id),
        ([_], _) => Err(no_such_method("GET, HEAD, PUT, DELETE")),
        _ => Err(nothing_here()),
    }
}

fn list_page(world: &mut World<'_>, visit: &Visit, call: &Call<'_>) -> Result<Response, Stop> {
    let org = &visit.user.org;
    let window = list::window(call)?;
    let prefix = team_key(org, "");
    list::prefetch(world, &list::TEAMS, &prefix, window);
    let list =
        List { name: "groups", index: &list::TEAMS, prefix, window, pages: list::pages(counts(world, org)?.groups) };
    list::part(world, call, &list, |world, ids| {
        let groups = world.read_all(&ids.iter().map(|id| group_key(id)).collect::<Vec<_>>())?;
        Ok(groups.into_iter().flatten().cloned().collect())
    })
}

fn create(world: &mut World<'_>, visit: &Visit, permit: &Permit, call: &Call<'_>) -> Result<Response, Stop> {
    let body = call.json().map_err(|_| MALFORMED_GROUP)?;
    let checked = world.validate::<Tyk>(&visit.records, Kind::GroupCreate, &body);
    let body = checked.map_err(|problems| refusal(&problems, MALFORMED_GROUP))?;
    if !body::is_bounded(&body) {
        return Err(MALFORMED_GROUP.into());
    }
    let org = visit.user.org.as_str();
    let id = draw(world, 24)?;
    let mut group = vec![("id".to_owned(), id.as_str().into()), ("org_id".to_owned(), org.into())];
    group.extend_from_slice(members(&body));
    world.create(permit, &group_key(&id), Value::Object(group))?;
    world.create(permit, &team_key(org, &id), true.into())?;
    count(world, permit, org, 1)?;
    Ok(success("User group created", id.as_str().into()))
}

/// A change: what is absent stays. It holds for the members at once.
fn update(world: &mut World<'_>, visit: &Visit, permit: &Permit, call: &Call<'_>, id: &str) -> Result<Response, Stop> {
    let body = call.json().map_err(|_| MALFORMED_GROUP_UPDATE)?;
    let group = stored::group(world, &visit.user.org, id)?.ok_or(NO_GROUP_TO_UPDATE)?;
    let checked = world.validate::<Tyk>(&visit.records, Kind::GroupUpdate, &body);
    let body = checked.map_err(|problems| refusal(&problems, MALFORMED_GROUP_UPDATE))?;
    if !body::is_bounded(&body) {
        return Err(MALFORMED_GROUP_UPDATE.into());
    }
    let kept = members(group).iter().filter(|(name, _)| body.get(name).is_none());
    let group = Value::Object(kept.chain(members(&body)).cloned().collect());
    world.put(permit, &group_key(id), group)?;
    Ok(success("User group updated", Value::Null))
}

/// Deletes a group. Its members have their own permissions again: the id that they still name never comes back.
fn delete(world: &mut World<'_>, visit: &Visit, permit: &Permit, id: &str) -> Result<Response, Stop> {
    let org = visit.user.org.as_str();
    stored::group(world, org, id)?.ok_or(NO_GROUP_TO_DELETE)?;
    world.read_all(&[team_key(org, id), org_key(org)])?;
    world.delete(permit, &group_key(id))?;
    world.delete(permit, &team_key(org, id))?;
    count(world, permit, org, -1)?;
    Ok(success("User group deleted", Value::Null))
}

fn count(world: &mut World<'_>, permit: &Permit, org: &str, more: i64) -> Result<(), Stop> {
    let known = counts(world, org)?;
    put_counts(world, permit, org, Counts { groups: known.groups.saturating_add(more), ..known })
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
