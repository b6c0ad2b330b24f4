//! `lint` and `mutants` of `rbac`: what `lint` calls dead changes no answer when it is removed, and each mutant is a valid
//! document that changes one.

#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::support::diff_entries::{diff, Pair};
use crate::support::documents::{json_of, opened};
use crate::support::generator::document::{sample, Sample};
use crate::support::generator::rng::Rng;
use crate::support::reference::problems::problems;
use crate::support::repetitions::tries;
use serde_json::{json, Value as Json};

fn lint(document: &Json, now: Option<u64>) -> Vec<(String, String)> {
    let findings = json_of(&opened(document).lint(now).unwrap());
    let text = |finding: &Json, name: &str| finding[name].as_str().unwrap().to_owned();
    findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            assert!(!text(finding, "message").is_empty());
            (text(finding, "code"), text(finding, "path"))
        })
        .collect()
}

fn mutants(document: &Json) -> Vec<Json> {
    json_of(&opened(document).mutants().unwrap()).as_array().unwrap().clone()
}

/// A document after operations of a JSON Patch.
fn apply_patch(document: &Json, patch: &Json) -> Json {
    let mut document = document.clone();
    for operation in patch.as_array().unwrap() {
        let (parent, name) = operation["path"].as_str().unwrap().rsplit_once('/').unwrap();
        let name = name.replace("~1", "/").replace("~0", "~");
        let parent = document.pointer_mut(parent).unwrap();
        match (operation["op"].as_str().unwrap(), parent) {
            ("remove", Json::Array(list)) => {
                list.remove(name.parse().unwrap());
            }
            ("remove", parent) => {
                parent.as_object_mut().unwrap().remove(&name).unwrap();
            }
            ("replace", Json::Array(list)) => list[name.parse::<usize>().unwrap()] = operation["value"].clone(),
            ("replace", parent) => {
                *parent.get_mut(&name).unwrap() = operation["value"].clone();
            }
            ("add", parent) => {
                let before = parent.as_object_mut().unwrap().insert(name, operation["value"].clone());
                assert!(before.as_ref().is_none_or(names_nothing), "it replaces {before:?}: {operation}");
            }
            (other, _) => panic!("{other}"),
        }
    }
    document
}

/// Whether a grant gives nothing.
fn names_nothing(grant: &Json) -> bool {
    match grant {
        Json::Array(list) => list.iter().all(names_nothing),
        grant => grant.get("allow") == Some(&json!([])),
    }
}

/// Whether an answer differs; `None` if it is not known.
fn has_other_decisions(from: &Json, to: &Json) -> Option<bool> {
    diff(&Pair { from: from.clone(), to: to.clone() }).ok().map(|entries| !entries.is_empty())
}

#[test]
fn removing_a_dead_part_changes_no_decision() {
    let mut seen = BTreeMap::<String, usize>::new();
    for seed in 0..tries(300) {
        let mut rng = Rng::new(seed);
        let Sample { document, .. } = sample(&mut rng);
        for (code, path) in lint(&document, None) {
            *seen.entry(code.clone()).or_default() += 1;
            if ["covered_grant", "grant_outside_resources", "limited_grant", "limit_without_effect", "empty_grant"]
                .contains(&&*code)
            {
                let removed = apply_patch(&document, &json!([{ "op": "remove", "path": path }]));
                assert_ne!(
                    has_other_decisions(&document, &removed),
                    Some(true),
                    "seed {seed}: {code} at {path} of {document}"
                );
            }
        }
    }
    for code in ["covered_grant", "grant_outside_resources", "limited_grant", "limit_without_effect", "unused_role"] {
        assert!(seen.get(code).is_some_and(|count| *count > 5), "{code} is rare: {seen:?}");
    }
}

