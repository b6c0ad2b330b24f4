//! The records: realm, stores, roles, users and rules, as section 7 of the case files writes them.
//!
//! Structural defaults: the store `PRIMARY`, the realm's admin and everyone roles, and the rule that the
//! admin role may `ui.execute` at `/permission`, which comes before all others. No user is invented.
//!
//! A rule may name a user or role that the records do not list, as in the product: the rules live apart from
//! the stores, and a store of LDAP may know more than the records say.

use super::domain::{Stores, UserName};
use super::realm::Realm;
use super::tree::{index, Span, Tree};
use crate::tables::digest::Digest;
use crate::tables::letters::same_folded;
use crate::tables::names::{sort_pairs, NameId};

/// Whoever has this name, exactly so, may do everything.
pub const SYSTEM_USER: &str = "wso2.system.user";

/// Somebody who did not say who it is.
pub const ANONYMOUS_USER: &str = "wso2.anonymous.user";

/// Records that are valid.
#[derive(Debug)]
pub struct Records {
    /// Who stands above the tree.
    pub realm: Box<Realm>,
    /// The user stores.
    pub stores: Stores,
    /// Users and roles by their numbers.
    pub(super) principals: Vec<Principal>,
    /// Their numbers, in the order of their keys.
    pub(super) order: Vec<u32>,
    /// The rules.
    pub tree: Tree,
}

/// A user or a role: whoever a rule can be for.
#[derive(Debug)]
pub struct Principal {
    /// The one text for all spellings of its name.
    pub key: NameId,
    /// Whether the records list it; else only a rule names it.
    pub listed: bool,
    /// Whether its claims let it sign in; a role always is.
    pub active: bool,
    /// Its rules.
    pub grants: Span,
    /// The numbers of a user's roles, sorted; everyone's is not among them.
    pub roles: Box<[u32]>,
}

impl Records {
    /// The user or role with this key.
    pub fn principal(&self, key: &str) -> Option<&Principal> {
        let numbered = |number: &u32| self.principals.get(index(*number));
        let text = |number: &u32| numbered(number).map_or("", |principal| self.tree.names.text(principal.key));
        let found = self.order.binary_search_by(|number| text(number).cmp(key)).ok()?;
        self.order.get(found).and_then(numbered)
    }

    /// The roles that a user was given; everyone's is not among them.
    pub fn roles_of<'s>(&'s self, user: &'s Principal) -> impl Iterator<Item = &'s Principal> + 's {
        user.roles.iter().filter_map(|number| self.principals.get(index(*number)))
    }

    /// Writes down all that decides.
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
            digest.count(principal.grants.len());
            for (path, masks) in self.tree.grants_of(&principal.grants) {
                digest.text(path);
                digest.number(masks.allow);
                digest.number(masks.deny);
            }
        }
    }
}

/// Whether no user may have this name.
// Source: WSO2 kernel, `AbstractUserStoreManager` and `UserCoreUtil`.
pub fn is_reserved(name: &UserName<'_, '_>) -> bool {
    let is_it = |kept| same_folded(kept, name.local);
    // The system user's name is kept in every store; the anonymous user is one of `PRIMARY` alone.
    is_it(SYSTEM_USER) || (name.store.is_primary() && is_it(ANONYMOUS_USER))
}
