//! JSON Patch (RFC 6902).

use serde_json::Value as Json;

use super::reference::problems::pointer_to;

/// Applies a JSON Patch of `add`, `remove` and `replace`.
pub fn apply_patch(mut target: Json, patch: &Json) -> Json {
    for change in patch.as_array().unwrap() {
        let (parent, last) = change["path"].as_str().unwrap().rsplit_once('/').unwrap();
        let name = last.replace("~1", "/").replace("~0", "~");
        let parent = target.pointer_mut(parent).unwrap_or_else(|| panic!("{change} leads nowhere"));
        match (change["op"].as_str().unwrap(), parent) {
            ("add", Json::Object(members)) => {
                members.insert(name, change["value"].clone());
            }
            ("add", Json::Array(list)) => {
                let place = if name == "-" { list.len() } else { name.parse().unwrap() };
                list.insert(place, change["value"].clone());
            }
            ("replace", parent) => {
                *parent.pointer_mut(&pointer_to("", &name)).unwrap_or_else(|| panic!("{change} leads nowhere")) =
                    change["value"].clone();
            }
            ("remove", Json::Object(members)) => {
                members.remove(&name).unwrap_or_else(|| panic!("{change} leads nowhere"));
            }
            ("remove", Json::Array(list)) => {
                list.remove(name.parse().unwrap());
            }
            other => panic!("{other:?} in {change}"),
        }
    }
    target
}
