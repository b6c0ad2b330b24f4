//! Invariants of every task of a directory, for each product.

#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an unexpected response ends the test"
)]

use crate::support::host::Host;
use crate::support::repetitions::tries;
use latchwork::directory::{Call, Expectation, Facts, Guards, Inputs, Page, Task, ENTROPY};
use latchwork::{open, SystemName, Value, Word as _};
use proptest::prelude::*;

/// Every system with requests, with records of an administrator `root` and another user `ann`.
fn systems() -> impl Iterator<Item = (SystemName, Value)> {
    let named = SystemName::WORDS.iter().map(|name| SystemName::from_word(name).unwrap());
    named.filter(|system| system.export(&[]).is_some()).map(|system| (system, records(system)))
}

fn records(system: SystemName) -> Value {
    let text = match system.word() {
        "arangodb" => {
            r#"{"users":{"root":{"passwd":"","grants":{"_system":{"level":"rw"}}},"ann":{"passwd":"a","grants":{"shop":{"level":"ro"}}}},"databases":{"shop":["items"]}}"#
        }
        "meuse" => {
            r#"{"users":[{"name":"root","role":"admin","password":"rootpass"},{"name":"ann","role":"tech","password":"annpass1"}],"tokens":[{"user":"root","name":"r","token":"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"}],"crates":[{"name":"latch","versions":["1.0.0"],"owners":["ann"]}]}"#
        }
        "tyk" => {
            r#"{"config":{"admin_secret":"rootpass"},"users":[{"id":"root","active":true,"first_name":"R","last_name":"R","email_address":"root@example.org","password":"rootpass","access_key":"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr","user_permissions":{"IsAdmin":"admin","ResetPassword":"admin"}},{"id":"ann","active":true,"first_name":"A","last_name":"A","email_address":"ann@example.org","password":"annpass1","access_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","user_permissions":{"apis":"read"},"group_id":"team"}],"groups":[{"id":"team","active":true,"name":"Team","user_permissions":{"apis":"read"}}]}"#
        }
        "wso2" => {
            r#"{"realm":{"admin_user":"root"},"roles":["staff"],"users":[{"name":"root","password":"rootpass","roles":["admin"]},{"name":"ann","password":"annpass1","roles":["staff"]}],"rules":[{"role":"Internal/everyone","resource":"/permission/admin/login","action":"ui.execute","effect":"allow"}]}"#
        }
        "antmedia" => {
            r#"{"users":[{"email":"root","password":"rootpass","scope":"system","userType":"ADMIN"},{"email":"ann","password":"annpass1","scope":"live","userType":"USER"}]}"#
        }
        other => panic!("{other} has no records here"),
    };
    Value::parse(text).unwrap()
}

/// The header that authenticates `root`, with its value.
fn credential(host: &mut Host) -> (&'static str, String) {
    match host.system.word() {
        "arangodb" => ("authorization", "Basic cm9vdDo=".to_owned()),
        "meuse" => ("authorization", "r".repeat(68)),
        "tyk" => ("authorization", "r".repeat(32)),
        // `root:rootpass`
        "wso2" => ("authorization", "Basic cm9vdDpyb290cGFzcw==".to_owned()),
        _ => {
            let body = br#"{"email":"root","password":"rootpass"}"#.to_vec();
            let call = Call { method: "POST", path: "/rest/v2/users/authenticate", body, ..Call::default() };
            let response = host.call(&call);
            let (_, cookie) = response.headers.iter().find(|(name, _)| *name == "set-cookie").unwrap();
            ("cookie", cookie.split(';').next().unwrap().to_owned())
        }
    }
}

/// The facts that a task loads from an empty store.
fn facts_of_empty_store() -> Facts {
    let mut facts = Facts::default();
    facts.entry("directory/filled", None);
    facts.entry("directory/bootstrap", None);
    facts.page(Page { prefix: "user/".into(), after: None, limit: 1, entries: Vec::new() });
    facts
}

