//! Properties of Ant Media's rules, and a comparison with a naive implementation.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use latchwork::{classify, open, validate, Authorizer, Decision, Question, Request, Value};
use proptest::prelude::*;
use regex::Regex;
use serde_json::{json, Map, Value as Json};

const ACTIONS: [&str; 4] = ["read", "create", "update", "delete"];
const WRITES: [&str; 3] = ["create", "update", "delete"];
const USER: &str = "u@x.io";
/// Names that have a common beginning, differ in case, or have a meaning in other places.
const NAMES: [&str; 10] = ["live", "live2", "Live", "LiveApp", "alive", "users", "settings", "version", "system", "_"];
const TYPES: [&str; 6] = ["ADMIN", "USER", "READ_ONLY", "READ-ONLY", "admin", ""];

fn decide<'a>(authorizer: &'a Authorizer, caller: Option<&str>, action: &str, resource: &str) -> Decision<'a> {
    authorizer.decide(&authorizer.subject(caller), action, resource, &Value::Null).unwrap()
}

fn panel(users: &[Json]) -> Authorizer {
    open("antmedia", &json!({ "users": users }).to_string()).unwrap()
}

/// Whether every signed-in user can write this resource, also without grants.
fn is_open_to_signed_in(resource: &str) -> bool {
    ["self:password", "self:logout", "support:request"].contains(&resource) || resource.starts_with("public:")
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned), 1 => "[A-Za-z0-9_-]{1,8}", 1 => "[ -~]{0,4}"]
}

fn user_type() -> impl Strategy<Value = &'static str> {
    prop::sample::select(TYPES.to_vec())
}

/// A map of rights without `system`.
fn applications() -> impl Strategy<Value = BTreeMap<String, &'static str>> {
    prop::collection::btree_map(name().prop_filter("applications", |name| name != "system"), user_type(), 1..6)
}

/// Every form of rights that a record can have.
fn user() -> impl Strategy<Value = Json> {
    let map = prop::collection::btree_map(name(), user_type(), 0..5);
    (prop::option::of(name()), prop::option::of(prop::sample::select(TYPES[..4].to_vec())), prop::option::of(map)).prop_map(
        |(scope, user_type, map)| json!({ "email": USER, "scope": scope, "userType": user_type, "appNameUserType": map }),
    )
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["broadcasts", "vods", "settings", "s1", "broadcasts2"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["", ".", "..", "...", "%2e", "a%2Fb", "a\\b", "%252e.", "a\n", "100%"]).prop_map(str::to_owned),
    ]
}

