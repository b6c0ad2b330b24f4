//! Digests and packed decisions equal the recorded ones: `tests/vectors/decisions.json`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken file of decisions ends the test"
)]

use latchwork::{open, vocabulary, Authorizer, Decision, Principal, Subject, Value, Vocabulary};
use serde_json::{json, Value as Json};

fn parse_json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn recorded_documents() -> Vec<Json> {
    parse_json(include_str!("../vectors/decisions.json")).as_array().unwrap().clone()
}

#[test]
fn at_least_200_documents_are_recorded_and_some_of_each_recorded_model() {
    let recorded = recorded_documents();
    assert!(recorded.len() >= 200);
    // Nothing is recorded of a new model. `rbac` is compared with a reference implementation: rbac_properties.rs.
    for name in ["antmedia", "arangodb", "meuse", "tyk", "wso2"] {
        assert!(recorded.iter().any(|entry| entry["system"] == name), "{name}");
    }
}

#[test]
fn digests_and_packed_decisions_equal_the_recorded_ones() {
    let layout = parse_json(include_str!("../vectors/packed.json"));
    for entry in recorded_documents() {
        let system = entry["system"].as_str().unwrap();
        let authorizer = open(system, &entry["records"].to_string()).unwrap();
        assert_eq!(entry["digest"], authorizer.digest(), "{}", entry["records"]);
        for caller in entry["subjects"].as_array().unwrap() {
            let subject = resolve_subject(&authorizer, &caller["who"]);
            assert_eq!(
                caller["digest"],
                authorizer.subject_digest(&subject),
                "{}: {}",
                entry["records"],
                caller["who"]
            );
            for (question, answer) in
                entry["questions"].as_array().unwrap().iter().zip(caller["answers"].as_array().unwrap())
            {
                let attributes = Value::parse(&question[2].to_string()).unwrap();
                let (action, resource) = (question[0].as_str().unwrap(), question[1].as_str().unwrap());
                let got = match authorizer.decide(&subject, action, resource, &attributes) {
                    Ok(decision) => json!(pack_decision(&layout, &vocabulary(system).unwrap(), &decision)),
                    Err(error) => json!(error.code()),
                };
                assert_eq!(got, *answer, "{question} of {} in {}", caller["who"], entry["records"]);
            }
        }
    }
}

fn resolve_subject(authorizer: &Authorizer, who: &Json) -> Subject {
    match who.get("role") {
        Some(role) => authorizer.principal(Principal::Role(role.as_str().unwrap())).unwrap(),
        None => authorizer.subject(who["user"].as_str()),
    }
}

/// A decision as the number that crosses the boundary.
fn pack_decision(layout: &Json, vocabulary: &Vocabulary, decision: &Decision) -> u64 {
    let code = |words: &[&str], word: &str| words.iter().position(|known| *known == word).unwrap();
    let level = |level: Option<&str>| level.map_or(0, |level| code(&vocabulary.levels, level) + 1);
    let parts = [
        ("allow", usize::from(decision.allow)),
        ("rule", code(vocabulary.rules, decision.rule)),
        ("level", level(decision.level)),
        ("needs", level(decision.needs)),
    ];
    parts.iter().fold(0, |number, (part, value)| {
        number | (u64::try_from(*value).unwrap() << layout[*part]["shift"].as_u64().unwrap())
    })
}
