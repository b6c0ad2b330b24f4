//! The permission tree: which rules stand where, and what they come to for one role or user.
//!
//! All paths that have a rule are numbered so that a path comes right before all that is below it. So what
//! lies below a path is a range of numbers, and one pass over a sorted list of them meets each path with the
//! nearest path above it.

use std::ops::Range;

use super::action::Action;
use crate::names::{hash, NameId, Names};
use crate::sort::sort;

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
    place: u32,
    /// What the subject's own rules allow.
    pub own: u32,
    /// What the rules of at least one of its roles allow.
    pub roles: u32,
    /// What nothing allows and a nearest rule denies.
    pub denied: u32,
}

impl Tree {
    /// The tree of these rules, and the grants of each user or role that has some, by its number.
    pub fn new(names: Names, mut rules: Vec<StoredRule>) -> (Self, Vec<(u32, Span)>) {
        sort(&mut rules, |a, b| names.text(a.path).split('/').cmp(names.text(b.path).split('/')));
        let places = places(&names, &rules);
        let mut numbered = Vec::with_capacity(rules.len());
        for (number, of_path) in (0_u32..).zip(rules.chunk_by(|a, b| a.path == b.path)) {
            for rule in of_path {
                numbered.push((rule.principal, number, rule));
            }
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

    /// What a subject with rules of its own and with these roles may, in the order of the paths.
    pub fn reach(&self, own: &Span, roles: &[Span]) -> Vec<Reach> {
        let mut all: Vec<u32> = Vec::new();
        for span in roles.iter().chain([own]) {
            for grant in self.granted(span) {
                all.push(grant.place);
            }
        }
        // Those of one role are sorted already.
        if !all.is_sorted() {
            sort(&mut all, u32::cmp);
        }
        all.dedup();
        let mut reach = Vec::with_capacity(all.len());
        for place in all {
            reach.push(Reach { place, own: 0, roles: 0, denied: 0 });
        }
        self.spread(own, &mut reach, |reach, masks| {
            reach.own |= masks.allow;
            reach.denied |= masks.deny;
        });
        // Source: WSO2 kernel, `isUserAuthorized`: allowed if any role is, each by its own walk. A deny takes
        // away from its own role alone.
        for role in roles {
            self.spread(role, &mut reach, |reach, masks| {
                reach.roles |= masks.allow;
                reach.denied |= masks.deny;
            });
        }
        for reach in &mut reach {
            reach.denied &= !(reach.own | reach.roles);
        }
        reach
    }

    /// Hands each place the grant of this span that is nearest at or above it.
    fn spread(&self, span: &Span, reach: &mut [Reach], each: fn(&mut Reach, Masks)) {
        let mut grants = self.granted(span).iter().peekable();
        let first = grants.peek().map_or(u32::MAX, |grant| grant.place);
        let start = reach.partition_point(|reach| reach.place < first);
        let mut above: Vec<&Grant> = Vec::new();
        for reach in reach.iter_mut().skip(start) {
            while above.last().is_some_and(|above| self.end(above.place) <= reach.place) {
                above.pop();
            }
            above.extend(grants.next_if(|grant| grant.place == reach.place));
            match above.last() {
                Some(nearest) => each(reach, nearest.masks),
                None if grants.peek().is_none() => break,
                None => {}
            }
        }
    }

    /// One mask of a reach as a root value and the paths where it changes, each with its hash.
    pub fn changes(&self, reach: &[Reach], mask: fn(&Reach) -> u32) -> (u32, Vec<(u32, NameId, u32)>) {
        let mut root = 0;
        let mut changes = Vec::new();
        let mut above: Vec<(u32, u32)> = Vec::new();
        for reach in reach {
            let Some(place) = self.places.get(index(reach.place)) else { continue };
            while above.last().is_some_and(|(end, _)| *end <= reach.place) {
                above.pop();
            }
            let value = mask(reach);
            if value == above.last().map_or(0, |(_, value)| *value) {
                continue;
            }
            above.push((place.end, value));
            let path = self.names.text(place.path);
            if path.is_empty() {
                root = value;
            } else {
                changes.push((path.split('/').fold(0, |seed, part| hash(seed, part.as_bytes())), place.path, value));
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

/// The paths of the sorted rules, each once.
fn places(names: &Names, rules: &[StoredRule]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (number, of_path) in (0_u32..).zip(rules.chunk_by(|a, b| a.path == b.path)) {
        let Some(StoredRule { path, .. }) = of_path.first() else { continue };
        while let Some(last) = open.last().and_then(|last| places.get_mut(*last)) {
            if covers(names.text(last.path), names.text(*path)) {
                break;
            }
            last.end = number;
            open.pop();
        }
        open.push(places.len());
        let has_ui = of_path.iter().any(|rule| rule.action == Action::UiExecute);
        places.push(Place { path: *path, end: u32::MAX, has_ui });
    }
    places
}

/// Whether a path is above another one, part by part.
pub fn covers(above: &str, path: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|below| below.starts_with('/'))
}

/// A number as a place in a list.
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
