//! Small letters, one for each letter: as Java's `Character.toLowerCase` has them, so that `İ` becomes `i`
//! alone, and a sigma is the same at the end of a word.

/// Letters of which each one, or every other one, has its small letter at the same distance.
struct Run {
    first: u32,
    last: u32,
    every_other: bool,
    distance: i32,
}

/// All letters outside of ASCII that have a small letter, in their order.
const RUNS: &[Run] = include!(concat!(env!("OUT_DIR"), "/lowercase_letters.rs"));

/// The small letter of this one; itself when it has none.
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

/// A text in small letters.
pub fn to_lowercase(text: &str) -> String {
    let mut lowercase = String::with_capacity(text.len());
    for letter in text.chars() {
        lowercase.push(lowercase_letter(letter));
    }
    lowercase
}

/// Whether two texts are the same but for capitals and small letters.
pub fn equals_ignoring_case(a: &str, b: &str) -> bool {
    a.chars().map(lowercase_letter).eq(b.chars().map(lowercase_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_the_small_letter_that_the_library_knows() {
        for letter in '\0'..=char::MAX {
            assert_eq!(Some(lowercase_letter(letter)), letter.to_lowercase().next(), "{letter}");
        }
    }
}
