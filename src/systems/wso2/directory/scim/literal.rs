//! Literals in filters: JSON values, text in single quotes, and text without quotes.
//!
//! RFC 7644 has only JSON values. The product's documents and Microsoft Entra ID use the others too.

use crate::document::value::Value;

/// Parses the literal at the start of a text, and returns it with the rest of the text.
pub fn parse_literal(text: &str) -> Option<(Value, &str)> {
    match text.strip_prefix('\'') {
        Some(behind) => parse_single_quoted(behind),
        None => parse_unquoted(text),
    }
}

/// Parses a JSON string, number, `true`, `false` or `null`, booleans in any case, or else text without quotes.
fn parse_unquoted(text: &str) -> Option<(Value, &str)> {
    let (mut is_escaped, mut is_inside) = (false, false);
    let end = text.find(|letter| {
        let ends = match letter {
            _ if is_escaped => false,
            '"' => {
                is_inside = !is_inside;
                return false;
            }
            ' ' | ')' | ']' => !is_inside,
            _ => false,
        };
        is_escaped = letter == '\\' && !is_escaped;
        ends
    });
    let (text, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
    let value = match Value::parse(text) {
        Ok(Value::List(_) | Value::Object(_)) => return None,
        Ok(value) => value,
        Err(_) if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        Err(_) if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        Err(_) => {
            let is_reserved = |letter: char| letter.is_control() || r#""\()[]{},"#.contains(letter);
            (!text.is_empty() && !text.contains(is_reserved)).then(|| text.into())?
        }
    };
    Some((value, rest))
}

/// Parses the text up to a single quote. A backslash escapes the next character.
fn parse_single_quoted(text: &str) -> Option<(Value, &str)> {
    let mut value = String::new();
    let mut letters = text.chars();
    loop {
        match letters.next()? {
            '\'' => break,
            '\\' => value.push(letters.next()?),
            letter if letter.is_control() => return None,
            letter => value.push(letter),
        }
    }
    let rest = letters.as_str();
    (rest.is_empty() || rest.starts_with([' ', ')', ']'])).then_some((Value::Text(value), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_is_parsed_with_or_without_quotes() {
        for (text, value) in [
            ("admin", "admin".into()),
            ("PRIMARY/admin", "PRIMARY/admin".into()),
            ("k+1@example.org", "k+1@example.org".into()),
            ("O'Brien", "O'Brien".into()),
            ("2819c223-7f76", "2819c223-7f76".into()),
            ("007", "007".into()),
            ("'it is'", "it is".into()),
            (r"'it\'s \\'", r"it's \".into()),
            ("''", "".into()),
            (r#""'""#, "'".into()),
            (r#""a b""#, "a b".into()),
            ("True", Value::Bool(true)),
            ("FALSE", Value::Bool(false)),
            ("true", Value::Bool(true)),
            ("null", Value::Null),
            ("5", Value::from(5)),
        ] {
            for rest in ["", " and a pr", ")", "]"] {
                assert_eq!(parse_literal(&format!("{text}{rest}")), Some((value.clone(), rest)), "{text}{rest}");
            }
        }
        for text in ["", " a", ")", "[1]", "{}", "\"a", "a\"", "a,b", "'a", "'a'b", "a(b", "a\u{7}", "'a\u{7}'"] {
            assert_eq!(parse_literal(text), None, "{text}");
        }
    }
}
