//! A clock that is set back: a throttle or block that would start more than 60 seconds in the future is over, and a
//! credential that would be issued then is invalid. Less is the skew of several machines' clocks, and nothing changes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::crate_source::{places, places_of};
use crate::support::host::{Host, Response};
use crate::support::sign_ins::ENTRY_POINTS;
use latchwork::directory::{Call, Guards};
use latchwork::{SystemName, Value, Word as _};
use serde_json::{json, Value as Json};

/// When something is stored, in milliseconds.
const STORED: i64 = 1_700_000_000_000;
/// How far clocks may differ.
const SKEW: i64 = 60_000;

/// Every function that uses the time, by whether it stores or compares it. A new use fails the test until it is listed.
#[test]
fn every_use_of_the_clock_is_listed() {
    let mut found = places_of("tx.now");
    found.extend(places_of("tx.seconds()"));
    found.extend(places_of("self.now"));
    let stores = [
        ("directory/transaction/mod.rs", "seconds"),
        // Not a time: the rights that hold now.
        ("directory/holder.rs", "current_rights"),
        // The time of a question, which its caller gives.
        ("systems/rbac/access.rs", "grant_applies"),
        // Times that are shown.
        ("systems/meuse/directory/import.rs", "add_crate"),
        ("systems/meuse/directory/publish.rs", "publish_version"),
        ("systems/meuse/directory/publish.rs", "set_yanked"),
        ("systems/tyk/directory/users.rs", "build_user"),
        ("systems/tyk/directory/import.rs", "add_users"),
        ("systems/tyk/directory/sign_in.rs", "sign_in"),
        ("systems/wso2/directory/import.rs", "import_records"),
        ("systems/wso2/directory/roles.rs", "create_role"),
        ("systems/wso2/directory/users.rs", "create_user"),
        // No version of a resource has the time of an earlier one, whatever the clock says.
        ("systems/wso2/directory/writes.rs", "store_role"),
        ("systems/wso2/directory/writes.rs", "store_user"),
        // Times that are compared below.
        ("systems/antmedia/directory/attempts.rs", "load"),
        ("systems/antmedia/directory/sessions.rs", "add_session"),
        ("systems/arangodb/directory/session_token.rs", "sign_session"),
        ("systems/arangodb/directory/tokens.rs", "create_token"),
        ("systems/meuse/directory/import.rs", "add_token"),
        ("systems/meuse/directory/tokens.rs", "create_token"),
        ("systems/meuse/directory/tokens.rs", "generate_token"),
        ("systems/tyk/directory/password_reset.rs", "send_link"),
        ("systems/tyk/directory/passwords.rs", "set_password"),
    ];
    let compares = [
        ("directory/throttle.rs", "attempt"),
        ("systems/antmedia/directory/attempts.rs", "is_shut"),
        ("systems/antmedia/directory/sessions.rs", "find_presented"),
        ("systems/arangodb/directory/sign_in.rs", "from_header"),
        ("systems/arangodb/directory/sign_in.rs", "load_caller"),
        // A renewal may come early or late: a token is valid without it.
        ("systems/arangodb/directory/session_token.rs", "renew_session"),
        ("systems/arangodb/directory/token.rs", "find_presented_token"),
        ("systems/arangodb/directory/tokens.rs", "list_tokens"),
        ("systems/meuse/directory/sign_in.rs", "authenticate_caller"),
        ("systems/tyk/directory/password_reset.rs", "reset_password"),
        ("systems/tyk/directory/passwords.rs", "is_password_expired"),
        ("systems/tyk/directory/sign_in.rs", "load"),
    ];
    assert_eq!(found, places(&[&stores[..], &compares[..]].concat()));
    // Each comparison allows for clocks that differ.
    let mut asked = places_of("is_ahead(");
    asked.extend(places_of("SKEW"));
    let askers = [
        ("directory/time.rs", ""),
        ("directory/time.rs", "is_ahead"),
        ("directory/throttle.rs", "is_current"),
        ("directory/jwt.rs", ""),
        ("directory/jwt.rs", "verify"),
        ("systems/antmedia/directory/attempts.rs", "is_shut"),
        ("systems/arangodb/directory/user.rs", "is_active"),
        ("systems/antmedia/directory/sessions.rs", "is_valid"),
        ("systems/meuse/directory/sign_in.rs", "authenticate_caller"),
        ("systems/tyk/directory/password_reset.rs", "reset_password"),
        ("systems/tyk/directory/passwords.rs", "is_password_expired"),
        ("systems/tyk/directory/sign_in.rs", "load"),
    ];
    assert_eq!(asked, places(&askers));
}

