//! Properties of the Tyk Dashboard's rules, and a comparison with a naive implementation.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a record or question that does not fit ends the test"
)]

use crate::support::repetitions::tries;
use latchwork::{open, Authorizer, Value};
use proptest::prelude::*;
use serde_json::{json, Map, Value as Json};

const SECTIONS: [&str; 10] = [
    "apis",
    "users",
    "keys",
    "policies",
    "policy",
    "analytics",
    "owned_analytics",
    "audit_logs",
    "ResetPassword",
    "IsAdmin",
];
const VALUES: [&str; 7] = ["read", "write", "admin", "deny", "", "Read", "true"];
const NAMED: [&str; 3] = ["read", "write", "delete"];
const PERSONAL: [&str; 2] = ["view-key", "make-admin"];
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
const IDS: [&str; 4] = ["u1", "u2", "u12", "me"];
const PATHS: [&str; 33] = [
    "/api/users",
    "/api/users/me",
    "/api/users/u1",
    "/api/users/u2",
    "/api/users/u12",
    "/api/users/u1/x",
    "/api/users/u1/actions/reset",
    "/api/users/u2/actions/reset",
    "/api/users/me/actions/reset",
    "/api/users/u1/actions/key/reset",
    "/api/users/u2/actions/key/reset",
    "/api/users/u1/actions/revoke",
    "/api/apis",
    "/api/apis/a1",
    "/api/apis/a2/x",
    "/api/apis/a1/keys/k",
    "/api/keys",
    "/api/audit-logs",
    "/api/portal/policies/p",
    "/api/usage",
    "/api/usage/a1",
    "/api/usage/apis",
    "/api/usage/apis/a1",
    "/api/uptime/apis/a1",
    "/api/activity/apis/a2/1/2",
    "/api/nosuch",
    "/admin/users",
    "/api/users/",
    "/api//users",
    "/api/users/../apis",
    "/api/users/%75%31",
    "/api/users?id=u1",
    "/api/users/u2/actions/%72eset",
];

fn permissions() -> impl Strategy<Value = Json> {
    prop::collection::btree_map(prop::sample::select(&SECTIONS[..]), prop::sample::select(&VALUES[..]), 0..6).prop_map(
        |mut map| {
            if map.contains_key("policies") {
                map.remove("policy");
            }
            json!(map)
        },
    )
}

fn own_permissions() -> impl Strategy<Value = Json> {
    (permissions(), prop::bool::weighted(0.3)).prop_map(|(mut permissions, admin)| {
        if admin {
            permissions.as_object_mut().unwrap().insert("IsAdmin".into(), json!("admin"));
        }
        permissions
    })
}

fn user(id: &'static str) -> impl Strategy<Value = Json> {
    (
        prop::bool::weighted(0.85),
        prop::sample::select(&["org1", "org2"][..]),
        own_permissions(),
        prop::sample::select(&["", "", "g1", "g2", "g9"][..]),
    )
        .prop_map(move |(active, org, permissions, group)| {
            json!({ "id": id, "active": active, "org_id": org, "user_permissions": permissions, "group_id": group })
        })
}

fn group(id: &'static str) -> impl Strategy<Value = Json> {
    (prop::bool::weighted(0.8), prop::sample::select(&["org1", "org2"][..]), permissions()).prop_map(
        move |(active, org, permissions)| {
            json!({ "id": id, "active": active, "org_id": org, "user_permissions": permissions })
        },
    )
}

fn api(id: &'static str) -> impl Strategy<Value = Json> {
    (
        prop::collection::vec(prop::sample::select(&IDS[..]), 0..2),
        prop::collection::vec(prop::sample::select(&["g1", "g2", "g9", "u1"][..]), 0..2),
        prop::option::weighted(0.3, prop::sample::select(&["org1", "org2"][..])),
    )
        .prop_map(move |(users, groups, org)| {
            json!({ "id": id, "user_owners": users, "user_group_owners": groups, "org_id": org })
        })
}

