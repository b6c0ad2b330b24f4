//! `diff` of `rbac`, over random pairs of documents: the reference evaluator gives a question another answer if and
//! only if an entry covers it.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "a broken test ends the test"
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::support::diff_entries::{affected_subjects, covers, diff, Pair};
use crate::support::documents::opened;
use crate::support::generator::change::{add_access, add_limit};
use crate::support::generator::document::{assignment, grant, limit, sample, Sample, TIMES};
use crate::support::generator::question::Questions;
use crate::support::generator::rng::Rng;
use crate::support::generator::smallest::{pointers, smallest};
use crate::support::reference::decision::decide;
use crate::support::reference::problems::{pointer_to, problems};
use crate::support::repetitions::tries;
use serde_json::{json, Value as Json};

/// Another document: one that was changed in a few places, or any.
fn other_document(rng: &mut Rng, sample: &Sample) -> Json {
    if rng.chance(15) {
        return self::sample(rng).document;
    }
    let mut other = sample.clone();
    for _ in 0..rng.between(1, 3) {
        let changed = match rng.below(10) {
            0..3 => add_access(rng, &other),
            3 => add_limit(rng, &other),
            _ => change_document(rng, &other),
        };
        if problems(&changed.to_string()).is_empty() {
            other.document = changed;
        }
    }
    other.document
}

/// The document with something left out or replaced.
fn change_document(rng: &mut Rng, sample: &Sample) -> Json {
    let mut document = sample.document.clone();
    let pointers = pointers(&document);
    let pointer = rng.pick_of(&pointers).clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let Some(parent) = document.pointer_mut(parent) else { return document };
    let value = match rng.below(8) {
        0..4 => None,
        4 => Some(grant(rng, &sample.names)),
        5 => Some(limit(rng, &sample.names)),
        6 if !sample.names.roles.is_empty() => Some(assignment(rng, &sample.names)),
        _ => Some(rng.pick_of(&[json!(7), json!("ann"), json!(20), json!(true), json!(["x"]), json!("acme")]).clone()),
    };
    match (parent, value) {
        (Json::Array(list), Some(value)) => list[name.parse::<usize>().unwrap()] = value,
        (Json::Array(list), None) => {
            list.remove(name.parse().unwrap());
        }
        (Json::Object(members), Some(value)) => {
            members.insert(name, value);
        }
        (Json::Object(members), None) => {
            members.remove(&name);
        }
        _ => unreachable!("a pointer leads to a member"),
    }
    document
}

/// A subject whose answers entries are about.
fn subject(rng: &mut Rng, pair: &Pair) -> Json {
    let names = |kind: &str| -> Vec<String> {
        let documents = [&pair.from, &pair.to].map(|document| document[kind].as_object().cloned().unwrap_or_default());
        documents.into_iter().flatten().map(|(name, _)| name).collect()
    };
    let (users, roles, groups) = (names("users"), names("roles"), names("groups"));
    let mut record = json!({ "id": rng.pick(&["ann", "bob", "42", "acme", "x/y", "someone"]) });
    if rng.chance(60) {
        let sample = sample(rng);
        let known = sample.document["users"].as_object().into_iter().flatten();
        record["attributes"] =
            known.filter_map(|(_, user)| user.get("attributes")).next().cloned().unwrap_or(json!({}));
    }
    if rng.chance(20) {
        record["groups"] = json!(["elsewhere"]);
    }
    match rng.below(10) {
        0 => Json::Null,
        1..5 if !users.is_empty() => json!(rng.pick_of(&users)),
        5..7 if !roles.is_empty() => {
            record["roles"] = json!([rng.pick_of(&roles)]);
            record
        }
        7..9 if !groups.is_empty() => {
            let mut all = vec![rng.pick_of(&groups).clone()];
            all.extend(rng.chance(30).then(|| "elsewhere".to_owned()));
            record["groups"] = json!(all);
            record
        }
        _ => record,
    }
}

