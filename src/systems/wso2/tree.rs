//! The permission tree: the rules at each path, and the rights of one role or user.
//!
//! The file has over 300 lines because it is one algorithm: only the numbering of the paths makes a single pass over
//! the rules of a subject possible, and neither is understood without the other.
//!
//! The paths that have a rule are numbered so that a path comes directly before the paths below it. The paths below a
//! path are therefore a range of numbers, and one pass over a sorted list of numbers meets each path together with
//! the nearest path above it.

use std::cmp::Ordering;
use std::sync::Arc;

use super::vocabulary::Action;
use crate::tables::bytes::first_difference;
use crate::tables::names::{NameId, Names};
use crate::tables::sort::sort;
use crate::tables::text::strip_first;

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

/// The rights at a path that has a rule, with the rules above it.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// The number of the path.
    place: u32,
    /// The path, without a leading slash.
    pub path: NameId,
    /// What is allowed and denied there and below, down to the next path with a grant.
    pub masks: Masks,
}

/// The grants of one user or role, or of several roles together, in the order of the paths. A clone shares them:
/// subjects need no copy of what the records have.
#[derive(Clone, Debug, Default)]
pub struct Grants(Option<Arc<Vec<Grant>>>);

impl Grants {
    fn new(grants: Vec<Grant>) -> Self {
        Self(Some(Arc::new(grants)))
    }

    /// The grants; none for a user or role without rules.
    #[inline]
    pub fn as_slice(&self) -> &[Grant] {
        self.0.as_ref().map_or(&[], |grants| grants)
    }
}

/// All rules.
#[derive(Debug)]
pub struct Tree {
    /// The paths, without a leading slash, and the keys of users and roles.
    pub names: Names,
    nodes: Vec<PathNode>,
}

/// The rights that one role gives at a path, and those it gives above it.
struct RightsChange {
    place: u32,
    path: NameId,
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

/// The actions that any of several roles allows, and that any of them denies.
#[derive(Default)]
struct CombinedRights {
    allowed: ActionCounts,
    denied: ActionCounts,
}

impl CombinedRights {
    fn replace(&mut self, old: Masks, new: Masks) {
        self.allowed.replace(old.allow, new.allow);
        self.denied.replace(old.deny, new.deny);
    }

    /// An action is allowed if any role allows it: each role is searched on its own, and a deny limits only its own role.
    // Source: WSO2 kernel, `isUserAuthorized`.
    fn masks(&self) -> Masks {
        Masks { allow: self.allowed.mask, deny: self.denied.mask & !self.allowed.mask }
    }
}

impl Tree {
    /// The tree of these rules, and the grants of each user or role that has rules, by number.
    pub fn new(names: Names, rules: &[StoredRule]) -> (Self, Vec<(u32, Grants)>) {
        let (nodes, numbers) = nodes(&names, rules);
        let mut numbered = Vec::with_capacity(rules.len());
        for rule in rules {
            numbered.push((rule.principal, numbers.get(rule.path.place()).copied().unwrap_or(0), rule));
        }
        // The sort is stable: a later rule replaces an earlier one.
        sort(&mut numbered, |a, b| (a.0, a.1).cmp(&(b.0, b.1)));

        let tree = Self { names, nodes };
        let mut grants_by_number = Vec::new();
        for of_principal in numbered.chunk_by(|a, b| a.0 == b.0) {
            let mut grants: Vec<Grant> = Vec::with_capacity(of_principal.len());
            let mut above: Vec<Grant> = Vec::new();
            for at_path in of_principal.chunk_by(|a, b| a.1 == b.1) {
                let Some((_, place, StoredRule { path, .. })) = at_path.first() else { continue };
                let mut masks = Masks::default();
                at_path.iter().for_each(|(_, _, rule)| masks.add(rule));
                while above.last().is_some_and(|above| tree.end(above.place) <= *place) {
                    above.pop();
                }
                let nearest = above.last().map_or_else(Masks::default, |above| above.masks);
                let grant = Grant { place: *place, path: *path, masks: masks.below(nearest) };
                above.push(grant);
                grants.push(grant);
            }
            if let Some((principal, _, _)) = of_principal.first() {
                grants_by_number.push((*principal, Grants::new(grants)));
            }
        }
        (tree, grants_by_number)
    }