fn config() -> impl Strategy<Value = Json> {
    any::<[bool; 6]>().prop_map(|[empty, reset, ownership, key, view, admins]| {
        json!({ "empty_permissions_is_admin": empty, "allow_admin_reset_password": reset,
                "enable_ownership": ownership, "forbid_admin_reset_access_token": key,
                "forbid_admin_view_access_token": view, "only_super_admin_creates_admin": admins })
    })
}

fn records() -> impl Strategy<Value = Json> {
    (user("u1"), user("u2"), user("me"), group("g1"), group("g2"), api("a1"), api("a2"), config()).prop_map(
        |(u1, u2, me, g1, g2, a1, a2, config)| {
            json!({ "users": [u1, u2, me], "groups": [g1, g2], "apis": [a1, a2], "config": config })
        },
    )
}

/// Questions about all kinds of resources.
fn questions() -> Vec<(&'static str, String)> {
    let named = SECTIONS.iter().map(|section| format!("section:{section}"));
    let named =
        named.chain(["section:mine", "api:a1", "api:a2", "api:a9", "section:", "api:a/b", "apis"].map(String::from));
    let named = named.chain(["user:u1", "user:u2", "user:u9", "user:", "user:a/b", "user"].map(String::from));
    let named: Vec<String> = named.chain(PATHS.iter().map(|path| format!("path:{path}"))).collect();
    let actions = NAMED.iter().chain(&PERSONAL).chain(&METHODS);
    actions.flat_map(|action| named.iter().map(move |resource| (*action, resource.clone()))).collect()
}

fn opened(records: &Json) -> Authorizer {
    open("tyk", &records.to_string()).unwrap()
}

fn can(authorizer: &Authorizer, id: Option<&str>, action: &str, resource: &str) -> bool {
    authorizer.can(&authorizer.subject(id), action, resource).unwrap()
}

fn is_write(action: &str) -> bool {
    !["read", "view-key", "GET", "HEAD"].contains(&action)
}

/// A naive implementation of the documented rules.
mod naive {
    use super::*;

    const LEVELS: [&str; 3] = ["read", "write", "admin"];