/// Questions to both documents: random ones, and ones that are almost those of entries.
fn questions(rng: &mut Rng, pair: &Pair, samples: &[Sample; 2], entries: &[Json], count: usize) -> Vec<Json> {
    let random = samples.each_ref().map(Questions::to);
    let mut list = Vec::new();
    for _ in 0..count {
        let mut question = random[rng.below(2)].next(rng);
        question["subject"] = subject(rng, pair);
        let examples: Vec<&Json> = entries.iter().filter_map(|entry| entry.get("example")).collect();
        if !examples.is_empty() && rng.chance(70) {
            let mut near = (*rng.pick_of(&examples)).clone();
            for _ in 0..rng.below(4) {
                vary_question(rng, &mut near, &question);
            }
            question = near;
        }
        question.as_object_mut().unwrap().remove("within");
        list.push(question);
    }
    list.retain(|question| question.get("now").is_none_or(Json::is_u64));
    list.retain(|question| [&pair.from, &pair.to].iter().all(|document| decide(document, question).is_ok()));
    list
}

/// Replaces one part of a question, by that of another one or by something close.
fn vary_question(rng: &mut Rng, question: &mut Json, other: &Json) {
    let name = rng.pick(&["subject", "action", "resource", "attributes", "context", "properties", "now", "id"]);
    if name == "resource" && rng.chance(60) {
        let path = question["resource"].as_str().unwrap_or_default().to_owned();
        let mut segments: Vec<&str> = path.split('/').collect();
        match rng.below(4) {
            0 => segments.push("a"),
            1 => {
                segments.pop();
            }
            _ => {
                let place = rng.below(segments.len());
                segments[place] = rng.pick(&["docs", "a", "acme", "ann", "x1", "globex"]);
            }
        }
        question["resource"] = json!(segments.join("/"));
        return;
    }
    if name == "now" && rng.chance(70) {
        question["now"] = json!(rng.pick_of(&TIMES));
        return;
    }
    if name == "id" {
        if question["subject"].is_object() {
            question["subject"]["id"] = json!(rng.pick(&["ann", "bob", "docs", "a"]));
        }
        return;
    }
    match other.get(name) {
        Some(value) if rng.chance(60) => question[name] = value.clone(),
        _ if !["subject", "action", "resource"].contains(&name) => {
            question.as_object_mut().unwrap().remove(name);
        }
        _ => {}
    }
}

/// What is wrong with a question's answers, if they do not agree with the entries.
fn find_disagreement(pair: &Pair, entries: &[Json], question: &Json) -> Option<String> {
    let [from, to] = [&pair.from, &pair.to].map(|document| decide(document, question).unwrap().allow);
    let covering: Vec<&Json> = entries.iter().filter(|entry| covers(pair, entry, question)).collect();
    let expected = match (from, to) {
        (false, true) => Some("gained"),
        (true, false) => Some("lost"),
        _ => None,
    };
    let found: Vec<&str> = covering.iter().map(|entry| entry["change"].as_str().unwrap()).collect();
    let agrees =
        expected.map_or(found.is_empty(), |change| !found.is_empty() && found.iter().all(|found| *found == change));
    (!agrees).then(|| format!("{from} -> {to}, but {covering:?}"))
}

#[test]
fn a_decision_differs_if_and_only_if_an_entry_covers_the_question() {
    let mut seen = BTreeMap::<String, usize>::new();
    let mut count = |what: &str| *seen.entry(what.to_owned()).or_default() += 1;
    for seed in 0..tries(200) {
        let mut rng = Rng::new(seed);
        let sample = sample(&mut rng);
        let other = Sample { document: other_document(&mut rng, &sample), names: sample.names.clone() };
        let pair = Pair { from: sample.document.clone(), to: other.document.clone() };
        let entries = match diff(&pair) {
            Ok(entries) => entries,
            Err(error) => {
                assert_eq!(error.code(), "incomplete");
                count("incomplete");
                continue;
            }
        };
        for entry in entries.iter().filter(|entry| entry.get("who").is_some()) {
            let example = &entry["example"];
            count(entry["change"].as_str().unwrap());
            count(entry["who"].as_str().unwrap_or_else(|| entry["who"].as_object().unwrap().keys().next().unwrap()));
            assert!(covers(&pair, entry, example), "seed {seed}: its own example: {entry} {} {}", pair.from, pair.to);
            let wrong = find_disagreement(&pair, &entries, example);
            assert_eq!(wrong, None, "seed {seed}: {entry}\n{}\n{}", pair.from, pair.to);
        }
        for question in questions(&mut rng, &pair, &[sample, other], &entries, 60) {
            if affected_subjects(&pair, &question["subject"]).is_none() {
                continue;
            }
            let wrong = find_disagreement(&pair, &entries, &question);
            if let Some(wrong) = wrong {
                panic!(
                    "seed {seed}: {wrong}\n{question}\n{}\n{}",
                    shrink_pair(&pair, &question).0,
                    shrink_pair(&pair, &question).1
                );
            }
            let [from, to] = [&pair.from, &pair.to].map(|document| decide(document, &question).unwrap().allow);
            count(if from == to { "same" } else { "another" });
        }
    }
    for what in ["gained", "lost", "everyone", "authenticated", "role", "group", "user", "same", "another"] {
        assert!(seen.get(what).is_some_and(|count| *count > 10), "{what} is rare: {seen:?}");
    }
    let most = usize::try_from(tries(200)).unwrap() / 50;
    assert!(seen.get("incomplete").is_none_or(|count| *count <= most), "{seen:?}");
}

