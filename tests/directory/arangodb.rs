//! ArangoDB's directory over several requests: headers, hashes, tokens, long lists, and a comparison with a naive store.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that can not go on ends"
)]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::host::{Host, Response};
use crate::support::repetitions::tries;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use latchwork::directory::{Call, Guards};
use latchwork::{open, SystemName, Value};
use proptest::prelude::*;
use serde_json::{json, Value as Json};

/// The secret of the host that the tests use.
const SECRET: &[u8] = b"secret of the tests";

fn seeded_shell(records: &Json) -> Host {
    let mut host = Host::new(SystemName::Arangodb);
    host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
    host
}

/// A host with `root`, who has an empty password, and other users.
fn shell_with_users(others: Json) -> Host {
    let mut users = json!({ "root": { "passwd": "", "grants": { "*": { "level": "rw" } } } });
    users.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
    seeded_shell(&json!({ "users": users }))
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", Base64::encode_string(format!("{name}:{password}").as_bytes()))
}

fn send_request(host: &mut Host, authorization: &str, method: &str, path: &str, body: Option<&Json>) -> Response {
    let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
    let headers = vec![("authorization", authorization)];
    host.call(&Call { method, path, query: "", headers, body, ..Call::default() })
}

fn send_as_root(host: &mut Host, method: &str, path: &str, body: Option<&Json>) -> Response {
    send_request(host, &basic("root", ""), method, path, body)
}

fn stored_hash(host: &Host, name: &str) -> String {
    host.entries[&format!("user/{name}")].value.get("hash").and_then(Value::text).unwrap().to_owned()
}

#[test]
fn a_401_has_the_header_www_authenticate_unless_the_page_omits_it() {
    let mut host = shell_with_users(json!({}));
    let mut headers = |headers: Vec<(&'static str, &'static str)>, path: &'static str, method: &'static str| {
        let body = br#"{"username":"root","password":"x"}"#.to_vec();
        let response = host.call(&Call { method, path, headers, body, ..Call::default() });
        assert_eq!(response.status, 401);
        response.headers
    };
    for (path, method) in [("/_api/user", "GET"), ("/_open/auth", "POST")] {
        let sent = headers(Vec::new(), path, method);
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].0, "www-authenticate");
        assert!(sent[0].1.contains("Basic realm=") && sent[0].1.contains("Bearer realm="));
        assert_eq!(headers(vec![("x-omit-www-authenticate", "yes")], path, method), [server_header()]);
    }
}

fn server_header() -> (&'static str, String) {
    ("server", "ArangoDB".to_owned())
}

#[test]
fn every_response_has_the_server_header() {
    let mut host = shell_with_users(json!({}));
    host.guards = Guards::Strict;
    let root = basic("root", "");
    for (authorization, method, path, body, status) in [
        (root.as_str(), "GET", "/_api/version", None, 200),
        (root.as_str(), "GET", "/_api/user", None, 200),
        (root.as_str(), "GET", "/_api/user/%zz", None, 400),
        (root.as_str(), "GET", "/_api/nothing", None, 404),
        (root.as_str(), "POST", "/_api/user", Some(json!({ "user": "ann", "passwd": "short" })), 400),
        ("", "GET", "/_api/version", None, 401),
        ("", "POST", "/_latchwork/bootstrap", None, 401),
    ] {
        let response = send_request(&mut host, authorization, method, path, body.as_ref());
        assert_eq!(response.status, status, "{method} {path}");
        assert!(response.headers.contains(&server_header()), "{method} {path}: {:?}", response.headers);
    }
    host.entries.get_mut("user/root").unwrap().value = Value::Null;
    let broken = send_as_root(&mut host, "GET", "/_api/version", None);
    assert_eq!(broken.status, 500);
    assert!(broken.headers.contains(&server_header()));
}

#[test]
fn every_405_has_the_methods_that_the_path_supports() {
    let mut host = shell_with_users(json!({}));
    for (method, path, allowed) in [
        ("GET", "/_open/auth", "POST"),
        ("POST", "/_admin/server/availability", "GET"),
        ("PATCH", "/_api/database", "GET, POST"),
        ("PUT", "/_api/database/current", "GET, DELETE"),
        ("GET", "/_api/database/shop", "DELETE"),
        ("PATCH", "/_api/collection", "GET, POST"),
        ("PATCH", "/_api/collection/c", "GET, DELETE"),
        ("DELETE", "/_api/collection/c/properties", "GET"),
        ("GET", "/_api/document/c", "POST"),
    ] {
        let response = send_as_root(&mut host, method, path, None);
        let allow = response.headers.iter().find(|(name, _)| *name == "allow").map(|(_, value)| value.as_str());
        assert_eq!((response.status, allow), (405, Some(allowed)), "{method} {path}");
    }
}

