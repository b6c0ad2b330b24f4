//! Parses the records: roles and users, and the tree of the rules.

use super::claims;
use super::model::{is_reserved, Principal, Records};
use super::realm::{Realm, ADMIN_ROLE, EVERYONE_ROLE};
use super::resource;
use super::stores::Stores;
use super::tree::{index, Grants, StoredRule, Tree};
use super::vocabulary::Action;
use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::names::{Index, Names};
use crate::tables::sort::sort;
use crate::tables::text::number;

/// Prefixes of password hashes: new ones, and those of the product.
pub const HASHES: [&str; 2] = ["$argon2id$", "$sha256-salted$"];

/// The most rules that apply to one user: its own, those of its roles and of the everyone role.
pub const GRANTS_MAX: usize = 10_000;

/// The members of the records.
pub const RECORDS: [&str; 5] = ["realm", "stores", "roles", "users", "rules"];
/// The members of a user.
pub const USER: [&str; 6] = ["name", "password", "hash", "roles", "id", "claims"];

/// Parses the records and adds every problem to `problems`.
pub fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let Some(members) = document.object(problems) else {
        return parse_records(Node { value: &Value::Object(Vec::new()) }, problems);
    };
    members.check_names(&RECORDS, problems);
    let stores = Stores::parse(members.get("stores"), problems);
    let realm = Realm::parse(members.get("realm"), &stores, problems);
    let mut reader = Reader::new(&realm, &stores);
    reader.parse_roles(members.get("roles"), problems);
    reader.parse_users(members.get("users"), problems);
    reader.parse_rules(members.get("rules"), problems);
    let Reader { mut names, mut principals, places, rules, .. } = reader;
    names.seal();
    principals.shrink_to_fit();

    let (tree, grants_by_number) = Tree::new(names, &rules);
    for (number, grants) in grants_by_number {
        if let Some(principal) = principals.get_mut(index(number)) {
            principal.grants = grants;
        }
    }
    let key = |number: &u32| principals.get(index(*number)).map_or("", |principal| tree.names.text(principal.key));
    let mut order: Vec<u32> = (0..).take(principals.len()).collect();
    sort(&mut order, |a, b| key(a).cmp(key(b)));
    let records = Records { realm: Box::new(realm), stores, principals, order, tree };
    check_size(&records, &places, problems);
    records
}