/// Documents with as little as possible for which the question is wrong as well.
fn shrink_pair(pair: &Pair, question: &Json) -> (Json, Json) {
    let case = json!([pair.from, pair.to]);
    let fails = |case: &Json| {
        let Some([from, to]) = case.as_array().map(Vec::as_slice) else { return false };
        if ![from, to]
            .iter()
            .all(|document| problems(&document.to_string()).is_empty() && decide(document, question).is_ok())
        {
            return false;
        }
        let pair = Pair { from: from.clone(), to: to.clone() };
        if affected_subjects(&pair, &question["subject"]).is_none() {
            return false;
        }
        diff(&pair).is_ok_and(|entries| find_disagreement(&pair, &entries, question).is_some())
    };
    let case = smallest(case, &fails);
    (case[0].clone(), case[1].clone())
}

fn entries_of(from: Json, to: Json) -> Vec<Json> {
    let mut entries = diff(&Pair { from, to }).unwrap();
    for entry in &mut entries {
        entry.as_object_mut().unwrap().remove("example");
    }
    entries
}

#[test]
fn a_new_role_has_one_entry_for_the_role_and_one_for_its_holder() {
    let from = json!({ "users": { "ann": {} } });
    let to = json!({ "roles": { "editor": { "grants": { "docs/**": "write" } } }, "users": { "ann": { "roles": [{ "role": "editor", "scope": "acme" }] } } });
    let gained = |who: Json, pattern: &str| json!({ "who": who, "actions": ["read", "write"], "change": "gained", "pattern": pattern });
    assert_eq!(
        entries_of(from, to),
        [gained(json!({ "role": "editor" }), "docs/**"), gained(json!({ "user": "ann" }), "acme/docs/**")]
    );
}

#[test]
fn a_change_for_everyone_is_one_entry() {
    let from =
        json!({ "roles": { "r": { "grants": { "a": "read" } } }, "users": { "ann": { "roles": ["r"] }, "bob": {} } });
    let mut to = from.clone();
    to["everyone"] = json!({ "grants": { "posts/*": { "allow": "read", "when": { "resource.published": true } } } });
    let entries = entries_of(from, to);
    assert_eq!(
        entries,
        [json!({
            "who": "everyone",
            "also": ["authenticated", { "role": "r" }, { "user": "ann" }, { "user": "bob" }],
            "actions": ["read"],
            "change": "gained",
            "pattern": "posts/*",
            "when": { "attribute": "resource.published", "equals": [true] },
        })]
    );
}

#[test]
fn a_new_limit_loses_what_grants_gave_except_below_older_limits() {
    let from = json!({ "everyone": { "grants": { "docs/**": "write" } }, "limits": { "docs/old/*": "none" } });
    let mut to = from.clone();
    to["limits"]["docs/**"] = json!({ "level": "read", "unless": { "context.mfa": true } });
    let entries = entries_of(from, to);
    assert_eq!(
        entries,
        [json!({
            "who": "everyone",
            "also": ["authenticated"],
            "actions": ["write"],
            "change": "lost",
            "pattern": "docs/**",
            "except": ["docs/old/*"],
            "when": { "not": { "attribute": "context.mfa", "equals": [true] } },
        })]
    );
}

#[test]
fn a_limit_on_the_subjects_own_path_is_about_any_path_of_callers_without_an_id() {
    let from = json!({ "everyone": { "grants": { "docs/**": "write" } }, "users": { "ann": {} } });
    let mut to = from.clone();
    to["limits"] = json!({ "docs/{subject}": "read" });
    let lost =
        |who: Json, pattern: &str| json!({ "who": who, "actions": ["write"], "change": "lost", "pattern": pattern });
    assert_eq!(
        entries_of(from, to),
        [
            lost(json!("everyone"), "docs/*"),
            lost(json!("authenticated"), "docs/{subject}"),
            lost(json!({ "user": "ann" }), "docs/ann"),
        ]
    );
}

