//! What a password must be.

use crate::document::node::Node;
#[cfg(feature = "directory")]
use crate::document::problem::Problem;
use crate::document::problem::{Code, Problems};
use crate::tables::digest::Digest;
use crate::tables::text::{fill, number};

use super::fields::{count, flag};

/// The longest password, in bytes of UTF-8: hashing a longer one is work for nothing.
pub(super) const PASSWORD_MAX: usize = 1_024;

/// The longest hash that is kept, in bytes.
pub(super) const HASH_MAX: usize = 256;

/// The length of every hash of bcrypt, in bytes.
pub(super) const BCRYPT_LENGTH: usize = 60;

/// How a hash begins: argon2id, or the bcrypt of a Dashboard.
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
    /// At least 6 characters, and nothing else.
    // Source: Tyk dashboard swagger, `POST /api/users`.
    fn default() -> Self {
        Self { min_length: 6, multi_case: false, min_numeric: 0, min_special: 0, disable_sequential: false }
    }
}

impl Policy {
    /// The members. `title` and `type` stand in the file that comes with the Dashboard and decide nothing.
    pub(super) const KNOWN: [&'static str; 7] =
        ["minLength", "multiCase", "minNumeric", "minSpecial", "disableSequential", "title", "type"];

    /// Reads a policy. Without `minLength` the default one stays, so that a policy never allows less by
    /// leaving something out.
    pub(super) fn read(node: Node<'_>, problems: &mut Problems) -> Self {
        let Some(members) = node.object(problems) else { return Self::default() };
        members.only(&Self::KNOWN, problems);
        let limit = |name, problems: &mut Problems| -> Option<u32> {
            let limit = members.some(name)?.integer(0, i64::try_from(PASSWORD_MAX).unwrap_or(0), problems)?;
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

    /// Writes the policy.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.min_length);
        digest.flag(self.multi_case);
        digest.number(self.min_numeric);
        digest.number(self.min_special);
        digest.flag(self.disable_sequential);
    }

    /// The new password here, if it is what the policy wants. Characters are Unicode code points; digits are
    /// what Unicode counts as numbers.
    // Source: Tyk documentation, "Dashboard Users", password policy.
    pub(super) fn check<'v>(&self, node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
        let password = bounded(node, problems)?;
        let before = problems.len();
        let at_least = |wanted: u32, matching: fn(char) -> bool| {
            let found = password.chars().filter(|character| matching(*character)).count();
            u32::try_from(found).is_ok_and(|found| found < wanted)
        };
        if at_least(self.min_length, |_| true) {
            node.problem(
                problems,
                Code::TooShort,
                &fill("a password has at least {} characters", &[&number(self.min_length)]),
            );
        }
        if self.multi_case && (at_least(1, char::is_uppercase) || at_least(1, char::is_lowercase)) {
            node.problem(problems, Code::WeakPassword, "a password has at least one capital and one small letter");
        }
        if at_least(self.min_numeric, char::is_numeric) {
            node.problem(
                problems,
                Code::WeakPassword,
                &fill("a password has at least {} digit(s)", &[&number(self.min_numeric)]),
            );
        }
        if at_least(self.min_special, is_special) {
            node.problem(
                problems,
                Code::WeakPassword,
                &fill(
                    "a password has at least {} character(s) that are no letter or digit",
                    &[&number(self.min_special)],
                ),
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

/// A password of any strength, short enough to be hashed.
pub(super) fn bounded<'v>(node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
    let password = node.text(problems)?;
    if password.len() > PASSWORD_MAX {
        node.problem(problems, Code::TooLong, &fill("a password has at most {} bytes", &[&number(PASSWORD_MAX)]));
        return None;
    }
    Some(password)
}

/// Whether a body is as it should be but for the new password, which is too weak or too long.
#[cfg(feature = "directory")]
pub(super) fn is_about_strength(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| {
        problem.path == "/new_password" && matches!(problem.code, Code::TooShort | Code::TooLong | Code::WeakPassword)
    })
}

/// Notes a stored hash of a form that nobody can verify. The message never has it.
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

fn is_special(character: char) -> bool {
    !character.is_alphanumeric() && !character.is_whitespace()
}

/// Whether three characters in a row are equal, or go up one by one among letters or among digits. Runs that
/// go down are not mentioned, so they are fine.
fn has_sequence(password: &str) -> bool {
    let third = password.chars().skip(2);
    let mut triples = password.chars().zip(password.chars().skip(1)).zip(third);
    triples.any(|((a, b), c)| {
        let all = |kind: fn(char) -> bool| kind(a) && kind(b) && kind(c);
        let rises = follows(a, b) && follows(b, c);
        (a == b && b == c) || (rises && (all(char::is_alphabetic) || all(char::is_numeric)))
    })
}

fn follows(a: char, b: char) -> bool {
    u32::from(a).checked_add(1) == Some(u32::from(b))
}
