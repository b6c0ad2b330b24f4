//! Requests with conditions, over all products: a change is made to what its client has read, or not at all.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::products::{directory, header, Request};
use latchwork::{open, Value};
use serde_json::{json, Value as Json};

/// A thing that has a tag.
struct Thing {
    system: &'static str,
    path: &'static str,
    /// What one client would do to it, and what another does meanwhile. Each changes it.
    change: Request<'static>,
    meanwhile: Request<'static>,
}

fn things() -> Vec<Thing> {
    let thing = |system, path, change, meanwhile| Thing { system, path, change, meanwhile };
    let user = "/_api/user/ann";
    let grant = "/_api/user/ann/database/shop";
    let scim = |title: &str| json!({ "userName": "ann", "title": title });
    let patch = |path: &str, value: Json| json!({ "Operations": [{ "op": "replace", "path": path, "value": value }] });
    let group = |name: &str| json!({ "displayName": name, "members": [{ "value": "ann" }] });
    vec![
        thing(
            "arangodb",
            user,
            ("PATCH", user, Some(json!({ "active": false }))),
            ("PATCH", user, Some(json!({ "extra": { "a": 2 } }))),
        ),
        thing("arangodb", user, ("DELETE", user, None), ("PUT", user, Some(json!({ "passwd": "other" })))),
        // What nobody reads there goes too when the user is replaced.
        thing(
            "arangodb",
            user,
            ("PUT", user, Some(json!({ "passwd": "x" }))),
            ("PUT", grant, Some(json!({ "grant": "rw" }))),
        ),
        thing(
            "arangodb",
            user,
            ("PUT", user, Some(json!({ "passwd": "x" }))),
            ("PATCH", user, Some(json!({ "passwd": "y" }))),
        ),
        thing(
            "arangodb",
            user,
            ("PUT", user, Some(json!({}))),
            ("PUT", "/_api/user/ann/config/theme", Some(json!({ "value": "light" }))),
        ),
        thing(
            "arangodb",
            grant,
            ("PUT", grant, Some(json!({ "grant": "rw" }))),
            ("PUT", grant, Some(json!({ "grant": "none" }))),
        ),
        // It comes to the same level, and would be cleared with the other.
        thing(
            "arangodb",
            grant,
            ("DELETE", grant, None),
            ("PUT", "/_api/user/ann/database/shop/items", Some(json!({ "grant": "ro" }))),
        ),
        thing(
            "arangodb",
            "/_api/user/ann/config/theme",
            ("PUT", "/_api/user/ann/config/theme", Some(json!({ "value": 1 }))),
            ("DELETE", "/_api/user/ann/config", None),
        ),
        thing(
            "meuse",
            "/api/v1/crates/latch/owners",
            ("DELETE", "/api/v1/crates/latch/owners", Some(json!({ "users": ["ann"] }))),
            ("PUT", "/api/v1/crates/latch/owners", Some(json!({ "users": ["root"] }))),
        ),
        thing(
            "tyk",
            "/api/users/ann",
            ("PUT", "/api/users/ann", Some(json!({ "first_name": "Anna" }))),
            ("PUT", "/api/users/ann", Some(json!({ "last_name": "Alm" }))),
        ),
        thing(
            "tyk",
            "/api/users/ann",
            ("DELETE", "/api/users/ann", None),
            ("PUT", "/api/users/ann", Some(json!({ "active": false }))),
        ),
        thing(
            "tyk",
            "/api/usergroups/team",
            ("PUT", "/api/usergroups/team", Some(json!({ "name": "Ours" }))),
            ("PUT", "/api/usergroups/team", Some(json!({ "description": "all" }))),
        ),
        thing(
            "wso2",
            "/scim2/Users/ann",
            ("PUT", "/scim2/Users/ann", Some(scim("a"))),
            ("PUT", "/scim2/Users/ann", Some(scim("b"))),
        ),
        thing(
            "wso2",
            "/scim2/Users/ann",
            ("PATCH", "/scim2/Users/ann", Some(patch("title", json!("a")))),
            ("POST", "/services/UserAdmin/updateRoleName", Some(json!({ "roleName": "staff", "newRoleName": "crew" }))),
        ),
        thing(
            "wso2",
            "/scim2/Users/ann",
            ("PUT", "/scim2/Users/ann", Some(scim("a"))),
            (
                "POST",
                "/services/UserAdmin/changePassword",
                Some(json!({ "userName": "ann", "newPassword": "another" })),
            ),
        ),
        thing(
            "wso2",
            "/scim2/Users/ann",
            ("DELETE", "/scim2/Users/ann", None),
            (
                "POST",
                "/services/UserAdmin/updateRolesOfUser",
                Some(json!({ "userName": "ann", "deletedRoles": ["staff"] })),
            ),
        ),
        thing(
            "wso2",
            "/scim2/Groups/{staff}",
            ("PUT", "/scim2/Groups/{staff}", Some(group("crew"))),
            (
                "POST",
                "/services/UserAdmin/updateRolesOfUser",
                Some(json!({ "userName": "root", "newRoles": ["staff"] })),
            ),
        ),
        thing(
            "wso2",
            "/scim2/Groups/{staff}",
            ("PATCH", "/scim2/Groups/{staff}", Some(patch("displayName", json!("crew")))),
            (
                "POST",
                "/services/UserAdmin/addUser",
                Some(json!({ "userName": "new", "password": "newpass", "roles": ["staff"] })),
            ),
        ),
        thing(
            "wso2",
            "/scim2/Groups/{staff}",
            ("DELETE", "/scim2/Groups/{staff}", None),
            ("POST", "/services/UserAdmin/deleteUser", Some(json!({ "userName": "ann" }))),
        ),
    ]
}

