//! Entries of `diff`, read from their description: whether one covers a question.

use latchwork::{Error, Value};
use serde_json::{json, Value as Json};

use crate::support::documents::{json_of, opened};
use crate::support::reference::condition::conditions_hold;
use crate::support::reference::decision::facts_of;
use crate::support::reference::pattern::{matches, path_segments, pattern_segments, Place};

/// Two documents.
pub struct Pair {
    pub from: Json,
    pub to: Json,
}

pub fn diff(pair: &Pair) -> Result<Vec<Json>, Error> {
    let entries = opened(&pair.from).diff(&opened(&pair.to))?;
    let Value::List(entries) = entries else { panic!("{entries:?}") };
    Ok(entries.iter().map(json_of).collect())
}

/// Whose entries are about a subject; `None` if none are.
pub fn affected_subjects(pair: &Pair, subject: &Json) -> Option<Json> {
    let defines =
        |kind: &str, name: &str| [&pair.from, &pair.to].iter().any(|document| document[kind].get(name).is_some());
    let record = match subject {
        Json::Null => return Some(json!("everyone")),
        Json::String(id) if defines("users", id) => return Some(json!({ "user": id })),
        Json::String(_) => return Some(json!("everyone")),
        record => record,
    };
    let names =
        |kind: &str| -> Vec<&Json> { record.get(kind).and_then(Json::as_array).into_iter().flatten().collect() };
    let groups: Vec<&Json> = names("groups")
        .into_iter()
        .filter(|group| group.as_str().is_some_and(|name| defines("groups", name)))
        .collect();
    if record.get("active") == Some(&json!(false)) {
        return Some(json!("everyone"));
    }
    if record.get("grants").is_some_and(|grants| grants != &json!({})) {
        return None;
    }
    match (names("roles").as_slice(), groups.as_slice()) {
        ([], []) => Some(json!("authenticated")),
        ([role @ Json::String(_)], []) => Some(json!({ "role": role })),
        ([], [group]) => Some(json!({ "group": group })),
        _ => None,
    }
}

/// Whether an entry is about a question of both documents.
pub fn covers(pair: &Pair, entry: &Json, question: &Json) -> bool {
    let Some(who) = affected_subjects(pair, &question["subject"]) else { return false };
    let also = entry.get("also").and_then(Json::as_array).into_iter().flatten();
    let is_about = entry.get("who").into_iter().chain(also).any(|other| *other == who);
    if !is_about || !entry["actions"].as_array().unwrap().contains(&question["action"]) {
        return false;
    }
    let facts = [&pair.from, &pair.to].map(|document| facts_of(document, question));
    let now = question.get("now").and_then(Json::as_f64);
    let holds = |entry: &Json| entry.get("when").is_none_or(|when| is_true(when, &facts, now));
    let path = facts[0]["resource"]["path"].as_str().unwrap();
    let Some(path) = path_segments(path) else { return false };
    let id = question["subject"].get("id").and_then(Json::as_str);
    let is_in =
        |pattern: &Json| matches(&pattern_segments(pattern.as_str().unwrap()).unwrap(), &path, Place::Grant, id);
    let is_excepted = |exception: &Json| match exception.get("pattern") {
        Some(pattern) => is_in(pattern) && holds(exception),
        None => is_in(exception),
    };
    let excepted = entry.get("except").and_then(Json::as_array).into_iter().flatten().any(is_excepted);
    is_in(&entry["pattern"]) && holds(entry) && !excepted
}

/// Whether an expression is true.
fn is_true(expression: &Json, facts: &[Json; 2], now: Option<f64>) -> bool {
    let list = |name: &str| expression.get(name).and_then(Json::as_array);
    if let Some(all) = list("all") {
        return all.iter().all(|one| is_true(one, facts, now));
    }
    if let Some(any) = list("any") {
        return any.iter().any(|one| is_true(one, facts, now));
    }
    if let Some(not) = expression.get("not") {
        return !is_true(not, facts, now);
    }
    if let Some(time) = expression.get("time") {
        let bound = |name: &str| time.get(name).and_then(Json::as_f64);
        return now.is_some_and(|now| {
            bound("from").is_none_or(|from| from <= now) && bound("until").is_none_or(|until| now < until)
        });
    }
    let facts = if expression.get("in") == Some(&json!("to")) { &facts[1] } else { &facts[0] };
    let attribute = expression["attribute"].as_str().unwrap();
    let condition = |right: &Json| conditions_hold(&json!({ attribute: right }), facts);
    if let Some(right) = expression.get("equals") {
        return condition(right);
    }
    if let Some(right) = expression.get("differs") {
        return condition(&json!({ "not": right }));
    }
    if let Some(bounds) = expression.get("between") {
        return condition(bounds);
    }
    let mut found = facts;
    for name in attribute.split('.') {
        match found.get(name) {
            Some(value) if found.is_object() => found = value,
            _ => return false,
        }
    }
    found.is_number() && condition(&expression["single"])
}