#[test]
fn import_rejects_names_that_a_url_cannot_contain() {
    for (records, path) in [
        (json!({ "users": { "root": {}, "..": {} } }), "/users/.."),
        (json!({ "users": { ".": { "passwd": "p" } } }), "/users/."),
        (json!({ "users": { "root": {} }, "databases": { "..": [] } }), "/databases/.."),
    ] {
        let mut host = Host::new(SystemName::Arangodb);
        let error = host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap_err();
        assert!(error.contains("invalid_records") && error.contains(&format!("\"{path}\"")), "{error}");
        assert!(host.entries.is_empty());
    }
}

#[test]
fn empty_settings_are_imported_as_null() {
    let mut host = shell_with_users(json!({ "bob": { "config": {} } }));
    let response = send_as_root(&mut host, "GET", "/_api/user/bob/config", None);
    assert_eq!(response.text, r#"{"error":false,"code":200,"result":null}"#);
}

#[test]
fn writing_settings_returns_no_body_and_numbers_keep_their_digits() {
    let mut host = shell_with_users(json!({}));
    let path = "/_api/user/root/config/a";
    let number = br#"{"value":123456789012345678901234567890.10}"#.to_vec();
    let headers = vec![("authorization", "Basic cm9vdDo=")];
    let response = host.call(&Call { method: "PUT", path, query: "", headers, body: number, ..Call::default() });
    assert_eq!((response.status, response.text.as_str()), (200, ""));
    let response = send_as_root(&mut host, "GET", path, None);
    assert_eq!(response.text, r#"{"error":false,"code":200,"result":123456789012345678901234567890.10}"#);
    assert_eq!(send_as_root(&mut host, "DELETE", path, None).text, "");
}

#[test]
fn an_outdated_hash_is_replaced_when_its_user_signs_in() {
    let old = "$salted-sha256$deadbeef$d13a6d4d7ef2bf1bbc9a3f1b19cb1d9ef1c9bd3ae9aab3b7b2d6e5b3c4d5e6f7";
    let salted = {
        use sha2::{Digest as _, Sha256};
        let digest = Sha256::digest(b"deadbeefs3cret");
        format!("$salted-sha256$deadbeef${}", digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    };
    let login = json!({ "username": "bob", "password": "s3cret" });
    let wrong = json!({ "username": "bob", "password": "other" });
    let check = json!({ "passwd": "s3cret" });
    let bob = basic("bob", "s3cret");
    for (authorization, method, path, body) in
        [(bob.as_str(), "GET", "/_api/user/bob", None), ("", "POST", "/_open/auth", Some(&login))]
    {
        let mut host = shell_with_users(json!({ "bob": { "hash": salted }, "eve": { "hash": old } }));
        assert_eq!(send_request(&mut host, "", "POST", "/_open/auth", Some(&wrong)).status, 401);
        // Checking a password does not change its user.
        assert_eq!(send_as_root(&mut host, "POST", "/_api/user/bob", Some(&check)).status, 200);
        assert_eq!(stored_hash(&host, "bob"), salted);
        assert_eq!(send_request(&mut host, authorization, method, path, body).status, 200, "{path}");
        let anew = stored_hash(&host, "bob");
        assert!(anew.starts_with("$argon2id$"), "{anew}");
        assert_eq!(send_request(&mut host, &bob, "GET", "/_api/user/bob", None).status, 200);
        assert_eq!(stored_hash(&host, "bob"), anew);
        assert_eq!(stored_hash(&host, "eve"), old);
    }
}

#[test]
fn a_user_without_a_hash_cannot_sign_in_with_a_password() {
    let mut host = shell_with_users(json!({ "bob": {} }));
    for password in ["", "x", "null"] {
        assert_eq!(send_request(&mut host, &basic("bob", password), "GET", "/_api/user/bob", None).status, 401);
        let check = json!({ "passwd": password });
        assert_eq!(send_as_root(&mut host, "POST", "/_api/user/bob", Some(&check)).status, 404);
    }
}

/// A token that another program signs with the same secret.
fn sign_token(claims: &Json, secret: &[u8]) -> String {
    let encode = |value: &Json| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let text = format!("{}.{}", encode(&json!({ "alg": "HS256", "typ": "JWT" })), encode(claims));
    let tag = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap().chain_update(text.as_bytes()).finalize();
    format!("Bearer {text}.{}", Base64UrlUnpadded::encode_string(&tag.into_bytes()))
}

#[test]
fn a_token_of_another_program_is_valid_while_the_user_is_active() {
    let mut host = shell_with_users(json!({ "bob": {}, "idle": { "active": false } }));
    host.now = 1_000_000;
    let bob = json!({ "preferred_username": "bob", "iss": "arangodb" });
    let mut status = |claims: &Json, secret: &[u8], path: &str| {
        send_request(&mut host, &sign_token(claims, secret), "GET", path, None).status
    };
    assert_eq!(status(&bob, SECRET, "/_api/user/bob"), 200);
    assert_eq!(status(&bob, SECRET, "/_api/user/root"), 403);
    assert_eq!(status(&bob, b"another secret", "/_api/user/bob"), 401);
    for (member, value) in [
        ("iss", json!("arango")),
        ("iss", json!(null)),
        ("exp", json!(1_000)),
        ("exp", json!("2000")),
        ("nbf", json!(1_001)),
        ("nbf", json!("0")),
        ("preferred_username", json!("ghost")),
        ("preferred_username", json!("idle")),
        ("preferred_username", json!(5)),
        ("preferred_username", json!(["bob"])),
        // A forged claim of our own tokens.
        ("latchwork", json!(null)),
        ("latchwork", json!({})),
        ("latchwork", json!({ "id": "", "epoch": 1 })),
    ] {
        let mut claims = bob.clone();
        claims[member] = value;
        assert_eq!(status(&claims, SECRET, "/_api/user/bob"), 401, "{claims}");
    }
    let mut lasting = bob.clone();
    lasting["exp"] = json!(1_001);
    lasting["nbf"] = json!(1_000);
    assert_eq!(status(&lasting, SECRET, "/_api/user/bob"), 200);
    send_as_root(&mut host, "PATCH", "/_api/user/bob", Some(&json!({ "active": false })));
    assert_eq!(send_request(&mut host, &sign_token(&bob, SECRET), "GET", "/_api/user/bob", None).status, 401);
}

#[test]
fn a_server_of_the_cluster_administrates_without_a_user() {
    let mut host = seeded_shell(&json!({ "users": { "bob": {} }, "databases": { "shop": [] } }));
    let server = sign_token(&json!({ "server_id": "PRMR-1", "iss": "arangodb" }), SECRET);
    assert_eq!(send_request(&mut host, &server, "GET", "/_api/user", None).status, 200);
    let collection = json!({ "name": "items" });
    assert_eq!(send_request(&mut host, &server, "POST", "/_db/shop/_api/collection", Some(&collection)).status, 200);
    assert_eq!(send_request(&mut host, &server, "GET", "/_api/user/root", None).status, 404);
    assert!(!host.entries.contains_key("user/root"));
    let named = sign_token(&json!({ "server_id": "PRMR-1", "preferred_username": "bob", "iss": "arangodb" }), SECRET);
    assert_eq!(send_request(&mut host, &named, "GET", "/_api/user", None).status, 401);
    let elsewhere = sign_token(&json!({ "server_id": "PRMR-1", "iss": "arangodb" }), b"another secret");
    assert_eq!(send_request(&mut host, &elsewhere, "GET", "/_api/user", None).status, 401);
}

#[test]
fn a_token_with_allowed_paths_allows_exactly_these_paths() {
    let mut host =
        seeded_shell(&json!({ "users": { "root": { "passwd": "" }, "bob": {} }, "databases": { "shop": [] } }));
    let mut status = |claims: &Json, method: &str, path: &str| {
        let user = json!({ "user": "eve", "username": "root", "password": "" });
        send_request(&mut host, &sign_token(claims, SECRET), method, path, (method == "POST").then_some(&user))
    };
    let server =
        json!({ "iss": "arangodb", "server_id": "PRMR-1", "allowed_paths": ["/_admin/metrics", "/_api/version"] });
    assert_eq!(status(&server, "GET", "/_api/version").status, 200);
    assert_eq!(status(&server, "GET", "/_db/_system/_api/version").status, 200);
    assert_eq!(status(&server, "GET", "/_db/shop/_api/version").status, 200);
    // No host handles this path here.
    assert_eq!(status(&server, "GET", "/_admin/metrics").status, 404);
    for (method, path) in [
        ("POST", "/_api/user"),
        ("GET", "/_api/user"),
        ("GET", "/_api/user/bob"),
        ("GET", "/_api/version/"),
        ("GET", "//_api/version"),
        ("GET", "/_api/versio%6e"),
        ("GET", "/_api%2Fversion"),
        ("GET", "/_api/version/x"),
        ("GET", "/_api/versio"),
        ("GET", "/_api"),
        ("GET", "/"),
        ("GET", "/_db/_system"),
        ("GET", "/_db/_system/"),
        ("GET", "/_db/_system//_api/version"),
        ("GET", "/_db/_system/_db/_system/_api/version"),
        ("GET", "/_db/nope/_api/database"),
        // Open to all other callers.
        ("POST", "/_open/auth"),
    ] {
        let refused = status(&server, method, path);
        assert_eq!(refused.status, 401, "{method} {path}");
        assert!(refused.text.contains(r#""errorNum":11"#), "{method} {path}: {}", refused.text);
    }
    let user = json!({ "iss": "arangodb", "preferred_username": "bob", "allowed_paths": ["/_api/user/bob"] });
    assert_eq!(status(&user, "GET", "/_api/user/bob").status, 200);
    assert_eq!(status(&user, "GET", "/_api/user/bob/config").status, 401);
    assert_eq!(status(&user, "GET", "/_api/user/root").status, 401);
    // The list of paths does not extend the rights of the token's owner.
    let more = json!({ "iss": "arangodb", "preferred_username": "bob", "allowed_paths": ["/_api/user/root"] });
    assert_eq!(status(&more, "GET", "/_api/user/root").status, 403);
    let with_root = json!({ "iss": "arangodb", "server_id": "x", "allowed_paths": ["/"] });
    assert_eq!(status(&with_root, "GET", "/_db/shop").status, 404);
    assert_eq!(status(&with_root, "GET", "/_db/shop/").status, 404);
    assert_eq!(status(&with_root, "GET", "/_db/shop/_api/user").status, 401);
}

#[test]
fn a_token_with_a_malformed_claim_is_rejected() {
    let mut host = seeded_shell(&json!({ "users": { "root": { "passwd": "" }, "bob": {} } }));
    for claims in [
        json!({ "server_id": "x", "allowed_paths": [] }),
        json!({ "server_id": "x", "allowed_paths": null }),
        json!({ "server_id": "x", "allowed_paths": "/_api/version" }),
        json!({ "server_id": "x", "allowed_paths": { "0": "/_api/version" } }),
        json!({ "server_id": "x", "allowed_paths": ["/_api/version", 5] }),
        json!({ "server_id": "x", "allowed_paths": ["/_api/version", null] }),
        json!({ "preferred_username": "root", "allowed_paths": [] }),
        json!({ "preferred_username": "root", "allowed_paths": false }),
        // A token with a name of a wrong type is not a token of a server.
        json!({ "server_id": "x", "preferred_username": 5 }),
        json!({ "server_id": "x", "preferred_username": null }),
        json!({ "server_id": "x", "preferred_username": "" }),
        json!({ "server_id": 5 }),
    ] {
        let mut claims = claims;
        claims["iss"] = json!("arangodb");
        let response = send_request(&mut host, &sign_token(&claims, SECRET), "GET", "/_api/version", None);
        assert_eq!(response.status, 401, "{claims}");
        assert!(response.text.contains(r#""errorNum":11"#), "{claims}: {}", response.text);
    }
}

/// Creates an access token, and returns its text.
fn create_access_token(host: &mut Host, authorization: &str, user: &str, name: &str) -> String {
    let path = format!("/_api/token/{user}");
    let response = send_request(host, authorization, "POST", &path, Some(&json!({ "name": name })));
    assert_eq!(response.status, 200, "{}", response.text);
    let body: Json = serde_json::from_str(&response.text).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

#[test]
fn an_access_token_is_stored_as_a_digest_and_not_exported() {
    let mut host = shell_with_users(json!({ "bob": {} }));
    let token = create_access_token(&mut host, &basic("root", ""), "bob", "backup");
    let listed = send_as_root(&mut host, "GET", "/_api/token/bob", None).text;
    let secret = &token[token.len() - 64..];
    let stored: String = host.entries.values().map(|entry| entry.value.to_string()).collect();
    let records = host.records().to_string();
    for text in [&listed, &stored, &records] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(stored.contains("digest") && !records.contains("digest") && !records.contains("backup"));
    let shown: Json = serde_json::from_str(&listed).unwrap();
    assert_eq!(shown["tokens"][0]["fingerprint"], json!(format!("v1...{}", &token[token.len() - 6..])));
    let again = create_access_token(&mut host, &basic("root", ""), "bob", "another");
    assert_ne!(again, token);
}

#[test]
fn a_wrong_access_token_counts_as_a_wrong_password_and_costs_the_same_work() {
    let mut host = shell_with_users(json!({ "bob": { "passwd": "p" } }));
    let token = create_access_token(&mut host, &basic("root", ""), "bob", "backup");
    let other = format!("{}0", &token[..token.len() - 1]);
    let wrong = if other == token { format!("{}1", &token[..token.len() - 1]) } else { other };
    let mut see = |name: &str, password: &str| {
        let path = format!("/_api/user/{}", if name.is_empty() { "bob" } else { name });
        send_request(&mut host, &basic(name, password), "GET", &path, None)
    };
    let work = |response: &Response| (response.status, response.text.clone(), response.work.clone());
    let of_password = see("bob", "wrong");
    assert_eq!(of_password.status, 401);
    assert_eq!(work(&see("bob", &wrong)), work(&of_password));
    // An unknown user, and a user that only the token names.
    assert_eq!(work(&see("ghost", &wrong)), work(&of_password));
    assert_eq!(work(&see("", &wrong)), work(&of_password));
    for _ in 0..8 {
        assert_eq!(see("", &wrong).status, 401);
    }
    assert_eq!(see("bob", "p").status, 401, "eleven failures in a row: no password is looked at");
    assert_eq!(see("bob", &token).status, 200, "an access token is not guessed");
    let login = json!({ "username": "bob", "password": "p" });
    assert_eq!(send_request(&mut host, "", "POST", "/_open/auth", Some(&login)).status, 401);
    host.now += 2_000;
    assert_eq!(send_request(&mut host, "", "POST", "/_open/auth", Some(&login)).status, 200);
}

#[test]
fn a_user_has_at_most_100_access_tokens() {
    let mut host = shell_with_users(json!({ "bob": {} }));
    for number in 0..100 {
        create_access_token(&mut host, &basic("root", ""), "bob", &number.to_string());
    }
    let path = "/_api/token/bob";
    let refused = send_as_root(&mut host, "POST", path, Some(&json!({ "name": "more" })));
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("at most 100 access tokens"), "{}", refused.text);
    let listed: Json = serde_json::from_str(&send_as_root(&mut host, "GET", path, None).text).unwrap();
    let ids: BTreeSet<i64> =
        listed["tokens"].as_array().unwrap().iter().map(|token| token["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), 100);
    let first = ids.first().unwrap();
    assert_eq!(send_as_root(&mut host, "DELETE", &format!("{path}/{first}"), None).status, 200);
    create_access_token(&mut host, &basic("root", ""), "bob", "more");
}

#[test]
fn strict_guards_reject_an_access_token_for_a_more_privileged_user() {
    let others = json!({
        "boss": { "passwd": "of boss", "grants": { "_system": { "level": "rw" }, "vault": { "level": "none" } } },
        "ann": { "passwd": "of ann", "grants": { "vault": { "level": "rw" } } },
        "bob": { "passwd": "of bob" },
    });
    for (guards, status) in [(Guards::Off, 200), (Guards::Strict, 403)] {
        let mut host = shell_with_users(others.clone());
        host.guards = guards;
        let boss = basic("boss", "of boss");
        let token = json!({ "name": "backup" });
        let response = send_request(&mut host, &boss, "POST", "/_api/token/ann", Some(&token));
        assert_eq!(response.status, status, "{}", response.text);
        assert_eq!(response.headers.iter().any(|(name, _)| *name == "latchwork-guard"), status == 403);
        assert_eq!(send_request(&mut host, &boss, "POST", "/_api/token/bob", Some(&token)).status, 200);
        assert_eq!(
            send_request(
                &mut host,
                &basic("ann", "of ann"),
                "POST",
                "/_api/token/ann",
                Some(&json!({ "name": "own" }))
            )
            .status,
            200
        );
        // A less privileged caller cannot delete one either.
        let listed: Json =
            serde_json::from_str(&send_request(&mut host, &boss, "GET", "/_api/token/ann", None).text).unwrap();
        let path = format!("/_api/token/ann/{}", listed["tokens"][0]["id"]);
        assert_eq!(send_request(&mut host, &boss, "DELETE", &path, None).status, status);
    }
}

#[test]
fn under_strict_guards_a_new_password_removes_access_tokens() {
    for (guards, status) in [(Guards::Off, 200), (Guards::Strict, 401)] {
        let mut host = shell_with_users(json!({ "bob": { "passwd": "of bob" } }));
        host.guards = guards;
        let token = create_access_token(&mut host, &basic("bob", "of bob"), "bob", "backup");
        let change = json!({ "passwd": "another long password" });
        assert_eq!(
            send_request(&mut host, &basic("bob", "of bob"), "PATCH", "/_api/user/bob", Some(&change)).status,
            200
        );
        assert_eq!(send_request(&mut host, &basic("bob", &token), "GET", "/_api/user/bob", None).status, status);
    }
}

#[test]
fn a_list_of_many_users_is_complete_and_sorted() {
    for count in [255, 256, 257, 600] {
        let mut host = shell_with_users(json!({}));
        // Without passwords, because hashing them is slow.
        let bob = json!({ "users": (0..count - 1).map(|number| (format!("u{number:04}"), json!({}))).collect::<serde_json::Map<_, _>>() });
        let others = seeded_shell(&bob).entries;
        host.entries.extend(others.into_iter().filter(|(key, _)| key.starts_with("user/")));
        let listed: Json = serde_json::from_str(&send_as_root(&mut host, "GET", "/_api/user", None).text).unwrap();
        let names: Vec<&str> =
            listed["result"].as_array().unwrap().iter().map(|user| user["user"].as_str().unwrap()).collect();
        assert_eq!(names.len(), count);
        assert!(names.is_sorted());
    }
}

#[test]
fn exported_records_contain_no_secret() {
    let mut host = shell_with_users(json!({ "bob": { "passwd": "tr0ub4dor", "extra": { "a": 1 } } }));
    let login = json!({ "username": "bob", "password": "tr0ub4dor" });
    assert_eq!(send_request(&mut host, "", "POST", "/_open/auth", Some(&login)).status, 200);
    let records = host.records().to_string();
    for secret in ["tr0ub4dor", "argon2", "hash", "passwd", "epoch", "\"id\""] {
        assert!(!records.contains(secret), "{secret} in {records}");
    }
    assert!(records.contains(r#""extra":{"a":1}"#));
    assert!(open("arangodb", &records).is_ok());
}

/// A change by an administrator; names are indexes into small lists.
#[derive(Clone, Debug)]
enum Step {
    CreateDatabase(usize),
    DropDatabase(usize),
    CreateCollection(usize, usize),
    DropCollection(usize, usize),
    Set(usize, usize, Option<usize>, usize),
    Clear(usize, usize, Option<usize>),
    CreateUser(usize),
    DeleteUser(usize),
}

const USERS: [&str; 3] = ["bob", "a/b", "root"];
const DATABASES: [&str; 4] = ["shop", "a%", "_system", "*"];
const COLLECTIONS: [&str; 3] = ["items", "x%y", "*"];
const LEVELS: [&str; 3] = ["none", "ro", "rw"];

fn step() -> impl Strategy<Value = Step> {
    let (user, database) = (0..USERS.len(), 0..DATABASES.len());
    // `*` and `_system` cannot be created or dropped.
    let (named, member) = (0..2_usize, 0..2_usize);
    let place = || prop::option::weighted(0.6, 0..COLLECTIONS.len());
    prop_oneof![
        2 => named.clone().prop_map(Step::CreateDatabase),
        2 => named.clone().prop_map(Step::DropDatabase),
        3 => (0..3_usize, member.clone()).prop_map(|(db, coll)| Step::CreateCollection(db, coll)),
        2 => (0..3_usize, member).prop_map(|(db, coll)| Step::DropCollection(db, coll)),
        6 => (user.clone(), database.clone(), place(), 0..LEVELS.len()).prop_map(|(user, db, coll, level)| Step::Set(user, db, coll, level)),
        2 => (user.clone(), database, place()).prop_map(|(user, db, coll)| Step::Clear(user, db, coll)),
        1 => user.clone().prop_map(Step::CreateUser),
        1 => (0..2_usize).prop_map(Step::DeleteUser),
    ]
}

#[derive(Clone, Default)]
struct NaiveGrant {
    level: Option<&'static str>,
    collections: BTreeMap<&'static str, &'static str>,
}

/// A naive server, like the product's source: each user has its grants by name, and a drop rewrites every user.
struct Naive {
    users: BTreeMap<&'static str, BTreeMap<&'static str, NaiveGrant>>,
    databases: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Naive {
    fn new() -> Self {
        let mut naive = Self { users: BTreeMap::new(), databases: BTreeMap::from([("_system", BTreeSet::new())]) };
        naive.users.insert("root", BTreeMap::new());
        naive
            .users
            .insert("boss", BTreeMap::from([("_system", NaiveGrant { level: Some("rw"), ..NaiveGrant::default() })]));
        naive
    }

    fn exists(&self, db: &str, coll: Option<&str>) -> bool {
        match coll {
            None => true,
            Some(_) if db == "*" => true,
            Some(coll) => self.databases.get(db).is_some_and(|all| coll == "*" || all.contains(coll)),
        }
    }

    /// Executes a step, and returns whether it succeeds.
    fn run(&mut self, step: &Step) -> bool {
        match *step {
            Step::CreateDatabase(db) => {
                let is_new = !self.databases.contains_key(DATABASES[db]);
                self.databases.entry(DATABASES[db]).or_default();
                is_new
            }
            Step::DropDatabase(db) => {
                let was_there = self.databases.remove(DATABASES[db]).is_some();
                if was_there {
                    self.users.values_mut().for_each(|grants| drop(grants.remove(DATABASES[db])));
                }
                was_there
            }
            Step::CreateCollection(db, coll) => {
                let Some(all) = self.databases.get_mut(DATABASES[db]) else { return false };
                let is_new = all.insert(COLLECTIONS[coll]);
                if is_new {
                    let grants = self.users.get_mut("boss").unwrap().entry(DATABASES[db]).or_default();
                    grants.collections.insert(COLLECTIONS[coll], "rw");
                }
                is_new
            }
            Step::DropCollection(db, coll) => {
                let was_there = self.databases.get_mut(DATABASES[db]).is_some_and(|all| all.remove(COLLECTIONS[coll]));
                if was_there {
                    for grants in self.users.values_mut() {
                        grants.get_mut(DATABASES[db]).map(|grant| grant.collections.remove(COLLECTIONS[coll]));
                    }
                }
                was_there
            }
            Step::Set(user, db, coll, level) => {
                let (user, db, coll, level) =
                    (USERS[user], DATABASES[db], coll.map(|coll| COLLECTIONS[coll]), LEVELS[level]);
                let is_kept = user == "root" && db == "_system" && coll.is_none_or(|coll| coll == "*") && level != "rw";
                let is_pair = db != "*" || coll.is_none_or(|coll| coll == "*");
                let exists = self.exists(db, coll);
                let Some(grants) = self.users.get_mut(user) else { return false };
                if is_kept || !is_pair || !exists {
                    return false;
                }
                let grant = grants.entry(db).or_default();
                match coll {
                    None => grant.level = Some(level),
                    Some(coll) => drop(grant.collections.insert(coll, level)),
                }
                true
            }
            Step::Clear(user, db, coll) => {
                let (user, db, coll) = (USERS[user], DATABASES[db], coll.map(|coll| COLLECTIONS[coll]));
                let is_kept = user == "root" && db == "_system" && coll.is_none_or(|coll| coll == "*");
                let exists = self.exists(db, coll);
                let Some(grants) = self.users.get_mut(user) else { return false };
                if is_kept || !exists {
                    return false;
                }
                match coll {
                    None => drop(grants.remove(db)),
                    Some(coll) => drop(grants.get_mut(db).map(|grant| grant.collections.remove(coll))),
                }
                true
            }
            Step::CreateUser(user) => {
                let is_new = !self.users.contains_key(USERS[user]);
                self.users.entry(USERS[user]).or_default();
                is_new
            }
            Step::DeleteUser(user) => self.users.remove(USERS[user]).is_some(),
        }
    }

    fn records(&self) -> String {
        let grant = |grant: &NaiveGrant| match grant.level {
            Some(level) => json!({ "level": level, "collections": grant.collections }),
            None => json!({ "collections": grant.collections }),
        };
        let user = |grants: &BTreeMap<&'static str, NaiveGrant>| json!({ "grants": grants.iter().map(|(name, one)| ((*name).to_owned(), grant(one))).collect::<serde_json::Map<_, _>>() });
        let users = self.users.iter().map(|(name, grants)| ((*name).to_owned(), user(grants)));
        json!({ "users": users.collect::<serde_json::Map<_, _>>() }).to_string()
    }
}

fn encode_name(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

fn send_as_administrator(host: &mut Host, method: &str, path: &str, body: &Json) -> Response {
    send_request(host, &basic("boss", ""), method, path, Some(body))
}

/// Sends a step as a request, and returns whether it succeeds.
fn send_step(host: &mut Host, step: &Step) -> bool {
    let place = |user: usize, db: usize, coll: Option<usize>| {
        let coll = coll.map_or_else(String::new, |coll| format!("/{}", encode_name(COLLECTIONS[coll])));
        format!("/_api/user/{}/database/{}{coll}", encode_name(USERS[user]), encode_name(DATABASES[db]))
    };
    let response = match *step {
        Step::CreateDatabase(db) => {
            send_as_administrator(host, "POST", "/_api/database", &json!({ "name": DATABASES[db] }))
        }
        Step::DropDatabase(db) => send_as_administrator(
            host,
            "DELETE",
            &format!("/_api/database/{}", encode_name(DATABASES[db])),
            &json!(null),
        ),
        Step::CreateCollection(db, coll) => {
            let path = format!("/_db/{}/_api/collection", encode_name(DATABASES[db]));
            send_as_administrator(host, "POST", &path, &json!({ "name": COLLECTIONS[coll] }))
        }
        Step::DropCollection(db, coll) => {
            let path =
                format!("/_db/{}/_api/collection/{}", encode_name(DATABASES[db]), encode_name(COLLECTIONS[coll]));
            send_as_administrator(host, "DELETE", &path, &json!(null))
        }
        Step::Set(user, db, coll, level) => {
            send_as_administrator(host, "PUT", &place(user, db, coll), &json!({ "grant": LEVELS[level] }))
        }
        Step::Clear(user, db, coll) => send_as_administrator(host, "DELETE", &place(user, db, coll), &json!(null)),
        Step::CreateUser(user) => send_as_administrator(host, "POST", "/_api/user", &json!({ "user": USERS[user] })),
        Step::DeleteUser(user) => {
            send_as_administrator(host, "DELETE", &format!("/_api/user/{}", encode_name(USERS[user])), &json!(null))
        }
    };
    assert!(response.status < 500 && response.status != 401, "{step:?}: {} {}", response.status, response.text);
    response.status < 300
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(24), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dropping_one_entry_has_the_same_effect_as_rewriting_every_user(steps in prop::collection::vec(step(), 1..24)) {
        let mut host = seeded_shell(&json!({ "users": { "root": {}, "boss": { "passwd": "", "grants": { "_system": { "level": "rw" } } } } }));
        let mut naive = Naive::new();
        for step in &steps {
            prop_assert_eq!(send_step(&mut host, step), naive.run(step), "{:?}", step);
        }
        let exported = open("arangodb", &host.records().to_string()).unwrap();
        let wanted = open("arangodb", &naive.records()).unwrap();
        for user in USERS.into_iter().chain(["boss"]) {
            for db in DATABASES {
                for coll in [None].into_iter().chain(COLLECTIONS.map(Some)) {
                    let below = |separator: &str| coll.map_or_else(String::new, |coll| format!("{separator}{}", encode_name(coll)));
                    let resource = format!("{}{}", encode_name(db), below("/"));
                    let level = |records: &latchwork::Authorizer| {
                        let subject = records.subject(Some(user));
                        records.decide(&subject, "level", &resource, &Value::Null).unwrap().level.unwrap().to_owned()
                    };
                    prop_assert_eq!(level(&exported), level(&wanted), "{} {} in the records", user, resource);
                    let path = format!("/_api/user/{}/database/{}{}", encode_name(user), encode_name(db), below("/"));
                    let response = send_as_administrator(&mut host, "GET", &path, &json!(null));
                    let response: Json = serde_json::from_str(&response.text).unwrap();
                    prop_assert_eq!(response["result"].as_str().unwrap(), level(&wanted), "{} {} over HTTP", user, resource);
                }
            }
        }
    }
}
