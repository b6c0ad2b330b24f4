//! Composes texts from parts. The standard library's formatting would be more code than the rules of a model.

use crate::tables::bytes::find_byte;

/// The template with each `{}` replaced by the next part, and each `<>` by the next part in backticks, like [`quote`].
/// Quoting in each caller would make the module larger.
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut text = String::with_capacity(template.len());
    for letter in template.chars() {
        match letter {
            '{' => text.push_str(parts.next().unwrap_or(&"")),
            '<' => text.push_str(&quote(parts.next().unwrap_or(&""))),
            '}' | '>' => {}
            letter => text.push(letter),
        }
    }
    text
}

/// Text from a user, for a message: in backticks, cut to a readable length, without characters that could break the
/// line.
pub fn quote(text: &str) -> String {
    const LONGEST: usize = 60;

    let mut quoted = String::from("`");
    let mut letters = text.chars();
    for letter in letters.by_ref().take(LONGEST) {
        quoted.push(if letter.is_control() || letter == '`' { '\u{FFFD}' } else { letter });
    }
    quoted.push_str(if letters.next().is_some() { "…`" } else { "`" });
    quoted
}

/// Concatenates the parts.
pub fn concat(parts: &[&str]) -> String {
    join(parts, "")
}

/// Joins the parts with a separator. The standard library has a loop for each length of a separator, which is more
/// code.
pub fn join(parts: &[impl AsRef<str>], separator: &str) -> String {
    let length = |text: &str| text.len().saturating_add(separator.len());
    let length = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(length(part.as_ref())));
    let mut text = String::with_capacity(length);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(part.as_ref());
    }
    text
}

/// The text before the first separator, an ASCII byte, and the text after it. The standard library's search for a letter
/// is half a kilobyte larger.
pub fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    split_around(text, find_byte(text.as_bytes(), separator)?)
}

/// The text before the last separator, an ASCII byte, and the text after it.
pub fn rsplit_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    split_around(text, text.bytes().rposition(|byte| byte == separator)?)
}

fn split_around(text: &str, at: usize) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(1..)?))
}

/// The text behind its first letter, if that is this ASCII byte. The standard library encodes the letter each time.
pub fn strip_first(text: &str, letter: u8) -> Option<&str> {
    if text.as_bytes().first() == Some(&letter) {
        text.get(1..)
    } else {
        None
    }
}

/// The parts between the separators, which are ASCII bytes.
pub fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, after) = split_once(text, separator).map_or((text, None), |(part, after)| (part, Some(after)));
        rest = after;
        Some(part)
    })
}

/// Parses an integer with the same results as the standard library.
pub fn whole_number(digits: &str) -> Option<i64> {
    let (sign, rest) = match digits.as_bytes() {
        [sign @ (b'-' | b'+'), rest @ ..] => (*sign, rest),
        rest => (b'+', rest),
    };
    // There is one more negative number than there are positive ones.
    let mut negative = if rest.is_empty() { None } else { Some(0_i64) };
    for digit in rest {
        let digit = char::from(*digit).to_digit(10)?;
        negative = negative?.checked_mul(10)?.checked_sub(i64::from(digit));
    }
    if sign == b'-' {
        negative
    } else {
        negative?.checked_neg()
    }
}

/// An integer in decimal digits.
pub fn number(number: impl TryInto<i64>) -> String {
    digits(number.try_into().unwrap_or(i64::MAX))
}

fn digits(number: i64) -> String {
    let mut text = String::new();
    let mut rest = number.unsigned_abs();
    loop {
        let digit = u32::try_from(rest % 10).ok().and_then(|digit| char::from_digit(digit, 10));
        text.insert(0, digit.unwrap_or('0'));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_is_formatted_like_the_library(any in any::<i64>(), small in -200_i64..200) {
            prop_assert_eq!(number(any), any.to_string());
            prop_assert_eq!(number(small), small.to_string());
        }

        #[test]
        fn a_number_is_parsed_like_the_library(any in any::<i64>(), text in "[+-]{0,2}[0-9]{0,21}[a .e]?") {
            prop_assert_eq!(whole_number(&any.to_string()), Some(any));
            prop_assert_eq!(whole_number(&text), text.parse().ok());
        }
    }

    proptest! {
        #[test]
        fn text_is_split_like_the_library(text in "[a/ü]{0,8}") {
            prop_assert_eq!(split_once(&text, b'/'), text.split_once('/'));
            prop_assert_eq!(rsplit_once(&text, b'/'), text.rsplit_once('/'));
            prop_assert_eq!(Vec::from_iter(split(&text, b'/')), Vec::from_iter(text.split('/')));
            prop_assert_eq!(strip_first(&text, b'/'), text.strip_prefix('/'));
        }
    }

    #[test]
    fn the_smallest_and_largest_numbers_are_formatted() {
        for end in [i64::MIN, i64::MAX, 0] {
            assert_eq!(number(end), end.to_string());
            assert_eq!(whole_number(&end.to_string()), Some(end));
        }
    }

    #[test]
    fn each_placeholder_is_replaced_by_the_next_part() {
        assert_eq!(fill("{} of {}, `{}`", &["a", "{b}", "c"]), "a of {b}, `c`");
        assert_eq!(fill("nothing", &[]), "nothing");
    }
}
