//! The directory on a store in memory: what the package's host does, natively.

use std::collections::{BTreeMap, BTreeSet};

use latchwork::directory::{
    Ask, Body, Call, CheckResult, Count, Entry, Expectation, Facts, Guards, Inputs, Mail, Memory, Outcome, Page, Task,
};
use latchwork::password::{dummy_hash, hash_with, needs_rehash, verify, Cost};
use latchwork::{SystemName, Value};

/// Cheap, so that a thousand sign-ins take no time.
const COST: Cost = Cost { memory: 64, passes: 1, parallelism: 1 };

/// A response, joined from all of its parts.
#[derive(Debug, PartialEq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub text: String,
    pub mails: Vec<Mail>,
    /// The work that the response took: reads, verifications and the lines of the commit.
    pub work: Vec<String>,
}

/// A directory with its store.
pub struct Host {
    pub system: SystemName,
    pub guards: Guards,
    /// Milliseconds since 1970.
    pub now: i64,
    pub entries: BTreeMap<String, Entry>,
    /// The number of executions that the last call needed.
    pub rounds: usize,
    /// Correct passwords with their hashes, and until when they are remembered.
    remembered: BTreeMap<(String, String), i64>,
    work: Vec<String>,
    version: u64,
    drawn: u64,
}

impl Host {
    pub fn new(system: SystemName) -> Self {
        Self {
            system,
            guards: Guards::Off,
            now: 0,
            entries: BTreeMap::new(),
            rounds: 0,
            remembered: BTreeMap::new(),
            work: Vec::new(),
            version: 0,
            drawn: 0,
        }
    }

    /// Fills the store. `Err` has the response of the directory.
    pub fn seed(&mut self, records: &Value) -> Result<(), String> {
        let outcome = self.run_task(&Task::Seed(records));
        match outcome.response.status {
            204 => Ok(()),
            _ => Err(text(&outcome.response.body)),
        }
    }

    pub fn call(&mut self, call: &Call<'_>) -> Response {
        self.work.clear();
        let first = self.run_task(&Task::Call(call.clone()));
        let mut response = Response {
            status: first.response.status,
            headers: first.response.headers,
            text: text(&first.response.body),
            mails: first.mails.into_iter().filter(|mail| !mail.to.is_empty()).collect(),
            work: Vec::new(),
        };
        let mut body = first.response.body;
        while let Body::Part { next: Some(next), .. } = body {
            body = self.run_task(&Task::Call(Call { after: Some(&next), ..call.clone() })).response.body;
            response.text.push_str(&text(&body));
        }
        response.work.append(&mut self.work);
        response
    }

    pub fn records(&self) -> Value {
        let entries: Vec<_> = self.entries.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect();
        self.system.export(&entries).unwrap()
    }

    /// Executes a task until it needs no more facts, and commits its changes.
    fn run_task(&mut self, task: &Task<'_>) -> Outcome {
        let mut facts = Facts::default();
        let mut found = Vec::new();
        for round in 0..100 {
            self.rounds = round;
            let entropy = self.entropy();
            let (guards, now) = (self.guards, self.now);
            let inputs = Inputs { guards, now, secret: b"secret of the tests", entropy: &entropy, facts: &facts };
            let outcome = self.system.run_task(task, inputs).unwrap();
            if outcome.asks.is_empty() {
                self.commit(&outcome.changes);
                // A correct password is remembered if it authenticated the caller.
                self.remembered.extend(found.drain(..).filter(|_| outcome.actor.is_some()));
                return outcome;
            }
            for ask in outcome.asks {
                found.extend(self.load_fact(ask, &mut facts));
            }
        }
        panic!("the handler did not finish within 100 rounds");
    }

