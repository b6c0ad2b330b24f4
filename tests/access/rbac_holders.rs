//! `holders` and `parts` of `rbac`, over random documents: they agree with the reference evaluator.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::documents::{json_of, opened, value};
use crate::support::generator::document::{sample, Sample};
use crate::support::generator::question::Questions;
use crate::support::generator::rng::Rng;
use crate::support::generator::smallest::pointers;
use crate::support::reference::decision::decide;
use crate::support::reference::problems::pointer_to;
use crate::support::repetitions::tries;
use latchwork::{Authorizer, Details, Value};
use serde_json::{json, Value as Json};

/// Questions to a sample, none of them wrong, without `within`.
fn valid_questions(rng: &mut Rng, sample: &Sample, count: usize) -> Vec<Json> {
    let questions = Questions::to(sample);
    let all = (0..count).map(|_| {
        let mut question = questions.next(rng);
        question.as_object_mut().unwrap().remove("within");
        question
    });
    // A time that is written as `1.0` is a number of another type in Rust.
    let all = all.filter(|question| question.get("now").is_none_or(Json::is_u64));
    all.filter(|question| decide(&sample.document, question).is_ok()).collect()
}

fn holders(authorizer: &Authorizer, question: &Json) -> Json {
    let path = authorizer.path(&value(&question["resource"])).unwrap();
    let [attributes, context, properties] =
        ["attributes", "context", "properties"].map(|name| question.get(name).map_or(Value::Null, value));
    let now = question.get("now").and_then(Json::as_u64);
    let details = Details { attributes: &attributes, context: &context, properties: &properties, now };
    json_of(&authorizer.holders(question["action"].as_str().unwrap(), &path, details).unwrap())
}

fn allows(document: &Json, question: &Json, subject: Json) -> bool {
    let mut question = question.clone();
    question["subject"] = subject;
    decide(document, &question).unwrap().allow
}

/// Every string in a value, and each segment of those that are paths.
fn collect_texts(value: &Json, texts: &mut BTreeSet<String>) {
    let strings =
        pointers(value).into_iter().filter_map(|pointer| value.pointer(&pointer)?.as_str().map(str::to_owned));
    for text in strings {
        texts.extend(text.split('/').map(|segment| segment.trim_start_matches('\\').to_owned()));
        texts.insert(text);
    }
}

#[test]
fn holders_are_exactly_the_users_whom_the_rules_allow() {
    let mut seen = [0_usize; 4];
    for seed in 0..tries(150) {
        let mut rng = Rng::new(seed);
        let sample = sample(&mut rng);
        let authorizer = opened(&sample.document);
        let mut known = BTreeSet::from(["an unknown user".to_owned()]);
        collect_texts(&sample.document, &mut known);
        for question in valid_questions(&mut rng, &sample, 20) {
            let holders = holders(&authorizer, &question);
            let context = || format!("{holders} for {question} of {}", sample.document);
            let users = sample.document["users"].as_object().into_iter().flatten().map(|(id, _)| id);
            let users: Vec<&String> = users.filter(|id| allows(&sample.document, &question, json!(id))).collect();
            assert_eq!(holders["users"], json!(users), "{}", context());
            assert_eq!(holders["everyone"], allows(&sample.document, &question, Json::Null), "{}", context());
            let mut ids = known.clone();
            collect_texts(&question, &mut ids);
            // A part of the resource can be a number.
            let path = authorizer.path(&value(&question["resource"])).unwrap();
            ids.extend(path.split('/').map(str::to_owned).chain([path.clone()]));
            ids.remove("");
            let denied = ids.iter().find(|id| !allows(&sample.document, &question, json!({ "id": id })));
            assert_eq!(holders["authenticated"], denied.is_none(), "{denied:?}: {}", context());
            if holders["authenticated"] == true && question["subject"].is_object() {
                let inactive = question["subject"].get("active") == Some(&json!(false));
                assert!(inactive || decide(&sample.document, &question).unwrap().allow, "{}", context());
            }
            let kinds = [!users.is_empty(), holders["authenticated"] == true, holders["everyone"] == true];
            kinds.iter().zip(&mut seen).filter(|(kind, _)| **kind).for_each(|(_, count)| *count += 1);
            seen[3] += usize::from(holders["authenticated"] != holders["everyone"]);
        }
    }
    assert!(seen.iter().all(|count| *count > 10), "{seen:?}");
}