#[test]
fn each_code_is_found_in_one_document_and_not_in_a_similar_one() {
    let role = |grants: Json| json!({ "roles": { "r": { "grants": grants } }, "users": { "ann": { "roles": ["r"] } } });
    let scoped = json!({ "resources": { "doc": "{org}/docs/{id}" }, "roles": { "r": { "grants": { "docs/*": "read" } } }, "users": { "ann": { "roles": [{ "role": "r", "scope": "acme" }] } } });
    let mut unscoped = scoped.clone();
    unscoped["users"]["ann"]["roles"] = json!(["r"]);
    let limited = |limits: Json| json!({ "everyone": { "grants": { "a/*": "write" } }, "limits": limits });
    let timed = |from: u64, until: u64| json!({ "everyone": { "grants": { "a": { "allow": "read", "from": from, "until": until } } } });
    let condition = |attribute: &str| {
        let mut document = role(json!({ "a": { "allow": "read", "when": { "resource.team": { "ref": attribute } } } }));
        document["users"]["ann"]["attributes"] = json!({ "team": "x", "deep": { "n": null } });
        document
    };
    let grant = "/roles/r/grants/docs~1*";
    let cases: [(&str, &str, Json, Json); 24] = [
        (
            "covered_grant",
            "/roles/r/grants/a~1b",
            role(json!({ "a/**": "write", "a/b": "read" })),
            role(json!({ "a/**": "read", "a/b": "write" })),
        ),
        (
            "covered_grant",
            "/roles/r/grants/a/1",
            role(json!({ "a": ["read", "read"] })),
            role(json!({ "a": ["read", { "allow": "write", "when": { "context.n": 1 } }] })),
        ),
        (
            "covered_grant",
            "/roles/r/grants/a/0",
            role(json!({ "a": [{ "allow": "read", "until": 10 }, "read"] })),
            role(json!({ "a": [{ "allow": "read", "until": 10 }, { "allow": "read", "from": 5 }] })),
        ),
        ("grant_outside_resources", grant, unscoped, scoped.clone()),
        (
            "limited_grant",
            "/everyone/grants/a~1*",
            limited(json!({ "a/**": "none" })),
            limited(json!({ "a/**": { "level": "none", "unless": { "context.n": 1 } } })),
        ),
        (
            "limited_grant",
            "/everyone/grants/a~1*",
            limited(json!({ "a/*": [{ "deny": "read" }, { "deny": ["write"] }] })),
            limited(json!({ "a/*": { "deny": "write" } })),
        ),
        ("limit_without_effect", "/limits/a", limited(json!({ "a": "admin" })), limited(json!({ "a": "write" }))),
        (
            "limit_without_effect",
            "/limits/a~1b",
            limited(json!({ "a/*": "none", "a/b": "read" })),
            limited(json!({ "a/*": "read", "a/b": "none" })),
        ),
        (
            "limit_without_effect",
            "/limits/a",
            limited(json!({ "a": { "deny": [] } })),
            limited(json!({ "a": { "deny": "read" } })),
        ),
        ("limit_without_effect", "/limits/b", limited(json!({ "b": [] })), limited(json!({ "b": ["read"] }))),
        (
            "limit_without_effect",
            "/limits/b/1",
            limited(json!({ "b": ["read", { "deny": [], "unless": { "context.n": 1 } }] })),
            limited(json!({ "b": ["read", { "deny": ["read"] }] })),
        ),
        ("empty_grant", "/roles/r/grants/a", role(json!({ "a": [] })), role(json!({ "a": ["read"] }))),
        (
            "empty_grant",
            "/roles/r/grants/a",
            role(json!({ "a": { "allow": [] }, "b": "read" })),
            role(json!({ "a": { "allow": ["read"] } })),
        ),
        (
            "empty_grant",
            "/roles/r/grants/a/0",
            role(json!({ "a": [{ "allow": [] }, "read"] })),
            role(json!({ "a": "read" })),
        ),
        ("expired", "/everyone/grants/a", timed(1, 50), timed(1, 101)),
        ("milliseconds", "/everyone/grants/a", timed(1, 1_798_761_600_000), timed(1, 253_402_300_799)),
        (
            "milliseconds",
            "/everyone/grants/a",
            timed(1_798_761_600_000, 9_007_199_254_740_991),
            timed(1, 1_798_761_600),
        ),
        (
            "unused_role",
            "/roles/s",
            json!({ "roles": { "s": {} }, "users": { "ann": {} } }),
            json!({ "roles": { "s": {} } }),
        ),
        (
            "unused_role",
            "/roles/s",
            json!({ "roles": { "s": {} }, "groups": { "g": { "roles": ["s"] } }, "users": { "ann": {} } }),
            json!({ "roles": { "s": {}, "t": { "inherits": ["s"] } }, "users": { "ann": { "roles": ["t"] } } }),
        ),
        (
            "unused_group",
            "/groups/g",
            json!({ "groups": { "g": {} }, "users": { "ann": {} } }),
            json!({ "groups": { "g": {} }, "users": { "ann": { "groups": ["g"] } } }),
        ),
        (
            "grant_of_everything",
            "/everyone/grants/**",
            json!({ "everyone": { "grants": { "**": "read" } } }),
            json!({ "everyone": { "grants": { "a/**": "read" } } }),
        ),
        (
            "grant_of_everything",
            "/users/ann/roles/0",
            role(json!({ "**": "read" })),
            json!({ "roles": { "r": { "grants": { "**": "read" } } }, "users": { "ann": { "roles": [{ "role": "r", "scope": "acme" }] } } }),
        ),
        ("unknown_attribute", "/roles/r/grants/a", condition("subject.tema"), condition("subject.team")),
        ("unknown_attribute", "/roles/r/grants/a", condition("subject.deep.m"), condition("subject.deep.n")),
    ];
    let mut codes = BTreeSet::new();
    for (code, path, with, without) in cases {
        let finding = (code.to_owned(), path.to_owned());
        assert!(lint(&with, Some(100)).contains(&finding), "{code}: {:?} of {with}", lint(&with, Some(100)));
        let others = lint(&without, Some(100));
        assert!(!others.iter().any(|(other, _)| other == code), "{code}: {others:?} of {without}");
        codes.insert(code);
    }
    assert_eq!(codes.len(), 11);
}

