//! A small regular expression matcher whose time is linear in the text.
//!
//! The authors of records write the expressions: the name rules of WSO2's stores, and Tyk's permission map. The caller
//! who asks a question chooses the text. So no combination of the two may block an instance. All possible states
//! advance together, one character at a time (Thompson's simulation). A match takes at most (characters + 1) x
//! (instructions + 1) steps.
//!
//! # Grammar
//!
//! Texts and expressions are sequences of code points. The grammar has:
//!
//! - any other character, which matches itself (also `]`, `}`, `-` and `,` outside of a class);
//! - `.`: any character that does not end a line. `\n` ends a line; for Java so do `\r`, U+0085, U+2028 and U+2029;
//! - `\` and an ASCII punctuation character: that character; `\t \n \r \f`: tab, line feed, carriage return,
//!   form feed;
//! - `\d`: `0` to `9`; `\w`: ASCII letters, digits and `_`; `\s`: space, tab, line feed, U+000B, form feed,
//!   carriage return; `\D \W \S`: all other characters;
//! - `[...]` and `[^...]`: characters, ranges `a-z` and the escapes above. A `-` matches itself if it is first or last,
//!   or after a range or a class like `\w`;
//! - `^` and `$`: the start and the end of the text, not of a line;
//! - `(...)` and `(?:...)`: groups, nested at most 32 levels deep; `a|b`: alternatives, of which either may be empty;
//! - `* + ? {m} {m,} {m,n}` after any of these. A `?` after a quantifier prefers a shorter match, so it does not change
//!   whether the text matches.
//!
//! Everything else is [`Unsupported`]. This includes lookaround, backreferences, possessive quantifiers, flags, named
//! groups, `\b`, `\p` and `\x`. In a class it includes POSIX classes, nested classes, `&&`, `--`, and an unescaped `]`
//! at the start. An expression that Java and Go read differently is unsupported too, with three exceptions. `\s`
//! contains U+000B, unlike in Go. `$` does not match before a final line break, unlike in Java. For `.` the caller
//! chooses between both.

mod class;
mod literal;
mod parse;
mod program;
#[cfg(test)]
mod properties;
mod run;
pub mod set;

pub use program::{Regex, Unsupported};

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// The first part that is not in the grammar, or that makes the expression too large.
    pub fn compile(pattern: &str) -> Result<Self, Unsupported> {
        parse::parse(pattern, class::LINE_FEED)
    }

    /// Compiles an expression for Java, where `.` does not match further line ends.
    ///
    /// # Errors
    /// As [`Regex::compile`].
    pub fn compile_java(pattern: &str) -> Result<Self, Unsupported> {
        parse::parse(pattern, class::LINE_ENDS)
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.run(text, true, ignore_step)
    }

    /// Whether any part of the text matches.
    pub fn matches_part(&self, text: &str) -> bool {
        self.run(text, false, ignore_step)
    }
}

