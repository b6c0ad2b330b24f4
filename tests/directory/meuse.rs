//! Properties of Meuse's stored entries: imports, lists in parts, exports and deletions.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a broken test ends the test"
)]

use crate::support::host::{Host, Response};
use latchwork::directory::{Call, Guards};
use latchwork::{open, SystemName, Value, Word};
use proptest::prelude::*;
use serde_json::{json, Value as Json};

const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAASSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS";

fn new_shell() -> Host {
    Host::new(SystemName::from_word("meuse").unwrap())
}

fn seeded_shell(records: &Json) -> Host {
    let mut host = new_shell();
    host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
    host
}

fn send_request(host: &mut Host, method: &str, path: &str, body: &Json) -> Response {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    host.call(&Call { method, path, headers: vec![("authorization", TOKEN)], body, ..Call::default() })
}

fn export_records(host: &Host) -> Json {
    serde_json::from_str(&host.records().to_string()).unwrap()
}

#[test]
fn import_rejects_names_that_a_path_cannot_contain() {
    for name in [".", ".."] {
        let mut host = new_shell();
        let records = json!({ "users": [{ "name": "a", "role": "tech" }, { "name": name, "role": "tech" }], "categories": [{ "name": name }] });
        assert!(open("meuse", &records.to_string()).is_ok());
        let error = host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap_err();
        let error: Json = serde_json::from_str(&error).unwrap();
        assert_eq!(error["error"]["code"], "invalid_records");
        let problems = error["error"]["problems"].as_array().unwrap();
        let places: Vec<_> = problems.iter().map(|problem| (&problem["path"], &problem["code"])).collect();
        let code = json!("bad_format");
        assert_eq!(places, [(&json!("/users/1/name"), &code), (&json!("/categories/0/name"), &code)]);
        assert!(host.entries.is_empty());
    }
}

#[test]
fn strict_guards_do_not_reveal_users_at_sign_in() {
    let users = json!({ "users": [
        { "name": "boss", "role": "admin", "password": "password1" },
        { "name": "gone", "role": "tech", "password": "password1", "active": false },
    ] });
    let token = |user: &str, password: &str| json!({ "name": "t", "user": user, "password": password, "validity": 1 });
    for (guards, unknown, inactive) in [
        (Guards::Off, (404, "the user nope does not exist"), (403, "user is not active")),
        (Guards::Strict, (403, "invalid password"), (403, "invalid password")),
    ] {
        let mut host = seeded_shell(&users);
        host.guards = guards;
        let mut sent = |user, password, (status, detail): (u16, &str)| {
            let response = send_request(&mut host, "POST", "/api/v1/meuse/token", &token(user, password));
            assert_eq!(response.status, status, "{user} {password}");
            assert_eq!(response.text, json!({ "errors": [{ "detail": detail }] }).to_string());
            response.work.len()
        };
        let work = sent("boss", "password2", (403, "invalid password"));
        let others = [sent("nope", "password2", unknown), sent("gone", "password1", inactive)];
        if guards == Guards::Strict {
            assert_eq!(others, [work, work]);
        }
    }
}

/// Records with an admin who has a token, and with more entries of each kind than one part of a list.
fn large_records() -> Json {
    let users: Vec<Json> =
        (0..600).map(|n| json!({ "name": format!("u{n:03}"), "role": "tech", "description": "d" })).collect();
    let crates: Vec<Json> = (0..600)
        .map(|n| {
            let categories = if n >= 599 { json!(["rare"]) } else { json!([]) };
            json!({ "name": format!("c{n:03}"), "owners": [format!("u{n:03}"), "boss"], "categories": categories, "versions": ["1.0.0"] })
        })
        .collect();
    json!({
        "users": ([&[json!({ "name": "boss", "role": "admin", "password": "password1" })], &users[..]].concat()),
        "tokens": [{ "user": "boss", "name": "t", "token": TOKEN }],
        "crates": crates,
        "categories": [{ "name": "rare" }],
    })
}

#[test]
fn a_list_in_several_parts_is_complete() {
    let mut host = seeded_shell(&large_records());
    let response = send_request(&mut host, "GET", "/api/v1/meuse/user", &Json::Null);
    let listed: Json = serde_json::from_str(&response.text).unwrap();
    assert_eq!(listed["users"].as_array().unwrap().len(), 601);
    assert_eq!(response.headers, [("content-type", "application/json".to_owned())]);
    let response = send_request(&mut host, "GET", "/api/v1/meuse/crate", &Json::Null);
    let listed: Json = serde_json::from_str(&response.text).unwrap();
    assert_eq!(listed["crates"].as_array().unwrap().len(), 600);
}

