//! The permission tree: which rules stand where, and what they come to for one role or user.
//!
//! All paths that have a rule are numbered so that a path comes right before all that is below it. So what
//! lies below a path is a range of numbers, and one pass over a sorted list of them meets each path with the
//! nearest path above it.

use std::ops::Range;

use super::vocabulary::Action;
use crate::tables::names::{NameId, Names};
use crate::tables::sort::sort;

/// A rule as it stands in the records.
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

/// The actions that a rule, or all rules above, allow and deny. No action is in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// A bit for each allowed action.
    pub allow: u32,
    /// A bit for each denied action.
    pub deny: u32,
}

impl Masks {
    /// Adds a rule. It clears an earlier one for the same path and action.
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

    /// These rules where others stand above: the nearest rule of an action counts.
    // Source: WSO2 kernel, `PermissionTree` and `TreeNode`.
    fn below(self, above: Self) -> Self {
        Self { allow: (above.allow & !self.deny) | self.allow, deny: (above.deny & !self.allow) | self.deny }
    }
}

/// A path that has a rule.
#[derive(Debug)]
struct Place {
    path: NameId,
    /// The number after the last path below this one.
    end: u32,
    /// Whether some rule for `ui.execute` names the path.
    has_ui: bool,
}

/// What the rules of one user or role come to at a path.
#[derive(Clone, Copy, Debug)]
struct Grant {
    place: u32,
    masks: Masks,
}

/// The grants of one user or role: empty for one without rules.
pub type Span = Range<usize>;

/// All rules.
#[derive(Debug)]
pub struct Tree {
    /// The paths, without a leading slash, and the keys of users and roles.
    pub names: Names,
    places: Vec<Place>,
    grants: Vec<Grant>,
}

/// What one subject may at a path and below it, up to the next such path.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// The path, without a leading slash.
    pub path: NameId,
    /// What the subject's own rules allow.
    pub own: u32,
    /// What the rules of at least one of its roles allow.
    pub roles: u32,
    /// What nothing allows and a nearest rule denies.
    pub denied: u32,
}

/// What the rules of one role, or a user's own, come to at a path, and what they come to above it.
struct Turn {
    place: u32,
    is_own: bool,
    here: Masks,
    above: Masks,
}

/// The actions that at least one of some masks has, while masks come and go.
#[derive(Default)]
struct Counted {
    counts: [u32; 32],
    mask: u32,
}

impl Counted {
    /// Puts a mask in the place of another.
    fn replace(&mut self, old: u32, new: u32) {
        let mut bit = 1_u32;
        for count in &mut self.counts {
            *count = count.saturating_add(u32::from(new & bit != 0)).saturating_sub(u32::from(old & bit != 0));
            self.mask = if *count > 0 { self.mask | bit } else { self.mask & !bit };
            bit <<= 1;
        }
    }
}

/// What a subject's own rules allow, what its roles' do, and what any of them denies.
#[derive(Default)]
struct Held {
    own: Counted,
    roles: Counted,
    denied: Counted,
}

impl Held {
    fn replace(&mut self, is_own: bool, old: Masks, new: Masks) {
        // Source: WSO2 kernel, `isUserAuthorized`: allowed if any role is, each by its own walk. A deny takes
        // away from its own role alone.
        let allowed = if is_own { &mut self.own } else { &mut self.roles };
        allowed.replace(old.allow, new.allow);
        self.denied.replace(old.deny, new.deny);
    }
}

impl Tree {
    /// The tree of these rules, and the grants of each user or role that has some, by its number.
    pub fn new(names: Names, rules: &[StoredRule]) -> (Self, Vec<(u32, Span)>) {
        let (places, numbers) = places(&names, rules);
        let mut numbered = Vec::with_capacity(rules.len());
        for rule in rules {
            numbered.push((rule.principal, numbers.get(rule.path.place()).copied().unwrap_or(0), rule));
        }
        // Equal ones keep their order: the later rule replaces the earlier.
        sort(&mut numbered, |a, b| (a.0, a.1).cmp(&(b.0, b.1)));

        let mut tree = Self { names, places, grants: Vec::new() };
        let mut spans = Vec::new();
        for of_one in numbered.chunk_by(|a, b| a.0 == b.0) {
            let start = tree.grants.len();
            let mut above: Vec<Grant> = Vec::new();
            for at_one in of_one.chunk_by(|a, b| a.1 == b.1) {
                let Some((_, place, _)) = at_one.first() else { continue };
                let mut masks = Masks::default();
                at_one.iter().for_each(|(_, _, rule)| masks.add(rule));
                while above.last().is_some_and(|above| tree.end(above.place) <= *place) {
                    above.pop();
                }
                let nearest = above.last().map_or_else(Masks::default, |above| above.masks);
                let grant = Grant { place: *place, masks: masks.below(nearest) };
                above.push(grant);
                tree.grants.push(grant);
            }
            if let Some((principal, _, _)) = of_one.first() {
                spans.push((*principal, start..tree.grants.len()));
            }
        }
        tree.grants.shrink_to_fit();
        (tree, spans)
    }

