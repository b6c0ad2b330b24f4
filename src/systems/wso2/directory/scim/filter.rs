//! The SCIM filter parser (RFC 7644, section 3.4.2.2): one pass, with bounded nesting.
//!
//! ```text
//! filter  = and *("or" and)
//! and     = term *("and" term)
//! term    = ["not"] "(" filter ")" / name "[" filter "]" ["." part test] / name test
//! test    = "pr" / op value
//! value   = JSON / "'" text "'" / text without quotes
//! ```
//!
//! A test behind a value filter, and a value in single quotes or none, are no part of the RFC: the product and Microsoft
//! Entra ID write them.

use super::literal;
use crate::document::value::Value;

/// The longest filter, in bytes.
const LENGTH_MAX: usize = 4_096;
/// The deepest nesting of parentheses and brackets.
pub const DEPTH_MAX: usize = 32;

/// What resources are asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// One of these.
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// There is a value.
    Present(Name),
    Compare(Name, Operator, Value),
    /// One value of the attribute is so.
    Value(Name, Box<Filter>),
}

/// `[urn ":"] attribute ["." part]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// With its schema, if it was written so.
    pub attribute: String,
    pub part: Option<String>,
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
    /// Whether it needs an order of values.
    pub fn orders(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual)
    }

    /// Whether it compares a part of a text.
    pub fn looks_inside(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }

    fn named(word: &str) -> Option<Self> {
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
    /// Reads a whole filter; `None` for what is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::new(text)?;
        let filter = reader.filter(DEPTH_MAX)?;
        reader.is_at_end().then_some(filter)
    }
}

