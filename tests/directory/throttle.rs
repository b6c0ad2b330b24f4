//! The throttle on guessing, on every way to try a password: when a try is looked at, whom it holds up and whom not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken test ends the test"
)]

use std::collections::BTreeSet;

use crate::support::host::Host;
use crate::support::sign_ins::{is_in, Way, WAYS};
use latchwork::directory::{Call, Guards};
use latchwork::{SystemName, Value, Word};
use serde_json::json;

/// A client that is told from others.
const HERE: &str = "192.0.2.1";
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Fails so often, each time as late as it takes to be looked at.
fn fail(way: &Way, host: &mut Host, client: &str, name: &str, times: usize) {
    for _ in 0..times {
        host.now += 15 * MINUTE;
        assert!(!way.is_in(host, client, name, "wrong-one"), "{}", way.what);
    }
}

/// What the throttle keeps.
fn counts(host: &Host) -> Vec<(String, String)> {
    let kept = host.entries.iter().filter(|(key, _)| key.starts_with("brake/"));
    kept.map(|(key, entry)| (key.clone(), entry.value.to_string())).collect()
}

#[test]
fn after_ten_failures_each_wait_is_twice_the_one_before_up_to_a_ceiling() {
    for way in WAYS {
        for (client, ceiling) in [(HERE, 900_000), ("", 30_000)] {
            let mut host = way.host();
            let mut wrong = way.attempt(&mut host, client, "ann", "wrong-one");
            for _ in 1..10 {
                wrong = way.attempt(&mut host, client, "ann", "wrong-one");
            }
            for failures in 10..24 {
                let wait = (1_000 << (failures - 10)).min(ceiling);
                let last = host.now;
                for early in [0, 1, wait / 2, wait - 1] {
                    host.now = last + early;
                    // The right password too, and like a wrong one: the same answer after the same work.
                    let held = way.attempt(&mut host, client, "ann", "right-one");
                    assert_eq!(held, wrong, "{} after {failures} failures and {early} ms", way.what);
                }
                host.now = last + wait;
                wrong = way.attempt(&mut host, client, "ann", "wrong-one");
                assert!(!is_in(&wrong), "{}", way.what);
            }
            host.now += ceiling - 1;
            assert!(!way.is_in(&mut host, client, "ann", "right-one"), "{}", way.what);
            host.now += 1;
            assert!(way.is_in(&mut host, client, "ann", "right-one"), "{}", way.what);
        }
    }
}

#[test]
fn a_right_password_ends_the_count() {
    for way in WAYS {
        let mut host = way.host();
        for times in [9, 25, 9] {
            fail(&way, &mut host, HERE, "ann", times);
            host.now += 15 * MINUTE;
            assert!(way.is_in(&mut host, HERE, "ann", "right-one"), "{}", way.what);
            assert_eq!(counts(&host), [], "{}", way.what);
            host.now += 15 * MINUTE;
        }
        for _ in 0..9 {
            assert!(!way.is_in(&mut host, HERE, "ann", "wrong-one"), "{}", way.what);
        }
        assert!(way.is_in(&mut host, HERE, "ann", "right-one"), "{}", way.what);
    }
}

#[test]
fn an_attempt_is_counted_before_it_is_checked_and_a_right_password_takes_that_back() {
    for way in WAYS {
        let mut host = way.host();
        let place = |work: &[String], what: &str| work.iter().position(|step| step == what).unwrap();
        for password in ["wrong-one", "right-one"] {
            let work = way.attempt(&mut host, HERE, "ann", password).work;
            assert!(place(&work, "count 1") < place(&work, "verify"), "{}: {work:?}", way.what);
        }
        assert_eq!(counts(&host), [], "{}", way.what);
    }
    // A password that is remembered is no attempt: what is asked together is read together, and nothing is written.
    let mut host = WAYS[0].host();
    WAYS[0].attempt(&mut host, HERE, "ann", "right-one");
    assert_eq!(WAYS[0].attempt(&mut host, HERE, "ann", "right-one").work, ["read 1", "read 3", "commit 0"]);
}

