//! Near misses, remedies and texts of `explain` in `rbac`, each on a document of its own. Every remedy is also applied.

#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use crate::support::documents::{json_of, opened, subject_of, value};
use crate::support::patch::apply_patch;
use latchwork::{Details, Value};
use serde_json::{json, Value as Json};

/// The explanation of a question.
fn explain(document: &Json, question: &Json) -> Json {
    let authorizer = opened(document);
    let given = ["attributes", "context", "properties"].map(|name| question.get(name).map_or(Value::Null, value));
    let [attributes, context, properties] = &given;
    let details = Details { attributes, context, properties, now: question.get("now").and_then(Json::as_u64) };
    let (action, resource) = (question["action"].as_str().unwrap(), question["resource"].as_str().unwrap());
    json_of(&authorizer.explain(&subject_of(&authorizer, question), action, resource, details).unwrap().unwrap())
}

/// The text and the patch of each remedy, of which every one allows the action.
fn remedies(document: &Json, question: &Json) -> Vec<(String, Json)> {
    let explanation = explain(document, question);
    let list = explanation["remedies"].as_array().unwrap().iter().map(|remedy| {
        let patch = &remedy["patch"];
        let (document, question) = match remedy["target"].as_str().unwrap() {
            "document" => (apply_patch(document.clone(), patch), question.clone()),
            _ => (document.clone(), apply_patch(question.clone(), patch)),
        };
        assert!(opened(&document).ask(&value(&question)).unwrap().allow, "{remedy}");
        (remedy["text"].as_str().unwrap().to_owned(), patch[0].clone())
    });
    list.collect()
}

/// The change of the remedy with this text.
fn remedy(document: &Json, question: &Json, text: &str) -> Json {
    let all = remedies(document, question);
    let found = all.iter().find(|(other, _)| other == text);
    found.unwrap_or_else(|| panic!("{text}: {all:?}")).1.clone()
}

fn texts(document: &Json, question: &Json) -> Vec<String> {
    remedies(document, question).into_iter().map(|(text, _)| text).collect()
}

/// A question of `bob` about `docs`.
fn ask(action: &str) -> Json {
    json!({ "subject": "bob", "action": action, "resource": "docs", "now": 9 })
}

fn bob(user: &Json) -> Json {
    json!({ "actions": { "pub": null }, "users": { "bob": user } })
}

#[test]
fn a_grant_is_added_to_the_grants_at_its_pattern() {
    let text = "grant the user `pub` on `docs`";
    let path = "/users/bob/grants/docs";
    let change = |written: Json| remedy(&bob(&json!({ "grants": { "docs": written } })), &ask("pub"), text);
    assert_eq!(change(json!("write")), json!({ "op": "replace", "path": path, "value": ["write", "pub"] }));
    assert_eq!(
        change(json!({ "allow": ["read", "pub"], "until": 5 })),
        json!({ "op": "replace", "path": path, "value": [{ "allow": ["read", "pub"], "until": 5 }, "pub"] })
    );
    assert_eq!(change(json!(["write"])), json!({ "op": "add", "path": "/users/bob/grants/docs/-", "value": "pub" }));
    let two = json!({ "allow": "pub", "when": { "context.a": 1, "context.b": 2 } });
    assert_eq!(change(two)["value"][1], json!("pub"));
}

#[test]
fn a_grant_that_can_be_raised_is_not_added_again() {
    let document = bob(&json!({ "grants": { "docs": "read" } }));
    assert_eq!(texts(&document, &ask("write")), ["raise the grant on `docs` to `write`"]);
}

fn limited(limit: &Json) -> Json {
    json!({ "everyone": { "grants": { "docs": "write" } }, "limits": { "docs": limit } })
}

