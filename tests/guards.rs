//! The strict guards: whoever tries whatever, nobody comes to have more by their own hand, nobody gives more than
//! they have, and somebody who manages users is always left. Without them each product's own rule holds.

#![cfg(all(feature = "directory", feature = "legacy"))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic,
    reason = "a broken test ends the test"
)]

mod guarded;
mod shell;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use guarded::{pick, send, Command, Product, ANTMEDIA, ARANGODB, MEUSE, TYK, WSO2};
use latchwork::directory::Guards;
use latchwork::{open, SystemName, Value, Word};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value as Json;
use shell::Shell;

/// Sequences of commands for each system, and commands in each: 10,000 in all.
const SEQUENCES: u32 = 40;
const COMMANDS: usize = 50;

#[test]
fn antmedia_holds_under_guards() {
    hold(&ANTMEDIA);
}

#[test]
fn arangodb_holds_under_guards() {
    hold(&ARANGODB);
}

#[test]
fn meuse_holds_under_guards() {
    hold(&MEUSE);
}

#[test]
fn tyk_holds_under_guards() {
    hold(&TYK);
}

#[test]
fn wso2_holds_under_guards() {
    hold(&WSO2);
}

fn hold(product: &Product) {
    let commands = proptest::collection::vec(any::<Command>(), COMMANDS);
    let done = Cell::new(0);
    TestRunner::new(Config { cases: SEQUENCES, failure_persistence: None, ..Config::default() })
        .run(&commands, |commands| {
            let mut shell = seeded(product, Guards::Strict, &(product.seed)());
            let mut before = held(product, &shell);
            for command in commands {
                let actor = pick(product.users, command.0);
                let Some(header) = (product.sign_in)(&mut shell, actor) else { continue };
                let request = (product.request)(&shell, product.users, command);
                let answer = send(&mut shell, Some(&header), &request);
                prop_assert!(answer.status != 500, "{request:?} {answer:?}");
                done.set(done.get() + usize::from(answer.status < 300));
                let after = held(product, &shell);
                let own = &before[actor];
                for (user, has) in &after {
                    let had = before.get(user).cloned().unwrap_or_default();
                    let is_within = if user == actor {
                        has.is_subset(&had)
                    } else {
                        has.iter().all(|question| had.contains(question) || own.contains(question))
                    };
                    prop_assert!(
                        is_within,
                        "{actor} by {request:?}: {user} had {had:?}, has {has:?}; {own:?} {answer:?}"
                    );
                }
                prop_assert!(
                    after.values().any(|has| has.contains(&product.admin)),
                    "no admin after {request:?} of {actor}"
                );
                before = after;
            }
            let mut admins =
                product.users.iter().filter(|user| before.get(**user).is_some_and(|has| has.contains(&product.admin)));
            prop_assert!(admins.any(|user| (product.sign_in)(&mut shell, user).is_some()), "no admin comes in");
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{}: {failure}", product.name));
    assert!(done.get() > 100, "only {done:?} commands of {} came to anything", product.name);
}

fn seeded(product: &Product, guards: Guards, seed: &Json) -> Shell {
    let mut shell = Shell::new(SystemName::from_word(product.name).unwrap());
    shell.guards = guards;
    shell.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap();
    shell
}

type Held = BTreeMap<String, BTreeSet<(&'static str, &'static str)>>;

/// What everybody may, by what the records decide.
fn held(product: &Product, shell: &Shell) -> Held {
    let text = shell.records().to_string();
    let records: Json = serde_json::from_str(&text).unwrap();
    let authorizer = open(product.name, &text).unwrap();
    // By the name with which they sign in, and with the id by which the rules know them.
    let users: Vec<(String, String)> = match &records["users"] {
        Json::Object(users) => users.keys().map(|name| (name.clone(), name.clone())).collect(),
        users => {
            let name = |user: &Json, member: &str| user[member].as_str().unwrap_or_default().to_owned();
            let signs_in = if product.identity == "id" { "email_address" } else { product.identity };
            users.as_array().unwrap().iter().map(|user| (name(user, signs_in), name(user, product.identity))).collect()
        }
    };
    let mut held = Held::new();
    for (name, id) in users {
        let subject = authorizer.subject(Some(&id));
        let may = |(action, resource): &&(&str, &str)| {
            authorizer.decide(&subject, action, resource, &Value::Null).unwrap().allow
        };
        held.insert(name, product.questions.iter().filter(may).copied().collect());
    }
    held
}
