//! Reading roles, users and rules.

use super::claims;
use super::domain::Stores;
use super::model::{is_reserved, Principal, Records};
use super::realm::{Realm, ADMIN_ROLE, EVERYONE_ROLE};
use super::resource::{self, InvalidRulePath};
use super::tree::{index, Span, StoredRule, Tree};
use super::vocabulary::Action;
use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::document::value::Value;
use crate::tables::names::{Index, NameId, Names};
use crate::tables::sort::sort;
use crate::tables::text::{fill, number};
use crate::tables::word::{words, Word};

words! {
    /// What a rule does.
    pub enum Effect {
        /// The role or user may.
        Allow = "allow",
        /// The role or user may not, unless another one of its roles may.
        Deny = "deny",
    }
}

/// How the hashes of passwords begin: new ones, and those that the product itself has left.
pub const HASHES: [&str; 2] = ["$argon2id$", "$sha256-salted$"];

/// The most rules that count for one user: its own, its roles' and everyone's.
pub const GRANTS_MAX: usize = 10_000;

/// The members of the records.
pub const RECORDS: [&str; 5] = ["realm", "stores", "roles", "users", "rules"];
/// The members of a user.
pub const USER: [&str; 6] = ["name", "password", "hash", "roles", "id", "claims"];
/// The members of a rule.
pub const RULE: [&str; 5] = ["role", "user", "resource", "action", "effect"];

/// Reads the records, noting every problem.
pub fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let Some(members) = document.object(problems) else {
        return parse_records(Node { value: &Value::Object(Vec::new()) }, problems);
    };
    members.only(&RECORDS, problems);
    let stores = Stores::read(members.get("stores"), problems);
    let realm = Realm::parse(members.get("realm"), &stores, problems);
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
    let records = Records { realm: Box::new(realm), stores, principals, order, tree };
    check_size(&records, &places, problems);
    records
}

