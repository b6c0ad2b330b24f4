//! Tests an index against the entries that it covers.

#![expect(clippy::panic, reason = "a test ends where something is missing")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{count_up_to, is_ready, items_with_value, page, span, update, Index, Term};
use crate::directory::facts::{Ask, Entry, Facts, Page};
use crate::directory::inputs::Inputs;
use crate::directory::inputs::ENTROPY;
use crate::directory::interrupt::Interrupt;
use crate::directory::key::{filled_marker_key, Key};
use crate::directory::outcome::Expectation;
use crate::directory::transaction::Transaction;
use crate::document::value::Value;

const THINGS: Index = Index { prefix: "thing/", terms };

/// An entry is a list of colors.
fn terms(_: &str, value: &Value) -> Vec<Term> {
    let Value::List(colors) = value else { return Vec::new() };
    colors.iter().filter_map(|color| Some(("color", color.text()?.to_owned()))).collect()
}

/// Changes an entry that was read.
fn record(tx: &mut Transaction<'_>, key: &Key, value: Option<Value>) {
    assert!(tx.changes.record_write(key.text(), value));
}

/// A store, with requests that run concurrently with another one.
#[derive(Default)]
struct Store {
    entries: BTreeMap<String, Entry>,
    version: u64,
    drawn: u8,
}

impl Store {
    /// Executes a request to the end, without its commit.
    fn run<T>(&mut self, call: impl Fn(&mut Transaction<'_>) -> Result<T, Interrupt>) -> (T, Vec<Expectation>) {
        let mut facts = Facts::default();
        // The random values of a request are the same in each of its executions.
        self.drawn = self.drawn.wrapping_add(1);
        let entropy = [self.drawn; ENTROPY];
        for _ in 0..100 {
            let mut tx = Transaction::new(Inputs::of_test(&entropy, &facts), "");
            match call(&mut tx) {
                Ok(result) => return (result, tx.changes.into_list()),
                Err(Interrupt::Pending) => {}
                Err(stop) => panic!("{stop:?}"),
            }
            let asks = std::mem::take(&mut tx.asks);
            drop(tx);
            assert!(!asks.is_empty(), "nothing is asked for");
            for ask in asks {
                self.fact(ask, &mut facts);
            }
        }
        panic!("a call that never ends");
    }

    fn fact(&self, ask: Ask, facts: &mut Facts) {
        match ask {
            Ask::Read(keys) => keys.iter().for_each(|key| facts.entry(key, self.entries.get(key).cloned())),
            Ask::Scan { prefix, after, limit } => {
                let follows = |key: &str| after.as_deref().is_none_or(|after| key > after);
                let matching = self.entries.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
                let entries = matching
                    .filter(|(key, _)| follows(key))
                    .take(limit)
                    .map(|(key, entry)| (key.clone(), entry.clone()))
                    .collect();
                facts.page(Page { prefix, after, limit, entries });
            }
            Ask::Verify { .. } | Ask::Hash(_) | Ask::Count(_) => panic!("no password here"),
        }
    }

    /// Commits changes. Returns false if an entry on which they depend has changed.
    fn commit(&mut self, changes: Vec<Expectation>) -> bool {
        if changes.iter().any(|line| self.entries.get(&line.key).map(|entry| entry.version) != line.expect) {
            return false;
        }
        self.version = self.version.saturating_add(1);
        for Expectation { key, change, .. } in changes {
            match change {
                Some(Some(value)) => drop(self.entries.insert(key, Entry { value, version: self.version })),
                Some(None) => drop(self.entries.remove(&key)),
                None => {}
            }
        }
        true
    }

    /// Puts or deletes entries.
    fn change(&mut self, things: &[(String, Option<Value>)], first: bool) -> Vec<Expectation> {
        let keys: Vec<Key> = things.iter().map(|(thing, _)| Key::new("thing", &[thing])).collect();
        let call = |tx: &mut Transaction<'_>| {
            for ((known, key), (_, value)) in tx.read_all(&keys)?.into_iter().zip(&keys).zip(things) {
                match (known, value) {
                    (_, Some(value)) => record(tx, key, Some(value.clone())),
                    (Some(_), None) => record(tx, key, None),
                    (None, None) => {}
                }
            }
            if first && tx.read_entry(&filled_marker_key())?.is_none() {
                record(tx, &filled_marker_key(), Some(Value::Bool(true)));
            }
            update(tx, &[THINGS])
        };
        self.run(call).1
    }

    /// Executes a step that builds the index, if it is not complete.
    fn step(&mut self) -> (bool, Vec<Expectation>) {
        self.run(|tx| is_ready(tx, &THINGS))
    }

    fn build(&mut self) {
        for _ in 0..1_000 {
            let (is_ready, changes) = self.step();
            assert!(self.commit(changes));
            if is_ready {
                return;
            }
        }
        panic!("an index that is never complete");
    }

