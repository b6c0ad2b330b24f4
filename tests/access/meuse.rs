//! Properties of Meuse's rules, over random records and questions.

#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::repetitions::tries;
use latchwork::{classify, open, validate, vocabulary, Authorizer, Decision, Request, Value};
use proptest::prelude::*;
use serde_json::{json, Value as Json};

/// Names that are easily confused.
const NAMES: [&str; 9] = ["a", "ab", "A", "a ", "self", "user:a", "crate", "ü", "nobody"];
const CRATES: [&str; 6] = ["a", "ab", "A", "foo", "foo-", "new"];
const ROLES: [&str; 3] = ["read-only", "tech", "admin"];
/// The actions that change nothing.
const READING: [&str; 9] = [
    "category.list",
    "crate.list",
    "crate.get",
    "statistics.read",
    "owner.list",
    "token.list",
    "crate.search",
    "crate.download",
    "mirror.download",
];
const PUBLIC: [&str; 3] = ["crate.search", "crate.download", "mirror.download"];

/// A question: user, action, resource and attributes.
#[derive(Clone, Debug)]
struct RandomQuestion {
    user: Option<&'static str>,
    action: &'static str,
    resource: String,
    attributes: Json,
}

fn actions() -> Vec<&'static str> {
    vocabulary("meuse").unwrap().actions
}

fn users() -> impl Strategy<Value = Vec<Json>> {
    let kept = NAMES.split_last().unwrap().1.to_vec();
    prop::sample::subsequence(kept, 0..NAMES.len()).prop_flat_map(|names| {
        let marks = prop::collection::vec((prop::sample::select(&ROLES[..]), prop::bool::weighted(0.8)), names.len());
        marks.prop_map(move |marks| {
            let user =
                |(name, (role, active)): (&&str, (&str, bool))| json!({"name": name, "role": role, "active": active});
            names.iter().zip(marks).map(user).collect()
        })
    })
}

fn crates() -> impl Strategy<Value = Vec<Json>> {
    prop::sample::subsequence(CRATES.to_vec(), 0..=CRATES.len()).prop_flat_map(|names| {
        let owners = prop::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len());
        prop::collection::vec(owners, names.len()).prop_map(move |owners| {
            names.iter().zip(owners).map(|(name, owners)| json!({"name": name, "owners": owners})).collect()
        })
    })
}

fn records() -> impl Strategy<Value = Json> {
    (users(), crates()).prop_map(|(users, crates)| json!({"users": users, "crates": crates}))
}

fn resource() -> impl Strategy<Value = String> {
    let name = prop::sample::select(&NAMES[..]);
    let krate = prop::sample::select(&CRATES[..]);
    let whole =
        prop::sample::select(&["users", "categories", "crates", "statistics", "", "user:", "crate:a@", "crate:@1"][..]);
    prop_oneof![
        whole.prop_map(str::to_owned),
        (prop::sample::select(&["user", "tokens", "category", "crate"][..]), name)
            .prop_map(|(kind, name)| format!("{kind}:{name}")),
        krate.clone().prop_map(|name| format!("crate:{name}")),
        (krate, prop::sample::select(&["1.0.0", "..", "1@2", "1/2"][..]))
            .prop_map(|(name, version)| format!("crate:{name}@{version}")),
        "\\PC{0,12}",
    ]
}

fn attributes() -> impl Strategy<Value = Json> {
    let field = prop::sample::select(&["description", "password", "role", "active", "name", "Role"][..]);
    prop_oneof![
        2 => Just(Json::Null),
        4 => prop::collection::vec(field, 0..4).prop_map(|fields| json!({"fields": fields})),
        1 => prop::sample::select(vec![json!([]), json!("role"), json!({}), json!({"fields": "role"}), json!({"fields": [1]}), json!({"user": "self"})]),
    ]
}

fn random_question() -> impl Strategy<Value = RandomQuestion> {
    let user = prop::option::weighted(0.9, prop::sample::select(&NAMES[..]));
    (user, prop::sample::select(actions()), resource(), attributes())
        .prop_map(|(user, action, resource, attributes)| RandomQuestion { user, action, resource, attributes })
}

