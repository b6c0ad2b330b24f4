//! Parsers and checks for members of several Dashboard objects.

use crate::document::node::Members;
use crate::document::problem::{Code, Problems};

/// The boolean in a member; false if it is absent.
pub(super) fn flag(members: Members<'_>, name: &str, problems: &mut Problems) -> bool {
    members.optional(name).and_then(|node| node.flag(problems)).unwrap_or(false)
}

/// The count in a member.
pub(super) fn count(members: Members<'_>, name: &str, problems: &mut Problems) -> Option<u32> {
    let count = members.optional(name)?.integer(0, i64::from(i32::MAX), problems)?;
    u32::try_from(count).ok()
}

/// Checks that these members are strings, if they are present.
pub(super) fn check_texts(members: Members<'_>, names: &[&str], problems: &mut Problems) {
    for name in names {
        if let Some(text) = members.optional(name) {
            text.text(problems);
        }
    }
}

/// Reports a duplicate. The message does not repeat the value, which may be a secret.
pub(super) fn report_duplicate(members: Members<'_>, name: &str, what: &str, problems: &mut Problems) {
    if let Some(node) = members.get(name) {
        node.problem_with(problems, Code::Duplicate, "this {} is already in the records", &[what]);
    }
}
