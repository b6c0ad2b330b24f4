//! Properties of WSO2's permission tree, and a comparison with a naive implementation.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where something is not as it should be")]

use crate::support::repetitions::tries;
use latchwork::{open, Authorizer, Decision, Principal, Value};
use proptest::prelude::*;
use serde_json::{json, Value as Json};

/// Segments with common prefixes or in different case. One of them is frequent, so that paths lie below each other.
const PARTS: [&str; 9] = ["a", "a", "a", "a", "ab", "ab", "A", "b", "permission"];
const ACTIONS: [&str; 6] = ["get", "get", "get", "READ", "edit", "ui.execute"];
const USERS: [&str; 6] = ["bob", "ann", "SEC/bob", "CASE/bob", "CASE/Bob", "admin"];
const ROLES: [&str; 6] = ["r1", "r2", "SEC/r1", "Internal/r1", "Internal/everyone", "admin"];
const ASKED: [&str; 14] = [
    "bob",
    "PRIMARY/BOB",
    "Ann",
    "sec/Bob",
    "SEC/ann",
    "case/bob",
    "CASE/Bob",
    "CASE/BOB",
    "ghost",
    "NOPE/bob",
    "Admin",
    "SEC/admin",
    "wso2.anonymous.user",
    "",
];

/// Claims of users. Most of the users are active.
const CLAIMS: [&str; 8] = [
    "{}",
    "{}",
    "{}",
    r#"{ "urn:ietf:params:scim:schemas:core:2.0:User:active": true }"#,
    r#"{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountLocked": "FALSE" }"#,
    r#"{ "urn:ietf:params:scim:schemas:core:2.0:User:active": "False" }"#,
    r#"{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountDisabled": true }"#,
    r#"{ "http://wso2.org/claims/identity/accountLocked": "true" }"#,
];

fn decide<'a>(authorizer: &'a Authorizer, user: Option<&str>, action: &str, resource: &str) -> Decision<'a> {
    authorizer.decide(&authorizer.subject(user), action, resource, &Value::Null).unwrap()
}

fn allows(records: &Json, user: Option<&str>, action: &str, resource: &str) -> bool {
    decide(&opened(records), user, action, resource).allow
}

fn opened(records: &Json) -> Authorizer {
    open("wso2", &records.to_string()).unwrap()
}

/// A path in the form of rules and questions: sometimes without a leading slash, or with trailing slashes.
fn path() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..4);
    (parts, prop::sample::select(vec!["/", ""]), prop::sample::select(vec!["", "", "/", "//"]))
        .prop_map(|(parts, before, after)| format!("{before}{}{after}", parts.join("/")))
        // A path of only slashes is the root, but `//a` is not `/a`.
        .prop_filter("one leading slash", |path| !path.trim_end_matches('/').starts_with("//"))
}

/// A question's resource, also with empty segments and versions.
fn resource() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        12 => prop::sample::select(PARTS.to_vec()),
        1 => prop::sample::select(vec!["", "a;version:12", ";version:1", "a;version:1b", "a;version:", ".."]),
    ];
    (prop::collection::vec(part, 0..6), any::<bool>())
        .prop_map(|(parts, slash)| format!("{}{}", if slash { "/" } else { "" }, parts.join("/")))
}

fn rule() -> impl Strategy<Value = Json> {
    let roles = || prop::sample::select(ROLES.to_vec()).prop_map(|name| ("role", name));
    let users = || prop::sample::select(USERS.to_vec()).prop_map(|name| ("user", name));
    let action = prop::sample::select(ACTIONS.to_vec());
    (prop_oneof![3 => roles(), 1 => users()], path(), action, any::<bool>()).prop_map(
        |((kind, name), resource, action, allow)| {
            let effect = if allow { "allow" } else { "deny" };
            json!({ kind: name, "resource": resource, "action": action, "effect": effect })
        },
    )
}

