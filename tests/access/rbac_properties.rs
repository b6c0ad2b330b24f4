//! What always holds in `rbac`, over random documents and questions: the engine answers as the reference evaluator of the
//! rules does, and keeps each promise of the rules.

#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test ends the test")]

use std::collections::BTreeMap;

use crate::support::documents::{opened, subject_of, value};
use crate::support::generator::broken::{spoil, spoil_document};
use crate::support::generator::change::{
    add_access, add_limit, add_to_holder, with_descriptions, with_lists_reversed, without_scopes,
};
use crate::support::generator::document::{sample, Sample, TIMES};
use crate::support::generator::question::Questions;
use crate::support::generator::rng::Rng;
use crate::support::generator::smallest::smallest;
use crate::support::generator::text::{shuffled, with_repeats};
use crate::support::reference::decision::{decide, Decision, QuestionError};
use crate::support::reference::problems::{problems, Problems};
use crate::support::repetitions::tries;
use latchwork::{open, Authorizer, Details, Error, Subject, Value, Word as _};
use serde_json::{json, Value as Json};

/// Questions to each sample.
const QUESTIONS: usize = 50;

type Outcome = Result<Decision, QuestionError>;

/// Runs a property on as many samples as usual, each with random numbers for questions.
fn for_samples(usual: u32, mut property: impl FnMut(&mut Rng, &Sample)) {
    for seed in 0..tries(usual) {
        let mut rng = Rng::new(seed);
        let sample = sample(&mut rng);
        property(&mut rng, &sample);
    }
}

fn pairs(error: &Error) -> Problems {
    error.problems().iter().map(|problem| (problem.path.clone(), problem.code.word().to_owned())).collect()
}

fn decide_with_engine(authorizer: &Authorizer, question: &Json) -> Outcome {
    match authorizer.ask(&value(question)) {
        Ok(decision) => Ok(Decision {
            allow: decision.allow,
            level: decision.level.unwrap_or_default().to_owned(),
            needs: decision.needs.map(str::to_owned),
            rule: decision.rule,
        }),
        Err(error) => Err(match error.code() {
            "unknown_action" => QuestionError::UnknownAction,
            "unknown_resource" => QuestionError::UnknownResource,
            "bad_question" => QuestionError::BadQuestion(pairs(&error)),
            other => panic!("{other}: {error}, asked {question}"),
        }),
    }
}

/// Whether the engine's outcome is the one of the reference evaluator, which leaves some codes open.
fn outcomes_agree(naive: &Outcome, engine: &Outcome) -> bool {
    let (Err(QuestionError::BadQuestion(naive)), Err(QuestionError::BadQuestion(engine))) = (naive, engine) else {
        return naive == engine;
    };
    let paths = |problems: &Problems| problems.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let codes = naive.iter().filter(|(_, code)| !code.is_empty()).all(|problem| engine.contains(problem));
    paths(naive) == paths(engine) && codes
}

fn is_valid(document: &Json) -> bool {
    problems(&document.to_string()).is_empty()
}

