//! Defaults of the records of case files.

use serde_json::{json, Value as Json};

/// Fills in what the cases of a system leave out.
pub fn with_defaults(system: &str, given: &Json) -> Json {
    let mut given = given.clone();
    match system {
        "arangodb" => {
            let rw = json!({ "level": "rw", "collections": { "*": "rw" } });
            let root = json!({ "active": true, "grants": { "_system": rw, "*": rw } });
            let users = given.as_object_mut().unwrap().entry("users").or_insert_with(|| json!({}));
            users.as_object_mut().unwrap().entry("root").or_insert(root);
        }
        "tyk" => {
            fill(&mut given, "users", |user| {
                let id = user["id"].as_str().unwrap().to_owned();
                json!({ "active": true, "org_id": "org1", "group_id": "", "last_name": "X", "first_name": id,
                        "email_address": format!("{id}@example.org"), "access_key": format!("key-{id}") })
            });
            fill(&mut given, "groups", |_| json!({ "active": true, "org_id": "org1" }));
        }
        "wso2" => {
            let users = given.as_object_mut().unwrap().entry("users").or_insert_with(|| json!([]));
            let users = users.as_array_mut().unwrap();
            if !users.iter().any(|user| user["name"].as_str().unwrap().eq_ignore_ascii_case("admin")) {
                users.push(json!({ "name": "admin", "password": "admin", "roles": ["admin"] }));
            }
        }
        _ => {}
    }
    given
}

fn fill(given: &mut Json, list: &str, defaults: impl Fn(&Json) -> Json) {
    for item in given.get_mut(list).and_then(Json::as_array_mut).into_iter().flatten() {
        for (name, value) in defaults(item).as_object().unwrap() {
            item.as_object_mut().unwrap().entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}
