//! Every case file under `tests/cases`, run natively through the public interface.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken case file ends the test")]

use crate::support::case_defaults::with_defaults;
use crate::support::case_files::{check_members, is_call, load_cases, run_cases, NOTES};
use latchwork::{
    classify, open, validate, Authorizer, Error, Principal, Request, Subject, SystemName, Value, Word as _,
};
use serde_json::{json, Map, Value as Json};

/// The least number of decision cases of a model, so that a file that is not found is noticed.
const LEAST: usize = 33;

#[test]
fn every_model_decides_as_its_cases_expect() {
    for system in SystemName::WORDS {
        let cases = load_cases(system).into_iter().filter(|case| !is_call(case));
        run_cases(cases, LEAST, |case| run_case(system, case));
    }
}

fn run_case(system: &str, case: &Json) -> Result<(), String> {
    check_members(case, &["id", "given", "given_text", "ask", "http", "validate", "expect"], &NOTES)?;
    let given = with_defaults(system, case.get("given").unwrap_or(&json!({})));
    let opened = open(system, case["given_text"].as_str().unwrap_or(&given.to_string()));
    if let Some(check) = case.get("validate") {
        return run_validation(system, case.get("given").map(|_| opened), check, &case["expect"]);
    }
    let Some(ask) = case.get("ask") else { return run_rejection(opened, &case["expect"]) };
    let authorizer = opened.map_err(|error| format!("{error}: {:?}", error.problems()))?;
    if system == "rbac" {
        return run_question(&authorizer, ask, &case["expect"]);
    }
    check_members(
        ask,
        &["user", "role", "action", "resource", "fields", "attributes", "database", "collection", "server", "http"],
        &[],
    )?;
    if let Some(http) = case.get("http") {
        if ask.get("http").is_none() {
            let question = classify_http(system, http)?.ok_or("no route has this request")?;
            expect_equal("classified action", &json!(question["action"]), &ask["action"])?;
            expect_equal("classified resource", &json!(question["resource"]), &ask["resource"])?;
            if let Some(fields) = ask.get("fields") {
                // The order of the fields has no effect.
                let sorted = |fields: &Json| {
                    let mut fields = fields.as_array().cloned().unwrap_or_default();
                    fields.sort_by_key(Json::to_string);
                    json!(fields)
                };
                expect_equal("classified fields", &sorted(&question["attributes"]["fields"]), &sorted(fields))?;
            }
        }
    }
    let subject = resolve_subject(&authorizer, ask)?;
    let got = decide_question(system, &authorizer, &subject, ask)?;
    for (name, wanted) in case["expect"].as_object().unwrap() {
        expect_equal(name, got.get(name).unwrap_or(&Json::Null), wanted)?;
    }
    Ok(())
}

/// Decides a question that is one object.
fn run_question(authorizer: &Authorizer, ask: &Json, expect: &Json) -> Result<(), String> {
    const MEMBERS: [(&str, &str); 8] = [
        ("subject", "subject"),
        ("action", "action"),
        ("resource", "resource"),
        ("attributes", "attributes"),
        ("context", "context"),
        ("action_properties", "properties"),
        ("within", "within"),
        ("now", "now"),
    ];
    check_members(ask, &MEMBERS.map(|(member, _)| member), &["user"])?;
    let mut question = Map::new();
    if let Some(user) = ask.get("user") {
        question.insert("subject".into(), user.clone());
    }
    for (member, name) in MEMBERS {
        question.extend(ask.get(member).map(|value| (name.into(), value.clone())));
    }
    let question = Value::parse(&Json::Object(question).to_string()).unwrap();
    let got = match authorizer.ask(&question) {
        Ok(decision) => serde_json::to_value(decision).unwrap(),
        Err(error) => json!({ "error": error.code() }),
    };
    for (name, wanted) in expect.as_object().unwrap() {
        expect_equal(name, got.get(name).unwrap_or(&Json::Null), wanted)?;
    }
    Ok(())
}

fn expect_equal(what: &str, got: &Json, wanted: &Json) -> Result<(), String> {
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{what}: expected {wanted}, got {got}"))
    }
}

fn resolve_subject(authorizer: &Authorizer, ask: &Json) -> Result<Subject, String> {
    match ask.get("role") {
        Some(role) => {
            let role = Principal::Role(role.as_str().unwrap());
            authorizer.principal(role).map_err(|error| error.to_string())
        }
        None => Ok(authorizer.subject(ask["user"].as_str())),
    }
}