#[test]
fn every_decision_agrees_with_the_reference_evaluator() {
    let mut failures = Vec::new();
    for_samples(400, |rng, sample| {
        let authorizer = opened(&sample.document);
        let questions = Questions::to(sample);
        for _ in 0..QUESTIONS {
            let question = questions.next(rng);
            if failures.len() < 10
                && !outcomes_agree(&decide(&sample.document, &question), &decide_with_engine(&authorizer, &question))
            {
                failures.push(smallest_question(&sample.document, &question));
            }
        }
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The least document and question with different answers, and both answers.
fn smallest_question(document: &Json, question: &Json) -> String {
    let outcomes = |case: &Json| {
        let (document, question) = (case.get("document")?, case.get("question")?);
        let authorizer = open("rbac", &document.to_string()).ok().filter(|_| is_valid(document))?;
        Some((decide(document, question), decide_with_engine(&authorizer, question)))
    };
    let fails = |case: &Json| outcomes(case).is_some_and(|(naive, engine)| !outcomes_agree(&naive, &engine));
    let case = smallest(json!({ "document": document, "question": question }), &fails);
    let (naive, engine) = outcomes(&case).unwrap();
    format!("{case}\n  naive {naive:?}\n  engine {engine:?}")
}

#[test]
fn problems_of_broken_documents_are_those_of_the_reference_evaluator() {
    const MOST_LISTED: usize = 900;

    let mut failures = Vec::new();
    let (mut valid, mut met) = (0, BTreeMap::<String, usize>::new());
    let samples = tries(2_000);
    for seed in 0..samples {
        let mut rng = Rng::new(seed);
        let mut document = sample(&mut rng).document;
        if rng.chance(40) {
            spoil_document(&mut rng, &mut document);
        }
        for _ in 0..rng.below(4) {
            spoil(&mut rng, &mut document);
        }
        let repeats = if rng.chance(20) { 20 } else { 0 };
        let text = with_repeats(&mut rng, &document, repeats);
        let naive = problems(&text);
        naive.iter().for_each(|(_, code)| *met.entry(code.clone()).or_default() += 1);
        valid += u32::from(naive.is_empty());
        if naive.len() > MOST_LISTED || failures.len() == 10 {
            continue;
        }
        let engine = open("rbac", &text).map_or_else(|error| pairs(&error), |_| Problems::new());
        if naive != engine {
            failures.push(
                smallest_document(&document)
                    .unwrap_or_else(|| format!("{text}\n  naive {naive:?}\n  engine {engine:?}")),
            );
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(valid > samples / 20 && valid < samples / 2, "{valid} documents had no problem");
    for code in [
        "unknown_field",
        "missing_field",
        "wrong_type",
        "bad_name",
        "unknown_level",
        "unknown_name",
        "unknown_role",
        "unknown_group",
        "inheritance_cycle",
        "bad_grant",
        "bad_pattern",
        "bad_scope",
        "bad_condition",
        "bad_time",
        "bad_resource",
        "ambiguous_resource",
        "duplicate",
        "too_long",
        "out_of_range",
    ] {
        assert!(met.contains_key(code), "no document had the problem {code}: {met:?}");
    }
}

fn smallest_document(document: &Json) -> Option<String> {
    let outcomes = |document: &Json| {
        let text = document.to_string();
        (problems(&text), open("rbac", &text).map_or_else(|error| pairs(&error), |_| Problems::new()))
    };
    let fails = |document: &Json| {
        let (naive, engine) = outcomes(document);
        naive != engine
    };
    let case = fails(document).then(|| smallest(document.clone(), &fails))?;
    let (naive, engine) = outcomes(&case);
    Some(format!("{case}\n  naive {naive:?}\n  engine {engine:?}"))
}

/// The questions are of use only if they meet every rule, with enough of each answer.
#[test]
fn random_questions_meet_every_rule_error_and_kind_of_condition() {
    let (mut met, mut all, mut yes) = (BTreeMap::<String, usize>::new(), 0, 0);
    for_samples(400, |rng, sample| {
        assert!(is_valid(&sample.document), "{:?} in {}", problems(&sample.document.to_string()), sample.document);
        let questions = Questions::to(sample);
        for _ in 0..QUESTIONS {
            let question = questions.next(rng);
            let outcome = decide(&sample.document, &question);
            let name = match &outcome {
                Ok(answer) => answer.rule,
                Err(QuestionError::UnknownAction) => "unknown_action",
                Err(QuestionError::UnknownResource) => "unknown_resource",
                Err(QuestionError::BadQuestion(_)) => "bad_question",
            };
            *met.entry(name.into()).or_default() += 1;
            all += 1;
            yes += usize::from(outcome.is_ok_and(|answer| answer.allow));
        }
        // What decides: an answer changes if it is left out.
        for member in
            ["when", "unless", "not", "ref", "atLeast", "atMost", "from", "until", "deny", "scope", "inherits"]
        {
            let text = sample.document.to_string();
            if text.contains(&format!("\"{member}\":")) {
                *met.entry(member.into()).or_default() += 1;
            }
        }
    });
    let least = [
        ("grant", 200),
        ("role", 100),
        ("group", 50),
        ("authenticated", 50),
        ("everyone", 50),
        ("within", 50),
        ("limit", 50),
        ("not-signed-in", 50),
        ("unknown-user", 50),
        ("inactive-user", 50),
        ("no-grant", 200),
        ("unknown_action", 50),
        ("unknown_resource", 50),
        ("bad_question", 50),
        ("when", 50),
        ("unless", 50),
        ("not", 50),
        ("ref", 50),
        ("atLeast", 50),
        ("atMost", 50),
        ("from", 50),
        ("until", 50),
        ("deny", 50),
        ("scope", 50),
        ("inherits", 50),
    ];
    for (name, least) in least {
        assert!(met.get(name).is_some_and(|count| *count >= least), "{name} is rare: {met:?}");
    }
    assert!(yes > all / 6 && yes < all / 2, "{yes} of {all} questions are allowed: {met:?}");
}

// What always holds.

/// The answer, or `None` for a wrong question.
fn is_allowed(authorizer: &Authorizer, question: &Json) -> Option<bool> {
    decide_with_engine(authorizer, question).ok().map(|answer| answer.allow)
}

/// Questions to a sample, none of them wrong.
fn valid_questions(rng: &mut Rng, sample: &Sample, authorizer: &Authorizer) -> Vec<Json> {
    let questions = Questions::to(sample);
    let all = (0..QUESTIONS).map(|_| questions.next(rng));
    all.filter(|question| is_allowed(authorizer, question).is_some()).collect()
}

#[test]
fn adding_a_role_group_or_grant_never_removes_access() {
    for_samples(200, |rng, sample| {
        let less = opened(&sample.document);
        let document = add_access(rng, sample);
        let more = opened(&document);
        for question in valid_questions(rng, sample, &less) {
            if is_allowed(&less, &question) == Some(true) {
                assert_eq!(
                    is_allowed(&more, &question),
                    Some(true),
                    "{question} of {} and {document}",
                    sample.document
                );
            }
        }
    });
}

#[test]
fn adding_a_role_or_grant_to_a_record_or_within_never_removes_access() {
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        for question in valid_questions(rng, sample, &authorizer) {
            let mut more = question.clone();
            for name in ["subject", "within"] {
                match &mut more[name] {
                    holder @ Json::Object(_) => add_to_holder(rng, sample, holder),
                    Json::Array(list) => list.iter_mut().for_each(|holder| add_to_holder(rng, sample, holder)),
                    _ => {}
                }
            }
            if more["within"].is_null() {
                more.as_object_mut().unwrap().remove("within");
            }
            if is_allowed(&authorizer, &question) == Some(true) {
                assert_eq!(is_allowed(&authorizer, &more), Some(true), "{question} and {more} of {}", sample.document);
            }
        }
    });
}

#[test]
fn adding_a_limit_never_adds_access_or_raises_a_level() {
    for_samples(200, |rng, sample| {
        let free = opened(&sample.document);
        let document = add_limit(rng, sample);
        let limited = opened(&document);
        for question in valid_questions(rng, sample, &free) {
            let (before, after) =
                (decide_with_engine(&free, &question).unwrap(), decide_with_engine(&limited, &question).unwrap());
            let level =
                |answer: &Decision| sample.names.levels.iter().position(|level| *level == answer.level).unwrap();
            assert!(before.allow || !after.allow, "{question} of {} and {document}", sample.document);
            assert!(level(&after) <= level(&before), "{question} of {} and {document}", sample.document);
        }
    });
}

#[test]
fn anonymous_unknown_and_inactive_users_never_have_more_access() {
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        for question in valid_questions(rng, sample, &authorizer) {
            let with = |subject: Json| {
                let mut question = question.clone();
                question["subject"] = subject;
                decide_with_engine(&authorizer, &question).unwrap()
            };
            let user = decide_with_engine(&authorizer, &question).unwrap();
            let signed_out = with(Json::Null);
            assert!(user.allow || !signed_out.allow, "{question} of {}", sample.document);
            let mut inactive = match &question["subject"] {
                record @ Json::Object(_) => record.clone(),
                id => sample.document["users"].get(id.as_str().unwrap_or_default()).cloned().unwrap_or(json!({})),
            };
            inactive["id"] = json!("inactive");
            inactive["active"] = json!(false);
            for (other, rule) in
                [(json!(""), "not-signed-in"), (json!("ghost"), "unknown-user"), (inactive, "inactive-user")]
            {
                let other = with(other);
                assert_eq!(
                    (other.allow, &other.level),
                    (signed_out.allow, &signed_out.level),
                    "{question} of {}",
                    sample.document
                );
                if signed_out.rule == "not-signed-in" {
                    assert_eq!(other.rule, rule);
                } else {
                    assert_eq!(other.rule, signed_out.rule);
                }
            }
        }
    });
}

#[test]
fn within_never_adds_access() {
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        for question in valid_questions(rng, sample, &authorizer) {
            let Some(within) = question.get("within") else { continue };
            let mut narrower = question.clone();
            let mut list = within.as_array().cloned().unwrap_or_else(|| vec![within.clone()]);
            let one_in_list = json!(list.clone());
            list.push(json!({ "grants": { "**": sample.names.levels.last() } }));
            narrower["within"] = json!(list);
            let mut wider = question.clone();
            wider.as_object_mut().unwrap().remove("within");
            let [narrower, middle, wider] =
                [&narrower, &question, &wider].map(|question| decide_with_engine(&authorizer, question).unwrap());
            assert!(!narrower.allow || middle.allow, "{question} of {}", sample.document);
            assert!(!middle.allow || wider.allow, "{question} of {}", sample.document);
            let mut listed = question.clone();
            listed["within"] = one_in_list;
            assert_eq!(decide_with_engine(&authorizer, &listed), Ok(middle), "{question} of {}", sample.document);
            // A `within` that has nothing allows nothing.
            listed["within"] = json!({});
            assert_eq!(is_allowed(&authorizer, &listed), Some(false), "{question} of {}", sample.document);
        }
    });
}

