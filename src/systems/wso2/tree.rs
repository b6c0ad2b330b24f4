//! The permission tree: the rules at each path, and the rights of one role or user.
//!
//! The file has over 300 lines because it is one algorithm: only the numbering of the paths makes a single pass over
//! the rules of a subject possible, and neither is understood without the other.
//!
//! The paths that have a rule are numbered so that a path comes directly before the paths below it. The paths below a
//! path are therefore a range of numbers, and one pass over a sorted list of numbers meets each path together with
//! the nearest path above it.

use std::ops::Range;

use super::vocabulary::Action;
use crate::tables::names::{NameId, Names};
use crate::tables::sort::sort;
use crate::tables::text::split;

/// A rule of the records.
#[derive(Clone, Copy, Debug)]
pub struct StoredRule {
    /// The number of the user or role that the rule is for.
    pub principal: u32,
    /// The path, without a leading slash.
    pub path: NameId,
    /// The action.
    pub action: Action,
    /// Whether the rule allows; else it denies.
    pub allows: bool,
}

/// The actions that rules allow and deny, as bit masks. No action is in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// A bit for each allowed action.
    pub allow: u32,
    /// A bit for each denied action.
    pub deny: u32,
}

impl Masks {
    /// Adds a rule. It replaces an earlier one for the same path and action.
    fn add(&mut self, rule: &StoredRule) {
        let bit = rule.action.bit();
        self.allow &= !bit;
        self.deny &= !bit;
        if rule.allows {
            self.allow |= bit;
        } else {
            self.deny |= bit;
        }
    }

    /// These rules combined with the rules of the paths above: for each action the nearest rule counts.
    // Source: WSO2 kernel, `PermissionTree` and `TreeNode`.
    fn below(self, above: Self) -> Self {
        Self { allow: (above.allow & !self.deny) | self.allow, deny: (above.deny & !self.allow) | self.deny }
    }
}

/// A path that has a rule.
#[derive(Debug)]
struct PathNode {
    path: NameId,
    /// The number after the last path below this one.
    end: u32,
    /// Whether the path has a rule for `ui.execute`.
    has_ui: bool,
}

/// The rights of one user or role at a path, with the rules above it.
#[derive(Clone, Copy, Debug)]
struct Grant {
    place: u32,
    masks: Masks,
}

/// The range of the grants of one user or role; empty without rules.
pub type Span = Range<usize>;

/// All rules.
#[derive(Debug)]
pub struct Tree {
    /// The paths, without a leading slash, and the keys of users and roles.
    pub names: Names,
    nodes: Vec<PathNode>,
    grants: Vec<Grant>,
}

/// The rights of a subject at a path and below it, down to the next path with rights.
#[derive(Clone, Copy, Debug)]
pub struct PathRights {
    /// The path, without a leading slash.
    pub path: NameId,
    /// What the subject's own rules allow.
    pub own: u32,
    /// What the rules of at least one of its roles allow.
    pub roles: u32,
    /// The actions that a nearest rule denies and no rule allows.
    pub denied: u32,
}

/// The rights that one role, or the user's own rules, give at a path, and the rights they give above it.
struct RightsChange {
    place: u32,
    is_own: bool,
    here: Masks,
    above: Masks,
}

/// The actions in at least one of several masks. Masks can be added and removed.
#[derive(Default)]
struct ActionCounts {
    counts: [u32; 32],
    mask: u32,
}

impl ActionCounts {
    /// Replaces one mask with another.
    fn replace(&mut self, old: u32, new: u32) {
        let mut bit = 1_u32;
        for count in &mut self.counts {
            *count = count.saturating_add(u32::from(new & bit != 0)).saturating_sub(u32::from(old & bit != 0));
            self.mask = if *count > 0 { self.mask | bit } else { self.mask & !bit };
            bit <<= 1;
        }
    }
}

