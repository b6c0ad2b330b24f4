//! Resolves the grants of one subject.

use std::sync::Arc;

use super::model::{Assignment, Holder, Records, User};
use super::table::{Bounds, Table};
use super::vocabulary::Rule;
use crate::system::Principal;

/// A subject with its grants.
#[derive(Debug)]
pub struct Subject {
    pub(super) identity: Identity,
    /// The grants of the user, of their groups, of `authenticated` and of `everyone`.
    pub(super) shares: Box<[Share]>,
    pub(super) withins: Box<[Within]>,
}

/// The kinds of subjects.
#[derive(Debug)]
pub(super) enum Identity {
    /// An anonymous caller.
    NotSignedIn,
    /// The document has no user with this id.
    Unknown,
    /// The user at this index of the document is inactive.
    Inactive(usize),
    /// The user in the question's record is inactive.
    InactiveRecord(Arc<User>),
    /// The active user at this index of the document.
    Listed(usize),
    /// The active user in the question's record.
    Record(Arc<User>),
}

/// The source of a share's grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// The user's own grants.
    User,
    /// A role of the user.
    Role,
    /// The user's group at this index, or one of its roles.
    Group(u32),
    /// `authenticated`, or one of its roles.
    Authenticated,
    /// `everyone`, or one of its roles.
    Everyone,
    /// The question's `within` at this index, or one of its roles.
    Within(u32),
}

impl Source {
    /// The rule that allows by a grant of this source.
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::User => Rule::Grant,
            Self::Role => Rule::Role,
            Self::Group(_) => Rule::Group,
            Self::Authenticated => Rule::Authenticated,
            Self::Everyone => Rule::Everyone,
            Self::Within(_) => Rule::Within,
        }
    }
}

/// One table of grants that a subject has: the own grants of a holder, or the grants of a role.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) source: Source,
    /// The index of the role whose grants these are. `None` for a holder's own grants.
    pub(super) role: Option<u32>,
    pub(super) scope: Box<str>,
    pub(super) bounds: Option<Bounds>,
}

/// A holder that must allow the action too.
#[derive(Debug)]
pub(super) struct Within {
    pub(super) holder: Holder,
    pub(super) shares: Box<[Share]>,
}

/// Resolves a principal.
pub(super) fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
    let identity = match principal.user().filter(|id| !id.is_empty()) {
        None => Identity::NotSignedIn,
        Some(id) => match records.user_place(id) {
            Some(place) if records.users.get(place).is_some_and(|user| user.is_active) => Identity::Listed(place),
            Some(place) => Identity::Inactive(place),
            None => Identity::Unknown,
        },
    };
    resolve_identity(records, identity)
}

/// Resolves a user with this record.
pub(super) fn resolve_record(records: &Records, user: User) -> Subject {
    let is_active = user.is_active;
    let user = Arc::new(user);
    resolve_identity(records, if is_active { Identity::Record(user) } else { Identity::InactiveRecord(user) })
}

/// Resolves an inactive user as if they were active.
pub(super) fn resolve_active(records: &Records, identity: &Identity) -> Option<Subject> {
    let identity = match identity {
        Identity::Inactive(place) => Identity::Listed(*place),
        Identity::InactiveRecord(user) => Identity::Record(Arc::clone(user)),
        Identity::NotSignedIn | Identity::Unknown | Identity::Listed(_) | Identity::Record(_) => return None,
    };
    Some(resolve_identity(records, identity))
}

/// The shares that a group gives to its members.
pub(super) fn group_shares(records: &Records, place: u32) -> Vec<Share> {
    let mut shares = Vec::new();
    if let Some(group) = records.group(place) {
        add_shares(records, &group.holder, [Source::Group(place); 2], &mut shares);
    }
    shares
}

/// The shares of every active user.
pub(super) fn authenticated_shares(records: &Records) -> Vec<Share> {
    let mut shares = Vec::new();
    add_shares(records, &records.authenticated, [Source::Authenticated; 2], &mut shares);
    shares
}

/// The shares that a role gives in a scope.
pub(super) fn role_shares(records: &Records, role: u32, scope: &str) -> Vec<Share> {
    let mut shares = Vec::new();
    for role in inherited_roles(records, role) {
        shares.push(Share { source: Source::Role, role: Some(role), scope: scope.into(), bounds: None });
    }
    shares
}

