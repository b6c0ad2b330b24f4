//! Conditional requests of all products: a change applies only to the version that its client has read.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::products::{directory, header, Request};
use latchwork::{open, Value};
use serde_json::{json, Value as Json};

/// A resource that has an `ETag`.
struct Resource {
    system: &'static str,
    path: &'static str,
    /// What one client wants to change, and what another client changes in the meantime.
    change: Request<'static>,
    meanwhile: Request<'static>,
}

fn resources() -> Vec<Resource> {
    let resource = |system, path, change, meanwhile| Resource { system, path, change, meanwhile };
    let user = "/_api/user/ann";
    let grant = "/_api/user/ann/database/shop";
    let scim = |title: &str| json!({ "userName": "ann", "title": title });
    let patch = |path: &str, value: Json| json!({ "Operations": [{ "op": "replace", "path": path, "value": value }] });
    let group = |name: &str| json!({ "displayName": name, "members": [{ "value": "ann" }] });
    vec![
        resource(
            "arangodb",
            user,
            ("PATCH", user, Some(json!({ "active": false }))),
            ("PATCH", user, Some(json!({ "extra": { "a": 2 } }))),
        ),
        resource("arangodb", user, ("DELETE", user, None), ("PUT", user, Some(json!({ "passwd": "other" })))),
        // Replacing the user also drops its grants, which this path does not return.
        resource(
            "arangodb",
            user,
            ("PUT", user, Some(json!({ "passwd": "x" }))),
            ("PUT", grant, Some(json!({ "grant": "rw" }))),
        ),
        resource(
            "arangodb",
            user,
            ("PUT", user, Some(json!({ "passwd": "x" }))),
            ("PATCH", user, Some(json!({ "passwd": "y" }))),
        ),
        resource(
            "arangodb",
            user,
            ("PUT", user, Some(json!({}))),
            ("PUT", "/_api/user/ann/config/theme", Some(json!({ "value": "light" }))),
        ),
        resource(
            "arangodb",
            grant,
            ("PUT", grant, Some(json!({ "grant": "rw" }))),
            ("PUT", grant, Some(json!({ "grant": "none" }))),
        ),
        // The level is the same, and deleting the grant would also clear the other one.
        resource(
            "arangodb",
            grant,
            ("DELETE", grant, None),
            ("PUT", "/_api/user/ann/database/shop/items", Some(json!({ "grant": "ro" }))),
        ),
        resource(
            "arangodb",
            "/_api/user/ann/config/theme",
            ("PUT", "/_api/user/ann/config/theme", Some(json!({ "value": 1 }))),
            ("DELETE", "/_api/user/ann/config", None),
        ),
        resource(
            "meuse",
            "/api/v1/crates/latch/owners",
            ("DELETE", "/api/v1/crates/latch/owners", Some(json!({ "users": ["ann"] }))),
            ("PUT", "/api/v1/crates/latch/owners", Some(json!({ "users": ["root"] }))),
        ),
        resource(
            "tyk",
            "/api/users/ann",
            ("PUT", "/api/users/ann", Some(json!({ "first_name": "Anna" }))),
            ("PUT", "/api/users/ann", Some(json!({ "last_name": "Alm" }))),
        ),
        resource(
            "tyk",
            "/api/users/ann",
            ("DELETE", "/api/users/ann", None),
            ("PUT", "/api/users/ann", Some(json!({ "active": false }))),
        ),
        resource(
            "tyk",
            "/api/usergroups/team",
            ("PUT", "/api/usergroups/team", Some(json!({ "name": "Ours" }))),
            ("PUT", "/api/usergroups/team", Some(json!({ "description": "all" }))),
        ),
        resource(
            "wso2",
            "/scim2/Users/ann",
            ("PUT", "/scim2/Users/ann", Some(scim("a"))),
            ("PUT", "/scim2/Users/ann", Some(scim("b"))),
        ),
        resource(
            "wso2",
            "/scim2/Users/ann",
            ("PATCH", "/scim2/Users/ann", Some(patch("title", json!("a")))),
            ("POST", "/services/UserAdmin/updateRoleName", Some(json!({ "roleName": "staff", "newRoleName": "crew" }))),
        ),
        resource(
            "wso2",
            "/scim2/Users/ann",
            ("PUT", "/scim2/Users/ann", Some(scim("a"))),
            (
                "POST",
                "/services/UserAdmin/changePassword",
                Some(json!({ "userName": "ann", "newPassword": "another" })),
            ),
        ),
        resource(
            "wso2",
            "/scim2/Users/ann",
            ("DELETE", "/scim2/Users/ann", None),
            (
                "POST",
                "/services/UserAdmin/updateRolesOfUser",
                Some(json!({ "userName": "ann", "deletedRoles": ["staff"] })),
            ),
        ),
        resource(
            "wso2",
            "/scim2/Groups/{staff}",
            ("PUT", "/scim2/Groups/{staff}", Some(group("crew"))),
            (
                "POST",
                "/services/UserAdmin/updateRolesOfUser",
                Some(json!({ "userName": "root", "newRoles": ["staff"] })),
            ),
        ),
        resource(
            "wso2",
            "/scim2/Groups/{staff}",
            ("PATCH", "/scim2/Groups/{staff}", Some(patch("displayName", json!("crew")))),
            (
                "POST",
                "/services/UserAdmin/addUser",
                Some(json!({ "userName": "new", "password": "newpass", "roles": ["staff"] })),
            ),
        ),
        resource(
            "wso2",
            "/scim2/Groups/{staff}",
            ("DELETE", "/scim2/Groups/{staff}", None),
            ("POST", "/services/UserAdmin/deleteUser", Some(json!({ "userName": "ann" }))),
        ),
    ]
}

