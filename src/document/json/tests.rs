//! Tests the parser of JSON against `serde_json`.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::document::limits::DEPTH_MAX;

fn parse_text(text: &str) -> Result<Value, Malformed> {
    parse(text, DEPTH_MAX)
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e307..1e307).prop_map(Json::from),
        any::<f32>().prop_map(Json::from),
        ".*".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::btree_map(".*", inner, 0..6).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_printed_document_equals_the_parsed_one(json in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) }.unwrap_or_default();
        let value = parse_text(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(serde_json::from_str::<Json>(&value.to_string()).ok(), serde_json::from_str(&text).ok());
    }

    #[test]
    fn text_is_rejected_if_and_only_if_serde_json_rejects_it(text in r#"[\[\]{}",:\\u0-9a-fA-F.eE+\-tn lrs\n]{0,24}"#) {
        let theirs = serde_json::from_str::<Json>(&text).is_ok();
        // The two parsers differ for zero with a huge exponent, which does not matter.
        prop_assume!(!text.to_lowercase().split('e').skip(1).any(|tail| tail.trim_start_matches(['+', '0']).len() > 2));
        prop_assert_eq!(parse_text(&text).is_ok(), theirs, "{}", text);
    }
}

#[test]
fn a_repeated_key_is_kept() {
    assert_eq!(parse_text(r#"{"a":1,"a":2}"#).map(|value| value.to_string()), Ok(r#"{"a":1,"a":2}"#.into()));
}

#[test]
fn nesting_beyond_the_limit_is_rejected() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(parse_text(&nested(DEPTH_MAX)).is_ok());
    assert!(parse_text(&nested(DEPTH_MAX.saturating_add(1))).is_err());
    assert!(parse_text(&nested(100_000)).is_err());
}

#[test]
fn a_lone_surrogate_is_rejected() {
    assert!(parse_text(r#""\ud83d\ude00""#).is_ok());
    for lone in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83dx""#, r#""\ud83d\ud83d""#, r#""\u+123""#] {
        assert!(parse_text(lone).is_err(), "{lone}");
    }
}

#[test]
fn an_error_has_its_line_and_column() {
    assert_eq!(parse_text("{\n  \"a\": x}"), Err(Malformed { line: 2, column: 8 }));
}