/// The actions that a subject's own rules allow, that its roles allow, and that any of them denies.
#[derive(Default)]
struct SubjectRights {
    own: ActionCounts,
    roles: ActionCounts,
    denied: ActionCounts,
}

impl SubjectRights {
    fn replace(&mut self, is_own: bool, old: Masks, new: Masks) {
        // Source: WSO2 kernel, `isUserAuthorized`: an action is allowed if any role allows it. Each role is searched
        // on its own, and a deny limits only its own role.
        let allowed = if is_own { &mut self.own } else { &mut self.roles };
        allowed.replace(old.allow, new.allow);
        self.denied.replace(old.deny, new.deny);
    }
}

impl Tree {
    /// The tree of these rules, and the range of grants of each user or role that has rules, by number.
    pub fn new(names: Names, rules: &[StoredRule]) -> (Self, Vec<(u32, Span)>) {
        let (nodes, numbers) = nodes(&names, rules);
        let mut numbered = Vec::with_capacity(rules.len());
        for rule in rules {
            numbered.push((rule.principal, numbers.get(rule.path.place()).copied().unwrap_or(0), rule));
        }
        // The sort is stable: a later rule replaces an earlier one.
        sort(&mut numbered, |a, b| (a.0, a.1).cmp(&(b.0, b.1)));

        let mut tree = Self { names, nodes, grants: Vec::new() };
        let mut spans = Vec::new();
        for of_principal in numbered.chunk_by(|a, b| a.0 == b.0) {
            let start = tree.grants.len();
            let mut above: Vec<Grant> = Vec::new();
            for at_path in of_principal.chunk_by(|a, b| a.1 == b.1) {
                let Some((_, place, _)) = at_path.first() else { continue };
                let mut masks = Masks::default();
                at_path.iter().for_each(|(_, _, rule)| masks.add(rule));
                while above.last().is_some_and(|above| tree.end(above.place) <= *place) {
                    above.pop();
                }
                let nearest = above.last().map_or_else(Masks::default, |above| above.masks);
                let grant = Grant { place: *place, masks: masks.below(nearest) };
                above.push(grant);
                tree.grants.push(grant);
            }
            if let Some((principal, _, _)) = of_principal.first() {
                spans.push((*principal, start..tree.grants.len()));
            }
        }
        tree.grants.shrink_to_fit();
        (tree, spans)
    }

    /// The rights of a subject with its own rules and with roles, at each path that has one of their rules, in the
    /// order of the paths.
    pub fn path_rights(&self, own: &Span, roles: &[Span]) -> Vec<PathRights> {
        let mut changes_of_roles: Vec<RightsChange> = Vec::new();
        for (is_own, span) in roles.iter().map(|role| (false, role)).chain([(true, own)]) {
            let mut open: Vec<&Grant> = Vec::new();
            for grant in self.granted(span) {
                while open.last().is_some_and(|above| self.end(above.place) <= grant.place) {
                    open.pop();
                }
                let above = open.last().map_or_else(Masks::default, |above| above.masks);
                changes_of_roles.push(RightsChange { place: grant.place, is_own, here: grant.masks, above });
                open.push(grant);
            }
        }
        // The changes of a single role are sorted already.
        if !changes_of_roles.is_sorted_by_key(|change| change.place) {
            sort(&mut changes_of_roles, |a, b| a.place.cmp(&b.place));
        }
        self.sweep(&changes_of_roles)
    }

