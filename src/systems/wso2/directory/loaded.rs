//! The users, roles and rules that a request has read, as records for the rules.

use super::super::domain::{RoleName, UserName};
use super::super::vocabulary::Action;
use super::super::{Records, Wso2};
use super::permission_paths;
use super::settings::Settings;
use super::stored::{list_items, pending_rules_key, role_key, role_name_key, user_id_key, user_key, Role, User};
use crate::directory::prelude::{Fault, Interrupt, Transaction};
use crate::document::memory::grow_ahead;
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::system::System as _;
use crate::tables::letters::to_lowercase;
use crate::tables::word::Word as _;

/// The users, roles and rules that a request has read.
#[derive(Default)]
pub struct LoadedState {
    users: Vec<User>,
    roles: Vec<Role>,
    pending_rules: Vec<Value>,
}

impl LoadedState {
    /// Loads a user and the roles that apply to it.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_user(
        &mut self,
        tx: &mut Transaction<'_>,
        settings: &Settings,
        name: &UserName<'_, '_>,
    ) -> Result<Option<User>, Interrupt> {
        let Some(value) = tx.read_entry(&user_key(name))? else { return Ok(None) };
        let user = User::from_value(value).ok_or(Fault::Internal)?;
        self.load_roles_by_id(tx, user.roles.iter().chain([&settings.everyone]))?;
        self.users.push(user.clone());
        Ok(Some(user))
    }

    /// Reads the name of the user with this id.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn read_user_name(tx: &mut Transaction<'_>, id: &str) -> Result<Option<String>, Interrupt> {
        let name = tx.read_entry(&user_id_key(id))?;
        Ok(name.and_then(Value::text).map(str::to_owned))
    }

    /// Loads the existing roles among these ids.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_roles_by_id<'i>(
        &mut self,
        tx: &mut Transaction<'_>,
        ids: impl Iterator<Item = &'i String>,
    ) -> Result<Vec<Role>, Interrupt> {
        let keys: Vec<_> = ids.filter(|id| !id.is_empty()).map(|id| role_key(id)).collect();
        let mut roles = Vec::new();
        for value in tx.read_all(&keys)?.into_iter().flatten() {
            let role = Role::from_value(value).ok_or(Fault::Internal)?;
            if !self.roles.iter().any(|known| known.id == role.id) {
                self.roles.push(role.clone());
            }
            roles.push(role);
        }
        Ok(roles)
    }

    /// Loads roles by name; `None` for each name without a role.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_roles(
        &mut self,
        tx: &mut Transaction<'_>,
        names: &[RoleName<'_, '_>],
    ) -> Result<Vec<Option<Role>>, Interrupt> {
        let keys: Vec<_> = names.iter().map(role_name_key).collect();
        let mut ids = Vec::new();
        for id in tx.read_all(&keys)? {
            ids.push(id.and_then(Value::text).unwrap_or_default().to_owned());
        }
        let roles = self.load_roles_by_id(tx, ids.iter())?;
        Ok(ids.iter().map(|id| roles.iter().find(|role| role.id == *id).cloned()).collect())
    }

    /// Loads the pending rules for a new name, each `{resource, action, effect}`. They count in later decisions of
    /// this request.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_pending_rules(&mut self, tx: &mut Transaction<'_>, key: &str) -> Result<Vec<Value>, Interrupt> {
        let rules = tx.read_entry(&pending_rules_key(key))?.map(|rules| list_items(rules).to_vec()).unwrap_or_default();
        self.pending_rules.extend(rules.iter().cloned());
        let without_name = |rule: &Value| {
            let member = |name: &str| rule.get(name).cloned().unwrap_or_default();
            Value::object([
                ("resource", member("resource")),
                ("action", member("action")),
                ("effect", member("effect")),
            ])
        };
        Ok(rules.iter().map(without_name).collect())
    }

    /// Builds records of everything that was loaded, with only the rules that the questions of a request need.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn build_records(&self, settings: &Settings) -> Result<Records, Interrupt> {
        let (mut roles, mut users, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for role in &self.roles {
            roles.push(Value::from(role.name.as_str()));
            rules.extend(
                role.rules.iter().filter(|rule| is_relevant(rule)).map(|rule| rule_to_record("role", &role.name, rule)),
            );
        }
        for (index, user) in self.users.iter().enumerate() {
            if self.users.iter().take(index).any(|known| known.id == user.id) {
                continue;
            }
            let has = |role: &&Role| user.roles.contains(&role.id);
            let of_user: Vec<&str> = self.roles.iter().filter(has).map(|role| role.name.as_str()).collect();
            users.push(Value::object([("name", user.name.as_str().into()), ("roles", Value::texts(&of_user))]));
            rules.extend(
                user.rules.iter().filter(|rule| is_relevant(rule)).map(|rule| rule_to_record("user", &user.name, rule)),
            );
        }
        rules.extend(self.pending_rules.iter().filter(|rule| is_relevant(rule)).cloned());
        let mut document = match &settings.document {
            Value::Object(members) => members.clone(),
            _ => Vec::new(),
        };
        document.push(("roles".to_owned(), Value::List(roles)));
        document.push(("users".to_owned(), Value::List(users)));
        document.push(("rules".to_owned(), Value::List(rules)));
        let mut problems = Problems::default();
        let records = Wso2::parse_records(Node { value: &Value::Object(document) }, &mut problems);
        problems.is_empty().then_some(records).ok_or(Interrupt::Fault(Fault::Internal))
    }
}

/// A rule in the form of records.
pub fn rule_to_record(kind: &str, name: &str, rule: &Value) -> Value {
    grow_ahead();
    let mut members = vec![(kind.to_owned(), Value::from(name))];
    members.extend(super::stored::members(rule).iter().cloned());
    Value::Object(members)
}

/// Whether a rule can affect a request: it is for `ui.execute`, at or above one of the permission paths.
fn is_relevant(rule: &Value) -> bool {
    let text = |name: &str| rule.get(name).and_then(Value::text).unwrap_or_default();
    let path = to_lowercase(text("resource").trim_matches('/'));
    let is_above = |needed: &&str| {
        let needed = needed.trim_start_matches('/');
        path.is_empty()
            || needed.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    Action::parse(text("action")).is_some_and(|action| action.word() == Action::UiExecute.word())
        && permission_paths::ALL.iter().any(is_above)
}