    /// Loads the facts of one request of the handler. Returns the password to remember, if there is one.
    fn load_fact(&mut self, ask: Ask, facts: &mut Facts) -> Option<((String, String), i64)> {
        match ask {
            Ask::Read(keys) => {
                self.work.push(format!("read {}", keys.len()));
                keys.iter().for_each(|key| facts.entry(key, self.entries.get(key).cloned()));
            }
            Ask::Scan { prefix, after, limit } => {
                let follows = |key: &str| after.as_deref().is_none_or(|after| key > after);
                let found = self.entries.iter().filter(|(key, _)| key.starts_with(&prefix) && follows(key));
                let entries = found.take(limit).map(|(key, entry)| (key.clone(), entry.clone())).collect();
                facts.page(Page { prefix, after, limit, entries });
            }
            Ask::Verify { password, stored, memory } => {
                let asked = (password.clone(), stored.clone().unwrap_or_default());
                let is_recalled = self.remembered.get(&asked).is_some_and(|until| self.now < *until);
                if memory != Memory::Off && is_recalled {
                    facts.add_check(&password, stored.as_deref(), CheckResult::Recalled);
                    return None;
                }
                if memory == Memory::Peek {
                    facts.add_check(&password, stored.as_deref(), CheckResult::Forgotten);
                    return None;
                }
                self.work.push("verify".into());
                if memory == Memory::Only {
                    facts.add_check(&password, stored.as_deref(), CheckResult::Unseen);
                    return None;
                }
                let known = stored.clone().unwrap_or_else(|| dummy_hash(COST));
                let right = if known.starts_with("$argon2id$") {
                    verify(password.as_bytes(), &known).unwrap()
                } else {
                    latchwork::password::legacy::verify(password.as_bytes(), &known).unwrap()
                };
                let found = match (right && stored.is_some(), needs_rehash(&known, COST)) {
                    (false, _) => CheckResult::Wrong,
                    (true, false) => CheckResult::Right,
                    (true, true) => CheckResult::Outdated,
                };
                facts.add_check(&password, stored.as_deref(), found);
                return (memory == Memory::Keep && found == CheckResult::Right).then_some((asked, self.now + 60_000));
            }
            Ask::Count(counts) => {
                self.work.push(format!("count {}", counts.len()));
                let line = |count: &Count| Expectation {
                    key: count.key.clone(),
                    expect: count.expect,
                    change: Some(count.value.clone()),
                };
                self.apply(&counts.iter().map(line).collect::<Vec<_>>());
                for count in counts {
                    facts.entry(&count.key, self.entries.get(&count.key).cloned());
                    facts.add_counted(count);
                }
            }
            Ask::Hash(passwords) => {
                let mut hashes = Vec::new();
                for password in &passwords {
                    let salt = self.entropy().first_chunk::<16>().copied().unwrap();
                    hashes.push(hash_with(password.as_bytes(), &salt, COST).unwrap());
                }
                facts.add_hashes(passwords, hashes);
            }
        }
        None
    }

    fn commit(&mut self, changes: &[Expectation]) {
        self.work.push(format!("commit {}", changes.iter().filter(|line| line.change.is_some()).count()));
        self.apply(changes);
    }

    fn apply(&mut self, changes: &[Expectation]) {
        let keys: BTreeSet<&str> = changes.iter().map(|line| line.key.as_str()).collect();
        assert_eq!(keys.len(), changes.len(), "a commit has one line for each key");
        for Expectation { key, expect, .. } in changes {
            assert_eq!(
                self.entries.get(key).map(|entry| entry.version),
                *expect,
                "{key} has another version than the commit expects"
            );
        }
        for Expectation { key, change, .. } in changes {
            match change {
                Some(Some(value)) => {
                    self.version += 1;
                    // A store keeps text.
                    let value = Value::parse(&value.to_string()).unwrap();
                    self.entries.insert(key.clone(), Entry { value, version: self.version });
                }
                Some(None) => drop(self.entries.remove(key)),
                None => {}
            }
        }
    }

    /// Bytes that differ in each call.
    fn entropy(&mut self) -> Vec<u8> {
        self.drawn += 1;
        let mut bytes = Vec::new();
        for place in 0..latchwork::directory::ENTROPY as u64 / 8 {
            let mut mixed = (self.drawn << 16 | place).wrapping_add(0x9E37_79B9_7F4A_7C15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            bytes.extend((mixed ^ (mixed >> 31)).to_le_bytes());
        }
        bytes
    }
}

fn text(body: &Body) -> String {
    match body {
        Body::Empty => String::new(),
        Body::Json(value) => value.to_string(),
        Body::Part { text, .. } => text.clone(),
        Body::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}
