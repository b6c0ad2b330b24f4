//! Parsers for members of several Dashboard objects.

use crate::document::node::Members;
use crate::document::problem::Problems;

/// The boolean in a member; false if it is absent.
pub(super) fn flag(members: Members<'_>, name: &str, problems: &mut Problems) -> bool {
    members.optional(name).and_then(|node| node.flag(problems)).unwrap_or(false)
}

/// The count in a member.
pub(super) fn count(members: Members<'_>, name: &str, problems: &mut Problems) -> Option<u32> {
    let count = members.optional(name)?.integer(0, i64::from(i32::MAX), problems)?;
    u32::try_from(count).ok()
}
