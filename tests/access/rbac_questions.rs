//! The further questions of `rbac` agree with its decisions, over random documents: `actions`, `reach`, `slice` and
//! `explain`. What they return is read by the reference evaluator, or asked again.

#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::documents::{json_of, opened, subject_of, text_of, value};
use crate::support::generator::document::{sample, Sample};
use crate::support::generator::question::Questions;
use crate::support::generator::rng::Rng;
use crate::support::patch::apply_patch;
use crate::support::reference::decision::{decide, Decision};
use crate::support::reference::pattern::SEGMENTS_MOST;
use crate::support::reference::problems::reachable;
use crate::support::repetitions::tries;
use latchwork::{open, Authorizer, Details, Subject, Value};
use serde_json::{json, Map, Value as Json};

/// Questions to each sample.
const QUESTIONS: usize = 40;

/// Runs a property on as many samples as usual, each with random numbers for questions.
fn for_samples(usual: u32, mut property: impl FnMut(&mut Rng, &Sample, &Authorizer)) {
    for seed in 0..tries(usual) {
        let mut rng = Rng::new(seed);
        let sample = sample(&mut rng);
        property(&mut rng, &sample, &opened(&sample.document));
    }
}

/// Questions to a sample, none of them wrong, each with its answer.
fn valid_questions(rng: &mut Rng, sample: &Sample) -> Vec<(Json, Decision)> {
    let questions = Questions::to(sample);
    let all = (0..QUESTIONS).map(|_| questions.next(rng));
    // A time that is written as `1.0` is a number of another type in Rust.
    let all = all.filter(|question| question.get("now").is_none_or(Json::is_u64));
    all.filter_map(|question| decide(&sample.document, &question).ok().map(|answer| (question, answer))).collect()
}

fn decide_with_engine(authorizer: &Authorizer, question: &Json) -> Decision {
    let decision = authorizer.ask(&value(question)).unwrap_or_else(|error| panic!("{error}: {question}"));
    Decision {
        allow: decision.allow,
        level: decision.level.unwrap_or_default().to_owned(),
        needs: decision.needs.map(str::to_owned),
        rule: decision.rule,
    }
}

fn subject(authorizer: &Authorizer, asker: &Json) -> Subject {
    match asker {
        record @ Json::Object(_) => authorizer.record(&value(record)).unwrap(),
        id => authorizer.subject(id.as_str()),
    }
}

/// A question, prepared.
struct Prepared {
    subject: Subject,
    path: String,
    given: [Value; 3],
    now: Option<u64>,
}

impl Prepared {
    fn new(authorizer: &Authorizer, question: &Json) -> Self {
        let subject = subject_of(authorizer, question);
        let path = authorizer.path(&value(&question["resource"])).unwrap();
        let given = ["attributes", "context", "properties"].map(|name| question.get(name).map_or(Value::Null, value));
        let now = question.get("now").and_then(Json::as_u64);
        Self { subject, path, given, now }
    }

    fn details(&self) -> Details<'_> {
        let [attributes, context, properties] = &self.given;
        Details { attributes, context, properties, now: self.now }
    }
}

#[test]
fn actions_are_exactly_the_allowed_ones() {
    for_samples(100, |rng, sample, authorizer| {
        for (question, _) in valid_questions(rng, sample) {
            let prepared = Prepared::new(authorizer, &question);
            let actions = authorizer.actions(&prepared.subject, &prepared.path, prepared.details()).unwrap();
            let allowed = sample.names.grantable.iter().filter(|action| {
                let mut question = question.clone();
                question["action"] = json!(action);
                decide(&sample.document, &question).unwrap().allow
            });
            let allowed: BTreeSet<&str> = allowed.map(String::as_str).collect();
            assert_eq!(actions.len(), allowed.len(), "{question} of {}", sample.document);
            assert_eq!(BTreeSet::from_iter(actions), allowed, "{question} of {}", sample.document);
        }
    });
}

// Reach.

/// The active user of a question: their id and entry.
fn active_user(document: &Json, asker: &Json) -> Option<(String, Json)> {
    let (id, entry) = match asker {
        Json::Object(record) => (record["id"].as_str()?, asker),
        id => (id.as_str()?, document.get("users")?.get(id.as_str()?)?),
    };
    (entry.get("active") != Some(&json!(false))).then(|| (id.to_owned(), entry.clone()))
}