#[test]
fn a_scope_is_prefixed_to_each_pattern_of_the_role_and_of_inherited_roles() {
    let mut changed = 0;
    for_samples(200, |rng, sample| {
        let Some(document) = without_scopes(&sample.document) else { return };
        changed += usize::from(document != sample.document);
        let (scoped, prefixed) = (opened(&sample.document), opened(&document));
        for question in valid_questions(rng, sample, &scoped) {
            assert_eq!(
                decide_with_engine(&scoped, &question),
                decide_with_engine(&prefixed, &question),
                "{question} of {} and {document}",
                sample.document
            );
        }
    });
    assert!(changed > 20);
}

#[test]
fn a_record_that_equals_the_entry_of_a_user_gets_the_same_decisions() {
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        for question in valid_questions(rng, sample, &authorizer) {
            let Some(id) = question["subject"].as_str() else { continue };
            let Some(entry) = sample.document["users"].get(id) else { continue };
            let mut with_record = question.clone();
            with_record["subject"] = entry.clone();
            with_record["subject"]["id"] = json!(id);
            let (by_id, by_record) =
                (decide_with_engine(&authorizer, &question), decide_with_engine(&authorizer, &with_record));
            assert_eq!(by_id, by_record, "{question} of {}", sample.document);
        }
    });
}