#[test]
fn a_write_with_if_match_applies_only_to_the_etag_that_the_client_read() {
    for Resource { system, path, change, meanwhile } in resources() {
        let mut directory = directory(system);
        let read = directory.etag(path);
        assert!(read.len() == 34 && read.starts_with('"') && read.ends_with('"'), "{read}");
        let other = directory.send(true, &meanwhile, &[]);
        assert!(other.status < 300, "{meanwhile:?} {}", other.text);
        let now = directory.etag(path);
        assert_ne!(read, now, "{path} {meanwhile:?}");
        let refused = directory.expect_rejection(&change, &[("if-match", &read)], 412);
        assert_eq!(header(&refused, "etag"), Some(now.as_str()), "{change:?}");
        let done = directory.send(true, &change, &[("if-match", &format!("{read}, {now}"))]);
        assert!(done.status < 300, "{change:?} {}", done.text);
        assert!(open(system, &directory.host.records().to_string()).is_ok(), "{change:?}");
        if change.0 != "DELETE" {
            let after = directory.etag(path);
            assert!(![&read, &now].contains(&&after), "{change:?}");
            if let Some(new_etag) = header(&done, "etag") {
                assert_eq!(new_etag, after, "{change:?}");
            }
        }
    }
}

#[test]
fn write_responses_carry_the_new_etag() {
    for Resource { system, change, .. } in resources() {
        let mut directory = directory(system);
        let done = directory.send(true, &change, &[]);
        let tells =
            (system == "wso2" && !done.text.is_empty()) || (system == "arangodb" && done.text.contains("\"extra\""));
        assert_eq!(header(&done, "etag").is_some(), tells, "{change:?} {}", done.text);
    }
    for (system, request, path) in [
        ("arangodb", ("POST", "/_api/user", Some(json!({ "user": "bob" }))), "/_api/user/bob"),
        ("arangodb", ("POST", "/_api/collection", Some(json!({ "name": "boxes" }))), "/_api/collection/boxes"),
    ] {
        let mut directory = directory(system);
        let made = directory.send(true, &request, &[]);
        assert_eq!(header(&made, "etag"), Some(directory.etag(path).as_str()), "{path}");
    }
}

#[test]
fn a_read_with_a_matching_if_none_match_returns_304() {
    for Resource { system, path, .. } in resources() {
        let mut directory = directory(system);
        let read = directory.etag(path);
        let get = ("GET", path, None);
        for known in [read.clone(), format!("W/{read}"), format!("\"other\", {read}"), "*".to_owned()] {
            let response = directory.send(true, &get, &[("if-none-match", &known)]);
            assert_eq!((response.status, response.text.as_str()), (304, ""), "{path} {known}");
            assert_eq!(header(&response, "etag"), Some(read.as_str()), "{path}");
            let others = ["etag", "server", "content-location"];
            assert!(response.headers.iter().all(|(name, _)| others.contains(name)), "{path}");
        }
        for unknown in ["\"other\"", "W/\"other\"", read.trim_matches('"'), ""] {
            let response = directory.send(true, &get, &[("if-none-match", unknown)]);
            assert_eq!((response.status, header(&response, "etag")), (200, Some(read.as_str())), "{path} {unknown}");
        }
        assert_eq!(directory.send(true, &get, &[("if-match", &read)]).status, 200);
        directory.expect_rejection(&get, &[("if-match", "\"other\"")], 412);
    }
}

