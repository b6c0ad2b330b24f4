//! The versions of SCIM's resources: the same in every response with the resource, and a new one after a change.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a broken test ends the test")]

use crate::support::host::Response;
use crate::support::products::{directory, header, Directory};
use latchwork::open;
use serde_json::{json, Value as Json};

fn parse_success(response: &Response) -> Json {
    assert!(response.status < 300, "{}", response.text);
    serde_json::from_str(&response.text).unwrap()
}

fn get(directory: &mut Directory, target: &str) -> Response {
    directory.send(true, &("GET", target, None), &[])
}

fn version_of(resource: &Json) -> &str {
    resource["meta"]["version"].as_str().unwrap()
}

/// Calls an operation of the console.
fn call_console(directory: &mut Directory, operation: &str, body: Json) {
    let response = directory.send(true, &("POST", &format!("/services/UserAdmin/{operation}"), Some(body)), &[]);
    assert_eq!(response.status, 200, "{operation} {}", response.text);
}

#[test]
fn a_resource_has_the_same_version_in_every_response() {
    let mut directory = directory("wso2");
    let staff = format!("/scim2/Groups/{}", directory.staff);
    for (one, all) in [("/scim2/Users/ann", "/scim2/Users"), (&staff, "/scim2/Groups")] {
        let response = get(&mut directory, one);
        let tag = header(&response, "etag").unwrap().to_owned();
        let resource = parse_success(&response);
        assert_eq!(version_of(&resource), tag);
        let id = resource["id"].as_str().unwrap().to_owned();
        let of_list = |list: Json| {
            let found = list["Resources"].as_array().unwrap().iter().find(|found| found["id"] == json!(id)).cloned();
            version_of(&found.unwrap_or_else(|| panic!("{one} is not listed"))).to_owned()
        };
        for query in ["", "?attributes=meta", "?attributes=meta.version", "?excludedAttributes=groups,members,name"] {
            assert_eq!(of_list(parse_success(&get(&mut directory, &format!("{all}{query}")))), tag, "{all}{query}");
            let response = get(&mut directory, &format!("{one}{query}"));
            assert_eq!(
                (version_of(&parse_success(&response)), header(&response, "etag")),
                (tag.as_str(), Some(tag.as_str())),
                "{one}{query}"
            );
        }
        let search = directory.send(true, &("POST", "/scim2/.search", Some(json!({}))), &[]);
        assert_eq!(of_list(parse_success(&search)), tag);
        // The version covers the whole resource, also if only some attributes are returned.
        let response = get(&mut directory, &format!("{one}?attributes=displayName"));
        assert_eq!((header(&response, "etag"), parse_success(&response).get("meta")), (Some(tag.as_str()), None));
        let filter = format!("{all}?filter=meta.version%20eq%20%22%5C%22{}%5C%22%22", tag.trim_matches('"'));
        let found = parse_success(&get(&mut directory, &filter));
        assert_eq!((found["totalResults"].as_i64(), of_list(found)), (Some(1), tag));
    }
}

#[test]
fn write_responses_carry_the_new_version() {
    let mut directory = directory("wso2");
    let patch = json!({ "Operations": [{ "op": "add", "path": "externalId", "value": "x" }] });
    let staff = format!("/scim2/Groups/{}", directory.staff);
    for (made, one, put, all) in [
        (
            json!({ "userName": "bob", "password": "bobpass" }),
            "/scim2/Users/ann",
            json!({ "userName": "ann" }),
            "/scim2/Users",
        ),
        (
            json!({ "displayName": "crew", "members": [{ "value": "ann" }] }),
            &*staff,
            json!({ "displayName": "staff", "members": [] }),
            "/scim2/Groups",
        ),
    ] {
        let made = directory.send(true, &("POST", all, Some(made)), &[]);
        let place = header(&made, "location").unwrap().to_owned();
        let mut seen = vec![String::new()];
        for (place, response) in
            [(place.as_str(), made), (one, directory.send(true, &("PATCH", one, Some(patch.clone())), &[]))]
        {
            assert_eq!(header(&response, "etag"), Some(version_of(&parse_success(&response))), "{place}");
            assert_eq!(header(&get(&mut directory, place), "etag"), header(&response, "etag"), "{place}");
            seen.push(header(&response, "etag").unwrap().to_owned());
        }
        let replaced = directory.send(true, &("PUT", one, Some(put)), &[("if-match", &seen[2])]);
        assert_eq!(header(&replaced, "etag"), Some(version_of(&parse_success(&replaced))), "{one}");
        assert_eq!(header(&get(&mut directory, one), "etag"), header(&replaced, "etag"), "{one}");
        assert!(!seen.contains(&header(&replaced, "etag").unwrap().to_owned()));
    }
}

