//! The strict guards: no request escalates privileges, and an administrator is always left. Without them each product's
//! own rules apply.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a broken test ends the test"
)]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

mod names;
mod passwords;
mod refusals;
mod rights;

use self::refusals::is_done;
use crate::support::guarded_products::{
    guard_code, pick, seeded, send, send_as, Command, Product, Question, Request, ANTMEDIA, ARANGODB, MEUSE, PASSWORD,
    TYK, WSO2,
};
use crate::support::host::Host;
use crate::support::repetitions::tries;
use latchwork::directory::Guards;
use latchwork::{open, SystemName, Value, Word};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{json, Value as Json};

/// Sequences of commands for each system, and commands in each.
const SEQUENCES: u32 = 40;
const COMMANDS: usize = 50;

#[test]
fn random_requests_to_antmedia_do_not_escalate_privileges_under_guards() {
    check_random_commands(&ANTMEDIA);
}

#[test]
fn random_requests_to_arangodb_do_not_escalate_privileges_under_guards() {
    check_random_commands(&ARANGODB);
}

#[test]
fn random_requests_to_meuse_do_not_escalate_privileges_under_guards() {
    check_random_commands(&MEUSE);
}

#[test]
fn random_requests_to_tyk_do_not_escalate_privileges_under_guards() {
    check_random_commands(&TYK);
}

#[test]
fn random_requests_to_wso2_do_not_escalate_privileges_under_guards() {
    check_random_commands(&WSO2);
}

/// Grants below a wildcard grant, and grants on collections without one on their database.
#[test]
fn random_requests_to_arangodb_with_wildcard_grants_do_not_escalate_privileges() {
    check_random_commands(&Product {
        seed: || {
            let mut seed = (ARANGODB.seed)();
            let rw = json!({ "level": "rw" });
            seed["users"]["bob"]["grants"] =
                json!({ "_system": rw, "*": { "level": "none", "collections": { "*": "ro" } } });
            seed["users"]["cyd"]["grants"] =
                json!({ "*": rw, "shop": { "collections": { "*": "none", "items": "ro" } } });
            seed["users"]["eve"]["grants"] = json!({ "_system": { "level": "rw", "collections": { "*": "none" } }, "shop": { "collections": { "items": "none" } } });
            seed["mode"] = "readonly".into();
            seed
        },
        ..ARANGODB
    });
}

/// Users without permissions are admins, and the own map of permissions leads from paths to sections.
#[test]
fn random_requests_to_tyk_with_a_permission_map_do_not_escalate_privileges() {
    check_random_commands(&Product {
        seed: || {
            let mut seed = (TYK.seed)();
            seed["config"]["empty_permissions_is_admin"] = true.into();
            seed["config"]["allow_admin_reset_password"] = false.into();
            let map = [("users", "^/api/users"), ("user_groups", "^/api/usergroups"), ("keys", "^/api/usage")];
            seed["permissions"] = map.map(|(section, rx)| json!({ "permission": section, "rx": rx })).to_vec().into();
            seed["users"].as_array_mut().unwrap().push(json!({
                "id": "joe2", "email_address": "two@x.io", "active": true, "password": PASSWORD, "user_permissions": {}, "group_id": "low",
            }));
            seed
        },
        ..TYK
    });
}

/// An admin user with another name, for whom the tree is checked, and a second store.
#[test]
fn random_requests_to_wso2_with_a_renamed_admin_user_do_not_escalate_privileges() {
    check_random_commands(&Product {
        seed: || {
            let mut seed = (WSO2.seed)();
            seed["realm"] = json!({ "admin_user": "lia", "skip_authz_check_for_super_admin": false });
            seed["stores"] = json!([{ "domain": "SEC" }]);
            seed["users"]
                .as_array_mut()
                .unwrap()
                .push(json!({ "name": "SEC/new", "roles": ["creator"], "password": PASSWORD }));
            seed["rules"].as_array_mut().unwrap().push(json!({
                "user": "SEC/eve", "resource": "/permission/admin", "action": "ui.execute", "effect": "allow",
            }));
            seed
        },
        users: &["ann", "lia", "eve", "rob", "max", "new", "SEC/new", "SEC/eve"],
        ..WSO2
    });
}

