//! WSO2's directory beyond its call cases: old hashes, lists in parts, limits, and the stored data.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::host::{Host, Response};
use crate::support::scim_console::{basic, parse_body, seeded, send, with_admin};
use latchwork::directory::Call;
use serde_json::{json, Value as Json};

/// `admin:admin`
const ADMIN: &str = "Basic YWRtaW46YWRtaW4=";
/// printf '%s' 'secret3q2+7w==' | openssl dgst -sha256 -binary | base64
const OLD_HASH: &str = "$sha256-salted$3q2+7w==$Ijwr4BxMP0d2JHgQmN3+Z3XAPrUnr1HiKHv+96tMKqQ=";

#[test]
fn sign_in_with_an_old_hash_replaces_the_hash() {
    let mut host = seeded(&with_admin(vec![json!({ "name": "old", "hash": OLD_HASH })])).unwrap();
    let hash = |host: &Host| host.entries["user/PRIMARY/old"].value.get("hash").unwrap().text().unwrap().to_owned();
    let (old, wrong) = (basic("old", "secret"), basic("old", "Secret"));
    assert_eq!(send(&mut host, ("GET", "/scim2/Me"), &wrong, None).status, 401);
    // Without the login permission nothing is committed, so the hash stays.
    assert_eq!(send(&mut host, ("GET", "/scim2/Me"), &old, None).status, 403);
    assert_eq!(hash(&host), OLD_HASH);
    let authorized = json!({ "roleName": "Internal/everyone", "rawResources": ["/permission/admin/login"] });
    let path = "/services/UserAdmin/setRoleUIPermission";
    assert_eq!(send(&mut host, ("POST", path), ADMIN, Some(authorized)).status, 200);
    // A request that changes the user does not restore the old hash.
    let title = json!({ "userName": "old", "title": "x" });
    assert_eq!(send(&mut host, ("PUT", "/scim2/Me"), &old, Some(title)).status, 200);
    assert!(hash(&host).starts_with("$argon2id$"));
    assert_eq!(parse_body(&send(&mut host, ("GET", "/scim2/Me"), &old, None))["title"], "x");
    assert_eq!(send(&mut host, ("GET", "/scim2/Me"), &wrong, None).status, 401);
}

#[test]
fn records_with_password_and_hash_or_unknown_hash_are_refused() {
    for (user, code) in [
        (json!({ "name": "old", "hash": OLD_HASH, "password": "secret" }), "mismatch"),
        (json!({ "name": "old", "hash": "$2a$10$x" }), "bad_format"),
        (json!({ "name": "old", "hash": 5 }), "wrong_type"),
    ] {
        let refused = seeded(&with_admin(vec![user])).err().unwrap();
        assert!(refused.contains(code), "{refused}");
    }
}

#[test]
fn export_contains_no_secrets() {
    let mut host = seeded(&with_admin(vec![json!({ "name": "old", "hash": OLD_HASH })])).unwrap();
    let list = send(&mut host, ("GET", "/scim2/Users"), ADMIN, None).text;
    for text in [host.records().to_string(), list] {
        assert!(!text.contains("argon2") && !text.contains("sha256") && !text.contains("hash"), "{text}");
    }
}

/// Users who all have one role.
fn users_with_one_role(count: usize) -> Vec<Json> {
    let user =
        |index| json!({ "name": format!("user{index:05}"), "id": format!("id-{index:05}"), "roles": ["Internal/sub"] });
    (0..count).map(user).collect()
}

#[test]
fn list_in_parts_has_all_users_and_one_count() {
    let mut host = seeded(&with_admin(users_with_one_role(700))).unwrap();
    let mut list = |target: &str| parse_body(&send(&mut host, ("GET", target), ADMIN, None));
    let all = list("/scim2/Users");
    assert_eq!((&all["totalResults"], &all["itemsPerPage"]), (&json!(701), &json!(100)));
    let window = list("/scim2/Users?startIndex=256&count=4&attributes=userName");
    let names: Vec<&Json> = window["Resources"].as_array().unwrap().iter().map(|user| &user["userName"]).collect();
    assert_eq!(names, ["user00254", "user00255", "user00256", "user00257"]);
    let none = list("/scim2/Users?filter=userName%20ew%20%2299%22&startIndex=7");
    assert_eq!((&none["totalResults"], &none["itemsPerPage"]), (&json!(7), &json!(1)));
    let mut names =
        |body: Json| parse_body(&send(&mut host, ("POST", "/services/UserAdmin/listUsers"), ADMIN, Some(body)));
    assert_eq!(names(json!({ "filter": "*99" }))["users"].as_array().unwrap().len(), 7);
    assert_eq!(names(json!({ "filter": "user*" }))["users"].as_array().unwrap().len(), 100);
}

