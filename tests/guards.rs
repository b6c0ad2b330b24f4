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

use guarded::{
    asked, guard, pick, seeded, send, Command, Product, Request, ANTMEDIA, ARANGODB, MEUSE, PASSWORD, TYK, WSO2,
};
use latchwork::directory::Guards;
use latchwork::{open, SystemName, Value, Word};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{json, Value as Json};
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

/// What only the realm's admin user may is no rule's to say: its name gives it, wherever the tree does not.
#[test]
fn who_has_the_name_of_the_admin_user_is_above_all_others() {
    for realm in [
        json!({ "admin_user": "root", "skip_authz_check_for_super_admin": false }),
        json!({ "admin_user": "root", "tenant": "x.com" }),
    ] {
        let mut seed = (WSO2.seed)();
        seed["realm"] = realm;
        seed["users"].as_array_mut().unwrap().push(json!({ "name": "root" }));
        let body = json!({ "userName": "root", "newRoles": ["usermgr"] });
        let request = ("POST", "/services/UserAdmin/updateRolesOfUser".to_owned(), body);
        let mut shell = seeded(&WSO2, Guards::Strict, &seed);
        let answer = asked(&WSO2, &mut shell, "rob", &request);
        assert_eq!((answer.status, guard(&answer)), (403, Some("above_you")), "{answer:?}");
        let mut shell = seeded(&WSO2, Guards::Off, &seed);
        assert_eq!(asked(&WSO2, &mut shell, "rob", &request).status, 200);
    }
}

#[test]
fn the_last_admin_stays_an_admin() {
    let mut seed = (MEUSE.seed)();
    seed["users"].as_array_mut().unwrap().remove(1);
    let requests = [json!({ "role": "tech" }), json!({ "active": false }), Json::Null];
    for body in requests {
        let method = if body.is_null() { "DELETE" } else { "POST" };
        let request = (method, "/api/v1/meuse/user/boss".to_owned(), body);
        let mut shell = seeded(&MEUSE, Guards::Strict, &seed);
        let answer = asked(&MEUSE, &mut shell, "boss", &request);
        assert_eq!((answer.status, guard(&answer)), (409, Some("last_admin")), "{answer:?}");
        let mut shell = seeded(&MEUSE, Guards::Off, &seed);
        assert_eq!(asked(&MEUSE, &mut shell, "boss", &request).status, 200);
    }
}

/// An admin who can not come in does not count as one, and one beyond the first page does.
#[test]
fn another_admin_is_one_who_can_come_in() {
    let ada = json!({ "ada": { "passwd": PASSWORD, "active": true, "grants": { "_system": { "level": "rw" } } } });
    let request = ("PUT", "/_api/user/ada/database/_system".to_owned(), json!({ "grant": "none" }));
    let others = [
        (json!({ "active": true, "grants": { "_system": { "level": "rw" } } }), "last_admin"),
        (json!({ "passwd": PASSWORD, "active": false, "grants": { "_system": { "level": "rw" } } }), "last_admin"),
        (json!({ "passwd": PASSWORD, "active": true, "grants": { "_system": { "level": "rw" } } }), "own_rights"),
    ];
    for (other, code) in others {
        let mut users = ada.clone();
        for n in 0..600 {
            users[format!("m{n}")] = json!({ "active": true });
        }
        users["zoe"] = other;
        let mut shell = seeded(&ARANGODB, Guards::Strict, &json!({ "users": users }));
        let answer = asked(&ARANGODB, &mut shell, "ada", &request);
        assert_eq!(guard(&answer), Some(code), "{answer:?}");
    }
}

#[test]
fn the_first_records_have_an_admin() {
    for product in [&ANTMEDIA, &ARANGODB, &MEUSE, &TYK] {
        let mut seed = (product.seed)();
        match &mut seed["users"] {
            Json::Object(users) => drop((users.remove("ada"), users.remove("bob"))),
            users => drop(users.as_array_mut().unwrap().drain(..2)),
        }
        let mut shell = Shell::new(SystemName::from_word(product.name).unwrap());
        shell.guards = Guards::Strict;
        let refused = shell.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap_err();
        assert!(refused.contains("no_admin"), "{refused}");
        assert!(shell.entries.is_empty());
        shell.guards = Guards::Off;
        shell.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap();
    }
}

