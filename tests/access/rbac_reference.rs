//! The reference evaluator of `rbac` passes every case, so that properties can compare the engine with it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken case file ends the test")]

use crate::support::case_files::{load_cases, run_cases};
use crate::support::reference::decision::{decide, QuestionError};
use crate::support::reference::problems::{problems, Problems};
use serde_json::{json, Value as Json};

#[test]
fn the_reference_evaluator_passes_every_case() {
    run_cases(load_cases("rbac").into_iter(), 99, |case| {
        let (got, wanted) = (decide_case(case), &case["expect"]);
        let is_as_expected = match wanted.get("problems") {
            Some(wanted) => got["problems"] == json!(pairs(wanted)),
            None => wanted.as_object().unwrap().iter().all(|(name, wanted)| got.get(name) == Some(wanted)),
        };
        if is_as_expected {
            Ok(())
        } else {
            Err(format!("expected {wanted}, got {got}"))
        }
    });
}

fn pairs(problems: &Json) -> Problems {
    let text = |problem: &Json, name: &str| problem[name].as_str().unwrap().to_owned();
    problems.as_array().unwrap().iter().map(|problem| (text(problem, "path"), text(problem, "code"))).collect()
}

fn decide_case(case: &Json) -> Json {
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
        Err(QuestionError::UnknownAction) => json!({ "error": "unknown_action" }),
        Err(QuestionError::UnknownResource) => json!({ "error": "unknown_resource" }),
        Err(QuestionError::BadQuestion(problems)) => json!({ "error": "bad_question", "problems": problems }),
    }
}
