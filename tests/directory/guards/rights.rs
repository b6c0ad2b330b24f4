//! Strict guards where privileges depend on more than the user's own entry: on ownership, groups, roles and wildcards.
//! Also requests that change many users.

use crate::support::guarded_products::{
    guard_code, seeded, send_as, Product, Request, ARANGODB, MEUSE, PASSWORD, TYK, WSO2,
};
use latchwork::directory::Guards;
use serde_json::{json, Value as Json};

/// Sends each request to its own store: this guard rejects it, or it succeeds.
fn check(product: &Product, seed: &Json, cases: &[(&str, Request, Option<&str>)]) {
    for (actor, request, expected) in cases {
        let mut host = seeded(product, Guards::Strict, seed);
        let response = send_as(product, &mut host, actor, request);
        assert_eq!(guard_code(&response), *expected, "{actor} {request:?} {response:?}");
        assert_eq!(response.status < 300, expected.is_none(), "{actor} {request:?} {response:?}");
        let mut host = seeded(product, Guards::Off, seed);
        let response = send_as(product, &mut host, actor, request);
        assert!(response.status < 300, "{actor} {request:?} {response:?}");
    }
}

fn put(path: &str, body: Json) -> Request {
    ("PUT", path.to_owned(), body)
}

#[test]
fn ownership_of_an_api_counts_as_a_privilege() {
    let mut seed = (TYK.seed)();
    seed["config"] = json!({ "enable_ownership": true });
    seed["users"][2]["user_permissions"] =
        json!({ "users": "write", "user_groups": "write", "apis": "write", "keys": "write", "policies": "write" });
    seed["groups"].as_array_mut().unwrap().push(
        json!({ "id": "owners", "active": true, "name": "owners", "user_permissions": { "users": "write", "user_groups": "write", "apis": "write" } }),
    );
    seed["apis"] = json!([{ "id": "a1", "user_group_owners": ["owners"] }, { "id": "a2", "user_owners": ["bob"] }]);
    let mut owned = seed.clone();
    owned["apis"] = json!([{ "id": "a1", "user_group_owners": ["low"] }, { "id": "a2", "user_owners": ["joe"] }]);
    owned["groups"][0]["user_permissions"] = json!({ "apis": "read" });
    check(
        &TYK,
        &seed,
        &[
            ("uma@x.io", put("/api/users/uma", json!({ "group_id": "owners" })), Some("self_escalation")),
            ("uma@x.io", put("/api/users/joe", json!({ "group_id": "owners" })), Some("exceeds_your_rights")),
            ("ada@x.io", put("/api/users/joe", json!({ "group_id": "owners" })), None),
            ("uma@x.io", put("/api/users/joe", json!({ "first_name": "Jo" })), None),
        ],
    );
    check(
        &TYK,
        &owned,
        &[
            ("uma@x.io", put("/api/users/joe/actions/key/reset", Json::Null), Some("target_outranks_you")),
            ("ada@x.io", put("/api/users/joe/actions/key/reset", Json::Null), None),
        ],
    );
}

/// The permissions of a group replace those of its members, and deleting the group does not check them.
#[test]
fn managers_change_a_group_and_only_admins_delete_it() {
    let group = "/api/usergroups/low";
    check(
        &TYK,
        &(TYK.seed)(),
        &[
            ("uma@x.io", put(group, json!({ "description": "new" })), None),
            ("uma@x.io", put(group, json!({ "user_permissions": { "apis": "read", "users": "write" } })), None),
            ("uma@x.io", ("DELETE", group.to_owned(), Json::Null), Some("exceeds_your_rights")),
            ("ada@x.io", ("DELETE", group.to_owned(), Json::Null), None),
        ],
    );
}

