//! Properties of ArangoDB's levels, and a comparison with a naive implementation.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on ends")]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::repetitions::tries;
use latchwork::{open, validate, vocabulary, Authorizer, Code, Decision, Error, Value};
use proptest::prelude::*;
use serde_json::{json, Map, Value as Json};

/// The grants on one database.
#[derive(Clone, Debug, Default)]
struct Entry {
    level: Option<&'static str>,
    collections: BTreeMap<String, &'static str>,
}

type Grants = BTreeMap<String, Entry>;

#[derive(Clone, Debug)]
struct User {
    active: bool,
    grants: Grants,
}

const LEVELS: [&str; 3] = ["none", "ro", "rw"];
const DATABASES: [&str; 8] = ["shop", "shop2", "sho", "*", "_system", "a/b", "a", "50%"];
const COLLECTIONS: [&str; 12] =
    ["items", "item", "*", "_users", "_queues", "_frontend", "_graphs", "", "b", "x/y", "x%2Fy", "shop"];
const DOING: [&str; 6] = ["use", "read", "write", "create-collection", "manage-collection", "administrate"];
const WRITING: [&str; 4] = ["write", "create-collection", "manage-collection", "administrate"];

fn level(levels: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(levels)
}

fn entry(levels: &'static [&'static str]) -> impl Strategy<Value = Entry> {
    let granted = ["items", "item", "*", "b", "x/y", "x%2Fy", "shop"].map(String::from).to_vec();
    let collections = prop::collection::btree_map(prop::sample::select(granted), level(levels), 0..4);
    (prop::option::of(level(levels)), collections).prop_map(|(level, collections)| Entry { level, collections })
}

fn grants_with_levels(levels: &'static [&'static str]) -> impl Strategy<Value = Grants> {
    let names = DATABASES.map(String::from).to_vec();
    prop::collection::btree_map(prop::sample::select(names), entry(levels), 0..6).prop_map(|mut grants| {
        if let Some(everywhere) = grants.get_mut("*") {
            everywhere.collections.retain(|name, _| name == "*");
        }
        grants
    })
}

fn grants() -> impl Strategy<Value = Grants> {
    grants_with_levels(&LEVELS)
}

fn user() -> impl Strategy<Value = User> {
    (prop::bool::weighted(0.8), grants()).prop_map(|(active, grants)| User { active, grants })
}

fn grants_json(grants: &Grants) -> Json {
    let entries = grants.iter().map(|(name, entry)| {
        let mut object = Map::new();
        if let Some(level) = entry.level {
            object.insert("level".into(), level.into());
        }
        if !entry.collections.is_empty() {
            object.insert("collections".into(), json!(entry.collections));
        }
        (name.clone(), Json::Object(object))
    });
    Json::Object(entries.collect())
}

fn open_records(name: &str, user: &User, read_only: bool) -> Authorizer {
    let mode = if read_only { "readonly" } else { "default" };
    let users = json!({ name: { "active": user.active, "grants": grants_json(&user.grants) } });
    open("arangodb", &json!({ "users": users, "mode": mode }).to_string()).unwrap()
}

fn open_grants(grants: &Grants) -> Authorizer {
    open_records("alice", &User { active: true, grants: grants.clone() }, false)
}

fn decide<'a>(authorizer: &'a Authorizer, user: Option<&str>, action: &str, resource: &str) -> Decision<'a> {
    authorizer.decide(&authorizer.subject(user), action, resource, &Value::Null).unwrap()
}

/// Names of users, each with its form in a resource.
const USERS: [(&str, &str); 6] =
    [("alice", "alice"), ("Alice", "Alice"), ("root", "root"), ("a/b", "a%2Fb"), ("50%", "50%25"), ("*", "*")];