#[test]
fn large_role_is_listed_in_parts_and_changed_by_member_id() {
    let mut host = seeded(&with_admin(users_with_one_role(1_100))).unwrap();
    let mut call = |method: &str, target: &str, body: Option<Json>| send(&mut host, (method, target), ADMIN, body);
    let all = parse_body(&call(
        "GET",
        "/scim2/Groups?filter=displayName%20ew%20%22sub%22%20or%20displayName%20sw%20%22i%22",
        None,
    ));
    assert_eq!(all["totalResults"], 2);
    let group =
        all["Resources"].as_array().unwrap().iter().find(|group| group["displayName"] == "Internal/sub").unwrap();
    let ids = |group: &Json| -> Vec<String> {
        group["members"].as_array().unwrap().iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect()
    };
    let expected: Vec<String> = (0..1_100).map(|index| format!("id-{index:05}")).collect();
    assert_eq!(ids(group), expected);
    let target = format!("/scim2/Groups/{}", group["id"].as_str().unwrap());
    assert_eq!(ids(&parse_body(&call("GET", &target, None))), expected);
    let returned = parse_body(&call("GET", &format!("{target}?attributes=members.display"), None));
    assert_eq!(returned["members"][700], json!({ "display": "user00700" }));

    let whole = call("PUT", &target, Some(json!({ "displayName": "Internal/sub" })));
    assert_eq!((whole.status, &parse_body(&whole)["scimType"]), (400, &json!("tooMany")));
    let patch = |path: &str| json!({ "Operations": [{ "op": "remove", "path": path }] });
    assert_eq!(call("PATCH", &target, Some(patch("members"))).status, 400);
    assert_eq!(call("PATCH", &target, Some(patch("members[type eq \"User\"]"))).status, 400);
    assert_eq!(call("PATCH", &target, Some(patch("members[value eq \"id-00700\"]"))).status, 204);
    let left = ids(&parse_body(&call("GET", &target, None)));
    assert_eq!(left.len(), 1_099);
    assert!(!left.contains(&"id-00700".to_owned()));

    // The role has more members than one commit deletes. No user has the role afterwards, although some entries still
    // have its id.
    let delete = json!({ "roleName": "Internal/sub" });
    assert_eq!(call("POST", "/services/UserAdmin/deleteRole", Some(delete)).status, 200);
    assert_eq!(call("POST", "/scim2/Groups", Some(json!({ "displayName": "Internal/sub" }))).status, 201);
    assert!(parse_body(&call("GET", "/scim2/Users/id-01099", None)).get("groups").is_none());
}

#[test]
fn body_of_an_unsupported_media_type_is_refused() {
    let mut host = seeded(&with_admin(Vec::new())).unwrap();
    let mut send = |path: &str, media: &str| {
        let headers = vec![("authorization", ADMIN), ("content-type", media)];
        host.call(&Call { method: "POST", path, headers, body: b"{}".to_vec(), ..Call::default() })
    };
    for (path, media, status, part) in [
        ("/services/UserAdmin/listDomains", "application/json; charset=utf-8", 200, "PRIMARY"),
        ("/services/UserAdmin/listDomains", "text/plain", 415, "send the body as `application/json`"),
        ("/services/UserAdmin/listDomains", "application/x-www-form-urlencoded", 415, "`application/json`"),
        ("/scim2/Users/.search", "Application/SCIM+json", 200, "ListResponse"),
        ("/scim2/Users/.search", "application/json", 200, "ListResponse"),
        ("/scim2/Users/.search", "text/xml", 415, "send the body as `application/scim+json` or `application/json`"),
    ] {
        let response = send(path, media);
        assert_eq!(response.status, status, "{path} {media}");
        assert!(response.text.contains(part), "{path} {media}: {}", response.text);
    }
}

