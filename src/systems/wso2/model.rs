//! The records: realm, stores, roles, users and rules, as section 7 of the case files writes them.
//!
//! Structural defaults: the store `PRIMARY`, the realm's admin and everyone roles, and the rule that the
//! admin role may `ui.execute` at `/permission`, which comes before all others. No user is invented.
//!
//! A rule may name a user or role that the records do not list, as in the product: the rules live apart from
//! the stores, and a store of LDAP may know more than the records say.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::names::{NameId, Names};
use crate::node::{Members, Node};
use crate::problem::{quote, Code, Path, Problems};
use crate::systems::wso2::action::Action;
use crate::systems::wso2::domain::{same_folded, Stores, UserName};
use crate::systems::wso2::realm::Realm;
use crate::systems::wso2::resource::{self, Unusable};
use crate::systems::wso2::tree::{Masks, Span, Tree};
use crate::value::Value;
use crate::word::{words, Word};

/// Whoever has this name, exactly so, may do everything.
pub const SYSTEM_USER: &str = "wso2.system.user";

/// Somebody who did not say who it is.
pub const ANONYMOUS_USER: &str = "wso2.anonymous.user";

/// The most rules that count for one user: its own, its roles' and everyone's.
const GRANTS_MAX: usize = 10_000;

words! {
    /// What a rule does.
    enum Effect {
        /// The role or user may.
        Allow = "allow",
        /// The role or user may not, unless another one of its roles may.
        Deny = "deny",
    }
}

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
    roles: Box<[u32]>,
}

/// For whom a rule is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Principal {
    User(Box<str>),
    Role(u32),
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
        reader.read_roles(members.get("roles"), problems);
        reader.read_users(members.get("users"), problems);
        reader.read_rules(members.get("rules"), problems);
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

/// Records while they are read.
struct Reader<'r> {
    realm: &'r Realm,
    stores: &'r Stores,
    roles: BTreeMap<Box<str>, u32>,
    role_list: Vec<Role>,
    users: BTreeMap<Box<str>, User>,
    /// Where each user stands in the document.
    places: BTreeMap<Box<str>, usize>,
    ids: BTreeSet<String>,
    names: Names,
    rules: BTreeMap<(Principal, NameId), Masks>,
}

impl<'r> Reader<'r> {
    fn new(realm: &'r Realm, stores: &'r Stores) -> Self {
        let mut reader = Self {
            realm,
            stores,
            roles: BTreeMap::new(),
            role_list: Vec::new(),
            users: BTreeMap::new(),
            places: BTreeMap::new(),
            ids: BTreeSet::new(),
            names: Names::default(),
            rules: BTreeMap::new(),
        };
        for key in [&realm.everyone_role, &realm.admin_role] {
            reader.role_number(key, true);
        }
        let root = resource::stored("/permission", realm.preserve_case).ok().and_then(|path| reader.names.add(&path));
        if let Some(path) = root {
            let admin = Principal::Role(reader.role_number(&realm.admin_role, true));
            reader.rules.entry((admin, path)).or_default().allow(Action::UiExecute);
        }
        reader
    }

