//! The throttling of failed sign-ins, at every entry point that verifies a password: when an attempt is verified, which
//! users and clients are delayed, and which are not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken test ends the test"
)]

use std::collections::BTreeSet;

use crate::support::host::Host;
use crate::support::sign_ins::{is_success, EntryPoint, ENTRY_POINTS};
use latchwork::directory::{Call, Guards};
use latchwork::{SystemName, Value, Word};
use serde_json::json;

/// The address of a client.
const HERE: &str = "192.0.2.1";
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Fails this many times, each time late enough for the password to be verified.
fn fail_attempts(entry_point: &EntryPoint, host: &mut Host, client: &str, name: &str, times: usize) {
    for _ in 0..times {
        host.now += 15 * MINUTE;
        assert!(!entry_point.accepts(host, client, name, "wrong-one"), "{}", entry_point.what);
    }
}

/// The stored counters.
fn stored_counters(host: &Host) -> Vec<(String, String)> {
    let kept = host.entries.iter().filter(|(key, _)| key.starts_with("brake/"));
    kept.map(|(key, entry)| (key.clone(), entry.value.to_string())).collect()
}

#[test]
fn after_ten_failures_each_further_one_doubles_the_delay_up_to_a_ceiling() {
    for entry_point in ENTRY_POINTS {
        for (client, ceiling) in [(HERE, 900_000), ("", 30_000)] {
            let mut host = entry_point.host();
            let mut wrong = entry_point.attempt(&mut host, client, "ann", "wrong-one");
            for _ in 1..10 {
                wrong = entry_point.attempt(&mut host, client, "ann", "wrong-one");
            }
            for failures in 10..24 {
                let wait = (1_000 << (failures - 10)).min(ceiling);
                let last = host.now;
                for early in [0, 1, wait / 2, wait - 1] {
                    host.now = last + early;
                    // Also the correct password gets the response of a wrong one, after the same work.
                    let held = entry_point.attempt(&mut host, client, "ann", "right-one");
                    assert_eq!(held, wrong, "{} after {failures} failures and {early} ms", entry_point.what);
                }
                host.now = last + wait;
                wrong = entry_point.attempt(&mut host, client, "ann", "wrong-one");
                assert!(!is_success(&wrong), "{}", entry_point.what);
            }
            host.now += ceiling - 1;
            assert!(!entry_point.accepts(&mut host, client, "ann", "right-one"), "{}", entry_point.what);
            host.now += 1;
            assert!(entry_point.accepts(&mut host, client, "ann", "right-one"), "{}", entry_point.what);
        }
    }
}

