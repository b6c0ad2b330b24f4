//! Every entry point whose password verification is throttled: how a client attempts a password, and how an admin sets
//! a new one.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64ct::{Base64, Encoding};
use latchwork::directory::{Call, Guards};
use latchwork::{SystemName, Value, Word};
use serde_json::{json, Value as Json};

use crate::support::host::{Host, Response};

/// The password of `root`, who manages the users.
const ROOT: &str = "rootpass1";
/// A token of Meuse's `root`.
const TOKEN: &str = "rrrrrrrrrrrrrrrrrrrrrrrrssssssssssssssssssssssssssssssssssssssssssss";
/// Tyk's key of `root`.
const KEY: &str = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

#[derive(Clone, Copy)]
pub struct EntryPoint {
    pub what: &'static str,
    system: &'static str,
    guards: Guards,
    /// A request with a name and a password. A correct password gives a status below 300.
    request: fn(&str, &str, &mut Host) -> Request,
    /// Correct passwords are remembered for a minute.
    pub remembers: bool,
    /// An unknown name gets the response of a wrong password.
    pub hides_names: bool,
    /// A correct password changes nothing, except for a counter that it resets.
    pub is_quiet: bool,
    /// The password belongs to a user, and an admin can set a new one.
    pub is_of_user: bool,
}

pub struct Request(&'static str, String, Vec<(&'static str, String)>, Json);

pub const ENTRY_POINTS: [EntryPoint; 12] = [
    EntryPoint { request: arango_basic, remembers: true, ..EntryPoint::new("ArangoDB, Basic", "arangodb") },
    EntryPoint { request: arango_auth, ..EntryPoint::new("ArangoDB, /_open/auth", "arangodb") },
    EntryPoint { request: arango_check, ..EntryPoint::new("ArangoDB, POST /_api/user/{user}", "arangodb") },
    EntryPoint {
        request: meuse_token,
        hides_names: false,
        is_quiet: false,
        ..EntryPoint::new("Meuse, token", "meuse")
    },
    EntryPoint { request: wso2_basic, remembers: true, ..EntryPoint::new("WSO2, Basic", "wso2") },
    EntryPoint { request: wso2_form, is_quiet: false, ..EntryPoint::new("WSO2, changePasswordByUser", "wso2") },
    EntryPoint {
        request: wso2_me,
        is_quiet: false,
        remembers: true,
        ..EntryPoint::new("WSO2, me/change-password", "wso2")
    },
    EntryPoint { request: tyk_login, is_quiet: false, ..EntryPoint::new("Tyk, login", "tyk") },
    EntryPoint {
        request: tyk_login,
        is_quiet: false,
        guards: Guards::Strict,
        ..EntryPoint::new("Tyk, login under guards", "tyk")
    },
    EntryPoint { request: tyk_own, is_quiet: false, hides_names: false, ..EntryPoint::new("Tyk, own password", "tyk") },
    EntryPoint {
        request: tyk_admin,
        remembers: true,
        hides_names: false,
        is_of_user: false,
        ..EntryPoint::new("Tyk, admin-auth", "tyk")
    },
    EntryPoint {
        request: antmedia_own,
        is_quiet: false,
        hides_names: false,
        ..EntryPoint::new("Ant Media, own password", "antmedia")
    },
];

impl EntryPoint {
    const fn new(what: &'static str, system: &'static str) -> Self {
        let request = arango_basic;
        let (remembers, hides_names, is_quiet, is_of_user) = (false, true, true, true);
        Self { what, system, guards: Guards::Off, request, remembers, hides_names, is_quiet, is_of_user }
    }

    /// A directory with `root`, who manages users, and `ann`, whose password is `right-one`.
    pub fn host(&self) -> Host {
        let records = match self.system {
            "arangodb" => json!({ "users": {
                "root": { "passwd": ROOT, "grants": { "*": { "level": "rw" }, "_system": { "level": "rw" } } },
                "ann": { "passwd": "right-one", "grants": { "_system": { "level": "ro" } } },
            } }),
            "meuse" => json!({
                "users": [
                    { "name": "root", "role": "admin", "password": ROOT, "description": "d" },
                    { "name": "ann", "role": "tech", "password": "right-one", "description": "d" },
                ],
                "tokens": [{ "user": "root", "name": "t", "token": TOKEN }],
            }),
            "wso2" => json!({
                "realm": { "admin_user": "root" },
                "users": [
                    { "name": "root", "password": ROOT, "roles": ["admin"] },
                    { "name": "ann", "password": "right-one" },
                ],
                "rules": [{
                    "role": "Internal/everyone", "resource": "/permission/admin/login",
                    "action": "ui.execute", "effect": "allow",
                }],
            }),
            "tyk" => {
                let user = |id: &str, password: &str, key: &str, permissions: Json| {
                    json!({
                        "id": id, "active": true, "first_name": id, "last_name": "x", "password": password,
                        "email_address": format!("{id}@example.org"), "access_key": key, "user_permissions": permissions,
                    })
                };
                let root = json!({ "IsAdmin": "admin", "ResetPassword": "admin" });
                json!({ "config": { "admin_secret": "right-one" }, "users": [user("root", ROOT, KEY, root), user("ann", "right-one", "a", json!({ "apis": "read" }))] })
            }
            "antmedia" => json!({ "users": [
                { "email": "root", "password": ROOT, "scope": "system", "userType": "ADMIN" },
                { "email": "ann", "password": "right-one", "scope": "LiveApp", "userType": "USER" },
            ] }),
            other => panic!("{other}"),
        };
        let mut host = Host::new(SystemName::from_word(self.system).unwrap());
        host.guards = self.guards;
        host.seed(&Value::parse(&records.to_string()).unwrap()).unwrap();
        host
    }