#[test]
fn authenticated_is_false_if_a_limit_or_condition_names_an_id() {
    let limited = json!({
        "authenticated": { "grants": { "users/*": "read" } },
        "limits": { "users/{subject}": "none" },
    });
    let not_owner = json!({ "authenticated": { "grants": { "posts/*": { "allow": "read", "when": { "resource.owner": { "not": { "ref": "subject.id" } } } } } } });
    let question = |resource: &str, owner: &str| json!({ "action": "read", "resource": resource, "attributes": { "owner": owner } });
    assert_eq!(holders(&opened(&limited), &question("users/ann", ""))["authenticated"], false);
    assert_eq!(holders(&opened(&not_owner), &question("posts/1", "ann"))["authenticated"], false);
    // No user has an empty id.
    assert_eq!(holders(&opened(&not_owner), &question("posts/1", ""))["authenticated"], true);
}

/// Every part of a document, by its place.
fn parts_of(document: &Json) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    let mut add_table = |holder: &Json, path: &str, kind: &str| {
        for (pattern, grant) in holder.as_object().into_iter().flatten() {
            let path = pointer_to(path, pattern);
            let mut add = |path: String, grant: &Json| {
                let names = grant.get("allow").or_else(|| grant.get("deny"));
                if names.is_none_or(|names| names != &json!([])) {
                    parts.insert(path, kind.to_owned());
                }
            };
            match grant {
                Json::Array(list) => {
                    list.iter()
                        .enumerate()
                        .for_each(|(index, grant)| add(pointer_to(&path, &index.to_string()), grant));
                }
                grant => add(path, grant),
            }
        }
    };
    add_table(&document["limits"], "/limits", "limit");
    let mut holders: Vec<(String, &Json)> = Vec::new();
    for kind in ["roles", "groups", "users"] {
        let all = document[kind].as_object().into_iter().flatten();
        holders.extend(all.map(|(name, holder)| (pointer_to(&pointer_to("", kind), name), holder)));
    }
    holders.extend(["everyone", "authenticated"].map(|name| (pointer_to("", name), &document[name])));
    holders.iter().for_each(|(path, holder)| add_table(&holder["grants"], &pointer_to(path, "grants"), "grant"));
    for (path, holder) in holders {
        if path.starts_with("/roles/") {
            parts.insert(path.clone(), "role".into());
        }
        for (index, _) in holder.get("roles").and_then(Json::as_array).into_iter().flatten().enumerate() {
            parts.insert(pointer_to(&pointer_to(&path, "roles"), &index.to_string()), "assignment".into());
        }
    }
    parts
}

#[test]
fn parts_cover_the_document_and_have_the_pointers_of_explanations() {
    let mut named = 0_usize;
    for seed in 0..tries(150) {
        let mut rng = Rng::new(seed);
        let sample = sample(&mut rng);
        let authorizer = opened(&sample.document);
        let parts = json_of(&authorizer.parts().unwrap());
        let text = |part: &Json, name: &str| part[name].as_str().unwrap().to_owned();
        let list: Vec<(String, String)> =
            parts.as_array().unwrap().iter().map(|part| (text(part, "path"), text(part, "kind"))).collect();
        let known: BTreeMap<String, String> = list.iter().cloned().collect();
        assert_eq!(known.len(), list.len(), "one is listed twice: {parts} of {}", sample.document);
        assert_eq!(known, parts_of(&sample.document), "{}", sample.document);
        for question in valid_questions(&mut rng, &sample, 10) {
            let subject = authorizer.question_subject(&value(&question)).unwrap();
            let path = authorizer.path(&value(&question["resource"])).unwrap();
            let attributes = question.get("attributes").map_or(Value::Null, value);
            let explanation = authorizer.explain(&subject, question["action"].as_str().unwrap(), &path, &attributes);
            let explanation = json_of(&explanation.unwrap().unwrap());
            for (list, kind) in [("grants", "grant"), ("limits", "limit")] {
                for found in explanation[list].as_array().unwrap() {
                    let pointer = found["pointer"].as_str().unwrap();
                    let is_of_question = pointer.starts_with("/subject");
                    assert!(is_of_question || known.get(pointer).is_some_and(|known| known == kind), "{pointer}");
                    named += 1;
                }
            }
        }
    }
    assert!(named > 100, "{named}");
}
