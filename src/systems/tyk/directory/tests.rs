//! What the answers alone do not show: the work that was done, and what lies in the store.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test ends where something is missing"
)]

mod neighbours;

use std::collections::BTreeMap;

use super::super::Tyk;
use crate::directory::prelude::Directory as _;
use crate::directory::{run::run_task, Mail};
use crate::directory::{Ask, Body, Call, Entry, Facts, Found, Guards, Inputs, Page, Task, ENTROPY};
use crate::document::value::Value;
use crate::{open, Authorizer};

const RECORDS: &str = r#"{
    "users": [
        {"id": "a1", "active": true, "email_address": "a1@example.org", "user_permissions": {"IsAdmin": "admin"},
         "access_key": "secret-key-a1", "password": "secret-password-a1", "sessions": ["secret-session-a1"]},
        {"id": "u1", "active": true, "email_address": "u1@example.org", "user_permissions": {"apis": "read"},
         "access_key": "secret-key-u1", "password": "secret-password-u1", "group_id": "g1"},
        {"id": "off", "active": false, "email_address": "off@example.org", "password": "secret-password-off"},
        {"id": "old", "active": true, "email_address": "old@example.org",
         "hash": "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"}
    ],
    "groups": [{"id": "g1", "active": true, "user_permissions": {"users": "read", "policy": "write"}}],
    "apis": [{"id": "p1", "user_owners": ["u1"], "name": "P"}],
    "reset_tokens": [{"token": "secret-link-a1", "user": "a1", "issued_at": 0}],
    "config": {"admin_secret": "secret-of-admins", "enable_ownership": true, "login_failure_username_limit": 3}
}"#;

/// A store, and all that a call did with it. A hash is `hash:` and the password.
struct Bench {
    entries: BTreeMap<String, Entry>,
    version: u64,
    /// What the last call asked for, in order, and how many lines it committed.
    work: Vec<String>,
    mails: Vec<Mail>,
    guards: Guards,
}

impl Bench {
    fn new() -> Self {
        Self::of(RECORDS, Guards::Off)
    }

    fn of(records: &str, guards: Guards) -> Self {
        let mut bench = Self::empty(guards);
        assert_eq!(bench.run(&Task::Seed(&Value::parse(records).unwrap())).0, 204);
        bench
    }

    fn empty(guards: Guards) -> Self {
        Self { entries: BTreeMap::new(), version: 0, work: Vec::new(), mails: Vec::new(), guards }
    }

