//! Access decisions: the search in the permission tree, and the checks before it.
//!
//! Everything that does not depend on the question is computed when records are opened or a subject is resolved: for
//! each path that has a rule, the rights there, of the user's own rules and of all its roles together. A question then
//! looks for the longest such path at or above its resource. The search goes segment by segment among the paths that
//! begin with the segments so far, so it compares no segment twice.

use std::cmp::Ordering;

use super::model::{Records, ANONYMOUS_USER, SYSTEM_USER};
use super::resource::{self, NormalizedPath};
use super::tree::{covers, rank, Grant, Grants, Masks, END_RANK};
use super::vocabulary::{Action, Rule, Wso2};
use crate::error::Error;
use crate::system::{to_strings, Principal, Ruling};
use crate::tables::bytes::{find_byte, first_difference};
use crate::tables::digest::Digest;
use crate::tables::letters::equals_ignoring_case;
use crate::tables::names::{sort_pairs, Names};
use crate::tables::text::{concat, rsplit_once, strip_first};
use crate::tables::word::Word;

/// The key of the only role of the anonymous user.
const ANONYMOUS_ROLE: &str = "role system/wso2.anonymous.role";

/// The rights of one user or role, prepared for questions.
#[derive(Debug)]
pub struct Subject {
    status: Status,
    /// The grants of the subject's own rules.
    own: Grants,
    /// The grants of its roles together.
    roles: Grants,
}

/// How questions about a subject are decided.
#[derive(Clone, Copy, Debug)]
enum Status {
    /// This rule allows every question, even one with an unknown action.
    AllowAll(Rule),
    /// This rule denies every question.
    DenyAll(Rule),
    /// A user: the tree decides. This rule denies if the tree has no rule for the question.
    User(Rule),
    /// A role without a user: the tree decides. This rule denies if the tree has no rule for the question.
    Role(Rule),
}

/// The rights of a user or a role.
pub fn resolve(records: &Records, principal: Principal<'_>) -> Subject {
    match principal {
        Principal::Anonymous => resolve_user(records, None),
        Principal::User(id) => resolve_user(records, Some(id)),
        Principal::Role(name) => resolve_role(records, name),
    }
}

/// The rights of the user with this name. `None` is a caller who is not signed in: it has no rights, not even those
/// of the everyone role.
// Source: WSO2 kernel, `JDBCAuthorizationManager.isUserAuthorized`, in its order.
pub fn resolve_user(records: &Records, id: Option<&str>) -> Subject {
    let Some(id) = id else { return Subject::bare(Status::DenyAll(Rule::NotSignedIn)) };
    if id == SYSTEM_USER {
        return Subject::bare(Status::AllowAll(Rule::SystemUser));
    }
    // Upstream has error 32103 for an unknown domain: a user with such a name cannot sign in.
    let Some(name) = records.stores.user(id) else { return Subject::bare(Status::DenyAll(Rule::UnknownDomain)) };
    if name.local.is_empty() {
        return Subject::bare(Status::DenyAll(Rule::NotSignedIn));
    }
    let user = records.principal(&name.key());
    // Upstream decides only for sessions, and an inactive user has no session. Our callers may not check that.
    if user.is_some_and(|user| !user.active) {
        return Subject::bare(Status::DenyAll(Rule::InactiveUser));
    }
    if records.realm.skips_tree(&name) {
        return Subject::bare(Status::AllowAll(Rule::AdminUser));
    }
    // As upstream, a rule for a user counts even if the records do not list the user.
    let own = user.map_or_else(Grants::default, |user| user.grants.clone());
    let role = |key: &str| records.principal(key).map(|role| role.grants.clone());
    if name.store.is_primary() && equals_ignoring_case(name.local, ANONYMOUS_USER) {
        let roles = Vec::from_iter(role(ANONYMOUS_ROLE));
        return Subject::through_tree(records, Status::User(Rule::AnonymousUser), own, &roles);
    }
    let listed = user.filter(|user| user.listed);
    let nothing = if listed.is_some() { Rule::NoRule } else { Rule::UnknownUser };
    let mut roles = Vec::new();
    let mut add = |grants: Grants| {
        if !grants.as_slice().is_empty() {
            roles.push(grants);
        }
    };
    if let Some(user) = listed {
        records.roles_of(user).for_each(|role| add(role.grants.clone()));
    }
    role(&records.realm.everyone_role).into_iter().for_each(add);
    Subject::through_tree(records, Status::User(nothing), own, &roles)
}

impl Records {
    /// The keys of the roles that users have without an assignment.
    #[cfg(feature = "tools")]
    pub(super) fn roles_of_everyone(&self) -> [String; 2] {
        [self.realm.everyone_role.clone(), ANONYMOUS_ROLE.to_owned()]
    }
}