#[test]
fn bounds_are_expired_only_for_a_given_time() {
    let document = json!({ "users": { "ann": { "roles": [{ "role": "r", "until": 10 }] } }, "roles": { "r": {} } });
    assert_eq!(lint(&document, None), []);
    assert_eq!(lint(&document, Some(9)), []);
    assert_eq!(lint(&document, Some(10)), [("expired".to_owned(), "/users/ann/roles/0".to_owned())]);
}

#[test]
fn each_mutant_is_a_valid_document_with_another_decision() {
    let mut changes = BTreeMap::<String, usize>::new();
    for seed in 0..tries(40) {
        let mut rng = Rng::new(seed);
        let Sample { document, .. } = sample(&mut rng);
        for mutant in mutants(&document) {
            let changed = apply_patch(&document, &mutant["patch"]);
            let context = || format!("seed {seed}: {mutant} of {document}");
            assert_eq!(problems(&changed.to_string()), BTreeSet::new(), "{}", context());
            assert_ne!(has_other_decisions(&document, &changed), Some(false), "{}", context());
            assert!(document.pointer(mutant["path"].as_str().unwrap()).is_some(), "{}", context());
            let verb = mutant["change"].as_str().unwrap().split(' ').take(2).collect::<Vec<_>>().join(" ");
            *changes.entry(verb).or_default() += 1;
        }
    }
    let kinds = [
        "drop the",
        "lower the",
        "raise the",
        "widen the",
        "drop `when`",
        "drop `unless`",
        "negate the",
        "drop `until`",
        "drop `from`",
        "no longer",
    ];
    for kind in kinds {
        assert!(changes.get(kind).is_some_and(|count| *count > 0), "{kind} is missing: {changes:?}");
    }
}

#[test]
fn mutants_are_all_small_changes_that_alter_a_decision() {
    let document = json!({
        "roles": { "editor": { "grants": { "docs/*": { "allow": "write", "when": { "resource.open": true } } } } },
        "everyone": { "grants": { "docs/*": { "allow": "read", "when": { "resource.open": true } } } },
        "limits": { "docs/old": { "level": "read", "unless": { "context.mfa": true } } },
    });
    let all: Vec<(String, String)> = mutants(&document)
        .iter()
        .map(|mutant| (mutant["path"].as_str().unwrap().to_owned(), mutant["change"].as_str().unwrap().to_owned()))
        .collect();
    let (role, everyone, limit) = ("/roles/editor/grants/docs~1*", "/everyone/grants/docs~1*", "/limits/docs~1old");
    let expected = [
        (role, "drop the grant on `docs/*`"),
        (role, "lower the grant on `docs/*` to `read`"),
        (role, "raise the grant on `docs/*` to `admin`"),
        (role, "widen the grant on `docs/*` to `docs/**`"),
        (role, "drop `when` of the grant on `docs/*`"),
        (role, "negate the condition on `resource.open` of the grant on `docs/*`"),
        (everyone, "drop the grant on `docs/*`"),
        (everyone, "raise the grant on `docs/*` to `write`"),
        (everyone, "widen the grant on `docs/*` to `docs/**`"),
        (everyone, "drop `when` of the grant on `docs/*`"),
        (everyone, "negate the condition on `resource.open` of the grant on `docs/*`"),
        (limit, "drop the limit on `docs/old`"),
        (limit, "raise the limit on `docs/old` to `write`"),
        (limit, "drop `unless` of the limit on `docs/old`"),
        (limit, "negate the condition on `context.mfa` of the limit on `docs/old`"),
    ];
    // To lower the role's grant takes away the level `write`, which nothing else gives.
    assert_eq!(all, expected.map(|(path, change)| (path.to_owned(), change.to_owned())));
}

#[test]
fn a_large_document_is_linted_quickly() {
    let grants: BTreeMap<String, Json> = (0..2_500)
        .map(|n| (format!("docs/{n}/*"), json!({ "allow": "read", "when": { "resource.n": n } })))
        .chain((0..2_000).map(|n| (format!("*/{n}/**"), json!("write"))))
        .collect();
    let document = json!({ "roles": { "reader": { "grants": grants } }, "users": { "ann": { "roles": ["reader"] } } });
    let start = Instant::now();
    assert_eq!(lint(&document, Some(0)).iter().filter(|(code, _)| code == "covered_grant").count(), 2_000);
    let linted = start.elapsed();
    assert!(mutants(&document).len() > 5_000);
    let all = start.elapsed();
    assert!(linted < Duration::from_secs(10) && all < Duration::from_secs(40), "{linted:?} {all:?}");
    println!("lint {linted:?}, mutants {:?}", all - linted);
}