#[test]
fn a_correct_password_resets_the_counter() {
    for entry_point in ENTRY_POINTS {
        let mut host = entry_point.host();
        for times in [9, 25, 9] {
            fail_attempts(&entry_point, &mut host, HERE, "ann", times);
            host.now += 15 * MINUTE;
            assert!(entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{}", entry_point.what);
            assert_eq!(stored_counters(&host), [], "{}", entry_point.what);
            host.now += 15 * MINUTE;
        }
        for _ in 0..9 {
            assert!(!entry_point.accepts(&mut host, HERE, "ann", "wrong-one"), "{}", entry_point.what);
        }
        assert!(entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{}", entry_point.what);
    }
}

#[test]
fn an_attempt_is_counted_before_verification_and_a_correct_password_undoes_it() {
    for entry_point in ENTRY_POINTS {
        let mut host = entry_point.host();
        let place = |work: &[String], what: &str| work.iter().position(|step| step == what).unwrap();
        for password in ["wrong-one", "right-one"] {
            let work = entry_point.attempt(&mut host, HERE, "ann", password).work;
            assert!(place(&work, "count 1") < place(&work, "verify"), "{}: {work:?}", entry_point.what);
        }
        assert_eq!(stored_counters(&host), [], "{}", entry_point.what);
    }
    // A remembered password is not an attempt: the reads are batched, and nothing is written.
    let mut host = ENTRY_POINTS[0].host();
    ENTRY_POINTS[0].attempt(&mut host, HERE, "ann", "right-one");
    assert_eq!(ENTRY_POINTS[0].attempt(&mut host, HERE, "ann", "right-one").work, ["read 1", "read 3", "commit 0"]);
}

/// Several accounts can have the same address.
#[test]
fn a_correct_password_of_one_account_does_not_reset_the_counters_of_others_with_the_same_address() {
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
fn probing_the_password_history_is_throttled() {
    let entry_point = ENTRY_POINTS.iter().find(|entry_point| entry_point.what == "Tyk, admin-auth").unwrap();
    let mut host = Host::new(SystemName::Tyk);
    let records = json!({
        "config": { "admin_secret": "right-one", "enforce_password_history": 3 },
        "users": [{ "id": "ann", "active": true, "first_name": "a", "last_name": "a", "email_address": "ann@example.org",
            "password": "password-0", "user_permissions": { "IsAdmin": "admin" } }],
    });
    host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
    assert!(entry_point.accepts(&mut host, HERE, "ann", "right-one"));
    let set = |host: &mut Host, password: &str| {
        let body = json!({ "password": password }).to_string().into_bytes();
        let headers = vec![("admin-auth", "right-one")];
        host.call(&Call { method: "PUT", path: "/admin/users/ann", headers, body, client: HERE, ..Call::default() })
            .status
    };
    for _ in 0..3 {
        assert_eq!(set(&mut host, "password-0"), 403);
    }
    // A change resets the counter.
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
fn failures_of_one_client_do_not_throttle_another() {
    for entry_point in ENTRY_POINTS {
        let mut host = entry_point.host();
        fail_attempts(&entry_point, &mut host, HERE, "ann", 15);
        assert!(!entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{}", entry_point.what);
        assert!(entry_point.accepts(&mut host, "192.0.2.2", "ann", "right-one"), "{}", entry_point.what);
        assert!(entry_point.accepts(&mut host, "", "ann", "right-one"), "{}", entry_point.what);
    }
}

#[test]
fn a_new_password_ends_the_throttle_of_its_user() {
    for entry_point in ENTRY_POINTS.into_iter().filter(|entry_point| entry_point.is_of_user) {
        let mut host = entry_point.host();
        for client in [HERE, ""] {
            fail_attempts(&entry_point, &mut host, client, "ann", 15);
        }
        entry_point.reset(&mut host, "another-1");
        for client in [HERE, ""] {
            assert!(!entry_point.accepts(&mut host, client, "ann", "right-one"), "{}", entry_point.what);
            assert!(entry_point.accepts(&mut host, client, "ann", "another-1"), "{}", entry_point.what);
        }
    }
}

#[test]
fn a_new_user_with_the_same_name_starts_without_a_counter() {
    for entry_point in ENTRY_POINTS.into_iter().filter(|entry_point| entry_point.is_of_user) {
        let mut host = entry_point.host();
        fail_attempts(&entry_point, &mut host, HERE, "ann", 15);
        entry_point.replace(&mut host, "another-1");
        assert!(entry_point.accepts(&mut host, HERE, "ann", "another-1"), "{}", entry_point.what);
    }
}

#[test]
fn a_day_without_a_failure_resets_the_counter() {
    for entry_point in ENTRY_POINTS {
        for (late, is_in) in [(DAY - 1, false), (DAY, true)] {
            let mut host = entry_point.host();
            fail_attempts(&entry_point, &mut host, HERE, "ann", 15);
            host.now += late;
            assert!(!entry_point.accepts(&mut host, HERE, "ann", "wrong-one"), "{}", entry_point.what);
            assert_eq!(
                entry_point.accepts(&mut host, HERE, "ann", "right-one"),
                is_in,
                "{}, {late} ms later",
                entry_point.what
            );
        }
    }
}

#[test]
fn setting_the_clock_back_ends_the_throttle() {
    for entry_point in ENTRY_POINTS {
        let mut host = entry_point.host();
        host.now = 30 * DAY;
        fail_attempts(&entry_point, &mut host, HERE, "ann", 15);
        host.now -= 7 * DAY;
        assert!(entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{}", entry_point.what);
    }
}

#[test]
fn a_remembered_password_is_accepted_and_does_not_reset_the_counter() {
    for entry_point in ENTRY_POINTS.into_iter().filter(|entry_point| entry_point.remembers && entry_point.is_quiet) {
        let mut host = entry_point.host();
        assert!(entry_point.accepts(&mut host, HERE, "ann", "right-one"));
        for _ in 0..10 {
            assert!(!entry_point.accepts(&mut host, HERE, "ann", "wrong-one"));
        }
        let before = stored_counters(&host);
        for later in [0, 999, 1_000, MINUTE - 1] {
            host.now = later;
            assert!(entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{} after {later} ms", entry_point.what);
            assert_eq!(stored_counters(&host), before, "{}", entry_point.what);
        }
        for _ in 0..10 {
            host.now += 15 * MINUTE;
            assert!(!entry_point.accepts(&mut host, HERE, "ann", "wrong-one"));
        }
        assert!(!entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{}: it was forgotten", entry_point.what);
        // A correct password that was not verified is not remembered, so that repeating it reveals nothing.
        assert!(!entry_point.accepts(&mut host, HERE, "ann", "right-one"), "{}", entry_point.what);
    }
}

#[test]
fn an_unknown_name_costs_the_same_work_and_gets_the_same_response() {
    for entry_point in ENTRY_POINTS.into_iter().filter(|entry_point| entry_point.hides_names) {
        let mut host = entry_point.host();
        for failures in 0..14 {
            for password in ["wrong-one", "right-one"] {
                let known =
                    entry_point.attempt(&mut host, HERE, "ann", if failures < 10 { "wrong-one" } else { password });
                let unknown = entry_point.attempt(&mut host, HERE, "bob", password);
                assert_eq!(known, unknown, "{} after {failures} failures", entry_point.what);
                assert!(known.work.contains(&"count 1".to_owned()), "{}: {:?}", entry_point.what, known.work);
            }
        }
    }
}

#[test]
fn failed_attempts_use_a_bounded_number_of_slots_and_store_no_input() {
    for entry_point in ENTRY_POINTS.into_iter().filter(|entry_point| entry_point.hides_names) {
        let mut host = entry_point.host();
        let before = host.entries.len();
        let mut slots = BTreeSet::new();
        for number in 0..300 {
            for client in [format!("192.0.2.{number}"), String::new()] {
                entry_point.attempt(&mut host, &client, &format!("nobody-{number}"), "a secret of mine");
            }
        }
        for (key, value) in stored_counters(&host) {
            let slot = key.strip_prefix("brake/").unwrap();
            assert!(slot.len() == 4 && slot.bytes().all(|digit| digit.is_ascii_hexdigit()), "{key}");
            assert!(!value.contains("nobody") && !value.contains("mine") && !value.contains("192."), "{value}");
            slots.insert(slot.to_owned());
        }
        assert_eq!(host.entries.len(), before + slots.len(), "{}", entry_point.what);
        assert!(slots.len() > 500, "the counters share too few slots: {}", slots.len());
    }
}

#[test]
fn slot_collision_evicts_the_older_counter() {
    let entry_point = &ENTRY_POINTS[0];
    let mut host = entry_point.host();
    fail_attempts(entry_point, &mut host, HERE, "ann", 15);
    let own = stored_counters(&host);
    fail_attempts(entry_point, &mut host, HERE, "nobody", 15);
    let of_unknown = stored_counters(&host).into_iter().find(|count| *count != own[0]).unwrap();
    // As if its name led to this slot.
    host.entries.get_mut(&own[0].0).unwrap().value = Value::parse(&of_unknown.1).unwrap();
    let free = entry_point.host().entries.len();
    for _ in 0..10 {
        assert!(!entry_point.accepts(&mut host, HERE, "ann", "wrong-one"));
    }
    assert!(!entry_point.accepts(&mut host, HERE, "ann", "right-one"));
    assert_eq!(host.entries.len(), free + 2);
}

#[test]
fn a_correct_password_resets_the_counter_even_if_the_request_is_rejected() {
    let mut host = ENTRY_POINTS[0].host();
    fail_attempts(&ENTRY_POINTS[0], &mut host, HERE, "ann", 5);
    assert_eq!(stored_counters(&host).len(), 1);
    // `ann:right-one`
    let headers = vec![("authorization", "Basic YW5uOnJpZ2h0LW9uZQ==")];
    let call = Call { method: "DELETE", path: "/_api/user/root", headers, client: HERE, ..Call::default() };
    assert_eq!(host.call(&call).status, 403);
    assert_eq!(stored_counters(&host), []);
}

#[test]
fn failed_attempts_change_no_record() {
    for entry_point in ENTRY_POINTS {
        let mut host = entry_point.host();
        let before = (host.records(), host.entries.clone());
        fail_attempts(&entry_point, &mut host, HERE, "ann", 12);
        assert_eq!(host.records(), before.0, "{}", entry_point.what);
        // A session is needed to change one's own password.
        let is_record = |key: &str| !["brake/", "sessions/"].iter().any(|kind| key.starts_with(kind));
        host.entries.retain(|key, _| is_record(key));
        assert_eq!(host.entries, before.1, "{}", entry_point.what);
    }
}

/// Ant Media counts failures itself. Tyk does so if its configuration sets a limit.
#[test]
fn products_with_their_own_lockout_are_not_throttled() {
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
        assert_eq!(!stored_counters(&host).is_empty(), is_throttled, "{system} {guards:?} {records}");
    }
}
