//! Privilege escalation: a caller with a part of WSO2's management permissions cannot gain more by names or claims.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::host::Host;
use crate::support::scim_console::{basic, parse_body, seeded, send, with_admin};
use serde_json::{json, Value as Json};

const CLAIM: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

/// Records with one user who manages users, and one who manages roles.
fn managed(mut users: Vec<Json>) -> Json {
    users.push(json!({ "name": "eve", "password": "evepass", "roles": ["usermgr"] }));
    users.push(json!({ "name": "rob", "password": "robpass", "roles": ["rolemgr"] }));
    let mut records = with_admin(users);
    let rule =
        |role: &str, path: &str| json!({ "role": role, "resource": path, "action": "ui.execute", "effect": "allow" });
    records["roles"] = json!(["usermgr", "rolemgr", "creator", "Internal/sub"]);
    records["rules"] = json!([
        rule("usermgr", "/permission/admin/manage/identity/usermgt"),
        rule("rolemgr", "/permission/admin/manage/identity/rolemgt"),
        rule("Internal/everyone", "/permission/admin/login"),
    ]);
    records
}

/// Sends an operation of the console. Returns the status and the error.
fn operate(host: &mut Host, who: &str, operation: &str, body: Json) -> (u16, Json) {
    let password = if who == "admin" { "admin".to_owned() } else { format!("{who}pass") };
    let by = basic(who, &password);
    let response = send(host, ("POST", &format!("/services/UserAdmin/{operation}")), &by, Some(body));
    (response.status, parse_body(&response)["error"].clone())
}

#[test]
fn only_the_admin_user_creates_a_user_with_its_name() {
    let exact = json!([{ "domain": "PRIMARY", "case_insensitive_username": false }]);
    let everywhere = json!([]);
    for (realm, stores, name) in [
        (json!({ "admin_user": "root", "skip_authz_check_for_super_admin": false }), &everywhere, "root"),
        (json!({ "admin_user": "root", "tenant": "x.com" }), &everywhere, "Root"),
        (json!({ "case_sensitive_authorization_rules": true }), &exact, "ADMIN"),
        (json!({ "skip_authz_check_for_super_admin": false }), &exact, "ADMIN"),
    ] {
        let mut records = managed(Vec::new());
        records["realm"] = realm.clone();
        records["stores"] = stores.clone();
        let mut host = seeded(&records).unwrap();
        let before = host.records();
        let new = json!({ "userName": name, "password": "secret", "roles": [] });
        assert_eq!(operate(&mut host, "eve", "addUser", new.clone()), (403, json!("ACCESS_DENIED")), "{realm}");
        for path in ["/scim2/Users", "/scim2/Me"] {
            let new = json!({ "userName": name, "password": "secret" });
            let refused = send(&mut host, ("POST", path), &basic("eve", "evepass"), Some(new));
            assert_eq!(refused.status, 403, "{realm} {path} {}", refused.text);
        }
        assert_eq!(host.records(), before);
        let other = json!({ "userName": "carol", "password": "secret", "roles": [] });
        assert_eq!(operate(&mut host, "eve", "addUser", other).0, 200, "{realm}");
        // The admin user itself may do it.
        if name == "ADMIN" {
            assert_eq!(operate(&mut host, "admin", "addUser", new).0, 200, "{realm}");
        }
    }
}

#[test]
fn role_and_name_of_the_anonymous_user_cannot_be_assigned() {
    let mut records = managed(Vec::new());
    records["stores"] = json!([{ "domain": "SECONDARY" }]);
    let mut host = seeded(&records).unwrap();
    for operation in ["updateUsersOfRole", "addRemoveUsersOfRole"] {
        for who in ["rob", "admin"] {
            let body = json!({ "roleName": "system/wso2.anonymous.role", "newUsers": ["rob"] });
            assert_eq!(operate(&mut host, who, operation, body), (403, json!("ACCESS_DENIED")), "{operation} {who}");
        }
        let nothing = json!({ "roleName": "system/other", "newUsers": ["rob"] });
        assert_eq!(operate(&mut host, "rob", operation, nothing), (404, json!("31806")));
    }
    for name in ["SECONDARY/wso2.system.user", "secondary/WSO2.system.user", "wso2.system.user"] {
        let new = json!({ "userName": name, "password": "secret", "roles": [] });
        assert_eq!(operate(&mut host, "admin", "addUser", new), (400, json!("31301")), "{name}");
    }
}

