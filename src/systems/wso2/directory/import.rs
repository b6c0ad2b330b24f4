//! Records into an empty store, and out of it.

use std::collections::BTreeMap;

use super::super::domain::Stores;
use super::super::realm::{ADMIN_ROLE, EVERYONE_ROLE};
use super::super::{Records, Wso2};
use super::book::rule_of;
use super::membership::member;
use super::stored::{
    list, member_key, members, role_key, role_name_key, settings_key, user_id_key, user_key, waiting_key, Role, User,
};
use crate::directory::prelude::{Authorized, Fault, Interrupt, Transaction};
use crate::document::value::Value;

/// Puts valid records into an empty store.
///
/// # Errors
///
/// [`Interrupt`].
pub fn import(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    let records = tx.parse_records::<Wso2>(document)?;
    let items = |name: &str| list(document.get(name).unwrap_or(&Value::Null));
    let hashes = tx.first_hashes(&passwords(items("users")))?;
    let (mut by_principal, waiting) = rules(&records, items("rules"), items("users"), &role_names(&records, document));

    let mut roles = BTreeMap::new();
    for name in role_names(&records, document) {
        let name = records.stores.role(&name).ok_or(Fault::Internal)?;
        let id = tx.uuid()?;
        let rules = by_principal.remove(&name.key()).unwrap_or_default();
        let (created, modified) = (tx.now, tx.now);
        let role = Role { name: name.canonical(), id: id.clone(), rules, external: None, created, modified };
        tx.create(authorized, &role_key(&id), role.value())?;
        tx.create(authorized, &role_name_key(&name), id.as_str().into())?;
        roles.insert(name.key(), id);
    }

    let mut hashes = hashes.into_iter();
    for item in items("users") {
        let member_of = |name: &str| item.get(name).and_then(Value::text);
        let name = records.stores.user(member_of("name").ok_or(Fault::Internal)?).ok_or(Fault::Internal)?;
        let id = match member_of("id") {
            Some(id) => id.to_owned(),
            None => tx.uuid()?,
        };
        let hash = match member_of("password") {
            Some(_) => Some(hashes.next().ok_or(Fault::Internal)?),
            None => member_of("hash").map(str::to_owned),
        };
        let mut user = User {
            name: name.canonical(),
            id,
            hash,
            roles: Vec::new(),
            rules: by_principal.remove(&name.key()).unwrap_or_default(),
            claims: members(item.get("claims").unwrap_or(&Value::Null)).to_vec(),
            created: tx.now,
            modified: tx.now,
        };
        for role in list(item.get("roles").unwrap_or(&Value::Null)) {
            let key = records.stores.role(role.text().unwrap_or_default()).ok_or(Fault::Internal)?.key();
            let role = roles.get(&key).ok_or(Fault::Internal)?;
            if key != records.realm.everyone_role && !user.roles.contains(role) {
                tx.create(authorized, &member_key(role, &user.id), member(&user.name))?;
                user.roles.push(role.clone());
            }
        }
        tx.create(authorized, &user_key(&name), user.value())?;
        tx.create(authorized, &user_id_key(&user.id), user.name.as_str().into())?;
    }
    for (key, rules) in waiting {
        tx.create(authorized, &waiting_key(&key), Value::List(rules))?;
    }

    let kept = ["realm", "stores"].into_iter().filter_map(|name| Some((name.to_owned(), document.get(name)?.clone())));
    let everyone = roles.get(&records.realm.everyone_role).ok_or(Fault::Internal)?;
    let settings = [("records", Value::Object(kept.collect())), ("everyone", everyone.as_str().into())];
    tx.create(authorized, &settings_key(), Value::object(settings))
}