    pub fn decide(records: &Json, id: &str, action: &str, resource: &str) -> bool {
        let users = records["users"].as_array().unwrap();
        let Some(user) = users.iter().find(|user| user["id"] == id) else { return false };
        if user["active"] != true {
            return false;
        }
        let (admin, permissions) = effective(records, user);
        let intent = match action {
            "read" | "view-key" | "GET" | "HEAD" => "read",
            "delete" | "DELETE" => "delete",
            _ => "write",
        };
        let (form, rest) = resource.split_once(':').unwrap_or(("", ""));
        let is_method = action.chars().all(|letter| letter.is_ascii_uppercase());
        if is_method != (form == "path") || PERSONAL.contains(&action) != (form == "user") || rest.is_empty() {
            return false;
        }
        let mut parts: Vec<&str> = Vec::new();
        let sections: Option<Vec<String>> = match form {
            "section" if rest == "IsAdmin" || rest == "ResetPassword" => return false,
            "section" => Some(vec![rest.replace("policy", "policies")]),
            "api" | "user" if rest.contains('/') => return false,
            "user" if action == "view-key" && rest == id => return true,
            "user" if action == "view-key" && records["config"]["forbid_admin_view_access_token"] == true => {
                return false
            }
            "user" if action == "make-admin" && !admin => return false,
            "user" if action == "make-admin" && records["config"]["only_super_admin_creates_admin"] == true => {
                return false
            }
            "user" => Some(vec!["users".into()]),
            "api" => Some(vec!["apis".into()]),
            "path" => {
                if rest.contains(['%', '?']) || rest.split('/').skip(1).any(|part| part.is_empty() || part == "..") {
                    return false;
                }
                parts = rest.split('/').collect();
                match records.get("permissions") {
                    Some(map) => {
                        let found =
                            map.as_array().unwrap().iter().filter(|entry| rest.contains(entry["rx"].as_str().unwrap()));
                        Some(
                            found
                                .map(|entry| entry["permission"].as_str().unwrap().replace("policy", "policies"))
                                .collect(),
                        )
                    }
                    None if rest == "/api/users/me" => return intent == "read",
                    None => table(rest),
                }
            }
            _ => return false,
        };
        let sections = sections.unwrap_or_default();
        let is_users = parts.get(1..3) == Some(&["api", "users"]);
        let own = parts.get(3) == Some(&id);
        let me = is_users && own && intent == "read";
        let key_reset = is_users && parts.get(4..) == Some(&["actions", "key", "reset"]);
        let self_key = key_reset && own && intent == "write";
        let value = |section: &str| permissions.get(section).and_then(Json::as_str);
        let fits = |value: &str| match intent {
            "read" => LEVELS.contains(&value),
            _ => ["write", "admin"].contains(&value),
        };
        // D1 to D6.
        let mut denials = vec![sections.is_empty() && !self_key && !me];
        for section in sections.iter().map(String::as_str) {
            let absent = value(section).is_none();
            denials.push(!admin && section != "ResetPassword" && absent && !self_key && !me);
            denials.push(!admin && !self_key && !absent && !fits(value(section).unwrap()));
            denials.push(admin && !self_key && value(section) == Some("deny"));
            denials.push(!admin && section == "ResetPassword" && !own);
            let may_reset = records["config"]["allow_admin_reset_password"] == true || value("ResetPassword").is_some();
            denials.push(admin && section == "ResetPassword" && !own && !may_reset);
            // The limits.
            denials.push(!admin && !self_key && section == "audit_logs" && intent != "read");
        }
        denials.push(
            key_reset && !own && intent != "read" && records["config"]["forbid_admin_reset_access_token"] == true,
        );
        let api = match form {
            "api" => Some(rest),
            _ if parts.get(1..3) == Some(&["api", "apis"]) => parts.get(3).copied(),
            _ if parts.len() > 4 && ["usage", "uptime", "activity"].contains(&parts[2]) && parts[3] == "apis" => {
                // Both are needed. Ownership does not limit admins.
                let is_limited = !admin && value("owned_analytics").is_some_and(|value| LEVELS.contains(&value));
                is_limited.then_some(parts[4])
            }
            _ => None,
        };
        let api = records["apis"].as_array().unwrap().iter().find(|known| api.is_some_and(|api| known["id"] == api));
        denials.push(api.is_some_and(|api| !may_see(records, user, admin, api)));
        !denials.contains(&true)
    }

    fn may_see(records: &Json, user: &Json, admin: bool, api: &Json) -> bool {
        if !api["org_id"].is_null() && api["org_id"] != user["org_id"] {
            return false;
        }
        let (users, groups) = (api["user_owners"].as_array().unwrap(), api["user_group_owners"].as_array().unwrap());
        let is_own = |group: &&Json| group["id"] == user["group_id"] && group["org_id"] == user["org_id"];
        let has_group = records["groups"].as_array().unwrap().iter().any(|group| is_own(&group));
        let by_group = has_group && groups.contains(&user["group_id"]);
        records["config"]["enable_ownership"] != true
            || admin
            || (users.is_empty() && groups.is_empty())
            || users.contains(&user["id"])
            || by_group
    }

