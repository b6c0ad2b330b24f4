//! New passwords under strict guards: weak ones are rejected in every request.

use latchwork::directory::Guards;
use latchwork::SystemName;
use serde_json::{json, Value as Json};

use super::refusals::{check_rejections, is_done, patch, post, put, records, send_by, wso2, Anonymous, Header, User};
use crate::support::guarded_products::{guard_code, seeded, Product, ANTMEDIA, ARANGODB, MEUSE, PASSWORD, TYK, WSO2};
use crate::support::host::Host;

/// One of the most common passwords.
const WEAK: &str = "iloveyou";

/// Every request of every product that sets a password.
#[test]
fn every_request_that_sets_a_weak_password_is_rejected() {
    let user = |name: &str| json!({ "email": name, "password": WEAK, "scope": "system", "userType": "USER" });
    let tyk = json!({ "first_name": "N", "last_name": "N", "email_address": "new@x.io", "active": true,
        "user_permissions": { "apis": "read" }, "password": WEAK });
    let scim = |operations: Json| json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
    let own = json!({ "current_password": PASSWORD, "new_password": WEAK });
    let admin = Header("admin-auth", "secret of the admin API");
    let (root, ada) = (User("root@x.io"), User("ada@x.io"));
    let cases = vec![
        (
            &MEUSE,
            User("boss"),
            post(
                "/api/v1/meuse/user",
                json!({ "name": "new", "password": WEAK, "role": "tech", "description": "d", "active": true }),
            ),
        ),
        (&MEUSE, User("boss"), post("/api/v1/meuse/user/ron", json!({ "password": WEAK }))),
        (&MEUSE, User("ron"), post("/api/v1/meuse/user/ron", json!({ "password": WEAK }))),
        (&ANTMEDIA, root, post("/rest/v2/users", user("new@x.io"))),
        (&ANTMEDIA, root, put("/rest/v2/users", json!({ "email": "sue@x.io", "newPassword": WEAK }))),
        (&ANTMEDIA, root, post("/rest/v2/users/password", json!({ "password": PASSWORD, "newPassword": WEAK }))),
        (&ARANGODB, User("ada"), post("/_api/user", json!({ "user": "new" }))),
        (&ARANGODB, User("ada"), post("/_api/user", json!({ "user": "new", "passwd": WEAK }))),
        (&ARANGODB, User("ada"), put("/_api/user/dan", json!({}))),
        (&ARANGODB, User("dan"), patch("/_api/user/dan", json!({ "passwd": WEAK }))),
        (
            &ARANGODB,
            User("ada"),
            post(
                "/_api/database",
                json!({ "name": "more", "users": [{ "username": "dan" }, { "username": "new", "passwd": WEAK }] }),
            ),
        ),
        (&TYK, ada, post("/api/users", tyk.clone())),
        (&TYK, ada, post("/api/users/ada/actions/reset", own)),
        (&TYK, ada, post("/api/users/joe/actions/reset", json!({ "new_password": WEAK, "user_permissions": {} }))),
        (&TYK, Anonymous, post("/api/password/reset", json!({ "token": "link-of-joe", "new_password": WEAK }))),
        (&TYK, admin, post("/admin/users", tyk)),
        (&TYK, admin, put("/admin/users/joe", json!({ "password": WEAK }))),
        (&WSO2, User("ann"), wso2("addUser", json!({ "userName": "new", "password": WEAK, "roles": [] }))),
        (&WSO2, User("ann"), wso2("changePassword", json!({ "userName": "eve", "newPassword": WEAK }))),
        (
            &WSO2,
            Anonymous,
            wso2("changePasswordByUser", json!({ "userName": "eve", "oldPassword": PASSWORD, "newPassword": WEAK })),
        ),
        (
            &WSO2,
            User("eve"),
            post(
                "/api/am/devportal/v3/me/change-password",
                json!({ "currentPassword": PASSWORD, "newPassword": WEAK }),
            ),
        ),
        (&WSO2, User("lia"), post("/scim2/Users", json!({ "userName": "new", "password": WEAK }))),
        (&WSO2, User("lia"), put("/scim2/Users/eve", json!({ "userName": "eve", "password": WEAK }))),
        (
            &WSO2,
            User("lia"),
            patch("/scim2/Users/eve", scim(json!([{ "op": "replace", "value": { "password": WEAK } }]))),
        ),
    ];
    check_rejections(cases.into_iter().map(|(product, by, request)| (product, by, request, "weak_password")).collect());
}

