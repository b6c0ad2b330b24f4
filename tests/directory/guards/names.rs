//! New names under strict guards: reserved and deceptive ones are rejected.

use latchwork::directory::Guards;
use serde_json::json;

use super::refusals::{check_rejections, is_done, patch, post, put, send_by, wso2, Header, User};
use crate::support::guarded_products::{guard_code, seeded, ANTMEDIA, ARANGODB, MEUSE, PASSWORD, TYK, WSO2};

#[test]
fn a_new_user_role_or_group_with_a_reserved_name_is_rejected() {
    let meuse = |name: &str| {
        let body = json!({ "name": name, "password": PASSWORD, "role": "tech", "description": "d", "active": true });
        post("/api/v1/meuse/user", body)
    };
    let antmedia = |email: &str| {
        post("/rest/v2/users", json!({ "email": email, "password": PASSWORD, "scope": "system", "userType": "USER" }))
    };
    let arangodb = |name: &str| post("/_api/user", json!({ "user": name, "passwd": PASSWORD }));
    let group = |name: &str| post("/api/usergroups", json!({ "name": name, "user_permissions": { "apis": "read" } }));
    let add_user = |name: &str| wso2("addUser", json!({ "userName": name, "password": PASSWORD, "roles": [] }));
    let add_role = |name: &str| wso2("addRole", json!({ "roleName": name, "userList": [], "permissions": [] }));
    let rename = |name: &str| wso2("updateRoleName", json!({ "roleName": "Internal/guests", "newRoleName": name }));
    let scim = |name: &str| post("/scim2/Groups", json!({ "displayName": name }));
    let database = json!({ "name": "more", "users": [{ "username": "Root", "passwd": PASSWORD }] });
    let operators = json!({ "first_name": "N", "last_name": "N", "email_address": "\u{2067}n@x.io", "active": true,
        "user_permissions": { "apis": "read" } });
    let admin = Header("admin-auth", "secret of the admin API");
    let (ada, root, uma) = (User("ada"), User("root@x.io"), User("ada@x.io"));
    let (lia, boss) = (User("lia"), User("boss"));
    let cases = vec![
        (&MEUSE, boss, meuse("root")),
        (&MEUSE, boss, meuse("UNDEFINED")),
        (&MEUSE, boss, meuse(" ann")),
        (&ANTMEDIA, root, antmedia("Admin")),
        (&ANTMEDIA, root, antmedia("me")),
        (&ANTMEDIA, root, antmedia("root@x.io\u{200f}")),
        (&ARANGODB, ada, arangodb("_system")),
        (&ARANGODB, ada, arangodb("*")),
        (&ARANGODB, ada, arangodb("Undefined")),
        (&ARANGODB, ada, arangodb("a\nb")),
        (&ARANGODB, ada, post("/_api/database", database)),
        (&TYK, uma, group("Everyone")),
        (&TYK, uma, group("low\u{202e}")),
        (&TYK, uma, put("/api/usergroups/low", json!({ "name": "Administrator" }))),
        (&TYK, uma, put("/api/users/joe", json!({ "email_address": "joe\u{202e}@x.io" }))),
        (&TYK, admin, post("/admin/users", operators)),
        (&WSO2, lia, add_user("ROOT")),
        (&WSO2, lia, add_user("SEC/Administrator")),
        (&WSO2, lia, add_role("self")),
        (&WSO2, lia, add_role("SEC/null")),
        (&WSO2, lia, add_role("Internal/me")),
        (&WSO2, lia, rename("Internal/Anonymous")),
        (&WSO2, lia, scim("system")),
    ];
    check_rejections(cases.into_iter().map(|(product, by, request)| (product, by, request, "reserved_name")).collect());
}

/// Invisible characters, and characters that look like others, in each request that sets a name.
#[test]
fn a_new_name_with_invisible_or_confusable_characters_is_rejected() {
    let hidden: Vec<String> = [
        "\u{ad}",
        "\u{34f}",
        "\u{115f}",
        "\u{180e}",
        "\u{200b}",
        "\u{200d}",
        "\u{2060}",
        "\u{3164}",
        "\u{feff}",
        "\u{fe0f}",
        "\u{e0061}",
        "\u{2800}",
        "\u{a0}",
    ]
    .into_iter()
    .map(|hidden| format!("ro{hidden}ot"))
    .collect();
    let alike = ["аdmin", "ｒｏｏｔ", "pаypal", "Ivаn"].map(str::to_owned);
    let plain = ["نامه\u{200c}ای", "日本", "иван", "żółć"].map(str::to_owned);
    let (ada, root, uma, lia, boss) = (User("ada"), User("root@x.io"), User("ada@x.io"), User("lia"), User("boss"));
    let requests = |name: &str| {
        let email =
            json!({ "email": format!("{name}@x.io"), "password": PASSWORD, "scope": "system", "userType": "USER" });
        let group = json!({ "name": name, "user_permissions": { "apis": "read" } });
        let crates_user =
            json!({ "name": name, "password": PASSWORD, "role": "tech", "description": "d", "active": true });
        vec![
            (&MEUSE, boss, post("/api/v1/meuse/user", crates_user)),
            (&ANTMEDIA, root, post("/rest/v2/users", email)),
            (&ARANGODB, ada, post("/_api/user", json!({ "user": name, "passwd": PASSWORD }))),
            (&TYK, uma, post("/api/usergroups", group)),
            (&WSO2, lia, wso2("addUser", json!({ "userName": name, "password": PASSWORD, "roles": [] }))),
            (&WSO2, lia, wso2("addRole", json!({ "roleName": name, "userList": [], "permissions": [] }))),
            (&WSO2, lia, post("/scim2/Groups", json!({ "displayName": name }))),
        ]
    };
    for name in plain {
        for (product, by, request) in requests(&name) {
            let mut host = seeded(product, Guards::Strict, &(product.seed)());
            let response = send_by(product, &mut host, by, &request);
            // A product can reject these characters; the guards accept them.
            assert_eq!(guard_code(&response), None, "{request:?} {response:?}");
        }
    }
    for name in hidden.iter().chain(&alike) {
        for (product, by, request) in requests(name) {
            let mut host = seeded(product, Guards::Off, &(product.seed)());
            let is_taken = is_done(&send_by(product, &mut host, by, &request));
            let mut host = seeded(product, Guards::Strict, &(product.seed)());
            let response = send_by(product, &mut host, by, &request);
            assert_eq!(guard_code(&response), is_taken.then_some("reserved_name"), "{request:?} {response:?}");
        }
    }
}

/// The operator can seed users with reserved names.
#[test]
fn an_existing_user_with_a_reserved_name_can_be_changed() {
    let seed = json!({ "users": { "root": { "passwd": "x", "grants": { "_system": { "level": "rw" } } } } });
    let mut host = seeded(&ARANGODB, Guards::Strict, &seed);
    let root = Header("authorization", "Basic cm9vdDp4");
    let password = json!({ "passwd": PASSWORD, "extra": { "seen": true } });
    assert!(is_done(&send_by(&ARANGODB, &mut host, root, &patch("/_api/user/root", password))));
}