/// The line of a commit for this key.
fn expectation_for<'l>(lines: &'l [Expectation], key: &str) -> &'l Expectation {
    lines.iter().find(|line| line.key == key).unwrap()
}

#[test]
fn seeding_a_store_with_users_fails_and_changes_nothing() {
    for (system, records) in systems() {
        let mut host = Host::new(system);
        host.seed(&records).unwrap();
        let before = host.entries.clone();
        assert!(host.seed(&records).unwrap_err().contains("not_empty"));
        assert_eq!(host.entries, before);
    }
}

/// A hash that exceeds the limits of cost, or has an unknown form, verifies no password.
#[test]
fn seeding_a_hash_that_cannot_be_verified_fails_with_its_path() {
    let salt = "A".repeat(22);
    let argon2 = |cost: &str| format!("$argon2id$v=19${cost}${salt}${}", "A".repeat(43));
    let bcrypt = |rounds: &str| format!("$2a${rounds}$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe");
    for (system, records) in systems() {
        let own = if system == SystemName::Arangodb { "root" } else { "0" };
        let mut hashes = vec![
            (argon2("m=4194304,t=2,p=1"), Some("65536 KiB")),
            (argon2("m=19456,t=1000,p=1"), Some("10 passes")),
            (argon2("m=19456,t=2,p=200"), Some("16 lanes")),
            (argon2("m=19456,t=2,p=1"), None),
        ];
        if matches!(system, SystemName::Meuse | SystemName::Tyk) {
            hashes.extend([(bcrypt("31"), Some("14 rounds of bcrypt")), (bcrypt("06"), None)]);
        }
        for (hash, cap) in hashes {
            let mut host = Host::new(system);
            // A hash replaces the password of the first user, the administrator.
            let text = records.to_string();
            let (before, rest) = text.split_once(r#""pass"#).unwrap();
            let (_, after) = rest.split_once([',', '}']).unwrap();
            let last = rest.as_bytes()[rest.len() - after.len() - 1] as char;
            let records = Value::parse(&format!(r#"{before}"hash":"{hash}"{last}{after}"#)).unwrap();
            match cap {
                None => assert_eq!(host.seed(&records), Ok(()), "{system:?} {hash}"),
                Some(cap) => {
                    let error = host.seed(&records).unwrap_err();
                    assert!(
                        error.contains("invalid_records") && error.contains(&format!("/users/{own}/hash")),
                        "{error}"
                    );
                    assert!(error.contains(cap) && !error.contains(&salt), "{system:?} {hash}: {error}");
                    assert!(host.entries.is_empty());
                }
            }
        }
    }
}

#[test]
fn seeding_names_that_no_url_can_address_fails_with_their_path() {
    let tyk = |user: &str, group: &str| {
        format!(
            r#"{{"users":[{{"id":"{user}","email_address":"ann@example.org"}}],"groups":[{{"id":"{group}","name":"team"}}]}}"#
        )
    };
    let arangodb =
        |user: &str, database: &str| format!(r#"{{"users":{{"{user}":{{}}}},"databases":{{"{database}":[]}}}}"#);
    let wso2 = |id: &str| format!(r#"{{"users":[{{"name":"ann","id":"{id}"}}]}}"#);
    let (format, reserved) = ("bad_format", "reserved");
    for (system, records, problem) in [
        (SystemName::Tyk, tyk("ann", "team"), None),
        (SystemName::Tyk, tyk("...", "team"), None),
        (SystemName::Tyk, tyk("ann", "me"), None),
        (SystemName::Tyk, tyk("..", "team"), Some((format, "/users/0/id"))),
        (SystemName::Tyk, tyk("me", "team"), Some((reserved, "/users/0/id"))),
        (SystemName::Tyk, tyk("search", "team"), Some((reserved, "/users/0/id"))),
        (SystemName::Tyk, tyk("ann", "."), Some((format, "/groups/0/id"))),
        (SystemName::Arangodb, arangodb("ann", "shop"), None),
        (SystemName::Arangodb, arangodb("...", "shop"), None),
        (SystemName::Arangodb, arangodb("..", "shop"), Some((format, "/users/.."))),
        (SystemName::Arangodb, arangodb("ann", "."), Some((format, "/databases/."))),
        (SystemName::Wso2, wso2("search"), None),
        (SystemName::Wso2, wso2(".search"), Some((reserved, "/users/0/id"))),
        (SystemName::Wso2, wso2(".."), Some((reserved, "/users/0/id"))),
    ] {
        let mut host = Host::new(system);
        let error = host.seed(&Value::parse(&records).unwrap()).err();
        let Some((code, path)) = problem else {
            assert_eq!(error, None, "{records}");
            continue;
        };
        let error = error.unwrap();
        for part in ["invalid_records", code, &format!(r#""path":"{path}""#)] {
            assert!(error.contains(part), "{part} in {error}");
        }
        assert!(host.entries.is_empty(), "{records}");
    }
}

fn inputs<'r>(entropy: &'r [u8], facts: &'r Facts) -> Inputs<'r> {
    Inputs { guards: Guards::Off, now: 0, secret: b"", entropy, facts }
}

#[test]
fn bootstrap_and_seed_depend_on_the_same_entry() {
    for (system, _) in systems() {
        let invited = system.run_task(&Task::Bootstrap, inputs(&[7; ENTROPY], &facts_of_empty_store())).unwrap();
        assert_eq!(invited.response.status, 200);
        // If another task fills the store in the meantime, the commit of this one fails.
        assert_eq!(expectation_for(&invited.changes, "directory/filled").change, None);
        assert!(expectation_for(&invited.changes, "directory/bootstrap").change.is_some());
        let document =
            Value::parse(if system == SystemName::Arangodb { r#"{"users":{}}"# } else { r#"{"users":[]}"# }).unwrap();
        let mut host = Host::new(system);
        host.seed(&document).unwrap();
        assert!(host.entries.contains_key("directory/filled"));
    }
}

#[test]
fn bootstrap_and_seed_without_random_bytes_fail_without_a_write() {
    for (system, records) in systems() {
        for task in [Task::Bootstrap, Task::Seed(&records)] {
            let outcome = system.run_task(&task, inputs(&[], &facts_of_empty_store())).unwrap();
            let text = format!("{:?}", outcome.response);
            assert!(outcome.changes.is_empty(), "{text}");
            assert!(matches!(outcome.response.status, 500) || !outcome.asks.is_empty(), "{text}");
        }
    }
}

fn methods() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "x"])
}

fn paths() -> impl Strategy<Value = String> {
    let known = vec![
        "_api",
        "user",
        "ann",
        "root",
        "database",
        "shop",
        "items",
        "config",
        "_open",
        "auth",
        "_db",
        "_system",
        "version",
        "collection",
        "document",
        "api",
        "v1",
        "meuse",
        "token",
        "category",
        "crate",
        "crates",
        "latch",
        "1.0.0",
        "owners",
        "yank",
        "unyank",
        "download",
        "new",
        "_latchwork",
        "bootstrap",
        "%2F",
        "%",
        "",
        "*",
        "..",
        "é",
        "users",
        "usergroups",
        "team",
        "actions",
        "reset",
        "key",
        "revoke",
        "login",
        "admin",
        "scim2",
        "Users",
        "Groups",
        "Me",
        "services",
        "UserAdmin",
        "listUsers",
        "rest",
        "v2",
        "user-list",
        "authenticate",
        "password",
        "initial",
        "blocked",
    ];
    let free =
        prop::collection::vec(prop::sample::select(known), 0..7).prop_map(|parts| format!("/{}", parts.join("/")));
    let likely = prop::sample::select(vec![
        "/_api/user",
        "/_api/user/ann",
        "/_api/user/ann/database/shop",
        "/_api/user/ann/config/x",
        "/api/v1/meuse/user",
        "/api/v1/meuse/user/ann",
        "/api/v1/meuse/token",
        "/api/v1/crates/latch/owners",
        "/api/v1/crates/latch/1.0.0/yank",
        "/me",
        "/api/users",
        "/api/users/",
        "/api/users/ann",
        "/api/users/ann/actions/reset",
        "/api/usergroups/team",
        "/api/login",
        "/api/password/forgot",
        "/admin/users/ann",
        "/scim2/Users",
        "/scim2/Groups",
        "/scim2/Me",
        "/services/UserAdmin/addUser",
        "/services/UserAdmin/changePasswordByUser",
        "/rest/v2/users",
        "/rest/v2/users/ann",
        "/rest/v2/users/password",
        "/rest/v2/users/authenticate",
        "/rest/v2/user-list",
    ]);
    prop_oneof![free, likely.prop_map(str::to_owned)]
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let likely = prop::sample::select(vec![
        r#"{"user":"new","passwd":"x"}"#,
        r#"{"grant":"rw"}"#,
        r#"{"active":false,"description":"d"}"#,
        r#"{"users":["root"]}"#,
        r#"{"name":"new","user":"ann","password":"annpass1","validity":1,"description":"d","role":"tech","active":true}"#,
        r#"{"first_name":"N","last_name":"N","email_address":"new@example.org","password":"new-pass","new_password":"new-pass","active":true,"user_permissions":{"apis":"read"}}"#,
        r#"{"name":"new","user_permissions":{"apis":"read"}}"#,
        r#"{"userName":"new","password":"new-pass","oldPassword":"annpass1","newPassword":"new-pass","roles":[]}"#,
        r#"{"displayName":"new","members":[]}"#,
        r#"{"email":"new","password":"rootpass","newPassword":"new-pass","scope":"live","userType":"USER"}"#,
        r#"{"email":"ann","password":"wrong","scope":"live","userType":"READ_ONLY"}"#,
    ]);
    prop_oneof![likely.prop_map(|text| text.as_bytes().to_vec()), prop::collection::vec(any::<u8>(), 0..50)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(400), ..ProptestConfig::default() })]

    /// A rejected request changes only counters of failures. Each line of a commit has its own key, and expects the version
    /// that the store returned.
    #[test]
    fn random_requests_commit_only_versions_they_read_and_rejected_ones_change_no_record(
        method in methods(), path in paths(), body in bodies(), known in any::<bool>(), other in "[ -~]{0,30}"
    ) {
        for (system, records) in systems() {
            let mut host = Host::new(system);
            host.seed(&records).unwrap();
            let (name, own) = credential(&mut host);
            let header = if known { own } else { other.clone() };
            let secret = if known { "rootpass" } else { "wrong" };
            let headers = vec![(name, header.as_str()), ("admin-auth", secret), ("content-type", "application/json")];
            let call = Call { method, path: &path, headers, body: body.clone(), ..Call::default() };
            let before = host.entries.clone();
            // The host of the tests panics if a commit expects a version that is not the stored one.
            let response = host.call(&call);
            // Tyk documents a response of this kind for a missing body.
            let is_documented = system == SystemName::Tyk && response.text.contains("body empty");
            prop_assert!(response.status < 500 || is_documented, "{} {}", response.status, response.text);
            if response.status >= 400 || response.text.contains(r#""success":false"#) {
                let is_count = |key: &str| ["brake/", "attempts", "failures/"].iter().any(|kind| key.starts_with(kind));
                host.entries.retain(|key, _| !is_count(key));
                prop_assert_eq!(&host.entries, &before);
            }
            // The stored entries are valid records after every request.
            prop_assert!(open(system.word(), &host.records().to_string()).is_ok());
        }
    }
}