/// Reports listed users with too many rules.
fn check_size(records: &Records, places: &[Option<Node<'_>>], problems: &mut Problems) {
    let everyone = records.principal(&records.realm.everyone_role).map_or(0, |role| role.grants.as_slice().len());
    for (user, place) in records.principals.iter().zip(places) {
        let Some(node) = place else { continue };
        let mut count = everyone.saturating_add(user.grants.as_slice().len());
        for role in records.roles_of(user) {
            count = count.saturating_add(role.grants.as_slice().len());
        }
        if count.max(user.roles.len()) > GRANTS_MAX {
            node.problem_with(
                problems,
                Code::TooLong,
                "at most {} rules may apply to one user, including those of its roles",
                &[&number(GRANTS_MAX)],
            );
        }
    }
}

/// The state while the records are parsed.
pub struct Reader<'r, 'v> {
    pub realm: &'r Realm,
    pub stores: &'r Stores,
    /// The paths of the rules, and the keys of users and roles.
    pub names: Names,
    /// Users and roles by their numbers.
    pub principals: Vec<Principal>,
    /// The node of each listed user in the document.
    pub places: Vec<Option<Node<'v>>>,
    /// The rules in order.
    pub rules: Vec<StoredRule>,
    numbers: Index,
    ids: Index,
}

impl<'r, 'v> Reader<'r, 'v> {
    /// The roles and the rule that always exist.
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
            reader.mark_listed(key);
        }
        let root = resource::normalize_rule_path("/permission", realm.preserve_case)
            .ok()
            .and_then(|path| reader.names.add(&path));
        if let (Some(principal), Some(path)) = (reader.number_of(&realm.admin_role), root) {
            reader.rules.push(StoredRule { principal, path, action: Action::UiExecute, allows: true });
        }
        reader
    }

    /// The number of the user or role with this key. A new key gets a new number.
    pub fn number_of(&mut self, key: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(key) {
            return Some(number);
        }
        let number = u32::try_from(self.principals.len()).ok()?;
        let name = self.names.add(key)?;
        self.principals.push(Principal {
            key: name,
            listed: false,
            active: true,
            grants: Grants::default(),
            roles: Box::default(),
        });
        self.places.push(None);
        self.numbers.insert(key, number);
        Some(number)
    }

    /// Marks the user or role with this key as listed in the records.
    fn mark_listed(&mut self, key: &str) -> Option<&mut Principal> {
        let number = self.number_of(key)?;
        let principal = self.principals.get_mut(index(number))?;
        principal.listed = true;
        Some(principal)
    }

    /// Parses the list of roles.
    pub fn parse_roles(&mut self, node: Option<Node<'_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        let mut seen = Index::default();
        for item in items.iter() {
            let Some(name) = self.stores.parse_role_name(item, problems) else { continue };
            let key = name.key();
            if self.mark_listed(&key).is_none() {
                report_too_many_names(item, problems);
            }
            if !seen.insert(&key, 0) {
                item.problem_with(problems, Code::Duplicate, "the role <> is listed twice", &[&name.canonical()]);
            }
        }
    }

    /// Parses the list of users.
    pub fn parse_users(&mut self, node: Option<Node<'v>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for item in items.iter() {
            let Some(members) = item.object(problems) else { continue };
            members.check_names(&USER, problems);
            let key = members.required("name", problems).and_then(|node| self.new_user(node, problems));
            // Only a directory needs the password, the hash and the id: they are checked here, and have no effect on
            // decisions.
            check_secret(members, problems);
            self.check_id(members, problems);
            let mut active = true;
            if let Some(node) = members.get("claims") {
                claims::check_claim_flags(node, problems);
                if let Value::Object(given) = node.value {
                    active = claims::allow_sign_in(given);
                }
            }
            let roles = self.parse_roles_of_user(members.get("roles"), problems);
            let Some(key) = key else { continue };
            match self.mark_listed(&key) {
                Some(user) => {
                    user.roles = roles;
                    user.active = active;
                }
                None => report_too_many_names(item, problems),
            }
            if let Some(last) = self.places.last_mut() {
                *last = Some(item);
            }
        }
    }

    /// The key of a user that the records have not listed yet. Reports a problem if the name is reserved or listed
    /// twice.
    fn new_user(&self, node: Node<'_>, problems: &mut Problems) -> Option<String> {
        let name = self.stores.parse_user_name(node, problems)?;
        let key = name.key();
        if is_reserved(&name) {
            node.problem_with(
                problems,
                Code::Reserved,
                "<> is reserved for the system, remove it from the list",
                &[name.local],
            );
        } else if self.numbers.get(&key).is_some() {
            node.problem_with(problems, Code::Duplicate, "the user <> is listed twice", &[&name.canonical()]);
        } else {
            return Some(key);
        }
        None
    }

    fn check_id(&mut self, members: Members<'_>, problems: &mut Problems) {
        let Some(node) = members.get("id") else { return };
        let Some(id) = node.name(problems) else { return };
        if !self.ids.insert(id, 0) {
            node.problem_with(problems, Code::Duplicate, "the id <> is listed twice", &[id]);
        }
    }

    fn parse_roles_of_user(&self, node: Option<Node<'_>>, problems: &mut Problems) -> Box<[u32]> {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return Box::default() };
        let mut numbers = Vec::with_capacity(items.len());
        for item in items.iter() {
            let Some(name) = self.stores.parse_role_name(item, problems) else { continue };
            let key = name.key();
            match self.numbers.get(&key) {
                // Every user has this role, so it is not stored.
                Some(_) if key == self.realm.everyone_role => {}
                Some(number) => numbers.push(number),
                None => {
                    item.problem_with(
                        problems,
                        Code::UnknownRole,
                        "unknown role <>, add it to `roles`",
                        &[&name.canonical()],
                    );
                }
            }
        }
        sort(&mut numbers, u32::cmp);
        numbers.dedup();
        numbers.into()
    }
}

/// Checks a user's password or hash.
fn check_secret(members: Members<'_>, problems: &mut Problems) {
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

pub fn report_too_many_names(node: Node<'_>, problems: &mut Problems) {
    node.problem(problems, Code::TooLong, "these records have too many names");
}
