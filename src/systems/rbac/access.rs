//! Resolve and decide: grants add, limits cap.

use super::condition::{Facts, Known};
use super::model::{Assignment, Holder, Records, User};
use super::pattern::Path;
use super::table::{Asker, Bounds, Match, Named, Table};
use super::vocabulary::{Action, Level, Rbac, Rule};
use crate::system::{Details, Principal, Ruling, Term};

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
    hold(records, who)
}

/// What a user with this record holds.
pub(super) fn resolve_record(records: &Records, user: User) -> Subject {
    hold(records, if user.is_active { Who::Record(Box::new(user)) } else { Who::InactiveRecord(user.id) })
}

/// What the user at this place of the document would hold if they were active.
pub(super) fn resolve_active(records: &Records, place: usize) -> Subject {
    hold(records, Who::Listed(place))
}

/// What the members of a group hold by it.
pub(super) fn group_shares(records: &Records, place: u32) -> Vec<Share> {
    let mut shares = Vec::new();
    if let Some(group) = records.group(place) {
        add(records, &group.holder, [Source::Group(place); 2], &mut shares);
    }
    shares
}

/// What every active user holds.
pub(super) fn authenticated_shares(records: &Records) -> Vec<Share> {
    let mut shares = Vec::new();
    add(records, &records.authenticated, [Source::Authenticated; 2], &mut shares);
    shares
}

/// What a role gives in a scope.
pub(super) fn role_shares(records: &Records, role: u32, scope: &str) -> Vec<Share> {
    let mut shares = Vec::new();
    for role in inherited(records, role) {
        shares.push(Share { source: Source::Role, role: Some(role), scope: scope.into(), bounds: None });
    }
    shares
}

fn hold(records: &Records, who: Who) -> Subject {
    let mut shares = Vec::new();
    if let Some(user) = who.user(records) {
        add(records, &user.holder, [Source::User, Source::Role], &mut shares);
        for name in &user.groups {
            let Some(place) = records.group_place(name) else { continue };
            let Some(group) = records.groups.get(place) else { continue };
            let source = Source::Group(u32::try_from(place).unwrap_or(u32::MAX));
            add(records, &group.holder, [source, source], &mut shares);
        }
        add(records, &records.authenticated, [Source::Authenticated; 2], &mut shares);
    }
    add(records, &records.everyone, [Source::Everyone; 2], &mut shares);
    Subject { who, shares: shares.into(), withins: Box::default() }
}

/// Adds the grants of a holder: its own under the first source, those of its roles under the second.
fn add(records: &Records, holder: &Holder, [own, of_roles]: [Source; 2], shares: &mut Vec<Share>) {
    if !holder.grants.is_empty() {
        shares.push(Share { source: own, role: None, scope: Box::default(), bounds: None });
    }
    for Assignment { role, scope, bounds } in &holder.roles {
        for role in inherited(records, *role) {
            if records.role(role).is_some_and(|role| !role.grants.is_empty()) {
                let bounds = bounds.as_deref().copied();
                shares.push(Share { source: of_roles, role: Some(role), scope: scope.clone(), bounds });
            }
        }
    }
}

