//! `filter` of `rbac` keeps exactly the rows that `can` allows, over random documents, subjects and rows.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken test ends the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::support::documents::{json_of, opened, subject_of, value};
use crate::support::filter_rows::{keeps, Row};
use crate::support::generator::document::{conditions, pattern, sample, Sample};
use crate::support::generator::question::Questions;
use crate::support::generator::rng::Rng;
use crate::support::generator::words::{anything, attribute, attributes, number, segment, ATTRIBUTES, USERS};
use crate::support::reference::decision::decide;
use crate::support::reference::pattern::{shape_parts, Part};
use crate::support::repetitions::tries;
use latchwork::{Authorizer, Details, Error, Value};
use serde_json::{json, Map, Value as Json};

/// Filters of each sample, and rows of each filter.
const FILTERS: usize = 40;
const ROWS: usize = 12;

/// Conditions of which each looks at the resource.
fn conditions_on_rows(rng: &mut Rng, sample: &Sample) -> Json {
    if rng.chance(10) {
        let bound = if rng.chance(50) { "atLeast" } else { "atMost" };
        let known = rng.pick(&["context.n", "subject.n", "context.tags", "context.tags"]);
        return json!({ known: { bound: { "ref": "resource.n" } } });
    }
    loop {
        let found = conditions(rng, &sample.names, 1);
        let mut objects = found.as_array().into_iter().flatten().chain(found.is_object().then_some(&found));
        let looks = |(path, right): (&String, &Json)| format!("{path} {right}").contains("resource.");
        if objects.all(|all| all.as_object().unwrap().iter().all(looks)) {
            return found;
        }
    }
}