    /// The grants of several roles together, at each path that has a rule of one of them.
    pub fn combine(&self, roles: &[Grants]) -> Grants {
        if let [role] = roles {
            return role.clone();
        }
        let mut changes_of_roles: Vec<RightsChange> = Vec::new();
        for role in roles {
            let mut open: Vec<&Grant> = Vec::new();
            for grant in role.as_slice() {
                while open.last().is_some_and(|above| self.end(above.place) <= grant.place) {
                    open.pop();
                }
                let above = open.last().map_or_else(Masks::default, |above| above.masks);
                let Grant { place, path, masks } = *grant;
                changes_of_roles.push(RightsChange { place, path, here: masks, above });
                open.push(grant);
            }
        }
        if changes_of_roles.is_empty() {
            return Grants::default();
        }
        sort(&mut changes_of_roles, |a, b| a.place.cmp(&b.place));
        Grants::new(self.sweep(&changes_of_roles))
    }

    /// Applies the changes of all roles in one pass, in the order of the paths. After the last path below a path, its
    /// changes are undone. The work depends on the number of changes, not on the number of roles.
    fn sweep(&self, changes_of_roles: &[RightsChange]) -> Vec<Grant> {
        let mut grants: Vec<Grant> = Vec::with_capacity(changes_of_roles.len());
        let mut combined = CombinedRights::default();
        let mut open: Vec<&RightsChange> = Vec::new();
        for at_path in changes_of_roles.chunk_by(|a, b| a.place == b.place) {
            let Some(RightsChange { place, path, .. }) = at_path.first() else { continue };
            while let Some(left) = open.pop_if(|change| self.end(change.place) <= *place) {
                combined.replace(left.here, left.above);
            }
            for change in at_path {
                combined.replace(change.above, change.here);
                open.push(change);
            }
            grants.push(Grant { place: *place, path: *path, masks: combined.masks() });
        }
        grants
    }

    /// One mask of the grants: its value at the root, and the paths where it changes.
    pub fn mask_changes<'t>(&'t self, grants: &Grants, mask: fn(Masks) -> u32) -> (u32, Vec<(&'t str, u32)>) {
        let mut root = 0;
        let mut changes = Vec::new();
        let mut above: Vec<(&str, u32)> = Vec::new();
        for grant in grants.as_slice() {
            let path = self.names.text(grant.path);
            while above.last().is_some_and(|(above, _)| !covers(above, path)) {
                above.pop();
            }
            let value = mask(grant.masks);
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

    /// The paths that have a rule for `ui.execute`, in order.
    pub fn ui_paths(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter(|place| place.has_ui).map(|place| self.names.text(place.path))
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
    sort(&mut paths, |a, b| compare_paths(names.bytes(*a), names.bytes(*b)));

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

/// The order of two paths, segment by segment.
fn compare_paths(a: &[u8], b: &[u8]) -> Ordering {
    let place = first_difference(a, b);
    rank(a, place).cmp(&rank(b, place))
}

/// The rank of the byte at this place in the order of paths: the end comes first, then `/`, then every other byte.
pub fn rank(path: &[u8], place: usize) -> u16 {
    match path.get(place) {
        None => 0,
        Some(b'/') => 1,
        Some(byte) => u16::from(*byte).saturating_add(2),
    }
}

/// The highest rank of the end of a segment.
pub const END_RANK: u16 = 1;

/// Whether a path is above another one, segment by segment.
pub fn covers(above: &str, path: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|below| strip_first(below, b'/').is_some())
}

/// A number as an index of a list.
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