#[test]
fn a_role_gets_a_new_version_if_and_only_if_its_members_change() {
    let mut directory = directory("wso2");
    let staff = format!("/scim2/Groups/{}", directory.staff);
    let patch =
        |op: &str, path: &str, value: Json| json!({ "Operations": [{ "op": op, "path": path, "value": value }] });
    let mut seen = vec![directory.etag(&staff)];
    let mut has_changed = |directory: &mut Directory, what: &str, expected: bool| {
        let tag = directory.etag(&staff);
        assert_eq!(!seen.contains(&tag), expected, "{what}");
        seen.push(tag);
    };
    call_console(&mut directory, "addUser", json!({ "userName": "new", "password": "newpass", "roles": ["staff"] }));
    has_changed(&mut directory, "a new user", true);
    call_console(&mut directory, "updateRolesOfUser", json!({ "userName": "root", "newRoles": ["staff"] }));
    has_changed(&mut directory, "adding a member", true);
    call_console(&mut directory, "updateRolesOfUser", json!({ "userName": "root", "newRoles": ["staff"] }));
    has_changed(&mut directory, "adding a user who is already a member", false);
    call_console(&mut directory, "updateRolesOfUser", json!({ "userName": "root", "deletedRoles": ["staff"] }));
    has_changed(&mut directory, "removing a member", true);
    call_console(&mut directory, "updateUsersOfRole", json!({ "roleName": "staff", "newUsers": ["root"] }));
    has_changed(&mut directory, "adding a member through the role", true);
    call_console(&mut directory, "deleteUser", json!({ "userName": "new" }));
    has_changed(&mut directory, "deleting a member", true);
    let body = patch("remove", "members[value eq \"root\"]", Json::Null);
    let target = format!("/scim2/Groups/{}", directory.staff);
    assert_eq!(directory.send(true, &("PATCH", &target, Some(body)), &[]).status, 200);
    has_changed(&mut directory, "removing a member by SCIM", true);
    let body = patch("replace", "title", json!("x"));
    assert_eq!(directory.send(true, &("PATCH", "/scim2/Users/ann", Some(body)), &[]).status, 200);
    call_console(&mut directory, "changePassword", json!({ "userName": "ann", "newPassword": "another" }));
    has_changed(&mut directory, "changing a member itself", false);
    assert!(open("wso2", &directory.host.records().to_string()).is_ok());
}

#[test]
fn a_role_listed_in_several_parts_has_a_version() {
    let mut directory = directory("wso2");
    for n in 0..300 {
        call_console(
            &mut directory,
            "addUser",
            json!({ "userName": format!("u{n:03}"), "password": "newpass", "roles": ["staff"] }),
        );
    }
    let staff = format!("/scim2/Groups/{}", directory.staff);
    let response = get(&mut directory, &staff);
    assert_eq!(parse_success(&response)["members"].as_array().map(Vec::len), Some(301));
    let tag = header(&response, "etag").unwrap().to_owned();
    assert_eq!(version_of(&parse_success(&response)), tag);
    let known = directory.send(true, &("GET", &staff, None), &[("if-none-match", &tag)]);
    assert_eq!((known.status, known.text.as_str()), (304, ""));
    let known = directory.send(true, &("GET", &staff, None), &[("if-none-match", "\"other\""), ("if-match", &tag)]);
    assert_eq!(known.text, response.text);
    call_console(&mut directory, "deleteUser", json!({ "userName": "u299" }));
    let delete = ("DELETE", staff.as_str(), None);
    let now = header(&directory.expect_rejection(&delete, &[("if-match", &tag)], 412), "etag").unwrap().to_owned();
    assert_eq!(directory.etag(&staff), now);
    assert_eq!(directory.send(true, &delete, &[("if-match", &now)]).status, 204);
}

#[test]
fn me_has_the_version_of_the_user() {
    let mut directory = directory("wso2");
    let tag = directory.etag("/scim2/Users/root");
    assert_eq!(directory.etag("/scim2/Me"), tag);
    let put = ("PUT", "/scim2/Me", Some(json!({ "userName": "root", "title": "x" })));
    directory.expect_rejection(&put, &[("if-match", "\"other\"")], 412);
    let done = directory.send(true, &put, &[("if-match", &tag)]);
    assert_eq!(done.status, 200, "{}", done.text);
    directory.expect_rejection(&put, &[("if-match", &tag)], 412);
}
