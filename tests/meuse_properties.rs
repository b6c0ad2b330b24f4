//! What can never happen in Meuse, over records and questions that nobody thought of.

#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

mod proofs;

use latchwork::{classify, open, validate, vocabulary, Authorizer, Decision, Request, Value};
use proofs::tries;
use proptest::prelude::*;
use serde_json::{json, Value as Json};

/// Names that are easily taken for one another.
const NAMES: [&str; 9] = ["a", "ab", "A", "a ", "self", "user:a", "crate", "ü", "nobody"];
const CRATES: [&str; 6] = ["a", "ab", "A", "foo", "foo-", "new"];
const ROLES: [&str; 3] = ["read-only", "tech", "admin"];
/// What leaves a read-only user's hands: itself, and nothing else.
const LOOKS: [&str; 9] = [
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

/// A question: who, what, on what, and the attributes.
#[derive(Clone, Debug)]
struct Ask {
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

fn ask() -> impl Strategy<Value = Ask> {
    let user = prop::option::weighted(0.9, prop::sample::select(&NAMES[..]));
    (user, prop::sample::select(actions()), resource(), attributes())
        .prop_map(|(user, action, resource, attributes)| Ask { user, action, resource, attributes })
}

/// Questions whose resource fits their action and whose subject often is what they are about.
fn fitting() -> impl Strategy<Value = Ask> {
    let any = (ask(), prop::sample::select(&NAMES[..]), prop::sample::select(&CRATES[..]), any::<bool>());
    any.prop_map(|(ask, name, krate, own)| {
        let name = ask.user.filter(|_| own).unwrap_or(name);
        let (thing, doing) = ask.action.split_once('.').unwrap();
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
        Ask { resource, ..ask }
    })
}

fn any_ask() -> impl Strategy<Value = Ask> {
    prop_oneof![ask(), fitting()]
}

fn opened(records: &Json) -> Authorizer {
    open("meuse", &records.to_string()).unwrap()
}

fn decide<'a>(authorizer: &'a Authorizer, ask: &Ask) -> Decision<'a> {
    let subject = authorizer.subject(ask.user);
    let attributes = Value::parse(&ask.attributes.to_string()).unwrap();
    authorizer.decide(&subject, ask.action, &ask.resource, &attributes).unwrap()
}

fn allowed(records: &Json, ask: &Ask) -> bool {
    decide(&opened(records), ask).allow
}

fn record<'r>(records: &'r Json, name: Option<&str>) -> Option<&'r Json> {
    records["users"].as_array().unwrap().iter().find(|user| user["name"].as_str() == name)
}

