//! The rights of one subject, resolved from the records.

use std::sync::Arc;

use crate::tables::digest::Digest;
use crate::tables::name_table::Table;
use crate::tables::names::{NameId, Names};

use super::model::{owned_by, Records, User};
use super::permissions::{Grant, Grants};

/// The rights of one subject.
#[derive(Debug)]
pub struct Subject {
    pub(super) status: Status,
    pub(super) identity: Option<Identity>,
    /// Those of the user or the group, not a copy.
    pub(super) grants: Option<Arc<Grants>>,
    /// The APIs that this subject owns.
    pub(super) owned: Table<1>,
}

impl Subject {
    /// The grant for a section.
    pub(super) fn grant(&self, names: &Names, section: &str) -> Option<Grant> {
        self.grants.as_ref()?.get(names, section).map(Grant::from_code)
    }
}

/// A user of the records, active or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    pub(super) id: NameId,
    pub(super) org: u32,
    pub(super) owner_group: Option<NameId>,
}

/// The state of a subject, independent of sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No user is signed in.
    NotSignedIn,
    /// The records have no user with this id.
    UnknownUser,
    /// The user is not active.
    Inactive,
    /// A user with permissions.
    Plain,
    /// A user without permissions, or only with `deny`.
    Unwritten,
    /// The permissions come from a group that is not active.
    InactiveGroup,
    /// An admin by `IsAdmin`.
    Admin,
    /// An admin because the configuration makes users without permissions admins.
    EmptyIsAdmin,
}

impl Status {
    /// The number for digests.
    fn code(self) -> u32 {
        match self {
            Self::NotSignedIn => 0,
            Self::UnknownUser => 1,
            Self::Inactive => 2,
            Self::Plain => 3,
            Self::Unwritten => 4,
            Self::InactiveGroup => 5,
            Self::Admin => 6,
            Self::EmptyIsAdmin => 7,
        }
    }
}

/// The rights of the user with this id.
pub(super) fn resolve(records: &Records, id: Option<&str>) -> Subject {
    let without_rights = |status| Subject { status, identity: None, grants: None, owned: Table::default() };

    let Some(id) = id else { return without_rights(Status::NotSignedIn) };
    let Some(user) = records.user(id) else { return without_rights(Status::UnknownUser) };
    let identity = Some(Identity { id: user.id, org: user.org, owner_group: user.owner_group });
    if !user.active {
        return Subject { identity, ..without_rights(Status::Inactive) };
    }
    let (status, grants) = applicable_permissions(records, user);
    Subject { status, identity, grants: grants.cloned(), owned: owned_apis(records, user) }
}

/// Selects the permissions that apply: an admin's own, else those of the group if the user has one, else the user's
/// own.
///
/// The group's permissions replace the user's and are not merged with them: that is how we read "instead of". Only
/// the user's own empty object makes an admin if the configuration says so; a group's empty object does not.
// Source: Tyk documentation, "User Groups"; release notes 5.x (admins keep their own permissions).
fn applicable_permissions<'r>(records: &'r Records, user: &'r User) -> (Status, Option<&'r Arc<Grants>>) {
    if user.permissions.is_admin {
        return (Status::Admin, Some(&user.permissions.grants));
    }
    let (permissions, unwritten) = match user.group.and_then(|place| records.groups.get(place)) {
        Some(group) if !group.active => return (Status::InactiveGroup, None),
        Some(group) => (&group.permissions, Status::Unwritten),
        // Source: Tyk documentation, "User Permissions" (no properties: an admin); off unless configured.
        None if records.config.empty_permissions_is_admin => (&user.permissions, Status::EmptyIsAdmin),
        None => (&user.permissions, Status::Unwritten),
    };
    if permissions.grants_anything {
        (Status::Plain, Some(&permissions.grants))
    } else if unwritten == Status::EmptyIsAdmin {
        // An admin with an empty object has no limits.
        (unwritten, None)
    } else {
        (unwritten, Some(&permissions.grants))
    }
}

/// The owned APIs that this user, or the user's group, owns.
fn owned_apis(records: &Records, user: &User) -> Table<1> {
    let mut owned = Vec::new();
    let mut add = |pairs, owner| owned_by(pairs, owner).for_each(|api| owned.push((api, 1)));
    add(&records.apis.by_user, user.id);
    if let Some(group) = user.owner_group {
        add(&records.apis.by_group, group);
    }
    Table::new(&records.names, &owned)
}

/// Adds the subject's own rights, and the settings under which they are decided, to the digest. The APIs that the
/// subject owns are part of the records.
pub(super) fn digest(records: &Records, subject: &Subject, digest: &mut Digest) {
    records.digest_settings(digest);
    digest.number(subject.status.code());
    digest.flag(subject.identity.is_some());
    if let Some(identity) = subject.identity {
        digest.text(records.names.text(identity.id));
        digest.text(records.org(identity.org));
        digest.text(identity.owner_group.map_or("", |group| records.names.text(group)));
    }
    digest.pairs(&subject.grants.as_ref().map_or_else(Vec::new, |grants| grants.sorted(&records.names)));
}
