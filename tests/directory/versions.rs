//! The versions of SCIM's resources: the same wherever a resource is told, another whenever it is another.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a broken test ends the test")]

use crate::support::host::Answer;
use crate::support::products::{directory, header, Directory};
use latchwork::open;
use serde_json::{json, Value as Json};

fn read(answer: &Answer) -> Json {
    assert!(answer.status < 300, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

fn get(directory: &mut Directory, target: &str) -> Answer {
    directory.send(true, &("GET", target, None), &[])
}

fn version(resource: &Json) -> &str {
    resource["meta"]["version"].as_str().unwrap()
}

/// An operation of the console.
fn console(directory: &mut Directory, operation: &str, body: Json) {
    let answer = directory.send(true, &("POST", &format!("/services/UserAdmin/{operation}"), Some(body)), &[]);
    assert_eq!(answer.status, 200, "{operation} {}", answer.text);
}

#[test]
fn a_version_is_the_same_wherever_it_is_told() {
    let mut directory = directory("wso2");
    let staff = format!("/scim2/Groups/{}", directory.staff);
    for (one, all) in [("/scim2/Users/ann", "/scim2/Users"), (&staff, "/scim2/Groups")] {
        let told = get(&mut directory, one);
        let tag = header(&told, "etag").unwrap().to_owned();
        let resource = read(&told);
        assert_eq!(version(&resource), tag);
        let id = resource["id"].as_str().unwrap().to_owned();
        let of_list = |list: Json| {
            let found = list["Resources"].as_array().unwrap().iter().find(|found| found["id"] == json!(id)).cloned();
            version(&found.unwrap_or_else(|| panic!("{one} is not listed"))).to_owned()
        };
        for query in ["", "?attributes=meta", "?attributes=meta.version", "?excludedAttributes=groups,members,name"] {
            assert_eq!(of_list(read(&get(&mut directory, &format!("{all}{query}")))), tag, "{all}{query}");
            let told = get(&mut directory, &format!("{one}{query}"));
            assert_eq!(
                (version(&read(&told)), header(&told, "etag")),
                (tag.as_str(), Some(tag.as_str())),
                "{one}{query}"
            );
        }
        let search = directory.send(true, &("POST", "/scim2/.search", Some(json!({}))), &[]);
        assert_eq!(of_list(read(&search)), tag);
        // The version of the whole, however little of it is told.
        let told = get(&mut directory, &format!("{one}?attributes=displayName"));
        assert_eq!((header(&told, "etag"), read(&told).get("meta")), (Some(tag.as_str()), None));
        let filter = format!("{all}?filter=meta.version%20eq%20%22%5C%22{}%5C%22%22", tag.trim_matches('"'));
        let found = read(&get(&mut directory, &filter));
        assert_eq!((found["totalResults"].as_i64(), of_list(found)), (Some(1), tag));
    }
}

#[test]
fn what_changes_a_resource_tells_its_new_version() {
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
        for (place, answer) in
            [(place.as_str(), made), (one, directory.send(true, &("PATCH", one, Some(patch.clone())), &[]))]
        {
            assert_eq!(header(&answer, "etag"), Some(version(&read(&answer))), "{place}");
            assert_eq!(header(&get(&mut directory, place), "etag"), header(&answer, "etag"), "{place}");
            seen.push(header(&answer, "etag").unwrap().to_owned());
        }
        let replaced = directory.send(true, &("PUT", one, Some(put)), &[("if-match", &seen[2])]);
        assert_eq!(header(&replaced, "etag"), Some(version(&read(&replaced))), "{one}");
        assert_eq!(header(&get(&mut directory, one), "etag"), header(&replaced, "etag"), "{one}");
        assert!(!seen.contains(&header(&replaced, "etag").unwrap().to_owned()));
    }
}

#[test]
fn a_role_has_another_version_whenever_its_members_change() {
    let mut directory = directory("wso2");
    let staff = format!("/scim2/Groups/{}", directory.staff);
    let patch =
        |op: &str, path: &str, value: Json| json!({ "Operations": [{ "op": op, "path": path, "value": value }] });
    let mut seen = vec![directory.tag(&staff)];
    let mut has_changed = |directory: &mut Directory, what: &str, expected: bool| {
        let tag = directory.tag(&staff);
        assert_eq!(!seen.contains(&tag), expected, "{what}");
        seen.push(tag);
    };
    console(&mut directory, "addUser", json!({ "userName": "new", "password": "newpass", "roles": ["staff"] }));
    has_changed(&mut directory, "a new user", true);
    console(&mut directory, "updateRolesOfUser", json!({ "userName": "root", "newRoles": ["staff"] }));
    has_changed(&mut directory, "one more", true);
    console(&mut directory, "updateRolesOfUser", json!({ "userName": "root", "newRoles": ["staff"] }));
    has_changed(&mut directory, "one who is in", false);
    console(&mut directory, "updateRolesOfUser", json!({ "userName": "root", "deletedRoles": ["staff"] }));
    has_changed(&mut directory, "one less", true);
    console(&mut directory, "updateUsersOfRole", json!({ "roleName": "staff", "newUsers": ["root"] }));
    has_changed(&mut directory, "from the other side", true);
    console(&mut directory, "deleteUser", json!({ "userName": "new" }));
    has_changed(&mut directory, "one is gone", true);
    let body = patch("remove", "members[value eq \"root\"]", Json::Null);
    let target = format!("/scim2/Groups/{}", directory.staff);
    assert_eq!(directory.send(true, &("PATCH", &target, Some(body)), &[]).status, 200);
    has_changed(&mut directory, "over SCIM", true);
    let body = patch("replace", "title", json!("x"));
    assert_eq!(directory.send(true, &("PATCH", "/scim2/Users/ann", Some(body)), &[]).status, 200);
    console(&mut directory, "changePassword", json!({ "userName": "ann", "newPassword": "another" }));
    has_changed(&mut directory, "what a member is", false);
    assert!(open("wso2", &directory.host.records().to_string()).is_ok());
}

#[test]
fn a_role_with_more_members_than_a_part_takes_has_a_version_too() {
    let mut directory = directory("wso2");
    for n in 0..300 {
        console(
            &mut directory,
            "addUser",
            json!({ "userName": format!("u{n:03}"), "password": "newpass", "roles": ["staff"] }),
        );
    }
    let staff = format!("/scim2/Groups/{}", directory.staff);
    let told = get(&mut directory, &staff);
    assert_eq!(read(&told)["members"].as_array().map(Vec::len), Some(301));
    let tag = header(&told, "etag").unwrap().to_owned();
    assert_eq!(version(&read(&told)), tag);
    let known = directory.send(true, &("GET", &staff, None), &[("if-none-match", &tag)]);
    assert_eq!((known.status, known.text.as_str()), (304, ""));
    let known = directory.send(true, &("GET", &staff, None), &[("if-none-match", "\"other\""), ("if-match", &tag)]);
    assert_eq!(known.text, told.text);
    console(&mut directory, "deleteUser", json!({ "userName": "u299" }));
    let delete = ("DELETE", staff.as_str(), None);
    let now = header(&directory.refused(&delete, &[("if-match", &tag)], 412), "etag").unwrap().to_owned();
    assert_eq!(directory.tag(&staff), now);
    assert_eq!(directory.send(true, &delete, &[("if-match", &now)]).status, 204);
}

#[test]
fn me_is_the_same_as_the_user() {
    let mut directory = directory("wso2");
    let tag = directory.tag("/scim2/Users/root");
    assert_eq!(directory.tag("/scim2/Me"), tag);
    let put = ("PUT", "/scim2/Me", Some(json!({ "userName": "root", "title": "x" })));
    directory.refused(&put, &[("if-match", "\"other\"")], 412);
    let done = directory.send(true, &put, &[("if-match", &tag)]);
    assert_eq!(done.status, 200, "{}", done.text);
    directory.refused(&put, &[("if-match", &tag)], 412);
}