/// The rights of a role on its own: only its own rules count, and no role skips the tree.
// Source: WSO2 kernel, `isRoleAuthorized`.
pub fn resolve_role(records: &Records, name: &str) -> Subject {
    let Some(name) = records.stores.role(name) else {
        return Subject::bare(Status::DenyAll(Rule::UnknownDomain));
    };
    let role = records.principal(&name.key());
    let nothing = if role.is_some_and(|role| role.listed) { Rule::NoRule } else { Rule::UnknownRole };
    let roles = Vec::from_iter(role.map(|role| role.grants.clone()));
    Subject::through_tree(records, Status::Role(nothing), Grants::default(), &roles)
}

/// Decides whether the subject may perform the action on the resource.
pub fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Wso2> {
    let (nothing, with_versions) = match subject.status {
        Status::AllowAll(rule) => return Ruling::allow(rule),
        Status::DenyAll(rule) => return Ruling::deny(rule),
        Status::User(nothing) => (nothing, true),
        Status::Role(nothing) => (nothing, false),
    };
    let preserve_case = records.realm.preserve_case;
    let with_versions = with_versions && find_byte(resource.as_bytes(), b';').is_some();
    let resource = if with_versions { resource::without_last_version(resource) } else { resource };
    let normalized;
    let path = if resource::needs_normalization(resource, with_versions, preserve_case) {
        normalized = NormalizedPath::new(resource, with_versions, preserve_case);
        normalized.path()
    } else {
        resource
    };
    let path = strip_first(path, b'/').unwrap_or(path);
    let nearest = |grants: &Grants| nearest_masks(&records.tree.names, grants.as_slice(), path.as_bytes());
    let bit = action.bit();
    // Source: WSO2 kernel, `isUserAuthorized`: the user's own rules only add rights. If one of them denies, the roles
    // decide.
    let own = nearest(&subject.own);
    if own.allow & bit != 0 {
        return Ruling::allow(Rule::UserRule);
    }
    let roles = nearest(&subject.roles);
    if roles.allow & bit != 0 {
        Ruling::allow(Rule::RoleRule)
    } else if (own.deny | roles.deny) & bit != 0 {
        Ruling::deny(Rule::DenyRule)
    } else {
        Ruling::deny(nothing)
    }
}

/// The rights at the longest of these paths that is at or above `path`.
// An empty segment ends the resource, in the middle (upstream stops there) and at the end. If the subject has no rule at
// a path, the search goes on below it, where upstream's search ends. The result is the same, because no rules exist
// below such a path either.
fn nearest_masks(names: &Names, grants: &[Grant], path: &[u8]) -> Masks {
    let (mut nearest, mut below, mut start) = (None, grants, 0_usize);
    // The root is above every path.
    if let Some((root, others)) = grants.split_first().filter(|(first, _)| names.bytes(first.path).is_empty()) {
        (nearest, below) = (Some(root), others);
    }
    while let (Some(first), Some(last)) = (below.first(), below.last()) {
        let (first_path, last_path) = (names.bytes(first.path), names.bytes(last.path));
        let shared = shared_end(first_path, last_path, path, start);
        let is_end = |path: &[u8]| rank(path, shared) <= END_RANK;
        // A path comes directly before the paths below it.
        if first_path.len() < start || (first_path.len() == shared && is_end(last_path) && is_end(path)) {
            nearest = Some(first);
            below = below.get(1..).unwrap_or(&[]);
            start = first_path.len().saturating_add(1);
            continue;
        }
        // Back to the end of a segment.
        let whole = path.get(start..shared).and_then(|shared| shared.iter().rposition(|byte| *byte == b'/'));
        start = whole.map_or(start, |slash| start.saturating_add(slash).saturating_add(1));
        let rest = path.get(start..).unwrap_or(&[]);
        let segment = rest.get(..find_byte(rest, b'/').unwrap_or(rest.len())).unwrap_or(&[]);
        if segment.is_empty() {
            break;
        }
        below = paths_with_segment(names, below, start, segment);
        start = start.saturating_add(segment.len()).saturating_add(1);
    }
    nearest.map_or_else(Masks::default, |grant| grant.masks)
}

/// Where the first and the last path, and so all between them, cease to be as `path`. They are equal up to `start`.
fn shared_end(first: &[u8], last: &[u8], path: &[u8], start: usize) -> usize {
    /// Few bytes at a time, so that no path is compared much further than another one.
    const STEP: usize = 16;

    let mut shared = start;
    for part in path.get(start..).unwrap_or(&[]).chunks(STEP) {
        let to_first = first_difference(first.get(shared..).unwrap_or(&[]), part);
        let to_last = first_difference(last.get(shared..).unwrap_or(&[]), part);
        let least = to_first.min(to_last);
        shared = shared.saturating_add(least);
        if least < part.len() {
            break;
        }
    }
    shared
}

