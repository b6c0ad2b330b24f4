//! SCIM filter parser (RFC 7644, section 3.4.2.2): one pass, with bounded nesting.
//!
//! ```text
//! filter  = and *("or" and)
//! and     = term *("and" term)
//! term    = ["not"] "(" filter ")" / name "[" filter "]" ["." sub test] / name test
//! test    = "pr" / op value
//! value   = JSON / "'" text "'" / text without quotes
//! ```
//!
//! A test after a value filter, and a value in single quotes or without quotes, are not in the RFC: the product and
//! Microsoft Entra ID send them.

use super::literal;
use crate::document::value::Value;

/// The longest filter, in bytes.
const LENGTH_MAX: usize = 4_096;
/// The deepest nesting of parentheses and brackets.
pub const DEPTH_MAX: usize = 32;

/// A condition on resources.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these filters match.
    And(Vec<Filter>),
    /// At least one of these filters matches.
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// The attribute has a value.
    Present(Name),
    Compare(Name, Operator, Value),
    /// At least one value of the attribute matches.
    Value(Name, Box<Filter>),
}

/// `[urn ":"] attribute ["." sub]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// With its schema, if the filter has it.
    pub attribute: String,
    /// The sub-attribute.
    pub sub: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Operator {
    /// Whether the operator needs an order of values.
    pub fn needs_order(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual)
    }

    /// Whether the operator compares a part of a text.
    pub fn is_substring(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }

    fn from_word(word: &str) -> Option<Self> {
        const WORDS: [(&str, Operator); 9] = [
            ("eq", Operator::Equal),
            ("ne", Operator::NotEqual),
            ("co", Operator::Contains),
            ("sw", Operator::StartsWith),
            ("ew", Operator::EndsWith),
            ("gt", Operator::Greater),
            ("ge", Operator::GreaterOrEqual),
            ("lt", Operator::Less),
            ("le", Operator::LessOrEqual),
        ];
        WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, operator)| *operator)
    }
}

impl Filter {
    /// Parses a filter; `None` if the text is not a valid filter.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser::new(text)?;
        let filter = parser.parse_filter(DEPTH_MAX)?;
        parser.is_at_end().then_some(filter)
    }
}

/// A parser that reads a text from start to end.
pub struct Parser<'t> {
    pub rest: &'t str,
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Option<Self> {
        (text.len() <= LENGTH_MAX).then_some(Self { rest: text })
    }

    pub fn parse_filter(&mut self, depth: usize) -> Option<Filter> {
        self.parse_joined("or", Filter::Or, |parser| {
            parser.parse_joined("and", Filter::And, |parser| parser.parse_term(depth))
        })
    }

    /// Parses one or more filters with a keyword between them.
    fn parse_joined(
        &mut self,
        word: &str,
        join: fn(Vec<Filter>) -> Filter,
        mut each: impl FnMut(&mut Self) -> Option<Filter>,
    ) -> Option<Filter> {
        let first = each(self)?;
        let mut all = vec![first];
        while self.skip_keyword(word) {
            all.push(each(self)?);
        }
        if all.len() == 1 {
            all.pop()
        } else {
            Some(join(all))
        }
    }

    fn parse_term(&mut self, depth: usize) -> Option<Filter> {
        let deeper = depth.checked_sub(1)?;
        let before = self.rest;
        let negated = self.skip_keyword("not");
        if self.skip_char('(') {
            let filter = self.parse_filter(deeper)?;
            let filter = if negated { Filter::Not(Box::new(filter)) } else { filter };
            return self.skip_char(')').then_some(filter);
        }
        // An attribute can have the name `not`.
        self.rest = before;
        let name = self.parse_name()?;
        if self.skip_char('[') {
            let filter = self.parse_filter(deeper)?;
            if !self.skip_char(']') {
                return None;
            }
            let Some(behind) = self.rest.strip_prefix('.') else { return Some(Filter::Value(name, Box::new(filter))) };
            self.rest = behind;
            let sub = Name { attribute: self.parse_word(false)?.to_owned(), sub: None };
            let both = vec![filter, self.parse_test(sub)?];
            return Some(Filter::Value(name, Box::new(Filter::And(both))));
        }
        self.parse_test(name)
    }

    /// Parses the test of an attribute.
    fn parse_test(&mut self, name: Name) -> Option<Filter> {
        if !self.rest.starts_with(' ') {
            return None;
        }
        self.skip_spaces();
        let word = self.parse_word(false)?;
        if word.eq_ignore_ascii_case("pr") {
            return Some(Filter::Present(name));
        }
        let operator = Operator::from_word(word)?;
        if !self.rest.starts_with(' ') {
            return None;
        }
        Some(Filter::Compare(name, operator, self.parse_value()?))
    }

    pub fn parse_name(&mut self) -> Option<Name> {
        self.skip_spaces();
        let word = self.parse_word(true)?;
        // A schema ends at the last colon. Its URN can contain dots.
        let start = word.rfind(':').map_or(0, |colon| colon.saturating_add(1));
        let (schema, last) = (word.get(..start)?, word.get(start..)?);
        let (attribute, sub) = match last.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub)),
            None => (last, None),
        };
        let is_name = |name: &str| !name.is_empty() && !name.contains('.');
        if !is_name(attribute) || !sub.is_none_or(is_name) {
            return None;
        }
        Some(Name { attribute: format!("{schema}{attribute}"), sub: sub.map(str::to_owned) })
    }

    /// Parses the characters of a name, or of a name with its schema; at least one.
    pub fn parse_word(&mut self, with_schema: bool) -> Option<&'t str> {
        let is_letter = |letter: char| {
            letter.is_ascii_alphanumeric()
                || matches!(letter, '-' | '_' | '$')
                || (with_schema && matches!(letter, ':' | '.'))
        };
        let length = self.rest.find(|letter| !is_letter(letter)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn parse_value(&mut self) -> Option<Value> {
        self.skip_spaces();
        let (value, rest) = literal::parse_literal(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    /// Skips a keyword that is followed by a space or a parenthesis.
    fn skip_keyword(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start_matches(' ');
        let Some((start, behind)) = rest.split_at_checked(word.len()) else { return false };
        let is_alone = behind.starts_with([' ', '(']);
        let is_it = start.eq_ignore_ascii_case(word) && is_alone;
        if is_it {
            self.rest = behind;
        }
        is_it
    }

    pub fn skip_char(&mut self, letter: char) -> bool {
        match self.rest.trim_start_matches(' ').strip_prefix(letter) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    pub fn is_at_end(&mut self) -> bool {
        self.skip_spaces();
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
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
}
