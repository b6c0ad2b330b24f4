//! Exports the records of a store.

use super::import::MAPS;
use super::stored::{members, without_member};
use crate::document::value::Value;

/// The records of a store, without passwords, keys and sessions.
pub fn export_records(entries: &[(String, Value)]) -> Value {
    let (mut users, mut groups, mut apis, mut rest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (key, value) in entries {
        match key.split_once('/').map_or(key.as_str(), |(kind, _)| kind) {
            "user" => users.extend(value.get("record").map(|record| without_member(record.clone(), "access_key"))),
            "group" => groups.push(value.clone()),
            "api" => apis.push(value.clone()),
            "settings" => {
                let kept = |(name, _): &&(String, Value)| name == "config" || MAPS.contains(&name.as_str());
                rest = members(value).iter().filter(kept).cloned().collect();
            }
            _ => {}
        }
    }
    let mut records = Vec::new();
    for (name, list) in [("users", users), ("groups", groups), ("apis", apis)] {
        records.push((name.to_owned(), Value::List(list)));
    }
    records.extend(rest);
    Value::Object(records)
}