/// Questions whose resource matches their action, and whose user is often the user in the resource.
fn matching_question() -> impl Strategy<Value = RandomQuestion> {
    let any = (random_question(), prop::sample::select(&NAMES[..]), prop::sample::select(&CRATES[..]), any::<bool>());
    any.prop_map(|(question, name, krate, own)| {
        let name = question.user.filter(|_| own).unwrap_or(name);
        let (thing, doing) = question.action.split_once('.').unwrap();
        let resource = match (thing, doing) {
            ("user", "create" | "list") => "users".into(),
            ("user", _) => format!("user:{name}"),
            ("token", "list") if own => "tokens:self".into(),
            ("token", _) => format!("tokens:{name}"),
            ("category", "update") => format!("category:{name}"),
            ("category", _) => "categories".into(),
            ("statistics", _) => "statistics".into(),
            ("crate", "list" | "check" | "search") => "crates".into(),
            ("crate", "get") | ("owner", _) => format!("crate:{krate}"),
            _ => format!("crate:{krate}@1.0.0"),
        };
        RandomQuestion { resource, ..question }
    })
}

fn any_question() -> impl Strategy<Value = RandomQuestion> {
    prop_oneof![random_question(), matching_question()]
}

fn open_records(records: &Json) -> Authorizer {
    open("meuse", &records.to_string()).unwrap()
}

fn decide<'a>(authorizer: &'a Authorizer, question: &RandomQuestion) -> Decision<'a> {
    let subject = authorizer.subject(question.user);
    let attributes = Value::parse(&question.attributes.to_string()).unwrap();
    authorizer.decide(&subject, question.action, &question.resource, &attributes).unwrap()
}

fn is_allowed(records: &Json, question: &RandomQuestion) -> bool {
    decide(&open_records(records), question).allow
}

fn find_record<'r>(records: &'r Json, name: Option<&str>) -> Option<&'r Json> {
    records["users"].as_array().unwrap().iter().find(|user| user["name"].as_str() == name)
}

fn is_active(records: &Json, name: &str) -> bool {
    find_record(records, Some(name)).is_some_and(|user| user["active"] == true)
}

/// The same records with one user's record changed.
fn with_user(records: &Json, name: Option<&str>, member: &str, value: &Json) -> Json {
    let mut records = records.clone();
    for user in records["users"].as_array_mut().unwrap() {
        if user["name"].as_str() == name {
            user[member] = value.clone();
        }
    }
    records
}

/// The decision table of the product, row by row. The columns are: an admin who owns the crate, an admin, a tech user who owns
/// it, a tech user, a read-only user who owns it, a read-only user, an inactive user, an anonymous user.
fn decision_row(records: &Json, question: &RandomQuestion, name: &str) -> &'static str {
    let own = question.user == Some(name);
    let exists = records["crates"].as_array().unwrap().iter().any(|krate| krate["name"] == name);
    match question.action {
        "user.create" | "user.list" | "user.delete" => "yynnnnnn",
        "user.update" => match fields(&question.attributes) {
            None => "nnnnnnnn",
            Some(fields) if fields.iter().any(|field| field == "role" || field == "active") => "yynnnnnn",
            Some(_) if own => "yyyyyynn",
            Some(_) => "yynnnnnn",
        },
        "token.create"
            if question.user.is_none() && find_record(records, Some(name)).is_some() && !is_active(records, name) =>
        {
            "nnnnnnnn"
        }
        "token.create" if own => "yyyyyyny",
        "token.create" => "nnnnnnny",
        "token.list" if name == "self" && question.attributes.get("user").is_none() => "yyyyyynn",
        "token.list" => "yynnnnnn",
        "token.delete" if own => "yyyyyynn",
        "token.delete" => "yynnnnnn",
        "category.create" | "category.update" => "yynnnnnn",
        "category.list" | "crate.list" | "crate.get" | "statistics.read" | "owner.list" => "yyyyyynn",
        "crate.check" | "mirror.cache" => "yyyynnnn",
        "crate.publish" if exists => "ynynnnnn",
        "crate.publish" => "yyyynnnn",
        "crate.yank" | "crate.unyank" | "owner.add" | "owner.remove" => "yyynnnnn",
        "crate.search" | "crate.download" | "mirror.download" => "yyyyyyyy",
        other => panic!("no row for {other}"),
    }
}

