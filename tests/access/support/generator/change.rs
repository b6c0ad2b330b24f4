//! Changes of a document whose effect is known.

use serde_json::{json, Map, Value as Json};

use super::document::{assignment, grant, limit, pattern, Sample};
use super::rng::Rng;
use crate::support::reference::pattern::SEGMENTS_MOST;
use crate::support::reference::problems::{member, reachable};

/// One more grant, role or group, somewhere in the document.
pub fn add_access(rng: &mut Rng, sample: &Sample) -> Json {
    let mut document = sample.document.clone();
    let names = &sample.names;
    match rng.below(8) {
        0 if !names.users.is_empty() && !names.groups.is_empty() => {
            let groups = &mut document["users"][rng.pick_of(&names.users)]["groups"];
            push(groups, json!(rng.pick_of(&names.groups)));
        }
        1 if names.roles.len() > 1 => {
            // A role inherits those before it, so that there is no cycle.
            let role = rng.between(1, names.roles.len() - 1);
            let inherits = &mut document["roles"][&names.roles[role]]["inherits"];
            push(inherits, json!(rng.pick_of(&names.roles[..role])));
        }
        2 if !names.roles.is_empty() => {
            let role = rng.pick_of(&names.roles);
            add_grant(rng, sample, &mut document["roles"][role]);
        }
        3 if !names.groups.is_empty() => {
            let group = rng.pick_of(&names.groups);
            add_to_holder(rng, sample, &mut document["groups"][group]);
        }
        4 => add_to_holder(rng, sample, &mut document["everyone"]),
        5 => add_to_holder(rng, sample, &mut document["authenticated"]),
        _ if !names.users.is_empty() => {
            let user = rng.pick_of(&names.users);
            add_to_holder(rng, sample, &mut document["users"][user]);
        }
        _ => {}
    }
    document
}

/// One more grant or role of a holder.
pub fn add_to_holder(rng: &mut Rng, sample: &Sample, holder: &mut Json) {
    if !sample.names.roles.is_empty() && rng.chance(40) {
        push(&mut holder["roles"], assignment(rng, &sample.names));
    } else {
        add_grant(rng, sample, holder);
    }
}

fn add_grant(rng: &mut Rng, sample: &Sample, holder: &mut Json) {
    let pattern = pattern(rng, &sample.names);
    push(&mut holder["grants"][pattern], grant(rng, &sample.names));
}

/// One more limit.
pub fn add_limit(rng: &mut Rng, sample: &Sample) -> Json {
    let mut document = sample.document.clone();
    push(&mut document["limits"][pattern(rng, &sample.names)], limit(rng, &sample.names));
    document
}

/// Adds to a list, or makes a list of what is there.
fn push(place: &mut Json, item: Json) {
    match place {
        Json::Array(list) => list.push(item),
        Json::Null => *place = json!([item]),
        _ => {
            let first = place.take();
            *place = json!([first, item]);
        }
    }
}

/// The document with a role of its own, without a scope and without `inherits`, for each role that is given with a
/// scope; none if a pattern of it has too many segments.
pub fn without_scopes(document: &Json) -> Option<Json> {
    let mut changed = document.clone();
    let mut roles = Vec::new();
    for holder in holders(&mut changed) {
        for assignment in holder.get_mut("roles").and_then(Json::as_array_mut).into_iter().flatten() {
            let Some(assignment) = assignment.as_object_mut() else { continue };
            let Some(scope) = assignment.remove("scope") else { continue };
            let role = prefixed(document, assignment["role"].as_str().unwrap(), scope.as_str().unwrap())?;
            let name = format!("scoped {}", roles.len());
            assignment.insert("role".into(), json!(name));
            roles.push((name, role));
        }
    }
    for (name, role) in roles {
        changed["roles"][name] = role;
    }
    Some(changed)
}

fn prefixed(document: &Json, role: &str, scope: &str) -> Option<Json> {
    let mut grants = json!({});
    for role in reachable(document, role) {
        let own = member(document, "roles", &role).unwrap().get("grants").and_then(Json::as_object);
        for (pattern, list) in own.into_iter().flatten() {
            let pattern = format!("{scope}/{pattern}");
            if pattern.split('/').count() > SEGMENTS_MOST {
                return None;
            }
            for grant in list.as_array().unwrap_or(&vec![list.clone()]) {
                push(&mut grants[&pattern], grant.clone());
            }
        }
    }
    Some(json!({ "grants": grants }))
}

fn holders(document: &mut Json) -> Vec<&mut Map<String, Json>> {
    let mut holders = Vec::new();
    for (name, value) in document.as_object_mut().unwrap() {
        match name.as_str() {
            "everyone" | "authenticated" => holders.extend(value.as_object_mut()),
            "users" | "groups" => {
                holders.extend(value.as_object_mut().unwrap().values_mut().filter_map(Json::as_object_mut))
            }
            _ => {}
        }
    }
    holders
}

/// The document with its lists the other way around, except that of the levels.
pub fn with_lists_reversed(value: &Json) -> Json {
    match value {
        Json::Array(list) => list.iter().rev().map(with_lists_reversed).collect(),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| match name.as_str() {
                "levels" => (name.clone(), value.clone()),
                _ => (name.clone(), with_lists_reversed(value)),
            });
            members.collect()
        }
        value => value.clone(),
    }
}

/// The document with more of what decides nothing.
pub fn with_descriptions(document: &Json) -> Json {
    let mut changed = document.clone();
    for holder in holders(&mut changed) {
        holder.insert("description".into(), json!("what this is for"));
        holder.insert("$schema".into(), json!("https://example.org/rbac.json"));
    }
    changed["description"] = json!("who may do what");
    changed
}
