//! Which new passwords the strict guards accept.
//!
//! Source: NIST SP 800-63B, on passwords that a verifier must reject; OWASP ASVS 5.0, V6.2. Every character is allowed
//! and counts, and no kind of character is required. A password is stored exactly as it was sent, or rejected.

use crate::tables::letters::{equals_ignoring_case, lowercase_letter};

/// The minimum length of a password, in characters.
const LENGTH: usize = 8;

/// The 5,000 most used passwords of at least 8 characters, in lower case, sorted by bytes, one in each line.
///
/// Source: the words that `@zxcvbn-ts/language-common` 4.1.3 (MIT) ranks as `passwords-common`, by their frequency in
/// public breaches. ASVS requires a list of at least 3,000.
const COMMON: &str = include_str!("common_passwords.txt");

/// Whether a new password is too short, one of the most used, or too short without the user's names, and without the
/// part before the `@` of each.
pub(super) fn is_weak(password: &str, names: &[&str]) -> bool {
    password.chars().count() < LENGTH
        || is_common(password)
        || known_names(names).any(|name| is_only_name(password, name))
        || length_without_names(password, names) < LENGTH
}

/// Words that are not accepted as passwords, to compare with a digest that was sent in place of a password.
pub(super) fn name_words<'n>(names: &'n [&'n str]) -> impl Iterator<Item = &'n str> {
    COMMON.lines().chain(known_names(names)).chain([""])
}

fn known_names<'n>(names: &'n [&'n str]) -> impl Iterator<Item = &'n str> {
    let local = |name: &'n str| name.rsplit_once('@').map(|(local, _)| local);
    names.iter().flat_map(move |name| [Some(*name), local(name)]).flatten()
}

/// The minimum length of a name that a password must not consist of. A shorter name, such as an initial, is ignored.
const NAME_LETTERS: usize = 3;
/// The minimum length of a name that does not count in a password. A shorter one occurs in other words.
const CONTAINED_NAME_LETTERS: usize = 4;

/// A text without the digits and punctuation around it.
fn core_of(text: &str) -> &str {
    text.trim_matches(|letter: char| !letter.is_alphabetic())
}

/// Whether a password is only a name in any letter case, with digits and punctuation around it.
fn is_only_name(password: &str, name: &str) -> bool {
    let core = core_of(name);
    equals_ignoring_case(password, name)
        || (core.chars().count() >= NAME_LETTERS && equals_ignoring_case(core_of(password), core))
}

/// The number of characters of a password that are in no occurrence of a name, in any letter case.
fn length_without_names(password: &str, names: &[&str]) -> usize {
    let lowercase = |text: &str| text.chars().map(lowercase_letter).collect::<Vec<char>>();
    let password = lowercase(password);
    let mut is_name = vec![false; password.len()];
    let all = known_names(names).flat_map(|name| [name, core_of(name)]).map(lowercase);
    for name in all.filter(|name| name.len() >= CONTAINED_NAME_LETTERS) {
        for (start, window) in password.windows(name.len()).enumerate() {
            if window == name {
                is_name.iter_mut().skip(start).take(name.len()).for_each(|mark| *mark = true);
            }
        }
    }
    is_name.iter().filter(|is_name| !**is_name).count()
}

/// Whether a password is in the list, in any letter case.
fn is_common(password: &str) -> bool {
    let mut rest = COMMON;
    // The line in the middle of the rest, in two halves.
    while let Some((before, after)) = rest.split_at_checked(rest.len() / 2).filter(|_| !rest.is_empty()) {
        let (before, begin) = before.rsplit_once('\n').unwrap_or(("", before));
        let (end, after) = after.split_once('\n').unwrap_or((after, ""));
        match begin.chars().chain(end.chars()).cmp(password.chars().map(lowercase_letter)) {
            std::cmp::Ordering::Less => rest = after,
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Greater => rest = before,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched_and_is_long_enough() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() >= 3_000, "{}", lines.len());
        assert!(lines.is_sorted_by(|a, b| a < b), "sorted by bytes, none twice");
        for line in lines {
            assert!(line.len() >= LENGTH && line.is_ascii() && line.to_lowercase() == line, "{line}");
            assert!(is_common(line), "{line}");
        }
    }

    #[test]
    fn common_passwords_are_found_in_any_letter_case() {
        for word in ["password", "12345678", "qwertyuiop", "iloveyou", "trustno1", "jennifer", "p@ssw0rd", "admin123"] {
            assert!(is_common(word) && is_common(&word.to_uppercase()), "{word}");
        }
        for word in
            ["", "password\n", "passwor", "passwordp", "\u{10ffff}", "zzzzzzzzzzzzzzzzzzzz", "12345678\n123456789"]
        {
            assert!(!is_common(word), "{word}");
        }
    }

    #[test]
    fn password_length_counts_characters_and_not_bytes() {
        assert!(is_weak("", &[]) && is_weak("zb7!xqk", &[]) && is_weak("żółćżół", &[]));
        for good in ["zb7!xqkw", "żółćżółć", "        ", "🔑🔒🔓🗝🔑🔒🔓🗝", "\0\u{7}\u{1b}[31m\u{202e}"]
        {
            assert!(!is_weak(good, &["ann", "latchwork"]), "{good}");
        }
        assert!(!is_weak(&"long ".repeat(200), &[]));
    }

    #[test]
    fn a_name_with_digits_and_punctuation_around_it_is_rejected_as_a_password() {
        let names = ["Marguerite2", "marg.dubois@example.org", "latchwork", "wso2", "20240131", ""];
        for weak in [
            "marguerite",
            "MARGUERITE",
            "  Marguerite 1984!",
            "2024-Marguerite",
            "marg.dubois@example.org",
            "Marg.Dubois@Example.Org!!",
            "marg.dubois",
            "1marg.dubois1",
            "LATCHWORK",
            "latchwork2024",
            "wso212345",
            "20240131",
        ] {
            assert!(is_weak(weak, &names), "{weak}");
        }
        assert!(!is_weak("84719-Q-55120771!", &["Q", "q@example.org"]), "an initial is no name");
        for good in ["marg-dubois", "20240132", "example.org"] {
            assert!(!is_weak(good, &names), "{good}");
        }
    }

    #[test]
    fn a_password_that_is_too_short_without_the_names_in_it_is_rejected() {
        let names = ["bobby", "alexander", "Hamilton", "maria@example.org", "wso2", "latchwork", "Ann", "Élodie7"];
        for weak in [
            "bobby1234x",
            "bobbybobby",
            "BobbyBOBBY-7",
            "xbobbyx",
            "my-alexander-pw",
            "alexander.hamilton",
            "ahamilton",
            "maria2026x",
            "maria@example.org-x1",
            "my latchwork",
            "wso2wso2-abcdef",
            "my-ÉLODIE-pw",
            "bobobbybby",
        ] {
            assert!(is_weak(weak, &names), "{weak}");
        }
        for good in [
            "bobby1234xyz5",
            "alexander likes green tea",
            "correct horse maria staple",
            "annexed-7x",
            "bob.by1234",
            "hamlet-on-tour",
        ] {
            assert!(!is_weak(good, &names), "{good}");
        }
    }

    #[test]
    fn forbidden_words_are_the_common_passwords_and_the_names() {
        let all: Vec<&str> = name_words(&["ann@example.org", "bob"]).collect();
        assert_eq!(all.len(), COMMON.lines().count() + 4);
        assert!(["password", "ann@example.org", "ann", "bob", ""].iter().all(|word| all.contains(word)));
    }
}