/// Reads a text from its beginning to its end.
pub struct Reader<'t> {
    pub rest: &'t str,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str) -> Option<Self> {
        (text.len() <= LENGTH_MAX).then_some(Self { rest: text })
    }

    pub fn filter(&mut self, depth: usize) -> Option<Filter> {
        self.joined("or", Filter::Or, |reader| reader.joined("and", Filter::And, |reader| reader.term(depth)))
    }

    /// One or more of a kind with a word between them.
    fn joined(
        &mut self,
        word: &str,
        join: fn(Vec<Filter>) -> Filter,
        mut each: impl FnMut(&mut Self) -> Option<Filter>,
    ) -> Option<Filter> {
        let first = each(self)?;
        let mut all = vec![first];
        while self.take_word(word) {
            all.push(each(self)?);
        }
        if all.len() == 1 {
            all.pop()
        } else {
            Some(join(all))
        }
    }

    fn term(&mut self, depth: usize) -> Option<Filter> {
        let deeper = depth.checked_sub(1)?;
        let before = self.rest;
        let negated = self.take_word("not");
        if self.take('(') {
            let filter = self.filter(deeper)?;
            let filter = if negated { Filter::Not(Box::new(filter)) } else { filter };
            return self.take(')').then_some(filter);
        }
        // An attribute may be called `not`.
        self.rest = before;
        let name = self.name()?;
        if self.take('[') {
            let filter = self.filter(deeper)?;
            if !self.take(']') {
                return None;
            }
            let Some(behind) = self.rest.strip_prefix('.') else { return Some(Filter::Value(name, Box::new(filter))) };
            self.rest = behind;
            let part = Name { attribute: self.word(false)?.to_owned(), part: None };
            let both = vec![filter, self.test(part)?];
            return Some(Filter::Value(name, Box::new(Filter::And(both))));
        }
        self.test(name)
    }

    /// What an attribute is tested for.
    fn test(&mut self, name: Name) -> Option<Filter> {
        if !self.rest.starts_with(' ') {
            return None;
        }
        self.space();
        let word = self.word(false)?;
        if word.eq_ignore_ascii_case("pr") {
            return Some(Filter::Present(name));
        }
        let operator = Operator::named(word)?;
        if !self.rest.starts_with(' ') {
            return None;
        }
        Some(Filter::Compare(name, operator, self.value()?))
    }

    pub fn name(&mut self) -> Option<Name> {
        self.space();
        let written = self.word(true)?;
        // A schema ends at the last colon; what it is called has dots too.
        let start = written.rfind(':').map_or(0, |colon| colon.saturating_add(1));
        let (schema, last) = (written.get(..start)?, written.get(start..)?);
        let (attribute, part) = match last.split_once('.') {
            Some((attribute, part)) => (attribute, Some(part)),
            None => (last, None),
        };
        let is_name = |name: &str| !name.is_empty() && !name.contains('.');
        if !is_name(attribute) || !part.is_none_or(is_name) {
            return None;
        }
        Some(Name { attribute: format!("{schema}{attribute}"), part: part.map(str::to_owned) })
    }

    /// Letters of a name, or of one with its schema; not none.
    pub fn word(&mut self, with_schema: bool) -> Option<&'t str> {
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

    fn value(&mut self) -> Option<Value> {
        self.space();
        let (value, rest) = literal::read(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    /// Takes a word that stands alone.
    fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start_matches(' ');
        let Some((start, behind)) = rest.split_at_checked(word.len()) else { return false };
        let is_alone = behind.starts_with([' ', '(']);
        let is_it = start.eq_ignore_ascii_case(word) && is_alone;
        if is_it {
            self.rest = behind;
        }
        is_it
    }

    pub fn take(&mut self, letter: char) -> bool {
        match self.rest.trim_start_matches(' ').strip_prefix(letter) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    pub fn is_at_end(&mut self) -> bool {
        self.space();
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
        let part = prop::option::of(prop::sample::select(vec!["value", "$ref", "and"]));
        (prop::sample::select(words.to_vec()), part)
            .prop_map(|(attribute, part)| Name { attribute: attribute.into(), part: part.map(str::to_owned) })
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
                Filter::Compare(name, Operator::named(word).unwrap_or(Operator::Equal), value)
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

    fn written_name(name: &Name) -> String {
        name.part.as_ref().map_or(name.attribute.clone(), |part| format!("{}.{part}", name.attribute))
    }

    /// With no more parentheses than it takes, and words in either case.
    fn written(filter: &Filter, upper: bool) -> String {
        let word = |word: &str| if upper { word.to_uppercase() } else { word.to_owned() };
        let joined = |filters: &[Filter], between: &str| {
            let each = |filter: &Filter| match filter {
                Filter::And(_) if between == "or" => written(filter, upper),
                Filter::And(_) | Filter::Or(_) => format!("({})", written(filter, upper)),
                _ => written(filter, upper),
            };
            filters.iter().map(each).collect::<Vec<_>>().join(&format!(" {} ", word(between)))
        };
        match filter {
            Filter::And(filters) => joined(filters, "and"),
            Filter::Or(filters) => joined(filters, "or"),
            Filter::Not(filter) => format!("{} ({})", word("not"), written(filter, upper)),
            Filter::Present(name) => format!("{} {}", written_name(name), word("pr")),
            Filter::Value(name, filter) => format!("{}[{}]", written_name(name), written(filter, upper)),
            Filter::Compare(name, operator, value) => {
                let named = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
                let found = named.into_iter().find(|word| Operator::named(word) == Some(*operator));
                format!("{} {} {value}", written_name(name), word(found.unwrap_or_default()))
            }
        }
    }

    proptest! {
        #[test]
        fn a_filter_is_read_as_it_was_written(filter in filter(), upper in any::<bool>()) {
            let text = written(&filter, upper);
            prop_assume!(text.len() <= LENGTH_MAX);
            prop_assert_eq!(Filter::read(&text), Some(filter), "{}", text);
        }

        #[test]
        fn what_stands_behind_a_filter_is_refused(filter in filter(), more in r#"[\)\]x"]|and|or x"#) {
            let text = format!("{} {more}", written(&filter, false));
            prop_assert_eq!(Filter::read(&text), None);
        }

        #[test]
        fn a_path_is_read_as_it_was_written(name in name(), filter in prop::option::of(filter())) {
            let text = match (&filter, &name.part) {
                (None, _) => written_name(&name),
                (Some(filter), None) => format!("{}[{}]", name.attribute, written(filter, false)),
                (Some(filter), Some(part)) => format!("{}[{}].{part}", name.attribute, written(filter, false)),
            };
            prop_assume!(text.len() <= LENGTH_MAX);
            prop_assert_eq!(Path::read(&text), Ok(Path { name, filter }), "{}", text);
        }

        #[test]
        fn any_text_comes_to_an_end(text in r#"([ab.:\[\]() "\\]|not |and |or | eq | pr|1|é){0,40}"#) {
            let _ = (Filter::read(&text), Path::read(&text));
        }
    }

    #[test]
    fn nesting_and_length_are_bounded() {
        let nested = |depth: usize| format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Filter::read(&nested(DEPTH_MAX.saturating_sub(1))).is_some());
        assert!(Filter::read(&nested(DEPTH_MAX)).is_none());
        assert!(Filter::read(&nested(2_000)).is_none());
        assert!(Filter::read(&"a[".repeat(2_000)).is_none());
        assert!(Filter::read(&"not (".repeat(800)).is_none());
        assert!(Filter::read(&format!("a eq \"{}\"", "x".repeat(LENGTH_MAX))).is_none());
    }

    #[test]
    fn a_part_may_be_tested_behind_a_value_filter() {
        for (text, same) in [
            ("a[b eq 1].c eq 2", "a[b eq 1 and c eq 2]"),
            ("a[b eq 1 or b eq 2].c pr and d pr", "a[(b eq 1 or b eq 2) and c pr] and d pr"),
            ("not (a[b eq 1].c eq 2)", "not (a[b eq 1 and c eq 2])"),
        ] {
            assert!(Filter::read(text).is_some(), "{text}");
            assert_eq!(Filter::read(text), Filter::read(same), "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
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
            assert_eq!(Filter::read(text), None, "{text}");
        }
    }
}