/// In one account of several with the same address a right password says nothing of the others.
#[test]
fn a_right_password_of_one_account_leaves_the_counts_of_the_others() {
    for limit in [0, 5] {
        let user = |id: &str, org: &str, password: &str| {
            json!({
                "id": id, "org_id": org, "active": true, "first_name": id, "last_name": "x", "password": password,
                "email_address": "ann@example.org", "user_permissions": { "IsAdmin": "admin" },
            })
        };
        let config = json!({ "enable_multi_org_users": true, "login_failure_username_limit": limit });
        let records =
            json!({ "config": config, "users": [user("a", "one", "password-a"), user("b", "two", "password-b")] });
        let mut host = Host::new(SystemName::Tyk);
        host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
        let mut login = |password: &str| {
            let body = json!({ "email_address": "ann@example.org", "password": password }).to_string().into_bytes();
            let call = Call { method: "POST", path: "/api/login", body, client: HERE, ..Call::default() };
            let status = host.call(&call).status;
            let count = |entry: &Value| entry.get("failures").or_else(|| entry.get("count")).unwrap().to_string();
            let kept = host.entries.iter().filter(|(key, _)| key.starts_with("brake/") || key.starts_with("failures/"));
            (status, kept.map(|(_, entry)| count(&entry.value)).collect::<Vec<_>>())
        };
        assert_eq!(login("wrong"), (401, vec!["1".to_owned(); 2]));
        assert_eq!(login("wrong"), (401, vec!["2".to_owned(); 2]));
        assert_eq!(login("password-b"), (200, vec!["2".to_owned()]));
        assert_eq!(login("password-b"), (200, vec!["2".to_owned()]));
        assert_eq!(login("password-a"), (200, Vec::new()));
    }
}

#[test]
fn who_asks_whether_a_password_was_used_before_and_changes_nothing_is_slowed() {
    let way = WAYS.iter().find(|way| way.what == "Tyk, admin-auth").unwrap();
    let mut host = Host::new(SystemName::Tyk);
    let records = json!({
        "config": { "admin_secret": "right-one", "enforce_password_history": 3 },
        "users": [{ "id": "ann", "active": true, "first_name": "a", "last_name": "a", "email_address": "ann@example.org",
            "password": "password-0", "user_permissions": { "IsAdmin": "admin" } }],
    });
    host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
    assert!(way.is_in(&mut host, HERE, "ann", "right-one"));
    let set = |host: &mut Host, password: &str| {
        let body = json!({ "password": password }).to_string().into_bytes();
        let headers = vec![("admin-auth", "right-one")];
        host.call(&Call { method: "PUT", path: "/admin/users/ann", headers, body, client: HERE, ..Call::default() })
            .status
    };
    for _ in 0..3 {
        assert_eq!(set(&mut host, "password-0"), 403);
    }
    // A change ends the count.
    for number in 1..20 {
        assert_eq!(set(&mut host, &format!("password-{number}")), 200);
    }
    for _ in 0..10 {
        assert_eq!(set(&mut host, "password-19"), 403);
    }
    assert_eq!(set(&mut host, "password-20"), 403);
    host.now += 1_000;
    assert_eq!(set(&mut host, "password-20"), 200);
}

#[test]
fn whoever_comes_from_elsewhere_is_not_held_up() {
    for way in WAYS {
        let mut host = way.host();
        fail(&way, &mut host, HERE, "ann", 15);
        assert!(!way.is_in(&mut host, HERE, "ann", "right-one"), "{}", way.what);
        assert!(way.is_in(&mut host, "192.0.2.2", "ann", "right-one"), "{}", way.what);
        assert!(way.is_in(&mut host, "", "ann", "right-one"), "{}", way.what);
    }
}

#[test]
fn a_new_password_lets_its_user_in_at_once() {
    for way in WAYS.into_iter().filter(|way| way.is_of_user) {
        let mut host = way.host();
        for client in [HERE, ""] {
            fail(&way, &mut host, client, "ann", 15);
        }
        way.reset(&mut host, "another-1");
        for client in [HERE, ""] {
            assert!(!way.is_in(&mut host, client, "ann", "right-one"), "{}", way.what);
            assert!(way.is_in(&mut host, client, "ann", "another-1"), "{}", way.what);
        }
    }
}