fn resource() -> impl Strategy<Value = String> {
    let path = || prop::collection::vec(segment(), 1..4).prop_map(|names| names.join("/"));
    let panel = prop::sample::select(vec![
        "system:version",
        "system:enterprise-edition",
        "system:admin-status",
        "system:users",
        "system:users/a@x.io",
        "system:server-settings",
        "self:password",
        "self:logout",
        "self:other",
        "support:request",
        "support:other",
        "public:authenticate",
        "public:blocked-status",
        "public:other",
        "",
        "other:thing",
    ]);
    prop_oneof![
        4 => (name(), path()).prop_map(|(name, path)| format!("app:{name}/{path}")),
        2 => name().prop_map(|name| format!("app-settings:{name}")),
        2 => name().prop_map(|name| format!("application:{name}")),
        1 => path().prop_map(|path| format!("system:{path}")),
        3 => panel.prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn the_rules_agree_with_a_naive_implementation(
        user in user(),
        caller in prop::sample::select(vec![None, Some(USER), Some("gone@x.io")]),
        action in prop::sample::select(ACTIONS.to_vec()),
        resources in prop::collection::vec(resource(), 12),
    ) {
        let authorizer = panel(std::slice::from_ref(&user));
        for resource in resources {
            let decision = decide(&authorizer, caller, action, &resource);
            let expected = naive::decide(&user, caller, action, &resource);
            let got = (decision.allow, decision.rule, decision.level, decision.needs);
            prop_assert_eq!(got, expected, "{} {} for {}", action, resource, user);
        }
    }

    #[test]
    fn anonymous_and_deleted_users_get_only_public_resources(
        user in user(), action in prop::sample::select(ACTIONS.to_vec()), resource in resource(),
    ) {
        let authorizer = panel(&[user]);
        for caller in [None, Some("gone@x.io"), Some("U@x.io"), Some("")] {
            prop_assert!(resource.starts_with("public:") || !decide(&authorizer, caller, action, &resource).allow);
        }
    }

    #[test]
    fn a_read_only_user_cannot_write(
        map in prop::collection::btree_map(name(), prop::sample::select(TYPES[2..].to_vec()), 0..5),
        scope in name(),
        as_pair: bool,
        action in prop::sample::select(WRITES.to_vec()),
        resource in resource(),
    ) {
        let user = if as_pair {
            json!({ "email": USER, "scope": scope, "userType": "READ_ONLY" })
        } else {
            json!({ "email": USER, "appNameUserType": map })
        };
        let allowed = decide(&panel(&[user]), Some(USER), action, &resource).allow;
        prop_assert!(is_open_to_signed_in(&resource) || !allowed);
    }

    #[test]
    fn a_grant_gives_no_access_to_scopes_with_similar_names(
        held in name(), asked in name(), user_type in user_type(), as_pair: bool,
        action in prop::sample::select(ACTIONS.to_vec()),
    ) {
        prop_assume!(held != "system" && held != asked);
        let user = if as_pair {
            json!({ "email": USER, "scope": held, "userType": "ADMIN" })
        } else {
            json!({ "email": USER, "appNameUserType": { held: user_type } })
        };
        let authorizer = panel(&[user]);
        for resource in [
            format!("app:{asked}/broadcasts/s1"),
            format!("app:{asked}/settings"),
            format!("app-settings:{asked}"),
            format!("application:{asked}"),
        ] {
            prop_assert!(!decide(&authorizer, Some(USER), action, &resource).allow, "{}", resource);
        }
    }

    #[test]
    fn grants_on_applications_give_no_access_to_the_panel(
        map in applications(), action in prop::sample::select(ACTIONS.to_vec()), path in segment(),
    ) {
        let authorizer = panel(&[json!({ "email": USER, "appNameUserType": map })]);
        for resource in [format!("system:{path}"), format!("system:users/{path}"), "system:users".to_owned()] {
            prop_assert!(!decide(&authorizer, Some(USER), action, &resource).allow, "{}", resource);
        }
        prop_assert!(!decide(&authorizer, Some(USER), "create", "application:live").allow);
    }

    #[test]
    fn removing_a_grant_on_an_application_adds_no_access(
        map in applications(), user_type in prop::option::of(user_type().prop_filter("known", |t| TYPES[..4].contains(t))),
        taken in any::<prop::sample::Index>(), action in prop::sample::select(ACTIONS.to_vec()), resource in resource(),
    ) {
        let mut fewer = map.clone();
        fewer.remove(taken.get(&map.keys().cloned().collect::<Vec<_>>()));
        let user = |map| json!({ "email": USER, "userType": user_type, "appNameUserType": map });
        let (before, after) = (panel(&[user(map)]), panel(&[user(fewer)]));
        prop_assert!(
            decide(&before, Some(USER), action, &resource).allow || !decide(&after, Some(USER), action, &resource).allow
        );
    }

    #[test]
    fn a_higher_type_includes_the_rights_of_a_lower_one(
        scope in name(), action in prop::sample::select(ACTIONS.to_vec()), resource in resource(),
    ) {
        let allowed: Vec<bool> = ["READ_ONLY", "USER", "ADMIN"]
            .iter()
            .map(|user_type| panel(&[json!({ "email": USER, "scope": scope, "userType": user_type })]))
            .map(|authorizer| decide(&authorizer, Some(USER), action, &resource).allow)
            .collect();
        prop_assert!(allowed.is_sorted(), "{:?}", allowed);
    }

    #[test]
    fn a_user_without_grants_reads_only_open_resources(
        empty in prop::sample::select(vec![json!({}), json!({ "": "ADMIN" }), json!(null)]), resource in resource(),
    ) {
        let open = ["system:version", "system:enterprise-edition", "system:admin-status"].contains(&resource.as_str());
        let authorizer = panel(&[json!({ "email": USER, "appNameUserType": empty })]);
        prop_assert!(open || is_open_to_signed_in(&resource) || !decide(&authorizer, Some(USER), "read", &resource).allow);
    }

    #[test]
    fn order_profiles_and_secrets_do_not_change_the_digest(
        first in user(), second in user(), secret in "[a-z]{1,8}",
    ) {
        let mut second = second;
        second["email"] = "v@x.io".into();
        let plain = panel(&[first.clone(), second.clone()]);
        let mut dressed = second.clone();
        dressed["password"] = secret.clone().into();
        dressed["newPassword"] = secret.clone().into();
        dressed["firstName"] = secret.into();
        let turned = panel(&[dressed, first.clone()]);
        prop_assert_eq!(plain.digest(), turned.digest());
        // A page that has only the record of its own user.
        let own = panel(std::slice::from_ref(&first));
        prop_assert_eq!(own.subject_digest(&own.subject(Some(USER))), plain.subject_digest(&plain.subject(Some(USER))));
    }

    #[test]
    fn different_decisions_have_different_digests(
        first in user(), second in user(), action in prop::sample::select(ACTIONS.to_vec()), resource in resource(),
    ) {
        let (first, second) = (panel(&[first]), panel(&[second]));
        if decide(&first, Some(USER), action, &resource) != decide(&second, Some(USER), action, &resource) {
            prop_assert_ne!(first.digest(), second.digest());
            let digest = |authorizer: &Authorizer| authorizer.subject_digest(&authorizer.subject(Some(USER)));
            prop_assert_ne!(digest(&first), digest(&second));
        }
    }

    #[test]
    fn a_forwarded_path_never_leaves_its_application(names in prop::collection::vec(hostile_names(), 1..8), method in method()) {
        let path = names.join("/");
        let Some(question) = classify_request(method, "/rest/v2/request", &[("_path", &path)]) else { return Ok(()) };
        let app = path.trim_start_matches('/').split('/').next().unwrap().to_owned();
        prop_assert!(question.resource.starts_with(&format!("app:{app}/")), "{} is {}", path, question.resource);
        let mut decoded = path;
        for _ in 0..4 {
            decoded = lenient_decode(&decoded);
            prop_assert!(!decoded.split(['/', '\\']).any(|name| matches!(name.split(';').next(), Some("." | ".."))));
        }
    }

    #[test]
    fn the_parameter_path_is_ignored_on_other_paths(
        map in applications(), method in method(), panel_path in prop::sample::select(vec![
            "users", "users/a@x.io", "user-list", "server-settings", "applications", "applications/new", "unheard-of",
        ]),
    ) {
        let authorizer = panel(&[json!({ "email": USER, "appNameUserType": map })]);
        for app in map.keys() {
            let through = classify_request(method, &format!("/rest/v2/{panel_path}"), &[("_path", &format!("{app}/rest/v2/vods"))]);
            prop_assert_eq!(&through, &classify_request(method, &format!("/rest/v2/{panel_path}"), &[]));
            prop_assume!(panel_path != "applications/new" || app != "new");
            let through = through.unwrap();
            prop_assert!(!decide(&authorizer, Some(USER), &through.action, &through.resource).allow);
        }
    }

    #[test]
    fn percent_encoding_letters_does_not_change_the_question(
        path in prop::sample::select(vec![
            "/rest/v2/users", "/rest/v2/users/a@x.io", "/rest/v2/applications/settings/live", "/rest/v2/users/password",
            "/rest/v2/users/authenticate", "/rest/v2/version",
        ]),
        encode in prop::collection::vec(any::<bool>(), 64), method in method(),
    ) {
        let encoded: String = path
            .chars()
            .zip(encode)
            .map(|(letter, encode)| if encode && letter != '/' { format!("%{:02x}", u32::from(letter)) } else { letter.into() })
            .collect();
        prop_assert_eq!(classify_request(method, &encoded, &[]), classify_request(method, path, &[]));
    }

    #[test]
    fn head_and_options_ask_the_same_question_as_get(names in prop::collection::vec(hostile_names(), 1..5)) {
        let path = names.join("/");
        for method in ["HEAD", "OPTIONS"] {
            for (path, query) in [
                (format!("/rest/v2/{path}"), vec![]),
                (format!("/rest/v2/users/{path}/blocked"), vec![]),
                ("/rest/v2/request".to_owned(), vec![("_path", path.as_str())]),
            ] {
                prop_assert_eq!(classify_request(method, &path, &query), classify_request("GET", &path, &query));
            }
        }
    }

    #[test]
    fn a_path_can_name_every_user_that_the_form_accepts(email in "(\\.|%|2e|2F|/|\\\\|;|a|é| |\n|logout){1,4}") {
        let user = json!({ "email": email, "password": "x", "scope": "live", "userType": "USER" });
        let encoded: String = email.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let question = classify_request("DELETE", &format!("/rest/v2/users/{encoded}"), &[]);
        let is_named = question.is_some_and(|question| question.resource == format!("system:users/{email}"));
        prop_assert_eq!(validate_value("user.create", &user).is_ok(), is_named);
        prop_assert_eq!(validate_value("user.initial", &json!({ "email": email, "password": "x" })).is_ok(), is_named);
    }

    #[test]
    fn an_admin_gets_a_decision_for_every_classified_request(
        names in prop::collection::vec(hostile_names(), 1..5), method in method(),
    ) {
        let admin = panel(&[json!({ "email": USER, "scope": "system", "userType": "ADMIN" })]);
        if let Some(question) = classify_request(method, &format!("/rest/v2/{}", names.join("/")), &[]) {
            let decision = decide(&admin, Some(USER), &question.action, &question.resource);
            prop_assert!(decision.allow && decision.rule != "no-route", "{:?}", question);
        }
    }

    #[test]
    fn a_value_that_the_form_accepts_is_a_valid_body(
        email in "[a-zA-Z]{1,2}@[a-z.]{1,4}", password in "[a-z]{5,7}", same: bool, first in "[a-z]{1,3}", user in user(),
    ) {
        let again = if same { password.clone() } else { first.clone() };
        let mut form = user;
        for (name, value) in [("email", &email), ("password", &password), ("passwordAgain", &again), ("firstName", &first), ("lastName", &first)] {
            form[name] = value.as_str().into();
        }
        if let Ok(body) = validate_value("user.create.form", &form) {
            prop_assert_eq!(validate_value("user.create", &body), Ok(body));
        }
    }
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
}

/// Names with which an attacker tries to leave a path.
fn hostile_names() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec!["live", "Other", "rest", "v2", "vods", "users"]).prop_map(str::to_owned),
        2 => "(\\.|%2e|%252E|%2f|%5c|%25|%|;|a|\\\\|/){0,3}",
    ]
}

