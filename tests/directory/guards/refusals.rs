//! What each guard rejects. Each request runs on its own store; without guards it succeeds.

use latchwork::directory::Guards;
use serde_json::{json, Value as Json};

use crate::support::guarded_products::{
    guard_code, seeded, send, Product, Request, ARANGODB, MEUSE, PASSWORD, TYK, WSO2,
};
use crate::support::host::{Host, Response};

/// The caller: a user who signs in, a client with this header, or an anonymous client.
#[derive(Clone, Copy)]
pub enum Caller {
    User(&'static str),
    Header(&'static str, &'static str),
    Anonymous,
}
pub use Caller::{Anonymous, Header, User};

pub fn put(path: &str, body: Json) -> Request {
    ("PUT", path.to_owned(), body)
}

pub fn patch(path: &str, body: Json) -> Request {
    ("PATCH", path.to_owned(), body)
}

pub fn post(path: &str, body: Json) -> Request {
    ("POST", path.to_owned(), body)
}

pub fn delete(path: &str) -> Request {
    ("DELETE", path.to_owned(), Json::Null)
}

pub fn wso2(operation: &str, body: Json) -> Request {
    post(&format!("/services/UserAdmin/{operation}"), body)
}

/// The records of the product, with a mailed link, a secret of the admin API and a second store.
pub fn records(product: &Product) -> Json {
    let mut seed = (product.seed)();
    match product.name {
        "tyk" => {
            seed["reset_tokens"] = json!([{ "token": "link-of-joe", "user": "joe", "issued_at": 0 }]);
            seed["config"]["admin_secret"] = "secret of the admin API".into();
            seed["groups"][1]["user_permissions"]["ResetPassword"] = "write".into();
        }
        "wso2" => {
            seed["stores"] = json!([{ "domain": "SEC" }]);
            seed["users"][3]["id"] = "eve".into();
            seed["roles"].as_array_mut().unwrap().push("Internal/guests".into());
        }
        _ => {}
    }
    seed
}

pub fn send_by(product: &Product, host: &mut Host, by: Caller, request: &Request) -> Response {
    let header = match by {
        User(user) => Some((product.sign_in)(host, user).unwrap_or_else(|| panic!("{user} cannot sign in"))),
        Header(name, value) => Some((name, value.to_owned())),
        Anonymous => None,
    };
    let before = host.entries.clone();
    let response = send(host, header.as_ref(), request);
    assert!(guard_code(&response).is_none() || before == host.entries, "{request:?} changed something");
    response
}

pub fn is_done(response: &Response) -> bool {
    response.status < 300 && guard_code(response).is_none() && !response.text.contains("\"success\":false")
}

pub fn check_rejections(cases: Vec<(&Product, Caller, Request, &str)>) {
    for (product, by, request, code) in cases {
        let status = if matches!(code, "weak_password" | "reserved_name") { 400 } else { 403 };
        let mut host = seeded(product, Guards::Strict, &records(product));
        let response = send_by(product, &mut host, by, &request);
        assert_eq!((response.status, guard_code(&response)), (status, Some(code)), "{request:?} {response:?}");
        let mut host = seeded(product, Guards::Off, &records(product));
        let response = send_by(product, &mut host, by, &request);
        assert!(is_done(&response), "{request:?} {response:?}");
    }
}

#[test]
fn each_guard_rejects_its_request_and_without_guards_it_succeeds() {
    let meuse = "/api/v1/meuse/user";
    let members = |role: &str, user: &str| json!({ "roleName": role, "newUsers": [user], "deletedUsers": [] });
    let permissions = |value: Json| json!({ "user_permissions": value });
    let resource = |role: &str| wso2("setRoleUIPermission", json!({ "roleName": role, "rawResources": ["/p"] }));
    let uma = User("uma@x.io");
    check_rejections(vec![
        (&MEUSE, User("boss"), delete(&format!("{meuse}/boss")), "own_account"),
        (&MEUSE, User("boss"), post(&format!("{meuse}/boss"), json!({ "role": "tech" })), "own_account"),
        (&MEUSE, User("boss"), post(&format!("{meuse}/boss"), json!({ "active": false })), "own_account"),
        (&ARANGODB, User("bob"), put("/_api/user/bob/database/shop", json!({ "grant": "rw" })), "self_escalation"),
        (&ARANGODB, User("bob"), put("/_api/user/bob/database/_system", json!({ "grant": "ro" })), "own_account"),
        (&ARANGODB, User("bob"), put("/_api/user/dan/database/shop", json!({ "grant": "rw" })), "exceeds_your_rights"),
        (
            &ARANGODB,
            User("bob"),
            patch("/_api/user/ada", json!({ "passwd": "kelp-Orbit8-sled" })),
            "target_outranks_you",
        ),
        (&ARANGODB, User("bob"), delete("/_api/user/ada"), "target_outranks_you"),
        (&ARANGODB, User("dan"), patch("/_api/user/dan", json!({ "active": false })), "own_account"),
        (
            &TYK,
            uma,
            put("/api/users/uma", permissions(json!({ "policies": "write", "users": "write" }))),
            "self_escalation",
        ),
        (&TYK, uma, put("/api/users/uma", json!({ "group_id": "high" })), "self_escalation"),
        (&TYK, uma, put("/api/users/joe", json!({ "group_id": "high" })), "exceeds_your_rights"),
        (
            &TYK,
            uma,
            put("/api/users/joe", json!({ "user_permissions": { "keys": "write" }, "group_id": "" })),
            "exceeds_your_rights",
        ),
        (&TYK, uma, put("/api/users/bob", json!({ "active": false })), "target_outranks_you"),
        (&TYK, uma, put("/api/usergroups/low", permissions(json!({ "policies": "write" }))), "exceeds_your_rights"),
        (&TYK, uma, put("/api/usergroups/high", json!({ "name": "taken over" })), "target_outranks_you"),
        (&WSO2, User("rob"), resource("creator"), "target_outranks_you"),
        (&WSO2, User("rob"), resource("rolemgr"), "exceeds_your_rights"),
        (&WSO2, User("rob"), wso2("updateUsersOfRole", members("creator", "eve")), "exceeds_your_rights"),
        (&WSO2, User("rob"), wso2("updateUsersOfRole", members("creator", "rob")), "self_escalation"),
        (
            &WSO2,
            User("eve"),
            wso2("addUser", json!({ "userName": "new", "password": PASSWORD, "roles": ["creator"] })),
            "exceeds_your_rights",
        ),
        (&WSO2, User("eve"), wso2("deleteUser", json!({ "userName": "rob" })), "target_outranks_you"),
    ]);
}
