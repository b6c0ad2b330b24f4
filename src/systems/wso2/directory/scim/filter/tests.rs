//! Tests the parser of filters.

use proptest::prelude::*;

use super::super::path::Path;
use super::*;

fn name() -> impl Strategy<Value = Name> {
    let words = ["userName", "emails", "x-y_z", "not", "pr", "urn:ietf:params:scim:schemas:core:2.0:User:userName"];
    let sub = prop::option::of(prop::sample::select(vec!["value", "$ref", "and"]));
    (prop::sample::select(words.to_vec()), sub)
        .prop_map(|(attribute, sub)| Name { attribute: attribute.into(), sub: sub.map(str::to_owned) })
}

fn filter() -> impl Strategy<Value = Filter> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".*".prop_map(Value::Text),
    ];
    let operator = prop::sample::select(vec!["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
    let leaf = prop_oneof![
        name().prop_map(Filter::Present),
        (name(), operator, value).prop_map(|(name, word, value)| {
            Filter::Compare(name, Operator::from_word(word).unwrap_or(Operator::Equal), value)
        }),
    ];
    leaf.prop_recursive(5, 30, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.clone().prop_map(|filter| Filter::Not(Box::new(filter))),
            (name(), inner).prop_map(|(name, filter)| Filter::Value(name, Box::new(filter))),
        ]
    })
}

fn name_to_text(name: &Name) -> String {
    name.sub.as_ref().map_or(name.attribute.clone(), |sub| format!("{}.{sub}", name.attribute))
}

/// With only the necessary parentheses, and keywords in upper or lower case.
fn filter_to_text(filter: &Filter, upper: bool) -> String {
    let word = |word: &str| if upper { word.to_uppercase() } else { word.to_owned() };
    let joined = |filters: &[Filter], between: &str| {
        let each = |filter: &Filter| match filter {
            Filter::And(_) if between == "or" => filter_to_text(filter, upper),
            Filter::And(_) | Filter::Or(_) => format!("({})", filter_to_text(filter, upper)),
            _ => filter_to_text(filter, upper),
        };
        filters.iter().map(each).collect::<Vec<_>>().join(&format!(" {} ", word(between)))
    };
    match filter {
        Filter::And(filters) => joined(filters, "and"),
        Filter::Or(filters) => joined(filters, "or"),
        Filter::Not(filter) => format!("{} ({})", word("not"), filter_to_text(filter, upper)),
        Filter::Present(name) => format!("{} {}", name_to_text(name), word("pr")),
        Filter::Value(name, filter) => format!("{}[{}]", name_to_text(name), filter_to_text(filter, upper)),
        Filter::Compare(name, operator, value) => {
            let named = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
            let operator_word = named.into_iter().find(|word| Operator::from_word(word) == Some(*operator));
            format!("{} {} {value}", name_to_text(name), word(operator_word.unwrap_or_default()))
        }
        // No text is parsed to it.
        Filter::PartOfName(name, operator, part) => {
            filter_to_text(&Filter::Compare(name.clone(), *operator, part.as_str().into()), upper)
        }
    }
}

proptest! {
    #[test]
    fn parsing_a_serialized_filter_gives_the_same_filter(filter in filter(), upper in any::<bool>()) {
        let text = filter_to_text(&filter, upper);
        prop_assume!(text.len() <= LENGTH_MAX);
        prop_assert_eq!(Filter::parse(&text), Some(filter), "{}", text);
    }

    #[test]
    fn text_after_a_filter_is_refused(filter in filter(), more in r#"[\)\]x"]|and|or x"#) {
        let text = format!("{} {more}", filter_to_text(&filter, false));
        prop_assert_eq!(Filter::parse(&text), None);
    }

    #[test]
    fn parsing_a_serialized_path_gives_the_same_path(name in name(), filter in prop::option::of(filter())) {
        let text = match (&filter, &name.sub) {
            (None, _) => name_to_text(&name),
            (Some(filter), None) => format!("{}[{}]", name.attribute, filter_to_text(filter, false)),
            (Some(filter), Some(sub)) => format!("{}[{}].{sub}", name.attribute, filter_to_text(filter, false)),
        };
        prop_assume!(text.len() <= LENGTH_MAX);
        prop_assert_eq!(Path::parse(&text), Ok(Path { name, filter }), "{}", text);
    }

    #[test]
    fn parsing_any_text_terminates(text in r#"([ab.:\[\]() "\\]|not |and |or | eq | pr|1|é){0,40}"#) {
        let _ = (Filter::parse(&text), Path::parse(&text));
    }
}

#[test]
fn filter_beyond_the_nesting_or_length_limit_is_refused() {
    let nested = |depth: usize| format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::parse(&nested(DEPTH_MAX.saturating_sub(1))).is_some());
    assert!(Filter::parse(&nested(DEPTH_MAX)).is_none());
    assert!(Filter::parse(&nested(2_000)).is_none());
    assert!(Filter::parse(&"a[".repeat(2_000)).is_none());
    assert!(Filter::parse(&"not (".repeat(800)).is_none());
    assert!(Filter::parse(&format!("a eq \"{}\"", "x".repeat(LENGTH_MAX))).is_none());
}

#[test]
fn sub_attribute_test_after_a_value_filter_is_part_of_the_filter() {
    for (text, same) in [
        ("a[b eq 1].c eq 2", "a[b eq 1 and c eq 2]"),
        ("a[b eq 1 or b eq 2].c pr and d pr", "a[(b eq 1 or b eq 2) and c pr] and d pr"),
        ("not (a[b eq 1].c eq 2)", "not (a[b eq 1 and c eq 2])"),
    ] {
        assert!(Filter::parse(text).is_some(), "{text}");
        assert_eq!(Filter::parse(text), Filter::parse(same), "{text}");
    }
}

#[test]
fn invalid_filter_is_refused() {
    for text in [
        "",
        " ",
        "a",
        "a eq",
        "a eq \"b",
        "a eq b\"",
        "a eq b,c",
        "a eq 'b",
        "a eq 'b'c",
        "a eq )",
        "a[b eq 1].",
        "a[b eq 1].c",
        "a[b eq 1].c.d pr",
        "a[b eq 1] .c pr",
        "a[b eq 1]c pr",
        "a xx 1",
        "a eq 1 and",
        "and",
        "a eq 1 b eq 2",
        "a eq [1]",
        "a eq {}",
        "a.b.c eq 1",
        ".a eq 1",
        "a. eq 1",
        "a eq\"1\"",
        "a[b eq 1",
        "()",
        "not a eq 1",
        "a eq \"\u{7}\"",
        "é eq 1",
    ] {
        assert_eq!(Filter::parse(text), None, "{text}");
    }
}