/// The grants of `reach` as a holder of a document has them.
fn grants_of_reach(action: &str, grants: &Json) -> Json {
    let mut map = json!({});
    for grant in grants.as_array().unwrap() {
        let mut written = grant.clone();
        let pattern = written.as_object_mut().unwrap().remove("pattern").unwrap();
        written["allow"] = json!(action);
        push_item(&mut map[pattern.as_str().unwrap()], written);
    }
    map
}

fn push_item(list: &mut Json, item: Json) {
    if list.is_null() {
        *list = json!([]);
    }
    list.as_array_mut().unwrap().push(item);
}

/// The document and the question that have what `reach` returned, and nothing else of the subject.
fn document_of_reach(document: &Json, question: &Json, reach: &Json) -> (Json, Json) {
    let action = question["action"].as_str().unwrap();
    let (mut other, mut asked) = (json!({}), question.clone());
    for name in ["levels", "actions", "resources"] {
        if let Some(member) = document.get(name) {
            other[name] = member.clone();
        }
    }
    let mut limits = json!({});
    for limit in reach["limits"].as_array().unwrap() {
        let mut written = limit.clone();
        let pattern = written.as_object_mut().unwrap().remove("pattern").unwrap();
        written["deny"] = json!(action);
        push_item(&mut limits[pattern.as_str().unwrap()], written);
    }
    other["limits"] = limits;
    let grants = grants_of_reach(action, &reach["grants"]);
    match active_user(document, &question["subject"]) {
        Some((id, entry)) => {
            asked["subject"] = json!({ "id": id, "grants": grants });
            for name in ["groups", "attributes"] {
                if let Some(member) = entry.get(name) {
                    asked["subject"][name] = member.clone();
                }
            }
        }
        None => {
            other["everyone"] = json!({ "grants": grants });
            asked["subject"] = Json::Null;
        }
    }
    let withins: Vec<Json> = reach["within"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grants| json!({ "grants": grants_of_reach(action, grants) }))
        .collect();
    asked.as_object_mut().unwrap().remove("within");
    if !withins.is_empty() {
        asked["within"] = json!(withins);
    }
    (other, asked)
}

#[test]
fn the_grants_of_reach_give_the_decisions_of_the_document() {
    let mut allowed = 0;
    for_samples(200, |rng, sample, authorizer| {
        let questions = valid_questions(rng, sample);
        for (question, answer) in &questions {
            let prepared = Prepared::new(authorizer, question);
            let action = question["action"].as_str().unwrap();
            let reach = json_of(&authorizer.reach(&prepared.subject, action).unwrap());
            assert!(!reach.to_string().contains("/{subject}"), "{reach}");
            let agrees = |question: &Json, answer: &Decision| {
                let (other, asked) = document_of_reach(&sample.document, question, &reach);
                assert!(!other.to_string().contains("\"{subject}/"), "{other}");
                let found = decide(&other, &asked).unwrap();
                assert_eq!(found.allow, answer.allow, "{question} of {}: {reach}", sample.document);
                usize::from(answer.allow)
            };
            allowed += agrees(question, answer);
            // The same subject and action, with all else of other questions.
            for _ in 0..3 {
                let mut other = rng.pick_of(&questions).0.clone();
                other["action"] = question["action"].clone();
                other["subject"] = question["subject"].clone();
                other.as_object_mut().unwrap().remove("within");
                if let Some(within) = question.get("within") {
                    other["within"] = within.clone();
                }
                allowed += agrees(&other, &decide(&sample.document, &other).unwrap());
            }
        }
    });
    assert!(allowed > 1_000, "only {allowed} questions are allowed");
}

// Slices.

/// The roles of a holder's list.
fn assigned_roles(holder: Option<&Json>) -> Vec<String> {
    let roles = holder.and_then(|holder| holder.get("roles")).and_then(Json::as_array);
    let name = |role: &Json| role.as_str().or(role["role"].as_str()).unwrap().to_owned();
    roles.into_iter().flatten().map(name).collect()
}