fn records() -> impl Strategy<Value = Json> {
    let held = prop::collection::vec(prop::sample::subsequence(ROLES.to_vec(), 0..=3), USERS.len());
    let claims = prop::collection::vec(prop::sample::select(CLAIMS.to_vec()), USERS.len());
    let realm = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.8), prop::bool::weighted(0.8));
    let rules = prop::collection::vec(rule(), 0..28);
    (held, claims, rules, realm).prop_map(|(held, claims, rules, (exact, skip, tenant, preserve))| {
        let user = |((name, roles), claims): ((&&str, Vec<&str>), &str)| {
            let claims: Json = serde_json::from_str(claims).unwrap();
            json!({ "name": name, "roles": roles, "claims": claims })
        };
        let users: Vec<Json> = USERS.iter().zip(held).zip(claims).map(user).collect();
        json!({
            "realm": {
                "tenant": if tenant { "carbon.super" } else { "example.org" },
                "case_sensitive_authorization_rules": exact,
                "skip_authz_check_for_super_admin": skip,
                "preserve_case_for_resources": preserve,
            },
            "stores": [{ "domain": "SEC" }, { "domain": "CASE", "case_insensitive_username": false }],
            "roles": ROLES,
            "users": users,
            "rules": rules,
        })
    })
}

/// A naive implementation of the rules, on the JSON text of the records.
mod naive {
    use std::sync::LazyLock;

    use super::{json, Json};

    /// The normalized name, for the three stores of these tests.
    fn name(text: &str, of_user: bool) -> String {
        let (domain, local) = match text.split_once('/') {
            Some((domain, local)) => (domain.to_uppercase(), local),
            None => ("PRIMARY".to_owned(), text),
        };
        let exact = of_user && domain == "CASE";
        format!("{domain}/{}", if exact { local.to_owned() } else { local.to_lowercase() })
    }

    fn action(text: &str) -> String {
        let text = text.to_lowercase();
        if text == "read" {
            "get".to_owned()
        } else {
            text
        }
    }

    fn without_versions(resource: &str) -> String {
        static VERSION: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(";version:[0-9]+").unwrap());

