//! Which new passwords the strict guards take.
//!
//! Source: NIST SP 800-63B, on passwords that a verifier must refuse; OWASP ASVS 5.0, V6.2. Every letter is
//! allowed and counts, and none is asked for: what somebody has thought of is stored as it was sent, whole, or not
//! at all.

use crate::tables::letters::{same_folded, small};

/// The fewest letters of a password.
const LENGTH: usize = 8;

/// The 5,000 most used passwords of at least 8 letters, in small letters, sorted by their bytes, one a line.
///
/// Source: the words that `@zxcvbn-ts/language-common` 4.1.3 (MIT) ranks as `passwords-common`, by how often they
/// stand in public breaches. The first 5,000 are long enough for the three thousand that ASVS asks for.
const COMMON: &str = include_str!("common_passwords.txt");

/// Whether a new password is too short, one of the most used, or what anybody knows of its user: one of these
/// names, or what stands before the `@` of one.
pub(super) fn is_weak(password: &str, names: &[&str]) -> bool {
    password.chars().count() < LENGTH
        || is_common(password)
        || known_names(names).any(|name| contains_name(password, name))
}

/// Words that a password may not be: to compare them with what was sent in place of it.
pub(super) fn name_words<'n>(names: &'n [&'n str]) -> impl Iterator<Item = &'n str> {
    COMMON.lines().chain(known_names(names)).chain([""])
}

fn known_names<'n>(names: &'n [&'n str]) -> impl Iterator<Item = &'n str> {
    let local = |name: &'n str| name.rsplit_once('@').map(|(local, _)| local);
    names.iter().flat_map(move |name| [Some(*name), local(name)]).flatten()
}

/// The least letters of a name that a password may be made of: an initial says nothing of it.
const NAME_LETTERS: usize = 3;

/// Whether a password is no more than a name, in letters of any size, with digits and punctuation around it.
fn contains_name(password: &str, name: &str) -> bool {
    let within = |text| str::trim_matches(text, |letter: char| !letter.is_alphabetic());
    let core = within(name);
    same_folded(password, name) || (core.chars().count() >= NAME_LETTERS && same_folded(within(password), core))
}

/// Whether a password is one of the list, in letters of any size.
fn is_common(password: &str) -> bool {
    let mut rest = COMMON;
    // Around the middle of what is left stands a line, in two parts.
    while let Some((before, after)) = rest.split_at_checked(rest.len() / 2).filter(|_| !rest.is_empty()) {
        let (before, begin) = before.rsplit_once('\n').unwrap_or(("", before));
        let (end, after) = after.split_once('\n').unwrap_or((after, ""));
        match begin.chars().chain(end.chars()).cmp(password.chars().map(small)) {
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
    fn the_most_used_are_in_it_and_in_letters_of_any_size() {
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
    fn letters_are_counted_and_not_bytes() {
        assert!(is_weak("", &[]) && is_weak("zb7!xqk", &[]) && is_weak("żółćżół", &[]));
        for good in ["zb7!xqkw", "żółćżółć", "        ", "🔑🔒🔓🗝🔑🔒🔓🗝", "\0\u{7}\u{1b}[31m\u{202e}"]
        {
            assert!(!is_weak(good, &["ann", "latchwork"]), "{good}");
        }
        assert!(!is_weak(&"long ".repeat(200), &[]));
    }

    #[test]
    fn a_name_with_digits_and_punctuation_around_it_is_no_password() {
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
        for good in ["marguerite dubois", "marg-dubois", "my latchwork", "20240132", "example.org", "73915-20240131"] {
            assert!(!is_weak(good, &names), "{good}");
        }
    }

    #[test]
    fn the_words_that_a_password_may_not_be_are_the_list_the_names_and_nothing() {
        let all: Vec<&str> = name_words(&["ann@example.org", "bob"]).collect();
        assert_eq!(all.len(), COMMON.lines().count() + 4);
        assert!(["password", "ann@example.org", "ann", "bob", ""].iter().all(|word| all.contains(word)));
    }
}