/// Refuses more rules than may count for a listed user.
fn check_size(records: &Records, places: &[Option<Node<'_>>], problems: &mut Problems) {
    let everyone = records.principal(&records.realm.everyone_role).map_or(0, |role| role.grants.len());
    for (user, place) in records.principals.iter().zip(places) {
        let Some(node) = place else { continue };
        let mut count = everyone.saturating_add(user.grants.len());
        for role in records.roles_of(user) {
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

/// Records while they are read.
pub struct Reader<'r, 'v> {
    realm: &'r Realm,
    stores: &'r Stores,
    /// The paths of the rules, and the keys of users and roles.
    pub names: Names,
    /// Users and roles by their numbers.
    pub principals: Vec<Principal>,
    /// Where each of them stands among the users of the document, if it does.
    pub places: Vec<Option<Node<'v>>>,
    /// The rules in their order.
    pub rules: Vec<StoredRule>,
    numbers: Index,
    ids: Index,
}

impl<'r, 'v> Reader<'r, 'v> {
    /// Nothing but what always exists.
    pub fn new(realm: &'r Realm, stores: &'r Stores) -> Self {
        let mut reader = Self {
            realm,
            stores,
            names: Names::default(),
            principals: Vec::new(),
            places: Vec::new(),
            rules: Vec::new(),
            numbers: Index::default(),
            ids: Index::default(),
        };
        for key in [EVERYONE_ROLE, ADMIN_ROLE, &realm.everyone_role, &realm.admin_role] {
            reader.listed(key);
        }
        let root = resource::normalize_rule_path("/permission", realm.preserve_case)
            .ok()
            .and_then(|path| reader.names.add(&path));
        if let (Some(principal), Some(path)) = (reader.number(&realm.admin_role), root) {
            reader.rules.push(StoredRule { principal, path, action: Action::UiExecute, allows: true });
        }
        reader
    }

    /// The number of the user or role with this key, which is made if it is new.
    fn number(&mut self, key: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(key) {
            return Some(number);
        }
        let number = u32::try_from(self.principals.len()).ok()?;
        let name = self.names.add(key)?;
        self.principals.push(Principal {
            key: name,
            listed: false,
            active: true,
            grants: Span::default(),
            roles: Box::default(),
        });
        self.places.push(None);
        self.numbers.insert(key, number);
        Some(number)
    }

    /// The user or role with this key, which the records list.
    fn listed(&mut self, key: &str) -> Option<&mut Principal> {
        let number = self.number(key)?;
        let principal = self.principals.get_mut(index(number))?;
        principal.listed = true;
        Some(principal)
    }

    /// The roles that are listed.
    pub fn roles(&mut self, node: Option<Node<'_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        let mut seen = Index::default();
        for item in items.iter() {
            let Some(name) = self.stores.read_role(item, problems) else { continue };
            let key = name.key();
            if self.listed(&key).is_none() {
                too_many(item, problems);
            }
            if !seen.insert(&key, 0) {
                item.problem(problems, Code::Duplicate, &fill_quoted("the role <> stands twice", &[&name.canonical()]));
            }
        }
    }

    /// The users that are listed.
    pub fn users(&mut self, node: Option<Node<'v>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for item in items.iter() {
            let Some(members) = item.object(problems) else { continue };
            members.only(&USER, problems);
            let key = members.required("name", problems).and_then(|node| self.new_user(node, problems));
            // Only the directory needs these three; they decide nothing, and are not kept.
            secret(members, problems);
            self.id(members, problems);
            let mut active = true;
            if let Some(node) = members.get("claims") {
                claims::check_claim_flags(node, problems);
                if let Value::Object(given) = node.value {
                    active = claims::allow_sign_in(given);
                }
            }
            let roles = self.roles_of_user(members.get("roles"), problems);
            let Some(key) = key else { continue };
            match self.listed(&key) {
                Some(user) => {
                    user.roles = roles;
                    user.active = active;
                }
                None => too_many(item, problems),
            }
            if let Some(last) = self.places.last_mut() {
                *last = Some(item);
            }
        }
    }

    /// The key of a user that the records have not listed yet; else a problem.
    fn new_user(&self, node: Node<'_>, problems: &mut Problems) -> Option<String> {
        let name = self.stores.read_user(node, problems)?;
        let key = name.key();
        if is_reserved(&name) {
            node.problem(
                problems,
                Code::Reserved,
                &fill_quoted("<> is kept for the system, and is never listed", &[name.local]),
            );
        } else if self.numbers.get(&key).is_some() {
            node.problem(problems, Code::Duplicate, &fill_quoted("the user <> stands twice", &[&name.canonical()]));
        } else {
            return Some(key);
        }
        None
    }

    fn id(&mut self, members: Members<'_>, problems: &mut Problems) {
        let Some(node) = members.get("id") else { return };
        let Some(id) = node.name(problems) else { return };
        if !self.ids.insert(id, 0) {
            node.problem(problems, Code::Duplicate, &fill_quoted("the id <> stands twice", &[id]));
        }
    }

    fn roles_of_user(&self, node: Option<Node<'_>>, problems: &mut Problems) -> Box<[u32]> {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return Box::default() };
        let mut numbers = Vec::with_capacity(items.len());
        for item in items.iter() {
            let Some(name) = self.stores.read_role(item, problems) else { continue };
            let key = name.key();
            match self.numbers.get(&key) {
                // Every user has it anyway: it is never stored.
                Some(_) if key == self.realm.everyone_role => {}
                Some(number) => numbers.push(number),
                None => {
                    item.problem(
                        problems,
                        Code::UnknownRole,
                        &fill_quoted("unknown role <>, add it to `roles`", &[&name.canonical()]),
                    );
                }
            }
        }
        sort(&mut numbers, u32::cmp);
        numbers.dedup();
        numbers.into()
    }

    /// The rules, in their order.
    pub fn rules(&mut self, node: Option<Node<'_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for item in items.iter() {
            let Some(members) = item.object(problems) else { continue };
            members.only(&RULE, problems);
            let principal = self.principal(members, problems);
            let path = members.required("resource", problems).and_then(|node| self.path(node, problems));
            let action = members.required("action", problems).and_then(|node| read_action(node, problems));
            let effect = members.required("effect", problems);
            let effect = effect.and_then(|node| node.keyword("effect", Code::UnknownValue, problems));
            if let (Some(principal), Some(path), Some(action), Some(effect)) = (principal, path, action, effect) {
                let allows = match effect {
                    Effect::Allow => true,
                    Effect::Deny => false,
                };
                self.rules.push(StoredRule { principal, path, action, allows });
            }
        }
    }

    fn principal(&mut self, members: Members<'_>, problems: &mut Problems) -> Option<u32> {
        let (node, key) = match (members.get("role"), members.get("user")) {
            (Some(node), None) => (node, self.stores.read_role(node, problems)?.key()),
            (None, Some(node)) => (node, self.stores.read_user(node, problems)?.key()),
            (Some(_), Some(user)) => {
                user.problem(problems, Code::Mismatch, "a rule is for a `role` or for a `user`, not for both");
                return None;
            }
            (None, None) => {
                members.problem(
                    "role",
                    problems,
                    Code::Required,
                    "`role` is missing, or `user` where the rule is for a user alone",
                );
                return None;
            }
        };
        let number = self.number(&key);
        if number.is_none() {
            too_many(node, problems);
        }
        number
    }

    fn path(&mut self, node: Node<'_>, problems: &mut Problems) -> Option<NameId> {
        let path = read_path(node, self.realm.preserve_case, problems)?;
        let name = self.names.add(&path);
        if name.is_none() {
            too_many(node, problems);
        }
        name
    }
}

/// A password in clear, or the hash of one.
fn secret(members: Members<'_>, problems: &mut Problems) {
    if let Some(node) = members.get("password") {
        node.text(problems);
    }
    let Some(node) = members.get("hash") else { return };
    let Some(hash) = node.text(problems) else { return };
    if members.get("password").is_some() {
        node.problem(problems, Code::Mismatch, "a user has a `password` or a `hash`, not both");
    } else if !HASHES.iter().any(|form| hash.starts_with(form)) {
        node.problem(problems, Code::BadFormat, "expected a hash that begins with `$argon2id$` or `$sha256-salted$`");
    }
}

fn too_many(node: Node<'_>, problems: &mut Problems) {
    node.problem(problems, Code::TooLong, "these records have too many names");
}

/// The path of a rule; else a problem.
pub fn read_path(node: Node<'_>, preserve_case: bool, problems: &mut Problems) -> Option<String> {
    match resource::normalize_rule_path(node.text(problems)?, preserve_case) {
        Ok(path) => return Some(path),
        Err(InvalidRulePath::TooLong) => node.problem(problems, Code::TooLong, "a path has at most 4096 bytes"),
        Err(InvalidRulePath::EmptyPart) => {
            node.problem(problems, Code::BadPattern, "no question reaches a path with an empty part, write `/` once");
        }
    }
    None
}

/// The action of a rule; else a problem.
pub fn read_action(node: Node<'_>, problems: &mut Problems) -> Option<Action> {
    let name = node.text(problems)?;
    let action = Action::named(name);
    if action.is_none() {
        node.problem(
            problems,
            Code::UnknownAction,
            &fill_quoted("unknown action <>, expected {}", &[name, &one_of(Action::WORDS)]),
        );
    }
    action
}