/// A pattern of which most segments are literals, a few of them with several parts.
fn narrow_pattern(rng: &mut Rng, sample: &Sample) -> String {
    let shapes = sample.names.shapes.as_ref().filter(|shapes| !shapes.is_empty() && rng.chance(50));
    let Some(shapes) = shapes else { return pattern(rng, &sample.names) };
    let shape = rng.pick_of(shapes).1.clone();
    let segment = |text: &str| match text.starts_with('{') {
        true => rng.pick(&["acme", "a", "42", "docs", "ann", "{subject}", "{subject}", "*"]).to_owned(),
        false => text.to_owned(),
    };
    shape.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// Adds grants that most questions have.
fn add_frequent_grants(rng: &mut Rng, sample: &Sample, holder: &mut Json) {
    for _ in 0..rng.below(4) {
        let name =
            if rng.chance(60) { sample.names.levels.last().unwrap() } else { rng.pick_of(&sample.names.grantable) };
        let mut grant = json!({ "allow": name });
        if rng.chance(85) {
            grant["when"] = conditions_on_rows(rng, sample);
        }
        let pattern = narrow_pattern(rng, sample);
        holder["grants"][pattern] = grant;
    }
}

/// A sample with more conditions that only a row can answer.
fn sample_with_row_conditions(rng: &mut Rng) -> Sample {
    let mut sample = sample(rng);
    let mut document = sample.document.clone();
    for name in ["users", "groups", "roles"] {
        for (_, holder) in document[name].as_object_mut().into_iter().flatten() {
            add_frequent_grants(rng, &sample, holder);
        }
    }
    for name in ["everyone", "authenticated"].into_iter().filter(|name| sample.document.get(name).is_some()) {
        add_frequent_grants(rng, &sample, &mut document[name]);
    }
    document.as_object_mut().unwrap().retain(|_, member| !member.is_null());
    for _ in 0..rng.below(4) {
        let action = rng.pick_of(&sample.names.grantable);
        let mut limit =
            if rng.chance(50) { json!({ "deny": action }) } else { json!({ "level": sample.names.levels[0] }) };
        if rng.chance(70) {
            limit["unless"] = conditions_on_rows(rng, &sample);
        }
        let pattern = narrow_pattern(rng, &sample);
        document["limits"][pattern] = limit;
    }
    sample.document = document;
    sample
}

/// The filter of a question's subject, action and circumstances.
fn filter(authorizer: &Authorizer, question: &Json, kind: &str) -> Result<Json, Error> {
    let [context, properties] = ["context", "properties"].map(|name| question.get(name).map_or(Value::Null, value));
    let now = question.get("now").and_then(Json::as_u64);
    let details = Details { attributes: &Value::Null, context: &context, properties: &properties, now };
    let subject = subject_of(authorizer, question);
    authorizer.filter(&subject, question["action"].as_str().unwrap(), kind, details).map(|filter| json_of(&filter))
}

/// A type, and the parts of a path of it.
type TypedPath = (String, Vec<(String, String)>);

/// The type of a path, if it fits one.
fn type_of_path(sample: &Sample, path: &str) -> Option<TypedPath> {
    let segments: Vec<&str> = path.split('/').collect();
    let Some(shapes) = &sample.names.shapes else {
        let (kind, id) = path.split_once('/')?;
        return Some((kind.to_owned(), vec![("id".to_owned(), id.to_owned())])).filter(|_| !kind.is_empty());
    };
    shapes.iter().find_map(|(kind, shape)| {
        let shape = shape_parts(shape).unwrap();
        let mut parts = Vec::new();
        let fits = shape.len() == segments.len()
            && shape.iter().zip(&segments).all(|(part, segment)| match part {
                Part::Literal(text) => text == segment,
                Part::Named(name) => {
                    parts.push((name.clone(), (*segment).to_owned()));
                    true
                }
            });
        fits.then(|| (kind.clone(), parts))
    })
}

/// A row of a type: that of a question, or one that has something of it.
fn random_row(rng: &mut Rng, sample: &Sample, questions: &[(Json, Option<TypedPath>)], at: usize, kind: &str) -> Row {
    let (question, fit) = &questions[at];
    let other = rng.pick_of(questions);
    let names: Vec<String> = match &sample.names.shapes {
        None => vec!["id".into()],
        Some(shapes) => {
            let shape = shapes.iter().find(|(name, _)| name == kind).map(|(_, shape)| shape_parts(shape).unwrap());
            let name = |part: Part| match part {
                Part::Named(name) => Some(name),
                Part::Literal(_) => None,
            };
            shape.unwrap().into_iter().filter_map(name).collect()
        }
    };
    let mut parts = Map::new();
    for name in names {
        let of = |fit: &Option<TypedPath>| {
            let (fitting, parts) = fit.as_ref()?;
            parts.iter().find(|(part, _)| *part == name && fitting == kind).map(|(_, text)| json!(text))
        };
        let part = match rng.below(100) {
            0..60 => of(fit),
            60..75 => of(&other.1),
            75 => None,
            76 => Some(Json::Null),
            77 => Some(json!("")),
            78 => Some(json!("docs/a")),
            79 => Some(anything(rng)),
            80..84 => Some(number(rng)),
            84..88 => Some(json!(rng.pick(&USERS))),
            88..90 => Some(json!(42)),
            _ => Some(json!(segment(rng))),
        };
        let part = match (part, of(fit)) {
            (None, Some(_)) if rng.chance(3) => None,
            (None, _) => Some(json!(segment(rng))),
            (part, _) => part,
        };
        parts.extend(part.map(|part| (name, part)));
    }
    let given = match rng.below(10) {
        0..7 => question.get("attributes").cloned(),
        7 => other.0.get("attributes").cloned(),
        8 => Some(attributes(rng)),
        _ => None,
    };
    let mut attributes = given.as_ref().and_then(Json::as_object).cloned().unwrap_or_default();
    for _ in 0..rng.below(3) {
        let name = rng.pick(&ATTRIBUTES);
        let changed = match (attributes.get(name).cloned(), rng.below(8)) {
            (Some(old), 0) => json!([old]),
            (Some(old), 1) => json!([old, anything(rng)]),
            (Some(old), 2) => json!({ "n": old }),
            (_, 3) => Json::Null,
            (_, 4) => anything(rng),
            (_, 5) => {
                attributes.remove(name);
                continue;
            }
            _ => attribute(name, rng),
        };
        attributes.insert(name.to_owned(), changed);
    }
    Row { parts, attributes }
}

/// The question whether the subject may do it to the row.
fn question_about_row(question: &Json, kind: &str, row: &Row) -> Json {
    let mut asked = question.clone();
    asked["resource"] = Json::Object(row.parts.clone());
    asked["resource"]["type"] = json!(kind);
    asked["attributes"] = Json::Object(row.attributes.clone());
    asked
}

/// Counts the comparisons of an expression, and refuses what could have been simplified.
fn check_simplified(expression: &Json, parent: &str, shape: &Json, counts: &mut BTreeMap<String, usize>) {
    let members = expression.as_object().unwrap_or_else(|| panic!("{expression} in {parent}"));
    let name = ["all", "any", "not"].into_iter().find(|name| members.contains_key(*name));
    match (name, members.get("attribute")) {
        (Some("not"), None) => {
            *counts.entry("not".into()).or_default() += 1;
            check_simplified(&members["not"], "not", shape, counts);
        }
        (Some(name), None) => {
            *counts.entry(name.into()).or_default() += 1;
            let list = members[name].as_array().unwrap();
            assert!(list.len() > 1 && name != parent, "{expression} in {parent}");
            let different: BTreeSet<String> = list.iter().map(Json::to_string).collect();
            assert_eq!(different.len(), list.len(), "{expression}");
            list.iter().for_each(|one| check_simplified(one, name, shape, counts));
        }
        (_, attribute) => {
            let attribute = attribute.unwrap().as_str().unwrap();
            let (test, right) = members.iter().find(|(name, _)| *name != "attribute").unwrap();
            let mut kind = test.clone();
            if right.to_string().contains("\"ref\"") {
                kind.push_str(" ref");
            }
            if attribute.starts_with("attributes.") {
                *counts.entry("attributes".into()).or_default() += 1;
            }
            *counts.entry(kind).or_default() += 1;
            if ["between", "single"].contains(&test.as_str()) {
                let is_text = |reference: &str| {
                    let part = reference.strip_prefix("resource.").map(|name| json!({ "part": name }));
                    reference == "resource.path"
                        || shape.as_array().unwrap().iter().any(|segment| Some(segment) == part.as_ref())
                };
                let bounds = ["atLeast", "atMost"].map(|name| right.get(name).and_then(|bound| bound["ref"].as_str()));
                let mut read = bounds.into_iter().flatten().chain([attribute]);
                assert!(!read.any(is_text), "a string is in no range: {expression}");
            }
            if let Some(list) = right.as_array() {
                let different: BTreeSet<String> = list.iter().map(Json::to_string).collect();
                assert!(!list.is_empty() && different.len() == list.len(), "{expression}");
            }
        }
    }
}

#[test]
fn a_filter_keeps_exactly_the_rows_that_are_allowed() {
    let (mut rows, mut kept) = (0_usize, 0_usize);
    let mut counts = BTreeMap::new();
    for seed in 0..tries(250) {
        let mut rng = Rng::new(seed);
        let rng = &mut rng;
        let sample = sample_with_row_conditions(rng);
        let authorizer = opened(&sample.document);
        let asked = Questions::to(&sample);
        let questions = (0..FILTERS).map(|_| {
            let mut question = asked.next(rng);
            if question["context"].is_object() && rng.chance(30) {
                question["context"]["tags"] = json!([rng.below(3), rng.below(6)]);
            }
            question
        });
        let questions: Vec<Json> = questions.collect();
        let questions = questions.into_iter().filter(|question| question.get("now").is_none_or(Json::is_u64));
        let questions = questions.filter(|question| decide(&sample.document, question).is_ok());
        let questions: Vec<(Json, Option<TypedPath>)> = questions
            .map(|question| {
                let path = authorizer.path(&value(&question["resource"])).unwrap();
                let fit = type_of_path(&sample, &path);
                (question, fit)
            })
            .collect();
        for (at, (question, fit)) in questions.iter().enumerate() {
            let kind = match (fit, &sample.names.shapes) {
                (Some((kind, _)), _) => kind.clone(),
                (None, Some(shapes)) => rng.pick_of(shapes).0.clone(),
                (None, None) => segment(rng),
            };
            let filter = filter(&authorizer, question, &kind).unwrap();
            if filter["where"].is_boolean() {
                *counts.entry(filter["where"].to_string()).or_default() += 1;
            } else {
                check_simplified(&filter["where"], "", &filter["shape"], &mut counts);
            }
            let is_typed = sample.names.shapes.is_some();
            assert!(!is_typed || !filter.to_string().contains("\"resource.type\""), "{filter}");
            assert!(!is_typed || !filter.to_string().contains("\"attributes."), "{filter}");
            for _ in 0..if filter["where"].is_boolean() { 2 } else { ROWS } {
                let row = random_row(rng, &sample, &questions, at, &kind);
                let asked = question_about_row(question, &kind, &row);
                let is_allowed = match authorizer.ask(&value(&asked)) {
                    Ok(decision) => decision.allow,
                    Err(Error::UnknownResource { .. }) => false,
                    Err(error) => panic!("{error}: {asked}"),
                };
                assert_eq!(keeps(&filter, &row), is_allowed, "{asked} of {}: {filter}", sample.document);
                rows += 1;
                kept += usize::from(is_allowed && !filter["where"].is_boolean());
            }
        }
    }
    println!("{rows} rows, {kept} of them kept by a condition: {counts:?}");
    assert!(rows >= 20_000 && kept > rows / 20, "only {rows} rows, of which {kept} are kept by a condition");
    let kinds =
        ["all", "any", "not", "equals", "equals ref", "differs", "differs ref", "between", "between ref", "single"];
    for kind in kinds.into_iter().chain(["attributes", "true", "false"]) {
        assert!(counts.get(kind).is_some_and(|count| *count > 5), "{kind} is rare: {counts:?}");
    }
}

#[test]
fn fields_are_the_names_whose_resource_is_allowed() {
    let (mut allowed, mut by_parts) = (0, 0);
    for seed in 0..tries(100) {
        let mut rng = Rng::new(seed);
        let rng = &mut rng;
        let sample = sample_with_row_conditions(rng);
        let authorizer = opened(&sample.document);
        let asked = Questions::to(&sample);
        let mut questions = (0..FILTERS).map(|_| asked.next(rng)).collect::<Vec<_>>();
        // A time that is written as `1.0` is a number of another type in Rust.
        questions.retain(|question| question.get("now").is_none_or(Json::is_u64));
        for mut question in questions.into_iter().filter(|question| decide(&sample.document, question).is_ok()) {
            let path = authorizer.path(&value(&question["resource"])).unwrap();
            let Some((start, last)) = path.rsplit_once('/').filter(|(start, _)| !start.is_empty()) else { continue };
            let mut names = vec![last.to_owned(), segment(rng), segment(rng), last.to_owned()];
            names.retain(|name| !name.is_empty());
            let resource = match type_of_path(&sample, &path) {
                // The last segment is the last part, or a literal.
                Some((kind, mut parts)) if parts.last().is_some_and(|(_, part)| part == last) && rng.chance(50) => {
                    by_parts += 1;
                    parts.pop();
                    let mut resource: Json = parts.into_iter().map(|(name, part)| (name, json!(part))).collect();
                    resource["type"] = json!(kind);
                    resource
                }
                _ => json!(start),
            };
            let given =
                ["attributes", "context", "properties"].map(|name| question.get(name).map_or(Value::Null, value));
            let now = question.get("now").and_then(Json::as_u64);
            let details = Details { attributes: &given[0], context: &given[1], properties: &given[2], now };
            let subject = subject_of(&authorizer, &question);
            let listed: Vec<&str> = names.iter().map(String::as_str).collect();
            let action = question["action"].as_str().unwrap().to_owned();
            let fields = authorizer.fields(&subject, &action, &value(&resource), &listed, details);
            let mut expected = Vec::new();
            let mut is_unknown = false;
            for name in &names {
                question["resource"] = json!(format!("{start}/{name}"));
                match decide(&sample.document, &question) {
                    Ok(answer) if answer.allow => expected.push(name.as_str()),
                    Ok(_) => {}
                    Err(_) => is_unknown = true,
                }
            }
            match fields {
                Ok(fields) => {
                    assert!(!is_unknown && fields == expected, "{question} of {}: {fields:?}", sample.document);
                    allowed += fields.len();
                }
                Err(error) => assert!(is_unknown && error.code() == "unknown_resource", "{error}: {question}"),
            }
        }
    }
    assert!(
        allowed > 500 && by_parts > 50,
        "{allowed} fields are allowed, and {by_parts} resources are given by parts"
    );
}

fn where_of(document: &Json, subject: &Json, kind: &str) -> Json {
    let question = json!({ "subject": subject, "action": "read" });
    filter(&opened(document), &question, kind).unwrap()["where"].clone()
}

/// Compares a filter with decisions, for a user who has these grants, on rows with these parts and attributes.
fn check_filter(grants: &Json, limits: &Json, context: &Json, rows: &[(&str, Json)]) -> Json {
    let document = json!({ "resources": { "doc": "doc/{id}" }, "limits": limits });
    let authorizer = opened(&document);
    let asker = json!({ "id": "x/y", "attributes": { "tags": [1, 5], "zero": -0.0 }, "grants": grants });
    let question = json!({ "subject": asker, "action": "read", "context": context });
    let filter = filter(&authorizer, &question, "doc").unwrap();
    for (id, attributes) in rows {
        let parts = Map::from_iter([("id".to_owned(), json!(id))]);
        let row = Row { parts, attributes: attributes.as_object().unwrap().clone() };
        let is_allowed = authorizer.ask(&value(&question_about_row(&question, "doc", &row))).unwrap().allow;
        assert_eq!(keeps(&filter, &row), is_allowed, "{row:?}: {filter}");
    }
    filter["where"].clone()
}

#[test]
fn rare_conditions_keep_exactly_the_rows_that_are_allowed() {
    let when = |when: Json| json!({ "doc/*": { "allow": "read", "when": when } });
    let none = json!({});
    // Bounds in the row, for a list that is known.
    let numbers: Vec<(&str, Json)> = (0..7).map(|n| ("a", json!({ "n": n }))).collect();
    let least =
        check_filter(&when(json!({ "subject.tags": { "atLeast": { "ref": "resource.n" } } })), &none, &none, &numbers);
    assert_eq!(least, json!({ "attribute": "resource.n", "single": { "atMost": 1 } }));
    let most =
        check_filter(&when(json!({ "subject.tags": { "atMost": { "ref": "resource.n" } } })), &none, &none, &numbers);
    assert_eq!(most, json!({ "attribute": "resource.n", "single": { "atLeast": 5 } }));
    // Zeros are equal.
    let zeros = [("a", json!({ "n": 0 })), ("a", json!({ "n": -0.0 }))];
    assert_eq!(check_filter(&when(json!({ "subject.zero": 0 })), &none, &none, &zeros), json!(true));
    check_filter(&when(json!({ "resource.n": { "ref": "subject.zero" } })), &none, &none, &zeros);
    // A part has no members, whatever the row has of its name, and no id has a `/`.
    let inner = [("a", json!({ "id": { "n": 1 } }))];
    assert_eq!(check_filter(&when(json!({ "resource.id.n": 1 })), &none, &none, &inner), json!(false));
    assert_eq!(check_filter(&json!({ "doc/{subject}": "read" }), &none, &none, &inner), json!(false));
    // Values of two types differ from none.
    let mixed = json!({ "resource.n": { "not": { "ref": "context.mixed" } } });
    assert_eq!(check_filter(&when(mixed), &none, &json!({ "mixed": [1, "a"] }), &numbers), json!(false));
    // A list with one value in common is not narrower.
    let grants = json!({ "doc/*": [
        { "allow": "read", "when": { "resource.n": [1, 2] } },
        { "allow": "read", "when": { "resource.n": [2, 3], "resource.s": "x" } },
    ] });
    check_filter(
        &grants,
        &none,
        &none,
        &[("a", json!({ "n": 3, "s": "x" })), ("a", json!({ "n": 3 })), ("a", json!({ "n": 2 }))],
    );
    // A limit takes one of several ids away.
    let grants = json!({
        "doc/a": { "allow": "read", "when": { "resource.n": 1 } },
        "doc/b": { "allow": "read", "when": { "resource.n": 1 } },
        "doc/*": { "allow": "read", "when": { "resource.s": "x" } },
    });
    let rows = ["a", "b", "c"]
        .into_iter()
        .flat_map(|id| [(id, json!({ "n": 1 })), (id, json!({ "s": "x" })), (id, json!({}))]);
    check_filter(&grants, &json!({ "doc/a": "none" }), &none, &rows.collect::<Vec<_>>());
}

#[test]
fn grants_that_cannot_match_the_shape_are_not_in_the_expression() {
    let mut grants = json!({ "**": { "allow": "read", "when": { "resource.state": "open" } } });
    for at in 0..990 {
        let pattern = match at % 4 {
            0 => format!("globex/invoices/{at}"),
            1 => format!("acme/docs/{at}/more"),
            2 => format!("acme/{at}"),
            _ => format!("*/docs/a/b/c/{at}/**"),
        };
        grants[pattern] = json!({ "allow": "read", "when": { "resource.n": at } });
    }
    for at in 0..9 {
        grants[format!("acme/docs/{at}")] = json!("read");
    }
    let document = json!({ "resources": { "doc": "{org}/docs/{id}", "invoice": "globex/invoices/{id}/{n}" } });
    let found = where_of(&document, &json!({ "id": "ann", "grants": grants }), "doc");
    let ids: Vec<String> = (0..9).map(|at| at.to_string()).collect();
    let expected = json!({ "any": [
        { "attribute": "resource.state", "equals": ["open"] },
        { "all": [{ "attribute": "resource.org", "equals": ["acme"] }, { "attribute": "resource.id", "equals": ids }] },
    ] });
    assert_eq!(found, expected);
}

#[test]
fn grants_on_many_resources_become_one_list() {
    let mut ids: Vec<String> = (0..1_000).map(|at| at.to_string()).collect();
    ids.sort();
    let grants: Json = ids.iter().map(|id| (format!("doc/{id}"), json!("read"))).collect();
    let limits: Json = ids.iter().take(990).map(|id| (format!("*/{id}"), json!("none"))).collect();
    let expected = |test: &str, ids: &[String]| json!({ "attribute": "resource.id", test: ids });
    let ann = json!({ "id": "ann", "grants": grants });
    assert_eq!(where_of(&json!({}), &ann, "doc"), expected("equals", &ids));
    assert_eq!(where_of(&json!({ "limits": limits }), &ann, "doc"), expected("equals", &ids[990..]));
    let all = json!({ "id": "ann", "grants": { "**": "admin" } });
    assert_eq!(where_of(&json!({ "limits": limits }), &all, "doc"), expected("differs", &ids[..990]));
    // Of several attributes, too.
    let grants: Json = ids.iter().map(|id| (format!("o{}/docs/{id}", id.len()), json!("read"))).collect();
    let document = json!({ "resources": { "doc": "{org}/docs/{id}" } });
    let found = where_of(&document, &json!({ "id": "ann", "grants": grants }), "doc");
    assert_eq!(found["any"].as_array().unwrap().len(), 3, "{found}");
}

#[test]
fn an_unconditional_grant_removes_a_narrower_one_from_the_expression() {
    let mut grants =
        json!({ "docs/*": "read", "docs/1": "read", "docs/2": { "allow": "read", "when": { "resource.n": 1 } } });
    assert_eq!(where_of(&json!({}), &json!({ "id": "ann", "grants": grants }), "docs"), json!(true));
    grants["docs/*"] = json!({ "allow": "read", "when": { "resource.n": [1, 2] } });
    let expected = json!({ "any": [
        { "attribute": "resource.id", "equals": ["1"] },
        { "attribute": "resource.n", "equals": [1, 2] },
    ] });
    assert_eq!(where_of(&json!({}), &json!({ "id": "ann", "grants": grants }), "docs"), expected);
}

#[test]
fn equalities_of_an_attribute_that_can_be_a_list_are_not_intersected() {
    let when = json!([{ "resource.tags": ["a", "b"], "resource.n": 1 }]);
    let limits = json!({ "**": { "level": "none", "unless": { "resource.tags": ["b", "c"] } } });
    let ann = json!({ "id": "ann", "grants": { "doc/*": { "allow": "read", "when": when } } });
    let found = where_of(&json!({ "limits": limits }), &ann, "doc");
    let tags = |tags: [&str; 2]| json!({ "attribute": "resource.tags", "equals": tags });
    let expected = json!([{ "attribute": "resource.n", "equals": [1] }, tags(["a", "b"]), tags(["b", "c"])]);
    assert_eq!(found, json!({ "all": expected }));
}

#[test]
fn a_type_that_no_resource_can_have_is_refused() {
    let mut message = String::new();
    let typed = json!({ "resources": { "doc": "{org}/docs/{id}", "post": "posts/{id}" } });
    for (document, kind) in [(typed, "page"), (json!({ "resources": {} }), "page"), (json!({}), ""), (json!({}), "a/b")]
    {
        let question = json!({ "subject": null, "action": "read" });
        let error = filter(&opened(&document), &question, kind).unwrap_err();
        assert_eq!(error.code(), "unknown_resource");
        writeln!(message, "{error}").unwrap();
    }
    assert_eq!(
        message,
        "unknown resource: unknown type `page`, expected `doc` or `post`\n\
         unknown resource: unknown type `page`: `resources` of the document has no types\n\
         unknown resource: without `resources` in the document, the type of a resource is one segment\n\
         unknown resource: without `resources` in the document, the type of a resource is one segment\n"
    );
}
