//! Who may do what: the walk down the permission tree, and what stands before it.
//!
//! Everything that does not depend on the question is settled when a subject is prepared: for each path where
//! a rule of the subject stands, what it comes to there. A question then only looks for the deepest such path
//! at or above its resource: part by part, among the paths that begin with the parts so far, so that no part is
//! compared again for a deeper path.

use std::cmp::Ordering;

use super::model::{Records, ANONYMOUS_USER, SYSTEM_USER};
use super::resource::{self, Spelled};
use super::tree::{covers, Reach, Span};
use super::vocabulary::{Action, Rule, Wso2};
use crate::error::Error;
use crate::system::{owned, Principal, Ruling};
use crate::tables::digest::Digest;
use crate::tables::letters::same_folded;
use crate::tables::names::{sort_pairs, Names};
use crate::tables::text::concat;
use crate::tables::word::Word;

/// The key of the only role of the anonymous user.
const ANONYMOUS_ROLE: &str = "role system/wso2.anonymous.role";

/// What one user or role may, prepared for questions.
#[derive(Debug)]
pub struct Subject {
    standing: Standing,
    /// What the rules come to at each path where one stands, in the order of the tree.
    reach: Vec<Reach>,
}

/// How a subject is asked about.
#[derive(Clone, Copy, Debug)]
enum Standing {
    /// Every question is allowed by this rule, before its action is looked at.
    Above(Rule),
    /// Every question is denied by this rule.
    Outside(Rule),
    /// A user goes through the tree; this rule denies where nothing is found.
    User(Rule),
    /// A role goes through the tree by itself.
    Role(Rule),
}

/// What a user or a role holds.
pub fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
    match principal {
        Principal::Anonymous => user(records, None),
        Principal::User(id) => user(records, Some(id)),
        Principal::Role(name) => role(records, name),
    }
}

/// Prepares the user of this name; `None` did not sign in, and has nothing, not even what everyone has.
// Source: WSO2 kernel, `JDBCAuthorizationManager.isUserAuthorized`, in its order.
pub fn user(records: &Records, id: Option<&str>) -> Subject {
    let Some(id) = id else { return Subject::bare(Standing::Outside(Rule::NotSignedIn)) };
    if id == SYSTEM_USER {
        return Subject::bare(Standing::Above(Rule::SystemUser));
    }
    // Upstream has error 32103 for an unknown domain: nobody signs in with such a name.
    let Some(name) = records.stores.user(id) else { return Subject::bare(Standing::Outside(Rule::UnknownDomain)) };
    if name.local.is_empty() {
        return Subject::bare(Standing::Outside(Rule::NotSignedIn));
    }
    let user = records.principal(&name.key());
    // Upstream asks for sessions alone, and an inactive user has none. An answer here may be taken for one.
    if user.is_some_and(|user| !user.active) {
        return Subject::bare(Standing::Outside(Rule::InactiveUser));
    }
    if records.realm.passes(&name) {
        return Subject::bare(Standing::Above(Rule::AdminUser));
    }
    // A rule that names a user counts before anybody asks whether the user exists, as upstream.
    let own = user.map_or_else(Span::default, |user| user.grants.clone());
    let role = |key: &str| records.principal(key).map(|role| role.grants.clone());
    if name.store.is_primary() && same_folded(name.local, ANONYMOUS_USER) {
        let roles = Vec::from_iter(role(ANONYMOUS_ROLE));
        return Subject::through_tree(records, Standing::User(Rule::AnonymousUser), &own, &roles);
    }
    let listed = user.filter(|user| user.listed);
    let nothing = if listed.is_some() { Rule::NoRule } else { Rule::UnknownUser };
    let mut roles = Vec::new();
    let mut add = |grants: Span| {
        if !grants.is_empty() {
            roles.push(grants);
        }
    };
    if let Some(user) = listed {
        records.roles_of(user).for_each(|role| add(role.grants.clone()));
    }
    role(&records.realm.everyone_role).into_iter().for_each(add);
    Subject::through_tree(records, Standing::User(nothing), &own, &roles)
}