    /// Whether the user is an admin, and the permissions that apply.
    fn effective(records: &Json, user: &Json) -> (bool, Map<String, Json>) {
        let own = spelled(&user["user_permissions"]);
        if own.get("IsAdmin") == Some(&json!("admin")) {
            return (true, own);
        }
        let groups = records["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["id"] == user["group_id"] && group["org_id"] == user["org_id"]);
        let mut object = match group {
            Some(group) if group["active"] != true => Map::new(),
            Some(group) => spelled(&group["user_permissions"]),
            None => own,
        };
        if group.is_some() {
            object.remove("ResetPassword");
        }
        let written = object.iter().any(|(key, value)| key != "IsAdmin" && LEVELS.contains(&value.as_str().unwrap()));
        if group.is_none() && !written && records["config"]["empty_permissions_is_admin"] == true {
            return (true, Map::new());
        }
        // `IsAdmin` grants nothing.
        object.remove("IsAdmin");
        object.retain(|_, value| value != "deny" && value != "");
        // The limits come after D3, which denies a section whose value grants nothing.
        let granted = |section: &str| {
            let value = object.get(section).and_then(Json::as_str);
            value.is_some_and(|value| LEVELS.contains(&value))
        };
        if granted("owned_analytics") && !granted("analytics") {
            object.remove("owned_analytics");
        }
        (false, object)
    }

    fn spelled(object: &Json) -> Map<String, Json> {
        object
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.replace("policy", "policies"), value.clone()))
            .collect()
    }

    /// The rows for the paths of these tests, in order.
    fn table(path: &str) -> Option<Vec<String>> {
        let below = |start: &str| path == start || path.starts_with(&format!("{start}/"));
        let parts: Vec<&str> = path.split('/').collect();
        let section = if below("/api/users") && parts.get(4..) == Some(&["actions", "reset"]) {
            "ResetPassword"
        } else if below("/api/users") {
            "users"
        } else if below("/api/keys") || (below("/api/apis") && parts.get(4) == Some(&"keys")) {
            "keys"
        } else if ["/api/usage", "/api/uptime", "/api/activity"].into_iter().any(below) {
            "analytics"
        } else if below("/api/portal/policies") {
            "policies"
        } else if below("/api/apis") {
            "apis"
        } else if below("/api/audit-logs") {
            "audit_logs"
        } else {
            return None;
        };
        Some(vec![section.into()])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(tries(64)))]

    #[test]
    fn decisions_match_the_naive_rules(records in records()) {
        let authorizer = opened(&records);
        for id in IDS {
            let subject = authorizer.subject(Some(id));
            for (action, resource) in questions() {
                let got = authorizer.decide(&subject, action, &resource, &Value::Null).unwrap();
                let wanted = naive::decide(&records, id, action, &resource);
                prop_assert_eq!(got.allow, wanted, "{} {} {}: {:?}", id, action, resource, got);
            }
        }
    }

    #[test]
    fn own_path_map_replaces_the_built_in_table(
        records in records(),
        map in prop::collection::vec(
            (prop::sample::select(&SECTIONS[..]), prop::sample::select(&["/api/users", "reset", "key", "/api/apis/a", "nosuch", "u1"][..])),
            0..4,
        ),
    ) {
        let mut records = records;
        let map: Vec<Json> = map.iter().map(|(permission, rx)| json!({ "permission": permission, "rx": rx })).collect();
        records["permissions"] = json!(map);
        let authorizer = opened(&records);
        for id in IDS {
            for (action, resource) in questions() {
                let got = can(&authorizer, Some(id), action, &resource);
                prop_assert_eq!(got, naive::decide(&records, id, action, &resource), "{} {} {}", id, action, resource);
            }
        }
    }

    #[test]
    fn unauthenticated_unknown_and_inactive_users_are_denied(records in records()) {
        let mut records = records;
        records["users"][0]["active"] = json!(false);
        let authorizer = opened(&records);
        for (action, resource) in questions() {
            for id in [None, Some("u9"), Some(""), Some("U2"), Some("u1")] {
                prop_assert!(!can(&authorizer, id, action, &resource), "{:?} {} {}", id, action, resource);
            }
        }
    }

    #[test]
    fn attempt_is_allowed_to_everyone_and_allows_nothing_else(records in records()) {
        let authorizer = opened(&records);
        for id in [None, Some("u1"), Some("u2"), Some("u9")] {
            for (_, resource) in questions() {
                let wanted = resource.strip_prefix("user:").is_some_and(|id| !id.is_empty() && !id.contains('/'));
                prop_assert_eq!(can(&authorizer, id, "attempt", &resource), wanted, "{:?} {}", id, resource);
            }
        }
    }

    #[test]
    fn read_permissions_allow_only_writes_to_the_own_user(records in records()) {
        let mut records = records;
        let read: Map<String, Json> = SECTIONS[..8].iter().filter(|name| **name != "policy").map(|name| ((*name).into(), json!("read"))).collect();
        records["users"][0]["user_permissions"] = json!(read);
        records["users"][0]["group_id"] = json!("");
        let authorizer = opened(&records);
        let own = ["path:/api/users/u1/actions/reset", "path:/api/users/u1/actions/key/reset"];
        for (action, resource) in questions().into_iter().filter(|(action, _)| is_write(action)) {
            let allow = can(&authorizer, Some("u1"), action, &resource);
            prop_assert!(!allow || own.contains(&resource.as_str()), "{} {}", action, resource);
        }
    }

    #[test]
    fn removing_a_permission_never_adds_access(records in records(), taken in prop::sample::select(&SECTIONS[..8])) {
        // Three values deny instead of allowing, so removing them can add access: an admin's `deny`, the last
        // permission of an object if an empty one makes an admin, and a value to which D3 applies. Beside `analytics`,
        // `owned_analytics` limits requests about an API to those that the user owns.
        let mut records = records;
        records["config"]["empty_permissions_is_admin"] = json!(false);
        let opens = [json!("read"), json!("write"), json!("admin")];
        records["users"][0]["user_permissions"].as_object_mut().unwrap().retain(|_, value| opens.contains(value));
        let before = opened(&records);
        let permissions = records["users"][0]["user_permissions"].as_object_mut().unwrap();
        let is_limit = taken == "owned_analytics" && permissions.contains_key("analytics");
        permissions.remove(taken);
        let after = opened(&records);
        for (action, resource) in questions() {
            let names_an_api = resource.strip_prefix("path:/api/").and_then(|rest| rest.split('/').nth(1)) == Some("apis");
            if is_limit && names_an_api {
                continue;
            }
            let added = can(&after, Some("u1"), action, &resource) && !can(&before, Some("u1"), action, &resource);
            prop_assert!(!added, "{} {}", action, resource);
        }
    }

    #[test]
    fn only_admins_change_passwords_of_other_users(records in records()) {
        let mut records = records;
        records["config"]["empty_permissions_is_admin"] = json!(false);
        records["users"][0]["user_permissions"].as_object_mut().unwrap().insert("IsAdmin".into(), json!("true"));
        let authorizer = opened(&records);
        for action in METHODS {
            for path in ["/api/users/u2/actions/reset", "/api/users/u2/actions/%72eset", "/api/users/u2/actions//reset"] {
                prop_assert!(!can(&authorizer, Some("u1"), action, &format!("path:{path}")), "{} {}", action, path);
            }
        }
    }

    #[test]
    fn section_name_never_allows_another_section(section in "[a-z_]{1,12}", asked in "[a-zA-Z_/:.%]{0,13}") {
        prop_assume!(asked != section && (asked.as_str(), section.as_str()) != ("policy", "policies"));
        prop_assume!((asked.as_str(), section.as_str()) != ("policies", "policy"));
        let records = json!({ "users": [{ "id": "u1", "active": true, "user_permissions": { section: "write" } }] });
        let resource = format!("section:{asked}");
        prop_assert!(!can(&opened(&records), Some("u1"), "read", &resource), "{}", resource);
    }

    #[test]
    fn random_path_allows_an_admin_only_known_routes(path in "(/|api|users|u2|[.%;?#2F\\\\ ]|[a-z]){0,12}") {
        let records = json!({ "users": [{ "id": "u1", "active": true, "user_permissions": { "IsAdmin": "admin" } }] });
        let resource = format!("path:{path}");
        if can(&opened(&records), Some("u1"), "POST", &resource) {
            let parts: Vec<&str> = path.split('/').collect();
            prop_assert!(path.starts_with("/api/"), "{}", path);
            prop_assert!(parts.iter().skip(1).all(|part| !["", ".", ".."].contains(part)), "{}", path);
            prop_assert!(!path.contains(['?', '#', ';', '\\', ' ']), "{}", path);
        }
    }

    #[test]
    fn digest_is_independent_of_document_order(records in records()) {
        let mut turned = records.clone();
        for list in ["users", "groups", "apis"] {
            turned[list].as_array_mut().unwrap().reverse();
        }
        prop_assert_eq!(opened(&records).digest(), opened(&turned).digest());
    }

    #[test]
    fn records_with_one_user_give_the_same_digest(records in records()) {
        let mut own = records.clone();
        let group = records["users"][0]["group_id"].clone();
        own["users"] = json!([records["users"][0]]);
        own["groups"].as_array_mut().unwrap().retain(|known| known["id"] == group);
        own["apis"] = json!([]);
        let (all, own) = (opened(&records), opened(&own));
        prop_assert_eq!(all.subject_digest(&all.subject(Some("u1"))), own.subject_digest(&own.subject(Some("u1"))));
    }

    #[test]
    fn secrets_change_no_digest_and_appear_in_no_problem(secret in "[a-z]{12,20}") {
        let with = |secret: &str| json!({ "users": [{ "id": "u1", "password": secret, "access_key": secret, "sessions": [secret] }],
            "config": { "admin_secret": secret }, "reset_tokens": [{ "token": secret, "user": "u1", "issued_at": 0 }] });
        prop_assert_eq!(opened(&with(&secret)).digest(), opened(&with("another")).digest());
        let mut twice = with(&secret);
        let mut second = twice["users"][0].clone();
        second["id"] = json!("u2");
        twice["users"].as_array_mut().unwrap().push(second);
        let problems = open("tyk", &twice.to_string()).unwrap_err();
        let text = format!("{problems} {problems:?}");
        prop_assert!(!text.contains(&secret), "{}", text);
        let body = json!({ "current_password": secret, "new_password": secret, "confirm": "x" });
        let policy = json!({ "config": { "password_policy": { "minLength": 100, "multiCase": true, "minNumeric": 3 } } });
        let checked = opened(&policy).validate("password.change", &Value::parse(&body.to_string()).unwrap()).unwrap();
        let text = format!("{checked:?}");
        prop_assert!(!text.contains(&secret), "{}", text);
    }
}