/// The groups and roles that a subject reaches.
fn reachable_groups_and_roles(document: &Json, user: Option<&Json>) -> (BTreeSet<String>, BTreeSet<String>) {
    let groups = user.and_then(|user| user.get("groups")).and_then(Json::as_array);
    let groups: BTreeSet<String> =
        groups.into_iter().flatten().map(|group| group.as_str().unwrap().to_owned()).collect();
    let mut roles = assigned_roles(document.get("everyone"));
    if user.is_some() {
        roles.extend(assigned_roles(user));
        roles.extend(assigned_roles(document.get("authenticated")));
        groups.iter().for_each(|group| roles.extend(assigned_roles(document["groups"].get(group))));
    }
    (groups, roles.iter().flat_map(|role| reachable(document, role)).collect())
}

fn member_names(object: &Json) -> BTreeSet<String> {
    object.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default()
}

#[test]
fn a_slice_gives_its_subject_the_same_decisions_and_contains_nothing_else() {
    let mut rules = BTreeSet::new();
    for_samples(200, |rng, sample, authorizer| {
        let questions = valid_questions(rng, sample);
        for _ in 0..4 {
            if questions.is_empty() {
                return;
            }
            let asker = &rng.pick_of(&questions).0["subject"];
            let listed = rng.pick_some(&sample.names.roles, 2);
            let roles: Vec<&str> = listed.iter().map(String::as_str).collect();
            let whole = subject(authorizer, asker);
            let text = text_of(&authorizer.slice(&whole, &roles).unwrap());
            let context = || format!("{asker} with {roles:?} of {}: {text}", sample.document);
            let sliced = open("rbac", &text).unwrap_or_else(|error| panic!("{:?}: {}", error.problems(), context()));
            let id = asker.get("id").unwrap_or(asker);
            let part = sliced.subject(id.as_str());
            assert_eq!(authorizer.subject_digest(&whole), sliced.subject_digest(&part), "{}", context());
            assert_eq!(text, text_of(&sliced.slice(&part, &roles).unwrap()), "{}", context());

            let slice: Json = serde_json::from_str(&text).unwrap();
            assert!(member_names(&slice["users"]).iter().all(|user| id == user), "{}", context());
            let user = active_user(&sample.document, asker).map(|(_, entry)| entry);
            let (groups, mut reached) = reachable_groups_and_roles(&sample.document, user.as_ref());
            assert_eq!(member_names(&slice["groups"]), groups, "{}", context());
            reached.extend(roles.iter().flat_map(|role| reachable(&sample.document, role)));
            reached.retain(|role| sample.names.roles.contains(role));
            assert_eq!(member_names(&slice["roles"]), reached, "{}", context());
            assert!(user.is_some() || slice.get("authenticated").is_none(), "{}", context());

            for (mut question, _) in questions.clone() {
                question["subject"] = asker.clone();
                if let Some(holders) = question.get_mut("within") {
                    keep_roles(holders, &roles);
                }
                let answer = decide(&sample.document, &question).unwrap();
                rules.insert(answer.rule);
                question["subject"] = id.clone();
                assert_eq!(decide_with_engine(&sliced, &question), answer, "{question}: {}", context());
            }
        }
    });
    assert_eq!(rules.len(), 11, "{rules:?}");
}

/// Leaves a holder, or a list of holders, the roles of these names.
fn keep_roles(holders: &mut Json, names: &[&str]) {
    match holders {
        Json::Array(list) => list.iter_mut().for_each(|holder| keep_roles(holder, names)),
        holder => {
            if let Some(roles) = holder.get_mut("roles").and_then(Json::as_array_mut) {
                roles.retain(|role| names.contains(&role.as_str().or(role["role"].as_str()).unwrap()));
            }
        }
    }
}

// Explanations.

/// What a pointer leads to: in the question for a record, in the document for all else.
fn pointer_target<'t>(document: &'t Json, question: &'t Json, pointer: &str) -> Option<&'t Json> {
    if pointer.starts_with("/subject/") { question } else { document }.pointer(pointer)
}

/// What a grant or limit names: `allow`, `level` or `deny`, or the whole of it.
fn granted_names(written: &Json) -> BTreeSet<String> {
    let named = ["allow", "level", "deny"].iter().find_map(|name| written.get(name)).unwrap_or(written);
    let list = named.as_array().cloned().unwrap_or_else(|| vec![named.clone()]);
    list.iter().map(|name| name.as_str().unwrap_or_else(|| panic!("{written}")).to_owned()).collect()
}