fn is_active(records: &Json, name: &str) -> bool {
    record(records, Some(name)).is_some_and(|user| user["active"] == true)
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

/// The decision table of the product, row by row: an admin who owns the crate, an admin, a tech user who owns
/// it, a tech user, a read-only user who owns it, a read-only user, an inactive user, nobody signed in.
fn row(records: &Json, ask: &Ask, name: &str) -> &'static str {
    let own = ask.user == Some(name);
    let exists = records["crates"].as_array().unwrap().iter().any(|krate| krate["name"] == name);
    match ask.action {
        "user.create" | "user.list" | "user.delete" => "yynnnnnn",
        "user.update" => match fields(&ask.attributes) {
            None => "nnnnnnnn",
            Some(fields) if fields.iter().any(|field| field == "role" || field == "active") => "yynnnnnn",
            Some(_) if own => "yyyyyynn",
            Some(_) => "yynnnnnn",
        },
        "token.create" if ask.user.is_none() && record(records, Some(name)).is_some() && !is_active(records, name) => {
            "nnnnnnnn"
        }
        "token.create" if own => "yyyyyyny",
        "token.create" => "nnnnnnny",
        "token.list" if name == "self" && ask.attributes.get("user").is_none() => "yyyyyynn",
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

/// The name in a resource, if the action has such a resource at all.
fn name_in<'a>(action: &str, resource: &'a str) -> Option<&'a str> {
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

fn naive(records: &Json, ask: &Ask) -> bool {
    let Some(name) = name_in(ask.action, &ask.resource) else { return false };
    let owns = records["crates"].as_array().unwrap().iter().any(|krate| {
        krate["name"] == name && krate["owners"].as_array().unwrap().iter().any(|owner| owner.as_str() == ask.user)
    });
    let column = match (ask.user, record(records, ask.user)) {
        (None, _) => 7,
        (Some(_), Some(user)) if user["active"] == true => match (user["role"].as_str().unwrap(), owns) {
            ("admin", true) => 0,
            ("admin", false) => 1,
            ("tech", true) => 2,
            ("tech", false) => 3,
            (_, true) => 4,
            (_, false) => 5,
        },
        // The table has no column for somebody unknown: such a token is as dead as an inactive user's.
        (Some(_), _) => 6,
    };
    row(records, ask, name).as_bytes()[column] == b'y'
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_decision_is_the_one_in_the_products_table(records in records(), asks in prop::collection::vec(any_ask(), 1..60)) {
        let authorizer = opened(&records);
        for ask in asks {
            prop_assert_eq!(decide(&authorizer, &ask).allow, naive(&records, &ask), "{:?}", ask);
        }
    }

    #[test]
    fn a_read_only_user_never_changes_more_than_its_own_account_and_tokens(records in records(), ask in fitting()) {
        let records = with_user(&records, ask.user, "role", &json!("read-only"));
        if let Some(name) = ask.user.filter(|_| !LOOKS.contains(&ask.action)) {
            let mine = [format!("user:{name}"), format!("tokens:{name}")];
            let own = ["user.update", "token.create", "token.delete"].contains(&ask.action) && mine.contains(&ask.resource);
            prop_assert!(own || !allowed(&records, &ask), "{:?}", ask);
        }
    }

    #[test]
    fn nobody_unknown_or_inactive_gets_further_than_search_and_download(records in records(), ask in any_ask()) {
        let records = with_user(&records, ask.user, "active", &json!(false));
        prop_assume!(ask.user.is_some());
        prop_assert!(PUBLIC.contains(&ask.action) || !allowed(&records, &ask), "{:?}", ask);
    }

    #[test]
    fn nobody_without_a_token_gets_further_than_a_token_of_an_active_user(records in records(), ask in any_ask()) {
        let ask = Ask { user: None, ..ask };
        let account = ask.resource.strip_prefix("tokens:").unwrap_or_default();
        let switched_off = record(&records, Some(account)).is_some() && !is_active(&records, account);
        let open = PUBLIC.contains(&ask.action) || (ask.action == "token.create" && !switched_off);
        prop_assert!(open || !allowed(&records, &ask), "{:?}", ask);
    }

    #[test]
    fn a_role_never_loses_what_a_lower_role_has(records in records(), ask in any_ask()) {
        let may = ROLES.map(|role| allowed(&with_user(&records, ask.user, "role", &json!(role)), &ask));
        prop_assert!(may.is_sorted(), "{:?} {:?}", ask, may);
    }

    #[test]
    fn taking_ownership_or_activity_away_never_adds_access(records in records(), ask in any_ask()) {
        let mut less = records.clone();
        for krate in less["crates"].as_array_mut().unwrap() {
            krate["owners"].as_array_mut().unwrap().retain(|owner| owner.as_str() != ask.user);
        }
        prop_assert!(allowed(&records, &ask) || !allowed(&less, &ask), "{:?}", ask);
        let off = with_user(&records, ask.user, "active", &json!(false));
        prop_assert!(allowed(&records, &ask) || !allowed(&off, &ask), "{:?}", ask);
    }

    #[test]
    fn owning_one_crate_never_opens_another(records in records(), ask in fitting(), owned in prop::sample::select(&CRATES[..])) {
        let named = |resource: &str| resource.strip_prefix("crate:").map(|rest| rest.split('@').next().unwrap().to_owned());
        prop_assume!(ask.user.is_some() && named(&ask.resource).as_deref() != Some(owned));
        let mut more = records.clone();
        let krates = more["crates"].as_array_mut().unwrap();
        krates.retain(|krate| krate["name"] != owned);
        krates.push(json!({"name": owned, "owners": [ask.user]}));
        prop_assert_eq!(allowed(&records, &ask), allowed(&more, &ask), "{:?}", ask);
    }

    #[test]
    fn nobody_signed_in_makes_a_token_for_another(records in records(), ask in any_ask(), name in prop::sample::select(&NAMES[..])) {
        prop_assume!(ask.user.is_some() && ask.user != Some(name));
        let ask = Ask { action: "token.create", resource: format!("tokens:{name}"), ..ask };
        prop_assert!(!allowed(&records, &ask), "{:?}", ask);
    }

    #[test]
    fn an_update_by_others_than_admins_is_refused_in_the_order_of_role_active_account(
        role in prop::sample::select(&ROLES[..2]),
        names in prop::collection::vec(prop::sample::select(&["description", "role", "active", "name"][..]), 0..4),
        own in any::<bool>(),
    ) {
        let records = opened(&json!({"users": [{"name": "a", "role": role}, {"name": "b", "role": "admin"}]}));
        let resource = if own { "user:a" } else { "user:b" };
        let ask = Ask { user: Some("a"), action: "user.update", resource: resource.into(), attributes: json!({"fields": names}) };
        let wanted = match own {
            _ if names.contains(&"role") => "role-field",
            _ if names.contains(&"active") => "active-field",
            true => "own-account",
            false => "other-account",
        };
        prop_assert_eq!(decide(&records, &ask).rule, wanted);
    }

    #[test]
    fn a_crate_is_looked_for_before_its_owners_and_its_owners_before_the_role(
        role in prop::sample::select(&ROLES[..2]),
        action in prop::sample::select(&["crate.yank", "crate.unyank", "owner.add", "owner.remove"][..]),
        owner in prop::option::of(prop::sample::select(&["a", "b"][..])),
    ) {
        let crates: Vec<_> = owner.iter().map(|owner| json!({"name": "foo", "owners": [owner]})).collect();
        let records = opened(&json!({"users": [{"name": "a", "role": role}], "crates": crates}));
        let resource = if action.starts_with("owner") { "crate:foo" } else { "crate:foo@1.0.0" };
        let ask = Ask { user: Some("a"), action, resource: resource.into(), attributes: Json::Null };
        let wanted = match (owner, role) {
            (None, _) => "unknown-crate",
            (Some("a"), "tech") => "owner",
            (Some("a"), _) => "read-only-owner",
            (Some(_), _) => "not-owner",
        };
        prop_assert_eq!(decide(&records, &ask).rule, wanted);
    }

    #[test]
    fn the_order_of_the_records_decides_nothing(records in records(), ask in any_ask()) {
        let mut turned = records.clone();
        for list in ["users", "crates"] {
            turned[list].as_array_mut().unwrap().reverse();
        }
        for krate in turned["crates"].as_array_mut().unwrap() {
            krate["owners"].as_array_mut().unwrap().reverse();
        }
        let (one, other) = (opened(&records), opened(&turned));
        prop_assert_eq!(one.digest(), other.digest());
        prop_assert_eq!(decide(&one, &ask), decide(&other, &ask));
    }

    #[test]
    fn a_subject_has_the_same_digest_where_only_its_own_record_is_known(records in records(), name in prop::sample::select(&NAMES[..])) {
        let mut own = records.clone();
        own["users"].as_array_mut().unwrap().retain(|user| user["name"] == name);
        own["crates"].as_array_mut().unwrap().retain(|krate| krate["owners"].as_array().unwrap().iter().any(|owner| owner == name));
        let digest = |authorizer: &Authorizer| authorizer.subject_digest(&authorizer.subject(Some(name)));
        prop_assert_eq!(digest(&opened(&records)), digest(&opened(&own)));
    }

    #[test]
    fn secrets_and_what_decides_nothing_stand_in_no_digest(records in records(), secret in "[a-z]{8}") {
        let mut more = records.clone();
        for user in more["users"].as_array_mut().unwrap() {
            user["password"] = json!(secret);
            user["description"] = json!(secret);
        }
        let tokens: Vec<_> = more["users"].as_array().unwrap().iter().map(|user| json!({"user": user["name"], "name": "t", "token": secret})).collect();
        more["tokens"] = json!(tokens);
        more["categories"] = json!([{"name": secret}]);
        prop_assert_eq!(opened(&records).digest(), opened(&more).digest());
        let shown = format!("{:?}", opened(&more));
        prop_assert!(!shown.contains(&secret));
    }

    #[test]
    fn a_name_that_the_form_lets_in_travels_through_the_path_unchanged(
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
    fn whatever_a_request_says_its_question_can_be_asked(
        method in prop::sample::select(&["GET", "PUT", "POST", "DELETE", "HEAD"][..]),
        path in "/api/v1/(meuse|crates|mirror)(/(user|token|crate|new|owners|a|\\.\\.|%2F|%|é)){0,4}/?",
        user in prop::option::of("[a-z@:/.]{0,6}"),
    ) {
        let body = Value::Object(vec![("user".into(), Value::Null), ("role".into(), Value::Null)]);
        let query = user.iter().map(|user| ("user", user.as_str())).collect();
        let question = classify("meuse", &Request { method, path: &path, query, body: &body }).unwrap();
        if let Some(question) = question {
            prop_assert!(actions().contains(&question.action.as_str()));
            let authorizer = opened(&json!({}));
            authorizer.decide(&authorizer.subject(None), &question.action, &question.resource, &question.attributes).unwrap();
        }
    }
}