#[test]
fn an_admin_cannot_gain_ownership_of_a_crate_through_another_user() {
    let mut seed = (MEUSE.seed)();
    seed["crates"] = json!([
        { "name": "serde", "owners": ["tec"], "versions": ["1.0.0"] },
        { "name": "shared", "owners": ["tec", "ada"], "versions": ["1.0.0"] },
        { "name": "left", "owners": [], "versions": ["1.0.0"] },
    ]);
    let owners = |krate: &str, users: Json| put(&format!("/api/v1/crates/{krate}/owners"), json!({ "users": users }));
    let without =
        |krate: &str, users: Json| ("DELETE", format!("/api/v1/crates/{krate}/owners"), json!({ "users": users }));
    let tec = |body: Json| ("POST", "/api/v1/meuse/user/tec".to_owned(), body);
    let delete = |user: &str| ("DELETE", format!("/api/v1/meuse/user/{user}"), Json::Null);
    check(
        &MEUSE,
        &seed,
        &[
            ("boss", owners("serde", json!(["boss"])), Some("self_escalation")),
            ("boss", owners("serde", json!(["ron"])), Some("exceeds_your_rights")),
            ("ada", owners("serde", json!(["ron"])), Some("exceeds_your_rights")),
            // An owner gives away what is theirs; what has no owner, admins give to any user, themselves too.
            ("tec", owners("serde", json!(["boss"])), None),
            ("ada", owners("shared", json!(["ron"])), None),
            ("boss", owners("left", json!(["ron"])), None),
            ("boss", owners("left", json!(["boss"])), None),
            // So it must not lose its last owner to an admin; an owner may leave it.
            ("boss", without("serde", json!(["tec"])), Some("target_outranks_you")),
            ("boss", without("shared", json!(["tec", "ada"])), Some("target_outranks_you")),
            ("boss", without("shared", json!(["tec"])), None),
            ("ada", without("shared", json!(["tec", "ada"])), None),
            ("tec", without("serde", json!(["tec"])), None),
            ("boss", delete("tec"), Some("target_outranks_you")),
            ("boss", delete("ada"), None),
            // An admin cannot get a credential of an owner either. An admin can change all other members of the user.
            ("boss", tec(json!({ "password": "kelp-Orbit8-sled" })), Some("target_outranks_you")),
            ("boss", tec(json!({ "description": "d" })), None),
            ("boss", tec(json!({ "active": false })), None),
            ("boss", tec(json!({ "role": "read-only" })), None),
            ("tec", tec(json!({ "password": "kelp-Orbit8-sled" })), None),
        ],
    );
    // The user who publishes a new crate becomes its first owner.
    let meta = json!({ "name": "fresh", "vers": "1.0.0", "deps": [], "features": {}, "authors": [], "keywords": [] });
    let mut host = seeded(&MEUSE, Guards::Strict, &seed);
    let response = send_as(&MEUSE, &mut host, "tec", &put("/api/v1/crates/new", meta));
    assert!(response.text.contains("warning"), "{response:?}");
}

/// An admin has every database by `_system` or by `*`, and so may give and take grants on all, and make collections
/// in all.
#[test]
fn an_admin_of_all_databases_manages_grants_on_names_and_wildcards() {
    let user = |grants: Json| json!({ "passwd": PASSWORD, "active": true, "grants": grants });
    let seed = json!({
        "databases": { "shop": ["items"] },
        "users": {
            "root": user(json!({ "_system": { "level": "rw" }, "*": { "level": "rw", "collections": { "*": "rw" } } })),
            "sys": user(json!({ "_system": { "level": "rw" } })),
            "all": user(json!({ "*": { "level": "rw" } })),
            "few": user(json!({ "_system": { "level": "rw" }, "shop": { "level": "ro" } })),
            "dan": user(json!({ "*": { "level": "ro" } })),
        },
    });
    let mut cases = Vec::new();
    for admin in ["root", "sys", "all"] {
        let user = |name: &str, rest: &str| format!("/_api/user/{name}{rest}");
        cases.extend([
            (admin, ("POST", "/_db/shop/_api/collection".to_owned(), json!({ "name": "c" })), None),
            (admin, ("POST", "/_api/collection".to_owned(), json!({ "name": "c" })), None),
            (admin, put(&user(admin, "/database/shop"), json!({ "grant": "rw" })), None),
            (admin, put(&user(admin, "/database/shop/items"), json!({ "grant": "rw" })), None),
            (admin, put(&user(admin, "/database/shop"), json!({ "grant": "ro" })), Some("own_account")),
            (admin, put(&user("dan", "/database/*"), json!({ "grant": "rw" })), None),
            (admin, put(&user("few", "/database/shop"), json!({ "grant": "rw" })), None),
            (admin, ("PATCH", user("dan", ""), json!({ "passwd": "violet tractor" })), None),
            (admin, ("DELETE", user("dan", ""), Json::Null), None),
        ]);
        for other in ["sys", "all"] {
            cases.push((admin, ("PATCH", user(other, ""), json!({ "extra": { "a": 1 } })), None));
        }
    }
    // An admin without access to one database can grant neither that database nor every database.
    cases.push(("few", put("/_api/user/dan/database/shop", json!({ "grant": "rw" })), Some("exceeds_your_rights")));
    cases.push(("few", put("/_api/user/dan/database/*", json!({ "grant": "rw" })), Some("exceeds_your_rights")));
    cases.push(("few", put("/_api/user/dan/database/elsewhere", json!({ "grant": "rw" })), None));
    cases.push((
        "few",
        ("PATCH", "/_api/user/sys".to_owned(), json!({ "active": false })),
        Some("target_outranks_you"),
    ));
    check(&ARANGODB, &seed, &cases);
}

