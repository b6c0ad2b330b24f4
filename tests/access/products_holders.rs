//! `holders` of the models of products: exactly the listed users whom the model allows, on the questions of its cases.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken case file ends the test"
)]

use std::fs;
use std::path::Path;

use crate::support::case_defaults::with_defaults;
use latchwork::{open, Value};
use serde_json::{json, Value as Json};

/// The ids of the users of records, sorted.
fn ids(system: &str, given: &Json) -> Vec<String> {
    let users = &given["users"];
    let member = match system {
        "antmedia" => "email",
        "meuse" => "name",
        _ => "id",
    };
    let mut ids: Vec<String> = match users {
        Json::Object(users) => users.keys().cloned().collect(),
        users => users.as_array().into_iter().flatten().map(|user| user[member].as_str().unwrap().to_owned()).collect(),
    };
    ids.sort();
    ids
}

/// Compares the answers on the questions of all cases; `least` guards against files that are not read.
fn run(system: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(system);
    let (mut asked, mut some) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let file: Json = serde_json::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let (Some(given), Some(ask)) = (case.get("given"), case.get("ask")) else { continue };
            let (Some(action), Some(resource)) = (ask["action"].as_str(), ask["resource"].as_str()) else { continue };
            let given = with_defaults(system, given);
            let Ok(authorizer) = open(system, &given.to_string()) else { continue };
            let attributes = match (ask.get("attributes"), ask.get("fields")) {
                (Some(attributes), _) => attributes.clone(),
                (None, Some(fields)) => json!({ "fields": fields }),
                (None, None) => Json::Null,
            };
            let attributes = Value::parse(&attributes.to_string()).unwrap();
            let may = |id: Option<&str>| {
                authorizer
                    .decide(&authorizer.subject(id), action, resource, &attributes)
                    .is_ok_and(|decision| decision.allow)
            };
            let Ok(holders) = authorizer.holders(action, resource, &attributes) else { continue };
            let allowed: Vec<String> = ids(system, &given).into_iter().filter(|id| may(Some(id))).collect();
            let expected = Value::object([
                ("users", Value::texts(&allowed)),
                ("authenticated", false.into()),
                ("everyone", may(None).into()),
            ]);
            assert_eq!(holders, expected, "{}: {given}", case["id"]);
            asked += 1;
            some += usize::from(!allowed.is_empty());
        }
    }
    assert!(asked >= least && some * 10 > asked, "only {asked} questions, {some} with holders");
}

#[test]
fn antmedia_lists_who_may() {
    run("antmedia", 40);
}

#[test]
fn arangodb_lists_who_may() {
    run("arangodb", 5);
}

#[test]
fn meuse_lists_who_may() {
    run("meuse", 36);
}

#[test]
fn tyk_lists_who_may() {
    run("tyk", 36);
}

#[test]
fn wso2_cannot_say_who_may() {
    let authorizer =
        open("wso2", &with_defaults("wso2", &json!({})).to_string()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(authorizer.holders("ui.execute", "/permission", &Value::Null).unwrap_err().code(), "unsupported");
}