/// The records of a whole store.
pub fn export(entries: &[(String, Value)]) -> Value {
    let below =
        |prefix: &'static str| entries.iter().filter_map(move |(key, value)| key.starts_with(prefix).then_some(value));
    let mut roles: Vec<Role> = below("role/").filter_map(Role::read).collect();
    roles.sort_by(|a, b| a.name.cmp(&b.name));
    let names: BTreeMap<&str, &str> = roles.iter().map(|role| (role.id.as_str(), role.name.as_str())).collect();
    let (mut users, mut rules) = (Vec::new(), Vec::new());
    for role in &roles {
        rules.extend(role.rules.iter().map(|rule| rule_of("role", &role.name, rule)));
    }
    for user in below("user/").filter_map(User::read) {
        let of_user: Vec<&str> = user.roles.iter().filter_map(|id| names.get(id.as_str()).copied()).collect();
        let mut record = vec![
            ("name".to_owned(), Value::from(user.name.as_str())),
            ("id".to_owned(), user.id.as_str().into()),
            ("roles".to_owned(), Value::texts(&of_user)),
        ];
        if !user.claims.is_empty() {
            record.push(("claims".to_owned(), Value::Object(user.claims.clone())));
        }
        users.push(Value::Object(record));
        rules.extend(user.rules.iter().map(|rule| rule_of("user", &user.name, rule)));
    }
    for waiting in below("rules/") {
        rules.extend(list(waiting).iter().cloned());
    }
    let mut document: Vec<(String, Value)> = Vec::new();
    for settings in below("settings") {
        document.extend(members(settings.get("records").unwrap_or(&Value::Null)).iter().cloned());
    }
    let roles: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
    document.push(("roles".to_owned(), Value::texts(&roles)));
    document.push(("users".to_owned(), Value::List(users)));
    document.push(("rules".to_owned(), Value::List(rules)));
    Value::Object(document)
}

/// The passwords of those who have one, in the order of the users.
fn passwords(users: &[Value]) -> Vec<&str> {
    users.iter().filter_map(|user| user.get("password").and_then(Value::text)).collect()
}

/// All roles by name, each once: those that are listed, and those that always are.
fn role_names(records: &Records, document: &Value) -> Vec<String> {
    let realm = document.get("realm").unwrap_or(&Value::Null);
    let kept = ["admin_role", "everyone_role"].into_iter().filter_map(|name| realm.get(name));
    let listed = list(document.get("roles").unwrap_or(&Value::Null)).iter().chain(kept).filter_map(Value::text);
    let always = [ADMIN_ROLE, EVERYONE_ROLE].into_iter().filter_map(|key| key.strip_prefix("role "));
    let mut names: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for name in listed.chain(always) {
        let Some(role) = records.stores.role(name) else { continue };
        seen.push((role.key(), role.canonical()));
    }
    let mut keys = std::collections::BTreeSet::new();
    for (key, name) in seen {
        if keys.insert(key) {
            names.push(name);
        }
    }
    names
}

/// Rules by the key of whom they are for.
type RulesByKey = BTreeMap<String, Vec<Value>>;

/// The rules of those who are listed, as they keep them, and of those who are not, whole. Of two for the same path
/// and action the later one counts.
fn rules(records: &Records, rules: &[Value], users: &[Value], roles: &[String]) -> (RulesByKey, RulesByKey) {
    let stores: &Stores = &records.stores;
    let key = |name: &str, user: bool| {
        if user {
            stores.user(name).map(|user| user.key())
        } else {
            stores.role(name).map(|role| role.key())
        }
    };
    let names = users.iter().filter_map(|user| user.get("name").and_then(Value::text));
    let mut listed: std::collections::BTreeSet<String> = names.filter_map(|name| key(name, true)).collect();
    listed.extend(roles.iter().filter_map(|name| key(name, false)));
    let (mut theirs, mut waiting) = (RulesByKey::new(), RulesByKey::new());
    for rule in rules {
        let text = |name: &str| rule.get(name).and_then(Value::text);
        let Some(key) = text("user").map_or_else(|| key(text("role")?, false), |name| key(name, true)) else {
            continue;
        };
        let member = |name: &str| rule.get(name).cloned().unwrap_or_default();
        let kept = [("resource", member("resource")), ("action", member("action")), ("effect", member("effect"))];
        if listed.contains(&key) {
            theirs.entry(key).or_default().push(Value::object(kept));
        } else {
            waiting.entry(key).or_default().push(rule.clone());
        }
    }
    (theirs, waiting)
}