/// Dropping a database removes the levels on it, `none` included.
#[test]
fn dropping_a_database_that_caps_the_caller_is_self_escalation() {
    let user = |grants: Json| json!({ "passwd": PASSWORD, "active": true, "grants": grants });
    let own = |level: Json| user(json!({ "_system": { "level": "rw" }, "shop": level }));
    let mut seed = json!({
        "databases": { "shop": ["items"], "other": [] },
        "users": {
            "ada": user(json!({ "_system": { "level": "rw" } })),
            "none": own(json!({ "level": "none" })),
            "ro": own(json!({ "level": "ro" })),
            "items": own(json!({ "level": "rw", "collections": { "items": "ro" } })),
            "gone": own(json!({ "collections": { "items": "rw", "gone": "none" } })),
            "rw": own(json!({ "level": "rw", "collections": { "items": "rw", "*": "none" } })),
            "dan": user(json!({ "*": { "level": "rw" }, "shop": { "level": "none" } })),
            "cyd": user(json!({ "shop": { "level": "rw", "collections": { "items": "rw" } } })),
        },
    });
    let drop = |name: &str| ("DELETE", format!("/_api/database/{name}"), Json::Null);
    let mut cases: Vec<(&str, Request, Option<&str>)> = vec![
        ("ada", drop("shop"), None),
        ("rw", drop("shop"), None),
        ("cyd", ("DELETE", "/_db/shop/_api/collection/items".to_owned(), Json::Null), None),
    ];
    for capped in ["none", "ro", "items", "gone"] {
        cases.extend([(capped, drop("shop"), Some("self_escalation")), (capped, drop("other"), None)]);
    }
    check(&ARANGODB, &seed, &cases);

    // A level on a database that does not exist yet applies to the user who creates it.
    seed["databases"] = json!({ "other": [] });
    let create = |owner: &str| {
        ("POST", "/_api/database".to_owned(), json!({ "name": "shop", "users": [{ "username": owner }] }))
    };
    check(
        &ARANGODB,
        &seed,
        &[
            ("none", create("none"), Some("self_escalation")),
            ("none", create("cyd"), Some("target_outranks_you")),
            ("none", create("dan"), Some("exceeds_your_rights")),
            ("ada", create("dan"), None),
        ],
    );
}

/// The check needs only the entries of the caller and of the database.
#[test]
fn dropping_a_database_does_not_read_other_users() {
    let mut users = (ARANGODB.seed)()["users"].clone();
    for n in 0..2_000 {
        users[format!("m{n}")] = json!({ "grants": { "shop": { "level": "none" } } });
    }
    let mut host = seeded(&ARANGODB, Guards::Strict, &json!({ "databases": { "shop": [] }, "users": users }));
    let response = send_as(&ARANGODB, &mut host, "ada", &("DELETE", "/_api/database/shop".to_owned(), Json::Null));
    assert_eq!(response.status, 200, "{response:?}");
    let read = |work: &String| work.strip_prefix("read ").map_or(0, |count| count.parse().unwrap());
    assert!(response.work.iter().map(read).sum::<usize>() < 12, "{:?}", response.work);
}

