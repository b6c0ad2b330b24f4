//! Parses JSON.
//!
//! The crate has its own parser for three reasons. Repeated keys must be reported, not merged. Numbers keep their
//! digits. A library that parses and prints doubles would be a third of a module's size. A test compares it with
//! `serde_json`.

use std::fmt::{self, Display};

use crate::document::limits::DEPTH_MAX;
use crate::document::memory::{grow_ahead, reserve_for_text};
use crate::document::value::Value;
use crate::tables::text::{fill, number, whole_number};

/// The text is not a JSON document, or nests too deeply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

impl Malformed {
    /// What is wrong, in one line.
    pub(crate) fn message(self) -> String {
        fill(
            "malformed JSON at line {}, column {}; a document nests at most {} levels",
            &[&number(self.line), &number(self.column), &number(DEPTH_MAX)],
        )
    }
}

impl Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message())
    }
}

impl std::error::Error for Malformed {}

impl Value {
    /// Parses JSON text (RFC 8259).
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the text is not a JSON document or nests deeper than 32 levels.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        parse(text, DEPTH_MAX)
    }

    /// Parses JSON text that this crate wrote or wrapped. It may nest twice as deep, because it contains a document of
    /// full depth.
    #[cfg(feature = "directory-js")]
    pub(crate) fn parse_wrapped(text: &str) -> Result<Self, Malformed> {
        parse(text, DEPTH_MAX.saturating_mul(2))
    }
}

/// Parses one document of at most this depth, with nothing after it.
pub(crate) fn parse(text: &str, depth: usize) -> Result<Value, Malformed> {
    reserve_for_text(text.len());
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    let value = reader.parse_value(depth);
    reader.skip_space();
    match value {
        Some(value) if reader.at == text.len() => Ok(value),
        _ => Err(reader.malformed()),
    }
}

/// A position in the text. Each step returns `None` at a syntax error, and stays there.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn parse_value(&mut self, depth: usize) -> Option<Value> {
        match self.peek()? {
            b'{' => self.parse_object(depth.checked_sub(1)?),
            b'[' => self.parse_list(depth.checked_sub(1)?),
            b'"' => self.parse_string().map(Value::Text),
            b't' => self.skip_word("true").then_some(Value::Bool(true)),
            b'f' => self.skip_word("false").then_some(Value::Bool(false)),
            b'n' => self.skip_word("null").then_some(Value::Null),
            _ => self.parse_number().map(|digits| Value::Number(digits.into())),
        }
    }

    fn parse_object(&mut self, depth: usize) -> Option<Value> {
        grow_ahead();
        let mut members = Vec::new();
        self.skip_byte(b'{');
        self.skip_space();
        if self.skip_byte(b'}') {
            return Some(Value::Object(members));
        }
        loop {
            let name = self.parse_string()?;
            self.skip_space();
            self.expect_byte(b':')?;
            self.skip_space();
            members.push((name, self.parse_value(depth)?));
            self.skip_space();
            if self.skip_byte(b'}') {
                return Some(Value::Object(members));
            }
            self.expect_byte(b',')?;
            self.skip_space();
        }
    }

    fn parse_list(&mut self, depth: usize) -> Option<Value> {
        grow_ahead();
        let mut items = Vec::new();
        self.skip_byte(b'[');
        self.skip_space();
        if self.skip_byte(b']') {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.parse_value(depth)?);
            self.skip_space();
            if self.skip_byte(b']') {
                return Some(Value::List(items));
            }
            self.expect_byte(b',')?;
            self.skip_space();
        }
    }

    fn parse_string(&mut self) -> Option<String> {
        self.expect_byte(b'"')?;
        let mut string = String::new();
        loop {
            let start = self.at;
            self.skip_while(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20);
            string.push_str(self.text_from(start));
            if self.skip_byte(b'"') {
                return Some(string);
            }
            self.expect_byte(b'\\')?;
            string.push(self.parse_escape()?);
        }
    }

    fn parse_escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.advance();
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.parse_unicode_escape(),
            _ => return None,
        })
    }

    /// Parses what follows `\u`: one unit, or a surrogate pair. A lone surrogate is an error.
    fn parse_unicode_escape(&mut self) -> Option<char> {
        let mut code = self.parse_hex_unit()?;
        if (0xD800..0xDC00).contains(&code) {
            let second = if self.skip_word("\\u") { self.parse_hex_unit()? } else { 0 };
            if !(0xDC00..0xE000).contains(&second) {
                return None;
            }
            code = 0x1_0000_u32.saturating_add(((code & 0x3FF) << 10) | (second & 0x3FF));
        }
        char::from_u32(code)
    }

    fn parse_hex_unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = (unit << 4) | char::from(self.peek()?).to_digit(16)?;
            self.advance();
        }
        Some(unit)
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, below 1e308 so that no double is infinite.
    fn parse_number(&mut self) -> Option<&'t str> {
        let start = self.at;
        self.skip_byte(b'-');
        let integer = self.skip_digits();
        if integer.is_empty() || (integer.len() > 1 && integer.starts_with('0')) {
            return None;
        }
        if self.skip_byte(b'.') && self.skip_digits().is_empty() {
            return None;
        }
        let mut scale = 0;
        if self.skip_byte(b'e') || self.skip_byte(b'E') {
            let grows = !self.skip_byte(b'-');
            if grows {
                self.skip_byte(b'+');
            }
            let exponent = self.skip_digits();
            if exponent.is_empty() {
                return None;
            }
            scale = if grows { whole_number(exponent).unwrap_or(i64::MAX) } else { 0 };
        }
        let finite = i64::try_from(integer.len()).is_ok_and(|length| length.saturating_add(scale) <= 308);
        finite.then(|| self.text_from(start))
    }

    fn skip_digits(&mut self) -> &'t str {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        self.text_from(start)
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Skips bytes of one kind. A kind never ends inside a character.
    fn skip_while(&mut self, kind: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&kind) {
            self.advance();
        }
    }

    /// The text from here to where the reader is now.
    fn text_from(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or("")
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let is_present = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if is_present {
            self.at = self.at.saturating_add(word.len());
        }
        is_present
    }

    fn expect_byte(&mut self, byte: u8) -> Option<()> {
        self.skip_byte(byte).then_some(())
    }

    fn skip_byte(&mut self, byte: u8) -> bool {
        let is_present = self.peek() == Some(byte);
        if is_present {
            self.advance();
        }
        is_present
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn malformed(&self) -> Malformed {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        Malformed { line, column: self.at.saturating_sub(line_start).saturating_add(1) }
    }
}

#[cfg(test)]
mod tests;
