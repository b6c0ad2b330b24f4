//! A store in memory that runs requests and records their work.

use std::collections::BTreeMap;

use super::super::super::Tyk;
use crate::directory::run::run_task;
use crate::directory::{Ask, Body, Call, CheckResult, Entry, Facts, Guards, Inputs, Mail, Page, Task, ENTROPY};
use crate::document::value::Value;

pub const RECORDS: &str = r#"{
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

/// A store, and the work of the last request. A hash is `hash:` followed by the password.
pub struct Harness {
    pub entries: BTreeMap<String, Entry>,
    pub version: u64,
    /// The work of the last request in order, and the number of committed changes.
    pub work: Vec<String>,
    pub mails: Vec<Mail>,
    pub guards: Guards,
}

impl Harness {
    pub fn new() -> Self {
        Self::with_records(RECORDS, Guards::Off)
    }

    pub fn with_records(records: &str, guards: Guards) -> Self {
        let mut harness = Self::empty(guards);
        assert_eq!(harness.run(&Task::Seed(&Value::parse(records).unwrap())).0, 204);
        harness
    }

    pub fn empty(guards: Guards) -> Self {
        Self { entries: BTreeMap::new(), version: 0, work: Vec::new(), mails: Vec::new(), guards }
    }

    /// Sends a request as an admin and as the super-admin.
    pub fn send_as_admin(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let headers = vec![("authorization", "secret-key-a1"), ("admin-auth", "secret-of-admins")];
        let call = Call { method, path, headers, body: body.into(), ..Call::default() };
        let (status, body, _) = self.run(&Task::Call(call));
        (status, body)
    }

    /// Whether the access key authenticates a user.
    pub fn authenticates(&mut self, key: &str) -> bool {
        let headers = vec![("authorization", key)];
        self.run(&Task::Call(Call { method: "GET", path: "/api/users/me", headers, ..Call::default() })).0 == 200
    }

    pub fn post(&mut self, path: &str, body: &str) -> (u16, String, Vec<String>) {
        self.run(&Task::Call(Call { method: "POST", path, body: body.into(), ..Call::default() }))
    }

    pub fn login(&mut self, address: &str, password: &str) -> (u16, String, Vec<String>) {
        self.post("/api/login", &format!(r#"{{"email_address": "{address}", "password": "{password}"}}"#))
    }

    pub fn request_reset(&mut self, address: &str) -> (u16, String, Vec<String>) {
        self.post("/api/password/forgot", &format!(r#"{{"email_address": "{address}"}}"#))
    }

    /// Runs a task and returns the status, the body and the headers.
    pub fn run(&mut self, task: &Task<'_>) -> (u16, String, Vec<String>) {
        let mut facts = Facts::default();
        self.work.clear();
        loop {
            self.version += 1;
            // Different in each execution.
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
                let matching = self.entries.iter().filter(|(key, _)| key.starts_with(&prefix)).take(limit);
                let entries = matching.map(|(key, entry)| (key.clone(), entry.clone())).collect();
                facts.page(Page { prefix, after, limit, entries });
            }
            Ask::Verify { password, stored, .. } => {
                self.work.push("verify".into());
                let bcrypt = stored.as_deref().is_some_and(|stored| stored.starts_with("$2a$")) && password == "a";
                let right = bcrypt || stored.as_deref() == Some(&format!("hash:{password}"));
                let result = match (right, bcrypt) {
                    (false, _) => CheckResult::Wrong,
                    (true, false) => CheckResult::Right,
                    (true, true) => CheckResult::Outdated,
                };
                facts.add_check(&password, stored.as_deref(), result);
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
                    facts.add_counted(count);
                }
            }
            Ask::Hash(passwords) => {
                self.work.push(format!("hash {}", passwords.len()));
                let hashes = passwords.iter().map(|password| format!("hash:{password}")).collect();
                facts.add_hashes(passwords, hashes);
            }
        }
    }

    pub fn dump(&self) -> String {
        self.entries.iter().map(|(key, entry)| format!("{key} {}\n", entry.value)).collect()
    }
}
