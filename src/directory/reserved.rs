//! Names that the strict guards do not allow for new users, roles and groups.

use super::confusable::{is_another_form_of_ascii, looks_like_one_of, mixes_scripts};
use super::invisible::has_invisible;
use crate::tables::letters::equals_ignoring_case;

/// Names that a reader takes for another user, a built-in account, a program or a path.
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

/// Whether a new user, role or group must not have this name: it is reserved, it looks like a reserved name, or it
/// contains misleading characters.
///
/// A name in one script that looks like one in another (`сосо` for `coco`) is detected only if that is a reserved name.
/// Otherwise it would have to be compared with all existing names.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| equals_ignoring_case(reserved, name))
        || name.starts_with(char::is_whitespace)
        || name.ends_with(char::is_whitespace)
        || has_invisible(name)
        || is_another_form_of_ascii(name)
        || (!name.is_ascii() && (looks_like_one_of(name, &RESERVED) || mixes_scripts(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_or_lookalike_name_is_rejected() {
        for name in RESERVED {
            assert!(is_reserved(name) && is_reserved(&name.to_uppercase()), "{name}");
        }
        let hidden =
            ["ann\n", "a\0b", "a\u{9b}b", "\u{202e}nna", "ann\u{200f}", "root\u{200b}", "a\u{200d}b", "ro\u{e0061}ot"];
        for name in ["Root", " ", " ann", "ann\u{3000}", "аdmin", "Ｒｏｏｔ", "pаypal"].into_iter().chain(hidden)
        {
            assert!(is_reserved(name), "{name:?}");
        }
        for name in
            ["roots", "admins", "admin@example.org", "ann lee", "**", "...", "żółć", "نامه\u{200c}ای", "🔑", "иван"]
        {
            assert!(!is_reserved(name), "{name:?}");
        }
    }
}
