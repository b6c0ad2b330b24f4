//! The parsed document, indexed for questions.

use super::table::{Bounds, Table};
use crate::document::value::Value;
use crate::tables::bytes::compare_texts;

/// The levels of a document without `levels`.
pub(super) const LEVELS: [&str; 4] = ["none", "read", "write", "admin"];
/// The most and the fewest levels.
pub(super) const LEVELS_MAX: usize = 15;
pub(super) const LEVELS_MIN: usize = 2;
/// The most levels and actions together.
pub(super) const NAMES_MAX: usize = 200;
/// The most entries of one `grants`, or of `limits`.
pub(super) const ENTRIES_MAX: usize = 10_000;

/// A valid document.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug, Default)]
pub struct Records {
    /// From the lowest to the highest. The first one means no access.
    pub(super) levels: Vec<Box<str>>,
    /// The levels except the first, and then the document's own actions.
    pub(super) actions: Vec<Action>,
    /// The types of resources. `None` if the document does not list them.
    pub(super) types: Option<Types>,
    /// Sorted by name, like groups and users.
    pub(super) roles: Vec<Role>,
    pub(super) groups: Vec<Group>,
    pub(super) users: Vec<User>,
    pub(super) everyone: Holder,
    pub(super) authenticated: Holder,
    pub(super) limits: Table,
}

/// An action.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
pub(super) struct Action {
    pub(super) name: Box<str>,
    /// The code of the lowest level that includes it. `None` if it is only granted by name.
    pub(super) least: Option<u8>,
}

/// The types of resources.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug, Default)]
pub(super) struct Types {
    /// In the order of the document.
    pub(super) list: Vec<Type>,
    /// The shapes as patterns. The item of an entry is the index of its type.
    pub(super) shapes: Table,
}

/// A type of resources and the shape of their paths.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: Box<str>,
    /// The shape in the document.
    pub(super) shape: Box<str>,
    /// The name of each segment that is a part, or `None` for a literal.
    pub(super) parts: Box<[Option<Box<str>>]>,
}

/// A role with its own grants.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
pub(super) struct Role {
    pub(super) name: Box<str>,
    /// The indexes of the roles that it inherits from directly.
    pub(super) inherits: Box<[u32]>,
    pub(super) grants: Table,
}

/// The roles and grants of a user, a group, `everyone` or `authenticated`.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug, Default)]
pub(super) struct Holder {
    pub(super) roles: Box<[Assignment]>,
    pub(super) grants: Table,
    /// Whether the document, or the record, has these members, even if they are empty.
    pub(super) has_roles: bool,
    pub(super) has_grants: bool,
}

/// A role that is assigned to a holder.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
pub(super) struct Assignment {
    /// The index of the role.
    pub(super) role: u32,
    /// The prefix of each pattern of the role. Empty without a scope.
    pub(super) scope: Box<str>,
    pub(super) bounds: Option<Box<Bounds>>,
    /// Its place in the list. A record may also list roles that the document does not define.
    pub(super) index: usize,
}

/// A group with the roles and grants of its members.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: Box<str>,
    pub(super) holder: Holder,
}

/// A user of the document, or of a question's record.
#[cfg_attr(feature = "tools", derive(Clone))]
#[derive(Debug)]
pub(super) struct User {
    pub(super) id: Box<str>,
    pub(super) is_active: bool,
    pub(super) holder: Holder,
    /// All groups by their names, also those that the document does not define.
    pub(super) groups: Box<[Box<str>]>,
    /// An object, or null.
    pub(super) attributes: Value,
}

impl Records {
    /// The index of the user with this id.
    pub(super) fn user_place(&self, id: &str) -> Option<usize> {
        self.users.binary_search_by(|user| compare_texts(&user.id, id)).ok()
    }

    /// The role at this index.
    pub(super) fn role(&self, place: u32) -> Option<&Role> {
        self.roles.get(usize::try_from(place).ok()?)
    }

    /// The group at this index.
    pub(super) fn group(&self, place: u32) -> Option<&Group> {
        self.groups.get(usize::try_from(place).ok()?)
    }

    /// Whether a grant or an assignment has time bounds.
    pub(super) fn has_bounds(&self) -> bool {
        self.roles.iter().any(|role| role.grants.has_bounds())
            || self.everyone.has_bounds()
            || self.authenticated.has_bounds()
            || self.groups.iter().any(|group| group.holder.has_bounds())
            || self.users.iter().any(|user| user.holder.has_bounds())
    }

    /// The index of the group with this name.
    pub(super) fn group_place(&self, name: &str) -> Option<usize> {
        self.groups.binary_search_by(|group| compare_texts(&group.name, name)).ok()
    }

    /// The code of the lowest level that includes an action.
    pub(super) fn least_level(&self, action: u8) -> Option<u8> {
        self.actions.get(usize::from(action)).and_then(|action| action.least)
    }

    /// The code of the highest level.
    pub(super) fn highest(&self) -> u8 {
        u8::try_from(self.levels.len().saturating_sub(1)).unwrap_or(0)
    }
}

impl Holder {
    fn has_bounds(&self) -> bool {
        self.grants.has_bounds() || self.roles.iter().any(|role| role.bounds.is_some())
    }
}