#[test]
fn roles_and_attributes_beyond_the_limit_are_refused() {
    let roles: Vec<String> = (0..91).map(|index| format!("Internal/r{index}")).collect();
    let mut records = with_admin(Vec::new());
    records["roles"] = json!(roles);
    let mut host = seeded(&records).unwrap();
    let mut add = |count: usize| {
        let body = json!({ "userName": format!("user{count}"), "password": "secret", "roles": roles[..count] });
        send(&mut host, ("POST", "/services/UserAdmin/addUser"), ADMIN, Some(body)).status
    };
    assert_eq!((add(90), add(91)), (200, 400));
    let long = "x".repeat(60_000);
    let user = json!({ "userName": "long", "nickName": long });
    let id =
        parse_body(&send(&mut host, ("POST", "/scim2/Users"), ADMIN, Some(user)))["id"].as_str().unwrap().to_owned();
    let more = json!({ "Operations": [{ "op": "add", "path": "title", "value": long }] });
    assert_eq!(send(&mut host, ("PATCH", &format!("/scim2/Users/{id}")), ADMIN, Some(more)).status, 400);
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

#[test]
fn unsupported_method_responds_with_allowed_methods() {
    let mut host = seeded(&with_admin(users_with_one_role(1))).unwrap();
    for (method, path, allowed) in [
        ("DELETE", "/scim2/Users", "GET, HEAD, POST"),
        ("PATCH", "/scim2/Groups/", "GET, HEAD, POST"),
        ("POST", "/scim2/Users/id-00000", "GET, HEAD, PUT, PATCH, DELETE"),
        ("TRACE", "/scim2/Groups/nope", "GET, HEAD, PUT, PATCH, DELETE"),
        ("OPTIONS", "/scim2/Me", "GET, HEAD, POST, PUT, PATCH, DELETE"),
        ("GET", "/scim2/.search", "POST"),
        ("PUT", "/scim2/Users/.search", "POST"),
        ("DELETE", "/scim2/Groups/.search", "POST"),
        ("GET", "/scim2/Bulk", "POST"),
        ("POST", "/scim2/ServiceProviderConfig", "GET, HEAD"),
        ("DELETE", "/scim2/ResourceTypes", "GET, HEAD"),
        ("PATCH", "/scim2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "GET, HEAD"),
        ("GET", "/services/UserAdmin/listUsers", "POST"),
    ] {
        let refused = send(&mut host, (method, path), ADMIN, None);
        assert_eq!((refused.status, header(&refused, "allow")), (405, Some(allowed)), "{method} {path}");
        for method in allowed.split(", ") {
            assert_ne!(send(&mut host, (method, path), ADMIN, Some(json!({}))).status, 405, "{method} {path}");
        }
    }
}

#[test]
fn head_has_the_status_and_headers_of_get() {
    let mut host = seeded(&with_admin(users_with_one_role(1))).unwrap();
    for path in [
        "/scim2/Users",
        "/scim2/Users?filter=userName%20eq",
        "/scim2/Users/id-00000",
        "/scim2/Users/nope",
        "/scim2/Groups?count=0",
        "/scim2/Me",
        "/scim2/Schemas",
        "/scim2/nope",
    ] {
        let mut by = |method: &str, authorization: &str| {
            let Response { status, headers, text, .. } = send(&mut host, (method, path), authorization, None);
            (status, headers, text)
        };
        for authorization in [ADMIN, ""] {
            assert_eq!(by("HEAD", authorization), by("GET", authorization), "{path}");
        }
    }
}

#[test]
fn me_responds_with_the_location_of_the_user() {
    let mut host = seeded(&with_admin(Vec::new())).unwrap();
    let body = json!({ "userName": "admin" });
    let patch = json!({ "Operations": [{ "op": "add", "path": "title", "value": "t" }] });
    for (method, body) in [("GET", None), ("PUT", Some(body)), ("PATCH", Some(patch))] {
        let response = send(&mut host, (method, "/scim2/Me?attributes=id"), ADMIN, body);
        let place = format!("/scim2/Users/{}", parse_body(&response)["id"].as_str().unwrap());
        assert_eq!(header(&response, "location"), Some(place.as_str()), "{method}");
        assert_eq!(header(&send(&mut host, ("GET", &place), ADMIN, None), "location"), None);
    }
}

/// Sends a request to a directory with a public base URL.
fn send_with_base_url(host: &mut Host, base_url: &str, (method, target): (&str, &str), body: Option<Json>) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = vec![("authorization", ADMIN), ("content-type", "application/scim+json")];
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    host.call(&Call { method, path, query, base_url, headers, body, ..Call::default() })
}

#[test]
fn scim_urls_are_absolute_and_in_content_location() {
    const BASE: &str = "https://id.example.org";
    let mut host = seeded(&with_admin(users_with_one_role(1))).unwrap();
    let mut call =
        |method: &str, target: &str, body: Option<Json>| send_with_base_url(&mut host, BASE, (method, target), body);
    let group = parse_body(&call("GET", "/scim2/Groups?filter=displayName%20eq%20%22Internal/sub%22", None));
    let group = &group["Resources"][0];
    let group_url = format!("{BASE}/scim2/Groups/{}", group["id"].as_str().unwrap());
    let user_url = format!("{BASE}/scim2/Users/id-00000");
    assert_eq!(group["meta"]["location"], group_url);
    assert_eq!(group["members"][0]["$ref"], user_url);
    let put = json!({ "userName": "user00000" });
    let patch = json!({ "Operations": [{ "op": "add", "path": "externalId", "value": "x" }] });
    let rename = json!({ "displayName": "Internal/sub", "members": [{ "value": "id-00000" }] });
    let group_path = group_url.strip_prefix(BASE).unwrap().to_owned();
    for (method, target, body, url) in [
        ("GET", "/scim2/Users/id-00000", None, &user_url),
        ("PUT", "/scim2/Users/id-00000", Some(put), &user_url),
        ("PATCH", "/scim2/Users/id-00000?attributes=id", Some(patch.clone()), &user_url),
        ("GET", &group_path, None, &group_url),
        ("GET", &format!("{group_path}?excludedAttributes=meta"), None, &group_url),
        ("PUT", &group_path, Some(rename), &group_url),
        ("PATCH", &group_path, Some(patch), &group_url),
    ] {
        let response = call(method, target, body);
        assert_eq!(response.status, 200, "{method} {target} {}", response.text);
        assert_eq!(header(&response, "content-location"), Some(url.as_str()), "{method} {target}");
        if !target.contains('?') {
            assert_eq!(parse_body(&response)["meta"]["location"], *url, "{method} {target}");
        }
    }
    for (target, body) in
        [("/scim2/Users", json!({ "userName": "kim" })), ("/scim2/Groups", json!({ "displayName": "Internal/new" }))]
    {
        let made = call("POST", target, Some(body));
        let url = format!("{BASE}{target}/{}", parse_body(&made)["id"].as_str().unwrap());
        for name in ["location", "content-location"] {
            assert_eq!(header(&made, name), Some(url.as_str()), "{target} {name}");
        }
    }
    for path in ["ServiceProviderConfig", "ResourceTypes/User", "Schemas/urn:ietf:params:scim:schemas:core:2.0:Group"] {
        let response = call("GET", &format!("/scim2/{path}"), None);
        let url = format!("{BASE}/scim2/{path}");
        assert_eq!(header(&response, "content-location"), Some(url.as_str()));
        assert_eq!(parse_body(&response)["meta"]["location"], url);
    }
    let types = parse_body(&call("GET", "/scim2/ResourceTypes", None));
    assert_eq!(types["Resources"][1]["meta"]["location"], format!("{BASE}/scim2/ResourceTypes/Group"));
}

#[test]
fn user_etag_is_independent_of_the_base_url() {
    let mut host = seeded(&with_admin(users_with_one_role(1))).unwrap();
    let mut tag = |base: &str| {
        let response = send_with_base_url(&mut host, base, ("GET", "/scim2/Users/id-00000"), None);
        header(&response, "etag").unwrap().to_owned()
    };
    assert_eq!(tag("https://id.example.org"), tag("http://127.0.0.1:9763"));
}

#[test]
fn invalid_member_filter_is_refused_before_the_first_part() {
    let mut host = seeded(&with_admin(users_with_one_role(300))).unwrap();
    let response = send(&mut host, ("POST", "/scim2/.search"), ADMIN, Some(json!({ "filter": "members pr" })));
    assert_eq!((response.status, &parse_body(&response)["scimType"]), (400, &json!("invalidFilter")));
}

#[test]
fn patch_removes_a_member_of_a_large_role_ignoring_case_of_value() {
    let mut host = seeded(&with_admin(users_with_one_role(1_100))).unwrap();
    let mut call = |method: &str, target: &str, body: Option<Json>| send(&mut host, (method, target), ADMIN, body);
    let group =
        parse_body(&call("GET", "/scim2/Groups?filter=displayName%20eq%20%22internal/SUB%22&attributes=id", None));
    let target = format!("/scim2/Groups/{}", group["Resources"][0]["id"].as_str().unwrap());
    let gone = json!([{ "Value": "id-00700", "$ref": "/scim2/Users/id-00700", "type": "user" }]);
    let patch = json!({ "Operations": [{ "op": "remove", "path": "members", "value": gone }] });
    assert_eq!(call("PATCH", &target, Some(patch)).status, 204);
    assert!(parse_body(&call("GET", "/scim2/Users/id-00700", None)).get("groups").is_none());
    assert!(parse_body(&call("GET", "/scim2/Users/id-00701", None)).get("groups").is_some());
}