#[test]
fn internal_role_needs_a_name_without_another_domain() {
    let mut records = managed(Vec::new());
    records["stores"] = json!([{ "domain": "SECONDARY" }]);
    let mut host = seeded(&records).unwrap();
    let [short, long] = [248, 5_000].map(|length| "x".repeat(length));
    for (name, expected) in [
        ("a/b", (400, json!("32103"))),
        ("SECONDARY/b", (403, json!("31501"))),
        ("Workflow/b", (403, json!("31501"))),
        ("SECONDARY/ ", (400, json!("31704"))),
        ("Internal/\t", (400, json!("31704"))),
        ("", (400, json!("31704"))),
        (&short, (400, json!("30011"))),
        (&long, (400, json!("30011"))),
        ("PRIMARY/b/c", (200, Json::Null)),
        ("internal/B/C", (409, json!("30012"))),
    ] {
        let body = json!({ "roleName": name, "userList": [], "permissions": [] });
        assert_eq!(operate(&mut host, "rob", "addInternalRole", body), expected, "{name:.20}");
    }
}

#[test]
fn claims_set_only_text_attributes_that_scim_clients_can_set() {
    let mut host = seeded(&managed(Vec::new())).unwrap();
    let eve = basic("eve", "evepass");
    let add = |host: &mut Host, name: &str, claim: &str, value: Json| {
        let body = json!({ "userName": name, "password": "secret", "roles": [], "claims": { claim: value } });
        let response = send(host, ("POST", "/services/UserAdmin/addUser"), &eve, Some(body));
        (response.status, parse_body(&response))
    };
    let refused = [
        "password",
        "id",
        "userName",
        "schemas",
        "meta",
        "groups",
        "name",
        "name.givenName",
        "active",
        "emails",
        "Password",
        "TITLE",
        "nope",
        "",
    ];
    let claims = refused.map(|name| format!("{CLAIM}{name}"));
    for claim in claims.iter().chain([&format!("{}title", CLAIM.to_uppercase())]) {
        let (status, returned) = add(&mut host, "carol", claim, json!("Secret123"));
        assert_eq!((status, &returned["error"]), (400, &json!("bad_request")), "{claim}");
        assert_eq!(returned["path"], json!(format!("/claims/{claim}")));
        assert!(returned["message"].as_str().unwrap().contains("displayName"), "{returned}");
        assert!(!returned.to_string().contains("Secret123"));
    }
    assert_eq!(add(&mut host, "carol", &format!("{CLAIM}title"), json!(["x"])).0, 400);
    // Claims can set exactly the attributes that are published as a single, writable text.
    let published =
        parse_body(&send(&mut host, ("GET", &format!("/scim2/Schemas/{}", CLAIM.trim_end_matches(':'))), &eve, None));
    let mut attributes = published["attributes"].as_array().unwrap().clone();
    attributes.push(json!({ "name": "externalId", "type": "string", "multiValued": false, "mutability": "readWrite" }));
    for (index, attribute) in attributes.iter().enumerate() {
        let is_text = attribute["type"] == "string" || attribute["type"] == "reference";
        let may = is_text && attribute["multiValued"] == false && attribute["mutability"] == "readWrite";
        let claim = format!("{CLAIM}{}", attribute["name"].as_str().unwrap());
        let status = add(&mut host, &format!("user{index}"), &claim, json!("x")).0;
        assert_eq!(status, if may { 200 } else { 400 }, "{attribute}");
    }
    assert_eq!(add(&mut host, "dave", "http://wso2.org/claims/password", json!("x")).0, 200);
    let returned = parse_body(&send(
        &mut host,
        ("GET", "/scim2/Users?filter=title%20eq%20%22x%22"),
        &basic("eve", "evepass"),
        None,
    ));
    let title = attributes.iter().position(|attribute| attribute["name"] == "title").unwrap();
    let name = json!(format!("user{title}"));
    assert_eq!((&returned["totalResults"], &returned["Resources"][0]["userName"]), (&json!(1), &name));
}