fn explanation_list<'e>(explanation: &'e Json, name: &str) -> &'e Vec<Json> {
    explanation[name].as_array().unwrap()
}

fn explain(authorizer: &Authorizer, question: &Json) -> Json {
    let prepared = Prepared::new(authorizer, question);
    let action = question["action"].as_str().unwrap();
    json_of(&authorizer.explain(&prepared.subject, action, &prepared.path, prepared.details()).unwrap().unwrap())
}

#[test]
fn an_allow_is_explained_by_the_grants_that_give_it() {
    let mut holders = BTreeMap::<String, usize>::new();
    for_samples(200, |rng, sample, authorizer| {
        for (question, _) in valid_questions(rng, sample).iter().filter(|(_, answer)| answer.allow) {
            let explanation = explain(authorizer, question);
            let context = || format!("{question} of {}: {explanation}", sample.document);
            assert!(!explanation_list(&explanation, "grants").is_empty(), "{}", context());
            assert!(!explanation["text"].as_str().unwrap().is_empty(), "{}", context());
            for name in ["limits", "within", "nearMisses", "remedies"] {
                assert!(explanation_list(&explanation, name).is_empty(), "{}", context());
            }
            for grant in explanation_list(&explanation, "grants") {
                let pointer = grant["pointer"].as_str().unwrap();
                let written =
                    pointer_target(&sample.document, question, pointer).unwrap_or_else(|| panic!("{}", context()));
                assert_eq!(granted_names(&grant["allow"]), granted_names(written), "{pointer}: {}", context());
                let pattern = pointer.split("/grants/").nth(1).unwrap().split('/').next().unwrap();
                let pattern = pattern.replace("~1", "/").replace("~0", "~");
                let scope = grant["scope"].as_str().map(|scope| format!("{scope}/")).unwrap_or_default();
                assert_eq!(grant["pattern"], json!(format!("{scope}{pattern}")), "{pointer}: {}", context());
                *holders.entry(grant["holder"].as_str().unwrap().into()).or_default() += 1;
                // This grant alone gives the action.
                let mut alone = json!({ "allow": grant["allow"] });
                for name in ["when", "from", "until"] {
                    if let Some(member) = written.get(name).or(grant.get(name)) {
                        alone[name] = member.clone();
                    }
                }
                let mut document = sample.document.clone();
                let mut asked = question.clone();
                // Behind a scope, a pattern can be longer than one in a document: `**` then matches no segment.
                let pattern = grant["pattern"].as_str().unwrap();
                let longest = pattern.split('/').count() > SEGMENTS_MOST;
                let pattern = if longest { pattern.trim_end_matches("/**") } else { pattern };
                let grants = json!({ pattern: alone });
                match active_user(&sample.document, &question["subject"]) {
                    Some((id, entry)) => {
                        asked["subject"] = entry;
                        asked["subject"]["id"] = json!(id);
                        asked["subject"].as_object_mut().unwrap().remove("roles");
                        asked["subject"]["grants"] = grants;
                        for name in ["groups", "authenticated", "everyone"] {
                            document.as_object_mut().unwrap().remove(name);
                        }
                    }
                    None => document["everyone"] = json!({ "grants": grants }),
                }
                assert!(decide(&document, &asked).unwrap().allow, "{pointer}: {}", context());
            }
        }
    });
    assert!(["user", "group", "authenticated", "everyone"].iter().all(|holder| holders[*holder] > 50), "{holders:?}");
}

