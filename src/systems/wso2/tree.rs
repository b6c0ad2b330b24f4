//! The permission tree: which rules stand where, and what they come to for one role or user.
//!
//! All paths that have a rule are numbered so that a path comes right before all that is below it. So what
//! lies below a path is a range of numbers, and one pass over a sorted list of them meets each path with the
//! nearest path above it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::names::{hash, NameId, Names};
use crate::systems::wso2::action::Action;

/// The actions that a rule, or all rules above, allow and deny. No action is in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// A bit for each allowed action.
    pub allow: u32,
    /// A bit for each denied action.
    pub deny: u32,
}

impl Masks {
    /// Adds an allow. It clears an earlier deny of the same path.
    pub fn allow(&mut self, action: Action) {
        self.allow |= action.bit();
        self.deny &= !action.bit();
    }

    /// Adds a deny. It clears an earlier allow of the same path.
    pub fn deny(&mut self, action: Action) {
        self.deny |= action.bit();
        self.allow &= !action.bit();
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
    /// The paths, without a leading slash.
    pub names: Names,
    places: Vec<Place>,
    grants: Vec<Grant>,
    /// The paths that some rule for `ui.execute` names.
    pub ui: Vec<NameId>,
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
    /// The tree of these rules, and the grants of each user or role.
    pub fn new<P: Ord + Clone>(mut names: Names, rules: &BTreeMap<(P, NameId), Masks>) -> (Self, BTreeMap<P, Span>) {
        names.seal();
        let mut paths: Vec<NameId> = rules.keys().map(|(_, path)| *path).collect();
        paths.sort_unstable();
        paths.dedup();
        paths.sort_by(|a, b| names.text(*a).split('/').cmp(names.text(*b).split('/')));
        let places = places(&names, &paths);
        let numbers: BTreeMap<NameId, u32> = paths.into_iter().zip(0..).collect();

        let execute = Action::UiExecute.bit();
        let ui: BTreeSet<u32> = rules
            .iter()
            .filter(|(_, masks)| (masks.allow | masks.deny) & execute != 0)
            .filter_map(|((_, path), _)| numbers.get(path).copied())
            .collect();
        let path = |number: &u32| places.get(index(*number)).map(|place| place.path);
        let ui = ui.iter().filter_map(path).collect();

        let mut tree = Self { names, places, grants: Vec::new(), ui };
        let mut of_each: BTreeMap<P, Vec<Grant>> = BTreeMap::new();
        for ((principal, path), masks) in rules {
            let place = numbers.get(path).copied().unwrap_or(u32::MAX);
            of_each.entry(principal.clone()).or_default().push(Grant { place, masks: *masks });
        }
        let spans = of_each.into_iter().map(|(principal, grants)| (principal, tree.add(grants))).collect();
        tree.grants.shrink_to_fit();
        (tree, spans)
    }

    /// Adds the rules of one user or role, each joined with those above it.
    fn add(&mut self, mut grants: Vec<Grant>) -> Span {
        let start = self.grants.len();
        grants.sort_unstable_by_key(|grant| grant.place);
        let mut above: Vec<Grant> = Vec::new();
        for grant in grants {
            while above.last().is_some_and(|above| self.end(above.place) <= grant.place) {
                above.pop();
            }
            let nearest = above.last().map_or_else(Masks::default, |above| above.masks);
            let grant = Grant { masks: grant.masks.below(nearest), ..grant };
            above.push(grant);
            self.grants.push(grant);
        }
        start..self.grants.len()
    }

    /// What a subject with rules of its own and with these roles may, in the order of the paths.
    pub fn reach(&self, own: &Span, roles: &[Span]) -> Vec<Reach> {
        let spans = || roles.iter().chain([own]);
        let mut all: Vec<u32> = spans().flat_map(|span| self.granted(span)).map(|grant| grant.place).collect();
        all.sort_unstable();
        all.dedup();
        let mut reach: Vec<Reach> =
            all.into_iter().map(|place| Reach { place, own: 0, roles: 0, denied: 0 }).collect();
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
    fn spread(&self, span: &Span, reach: &mut [Reach], mut each: impl FnMut(&mut Reach, Masks)) {
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
    pub fn changes(&self, reach: &[Reach], mask: impl Fn(&Reach) -> u32) -> (u32, Vec<(u32, NameId, u32)>) {
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

    fn granted(&self, span: &Span) -> &[Grant] {
        self.grants.get(span.clone()).unwrap_or(&[])
    }

    fn end(&self, place: u32) -> u32 {
        self.places.get(index(place)).map_or(0, |place| place.end)
    }
}

/// The sorted paths, each with the end of what is below it.
fn places(names: &Names, paths: &[NameId]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::with_capacity(paths.len());
    let mut open: Vec<usize> = Vec::new();
    for (number, path) in (0_u32..).zip(paths) {
        while let Some(last) = open.last().and_then(|last| places.get_mut(*last)) {
            if covers(names.text(last.path), names.text(*path)) {
                break;
            }
            last.end = number;
            open.pop();
        }
        open.push(places.len());
        places.push(Place { path: *path, end: u32::MAX });
    }
    places
}

/// Whether a path is above another one, part by part.
fn covers(above: &str, path: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|below| below.starts_with('/'))
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