impl Records {
    /// The keys of the roles that count for users without being given to them.
    #[cfg(feature = "tools")]
    pub(super) fn roles_of_everyone(&self) -> [String; 2] {
        [self.realm.everyone_role.clone(), ANONYMOUS_ROLE.to_owned()]
    }
}

/// Prepares a role as if it asked itself: its own walk alone, and nobody passes the tree.
// Source: WSO2 kernel, `isRoleAuthorized`.
pub fn role(records: &Records, name: &str) -> Subject {
    let Some(name) = records.stores.role(name) else {
        return Subject::bare(Standing::Outside(Rule::UnknownDomain));
    };
    let role = records.principal(&name.key());
    let nothing = if role.is_some_and(|role| role.listed) { Rule::NoRule } else { Rule::UnknownRole };
    let roles = Vec::from_iter(role.map(|role| role.grants.clone()));
    Subject::through_tree(records, Standing::Role(nothing), &Span::default(), &roles)
}

/// Whether the subject may do this.
pub fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Wso2> {
    let (nothing, with_versions) = match subject.standing {
        Standing::Above(rule) => return Ruling::allow(rule),
        Standing::Outside(rule) => return Ruling::deny(rule),
        Standing::User(nothing) => (nothing, true),
        Standing::Role(nothing) => (nothing, false),
    };
    let preserve_case = records.realm.preserve_case;
    let resource = if with_versions { resource::without_last_version(resource) } else { resource };
    let spelled;
    let path = if resource::needs_spelling(resource, with_versions, preserve_case) {
        spelled = Spelled::new(resource, with_versions, preserve_case);
        spelled.path()
    } else {
        resource
    };
    let path = path.strip_prefix('/').unwrap_or(path);
    let Some(held) = subject.deepest(&records.tree.names, path) else { return Ruling::deny(nothing) };
    let bit = action.bit();
    // Source: WSO2 kernel, `isUserAuthorized`: the user's own rules only ever add; a deny among them falls
    // through to the roles.
    if held.own & bit != 0 {
        Ruling::allow(Rule::UserRule)
    } else if held.roles & bit != 0 {
        Ruling::allow(Rule::RoleRule)
    } else if held.denied & bit != 0 {
        Ruling::deny(Rule::DenyRule)
    } else {
        Ruling::deny(nothing)
    }
}

/// Those of some paths, which are alike up to `start`, that go on with this part.
#[inline]
fn with_part<'s>(names: &Names, reach: &'s [Reach], start: usize, part: &[u8]) -> &'s [Reach] {
    let compare = |reach: &Reach| compare_part(names.text(reach.path).as_bytes().get(start..).unwrap_or(&[]), part);
    let is_in = |reach: Option<&Reach>| reach.is_some_and(|reach| compare(reach) == Ordering::Equal);
    if is_in(reach.first()) && is_in(reach.last()) {
        return reach;
    }
    let from = reach.partition_point(|reach| compare(reach) == Ordering::Less);
    let reach = reach.get(from..).unwrap_or(&[]);
    reach.get(..reach.partition_point(|reach| compare(reach) == Ordering::Equal)).unwrap_or(&[])
}

/// Compares the first part of a path with a part. `/` comes before every other byte, as in the order of the tree.
#[inline]
fn compare_part(path: &[u8], part: &[u8]) -> Ordering {
    for (other, byte) in path.iter().zip(part) {
        if other != byte {
            return if *other == b'/' { Ordering::Less } else { other.cmp(byte) };
        }
    }
    match path.get(part.len()) {
        None if path.len() < part.len() => Ordering::Less,
        Some(b'/') | None => Ordering::Equal,
        Some(_) => Ordering::Greater,
    }
}