fn classify_request(method: &str, path: &str, query: &[(&str, &str)]) -> Option<Question> {
    let request = Request { method, path, query: query.to_vec(), body: &Value::Null };
    classify("antmedia", &request).unwrap()
}

fn lenient_decode(text: &str) -> String {
    static ENCODED: LazyLock<Regex> = LazyLock::new(|| Regex::new("%([0-9A-Fa-f]{2})").unwrap());
    let one = |found: &regex::Captures<'_>| char::from(u8::from_str_radix(&found[1], 16).unwrap()).to_string();
    ENCODED.replace_all(text, one).into_owned()
}

fn validate_value(kind: &str, value: &Json) -> Result<Json, Vec<String>> {
    match validate("antmedia", kind, &Value::parse(&value.to_string()).unwrap()).unwrap() {
        Ok(value) => Ok(serde_json::from_str(&value.to_string()).unwrap()),
        Err(problems) => Err(problems.into_iter().map(|problem| problem.message).collect()),
    }
}

#[test]
fn validate_returns_a_body_in_the_form_that_the_product_stores() {
    let full = json!({ "email": "a", "password": "p", "newPassword": "n", "userType": "READ-ONLY", "scope": "live",
        "appNameUserType": { "live": "READ-ONLY", "b": "odd" }, "firstName": "F", "lastName": null });
    let stored = json!({ "userType": "READ_ONLY", "scope": "live",
        "appNameUserType": { "live": "READ_ONLY", "b": "odd" }, "firstName": "F" });
    let with = |members: Json| {
        let mut all: Map<String, Json> = stored.as_object().unwrap().clone();
        all.extend(members.as_object().unwrap().clone());
        Ok(Json::Object(all))
    };
    assert_eq!(validate_value("user.create", &full), with(json!({ "email": "a", "password": "p" })));
    assert_eq!(validate_value("user.update", &full), with(json!({ "email": "a", "newPassword": "n" })));
    let admin = json!({ "email": "a", "password": "p", "userType": "ADMIN", "scope": "system",
        "appNameUserType": { "system": "ADMIN" } });
    assert_eq!(validate_value("user.initial", &full), with(admin));
    assert_eq!(validate_value("password.change", &full), Ok(json!({ "password": "p", "newPassword": "n" })));
    assert_eq!(validate_value("session.create", &full), Ok(json!({ "email": "a", "password": "p" })));
    assert_eq!(validate_value("user.update", &json!({ "email": "a", "newPassword": "" })), Ok(json!({ "email": "a" })));
}

