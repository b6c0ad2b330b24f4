//! Converts letters to lower case one by one, like Java's `Character.toLowerCase`. So `İ` becomes a single `i`, and a
//! sigma at the end of a word is an ordinary one.

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
    use super::*;

    #[test]
    fn every_letter_has_the_lowercase_letter_of_the_library() {
        for letter in '\0'..=char::MAX {
            assert_eq!(Some(lowercase_letter(letter)), letter.to_lowercase().next(), "{letter}");
        }
    }
}
