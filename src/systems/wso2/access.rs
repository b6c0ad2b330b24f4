//! Who may do what: the walk down the permission tree, and what stands before it.
//!
//! Everything that does not depend on the question is settled when a subject is prepared: for each path where
//! a rule of the subject stands, what it comes to there. A question then only looks for the deepest such path
//! at or above its resource.

use super::action::Action;
use super::model::{Records, ANONYMOUS_USER, SYSTEM_USER};
use super::resource::{self, Spelled};
use super::tree::{covers, Reach, Span};
use super::{Rule, Wso2};
use crate::decision::Ruling;
use crate::digest::Digest;
use crate::error::Error;
use crate::letters::same_folded;
use crate::names::{hash, Names, Table};
use crate::word::Word;

/// The key of the only role of the anonymous user.
const ANONYMOUS_ROLE: &str = "role system/wso2.anonymous.role";

/// The last bit of [`Subject::depths`].
const DEEPEST: u32 = u16::BITS.saturating_sub(1);

/// What one user or role may, prepared for questions.
#[derive(Debug)]
pub struct Subject {
    standing: Standing,
    /// A bit for each count of parts that some path in the tables has; the last one is for all longer paths.
    depths: u16,
    own: Grants,
    roles: Grants,
    denied: Grants,
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

/// A mask of actions for every path, kept where it changes: at the root, and below.
#[derive(Debug, Default)]
struct Grants {
    root: u32,
    table: Table<26>,
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
    let names = &records.tree.names;
    let holds = |grants: &Grants| grants.mask(names, path, subject.depths) & action.bit() != 0;
    // Source: WSO2 kernel, `isUserAuthorized`: the user's own rules only ever add; a deny among them falls
    // through to the roles.
    if holds(&subject.own) {
        Ruling::allow(Rule::UserRule)
    } else if holds(&subject.roles) {
        Ruling::allow(Rule::RoleRule)
    } else if holds(&subject.denied) {
        Ruling::deny(Rule::DenyRule)
    } else {
        Ruling::deny(nothing)
    }
}

/// An unknown action is an error, except for those who are above the tree.
// Source: WSO2 kernel, `isUserAuthorized`: the bypass comes first, the action is not even checked.
pub fn unknown_action(subject: &Subject, name: &str) -> Result<Ruling<Wso2>, Error> {
    match subject.standing {
        Standing::Above(rule) => Ok(Ruling::allow(rule)),
        Standing::Outside(_) | Standing::User(_) | Standing::Role(_) => {
            Err(Error::UnknownAction { name: name.to_owned(), known: Action::WORDS, code: "invalid_action" })
        }
    }
}

/// The paths of the console that the subject may use, of those that some rule names, without those whose
/// direct parent it may use and some rule names too.
// Source: WSO2 kernel, `getAllowedUIResourcesForUser`. Its clean-up keeps `/a/b/c` where it has dropped `/a/b`
// for `/a`; we read "direct parent" over the paths before anything is dropped.
pub fn listing(records: &Records, subject: &Subject) -> Vec<String> {
    let mut listing = Vec::new();
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
            listing.push(["/", path].concat());
        }
        above.push(path);
    }
    listing
}

impl Subject {
    fn bare(standing: Standing) -> Self {
        Self { standing, depths: 0, own: Grants::default(), roles: Grants::default(), denied: Grants::default() }
    }

    fn through_tree(records: &Records, standing: Standing, own: &Span, roles: &[Span]) -> Self {
        let reach = records.tree.reach(own, roles);
        let mut depths = 0;
        let mut grants = |mask: fn(&Reach) -> u32| {
            let names = &records.tree.names;
            let (root, changes) = records.tree.changes(&reach, mask);
            for (_, path, _) in &changes {
                let parts = names.text(*path).split('/').count();
                depths |= 1 << u32::try_from(parts).unwrap_or(u32::MAX).min(DEEPEST);
            }
            Grants { root, table: Table::with_hashes(names, &changes) }
        };
        let own = grants(|reach| reach.own);
        let roles = grants(|reach| reach.roles);
        let denied = grants(|reach| reach.denied);
        Self { standing, depths, own, roles, denied }
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
        for grants in [&self.own, &self.roles, &self.denied] {
            digest.number(grants.root);
            digest.pairs(&grants.table.sorted(&records.tree.names));
        }
    }
}

impl Grants {
    /// The mask at the deepest path that this table has at or above the resource.
    // A part that is empty ends the resource, inside (upstream stops there) as at its end. A path that no rule
    // of the subject names says nothing, so the walk goes on where upstream's would have left the tree: below
    // such a path there is no rule either.
    #[inline]
    fn mask(&self, names: &Names, path: &str, depths: u16) -> u32 {
        let mut mask = self.root;
        if self.table.is_empty() {
            return mask;
        }
        let mut seed = 0;
        let mut start = 0_usize;
        let mut depth = 1_u32;
        loop {
            let deeper = depths >> depth.min(DEEPEST);
            let rest = path.as_bytes().get(start..).unwrap_or(&[]);
            let length = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            if length == 0 || deeper == 0 {
                return mask;
            }
            let end = start.saturating_add(length);
            seed = hash(seed, rest.get(..length).unwrap_or(&[]));
            if deeper & 1 == 1 {
                let found = path.get(..end).and_then(|above| self.table.get_hashed(names, above, seed));
                mask = found.unwrap_or(mask);
            }
            start = end.saturating_add(1);
            depth = depth.saturating_add(1);
        }
    }
}