/// The paths that continue with this segment, out of paths that are equal up to `start`.
#[inline]
fn paths_with_segment<'g>(names: &Names, grants: &'g [Grant], start: usize, segment: &[u8]) -> &'g [Grant] {
    let is_in = |grant: Option<&Grant>| {
        grant.is_some_and(|grant| compare_segment(names, grant, start, segment) == Ordering::Equal)
    };
    let grants = grants.get(count_up_to(Ordering::Less, names, grants, start, segment)..).unwrap_or(&[]);
    // Most paths that are asked about have no rule.
    if !is_in(grants.first()) {
        return &[];
    }
    grants.get(..count_up_to(Ordering::Equal, names, grants, start, segment)).unwrap_or(&[])
}

/// How many paths are not behind this order. A loop of its own: the library's search calls functions at each step.
fn count_up_to(last: Ordering, names: &Names, grants: &[Grant], start: usize, segment: &[u8]) -> usize {
    let (mut first, mut count) = (0_usize, grants.len());
    while count > 0 {
        let half = count >> 1;
        let middle = first.wrapping_add(half);
        let Some(grant) = grants.get(middle) else { break };
        if compare_segment(names, grant, start, segment) <= last {
            first = middle.wrapping_add(1);
            count = count.wrapping_sub(half).wrapping_sub(1);
        } else {
            count = half;
        }
    }
    first
}

/// Compares the segment of a path that begins at `start` with a segment.
fn compare_segment(names: &Names, grant: &Grant, start: usize, segment: &[u8]) -> Ordering {
    let path = names.bytes(grant.path).get(start..).unwrap_or(&[]);
    let place = first_difference(path, segment);
    let order = rank(path, place).cmp(&rank(segment, place));
    // A longer path has the segment if the segment ends there.
    if place == segment.len() && rank(path, place) <= END_RANK {
        return Ordering::Equal;
    }
    order
}

/// The action with this name. An unknown name is an error, unless the subject skips the tree.
// Source: WSO2 kernel, `isUserAuthorized`: the bypass comes first, the action is not even checked.
pub fn parse_action(subject: &Subject, name: &str) -> Result<Action, Error> {
    match (Action::parse(name), subject.status) {
        (Some(action), _) => Ok(action),
        (None, Status::AllowAll(_)) => Ok(Action::Get),
        (None, Status::DenyAll(_) | Status::User(_) | Status::Role(_)) => {
            let known = to_strings(Action::WORDS);
            Err(Error::UnknownAction { name: name.to_owned(), known, code: "invalid_action" })
        }
    }
}

/// The paths of the console that the subject may use, among the paths that have a rule for `ui.execute`. A path is
/// left out if the subject may also use its direct parent, and the parent has such a rule too.
// Source: WSO2 kernel, `getAllowedUIResourcesForUser`. Upstream keeps `/a/b/c` after it has removed `/a/b` because of
// `/a`. We look for the direct parent among all allowed paths, before any is removed.
pub fn allowed_ui_paths(records: &Records, subject: &Subject) -> Vec<String> {
    let mut paths = Vec::new();
    // The allowed paths above the current path.
    let mut above: Vec<&str> = Vec::new();
    for path in records.tree.ui_paths() {
        if !decide(records, subject, Action::UiExecute, path).allow {
            continue;
        }
        while above.last().is_some_and(|above| !covers(above, path)) {
            above.pop();
        }
        let parent = rsplit_once(path, b'/').map_or("", |(parent, _)| parent);
        if path.is_empty() || above.last() != Some(&parent) {
            paths.push(concat(&["/", path]));
        }
        above.push(path);
    }
    paths
}

impl Subject {
    fn bare(status: Status) -> Self {
        Self { status, own: Grants::default(), roles: Grants::default() }
    }

    fn through_tree(records: &Records, status: Status, own: Grants, roles: &[Grants]) -> Self {
        Self { status, own, roles: records.tree.combine(roles) }
    }

    /// Adds the subject's rights to the digest.
    pub fn digest(&self, records: &Records, digest: &mut Digest) {
        let (kind, rule) = match self.status {
            Status::AllowAll(rule) => ("above", rule),
            Status::DenyAll(rule) => ("outside", rule),
            Status::User(rule) => ("user", rule),
            Status::Role(rule) => ("role", rule),
        };
        digest.text(kind);
        digest.text(rule.word());
        digest.flag(records.realm.preserve_case);
        let both = records.tree.combine(&[self.own.clone(), self.roles.clone()]);
        let [allowed, denied]: [fn(Masks) -> u32; 2] = [|masks| masks.allow, |masks| masks.deny];
        for (grants, mask) in [(&self.own, allowed), (&self.roles, allowed), (&both, denied)] {
            let (root, mut changes) = records.tree.mask_changes(grants, mask);
            sort_pairs(&mut changes);
            digest.number(root);
            digest.pairs(&changes);
        }
    }
}
