//! The strict guards where rights hang on more than the user's own entry: on what it owns, on groups and roles, on
//! wildcards; and where a call changes many at once.

use crate::support::guarded_products::{asked, guard, seeded, Product, Request, ARANGODB, MEUSE, PASSWORD, TYK, WSO2};
use latchwork::directory::Guards;
use serde_json::{json, Value as Json};

/// Each request on a store of its own: refused by this guard, or done.
fn check(product: &Product, seed: &Json, cases: &[(&str, Request, Option<&str>)]) {
    for (actor, request, expected) in cases {
        let mut host = seeded(product, Guards::Strict, seed);
        let answer = asked(product, &mut host, actor, request);
        assert_eq!(guard(&answer), *expected, "{actor} {request:?} {answer:?}");
        assert_eq!(answer.status < 300, expected.is_none(), "{actor} {request:?} {answer:?}");
        let mut host = seeded(product, Guards::Off, seed);
        let answer = asked(product, &mut host, actor, request);
        assert!(answer.status < 300, "{actor} {request:?} {answer:?}");
    }
}

fn put(path: &str, body: Json) -> Request {
    ("PUT", path.to_owned(), body)
}

#[test]
fn what_apis_one_owns_is_a_right_too() {
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

/// A group stands in for its members' own permissions, which nobody looks through when it goes.
#[test]
fn a_group_is_changed_by_its_managers_and_deleted_by_admins() {
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
fn no_admin_comes_to_own_a_crate_by_way_of_another_user() {
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
            // Nor does an admin sign in as an owner. What is no way in stays an admin's to change.
            ("boss", tec(json!({ "password": "kelp-Orbit8-sled" })), Some("target_outranks_you")),
            ("boss", tec(json!({ "description": "d" })), None),
            ("boss", tec(json!({ "active": false })), None),
            ("boss", tec(json!({ "role": "read-only" })), None),
            ("tec", tec(json!({ "password": "kelp-Orbit8-sled" })), None),
        ],
    );
    // Whoever publishes a crate that was not there is its first owner.
    let meta = json!({ "name": "fresh", "vers": "1.0.0", "deps": [], "features": {}, "authors": [], "keywords": [] });
    let mut host = seeded(&MEUSE, Guards::Strict, &seed);
    let answer = asked(&MEUSE, &mut host, "tec", &put("/api/v1/crates/new", meta));
    assert!(answer.text.contains("warning"), "{answer:?}");
}

/// An admin has every database by `_system` or by `*`, and so may give and take grants on all, and make collections
/// in all.
#[test]
fn a_wildcard_stands_for_what_has_no_name() {
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
    // Who is kept from one database gives nobody what is in it, nor every database.
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

/// What is dropped takes the levels on it along, `none` too.
#[test]
fn no_caller_drops_a_database_to_be_rid_of_their_own_level_on_it() {
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

    // A level on a name that is to come counts for whoever makes it.
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

/// It takes the caller's own entry and that of the database, however many users have levels there.
#[test]
fn a_drop_reads_no_other_users() {
    let mut users = (ARANGODB.seed)()["users"].clone();
    for n in 0..2_000 {
        users[format!("m{n}")] = json!({ "grants": { "shop": { "level": "none" } } });
    }
    let mut host = seeded(&ARANGODB, Guards::Strict, &json!({ "databases": { "shop": [] }, "users": users }));
    let answer = asked(&ARANGODB, &mut host, "ada", &("DELETE", "/_api/database/shop".to_owned(), Json::Null));
    assert_eq!(answer.status, 200, "{answer:?}");
    let read = |work: &String| work.strip_prefix("read ").map_or(0, |count| count.parse().unwrap());
    assert!(answer.work.iter().map(read).sum::<usize>() < 12, "{:?}", answer.work);
}

/// A group counts as it is for its members, and as if it were active for those who manage it.
#[test]
fn a_group_that_is_switched_off_or_on_is_a_change_of_rights() {
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
            // More than the caller has is not given in an inactive group either, nor taken from one.
            ("uma@x.io", active("off", true), Some("target_outranks_you")),
            ("uma@x.io", permissions(json!({ "apis": "read" })), Some("target_outranks_you")),
            ("uma@x.io", put("/api/users/ina", json!({ "group_id": "" })), Some("target_outranks_you")),
            ("ada@x.io", active("off", true), None),
        ],
    );
}

/// A member who owns an API gets more by a group than others do.
#[test]
fn a_group_change_opens_and_closes_no_api_of_its_members_that_the_caller_may_not_read() {
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

/// Some permissions of Tyk take something away: a denial of an admin, and `owned_analytics`.
#[test]
fn what_caps_the_caller_is_lifted_from_nobody() {
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
fn ones_own_rights_are_not_given_up_by_way_of_a_role() {
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

/// A role's denial is the role's own: another may give the same, and nothing comes back to its members when it goes.
#[test]
fn a_role_that_denies_hides_nothing() {
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
fn one_call_may_change_many() {
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

/// The last of 30,000 is the other admin: the search for it ends, in a number of steps that hardly grows.
#[test]
fn another_admin_is_found_among_many() {
    let mut seed = (MEUSE.seed)();
    seed["users"].as_array_mut().unwrap().remove(1);
    let mut host = seeded(&MEUSE, Guards::Strict, &seed);
    let (_, plain) = host.entries.iter().find(|(key, _)| key.ends_with("/ron")).unwrap();
    let (plain, boss) = (plain.clone(), host.entries.iter().find(|(key, _)| key.ends_with("/boss")).unwrap().1.clone());
    for n in 0..30_000 {
        host.entries.insert(format!("user/m{n:05}"), plain.clone());
    }
    let demote = ("POST", "/api/v1/meuse/user/boss".to_owned(), json!({ "role": "tech" }));
    let answer = asked(&MEUSE, &mut host, "boss", &demote);
    assert_eq!(guard(&answer), Some("last_admin"), "{answer:?}");
    host.entries.insert("user/zoe".to_owned(), boss);
    let answer = asked(&MEUSE, &mut host, "boss", &demote);
    assert_eq!(guard(&answer), Some("own_account"), "{answer:?}");
    assert!(host.rounds < 15, "{} rounds", host.rounds);
}
