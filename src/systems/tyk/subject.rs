//! What one subject holds, resolved from the records.

use crate::tables::digest::Digest;
use crate::tables::names::{NameId, Table};

use super::model::{owned_by, Records, User};
use super::permissions::Grants;

/// What one subject holds.
#[derive(Debug)]
pub struct Subject {
    pub(super) standing: Standing,
    pub(super) person: Option<Person>,
    pub(super) grants: Grants,
    /// The APIs that have owners, and this subject among them.
    pub(super) owned: Table<1>,
}

/// A user of the records, active or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    pub(super) id: NameId,
    pub(super) org: u32,
    pub(super) owner_group: Option<NameId>,
}

/// How a subject stands before any section is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody.
    NotSignedIn,
    /// An id that the records do not have.
    UnknownUser,
    /// A user who is not active.
    Inactive,
    /// Somebody with permissions.
    Plain,
    /// Nothing was ever granted, or `deny` throughout.
    Unwritten,
    /// Permissions come from a group that is not active.
    InactiveGroup,
    /// An admin by `IsAdmin`.
    Admin,
    /// An unwritten object where the configuration says that it makes an admin.
    EmptyIsAdmin,
}

impl Standing {
    /// For digests.
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

/// What this subject holds.
pub(super) fn resolve(records: &Records, id: Option<&str>) -> Subject {
    let nobody = |standing| Subject { standing, person: None, grants: Table::default(), owned: Table::default() };

    let Some(id) = id else { return nobody(Standing::NotSignedIn) };
    let Some(user) = records.user(id) else { return nobody(Standing::UnknownUser) };
    let person = Some(Person { id: user.id, org: user.org, owner_group: user.owner_group });
    if !user.active {
        return Subject { person, ..nobody(Standing::Inactive) };
    }
    let (standing, grants) = effective(records, user);
    Subject { standing, person, grants: grants.cloned().unwrap_or_default(), owned: owned(records, user) }
}

/// Whose permissions count: an admin's own, else the group's in place of the user's, else the user's.
///
/// That the group replaces, and nothing is merged, is how we read "instead of". Only the user's own empty
/// object makes an admin where the configuration has it so: no group does.
// Source: Tyk documentation, "User Groups"; release notes 5.x (admins keep their own permissions).
fn effective<'r>(records: &'r Records, user: &'r User) -> (Standing, Option<&'r Grants>) {
    if user.held.is_admin {
        return (Standing::Admin, Some(&user.held.grants));
    }
    let (held, unwritten) = match user.group.and_then(|place| records.groups.get(place)) {
        Some(group) if !group.active => return (Standing::InactiveGroup, None),
        Some(group) => (&group.held, Standing::Unwritten),
        // Source: Tyk documentation, "User Permissions" (no properties: an admin); off unless configured.
        None if records.config.empty_permissions_is_admin => (&user.held, Standing::EmptyIsAdmin),
        None => (&user.held, Standing::Unwritten),
    };
    if held.is_written {
        (Standing::Plain, Some(&held.grants))
    } else if unwritten == Standing::EmptyIsAdmin {
        // An admin with an empty object: what stood in it limits nothing.
        (unwritten, None)
    } else {
        (unwritten, Some(&held.grants))
    }
}

/// The owned APIs that this user, or the user's group, owns.
fn owned(records: &Records, user: &User) -> Table<1> {
    let mut owned = Vec::new();
    let mut add = |pairs, owner| owned_by(pairs, owner).for_each(|api| owned.push((api, 1)));
    add(&records.apis.by_user, user.id);
    if let Some(group) = user.owner_group {
        add(&records.apis.by_group, group);
    }
    Table::new(&records.names, &owned)
}

/// Writes what the subject holds itself, and the settings under which it decides. What it owns is a record of
/// the APIs.
pub(super) fn digest(records: &Records, subject: &Subject, digest: &mut Digest) {
    records.digest_settings(digest);
    digest.number(subject.standing.code());
    digest.flag(subject.person.is_some());
    if let Some(person) = subject.person {
        digest.text(records.names.text(person.id));
        digest.text(records.org(person.org));
        digest.text(person.owner_group.map_or("", |group| records.names.text(group)));
    }
    digest.pairs(&subject.grants.sorted(&records.names));
}
