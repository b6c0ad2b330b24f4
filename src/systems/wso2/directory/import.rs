//! Imports records into an empty store.

use std::collections::{BTreeMap, BTreeSet};

use super::super::realm::{ADMIN_ROLE, EVERYONE_ROLE};
use super::super::stores::Stores;
use super::super::{Records, Wso2};
use super::stored::{
    list_items, member_key, members, pending_rules_key, role_key, role_name_key, settings_key, user_id_key, user_key,
    Role, User,
};
use super::writes::member_to_value;
use crate::directory::prelude::{invalid_records, Authorized, Fault, Interrupt, Transaction};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;

/// Imports valid records into an empty store.
///
/// # Errors
///
/// [`Interrupt`].
pub fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    let records = tx.parse_records::<Wso2>(document)?;
    check_ids(document)?;
    let items = |name: &str| list_items(document.get(name).unwrap_or(&Value::Null));
    let hashes = tx.first_hashes(&passwords(items("users")))?;
    let (mut by_principal, pending) =
        split_rules(&records, items("rules"), items("users"), &role_names(&records, document));

    let mut roles = BTreeMap::new();
    for name in role_names(&records, document) {
        let name = records.stores.role(&name).ok_or(Fault::Internal)?;
        let id = tx.uuid()?;
        let rules = by_principal.remove(&name.key()).unwrap_or_default();
        let (created, modified) = (tx.now, tx.now);
        let role = Role { name: name.canonical(), id: id.clone(), rules, external: None, created, modified };
        tx.create(authorized, &role_key(&id), role.to_value())?;
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
        let mut given = BTreeSet::new();
        for role in list_items(item.get("roles").unwrap_or(&Value::Null)) {
            let key = records.stores.role(role.text().unwrap_or_default()).ok_or(Fault::Internal)?.key();
            let role = roles.get(&key).ok_or(Fault::Internal)?;
            if key != records.realm.everyone_role && given.insert(key) {
                tx.create(authorized, &member_key(role, &user.id), member_to_value(&user.name))?;
                user.roles.push(role.clone());
            }
        }
        tx.create(authorized, &user_key(&name), user.to_value())?;
        tx.create(authorized, &user_id_key(&user.id), user.name.as_str().into())?;
    }
    for (key, rules) in pending {
        tx.create(authorized, &pending_rules_key(&key), Value::List(rules))?;
    }

    let settings =
        ["realm", "stores"].into_iter().filter_map(|name| Some((name.to_owned(), document.get(name)?.clone())));
    let everyone = roles.get(&records.realm.everyone_role).ok_or(Fault::Internal)?;
    let settings = [("records", Value::Object(settings.collect())), ("everyone", everyone.as_str().into())];
    tx.create(authorized, &settings_key(), Value::object(settings))
}

/// Refuses ids that no URL can address: `/scim2/Users/.search` is a route, and clients resolve `.` and `..` as path
/// segments.
fn check_ids(document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    for user in list_items(document.get("users").unwrap_or(&Value::Null)) {
        if let Some(id @ (".search" | "." | "..")) = user.get("id").and_then(Value::text) {
            let message = format!("no path of SCIM can name a user with the id `{id}`: use another");
            problems.add(user, Some("id"), Code::Reserved, &message);
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// The passwords of the users that have one, in order.
fn passwords(users: &[Value]) -> Vec<&str> {
    users.iter().filter_map(|user| user.get("password").and_then(Value::text)).collect()
}

/// The distinct names of all roles: those that are listed, and those that always exist.
fn role_names(records: &Records, document: &Value) -> Vec<String> {
    let realm = document.get("realm").unwrap_or(&Value::Null);
    let of_realm = ["admin_role", "everyone_role"].into_iter().filter_map(|name| realm.get(name));
    let listed =
        list_items(document.get("roles").unwrap_or(&Value::Null)).iter().chain(of_realm).filter_map(Value::text);
    let always = [ADMIN_ROLE, EVERYONE_ROLE].into_iter().filter_map(|key| key.strip_prefix("role "));
    let mut names: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for name in listed.chain(always) {
        let Some(role) = records.stores.role(name) else { continue };
        seen.push((role.key(), role.canonical()));
    }
    let mut keys = BTreeSet::new();
    for (key, name) in seen {
        if keys.insert(key) {
            names.push(name);
        }
    }
    names
}

/// Rules by the key of their user or role.
type RulesByKey = BTreeMap<String, Vec<Value>>;

/// Splits the rules into those of listed users and roles, in stored form, and the pending rules of others, in the
/// form of records. The last of several rules for the same path and action counts.
fn split_rules(records: &Records, rules: &[Value], users: &[Value], roles: &[String]) -> (RulesByKey, RulesByKey) {
    let stores: &Stores = &records.stores;
    let key = |name: &str, user: bool| {
        if user {
            stores.user(name).map(|user| user.key())
        } else {
            stores.role(name).map(|role| role.key())
        }
    };
    let names = users.iter().filter_map(|user| user.get("name").and_then(Value::text));
    let mut listed: BTreeSet<String> = names.filter_map(|name| key(name, true)).collect();
    listed.extend(roles.iter().filter_map(|name| key(name, false)));
    let (mut stored, mut pending) = (RulesByKey::new(), RulesByKey::new());
    for rule in rules {
        let text = |name: &str| rule.get(name).and_then(Value::text);
        let Some(key) = text("user").map_or_else(|| key(text("role")?, false), |name| key(name, true)) else {
            continue;
        };
        let member = |name: &str| rule.get(name).cloned().unwrap_or_default();
        let rule_members =
            [("resource", member("resource")), ("action", member("action")), ("effect", member("effect"))];
        if listed.contains(&key) {
            stored.entry(key).or_default().push(Value::object(rule_members));
        } else {
            pending.entry(key).or_default().push(rule.clone());
        }
    }
    (stored, pending)
}