fn resolve_identity(records: &Records, identity: Identity) -> Subject {
    let mut shares = Vec::new();
    if let Some(user) = identity.user(records) {
        add_shares(records, &user.holder, [Source::User, Source::Role], &mut shares);
        for name in &user.groups {
            let Some(place) = records.group_place(name) else { continue };
            let Some(group) = records.groups.get(place) else { continue };
            let source = Source::Group(u32::try_from(place).unwrap_or(u32::MAX));
            add_shares(records, &group.holder, [source, source], &mut shares);
        }
        add_shares(records, &records.authenticated, [Source::Authenticated; 2], &mut shares);
    }
    add_shares(records, &records.everyone, [Source::Everyone; 2], &mut shares);
    Subject { identity, shares: shares.into(), withins: Box::default() }
}

/// Adds the shares of a holder: its own grants have the first source, those of its roles the second one.
fn add_shares(records: &Records, holder: &Holder, [own, of_roles]: [Source; 2], shares: &mut Vec<Share>) {
    if !holder.grants.is_empty() {
        shares.push(Share { source: own, role: None, scope: Box::default(), bounds: None });
    }
    for Assignment { role, scope, bounds, .. } in &holder.roles {
        for role in inherited_roles(records, *role) {
            if records.role(role).is_some_and(|role| !role.grants.is_empty()) {
                let bounds = bounds.as_deref().copied();
                shares.push(Share { source: of_roles, role: Some(role), scope: scope.clone(), bounds });
            }
        }
    }
}

/// A role with all roles that it inherits from, each once.
pub(super) fn inherited_roles(records: &Records, role: u32) -> Vec<u32> {
    let mut reached = vec![role];
    if records.role(role).is_none_or(|role| role.inherits.is_empty()) {
        return reached;
    }
    let mut seen = vec![false; records.roles.len()];
    let mut see = |role: u32| match usize::try_from(role).ok().and_then(|place| seen.get_mut(place)) {
        Some(seen) => !std::mem::replace(seen, true),
        None => false,
    };
    see(role);
    let mut at = 0_usize;
    while let Some(role) = reached.get(at).and_then(|role| records.role(*role)) {
        for next in &role.inherits {
            if see(*next) {
                reached.push(*next);
            }
        }
        at = at.saturating_add(1);
    }
    reached
}

impl Identity {
    /// The user, if the user is known and active.
    pub(super) fn user<'s>(&'s self, records: &'s Records) -> Option<&'s User> {
        match self {
            Self::Listed(place) => records.users.get(*place),
            Self::Record(user) => Some(user),
            Self::NotSignedIn | Self::Unknown | Self::Inactive(_) | Self::InactiveRecord(_) => None,
        }
    }
}

impl Subject {
    /// The same subject, also limited to what these holders allow.
    pub(super) fn limit_within(self, records: &Records, holders: Vec<Holder>) -> Self {
        let mut withins = Vec::from(self.withins);
        for holder in holders {
            let mut shares = Vec::new();
            let source = Source::Within(u32::try_from(withins.len()).unwrap_or(u32::MAX));
            add_shares(records, &holder, [source; 2], &mut shares);
            withins.push(Within { holder, shares: shares.into() });
        }
        Self { withins: withins.into(), ..self }
    }

    /// The table with the grants of a share.
    pub(super) fn table<'s>(&'s self, records: &'s Records, share: &Share) -> Option<&'s Table> {
        match share.role {
            Some(role) => records.role(role).map(|role| &role.grants),
            None => self.holder(records, share.source).map(|holder| &holder.grants),
        }
    }

    /// The holder of a source.
    pub(super) fn holder<'s>(&'s self, records: &'s Records, source: Source) -> Option<&'s Holder> {
        Some(match source {
            Source::User | Source::Role => &self.identity.user(records)?.holder,
            Source::Group(place) => &records.group(place)?.holder,
            Source::Authenticated => &records.authenticated,
            Source::Everyone => &records.everyone,
            Source::Within(place) => &self.withins.get(usize::try_from(place).ok()?)?.holder,
        })
    }
}

impl Identity {
    /// The rule that denies if no grant allows the action.
    pub(super) fn rule(&self) -> Rule {
        match self {
            Self::NotSignedIn => Rule::NotSignedIn,
            Self::Unknown => Rule::UnknownUser,
            Self::Inactive(_) | Self::InactiveRecord(_) => Rule::InactiveUser,
            Self::Listed(_) | Self::Record(_) => Rule::NoGrant,
        }
    }
}
