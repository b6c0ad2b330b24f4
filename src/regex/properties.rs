//! Compares the matcher with the `regex` crate, and checks its limits on any input.

#![expect(clippy::panic, clippy::unwrap_used, reason = "an expression that must compile ends the test")]
#![expect(clippy::arithmetic_side_effects, reason = "numbers here are small")]

use proptest::prelude::*;

use super::Regex;

/// An expression in this module's grammar, and the same one for the `regex` crate without anything ambiguous.
#[derive(Clone, Debug)]
struct Pattern {
    ours: String,
    theirs: String,
    /// Its precedence.
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Alternatives,
    Sequence,
    Atom,
}

impl Pattern {
    fn new(ours: impl Into<String>, theirs: impl Into<String>, shape: Shape) -> Self {
        Self { ours: ours.into(), theirs: format!("(?:{})", theirs.into()), shape }
    }

    /// The expression in this module's grammar, in a group if its precedence is too low.
    fn at_least(&self, shape: Shape) -> String {
        if self.shape >= shape {
            self.ours.clone()
        } else {
            format!("(?:{})", self.ours)
        }
    }

    fn join_patterns(parts: &[Self], with: &str, inner: Shape, outer: Shape) -> Self {
        let ours: Vec<_> = parts.iter().map(|part| part.at_least(inner)).collect();
        let theirs: Vec<_> = parts.iter().map(|part| part.theirs.as_str()).collect();
        Self::new(ours.join(with), theirs.join(with), outer)
    }
}

const CHARACTERS: &[char] = &[
    'a', 'b', 'c', 'B', '_', '0', '7', '/', '-', '.', '*', ']', '}', '^', ',', ' ', '\t', '\n', '\r', '\x0B', '\x0C',
    '\u{85}', '\u{A0}', 'ß', 'ſ', '٣', '\u{2003}', '\u{2028}', '\u{2029}', '😀',
];

fn character() -> impl Strategy<Value = char> {
    prop_oneof![2 => proptest::sample::select(&['a', 'b', 'c']), 1 => proptest::sample::select(CHARACTERS)]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(character(), 0..10).prop_map(String::from_iter)
}

/// A character in this module's grammar, escaped if necessary.
fn spell_character(character: char, escape: bool) -> String {
    match character {
        '\t' if escape => "\\t".to_owned(),
        '\n' if escape => "\\n".to_owned(),
        '\r' if escape => "\\r".to_owned(),
        '\x0C' if escape => "\\f".to_owned(),
        '.' | '*' | '^' => format!("\\{character}"),
        _ if escape && character.is_ascii_punctuation() => format!("\\{character}"),
        _ => character.to_string(),
    }
}

fn code_point(character: char) -> String {
    format!("\\x{{{:X}}}", u32::from(character))
}

/// A shorthand of this module's grammar, and its members in a class of the `regex` crate.
fn shorthand() -> impl Strategy<Value = (&'static str, &'static str)> {
    proptest::sample::select(&[
        ("\\d", "0-9"),
        ("\\D", "[^0-9]"),
        ("\\w", "0-9A-Za-z_"),
        ("\\W", "[^0-9A-Za-z_]"),
        ("\\s", "\\x20\\x09-\\x0D"),
        ("\\S", "[^\\x20\\x09-\\x0D]"),
    ])
}

/// A member of a class, in this module's grammar and for the `regex` crate.
fn item() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        3 => (character(), any::<bool>()).prop_map(|(one, escape)| {
            (spell_character(one, escape || matches!(one, '-' | ']' | '^')), code_point(one))
        }),
        2 => (character(), character()).prop_map(|(one, other)| {
            let (low, high) = (one.min(other), one.max(other));
            let escaped = |end: char| spell_character(end, matches!(end, '-' | ']' | '^'));
            (format!("{}-{}", escaped(low), escaped(high)), format!("{}-{}", code_point(low), code_point(high)))
        }),
        1 => shorthand().prop_map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned())),
    ]
}

fn class() -> impl Strategy<Value = Pattern> {
    (any::<bool>(), proptest::collection::vec(item(), 1..4), 0..4).prop_map(|(negated, items, hyphen)| {
        let (mut ours, mut theirs) = (String::from("["), String::from("["));
        for to in [&mut ours, &mut theirs] {
            to.push_str(if negated { "^" } else { "" });
        }
        if hyphen == 1 {
            ours.push('-');
        }
        for (our, their) in items {
            ours.push_str(&our);
            theirs.push_str(&their);
        }
        if hyphen == 2 {
            ours.push('-');
        }
        theirs.push_str(if matches!(hyphen, 1 | 2) { "\\-]" } else { "]" });
        ours.push(']');
        Pattern::new(ours, theirs, Shape::Atom)
    })
}