/// A password that is weak for one user can be strong for another.
#[test]
fn a_password_made_of_the_users_own_data_is_weak() {
    let tyk = |password: &str| {
        json!({ "first_name": "Marguerite", "last_name": "Desrosiers", "email_address": "the.florist@x.io",
        "active": true, "user_permissions": { "apis": "read" }, "password": password })
    };
    let antmedia = |password: &str| {
        json!({ "email": "the.florist@x.io", "firstName": "Marguerite", "lastName": "Desrosiers",
        "password": password, "scope": "system", "userType": "USER" })
    };
    let arangodb = |password: &str| json!({ "user": "marguerite@x.io", "passwd": password });
    let meuse = |password: &str| json!({ "name": "marguerite", "password": password, "role": "tech", "description": "Desrosiers", "active": true });
    let scim = |password: &str| {
        json!({ "userName": "SEC/marguerite", "password": password, "name": { "familyName": "Desrosiers" },
        "emails": [{ "value": "the.florist@x.io" }] })
    };
    type New<'n> =
        (&'n Product, &'static str, &'static str, &'n dyn Fn(&str) -> Json, &'n [&'static str], &'n [&'static str]);
    let ways: [New<'_>; 5] = [
        (
            &TYK,
            "ada@x.io",
            "/api/users",
            &tyk,
            &[
                "Marguerite84",
                "desrosiers",
                "the.florist@x.io",
                "The.Florist!",
                "marguerite.desrosiers",
                "Desrosiers-pw1",
                "the.florist2026x",
                "1234-tyk",
                "latchwork",
            ],
            &["the florist", "antmedia"],
        ),
        (
            &ANTMEDIA,
            "root@x.io",
            "/rest/v2/users",
            &antmedia,
            &["Marguerite84", "desrosiers", "the.florist@x.io", "AntMedia1", "latchwork"],
            &["the florist", "arangodb"],
        ),
        (
            &ARANGODB,
            "ada",
            "/_api/user",
            &arangodb,
            &["", "Marguerite84", "marguerite@x.io", "arangodb"],
            &["desrosiers"],
        ),
        (
            &MEUSE,
            "boss",
            "/api/v1/meuse/user",
            &meuse,
            &["marguerite", "84 Marguerite", "meuse...", "latchwork"],
            &["desrosiers", "arangodb"],
        ),
        (
            &WSO2,
            "lia",
            "/scim2/Users",
            &scim,
            &["Marguerite84", "SEC/marguerite", "desrosiers", "the.florist@x.io", "Wso2-2024"],
            &["the-florist", "arangodb"],
        ),
    ];
    for (product, actor, path, body, weak, good) in ways {
        for (passwords, guards, code) in
            [(weak, Guards::Strict, Some("weak_password")), (good, Guards::Strict, None), (weak, Guards::Off, None)]
        {
            for password in passwords {
                let mut host = seeded(product, guards, &records(product));
                let response = send_by(product, &mut host, User(actor), &post(path, body(password)));
                assert_eq!(guard_code(&response), code, "{} {password} {response:?}", product.name);
                let is_taken = code.is_none();
                assert!(is_done(&response) == is_taken, "{} {password} {response:?}", product.name);
            }
        }
    }
}