#[test]
fn entries_that_a_list_leaves_out_leave_no_gap() {
    let mut host = seeded_shell(&large_records());
    let call = |query| Call {
        method: "GET",
        path: "/api/v1/meuse/crate",
        query,
        headers: vec![("authorization", TOKEN)],
        ..Call::default()
    };
    let listed: Json = serde_json::from_str(&host.call(&call("category=rare")).text).unwrap();
    assert_eq!(listed["crates"][0]["name"], "c599");
    assert_eq!(listed["crates"].as_array().unwrap().len(), 1);
}

#[test]
fn exported_records_equal_the_imported_ones() {
    let host = seeded_shell(&large_records());
    let first = export_records(&host);
    let again = seeded_shell(&first);
    assert_eq!(export_records(&again), first);
    let digest = |records: &Json| open("meuse", &records.to_string()).unwrap().digest().to_owned();
    assert_eq!(digest(&first), digest(&large_records()));
}

#[test]
fn exported_records_contain_no_secret() {
    let host = seeded_shell(&large_records());
    let text = host.records().to_string();
    for secret in [&TOKEN[24..], "argon2", "password", "hash", "digest"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let stored: Vec<String> = host.entries.values().map(|entry| entry.value.to_string()).collect();
    assert!(!stored.concat().contains(&TOKEN[24..]), "the store has the secret of a token");
}

#[test]
fn deleting_a_user_deletes_its_tokens_and_ownerships() {
    let mut host = seeded_shell(&large_records());
    for path in ["/api/v1/meuse/user/u007", "/api/v1/meuse/user/boss"] {
        assert_eq!(send_request(&mut host, "DELETE", path, &Json::Null).status, 200);
    }
    assert!(host.entries.keys().all(|key| !key.starts_with("identifier/")));
    let records = export_records(&host);
    assert_eq!(records["tokens"], json!([]));
    for krate in records["crates"].as_array().unwrap() {
        let owner = krate["name"].as_str().unwrap().replace('c', "u");
        let owners = if owner == "u007" { json!([]) } else { json!([owner]) };
        assert_eq!(krate["owners"], owners, "{}", krate["name"]);
    }
}

#[test]
fn import_rejects_invalid_tokens_at_their_position() {
    let token = |members: Json| {
        let mut token = json!({ "user": "a", "name": members.to_string() });
        token.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        token
    };
    let tokens = [
        token(json!({ "token": TOKEN, "identifier": &TOKEN[..24] })),
        token(json!({ "token": "short" })),
        token(json!({ "token": TOKEN, "identifier": "B".repeat(24) })),
        token(json!({ "identifier": "short" })),
        token(json!({ "expired_at": "soon", "created_at": 1.5, "last_used_at": "2030-01-01T00:00:00Z" })),
    ];
    let records = json!({ "users": [{ "name": "a", "role": "tech" }], "tokens": tokens });
    let Err(error) = new_shell().seed(&Value::parse(&records.to_string()).unwrap()) else {
        panic!("the records were taken")
    };
    let error: Json = serde_json::from_str(&error).unwrap();
    let problems = error["error"]["problems"].as_array().unwrap();
    let found: Vec<[&str; 2]> = problems
        .iter()
        .map(|problem| [&problem["path"], &problem["code"]].map(|text| text.as_str().unwrap()))
        .collect();
    let wanted = [
        ["/tokens/1/token", "bad_format"],
        ["/tokens/2", "duplicate"],
        ["/tokens/2/identifier", "mismatch"],
        ["/tokens/3/identifier", "bad_format"],
        ["/tokens/4/created_at", "bad_format"],
        ["/tokens/4/expired_at", "bad_format"],
    ];
    for problem in wanted {
        assert!(found.contains(&problem), "{problem:?} is not in {found:?}");
    }
    assert_eq!(found.len(), wanted.len(), "{found:?}");
}

#[test]
fn a_user_has_at_most_1000_tokens() {
    let tokens: Vec<Json> = (0..1_000).map(|n| json!({ "user": "a", "name": format!("t{n}") })).collect();
    let mut host =
        seeded_shell(&json!({ "users": [{ "name": "a", "role": "tech", "password": "password1" }], "tokens": tokens }));
    let body = json!({ "name": "more", "user": "a", "password": "password1", "validity": 1 });
    let response = send_request(&mut host, "POST", "/api/v1/meuse/token", &body);
    assert_eq!((response.status, response.text.contains("has 1000 tokens")), (400, true));
}

#[test]
fn a_hash_of_meuse_is_replaced_at_the_first_sign_in() {
    // jBCrypt's own test vector.
    let hash = "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC";
    let mut host = seeded_shell(&json!({ "users": [{ "name": "a", "role": "tech", "hash": hash }] }));
    let stored = |host: &Host| host.entries["user/a"].value.get("hash").unwrap().text().unwrap().to_owned();
    let mut create = |password: &str| {
        let body = json!({ "name": "t", "user": "a", "password": password, "validity": 1 });
        let status = send_request(&mut host, "POST", "/api/v1/meuse/token", &body).status;
        (status, stored(&host))
    };
    assert_eq!(create("not the password"), (403, hash.to_owned()));
    let (status, stored) = create("abcdefghijklmnopqrstuvwxyz");
    assert!(status == 200 && stored.starts_with("$argon2id$"), "{status} {stored}");
}

#[test]
fn a_token_is_bound_to_the_id_of_its_user() {
    let mut host = seeded_shell(&large_records());
    assert_eq!(send_request(&mut host, "GET", "/api/v1/meuse/category", &Json::Null).status, 200);
    let user = host.entries.get_mut("user/boss").unwrap();
    let id = user.value.get("id").unwrap().text().unwrap().to_owned();
    user.value = Value::parse(&user.value.to_string().replace(&id, "another")).unwrap();
    let response = send_request(&mut host, "GET", "/api/v1/meuse/category", &Json::Null);
    assert_eq!((response.status, response.text.contains("token not found")), (403, true));
}

/// A path of the API, or nearly.
fn paths() -> impl Strategy<Value = String> {
    let words = ["meuse", "crates", "mirror", "user", "token", "category", "crate", "check", "statistics", "new"];
    let names = ["boss", "u001", "c001", "1.0.0", "owners", "yank", "unyank", "download", "cache", "rare", "", ".."];
    let segment = prop_oneof![
        4 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        4 => prop::sample::select(names.to_vec()).prop_map(str::to_owned),
        1 => "[%a-f0-9/@~ü]{0,6}",
    ];
    prop::collection::vec(segment, 0..5).prop_map(|segments| format!("/api/v1/{}", segments.join("/")))
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof!["null", "true", "0", "1", "-1", "1e300", r#""[a-z]{0,9}""#, r#"\["boss"\]"#, r"\{\}"];
    let names = ["name", "user", "users", "password", "validity", "role", "active", "description", "vers", "deps"];
    let member = (prop::sample::select(names.to_vec()), value).prop_map(|(name, value)| format!("{name:?}:{value}"));
    let object = prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(",")));
    let framed = object.clone().prop_map(|text| {
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        [&length, text.as_bytes(), &[1, 0, 0, 0, 7]].concat()
    });
    prop_oneof![object.prop_map(String::into_bytes), framed, prop::collection::vec(any::<u8>(), 0..20)]
}

