//! Names that look like other names but use different characters.
//!
//! Source: Unicode Technical Standard 39, "Unicode Security Mechanisms".

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::UnicodeNormalization as _;
use unicode_script::Script;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

/// Whether a name looks like one of these lower-case names (section 4): `аdmin` with a Cyrillic letter, `ADМIN`,
/// `𝐫𝐨𝐨𝐭`.
pub(super) fn looks_like_one_of(name: &str, known: &[&str]) -> bool {
    let name: String = name.nfkc().collect();
    let written = [name.to_lowercase(), name.to_uppercase(), name].map(|name| shape(&name));
    known.iter().any(|known| [shape(known), shape(&known.to_uppercase())].iter().any(|known| written.contains(known)))
}

/// Whether the non-ASCII characters of a name are only other forms of ASCII characters, such as `ａｎｎ` in full width.
pub(super) fn is_another_form_of_ascii(name: &str) -> bool {
    !name.is_ascii() && name.nfkc().all(|character| character.is_ascii())
}

fn shape(name: &str) -> String {
    skeleton(name).collect()
}

/// Whether a word of a name mixes scripts that are not written together, so that it is not moderately restrictive
/// (section 5.2). That rule is for identifiers, so each word is checked by itself.
pub(super) fn mixes_scripts(name: &str) -> bool {
    name.split(|character: char| !character.is_alphanumeric() && !is_combining_mark(character)).any(is_mixed)
}

fn is_mixed(word: &str) -> bool {
    if !scripts_of(word.chars()).is_empty() {
        return false;
    }
    let is_latin = |character: &char| AugmentedScriptSet::for_char(*character).base.contains_script(Script::Latin);
    let others = scripts_of(word.chars().filter(|character| !is_latin(character)));
    let alike = [Script::Cyrillic, Script::Greek, Script::Cherokee, Script::Armenian];
    others.is_empty() || alike.iter().any(|script| others.base.contains_script(*script))
}

/// The scripts in which all of these characters are written. Japanese, Korean and Chinese count as one script each.
fn scripts_of(characters: impl Iterator<Item = char>) -> AugmentedScriptSet {
    let mut scripts = AugmentedScriptSet::default();
    characters.for_each(|character| scripts.intersect_with(character.into()));
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_known_one_is_detected() {
        let known = ["root", "admin", "_system"];
        for name in
            ["root", "ROOT", "аdmin", "Аdmin", "аdmіn", "rооt", "ADМIN", "ｒｏｏｔ", "ⓡⓞⓞⓣ", "𝐫𝐨𝐨𝐭", "_ѕуѕtem", "rօօt"]
        {
            assert!(looks_like_one_of(name, &known), "{name}");
        }
        for name in ["roots", "administrator", "ann", "r00d", "админ", "корень", ""] {
            assert!(!looks_like_one_of(name, &known), "{name}");
        }
    }

    #[test]
    fn a_name_in_another_form_of_ascii_is_detected() {
        for (name, expected) in
            [("ａｎｎ@x.io", true), ("𝐫𝐨𝐨𝐭", true), ("x²", true), ("ann", false), ("žluť", false), ("ａńn", false)]
        {
            assert_eq!(is_another_form_of_ascii(name), expected, "{name}");
        }
    }

    #[test]
    fn a_word_of_one_language_mixes_no_scripts() {
        for name in ["pаypal", "Ivаn", "αdmin", "ann.lее", "team-аpi", "ԱԲann", "ᎪᏴann", "зαг"] {
            assert!(mixes_scripts(name), "{name}");
        }
        for name in [
            "ann",
            "Группа API",
            "иван-ivan",
            "иван@example.org",
            "żółć",
            "日本語テスト",
            "東京tower",
            "한국어API",
            "แผนกIT",
            "user1",
            "ann_2",
            "π",
            "Δ-team",
            "٣أحمد",
            "🔑key",
            "",
        ] {
            assert!(!mixes_scripts(name), "{name}");
        }
    }
}
