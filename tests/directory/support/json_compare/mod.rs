//! Compares the response of a call with the one that its case expects.

use serde_json::Value as Json;

/// Whether a value equals the expected one. `<uuid>` and `<token>` match any identifier and token.
pub fn matches(got: &Json, wanted: &Json) -> bool {
    match (got, wanted) {
        (Json::String(got), Json::String(wanted)) if wanted == "<uuid>" => {
            got.len() == 36 && got.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        }
        (Json::String(got), Json::String(wanted)) if wanted == "<token>" => got.len() == 68,
        (Json::Array(got), Json::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(got, wanted)| matches(got, wanted))
        }
        (Json::Object(got), Json::Object(wanted)) => {
            got.len() == wanted.len()
                && wanted.iter().all(|(name, wanted)| got.get(name).is_some_and(|got| matches(got, wanted)))
        }
        _ => got == wanted,
    }
}

/// As [`matches`], but the value can have more members than the expected one.
pub fn contains(got: &Json, wanted: &Json) -> bool {
    match (got, wanted) {
        (Json::Array(got), Json::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(got, wanted)| contains(got, wanted))
        }
        (Json::Object(got), Json::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| got.get(name).is_some_and(|got| contains(got, wanted)))
        }
        _ => matches(got, wanted),
    }
}

/// Whether a record has the expected members. A member without a value can be missing.
pub fn has_members(record: &Json, wanted: &Json) -> bool {
    wanted.as_object().unwrap().iter().all(|(name, wanted)| contains(&record[name], wanted))
}

/// A list, sorted by the texts of its items.
pub fn sorted(list: &Json) -> Json {
    let mut items: Vec<Json> = list.as_array().unwrap().clone();
    items.sort_by_key(Json::to_string);
    Json::Array(items)
}
