//! The naive reading of `rbac` passes every case, so that properties can hold the engine against it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken case file ends the test")]

use std::fs;
use std::path::Path;

use crate::support::reference::decision::{decide, Wrong};
use crate::support::reference::problems::{problems, Problems};
use serde_json::{json, Value as Json};

#[test]
fn naive_reading_passes_every_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rbac");
    let (mut passed, mut failures) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let file: Json = serde_json::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let (got, wanted) = (run(case), &case["expect"]);
            let is_as_wanted = match wanted.get("problems") {
                Some(wanted) => got["problems"] == json!(pairs(wanted)),
                None => wanted.as_object().unwrap().iter().all(|(name, wanted)| got.get(name) == Some(wanted)),
            };
            if is_as_wanted {
                passed += 1;
            } else {
                failures.push(format!("{}: expected {wanted}, got {got}", case["id"]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(passed >= 99, "only {passed} cases ran");
}

fn pairs(problems: &Json) -> Problems {
    let text = |problem: &Json, name: &str| problem[name].as_str().unwrap().to_owned();
    problems.as_array().unwrap().iter().map(|problem| (text(problem, "path"), text(problem, "code"))).collect()
}

fn run(case: &Json) -> Json {
    let text = case.get("given_text").map_or_else(|| case["given"].to_string(), |text| text.as_str().unwrap().into());
    let problems = problems(&text);
    let Some(ask) = case.get("ask").filter(|_| problems.is_empty()) else { return json!({ "problems": problems }) };
    let mut question = ask.clone();
    let members = question.as_object_mut().unwrap();
    let user = members.remove("user").unwrap_or_default();
    members.entry("subject").or_insert(user);
    if let Some(properties) = members.remove("action_properties") {
        members.insert("properties".into(), properties);
    }
    match decide(&serde_json::from_str(&text).unwrap(), &question) {
        Ok(answer) => {
            let mut answer_json = json!({ "allow": answer.allow, "level": answer.level, "rule": answer.rule });
            if let Some(needs) = answer.needs {
                answer_json["needs"] = json!(needs);
            }
            answer_json
        }
        Err(Wrong::UnknownAction) => json!({ "error": "unknown_action" }),
        Err(Wrong::UnknownResource) => json!({ "error": "unknown_resource" }),
        Err(Wrong::BadQuestion(problems)) => json!({ "error": "bad_question", "problems": problems }),
    }
}
