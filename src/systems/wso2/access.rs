//! Access decisions: the rights in the permission tree, and the checks before it.
//!
//! Everything that does not depend on the question is computed when records are opened or a subject is resolved: for
//! each path that has a rule, the rights there, of the user's own rules and of all its roles together. A question then
//! looks for the longest such path at or above its resource, in `nearest.rs`.

use super::model::{Records, ANONYMOUS_USER, SYSTEM_USER};
use super::nearest::nearest_masks;
use super::resource::{self, NormalizedPath};
use super::tree::{covers, Grants, Masks};
use super::vocabulary::{Action, Rule, Wso2};
use crate::error::Error;
use crate::system::{to_strings, Principal, Ruling};
use crate::tables::bytes::find_byte;
use crate::tables::digest::Digest;
use crate::tables::letters::equals_ignoring_case;
use crate::tables::names::sort_pairs;
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