fn decide_question(system: &str, authorizer: &Authorizer, subject: &Subject, ask: &Json) -> Result<Json, String> {
    if system == "arangodb" && ask.get("action").is_none() {
        let resource = arangodb_resource(ask);
        let level = |action| -> Result<Json, String> {
            let decision = authorizer.decide(subject, action, &resource, &Value::Null).map_err(|e| e.to_string())?;
            Ok(json!(decision.level))
        };
        return Ok(json!({ "level": level("level")?, "usable": level("usable")? }));
    }
    let question = match ask.get("http") {
        Some(http) => match classify_http(system, http)? {
            Some(question) => question,
            None => return Ok(json!({ "allow": false })),
        },
        None => json!({ "action": ask["action"], "resource": ask["resource"], "attributes": attributes(ask) }),
    };
    let (action, resource) = (question["action"].as_str().unwrap(), question["resource"].as_str().unwrap());
    let attributes = Value::parse(&question["attributes"].to_string()).unwrap();
    Ok(match authorizer.decide(subject, action, resource, &attributes) {
        Ok(decision) => json!({ "allow": decision.allow, "level": decision.level }),
        Err(error) => json!({ "error": error.code() }),
    })
}

fn attributes(ask: &Json) -> Json {
    match (ask.get("attributes"), ask.get("fields")) {
        (Some(attributes), _) => attributes.clone(),
        (None, Some(fields)) => json!({ "fields": fields }),
        (None, None) => Json::Null,
    }
}

fn arangodb_resource(ask: &Json) -> String {
    if ask.get("server").is_some() {
        return "/".into();
    }
    let part = |name: &str| ask.get(name).map(|text| text.as_str().unwrap().replace('%', "%25").replace('/', "%2F"));
    match (part("database"), part("collection")) {
        (database, Some(collection)) => format!("{}/{collection}", database.unwrap()),
        (database, None) => database.unwrap(),
    }
}

fn classify_http(system: &str, http: &Json) -> Result<Option<Json>, String> {
    check_members(http, &["method", "path", "query", "body", "encoding"], &[])?;
    let (path, in_path) =
        http["path"].as_str().unwrap().split_once('?').unwrap_or((http["path"].as_str().unwrap(), ""));
    let empty = Map::new();
    let mut query: Vec<(&str, &str)> = in_path.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let members = http.get("query").map_or(&empty, |query| query.as_object().unwrap());
    query.extend(members.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())));
    let body = Value::parse(&http.get("body").unwrap_or(&Json::Null).to_string()).unwrap();
    let request = Request { method: http["method"].as_str().unwrap(), path, query, body: &body };
    let question = classify(system, &request).map_err(|error| error.to_string())?;
    Ok(question.map(|question| {
        json!({ "action": question.action, "resource": question.resource,
                "attributes": serde_json::from_str::<Json>(&question.attributes.to_string()).unwrap() })
    }))
}

fn run_validation(
    system: &str,
    opened: Option<Result<Authorizer, Error>>,
    check: &Json,
    expect: &Json,
) -> Result<(), String> {
    let value = Value::parse(&check["value"].to_string()).map_err(|error| error.to_string())?;
    let kind = check["kind"].as_str().unwrap();
    let result = match opened {
        Some(authorizer) => authorizer.map_err(|e| format!("{e}: {:?}", e.problems()))?.validate(kind, &value),
        None => validate(system, kind, &value),
    };
    let result = result.map_err(|error| error.to_string())?;
    match (result, expect.get("problems")) {
        (Ok(_), None) => Ok(()),
        (Ok(_), Some(wanted)) => Err(format!("valid, expected {wanted}")),
        (Err(problems), None) => Err(format!("expected valid, got {problems:?}")),
        (Err(problems), Some(wanted)) => same_problems(&serde_json::to_value(problems).unwrap(), wanted),
    }
}

fn run_rejection(opened: Result<Authorizer, Error>, expect: &Json) -> Result<(), String> {
    match opened {
        Ok(_) => Err("the records were accepted".into()),
        Err(error) => same_problems(&serde_json::to_value(error.problems()).unwrap(), &expect["problems"]),
    }
}

/// Compares the problems with the expected ones, in any order.
fn same_problems(got: &Json, wanted: &Json) -> Result<(), String> {
    let is_same = |got: &Json, wanted: &Json| {
        got["path"] == wanted["path"] && wanted.get("code").is_none_or(|code| *code == got["code"])
    };
    let (got, wanted) = (got.as_array().unwrap(), wanted.as_array().unwrap());
    let missing = wanted.iter().find(|wanted| !got.iter().any(|got| is_same(got, wanted)));
    let extra = got.iter().find(|got| !wanted.iter().any(|wanted| is_same(got, wanted)));
    match (missing, extra) {
        (None, None) => Ok(()),
        _ => Err(format!("missing {missing:?}, not expected {extra:?}, all {got:?}")),
    }
}