fn fields(attributes: &Json) -> Option<Vec<String>> {
    match attributes.get("fields") {
        Some(fields) => serde_json::from_value(fields.clone()).ok(),
        None => (attributes.is_null() || attributes.is_object()).then(Vec::new),
    }
}

/// The name in a resource, if the action applies to the resource.
fn resource_name<'a>(action: &str, resource: &'a str) -> Option<&'a str> {
    let part = |text: &str| !["", ".", ".."].contains(&text) && !text.contains(['@', '/']);
    let behind = |prefix| resource.strip_prefix(prefix).filter(|name| !name.is_empty());
    match action {
        "user.create" | "user.list" => (resource == "users").then_some(""),
        "user.update" | "user.delete" => behind("user:"),
        "token.create" | "token.list" | "token.delete" => behind("tokens:"),
        "category.create" | "category.list" => (resource == "categories").then_some(""),
        "category.update" => behind("category:"),
        "crate.list" | "crate.check" | "crate.search" => (resource == "crates").then_some(""),
        "statistics.read" => (resource == "statistics").then_some(""),
        "crate.get" | "owner.add" | "owner.remove" | "owner.list" => behind("crate:").filter(|name| part(name)),
        _ => {
            let (name, version) = behind("crate:")?.split_once('@')?;
            (part(name) && part(version)).then_some(name)
        }
    }
}