fn quantifier() -> impl Strategy<Value = String> {
    let count = prop_oneof![
        Just("*".to_owned()),
        Just("+".to_owned()),
        Just("?".to_owned()),
        (0..4_u8).prop_map(|least| format!("{{{least}}}")),
        (0..4_u8).prop_map(|least| format!("{{{least},}}")),
        (0..4_u8, 0..4_u8).prop_map(|(least, more)| format!("{{{least},{}}}", least + more)),
    ];
    (count, any::<bool>()).prop_map(|(count, lazy)| count + if lazy { "?" } else { "" })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let leaf = prop_oneof![
        6 => (character(), any::<bool>())
            .prop_map(|(one, escape)| Pattern::new(spell_character(one, escape), code_point(one), Shape::Atom)),
        3 => class(),
        2 => shorthand().prop_map(|(ours, theirs)| Pattern::new(ours, format!("[{theirs}]"), Shape::Atom)),
        1 => Just(Pattern::new(".", DOT, Shape::Atom)),
        1 => Just(Pattern::new("^", "\\A", Shape::Atom)),
        1 => Just(Pattern::new("$", "\\z", Shape::Atom)),
        1 => Just(Pattern::new("", "", Shape::Sequence)),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            3 => proptest::collection::vec(inner.clone(), 1..5)
                .prop_map(|parts| Pattern::join_patterns(&parts, "", Shape::Sequence, Shape::Sequence)),
            2 => proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| Pattern::join_patterns(&parts, "|", Shape::Sequence, Shape::Alternatives)),
            3 => (inner.clone(), quantifier()).prop_map(|(inner, times)| {
                Pattern::new(inner.at_least(Shape::Atom) + &times, inner.theirs + &times, Shape::Sequence)
            }),
            1 => inner.prop_map(|inner| Pattern::new(format!("({})", inner.ours), inner.theirs, Shape::Atom)),
        ]
    })
}

/// `.` for the `regex` crate, in the meaning of Go and of Java. No other part of an expression has this form.
const DOT: &str = "[^\\n]";
const DOT_OF_JAVA: &str = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";

/// The results of the `regex` crate for `matches` and `finds`.
fn second_opinion(theirs: &str, text: &str) -> (bool, bool) {
    let anchored = regex::Regex::new(&format!("\\A(?:{theirs})\\z")).unwrap();
    (anchored.is_match(text), regex::Regex::new(theirs).unwrap().is_match(text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_result_equals_that_of_the_regex_crate(
        pattern in pattern(),
        texts in proptest::collection::vec(text(), 1..6),
    ) {
        let java = (Regex::compile_java(&pattern.ours), pattern.theirs.replace(DOT, DOT_OF_JAVA));
        for (compiled, theirs) in [(Regex::compile(&pattern.ours), pattern.theirs), java] {
            match compiled {
                Ok(ours) => for text in &texts {
                    let answers = (ours.matches(text), ours.matches_part(text));
                    prop_assert_eq!(answers, second_opinion(&theirs, text), "on {:?}", text);
                },
                Err(refused) => prop_assert!(refused.what.starts_with("too large: more than 1,000"), "{:?}", refused),
            }
        }
    }

    #[test]
    fn random_punctuation_is_rejected_or_matches_like_the_regex_crate(
        pattern in r"([ab]|[-&\]\[^$.|()*+?{},:12=!]|\\[-sSwd.\\\]*n]|[\[(]|[\])]|\{1,2\}){0,12}",
        texts in proptest::collection::vec("[-ab12&^,. \n\\]\\\\]{0,5}", 1..5),
    ) {
        if let Ok(ours) = Regex::compile(&pattern) {
            if let Err(refused) = regex::Regex::new(&pattern) {
                // A hyphen after a class like `\w`, which matches itself in Java and Go.
                let hyphen = ["\\s-", "\\S-", "\\w-", "\\d-"].iter().any(|hyphen| pattern.contains(hyphen));
                prop_assert!(hyphen, "{}", refused);
                return Ok(());
            }
            for text in texts {
                let answers = (ours.matches(&text), ours.matches_part(&text));
                prop_assert_eq!(answers, second_opinion(&pattern, &text), "on {:?}", text);
            }
        }
    }

    #[test]
    fn any_expression_compiles_or_fails_and_a_match_is_within_its_step_limit(
        pattern in prop_oneof![r"[ab\[\](){}*+?|^$\\,0-9&-]{0,40}", "(?s:.{0,60})"],
        text in "(?s:.{0,20})",
    ) {
        let regex = match Regex::compile(&pattern) {
            Ok(regex) => regex,
            Err(refused) => {
                prop_assert!(refused.at <= pattern.chars().count());
                return Ok(());
            }
        };
        prop_assert!(regex.program.len() <= 1_000);
        let bound = (text.chars().count() + 1) * (regex.program.len() + 1);
        for whole in [true, false] {
            let mut steps = 0;
            regex.run(&text, whole, || steps += 1);
            prop_assert!(steps <= bound, "{} of {}", steps, bound);
        }
    }
}

#[test]
fn catastrophic_expressions_take_steps_in_proportion_to_the_text() {
    let text = "a".repeat(50_000);
    for (pattern, matches) in [
        ("(a*)*b", false),
        ("(a|a)*", true),
        ("(a|aa)+$", true),
        ("^(a|aa)+b$", false),
        ("(a+)+b", false),
        ("((a?){5}){5}b", false),
        ("(.*)(.*)(.*)(.*)b", false),
    ] {
        let regex = Regex::compile(pattern).unwrap_or_else(|refused| panic!("{pattern}: {refused:?}"));
        let bound = (text.len() + 1) * (regex.program.len() + 1);
        for whole in [true, false] {
            let mut steps = 0;
            assert_eq!(regex.run(&text, whole, || steps += 1), matches, "{pattern}");
            assert!(steps <= bound, "{pattern}: {steps} of {bound}");
        }
    }
}

#[test]
fn a_bounded_count_keeps_few_states_alive() {
    let name = Regex::compile(r"^[^\s*?%]{3,64}$").unwrap();
    let mut steps = 0;
    assert!(name.run(&"x".repeat(64), true, || steps += 1));
    assert!(steps <= 4 * 65, "{steps}");
}
