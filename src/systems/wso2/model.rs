//! The records: realm, stores, roles, users and rules.
//!
//! Some things exist without being in the records: the store `PRIMARY`, the realm's admin and everyone roles, and the
//! rule that allows the admin role `ui.execute` at `/permission`. This rule comes before all others. No user exists
//! by default.
//!
//! As in the product, a rule may name a user or role that the records do not list. Rules are kept apart from the user
//! stores, and an LDAP store may have users that the records do not list.

use super::domain::UserName;
use super::realm::Realm;
use super::stores::Stores;
use super::tree::{index, Grants, Tree};
use crate::tables::digest::Digest;
use crate::tables::letters::equals_ignoring_case;
use crate::tables::names::{sort_pairs, NameId};

/// The user with exactly this name may do everything.
pub const SYSTEM_USER: &str = "wso2.system.user";

/// A caller that is not signed in.
pub const ANONYMOUS_USER: &str = "wso2.anonymous.user";

/// Valid records.
#[derive(Debug)]
pub struct Records {
    /// The admin user, the default roles and the settings.
    pub realm: Box<Realm>,
    /// The user stores.
    pub stores: Stores,
    /// Users and roles, by number.
    pub(super) principals: Vec<Principal>,
    /// The numbers of users and roles, sorted by key.
    pub(super) order: Vec<u32>,
    /// The rules.
    pub tree: Tree,
}

/// A user or a role that a rule can name.
#[derive(Debug)]
pub struct Principal {
    /// The key: the same text for all spellings of the name.
    pub key: NameId,
    /// Whether the records list it. If not, only a rule names it.
    pub listed: bool,
    /// Whether its claims allow sign-in; always true for a role.
    pub active: bool,
    /// Its rules.
    pub grants: Grants,
    /// The numbers of a user's roles, sorted, without the everyone role.
    pub roles: Box<[u32]>,
}

impl Records {
    /// The user or role with this key.
    pub fn principal(&self, key: &str) -> Option<&Principal> {
        let numbered = |number: &u32| self.principals.get(index(*number));
        let text = |number: &u32| numbered(number).map_or("", |principal| self.tree.names.text(principal.key));
        let place = self.order.binary_search_by(|number| text(number).cmp(key)).ok()?;
        self.order.get(place).and_then(numbered)
    }

    /// The roles that are assigned to a user, without the everyone role.
    pub fn roles_of<'s>(&'s self, user: &'s Principal) -> impl Iterator<Item = &'s Principal> + 's {
        user.roles.iter().filter_map(|number| self.principals.get(index(*number)))
    }

    /// Adds everything that affects decisions to the digest.
    pub fn digest(&self, digest: &mut Digest) {
        self.realm.digest(digest);
        self.stores.digest(digest);
        digest.count(self.order.len());
        for principal in self.order.iter().filter_map(|number| self.principals.get(index(*number))) {
            digest.text(self.tree.names.text(principal.key));
            digest.flag(principal.listed);
            digest.flag(principal.active);
            let mut roles = Vec::new();
            for role in self.roles_of(principal) {
                roles.push((self.tree.names.text(role.key), 0));
            }
            sort_pairs(&mut roles);
            digest.pairs(&roles);
            let grants = principal.grants.as_slice();
            digest.count(grants.len());
            for grant in grants {
                digest.text(self.tree.names.text(grant.path));
                digest.number(grant.masks.allow);
                digest.number(grant.masks.deny);
            }
        }
    }
}

/// Whether the name is reserved, so that no user can have it.
// Source: WSO2 kernel, `AbstractUserStoreManager` and `UserCoreUtil`.
pub fn is_reserved(name: &UserName<'_, '_>) -> bool {
    let is_same = |reserved| equals_ignoring_case(reserved, name.local);
    // The system user's name is reserved in every store, the anonymous user's name only in `PRIMARY`.
    is_same(SYSTEM_USER) || (name.store.is_primary() && is_same(ANONYMOUS_USER))
}
