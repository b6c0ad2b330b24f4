//! Documents of `rbac` that are opened, subjects of questions, and values as `serde_json` has them.

use latchwork::{open, Authorizer, Subject, Value};
use serde_json::Value as Json;

pub fn opened(document: &Json) -> Authorizer {
    let opened = open("rbac", &document.to_string());
    opened.unwrap_or_else(|error| panic!("{error}: {:?} in {document}", error.problems()))
}

/// The subject of a question, by its record or its id, narrowed to the question's `within`.
pub fn subject_of(authorizer: &Authorizer, question: &Json) -> Subject {
    let subject = match &question["subject"] {
        record @ Json::Object(_) => authorizer.record(&value(record)).unwrap(),
        id => authorizer.subject(id.as_str()),
    };
    match question.get("within") {
        Some(holders) => authorizer.within(subject, &value(holders)).unwrap(),
        None => subject,
    }
}

pub fn value(json: &Json) -> Value {
    Value::parse(&json.to_string()).unwrap()
}

/// The JSON text of a value, with a member that is in it twice.
pub fn text_of(value: &Value) -> String {
    let quoted = |text: &str| Json::from(text).to_string();
    match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(digits) => digits.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(text_of).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}:{}", quoted(name), text_of(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

pub fn json_of(value: &Value) -> Json {
    serde_json::from_str(&text_of(value)).unwrap()
}