#[test]
fn the_text_of_a_limit_says_what_its_exception_needs() {
    let text = |limit: Json| explain(&limited(&limit), &ask("write"))["text"].as_str().unwrap().to_owned();
    assert_eq!(text(json!("read")), "The limit on `docs` leaves everyone `read`, and `write` needs `write`.");
    assert_eq!(text(json!({ "deny": "write" })), "The limit on `docs` denies everyone `write`.");
    assert_eq!(
        text(json!({ "level": "read", "unless": { "subject.mfa": true } })),
        "The limit on `docs` leaves `read`, and `write` needs `write`. Its `unless` needs `subject.mfa` to be `true`, and it is missing."
    );
    assert_eq!(
        text(json!({ "deny": "write", "unless": { "context.a": 1, "context.b": [2, 3] } })),
        "The limit on `docs` denies `write`. Its `unless` needs `context.a` to be `1`, and it is missing. It also needs `context.b` to be `2` or `3`, and it is missing."
    );
}

#[test]
fn an_attribute_that_meets_the_exception_of_a_limit_is_a_remedy() {
    let limit = |unless: Json| limited(&json!({ "level": "read", "unless": unless }));
    let remove = "remove the limit on `docs`, or add an exception in `unless`";
    let mut question = ask("write");
    let document = limit(json!({ "context.mfa": true }));
    assert_eq!(texts(&document, &question), ["ask with `context.mfa` set to `true`", remove]);
    assert_eq!(texts(&limit(json!({ "context.a": 1, "context.b": 2 })), &question), [remove]);
    question["subject"] = json!({ "id": "bob", "attributes": { "team": "web" } });
    let document = limit(json!({ "subject.mfa": true }));
    let change = remedy(&document, &question, "ask with `subject.mfa` set to `true`");
    assert_eq!(change, json!({ "op": "add", "path": "/subject/attributes/mfa", "value": true }));
}

#[test]
fn an_assignment_whose_bounds_have_passed_is_named_and_can_be_extended() {
    let document = json!({
        "roles": { "e": { "grants": { "docs": "write" } } },
        "users": { "bob": { "roles": ["e2", { "role": "e", "until": 5 }] } },
    });
    let mut document = document;
    document["roles"]["e2"] = json!({});
    let explanation = explain(&document, &ask("write"));
    assert_eq!(explanation["text"], "The assignment of the role `e` has expired.");
    let miss = &explanation["nearMisses"][0];
    assert_eq!(
        (&miss["kind"], &miss["pointer"], &miss["needed"]),
        (&json!("expired"), &json!("/users/bob/roles/1"), &json!(5))
    );
    let remove = "remove `until` from the assignment of the role `e`";
    assert_eq!(texts(&document, &ask("write")), [remove, "grant the user `write` on `docs`"]);
    let change = remedy(&document, &ask("write"), remove);
    assert_eq!(change, json!({ "op": "remove", "path": "/users/bob/roles/1/until" }));
}

#[test]
fn the_assignment_of_a_record_is_found_behind_roles_that_the_document_does_not_define() {
    let document = json!({ "roles": { "e": { "grants": { "docs": "write" } } } });
    let mut question = ask("write");
    question["subject"] = json!({ "id": "bob", "roles": ["other", { "role": "e", "from": 50 }] });
    assert_eq!(explain(&document, &question)["nearMisses"][0]["pointer"], "/subject/roles/1");
    let change = remedy(&document, &question, "remove `from` from the assignment of the role `e`");
    assert_eq!(change, json!({ "op": "remove", "path": "/subject/roles/1/from" }));
    assert!(texts(&document, &question).contains(&"ask again when the grant counts".to_owned()));
}

#[test]
fn a_grant_that_has_expired_can_be_extended() {
    let document = bob(&json!({ "grants": { "docs": { "allow": "write", "from": 1, "until": 5 } } }));
    let change = remedy(&document, &ask("write"), "remove `until` from the grant on `docs`");
    assert_eq!(change, json!({ "op": "remove", "path": "/users/bob/grants/docs/until" }));
}

