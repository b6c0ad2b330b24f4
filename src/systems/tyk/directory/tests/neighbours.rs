//! Users of several organisations who have the same address.

use super::Bench;
use crate::directory::Guards;

/// Users of one address, each in an organisation of its own, with the passwords `password0` and so on.
fn neighbours(count: usize) -> Bench {
    let user = |number: usize| {
        format!(
            r#"{{"id": "n{number}", "org_id": "org{number}", "active": true, "email_address": "n@example.org",
                "password": "password{number}"}}"#
        )
    };
    let users: Vec<String> = (0..count).map(user).collect();
    let config = r#"{"enable_multi_org_users": true, "login_failure_username_limit": 3}"#;
    Bench::of(&format!(r#"{{"users": [{}], "config": {config}}}"#, users.join(",")), Guards::Off)
}

#[test]
fn an_address_of_many_organisations_is_tried_on_some_at_once() {
    let mut bench = neighbours(10);
    assert_eq!(bench.login("n@example.org", "wrong").0, 401);
    let verified = bench.work.iter().filter(|ask| *ask == "verify").count();
    let counted = bench.work.iter().filter(|ask| *ask == "count 1").count();
    assert_eq!((verified, counted, bench.work.len()), (8, 8, 8 + 8 + 5), "{:?}", bench.work);
    assert_eq!(bench.entries.keys().filter(|key| key.starts_with("failures/")).count(), 8);
    assert_eq!((bench.login("n@example.org", "password7").0, bench.login("n@example.org", "password8").0), (200, 401));
    // Whoever has signed in has fewer failures than the others, who have three.
    assert_eq!(bench.login("n@example.org", "wrong").0, 401);
    assert_eq!((bench.login("n@example.org", "password7").0, bench.login("n@example.org", "password6").0), (200, 401));
    let of_org =
        |org: usize| format!(r#"{{"email_address": "n@example.org", "password": "password9", "org_id": "org{org}"}}"#);
    assert_eq!((bench.post("/api/login", &of_org(8)).0, bench.post("/api/login", &of_org(9)).0), (401, 200));
}

#[test]
fn each_user_of_an_address_gets_a_link_of_their_own() {
    let mut bench = neighbours(3);
    assert_eq!(bench.forgot("n@example.org").0, 200);
    let mails = std::mem::take(&mut bench.mails);
    assert_eq!(mails.len(), 3);
    for (number, mail) in mails.iter().enumerate() {
        assert_eq!(mail.link, format!("/password/reset?token={}", mail.token));
        assert!(mail.text.contains(&format!("`org{number}`")), "{}", mail.text);
        let body = format!(r#"{{"token": "{}", "new_password": "another{number}"}}"#, mail.token);
        assert_eq!(
            (bench.post("/api/password/reset", &body).0, bench.post("/api/password/reset", &body).0),
            (200, 403)
        );
        assert_eq!(bench.login("n@example.org", &format!("another{number}")).0, 200);
    }
    let mut bench = neighbours(1);
    bench.forgot("n@example.org");
    assert!(!bench.mails[0].text.contains("organisation"), "{}", bench.mails[0].text);
}