/// Records can have any claims: older ones, and those of other products.
#[test]
fn unknown_claim_is_not_returned_found_or_used_as_password() {
    let claims: Vec<(String, Json)> = [
        ("password", json!("planted1")),
        ("Password", json!("planted1")),
        ("id", json!("admin")),
        ("userName", json!("admin")),
        ("schemas", json!("x")),
        ("meta", json!({ "resourceType": "x" })),
        ("groups", json!([{ "value": "x" }])),
        ("active", json!("True")),
        ("emails", json!("c@x.io")),
        ("name", json!({ "familyName": "C", "x": 1 })),
        ("name.givenName", json!("C")),
        ("title", json!("boss")),
    ]
    .map(|(name, value)| (format!("{CLAIM}{name}"), value))
    .into();
    let carol = json!({
        "name": "carol", "id": "id-carol", "password": "carolpass", "roles": ["creator"],
        "claims": claims.into_iter().collect::<serde_json::Map<_, _>>(),
    });
    let mut host = seeded(&managed(vec![carol])).unwrap();
    let eve = basic("eve", "evepass");
    let response = send(&mut host, ("GET", "/scim2/Users/id-carol"), &eve, None);
    for name in ["id", "userName", "active", "meta", "schemas", "groups"] {
        assert_eq!(response.text.matches(&format!("\"{name}\":")).count(), 1, "{name} {}", response.text);
    }
    let mut returned = parse_body(&response);
    let returned = returned.as_object_mut().unwrap();
    for name in ["meta", "groups"] {
        assert!(returned.remove(name).unwrap().to_string().contains("/scim2/"));
    }
    assert_eq!(
        json!(returned),
        json!({
            "schemas": [CLAIM.trim_end_matches(':')], "id": "id-carol", "userName": "carol", "active": true,
            "title": "boss", "name": { "familyName": "C" },
        })
    );
    for filter in ["password%20pr", "password%20sw%20%22planted%22", "emails%20pr", "id%20eq%20%22admin%22"] {
        let found = send(&mut host, ("GET", &format!("/scim2/Users?filter={filter}")), &eve, None);
        let count = if found.status == 200 { parse_body(&found)["totalResults"].clone() } else { json!(0) };
        assert_eq!(count, 0, "{filter} {}", found.text);
    }
    let hash = |host: &Host| host.entries["user/PRIMARY/carol"].value.get("hash").unwrap().clone();
    let before = hash(&host);
    let patch = json!({ "Operations": [{ "op": "replace", "path": "nickName", "value": "c" }] });
    assert_eq!(send(&mut host, ("PATCH", "/scim2/Users/id-carol"), &eve, Some(patch)).status, 200);
    assert_eq!(hash(&host), before);
    assert_eq!(send(&mut host, ("GET", "/scim2/Me"), &basic("carol", "planted1"), None).status, 401);
    assert_eq!(send(&mut host, ("GET", "/scim2/Me"), &basic("carol", "carolpass"), None).status, 200);
    assert!(!host.entries["user/PRIMARY/carol"].value.to_string().contains("planted1"));
    let title = json!({ "userName": "carol", "password": "changed1" });
    assert_eq!(send(&mut host, ("PUT", "/scim2/Users/id-carol"), &eve, Some(title)).status, 200);
    assert_eq!(send(&mut host, ("GET", "/scim2/Me"), &basic("carol", "changed1"), None).status, 200);
}