        VERSION.replace_all(resource, "").into_owned()
    }

    fn parts(resource: &str, records: &Json) -> Vec<String> {
        let mut parts: Vec<&str> = resource.split('/').collect();
        if parts.first() == Some(&"") {
            parts.remove(0);
        }
        while parts.last() == Some(&"") {
            parts.pop();
        }
        let preserve = records["realm"]["preserve_case_for_resources"].as_bool().unwrap();
        parts.iter().map(|part| if preserve { (*part).to_owned() } else { part.to_lowercase() }).collect()
    }

    fn rules(records: &Json) -> Vec<Json> {
        let first = json!({ "role": "admin", "resource": "/permission", "action": "ui.execute", "effect": "allow" });
        let mut rules = vec![first];
        rules.extend(records["rules"].as_array().unwrap().clone());
        rules
    }

    /// The effect of the nearest rule, if one exists.
    fn walk(records: &Json, kind: &str, subject: &str, asked: &str, resource: &str) -> Option<bool> {
        let mut state = None;
        let question = parts(resource, records);
        for depth in 0..=question.len() {
            let node = &question[..depth];
            if node.contains(&String::new()) {
                break;
            }
            // A later rule for the same node, subject and action replaces an earlier one.
            for rule in rules(records) {
                let for_subject = rule[kind].as_str().is_some_and(|text| name(text, kind == "user") == subject);
                let at_node = parts(rule["resource"].as_str().unwrap(), records) == node;
                if for_subject && at_node && action(rule["action"].as_str().unwrap()) == action(asked) {
                    state = Some(rule["effect"] == "allow");
                }
            }
        }
        state
    }

    pub(crate) fn role_question(records: &Json, role: &str, asked: &str, resource: &str) -> (bool, &'static str) {
        match walk(records, "role", &name(role, false), asked, resource) {
            Some(true) => (true, "role-rule"),
            Some(false) => (false, "deny-rule"),
            None => (false, "no-rule"),
        }
    }

    /// Whether a claim deactivates the user, or locks or disables its account.
    fn is_inactive(record: &Json) -> bool {
        record["claims"].as_object().unwrap().iter().any(|(claim, value)| {
            let value = value.to_string().to_lowercase();
            let is = |flag: &str| value.trim_matches('"') == flag;
            if claim.ends_with(":active") {
                is("false")
            } else {
                is("true")
            }
        })
    }

    pub(crate) fn user_question(
        records: &Json,
        user: Option<&str>,
        asked: &str,
        resource: &str,
    ) -> (bool, &'static str) {
        let Some(user) = user.filter(|user| !user.is_empty()) else { return (false, "not-signed-in") };
        if user == "wso2.system.user" {
            return (true, "system-user");
        }
        let realm = &records["realm"];
        let key = name(user, true);
        if !["PRIMARY/", "SEC/", "CASE/"].iter().any(|domain| key.starts_with(domain)) {
            return (false, "unknown-domain");
        }
        let record = records["users"]
            .as_array()
            .unwrap()
            .iter()
            .find(|record| name(record["name"].as_str().unwrap(), true) == key);
        if record.is_some_and(is_inactive) {
            return (false, "inactive-user");
        }
        let is_admin = if realm["case_sensitive_authorization_rules"] == true {
            user.split_once('/').map_or(user, |(_, local)| local) == "admin" && key == "PRIMARY/admin"
        } else {
            key == "PRIMARY/admin"
        };
        if is_admin && realm["tenant"] == "carbon.super" && realm["skip_authz_check_for_super_admin"] == true {
            return (true, "admin-user");
        }
        let resource = without_versions(resource);
        let own = walk(records, "user", &key, asked, &resource);
        if own == Some(true) {
            return (true, "user-rule");
        }
        let mut roles: Vec<String> = Vec::new();
        for role in record.map_or(&Vec::new(), |record| record["roles"].as_array().unwrap()) {
            roles.push(name(role.as_str().unwrap(), false));
        }
        let anonymous = key == "PRIMARY/wso2.anonymous.user";
        if !anonymous {
            roles.push("INTERNAL/everyone".to_owned());
        }
        let walks: Vec<Option<bool>> = roles.iter().map(|role| walk(records, "role", role, asked, &resource)).collect();
        if walks.contains(&Some(true)) {
            (true, "role-rule")
        } else if own == Some(false) || walks.contains(&Some(false)) {
            (false, "deny-rule")
        } else if anonymous {
            (false, "anonymous-user")
        } else if record.is_none() {
            (false, "unknown-user")
        } else {
            (false, "no-rule")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(192), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn user_decisions_match_the_naive_rules(
        records in records(),
        questions in prop::collection::vec(
            (prop::sample::select(ASKED.to_vec()), prop::sample::select(ACTIONS.to_vec()), resource()), 24),
    ) {
        let authorizer = opened(&records);
        for (user, action, resource) in questions {
            let got = decide(&authorizer, Some(user), action, &resource);
            let wanted = naive::user_question(&records, Some(user), action, &resource);
            prop_assert_eq!((got.allow, got.rule), wanted, "{} {} {}", user, action, resource);
        }
    }

    #[test]
    fn role_decisions_match_the_naive_rules(
        records in records(),
        questions in prop::collection::vec(
            (prop::sample::select(ROLES.to_vec()), prop::sample::select(ACTIONS.to_vec()), resource()), 12),
    ) {
        let authorizer = opened(&records);
        for (role, action, resource) in questions {
            let subject = authorizer.principal(Principal::Role(role)).unwrap();
            let got = authorizer.decide(&subject, action, &resource, &Value::Null).unwrap();
            let wanted = naive::role_question(&records, role, action, &resource);
            prop_assert_eq!((got.allow, got.rule), wanted, "{} {} {}", role, action, resource);
        }
    }

    #[test]
    fn unauthenticated_caller_is_always_denied(
        records in records(),
        action in prop::sample::select(ACTIONS.to_vec()),
        resource in resource(),
    ) {
        prop_assert!(!allows(&records, None, action, &resource));
        prop_assert!(!allows(&records, Some(""), action, &resource));
    }

    #[test]
    fn unknown_user_has_at_most_the_rights_of_a_user_without_roles(
        records in records(),
        action in prop::sample::select(ACTIONS.to_vec()),
        resource in resource(),
    ) {
        let mut with_plain = records.clone();
        with_plain["users"].as_array_mut().unwrap().push(json!({ "name": "plain", "roles": [] }));
        let authorizer = opened(&with_plain);
        prop_assert_eq!(
            decide(&authorizer, Some("ghost"), action, &resource).allow,
            decide(&authorizer, Some("plain"), action, &resource).allow
        );
        prop_assert!(!decide(&authorizer, Some("NOPE/plain"), action, &resource).allow);
        // The anonymous user does not have the everyone role.
        prop_assert!(!decide(&authorizer, Some("wso2.anonymous.user"), action, &resource).allow);
    }

    #[test]
    fn rule_allows_only_its_path_and_paths_below(rule in path(), resource in resource()) {
        let records = json!({
            "roles": ["r1"], "users": [{ "name": "bob", "roles": ["r1"] }],
            "rules": [{ "role": "r1", "resource": rule, "action": "get", "effect": "allow" }],
        });
        let clean = |text: &str| format!("{}/", text.strip_prefix('/').unwrap_or(text).trim_end_matches('/'));
        let below = rule.trim_matches('/').is_empty() || clean(&resource).starts_with(&clean(&rule));
        if !resource.contains(';') {
            prop_assert_eq!(allows(&records, Some("bob"), "get", &resource), below);
        }
    }

    #[test]
    fn rule_for_one_action_allows_no_other_action(code in 0_usize..26, other in 0_usize..26) {
        let actions = latchwork::vocabulary("wso2").unwrap().actions;
        let records = json!({
            "roles": ["r1"], "users": [{ "name": "bob", "roles": ["r1"] }],
            "rules": [{ "role": "r1", "resource": "/", "action": actions[code], "effect": "allow" }],
        });
        prop_assert_eq!(allows(&records, Some("bob"), actions[other], "/a"), code == other);
    }

    #[test]
    fn adding_a_deny_never_adds_access(
        records in records(),
        added in rule(),
        user in prop::sample::select(ASKED.to_vec()),
        action in prop::sample::select(ACTIONS.to_vec()),
        resource in resource(),
    ) {
        let mut more = records.clone();
        more["rules"].as_array_mut().unwrap().push(added);
        let last = more["rules"].as_array().unwrap().len().saturating_sub(1);
        more["rules"][last]["effect"] = json!("deny");
        prop_assert!(
            allows(&records, Some(user), action, &resource) || !allows(&more, Some(user), action, &resource)
        );
    }

    #[test]
    fn removing_an_allow_never_adds_access(
        records in records(),
        which in any::<prop::sample::Index>(),
        user in prop::sample::select(ASKED.to_vec()),
        action in prop::sample::select(ACTIONS.to_vec()),
        resource in resource(),
    ) {
        let mut less = records.clone();
        let rules = less["rules"].as_array_mut().unwrap();
        if !rules.is_empty() {
            let which = which.index(rules.len());
            if rules[which]["effect"] == "allow" {
                rules.remove(which);
            }
        }
        prop_assert!(
            allows(&records, Some(user), action, &resource) || !allows(&less, Some(user), action, &resource)
        );
    }

    #[test]
    fn adding_a_role_never_removes_access(
        records in records(),
        role in prop::sample::select(ROLES.to_vec()),
        action in prop::sample::select(ACTIONS.to_vec()),
        resource in resource(),
    ) {
        let mut more = records.clone();
        more["users"][0]["roles"].as_array_mut().unwrap().push(json!(role));
        prop_assert!(
            !allows(&records, Some("bob"), action, &resource) || allows(&more, Some("bob"), action, &resource)
        );
    }

    #[test]
    fn digest_is_independent_of_order_and_secrets(records in records()) {
        let mut other = records.clone();
        other["users"].as_array_mut().unwrap().reverse();
        other["roles"].as_array_mut().unwrap().reverse();
        other["stores"].as_array_mut().unwrap().reverse();
        for user in other["users"].as_array_mut().unwrap() {
            user["password"] = json!("secret");
            user["roles"].as_array_mut().unwrap().reverse();
        }
        let (one, other) = (opened(&records), opened(&other));
        prop_assert_eq!(one.digest(), other.digest());
        for user in ASKED {
            prop_assert_eq!(
                one.subject_digest(&one.subject(Some(user))),
                other.subject_digest(&other.subject(Some(user)))
            );
        }
    }

    #[test]
    fn records_with_one_user_give_the_same_subject_digest(records in records()) {
        let bob = records["users"][0].clone();
        let held = |role: &Json| bob["roles"].as_array().unwrap().contains(role) || *role == "Internal/everyone";
        let mut own = records.clone();
        own["roles"].as_array_mut().unwrap().retain(held);
        own["rules"].as_array_mut().unwrap().retain(|rule| rule["user"] == "bob" || held(&rule["role"]));
        own["users"] = json!([bob]);
        let (all, own) = (opened(&records), opened(&own));
        prop_assert_eq!(
            all.subject_digest(&all.subject(Some("bob"))),
            own.subject_digest(&own.subject(Some("bob")))
        );
    }

    #[test]
    fn listing_has_allowed_paths_without_children_of_listed_ones(
        records in records(),
        user in prop::sample::select(ASKED.to_vec()),
    ) {
        let authorizer = opened(&records);
        let listing = listed(&authorizer, Some(user));
        for path in &listing {
            prop_assert!(decide(&authorizer, Some(user), "ui.execute", path).allow);
            let parent = path.rsplit_once('/').unwrap().0;
            let parent = if parent.is_empty() { "/" } else { parent };
            prop_assert!(path == "/" || !listing.iter().any(|other| other == parent), "{:?}", listing);
        }
        for rule in records["rules"].as_array().unwrap() {
            let path = rule["resource"].as_str().unwrap();
            if rule["action"] == "ui.execute" && decide(&authorizer, Some(user), "ui.execute", path).allow {
                let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
                let above = (0..=parts.len()).map(|depth| format!("/{}", parts[..depth].join("/")));
                let mut above = above.map(|path| {
                    if records["realm"]["preserve_case_for_resources"] == true { path } else { path.to_lowercase() }
                });
                prop_assert!(above.any(|above| listing.contains(&above)), "{} in {:?}", path, listing);
            }
        }
    }

    #[test]
    fn random_names_and_resources_never_panic(user in any::<String>(), resource in any::<String>()) {
        let records = json!({
            "realm": { "preserve_case_for_resources": false },
            "rules": [{ "role": "Internal/everyone", "resource": "/a", "action": "get", "effect": "allow" }],
        });
        let authorizer = opened(&records);
        decide(&authorizer, Some(&user), "get", &resource);
        decide(&authorizer, Some(&user), "get", &format!("{resource};version:1{resource}"));
        prop_assert!(authorizer.principal(Principal::Role(&user)).is_ok());
    }
}

#[test]
fn role_with_the_same_local_name_in_another_domain_allows_nothing() {
    for (rule, holder) in [("r1", "Internal/r1"), ("SEC/r1", "r1"), ("Application/r1", "Workflow/r1")] {
        let records = json!({
            "stores": [{ "domain": "SEC" }], "roles": [rule, holder],
            "users": [{ "name": "bob", "roles": [holder] }],
            "rules": [{ "role": rule, "resource": "/", "action": "get", "effect": "allow" }],
        });
        assert!(!allows(&records, Some("bob"), "get", "/a"), "{rule} opened for {holder}");
    }
}

#[test]
fn listing_omits_direct_children_of_listed_paths() {
    let rule =
        |path: &str, effect: &str| json!({ "role": "r1", "resource": path, "action": "ui.execute", "effect": effect });
    let records = json!({
        "roles": ["r1"],
        "users": [{ "name": "bob", "roles": ["r1"] }],
        "rules": [rule("/a", "allow"), rule("/a/b", "allow"), rule("/a-x", "allow"), rule("/a/c", "deny"),
                  rule("/a/c/d", "allow"), rule("/a/e/f", "allow")],
    });
    let authorizer = opened(&records);
    let listing = |user| listed(&authorizer, user);
    assert_eq!(listing(Some("bob")), ["/a", "/a/c/d", "/a/e/f", "/a-x"]);
    // The admin user may also use `/a/c`, so `/a/c/d` is omitted.
    assert_eq!(listing(Some("admin")), ["/a", "/a/e/f", "/a-x", "/permission"]);
    assert_eq!(listing(Some("ghost")), [""; 0]);
    assert_eq!(listing(None), [""; 0]);
}

/// The allowed paths of `ui.execute`.
fn listed(authorizer: &Authorizer, user: Option<&str>) -> Vec<String> {
    let reach = authorizer.reach(&authorizer.subject(user), "ui.execute").unwrap();
    serde_json::from_str(&reach.to_string()).unwrap()
}

#[test]
fn body_is_validated_to_the_stored_form() {
    let records = opened(&json!({ "stores": [{ "domain": "Sec" }] }));
    let taken = |kind: &str, value: Json| -> Json {
        let value = Value::parse(&value.to_string()).unwrap();
        serde_json::from_str(&records.validate(kind, &value).unwrap().unwrap().to_string()).unwrap()
    };
    assert_eq!(
        taken("user.create", json!({ "userName": "PRIMARY/carol", "password": "secret", "roles": ["sec/x"] })),
        json!({ "userName": "carol", "password": "secret", "roles": ["SEC/x"] })
    );
    assert_eq!(
        taken("user.create", json!({ "userName": "primary/sec/carol", "password": "secret" })),
        json!({ "userName": "PRIMARY/sec/carol", "password": "secret", "roles": [] })
    );
    let permissions = json!(["a/b/", "", { "resource": "/c", "action": "WRITE" }, { "resource": "/d", "action": "" }]);
    assert_eq!(
        taken("role.create.internal", json!({ "roleName": "x", "permissions": permissions })),
        json!({ "roleName": "Internal/x", "userList": [], "permissions": [
            { "resource": "/a/b", "action": "ui.execute" }, { "resource": "/c", "action": "add" },
            { "resource": "/d", "action": "get" }] })
    );
    assert_eq!(
        taken("role.permissions.set", json!({ "roleName": "internal/X", "rawResources": ["/", " ", "a"] })),
        json!({ "roleName": "Internal/X", "rawResources": ["/", "/a"] })
    );
    for (limit, stored) in [(json!(-1), 100), (json!(0), 0), (json!(7), 7), (json!(100), 100), (json!(101), 100)] {
        assert_eq!(taken("user.list", json!({ "limit": limit })), json!({ "filter": "*", "limit": stored }));
    }
}

#[test]
fn records_with_more_than_ten_thousand_rules_for_a_user_are_refused() {
    let records = |count: usize| {
        let rules: Vec<Json> = (0..count)
            .map(|n| json!({ "role": "r1", "resource": format!("/{n}"), "action": "get", "effect": "allow" }))
            .collect();
        json!({ "roles": ["r1"], "users": [{ "name": "ann" }, { "name": "bob", "roles": ["r1"] }], "rules": rules })
    };
    assert!(allows(&records(10_000), Some("bob"), "get", "/9999"));
    let refused = open("wso2", &records(10_001).to_string()).unwrap_err();
    assert_eq!(refused.problems().len(), 1);
    assert_eq!(refused.problems()[0].path, "/users/1");
}

#[test]
fn an_unknown_domain_is_answered_with_all_that_the_name_can_have() {
    let records = opened(&json!({ "stores": [{ "domain": "Sec" }] }));
    let message = |kind: &str, member: &str| {
        let value = Value::parse(&json!({ member: "NOPE/x" }).to_string()).unwrap();
        let problems = records.validate(kind, &value).unwrap().unwrap_err();
        problems.iter().find(|problem| problem.path == format!("/{member}")).unwrap().message.clone()
    };
    assert_eq!(message("user.delete", "userName"), "`NOPE/x` has an unknown domain, expected PRIMARY or SEC");
    let expected = "PRIMARY, SEC, Internal, Application, Workflow or system";
    assert_eq!(message("role.delete", "roleName"), format!("`NOPE/x` has an unknown domain, expected {expected}"));
}

#[test]
fn problem_messages_contain_no_password() {
    let value = json!({ "userName": "carol", "password": "hush me", "oldPassword": "hush", "newPassword": "hush me" });
    let value = Value::parse(&value.to_string()).unwrap();
    for kind in ["user.create", "password.set", "password.change", "password.change.own"] {
        let problems = latchwork::validate("wso2", kind, &value).unwrap().unwrap_err();
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| !problem.message.contains("hush")), "{problems:?}");
    }
}