fn is_allowed_naively(records: &Json, question: &RandomQuestion) -> bool {
    let Some(name) = resource_name(question.action, &question.resource) else { return false };
    let owns = records["crates"].as_array().unwrap().iter().any(|krate| {
        krate["name"] == name && krate["owners"].as_array().unwrap().iter().any(|owner| owner.as_str() == question.user)
    });
    let column = match (question.user, find_record(records, question.user)) {
        (None, _) => 7,
        (Some(_), Some(user)) if user["active"] == true => match (user["role"].as_str().unwrap(), owns) {
            ("admin", true) => 0,
            ("admin", false) => 1,
            ("tech", true) => 2,
            ("tech", false) => 3,
            (_, true) => 4,
            (_, false) => 5,
        },
        // The table has no column for unknown users: their tokens are as invalid as those of inactive users.
        (Some(_), _) => 6,
    };
    decision_row(records, question, name).as_bytes()[column] == b'y'
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_decision_agrees_with_the_products_table(records in records(), questions in prop::collection::vec(any_question(), 1..60)) {
        let authorizer = open_records(&records);
        for question in questions {
            prop_assert_eq!(decide(&authorizer, &question).allow, is_allowed_naively(&records, &question), "{:?}", question);
        }
    }

    #[test]
    fn a_read_only_user_changes_only_its_own_account_and_tokens(records in records(), question in matching_question()) {
        let records = with_user(&records, question.user, "role", &json!("read-only"));
        if let Some(name) = question.user.filter(|_| !READING.contains(&question.action)) {
            let mine = [format!("user:{name}"), format!("tokens:{name}")];
            let own = ["user.update", "token.create", "token.delete"].contains(&question.action) && mine.contains(&question.resource);
            prop_assert!(own || !is_allowed(&records, &question), "{:?}", question);
        }
    }

    #[test]
    fn unknown_and_inactive_users_can_only_search_and_download(records in records(), question in any_question()) {
        let records = with_user(&records, question.user, "active", &json!(false));
        prop_assume!(question.user.is_some());
        prop_assert!(PUBLIC.contains(&question.action) || !is_allowed(&records, &question), "{:?}", question);
    }

    #[test]
    fn without_a_token_only_tokens_of_active_users_can_be_created(records in records(), question in any_question()) {
        let question = RandomQuestion { user: None, ..question };
        let account = question.resource.strip_prefix("tokens:").unwrap_or_default();
        let switched_off = find_record(&records, Some(account)).is_some() && !is_active(&records, account);
        let open = PUBLIC.contains(&question.action) || (question.action == "token.create" && !switched_off);
        prop_assert!(open || !is_allowed(&records, &question), "{:?}", question);
    }

    #[test]
    fn a_role_includes_the_rights_of_a_lower_role(records in records(), question in any_question()) {
        let may = ROLES.map(|role| is_allowed(&with_user(&records, question.user, "role", &json!(role)), &question));
        prop_assert!(may.is_sorted(), "{:?} {:?}", question, may);
    }

    #[test]
    fn removing_an_owner_or_deactivating_a_user_adds_no_access(records in records(), question in any_question()) {
        let mut less = records.clone();
        for krate in less["crates"].as_array_mut().unwrap() {
            krate["owners"].as_array_mut().unwrap().retain(|owner| owner.as_str() != question.user);
        }
        prop_assert!(is_allowed(&records, &question) || !is_allowed(&less, &question), "{:?}", question);
        let off = with_user(&records, question.user, "active", &json!(false));
        prop_assert!(is_allowed(&records, &question) || !is_allowed(&off, &question), "{:?}", question);
    }

    #[test]
    fn owning_one_crate_gives_no_access_to_another(records in records(), question in matching_question(), owned in prop::sample::select(&CRATES[..])) {
        let named = |resource: &str| resource.strip_prefix("crate:").map(|rest| rest.split('@').next().unwrap().to_owned());
        prop_assume!(question.user.is_some() && named(&question.resource).as_deref() != Some(owned));
        let mut more = records.clone();
        let krates = more["crates"].as_array_mut().unwrap();
        krates.retain(|krate| krate["name"] != owned);
        krates.push(json!({"name": owned, "owners": [question.user]}));
        prop_assert_eq!(is_allowed(&records, &question), is_allowed(&more, &question), "{:?}", question);
    }

    #[test]
    fn a_signed_in_user_cannot_create_a_token_for_another(records in records(), question in any_question(), name in prop::sample::select(&NAMES[..])) {
        prop_assume!(question.user.is_some() && question.user != Some(name));
        let question = RandomQuestion { action: "token.create", resource: format!("tokens:{name}"), ..question };
        prop_assert!(!is_allowed(&records, &question), "{:?}", question);
    }

    #[test]
    fn an_update_is_denied_in_the_order_role_active_account(
        role in prop::sample::select(&ROLES[..2]),
        names in prop::collection::vec(prop::sample::select(&["description", "role", "active", "name"][..]), 0..4),
        own in any::<bool>(),
    ) {
        let records = open_records(&json!({"users": [{"name": "a", "role": role}, {"name": "b", "role": "admin"}]}));
        let resource = if own { "user:a" } else { "user:b" };
        let question = RandomQuestion { user: Some("a"), action: "user.update", resource: resource.into(), attributes: json!({"fields": names}) };
        let wanted = match own {
            _ if names.contains(&"role") => "role-field",
            _ if names.contains(&"active") => "active-field",
            true => "own-account",
            false => "other-account",
        };
        prop_assert_eq!(decide(&records, &question).rule, wanted);
    }

    #[test]
    fn an_unknown_crate_is_reported_before_its_owners_and_its_owners_before_the_role(
        role in prop::sample::select(&ROLES[..2]),
        action in prop::sample::select(&["crate.yank", "crate.unyank", "owner.add", "owner.remove"][..]),
        owner in prop::option::of(prop::sample::select(&["a", "b"][..])),
    ) {
        let crates: Vec<_> = owner.iter().map(|owner| json!({"name": "foo", "owners": [owner]})).collect();
        let records = open_records(&json!({"users": [{"name": "a", "role": role}], "crates": crates}));
        let resource = if action.starts_with("owner") { "crate:foo" } else { "crate:foo@1.0.0" };
        let question = RandomQuestion { user: Some("a"), action, resource: resource.into(), attributes: Json::Null };
        let wanted = match (owner, role) {
            (None, _) => "unknown-crate",
            (Some("a"), "tech") => "owner",
            (Some("a"), _) => "read-only-owner",
            (Some(_), _) => "not-owner",
        };
        prop_assert_eq!(decide(&records, &question).rule, wanted);
    }

    #[test]
    fn the_order_of_the_records_does_not_change_decisions(records in records(), question in any_question()) {
        let mut turned = records.clone();
        for list in ["users", "crates"] {
            turned[list].as_array_mut().unwrap().reverse();
        }
        for krate in turned["crates"].as_array_mut().unwrap() {
            krate["owners"].as_array_mut().unwrap().reverse();
        }
        let (one, other) = (open_records(&records), open_records(&turned));
        prop_assert_eq!(one.digest(), other.digest());
        prop_assert_eq!(decide(&one, &question), decide(&other, &question));
    }

    #[test]
    fn a_subject_has_the_same_digest_with_only_its_own_record(records in records(), name in prop::sample::select(&NAMES[..])) {
        let mut own = records.clone();
        own["users"].as_array_mut().unwrap().retain(|user| user["name"] == name);
        own["crates"].as_array_mut().unwrap().retain(|krate| krate["owners"].as_array().unwrap().iter().any(|owner| owner == name));
        let digest = |authorizer: &Authorizer| authorizer.subject_digest(&authorizer.subject(Some(name)));
        prop_assert_eq!(digest(&open_records(&records)), digest(&open_records(&own)));
    }

    #[test]
    fn secrets_and_other_unused_members_do_not_change_the_digest(records in records(), secret in "[a-z]{8}") {
        let mut more = records.clone();
        for user in more["users"].as_array_mut().unwrap() {
            user["password"] = json!(secret);
            user["description"] = json!(secret);
        }
        let tokens: Vec<_> = more["users"].as_array().unwrap().iter().map(|user| json!({"user": user["name"], "name": "t", "token": secret})).collect();
        more["tokens"] = json!(tokens);
        more["categories"] = json!([{"name": secret}]);
        prop_assert_eq!(open_records(&records).digest(), open_records(&more).digest());
        let debug_output = format!("{:?}", open_records(&more));
        prop_assert!(!debug_output.contains(&secret));
    }

    #[test]
    fn a_name_that_the_form_accepts_survives_the_path_unchanged(
        name in prop_oneof![3 => "\\PC{1,12}", 1 => "[./a]{1,3}"],
    ) {
        let user = json!({ "name": name, "description": "d", "password": "password1", "active": true, "role": "tech" });
        let user = Value::parse(&user.to_string()).unwrap();
        let fits = validate("meuse", "user.create", &user).unwrap().is_ok();
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/api/v1/meuse/user/{encoded}");
        let request = Request { method: "DELETE", path: &path, query: Vec::new(), body: &Value::Null };
        let resource = classify("meuse", &request).unwrap().map(|question| question.resource);
        prop_assert_eq!(resource, fits.then(|| format!("user:{name}")));
    }

    #[test]
    fn every_classified_request_has_a_decision(
        method in prop::sample::select(&["GET", "PUT", "POST", "DELETE", "HEAD"][..]),
        path in "/api/v1/(meuse|crates|mirror)(/(user|token|crate|new|owners|a|\\.\\.|%2F|%|é)){0,4}/?",
        user in prop::option::of("[a-z@:/.]{0,6}"),
    ) {
        let body = Value::Object(vec![("user".into(), Value::Null), ("role".into(), Value::Null)]);
        let query = user.iter().map(|user| ("user", user.as_str())).collect();
        let question = classify("meuse", &Request { method, path: &path, query, body: &body }).unwrap();
        if let Some(question) = question {
            prop_assert!(actions().contains(&question.action.as_str()));
            let authorizer = open_records(&json!({}));
            authorizer.decide(&authorizer.subject(None), &question.action, &question.resource, &question.attributes).unwrap();
        }
    }
}