    /// Sends a request with this password.
    pub fn attempt(&self, host: &mut Host, client: &str, name: &str, password: &str) -> Response {
        let request = (self.request)(name, password, host);
        send(host, client, &request)
    }

    /// Whether a password is accepted.
    pub fn accepts(&self, host: &mut Host, client: &str, name: &str, password: &str) -> bool {
        is_success(&self.attempt(host, client, name, password))
    }

    /// An admin gives `ann` another password.
    pub fn reset(&self, host: &mut Host, password: &str) {
        let request = match self.system {
            "arangodb" => by_root("PATCH", "/_api/user/ann", json!({ "passwd": password })),
            "meuse" => by_token("POST", "/api/v1/meuse/user/ann", json!({ "password": password })),
            "wso2" => {
                let body = json!({ "userName": "ann", "newPassword": password });
                by_root("POST", "/services/UserAdmin/changePassword", body)
            }
            "antmedia" => {
                let body = json!({ "email": "ann", "newPassword": password, "scope": "LiveApp", "userType": "USER" });
                by_session("PUT", "/rest/v2/users", body, host, "root", &[ROOT])
            }
            _ => by_key("POST", "/api/users/ann/actions/reset", json!({ "new_password": password })),
        };
        send_from_elsewhere(host, &request);
    }

    /// An admin deletes `ann`, and creates another user with the same name and this password.
    pub fn replace(&self, host: &mut Host, password: &str) {
        let requests = match self.system {
            "arangodb" => [
                by_root("DELETE", "/_api/user/ann", Json::Null),
                by_root("POST", "/_api/user", json!({ "user": "ann", "passwd": password })),
                by_root("PUT", "/_api/user/ann/database/_system", json!({ "grant": "ro" })),
            ],
            "meuse" => {
                let list = by_token("GET", "/api/v1/meuse/user", Json::Null);
                let user =
                    json!({ "name": "ann", "role": "tech", "password": password, "description": "d", "active": true });
                [
                    by_token("DELETE", "/api/v1/meuse/user/ann", Json::Null),
                    by_token("POST", "/api/v1/meuse/user", user),
                    list,
                ]
            }
            "wso2" => {
                let path = |operation| format!("/services/UserAdmin/{operation}");
                let user = json!({ "userName": "ann", "password": password, "roles": [] });
                [
                    by_root("POST", &path("deleteUser"), json!({ "userName": "ann" })),
                    by_root("POST", &path("addUser"), user),
                    by_root("POST", &path("listDomains"), Json::Null),
                ]
            }
            "antmedia" => {
                let user = json!({ "email": "ann", "password": password, "scope": "LiveApp", "userType": "USER" });
                let mut by_root = |method, path, body| by_session(method, path, body, host, "root", &[ROOT]);
                [
                    by_root("DELETE", "/rest/v2/users/ann", Json::Null),
                    by_root("POST", "/rest/v2/users", user),
                    by_root("GET", "/rest/v2/user-list", Json::Null),
                ]
            }
            _ => {
                let user = json!({
                    "active": true, "first_name": "ann", "last_name": "x", "email_address": "ann@example.org",
                    "password": password, "user_permissions": { "apis": "read" },
                });
                let list = by_key("GET", "/api/users", Json::Null);
                [by_key("DELETE", "/api/users/ann", Json::Null), by_key("POST", "/api/users", user), list]
            }
        };
        requests.iter().for_each(|request| send_from_elsewhere(host, request));
    }
}

/// Whether a response is not a rejection. Rejections of Ant Media have the status 200.
pub fn is_success(response: &Response) -> bool {
    response.status < 300 && !response.text.contains(r#""success":false"#)
}

fn send(host: &mut Host, client: &str, Request(method, path, headers, body): &Request) -> Response {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers.iter().map(|(name, value)| (*name, value.as_str())));
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    host.call(&Call { method, path, headers: all, body, client, ..Call::default() })
}

