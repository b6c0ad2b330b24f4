//! The records: realm, stores, roles, users and rules, as section 7 of the case files writes them.
//!
//! Structural defaults: the store `PRIMARY`, the realm's admin and everyone roles, and the rule that the
//! admin role may `ui.execute` at `/permission`, which comes before all others. No user is invented.
//!
//! A rule may name a user or role that the records do not list, as in the product: the rules live apart from
//! the stores, and a store of LDAP may know more than the records say.

use super::domain::{Stores, UserName};
use super::read::Reader;
use super::realm::Realm;
use super::tree::{index, Span, Tree};
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::digest::Digest;
use crate::tables::letters::same_folded;
use crate::tables::names::{sort_pairs, NameId};
use crate::tables::sort::sort;
use crate::tables::text::{fill, number};

/// Whoever has this name, exactly so, may do everything.
pub const SYSTEM_USER: &str = "wso2.system.user";

/// Somebody who did not say who it is.
pub const ANONYMOUS_USER: &str = "wso2.anonymous.user";

/// The most rules that count for one user: its own, its roles' and everyone's.
const GRANTS_MAX: usize = 10_000;

/// Records that are valid.
#[derive(Debug)]
pub struct Records {
    /// Who stands above the tree.
    pub realm: Box<Realm>,
    /// The user stores.
    pub stores: Stores,
    /// Users and roles by their numbers.
    principals: Vec<Principal>,
    /// Their numbers, in the order of their keys.
    order: Vec<u32>,
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
    /// Reads the records, noting every problem.
    pub fn read(document: Node<'_>, problems: &mut Problems) -> Self {
        let Some(members) = document.object(problems) else {
            return Self::read(Node { value: &Value::Object(Vec::new()) }, problems);
        };
        members.only(&["realm", "stores", "roles", "users", "rules"], problems);
        let stores = Stores::read(members.get("stores"), problems);
        let realm = Realm::read(members.get("realm"), &stores, problems);
        let mut reader = Reader::new(&realm, &stores);
        reader.roles(members.get("roles"), problems);
        reader.users(members.get("users"), problems);
        reader.rules(members.get("rules"), problems);
        let Reader { mut names, mut principals, places, rules, .. } = reader;
        names.seal();
        principals.shrink_to_fit();

        let (tree, spans) = Tree::new(names, &rules);
        for (number, span) in spans {
            if let Some(principal) = principals.get_mut(index(number)) {
                principal.grants = span;
            }
        }
        let key = |number: &u32| principals.get(index(*number)).map_or("", |principal| tree.names.text(principal.key));
        let mut order: Vec<u32> = (0..).take(principals.len()).collect();
        sort(&mut order, |a, b| key(a).cmp(key(b)));
        let records = Self { realm: Box::new(realm), stores, principals, order, tree };
        records.limit(&places, problems);
        records
    }

    /// Refuses more rules than may count for a listed user.
    fn limit(&self, places: &[Option<Node<'_>>], problems: &mut Problems) {
        let everyone = self.principal(&self.realm.everyone_role).map_or(0, |role| role.grants.len());
        for (user, place) in self.principals.iter().zip(places) {
            let Some(node) = place else { continue };
            let mut count = everyone.saturating_add(user.grants.len());
            for role in self.roles_of(user) {
                count = count.saturating_add(role.grants.len());
            }
            if count.max(user.roles.len()) > GRANTS_MAX {
                node.problem(
                    problems,
                    Code::TooLong,
                    &fill("at most {} rules may count for one user, its roles' among them", &[&number(GRANTS_MAX)]),
                );
            }
        }
    }

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
