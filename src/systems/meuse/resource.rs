//! Parses the name in a resource. The module's documentation lists the resources of each action.

use super::vocabulary::Action;
use crate::tables::bytes::find_byte;
use crate::tables::text::split_once;

/// The name of the user, category or crate in a resource; empty for a resource without a name. `None` if the action
/// does not apply to this resource.
#[inline]
pub(super) fn resource_name(action: Action, resource: &str) -> Option<&str> {
    match action {
        Action::UserCreate | Action::UserList => match_exactly("users", resource),
        Action::UserUpdate | Action::UserDelete => strip_kind("user:", resource),
        Action::TokenCreate | Action::TokenList | Action::TokenDelete => strip_kind("tokens:", resource),
        Action::CategoryCreate | Action::CategoryList => match_exactly("categories", resource),
        Action::CategoryUpdate => strip_kind("category:", resource),
        Action::CrateList | Action::CrateCheck | Action::CrateSearch => match_exactly("crates", resource),
        Action::StatisticsRead => match_exactly("statistics", resource),
        Action::CrateGet | Action::OwnerAdd | Action::OwnerRemove | Action::OwnerList => {
            strip_kind("crate:", resource).filter(|name| is_crate_part(name))
        }
        Action::CratePublish
        | Action::CrateYank
        | Action::CrateUnyank
        | Action::CrateDownload
        | Action::MirrorDownload
        | Action::MirrorCache => {
            let (name, version) = split_once(strip_kind("crate:", resource)?, b'@')?;
            (is_crate_part(name) && is_crate_part(version)).then_some(name)
        }
    }
}

/// Whether this can be the name of a crate, or a version, in a resource.
///
/// Meuse itself accepts any string that is not empty as a crate's name, and `[a-zA-Z0-9~._+-]+` in a path. We reject
/// only names that make `crate:<name>@<version>` ambiguous, and `.` and `..`, which clients resolve in paths.
#[inline]
pub(super) fn is_crate_part(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
        && find_byte(text.as_bytes(), b'@').is_none()
        && find_byte(text.as_bytes(), b'/').is_none()
}

fn match_exactly<'r>(kind: &str, resource: &str) -> Option<&'r str> {
    (resource == kind).then_some("")
}

fn strip_kind<'r>(prefix: &str, resource: &'r str) -> Option<&'r str> {
    resource.strip_prefix(prefix).filter(|name| !name.is_empty())
}