/// For its members, an inactive group gives nothing. For callers who change it, it counts as if it were active.
#[test]
fn activating_or_deactivating_a_group_counts_as_a_change_of_privileges() {
    let active = |group: &str, active: bool| put(&format!("/api/usergroups/{group}"), json!({ "active": active }));
    let permissions = |value: Json| put("/api/usergroups/off", json!({ "user_permissions": value }));
    check(
        &TYK,
        &(TYK.seed)(),
        &[
            ("gus@x.io", active("managers", false), Some("own_account")),
            ("ada@x.io", active("managers", false), None),
            // A member may own an API that the caller may not read.
            ("uma@x.io", active("low", false), Some("target_outranks_you")),
            ("ada@x.io", active("low", false), None),
            // A caller can neither add to an inactive group nor remove from it a permission that the caller lacks.
            ("uma@x.io", active("off", true), Some("target_outranks_you")),
            ("uma@x.io", permissions(json!({ "apis": "read" })), Some("target_outranks_you")),
            ("uma@x.io", put("/api/users/ina", json!({ "group_id": "" })), Some("target_outranks_you")),
            ("ada@x.io", active("off", true), None),
        ],
    );
}

/// A member who owns an API gets access to it by the permissions of the group.
#[test]
fn a_group_change_that_affects_an_api_of_a_member_needs_access_to_that_api() {
    let low = |change: Json| put("/api/usergroups/low", change);
    let apis = json!({ "user_permissions": { "apis": "read" } });
    let mut seed = (TYK.seed)();
    seed["users"][6]["group_id"] = "low".into();
    seed["groups"][0]["active"] = false.into();
    let rows = [
        ("uma@x.io", low(json!({ "active": true })), Some("exceeds_your_rights")),
        ("uma@x.io", low(json!({ "name": "lower" })), None),
        ("ada@x.io", low(json!({ "active": true })), None),
    ];
    check(&TYK, &seed, &rows);
    seed["groups"][0] = json!({ "id": "low", "active": true, "name": "low", "user_permissions": { "users": "read" } });
    check(
        &TYK,
        &seed,
        &[("uma@x.io", low(apis.clone()), Some("exceeds_your_rights")), ("ada@x.io", low(apis.clone()), None)],
    );
    let mut closing = (TYK.seed)();
    closing["users"][6]["group_id"] = "low".into();
    let less = json!({ "user_permissions": { "users": "read" } });
    let rows = [
        ("uma@x.io", low(json!({ "active": false })), Some("target_outranks_you")),
        ("uma@x.io", low(less.clone()), Some("target_outranks_you")),
        ("uma@x.io", low(json!({ "name": "lower" })), None),
        ("ada@x.io", low(json!({ "active": false })), None),
    ];
    check(&TYK, &closing, &rows);
    for seed in [&mut seed, &mut closing] {
        seed["config"]["enable_ownership"] = false.into();
    }
    check(&TYK, &seed, &[("uma@x.io", low(apis), None)]);
    check(&TYK, &closing, &[("uma@x.io", low(less), None), ("uma@x.io", low(json!({ "active": false })), None)]);
}

/// Some permissions of Tyk restrict: a denial of an admin, and `owned_analytics`.
#[test]
fn a_caller_cannot_lift_from_another_user_a_restriction_that_it_has() {
    let user = |permissions: Json| json!({ "first_name": "N", "last_name": "N", "email_address": "new@x.io", "active": true, "user_permissions": permissions });
    let create = |permissions: Json| ("POST", "/api/users".to_owned(), user(permissions));
    let mut seed = (TYK.seed)();
    seed["users"][2]["user_permissions"] =
        json!({ "users": "write", "user_groups": "write", "analytics": "read", "owned_analytics": "read" });
    check(
        &TYK,
        &seed,
        &[
            ("cap@x.io", create(json!({ "IsAdmin": "admin" })), Some("exceeds_your_rights")),
            ("cap@x.io", create(json!({ "IsAdmin": "admin", "policies": "deny" })), None),
            ("cap@x.io", ("DELETE", "/api/usergroups/low".to_owned(), Json::Null), Some("exceeds_your_rights")),
            ("ada@x.io", ("DELETE", "/api/usergroups/low".to_owned(), Json::Null), None),
            ("uma@x.io", create(json!({ "analytics": "read" })), Some("exceeds_your_rights")),
            ("uma@x.io", create(json!({ "analytics": "read", "owned_analytics": "read" })), None),
        ],
    );
}

