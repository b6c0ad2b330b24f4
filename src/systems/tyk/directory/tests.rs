//! Tests of the work and of the stored entries, which responses do not show.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test ends where something is missing"
)]

mod harness;
mod shared_address;

use super::super::Tyk;
use crate::directory::prelude::Directory as _;
use crate::directory::{Call, Guards, Task};
use crate::document::value::Value;
use crate::{open, Authorizer};
use harness::{Harness, RECORDS};

#[test]
fn sign_in_does_not_reveal_whether_a_user_exists() {
    let mut harness = Harness::new();
    for round in 0..5 {
        let wrong = (harness.login("u1@example.org", "wrong"), harness.work.clone());
        assert_eq!(wrong.0 .0, 401);
        assert_eq!(wrong.1.iter().filter(|ask| *ask == "verify").count(), 1);
        for (address, password) in [
            ("nobody@example.org", "wrong"),
            ("off@example.org", "wrong"),
            ("off@example.org", "secret-password-off"),
            ("no address", "wrong"),
        ] {
            assert_eq!((harness.login(address, password), harness.work.clone()), wrong, "{round} {address}");
        }
    }
}

#[test]
fn password_reset_does_not_reveal_whether_a_user_exists() {
    let mut harness = Harness::new();
    for round in 0..3 {
        let known = (harness.request_reset("u1@example.org"), harness.work.clone());
        assert_eq!(harness.mails.len(), 1);
        for address in ["nobody@example.org", "off@example.org", "no address", "a1@example.org"] {
            assert_eq!((harness.request_reset(address), harness.work.clone()), known, "{round} {address}");
        }
    }
}

#[test]
fn unknown_addresses_do_not_fill_the_store() {
    let mut harness = Harness::new();
    for number in 0..1_500 {
        harness.request_reset(&format!("nobody{number}@example.org"));
        harness.login(&format!("nobody{number}@example.org"), "wrong");
    }
    // 256 stand-ins: a link, the entry of its token, and failures.
    assert!(harness.entries.len() < 256 * 3 + 40, "{}", harness.entries.len());
}

#[test]
fn store_and_export_contain_no_secrets() {
    let mut harness = Harness::new();
    harness.request_reset("u1@example.org");
    let link = harness.mails[0].token.clone();
    let (_, _, headers) = harness.login("u1@example.org", "secret-password-u1");
    let session = headers[0].split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!([link.len(), session.len()], [64, 64]);
    let stored = harness.dump();
    // The hashes of this harness contain the password.
    let at_rest = stored.replace("hash:secret-", "hash:");
    for secret in
        [link.as_str(), &session, "secret-session-a1", "secret-link-a1", "secret-password", "secret-of-admins"]
    {
        assert!(!at_rest.contains(secret), "{secret}");
    }
    let entries: Vec<_> = harness.entries.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect();
    let records = Tyk::export_records(&entries).to_string();
    for secret in ["secret", "hash", "$2a$", &link, &session] {
        assert!(!records.contains(secret), "{secret}: {records}");
    }
}

#[test]
fn exported_records_decide_as_the_imported_ones() {
    let harness = Harness::new();
    let entries: Vec<_> = harness.entries.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect();
    let (before, after) = (RECORDS.to_owned(), Tyk::export_records(&entries).to_string());
    let opened = |records: &str| open("tyk", records).unwrap();
    let (before, after) = (opened(&before), opened(&after));
    for id in ["a1", "u1", "off", "old"] {
        for action in ["read", "write", "GET", "POST", "view-key"] {
            for resource in ["section:users", "section:policies", "api:p1", "path:/api/apis/p1", "user:u1"] {
                let ask =
                    |authorizer: &Authorizer| authorizer.can(&authorizer.subject(Some(id)), action, resource).unwrap();
                assert_eq!(ask(&before), ask(&after), "{id} {action} {resource}");
            }
        }
    }
}

#[test]
fn bcrypt_hash_is_replaced_at_the_next_successful_sign_in() {
    let mut harness = Harness::new();
    assert_eq!(harness.login("old@example.org", "b").0, 401);
    assert!(harness.dump().contains("$2a$"));
    assert_eq!(harness.login("old@example.org", "a").0, 200);
    assert!(!harness.dump().contains("$2a$"));
    assert_eq!(harness.login("old@example.org", "a").0, 200);
}

#[test]
fn sign_in_beyond_128_sessions_ends_the_oldest() {
    let mut harness = Harness::new();
    for _ in 0..136 {
        assert_eq!(harness.login("u1@example.org", "secret-password-u1").0, 200);
    }
    assert_eq!(harness.entries.keys().filter(|key| key.starts_with("session/")).count(), 128 + 1);
}

