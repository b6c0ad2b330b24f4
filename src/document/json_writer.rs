//! Prints JSON without spaces.

use std::fmt::{self, Display};

use crate::document::value::Value;

impl Value {
    /// The value as JSON text without spaces, like its `Display`.
    pub(crate) fn json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text);
        text
    }

    /// Appends the value as JSON text without spaces.
    pub(crate) fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    separate(index, out);
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Object(members) => write_members(members, out),
        }
    }
}

/// Prints the value as JSON text without spaces.
impl Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.json())
    }
}

/// Prints an object with these members.
pub(crate) fn write_members(members: &[(String, Value)], out: &mut String) {
    out.push('{');
    for (index, (name, value)) in members.iter().enumerate() {
        separate(index, out);
        write_text(name, out);
        out.push(':');
        value.write_json(out);
    }
    out.push('}');
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

/// Prints a string with its quotes. Runs without escapes are copied at once.
pub(crate) fn write_text(text: &str, out: &mut String) {
    let is_escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    out.push('"');
    let mut rest = text;
    while let Some((plain, tail)) = rest.bytes().position(is_escaped).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(plain);
        let mut letters = tail.chars();
        match letters.next().unwrap_or_default() {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter @ '\0'..='\x1f' => {
                out.push_str(if letter < '\x10' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(letter) & 0xF, 16));
            }
            letter => {
                out.push('\\');
                out.push(letter);
            }
        }
        rest = letters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}