    /// What a subject with rules of its own and with these roles may, at each path where one of their rules
    /// stands, in the order of the paths.
    pub fn reach(&self, own: &Span, roles: &[Span]) -> Vec<Reach> {
        let mut turns: Vec<Turn> = Vec::new();
        for (is_own, span) in roles.iter().map(|role| (false, role)).chain([(true, own)]) {
            let mut open: Vec<&Grant> = Vec::new();
            for grant in self.granted(span) {
                while open.last().is_some_and(|above| self.end(above.place) <= grant.place) {
                    open.pop();
                }
                let above = open.last().map_or_else(Masks::default, |above| above.masks);
                turns.push(Turn { place: grant.place, is_own, here: grant.masks, above });
                open.push(grant);
            }
        }
        // Those of one role are sorted already.
        if !turns.is_sorted_by_key(|turn| turn.place) {
            sort(&mut turns, |a, b| a.place.cmp(&b.place));
        }
        self.sweep(&turns)
    }

    /// Goes through the turns of all roles at once, in the order of the paths. At the end of what lies below a path
    /// each turn there is undone, so the work is that of the turns, however many roles there are.
    fn sweep(&self, turns: &[Turn]) -> Vec<Reach> {
        let mut reach: Vec<Reach> = Vec::new();
        let mut held = Held::default();
        let mut open: Vec<&Turn> = Vec::new();
        for at_one in turns.chunk_by(|a, b| a.place == b.place) {
            let Some(place) = at_one.first().map(|turn| turn.place) else { continue };
            while let Some(left) = open.pop_if(|turn| self.end(turn.place) <= place) {
                held.replace(left.is_own, left.here, left.above);
            }
            for turn in at_one {
                held.replace(turn.is_own, turn.above, turn.here);
                open.push(turn);
            }
            if let Some(Place { path, .. }) = self.places.get(index(place)) {
                let (own, roles) = (held.own.mask, held.roles.mask);
                reach.push(Reach { path: *path, own, roles, denied: held.denied.mask & !(own | roles) });
            }
        }
        reach
    }

    /// One mask of a reach as a root value and the paths where it changes.
    pub fn changes<'t>(&'t self, reach: &[Reach], mask: fn(&Reach) -> u32) -> (u32, Vec<(&'t str, u32)>) {
        let mut root = 0;
        let mut changes = Vec::new();
        let mut above: Vec<(&str, u32)> = Vec::new();
        for reach in reach {
            let path = self.names.text(reach.path);
            while above.last().is_some_and(|(above, _)| !covers(above, path)) {
                above.pop();
            }
            let value = mask(reach);
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

    /// The paths of one user or role with what its rules come to there, in the order of the paths.
    pub fn grants_of(&self, span: &Span) -> impl Iterator<Item = (&str, Masks)> {
        self.granted(span).iter().filter_map(|grant| {
            let place = self.places.get(index(grant.place))?;
            Some((self.names.text(place.path), grant.masks))
        })
    }

    /// The paths that some rule for `ui.execute` names, in their order.
    pub fn ui_paths(&self) -> impl Iterator<Item = &str> {
        self.places.iter().filter(|place| place.has_ui).map(|place| self.names.text(place.path))
    }

    fn granted(&self, span: &Span) -> &[Grant] {
        self.grants.get(span.clone()).unwrap_or(&[])
    }

    fn end(&self, place: u32) -> u32 {
        self.places.get(index(place)).map_or(0, |place| place.end)
    }
}

/// The paths of the rules in their order, each once, and the number of each by the place of its name.
fn places(names: &Names, rules: &[StoredRule]) -> (Vec<Place>, Vec<u32>) {
    let mut numbers = vec![u32::MAX; names.len()];
    let mut paths = Vec::new();
    for rule in rules {
        if let Some(number) = numbers.get_mut(rule.path.place()).filter(|number| **number == u32::MAX) {
            *number = 0;
            paths.push(rule.path);
        }
    }
    sort(&mut paths, |a, b| names.text(*a).split('/').cmp(names.text(*b).split('/')));

    let mut places: Vec<Place> = Vec::with_capacity(paths.len());
    let mut open: Vec<usize> = Vec::new();
    for (number, path) in (0_u32..).zip(paths) {
        if let Some(place) = numbers.get_mut(path.place()) {
            *place = number;
        }
        while let Some(last) = open.last().and_then(|last| places.get_mut(*last)) {
            if covers(names.text(last.path), names.text(path)) {
                break;
            }
            last.end = number;
            open.pop();
        }
        open.push(places.len());
        places.push(Place { path, end: u32::MAX, has_ui: false });
    }
    for rule in rules.iter().filter(|rule| rule.action == Action::UiExecute) {
        let number = numbers.get(rule.path.place()).copied().unwrap_or(u32::MAX);
        if let Some(place) = places.get_mut(index(number)) {
            place.has_ui = true;
        }
    }
    (places, numbers)
}

/// Whether a path is above another one, part by part.
pub fn covers(above: &str, path: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|below| below.starts_with('/'))
}

/// A number as a place in a list.
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