#[test]
fn conditions_compare_strongly_and_malformed_ones_return_400() {
    for Resource { system, path, change, .. } in resources() {
        let mut directory = directory(system);
        let read = directory.etag(path);
        for other in [format!("W/{read}"), "\"other\"".to_owned(), "W/\"x\", \"y\"".to_owned()] {
            directory.expect_rejection(&change, &[("if-match", &other)], 412);
        }
        for broken in [read.trim_matches('"'), "", "*, \"x\"", "x", "\"x"] {
            directory.expect_rejection(&change, &[("if-match", broken)], 400);
            directory.expect_rejection(&change, &[("if-none-match", broken)], 400);
        }
        for known in [read.clone(), format!("W/{read}"), "*".to_owned()] {
            directory.expect_rejection(&change, &[("if-none-match", &known)], 412);
        }
        // Both headers apply, and a header can be repeated.
        directory.expect_rejection(&change, &[("if-match", &read), ("if-none-match", &read)], 412);
        let done = directory.send(
            true,
            &change,
            &[("if-match", "\"other\""), ("if-match", &read), ("if-none-match", "\"other\"")],
        );
        assert!(done.status < 300, "{change:?} {}", done.text);
    }
}

#[test]
fn if_match_star_matches_any_etag() {
    for Resource { system, change, .. } in resources() {
        let mut directory = directory(system);
        let done = directory.send(true, &change, &[("if-match", "*")]);
        assert!(done.status < 300, "{change:?} {}", done.text);
    }
}

#[test]
fn a_forbidden_write_gets_the_same_response_for_every_condition() {
    for Resource { system, path, change, .. } in resources() {
        if system == "meuse" {
            // `ann` owns the crate, so she is allowed to change it.
            continue;
        }
        let mut directory = directory(system);
        let read = directory.etag(path);
        if system == "arangodb" {
            // `eve:annpass1`, since users change themselves.
            directory.ann = "Basic ZXZlOmFubnBhc3Mx".to_owned();
        }
        // The first request verifies the password; later ones find it remembered.
        directory.send(false, &change, &[]);
        let plain = directory.send(false, &change, &[]);
        assert!([401, 403].contains(&plain.status), "{change:?} {}", plain.text);
        for condition in ["*", "\"other\"", &read, "broken"] {
            for name in ["if-match", "if-none-match"] {
                assert_eq!(directory.send(false, &change, &[(name, condition)]), plain, "{change:?} {condition}");
            }
        }
        directory.ann = "Basic YW5uOndyb25n".to_owned();
        let unknown = directory.send(false, &change, &[]);
        assert_eq!(directory.send(false, &change, &[("if-match", "\"other\"")]), unknown);
    }
}

#[test]
fn if_match_with_an_etag_returns_412_if_the_resource_has_none() {
    for (system, request) in [
        ("antmedia", ("PUT", "/rest/v2/users", Some(json!({ "email": "ann", "scope": "system", "userType": "USER" })))),
        ("antmedia", ("DELETE", "/rest/v2/users/ann", None)),
        ("arangodb", ("POST", "/_api/user", Some(json!({ "user": "bob" })))),
        ("arangodb", ("DELETE", "/_api/database/shop", None)),
        ("meuse", ("POST", "/api/v1/meuse/user/ann", Some(json!({ "description": "x" })))),
        ("meuse", ("DELETE", "/api/v1/meuse/user/ann", None)),
        ("tyk", ("PUT", "/api/users/ann/actions/key/reset", None)),
        ("tyk", ("POST", "/api/usergroups", Some(json!({ "name": "New", "user_permissions": { "apis": "read" } })))),
        ("wso2", ("POST", "/scim2/Users", Some(json!({ "userName": "bob", "password": "bobpass" })))),
        ("wso2", ("POST", "/services/UserAdmin/deleteUser", Some(json!({ "userName": "ann" })))),
    ] {
        let mut directory = directory(system);
        let refused = directory.expect_rejection(&request, &[("if-match", "\"of-something\"")], 412);
        assert_eq!(header(&refused, "etag"), None);
        directory.expect_rejection(&request, &[("if-match", "of-something")], 400);
        // `*` matches, and what is created does not exist yet.
        let done = directory.send(true, &request, &[("if-match", "*"), ("if-none-match", "*")]);
        assert!(done.status < 300, "{request:?} {}", done.text);
    }
}