fn check_random_commands(product: &Product) {
    let commands = proptest::collection::vec(any::<Command>(), COMMANDS);
    let done = Cell::new(0);
    TestRunner::new(Config { cases: tries(SEQUENCES), failure_persistence: None, ..Config::default() })
        .run(&commands, |commands| {
            let mut host = seeded(product, Guards::Strict, &(product.seed)());
            let mut before = records(&host);
            for command in commands {
                let actor = pick(product.users, command.0);
                let Some(header) = (product.sign_in)(&mut host, actor) else { continue };
                let (request, secrets) = ((product.request)(&host, product.users, command), secrets(&host));
                let response = send(&mut host, Some(&header), &request);
                prop_assert!(response.status != 500, "{request:?} {response:?}");
                done.set(done.get() + usize::from(is_done(&response)));
                let after = records(&host);
                let broken = find_violation(product, actor, [&before, &after], [&secrets, &self::secrets(&host)]);
                prop_assert!(broken.is_none(), "{actor} by {request:?}: {broken:?} {response:?}");
                before = after;
            }
            let admin = BTreeSet::from([(product.admin.0.to_owned(), product.admin.1.to_owned())]);
            let held = permissions_of_users(product, &before, &admin);
            let mut admins = product.users.iter().filter(|user| held.get(**user).is_some_and(|has| !has.is_empty()));
            prop_assert!(admins.any(|user| (product.sign_in)(&mut host, user).is_some()), "no admin can sign in");
            Ok(())
        })
        .unwrap_or_else(|failure| match failure {
            TestError::Abort(reason) => panic!("{}: {reason}", product.name),
            TestError::Fail(reason, _) => panic!("{}: {reason}", product.name),
        });
    assert!(done.get() > 100, "only {done:?} commands of {} succeeded", product.name);
}

/// The questions that are allowed for each user.
type Permissions = BTreeMap<String, BTreeSet<Question>>;

/// The stored passwords and keys of each user.
type Secrets = BTreeMap<String, Vec<String>>;

/// The rule that a request of this actor violated. It compares the decisions for every user and resource, with the
/// records before and after the request.
fn find_violation(
    product: &Product,
    actor: &str,
    [before, after]: [&Json; 2],
    secrets: [&Secrets; 2],
) -> Option<String> {
    let mut questions: BTreeSet<Question> = [before, after].into_iter().flat_map(product.questions).collect();
    questions.insert((product.admin.0.to_owned(), product.admin.1.to_owned()));
    // A crate without owners can be given to any user.
    let is_owned = |krate: &str| owners(before).any(|(owned, _)| owned == krate);
    let [had, has] = [before, after].map(|records| {
        let mut held = permissions_of_users(product, records, &questions);
        for (krate, owner) in owners(records).filter(|(krate, _)| is_owned(krate)) {
            held.entry(owner.to_owned()).or_default().insert((OWN.to_owned(), krate.to_owned()));
        }
        held
    });
    let nothing = BTreeSet::new();
    let own = had.get(actor).unwrap_or(&nothing);
    for (user, has) in &has {
        let had = had.get(user).unwrap_or(&nothing);
        let is_own = user == actor;
        if let Some(more) = has.iter().find(|question| !had.contains(question) && (is_own || !own.contains(question))) {
            return Some(format!("{user} has {more:?} now, and the actor did not have it"));
        }
        let lost =
            |question: &&Question| question.0 != OWN && !has.contains(question) && (is_own || !own.contains(question));
        if let Some(lost) = had.iter().find(lost) {
            return Some(format!("{user} has {lost:?} no longer"));
        }
    }
    // An actor who sets a credential of another user must have all privileges of this user, also if the user is inactive.
    let mut potential = permissions_of_users(product, &with_all_active(before), &questions);
    for (krate, owner) in owners(before) {
        potential.entry(owner.to_owned()).or_default().insert((OWN.to_owned(), krate.to_owned()));
    }
    for (user, by) in secrets[1].iter().filter(|(user, _)| *user != actor) {
        let is_changed = secrets[0].get(user).is_some_and(|before| by.iter().any(|secret| !before.contains(secret)));
        let more = potential.get(user).and_then(|may| may.iter().find(|question| !own.contains(question)));
        if let (true, Some(more)) = (is_changed, more) {
            return Some(format!("the actor can sign in as {user}, who has {more:?}"));
        }
    }
    let left = owners(before).find(|(krate, _)| !owners(after).any(|(owned, _)| owned == *krate));
    if let Some((krate, _)) = left.filter(|(krate, _)| !own.contains(&(OWN.to_owned(), (*krate).to_owned()))) {
        return Some(format!("{krate} has no owner now"));
    }
    let is_admin = |may: &BTreeSet<Question>| may.iter().any(|(a, r)| (a.as_str(), r.as_str()) == product.admin);
    (!has.values().any(is_admin)).then(|| "no admin is left".to_owned())
}

