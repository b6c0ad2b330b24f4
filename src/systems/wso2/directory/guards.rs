//! The rights of users and roles that the strict guards compare.

use super::super::domain::split_name;
use super::super::vocabulary::Action;
use super::super::{access, Wso2};
use super::loaded::rule_to_record;
use super::permission_paths;
use super::stored::{members, role_key, settings_key, Role, User};
use crate::directory::prelude::{Fault, Holder, Interrupt, Key, View};
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The right that the realm's admin user has by its name, independent of the tree: actions of "only the admin user".
/// The product has no rule for it. Here it is a rule, at a path that the console does not use.
const ADMIN_BY_NAME: (Action, &str) = (Action::Authorize, "/latchwork/admin-user");

/// The rights of a user, or the rights that a role gives to its users.
///
/// # Errors
///
/// [`Interrupt`].
pub fn holder_of_entry(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Holder<Wso2>, Interrupt> {
    let settings = view.read_entry(&settings_key())?;
    if key.text().starts_with("role/") {
        let role = Role::from_value(value).ok_or(Fault::Internal)?;
        let records = LoadedHolder { settings, users: &[], roles: std::slice::from_ref(&role) };
        let records = view.parse_records::<Wso2>(&records.document())?;
        let subject = access::resolve_role(&records, &role.name);
        let (questions, managed) = (questions_of(&role.rules), role_without_times(value));
        return Ok(Holder::new(local_name(&role.name), records, subject, questions, managed));
    }
    let mut user = User::from_value(value).ok_or(Fault::Internal)?;
    let everyone = settings.as_ref().and_then(|settings| settings.get("everyone")?.text().map(str::to_owned));
    let ids = user.roles.iter().chain(&everyone).filter(|id| !id.is_empty());
    let keys: Vec<Key> = ids.map(|id| role_key(id)).collect();
    let mut roles: Vec<Role> = Vec::new();
    for value in view.read_all(&keys)?.into_iter().flatten() {
        let role = Role::from_value(&value).ok_or(Fault::Internal)?;
        if !roles.iter().any(|known| known.id == role.id) {
            roles.push(role);
        }
    }
    let mut questions = questions_of(&user.rules);
    questions.extend(roles.iter().flat_map(|role| questions_of(&role.rules)));
    // Questions that only the realm's admin may do without a rule.
    questions.extend([(Action::Get, "/".to_owned()), (Action::UiExecute, permission_paths::ROOT.to_owned())]);
    questions.push((Action::UiExecute, permission_paths::ADMIN.to_owned()));
    let document = |user: &User| {
        LoadedHolder { settings: settings.clone(), users: std::slice::from_ref(user), roles: &roles }.document()
    };
    let mut records = view.parse_records::<Wso2>(&document(&user))?;
    if records.stores.user(&user.name).is_some_and(|name| records.realm.is_admin(&name)) {
        let (action, path) = ADMIN_BY_NAME;
        let rule = [("resource", path.into()), ("action", action.word().into()), ("effect", "allow".into())];
        user.rules.push(Value::object(rule));
        questions.push((action, path.to_owned()));
        records = view.parse_records::<Wso2>(&document(&user))?;
    }
    let subject = access::resolve_user(&records, Some(&user.name));
    let holder = Holder::new(local_name(&user.name), records, subject, questions, value.clone());
    let is_admin = user.is_active() && user.hash.is_some() && holder.can(Action::UiExecute, permission_paths::ADMIN);
    Ok(Holder { is_active: user.is_active(), administers: is_admin.then(String::new), ..holder })
}

/// The name without its domain.
fn local_name(name: &str) -> String {
    split_name(name).1.to_owned()
}

/// A role's entry without its time of change, which also changes with its members.
fn role_without_times(value: &Value) -> Value {
    let rest = members(value).iter().filter(|(name, _)| name != "modified");
    Value::Object(rest.cloned().collect())
}

/// The questions that rules decide. Between the paths of all rules of two holders the decision does not change.
fn questions_of(rules: &[Value]) -> Vec<(Action, String)> {
    let text = |rule: &Value, name: &str| rule.get(name).and_then(Value::text).unwrap_or_default().to_owned();
    rules.iter().filter_map(|rule| Some((Action::parse(&text(rule, "action"))?, text(rule, "resource")))).collect()
}

struct LoadedHolder<'k> {
    settings: Option<Value>,
    users: &'k [User],
    roles: &'k [Role],
}

impl LoadedHolder<'_> {
    /// The records with only these users and roles, and all of their rules.
    fn document(&self) -> Value {
        let (mut users, mut roles, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for role in self.roles {
            roles.push(Value::from(role.name.as_str()));
            rules.extend(role.rules.iter().map(|rule| rule_to_record("role", &role.name, rule)));
        }
        for user in self.users {
            let has = |role: &&Role| user.roles.contains(&role.id);
            let assigned: Vec<&str> = self.roles.iter().filter(has).map(|role| role.name.as_str()).collect();
            users.push(Value::object([("name", user.name.as_str().into()), ("roles", Value::texts(&assigned))]));
            rules.extend(user.rules.iter().map(|rule| rule_to_record("user", &user.name, rule)));
        }
        let settings = self.settings.as_ref().and_then(|settings| settings.get("records"));
        let mut document = members(settings.unwrap_or(&Value::Null)).to_vec();
        document.push(("roles".to_owned(), Value::List(roles)));
        document.push(("users".to_owned(), Value::List(users)));
        document.push(("rules".to_owned(), Value::List(rules)));
        Value::Object(document)
    }
}