#[test]
fn everything_that_a_grant_lacks_is_a_near_miss() {
    let when = json!({ "context.a": { "not": ["x", "y"] }, "context.b": { "atLeast": 1, "atMost": 5 }, "context.c": { "ref": "context.t" } });
    let document = bob(&json!({ "grants": { "docs": { "allow": "write", "until": 5, "when": when } } }));
    let mut question = ask("write");
    question["context"] = json!({ "a": "x", "b": 7, "t": {} });
    let explanation = explain(&document, &question);
    let misses: Vec<(&str, Option<&str>)> = explanation["nearMisses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|miss| (miss["kind"].as_str().unwrap(), miss.get("attribute").map(|path| path.as_str().unwrap())))
        .collect();
    let condition = |name: &'static str| ("condition", Some(name));
    assert_eq!(misses, [condition("context.a"), condition("context.b"), condition("context.c"), ("expired", None)]);
    assert_eq!(
        explanation["text"],
        "The grant on `docs` has expired. The grant also needs `context.a` to be not `\"x\"` or `\"y\"`, and it is `\"x\"`. It also needs `context.b` to be at least `1` and at most `5`, and it is `7`. It also needs `context.c` to be the value of `context.t`, and it is missing."
    );
    assert_eq!(texts(&document, &question), ["grant the user `write` on `docs`"]);
}

#[test]
fn a_long_list_of_values_is_cut_in_the_text() {
    let when = json!({ "context.n": [1, 2, 3, 4, 5, 6, 7] });
    let document = bob(&json!({ "grants": { "docs": { "allow": "write", "when": when } } }));
    let text =
        "The grant on `docs` needs `context.n` to be `1` or `2` or `3` or `4` or `5` or another, and it is missing.";
    assert_eq!(explain(&document, &ask("write"))["text"], text);
}

#[test]
fn an_inactive_record_can_be_made_active() {
    let mut question = ask("read");
    question["subject"] = json!({ "id": "bob", "active": false, "grants": { "docs": "read" } });
    let change = remedy(&json!({}), &question, "make the user `bob` active");
    assert_eq!(change, json!({ "op": "replace", "path": "/subject/active", "value": true }));
}

#[test]
fn several_holders_that_deny_are_dropped_together() {
    let document = bob(&json!({ "grants": { "docs": "read" } }));
    let mut question = ask("read");
    for (within, path) in [
        (json!([{}, { "grants": { "docs": "read" } }, {}]), "/within"),
        (json!([{}]), "/within"),
        (json!([{ "grants": { "docs": "read" } }, {}]), "/within/1"),
    ] {
        question["within"] = within;
        let [(_, change)] = &*remedies(&document, &question) else { panic!("{question}") };
        assert_eq!(*change, json!({ "op": "remove", "path": path }));
    }
}

#[test]
fn a_group_that_a_condition_needs_is_a_remedy() {
    let grant = json!({ "allow": "read", "when": { "subject.groups": "g" } });
    let document = json!({ "groups": { "g": {}, "h": {} }, "users": { "bob": { "groups": ["h"] } }, "everyone": { "grants": { "docs": grant } } });
    let change = remedy(&document, &ask("read"), "add the user to the group `g`");
    assert_eq!(change, json!({ "op": "add", "path": "/users/bob/groups/-", "value": "g" }));
}

#[test]
fn an_attribute_of_a_user_of_the_document_is_a_remedy() {
    let grants = json!({ "docs": { "allow": "read", "when": { "subject.t": "q" } } });
    let text = "set `subject.t` of the user to `\"q\"`";
    let with = |user: Json| {
        let mut document = bob(&user);
        document["everyone"] = json!({ "grants": grants });
        remedy(&document, &ask("read"), text)
    };
    let path = "/users/bob/attributes";
    assert_eq!(
        with(json!({ "attributes": { "t": "p" } })),
        json!({ "op": "add", "path": format!("{path}/t"), "value": "q" })
    );
    assert_eq!(with(json!({})), json!({ "op": "add", "path": path, "value": { "t": "q" } }));
}

#[test]
fn a_denied_anonymous_caller_is_told_on_which_resource() {
    let mut question = ask("write");
    question["subject"] = Json::Null;
    assert_eq!(
        explain(&json!({}), &question)["text"],
        "The caller is not signed in, and `write` on `docs` is not open to everyone."
    );
}