#[test]
fn a_deny_is_explained_by_the_limits_and_holders_that_block_it() {
    let mut kinds = BTreeMap::<String, usize>::new();
    for_samples(300, |rng, sample, authorizer| {
        for (question, answer) in valid_questions(rng, sample).iter().filter(|(_, answer)| !answer.allow) {
            let explanation = explain(authorizer, question);
            let context = || format!("{question} of {}: {explanation}", sample.document);
            assert!(explanation_list(&explanation, "grants").is_empty(), "{}", context());
            assert!(!explanation["text"].as_str().unwrap().is_empty(), "{}", context());

            let mut freed = sample.document.clone();
            for limit in explanation_list(&explanation, "limits") {
                let pointer = limit["pointer"].as_str().unwrap();
                let written = sample.document.pointer(pointer).unwrap_or_else(|| panic!("{}", context()));
                let named = granted_names(limit);
                assert!(named.is_subset(&granted_names(written)), "{pointer}: {}", context());
                *freed.pointer_mut(pointer).unwrap() = json!({ "deny": [] });
            }
            let mut widened = question.clone();
            if let Some(holders) = question.get("within") {
                let all = holders.as_array().cloned().unwrap_or_else(|| vec![holders.clone()]);
                let in_way: Vec<usize> = explanation_list(&explanation, "within")
                    .iter()
                    .map(|place| usize::try_from(place.as_u64().unwrap()).unwrap())
                    .collect();
                let rest: Vec<Json> =
                    (0..all.len()).filter(|place| !in_way.contains(place)).map(|place| all[place].clone()).collect();
                assert_eq!(all.len() - rest.len(), in_way.len(), "{}", context());
                widened["within"] = json!(rest);
                if rest.is_empty() {
                    widened.as_object_mut().unwrap().remove("within");
                }
            }
            // Without all that is in the way, what is granted is allowed.
            let is_granted = ["limit", "within"].contains(&answer.rule);
            assert_eq!(decide(&freed, &widened).unwrap().allow, is_granted, "{}", context());
            if answer.rule == "limit" {
                assert!(!explanation_list(&explanation, "limits").is_empty(), "{}", context());
            }

            for miss in explanation_list(&explanation, "nearMisses") {
                let kind = miss["kind"].as_str().unwrap();
                *kinds.entry(kind.into()).or_default() += 1;
                let pointer = miss["pointer"].as_str().unwrap();
                let written =
                    pointer_target(&sample.document, question, pointer).unwrap_or_else(|| panic!("{}", context()));
                match kind {
                    "level" => {
                        assert!(granted_names(written).contains(miss["found"].as_str().unwrap()), "{}", context());
                        assert_eq!(miss["needed"].as_str(), answer.needs.as_deref(), "{}", context());
                    }
                    "condition" => {
                        let attribute = miss["attribute"].as_str().unwrap();
                        assert!(written["when"].to_string().contains(&json!(attribute).to_string()), "{}", context());
                        assert_eq!(
                            miss.get("found"),
                            attribute_value(sample, question, attribute).as_ref(),
                            "{}",
                            context()
                        );
                        assert!(miss.get("needed").is_some(), "{}", context());
                    }
                    "not-yet" => assert!(
                        question.get("now").is_none_or(|now| now.as_f64() < miss["needed"].as_f64()),
                        "{}",
                        context()
                    ),
                    "expired" => assert!(question["now"].as_f64() >= miss["needed"].as_f64(), "{}", context()),
                    "scope" => assert_ne!(miss["found"], miss["needed"], "{}", context()),
                    other => panic!("{other}: {}", context()),
                }
            }
            let all: BTreeSet<String> =
                explanation_list(&explanation, "nearMisses").iter().map(Json::to_string).collect();
            assert_eq!(
                all.len(),
                explanation_list(&explanation, "nearMisses").len(),
                "a near miss twice: {}",
                context()
            );
        }
    });
    for kind in ["level", "condition", "not-yet", "expired", "scope"] {
        assert!(kinds.get(kind).is_some_and(|count| *count > 20), "{kind} is rare: {kinds:?}");
    }
}

/// The value of an attribute in a question.
fn attribute_value(sample: &Sample, question: &Json, attribute: &str) -> Option<Json> {
    let (root, names) = attribute.split_once('.').unwrap();
    let user = active_user(&sample.document, &question["subject"]);
    let own = match attribute {
        "subject.id" => Some(json!(user.as_ref()?.0)),
        // Each once, in the order of their names.
        "subject.groups" => Some(json!(reachable_groups_and_roles(&sample.document, Some(&user.as_ref()?.1)).0)),
        "action.name" => Some(question["action"].clone()),
        _ => None,
    };
    if own.is_some() {
        return own;
    }
    let parts = resource_attributes(sample, &question["resource"]);
    let mut given = match root {
        "subject" => user?.1.get("attributes").cloned(),
        "resource" => question.get("attributes").cloned(),
        "context" => question.get("context").cloned(),
        _ => question.get("properties").cloned(),
    }
    .unwrap_or(json!({}));
    let reserved: Map<String, Json> = match root {
        "resource" => parts,
        "subject" => Map::from_iter([("id".into(), json!(true)), ("groups".into(), json!(true))]),
        "action" => Map::from_iter([("name".into(), json!(true))]),
        _ => Map::new(),
    };
    given.as_object_mut().unwrap().extend(reserved);
    let mut value = &given;
    for name in names.split('.') {
        value = value.as_object()?.get(name)?;
    }
    Some(value.clone())
}

