//! The requirements that values of attributes have to meet.

use super::super::condition::Scalar;
use super::atom::{Atom, Var};
use super::values::Values;

/// The groups that a user with a record can name.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// Always named.
    pub(super) base: Vec<Box<str>>,
    /// Not named otherwise, because the documents define them.
    pub(super) defined: Vec<Box<str>>,
}

/// The requirements of a solution.
pub(super) struct Frame<'f> {
    /// The value that the question itself supplies. Returns `None` for free attributes.
    pub(super) known: &'f dyn Fn(&Var) -> Option<Values>,
    /// Texts that no statement mentions.
    pub(super) fresh: [&'f str; 2],
    /// Set if `subject.groups` is free.
    pub(super) groups: Option<&'f Groups>,
}

/// Statements that must hold, and lists of statements in each of which one must not.
#[derive(Clone, Default)]
pub(super) struct Goals {
    pub(super) must_hold: Vec<Atom>,
    pub(super) must_fail: Vec<Vec<Atom>>,
}

impl Goals {
    /// The requirements if some attributes are known. Returns `None` if they cannot be met.
    pub(super) fn resolve(&self, find: &dyn Fn(&Var) -> Option<Values>) -> Option<Self> {
        let mut goals = Self::default();
        for atom in &self.must_hold {
            goals.must_hold.extend(atom.resolve(find)?);
        }
        for atoms in &self.must_fail {
            let rest: Option<Vec<Vec<Atom>>> = atoms.iter().map(|atom| atom.resolve(find)).collect();
            let Some(rest) = rest else { continue };
            let rest: Vec<Atom> = rest.into_iter().flatten().collect();
            if rest.is_empty() {
                return None;
            }
            goals.must_fail.push(rest);
        }
        Some(goals)
    }

    pub(super) fn requires_attribute(&self, path: &str) -> bool {
        self.must_hold.iter().any(|atom| atom.vars().iter().any(|var| var.attribute.path() == path))
    }

    pub(super) fn constants(&self) -> Vec<Scalar> {
        self.must_hold.iter().chain(self.must_fail.iter().flatten()).flat_map(Atom::constants).collect()
    }
}
