//! The records: realm, stores, roles, users and rules, as section 7 of the case files writes them.
//!
//! Structural defaults: the store `PRIMARY`, the realm's admin and everyone roles, and the rule that the
//! admin role may `ui.execute` at `/permission`, which comes before all others. No user is invented.
//!
//! A rule may name a user or role that the records do not list, as in the product: the rules live apart from
//! the stores, and a store of LDAP may know more than the records say.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::node::Node;
use crate::problem::{Code, Path, Problems};
use crate::systems::wso2::domain::{same_folded, Stores, UserName};
use crate::systems::wso2::read::{Principal, Reader};
use crate::systems::wso2::realm::Realm;
use crate::systems::wso2::tree::{Span, Tree};
use crate::value::Value;

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
    /// The roles' numbers by their keys.
    roles: BTreeMap<Box<str>, u32>,
    role_list: Vec<Role>,
    users: BTreeMap<Box<str>, User>,
    /// The rules.
    pub tree: Tree,
}

/// A role.
#[derive(Debug, Default)]
pub struct Role {
    /// Whether the records list it; else only a rule names it.
    pub listed: bool,
    /// Its rules.
    pub grants: Span,
}

/// A user.
#[derive(Debug, Default)]
pub struct User {
    /// Whether the records list it; else only a rule names it.
    pub listed: bool,
    /// The rules for the user itself.
    pub grants: Span,
    /// The numbers of its roles, sorted.
    pub roles: Box<[u32]>,
}

impl Records {
    /// Reads the records, noting every problem.
    pub fn read(document: Node<'_, '_>, problems: &mut Problems) -> Self {
        let Some(members) = document.object(problems) else {
            return Self::read(Node::root(&Value::Object(Vec::new())), problems);
        };
        members.only(&["realm", "stores", "roles", "users", "rules"], problems);
        let stores = Stores::read(members.get("stores"), problems);
        let realm = Realm::read(members.get("realm"), &stores, problems);
        let mut reader = Reader::new(&realm, &stores);
        reader.roles(members.get("roles"), problems);
        reader.users(members.get("users"), problems);
        reader.rules(members.get("rules"), problems);
        let Reader { roles, mut role_list, mut users, places, names, rules, .. } = reader;

        let (tree, spans) = Tree::new(names, &rules);
        for (principal, span) in spans {
            match principal {
                Principal::User(key) => users.entry(key).or_default().grants = span,
                Principal::Role(number) => {
                    if let Some(role) = role_list.get_mut(index(number)) {
                        role.grants = span;
                    }
                }
            }
        }
        let records = Self { realm: Box::new(realm), stores, roles, role_list, users, tree };
        records.limit(&places, &members.path, problems);
        records
    }

    fn limit(&self, places: &BTreeMap<Box<str>, usize>, document: &Path<'_>, problems: &mut Problems) {
        let everyone = self.role(&self.realm.everyone_role).map_or(0, |role| role.grants.len());
        for (key, user) in &self.users {
            let roles = self.roles_of(user).map(|role| role.grants.len());
            let count = roles.fold(everyone.saturating_add(user.grants.len()), usize::saturating_add);
            if count.max(user.roles.len()) > GRANTS_MAX {
                let message = format!("at most {GRANTS_MAX} rules may count for one user");
                match places.get(key) {
                    Some(place) => {
                        problems.add(&Path::Item(&Path::Member(document, "users"), *place), Code::TooLong, message);
                    }
                    None => problems.add(&Path::Member(document, "rules"), Code::TooLong, message),
                }
            }
        }
    }

    /// The role with this key.
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.get(key).and_then(|number| self.role_list.get(index(*number)))
    }

    /// The user with this key.
    pub fn user(&self, key: &str) -> Option<&User> {
        self.users.get(key)
    }

    /// The roles that a user was given; everyone's is not among them.
    pub fn roles_of<'s>(&'s self, user: &'s User) -> impl Iterator<Item = &'s Role> + 's {
        user.roles.iter().filter_map(|number| self.role_list.get(index(*number)))
    }

    /// Writes down all that decides.
    pub fn digest(&self, digest: &mut Digest) {
        self.realm.digest(digest);
        self.stores.digest(digest);
        digest.count(self.roles.len());
        let mut keys = vec![""; self.role_list.len()];
        for (key, number) in &self.roles {
            digest.text(key);
            if let Some(role) = self.role_list.get(index(*number)) {
                digest.flag(role.listed);
                self.digest_grants(&role.grants, digest);
            }
            if let Some(place) = keys.get_mut(index(*number)) {
                *place = key;
            }
        }
        digest.count(self.users.len());
        for (key, user) in &self.users {
            digest.text(key);
            digest.flag(user.listed);
            let mut roles: Vec<&str> =
                user.roles.iter().filter_map(|number| keys.get(index(*number)).copied()).collect();
            roles.sort_unstable();
            digest.count(roles.len());
            roles.iter().for_each(|role| digest.text(role));
            self.digest_grants(&user.grants, digest);
        }
    }

    fn digest_grants(&self, span: &Span, digest: &mut Digest) {
        digest.count(span.len());
        for (path, masks) in self.tree.grants_of(span) {
            digest.text(path);
            digest.number(masks.allow);
            digest.number(masks.deny);
        }
    }
}

/// Whether no user may have this name.
// Source: WSO2 kernel, `AbstractUserStoreManager` and `UserCoreUtil`.
pub fn is_reserved(name: &UserName<'_, '_>) -> bool {
    name.store.is_primary() && [SYSTEM_USER, ANONYMOUS_USER].iter().any(|kept| same_folded(kept, name.local))
}

/// Where a role of this number stands in its list.
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