/// The attributes that a resource has by itself: its path, and its type and parts if the document has `resources`.
fn resource_attributes(sample: &Sample, resource: &Json) -> Map<String, Json> {
    let authorizer = opened(&sample.document);
    let path = authorizer.path(&value(resource)).unwrap();
    let segments: Vec<&str> = path.split('/').collect();
    let mut parts = Map::from_iter([("path".to_owned(), json!(path))]);
    for (name, shape) in sample.names.shapes.iter().flatten() {
        let shape = crate::support::reference::pattern::shape_parts(shape).unwrap();
        let mut named = Map::from_iter([("type".to_owned(), json!(name))]);
        let fits = shape.len() == segments.len()
            && shape.iter().zip(&segments).all(|(part, segment)| match part {
                crate::support::reference::pattern::Part::Literal(text) => text == segment,
                crate::support::reference::pattern::Part::Named(name) => {
                    named.insert(name.clone(), json!(segment));
                    true
                }
            });
        if fits {
            parts.extend(named);
        }
    }
    parts
}

#[test]
fn a_remedy_changes_the_decision_to_allow() {
    let mut kinds = BTreeMap::<String, usize>::new();
    for_samples(400, |rng, sample, authorizer| {
        for (question, _) in valid_questions(rng, sample).iter().filter(|(_, answer)| !answer.allow) {
            let explanation = explain(authorizer, question);
            let mut seen = BTreeSet::new();
            for remedy in explanation_list(&explanation, "remedies") {
                let context = || format!("{remedy} for {question} of {}", sample.document);
                let kind = remedy["kind"].as_str().unwrap();
                *kinds.entry(kind.into()).or_default() += 1;
                assert!(seen.insert(remedy.to_string()), "twice: {}", context());
                let Some(patch) = remedy.get("patch") else {
                    assert_eq!(kind, "sign-in", "{}", context());
                    let mut signed_in = question.clone();
                    signed_in["subject"] = json!({ "id": "a new user" });
                    assert!(decide(&sample.document, &signed_in).unwrap().allow, "{}", context());
                    continue;
                };
                let changed = patch[0]["path"].as_str().unwrap();
                assert_eq!(remedy["pointer"], changed.strip_suffix("/-").unwrap_or(changed), "{}", context());
                // An addition overwrites nothing, except a grant of nothing.
                if patch[0]["op"] == "add" && ["role", "group", "grant"].contains(&kind) {
                    let overwritten = pointer_target(&sample.document, question, changed);
                    assert!(overwritten.is_none_or(grants_nothing), "{}", context());
                }
                let (document, asked) = match remedy["target"].as_str().unwrap() {
                    "document" => (apply_patch(sample.document.clone(), patch), question.clone()),
                    _ => (sample.document.clone(), apply_patch(question.clone(), patch)),
                };
                let changed = open("rbac", &document.to_string())
                    .unwrap_or_else(|error| panic!("{:?}: {}", error.problems(), context()));
                assert!(decide_with_engine(&changed, &asked).allow, "{}", context());
                assert!(decide(&document, &asked).unwrap().allow, "{}", context());
            }
        }
    });
    for kind in ["limit", "within", "activate", "sign-in", "level", "attribute", "wait", "role", "group", "grant"] {
        assert!(kinds.get(kind).is_some_and(|count| *count > 20), "{kind} is rare: {kinds:?}");
    }
}

fn grants_nothing(grant: &Json) -> bool {
    match grant {
        Json::Array(list) => list.iter().all(grants_nothing),
        _ => grant["allow"] == json!([]),
    }
}