    /// As an admin, or as the super-admin.
    fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let headers = vec![("authorization", "secret-key-a1"), ("admin-auth", "secret-of-admins")];
        let call = Call { method, path, headers, body: body.into(), ..Call::default() };
        let (status, body, _) = self.run(&Task::Call(call));
        (status, body)
    }

    /// Whether the Dashboard knows this key.
    fn knows(&mut self, key: &str) -> bool {
        let headers = vec![("authorization", key)];
        self.run(&Task::Call(Call { method: "GET", path: "/api/users/me", headers, ..Call::default() })).0 == 200
    }

    fn post(&mut self, path: &str, body: &str) -> (u16, String, Vec<String>) {
        self.run(&Task::Call(Call { method: "POST", path, body: body.into(), ..Call::default() }))
    }

    fn login(&mut self, address: &str, password: &str) -> (u16, String, Vec<String>) {
        self.post("/api/login", &format!(r#"{{"email_address": "{address}", "password": "{password}"}}"#))
    }

    fn forgot(&mut self, address: &str) -> (u16, String, Vec<String>) {
        self.post("/api/password/forgot", &format!(r#"{{"email_address": "{address}"}}"#))
    }

    /// The status, the body, and the names and values of the headers.
    fn run(&mut self, task: &Task<'_>) -> (u16, String, Vec<String>) {
        let mut facts = Facts::default();
        self.work.clear();
        loop {
            self.version += 1;
            // Never the same twice.
            let entropy = self.version.to_le_bytes().repeat(ENTROPY / 8);
            let outcome = run_task::<Tyk>(
                task,
                Inputs { guards: self.guards, now: 0, secret: b"secret", entropy: &entropy, facts: &facts },
            );
            if outcome.asks.is_empty() {
                self.work.push(format!("commit {}", outcome.changes.len()));
                for line in outcome.changes {
                    assert_eq!(self.entries.get(&line.key).map(|entry| entry.version), line.expect, "{}", line.key);
                    match line.change {
                        Some(Some(value)) => {
                            drop(self.entries.insert(line.key, Entry { value, version: self.version }))
                        }
                        Some(None) => drop(self.entries.remove(&line.key)),
                        None => {}
                    }
                }
                self.mails = outcome.mails.into_iter().filter(|mail| !mail.to.is_empty()).collect();
                let body = match outcome.response.body {
                    Body::Json(value) => value.to_string(),
                    Body::Part { text, .. } => text,
                    Body::Empty | Body::Bytes(_) => String::new(),
                };
                let headers = outcome.response.headers.into_iter().map(|(name, value)| format!("{name}: {value}"));
                return (outcome.response.status, body, headers.collect());
            }
            for ask in outcome.asks {
                self.supply(ask, &mut facts);
            }
        }
    }

    fn supply(&mut self, ask: Ask, facts: &mut Facts) {
        match ask {
            Ask::Read(keys) => {
                self.work.push(format!("read {}", keys.len()));
                keys.iter().for_each(|key| facts.entry(key, self.entries.get(key).cloned()));
            }
            Ask::Scan { prefix, after, limit } => {
                self.work.push("scan".into());
                assert!(after.is_none());
                let found = self.entries.iter().filter(|(key, _)| key.starts_with(&prefix)).take(limit);
                let entries = found.map(|(key, entry)| (key.clone(), entry.clone())).collect();
                facts.page(Page { prefix, after, limit, entries });
            }
            Ask::Verify { password, stored, .. } => {
                self.work.push("verify".into());
                let bcrypt = stored.as_deref().is_some_and(|stored| stored.starts_with("$2a$")) && password == "a";
                let right = bcrypt || stored.as_deref() == Some(&format!("hash:{password}"));
                let found = match (right, bcrypt) {
                    (false, _) => Found::Wrong,
                    (true, false) => Found::Right,
                    (true, true) => Found::Outdated,
                };
                facts.check(&password, stored.as_deref(), found);
            }
            Ask::Count(counts) => {
                self.work.push(format!("count {}", counts.len()));
                for count in counts {
                    self.version += 1;
                    let entry = count.value.clone().map(|value| Entry { value, version: self.version });
                    match entry.clone() {
                        Some(entry) => drop(self.entries.insert(count.key.clone(), entry)),
                        None => drop(self.entries.remove(&count.key)),
                    }
                    facts.entry(&count.key, entry);
                    facts.counted(count);
                }
            }
            Ask::Hash(passwords) => {
                self.work.push(format!("hash {}", passwords.len()));
                let hashes = passwords.iter().map(|password| format!("hash:{password}")).collect();
                facts.hashes(passwords, hashes);
            }
        }
    }

    fn written(&self) -> String {
        self.entries.iter().map(|(key, entry)| format!("{key} {}\n", entry.value)).collect()
    }
}

#[test]
fn nobody_learns_by_signing_in_who_exists() {
    let mut bench = Bench::new();
    for round in 0..5 {
        let wrong = (bench.login("u1@example.org", "wrong"), bench.work.clone());
        assert_eq!(wrong.0 .0, 401);
        assert_eq!(wrong.1.iter().filter(|ask| *ask == "verify").count(), 1);
        for (address, password) in [
            ("nobody@example.org", "wrong"),
            ("off@example.org", "wrong"),
            ("off@example.org", "secret-password-off"),
            ("no address", "wrong"),
        ] {
            assert_eq!((bench.login(address, password), bench.work.clone()), wrong, "{round} {address}");
        }
    }
}

#[test]
fn nobody_learns_from_a_forgotten_password_who_exists() {
    let mut bench = Bench::new();
    for round in 0..3 {
        let known = (bench.forgot("u1@example.org"), bench.work.clone());
        assert_eq!(bench.mails.len(), 1);
        for address in ["nobody@example.org", "off@example.org", "no address", "a1@example.org"] {
            assert_eq!((bench.forgot(address), bench.work.clone()), known, "{round} {address}");
        }
    }
}

#[test]
fn addresses_that_nobody_has_do_not_fill_the_store() {
    let mut bench = Bench::new();
    for number in 0..1_500 {
        bench.forgot(&format!("nobody{number}@example.org"));
        bench.login(&format!("nobody{number}@example.org"), "wrong");
    }
    // 256 stand-ins: a link, the place of its token, and failures.
    assert!(bench.entries.len() < 256 * 3 + 40, "{}", bench.entries.len());
}

#[test]
fn no_secret_lies_in_the_store_or_goes_out_with_the_records() {
    let mut bench = Bench::new();
    bench.forgot("u1@example.org");
    let link = bench.mails[0].token.clone();
    let (_, _, headers) = bench.login("u1@example.org", "secret-password-u1");
    let session = headers[0].split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!([link.len(), session.len()], [64, 64]);
    let written = bench.written();
    // What this bench calls a hash is none.
    let at_rest = written.replace("hash:secret-", "hash:");
    for secret in
        [link.as_str(), &session, "secret-session-a1", "secret-link-a1", "secret-password", "secret-of-admins"]
    {
        assert!(!at_rest.contains(secret), "{secret}");
    }
    let entries: Vec<_> = bench.entries.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect();
    let records = Tyk::export_records(&entries).to_string();
    for secret in ["secret", "hash", "$2a$", &link, &session] {
        assert!(!records.contains(secret), "{secret}: {records}");
    }
}

#[test]
fn the_records_of_a_store_decide_as_those_that_filled_it() {
    let bench = Bench::new();
    let entries: Vec<_> = bench.entries.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect();
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
fn a_hash_of_the_dashboard_is_made_anew_at_the_next_right_password() {
    let mut bench = Bench::new();
    assert_eq!(bench.login("old@example.org", "b").0, 401);
    assert!(bench.written().contains("$2a$"));
    assert_eq!(bench.login("old@example.org", "a").0, 200);
    assert!(!bench.written().contains("$2a$"));
    assert_eq!(bench.login("old@example.org", "a").0, 200);
}

#[test]
fn a_user_has_so_many_sessions_and_no_more() {
    let mut bench = Bench::new();
    for _ in 0..136 {
        assert_eq!(bench.login("u1@example.org", "secret-password-u1").0, 200);
    }
    assert_eq!(bench.entries.keys().filter(|key| key.starts_with("session/")).count(), 128 + 1);
}

#[test]
fn what_a_user_leaves_behind_is_nothing() {
    let mut bench = Bench::new();
    bench.login("u1@example.org", "secret-password-u1");
    bench.login("u1@example.org", "wrong");
    bench.forgot("u1@example.org");
    let headers = vec![("authorization", "secret-key-a1")];
    let delete = Call { method: "DELETE", path: "/api/users/u1", headers, ..Call::default() };
    assert_eq!(bench.run(&Task::Call(delete)).0, 200);
    // An index has the id until its pending changes are moved into its tree.
    let written = bench.written().replace(r#""user_owners":["u1"]"#, "");
    let mut records = written.lines().filter(|line| !line.starts_with("index/"));
    assert!(records.all(|line| !line.contains("u1")), "{written}");
}

#[test]
fn records_with_a_reset_token_of_nobody_are_refused() {
    let mut bench = Bench::empty(Guards::Off);
    let records = r#"{"reset_tokens": [{"token": "t", "user": "u9", "issued_at": 0}]}"#;
    let (status, body, _) = bench.run(&Task::Seed(&Value::parse(records).unwrap()));
    assert_eq!(status, 400);
    assert!(body.contains("unknown_user") && body.contains("/reset_tokens/0/user"), "{body}");
}

/// The key that an answer tells: the longest run of hexadecimal digits.
fn told(answer: &str) -> String {
    let mut runs: Vec<&str> = answer.split(|letter: char| !letter.is_ascii_hexdigit()).collect();
    runs.sort_by_key(|run| run.len());
    runs.pop().unwrap().to_owned()
}

#[test]
fn under_guards_no_access_key_lies_in_the_store() {
    let mut bench = Bench::of(RECORDS, Guards::Strict);
    assert!(bench.knows("secret-key-a1") && bench.knows("secret-key-u1"));
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
        let (status, text) = bench.send(method, path, &body);
        let key = told(&text);
        assert_eq!((status, key.len()), (200, 32), "{path} {text}");
        assert!(bench.knows(&key), "{path}");
        keys.push(key);
    }
    assert!(!bench.knows(&keys[3]), "a newer key ended it");
    let written = bench.written();
    for key in &keys {
        assert!(!written.contains(key.as_str()), "{key} {written}");
    }
    // Also for whoever looks without guards: what is gone is gone.
    for guards in [Guards::Strict, Guards::Off] {
        bench.guards = guards;
        for path in ["/api/users", "/api/users/u1", "/api/users/me", "/api/users/search"] {
            let headers = vec![("authorization", "secret-key-a1")];
            let call = Call { method: "GET", path, query: "q=example", headers, ..Call::default() };
            let (status, text, _) = bench.run(&Task::Call(call));
            // Those who have none are shown to have none.
            let text = text.replace(r#""access_key":"","#, "");
            assert!(status == 200 && !text.contains("access_key"), "{path} {text}");
        }
        let (status, text) = bench.send("PUT", "/admin/users/u1", r#"{"first_name": "U"}"#);
        assert!(status == 200 && text.contains("User updated") && text.contains(r#""access_key":"""#), "{text}");
        let (status, text) = bench.send("GET", "/admin/users/u1", "");
        assert!(status == 200 && text.contains(r#""access_key":"""#), "{text}");
    }
}

#[test]
fn a_key_that_was_shown_before_there_were_guards_is_shown_no_more() {
    let mut bench = Bench::new();
    assert!(bench.written().contains("secret-key-u1"));
    assert!(bench.send("GET", "/api/users/u1", "").1.contains("secret-key-u1"));
    bench.guards = Guards::Strict;
    assert!(bench.send("GET", "/api/users/u1", "").1.contains(r#""access_key":"""#));
    assert!(bench.knows("secret-key-u1") && bench.written().contains("secret-key-u1"));
    assert_eq!(bench.send("PUT", "/api/users/u1", r#"{"first_name": "U"}"#).0, 200);
    assert!(bench.knows("secret-key-u1") && !bench.written().contains("secret-key-u1"));
    assert_eq!(bench.send("PUT", "/api/users/u1/actions/revoke", "").0, 200);
    assert!(!bench.knows("secret-key-u1"));
    assert_eq!(bench.entries.keys().filter(|key| key.starts_with("key/")).count(), 1);
}

#[test]
fn a_password_of_long_ago_is_still_known() {
    let records = RECORDS.replace("\"config\": {", "\"config\": {\"enforce_password_history\": 1000,");
    let mut bench = Bench::of(&records, Guards::Off);
    let mut set =
        |number: usize| bench.send("PUT", "/admin/users/u1", &format!(r#"{{"password": "password{number}"}}"#)).0;
    assert!((0..100).all(|number| set(number) == 200));
    // The current one is the first of those that count.
    assert!([0, 1, 50, 98, 99].into_iter().all(|number| set(number) == 403));
    assert_eq!((set(100), set(0), set(1)), (200, 200, 200));
}
