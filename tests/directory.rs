//! What holds for every task of a directory, of whichever product.

#![cfg(all(feature = "directory", feature = "legacy"))]
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic,
    reason = "a directory that answers otherwise ends the test"
)]

mod shell;

use latchwork::directory::{answer, Call, Expectation, Facts, Guards, Page, Task, ENTROPY};
use latchwork::{open, SystemName, Value, Word as _};
use proptest::prelude::*;
use shell::Shell;

const SYSTEMS: [SystemName; 2] = [SystemName::Arangodb, SystemName::Meuse];

fn records(system: SystemName) -> Value {
    let text = match system {
        SystemName::Arangodb => {
            r#"{"users":{"root":{"passwd":"","grants":{"_system":{"level":"rw"}}},"ann":{"passwd":"a","grants":{"shop":{"level":"ro"}}}},"databases":{"shop":["items"]}}"#
        }
        _ => {
            r#"{"users":[{"name":"root","role":"admin","password":"rootpass"},{"name":"ann","role":"tech","password":"annpass1"}],"tokens":[{"user":"root","name":"r","token":"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"}],"crates":[{"name":"latch","versions":["1.0.0"],"owners":["ann"]}]}"#
        }
    };
    Value::parse(text).unwrap()
}

/// A store's facts for a task on an empty store.
fn empty() -> Facts {
    let mut facts = Facts::default();
    facts.entry("directory/filled", None);
    facts.entry("directory/bootstrap", None);
    facts.page(Page { prefix: "user/".into(), after: None, limit: 1, entries: Vec::new() });
    facts
}

/// The lines of the tasks' own commit on this key.
fn line<'l>(lines: &'l [Expectation], key: &str) -> &'l Expectation {
    lines.iter().find(|line| line.key == key).unwrap()
}

#[test]
fn a_store_with_users_is_not_seeded_and_invites_nobody() {
    for system in SYSTEMS {
        let mut shell = Shell::new(system);
        shell.seed(&records(system)).unwrap();
        let before = shell.entries.clone();
        assert!(shell.seed(&records(system)).unwrap_err().contains("not_empty"));
        assert_eq!(shell.entries, before);
    }
}

#[test]
fn seeds_with_ids_and_names_that_no_url_can_carry_are_refused() {
    let tyk = |user: &str, group: &str| {
        format!(
            r#"{{"users":[{{"id":"{user}","email_address":"ann@example.org"}}],"groups":[{{"id":"{group}","name":"team"}}]}}"#
        )
    };
    let arangodb =
        |user: &str, database: &str| format!(r#"{{"users":{{"{user}":{{}}}},"databases":{{"{database}":[]}}}}"#);
    for (system, records, path) in [
        (SystemName::Tyk, tyk("ann", "team"), None),
        (SystemName::Tyk, tyk("...", "team"), None),
        (SystemName::Tyk, tyk("..", "team"), Some("/users/0/id")),
        (SystemName::Tyk, tyk("ann", "."), Some("/groups/0/id")),
        (SystemName::Arangodb, arangodb("ann", "shop"), None),
        (SystemName::Arangodb, arangodb("...", "shop"), None),
        (SystemName::Arangodb, arangodb("..", "shop"), Some("/users/..")),
        (SystemName::Arangodb, arangodb("ann", "."), Some("/databases/.")),
    ] {
        let mut shell = Shell::new(system);
        let said = shell.seed(&Value::parse(&records).unwrap()).err();
        let Some(path) = path else {
            assert_eq!(said, None, "{records}");
            continue;
        };
        let said = said.unwrap();
        for part in ["invalid_records", "bad_format", &format!(r#""path":"{path}""#)] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(shell.entries.is_empty(), "{records}");
    }
}

#[test]
fn whoever_invites_and_whoever_fills_a_store_rest_on_the_same_entries() {
    for system in SYSTEMS {
        let invited = answer(system, &Task::Bootstrap, Guards::Off, 0, b"", &[7; ENTROPY], &empty());
        assert_eq!(invited.response.status, 200);
        // Whoever fills it meanwhile makes the first one fail.
        assert_eq!(line(&invited.changes, "directory/filled").change, None);
        assert!(line(&invited.changes, "directory/bootstrap").change.is_some());
        let document =
            Value::parse(if system == SystemName::Meuse { r#"{"users":[]}"# } else { r#"{"users":{}}"# }).unwrap();
        let mut shell = Shell::new(system);
        shell.seed(&document).unwrap();
        assert!(shell.entries.contains_key("directory/filled"));
    }
}

#[test]
fn what_the_host_asks_for_fails_in_one_form() {
    for system in SYSTEMS {
        for task in [Task::Bootstrap, Task::Seed(&records(system))] {
            let outcome = answer(system, &task, Guards::Off, 0, b"", &[], &empty());
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
    ]);
    prop_oneof![likely.prop_map(|text| text.as_bytes().to_vec()), prop::collection::vec(any::<u8>(), 0..50)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A call that is refused changes nothing but the count of failures; each line of a commit is on a key of its own, and rests on the
    /// version that the store gave.
    #[test]
    fn changes_are_allowed_and_rest_on_what_was_read(
        method in methods(), path in paths(), body in bodies(), known in any::<bool>(), other in "[ -~]{0,30}"
    ) {
        for system in SYSTEMS {
            let mut shell = Shell::new(system);
            shell.seed(&records(system)).unwrap();
            let header = match (known, system) {
                (true, SystemName::Arangodb) => "Basic cm9vdDo=".to_owned(),
                (true, _) => "r".repeat(68),
                (false, _) => other.clone(),
            };
            let call = Call { method, path: &path, headers: vec![("authorization", &header)], body: body.clone(), ..Call::default() };
            let before = shell.entries.clone();
            // The shell of the tests refuses a commit on what was not read as it stands.
            let answer = shell.call(&call);
            prop_assert!(answer.status < 500, "{} {}", answer.status, answer.text);
            if answer.status >= 400 {
                shell.entries.retain(|key, _| !key.starts_with("brake/"));
                prop_assert_eq!(&shell.entries, &before);
            }
            // Whatever was done, what is there are records.
            prop_assert!(open(system.word(), &shell.records().to_string()).is_ok());
        }
    }
}
