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

use super::attribute::local_name;
use super::literal;
use crate::document::value::Value;

/// The longest filter, in bytes.
const LENGTH_MAX: usize = 4_096;
/// The last parts of the URNs of schemas.
const URN_ENDS: [&str; 2] = ["User", "Group"];
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
    /// The name of a user or role has a part: see `filter_names`. The parser gives [`Filter::Compare`].
    PartOfName(Name, Operator, String),
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

impl Name {
    /// The name for a message, without the URN of its extension.
    pub fn text(&self) -> String {
        let attribute = local_name(&self.attribute);
        self.sub.as_ref().map_or_else(|| attribute.to_owned(), |sub| format!("{attribute}.{sub}"))
    }
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

    const WORDS: [(&'static str, Self); 9] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("co", Self::Contains),
        ("sw", Self::StartsWith),
        ("ew", Self::EndsWith),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
    ];

    /// The word of the operator in a filter.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, operator)| *operator == self).map_or("", |(word, _)| *word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, operator)| *operator)
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
        // Source: Microsoft Entra ID's older jobs write a dot after the URN: `…:2.0:User.department`.
        let (urn, last) = match last.split_once('.') {
            Some((end, name)) if start > 0 && URN_ENDS.iter().any(|known| known.eq_ignore_ascii_case(end)) => {
                (format!("{schema}{end}:"), name)
            }
            _ => (schema.to_owned(), last),
        };
        let (attribute, sub) = match last.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub)),
            None => (last, None),
        };
        let is_name = |name: &str| !name.is_empty() && !name.contains('.');
        if !is_name(attribute) || !sub.is_none_or(is_name) {
            return None;
        }
        Some(Name { attribute: format!("{urn}{attribute}"), sub: sub.map(str::to_owned) })
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
mod tests;