/// Sends a request of an admin, from another address than the attempts.
fn send_from_elsewhere(host: &mut Host, request: &Request) {
    let response = send(host, "198.51.100.1", request);
    assert!(is_success(&response), "{} {}: {} {}", request.0, request.1, response.status, response.text);
}

fn basic(name: &str, password: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Basic {}", Base64::encode_string(format!("{name}:{password}").as_bytes())))]
}

fn by_root(method: &'static str, path: &str, body: Json) -> Request {
    Request(method, path.to_owned(), basic("root", ROOT), body)
}

fn by_token(method: &'static str, path: &str, body: Json) -> Request {
    Request(method, path.to_owned(), vec![("authorization", TOKEN.to_owned())], body)
}

fn by_key(method: &'static str, path: &str, body: Json) -> Request {
    Request(method, path.to_owned(), vec![("authorization", KEY.to_owned())], body)
}

fn arango_basic(name: &str, password: &str, _: &mut Host) -> Request {
    Request("GET", "/_api/version".to_owned(), basic(name, password), Json::Null)
}

fn arango_auth(name: &str, password: &str, _: &mut Host) -> Request {
    Request("POST", "/_open/auth".to_owned(), Vec::new(), json!({ "username": name, "password": password }))
}

fn arango_check(name: &str, password: &str, host: &mut Host) -> Request {
    // The password of the caller is remembered, so that only the other one is verified.
    send_from_elsewhere(host, &by_root("GET", "/_api/version", Json::Null));
    by_root("POST", &format!("/_api/user/{name}"), json!({ "passwd": password }))
}

/// The tokens of a user have different names.
fn meuse_token(name: &str, password: &str, _: &mut Host) -> Request {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let token = format!("t{}", MADE.fetch_add(1, Ordering::Relaxed));
    let body = json!({ "name": token, "user": name, "password": password, "validity": 1 });
    Request("POST", "/api/v1/meuse/token".to_owned(), Vec::new(), body)
}

fn wso2_basic(name: &str, password: &str, _: &mut Host) -> Request {
    Request("GET", "/scim2/Me".to_owned(), basic(name, password), Json::Null)
}

/// The new password equals the old one, so that the attempt can be repeated.
fn wso2_form(name: &str, password: &str, _: &mut Host) -> Request {
    let body = json!({ "userName": name, "oldPassword": password, "newPassword": password });
    Request("POST", "/services/UserAdmin/changePasswordByUser".to_owned(), Vec::new(), body)
}

fn wso2_me(name: &str, password: &str, _: &mut Host) -> Request {
    let path = "/api/am/devportal/v3/me/change-password".to_owned();
    Request("POST", path, basic(name, password), json!({ "currentPassword": password, "newPassword": password }))
}

fn tyk_login(name: &str, password: &str, _: &mut Host) -> Request {
    let body = json!({ "email_address": format!("{name}@example.org"), "password": password });
    Request("POST", "/api/login".to_owned(), Vec::new(), body)
}

/// Sent with the current key of `ann`.
fn tyk_own(name: &str, password: &str, host: &mut Host) -> Request {
    let listed = send(host, "198.51.100.1", &by_key("GET", "/api/users", Json::Null));
    let listed: Json = serde_json::from_str(&listed.text).unwrap();
    let users = listed["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["email_address"] == format!("{name}@example.org")).unwrap();
    let path = format!("/api/users/{}/actions/reset", user["id"].as_str().unwrap());
    let headers = vec![("authorization", user["access_key"].as_str().unwrap().to_owned())];
    Request("POST", path, headers, json!({ "current_password": password, "new_password": password }))
}

fn tyk_admin(_: &str, password: &str, _: &mut Host) -> Request {
    Request(
        "PUT",
        "/admin/users/ann".to_owned(),
        vec![("admin-auth", password.to_owned())],
        json!({ "first_name": "ann" }),
    )
}

fn antmedia_own(name: &str, password: &str, host: &mut Host) -> Request {
    let body = json!({ "password": password, "newPassword": password });
    by_session("POST", "/rest/v2/users/password", body, host, name, &["right-one", "another-1"])
}

/// A request of a user with one of these passwords, in a new session.
fn by_session(method: &'static str, path: &str, body: Json, host: &mut Host, name: &str, any: &[&str]) -> Request {
    for password in any {
        let credentials = json!({ "email": name, "password": password });
        let sign_in = Request("POST", "/rest/v2/users/authenticate".to_owned(), Vec::new(), credentials);
        let response = send(host, "198.51.100.1", &sign_in);
        if let Some((_, cookie)) = response.headers.iter().find(|(header, _)| *header == "set-cookie") {
            let cookie = cookie.split(';').next().unwrap().to_owned();
            return Request(method, path.to_owned(), vec![("cookie", cookie)], body);
        }
    }
    panic!("{name} has another password");
}