/// A directory of these records, at the time when things are stored.
fn host(system: &str, records: &Json) -> Host {
    let mut host = Host::new(SystemName::from_word(system).unwrap());
    host.now = STORED;
    host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
    host
}

fn send(host: &mut Host, method: &str, path: &str, headers: &[(&str, &str)], body: &Json) -> Response {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    host.call(&Call { method, path, headers: headers.to_vec(), body, ..Call::default() })
}

/// The header `set-cookie` up to its attributes.
fn cookie(response: &Response) -> String {
    let (_, cookie) = response.headers.iter().find(|(name, _)| *name == "set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn a_throttle_that_starts_in_the_future_is_over() {
    for entry_point in ENTRY_POINTS {
        for (back, is_over) in [(0, false), (SKEW, false), (SKEW + 1, true), (365 * 86_400_000, true)] {
            let mut host = entry_point.host();
            host.now = STORED;
            for _ in 0..15 {
                assert!(!entry_point.accepts(&mut host, "192.0.2.1", "ann", "wrong-one"), "{}", entry_point.what);
                host.now += 900_000;
            }
            host.now -= 900_000 + back;
            assert_eq!(
                entry_point.accepts(&mut host, "192.0.2.1", "ann", "right-one"),
                is_over,
                "{}: {back} ms",
                entry_point.what
            );
        }
    }
}

#[test]
fn a_block_that_starts_in_the_future_is_over() {
    let antmedia =
        json!({ "users": [{ "email": "ann", "password": "right-one", "scope": "live", "userType": "USER" }] });
    let tyk = json!({ "config": { "login_failure_username_limit": 3 }, "users": [{
        "id": "ann", "active": true, "first_name": "a", "last_name": "a", "email_address": "ann@example.org",
        "password": "right-one", "user_permissions": { "IsAdmin": "admin" },
    }] });
    for (system, records, path) in [("antmedia", antmedia, "/rest/v2/users/authenticate"), ("tyk", tyk, "/api/login")] {
        // In whole seconds, because Tyk's are.
        for (back, is_over) in [(0, false), (SKEW, false), (SKEW + 1_000, true), (365 * 86_400_000, true)] {
            for guards in [Guards::Off, Guards::Strict] {
                let mut host = host(system, &records);
                host.guards = guards;
                let sign_in = |host: &mut Host, password: &str| {
                    let body = json!({ "email": "ann", "email_address": "ann@example.org", "password": password });
                    let body = if system == "tyk" { body } else { json!({ "email": "ann", "password": password }) };
                    crate::support::sign_ins::is_success(&send(host, "POST", path, &[], &body))
                };
                for _ in 0..3 {
                    assert!(!sign_in(&mut host, "wrong-one"));
                }
                host.now -= back;
                assert_eq!(sign_in(&mut host, "right-one"), is_over, "{system} {guards:?}: {back} ms");
            }
        }
    }
}

/// Each credential: how it is issued, and whether it is good.
type Credential = (&'static str, fn() -> Host, fn(&mut Host) -> String, fn(&mut Host, &str) -> bool);

const CREDENTIALS: [Credential; 7] = [
    (
        "ArangoDB, a token",
        || host("arangodb", &json!({ "users": { "root": { "passwd": "right-one" } } })),
        |host| {
            let body = json!({ "username": "root", "password": "right-one" });
            let response = send(host, "POST", "/_open/auth", &[], &body);
            let body: Json = serde_json::from_str(&response.text).unwrap();
            format!("Bearer {}", body["jwt"].as_str().unwrap())
        },
        |host, token| send(host, "GET", "/_api/version", &[("authorization", token)], &Json::Null).status == 200,
    ),
    (
        "ArangoDB, an access token",
        || {
            let grants = json!({ "_system": { "level": "rw" } });
            host("arangodb", &json!({ "users": { "root": { "passwd": "right-one", "grants": grants } } }))
        },
        |host| {
            // `root:right-one`
            let headers = [("authorization", "Basic cm9vdDpyaWdodC1vbmU=")];
            let body = json!({ "name": "t", "valid_until": STORED / 1_000 + 9_000 });
            let response = send(host, "POST", "/_api/token/root", &headers, &body);
            let body: Json = serde_json::from_str(&response.text).unwrap();
            body["token"].as_str().unwrap().to_owned()
        },
        |host, token| {
            let body = json!({ "username": "root", "password": token });
            send(host, "POST", "/_open/auth", &[], &body).status == 200
        },
    ),
    (
        "Ant Media, a session",
        || {
            let user = json!({ "email": "ann", "password": "right-one", "scope": "system", "userType": "ADMIN" });
            host("antmedia", &json!({ "users": [user] }))
        },
        |host| {
            let body = json!({ "email": "ann", "password": "right-one" });
            cookie(&send(host, "POST", "/rest/v2/users/authenticate", &[], &body))
        },
        |host, cookie| send(host, "GET", "/rest/v2/user-list", &[("cookie", cookie)], &Json::Null).status == 200,
    ),
    (
        "Meuse, a token",
        meuse,
        |host| {
            let body = json!({ "name": "t", "user": "ann", "password": "right-one", "validity": 9 });
            let response = send(host, "POST", "/api/v1/meuse/token", &[], &body);
            let body: Json = serde_json::from_str(&response.text).unwrap();
            body["token"].as_str().unwrap().to_owned()
        },
        meuse_token_is_good,
    ),
    ("Meuse, a token of records", meuse, |_| "s".repeat(68), meuse_token_is_good),
    (
        "Tyk, a link",
        tyk,
        |host| {
            let body = json!({ "email_address": "ann@example.org" });
            send(host, "POST", "/api/password/forgot", &[], &body).mails[0].token.clone()
        },
        tyk_link_is_good,
    ),
    ("Tyk, a link of records", tyk, |_| "link".to_owned(), tyk_link_is_good),
];

fn meuse() -> Host {
    host(
        "meuse",
        &json!({
            "users": [{ "name": "ann", "role": "admin", "password": "right-one", "description": "d" }],
            "tokens": [{ "user": "ann", "name": "s", "token": "s".repeat(68) }],
        }),
    )
}

fn meuse_token_is_good(host: &mut Host, token: &str) -> bool {
    send(host, "GET", "/api/v1/meuse/user", &[("authorization", token)], &Json::Null).status == 200
}

fn tyk() -> Host {
    host(
        "tyk",
        &json!({
            "users": [{
                "id": "ann", "active": true, "first_name": "a", "last_name": "a", "email_address": "ann@example.org",
                "password": "right-one", "user_permissions": { "IsAdmin": "admin" },
            }],
            "reset_tokens": [{ "token": "link", "user": "ann", "issued_at": STORED / 1_000 }],
        }),
    )
}

fn tyk_link_is_good(host: &mut Host, token: &str) -> bool {
    let body = json!({ "token": token, "new_password": "another-1" });
    send(host, "POST", "/api/password/reset", &[], &body).status == 200
}

#[test]
fn a_credential_issued_in_the_future_is_invalid() {
    for (what, ready, issue, is_good) in CREDENTIALS {
        for (back, expected) in [(0, true), (SKEW, true), (SKEW + 1_000, false), (365 * 86_400_000, false)] {
            let mut host = ready();
            let credential = issue(&mut host);
            host.now = STORED - back;
            assert_eq!(is_good(&mut host, &credential), expected, "{what}: {back} ms");
        }
    }
}

#[test]
fn a_password_set_in_the_future_has_expired_if_passwords_expire() {
    for (back, status) in [(0, 200), (SKEW, 200), (SKEW + 1_000, 403), (365 * 86_400_000, 403)] {
        let mut host = host(
            "tyk",
            &json!({ "config": { "user_password_max_days": 1 }, "users": [{
            "id": "ann", "active": true, "first_name": "a", "last_name": "a", "email_address": "ann@example.org",
            "password": "right-one", "user_permissions": { "IsAdmin": "admin" },
        }] }),
        );
        host.now = STORED - back;
        let body = json!({ "email_address": "ann@example.org", "password": "right-one" });
        assert_eq!(send(&mut host, "POST", "/api/login", &[], &body).status, status, "{back} ms");
    }
}

#[test]
fn a_last_use_in_the_future_is_overwritten() {
    let mut host = meuse();
    let token = "s".repeat(68);
    let used = |host: &mut Host| {
        let response = send(host, "GET", "/api/v1/meuse/token", &[("authorization", &token)], &Json::Null);
        let body: Json = serde_json::from_str(&response.text).unwrap();
        body["tokens"][0]["last-used-at"].as_str().unwrap().to_owned()
    };
    host.now = STORED + 50_000;
    assert_eq!(used(&mut host), "2023-11-14T22:14:10Z");
    // Within the skew a use of a moment ago need not be noted.
    host.now = STORED;
    assert_eq!(used(&mut host), "2023-11-14T22:14:10Z");
    host.now = STORED - 50_000;
    assert_eq!(used(&mut host), "2023-11-14T22:12:30Z");
}
