//! What a resource names: the exact list of the module's documentation, read for one action.

use super::vocabulary::Action;

/// The name in a resource: the user, the category or the crate; empty for a resource that names nothing.
/// `None` when the action has no such resource.
#[inline]
pub(super) fn named(action: Action, resource: &str) -> Option<&str> {
    match action {
        Action::UserCreate | Action::UserList => exactly("users", resource),
        Action::UserUpdate | Action::UserDelete => behind("user:", resource),
        Action::TokenCreate | Action::TokenList | Action::TokenDelete => behind("tokens:", resource),
        Action::CategoryCreate | Action::CategoryList => exactly("categories", resource),
        Action::CategoryUpdate => behind("category:", resource),
        Action::CrateList | Action::CrateCheck | Action::CrateSearch => exactly("crates", resource),
        Action::StatisticsRead => exactly("statistics", resource),
        Action::CrateGet | Action::OwnerAdd | Action::OwnerRemove | Action::OwnerList => {
            behind("crate:", resource).filter(|name| is_crate_part(name))
        }
        Action::CratePublish
        | Action::CrateYank
        | Action::CrateUnyank
        | Action::CrateDownload
        | Action::MirrorDownload
        | Action::MirrorCache => {
            let (name, version) = behind("crate:", resource)?.split_once('@')?;
            (is_crate_part(name) && is_crate_part(version)).then_some(name)
        }
    }
}

/// Whether this can stand in a resource as the name of a crate, or as a version.
///
/// Meuse itself takes any string that is not empty as a crate's name, and `[a-zA-Z0-9~._+-]+` where one stands
/// in a path; we refuse only what would make `crate:<name>@<version>` say two things, or a path lead elsewhere.
#[inline]
pub(super) fn is_crate_part(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.bytes().any(|byte| matches!(byte, b'@' | b'/'))
}

fn exactly<'r>(wanted: &str, resource: &'r str) -> Option<&'r str> {
    resource.strip_prefix(wanted).filter(|rest| rest.is_empty())
}

fn behind<'r>(prefix: &str, resource: &'r str) -> Option<&'r str> {
    resource.strip_prefix(prefix).filter(|name| !name.is_empty())
}
