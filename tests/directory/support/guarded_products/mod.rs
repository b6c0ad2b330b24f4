//! Each product for the tests of strict guards: a few users, how they sign in, and requests that could escalate privileges.

use std::collections::{BTreeMap, BTreeSet};

use latchwork::directory::{Call, Guards};
use latchwork::{SystemName, Value, Word};
use serde_json::{json, Value as Json};

use crate::support::host::{Host, Response};

/// The password of every user, before and after each request.
pub const PASSWORD: &str = "kelp-Orbit7-sled";

/// A request: method, path, body.
pub type Request = (&'static str, String, Json);

/// Four bytes that choose the actor, the operation, the target and the values.
pub type Command = (u8, u8, u8, u8);

/// An action and a resource.
pub type Question = (String, String);

pub struct Product {
    pub name: &'static str,
    /// Users that send requests or are their targets. Some do not exist at first.
    pub users: &'static [&'static str],
    /// The member of a user's record that has its name.
    pub identity: &'static str,
    /// The question that is allowed for admins only.
    pub admin: (&'static str, &'static str),
    /// The questions asked for every user: about each resource of these records, and about one that they do not have.
    pub questions: fn(&Json) -> Vec<Question>,
    pub seed: fn() -> Json,
    /// The header that authenticates a user. `None` if the user cannot sign in.
    pub sign_in: fn(&mut Host, &str) -> Option<(&'static str, String)>,
    pub request: fn(&Host, &'static [&'static str], Command) -> Request,
}

/// Sends a request, with a header if there is one.
pub fn send(host: &mut Host, header: Option<&(&'static str, String)>, (method, path, body): &Request) -> Response {
    let body = match body {
        Json::Null => Vec::new(),
        metadata if path == PUBLISH => publish_body(metadata),
        body => body.to_string().into_bytes(),
    };
    let mut headers =
        vec![("content-type", if path.starts_with("/scim2") { "application/scim+json" } else { "application/json" })];
    headers.extend(header.map(|(name, value)| (*name, value.as_str())));
    host.call(&Call { method, path, headers, body, ..Call::default() })
}

/// The path to which Cargo publishes a version of a crate.
const PUBLISH: &str = "/api/v1/crates/new";

/// The body that Cargo sends: the metadata and a file, each after its length.
fn publish_body(metadata: &Json) -> Vec<u8> {
    let mut body = Vec::new();
    for part in [metadata.to_string().as_bytes(), b"file"] {
        body.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
        body.extend(part);
    }
    body
}

/// A question as an action and a resource with a blank between.
fn question(text: &str) -> Question {
    let (action, resource) = text.split_once(' ').unwrap();
    (action.to_owned(), resource.to_owned())
}

/// Each of these actions on each of these resources.
fn questions_for<'r>(actions: &[&str], resources: impl IntoIterator<Item = &'r str>) -> Vec<Question> {
    let mut questions = Vec::new();
    for resource in resources {
        questions.extend(actions.iter().map(|action| ((*action).to_owned(), resource.to_owned())));
    }
    questions
}

/// A member of each of a list's items.
pub fn texts<'j>(list: &'j Json, name: &'j str) -> impl Iterator<Item = &'j str> {
    list.as_array().into_iter().flatten().filter_map(move |item| item[name].as_str())
}

/// The names of the members of an object.
pub fn names(object: &Json) -> impl Iterator<Item = &str> {
    object.as_object().into_iter().flat_map(|members| members.keys()).map(String::as_str)
}

/// A directory of this product with these records.
pub fn seeded(product: &Product, guards: Guards, seed: &Json) -> Host {
    let mut host = Host::new(SystemName::from_word(product.name).unwrap());
    host.guards = guards;
    host.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap();
    host
}

/// Signs the actor in, and sends its request.
pub fn send_as(product: &Product, host: &mut Host, actor: &str, request: &Request) -> Response {
    let header = (product.sign_in)(host, actor);
    assert!(header.is_some(), "{actor} cannot sign in");
    send(host, header.as_ref(), request)
}

/// The code of the guard that rejected the request.
pub fn guard_code(response: &Response) -> Option<&str> {
    response.headers.iter().find(|(name, _)| *name == "latchwork-guard").map(|(_, code)| code.as_str())
}

pub fn pick<T: Copy>(list: &[T], by: u8) -> T {
    list[usize::from(by) % list.len()]
}