/// The action of the question whether a user owns a crate.
const OWN: &str = "own";

/// Crates with each of their owners.
fn owners(records: &Json) -> impl Iterator<Item = (&str, &str)> {
    records["crates"].as_array().into_iter().flatten().flat_map(|krate| {
        let name = krate["name"].as_str().unwrap();
        krate["owners"].as_array().unwrap().iter().map(move |owner| (name, owner.as_str().unwrap()))
    })
}

fn records(host: &Host) -> Json {
    serde_json::from_str(&host.records().to_string()).unwrap()
}

/// The same records with every user and group active.
fn with_all_active(records: &Json) -> Json {
    let mut records = records.clone();
    for list in ["users", "groups"] {
        let items: Vec<&mut Json> = match records.get_mut(list) {
            Some(Json::Object(users)) => users.values_mut().collect(),
            Some(Json::Array(items)) => items.iter_mut().collect(),
            _ => Vec::new(),
        };
        for item in items.into_iter().filter(|item| item["active"] == false) {
            item["active"] = true.into();
        }
    }
    records
}

/// The stored passwords and access keys, by the names of their users.
fn secrets(host: &Host) -> Secrets {
    let mut secrets = Secrets::new();
    for (key, entry) in host.entries.iter().filter(|(key, _)| key.starts_with("user/")) {
        let user: Json = serde_json::from_str(&entry.value.to_string()).unwrap();
        let named = [&user["record"]["email_address"], &user["told"]["email"], &user["name"]];
        let name = named.into_iter().find_map(Json::as_str).unwrap_or_else(|| key.rsplit('/').next().unwrap());
        let by = [&user["hash"], &user["key"], &user["record"]["access_key"]];
        secrets.insert(name.to_owned(), by.into_iter().filter_map(Json::as_str).map(str::to_owned).collect());
    }
    secrets
}

/// The questions that are allowed for each user, by the names with which they sign in.
fn permissions_of_users(product: &Product, records: &Json, questions: &BTreeSet<Question>) -> Permissions {
    let authorizer = open(product.name, &records.to_string()).unwrap();
    // Decisions use the id of a user.
    let users: Vec<(String, String)> = match &records["users"] {
        Json::Object(users) => users.keys().map(|name| (name.clone(), name.clone())).collect(),
        users => {
            let name = |user: &Json, member: &str| user[member].as_str().unwrap_or_default().to_owned();
            let signs_in = if product.identity == "id" { "email_address" } else { product.identity };
            users.as_array().unwrap().iter().map(|user| (name(user, signs_in), name(user, product.identity))).collect()
        }
    };
    let mut held = Permissions::new();
    for (name, id) in users {
        let subject = authorizer.subject(Some(&id));
        let may =
            |(action, resource): &&Question| authorizer.decide(&subject, action, resource, &Value::Null).unwrap().allow;
        held.insert(name, questions.iter().filter(may).cloned().collect());
    }
    held
}