#[test]
fn deleting_a_user_deletes_all_entries_of_the_user() {
    let mut harness = Harness::new();
    harness.login("u1@example.org", "secret-password-u1");
    harness.login("u1@example.org", "wrong");
    harness.request_reset("u1@example.org");
    let headers = vec![("authorization", "secret-key-a1")];
    let delete = Call { method: "DELETE", path: "/api/users/u1", headers, ..Call::default() };
    assert_eq!(harness.run(&Task::Call(delete)).0, 200);
    // An index contains the id until its pending changes are moved into its tree.
    let stored = harness.dump().replace(r#""user_owners":["u1"]"#, "");
    let mut records = stored.lines().filter(|line| !line.starts_with("index/"));
    assert!(records.all(|line| !line.contains("u1")), "{stored}");
}

#[test]
fn import_refuses_a_reset_token_of_an_unknown_user() {
    let mut harness = Harness::empty(Guards::Off);
    let records = r#"{"reset_tokens": [{"token": "t", "user": "u9", "issued_at": 0}]}"#;
    let (status, body, _) = harness.run(&Task::Seed(&Value::parse(records).unwrap()));
    assert_eq!(status, 400);
    assert!(body.contains("unknown_user") && body.contains("/reset_tokens/0/user"), "{body}");
}

/// The access key in a response: its longest run of hexadecimal digits.
fn access_key_in(response: &str) -> String {
    let mut runs: Vec<&str> = response.split(|letter: char| !letter.is_ascii_hexdigit()).collect();
    runs.sort_by_key(|run| run.len());
    runs.pop().unwrap().to_owned()
}

#[test]
fn strict_guards_store_and_show_no_access_keys() {
    let mut harness = Harness::with_records(RECORDS, Guards::Strict);
    assert!(harness.authenticates("secret-key-a1") && harness.authenticates("secret-key-u1"));
    let user = |name: &str| {
        format!(
            r#"{{"first_name": "N", "last_name": "N", "email_address": "{name}@example.org", "active": true,
                "user_permissions": {{"apis": "read"}}, "password": "secret-password-n"}}"#
        )
    };
    let mut keys = vec!["secret-key-a1".to_owned()];
    for (method, path, body) in [
        ("POST", "/api/users", user("n")),
        ("POST", "/admin/users", user("m")),
        ("PUT", "/api/users/u1/actions/key/reset", String::new()),
        ("PUT", "/admin/users/u1", r#"{"password": "secret-password-x"}"#.to_owned()),
    ] {
        let (status, text) = harness.send_as_admin(method, path, &body);
        let key = access_key_in(&text);
        assert_eq!((status, key.len()), (200, 32), "{path} {text}");
        assert!(harness.authenticates(&key), "{path}");
        keys.push(key);
    }
    assert!(!harness.authenticates(&keys[3]), "a newer key ended it");
    let stored = harness.dump();
    for key in &keys {
        assert!(!stored.contains(key.as_str()), "{key} {stored}");
    }
    // The stored keys are gone, so they are not shown without guards either.
    for guards in [Guards::Strict, Guards::Off] {
        harness.guards = guards;
        for path in ["/api/users", "/api/users/u1", "/api/users/me", "/api/users/search"] {
            let headers = vec![("authorization", "secret-key-a1")];
            let call = Call { method: "GET", path, query: "q=example", headers, ..Call::default() };
            let (status, text, _) = harness.run(&Task::Call(call));
            // Users without an access key have an empty one in the response.
            let text = text.replace(r#""access_key":"","#, "");
            assert!(status == 200 && !text.contains("access_key"), "{path} {text}");
        }
        let (status, text) = harness.send_as_admin("PUT", "/admin/users/u1", r#"{"first_name": "U"}"#);
        assert!(status == 200 && text.contains("User updated") && text.contains(r#""access_key":"""#), "{text}");
        let (status, text) = harness.send_as_admin("GET", "/admin/users/u1", "");
        assert!(status == 200 && text.contains(r#""access_key":"""#), "{text}");
    }
}

#[test]
fn strict_guards_hide_access_keys_that_were_stored_before() {
    let mut harness = Harness::new();
    assert!(harness.dump().contains("secret-key-u1"));
    assert!(harness.send_as_admin("GET", "/api/users/u1", "").1.contains("secret-key-u1"));
    harness.guards = Guards::Strict;
    assert!(harness.send_as_admin("GET", "/api/users/u1", "").1.contains(r#""access_key":"""#));
    assert!(harness.authenticates("secret-key-u1") && harness.dump().contains("secret-key-u1"));
    assert_eq!(harness.send_as_admin("PUT", "/api/users/u1", r#"{"first_name": "U"}"#).0, 200);
    assert!(harness.authenticates("secret-key-u1") && !harness.dump().contains("secret-key-u1"));
    assert_eq!(harness.send_as_admin("PUT", "/api/users/u1/actions/revoke", "").0, 200);
    assert!(!harness.authenticates("secret-key-u1"));
    assert_eq!(harness.entries.keys().filter(|key| key.starts_with("key/")).count(), 1);
}

#[test]
fn password_history_contains_the_last_100_passwords() {
    let records = RECORDS.replace("\"config\": {", "\"config\": {\"enforce_password_history\": 1000,");
    let mut harness = Harness::with_records(&records, Guards::Off);
    let mut set = |number: usize| {
        harness.send_as_admin("PUT", "/admin/users/u1", &format!(r#"{{"password": "password{number}"}}"#)).0
    };
    assert!((0..100).all(|number| set(number) == 200));
    // The history includes the current password.
    assert!([0, 1, 50, 98, 99].into_iter().all(|number| set(number) == 403));
    assert_eq!((set(100), set(0), set(1)), (200, 200, 200));
}
