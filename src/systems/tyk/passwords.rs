//! Password policy, and the checks of passwords and hashes.

use crate::document::node::Node;
#[cfg(feature = "directory")]
use crate::document::problem::Problem;
use crate::document::problem::{Code, Problems};
use crate::tables::digest::Digest;
use crate::tables::letters::{is_digit, is_lowercase, lowercase_letter};
use crate::tables::text::number;

use super::fields::{count, flag};

/// The longest password in bytes of UTF-8. It bounds the work of hashing.
pub(super) const PASSWORD_MAX: usize = 1_024;

/// The longest stored hash in bytes.
pub(super) const HASH_MAX: usize = 256;

/// The length of bcrypt hashes in bytes.
pub(super) const BCRYPT_LENGTH: usize = 60;

/// Prefixes of hashes: argon2id, and bcrypt as Dashboards store it.
pub(super) const ARGON2ID: &str = "$argon2id$v=19$";
pub(super) const BCRYPT: [&str; 3] = ["$2a$", "$2b$", "$2y$"];

/// The Dashboard's `schemas/password.json`.
#[derive(Debug)]
pub(super) struct Policy {
    min_length: u32,
    multi_case: bool,
    min_numeric: u32,
    min_special: u32,
    disable_sequential: bool,
}

impl Default for Policy {
    /// At least 6 characters, without other requirements.
    // Source: Tyk dashboard swagger, `POST /api/users`.
    fn default() -> Self {
        Self { min_length: 6, multi_case: false, min_numeric: 0, min_special: 0, disable_sequential: false }
    }
}

impl Policy {
    /// The members. `title` and `type` are in the file that comes with the Dashboard, and have no effect.
    pub(super) const KNOWN: [&'static str; 7] =
        ["minLength", "multiCase", "minNumeric", "minSpecial", "disableSequential", "title", "type"];

    /// Parses a policy. Without `minLength` the default minimum applies, so a missing member never weakens the
    /// policy.
    pub(super) fn parse(node: Node<'_>, problems: &mut Problems) -> Self {
        let Some(members) = node.object(problems) else { return Self::default() };
        members.check_names(&Self::KNOWN, problems);
        let limit = |name, problems: &mut Problems| -> Option<u32> {
            let limit = members.optional(name)?.integer(0, i64::try_from(PASSWORD_MAX).unwrap_or(0), problems)?;
            u32::try_from(limit).ok()
        };
        Self {
            min_length: limit("minLength", problems).unwrap_or(Self::default().min_length),
            multi_case: flag(members, "multiCase", problems),
            min_numeric: count(members, "minNumeric", problems).unwrap_or(0),
            min_special: count(members, "minSpecial", problems).unwrap_or(0),
            disable_sequential: flag(members, "disableSequential", problems),
        }
    }

    /// Adds the policy to the digest.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.min_length);
        digest.flag(self.multi_case);
        digest.number(self.min_numeric);
        digest.number(self.min_special);
        digest.flag(self.disable_sequential);
    }

    /// Checks a new password against the policy. A character is a Unicode code point, and a digit is any Unicode
    /// number.
    // Source: Tyk documentation, "Dashboard Users", password policy.
    pub(super) fn check_password<'v>(&self, node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
        let password = check_length(node, problems)?;
        let before = problems.len();
        let has_fewer_than = |wanted: u32, matching: fn(char) -> bool| {
            let count = password.chars().filter(|character| matching(*character)).count();
            u32::try_from(count).is_ok_and(|count| count < wanted)
        };
        if has_fewer_than(self.min_length, |_| true) {
            node.problem_with(
                problems,
                Code::TooShort,
                "a password has at least {} characters",
                &[&number(self.min_length)],
            );
        }
        if self.multi_case && (has_fewer_than(1, is_uppercase) || has_fewer_than(1, is_lowercase)) {
            node.problem(
                problems,
                Code::WeakPassword,
                "a password has at least one upper-case and one lower-case letter",
            );
        }
        if has_fewer_than(self.min_numeric, is_digit) {
            node.problem_with(
                problems,
                Code::WeakPassword,
                "a password has at least {} digit(s)",
                &[&number(self.min_numeric)],
            );
        }
        if has_fewer_than(self.min_special, is_special) {
            node.problem_with(
                problems,
                Code::WeakPassword,
                "a password has at least {} character(s) that are not letters or digits",
                &[&number(self.min_special)],
            );
        }
        if self.disable_sequential && has_sequence(password) {
            node.problem(
                problems,
                Code::WeakPassword,
                "a password has no three characters in a row such as `aaa`, `abc` or `123`",
            );
        }
        (problems.len() == before).then_some(password)
    }
}

/// Checks only the length of a password, so that it can be hashed.
pub(super) fn check_length<'v>(node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
    let password = node.text(problems)?;
    if password.len() > PASSWORD_MAX {
        node.problem_with(problems, Code::TooLong, "a password has at most {} bytes", &[&number(PASSWORD_MAX)]);
        return None;
    }
    Some(password)
}

/// Whether all problems of a body are about the password to set: too weak, too short or too long.
#[cfg(feature = "directory")]
pub(super) fn are_about_strength(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| {
        matches!(problem.path.as_str(), "/password" | "/new_password")
            && matches!(problem.code, Code::TooShort | Code::TooLong | Code::WeakPassword)
    })
}

/// Reports a stored hash in an unsupported format. The message never contains the hash.
pub(super) fn check_hash(node: Node<'_>, problems: &mut Problems) {
    let Some(hash) = node.text(problems) else { return };
    let is_bcrypt = BCRYPT.iter().any(|form| hash.starts_with(form)) && hash.len() == BCRYPT_LENGTH;
    let is_argon2id = hash.starts_with(ARGON2ID) && hash.len() <= HASH_MAX;
    if !(is_bcrypt || is_argon2id) {
        node.problem(
            problems,
            Code::BadFormat,
            "expected a hash as `$argon2id$v=19$…`, or the bcrypt of a Dashboard as `$2a$…`",
        );
    }
}

/// Whether a letter has a lowercase letter.
fn is_uppercase(letter: char) -> bool {
    lowercase_letter(letter) != letter
}

fn is_special(character: char) -> bool {
    !character.is_alphabetic() && !is_digit(character) && !character.is_whitespace()
}

/// Whether three characters in a row are equal, or ascend by one among letters or among digits. The policy does not
/// mention descending runs, so they are allowed.
fn has_sequence(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    characters.windows(3).any(|three| {
        let all = |kind: fn(char) -> bool| three.iter().all(|character| kind(*character));
        let steps = |step: u32| three.is_sorted_by(|a, b| u32::from(*a).checked_add(step) == Some(u32::from(*b)));
        steps(0) || (steps(1) && (all(char::is_alphabetic) || all(is_digit)))
    })
}
