//! Reading roles, users and rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::{NameId, Names};
use crate::node::{Members, Node};
use crate::problem::{quote, Code, Path, Problems};
use crate::systems::wso2::action::Action;
use crate::systems::wso2::domain::Stores;
use crate::systems::wso2::model::{index, is_reserved, Role, User};
use crate::systems::wso2::realm::{Realm, ADMIN_ROLE, EVERYONE_ROLE};
use crate::systems::wso2::resource::{self, Unusable};
use crate::systems::wso2::tree::{Masks, Span};
use crate::word::{words, Word};

words! {
    /// What a rule does.
    enum Effect {
        /// The role or user may.
        Allow = "allow",
        /// The role or user may not, unless another one of its roles may.
        Deny = "deny",
    }
}

/// For whom a rule is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// For the user with this key alone.
    User(Box<str>),
    /// For the role with this number.
    Role(u32),
}

/// Records while they are read.
pub struct Reader<'r> {
    realm: &'r Realm,
    stores: &'r Stores,
    /// The roles' numbers by their keys.
    pub roles: BTreeMap<Box<str>, u32>,
    /// The roles by their numbers.
    pub role_list: Vec<Role>,
    /// The users by their keys.
    pub users: BTreeMap<Box<str>, User>,
    /// Where each user stands in the document.
    pub places: BTreeMap<Box<str>, usize>,
    ids: BTreeSet<String>,
    /// The paths of the rules.
    pub names: Names,
    /// What stands for whom at which path.
    pub rules: BTreeMap<(Principal, NameId), Masks>,
}

impl<'r> Reader<'r> {
    /// Nothing but what always exists.
    pub fn new(realm: &'r Realm, stores: &'r Stores) -> Self {
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
        for key in [EVERYONE_ROLE, ADMIN_ROLE, &realm.everyone_role, &realm.admin_role] {
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

    /// The roles that are listed.
    pub fn roles(&mut self, node: Option<Node<'_, '_>>, problems: &mut Problems) {
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

    /// The users that are listed.
    pub fn users(&mut self, node: Option<Node<'_, '_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for (place, item) in items.iter().enumerate() {
            let Some(members) = item.object(problems) else { continue };
            members.only(&["name", "password", "roles", "id", "claims"], problems);
            let key = members.required("name", problems).and_then(|node| self.new_user(node, problems));
            // Only the directory needs these three; they decide nothing, and are not kept.
            if let Some(node) = members.get("password") {
                node.text(problems);
            }
            self.id(&members, problems);
            if let Some(node) = members.get("claims") {
                node.object(problems);
            }
            let roles = self.roles_of_user(members.get("roles"), problems);
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

    fn id(&mut self, members: &Members<'_, '_>, problems: &mut Problems) {
        let Some(node) = members.get("id") else { return };
        let Some(id) = node.name(problems) else { return };
        if !self.ids.insert(id.to_owned()) {
            node.problem(problems, Code::Duplicate, format!("the id {} stands twice", quote(id)));
        }
    }

    fn roles_of_user(&self, node: Option<Node<'_, '_>>, problems: &mut Problems) -> Box<[u32]> {
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

    /// The rules, in their order.
    pub fn rules(&mut self, node: Option<Node<'_, '_>>, problems: &mut Problems) {
        let Some(items) = node.and_then(|node| node.items(problems)) else { return };
        for item in items.iter() {
            let Some(members) = item.object(problems) else { continue };
            members.only(&["role", "user", "resource", "action", "effect"], problems);
            let principal = self.principal(&members, problems);
            let path = members.required("resource", problems).and_then(|node| self.path(node, problems));
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

    fn principal(&mut self, members: &Members<'_, '_>, problems: &mut Problems) -> Option<Principal> {
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

    fn path(&mut self, node: Node<'_, '_>, problems: &mut Problems) -> Option<NameId> {
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
