//! The limits of WSO2's directory: roles of a user, rules of a role, names in a request, lengths of lists, and blank
//! names.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::host::Host;
use crate::support::scim_console::{basic, parse_body, seeded, send, with_admin};
use serde_json::{json, Value as Json};

/// Sends an operation of the console as the admin user. Returns the status and the code of an error.
fn operate(host: &mut Host, operation: &str, body: Json) -> (u16, Json) {
    let path = format!("/services/UserAdmin/{operation}");
    let response = send(host, ("POST", &path), &basic("admin", "admin"), Some(body));
    (response.status, parse_body(&response)["error"].clone())
}

fn internal(names: std::ops::Range<usize>) -> Vec<String> {
    names.map(|index| format!("Internal/r{index}")).collect()
}

/// Records with one user who has all of these roles, and with two more roles.
fn with_roles(count: usize) -> Json {
    let roles = internal(0..count);
    let mut records = with_admin(vec![json!({ "name": "bob", "id": "id-bob", "roles": roles })]);
    records["roles"] = json!([internal(0..count), vec!["Internal/one".into(), "Internal/two".into()]].concat());
    records
}

fn roles_of_bob(host: &Host) -> usize {
    let entry = host.entries["user/PRIMARY/bob"].value.to_string();
    serde_json::from_str::<Json>(&entry).unwrap()["roles"].as_array().unwrap().len()
}

#[test]
fn deleted_roles_do_not_count_toward_the_limit() {
    let mut full = seeded(&with_roles(90)).unwrap();
    let one = json!({ "roleName": "Internal/one", "newUsers": ["bob"] });
    assert_eq!(operate(&mut full, "updateUsersOfRole", one.clone()), (400, json!("bad_request")));
    for role in internal(0..90) {
        assert_eq!(operate(&mut full, "deleteRole", json!({ "roleName": role })).0, 200);
    }
    let group = |host: &mut Host| {
        let body = json!({ "displayName": "Internal/new", "members": [{ "value": "id-bob" }] });
        send(host, ("POST", "/scim2/Groups"), &basic("admin", "admin"), Some(body)).status
    };
    let gone = full;
    let again = || {
        let mut host = seeded(&with_roles(0)).unwrap();
        host.entries.clone_from(&gone.entries);
        host
    };
    for (operation, body) in [
        ("updateUsersOfRole", one),
        ("updateRolesOfUser", json!({ "userName": "bob", "newRoles": ["Internal/one"] })),
        ("addRole", json!({ "roleName": "store", "userList": ["bob"] })),
        ("addInternalRole", json!({ "roleName": "new", "userList": ["bob"] })),
    ] {
        let mut host = again();
        assert_eq!(operate(&mut host, operation, body), (200, Json::Null), "{operation}");
        assert_eq!(roles_of_bob(&host), 1, "{operation}");
    }
    let mut host = again();
    assert_eq!(group(&mut host), 201);
    assert_eq!(roles_of_bob(&host), 1);
}

#[test]
fn change_beyond_a_limit_is_refused_only_if_it_adds() {
    let mut host = seeded(&with_roles(95)).unwrap();
    let mut update = |added: &[&str], removed: &[&str]| {
        operate(
            &mut host,
            "updateRolesOfUser",
            json!({ "userName": "bob", "newRoles": added, "deletedRoles": removed }),
        )
        .0
    };
    assert_eq!(update(&["Internal/one"], &[]), 400);
    assert_eq!(update(&["Internal/one"], &["Internal/r0"]), 200);
    assert_eq!(update(&["Internal/two", "Internal/r0"], &["Internal/one"]), 400);
    assert_eq!(update(&[], &["Internal/one", "Internal/r1"]), 200);
    assert_eq!(roles_of_bob(&host), 93);
    let one = json!({ "roleName": "Internal/one", "newUsers": ["bob"] });
    assert_eq!(operate(&mut host, "updateUsersOfRole", one).0, 400);
    let two = json!({ "roleName": "Internal/r2", "deletedUsers": ["bob"] });
    assert_eq!(operate(&mut host, "updateUsersOfRole", two).0, 200);
    assert_eq!(roles_of_bob(&host), 92);
}

#[test]
fn role_over_the_rule_limit_can_be_renamed_and_reduced() {
    let paths = |count: usize| -> Vec<String> { (0..count).map(|index| format!("/permission/x{index}")).collect() };
    let rule =
        |role: &str, path: &str| json!({ "role": role, "resource": path, "action": "ui.execute", "effect": "allow" });
    let mut records = with_admin(Vec::new());
    let rules = paths(120).into_iter().flat_map(|path| [rule("Internal/sub", &path), rule("Internal/waits", &path)]);
    records["rules"] = json!(rules.collect::<Vec<_>>());
    let mut host = seeded(&records).unwrap();
    let names = json!({ "roleName": "Internal/sub", "newRoleName": "Internal/big" });
    assert_eq!(operate(&mut host, "updateRoleName", names).0, 200);
    let mut set = |count: usize| {
        operate(&mut host, "setRoleUIPermission", json!({ "roleName": "Internal/big", "rawResources": paths(count) })).0
    };
    assert_eq!([set(121), set(120), set(110), set(111), set(100), set(101)], [400, 200, 200, 400, 200, 400]);
    // Pending rules for a name apply to the new role. A role that has rules already gets no more than the limit.
    let taken = json!({ "roleName": "Internal/big", "newRoleName": "Internal/waits" });
    assert_eq!(operate(&mut host, "updateRoleName", taken).0, 400);
    let more = json!({ "roleName": "waits", "permissions": ["/permission/y"] });
    assert_eq!(operate(&mut host, "addInternalRole", more).0, 400);
    assert_eq!(operate(&mut host, "addInternalRole", json!({ "roleName": "waits" })).0, 200);
}