#[test]
fn a_new_password_ends_what_one_gets_in_by() {
    let cases: [(&Product, &str, &str, Request, Request); 4] = [
        (
            &MEUSE,
            "boss",
            "ron",
            ("POST", "/api/v1/meuse/user/ron".into(), json!({ "password": "kelp-Orbit8-sled" })),
            ("GET", "/api/v1/meuse/crate".into(), Json::Null),
        ),
        (
            &MEUSE,
            "ron",
            "ron",
            ("POST", "/api/v1/meuse/user/ron".into(), json!({ "password": "kelp-Orbit8-sled" })),
            ("GET", "/api/v1/meuse/crate".into(), Json::Null),
        ),
        (
            &ANTMEDIA,
            "root@x.io",
            "sue@x.io",
            ("PUT", "/rest/v2/users".into(), json!({ "email": "sue@x.io", "newPassword": "kelp-Orbit8-sled" })),
            ("GET", "/rest/v2/user-list".into(), Json::Null),
        ),
        (
            &TYK,
            "joe@x.io",
            "key",
            (
                "POST",
                "/api/users/joe/actions/reset".into(),
                json!({ "new_password": "kelp-Orbit8-sled", "current_password": PASSWORD }),
            ),
            ("GET", "/api/users/me".into(), Json::Null),
        ),
    ];
    for (product, actor, whose, change, request) in cases {
        for (guards, still) in [(Guards::Off, true), (Guards::Strict, false)] {
            let mut seed = (product.seed)();
            if product.name == "tyk" {
                // Everybody may set the own password.
                seed["groups"][0]["user_permissions"] = json!({ "users": "write", "ResetPassword": "write" });
            }
            let mut shell = seeded(product, guards, &seed);
            let header = match whose {
                "key" => ("authorization", "key-joe@x.io".to_owned()),
                user => (product.sign_in)(&mut shell, user).unwrap(),
            };
            assert_eq!(send(&mut shell, Some(&header), &request).status, 200, "{}", product.name);
            let done = asked(product, &mut shell, actor, &change);
            assert_eq!(done.status, 200, "{done:?}");
            assert_eq!(send(&mut shell, Some(&header), &request).status == 200, still, "{} {guards:?}", product.name);
        }
    }
}

/// Whose own permissions say more than the group's has them back when the group is gone.
#[test]
fn nobody_raises_themselves_by_way_of_a_group() {
    let mut seed = (TYK.seed)();
    seed["groups"][0]["user_permissions"] = json!({ "user_groups": "write" });
    let request = ("DELETE", "/api/usergroups/low".to_owned(), Json::Null);
    let mut shell = seeded(&TYK, Guards::Strict, &seed);
    let answer = asked(&TYK, &mut shell, "joe@x.io", &request);
    assert_eq!((answer.status, guard(&answer)), (403, Some("self_raise")), "{answer:?}");
    let mut shell = seeded(&TYK, Guards::Off, &seed);
    assert_eq!(asked(&TYK, &mut shell, "joe@x.io", &request).status, 200);
}

#[test]
fn an_access_key_is_told_once() {
    let new = json!({ "first_name": "N", "last_name": "N", "email_address": "new@x.io", "active": true, "user_permissions": { "apis": "read" } });
    let mut shell = seeded(&TYK, Guards::Strict, &(TYK.seed)());
    let answer = asked(&TYK, &mut shell, "ada@x.io", &("POST", "/api/users".into(), new));
    let told: Json = serde_json::from_str(&answer.text).unwrap();
    let key = ("authorization", told["Meta"].as_str().unwrap().to_owned());
    let own = send(&mut shell, Some(&key), &("GET", "/api/users/me".into(), Json::Null));
    assert_eq!(own.status, 200);
    let list = asked(&TYK, &mut shell, "ada@x.io", &("GET", "/api/users".into(), Json::Null));
    assert!(!own.text.contains("access_key") && !list.text.contains("access_key") && !list.text.contains(&key.1));
    // The store has its digest alone, so that nobody can show it later either.
    assert!(!shell.entries.values().any(|entry| entry.value.to_string().contains(&key.1)));
    shell.guards = Guards::Off;
    let shown = send(&mut shell, Some(&key), &("GET", "/api/users/me".into(), Json::Null));
    assert!(shown.status == 200 && !shown.text.contains("access_key"), "{shown:?}");
}
