//! Each product for the test of the guards: a few users, how they sign in, and what somebody could try on others.

mod names;
mod passwords;
mod refusals;
mod rights;

use latchwork::directory::{Call, Guards};
use latchwork::{SystemName, Value, Word};
use serde_json::{json, Value as Json};

use crate::shell::{Answer, Shell};

/// Everybody's password, now and later.
pub const PASSWORD: &str = "kelp-Orbit7-sled";

/// A request: method, path, body.
pub type Request = (&'static str, String, Json);

/// Four bytes that say who does what to whom, and how.
pub type Command = (u8, u8, u8, u8);

pub struct Product {
    pub name: &'static str,
    /// Who may act, and be acted upon; some are not there at first.
    pub users: &'static [&'static str],
    /// The member of a user's record that has its name.
    pub identity: &'static str,
    /// The question to which only admins have a yes.
    pub admin: (&'static str, &'static str),
    /// What is asked of everybody before and after.
    pub questions: &'static [(&'static str, &'static str)],
    pub seed: fn() -> Json,
    /// The header by which a user is known; `None` if it does not come in.
    pub sign_in: fn(&mut Shell, &str) -> Option<(&'static str, String)>,
    pub request: fn(&Shell, &'static [&'static str], Command) -> Request,
}

/// Sends a request, with a header if there is one.
pub fn send(shell: &mut Shell, header: Option<&(&'static str, String)>, (method, path, body): &Request) -> Answer {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let mut headers =
        vec![("content-type", if path.starts_with("/scim2") { "application/scim+json" } else { "application/json" })];
    headers.extend(header.map(|(name, value)| (*name, value.as_str())));
    shell.call(&Call { method, path, headers, body, ..Call::default() })
}

/// A directory of this product with these records.
pub fn seeded(product: &Product, guards: Guards, seed: &Json) -> Shell {
    let mut shell = Shell::new(SystemName::from_word(product.name).unwrap());
    shell.guards = guards;
    shell.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap();
    shell
}

/// A request of somebody who signs in for it.
pub fn asked(product: &Product, shell: &mut Shell, actor: &str, request: &Request) -> Answer {
    let header = (product.sign_in)(shell, actor);
    assert!(header.is_some(), "{actor} does not come in");
    send(shell, header.as_ref(), request)
}

/// The guard that refused.
pub fn guard(answer: &Answer) -> Option<&str> {
    answer.headers.iter().find(|(name, _)| *name == "latchwork-guard").map(|(_, code)| code.as_str())
}

pub fn pick<T: Copy>(list: &[T], by: u8) -> T {
    list[usize::from(by) % list.len()]
}

fn basic(user: &str) -> (&'static str, String) {
    use base64ct::{Base64, Encoding};
    ("authorization", format!("Basic {}", Base64::encode_string(format!("{user}:{PASSWORD}").as_bytes())))
}

/// The user's header, if a harmless request with it is answered.
fn if_known(shell: &mut Shell, header: (&'static str, String), request: Request) -> Option<(&'static str, String)> {
    (send(shell, Some(&header), &request).status < 400).then_some(header)
}

fn cookie(answer: &Answer) -> Option<(&'static str, String)> {
    let (_, cookie) = answer.headers.iter().find(|(name, _)| *name == "set-cookie")?;
    Some(("cookie", cookie.split(';').next()?.to_owned()))
}

pub const MEUSE: Product = Product {
    name: "meuse",
    users: &["boss", "ada", "tec", "ron", "new"],
    identity: "name",
    admin: ("user.create", "users"),
    questions: &[("user.create", "users"), ("crate.publish", "crate:x@1.0.0"), ("crate.list", "crates")],
    seed: || {
        json!({ "users": [
            { "name": "boss", "role": "admin", "password": PASSWORD }, { "name": "ada", "role": "admin", "password": PASSWORD },
            { "name": "tec", "role": "tech", "password": PASSWORD }, { "name": "ron", "role": "read-only", "password": PASSWORD },
        ]})
    },
    sign_in: |shell, user| {
        let name = format!("t{}", shell.now);
        shell.now += 1;
        let body = json!({ "name": name, "user": user, "password": PASSWORD, "validity": 1 });
        let answer = send(shell, None, &("POST", "/api/v1/meuse/token".into(), body));
        let body: Json = serde_json::from_str(&answer.text).ok()?;
        Some(("authorization", body["token"].as_str()?.to_owned()))
    },
    request: |_, users, (_, what, on, how)| {
        let (on, role) = (pick(users, on), pick(&["admin", "tech", "read-only"], how));
        let path = format!("/api/v1/meuse/user/{on}");
        match what % 5 {
            0 => {
                let body =
                    json!({ "name": on, "password": PASSWORD, "role": role, "active": how < 128, "description": "d" });
                ("POST", "/api/v1/meuse/user".into(), body)
            }
            1 => ("POST", path, json!({ "role": role })),
            2 => ("POST", path, json!({ "active": how < 128 })),
            3 => ("POST", path, json!({ "password": PASSWORD })),
            _ => ("DELETE", path, Json::Null),
        }
    },
};

pub const ANTMEDIA: Product = Product {
    name: "antmedia",
    users: &["root@x.io", "ann@x.io", "sue@x.io", "app@x.io", "new@x.io"],
    identity: "email",
    admin: ("update", "system:users"),
    questions: &[
        ("read", "system:users"),
        ("update", "system:users"),
        ("update", "app:live/broadcasts"),
        ("update", "app-settings:live"),
        ("read", "app:other/broadcasts"),
    ],
    seed: || {
        let user =
            |email, scope, kind| json!({ "email": email, "scope": scope, "userType": kind, "password": PASSWORD });
        json!({ "users": [
            user("root@x.io", "system", "ADMIN"), user("ann@x.io", "system", "ADMIN"),
            user("sue@x.io", "system", "USER"), user("app@x.io", "live", "ADMIN"),
        ]})
    },
    sign_in: |shell, user| {
        let body = json!({ "email": user, "password": PASSWORD });
        cookie(&send(shell, None, &("POST", "/rest/v2/users/authenticate".into(), body)))
    },
    request: |_, users, (_, what, on, how)| {
        let on = pick(users, on);
        let (scope, kind) = (pick(&["system", "live", "other"], how), pick(&["ADMIN", "USER", "READ_ONLY"], how / 3));
        let path = "/rest/v2/users".to_owned();
        match what % 5 {
            0 => ("POST", path, json!({ "email": on, "password": PASSWORD, "scope": scope, "userType": kind })),
            1 => ("PUT", path, json!({ "email": on, "scope": scope, "userType": kind })),
            2 => ("PUT", path, json!({ "email": on, "appNameUserType": { "live": kind, "system": kind } })),
            3 => ("PUT", path, json!({ "email": on, "newPassword": PASSWORD, "scope": scope, "userType": kind })),
            _ => ("DELETE", format!("{path}/{on}"), Json::Null),
        }
    },
};

pub const ARANGODB: Product = Product {
    name: "arangodb",
    users: &["ada", "bob", "cyd", "dan", "new"],
    identity: "",
    admin: ("administrate", "/"),
    questions: &[
        ("administrate", "/"),
        ("use", "shop"),
        ("create-collection", "shop"),
        ("read", "shop/items"),
        ("write", "shop/items"),
        ("use", "elsewhere"),
        ("write", "elsewhere/any"),
        ("create-collection", "elsewhere"),
    ],
    seed: || {
        let user = |grants: Json| json!({ "passwd": PASSWORD, "active": true, "grants": grants });
        json!({
            "databases": { "shop": ["items"] },
            "users": {
                "ada": user(json!({ "_system": { "level": "rw" }, "*": { "level": "rw" } })),
                "bob": user(json!({ "_system": { "level": "rw" }, "shop": { "level": "ro" } })),
                "cyd": user(json!({ "shop": { "level": "rw", "collections": { "items": "none" } } })),
                "dan": user(json!({})),
            },
        })
    },
    sign_in: |shell, user| {
        let known = ("GET", format!("/_api/user/{user}"), Json::Null);
        if_known(shell, basic(user), known)
    },
    request: |_, users, (_, what, on, how)| {
        let path = format!("/_api/user/{}", pick(users, on));
        let (database, level) = (pick(&["_system", "shop", "*"], how), pick(&["rw", "ro", "none"], how / 3));
        match what % 8 {
            0 => (
                "POST",
                "/_api/user".into(),
                json!({ "user": pick(users, on), "passwd": PASSWORD, "active": how < 200 }),
            ),
            1 => ("PATCH", path, json!({ "active": how < 128 })),
            2 => ("PATCH", path, json!({ "passwd": PASSWORD })),
            3 => ("PUT", path, json!({ "passwd": PASSWORD, "active": how < 200 })),
            4 => ("PUT", format!("{path}/database/{database}"), json!({ "grant": level })),
            5 => ("PUT", format!("{path}/database/shop/items"), json!({ "grant": level })),
            6 => ("DELETE", format!("{path}/database/{database}"), Json::Null),
            _ => ("DELETE", path, Json::Null),
        }
    },
};

pub const TYK: Product = Product {
    name: "tyk",
    users: &["ada@x.io", "bob@x.io", "uma@x.io", "joe@x.io", "new@x.io"],
    identity: "id",
    admin: ("make-admin", "user:any"),
    questions: &[
        ("make-admin", "user:any"),
        ("read", "section:apis"),
        ("write", "section:apis"),
        ("write", "section:users"),
        ("write", "section:user_groups"),
        ("read", "section:keys"),
        ("write", "section:policies"),
    ],
    seed: || {
        let user = |email: &str, permissions: Json, group: &str| {
            json!({ "id": email.replace("@x.io", ""), "email_address": email, "active": true, "password": PASSWORD,
                "user_permissions": permissions, "group_id": group, "access_key": format!("key-{email}") })
        };
        json!({
            "users": [
                user("ada@x.io", json!({ "IsAdmin": "admin" }), ""), user("bob@x.io", json!({ "IsAdmin": "admin" }), ""),
                user("uma@x.io", json!({ "users": "write", "user_groups": "write", "apis": "read" }), ""),
                user("joe@x.io", json!({ "keys": "read", "policies": "write" }), "low"),
            ],
            "groups": [
                { "id": "low", "active": true, "name": "low", "user_permissions": { "apis": "read" } },
                { "id": "high", "active": true, "name": "high", "user_permissions": { "apis": "write", "users": "write", "user_groups": "write" } },
            ],
            "config": { "allow_admin_reset_password": true },
        })
    },
    sign_in: |shell, user| {
        let body = json!({ "email_address": user, "password": PASSWORD });
        cookie(&send(shell, None, &("POST", "/api/login".into(), body)))
    },
    request: |shell, users, (_, what, on, how)| {
        let email = pick(users, on);
        let records: Json = serde_json::from_str(&shell.records().to_string()).unwrap();
        let found = records["users"].as_array().unwrap().iter().find(|user| user["email_address"] == email);
        let id = found.map_or("nobody", |user| user["id"].as_str().unwrap());
        let path = format!("/api/users/{id}");
        let permissions = match how % 5 {
            0 => json!({ "IsAdmin": "admin" }),
            1 => json!({ "users": "write", "user_groups": "write" }),
            2 => json!({ "apis": "read" }),
            3 => json!({ "apis": "write", "keys": "read" }),
            _ => json!({ "policies": "write", "user_groups": "write" }),
        };
        let group = format!("/api/usergroups/{}", pick(&["low", "high"], how));
        match what % 9 {
            0 => (
                "POST",
                "/api/users".into(),
                json!({ "first_name": "N", "last_name": "N", "email_address": email, "active": how < 200, "user_permissions": permissions, "password": PASSWORD }),
            ),
            1 => ("PUT", path, json!({ "user_permissions": permissions })),
            2 => ("PUT", path, json!({ "active": how < 128 })),
            3 => ("PUT", path, json!({ "group_id": pick(&["low", "high", ""], how) })),
            4 => ("PUT", group, json!({ "user_permissions": permissions })),
            5 if how > 240 => ("DELETE", group, Json::Null),
            5 => ("PUT", format!("{path}/actions/key/reset"), Json::Null),
            6 => ("PUT", format!("{path}/actions/revoke"), Json::Null),
            7 => (
                "POST",
                format!("{path}/actions/reset"),
                json!({ "new_password": PASSWORD, "current_password": PASSWORD, "user_permissions": {} }),
            ),
            _ => ("DELETE", path, Json::Null),
        }
    },
};

pub const WSO2: Product = Product {
    name: "wso2",
    users: &["admin", "ann", "lia", "eve", "rob", "new"],
    identity: "name",
    admin: ("ui.execute", "/permission/admin"),
    questions: &[
        ("ui.execute", "/permission/admin"),
        ("ui.execute", "/permission/admin/manage/api/create"),
        ("ui.execute", "/permission/admin/manage/identity/usermgt/create"),
        ("ui.execute", "/permission/admin/manage/identity/rolemgt/update"),
        ("ui.execute", "/permission/admin/login"),
    ],
    seed: || {
        let user = |name: &str, roles: Json| json!({ "name": name, "password": PASSWORD, "roles": roles });
        let rule = |role: &str, path: &str| json!({ "role": role, "resource": path, "action": "ui.execute", "effect": "allow" });
        json!({
            "roles": ["creator", "usermgr", "rolemgr", "boss"],
            "users": [
                user("admin", json!(["admin"])), user("ann", json!(["boss"])), user("lia", json!(["boss"])),
                user("eve", json!(["usermgr"])), user("rob", json!(["rolemgr", "usermgr"])),
            ],
            "rules": [
                rule("creator", "/permission/admin/manage/api"), rule("boss", "/permission/admin"),
                rule("usermgr", "/permission/admin/manage/identity/usermgt"),
                rule("rolemgr", "/permission/admin/manage/identity/rolemgt"),
                rule("Internal/everyone", "/permission/admin/login"),
            ],
        })
    },
    sign_in: |shell, user| {
        let known = ("POST", "/services/UserAdmin/getRolesOfCurrentUser".to_owned(), json!({}));
        if_known(shell, basic(user), known)
    },
    request: |_, users, (_, what, on, how)| {
        let (on, role) = (pick(users, on), pick(&["creator", "usermgr", "rolemgr", "boss", "admin"], how));
        let other = pick(&["creator", "usermgr", "rolemgr", "boss"], how / 5);
        let path = pick(
            &[
                "/permission/admin/manage/api/create",
                "/permission/admin/manage/identity/usermgt",
                "/permission/admin/login",
                "/permission/admin",
            ],
            how / 5,
        );
        let (operation, body) = match what % 7 {
            0 => ("addUser", json!({ "userName": on, "password": PASSWORD, "roles": [role] })),
            1 => ("updateRolesOfUser", json!({ "userName": on, "newRoles": [role], "deletedRoles": [other] })),
            2 => ("setRoleUIPermission", json!({ "roleName": role, "rawResources": [path] })),
            3 => ("updateUsersOfRole", json!({ "roleName": role, "newUsers": [on], "deletedUsers": [] })),
            4 => ("updateUsersOfRole", json!({ "roleName": role, "newUsers": [], "deletedUsers": [on] })),
            5 if how > 240 => ("deleteRole", json!({ "roleName": role })),
            5 => ("changePassword", json!({ "userName": on, "newPassword": PASSWORD })),
            _ => ("deleteUser", json!({ "userName": on })),
        };
        ("POST", format!("/services/UserAdmin/{operation}"), body)
    },
};