/// The stored form of a valid body.
fn stored(kind: &str, body: &Json) -> Json {
    let checked = latchwork::validate("tyk", kind, &Value::parse(&body.to_string()).unwrap()).unwrap();
    serde_json::from_str(&checked.unwrap().to_string()).unwrap()
}

#[test]
fn stored_body_has_no_denials_and_unknown_members() {
    let body = json!({ "id": "x", "access_key": "k", "org_id": "org2", "first_name": "N", "last_name": "U", "email_address": "N@b.c",
        "user_permissions": { "policy": "read", "apis": "deny", "log": "", "mine": "rx", "ResetPassword": "admin" } });
    let wanted = json!({ "first_name": "N", "last_name": "U", "email_address": "n@b.c", "active": false, "group_id": "",
        "password_max_days": 0, "api_model": {}, "user_permissions": { "policies": "read", "mine": "rx" } });
    assert_eq!(stored("user.create", &body), wanted);

    let body = json!({ "password": "ignored", "user_permissions": { "IsAdmin": "admin", "apis": "deny", "ResetPassword": "admin" } });
    let wanted = json!({ "user_permissions": { "IsAdmin": "admin", "apis": "deny" } });
    assert_eq!(stored("user.update", &body), wanted);

    let body =
        json!({ "name": "g", "user_permissions": { "IsAdmin": "false", "apis": "read", "ResetPassword": "admin" } });
    let wanted = json!({ "name": "g", "description": "", "active": true, "password_max_days": 0, "user_permissions": { "apis": "read" } });
    assert_eq!(stored("group.create", &body), wanted);

    let body = json!({ "first_name": "N", "last_name": "U", "email_address": "N@b.c", "org_id": "org2" });
    let permissions = json!({ "IsAdmin": "admin", "ResetPassword": "admin" });
    assert_eq!(stored("admin.user.create", &body)["user_permissions"], permissions);
    assert_eq!(stored("admin.user.create", &body)["org_id"], "org2");

    let body = json!({ "current_password": "x", "new_password": "sixsix", "confirm": "sixsix" });
    assert_eq!(stored("password.change", &body), json!({ "current_password": "x", "new_password": "sixsix" }));
}

