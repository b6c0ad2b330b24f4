//! Texts that every match of an expression contains.

use super::program::{Regex, Step};

impl Regex {
    /// Calls `each` with texts that every match contains, each as long as the program guarantees.
    pub(super) fn required_texts(&self, mut each: impl FnMut(&str)) {
        // The furthest target of the jumps so far.
        let mut jumped_to = 0_usize;
        let mut text = String::new();
        for (at, step) in self.program.iter().enumerate() {
            // Every path through the program executes the instructions that no jump skips. After a character follows
            // the next instruction.
            match step {
                Step::One(character) if at >= jumped_to => text.push(*character),
                Step::One(_) | Step::Any(_) | Step::Start | Step::End | Step::Again(_) => flush(&mut text, &mut each),
                Step::Skip(by) | Step::Fork(by) => {
                    flush(&mut text, &mut each);
                    jumped_to = jumped_to.max(at.saturating_add(*by));
                }
            }
        }
        flush(&mut text, &mut each);
    }
}

fn flush(text: &mut String, each: &mut impl FnMut(&str)) {
    if !text.is_empty() {
        each(text);
        text.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn required(pattern: &str) -> Vec<String> {
        let mut texts = Vec::new();
        if let Ok(regex) = Regex::compile(pattern) {
            regex.required_texts(|text| texts.push(text.to_owned()));
        }
        texts
    }

    #[test]
    fn required_texts_are_outside_of_alternatives_and_optional_repetitions() {
        for (pattern, expected) in [
            (r"\/api\/monitor", &["/api/monitor"][..]),
            ("^/api/[^/]+/keys$", &["/api/", "/keys"]),
            ("ab|cd", &[]),
            ("x(ab|cd)y", &["x", "y"]),
            ("ab?c", &["a", "c"]),
            ("ab+c", &["ab", "c"]),
            ("a(bc)*d", &["a", "d"]),
            ("a{3}", &["aaa"]),
            ("a{2,4}b", &["aa", "b"]),
            ("(ab)+c", &["ab", "c"]),
            ("", &[]),
        ] {
            assert_eq!(required(pattern), expected, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn a_match_contains_every_required_text(
            pattern in r"([ab]|\(a\|b\)|\(ab\|b\)|a\?|b\*|\(ba\)\{1,2\}|\.|\^|\$){1,6}",
            text in "[ab]{0,8}",
        ) {
            if let Ok(regex) = Regex::compile(&pattern) {
                if regex.matches_part(&text) {
                    let mut missing = Vec::new();
                    regex.required_texts(|required| missing.extend((!text.contains(required)).then(|| required.to_owned())));
                    prop_assert!(missing.is_empty(), "{} on {}: {:?}", pattern, text, missing);
                }
            }
        }
    }
}