#[test]
fn passwords_are_not_in_messages_or_debug_output() {
    let secret = "hunter-secret-".repeat(100);
    let form = json!({ "email": "a@b.io", "password": secret, "newPassword": secret, "passwordAgain": "other", "firstName": 1 });
    for kind in [
        "user.create",
        "user.update",
        "user.initial",
        "password.change",
        "session.create",
        "user.create.form",
        "user.update.form",
    ] {
        let problems = validate_value(kind, &form).unwrap_err();
        assert!(problems.iter().all(|message| !message.contains("hunter")), "{kind}: {problems:?}");
    }
    let authorizer = panel(&[json!({ "email": USER, "password": "hunter2", "scope": "system", "userType": "USER" })]);
    assert!(!format!("{authorizer:?} {:?}", authorizer.subject(Some(USER))).contains("hunter"));
}

#[test]
fn a_user_has_at_most_ten_thousand_grants() {
    let user = |grants: usize| {
        let map: Map<String, Json> = (0..grants).map(|number| (format!("app{number}"), "USER".into())).collect();
        open("antmedia", &json!({ "users": [{ "email": USER, "appNameUserType": map }] }).to_string())
    };
    let most = user(10_000).unwrap();
    assert!(decide(&most, Some(USER), "create", "app:app9999/vods").allow);
    assert!(!decide(&most, Some(USER), "create", "app:app10000/vods").allow);
    let error = user(10_001).err().unwrap_or_else(|| panic!("10,001 grants were taken"));
    let [problem] = error.problems() else { panic!("{error:?}") };
    assert_eq!(problem.path, "/users/0/appNameUserType");
}