proptest! {
    #[test]
    fn no_request_causes_a_fault(
        method in prop::sample::select(&["GET", "POST", "PUT", "DELETE", "HEAD"][..]),
        path in paths(),
        query in "(q|user|category|per_page)?=?[a-z0-9%&+-]{0,5}",
        header in prop_oneof![Just(Some(TOKEN.to_owned())), Just(None), "[ -~ü]{0,80}".prop_map(Some)],
        body in bodies(),
    ) {
        let mut host = seeded_shell(&json!({
            "users": [{ "name": "boss", "role": "admin" }, { "name": "u001", "role": "tech" }],
            "tokens": [{ "user": "boss", "name": "t", "token": TOKEN }],
            "crates": [{ "name": "c001", "owners": ["u001"], "versions": ["1.0.0"] }],
            "categories": [{ "name": "rare" }],
        }));
        let headers = header.iter().map(|header| ("authorization", header.as_str())).collect();
        let response = host.call(&Call { method, path: &path, query: &query, headers, body, ..Call::default() });
        prop_assert!(response.status < 500, "{} {}", response.status, response.text);
        let is_json = serde_json::from_str::<Json>(&response.text).is_ok();
        prop_assert!(is_json, "{}", response.text);
        // The exported records are still valid.
        prop_assert!(open("meuse", &host.records().to_string()).is_ok());
    }
}