// Order, descriptions and digests.

/// The subject of a question, without its `within`.
fn subject(authorizer: &Authorizer, question: &Json) -> Subject {
    match &question["subject"] {
        record @ Json::Object(_) => authorizer.record(&value(record)).unwrap(),
        id => authorizer.principal(id.as_str().into()).unwrap(),
    }
}

fn subject_digest(authorizer: &Authorizer, question: &Json) -> String {
    authorizer.subject_digest(&subject(authorizer, question))
}

#[test]
fn the_order_of_members_and_descriptions_change_no_digest_and_no_decision() {
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        let others = [shuffled(rng, &sample.document), shuffled(rng, &with_descriptions(&sample.document))];
        for text in others {
            let other = open("rbac", &text).unwrap();
            assert_eq!(authorizer.digest(), other.digest(), "{text}");
            for question in valid_questions(rng, sample, &authorizer) {
                assert_eq!(
                    decide_with_engine(&authorizer, &question),
                    decide_with_engine(&other, &question),
                    "{question} of {text}"
                );
                let digests = [&authorizer, &other].map(|authorizer| subject_digest(authorizer, &question));
                assert_eq!(digests[0], digests[1], "{question} of {text}");
                let shuffled = Value::parse(&shuffled(rng, &question)).unwrap();
                assert_eq!(authorizer.ask(&shuffled).unwrap(), authorizer.ask(&value(&question)).unwrap());
            }
        }
    });
}