#[test]
fn another_user_of_the_same_name_takes_over_no_count() {
    for way in WAYS.into_iter().filter(|way| way.is_of_user) {
        let mut host = way.host();
        fail(&way, &mut host, HERE, "ann", 15);
        way.replace(&mut host, "another-1");
        assert!(way.is_in(&mut host, HERE, "ann", "another-1"), "{}", way.what);
    }
}

#[test]
fn a_day_without_a_failure_ends_the_count() {
    for way in WAYS {
        for (late, is_in) in [(DAY - 1, false), (DAY, true)] {
            let mut host = way.host();
            fail(&way, &mut host, HERE, "ann", 15);
            host.now += late;
            assert!(!way.is_in(&mut host, HERE, "ann", "wrong-one"), "{}", way.what);
            assert_eq!(way.is_in(&mut host, HERE, "ann", "right-one"), is_in, "{}, {late} ms later", way.what);
        }
    }
}

#[test]
fn a_clock_that_was_set_back_keeps_nobody_out() {
    for way in WAYS {
        let mut host = way.host();
        host.now = 30 * DAY;
        fail(&way, &mut host, HERE, "ann", 15);
        host.now -= 7 * DAY;
        assert!(way.is_in(&mut host, HERE, "ann", "right-one"), "{}", way.what);
    }
}

#[test]
fn a_password_that_is_remembered_passes_and_ends_no_count() {
    for way in WAYS.into_iter().filter(|way| way.remembers && way.is_quiet) {
        let mut host = way.host();
        assert!(way.is_in(&mut host, HERE, "ann", "right-one"));
        for _ in 0..10 {
            assert!(!way.is_in(&mut host, HERE, "ann", "wrong-one"));
        }
        let before = counts(&host);
        for later in [0, 999, 1_000, MINUTE - 1] {
            host.now = later;
            assert!(way.is_in(&mut host, HERE, "ann", "right-one"), "{} after {later} ms", way.what);
            assert_eq!(counts(&host), before, "{}", way.what);
        }
        for _ in 0..10 {
            host.now += 15 * MINUTE;
            assert!(!way.is_in(&mut host, HERE, "ann", "wrong-one"));
        }
        assert!(!way.is_in(&mut host, HERE, "ann", "right-one"), "{}: it was forgotten", way.what);
        // A right password that was not looked at is not remembered, so that trying it again tells nothing.
        assert!(!way.is_in(&mut host, HERE, "ann", "right-one"), "{}", way.what);
    }
}

#[test]
fn a_name_that_nobody_has_takes_the_same_and_is_answered_the_same() {
    for way in WAYS.into_iter().filter(|way| way.hides_names) {
        let mut host = way.host();
        for failures in 0..14 {
            for password in ["wrong-one", "right-one"] {
                let known = way.attempt(&mut host, HERE, "ann", if failures < 10 { "wrong-one" } else { password });
                let nobody = way.attempt(&mut host, HERE, "bob", password);
                assert_eq!(known, nobody, "{} after {failures} failures", way.what);
                assert!(known.work.contains(&"count 1".to_owned()), "{}: {:?}", way.what, known.work);
            }
        }
    }
}

#[test]
fn no_stranger_makes_the_store_grow() {
    for way in WAYS.into_iter().filter(|way| way.hides_names) {
        let mut host = way.host();
        let before = host.entries.len();
        let mut slots = BTreeSet::new();
        for number in 0..300 {
            for client in [format!("192.0.2.{number}"), String::new()] {
                way.attempt(&mut host, &client, &format!("nobody-{number}"), "a secret of mine");
            }
        }
        for (key, value) in counts(&host) {
            let slot = key.strip_prefix("brake/").unwrap();
            assert!(slot.len() == 4 && slot.bytes().all(|digit| digit.is_ascii_hexdigit()), "{key}");
            assert!(!value.contains("nobody") && !value.contains("mine") && !value.contains("192."), "{value}");
            slots.insert(slot.to_owned());
        }
        assert_eq!(host.entries.len(), before + slots.len(), "{}", way.what);
        assert!(slots.len() > 500, "they are spread: {}", slots.len());
    }
}