fn basic(user: &str) -> (&'static str, String) {
    use base64ct::{Base64, Encoding};
    ("authorization", format!("Basic {}", Base64::encode_string(format!("{user}:{PASSWORD}").as_bytes())))
}

/// The header, if a harmless request with it succeeds.
fn if_accepted(host: &mut Host, header: (&'static str, String), request: Request) -> Option<(&'static str, String)> {
    (send(host, Some(&header), &request).status < 400).then_some(header)
}

fn cookie(response: &Response) -> Option<(&'static str, String)> {
    let (_, cookie) = response.headers.iter().find(|(name, _)| *name == "set-cookie")?;
    Some(("cookie", cookie.split(';').next()?.to_owned()))
}

pub const MEUSE: Product = Product {
    name: "meuse",
    users: &["boss", "ada", "tec", "ron", "new"],
    identity: "name",
    admin: ("user.create", "users"),
    questions: |_| ["user.create users", "crate.publish crate:new@1.0.0", "crate.list crates"].map(question).to_vec(),
    seed: || {
        json!({
            "users": [
                { "name": "boss", "role": "admin", "password": PASSWORD }, { "name": "ada", "role": "admin", "password": PASSWORD },
                { "name": "tec", "role": "tech", "password": PASSWORD }, { "name": "ron", "role": "read-only", "password": PASSWORD },
            ],
            "crates": [
                { "name": "mine", "owners": ["tec"], "versions": ["1.0.0"] },
                { "name": "ours", "owners": ["ada", "tec"], "versions": ["1.0.0"] },
                { "name": "left", "owners": [], "versions": ["1.0.0"] },
            ],
        })
    },
    sign_in: |host, user| {
        let name = format!("t{}", host.now);
        host.now += 1;
        let body = json!({ "name": name, "user": user, "password": PASSWORD, "validity": 1 });
        let response = send(host, None, &("POST", "/api/v1/meuse/token".into(), body));
        let body: Json = serde_json::from_str(&response.text).ok()?;
        Some(("authorization", body["token"].as_str()?.to_owned()))
    },
    request: |_, users, (_, what, on, how)| {
        let (on, role) = (pick(users, on), pick(&["admin", "tech", "read-only"], how));
        let path = format!("/api/v1/meuse/user/{on}");
        let krate = pick(&["mine", "ours", "left", "fresh"], how);
        match what % 8 {
            5 => ("PUT", format!("/api/v1/crates/{krate}/owners"), json!({ "users": [on] })),
            6 => ("DELETE", format!("/api/v1/crates/{krate}/owners"), json!({ "users": [on] })),
            7 => {
                let version = format!("1.{}.0", how / 4);
                let metadata = json!({ "name": krate, "vers": version, "deps": [], "features": {}, "authors": [], "keywords": [] });
                ("PUT", PUBLISH.to_owned(), metadata)
            }
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
    questions: |_| {
        let mut questions = questions_for(&["read", "update"], ["system:users"]);
        for application in ["live", "other", "third"] {
            let [content, section] = ["broadcasts", "section"].map(|path| format!("app:{application}/{path}"));
            let (settings, whole) = (format!("app-settings:{application}"), format!("application:{application}"));
            questions.extend(questions_for(
                &["read", "create", "update", "delete"],
                [&*content, &section, &settings, &whole],
            ));
        }
        questions
    },
    seed: || {
        let user =
            |email, scope, kind| json!({ "email": email, "scope": scope, "userType": kind, "password": PASSWORD });
        json!({ "users": [
            user("root@x.io", "system", "ADMIN"), user("ann@x.io", "system", "ADMIN"),
            user("sue@x.io", "system", "USER"), user("app@x.io", "live", "ADMIN"),
        ]})
    },
    sign_in: |host, user| {
        let body = json!({ "email": user, "password": PASSWORD });
        cookie(&send(host, None, &("POST", "/rest/v2/users/authenticate".into(), body)))
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
    users: &["ada", "bob", "cyd", "dan", "eve", "new"],
    identity: "",
    admin: ("administrate", "/"),
    questions: |records| {
        let mut questions = vec![question("administrate /")];
        let mut databases: BTreeMap<&str, BTreeSet<&str>> =
            ["_system", "shop", "elsewhere"].map(|name| (name, BTreeSet::from(["items", "any"]))).into();
        for (name, collections) in records["databases"].as_object().into_iter().flatten() {
            let known = databases.entry(name).or_default();
            known.extend(collections.as_array().into_iter().flatten().filter_map(Json::as_str));
        }
        for (database, collections) in databases {
            questions.extend(questions_for(&["use", "create-collection"], [database]));
            for collection in collections {
                let collection = format!("{database}/{collection}");
                questions.extend(questions_for(&["read", "write", "manage-collection"], [&*collection]));
            }
        }
        questions
    },
    seed: || {
        let user = |grants: Json| json!({ "passwd": PASSWORD, "active": true, "grants": grants });
        json!({
            "databases": { "shop": ["items"] },
            "users": {
                "ada": user(json!({ "_system": { "level": "rw" }, "*": { "level": "rw" } })),
                "bob": user(json!({ "_system": { "level": "rw" }, "shop": { "level": "ro" } })),
                "cyd": user(json!({ "shop": { "level": "rw", "collections": { "items": "none" } } })),
                "dan": user(json!({})),
                // Has all privileges, except those on databases that do not exist yet.
                "eve": user(json!({ "_system": { "level": "rw" }, "elsewhere": { "level": "none", "collections": { "any": "ro" } } })),
            },
        })
    },
    sign_in: |host, user| {
        let known = ("GET", format!("/_api/user/{user}"), Json::Null);
        if_accepted(host, basic(user), known)
    },
    request: |_, users, (_, what, on, how)| {
        let path = format!("/_api/user/{}", pick(users, on));
        let (database, level) = (pick(&["_system", "shop", "*"], how), pick(&["rw", "ro", "none"], how / 3));
        let (name, collection) = (pick(&["shop", "elsewhere"], how), pick(&["items", "any"], how / 2));
        match what % 12 {
            0 => (
                "POST",
                "/_api/user".into(),
                json!({ "user": pick(users, on), "passwd": PASSWORD, "active": how < 200 }),
            ),
            8 => ("DELETE", format!("/_api/database/{name}"), Json::Null),
            9 => {
                let owners =
                    if how < 128 { json!([]) } else { json!([{ "username": pick(users, on), "passwd": PASSWORD }]) };
                ("POST", "/_api/database".into(), json!({ "name": name, "users": owners }))
            }
            10 => ("POST", format!("/_db/{name}/_api/collection"), json!({ "name": collection })),
            11 => ("DELETE", format!("/_db/{name}/_api/collection/{collection}"), Json::Null),
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
    users: &["ada@x.io", "bob@x.io", "uma@x.io", "joe@x.io", "cap@x.io", "gus@x.io", "ina@x.io", "new@x.io"],
    identity: "id",
    admin: ("make-admin", "user:any"),
    questions: |records| {
        let mut questions = vec![question("make-admin user:any"), question("POST path:/api/users/any/actions/reset")];
        let given = [&records["users"], &records["groups"]].into_iter().filter_map(Json::as_array).flatten();
        let mut sections: BTreeSet<&str> = given.flat_map(|holder| names(&holder["user_permissions"])).collect();
        sections.extend(["users", "user_groups", "other"]);
        for section in sections.into_iter().filter(|name| !["IsAdmin", "ResetPassword"].contains(name)) {
            questions.extend(questions_for(&["read", "write"], [&*format!("section:{section}")]));
        }
        for api in texts(&records["apis"], "id") {
            questions.extend(questions_for(&["read", "write"], [&*format!("api:{api}")]));
            questions.extend(questions_for(&["GET"], [&*format!("path:/api/usage/apis/{api}")]));
        }
        questions
    },
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
                // An admin without one section, a manager through a group, and a member of an inactive group.
                user("cap@x.io", json!({ "IsAdmin": "admin", "policies": "deny" }), ""),
                user("gus@x.io", json!({ "analytics": "write" }), "managers"),
                user("ina@x.io", json!({ "apis": "write" }), "off"),
            ],
            "groups": [
                { "id": "low", "active": true, "name": "low", "user_permissions": { "apis": "read" } },
                { "id": "high", "active": true, "name": "high", "user_permissions": { "apis": "write", "users": "write", "user_groups": "write" } },
                { "id": "managers", "active": true, "name": "managers", "user_permissions": {
                    "users": "write", "user_groups": "write", "analytics": "read", "owned_analytics": "read" } },
                { "id": "off", "active": false, "name": "off", "user_permissions": { "policies": "write", "apis": "write" } },
            ],
            "apis": [{ "id": "open" }, { "id": "theirs", "user_group_owners": ["managers"] }, { "id": "his", "user_owners": ["ina"] }],
            "config": { "allow_admin_reset_password": true, "enable_ownership": true },
        })
    },
    sign_in: |host, user| {
        let body = json!({ "email_address": user, "password": PASSWORD });
        cookie(&send(host, None, &("POST", "/api/login".into(), body)))
    },
    request: |host, users, (_, what, on, how)| {
        let email = pick(users, on);
        let records: Json = serde_json::from_str(&host.records().to_string()).unwrap();
        let found = records["users"].as_array().unwrap().iter().find(|user| user["email_address"] == email);
        let id = found.map_or("missing", |user| user["id"].as_str().unwrap());
        let path = format!("/api/users/{id}");
        let permissions = match how % 7 {
            0 => json!({ "IsAdmin": "admin" }),
            1 => json!({ "users": "write", "user_groups": "write" }),
            2 => json!({ "apis": "read" }),
            3 => json!({ "apis": "write", "keys": "read" }),
            4 => json!({ "policies": "write", "user_groups": "write" }),
            5 => json!({ "apis": "write", "analytics": "read" }),
            _ => json!({ "apis": "read", "analytics": "read", "owned_analytics": "read" }),
        };
        let group = format!("/api/usergroups/{}", pick(&["low", "high", "managers", "off"], how));
        match what % 12 {
            0 => (
                "POST",
                "/api/users".into(),
                json!({ "first_name": "N", "last_name": "N", "email_address": email, "active": how < 200, "user_permissions": permissions, "password": PASSWORD }),
            ),
            1 => ("PUT", path, json!({ "user_permissions": permissions })),
            2 => ("PUT", path, json!({ "active": how < 128 })),
            3 => ("PUT", path, json!({ "group_id": pick(&["low", "high", "managers", "off", "none", ""], how) })),
            4 => ("PUT", group, json!({ "user_permissions": permissions })),
            5 if how > 200 => ("DELETE", group, Json::Null),
            5 => ("PUT", format!("{path}/actions/key/reset"), Json::Null),
            6 => ("PUT", format!("{path}/actions/revoke"), Json::Null),
            7 => (
                "POST",
                format!("{path}/actions/reset"),
                json!({ "new_password": PASSWORD, "current_password": PASSWORD, "user_permissions": {} }),
            ),
            8 => ("PUT", group, json!({ "active": how < 128 })),
            9 => (
                "POST",
                "/api/usergroups".into(),
                json!({ "name": "more", "active": how < 200, "user_permissions": permissions }),
            ),
            10 => (
                "PUT",
                path,
                json!({ "email_address": email, "user_permissions": permissions, "group_id": pick(&["low", "high", "managers", "off"], on), "active": true }),
            ),
            _ => ("DELETE", path, Json::Null),
        }
    },
};

pub const WSO2: Product = Product {
    name: "wso2",
    users: &["admin", "ann", "lia", "eve", "rob", "max", "new"],
    identity: "name",
    admin: ("ui.execute", "/permission/admin"),
    questions: |records| {
        let mut questions = questions_for(
            &["ui.execute"],
            [
                "/permission/admin",
                "/permission/admin/manage/api/create",
                "/permission/admin/manage/identity/usermgt/create",
                "/permission/admin/manage/identity/rolemgt/update",
                "/permission/admin/login",
            ],
        );
        for rule in records["rules"].as_array().into_iter().flatten() {
            let [action, path] = ["action", "resource"].map(|name| rule[name].as_str().unwrap());
            questions.extend(questions_for(&[action], [path, &*format!("{path}/below")]));
        }
        questions
    },
    seed: || {
        let user = |name: &str, roles: Json| json!({ "name": name, "password": PASSWORD, "roles": roles });
        let rule = |kind: &str, name: &str, path: &str, effect: &str| json!({ kind: name, "resource": path, "action": "ui.execute", "effect": effect });
        let of_role = |role: &str, path: &str| rule("role", role, path, "allow");
        json!({
            "roles": ["creator", "usermgr", "rolemgr", "boss", "muted"],
            "users": [
                user("admin", json!(["admin"])), user("ann", json!(["boss"])), user("lia", json!(["boss"])),
                user("eve", json!(["usermgr"])), user("rob", json!(["rolemgr", "usermgr"])),
                user("max", json!(["rolemgr", "muted"])),
            ],
            "rules": [
                of_role("creator", "/permission/admin/manage/api"), of_role("boss", "/permission/admin"),
                of_role("usermgr", "/permission/admin/manage/identity/usermgt"),
                of_role("rolemgr", "/permission/admin/manage/identity/rolemgt"),
                of_role("Internal/everyone", "/permission/admin/login"),
                // Denials of a role and of a user, below paths that they have.
                of_role("muted", "/permission/admin/manage/api"),
                rule("role", "muted", "/permission/admin/manage/api/create", "deny"),
                rule("user", "eve", "/permission/admin/manage/identity/usermgt/delete", "deny"),
                // Rules of a role and of a user that do not exist yet.
                of_role("later", "/permission/admin/manage/api"), rule("user", "new", "/permission/admin/manage/api", "allow"),
                { "role": "later", "resource": "/_system/governance", "action": "authorize", "effect": "allow" },
            ],
        })
    },
    sign_in: |host, user| {
        let known = ("POST", "/services/UserAdmin/getRolesOfCurrentUser".to_owned(), json!({}));
        if_accepted(host, basic(user), known)
    },
    request: |host, users, (_, what, on, how)| {
        let roles = ["creator", "usermgr", "rolemgr", "boss", "muted", "later", "admin"];
        let (on, role, other) = (pick(users, on), pick(&roles, how), pick(&roles[..6], how / 5));
        let path = pick(
            &[
                "/permission/admin/manage/api/create",
                "/permission/admin/manage/identity/usermgt",
                "/permission/admin/login",
                "/permission/admin",
            ],
            how / 5,
        );
        let permission = json!({ "resource": path, "action": "ui.execute" });
        if what >= 180 {
            let pick_id = |kind: &str, by: u8| {
                let entries = host.entries.iter().filter(|(key, _)| key.starts_with(kind));
                let id = |text: String| serde_json::from_str::<Json>(&text).unwrap()["id"].as_str().unwrap().to_owned();
                let ids: Vec<String> = entries.map(|(_, entry)| id(entry.value.to_string())).collect();
                ids[usize::from(by) % ids.len()].clone()
            };
            let (user, group) = (pick_id("user/", how / 3), pick_id("role/", how));
            let patch = |operations: Json| json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
            let member = json!([{ "value": user }]);
            return match what % 6 {
                0 => (
                    "PATCH",
                    format!("/scim2/Groups/{group}"),
                    patch(json!([{ "op": "add", "path": "members", "value": member }])),
                ),
                1 => (
                    "PATCH",
                    format!("/scim2/Groups/{group}"),
                    patch(json!([{ "op": "replace", "path": "members", "value": member }])),
                ),
                2 => ("DELETE", format!("/scim2/Groups/{group}"), Json::Null),
                3 => (
                    "PATCH",
                    format!("/scim2/Users/{user}"),
                    patch(json!([{ "op": "replace", "value": { "active": how < 128 } }])),
                ),
                4 => (
                    "PATCH",
                    format!("/scim2/Users/{user}"),
                    patch(json!([{ "op": "replace", "value": { "password": PASSWORD } }])),
                ),
                _ => ("POST", "/scim2/Groups".to_owned(), json!({ "displayName": role, "members": member })),
            };
        }
        let (operation, body) = match what % 9 {
            0 => ("addUser", json!({ "userName": on, "password": PASSWORD, "roles": [role] })),
            1 => ("updateRolesOfUser", json!({ "userName": on, "newRoles": [role], "deletedRoles": [other] })),
            2 => ("setRoleUIPermission", json!({ "roleName": role, "rawResources": [path] })),
            3 => ("updateUsersOfRole", json!({ "roleName": role, "newUsers": [on], "deletedUsers": [] })),
            4 => ("updateUsersOfRole", json!({ "roleName": role, "newUsers": [], "deletedUsers": [on] })),
            5 if how > 200 => ("deleteRole", json!({ "roleName": role })),
            5 => ("changePassword", json!({ "userName": on, "newPassword": PASSWORD })),
            6 => ("addRole", json!({ "roleName": role, "userList": [on], "permissions": [permission] })),
            7 => ("updateRoleName", json!({ "roleName": other, "newRoleName": role })),
            _ => ("deleteUser", json!({ "userName": on })),
        };
        ("POST", format!("/services/UserAdmin/{operation}"), body)
    },
};