/// The admin user of the realm has its privileges by its name, not by rules.
#[test]
fn a_user_with_the_name_of_the_admin_user_outranks_all_others() {
    for realm in [
        json!({ "admin_user": "root", "skip_authz_check_for_super_admin": false }),
        json!({ "admin_user": "root", "tenant": "x.com" }),
    ] {
        let mut seed = (WSO2.seed)();
        seed["realm"] = realm;
        seed["users"].as_array_mut().unwrap().push(json!({ "name": "root" }));
        let body = json!({ "userName": "root", "newRoles": ["usermgr"] });
        let request = ("POST", "/services/UserAdmin/updateRolesOfUser".to_owned(), body);
        let mut host = seeded(&WSO2, Guards::Strict, &seed);
        let response = send_as(&WSO2, &mut host, "rob", &request);
        assert_eq!((response.status, guard_code(&response)), (403, Some("target_outranks_you")), "{response:?}");
        let mut host = seeded(&WSO2, Guards::Off, &seed);
        assert_eq!(send_as(&WSO2, &mut host, "rob", &request).status, 200);
    }
}

#[test]
fn demoting_deactivating_or_deleting_the_last_admin_is_rejected() {
    let mut seed = (MEUSE.seed)();
    seed["users"].as_array_mut().unwrap().remove(1);
    let requests = [json!({ "role": "tech" }), json!({ "active": false }), Json::Null];
    for body in requests {
        let method = if body.is_null() { "DELETE" } else { "POST" };
        let request = (method, "/api/v1/meuse/user/boss".to_owned(), body);
        let mut host = seeded(&MEUSE, Guards::Strict, &seed);
        let response = send_as(&MEUSE, &mut host, "boss", &request);
        assert_eq!((response.status, guard_code(&response)), (409, Some("last_admin")), "{response:?}");
        let mut host = seeded(&MEUSE, Guards::Off, &seed);
        assert_eq!(send_as(&MEUSE, &mut host, "boss", &request).status, 200);
    }
}

/// An active admin with a password counts, also beyond the first page of users.
#[test]
fn an_admin_who_cannot_sign_in_does_not_count_as_another_admin() {
    let ada = json!({ "ada": { "passwd": PASSWORD, "active": true, "grants": { "_system": { "level": "rw" } } } });
    let request = ("PUT", "/_api/user/ada/database/_system".to_owned(), json!({ "grant": "none" }));
    let others = [
        (json!({ "active": true, "grants": { "_system": { "level": "rw" } } }), "last_admin"),
        (json!({ "passwd": PASSWORD, "active": false, "grants": { "_system": { "level": "rw" } } }), "last_admin"),
        (json!({ "passwd": PASSWORD, "active": true, "grants": { "_system": { "level": "rw" } } }), "own_account"),
    ];
    for (other, code) in others {
        let mut users = ada.clone();
        for n in 0..600 {
            users[format!("m{n}")] = json!({ "active": true });
        }
        users["zoe"] = other;
        let mut host = seeded(&ARANGODB, Guards::Strict, &json!({ "users": users }));
        let response = send_as(&ARANGODB, &mut host, "ada", &request);
        assert_eq!(guard_code(&response), Some(code), "{response:?}");
    }
}

#[test]
fn initial_records_without_an_admin_are_rejected() {
    for product in [&ANTMEDIA, &ARANGODB, &MEUSE, &TYK] {
        let mut seed = (product.seed)();
        let admins = ["ada", "bob", "eve", "boss", "root@x.io", "ann@x.io", "ada@x.io", "bob@x.io", "cap@x.io"];
        match &mut seed["users"] {
            Json::Object(users) => users.retain(|name, _| !admins.contains(&name.as_str())),
            users => users.as_array_mut().unwrap().retain(|user| {
                !["name", "email", "email_address"]
                    .iter()
                    .any(|name| user[name].as_str().is_some_and(|name| admins.contains(&name)))
            }),
        }
        let mut host = Host::new(SystemName::from_word(product.name).unwrap());
        host.guards = Guards::Strict;
        let refused = host.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap_err();
        assert!(refused.contains("no_admin"), "{refused}");
        assert!(host.entries.is_empty());
        host.guards = Guards::Off;
        host.seed(&Value::parse(&seed.to_string()).unwrap()).unwrap();
    }
}

