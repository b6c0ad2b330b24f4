//! Resolve: what one subject holds.

use super::model::{Assignment, Holder, Records, User};
use super::table::{Bounds, Table};
use super::vocabulary::Rule;
use crate::system::Principal;

/// What one subject holds.
#[derive(Debug)]
pub struct Subject {
    pub(super) who: Who,
    /// The grants of the user, of their groups, of `authenticated` and of `everyone`.
    pub(super) shares: Box<[Share]>,
    pub(super) withins: Box<[Within]>,
}

/// Who asks.
#[derive(Debug)]
pub(super) enum Who {
    /// The caller is not signed in.
    NotSignedIn,
    /// The document has no user of this id.
    Unknown,
    /// The document's user at this place is inactive.
    Inactive(usize),
    /// The record of the question, of this id, is inactive.
    InactiveRecord(Box<str>),
    /// The user at this place of the document.
    Listed(usize),
    /// A user with the record of the question.
    Record(Box<User>),
}

/// Whose grants a share has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// The user's own.
    User,
    /// A role of the user's.
    Role,
    /// A group of the user's, at this place, or one of its roles.
    Group(u32),
    /// `authenticated`, or one of its roles.
    Authenticated,
    /// `everyone`, or one of its roles.
    Everyone,
    /// A `within` of the question, at this place, or one of its roles.
    Within(u32),
}

impl Source {
    /// The rule of a yes by a share of this source.
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

/// Grants of one table that a subject holds.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) source: Source,
    /// The place of the role whose grants these are; none for grants of the holder's own.
    pub(super) role: Option<u32>,
    pub(super) scope: Box<str>,
    pub(super) bounds: Option<Bounds>,
}

/// What a question has to stay within.
#[derive(Debug)]
pub(super) struct Within {
    pub(super) holder: Holder,
    pub(super) shares: Box<[Share]>,
}

/// What a principal holds.
pub(super) fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
    let who = match principal.user().filter(|id| !id.is_empty()) {
        None => Who::NotSignedIn,
        Some(id) => match records.user_place(id) {
            Some(place) if records.users.get(place).is_some_and(|user| user.is_active) => Who::Listed(place),
            Some(place) => Who::Inactive(place),
            None => Who::Unknown,
        },
    };
    resolve_who(records, who)
}

/// What a user with this record holds.
pub(super) fn resolve_record(records: &Records, user: User) -> Subject {
    resolve_who(records, if user.is_active { Who::Record(Box::new(user)) } else { Who::InactiveRecord(user.id) })
}

/// What the user at this place of the document would hold if they were active.
pub(super) fn resolve_active(records: &Records, place: usize) -> Subject {
    resolve_who(records, Who::Listed(place))
}

/// What the members of a group hold by it.
pub(super) fn group_shares(records: &Records, place: u32) -> Vec<Share> {
    let mut shares = Vec::new();
    if let Some(group) = records.group(place) {
        add_shares(records, &group.holder, [Source::Group(place); 2], &mut shares);
    }
    shares
}

/// What every active user holds.
pub(super) fn authenticated_shares(records: &Records) -> Vec<Share> {
    let mut shares = Vec::new();
    add_shares(records, &records.authenticated, [Source::Authenticated; 2], &mut shares);
    shares
}

/// What a role gives in a scope.
pub(super) fn role_shares(records: &Records, role: u32, scope: &str) -> Vec<Share> {
    let mut shares = Vec::new();
    for role in inherited_roles(records, role) {
        shares.push(Share { source: Source::Role, role: Some(role), scope: scope.into(), bounds: None });
    }
    shares
}

fn resolve_who(records: &Records, who: Who) -> Subject {
    let mut shares = Vec::new();
    if let Some(user) = who.user(records) {
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
    Subject { who, shares: shares.into(), withins: Box::default() }
}

/// Adds the grants of a holder: its own under the first source, those of its roles under the second.
fn add_shares(records: &Records, holder: &Holder, [own, of_roles]: [Source; 2], shares: &mut Vec<Share>) {
    if !holder.grants.is_empty() {
        shares.push(Share { source: own, role: None, scope: Box::default(), bounds: None });
    }
    for Assignment { role, scope, bounds } in &holder.roles {
        for role in inherited_roles(records, *role) {
            if records.role(role).is_some_and(|role| !role.grants.is_empty()) {
                let bounds = bounds.as_deref().copied();
                shares.push(Share { source: of_roles, role: Some(role), scope: scope.clone(), bounds });
            }
        }
    }
}

/// A role with all that it inherits from, each once.
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

impl Who {
    /// The user, if there is one who is active.
    pub(super) fn user<'s>(&'s self, records: &'s Records) -> Option<&'s User> {
        match self {
            Self::Listed(place) => records.users.get(*place),
            Self::Record(user) => Some(user),
            Self::NotSignedIn | Self::Unknown | Self::Inactive(_) | Self::InactiveRecord(_) => None,
        }
    }
}

impl Subject {
    /// The same subject within these holders as well.
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

    /// The table that a share has its grants from.
    pub(super) fn table<'s>(&'s self, records: &'s Records, share: &Share) -> Option<&'s Table> {
        match share.role {
            Some(role) => records.role(role).map(|role| &role.grants),
            None => self.holder(records, share.source).map(|holder| &holder.grants),
        }
    }

    /// The holder that a source stands for.
    pub(super) fn holder<'s>(&'s self, records: &'s Records, source: Source) -> Option<&'s Holder> {
        Some(match source {
            Source::User | Source::Role => &self.who.user(records)?.holder,
            Source::Group(place) => &records.group(place)?.holder,
            Source::Authenticated => &records.authenticated,
            Source::Everyone => &records.everyone,
            Source::Within(place) => &self.withins.get(usize::try_from(place).ok()?)?.holder,
        })
    }
}

impl Who {
    /// The rule of a no for want of a grant.
    pub(super) fn rule(&self) -> Rule {
        match self {
            Self::NotSignedIn => Rule::NotSignedIn,
            Self::Unknown => Rule::UnknownUser,
            Self::Inactive(_) | Self::InactiveRecord(_) => Rule::InactiveUser,
            Self::Listed(_) | Self::Record(_) => Rule::NoGrant,
        }
    }
}