#[test]
fn a_change_is_made_to_what_its_client_has_read_or_not_at_all() {
    for Thing { system, path, change, meanwhile } in things() {
        let mut directory = directory(system);
        let read = directory.tag(path);
        assert!(read.len() == 34 && read.starts_with('"') && read.ends_with('"'), "{read}");
        let other = directory.send(true, &meanwhile, &[]);
        assert!(other.status < 300, "{meanwhile:?} {}", other.text);
        let now = directory.tag(path);
        assert_ne!(read, now, "{path} {meanwhile:?}");
        let refused = directory.refused(&change, &[("if-match", &read)], 412);
        assert_eq!(header(&refused, "etag"), Some(now.as_str()), "{change:?}");
        let done = directory.send(true, &change, &[("if-match", &format!("{read}, {now}"))]);
        assert!(done.status < 300, "{change:?} {}", done.text);
        assert!(open(system, &directory.host.records().to_string()).is_ok(), "{change:?}");
        if change.0 != "DELETE" {
            let after = directory.tag(path);
            assert!(![&read, &now].contains(&&after), "{change:?}");
            if let Some(told) = header(&done, "etag") {
                assert_eq!(told, after, "{change:?}");
            }
        }
    }
}

#[test]
fn what_tells_the_thing_after_a_change_tells_its_tag_too() {
    for Thing { system, change, .. } in things() {
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
        assert_eq!(header(&made, "etag"), Some(directory.tag(path).as_str()), "{path}");
    }
}

#[test]
fn a_reading_is_answered_by_its_tag_where_the_client_has_it() {
    for Thing { system, path, .. } in things() {
        let mut directory = directory(system);
        let read = directory.tag(path);
        let get = ("GET", path, None);
        for known in [read.clone(), format!("W/{read}"), format!("\"other\", {read}"), "*".to_owned()] {
            let answer = directory.send(true, &get, &[("if-none-match", &known)]);
            assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{path} {known}");
            assert_eq!(header(&answer, "etag"), Some(read.as_str()), "{path}");
            let others = ["etag", "server", "content-location"];
            assert!(answer.headers.iter().all(|(name, _)| others.contains(name)), "{path}");
        }
        for unknown in ["\"other\"", "W/\"other\"", read.trim_matches('"'), ""] {
            let answer = directory.send(true, &get, &[("if-none-match", unknown)]);
            assert_eq!((answer.status, header(&answer, "etag")), (200, Some(read.as_str())), "{path} {unknown}");
        }
        assert_eq!(directory.send(true, &get, &[("if-match", &read)]).status, 200);
        directory.refused(&get, &[("if-match", "\"other\"")], 412);
    }
}