/// A role with all that it inherits from, each once.
pub(super) fn inherited(records: &Records, role: u32) -> Vec<u32> {
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
    pub(super) fn within(self, records: &Records, holders: Vec<Holder>) -> Self {
        let mut withins = Vec::from(self.withins);
        for holder in holders {
            let mut shares = Vec::new();
            let source = Source::Within(u32::try_from(withins.len()).unwrap_or(u32::MAX));
            add(records, &holder, [source; 2], &mut shares);
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

/// A question on its way to a decision.
#[derive(Clone, Copy)]
pub(super) struct Asked<'q> {
    pub(super) records: &'q Records,
    pub(super) subject: &'q Subject,
    pub(super) action: Action,
    pub(super) facts: Facts<'q>,
    pub(super) now: Option<u64>,
}

impl<'q> Asked<'q> {
    pub(super) fn new(
        records: &'q Records,
        subject: &'q Subject,
        action: Action,
        path: &'q Path<'q>,
        details: Details<'q>,
    ) -> Self {
        let user = subject.who.user(records);
        let known = user.map(|user| Known { id: &user.id, groups: &user.groups, attributes: &user.attributes });
        let facts = Facts {
            subject: known,
            path,
            shape: records.type_of(path).map(|kind| (&*kind.name, &*kind.parts)),
            attributes: details.attributes,
            context: details.context,
            action: Action::name_of(records, action.0).unwrap_or_default(),
            properties: details.properties,
        };
        Self { records, subject, action, facts, now: details.now }
    }

    /// Visits the grants of these shares whose patterns match, with bounds and conditions still to be looked at.
    pub(super) fn matches(&self, shares: &'q [Share], visit: &mut dyn FnMut(&'q Share, Match<'q>)) {
        let asker = self.facts.subject.map_or(Asker::Nobody, |known| Asker::Id(known.id));
        for share in shares {
            let Some(start) = self.facts.path.behind(&share.scope) else { continue };
            let Some(table) = self.subject.table(self.records, share) else { continue };
            table.matches(self.facts.path, start, asker, &mut |matched| visit(share, matched));
        }
    }

    /// Visits the limits whose patterns match, with their exceptions still to be looked at.
    pub(super) fn limits(&self, visit: &mut dyn FnMut(Match<'q>)) {
        let asker = self.facts.subject.map_or(Asker::Any, |known| Asker::Id(known.id));
        self.records.limits.matches(self.facts.path, 0, asker, visit);
    }

    /// Whether the bounds and the conditions of a grant hold.
    pub(super) fn applies(&self, share: &Share, matched: Match<'_>) -> bool {
        [share.bounds, matched.bounds()].into_iter().flatten().all(|bounds| bounds.hold(self.now))
            && matched.conditions().is_none_or(|conditions| conditions.hold(&self.facts))
    }

    /// Whether a grant of this name gives the action.
    pub(super) fn gives(&self, named: Named) -> bool {
        gives(self.records, self.action, named)
    }

    /// Whether a limit of this name stops the action.
    pub(super) fn stops(&self, limit: Named) -> bool {
        stops(self.records, self.action, limit)
    }

    /// What the grants of these shares come to.
    fn share(&self, shares: &'q [Share]) -> Sum {
        let mut sum = Sum { level: 0, source: None };
        self.matches(shares, &mut |share, matched| {
            let named = matched.entry.named;
            let gives = self.gives(named) && sum.source.is_none_or(|source| share.source < source);
            let raises = matches!(named, Named::Level(level) if level > sum.level);
            // Conditions come last, and only where their answer matters.
            if (gives || raises) && self.applies(share, matched) {
                if let Named::Level(level) = named {
                    sum.level = sum.level.max(level);
                }
                if gives {
                    sum.source = Some(share.source);
                }
            }
        });
        sum
    }

    /// The decision.
    pub(super) fn decide(&self) -> Ruling<Rbac> {
        let own = self.share(&self.subject.shares);
        let mut level = own.level;
        let mut is_within = true;
        for within in &self.subject.withins {
            let sum = self.share(&within.shares);
            level = level.min(sum.level);
            is_within &= sum.source.is_some();
        }
        let mut is_limited = false;
        self.limits(&mut |matched| {
            let limit = matched.entry.named;
            let stops = !is_limited && self.stops(limit);
            let lowers = matches!(limit, Named::Level(cap) if cap < level);
            if (stops || lowers) && !matched.conditions().is_some_and(|unless| unless.hold(&self.facts)) {
                is_limited |= stops;
                if let Named::Level(cap) = limit {
                    level = level.min(cap);
                }
            }
        });
        let (allow, rule) = match own.source {
            Some(source) if is_within && !is_limited => (true, source.rule()),
            Some(_) if !is_limited => (false, Rule::Within),
            Some(_) => (false, Rule::Limit),
            None => (false, self.subject.who.rule()),
        };
        let needs = self.records.least(self.action.0).map(Level);
        Ruling { allow, rule, level: Some(Level(level)), needs }
    }
}

/// Whether a grant of this name gives an action.
pub(super) fn gives(records: &Records, action: Action, named: Named) -> bool {
    match named {
        Named::Action(other) => other == action.0,
        Named::Level(level) => records.least(action.0).is_some_and(|least| level >= least),
    }
}

/// Whether a limit of this name stops an action.
pub(super) fn stops(records: &Records, action: Action, limit: Named) -> bool {
    match limit {
        Named::Action(other) => other == action.0,
        Named::Level(level) => level < records.least(action.0).unwrap_or(records.highest()),
    }
}

/// What the grants of some shares come to.
struct Sum {
    /// The highest level that an applying grant names.
    level: u8,
    /// The first source whose share gives the action.
    source: Option<Source>,
}

impl Who {
    /// The rule of a no for want of a grant.
    fn rule(&self) -> Rule {
        match self {
            Self::NotSignedIn => Rule::NotSignedIn,
            Self::Unknown => Rule::UnknownUser,
            Self::Inactive(_) | Self::InactiveRecord(_) => Rule::InactiveUser,
            Self::Listed(_) | Self::Record(_) => Rule::NoGrant,
        }
    }
}

/// Whether the subject may do this.
#[inline]
pub(super) fn decide(
    records: &Records,
    subject: &Subject,
    action: Action,
    resource: &str,
    details: Details<'_>,
) -> Ruling<Rbac> {
    match Path::read(resource) {
        Some(path) => Asked::new(records, subject, action, &path, details).decide(),
        None => Ruling {
            allow: false,
            rule: subject.who.rule(),
            level: Some(Level(0)),
            needs: records.least(action.0).map(Level),
        },
    }
}

/// When an answer for this subject next changes by a bound after `now`.
pub(super) fn changes_at(records: &Records, subject: &Subject, now: u64) -> Option<u64> {
    let mut next: Option<u64> = None;
    each_bounds(records, subject, &mut |bounds| {
        // A span that is over before it begins never counts.
        let ends = [bounds.from, bounds.until].into_iter().filter(|_| bounds.from < bounds.until);
        let later = ends.filter(|end| *end > now && *end < u64::MAX).min();
        next = next.into_iter().chain(later).min();
    });
    next
}

/// Whether an answer for this subject depends on the time.
pub(super) fn is_timed(records: &Records, subject: &Subject) -> bool {
    let mut is_timed = false;
    each_bounds(records, subject, &mut |_| is_timed = true);
    is_timed
}

/// Visits the bounds of every grant that the subject holds, together with those of its assignment.
fn each_bounds(records: &Records, subject: &Subject, visit: &mut dyn FnMut(Bounds)) {
    let withins = subject.withins.iter().flat_map(|within| &within.shares);
    for share in subject.shares.iter().chain(withins) {
        let Some(table) = subject.table(records, share) else { continue };
        if share.bounds.is_some() || table.has_bounds() {
            table.each(&mut |matched| {
                if let Some(bounds) = Bounds::both(share.bounds, matched.bounds()) {
                    visit(bounds);
                }
            });
        }
    }
}