#[test]
fn of_two_that_share_a_slot_the_newer_takes_the_place() {
    let way = &WAYS[0];
    let mut host = way.host();
    fail(way, &mut host, HERE, "ann", 15);
    let own = counts(&host);
    fail(way, &mut host, HERE, "nobody", 15);
    let of_nobody = counts(&host).into_iter().find(|count| *count != own[0]).unwrap();
    // As if it had been led there.
    host.entries.get_mut(&own[0].0).unwrap().value = Value::parse(&of_nobody.1).unwrap();
    let free = way.host().entries.len();
    for _ in 0..10 {
        assert!(!way.is_in(&mut host, HERE, "ann", "wrong-one"));
    }
    assert!(!way.is_in(&mut host, HERE, "ann", "right-one"));
    assert_eq!(host.entries.len(), free + 2);
}

#[test]
fn a_right_password_ends_the_count_also_where_the_request_is_refused() {
    let mut host = WAYS[0].host();
    fail(&WAYS[0], &mut host, HERE, "ann", 5);
    assert_eq!(counts(&host).len(), 1);
    // `ann:right-one`
    let headers = vec![("authorization", "Basic YW5uOnJpZ2h0LW9uZQ==")];
    let call = Call { method: "DELETE", path: "/_api/user/root", headers, client: HERE, ..Call::default() };
    assert_eq!(host.call(&call).status, 403);
    assert_eq!(counts(&host), []);
}

#[test]
fn who_fails_changes_no_record() {
    for way in WAYS {
        let mut host = way.host();
        let before = (host.records(), host.entries.clone());
        fail(&way, &mut host, HERE, "ann", 12);
        assert_eq!(host.records(), before.0, "{}", way.what);
        // What it takes to be asked for the own password.
        let is_record = |key: &str| !["brake/", "sessions/"].iter().any(|kind| key.starts_with(kind));
        host.entries.retain(|key, _| is_record(key));
        assert_eq!(host.entries, before.1, "{}", way.what);
    }
}

/// Ant Media counts by itself, and so does Tyk, where it is asked to.
#[test]
fn products_with_a_rule_of_their_own_keep_it() {
    let tyk = |limit: i64| {
        json!({ "config": { "login_failure_username_limit": limit }, "users": [
        { "id": "ann", "active": true, "first_name": "a", "last_name": "a", "email_address": "ann@example.org",
          "password": "right-one", "access_key": "a", "user_permissions": { "IsAdmin": "admin" } }
    ] })
    };
    let antmedia = json!({ "users": [
        { "email": "ann@example.org", "password": "right-one", "scope": "system", "userType": "ADMIN" }
    ] });
    for (system, records, guards, path, is_throttled) in [
        ("antmedia", antmedia.clone(), Guards::Off, "/rest/v2/users/authenticate", false),
        ("antmedia", antmedia, Guards::Strict, "/rest/v2/users/authenticate", false),
        ("tyk", tyk(0), Guards::Off, "/api/login", true),
        ("tyk", tyk(3), Guards::Off, "/api/login", false),
        ("tyk", tyk(3), Guards::Strict, "/api/login", false),
        ("tyk", tyk(0), Guards::Strict, "/api/login", true),
    ] {
        let mut host = Host::new(SystemName::from_word(system).unwrap());
        host.guards = guards;
        host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
        for _ in 0..11 {
            let body =
                json!({ "email": "ann@example.org", "email_address": "ann@example.org", "password": "wrong-one" });
            host.call(&Call { method: "POST", path, body: body.to_string().into_bytes(), ..Call::default() });
        }
        assert_eq!(!counts(&host).is_empty(), is_throttled, "{system} {guards:?} {records}");
    }
}