#[test]
fn a_condition_on_a_missing_resource_returns_404() {
    for (system, request) in [
        ("arangodb", ("DELETE", "/_api/user/missing", None)),
        ("tyk", ("DELETE", "/api/users/missing", None)),
        ("wso2", ("DELETE", "/scim2/Users/missing", None)),
        ("wso2", ("PUT", "/scim2/Groups/missing", Some(json!({ "displayName": "x" })))),
    ] {
        let mut directory = directory(system);
        for condition in ["*", "\"other\""] {
            directory.expect_rejection(&request, &[("if-match", condition)], 404);
        }
    }
}

#[test]
fn an_outdated_if_match_returns_412_instead_of_the_conflict_that_the_change_causes() {
    let mut directory = directory("arangodb");
    let tokens = "/_api/token/ann";
    let read = directory.etag(tokens);
    let create = ("POST", tokens, Some(json!({ "name": "nightly" })));
    assert_eq!(directory.send(true, &create, &[]).status, 200);
    assert_eq!(directory.send(true, &create, &[]).status, 409);
    directory.expect_rejection(&create, &[("if-match", &read)], 412);
}

#[test]
fn a_sign_in_does_not_change_the_etag() {
    // Not Tyk: it returns the time of the last sign-in, so its `ETag` changes.
    for (system, path) in [("arangodb", "/_api/user/ann"), ("wso2", "/scim2/Users/ann")] {
        let mut directory = directory(system);
        // An old hash is replaced when its user signs in.
        let old = "$sha256-salted$3q2+7w==$Ijwr4BxMP0d2JHgQmN3+Z3XAPrUnr1HiKHv+96tMKqQ=";
        let key = if system == "wso2" { "user/PRIMARY/ann" } else { "user/ann" };
        let mut stored: Json = serde_json::from_str(&directory.host.entries[key].value.to_string()).unwrap();
        stored["hash"] = json!(old);
        directory.host.entries.get_mut(key).unwrap().value = Value::parse(&stored.to_string()).unwrap();
        let read = directory.etag(path);
        // `ann:secret`
        directory.ann = "Basic YW5uOnNlY3JldA==".to_owned();
        let own = if system == "wso2" { "/services/UserAdmin/getRolesOfCurrentUser" } else { path };
        let method = if system == "wso2" { "POST" } else { "GET" };
        let allowed = json!({ "roleName": "staff", "rawResources": ["/permission/admin/login"] });
        if system == "wso2" {
            let set = ("POST", "/services/UserAdmin/setRoleUIPermission", Some(allowed));
            assert_eq!(directory.send(true, &set, &[]).status, 200);
        }
        let before = directory.host.entries[key].clone();
        assert_eq!(directory.send(false, &(method, own, None), &[]).status, 200, "{system}");
        assert_ne!(directory.host.entries[key], before, "{system}");
        assert_eq!(directory.etag(path), read, "{system}");
    }
}

#[test]
fn a_failed_sign_in_with_a_condition_is_counted() {
    let wrong = json!({ "email": "ann", "password": "wrong" });
    let mut directory = directory("antmedia");
    for _ in 0..3 {
        let before = directory.host.entries.clone();
        let tried = directory.send(
            true,
            &("POST", "/rest/v2/users/authenticate", Some(wrong.clone())),
            &[("if-match", "\"x\"")],
        );
        assert_eq!(tried.status, 200, "{}", tried.text);
        assert_ne!(directory.host.entries, before);
    }
    let blocked = directory.send(true, &("GET", "/rest/v2/users/ann/blocked", None), &[]);
    assert!(blocked.text.contains("true"), "{}", blocked.text);
}
