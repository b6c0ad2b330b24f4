//! Properties of Ant Media's stored entries and sessions.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a broken test ends the test"
)]

use crate::support::host::{Host, Response};
use latchwork::directory::{Ask, Call, CheckResult, Expectation, Facts, Guards, Inputs, Page, Task, ENTROPY};
use latchwork::{open, SystemName, Value, Word};
use proptest::prelude::*;
use serde_json::{json, Value as Json};

const ROOT: &str = "root@x.io";
const PASSWORD: &str = "rootpw";

fn seeded_shell(records: &Json) -> Host {
    let mut host = Host::new(SystemName::from_word("antmedia").unwrap());
    host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
    host
}

/// Records with an administrator and `count` users of an application.
fn records_with_users(count: usize) -> Json {
    let mut users = vec![json!({ "email": ROOT, "scope": "system", "userType": "ADMIN", "password": PASSWORD })];
    users.extend((0..count).map(|n| json!({ "email": format!("u{n:03}"), "appNameUserType": { "live": "USER" } })));
    json!({ "users": users })
}

fn send_request(host: &mut Host, cookie: &str, method: &str, path: &str, body: &Json) -> Response {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    host.call(&Call { method, path, headers: vec![("cookie", cookie)], body, ..Call::default() })
}

fn attempt(host: &mut Host, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password });
    send_request(host, "", "POST", "/rest/v2/users/authenticate", &body)
}

fn set_cookie(response: &Response) -> &str {
    let header = response.headers.iter().find(|(name, _)| *name == "set-cookie");
    header.unwrap_or_else(|| panic!("no cookie: {}", response.text)).1.as_str()
}

/// Signs in, and returns the cookie of the session.
fn sign_in(host: &mut Host) -> String {
    set_cookie(&attempt(host, ROOT, PASSWORD)).split(';').next().unwrap().to_owned()
}

fn is_signed_in(host: &mut Host, cookie: &str) -> bool {
    let response = send_request(host, cookie, "GET", "/rest/v2/authentication-status", &Json::Null);
    let response: Json = serde_json::from_str(&response.text).unwrap();
    let listed = send_request(host, cookie, "GET", "/rest/v2/user-list", &Json::Null).status;
    assert_eq!(listed == 200, response["success"] == json!(true), "{cookie}");
    listed == 200
}

fn store_text(host: &Host) -> String {
    host.entries.iter().map(|(key, entry)| format!("{key} {}\n", entry.value)).collect()
}

#[test]
fn a_session_token_is_sent_as_a_cookie_and_stored_as_a_digest() {
    let mut host = seeded_shell(&records_with_users(0));
    let cookie = sign_in(&mut host);
    let (id, secret) = cookie.strip_prefix("JSESSIONID=").unwrap().split_once('.').unwrap();
    // 256 bits.
    assert_eq!((id.len(), secret.len()), (36, 43));
    assert!(!store_text(&host).contains(secret));
    assert!(is_signed_in(&mut host, &cookie));
    assert!(is_signed_in(&mut host, &format!("a=b; {cookie};c")));
    // A page of the parent domain has set one too.
    let stale = format!("JSESSIONID={id}.{}", "x".repeat(43));
    assert!(is_signed_in(&mut host, &format!("{stale}; JSESSIONID=node01; {cookie}")));
    assert!(is_signed_in(&mut host, &format!("{cookie}; {stale}")));
    assert!(!is_signed_in(&mut host, &format!("{}{cookie}", format!("{stale}; ").repeat(8))));
    let sessions = host.entries.iter().find(|(key, _)| key.starts_with("sessions/")).unwrap().1.value.to_string();
    let sessions: Json = serde_json::from_str(&sessions).unwrap();
    let digest = sessions["open"][0]["digest"].as_str().unwrap();
    for other in [
        String::new(),
        "JSESSIONID".into(),
        "JSESSIONID=".into(),
        format!("JSESSIONID={id}"),
        format!("JSESSIONID={id}."),
        format!("JSESSIONID={id}.{digest}"),
        format!("JSESSIONID={secret}"),
        format!("JSESSIONID=.{secret}"),
        format!("JSESSIONID={id}.{secret}x"),
        format!("JSESSIONID={}.{secret}", id.to_uppercase()),
        format!("JSESSIONID={}.{secret}", "0".repeat(36)),
        format!("jsessionid={id}.{secret}"),
        format!("X{cookie}"),
    ] {
        assert!(!is_signed_in(&mut host, &other), "{other}");
    }
}