#[test]
fn thousands_of_users_change_in_one_request() {
    let names: Vec<String> = (0..3_000).map(|index| format!("user{index:04}")).collect();
    let users = names.iter().map(|name| json!({ "name": name })).collect();
    let mut host = seeded(&with_admin(users)).unwrap();
    let mut spelled = names.clone();
    spelled.extend(names.iter().take(500).map(|name| format!("primary/{}", name.to_uppercase())));
    let body = json!({ "roleName": "Internal/sub", "newUsers": spelled, "deletedUsers": names });
    assert_eq!(operate(&mut host, "updateUsersOfRole", body).0, 200);
    let members = |host: &Host| {
        let listed = host.entries.keys().filter(|key| key.starts_with("member/")).count();
        (listed, host.records().to_string().matches("[\"Internal/sub\"]").count())
    };
    assert_eq!(members(&host), (3_001, 3_000));
    let unknown: Vec<String> = (0..6_000).map(|index| format!("nobody{index}")).collect();
    let body = json!({ "roleName": "Internal/sub", "newUsers": unknown });
    assert_eq!(operate(&mut host, "updateUsersOfRole", body), (404, json!("30007")));
    let body = json!({ "roleName": "Internal/sub", "deletedUsers": names });
    assert_eq!(operate(&mut host, "updateUsersOfRole", body).0, 200);
    assert_eq!(members(&host), (1, 0));
}

/// JSON has one kind of number, and its spelling does not matter.
#[test]
fn list_limit_accepts_every_spelling_of_an_integer() {
    let users = (0..120).map(|index| json!({ "name": format!("user{index:03}") })).collect();
    let mut host = seeded(&with_admin(users)).unwrap();
    for (limit, count) in [
        ("0", Some(0)),
        ("-0", Some(0)),
        ("0.0", Some(0)),
        ("0e99", Some(0)),
        ("-0.0e-5", Some(0)),
        ("1", Some(1)),
        ("1.0", Some(1)),
        ("1e0", Some(1)),
        ("10e-1", Some(1)),
        ("0.01e2", Some(1)),
        ("20", Some(20)),
        ("2E1", Some(20)),
        ("2e+1", Some(20)),
        ("99.00", Some(99)),
        ("1e2", Some(100)),
        ("101", Some(100)),
        ("1e3", Some(100)),
        ("-1", Some(100)),
        ("-1e0", Some(100)),
        ("1e300", Some(100)),
        ("9223372036854775808", Some(100)),
        ("-99999999999999999999999", Some(100)),
        ("100000000000000000000000e-23", Some(1)),
        ("1.5", None),
        ("-0.1", None),
        ("1e-1", None),
        ("1e-300", None),
    ] {
        let path = "/services/UserAdmin/listUsers";
        let body = format!("{{\"limit\":{limit}}}").into_bytes();
        let by = basic("admin", "admin");
        let headers = vec![("authorization", by.as_str())];
        let call = latchwork::directory::Call { method: "POST", path, headers, body, ..Default::default() };
        let response = host.call(&call);
        let users = parse_body(&response)["users"].as_array().map(Vec::len);
        assert_eq!((response.status, users), (if count.is_some() { 200 } else { 400 }, count), "{limit}");
    }
}

/// Java's `trim` removes characters up to U+0020, but no other spaces.
#[test]
fn blank_names_are_trimmed_as_in_java() {
    let mut host = seeded(&with_admin(Vec::new())).unwrap();
    for (name, user, role) in [
        ("\u{A0}\u{A0}\u{A0}", (200, Json::Null), (200, Json::Null)),
        ("\u{2003}\u{2003}\u{2003}", (200, Json::Null), (200, Json::Null)),
        ("\u{1C}\u{1C}\u{1C}", (400, json!("31301")), (400, json!("31704"))),
        ("\0 \t", (400, json!("31301")), (400, json!("31704"))),
    ] {
        let new = json!({ "userName": name, "password": "secret", "roles": [] });
        assert_eq!(operate(&mut host, "addUser", new), user, "{name:?}");
        for operation in ["addRole", "addInternalRole"] {
            let new = json!({ "roleName": name, "userList": [], "permissions": ["\u{1F} "] });
            assert_eq!(operate(&mut host, operation, new), role, "{operation} {name:?}");
        }
    }
}

/// A dot in a store's pattern has Java's meaning.
#[test]
fn dot_in_a_pattern_matches_no_line_terminator_of_java() {
    let mut records = with_admin(Vec::new());
    records["stores"] = json!([{ "domain": "PRIMARY", "username_regex": "^.{3,30}$" }]);
    let mut host = seeded(&records).unwrap();
    for (name, status) in [
        ("a c", 200),
        ("a\u{B}c", 200),
        ("a\nc", 400),
        ("a\rc", 400),
        ("a\u{85}c", 400),
        ("a\u{2028}c", 400),
        ("a\u{2029}c", 400),
    ] {
        let new = json!({ "userName": name, "password": "secret", "roles": [] });
        assert_eq!(operate(&mut host, "addUser", new).0, status, "{name:?}");
    }
}