#[test]
fn a_condition_is_read_to_the_letter() {
    for Thing { system, path, change, .. } in things() {
        let mut directory = directory(system);
        let read = directory.tag(path);
        for other in [format!("W/{read}"), "\"other\"".to_owned(), "W/\"x\", \"y\"".to_owned()] {
            directory.refused(&change, &[("if-match", &other)], 412);
        }
        for broken in [read.trim_matches('"'), "", "*, \"x\"", "x", "\"x"] {
            directory.refused(&change, &[("if-match", broken)], 400);
            directory.refused(&change, &[("if-none-match", broken)], 400);
        }
        for known in [read.clone(), format!("W/{read}"), "*".to_owned()] {
            directory.refused(&change, &[("if-none-match", &known)], 412);
        }
        // Each header by itself, and several of one name.
        directory.refused(&change, &[("if-match", &read), ("if-none-match", &read)], 412);
        let done = directory.send(
            true,
            &change,
            &[("if-match", "\"other\""), ("if-match", &read), ("if-none-match", "\"other\"")],
        );
        assert!(done.status < 300, "{change:?} {}", done.text);
    }
}

#[test]
fn any_tag_is_good_for_a_star() {
    for Thing { system, change, .. } in things() {
        let mut directory = directory(system);
        let done = directory.send(true, &change, &[("if-match", "*")]);
        assert!(done.status < 300, "{change:?} {}", done.text);
    }
}

#[test]
fn who_may_not_change_it_is_told_that_and_nothing_else() {
    for Thing { system, path, change, .. } in things() {
        if system == "meuse" {
            // The owner of the crate may.
            continue;
        }
        let mut directory = directory(system);
        let read = directory.tag(path);
        if system == "arangodb" {
            // `eve:annpass1`, since users change themselves.
            directory.ann = "Basic ZXZlOmFubnBhc3Mx".to_owned();
        }
        // The first time the password is computed, and later remembered.
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
fn where_nothing_has_a_tag_none_fits() {
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
        let refused = directory.refused(&request, &[("if-match", "\"of-something\"")], 412);
        assert_eq!(header(&refused, "etag"), None);
        directory.refused(&request, &[("if-match", "of-something")], 400);
        // There is nothing yet that a creation could meet.
        let done = directory.send(true, &request, &[("if-match", "*"), ("if-none-match", "*")]);
        assert!(done.status < 300, "{request:?} {}", done.text);
    }
}

#[test]
fn what_is_not_there_has_not_changed() {
    for (system, request) in [
        ("arangodb", ("DELETE", "/_api/user/nobody", None)),
        ("tyk", ("DELETE", "/api/users/nobody", None)),
        ("wso2", ("DELETE", "/scim2/Users/nobody", None)),
        ("wso2", ("PUT", "/scim2/Groups/nobody", Some(json!({ "displayName": "x" })))),
    ] {
        let mut directory = directory(system);
        for condition in ["*", "\"other\""] {
            directory.refused(&request, &[("if-match", condition)], 404);
        }
    }
}

#[test]
fn what_can_not_be_done_any_more_has_changed() {
    let mut directory = directory("arangodb");
    let tokens = "/_api/token/ann";
    let read = directory.tag(tokens);
    let create = ("POST", tokens, Some(json!({ "name": "nightly" })));
    assert_eq!(directory.send(true, &create, &[]).status, 200);
    assert_eq!(directory.send(true, &create, &[]).status, 409);
    directory.refused(&create, &[("if-match", &read)], 412);
}

#[test]
fn a_sign_in_is_no_change() {
    // Tyk tells when a user last signed in, and the tag is one of what it tells.
    for (system, path) in [("arangodb", "/_api/user/ann"), ("wso2", "/scim2/Users/ann")] {
        let mut directory = directory(system);
        // An old hash is replaced when its owner comes in.
        let old = "$sha256-salted$3q2+7w==$Ijwr4BxMP0d2JHgQmN3+Z3XAPrUnr1HiKHv+96tMKqQ=";
        let key = if system == "wso2" { "user/PRIMARY/ann" } else { "user/ann" };
        let mut stored: Json = serde_json::from_str(&directory.host.entries[key].value.to_string()).unwrap();
        stored["hash"] = json!(old);
        directory.host.entries.get_mut(key).unwrap().value = Value::parse(&stored.to_string()).unwrap();
        let read = directory.tag(path);
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
        assert_eq!(directory.tag(path), read, "{system}");
    }
}

#[test]
fn a_condition_hides_no_try_to_get_in() {
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