#[test]
fn a_role_change_that_removes_the_callers_privileges_is_rejected() {
    let wso2 = |operation: &str, body| ("POST", format!("/services/UserAdmin/{operation}"), body);
    let view = "/permission/admin/manage/identity/rolemgt/update";
    check(
        &WSO2,
        &(WSO2.seed)(),
        &[
            ("rob", wso2("deleteRole", json!({ "roleName": "rolemgr" })), Some("own_account")),
            (
                "rob",
                wso2("setRoleUIPermission", json!({ "roleName": "rolemgr", "rawResources": [view] })),
                Some("own_account"),
            ),
            (
                "rob",
                wso2("updateUsersOfRole", json!({ "roleName": "rolemgr", "newUsers": [], "deletedUsers": ["rob"] })),
                Some("own_account"),
            ),
            ("lia", wso2("deleteRole", json!({ "roleName": "rolemgr" })), None),
        ],
    );
}

/// The denial of a role does not restrict other roles of its members, so deleting the role gives them nothing.
#[test]
fn a_role_that_denies_can_be_deleted() {
    let mut seed = (WSO2.seed)();
    seed["roles"].as_array_mut().unwrap().push(json!("quiet"));
    seed["users"][3]["roles"] = json!(["quiet", "creator"]);
    seed["rules"].as_array_mut().unwrap().push(
        json!({ "role": "quiet", "resource": "/permission/admin/manage/api", "action": "ui.execute", "effect": "deny" }),
    );
    let delete = ("POST", "/services/UserAdmin/deleteRole".to_owned(), json!({ "roleName": "quiet" }));
    check(&WSO2, &seed, &[("rob", delete, None)]);
}

#[test]
fn one_request_can_change_many_users() {
    let count = 150;
    let names: Vec<String> = (0..count).map(|n| format!("user{n}")).collect();
    let mut seed = (WSO2.seed)();
    for (n, name) in names.iter().enumerate() {
        seed["roles"].as_array_mut().unwrap().push(json!(format!("role{n}")));
        seed["users"].as_array_mut().unwrap().push(json!({ "name": name, "roles": [format!("role{n}")] }));
    }
    let members = json!({ "roleName": "creator", "newUsers": names, "deletedUsers": [] });
    check(&WSO2, &seed, &[("ann", ("POST", "/services/UserAdmin/updateUsersOfRole".into(), members), None)]);

    let mut users = (ARANGODB.seed)()["users"].clone();
    for name in &names {
        users[name] = json!({ "grants": { format!("of-{name}"): { "level": "rw" } } });
    }
    let created =
        json!({ "name": "fresh", "users": names.iter().map(|name| json!({ "username": name })).collect::<Vec<_>>() });
    check(&ARANGODB, &json!({ "users": users }), &[("ada", ("POST", "/_api/database".into(), created), None)]);
}

/// The other admin is the last of 30,000 users.
#[test]
fn another_admin_is_found_among_30_000_users_in_few_rounds() {
    let mut seed = (MEUSE.seed)();
    seed["users"].as_array_mut().unwrap().remove(1);
    let mut host = seeded(&MEUSE, Guards::Strict, &seed);
    let (_, plain) = host.entries.iter().find(|(key, _)| key.ends_with("/ron")).unwrap();
    let (plain, boss) = (plain.clone(), host.entries.iter().find(|(key, _)| key.ends_with("/boss")).unwrap().1.clone());
    for n in 0..30_000 {
        host.entries.insert(format!("user/m{n:05}"), plain.clone());
    }
    let demote = ("POST", "/api/v1/meuse/user/boss".to_owned(), json!({ "role": "tech" }));
    let response = send_as(&MEUSE, &mut host, "boss", &demote);
    assert_eq!(guard_code(&response), Some("last_admin"), "{response:?}");
    host.entries.insert("user/zoe".to_owned(), boss);
    let response = send_as(&MEUSE, &mut host, "boss", &demote);
    assert_eq!(guard_code(&response), Some("own_account"), "{response:?}");
    assert!(host.rounds < 15, "{} rounds", host.rounds);
}
