//! Converts letters to lower case one by one, like Java's `Character.toLowerCase`. So `İ` becomes a single `i`, and a
//! sigma at the end of a word is an ordinary one. The library's tables of small letters, capital letters and numbers
//! would be two kilobytes in the module of a page.

/// Consecutive letters, or every second of them, that have their lowercase letter at the same distance.
struct Run {
    first: u32,
    last: u32,
    every_other: bool,
    distance: i32,
}

/// All letters outside of ASCII that have a lowercase letter, in order.
const RUNS: &[Run] = include!(concat!(env!("OUT_DIR"), "/lowercase_letters.rs"));

/// The lowercase letter of a letter, or the letter itself if it has none.
pub fn lowercase_letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let code = u32::from(letter);
    let run = RUNS.partition_point(|run| run.last < code);
    match RUNS.get(run) {
        Some(run) if run.first <= code && !(run.every_other && (run.first ^ code) & 1 == 1) => {
            char::from_u32(code.saturating_add_signed(run.distance)).unwrap_or(letter)
        }
        Some(_) | None => letter,
    }
}

/// Whether a letter is the lowercase letter of another.
pub fn is_lowercase(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_ascii_lowercase()
        || RUNS.iter().any(|run| {
            let capital = code.checked_add_signed(run.distance.saturating_neg());
            capital.and_then(char::from_u32).is_some_and(|capital| lowercase_letter(capital) == letter)
        })
}

/// Whether a character is a decimal digit, of any script.
pub fn is_digit(character: char) -> bool {
    /// The zeros. The other nine digits follow each.
    const ZEROS: &[u32] = &[
        0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
        0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
        0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136,
        0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0,
        0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8,
        0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
    ];

    let code = u32::from(character);
    ZEROS.iter().any(|zero| code.wrapping_sub(*zero) < 10)
}

/// The text in lower case.
pub fn to_lowercase(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut lowercase = String::with_capacity(text.len());
    for letter in text.chars() {
        lowercase.push(lowercase_letter(letter));
    }
    lowercase
}

/// Whether two texts are equal except for upper and lower case.
pub fn equals_ignoring_case(a: &str, b: &str) -> bool {
    a == b || to_lowercase(a) == to_lowercase(b)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_letter_has_the_lowercase_letter_of_the_library() {
        for letter in '\0'..=char::MAX {
            assert_eq!(Some(lowercase_letter(letter)), letter.to_lowercase().next(), "{letter}");
        }
    }

    #[test]
    fn each_letter_that_has_a_capital_letter_is_lowercase_and_no_other() {
        let small: HashSet<char> =
            ('\0'..=char::MAX).filter(|letter| lowercase_letter(*letter) != *letter).map(lowercase_letter).collect();
        for letter in '\0'..=char::MAX {
            assert_eq!(is_lowercase(letter), small.contains(&letter), "{letter}");
        }
        assert!("aßé ж".chars().filter(|letter| *letter != ' ').all(is_lowercase));
    }

    #[test]
    fn the_digits_are_those_of_unicode() {
        let decimal = regex::Regex::new(r"^\p{Nd}$");
        for character in '\0'..=char::MAX {
            let text = String::from(character);
            assert_eq!(Ok(is_digit(character)), decimal.as_ref().map(|decimal| decimal.is_match(&text)), "{character}");
        }
    }
}