/// The action of this name; an unknown one is an error, except for those who are above the tree.
// Source: WSO2 kernel, `isUserAuthorized`: the bypass comes first, the action is not even checked.
pub fn action(subject: &Subject, name: &str) -> Result<Action, Error> {
    match (Action::named(name), subject.standing) {
        (Some(action), _) => Ok(action),
        (None, Standing::Above(_)) => Ok(Action::Get),
        (None, Standing::Outside(_) | Standing::User(_) | Standing::Role(_)) => {
            let known = owned(Action::WORDS);
            Err(Error::UnknownAction { name: name.to_owned(), known, code: "invalid_action" })
        }
    }
}

/// The paths of the console that the subject may use, of those that some rule names, without those whose
/// direct parent it may use and some rule names too.
// Source: WSO2 kernel, `getAllowedUIResourcesForUser`. Its clean-up keeps `/a/b/c` where it has dropped `/a/b`
// for `/a`; we read "direct parent" over the paths before anything is dropped.
pub fn reach(records: &Records, subject: &Subject) -> Vec<String> {
    let mut paths = Vec::new();
    // The allowed paths above the one at hand.
    let mut above: Vec<&str> = Vec::new();
    for path in records.tree.ui_paths() {
        if !decide(records, subject, Action::UiExecute, path).allow {
            continue;
        }
        while above.last().is_some_and(|above| !covers(above, path)) {
            above.pop();
        }
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        if path.is_empty() || above.last() != Some(&parent) {
            paths.push(concat(&["/", path]));
        }
        above.push(path);
    }
    paths
}

impl Subject {
    fn bare(standing: Standing) -> Self {
        Self { standing, reach: Vec::new() }
    }

    fn through_tree(records: &Records, standing: Standing, own: &Span, roles: &[Span]) -> Self {
        let reach = records.tree.reach(own, roles);
        Self { standing, reach }
    }

    /// What the subject may at the deepest of its paths at or above this one.
    // A part that is empty ends the resource, inside (upstream stops there) as at its end. A path that no rule
    // of the subject names says nothing, so the walk goes on where upstream's would have left the tree: below
    // such a path there is no rule either.
    #[inline]
    fn deepest(&self, names: &Names, path: &str) -> Option<&Reach> {
        let (first, others) = self.reach.split_first()?;
        let text = names.text(first.path).as_bytes();
        let path = path.as_bytes();
        // Those that begin with the parts so far, without the path of exactly these parts.
        let (mut found, mut below) = if text.is_empty() { (Some(first), others) } else { (None, &*self.reach) };
        let mut start = 0_usize;
        loop {
            let rest = path.get(start..).unwrap_or(&[]);
            let length = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            if length == 0 || below.is_empty() {
                return found;
            }
            let part = rest.get(..length).unwrap_or(&[]);
            let end = start.saturating_add(length);
            below = with_part(names, below, start, part);
            // A path comes right before all that is below it.
            if let Some((first, others)) = below.split_first().filter(|(first, _)| names.text(first.path).len() == end)
            {
                (found, below) = (Some(first), others);
            }
            start = end.saturating_add(1);
        }
    }

    /// Writes down what the subject holds.
    pub fn digest(&self, records: &Records, digest: &mut Digest) {
        let (kind, rule) = match self.standing {
            Standing::Above(rule) => ("above", rule),
            Standing::Outside(rule) => ("outside", rule),
            Standing::User(rule) => ("user", rule),
            Standing::Role(rule) => ("role", rule),
        };
        digest.text(kind);
        digest.text(rule.word());
        digest.flag(records.realm.preserve_case);
        let masks: [fn(&Reach) -> u32; 3] = [|reach| reach.own, |reach| reach.roles, |reach| reach.denied];
        for mask in masks {
            let (root, mut changes) = records.tree.changes(&self.reach, mask);
            sort_pairs(&mut changes);
            digest.number(root);
            digest.pairs(&changes);
        }
    }
}