#[test]
fn records_with_more_than_ten_thousand_permissions_are_refused() {
    let with = |count: usize| {
        let permissions: Map<String, Json> = (0..count).map(|number| (format!("s{number}"), json!("read"))).collect();
        json!({ "users": [{ "id": "u1", "active": true, "user_permissions": permissions }] })
    };
    assert!(can(&opened(&with(10_000)), Some("u1"), "read", "section:s9999"));
    let problems = open("tyk", &with(10_001).to_string()).unwrap_err();
    assert_eq!(problems.problems().first().unwrap().path, "/users/0/user_permissions");
}

#[test]
fn every_rule_has_an_explanation() {
    let words: Map<String, Json> = serde_json::from_str(include_str!("../../src/systems/tyk/words.json")).unwrap();
    let mut named: Vec<&str> = words.keys().map(String::as_str).collect();
    let mut rules = latchwork::vocabulary("tyk").unwrap().rules.to_vec();
    named.sort_unstable();
    rules.sort_unstable();
    assert_eq!(named, rules);
}

#[test]
fn every_rule_has_a_case() {
    let file: Json = serde_json::from_str(include_str!("../cases/tyk/own.json")).unwrap();
    let mut left = latchwork::vocabulary("tyk").unwrap().rules.to_vec();
    for case in file["cases"].as_array().unwrap().iter().filter(|case| case["expect"]["allow"].is_boolean()) {
        let mut given = case["given"].clone();
        for list in ["users", "groups"] {
            for item in given.get_mut(list).and_then(Json::as_array_mut).into_iter().flatten() {
                let item = item.as_object_mut().unwrap();
                item.entry("active").or_insert(json!(true));
                item.entry("org_id").or_insert(json!("org1"));
            }
        }
        let (authorizer, ask) = (opened(&given), &case["ask"]);
        let (action, resource) = (ask["action"].as_str().unwrap(), ask["resource"].as_str().unwrap());
        let subject = authorizer.subject(ask["user"].as_str());
        let decision = authorizer.decide(&subject, action, resource, &Value::Null).unwrap();
        left.retain(|rule| *rule != decision.rule);
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn subject_digest_depends_on_the_settings() {
    let digest = |config: serde_json::Value| {
        let user = serde_json::json!({ "id": "u1", "active": true, "user_permissions": {} });
        let records = serde_json::json!({ "users": [user], "config": config });
        let authorizer = open("tyk", &records.to_string()).unwrap();
        authorizer.subject_digest(&authorizer.subject(Some("u1")))
    };
    let switched = serde_json::json!({ "allow_admin_reset_password": true });
    assert_eq!(digest(serde_json::json!({})), digest(serde_json::json!({})));
    assert_ne!(digest(serde_json::json!({})), digest(switched));
}