fn remedies_of(document: &Json, question: &Json) -> Vec<(String, String)> {
    let explanation = explain(&opened(document), question);
    let name = |remedy: &Json, name: &str| remedy[name].as_str().unwrap().to_owned();
    explanation_list(&explanation, "remedies")
        .iter()
        .map(|remedy| (name(remedy, "kind"), name(remedy, "pointer")))
        .collect()
}

#[test]
fn the_remedy_of_an_inactive_record_does_not_change_the_user_of_its_id() {
    let document = json!({ "users": { "ann": { "active": false, "grants": { "docs/**": "read" } } } });
    let mut question = json!({ "subject": "ann", "action": "read", "resource": "docs/1" });
    assert_eq!(remedies_of(&document, &question), [("activate".to_owned(), "/users/ann/active".to_owned())]);
    question["subject"] = json!({ "id": "ann", "active": false });
    assert_eq!(remedies_of(&document, &question), []);
}

#[test]
fn a_grant_of_several_lower_levels_is_one_near_miss_with_the_highest() {
    let document = json!({ "levels": ["none", "see", "use", "run"], "everyone": { "grants": { "a": ["see", "use"], "*": { "allow": ["see", "use"] } } } });
    let explanation = explain(&opened(&document), &json!({ "action": "run", "resource": "a" }));
    let misses: BTreeSet<(&str, &str)> = explanation_list(&explanation, "nearMisses")
        .iter()
        .map(|miss| (miss["pointer"].as_str().unwrap(), miss["found"].as_str().unwrap()))
        .collect();
    let places = [("/everyone/grants/*", "use"), ("/everyone/grants/a/0", "see"), ("/everyone/grants/a/1", "use")];
    assert_eq!(misses, BTreeSet::from(places), "{explanation}");
}

#[test]
fn a_pattern_that_a_scope_makes_too_long_is_left_out_of_reach() {
    let long = vec!["a"; 31].join("/");
    let document = json!({
        "roles": { "reader": { "grants": { "b/**": "read", "b/c": "read", "*/c/d/**": "read" } } },
        "users": { "ann": { "roles": [{ "role": "reader", "scope": long }] } },
    });
    let authorizer = opened(&document);
    let reach = json_of(&authorizer.reach(&authorizer.subject(Some("ann")), "read").unwrap());
    assert_eq!(reach["grants"], json!([{ "pattern": format!("{long}/b") }]));
}

#[test]
fn a_slice_leaves_out_groups_that_no_document_can_define() {
    let authorizer = opened(&json!({}));
    let record = json!({ "id": "ann", "groups": ["", "press", "p".repeat(4_097)] });
    let slice = json_of(&authorizer.slice(&subject(&authorizer, &record), &[]).unwrap());
    assert_eq!(slice["groups"], json!({ "press": {} }));
    assert_eq!(slice["users"]["ann"]["groups"], json!(["press"]));
    opened(&slice);
}

#[test]
fn no_remedy_makes_a_document_invalid_by_a_long_pattern() {
    let document = json!({ "users": { "ann": {} } });
    let question = |resource: &str| json!({ "subject": "ann", "action": "read", "resource": resource });
    assert_eq!(remedies_of(&document, &question("*a")), [("grant".to_owned(), "/users/ann/grants".to_owned())]);
    // The pattern has a backslash more than the path.
    assert_eq!(remedies_of(&document, &question(&"*".repeat(4_096))), []);
}

#[test]
fn a_remedy_grants_the_action_alone_beside_what_is_there() {
    let document = json!({
        "actions": { "delete": "admin" },
        "users": { "ann": { "grants": { "docs/1": "read" } }, "bob": { "grants": { "docs/2": [] } }, "cy": {} },
    });
    let patch = |subject: &str| {
        let question = json!({ "subject": subject, "action": "delete", "resource": "docs/1" });
        let explanation = explain(&opened(&document), &question);
        explanation_list(&explanation, "remedies").last().unwrap()["patch"][0].clone()
    };
    let replaced = json!({ "op": "replace", "path": "/users/ann/grants/docs~11", "value": ["read", "delete"] });
    assert_eq!(patch("ann"), replaced);
    assert_eq!(patch("bob"), json!({ "op": "add", "path": "/users/bob/grants/docs~11", "value": "delete" }));
    assert_eq!(patch("cy"), json!({ "op": "add", "path": "/users/cy/grants", "value": { "docs/1": "delete" } }));
    // The user has an undefined role in the record.
    let question = json!({ "subject": { "id": "dee", "roles": ["other"] }, "action": "read", "resource": "a" });
    let document = json!({ "roles": { "reader": { "grants": { "**": "read" } } } });
    let explanation = explain(&opened(&document), &question);
    let remedy = &explanation_list(&explanation, "remedies")[0];
    assert_eq!(remedy["patch"][0], json!({ "op": "add", "path": "/subject/roles/-", "value": "reader" }));
    assert_eq!(remedy["pointer"], "/subject/roles");
}