#[test]
fn the_order_of_lists_changes_no_decision() {
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        let document = with_lists_reversed(&sample.document);
        let other = opened(&document);
        for question in valid_questions(rng, sample, &authorizer) {
            assert_eq!(
                decide_with_engine(&authorizer, &question),
                decide_with_engine(&other, &question),
                "{question} of {}",
                sample.document
            );
            let reversed = with_lists_reversed(&question);
            assert_eq!(
                decide_with_engine(&authorizer, &question),
                decide_with_engine(&authorizer, &reversed),
                "{question} of {}",
                sample.document
            );
        }
    });
}

#[test]
fn different_decisions_have_different_digests() {
    let mut differing = 0;
    for_samples(400, |rng, sample| {
        let authorizer = opened(&sample.document);
        let document = if rng.chance(50) { add_access(rng, sample) } else { add_limit(rng, sample) };
        let other = opened(&document);
        for question in valid_questions(rng, sample, &authorizer) {
            if decide_with_engine(&authorizer, &question) != decide_with_engine(&other, &question) {
                differing += 1;
                assert_ne!(authorizer.digest(), other.digest(), "{question} of {} and {document}", sample.document);
                // What a `within` gives is not a part of the subject.
                if question.get("within").is_none() {
                    let digests = [&authorizer, &other].map(|authorizer| subject_digest(authorizer, &question));
                    assert_ne!(digests[0], digests[1], "{question} of {} and {document}", sample.document);
                }
            }
        }
    });
    assert!(differing > 100, "only {differing} answers differ");
}

// Other ways to ask, and the time.

#[test]
fn a_prepared_subject_gets_the_same_decisions_as_a_question_object() {
    for_samples(100, |rng, sample| {
        let authorizer = opened(&sample.document);
        for question in valid_questions(rng, sample, &authorizer) {
            let [attributes, context, properties] =
                ["attributes", "context", "properties"].map(|name| question.get(name).map_or(Value::Null, value));
            let now =
                question.get("now").and_then(Json::as_f64).map(|now| format!("{:.0}", now.abs()).parse().unwrap());
            let details = Details { attributes: &attributes, context: &context, properties: &properties, now };
            let subject = subject_of(&authorizer, &question);
            let path = authorizer.path(&value(&question["resource"])).unwrap();
            let action = question["action"].as_str().unwrap();
            let decision = authorizer.decide(&subject, action, &path, details).unwrap();
            assert_eq!(decision, authorizer.ask(&value(&question)).unwrap(), "{question} of {}", sample.document);
            let actions = authorizer.actions(&subject, &path, details).unwrap();
            assert_eq!(actions.contains(&action), decision.allow, "{question} of {}", sample.document);
        }
    });
}

#[test]
fn no_decision_changes_before_the_returned_time() {
    let mut ends = 0;
    for_samples(200, |rng, sample| {
        let authorizer = opened(&sample.document);
        for mut question in valid_questions(rng, sample, &authorizer) {
            let Some(now) = question.get("now").and_then(Json::as_u64) else { continue };
            let subject = subject_of(&authorizer, &question);
            let before = decide_with_engine(&authorizer, &question);
            let end = authorizer.changes_at(&subject, now);
            assert!(end.is_none_or(|end| end > now && authorizer.is_timed(&subject)), "{question}");
            let mut later: Vec<u64> = TIMES.iter().flat_map(|time| [time.saturating_sub(1), *time]).collect();
            later.retain(|time| *time > now && end.is_none_or(|end| *time < end));
            later.extend(end.map(|end| end - 1));
            for time in later {
                question["now"] = json!(time);
                assert_eq!(
                    before,
                    decide_with_engine(&authorizer, &question),
                    "{question} of {}, asked at {now}",
                    sample.document
                );
            }
            ends += usize::from(end.is_some());
            if !authorizer.is_timed(&subject) {
                question.as_object_mut().unwrap().remove("now");
                assert_eq!(before, decide_with_engine(&authorizer, &question), "{question} of {}", sample.document);
            }
        }
    });
    assert!(ends > 200, "only {ends} answers change at all");
}