    /// Applies the changes of all roles in one pass, in the order of the paths. After the last path below a path, its
    /// changes are undone. The work depends on the number of changes, not on the number of roles.
    fn sweep(&self, changes_of_roles: &[RightsChange]) -> Vec<PathRights> {
        let mut rights: Vec<PathRights> = Vec::with_capacity(changes_of_roles.len());
        let mut combined = SubjectRights::default();
        let mut open: Vec<&RightsChange> = Vec::new();
        for at_path in changes_of_roles.chunk_by(|a, b| a.place == b.place) {
            let Some(place) = at_path.first().map(|change| change.place) else { continue };
            while let Some(left) = open.pop_if(|change| self.end(change.place) <= place) {
                combined.replace(left.is_own, left.here, left.above);
            }
            for change in at_path {
                combined.replace(change.is_own, change.above, change.here);
                open.push(change);
            }
            if let Some(PathNode { path, .. }) = self.nodes.get(index(place)) {
                let (own, roles) = (combined.own.mask, combined.roles.mask);
                rights.push(PathRights { path: *path, own, roles, denied: combined.denied.mask & !(own | roles) });
            }
        }
        rights
    }

    /// One mask of the rights: its value at the root, and the paths where it changes.
    pub fn mask_changes<'t>(
        &'t self,
        rights: &[PathRights],
        mask: fn(&PathRights) -> u32,
    ) -> (u32, Vec<(&'t str, u32)>) {
        let mut root = 0;
        let mut changes = Vec::new();
        let mut above: Vec<(&str, u32)> = Vec::new();
        for rights in rights {
            let path = self.names.text(rights.path);
            while above.last().is_some_and(|(above, _)| !covers(above, path)) {
                above.pop();
            }
            let value = mask(rights);
            if value == above.last().map_or(0, |(_, value)| *value) {
                continue;
            }
            above.push((path, value));
            if path.is_empty() {
                root = value;
            } else {
                changes.push((path, value));
            }
        }
        (root, changes)
    }

    /// The paths and rights of one user or role, in the order of the paths.
    pub fn grants_of(&self, span: &Span) -> impl Iterator<Item = (&str, Masks)> {
        self.granted(span).iter().filter_map(|grant| {
            let place = self.nodes.get(index(grant.place))?;
            Some((self.names.text(place.path), grant.masks))
        })
    }

    /// The paths that have a rule for `ui.execute`, in order.
    pub fn ui_paths(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter(|place| place.has_ui).map(|place| self.names.text(place.path))
    }

    fn granted(&self, span: &Span) -> &[Grant] {
        self.grants.get(span.clone()).unwrap_or(&[])
    }

    fn end(&self, place: u32) -> u32 {
        self.nodes.get(index(place)).map_or(0, |place| place.end)
    }
}

/// The distinct paths of the rules in order, and the number of each path, by the position of its name.
fn nodes(names: &Names, rules: &[StoredRule]) -> (Vec<PathNode>, Vec<u32>) {
    let mut numbers = vec![u32::MAX; names.len()];
    let mut paths = Vec::new();
    for rule in rules {
        if let Some(number) = numbers.get_mut(rule.path.place()).filter(|number| **number == u32::MAX) {
            *number = 0;
            paths.push(rule.path);
        }
    }
    sort(&mut paths, |a, b| split(names.text(*a), b'/').cmp(split(names.text(*b), b'/')));

    let mut nodes: Vec<PathNode> = Vec::with_capacity(paths.len());
    let mut open: Vec<usize> = Vec::new();
    for (number, path) in (0_u32..).zip(paths) {
        if let Some(place) = numbers.get_mut(path.place()) {
            *place = number;
        }
        while let Some(last) = open.last().and_then(|last| nodes.get_mut(*last)) {
            if covers(names.text(last.path), names.text(path)) {
                break;
            }
            last.end = number;
            open.pop();
        }
        open.push(nodes.len());
        nodes.push(PathNode { path, end: u32::MAX, has_ui: false });
    }
    for rule in rules.iter().filter(|rule| rule.action == Action::UiExecute) {
        let number = numbers.get(rule.path.place()).copied().unwrap_or(u32::MAX);
        if let Some(place) = nodes.get_mut(index(number)) {
            place.has_ui = true;
        }
    }
    (nodes, numbers)
}

/// Whether a path is above another one, segment by segment.
pub fn covers(above: &str, path: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|below| below.starts_with('/'))
}

/// A number as an index of a list.
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
