//! What a call has looked up, in the shape of records, for the rules to decide on.

use super::super::domain::{RoleName, UserName};
use super::super::realm::SUPER_TENANT;
use super::super::vocabulary::Action;
use super::super::{Records, Wso2};
use super::stored::{list, role_key, role_name_key, settings_key, user_id_key, user_key, waiting_key, Role, User};
use crate::directory::prelude::{Fault, Interrupt, Transaction};
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::system::System as _;
use crate::tables::letters::small_text;
use crate::tables::word::Word as _;

/// The permissions that calls ask for.
// Source: WSO2 identity framework, `META-INF/services.xml` of user management.
pub mod permission {
    pub const ROOT: &str = "/permission";
    pub const ADMIN: &str = "/permission/admin";
    pub const PROTECTED: &str = "/permission/protected";
    pub const LOGIN: &str = "/permission/admin/login";
    /// All of what is below it.
    pub const USERS: &str = "/permission/admin/manage/identity/usermgt";
    pub const USER_CREATE: &str = "/permission/admin/manage/identity/usermgt/create";
    pub const USER_LIST: &str = "/permission/admin/manage/identity/usermgt/list";
    pub const USER_VIEW: &str = "/permission/admin/manage/identity/usermgt/view";
    pub const USER_UPDATE: &str = "/permission/admin/manage/identity/usermgt/update";
    pub const USER_DELETE: &str = "/permission/admin/manage/identity/usermgt/delete";
    pub const ROLE_CREATE: &str = "/permission/admin/manage/identity/rolemgt/create";
    pub const ROLE_VIEW: &str = "/permission/admin/manage/identity/rolemgt/view";
    pub const ROLE_UPDATE: &str = "/permission/admin/manage/identity/rolemgt/update";
    pub const ROLE_DELETE: &str = "/permission/admin/manage/identity/rolemgt/delete";
    /// All of them.
    pub const ALL: [&str; 10] = [
        LOGIN,
        USER_CREATE,
        USER_LIST,
        USER_VIEW,
        USER_UPDATE,
        USER_DELETE,
        ROLE_CREATE,
        ROLE_VIEW,
        ROLE_UPDATE,
        ROLE_DELETE,
    ];
}

/// The realm and the user stores.
pub struct Settings {
    document: Value,
    /// The identifier of the role that every user has.
    pub everyone: String,
    /// Records of nobody: names and patterns.
    pub records: Records,
}

impl Settings {
    /// Reads them. An empty store has those of an empty document.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn read(tx: &mut Transaction<'_>) -> Result<Self, Interrupt> {
        let settings = tx.read(&settings_key())?;
        let member = |name: &str| settings.and_then(|settings| settings.get(name)).cloned();
        let document = member("records").unwrap_or(Value::Object(Vec::new()));
        let everyone = member("everyone").and_then(|id| id.text().map(str::to_owned)).unwrap_or_default();
        let records = tx.parse_records::<Wso2>(&document)?;
        Ok(Self { document, everyone, records })
    }

    /// Whether a tenant is the one whose users are here.
    pub fn is_tenant(&self, tenant: &str) -> bool {
        let named = self.document.get("realm").and_then(|realm| realm.get("tenant")?.text());
        named.unwrap_or(SUPER_TENANT).eq_ignore_ascii_case(tenant)
    }

    /// The name that a caller signs in with, without the tenant behind it: `admin@carbon.super` is `admin`.
    // Source: WSO2 kernel, `MultitenantUtils.getTenantAwareUsername`.
    pub fn without_tenant<'n>(&self, name: &'n str) -> &'n str {
        match name.rsplit_once('@') {
            Some((name, tenant)) if self.is_tenant(tenant) => name,
            _ => name,
        }
    }

    /// The user of this name; `None` when no store has its domain.
    pub fn user<'n>(&self, name: &'n str) -> Option<UserName<'_, 'n>> {
        self.records.stores.user(name)
    }

    /// The role of this name; `None` when nothing has its domain.
    pub fn role<'n>(&self, name: &'n str) -> Option<RoleName<'_, 'n>> {
        self.records.stores.role(name)
    }
}

/// Users and roles that were looked up.
#[derive(Default)]
pub struct Book {
    users: Vec<User>,
    roles: Vec<Role>,
    waiting: Vec<Value>,
}