#[test]
fn a_new_assignment_counts_while_its_bounds_and_those_of_the_grant_hold() {
    let from = json!({ "roles": { "r": { "grants": { "docs/*": { "allow": "read", "from": 100, "until": 300 } } } }, "users": { "ann": {} } });
    let mut to = from.clone();
    to["users"]["ann"]["roles"] = json!([{ "role": "r", "from": 200, "until": 400 }]);
    assert_eq!(
        entries_of(from, to),
        [json!({
            "who": { "user": "ann" },
            "actions": ["read"],
            "change": "gained",
            "pattern": "docs/*",
            "when": { "time": { "from": 200, "until": 300 } },
        })]
    );
}

#[test]
fn a_limit_with_exceptions_for_some_users_is_about_the_others() {
    let from = json!({
        "everyone": { "grants": { "docs/*": "write" } },
        "users": { "ann": { "attributes": { "legal": true } }, "bob": { "attributes": { "legal": false } } },
    });
    let mut to = from.clone();
    to["limits"] = json!({ "docs/*": { "level": "read", "unless": { "subject.legal": true } } });
    let lost = json!({ "actions": ["write"], "change": "lost", "pattern": "docs/*" });
    let [mut others, mut authenticated] = [lost.clone(), lost];
    others["who"] = json!("everyone");
    others["also"] = json!([{ "user": "bob" }]);
    authenticated["who"] = json!("authenticated");
    authenticated["when"] = json!({ "not": { "attribute": "subject.legal", "equals": [true] } });
    assert_eq!(entries_of(from, to), [others, authenticated]);
}

#[test]
fn actions_and_resources_of_one_document_have_entries_of_their_own() {
    let from = json!({ "actions": { "edit": "write" } });
    let to = json!({ "actions": { "publish": null }, "resources": { "doc": "docs/{id}" } });
    assert_eq!(
        entries_of(from, to),
        [
            json!({ "change": "action_removed", "action": "edit" }),
            json!({ "change": "action_added", "action": "publish" }),
            json!({ "change": "resources_changed", "from": null, "to": { "doc": "docs/{id}" } }),
        ]
    );
}

#[test]
fn a_change_without_effect_on_decisions_is_not_reported() {
    let from = json!({ "everyone": { "grants": { "docs/*": "write" } }, "limits": { "docs/a": "none" } });
    for (pointer, value) in [
        // Covered, limited to nothing, never in time, and conditions that never hold together.
        ("/everyone/grants/docs~1b", json!("read")),
        ("/everyone/grants/docs~1a", json!("admin")),
        ("/authenticated/roles", json!([{ "role": "r", "from": 10, "until": 20 }])),
        ("/everyone/grants/b", json!({ "allow": "read", "when": { "resource.n": { "atLeast": 2, "atMost": 1 } } })),
        ("/everyone/grants/c", json!({ "allow": "read", "when": { "resource.a": 1, "resource.a.b": 1 } })),
        ("/everyone/grants/d", json!({ "allow": "read", "when": { "subject.id": "ann" } })),
    ] {
        let mut to = from.clone();
        to["roles"]["r"] = json!({ "grants": { "docs/*": "read", "x": { "allow": "read", "until": 10 } } });
        let mut with_role = from.clone();
        with_role["roles"] = to["roles"].clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut place = &mut to;
        for step in parent.split('/').skip(1) {
            place = &mut place[step];
        }
        place[name.replace("~1", "/")] = value;
        let entries = entries_of(with_role, to);
        let for_everyone = entries.iter().filter(|entry| entry["who"] == "everyone");
        assert_eq!(for_everyone.count(), 0, "{pointer}: {entries:?}");
    }
}

#[test]
fn one_new_grant_among_ten_thousand_is_found_quickly() {
    let grants: BTreeMap<String, &str> =
        (0..9_999).map(|n| (format!("docs/{n}/*"), if n % 2 == 0 { "read" } else { "write" })).collect();
    let users: BTreeMap<String, Json> =
        (0..5_000).map(|n| (format!("user {n}"), json!({ "roles": ["reader"] }))).collect();
    let from = json!({ "roles": { "reader": { "grants": grants } }, "users": users });
    let mut to = from.clone();
    to["roles"]["reader"]["grants"]["docs/77/a"] = json!("admin");
    let start = Instant::now();
    assert_eq!(entries_of(from.clone(), from.clone()), Vec::<Json>::new());
    let same = start.elapsed();
    let entries = entries_of(from, to);
    let all = start.elapsed();
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0]["pattern"], "docs/77/a");
    assert_eq!(entries[0]["actions"], json!(["admin"]));
    assert!(all < Duration::from_secs(20), "{same:?} {all:?}");
    println!("identical {same:?}, with one more {:?}", all - same);
}

