//! Tests of users in several organisations with the same e-mail address.

use super::Harness;
use crate::directory::Guards;

/// Users with one address, each in its own organisation, with the passwords `password0` and so on.
fn users_with_one_address(count: usize) -> Harness {
    let user = |number: usize| {
        format!(
            r#"{{"id": "n{number}", "org_id": "org{number}", "active": true, "email_address": "n@example.org",
                "password": "password{number}"}}"#
        )
    };
    let users: Vec<String> = (0..count).map(user).collect();
    let config = r#"{"enable_multi_org_users": true, "login_failure_username_limit": 3}"#;
    Harness::with_records(&format!(r#"{{"users": [{}], "config": {config}}}"#, users.join(",")), Guards::Off)
}

#[test]
fn sign_in_verifies_at_most_eight_users_of_an_address() {
    let mut harness = users_with_one_address(10);
    assert_eq!(harness.login("n@example.org", "wrong").0, 401);
    let verified = harness.work.iter().filter(|ask| *ask == "verify").count();
    let counted = harness.work.iter().filter(|ask| *ask == "count 1").count();
    assert_eq!((verified, counted, harness.work.len()), (8, 8, 8 + 8 + 5), "{:?}", harness.work);
    assert_eq!(harness.entries.keys().filter(|key| key.starts_with("failures/")).count(), 8);
    assert_eq!(
        (harness.login("n@example.org", "password7").0, harness.login("n@example.org", "password8").0),
        (200, 401)
    );
    // The user who signed in has fewer failures than the others, who have three.
    assert_eq!(harness.login("n@example.org", "wrong").0, 401);
    assert_eq!(
        (harness.login("n@example.org", "password7").0, harness.login("n@example.org", "password6").0),
        (200, 401)
    );
    let of_org =
        |org: usize| format!(r#"{{"email_address": "n@example.org", "password": "password9", "org_id": "org{org}"}}"#);
    assert_eq!((harness.post("/api/login", &of_org(8)).0, harness.post("/api/login", &of_org(9)).0), (401, 200));
}

#[test]
fn each_user_of_an_address_gets_their_own_reset_link() {
    let mut harness = users_with_one_address(3);
    assert_eq!(harness.request_reset("n@example.org").0, 200);
    let mails = std::mem::take(&mut harness.mails);
    assert_eq!(mails.len(), 3);
    for (number, mail) in mails.iter().enumerate() {
        assert_eq!(mail.link, format!("/password/reset?token={}", mail.token));
        assert!(mail.text.contains(&format!("`org{number}`")), "{}", mail.text);
        let body = format!(r#"{{"token": "{}", "new_password": "another{number}"}}"#, mail.token);
        assert_eq!(
            (harness.post("/api/password/reset", &body).0, harness.post("/api/password/reset", &body).0),
            (200, 403)
        );
        assert_eq!(harness.login("n@example.org", &format!("another{number}")).0, 200);
    }
    let mut harness = users_with_one_address(1);
    harness.request_reset("n@example.org");
    assert!(!harness.mails[0].text.contains("organisation"), "{}", harness.mails[0].text);
}
