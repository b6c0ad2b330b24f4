//! Which names the strict guards leave to nobody new.

use crate::letters::same_folded;

/// Names that mean somebody else, or nobody, to whoever reads them: a person, a program that comes with them, or
/// a path.
const RESERVED: [&str; 15] = [
    "",
    "*",
    ".",
    "..",
    "_system",
    "admin",
    "administrator",
    "anonymous",
    "everyone",
    "me",
    "null",
    "root",
    "self",
    "system",
    "undefined",
];

/// Whether nobody new may have this name: in letters of any size it means something else, or it looks like another
/// than it is.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| same_folded(reserved, name))
        || name.starts_with(char::is_whitespace)
        || name.ends_with(char::is_whitespace)
        || name.chars().any(|letter| letter.is_control() || turns(letter))
}

/// Whether a letter shows those around it in another order. Source: Unicode, `Bidi_Control`.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_means_or_looks_like_another_is_reserved() {
        for name in RESERVED {
            assert!(is_reserved(name) && is_reserved(&name.to_uppercase()), "{name}");
        }
        for name in ["Root", " ", " ann", "ann\u{3000}", "ann\n", "a\0b", "a\u{9b}b", "\u{202e}nna", "ann\u{200f}"] {
            assert!(is_reserved(name), "{name:?}");
        }
        for name in ["roots", "admins", "admin@example.org", "ann lee", "**", "...", "żółć", "a\u{200d}b", "🔑"] {
            assert!(!is_reserved(name), "{name:?}");
        }
    }
}