/// Ant Media's panels send the MD5 of a password in its place.
#[test]
fn the_md5_of_a_common_password_is_weak() {
    let user = |password: &str| json!({ "email": "florist@x.io", "password": password, "scope": "system", "userType": "USER" });
    let cases = [
        ("d41d8cd98f00b204e9800998ecf8427e", true),  // nothing
        ("f25a2fc72690b780b2a14e140ef6a9e0", true),  // iloveyou
        ("8c2ae6d9aee6c2d5a9bb6ad1e1a0fe4d", false), // of a strong password
        ("IS THE MD5 OF SOMETHING ELSE....", false),
    ];
    for (sent_as, is_weak) in cases {
        let mut host = seeded(&ANTMEDIA, Guards::Strict, &records(&ANTMEDIA));
        let response = send_by(&ANTMEDIA, &mut host, User("root@x.io"), &post("/rest/v2/users", user(sent_as)));
        assert_eq!(guard_code(&response), is_weak.then_some("weak_password"), "{sent_as} {response:?}");
        assert_eq!(is_done(&response), !is_weak, "{sent_as} {response:?}");
    }
}

/// A mailed link stays valid for another attempt.
#[test]
fn a_rejected_password_does_not_use_up_the_reset_link() {
    let mut host = seeded(&TYK, Guards::Strict, &records(&TYK));
    let reset =
        |password: &str| post("/api/password/reset", json!({ "token": "link-of-joe", "new_password": password }));
    for _ in 0..2 {
        assert_eq!(guard_code(&send_by(&TYK, &mut host, Anonymous, &reset("joe@x.io"))), Some("weak_password"));
    }
    assert!(is_done(&send_by(&TYK, &mut host, Anonymous, &reset("kelp-Orbit8-sled"))));
    assert!(!is_done(&send_by(&TYK, &mut host, Anonymous, &reset("kelp-Orbit9-sled"))));
}

/// A caller without the permission or the current password learns nothing about the new password.
#[test]
fn the_rejection_of_the_product_precedes_weak_password() {
    let own = json!({ "current_password": "wrong", "new_password": WEAK });
    let cases = [
        (&MEUSE, User("ron"), post("/api/v1/meuse/user/ada", json!({ "password": WEAK }))),
        (&ARANGODB, User("dan"), patch("/_api/user/ada", json!({ "passwd": WEAK }))),
        (&TYK, User("ada@x.io"), post("/api/users/ada/actions/reset", own)),
        (&TYK, Anonymous, post("/api/password/reset", json!({ "token": "link-of-ann", "new_password": WEAK }))),
        (
            &ANTMEDIA,
            User("sue@x.io"),
            post("/rest/v2/users/password", json!({ "password": "wrong", "newPassword": WEAK })),
        ),
        (
            &WSO2,
            Anonymous,
            wso2("changePasswordByUser", json!({ "userName": "eve", "oldPassword": "wrong", "newPassword": WEAK })),
        ),
        (&WSO2, User("ann"), wso2("changePassword", json!({ "userName": "missing", "newPassword": WEAK }))),
    ];
    for (product, by, request) in cases {
        let [strict, off] = [Guards::Strict, Guards::Off].map(|guards| {
            let mut host = seeded(product, guards, &records(product));
            send_by(product, &mut host, by, &request)
        });
        assert_eq!(strict, off, "{request:?}");
        assert!(!is_done(&strict), "{request:?} {strict:?}");
    }
}

/// The guards also check the first user of an empty store, which any client can create.
#[test]
fn the_first_user_must_have_an_allowed_name_and_password() {
    let first =
        |email: &str, password: &str| post("/rest/v2/users/initial", json!({ "email": email, "password": password }));
    let mut host = Host::new(SystemName::Antmedia);
    host.guards = Guards::Strict;
    let refused = [
        (first("root@x.io", WEAK), "weak_password"),
        (first("root@x.io", "f25a2fc72690b780b2a14e140ef6a9e0"), "weak_password"),
        (first("root", PASSWORD), "reserved_name"),
    ];
    for (request, code) in refused {
        assert_eq!(guard_code(&send_by(&ANTMEDIA, &mut host, Anonymous, &request)), Some(code), "{request:?}");
    }
    assert!(is_done(&send_by(&ANTMEDIA, &mut host, Anonymous, &first("root@x.io", PASSWORD))));
    let mut host = Host::new(SystemName::Antmedia);
    assert!(is_done(&send_by(&ANTMEDIA, &mut host, Anonymous, &first("root", "x"))));
}