#[test]
fn every_rule_has_an_explanation_and_every_explanation_a_rule() {
    let words: Json = serde_json::from_str(include_str!("../../src/systems/antmedia/words.json")).unwrap();
    let mut rules = latchwork::vocabulary("antmedia").unwrap().rules.to_vec();
    rules.sort_unstable();
    assert_eq!(words.as_object().unwrap().keys().collect::<Vec<_>>(), rules);
}

/// A naive implementation of the documented rules, with strings and regular expressions.
mod naive {
    use super::{BTreeMap, Json, LazyLock, Regex};

    const PUBLIC: [&str; 6] = [
        "public:authenticate",
        "public:initial-user",
        "public:first-login-status",
        "public:authentication-status",
        "public:liveness",
        "public:blocked-status",
    ];

    type NaiveDecision = (bool, &'static str, Option<&'static str>, Option<&'static str>);

    /// The type in each scope, from the first of the three forms that is present.
    fn grants(user: &Json) -> BTreeMap<String, &'static str> {
        let known_type = |text: &str| match text {
            "ADMIN" => "ADMIN",
            "USER" => "USER",
            _ => "READ_ONLY",
        };
        let (scope, user_type) = (user["scope"].as_str(), user["userType"].as_str());
        let map = user["appNameUserType"].as_object();
        let mut grants = BTreeMap::new();
        if let (Some(scope), Some(user_type)) = (scope, user_type) {
            grants.insert(scope.to_owned(), known_type(user_type));
        } else if map.is_some_and(|map| !map.is_empty()) {
            grants.extend(map.unwrap().iter().map(|(scope, text)| (scope.clone(), known_type(text.as_str().unwrap()))));
        } else if let (None, Some(user_type), None) = (scope, user_type, map) {
            grants.insert("system".into(), known_type(user_type));
        }
        // A question cannot have an invalid name of an application.
        static NAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[A-Za-z0-9_-]+$").unwrap());
        grants.retain(|scope, _| NAMED.is_match(scope));
        grants
    }

