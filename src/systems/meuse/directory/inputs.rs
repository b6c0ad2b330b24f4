//! Rejects invalid bodies and queries with the product's messages.
//!
//! Source: mcorbin/meuse, src/meuse/error.clj, `problem->message` and `default-problem-map`. Problems without a
//! specific message are "incorrect". These include values that only we reject: names and passwords that are too long,
//! and repeated members.

use super::responses::reject;
use crate::directory::prelude::{Call, Interrupt};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

const FILLED: &str = "the value should be a non empty string";
const VERSION: &str = "the value should be a valid semver string";

/// Rejects a value for its problems. `place` is Meuse's name for the part of the request that contains the value.
pub(super) fn reject_invalid(problems: &[Problem], value: &Value, place: &str) -> Interrupt {
    let mut lines = Vec::with_capacity(problems.len());
    for problem in problems {
        lines.push(problem_line(problem, value, place));
    }
    reject_lines(&lines)
}

/// Rejects a value for a field that no form validates.
pub(super) fn reject_field(field: &str) -> Interrupt {
    reject_lines(&[format!("field {field} is incorrect")])
}

/// The query parameters as an object. As in Meuse, the value of a repeated parameter is a list.
pub(super) fn query_to_object(call: &Call<'_>) -> Value {
    let mut members: Vec<(String, Value)> = Vec::new();
    for (name, text) in call.parameters() {
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, value)) => *value = Value::List(vec![std::mem::take(value), Value::Text(text)]),
            None => members.push((name, Value::Text(text))),
        }
    }
    Value::Object(members)
}

/// Rejects an invalid version.
pub(super) fn reject_version(field: &str) -> Interrupt {
    reject_lines(&[format!("field {field}: {VERSION}")])
}

/// Rejects a body that is not valid JSON. Source: mcorbin/meuse, src/meuse/request.clj.
pub(super) fn reject_malformed_json() -> Interrupt {
    reject(400, "fail to convert the request body to json")
}

/// The text of a validated field.
pub(super) fn required_text<'b>(body: &'b Value, field: &str) -> Result<&'b str, Interrupt> {
    body.get(field).and_then(Value::text).ok_or_else(|| reject_field(field))
}

fn reject_lines(lines: &[String]) -> Interrupt {
    let mut text = String::from("Wrong input parameters:\n");
    for line in lines {
        text.push_str(&format!(" - {line}\n"));
    }
    reject(400, &text)
}

fn problem_line(problem: &Problem, document: &Value, place: &str) -> String {
    let mut steps = Vec::new();
    for step in problem.path.split('/').skip(1) {
        steps.push(step.replace("~1", "/").replace("~0", "~"));
    }
    let is_index = |step: &&String| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let is_item = steps.last().as_ref().is_some_and(is_index);
    // Meuse names the last member of the path, and leaves out indexes of lists.
    let mut members = steps.iter().filter(|step| !is_index(step)).map(String::as_str);
    let field = members.next_back().unwrap_or(place);
    if problem.code == Code::Required {
        return format!("field {field} missing in {}", members.next_back().unwrap_or(place));
    }
    let is_empty = value_at(document, &steps) == Some(&Value::Text(String::new()));
    let message = match problem.code {
        // Meuse does not have these checks.
        Code::TooLong | Code::BadFormat | Code::Duplicate if field != "vers" && !is_empty => None,
        Code::TooShort if field == "password" && !is_empty => Some("the password should have at least 8 characters"),
        _ => field_message(field, is_item, members.next_back().is_some()),
    };
    match message {
        Some(message) if !steps.is_empty() => format!("field {field}: {message}"),
        _ => format!("field {field} is incorrect"),
    }
}

/// Meuse's message for an invalid value of this field.
fn field_message(field: &str, is_item: bool, is_inside: bool) -> Option<&'static str> {
    match field {
        // Meuse's message names only two of the three roles.
        "role" => Some("the role should be 'admin' or 'tech'"),
        "active" | "optional" | "default_features" => Some("the value should be a boolean"),
        "validity" => Some("the value should be a positive integer"),
        "vers" => Some(VERSION),
        "deps" => None,
        "users" | "authors" | "keywords" | "categories" | "features" if !is_item => None,
        // A feature's own name, whose value is a list.
        _ if is_inside && !is_item && !DEPENDENCY_TEXTS.contains(&field) => None,
        _ => Some(FILLED),
    }
}

/// The members of a dependency that are strings.
const DEPENDENCY_TEXTS: [&str; 6] = ["name", "version_req", "target", "kind", "registry", "explicit_name_in_toml"];

fn value_at<'d>(document: &'d Value, steps: &[String]) -> Option<&'d Value> {
    let mut value = document;
    for step in steps {
        value = match value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => value.get(step)?,
        };
    }
    Some(value)
}