#[test]
fn documents_that_would_take_too_long_return_incomplete() {
    // A question has to avoid each of many grants, each of which has many conditions.
    let when: Vec<Json> = (0..16)
        .map(|n| {
            json!((0..16)
                .map(|k| (format!("context.a{}", (n * 7 + k) % 16), json!({ "ref": format!("resource.b{}", k % 5) })))
                .collect::<BTreeMap<_, _>>())
        })
        .collect();
    let many: Vec<Json> = (0..200).map(|_| json!({ "allow": "read", "when": when })).collect();
    let from =
        json!({ "everyone": { "grants": { "**": many } }, "limits": { "**": { "level": "none", "unless": when } } });
    let to =
        json!({ "everyone": { "grants": { "**": "read" } }, "limits": { "**": { "level": "none", "unless": when } } });
    let start = Instant::now();
    let result = diff(&Pair { from, to });
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    if let Err(error) = result {
        assert_eq!(error.code(), "incomplete");
    }
}

#[test]
fn documents_that_overlap_in_many_patterns_return_incomplete_quickly() {
    let grants = |pattern: fn(u32) -> String| -> BTreeMap<String, Json> {
        (0..5_000).map(|n| (pattern(n), json!({ "allow": "read", "when": { "resource.n": n } }))).collect()
    };
    let from = json!({ "everyone": { "grants": grants(|n| format!("*/a{n}/**")) }, "limits": { "**": "read" } });
    let to = json!({ "everyone": { "grants": grants(|n| format!("b{n}/**")) } });
    let start = Instant::now();
    assert_eq!(diff(&Pair { from, to }).map_err(|error| error.code()), Err("incomplete"));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// Roles of which each inherits the one before it, with a grant at a pattern.
fn chain(length: u32, pattern: impl Fn(u32) -> String) -> Json {
    let role = |n: u32| {
        let inherits: Vec<String> = n.checked_sub(1).map(|below| format!("r{below}")).into_iter().collect();
        (format!("r{n}"), json!({ "grants": { pattern(n): "read" }, "inherits": inherits }))
    };
    json!({ "roles": (0..length).map(role).collect::<BTreeMap<_, _>>() })
}

#[test]
fn a_chain_of_roles_is_compared_and_a_long_one_returns_incomplete_quickly() {
    let docs = |n: u32| format!("docs/{n}");
    let result = |length: u32, pattern: &dyn Fn(u32) -> String| {
        let start = Instant::now();
        let result = diff(&Pair { from: chain(length, docs), to: chain(length, pattern) });
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        result.map_err(|error| error.code())
    };
    // The first role is in every other one, the last one in no other.
    let changed = |place: u32| move |n: u32| if n == place { "new".to_owned() } else { docs(n) };
    for (length, place, affected) in [(1_000, 0, 1_000), (1_000, 900, 100), (5_000, 4_999, 1)] {
        let entries = result(length, &changed(place)).unwrap();
        assert_eq!(entries.len(), 2, "{entries:?}");
        for (entry, pattern) in entries.iter().zip(["new".to_owned(), docs(place)]) {
            assert_eq!(entry["pattern"], pattern);
            assert_eq!(entry.get("also").map_or(0, |also| also.as_array().unwrap().len()) + 1, affected);
        }
    }
    let others: [&dyn Fn(u32) -> String; 3] = [&changed(0), &|n| format!("other/{n}"), &|n| format!("other{n}/a")];
    for other in others {
        assert_eq!(result(5_000, other), Err("incomplete"));
    }
}

#[test]
fn a_list_of_a_user_is_within_bounds_only_if_all_members_are() {
    let when = json!({ "subject.n": { "atLeast": 1, "atMost": { "ref": "context.n" } }, "subject.m": { "atMost": 5 } });
    let user = |n: Json, m: Json| json!({ "users": { "ann": { "attributes": { "n": n, "m": m } } }, "authenticated": { "grants": { "a": { "allow": "read", "when": when } } } });
    let example = |from: Json, to: Json| {
        diff(&Pair { from, to }).unwrap().iter().map(|entry| entry["when"].clone()).collect::<Vec<_>>()
    };
    let expected = json!({ "attribute": "context.n", "single": { "atLeast": 7 } });
    assert_eq!(example(user(json!("x"), json!(1)), user(json!([2, 7, 3]), json!([1, 5]))), [expected]);
    assert_eq!(example(user(json!("x"), json!(1)), user(json!([2, 7, 3]), json!([1, 6, 2]))), Vec::<Json>::new());
    assert_eq!(example(user(json!("x"), json!(1)), user(json!([0, 7, 3]), json!([1, 2]))), Vec::<Json>::new());
}

#[test]
fn a_condition_that_a_user_does_not_meet_excludes_nothing() {
    let user = json!({ "attributes": { "m": [1, 6, 2], "n": ["a", 1] } });
    let limited = json!([
        { "allow": "read", "when": { "subject.m": { "atMost": 5 } } },
        { "allow": "read", "when": { "subject.m": { "atLeast": 2 } } },
        { "allow": "read", "when": { "subject.n": { "not": "b" } } },
        { "allow": "read", "when": { "subject.m": { "not": [6] } } },
        { "allow": "read", "when": { "subject.none": { "not": 1 } } },
    ]);
    let from = json!({ "users": { "ann": user }, "authenticated": { "grants": { "a": limited } } });
    let to = json!({ "users": { "ann": user }, "authenticated": { "grants": { "a": "read" } } });
    let entries = entries_of(from, to);
    let gained = json!({ "who": { "user": "ann" }, "actions": ["read"], "change": "gained", "pattern": "a" });
    assert!(entries.contains(&gained), "{entries:?}");
}

/// Whether these are the path and the id that a condition needs.
type IsNeeded = fn(&str, &str) -> bool;

#[test]
fn an_example_has_the_path_or_id_that_a_condition_needs() {
    let from = json!({ "resources": { "doc": "{org}/docs/{id}", "post": "posts/{id}" } });
    let cases: [(&str, Json, IsNeeded); 9] = [
        ("*/docs/*", json!({ "resource.org": ["acme"] }), |path, _| path.starts_with("acme/docs/")),
        ("**", json!({ "resource.path": "acme/docs/7" }), |path, _| path == "acme/docs/7"),
        ("**", json!({ "resource.type": "post" }), |path, _| path.starts_with("posts/")),
        ("*/docs/*", json!({ "resource.org": { "ref": "resource.id" } }), |path, _| {
            path.split_once("/docs/").is_some_and(|(org, id)| org == id)
        }),
        ("*/docs/*", json!({ "resource.org": { "ref": "subject.id" } }), |path, id| {
            path.starts_with(&format!("{id}/"))
        }),
        ("*/docs/*", json!({ "resource.path": { "ref": "subject.id" } }), |path, id| path == id),
        ("*/docs/{subject}", json!({ "subject.id": ["x/y", "ann"] }), |path, id| {
            id == "ann" && path.ends_with("/docs/ann")
        }),
        ("posts/*", json!({ "resource.owner": { "ref": "subject.id" }, "subject.id": "ann" }), |_, id| id == "ann"),
        ("posts/*", json!({ "resource.id": { "ref": "resource.slug" }, "resource.slug": "s" }), |path, _| {
            path.starts_with("posts/")
        }),
    ];
    for (pattern, when, is_it) in cases {
        let mut to = from.clone();
        to["authenticated"] = json!({ "grants": { pattern: { "allow": "read", "when": when } } });
        let pair = Pair { from: from.clone(), to };
        let entries = diff(&pair).unwrap();
        let found = entries.iter().find(|entry| entry["who"] == "authenticated").unwrap_or_else(|| panic!("{when}"));
        let example = &found["example"];
        let id = example["subject"]["id"].as_str().unwrap();
        assert!(is_it(example["resource"].as_str().unwrap(), id), "{when}: {example}");
        assert_eq!(find_disagreement(&pair, &entries, example), None);
    }
}

#[test]
fn a_document_has_no_difference_from_itself() {
    let authorizer = opened(&json!({ "everyone": { "grants": { "users/{subject}": "read" } } }));
    assert_eq!(authorizer.diff(&authorizer).unwrap(), latchwork::Value::List(Vec::new()));
    assert_eq!(pointer_to("", "a"), "/a");
}
