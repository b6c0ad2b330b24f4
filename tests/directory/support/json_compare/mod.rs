//! How what a call answered is held against what its case expects.

use serde_json::Value as Json;

/// Equal, but for `<uuid>` and `<token>`, which stand for any.
pub fn fits(got: &Json, wanted: &Json) -> bool {
    match (got, wanted) {
        (Json::String(got), Json::String(wanted)) if wanted == "<uuid>" => {
            got.len() == 36 && got.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        }
        (Json::String(got), Json::String(wanted)) if wanted == "<token>" => got.len() == 68,
        (Json::Array(got), Json::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(got, wanted)| fits(got, wanted))
        }
        (Json::Object(got), Json::Object(wanted)) => {
            got.len() == wanted.len()
                && wanted.iter().all(|(name, wanted)| got.get(name).is_some_and(|got| fits(got, wanted)))
        }
        _ => got == wanted,
    }
}

/// As [`fits`], with members that nobody asked for.
pub fn contains(got: &Json, wanted: &Json) -> bool {
    match (got, wanted) {
        (Json::Array(got), Json::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(got, wanted)| contains(got, wanted))
        }
        (Json::Object(got), Json::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| got.get(name).is_some_and(|got| contains(got, wanted)))
        }
        _ => fits(got, wanted),
    }
}

/// Whether a record has the members that are wanted. One that is not set may be left out of it.
pub fn has(record: &Json, wanted: &Json) -> bool {
    wanted.as_object().unwrap().iter().all(|(name, wanted)| contains(&record[name], wanted))
}

/// A list in the order of its items' texts.
pub fn sorted(list: &Json) -> Json {
    let mut items: Vec<Json> = list.as_array().unwrap().clone();
    items.sort_by_key(Json::to_string);
    Json::Array(items)
}