impl Book {
    /// A user, with the roles that count for it.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn user(
        &mut self,
        tx: &mut Transaction<'_>,
        settings: &Settings,
        name: &UserName<'_, '_>,
    ) -> Result<Option<User>, Interrupt> {
        let Some(value) = tx.read(&user_key(name))? else { return Ok(None) };
        let user = User::read(value).ok_or(Fault::Internal)?;
        self.roles_by_id(tx, user.roles.iter().chain([&settings.everyone]))?;
        self.users.push(user.clone());
        Ok(Some(user))
    }

    /// The name of the user with this identifier.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn name_of(tx: &mut Transaction<'_>, id: &str) -> Result<Option<String>, Interrupt> {
        let name = tx.read(&user_id_key(id))?;
        Ok(name.and_then(Value::text).map(str::to_owned))
    }

    /// Roles, of those identifiers that lead somewhere.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn roles_by_id<'i>(
        &mut self,
        tx: &mut Transaction<'_>,
        ids: impl Iterator<Item = &'i String>,
    ) -> Result<Vec<Role>, Interrupt> {
        let keys: Vec<_> = ids.filter(|id| !id.is_empty()).map(|id| role_key(id)).collect();
        let mut found = Vec::new();
        for value in tx.read_all(&keys)?.into_iter().flatten() {
            let role = Role::read(value).ok_or(Fault::Internal)?;
            if !self.roles.iter().any(|known| known.id == role.id) {
                self.roles.push(role.clone());
            }
            found.push(role);
        }
        Ok(found)
    }

    /// Roles by their names: each one, or that there is none.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn roles(
        &mut self,
        tx: &mut Transaction<'_>,
        names: &[RoleName<'_, '_>],
    ) -> Result<Vec<Option<Role>>, Interrupt> {
        let keys: Vec<_> = names.iter().map(role_name_key).collect();
        let mut ids = Vec::new();
        for id in tx.read_all(&keys)? {
            ids.push(id.and_then(Value::text).unwrap_or_default().to_owned());
        }
        let found = self.roles_by_id(tx, ids.iter())?;
        Ok(ids.iter().map(|id| found.iter().find(|role| role.id == *id).cloned()).collect())
    }

    /// The rules that wait for a name that is not taken, each `{resource, action, effect}`. They count from now on.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn waiting(&mut self, tx: &mut Transaction<'_>, key: &str) -> Result<Vec<Value>, Interrupt> {
        let rules = tx.read(&waiting_key(key))?.map(|rules| list(rules).to_vec()).unwrap_or_default();
        self.waiting.extend(rules.iter().cloned());
        let whole = |rule: &Value| {
            let member = |name: &str| rule.get(name).cloned().unwrap_or_default();
            Value::object([
                ("resource", member("resource")),
                ("action", member("action")),
                ("effect", member("effect")),
            ])
        };
        Ok(rules.iter().map(whole).collect())
    }

    /// Records of what was looked up, with no more rules than the questions of a call need.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn records(&self, settings: &Settings) -> Result<Records, Interrupt> {
        let (mut roles, mut users, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for role in &self.roles {
            roles.push(Value::from(role.name.as_str()));
            rules.extend(role.rules.iter().filter(|rule| matters(rule)).map(|rule| rule_of("role", &role.name, rule)));
        }
        for (index, user) in self.users.iter().enumerate() {
            if self.users.iter().take(index).any(|known| known.id == user.id) {
                continue;
            }
            let has = |role: &&Role| user.roles.contains(&role.id);
            let of_user: Vec<&str> = self.roles.iter().filter(has).map(|role| role.name.as_str()).collect();
            users.push(Value::object([("name", user.name.as_str().into()), ("roles", Value::texts(&of_user))]));
            rules.extend(user.rules.iter().filter(|rule| matters(rule)).map(|rule| rule_of("user", &user.name, rule)));
        }
        rules.extend(self.waiting.iter().filter(|rule| matters(rule)).cloned());
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

/// A rule in the shape of records.
pub fn rule_of(kind: &str, name: &str, rule: &Value) -> Value {
    let mut members = vec![(kind.to_owned(), Value::from(name))];
    members.extend(super::stored::members(rule).iter().cloned());
    Value::Object(members)
}

/// Whether a rule can decide anything that a call asks: it is for `ui.execute`, at or above a path that is asked.
fn matters(rule: &Value) -> bool {
    let text = |name: &str| rule.get(name).and_then(Value::text).unwrap_or_default();
    let path = small_text(text("resource").trim_matches('/'));
    let is_above = |asked: &&str| {
        let asked = asked.trim_start_matches('/');
        path.is_empty()
            || asked.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    Action::parse(text("action")).is_some_and(|action| action.word() == Action::UiExecute.word())
        && permission::ALL.iter().any(is_above)
}