    /// Checks these pages and colors of the index against the entries.
    fn check(&mut self, below: &str, window: (usize, usize)) {
        let things: BTreeMap<String, Value> = self
            .entries
            .iter()
            .filter_map(|(key, entry)| Some((key.strip_prefix("thing/")?.to_owned(), entry.value.clone())))
            .collect();
        let within: Vec<String> = things.keys().filter(|item| item.starts_with(below)).cloned().collect();
        let (span, _) = self.run(|tx| span(tx, &THINGS, below, window));
        assert_eq!(span.total, within.len());
        assert_eq!(span.items, within.iter().skip(window.0).take(window.1).cloned().collect::<Vec<_>>());
        let (page, _) = self.run(|tx| page(tx, &THINGS, below, window));
        assert_eq!(page, span.items);
        let last = format!("{below}b%2F4");
        let (passed, _) = self.run(|tx| count_up_to(tx, &THINGS, below, &last));
        assert_eq!(passed, within.iter().filter(|item| **item <= last).count());
        for color in ["red", "green", "blue"] {
            let of_it = |value: &Value| matches!(value, Value::List(colors) if colors.contains(&color.into()));
            let expected: Vec<&String> =
                things.iter().filter(|(_, value)| of_it(value)).map(|(item, _)| item).collect();
            let (items, _) = self.run(|tx| items_with_value(tx, &THINGS, ("color", color), None, 10_000));
            assert_eq!(items.iter().collect::<Vec<_>>(), expected);
        }
    }
}

fn colors() -> impl Strategy<Value = Value> {
    prop::collection::vec(prop::sample::select(vec!["red", "green", "blue"]), 0..3)
        .prop_map(|colors| Value::texts(&colors))
}

/// Lists of entries that are put or deleted, of different lengths.
fn command() -> impl Strategy<Value = Vec<(String, Option<Value>)>> {
    // These contain characters that a key escapes.
    let thing = (0..4_usize, 0..300_u16).prop_map(|(start, number)| {
        format!("{}{}", ["a", "b", "a/", "b%"].get(start).copied().unwrap_or_default(), number)
    });
    let many = prop_oneof![8 => 1..3_usize, 1 => 50..200_usize];
    many.prop_flat_map(move |count| {
        let things = prop::collection::btree_map(thing.clone(), prop::option::weighted(0.6, colors()), 1..=count);
        things.prop_map(|things| things.into_iter().collect())
    })
}

fn window() -> impl Strategy<Value = (usize, usize)> {
    (prop_oneof![0..5_usize, 0..400_usize], 0..100_usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_index_matches_the_entries_after_any_commands(
        commands in prop::collection::vec(command(), 1..30),
        below in "[ab]?",
        window in window(),
    ) {
        let mut store = Store::default();
        for (place, command) in commands.iter().enumerate() {
            let changes = store.change(command, place == 0);
            prop_assert!(store.commit(changes));
            store.check(&below, window);
        }
    }

    #[test]
    fn an_index_that_is_built_during_writes_is_complete(
        before in prop::collection::vec(command(), 1..10),
        beside in prop::collection::vec(command(), 1..20),
        window in window(),
    ) {
        let mut store = Store::default();
        for command in &before {
            let changes = store.change(command, false);
            prop_assert!(store.commit(changes));
        }
        prop_assert!(store.entries.keys().all(|key| !key.starts_with("index/")), "no list has asked for the index");
        for command in &beside {
            // The writer and the step read the same state, and either may commit first.
            let (_, step) = store.step();
            let changes = store.change(command, false);
            if command.len() % 2 == 0 {
                prop_assert!(store.commit(changes));
                store.commit(step);
            } else {
                prop_assert!(store.commit(step));
                if !store.commit(changes) {
                    let changes = store.change(command, false);
                    prop_assert!(store.commit(changes));
                }
            }
        }
        store.build();
        store.check("", window);
        store.check("a", window);
    }
}

#[test]
fn building_an_index_restarts_a_step_after_concurrent_writes() {
    let mut store = Store::default();
    let things: Vec<_> = (0..2_500).map(|number| (format!("{number:05}"), Some(Value::texts(&["red"])))).collect();
    let changes = store.change(&things, false);
    assert!(store.commit(changes));
    for _ in 0..2 {
        let (is_ready, changes) = store.step();
        assert!(!is_ready && store.commit(changes));
    }
    let (_, step) = store.step();
    let ahead = store.change(&[("01500x".into(), Some(Value::Null))], false);
    assert!(store.commit(ahead));
    assert!(!store.commit(step), "the step has not seen what was put");
    let (_, step) = store.step();
    let behind = store.change(&[("00500x".into(), Some(Value::Null)), ("00007".into(), None)], false);
    assert!(store.commit(behind));
    assert!(store.commit(step), "what is built is kept up to date by writers");
    store.build();
    store.check("", (0, 100));
    store.check("00", (450, 100));
    store.check("015", (0, 200));
}

#[test]
fn new_entries_of_concurrent_writers_rarely_conflict() {
    let mut store = Store::default();
    let seed: Vec<_> = (0..1_000).map(|number| (format!("{number:05}"), Some(Value::Null))).collect();
    let changes = store.change(&seed, true);
    assert!(store.commit(changes));
    let mut conflicts = 0;
    for round in 0..100 {
        let mut concurrent = Vec::new();
        for writer in 0..32 {
            let thing = vec![(format!("{:05}x{round}", writer * 31), Some(Value::Null))];
            concurrent.push((store.change(&thing, false), thing));
        }
        while !concurrent.is_empty() {
            let mut again = Vec::new();
            for (changes, thing) in concurrent {
                if !store.commit(changes) {
                    conflicts += 1;
                    again.push(thing);
                }
            }
            concurrent = again.into_iter().map(|thing| (store.change(&thing, false), thing)).collect();
        }
        store.check("", (round * 30, 50));
    }
    println!("{conflicts} of 3,200 commits were repeated");
    assert!(conflicts < 320, "{conflicts} of 3,200 commits were repeated");
}
