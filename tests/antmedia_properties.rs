//! What can never happen in Ant Media's panel, and a second opinion on everything else.

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
/// Names that begin alike, differ in capitals, or mean something elsewhere.
const NAMES: [&str; 10] = ["live", "live2", "Live", "LiveApp", "alive", "users", "settings", "version", "system", "_"];
const TYPES: [&str; 6] = ["ADMIN", "USER", "READ_ONLY", "READ-ONLY", "admin", ""];

fn decide<'a>(authorizer: &'a Authorizer, who: Option<&str>, action: &str, resource: &str) -> Decision<'a> {
    authorizer.decide(&authorizer.subject(who), action, resource, &Value::Null).unwrap()
}

fn panel(users: &[Json]) -> Authorizer {
    open("antmedia", &json!({ "users": users }).to_string()).unwrap()
}

/// What a signed-in user may write without any grant.
fn is_everybodys(resource: &str) -> bool {
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

/// Every shape of a user's rights that a record may have.
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
    fn the_rules_say_what_a_slow_reading_of_the_text_says(
        user in user(),
        who in prop::sample::select(vec![None, Some(USER), Some("gone@x.io")]),
        action in prop::sample::select(ACTIONS.to_vec()),
        resources in prop::collection::vec(resource(), 12),
    ) {
        let authorizer = panel(std::slice::from_ref(&user));
        for resource in resources {
            let decision = decide(&authorizer, who, action, &resource);
            let expected = naive::decide(&user, who, action, &resource);
            let got = (decision.allow, decision.rule, decision.level, decision.needs);
            prop_assert_eq!(got, expected, "{} {} for {}", action, resource, user);
        }
    }

    #[test]
    fn nobody_gets_in_without_a_session_or_with_one_of_a_deleted_user(
        user in user(), action in prop::sample::select(ACTIONS.to_vec()), resource in resource(),
    ) {
        let authorizer = panel(&[user]);
        for who in [None, Some("gone@x.io"), Some("U@x.io"), Some("")] {
            prop_assert!(resource.starts_with("public:") || !decide(&authorizer, who, action, &resource).allow);
        }
    }

    #[test]
    fn a_read_only_user_never_writes(
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
        prop_assert!(is_everybodys(&resource) || !allowed);
    }

    #[test]
    fn the_name_of_one_scope_never_opens_another(
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
    fn a_grant_on_applications_never_opens_the_panel(
        map in applications(), action in prop::sample::select(ACTIONS.to_vec()), path in segment(),
    ) {
        let authorizer = panel(&[json!({ "email": USER, "appNameUserType": map })]);
        for resource in [format!("system:{path}"), format!("system:users/{path}"), "system:users".to_owned()] {
            prop_assert!(!decide(&authorizer, Some(USER), action, &resource).allow, "{}", resource);
        }
        prop_assert!(!decide(&authorizer, Some(USER), "create", "application:live").allow);
    }

    #[test]
    fn taking_the_grant_on_an_application_away_never_adds_access(
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
    fn a_higher_type_never_loses_what_a_lower_one_has(
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
    fn a_user_without_a_grant_reads_nothing_that_is_not_open(
        empty in prop::sample::select(vec![json!({}), json!({ "": "ADMIN" }), json!(null)]), resource in resource(),
    ) {
        let open = ["system:version", "system:enterprise-edition", "system:admin-status"].contains(&resource.as_str());
        let authorizer = panel(&[json!({ "email": USER, "appNameUserType": empty })]);
        prop_assert!(open || is_everybodys(&resource) || !decide(&authorizer, Some(USER), "read", &resource).allow);
    }

    #[test]
    fn neither_the_order_of_users_nor_what_is_only_shown_nor_a_secret_changes_a_digest(
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
        // A front end that holds only its own record.
        let own = panel(std::slice::from_ref(&first));
        prop_assert_eq!(own.subject_digest(&own.subject(Some(USER))), plain.subject_digest(&plain.subject(Some(USER))));
    }

    #[test]
    fn a_digest_differs_where_an_answer_does(
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
    fn a_forwarded_path_never_leaves_its_application(names in prop::collection::vec(nasty(), 1..8), method in method()) {
        let path = names.join("/");
        let Some(question) = asked(method, "/rest/v2/request", &[("_path", &path)]) else { return Ok(()) };
        let app = path.trim_start_matches('/').split('/').next().unwrap().to_owned();
        prop_assert!(question.resource.starts_with(&format!("app:{app}/")), "{} is {}", path, question.resource);
        let mut decoded = path;
        for _ in 0..4 {
            decoded = lenient_decode(&decoded);
            prop_assert!(!decoded.split(['/', '\\']).any(|name| matches!(name.split(';').next(), Some("." | ".."))));
        }
    }

    #[test]
    fn a_path_to_an_application_gives_nothing_elsewhere(
        map in applications(), method in method(), panel_path in prop::sample::select(vec![
            "users", "users/a@x.io", "user-list", "server-settings", "applications", "applications/new", "unheard-of",
        ]),
    ) {
        let authorizer = panel(&[json!({ "email": USER, "appNameUserType": map })]);
        for app in map.keys() {
            let through = asked(method, &format!("/rest/v2/{panel_path}"), &[("_path", &format!("{app}/rest/v2/vods"))]);
            prop_assert_eq!(&through, &asked(method, &format!("/rest/v2/{panel_path}"), &[]));
            prop_assume!(panel_path != "applications/new" || app != "new");
            let through = through.unwrap();
            prop_assert!(!decide(&authorizer, Some(USER), &through.action, &through.resource).allow);
        }
    }

    #[test]
    fn encoding_letters_of_a_path_never_changes_the_question(
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
        prop_assert_eq!(asked(method, &encoded, &[]), asked(method, path, &[]));
    }

    #[test]
    fn head_and_options_ask_what_get_asks(names in prop::collection::vec(nasty(), 1..5)) {
        let path = names.join("/");
        for method in ["HEAD", "OPTIONS"] {
            for (path, query) in [
                (format!("/rest/v2/{path}"), vec![]),
                (format!("/rest/v2/users/{path}/blocked"), vec![]),
                ("/rest/v2/request".to_owned(), vec![("_path", path.as_str())]),
            ] {
                prop_assert_eq!(asked(method, &path, &query), asked("GET", &path, &query));
            }
        }
    }

    #[test]
    fn a_user_that_the_form_lets_in_can_be_named_in_a_path(email in "(\\.|%|2e|2F|/|\\\\|;|a|é| |\n|logout){1,4}") {
        let user = json!({ "email": email, "password": "x", "scope": "live", "userType": "USER" });
        let encoded: String = email.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let question = asked("DELETE", &format!("/rest/v2/users/{encoded}"), &[]);
        let is_named = question.is_some_and(|question| question.resource == format!("system:users/{email}"));
        prop_assert_eq!(checked("user.create", &user).is_ok(), is_named);
        prop_assert_eq!(checked("user.initial", &json!({ "email": email, "password": "x" })).is_ok(), is_named);
    }

    #[test]
    fn a_question_that_a_request_asks_is_one_that_an_admin_gets_an_answer_to(
        names in prop::collection::vec(nasty(), 1..5), method in method(),
    ) {
        let admin = panel(&[json!({ "email": USER, "scope": "system", "userType": "ADMIN" })]);
        if let Some(question) = asked(method, &format!("/rest/v2/{}", names.join("/")), &[]) {
            let decision = decide(&admin, Some(USER), &question.action, &question.resource);
            prop_assert!(decision.allow && decision.rule != "no-route", "{:?}", question);
        }
    }

    #[test]
    fn what_a_form_lets_through_the_server_takes(
        email in "[a-zA-Z]{1,2}@[a-z.]{1,4}", password in "[a-z]{5,7}", same: bool, first in "[a-z]{1,3}", user in user(),
    ) {
        let again = if same { password.clone() } else { first.clone() };
        let mut form = user;
        for (name, value) in [("email", &email), ("password", &password), ("passwordAgain", &again), ("firstName", &first), ("lastName", &first)] {
            form[name] = value.as_str().into();
        }
        if let Ok(body) = checked("user.create.form", &form) {
            prop_assert_eq!(checked("user.create", &body), Ok(body));
        }
    }
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
}

/// Names that somebody sends who wants out of a path.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec!["live", "Other", "rest", "v2", "vods", "users"]).prop_map(str::to_owned),
        2 => "(\\.|%2e|%252E|%2f|%5c|%25|%|;|a|\\\\|/){0,3}",
    ]
}

fn asked(method: &str, path: &str, query: &[(&str, &str)]) -> Option<Question> {
    let request = Request { method, path, query: query.to_vec(), body: &Value::Null };
    classify("antmedia", &request).unwrap()
}

fn lenient_decode(text: &str) -> String {
    static ENCODED: LazyLock<Regex> = LazyLock::new(|| Regex::new("%([0-9A-Fa-f]{2})").unwrap());
    let one = |found: &regex::Captures<'_>| char::from(u8::from_str_radix(&found[1], 16).unwrap()).to_string();
    ENCODED.replace_all(text, one).into_owned()
}

fn checked(kind: &str, value: &Json) -> Result<Json, Vec<String>> {
    match validate("antmedia", kind, &Value::parse(&value.to_string()).unwrap()).unwrap() {
        Ok(value) => Ok(serde_json::from_str(&value.to_string()).unwrap()),
        Err(problems) => Err(problems.into_iter().map(|problem| problem.message).collect()),
    }
}

#[test]
fn a_body_is_given_back_as_the_product_would_store_it() {
    let full = json!({ "email": "a", "password": "p", "newPassword": "n", "userType": "READ-ONLY", "scope": "live",
        "appNameUserType": { "live": "READ-ONLY", "b": "odd" }, "firstName": "F", "lastName": null });
    let stored = json!({ "userType": "READ_ONLY", "scope": "live",
        "appNameUserType": { "live": "READ_ONLY", "b": "odd" }, "firstName": "F" });
    let with = |members: Json| {
        let mut all: Map<String, Json> = stored.as_object().unwrap().clone();
        all.extend(members.as_object().unwrap().clone());
        Ok(Json::Object(all))
    };
    assert_eq!(checked("user.create", &full), with(json!({ "email": "a", "password": "p" })));
    assert_eq!(checked("user.update", &full), with(json!({ "email": "a", "newPassword": "n" })));
    let admin = json!({ "email": "a", "password": "p", "userType": "ADMIN", "scope": "system",
        "appNameUserType": { "system": "ADMIN" } });
    assert_eq!(checked("user.initial", &full), with(admin));
    assert_eq!(checked("password.change", &full), Ok(json!({ "password": "p", "newPassword": "n" })));
    assert_eq!(checked("session.create", &full), Ok(json!({ "email": "a", "password": "p" })));
    assert_eq!(checked("user.update", &json!({ "email": "a", "newPassword": "" })), Ok(json!({ "email": "a" })));
}

#[test]
fn a_password_stands_in_no_message_and_in_no_debug_output() {
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
        let problems = checked(kind, &form).unwrap_err();
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
fn every_rule_has_words_and_no_words_lack_a_rule() {
    let words: Json = serde_json::from_str(include_str!("../src/systems/antmedia/words.json")).unwrap();
    let mut rules = latchwork::vocabulary("antmedia").unwrap().rules.to_vec();
    rules.sort_unstable();
    assert_eq!(words.as_object().unwrap().keys().collect::<Vec<_>>(), rules);
}

/// The rules again, read slowly from the text: strings, regular expressions, the table row by row.
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

    type Answer = (bool, &'static str, Option<&'static str>, Option<&'static str>);

    /// The type of each scope: of three forms the first that is there.
    fn grants(user: &Json) -> BTreeMap<String, &'static str> {
        let spelled = |text: &str| match text {
            "ADMIN" => "ADMIN",
            "USER" => "USER",
            _ => "READ_ONLY",
        };
        let (scope, user_type) = (user["scope"].as_str(), user["userType"].as_str());
        let map = user["appNameUserType"].as_object();
        let mut grants = BTreeMap::new();
        if let (Some(scope), Some(user_type)) = (scope, user_type) {
            grants.insert(scope.to_owned(), spelled(user_type));
        } else if map.is_some_and(|map| !map.is_empty()) {
            grants.extend(map.unwrap().iter().map(|(scope, text)| (scope.clone(), spelled(text.as_str().unwrap()))));
        } else if let (None, Some(user_type), None) = (scope, user_type, map) {
            grants.insert("system".into(), spelled(user_type));
        }
        // What is no name of an application can stand in no question.
        static NAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[A-Za-z0-9_-]+$").unwrap());
        grants.retain(|scope, _| NAMED.is_match(scope));
        grants
    }

    fn rank(user_type: &str) -> usize {
        ["READ_ONLY", "USER", "ADMIN"].iter().position(|known| *known == user_type).unwrap()
    }

    pub(super) fn decide(user: &Json, who: Option<&str>, action: &str, resource: &str) -> Answer {
        let yes = |rule| (true, rule, None, None);
        let no = |rule| (false, rule, None, None);

        if PUBLIC.contains(&resource) {
            return yes("public");
        }
        if who.is_none() {
            return no("not-signed-in");
        }
        if who != user["email"].as_str() {
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
