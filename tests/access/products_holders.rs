//! `holders` of the models of products: exactly the listed users whom the model allows, on the questions of its cases.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken case file ends the test"
)]

use crate::support::case_defaults::with_defaults;
use crate::support::case_files::load_cases;
use latchwork::{open, SystemName, Value, Word as _};
use serde_json::{json, Value as Json};

/// The ids of the users of records, sorted.
fn ids(system: &str, given: &Json) -> Vec<String> {
    let users = &given["users"];
    // In meuse, an `id` does not identify a user.
    let members: &[&str] = if system == "meuse" { &["name"] } else { &["id", "email", "name"] };
    let id = |user: &Json| members.iter().find_map(|member| user[*member].as_str()).unwrap().to_owned();
    let mut ids: Vec<String> = match users {
        Json::Object(users) => users.keys().cloned().collect(),
        users => users.as_array().into_iter().flatten().map(id).collect(),
    };
    ids.sort();
    ids
}

/// The models with a test below, and `rbac`, which has its tests in rbac_holders.rs.
const TESTED: [&str; 6] = ["antmedia", "arangodb", "meuse", "rbac", "tyk", "wso2"];

/// Compares `holders` with the decisions for each listed user, on the questions of all cases.
fn compare_holders(system: &str, least: usize) {
    let (mut asked, mut some) = (0, 0);
    for case in load_cases(system) {
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
    assert!(asked >= least && (asked == 0 || some * 10 > asked), "only {asked} questions, {some} with holders");
}

#[test]
fn holders_of_antmedia_are_the_listed_users_whom_it_allows() {
    compare_holders("antmedia", 40);
}

#[test]
fn holders_of_arangodb_are_the_listed_users_whom_it_allows() {
    compare_holders("arangodb", 5);
}

#[test]
fn holders_of_meuse_are_the_listed_users_whom_it_allows() {
    compare_holders("meuse", 36);
}

#[test]
fn holders_of_tyk_are_the_listed_users_whom_it_allows() {
    compare_holders("tyk", 36);
}

#[test]
fn holders_of_each_further_model_are_the_listed_users_whom_it_allows() {
    for system in SystemName::WORDS.iter().filter(|system| !TESTED.contains(system)) {
        compare_holders(system, 0);
    }
}

#[test]
fn holders_of_wso2_are_unsupported() {
    let authorizer =
        open("wso2", &with_defaults("wso2", &json!({})).to_string()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(authorizer.holders("ui.execute", "/permission", &Value::Null).unwrap_err().code(), "unsupported");
}