    /// The number of the role with this key, made if it is new.
    fn role_number(&mut self, key: &str, listed: bool) -> u32 {
        let number = match self.roles.get(key) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.role_list.len()).unwrap_or(u32::MAX);
                self.roles.insert(key.into(), number);
                self.role_list.push(Role::default());
                number
            }
        };
        if let Some(role) = self.role_list.get_mut(index(number)) {
            role.listed |= listed;
        }
        number
    }

    fn read_roles(&mut self, node: Option<Node<'_, '_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        let mut seen = BTreeSet::new();
        for item in items.iter() {
            let Some(name) = self.stores.read_role(item, problems) else { continue };
            self.role_number(&name.key(), true);
            if !seen.insert(name.key()) {
                item.problem(problems, Code::Duplicate, format!("the role {} stands twice", quote(&name.canonical())));
            }
        }
    }

    fn read_users(&mut self, node: Option<Node<'_, '_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for (place, item) in items.iter().enumerate() {
            let Some(members) = item.object(problems) else { continue };
            members.only(&["name", "password", "roles", "id", "claims"], problems);
            let key = members.required("name", problems).and_then(|node| self.new_user(node, problems));
            // Only the directory needs these three; they decide nothing, and are not kept.
            if let Some(node) = members.get("password") {
                node.text(problems);
            }
            self.read_id(&members, problems);
            if let Some(node) = members.get("claims") {
                node.object(problems);
            }
            let roles = self.read_roles_of_user(members.get("roles"), problems);
            if let Some(key) = key {
                self.places.insert(key.clone(), place);
                self.users.insert(key, User { listed: true, grants: Span::default(), roles });
            }
        }
    }

    /// The key of a user that the records have not listed yet; else a problem.
    fn new_user(&self, node: Node<'_, '_>, problems: &mut Problems) -> Option<Box<str>> {
        let name = self.stores.read_user(node, problems)?;
        let key: Box<str> = name.key().into();
        if is_reserved(&name) {
            let message = format!("{} is kept for the system, and is never listed", quote(name.local));
            node.problem(problems, Code::Reserved, message);
        } else if self.users.contains_key(&key) {
            let message = format!("the user {} stands twice", quote(&name.canonical()));
            node.problem(problems, Code::Duplicate, message);
        } else {
            return Some(key);
        }
        None
    }

    fn read_id(&mut self, members: &Members<'_, '_>, problems: &mut Problems) {
        let Some(node) = members.get("id") else { return };
        let Some(id) = node.name(problems) else { return };
        if !self.ids.insert(id.to_owned()) {
            node.problem(problems, Code::Duplicate, format!("the id {} stands twice", quote(id)));
        }
    }

    fn read_roles_of_user(&self, node: Option<Node<'_, '_>>, problems: &mut Problems) -> Box<[u32]> {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return Box::default() };
        let mut numbers = Vec::with_capacity(items.len());
        for item in items.iter() {
            let Some(name) = self.stores.read_role(item, problems) else { continue };
            let key = name.key();
            match self.roles.get(key.as_str()) {
                // Every user has it anyway: it is never stored.
                Some(_) if key == self.realm.everyone_role => {}
                Some(number) => numbers.push(*number),
                None => {
                    let message = format!("unknown role {}, add it to `roles`", quote(&name.canonical()));
                    item.problem(problems, Code::UnknownRole, message);
                }
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into()
    }

    fn read_rules(&mut self, node: Option<Node<'_, '_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for item in items.iter() {
            let Some(members) = item.object(problems) else { continue };
            members.only(&["role", "user", "resource", "action", "effect"], problems);
            let principal = self.read_principal(&members, problems);
            let path = members.required("resource", problems).and_then(|node| self.read_path(node, problems));
            let action = members.required("action", problems).and_then(|node| read_action(node, problems));
            let effect = members.required("effect", problems);
            let effect = effect.and_then(|node| node.word("effect", Code::UnknownValue, problems));
            // One subject has one rule for each path and action: the later replaces the earlier.
            if let (Some(principal), Some(path), Some(action), Some(effect)) = (principal, path, action, effect) {
                let masks = self.rules.entry((principal, path)).or_default();
                match effect {
                    Effect::Allow => masks.allow(action),
                    Effect::Deny => masks.deny(action),
                }
            }
        }
    }

    fn read_principal(&mut self, members: &Members<'_, '_>, problems: &mut Problems) -> Option<Principal> {
        let role = members.get("role");
        let user = members.get("user");
        if let (Some(_), Some(user)) = (&role, &user) {
            user.problem(problems, Code::Mismatch, "a rule is for a `role` or for a `user`, not for both");
            return None;
        }
        if let Some(node) = user {
            return self.stores.read_user(node, problems).map(|name| Principal::User(name.key().into()));
        }
        let node = match role {
            Some(node) => node,
            None => {
                let message = "`role` is missing, or `user` where the rule is for a user alone";
                problems.add(&Path::Member(&members.path, "role"), Code::Required, message);
                return None;
            }
        };
        let key = self.stores.read_role(node, problems)?.key();
        Some(Principal::Role(self.role_number(&key, false)))
    }

    fn read_path(&mut self, node: Node<'_, '_>, problems: &mut Problems) -> Option<NameId> {
        let path = read_path(node, self.realm.preserve_case, problems)?;
        let name = self.names.add(&path);
        if name.is_none() {
            node.problem(problems, Code::TooLong, "there are too many paths in these records");
        }
        name
    }
}

/// The path of a rule; else a problem.
pub fn read_path(node: Node<'_, '_>, preserve_case: bool, problems: &mut Problems) -> Option<String> {
    match resource::stored(node.text(problems)?, preserve_case) {
        Ok(path) => return Some(path),
        Err(Unusable::TooLong) => node.problem(problems, Code::TooLong, "a path has at most 4096 bytes"),
        Err(Unusable::EmptyPart) => {
            node.problem(problems, Code::BadPattern, "no question reaches a path with an empty part, write `/` once");
        }
    }
    None
}

/// The action of a rule; else a problem.
pub fn read_action(node: Node<'_, '_>, problems: &mut Problems) -> Option<Action> {
    let name = node.text(problems)?;
    let action = Action::named(name);
    if action.is_none() {
        let known = Action::WORDS.join(", ");
        node.problem(problems, Code::UnknownAction, format!("unknown action {}, expected one of {known}", quote(name)));
    }
    action
}

/// Whether no user may have this name.
// Source: WSO2 kernel, `AbstractUserStoreManager` and `UserCoreUtil`.
pub fn is_reserved(name: &UserName<'_, '_>) -> bool {
    name.store.is_primary() && [SYSTEM_USER, ANONYMOUS_USER].iter().any(|kept| same_folded(kept, name.local))
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