#[test]
fn a_new_password_revokes_tokens_sessions_and_keys_under_guards() {
    let cases: [(&Product, &str, &str, Request, Request); 4] = [
        (
            &MEUSE,
            "boss",
            "ron",
            ("POST", "/api/v1/meuse/user/ron".into(), json!({ "password": "kelp-Orbit8-sled" })),
            ("GET", "/api/v1/meuse/crate".into(), Json::Null),
        ),
        (
            &MEUSE,
            "ron",
            "ron",
            ("POST", "/api/v1/meuse/user/ron".into(), json!({ "password": "kelp-Orbit8-sled" })),
            ("GET", "/api/v1/meuse/crate".into(), Json::Null),
        ),
        (
            &ANTMEDIA,
            "root@x.io",
            "sue@x.io",
            ("PUT", "/rest/v2/users".into(), json!({ "email": "sue@x.io", "newPassword": "kelp-Orbit8-sled" })),
            ("GET", "/rest/v2/user-list".into(), Json::Null),
        ),
        (
            &TYK,
            "joe@x.io",
            "key",
            (
                "POST",
                "/api/users/joe/actions/reset".into(),
                json!({ "new_password": "kelp-Orbit8-sled", "current_password": PASSWORD }),
            ),
            ("GET", "/api/users/me".into(), Json::Null),
        ),
    ];
    for (product, actor, whose, change, request) in cases {
        for (guards, still) in [(Guards::Off, true), (Guards::Strict, false)] {
            let mut seed = (product.seed)();
            if product.name == "tyk" {
                // Every user is allowed to set their own password.
                seed["groups"][0]["user_permissions"] = json!({ "users": "write", "ResetPassword": "write" });
            }
            let mut host = seeded(product, guards, &seed);
            let header = match whose {
                "key" => ("authorization", "key-joe@x.io".to_owned()),
                user => (product.sign_in)(&mut host, user).unwrap(),
            };
            assert_eq!(send(&mut host, Some(&header), &request).status, 200, "{}", product.name);
            let done = send_as(product, &mut host, actor, &change);
            assert_eq!(done.status, 200, "{done:?}");
            assert_eq!(send(&mut host, Some(&header), &request).status == 200, still, "{} {guards:?}", product.name);
        }
    }
}

/// The permissions of a group replace those of its members, who get their own back when the group is deleted.
#[test]
fn deleting_a_group_that_caps_the_caller_is_self_escalation() {
    let mut seed = (TYK.seed)();
    seed["groups"][0]["user_permissions"] = json!({ "user_groups": "write" });
    let request = ("DELETE", "/api/usergroups/low".to_owned(), Json::Null);
    let mut host = seeded(&TYK, Guards::Strict, &seed);
    let response = send_as(&TYK, &mut host, "joe@x.io", &request);
    assert_eq!((response.status, guard_code(&response)), (403, Some("self_escalation")), "{response:?}");
    let mut host = seeded(&TYK, Guards::Off, &seed);
    assert_eq!(send_as(&TYK, &mut host, "joe@x.io", &request).status, 200);
}

#[test]
fn an_access_key_is_returned_only_when_it_is_created() {
    let new = json!({ "first_name": "N", "last_name": "N", "email_address": "new@x.io", "active": true, "user_permissions": { "apis": "read" } });
    let mut host = seeded(&TYK, Guards::Strict, &(TYK.seed)());
    let response = send_as(&TYK, &mut host, "ada@x.io", &("POST", "/api/users".into(), new));
    let created: Json = serde_json::from_str(&response.text).unwrap();
    let key = ("authorization", created["Meta"].as_str().unwrap().to_owned());
    let own = send(&mut host, Some(&key), &("GET", "/api/users/me".into(), Json::Null));
    assert_eq!(own.status, 200);
    let list = send_as(&TYK, &mut host, "ada@x.io", &("GET", "/api/users".into(), Json::Null));
    let has_key = |text: &str| text.replace("\"access_key\":\"\"", "").contains("access_key");
    assert!(!has_key(&own.text) && !has_key(&list.text) && !list.text.contains(&key.1));
    // The store has only its digest, so that no later response can contain the key.
    assert!(!host.entries.values().any(|entry| entry.value.to_string().contains(&key.1)));
    host.guards = Guards::Off;
    let own = send(&mut host, Some(&key), &("GET", "/api/users/me".into(), Json::Null));
    assert!(own.status == 200 && !has_key(&own.text), "{own:?}");
}