    fn rank(user_type: &str) -> usize {
        ["READ_ONLY", "USER", "ADMIN"].iter().position(|known| *known == user_type).unwrap()
    }

    pub(super) fn decide(user: &Json, caller: Option<&str>, action: &str, resource: &str) -> NaiveDecision {
        let yes = |rule| (true, rule, None, None);
        let no = |rule| (false, rule, None, None);

        if PUBLIC.contains(&resource) {
            return yes("public");
        }
        if caller.is_none() {
            return no("not-signed-in");
        }
        if caller != user["email"].as_str() {
            return no("unknown-user");
        }
        let sound = super::lenient_decode(&super::lenient_decode(&super::lenient_decode(resource)));
        let odd = |name: &str| ["", ".", ".."].contains(&name);
        let path = sound.split_once(':').map_or("", |(_, path)| path);
        if path.split('/').any(odd)
            || sound.contains(['\\', '\n'])
            || sound.matches('/').count() > resource.matches('/').count()
        {
            return no("no-route");
        }
        if ["self:password", "support:request"].contains(&resource) {
            let rule = if resource == "self:password" { "own-account" } else { "support" };
            return if action == "read" { no("no-route") } else { yes(rule) };
        }
        if resource == "self:logout" {
            return if action == "delete" { yes("own-account") } else { no("no-route") };
        }
        if ["system:version", "system:enterprise-edition", "system:admin-status"].contains(&resource)
            && action == "read"
        {
            return yes("open-read");
        }

        let grants = grants(user);
        let compare = |rule, held: &'static str, to_write| {
            let needs = if action == "read" { "READ_ONLY" } else { to_write };
            (rank(held) >= rank(needs), rule, Some(held), Some(needs))
        };
        static APPLICATION: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("^(app|app-settings|application):([A-Za-z0-9_-]+)(/.*)?$").unwrap());
        let (row, name) = match APPLICATION.captures(resource) {
            Some(found) => {
                let row = match (&found[1], found.get(3).map(|path| path.as_str())) {
                    ("app", Some(path)) => match path.split('/').nth(1) {
                        Some("broadcasts" | "vods") => "content",
                        _ => "section",
                    },
                    ("app-settings", None) => "settings",
                    ("application", None) if action == "delete" => "delete",
                    ("application", None) => "panel",
                    _ => return no("no-route"),
                };
                (row, found[2].to_owned())
            }
            None if resource.starts_with("system:") => ("panel", String::new()),
            None => return no("no-route"),
        };
        if grants.is_empty() {
            return no("no-grant");
        }
        if let Some(held) = grants.get("system") {
            return match row {
                "content" => compare("system-content", held, "USER"),
                "section" => compare("system-section", held, "ADMIN"),
                "settings" => compare("system-settings", held, "ADMIN"),
                _ => compare("panel", held, "ADMIN"),
            };
        }
        if row == "panel" {
            return no("panel-scope");
        }
        match (grants.get(&name), row) {
            (None, _) => no("other-scope"),
            (Some(held), "content") => compare("application-content", held, "USER"),
            (Some(held), "section") => compare("application-section", held, "ADMIN"),
            (Some(held), "settings") => compare("application-settings", held, "ADMIN"),
            (Some(held), _) => compare("application-delete", held, "ADMIN"),
        }
    }
}
