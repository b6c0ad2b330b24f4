//! The vocabulary of the model: its rules, and the actions and levels that a document defines.

use super::model::Records;
use crate::system::Term;
use crate::tables::word::words;

/// Roles, grants and limits of an application's own.
#[derive(Debug)]
pub struct Rbac;

/// An action of a document, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action(pub(super) u8);

/// A level of a document, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub(super) u8);

words! {
    /// The rules that decide.
    pub enum Rule {
        /// Denies: no grant that applies allows the action.
        NoGrant = "no-grant",
        /// Allows: a grant of the user's own.
        Grant = "grant",
        /// Allows: a grant of one of the user's roles.
        Role = "role",
        /// Allows: a grant of one of the user's groups.
        Group = "group",
        /// Allows: a grant for every active user.
        Authenticated = "authenticated",
        /// Allows: a grant for everyone.
        Everyone = "everyone",
        /// Denies: a `within` of the question does not allow the action.
        Within = "within",
        /// Denies: a limit.
        Limit = "limit",
        /// Denies: the caller is not signed in.
        NotSignedIn = "not-signed-in",
        /// Denies: the document has no user of this id.
        UnknownUser = "unknown-user",
        /// Denies: the user is inactive.
        InactiveUser = "inactive-user",
    }
}

words! {
    /// The model has no bodies and forms.
    pub enum Kind {}
}

/// The index of a name as a code.
fn code(place: Option<usize>) -> Option<u8> {
    u8::try_from(place?).ok()
}

impl Term<Records> for Action {
    const SHARED: Option<&'static [&'static str]> = None;

    fn to_code(self) -> u8 {
        self.0
    }

    #[inline(always)]
    fn of_code(records: &Records, code: u8) -> Option<Self> {
        (usize::from(code) < records.actions.len()).then_some(Self(code))
    }

    fn from_name(records: &Records, name: &str) -> Option<Self> {
        code(records.actions.iter().position(|action| &*action.name == name)).map(Self)
    }

    fn name_of(records: &Records, code: u8) -> Option<&str> {
        records.actions.get(usize::from(code)).map(|action| &*action.name)
    }

    fn names(records: &Records) -> Vec<&str> {
        let mut names = Vec::new();
        for action in &records.actions {
            names.push(&*action.name);
        }
        names
    }
}

impl Term<Records> for Level {
    const SHARED: Option<&'static [&'static str]> = None;

    fn to_code(self) -> u8 {
        self.0
    }

    fn of_code(records: &Records, code: u8) -> Option<Self> {
        (usize::from(code) < records.levels.len()).then_some(Self(code))
    }

    fn from_name(records: &Records, name: &str) -> Option<Self> {
        code(records.levels.iter().position(|level| &**level == name)).map(Self)
    }

    fn name_of(records: &Records, code: u8) -> Option<&str> {
        records.levels.get(usize::from(code)).map(|level| &**level)
    }

    fn names(records: &Records) -> Vec<&str> {
        let mut names = Vec::new();
        for level in &records.levels {
            names.push(&**level);
        }
        names
    }
}