/// The callback of [`Regex::run`] outside of tests. It is one function, so that `run` is compiled once.
fn ignore_step() {}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "an expression that does not compile ends the test")]

    use super::*;

    fn regex(pattern: &str) -> Regex {
        Regex::compile(pattern).unwrap_or_else(|refused| panic!("{pattern}: {refused:?}"))
    }

    fn refused(pattern: &str) -> Option<(usize, &'static str)> {
        Regex::compile(pattern).err().map(|refused| (refused.at, refused.what))
    }

    #[test]
    fn the_expressions_of_the_products_compile_and_decide() {
        // Expression, texts that match as a whole, texts that do not.
        let table: &[(&str, &[&str], &[&str])] = &[
            (r"^[^\s*?%]{3,30}$", &["bob", "b\u{A0}b", "b\u{2003}b"], &["bo", "b b", "b%b", "b\x0Bb"]),
            (r"^[\S]{5,30}$", &["12345", "😀😀😀😀😀"], &["1234", "😀😀😀😀", "1234 5", "12345\n"]),
            (r"[a-zA-Z0-9._\-|//]{3,30}$", &["a/b", "a|b", "a-b", "a._"], &["ab", "a*b", "a\\b"]),
            (r"\/api\/monitor", &["/api/monitor"], &["/api/monitors", "api/monitor"]),
            (r"^\S{3,64}$", &["abc"], &["ab", "a c"]),
            (r"^[^\s*?%]{3,64}$", &["abc"], &["ab", "a?c"]),
        ];
        for (pattern, good, bad) in table {
            let regex = regex(pattern);
            for text in *good {
                assert!(regex.matches(text), "{pattern} on {text:?}");
            }
            for text in *bad {
                assert!(!regex.matches(text), "{pattern} on {text:?}");
            }
        }
    }

    #[test]
    fn a_length_is_counted_in_code_points_up_to_both_limits() {
        let name = regex(r"^[^\s*?%]{3,30}$");
        for length in 0..40 {
            assert_eq!(name.matches(&"😀".repeat(length)), (3..=30).contains(&length), "{length}");
        }
    }

    #[test]
    fn matches_needs_the_whole_text_and_matches_part_any_part() {
        let monitor = regex(r"\/api\/monitor");
        assert!(monitor.matches_part("/v1/api/monitor/x"));
        assert!(!monitor.matches("/v1/api/monitor/x"));
        assert!(!monitor.matches_part("/api/moni"));
        assert!(!regex("^/api").matches_part("/v1/api"));
        assert!(!regex("api$").matches_part("/api/"));
        assert!(!regex("a$").matches_part("a\n"));
        assert!(regex("").matches("") && regex("").matches_part("x") && !regex("").matches("x"));
        assert!(regex("a|").matches("") && regex("a|ab").matches("ab"));
    }

    #[test]
    fn a_hyphen_that_is_not_a_range_matches_itself() {
        for pattern in ["[-ac]", "[ac-]", r"[a\-c]", "[a-a-c]", r"[\d-ac]", "[^-ac]"] {
            let negated = pattern.starts_with("[^");
            assert_eq!(regex(pattern).matches("-"), !negated, "{pattern}");
            assert_eq!(regex(pattern).matches("b"), negated, "{pattern}");
        }
        assert!(regex("[+-.]").matches(","));
    }

    #[test]
    fn an_unsupported_expression_is_rejected_at_its_position() {
        let quantifier = "a possessive quantifier, or one on another";
        for (pattern, at, what) in [
            ("ä(?=b)", 1, "lookaround, a flag or a named group"),
            ("(?<!b)", 0, "lookaround, a flag or a named group"),
            ("(?i)a", 0, "lookaround, a flag or a named group"),
            ("(?P<n>a)", 0, "lookaround, a flag or a named group"),
            (r"(a)\1", 3, "a backreference"),
            (r"a\b", 1, "an unknown escape"),
            (r"\pL", 0, "an unknown escape"),
            (r"\x41", 0, "an unknown escape"),
            (r"[\h]", 1, "an unknown escape"),
            ("\\", 0, "an unknown escape"),
            ("ab*+", 3, quantifier),
            ("a**", 2, quantifier),
            ("a{2}{3}", 4, quantifier),
            ("a???", 3, quantifier),
            ("+a", 0, "a quantifier after nothing"),
            ("a|*", 2, "a quantifier after nothing"),
            ("({2})", 1, "a quantifier after nothing"),
            ("a{", 1, "a `{` that begins no count"),
            ("a{,3}", 1, "a `{` that begins no count"),
            ("a{x}", 1, "a `{` that begins no count"),
            ("a{3,2}", 1, "a `{` that begins no count"),
            ("a{1,2", 1, "a `{` that begins no count"),
            ("a{02}", 1, "a count with a leading zero"),
            ("(a", 0, "a `(` without its `)`"),
            ("a)b", 1, "a `)` without its `(`"),
            ("x[a", 1, "a `[` without its `]`"),
            ("x[a-", 1, "a `[` without its `]`"),
            ("[]a]", 1, "an unescaped `]` first in a class"),
            ("[a[:alpha:]]", 2, "an unescaped `[` in a class"),
            ("[a&&b]", 2, "`&&` or `--` in a class"),
            ("[a--b]", 2, "`&&` or `--` in a class"),
            ("[c-a]", 1, "a range that ends before it begins"),
            (r"[a-\d]", 1, "a range that ends before it begins"),
        ] {
            assert_eq!(refused(pattern), Some((at, what)), "{pattern}");
        }
    }

    #[test]
    fn a_too_large_expression_is_rejected_before_it_is_expanded() {
        let nested = |depth| "(".repeat(depth) + &")".repeat(depth);
        assert_eq!(refused(&nested(32)), None);
        assert_eq!(refused(&nested(33)), Some((32, "too large: more than 32 groups in each other")));
        assert_eq!(refused("a{1000}"), None);
        assert_eq!(refused("a{1001}"), Some((1, "too large: a count over 1,000")));
        assert_eq!(refused("a{99999999999999999999}"), Some((1, "too large: a count over 1,000")));
        assert_eq!(refused("a{500}b{500}"), None);
        assert_eq!(refused("a{500}b{501}"), Some((12, "too large: more than 1,000 instructions")));
        assert_eq!(refused("(((a{9}){9}){9}){9}").map(|(at, _)| at), Some(19));
        assert_eq!(refused(&("(".repeat(9) + &"){1000}".repeat(9))), None);
    }
}