#[test]
fn a_session_cookie_is_http_only_and_secure_over_tls() {
    let mut host = seeded_shell(&records_with_users(0));
    let plain = attempt(&mut host, ROOT, PASSWORD);
    assert!(set_cookie(&plain).ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{}", set_cookie(&plain));
    let body = json!({ "email": ROOT, "password": PASSWORD }).to_string().into_bytes();
    let call = Call { method: "POST", path: "/rest/v2/users/authenticate", body, ..Call::default() };
    let behind = Call { headers: vec![("x-forwarded-proto", "https")], ..call.clone() };
    for secure in [Call { secure: true, ..call.clone() }, behind] {
        assert!(set_cookie(&host.call(&secure)).ends_with("; HttpOnly; SameSite=Strict; Secure"));
    }
    let cookie = sign_in(&mut host);
    let out = send_request(&mut host, &cookie, "DELETE", "/rest/v2/users/logout", &Json::Null);
    assert_eq!(set_cookie(&out), "JSESSIONID=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict");
    assert!(attempt(&mut host, ROOT, "wrong").headers.iter().all(|(name, _)| *name != "set-cookie"));
    let mut empty = seeded_shell(&json!({ "users": [] }));
    let first = json!({ "email": "first", "password": "x" });
    let cookie = send_request(&mut empty, "", "POST", "/rest/v2/users/initial", &first);
    assert!(is_signed_in(&mut empty, set_cookie(&cookie).split(';').next().unwrap()));
}

#[test]
fn sign_out_ends_one_session() {
    let mut host = seeded_shell(&records_with_users(0));
    let [one, other] = [sign_in(&mut host), sign_in(&mut host)];
    assert_ne!(one, other);
    send_request(&mut host, &one, "DELETE", "/rest/v2/users/logout", &Json::Null);
    assert_eq!([&one, &other].map(|cookie| is_signed_in(&mut host, cookie)), [false, true]);
}

#[test]
fn changing_your_own_password_ends_your_other_sessions() {
    let mut host = seeded_shell(&records_with_users(0));
    let [own, other] = [sign_in(&mut host), sign_in(&mut host)];
    let change = json!({ "password": PASSWORD, "newPassword": "fresh" });
    assert!(send_request(&mut host, &own, "POST", "/rest/v2/users/password", &change).text.contains("Success"));
    assert_eq!([&own, &other].map(|cookie| is_signed_in(&mut host, cookie)), [true, false]);
    let refused = send_request(&mut host, &other, "GET", "/rest/v2/version", &Json::Null);
    assert_eq!((refused.status, refused.text.contains("Not authenticated user")), (403, true));
}

#[test]
fn a_session_beyond_the_limit_ends_the_oldest() {
    let mut host = seeded_shell(&records_with_users(0));
    let cookies: Vec<String> = (0..129).map(|_| sign_in(&mut host)).collect();
    assert_eq!([0, 1, 128].map(|place: usize| is_signed_in(&mut host, &cookies[place])), [false, true, true]);
    host.now += 86_400_000;
    sign_in(&mut host);
    assert_eq!(store_text(&host).matches("\"digest\"").count(), 1, "those that have ended are gone");
}

#[test]
fn a_wrong_password_does_not_change_the_user() {
    let mut host = seeded_shell(&records_with_users(0));
    let before = host.entries["user/root@x.io"].version;
    attempt(&mut host, ROOT, "wrong");
    assert_eq!(host.entries["user/root@x.io"].version, before);
    assert!(host.entries.contains_key("attempts/root@x.io"));
    attempt(&mut host, ROOT, PASSWORD);
    assert_eq!(host.entries["user/root@x.io"].version, before);
    assert!(!store_text(&host).contains("attempts"));
}

#[test]
fn failed_sign_ins_with_unknown_addresses_use_a_fixed_number_of_entries() {
    let mut host = seeded_shell(&records_with_users(0));
    for n in 0..300 {
        attempt(&mut host, &format!("stranger-{n}"), "a password typed at the wrong place");
    }
    for (key, entry) in host.entries.iter().filter(|(key, _)| key.starts_with("attempts")) {
        let slot = key.strip_prefix("attempts-of-nobody/").unwrap();
        assert!(slot.len() == 4 && slot.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
        assert!(!entry.value.to_string().contains("stranger"));
    }
}

/// The work of a call without a session. Its parts are: whether each verified password has a stored hash, the number of counts that are committed first, and the changes of the final commit.
fn trace_of_call(host: &Host, path: &str, body: &Json) -> (Vec<bool>, usize, Vec<Expectation>) {
    let body = body.to_string().into_bytes();
    let call = Call { method: "POST", path, body, ..Call::default() };
    let (mut facts, mut verified, mut counted) = (Facts::default(), Vec::new(), 0);
    loop {
        let inputs = Inputs { guards: Guards::Off, now: 0, secret: b"secret", entropy: &[7; ENTROPY], facts: &facts };
        let outcome = host.system.run_task(&Task::Call(call.clone()), inputs).unwrap();
        if outcome.asks.is_empty() {
            return (verified, counted, outcome.changes);
        }
        for ask in outcome.asks {
            match ask {
                Ask::Read(keys) => keys.iter().for_each(|key| facts.entry(key, host.entries.get(key).cloned())),
                Ask::Verify { password, stored, .. } => {
                    assert_eq!(counted, 1, "an attempt is counted before it is checked");
                    verified.push(stored.is_some());
                    facts.add_check(&password, stored.as_deref(), CheckResult::Wrong);
                }
                Ask::Scan { prefix, after, limit } => {
                    facts.page(Page { prefix, after, limit, entries: Vec::new() });
                }
                Ask::Count(counts) => counts.into_iter().for_each(|count| {
                    counted += 1;
                    facts.add_counted(count);
                }),
                Ask::Hash(passwords) => facts.add_hashes(passwords, vec!["$argon2id$".into()]),
            }
        }
    }
}

#[test]
fn an_unknown_user_costs_the_same_work_as_a_wrong_password() {
    let host = seeded_shell(&records_with_users(1));
    // A user with a password, a user without one, and an unknown user.
    for (email, has_hash) in [(ROOT, true), ("u000", false), ("nobody", false)] {
        let body = json!({ "email": email, "password": "wrong" });
        let (verified, counted, lines) = trace_of_call(&host, "/rest/v2/users/authenticate", &body);
        assert_eq!(verified, [has_hash; 2], "{email}");
        assert_eq!((counted, lines.len()), (1, 0), "{email}");
    }
}

#[test]
fn an_invalid_password_costs_the_same_work_and_is_always_wrong() {
    let mut host = seeded_shell(&records_with_users(1));
    // The result is the same for every stored hash, also if records or the product contain the hash of an empty password.
    let empty = "$unsalted-md5$d41d8cd98f00b204e9800998ecf8427e";
    let records = json!({ "users": [{ "email": "lu", "scope": "live", "userType": "USER", "hash": empty }] });
    let mut product = seeded_shell(&records);
    for password in [json!(null), json!(""), json!(5), json!(["rootpw"]), json!("p".repeat(1_025))] {
        for email in [ROOT, "nobody"] {
            let body = json!({ "email": email, "password": password });
            let (verified, counted, lines) = trace_of_call(&host, "/rest/v2/users/authenticate", &body);
            assert_eq!(verified, [false; 2], "{body}");
            assert_eq!((counted, lines.len()), (1, 0), "{body}");
        }
        let response = send_request(
            &mut product,
            "",
            "POST",
            "/rest/v2/users/authenticate",
            &json!({ "email": "lu", "password": password }),
        );
        assert!(response.text.contains("\"success\":false"), "{}", response.text);
        product.now += 301_000;
    }
    assert!(attempt(&mut host, ROOT, PASSWORD).text.contains("system/ADMIN"));
}

#[test]
fn an_unsupported_method_is_a_405_with_the_methods_that_work() {
    let mut host = seeded_shell(&records_with_users(1));
    let cookie = sign_in(&mut host);
    for (method, path, allowed) in [
        ("PATCH", "/rest/v2/users", "POST, PUT"),
        ("POST", "/rest/v2/user-list", "GET, HEAD"),
        ("PATCH", "/rest/v2/admin-status", "GET, HEAD"),
        ("PUT", "/rest/v2/users/u000/blocked", "GET, HEAD"),
        ("GET", "/rest/v2/users/password", "POST"),
    ] {
        let response = send_request(&mut host, &cookie, method, path, &Json::Null);
        let allow = response.headers.iter().find(|(name, _)| *name == "allow").map(|(_, value)| value.as_str());
        assert_eq!((response.status, allow), (405, Some(allowed)), "{method} {path}");
    }
    assert_eq!(send_request(&mut host, &cookie, "HEAD", "/rest/v2/user-list", &Json::Null).status, 200);
}

#[test]
fn import_rejects_users_that_a_path_cannot_name() {
    let user = |email: &str| json!({ "email": email, "scope": "live", "userType": "USER", "password": "x" });
    for email in ["a/b", ".", "..", "%2e%2e", "a\\b", "logout"] {
        let mut host = Host::new(SystemName::from_word("antmedia").unwrap());
        let records = json!({ "users": [user("fine"), user(email)] });
        // Without a directory such records are valid, because a page can get any user.
        assert!(open("antmedia", &records.to_string()).is_ok());
        let response = host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap_err();
        let response: Json = serde_json::from_str(&response).unwrap();
        assert_eq!(response["error"]["code"], "invalid_records");
        let problems = response["error"]["problems"].as_array().unwrap();
        assert_eq!(problems.len(), 1);
        let code = if email == "logout" { "reserved" } else { "bad_format" };
        assert_eq!((&problems[0]["path"], &problems[0]["code"]), (&json!("/users/1/email"), &json!(code)));
        assert!(host.entries.is_empty());
    }
}

#[test]
fn two_concurrent_first_users_create_one_user() {
    let (_, _, lines) = trace_of_call(
        &seeded_shell(&json!({ "users": [] })),
        "/rest/v2/users/initial",
        &json!({ "email": "one", "password": "x" }),
    );
    let claimed = lines.iter().find(|line| line.key == "directory/filled").unwrap();
    assert!(claimed.change.is_some() && claimed.expect.is_some(), "both write what the seed wrote");
}

#[test]
fn a_hash_of_the_product_is_replaced_at_the_first_sign_in() {
    // The MD5 of `a`.
    let hash = "$unsalted-md5$0cc175b9c0f1b6a831c399e269772661";
    let mut host =
        seeded_shell(&json!({ "users": [{ "email": "lu", "scope": "live", "userType": "USER", "hash": hash }] }));
    let stored_hash = |host: &Host| host.entries["user/lu"].value.get("hash").unwrap().text().unwrap().to_owned();
    assert!(attempt(&mut host, "lu", "b").text.contains("\"success\":false"));
    assert_eq!(stored_hash(&host), hash);
    assert!(attempt(&mut host, "lu", "a").text.contains("live/USER"));
    let renewed = stored_hash(&host);
    assert!(renewed.starts_with("$argon2id$"), "{renewed}");
    assert!(attempt(&mut host, "lu", "a").text.contains("live/USER"));
    assert_eq!(stored_hash(&host), renewed);
}

#[test]
fn a_list_in_several_parts_is_complete() {
    for count in [0, 255, 256, 600] {
        let mut host = seeded_shell(&records_with_users(count));
        let cookie = sign_in(&mut host);
        let listed = send_request(&mut host, &cookie, "GET", "/rest/v2/user-list", &Json::Null);
        let listed: Vec<Json> = serde_json::from_str(&listed.text).unwrap();
        assert_eq!(listed.len(), count + 1);
    }
}

#[test]
fn exported_records_equal_the_imported_ones_without_secrets() {
    let mut host = seeded_shell(&records_with_users(300));
    sign_in(&mut host);
    attempt(&mut host, "u001", "wrong");
    let first = host.records().to_string();
    let again = seeded_shell(&serde_json::from_str(&first).unwrap());
    assert_eq!(again.records().to_string(), first);
    let digest = |records: &str| open("antmedia", records).unwrap().digest().to_owned();
    assert_eq!(digest(&first), digest(&records_with_users(300).to_string()));
    for secret in ["argon2", "assword", "hash", "digest", "epoch"] {
        assert!(!first.contains(secret), "{secret}");
    }
}

/// A path of the panel, or nearly.
fn paths() -> impl Strategy<Value = String> {
    let words = ["users", "user-list", "authenticate", "initial", "password", "logout", "blocked", "admin-status"];
    let names = [ROOT, "u000", "request", "applications", "settings", "first-login-status", "", "..", "%2e%2e", "%00"];
    let segment = prop_oneof![
        6 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        3 => prop::sample::select(names.to_vec()).prop_map(str::to_owned),
        1 => "[%a-f0-9/@~;ü]{0,6}",
    ];
    prop::collection::vec(segment, 0..4).prop_map(|segments| format!("/rest/v2/{}", segments.join("/")))
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let text = r#""(u000|root@x.io|system|ADMIN|READ-ONLY|[a-z]{0,9})""#;
    let value = prop_oneof![Just("null".to_owned()), "true", "-?[0-9]{1,3}", text, r#"\{"live":"[A-Z]{0,5}"\}"#];
    let names = ["email", "password", "newPassword", "userType", "scope", "appNameUserType", "firstName", "id"];
    let member = (prop::sample::select(names.to_vec()), value).prop_map(|(name, value)| format!("{name:?}:{value}"));
    let object = prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(",")));
    prop_oneof![4 => object.prop_map(String::into_bytes), 1 => prop::collection::vec(any::<u8>(), 0..20)]
}

proptest! {
    #[test]
    fn no_request_causes_a_fault(
        method in prop::sample::select(&["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"][..]),
        path in paths(),
        query in "(_path|x)?=?[a-zA-Z0-9%&+/-]{0,9}",
        cookie in prop_oneof![3 => Just(None), 1 => "(JSESSIONID=)?[ -~ü]{0,80}".prop_map(Some)],
        body in bodies(),
    ) {
        let mut host = seeded_shell(&records_with_users(1));
        let cookie = cookie.unwrap_or_else(|| sign_in(&mut host));
        let headers = vec![("cookie", cookie.as_str())];
        let response = host.call(&Call { method, path: &path, query: &query, headers, body, ..Call::default() });
        prop_assert!(response.status < 500, "{} {}", response.status, response.text);
        let is_json = serde_json::from_str::<Json>(&response.text).is_ok();
        prop_assert!(is_json, "{}", response.text);
        // The exported records are still valid.
        prop_assert!(open("antmedia", &host.records().to_string()).is_ok());
    }
}
