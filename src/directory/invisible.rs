//! Invisible characters in names.

use unicode_joining_type::{get_joining_type, JoiningType};
use unicode_normalization::char::canonical_combining_class;

/// The combining class of a virama.
const VIRAMA: u8 = 9;

/// Whether a name has an invisible or misleading character: a default ignorable character, a control character, or a
/// blank other than the space.
pub(super) fn has_invisible(name: &str) -> bool {
    let is_hidden = |(place, character): (usize, char)| match character {
        '\u{200c}' | '\u{200d}' => !is_joiner_in_place(name, place, character),
        ' ' => false,
        character => {
            character.is_control()
                || character.is_whitespace()
                || is_default_ignorable(character)
                || is_blank(character)
        }
    };
    name.char_indices().any(is_hidden)
}

/// Source: Unicode 17.0, DerivedCoreProperties.txt, `Default_Ignorable_Code_Point`, `Bidi_Control` among them. The
/// test compares it with the `regex` crate's.
fn is_default_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character has an empty glyph although no Unicode property says so: the empty Braille pattern, and the null
/// notehead.
fn is_blank(character: char) -> bool {
    matches!(character, '\u{2800}' | '\u{1d159}')
}

/// Whether a joiner or non-joiner changes how its neighbors are displayed.
///
/// Source: RFC 5892, appendix A.1 and A.2 (`CONTEXTJ`).
fn is_joiner_in_place(name: &str, place: usize, joiner: char) -> bool {
    let (before, rest) = name.split_at_checked(place).unwrap_or((name, ""));
    if before.chars().next_back().is_some_and(|last| canonical_combining_class(last) == VIRAMA) {
        return true;
    }
    let is_seen = |kind: &JoiningType| *kind != JoiningType::Transparent;
    let left = before.chars().rev().map(get_joining_type).find(is_seen);
    let right = rest.chars().skip(1).map(get_joining_type).find(is_seen);
    joiner == '\u{200c}'
        && matches!(left, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(right, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_ignorable_characters_are_those_of_unicode() {
        let known = regex::Regex::new(r"^\p{Default_Ignorable_Code_Point}$").ok();
        let mut text = String::new();
        for character in '\0'..=char::MAX {
            text.clear();
            text.push(character);
            assert_eq!(
                known.as_ref().map(|known| known.is_match(&text)),
                Some(is_default_ignorable(character)),
                "{character:?}"
            );
        }
    }

    #[test]
    fn a_name_with_an_invisible_character_is_detected() {
        for hidden in [
            '\u{ad}',
            '\u{34f}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{e0061}',
            '\u{e01ef}',
            '\u{0}',
            '\u{85}',
            '\u{a0}',
            '\u{2003}',
            '\u{2028}',
            '\u{3000}',
            '\u{2800}',
        ] {
            for name in [format!("root{hidden}"), format!("{hidden}root"), format!("ro{hidden}ot")] {
                assert!(has_invisible(&name), "{name:?}");
            }
        }
        for name in ["ann", "ann lee", "żółć", "🔑", "Ἀθηνᾶ", "日本", "한국", "สมชาย", ""] {
            assert!(!has_invisible(name), "{name:?}");
        }
    }

    #[test]
    fn a_joiner_is_visible_where_it_changes_a_shape() {
        // Persian, Devanagari, Sinhala.
        for name in ["نامه\u{200c}ای", "क्\u{200d}ष", "क्\u{200c}ष", "ශ්\u{200d}රී", "ب\u{64b}\u{200c}\u{64b}ب"]
        {
            assert!(!has_invisible(name), "{name:?}");
        }
        for name in
            ["نامه\u{200c}", "\u{200c}ای", "ا\u{200c}ی", "ن\u{200d}ا", "क\u{200d}ष", "a\u{200c}b", "👩\u{200d}🔬"]
        {
            assert!(has_invisible(name), "{name:?}");
        }
    }
}