#[test]
fn a_near_miss_names_the_bounds_of_the_assignment_and_those_of_the_grant() {
    let explained = |assignment: Json, grant: Json, now: u64| {
        let mut document = json!({
            "roles": { "reader": { "grants": { "a": { "allow": "read" } } } },
            "users": { "ann": { "roles": [{ "role": "reader" }] } },
        });
        let merge =
            |into: &mut Json, from: &Json| into.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
        merge(&mut document["roles"]["reader"]["grants"]["a"], &grant);
        merge(&mut document["users"]["ann"]["roles"][0], &assignment);
        let question = json!({ "subject": "ann", "action": "read", "resource": "a", "now": now });
        let explanation = explain(&opened(&document), &question);
        let found = |miss: &Json| (miss["kind"].clone(), miss["needed"].clone(), miss["pointer"].clone());
        let misses: Vec<_> = explanation_list(&explanation, "nearMisses").iter().map(found).collect();
        let kinds: Vec<_> =
            explanation_list(&explanation, "remedies").iter().map(|remedy| remedy["kind"].clone()).collect();
        (misses, kinds, explanation["text"].as_str().unwrap().to_owned())
    };
    let of_assignment = |kind: &str, needed: u64| (json!(kind), json!(needed), json!("/users/ann/roles/0"));
    let of_grant = |kind: &str, needed: u64| (json!(kind), json!(needed), json!("/roles/reader/grants/a"));
    let (misses, kinds, text) = explained(json!({ "from": 50 }), json!({ "until": 30 }), 40);
    assert_eq!(misses, [of_assignment("not-yet", 50), of_grant("expired", 30)]);
    assert_eq!(kinds, ["grant"]);
    assert_eq!(text, "The assignment of the role `reader` does not count yet. The grant on `a` has expired.");
    let (misses, kinds, _) = explained(json!({ "from": 10 }), json!({ "from": 20 }), 5);
    assert_eq!(misses, [of_assignment("not-yet", 10), of_grant("not-yet", 20)]);
    assert_eq!(kinds, ["wait", "grant"]);
    let (misses, kinds, text) = explained(json!({ "until": 10 }), json!({ "until": 20 }), 15);
    assert_eq!(misses, [of_assignment("expired", 10)]);
    assert_eq!(kinds, ["role", "grant"]);
    assert_eq!(text, "The assignment of the role `reader` has expired.");
}

#[test]
fn an_explanation_lists_every_way_to_a_grant_and_every_action_of_a_limit() {
    let document = json!({
        "actions": { "a": null, "b": null },
        "roles": {
            "base": { "grants": { "x": ["a", "b"] } },
            "first": { "inherits": ["base"] },
            "second": { "inherits": ["base"] },
        },
        "users": { "ann": { "roles": ["first", "second", "base"] } },
        "limits": { "y": { "deny": ["a", "b"] } },
    });
    let explanation = explain(&opened(&document), &json!({ "subject": "ann", "action": "a", "resource": "x" }));
    let ways: Vec<_> = explanation_list(&explanation, "grants").iter().map(|grant| grant["role"].clone()).collect();
    assert_eq!(ways, ["first", "second", "base"]);
    let denied =
        explain(&opened(&with_grant_on_y(&document)), &json!({ "subject": "ann", "action": "a", "resource": "y" }));
    assert_eq!(denied["limits"][0]["deny"], json!(["a", "b"]));
}

fn with_grant_on_y(document: &Json) -> Json {
    let mut document = document.clone();
    document["users"]["ann"]["grants"] = json!({ "y": "a" });
    document
}