fn encode_name(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

/// Every resource that the tests use, with its database and collection.
fn resources() -> Vec<(String, Option<&'static str>, Option<&'static str>)> {
    let mut all = vec![("/".to_owned(), None, None)];
    for database in DATABASES.into_iter().chain(["other"]) {
        all.push((encode_name(database), Some(database), None));
        for collection in COLLECTIONS {
            all.push((
                format!("{}/{}", encode_name(database), encode_name(collection)),
                Some(database),
                Some(collection),
            ));
        }
    }
    all
}

fn rank(level: &str) -> usize {
    LEVELS.iter().position(|known| *known == level).unwrap()
}

/// A naive implementation of the specification, without indexes.
mod naive {
    use super::{rank, Entry, Grants, User};

    fn highest(levels: &[Option<&'static str>]) -> &'static str {
        levels.iter().flatten().copied().max_by_key(|level| rank(level)).unwrap_or("none")
    }

    pub fn database(grants: &Grants, name: &str) -> &'static str {
        let level_of = |name: &str| grants.get(name).and_then(|entry| entry.level);
        if let Some(level) = level_of(name) {
            return level;
        }
        if name == "*" {
            return "none";
        }
        highest(&[level_of("*"), if name == "_system" { None } else { level_of("_system") }])
    }

    pub fn collection(grants: &Grants, database: &str, collection: &str) -> &'static str {
        if collection.is_empty() || (database == "*" && collection != "*") {
            return "none";
        }
        if collection.starts_with('_') {
            return match (database, collection) {
                ("_system", "_users") => "none",
                (_, "_queues") => "ro",
                (_, "_frontend") => "rw",
                _ => self::database(grants, database),
            };
        }
        let nothing = Entry::default();
        let everywhere = grants.get("*").unwrap_or(&nothing);
        let everywhere = [everywhere.level, everywhere.collections.get("*").copied()];
        if database == "*" {
            return highest(&everywhere);
        }
        if let Some(level) = grants.get(database).and_then(|entry| entry.collections.get(collection)) {
            return level;
        }
        if collection == "*" && grants.contains_key(database) {
            return "none";
        }
        let own = grants.get(database).unwrap_or(&nothing);
        let system = if database == "_system" { None } else { grants.get("_system").and_then(|entry| entry.level) };
        let [level, collections] = everywhere;
        highest(&[own.level, own.collections.get("*").copied(), system, level, collections])
    }

    pub fn server(grants: &Grants) -> &'static str {
        if database(grants, "_system") == "rw" {
            "rw"
        } else {
            "none"
        }
    }

    fn cap_level(level: &'static str, read_only: bool) -> &'static str {
        if read_only && level == "rw" {
            "ro"
        } else {
            level
        }
    }

    /// The configured, the reported and the usable level.
    pub fn levels(user: &User, read_only: bool, db: Option<&str>, coll: Option<&str>) -> [&'static str; 3] {
        let (configured, reported, gate) = match (db, coll) {
            (None, _) => (server(&user.grants), server(&user.grants), true),
            (Some(db), None) => {
                let level = database(&user.grants, db);
                (level, cap_level(level, read_only), true)
            }
            (Some(db), Some(coll)) => {
                let level = collection(&user.grants, db, coll);
                (level, cap_level(level, read_only), database(&user.grants, db) != "none")
            }
        };
        [configured, reported, if gate && user.active { reported } else { "none" }]
    }

    pub fn is_allowed(user: &User, read_only: bool, action: &str, db: Option<&str>, coll: Option<&str>) -> bool {
        let on_database = levels(user, read_only, db, None)[2];
        let on_collection = levels(user, read_only, db, coll)[2];
        let (ro, rw) = (1, 2);
        match (action, db, coll) {
            ("use", Some(_), None) => rank(on_database) >= ro,
            ("read", Some(_), Some(_)) => rank(on_database) >= ro && rank(on_collection) >= ro,
            ("write", Some(_), Some(_)) => rank(on_database) >= ro && rank(on_collection) >= rw,
            ("create-collection", Some(_), None) => rank(on_database) >= rw,
            ("manage-collection", Some(_), Some(_)) => rank(on_database) >= rw && rank(on_collection) >= rw,
            ("administrate", None, None) => user.active && server(&user.grants) == "rw",
            _ => false,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(64), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_decision_agrees_with_the_naive_implementation(user in user(), read_only: bool) {
        let authorizer = open_records("alice", &user, read_only);
        let subject = authorizer.subject(Some("alice"));
        for (resource, db, coll) in resources() {
            let decide = |action: &str| authorizer.decide(&subject, action, &resource, &Value::Null).unwrap();
            let [configured, reported, usable] = naive::levels(&user, read_only, db, coll);
            for (action, level) in [("configured", configured), ("level", reported), ("usable", usable)] {
                let decision = decide(action);
                prop_assert_eq!(decision.level, Some(level), "{} {}", action, resource);
                prop_assert_eq!(decision.allow, usable != "none", "{} {}", action, resource);
            }
            for action in DOING {
                let decision = decide(action);
                let may = naive::is_allowed(&user, read_only, action, db, coll);
                prop_assert_eq!(decision.allow, may, "{} {}: {:?}", action, resource, decision);
                if let (Some(level), Some(needs)) = (decision.level, decision.needs) {
                    prop_assert_eq!(decision.allow, rank(level) >= rank(needs), "{} {}", action, resource);
                } else {
                    prop_assert!(!decision.allow, "an allowed action compared levels");
                }
            }
        }
    }

    #[test]
    fn users_manage_themselves_and_administrators_manage_all_but_cannot_delete_root(user in user(), read_only: bool, index in 0..USERS.len()) {
        let own = USERS[index].0;
        let authorizer = open_records(own, &user, read_only);
        let is_root = own == "root";
        let administrates = user.active && (is_root || naive::database(&user.grants, "_system") == "rw");
        for (name, spelled) in USERS {
            let may = |action: &str| decide(&authorizer, Some(own), action, &format!("/user/{spelled}")).allow;
            for action in ["read-user", "update-user"] {
                prop_assert_eq!(may(action), administrates || (user.active && own == name), "{} {}", action, name);
            }
            prop_assert_eq!(may("delete-user"), administrates && name != "root", "{}", name);
            prop_assert_eq!(may("check-password"), user.active);
            for action in DOING.into_iter().chain(["level", "usable", "configured"]) {
                prop_assert!(!may(action), "{} {}", action, name);
            }
        }
        for resource in ["/user/", "/user", "/user//", "/user/a/b", "/user/..", "/user/%zz", "user/alice"] {
            for action in ["read-user", "update-user", "delete-user", "check-password"] {
                prop_assert!(!decide(&authorizer, Some(own), action, resource).allow, "{} {}", action, resource);
            }
        }
    }

    #[test]
    fn root_has_the_fixed_grants_on_system(user in user(), read_only: bool) {
        let authorizer = open_records("root", &user, read_only);
        let mut user = user;
        let system = user.grants.entry("_system".into()).or_default();
        system.level = Some("rw");
        system.collections.insert("*".into(), "rw");
        for (resource, db, coll) in resources() {
            let [_, reported, usable] = naive::levels(&user, read_only, db, coll);
            prop_assert_eq!(decide(&authorizer, Some("root"), "level", &resource).level, Some(reported));
            prop_assert_eq!(decide(&authorizer, Some("root"), "usable", &resource).level, Some(usable));
        }
    }

    #[test]
    fn unknown_and_anonymous_users_are_denied(user in user()) {
        let authorizer = open_records("alice", &user, false);
        for (resource, ..) in resources() {
            for action in vocabulary("arangodb").unwrap().actions {
                for unknown in [None, Some("Alice"), Some("alic"), Some("alice2"), Some(""), Some("*"), Some("root")] {
                    let decision = decide(&authorizer, unknown, action, &resource);
                    prop_assert!(!decision.allow);
                    prop_assert!(decision.level.is_none_or(|level| level == "none"));
                }
            }
        }
    }

    #[test]
    fn inactive_users_are_denied(grants in grants()) {
        for name in ["alice", "root"] {
            let authorizer = open_records(name, &User { active: false, grants: grants.clone() }, false);
            for (resource, ..) in resources() {
                for action in vocabulary("arangodb").unwrap().actions {
                    prop_assert!(!decide(&authorizer, Some(name), action, &resource).allow);
                }
            }
        }
    }

    #[test]
    fn a_user_with_ro_cannot_write(grants in grants_with_levels(&["none", "ro"])) {
        let authorizer = open_grants(&grants);
        for (resource, _, coll) in resources() {
            for action in WRITING {
                // Every user with access to the database can write `_frontend`.
                let frontend = action == "write" && coll == Some("_frontend");
                prop_assert!(frontend || !decide(&authorizer, Some("alice"), action, &resource).allow, "{} {}", action, resource);
            }
        }
    }

    #[test]
    fn no_user_can_write_in_read_only_mode(user in user()) {
        for name in ["alice", "root"] {
            let authorizer = open_records(name, &user, true);
            for (resource, ..) in resources() {
                for action in ["write", "create-collection", "manage-collection"] {
                    prop_assert!(!decide(&authorizer, Some(name), action, &resource).allow);
                }
            }
        }
    }

    #[test]
    fn no_user_has_access_to_the_collection_of_users(user in user(), read_only: bool) {
        for name in ["alice", "root"] {
            let authorizer = open_records(name, &user, read_only);
            for resource in ["_system/_users", "%5Fsystem/_users", "_system/%5fusers", "_system/_user%73"] {
                for action in vocabulary("arangodb").unwrap().actions {
                    let decision = decide(&authorizer, Some(name), action, resource);
                    prop_assert!(!decision.allow);
                    prop_assert!(!["level", "usable", "configured"].contains(&action) || decision.level == Some("none"));
                }
            }
        }
    }

    #[test]
    fn without_access_to_a_database_its_collections_are_denied(grants in grants()) {
        let authorizer = open_grants(&grants);
        for database in DATABASES {
            if decide(&authorizer, Some("alice"), "use", &encode_name(database)).allow {
                continue;
            }
            for collection in COLLECTIONS {
                let resource = format!("{}/{}", encode_name(database), encode_name(collection));
                for action in ["read", "write", "manage-collection", "usable"] {
                    prop_assert!(!decide(&authorizer, Some("alice"), action, &resource).allow);
                }
            }
        }
    }

    #[test]
    fn a_grant_gives_no_access_to_databases_with_similar_names(entry in entry(&LEVELS), index in 0..DATABASES.len()) {
        let name = DATABASES[index];
        prop_assume!(name != "*" && name != "_system");
        let authorizer = open_grants(&Grants::from([(name.to_owned(), entry)]));
        for (resource, db, _) in resources() {
            if db != Some(name) {
                for action in vocabulary("arangodb").unwrap().actions {
                    prop_assert!(!decide(&authorizer, Some("alice"), action, &resource).allow, "{} {}", action, resource);
                }
            }
        }
    }

    #[test]
    fn a_grant_gives_no_access_to_other_collections(grants in grants(), granted in 0..COLLECTIONS.len(), asked in 0..COLLECTIONS.len()) {
        let (granted, asked) = (COLLECTIONS[granted], COLLECTIONS[asked]);
        prop_assume!(granted != asked && granted != "*" && !granted.is_empty() && !granted.starts_with('_'));
        let mut more = grants.clone();
        // An entry can lower the level of `shop/*`, but must not raise it.
        more.entry("shop".into()).or_default().collections.insert(granted.into(), "rw");
        let mut less = more.clone();
        less.get_mut("shop").unwrap().collections.remove(granted);
        let resource = format!("shop/{}", encode_name(asked));
        for action in vocabulary("arangodb").unwrap().actions {
            let (less, more) = (open_grants(&less), open_grants(&more));
            let (before, after) = (decide(&less, Some("alice"), action, &resource), decide(&more, Some("alice"), action, &resource));
            prop_assert_eq!(before, after, "{} {}", action, resource);
        }
    }

    #[test]
    fn removing_a_wildcard_adds_no_access(user in user(), which in 0..3_usize) {
        let mut less = user.grants.clone();
        match which {
            0 => { less.entry("*".into()).or_default().level = None; }
            1 => { less.entry("*".into()).or_default().collections.clear(); }
            _ => { less.values_mut().for_each(|entry| { entry.collections.remove("*"); }); }
        }
        let (before, after) = (open_grants(&user.grants), open_grants(&less));
        for (resource, ..) in resources() {
            for action in vocabulary("arangodb").unwrap().actions {
                let level = |authorizer| decide(authorizer, Some("alice"), action, &resource);
                prop_assert!(level(&before).allow || !level(&after).allow, "{} {}", action, resource);
            }
        }
    }

    #[test]
    fn only_rw_on_system_administrates(user in user()) {
        let allowed = decide(&open_records("alice", &user, false), Some("alice"), "administrate", "/").allow;
        let system = user.grants.get("_system").and_then(|entry| entry.level);
        let everywhere = user.grants.get("*").and_then(|entry| entry.level);
        prop_assert_eq!(allowed, user.active && system.or(everywhere) == Some("rw"));
    }

    #[test]
    fn malformed_resources_are_denied(resource in r"(/|%|\*|\.|_|s|%2[5fF]|%2E|é|){0,6}") {
        let everything = json!({ "users": { "root": { "grants": { "*": { "level": "rw", "collections": { "*": "rw" } } } } } });
        let authorizer = open("arangodb", &everything.to_string()).unwrap();
        let parts: Vec<&str> = resource.split('/').collect();
        let dots = |part: &str| matches!(part.replace("%2E", ".").as_str(), "." | "..");
        let bare_percent = resource.replace("%25", "").replace("%2F", "").replace("%2f", "").replace("%2E", "").contains('%');
        let no_name = resource.is_empty()
            || parts.len() > 2
            || (resource != "/" && parts[0].is_empty())
            || parts.iter().any(|part| dots(part))
            || bare_percent;
        for action in vocabulary("arangodb").unwrap().actions {
            let decision = decide(&authorizer, Some("root"), action, &resource);
            prop_assert_eq!(no_name, decision.rule == "malformed-resource", "{} {}", action, resource);
            prop_assert!(!(no_name && decision.allow));
        }
    }

    #[test]
    fn every_valid_name_can_be_granted_and_decided(database in r"\PC{1,12}", collection in r"[^_*\pC]\PC{0,8}", every: bool) {
        prop_assume!(![".", "..", "*"].contains(&database.as_str()) && ![".", ".."].contains(&collection.as_str()));
        let grants = Grants::from([(database.clone(), Entry { level: Some("ro"), collections: BTreeMap::from([(collection.clone(), "rw")]) })]);
        let authorizer = open_grants(&grants);
        let spelled = |name: &str| if every { name.bytes().map(|byte| format!("%{byte:02x}")).collect() } else { encode_name(name) };
        let resource = format!("{}/{}", spelled(&database), spelled(&collection));
        prop_assert!(decide(&authorizer, Some("alice"), "use", &spelled(&database)).allow);
        prop_assert!(decide(&authorizer, Some("alice"), "write", &resource).allow);
        prop_assert_eq!(decide(&authorizer, Some("alice"), "write", &format!("{resource}x")).level, Some("ro"));
    }

    #[test]
    fn digests_depend_only_on_what_affects_decisions(user in user(), other in user()) {
        let record = |user: &User, secret: &str, turned: bool| {
            let mut names: Vec<_> = user.grants.iter().collect();
            if turned {
                names.reverse();
            }
            let text: Vec<String> = names
                .into_iter()
                .map(|(name, entry)| format!("{}:{}", json!(name), grants_json(&Grants::from([(name.clone(), entry.clone())]))[name]))
                .collect();
            format!(r#"{{"active":{},"passwd":{},"grants":{{{}}}}}"#, user.active, json!(secret), text.join(","))
        };
        let both = |secret: &str, turned: bool| {
            let (alice, bob) = (record(&user, secret, turned), record(&other, secret, turned));
            let users = if turned { format!(r#""bob":{bob},"alice":{alice}"#) } else { format!(r#""alice":{alice},"bob":{bob}"#) };
            open("arangodb", &format!(r#"{{"users":{{{users}}},"databases":{{"{secret}":[]}}}}"#)).unwrap()
        };
        let (one, two) = (both("a", false), both("b", true));
        prop_assert_eq!(one.digest(), two.digest());
        let alone = open_records("alice", &user, false);
        let share = |authorizer: &Authorizer| authorizer.subject_digest(&authorizer.subject(Some("alice")));
        prop_assert_eq!(share(&one), share(&alone));
        prop_assert_ne!(one.digest(), alone.digest());

        // Different decisions have different digests.
        let mut changed = user.clone();
        changed.active = !user.active;
        prop_assert_ne!(share(&alone), share(&open_records("alice", &changed, false)));
        let differ = |a: &User, b: &User| resources().iter().any(|(_, db, coll)| naive::levels(a, false, *db, *coll) != naive::levels(b, false, *db, *coll));
        if differ(&user, &other) {
            prop_assert_ne!(share(&alone), share(&open_records("alice", &other, false)));
        }
    }

    #[test]
    fn a_validated_body_is_valid_and_unchanged(value in body()) {
        for kind in vocabulary("arangodb").unwrap().kinds {
            let value = Value::parse(&value.to_string()).unwrap();
            if let Ok(stored) = validate("arangodb", kind, &value).unwrap() {
                let again = validate("arangodb", kind, &stored).unwrap();
                prop_assert_eq!(again.as_ref(), Ok(&stored), "{}", kind);
            }
        }
    }
}

fn body() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        "[a-z]{0,3}|rw|ro|none".prop_map(Json::from),
        Just(json!([1])),
        Just(json!({})),
        Just(json!({ "a": { "b": null } })),
    ];
    let names = ["user", "passwd", "active", "extra", "grant", "value", "username", "password", "x"].map(String::from);
    let object = prop::collection::btree_map(prop::sample::select(names.to_vec()), value.clone(), 0..7);
    prop_oneof![8 => object.prop_map(|members| json!(members)), 1 => value]
}

/// One question for every rule: user, action, resource.
const RULES: [(&str, Option<&str>, &str, &str, &str); 32] = [
    ("no-grant", Some("poor"), "use", "shop", "none"),
    ("not-signed-in", None, "level", "shop", "none"),
    ("unknown-user", Some("ghost"), "level", "shop", "none"),
    ("inactive", Some("idle"), "level", "shop", "rw"),
    ("malformed-resource", Some("rich"), "level", "", "none"),
    ("wrong-resource", Some("rich"), "use", "/", ""),
    ("database", Some("rich"), "use", "shop", "ro"),
    ("wildcard-database", Some("rich"), "use", "other", "ro"),
    ("system-database", Some("admin"), "use", "other", "rw"),
    ("collection", Some("rich"), "write", "shop/items", "rw"),
    ("wildcard-collection", Some("rich"), "write", "shop/other", "rw"),
    ("wildcard-everywhere", Some("wide"), "write", "shop/items", "rw"),
    ("database-floor", Some("poor"), "read", "open/items", "ro"),
    ("wildcard-database-floor", Some("rich"), "read", "other/items", "ro"),
    ("system-database-floor", Some("admin"), "write", "other/items", "rw"),
    ("system-collection", Some("rich"), "read", "shop/_graphs", "ro"),
    ("users-collection", Some("admin"), "read", "_system/_users", "none"),
    ("queues-collection", Some("admin"), "write", "shop/_queues", "ro"),
    ("frontend-collection", Some("rich"), "write", "shop/_frontend", "rw"),
    ("unset-wildcard-collection", Some("poor"), "level", "open/*", "none"),
    ("wildcard-named-collection", Some("rich"), "level", "*/items", "none"),
    ("empty-collection", Some("rich"), "level", "shop/", "none"),
    ("database-gate", Some("poor"), "level", "shut/items", "rw"),
    ("database-gate", Some("poor"), "write", "shut/items", "none"),
    ("database-gate", Some("poor"), "write", "nowhere/items", "none"),
    ("manage-needs-database", Some("rich"), "manage-collection", "shop/items", "ro"),
    ("server", Some("admin"), "administrate", "/", "rw"),
    ("server", Some("rich"), "administrate", "/", "none"),
    ("server", Some("rich"), "read-user", "/user/poor", "none"),
    ("own-user", Some("rich"), "update-user", "/user/rich", ""),
    ("any-user", Some("poor"), "check-password", "/user/rich", ""),
    ("root-stays", Some("admin"), "delete-user", "/user/root", ""),
];

#[test]
fn every_rule_decides_a_question_and_has_an_explanation() {
    let users = json!({
        "idle": { "active": false, "grants": { "shop": { "level": "rw" } } },
        "rich": { "grants": { "*": { "level": "ro" },
            "shop": { "level": "ro", "collections": { "items": "rw", "*": "rw" } } } },
        "poor": { "grants": { "open": { "level": "ro" },
            "shut": { "level": "none", "collections": { "items": "rw" } } } },
        "wide": { "grants": { "*": { "level": "ro", "collections": { "*": "rw" } } } },
        "admin": { "grants": { "_system": { "level": "rw" } } },
    });
    let authorizer = open("arangodb", &json!({ "users": users }).to_string()).unwrap();
    let mut seen = BTreeSet::new();
    for (rule, user, action, resource, level) in RULES {
        let decision = decide(&authorizer, user, action, resource);
        assert_eq!((decision.rule, decision.level.unwrap_or("")), (rule, level), "{user:?} {action} {resource}");
        seen.insert(decision.rule);
    }
    let read_only = open("arangodb", &json!({ "users": users, "mode": "readonly" }).to_string()).unwrap();
    for (action, resource, rule) in [
        ("write", "shop/items", "read-only-mode"),
        ("read", "shop/items", "collection"),
        ("level", "shop/items", "read-only-mode"),
        ("configured", "shop/items", "collection"),
        ("write", "other/items", "wildcard-database-floor"),
    ] {
        let decision = decide(&read_only, Some("rich"), action, resource);
        assert_eq!(decision.rule, rule, "{action} {resource}");
        seen.insert(decision.rule);
    }
    let rules: BTreeSet<&str> = vocabulary("arangodb").unwrap().rules.iter().copied().collect();
    assert_eq!(seen, rules);
    let words: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(include_str!("../../src/systems/arangodb/words.json")).unwrap();
    assert_eq!(words.keys().map(String::as_str).collect::<BTreeSet<_>>(), rules);
    for (rule, entry) in words {
        assert_eq!(entry.keys().collect::<Vec<_>>(), ["document", "heading", "text"], "{rule}");
        assert!(entry.values().all(|text| !text.is_empty()), "{rule}");
    }
}

#[test]
fn validate_returns_bodies_in_the_stored_form() {
    let defaults = json!({ "user": "a", "passwd": "", "active": true, "extra": {} });
    for (kind, body, stored) in [
        ("user.create", json!({ "user": "a" }), defaults.clone()),
        ("user.create", json!({ "x": 1, "extra": [1], "active": null, "passwd": 7, "user": "a" }), defaults),
        ("user.replace", json!("x"), json!({ "passwd": "", "active": true, "extra": {} })),
        (
            "user.replace",
            json!({ "user": "b", "active": false, "extra": { "a": 1 } }),
            json!({ "passwd": "", "active": false, "extra": { "a": 1 } }),
        ),
        ("user.update", json!([]), json!({})),
        ("user.update", json!({ "passwd": null, "active": "no", "user": "b" }), json!({})),
        ("user.update", json!({ "passwd": "p", "active": false }), json!({ "passwd": "p", "active": false })),
        ("user.update", json!({ "extra": {} }), json!({ "extra": {} })),
        ("user.update", json!({ "extra": 7 }), json!({ "extra": null })),
        ("password.check", json!({ "passwd": 7 }), json!({ "passwd": "" })),
        ("grant.set", json!({ "grant": "" }), json!({ "grant": "none" })),
        ("grant.set", json!({ "grant": "rw", "x": 1 }), json!({ "grant": "rw" })),
        ("config.set", json!({ "value": null, "x": 1 }), json!({ "value": null })),
        ("config.set", json!({ "x": 1 }), json!({})),
        (
            "session.create",
            json!({ "username": "a", "password": "p", "x": 1 }),
            json!({ "username": "a", "password": "p" }),
        ),
    ] {
        let got = validate("arangodb", kind, &Value::parse(&body.to_string()).unwrap()).unwrap().unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&got.to_string()).unwrap(), stored, "{kind} {body}");
    }
}

#[test]
fn messages_do_not_contain_passwords() {
    let secret = "tr0ub4dor".repeat(200);
    let record =
        json!({ "users": { "a": { "passwd": secret }, "b": { "passwd": [secret] }, "c": { "hash": secret } } });
    let error = open("arangodb", &record.to_string()).unwrap_err();
    assert_eq!(error.problems().len(), 3);
    assert!(!format!("{error} {:?}", error.problems()).contains("tr0ub4dor"));
    for (kind, body) in [
        ("user.create", json!({ "user": "a", "passwd": secret })),
        ("user.update", json!({ "passwd": secret })),
        ("session.create", json!({ "username": "a", "password": secret })),
    ] {
        let problems = validate("arangodb", kind, &Value::parse(&body.to_string()).unwrap()).unwrap().unwrap_err();
        assert!(!problems.is_empty() && !format!("{problems:?}").contains("tr0ub4dor"), "{kind}");
    }
}

#[test]
fn a_user_has_a_hash_or_a_password_but_not_both() {
    let with = |user: Json| open("arangodb", &json!({ "users": { "a": user } }).to_string());
    let salted = format!("$salted-sha256$5017d5a2${}", "0".repeat(64));
    for hash in ["$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$aGFzaA", salted.as_str()] {
        assert!(with(json!({ "hash": hash })).is_ok());
    }
    for (user, code) in [
        (json!({ "hash": salted, "passwd": "" }), Code::Mismatch),
        (json!({ "hash": 7 }), Code::WrongType),
        (json!({ "hash": null }), Code::WrongType),
        (json!({ "hash": "5f4dcc3b5aa765d61d8327deb882cf99" }), Code::BadFormat),
        (json!({ "hash": format!("$argon2id${}", "a".repeat(300)) }), Code::BadFormat),
    ] {
        assert_eq!(problem_paths(&with(user).unwrap_err()), [("/users/a/hash", code)]);
    }
}

#[test]
fn a_user_has_at_most_ten_thousand_grants() {
    let with = |count: usize| {
        // One grant is on the database, the others are on its collections.
        let collections: BTreeMap<String, &str> = (1..count).map(|number| (format!("c{number}"), "ro")).collect();
        let grants = json!({ "shop": { "level": "ro", "collections": collections } });
        open("arangodb", &json!({ "users": { "alice": { "grants": grants } } }).to_string())
    };
    let authorizer = with(10_000).unwrap();
    assert_eq!(decide(&authorizer, Some("alice"), "level", "shop/c9999").rule, "collection");
    let error = with(10_001).unwrap_err();
    assert_eq!(problem_paths(&error), [("/users/alice/grants", Code::TooLong)]);
}

#[test]
fn a_name_longer_than_a_question_is_rejected() {
    let with = |database: String| {
        open("arangodb", &json!({ "users": { "alice": { "grants": { database: { "level": "ro" } } } } }).to_string())
    };
    let longest = "a".repeat(4_096);
    assert!(decide(&with(longest.clone()).unwrap(), Some("alice"), "use", &longest).allow);
    assert!(with("a".repeat(4_097)).is_err());
    // Encoded in a question, each of them has three bytes.
    assert!(with("/".repeat(1_365)).is_ok());
    assert!(with("/".repeat(1_366)).is_err());
}

#[test]
fn a_duplicate_user_or_grant_is_rejected() {
    for (records, path) in [
        (r#"{"users":{"a":{},"a":{}}}"#, "/users/a"),
        (r#"{"users":{"a":{"grants":{"s":{"level":"ro"},"s":{"level":"rw"}}}}}"#, "/users/a/grants/s"),
        (r#"{"users":{"a":{"grants":{"s":{"level":"ro","level":"rw"}}}}}"#, "/users/a/grants/s/level"),
    ] {
        let error = open("arangodb", records).unwrap_err();
        assert_eq!(problem_paths(&error), [(path, Code::Duplicate)]);
    }
}

fn problem_paths(error: &Error) -> Vec<(&str, Code)> {
    error.problems().iter().map(|problem| (problem.path.as_str(), problem.code)).collect()
}

#[test]
fn a_different_mode_changes_the_subjects_digest() {
    let digest = |mode: &str| {
        let records = json!({ "users": { "alice": { "grants": { "shop": { "level": "rw" } } } }, "mode": mode });
        let authorizer = open("arangodb", &records.to_string()).unwrap();
        authorizer.subject_digest(&authorizer.subject(Some("alice")))
    };
    assert_eq!(digest("default"), digest("default"));
    assert_ne!(digest("default"), digest("readonly"));
}
