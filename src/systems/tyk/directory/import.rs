//! Imports records into an empty store.

use std::collections::BTreeMap;

use super::super::permissions::Permissions;
use super::super::records::valid_list as list;
use super::super::Tyk;
use super::access_key::AccessKey;
use super::counts::Counts;
use super::reset_link::{link_key, link_to_value};
use super::settings::settings_key;
use super::stand_in::stand_in_entries;
use super::stored::{
    api_key, email_key, group_key, integer, items, member_key, org_key, org_of, reset_key, session_key, team_key,
    user_key, without_member, User, NEVER,
};
use super::user_writes::contribution_of;
use crate::directory::prelude::{digest, invalid_records, time, Authorized, Interrupt, Key, Transaction};
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::quote;

/// The members of the records that are stored with the configuration.
pub const MAPS: [&str; 2] = ["permissions", "additional_permissions"];

/// Imports records into the store.
///
/// # Errors
///
/// [`Interrupt`]: a reset token of an unknown user, or an id that no URL can address.
pub fn import_records(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    check_ids(document)?;
    let mut entries = Entries::default();
    entries.add_settings(tx, document)?;
    entries.add_users(tx, document)?;
    entries.add_groups(document);
    entries.add_reset_tokens(document)?;
    for api in list(document, "apis") {
        entries.add(api_key(text(api, "id")), api.clone());
    }
    for (org, counts) in std::mem::take(&mut entries.counts) {
        entries.add(org_key(&org), counts.to_value());
    }
    let keys: Vec<Key> = entries.all.iter().map(|(key, _)| key.clone()).collect();
    tx.read_all(&keys)?;
    for (key, value) in entries.all {
        tx.put(authorized, &key, value)?;
    }
    Ok(())
}

/// The words that `/api/users` has routes for.
const ROUTES_OF_USERS: [&str; 2] = ["me", "search"];

/// Refuses ids that no URL can address: clients resolve `.` and `..` as path segments, even percent-encoded.
fn check_ids(document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    for record in list(document, "users").iter().filter(|user| ROUTES_OF_USERS.contains(&text(user, "id"))) {
        let message = format!("`/api/users/{}` is a route of the API: use another id", text(record, "id"));
        problems.add(record, Some("id"), Code::Reserved, &message);
    }
    for record in ["users", "groups"].into_iter().flat_map(|name| list(document, name)) {
        if matches!(text(record, "id"), "." | "..") {
            problems.add(
                record,
                Some("id"),
                Code::BadFormat,
                "a URL cannot contain the id `.` or `..`: use another id",
            );
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// The entries to store.
#[derive(Default)]
struct Entries {
    all: Vec<(Key, Value)>,
    counts: BTreeMap<String, Counts>,
    ids: Vec<String>,
}

impl Entries {
    fn add(&mut self, key: Key, value: Value) {
        self.all.push((key, value));
    }

    fn add_settings(&mut self, tx: &mut Transaction<'_>, document: &Value) -> Result<(), Interrupt> {
        let config = member(document, "config").cloned().unwrap_or(Value::Object(Vec::new()));
        let mut settings = Vec::new();
        for name in MAPS {
            settings.extend(member(document, name).map(|value| (name.to_owned(), value.clone())));
        }
        if admin_secret(document).is_some() {
            // Hashed together with the passwords, as the last one.
            let hash = hash_passwords(tx, document)?.pop();
            settings.extend(hash.map(|hash| ("admin".to_owned(), Value::Text(hash))));
        }
        let are_apis_limited = !tx.parse_records::<Tyk>(document)?.apis.table.is_empty();
        settings.push(("are_apis_limited".to_owned(), are_apis_limited.into()));
        settings.push(("config".to_owned(), without_member(config, "admin_secret")));
        self.add(settings_key(), Value::Object(settings));
        for (key, value) in stand_in_entries() {
            self.add(key, value);
        }
        Ok(())
    }

    fn add_users(&mut self, tx: &mut Transaction<'_>, document: &Value) -> Result<(), Interrupt> {
        let mut hashes = hash_passwords(tx, document)?.into_iter();
        let mut emails: BTreeMap<String, (Key, Vec<(String, Value)>)> = BTreeMap::new();
        let now = time::format(tx.now);
        for record in list(document, "users") {
            let hash = match record.get("password").and_then(Value::text) {
                Some(_) => hashes.next(),
                None => record.get("hash").and_then(Value::text).map(str::to_owned),
            };
            let user = parse_user(record, hash, &now);
            let counts = self.counts.entry(user.org.clone()).or_default();
            let (users, admins) = contribution_of(&user);
            counts.users = counts.users.saturating_add(users);
            counts.admins = counts.admins.saturating_add(admins);
            let id = Value::from(user.id.as_str());
            if !user.email.is_empty() {
                let key = email_key(&user.email);
                let (_, known) = emails.entry(key.text().to_owned()).or_insert_with(|| (key, Vec::new()));
                known.push((user.org.clone(), id.clone()));
            }
            if !user.access_key.is_none() {
                self.add(user.access_key.entry_key(), id.clone());
            }
            for session in &user.sessions {
                self.add(session_key(session), id.clone());
            }
            self.add(member_key(&user.org, &user.id), true.into());
            self.add(user_key(&user.id), user.to_value(tx.is_strict()));
            self.ids.push(user.id);
        }
        for (key, known) in emails.into_values() {
            self.add(key, Value::Object(known));
        }
        self.ids.sort();
        Ok(())
    }

    fn add_groups(&mut self, document: &Value) {
        for record in list(document, "groups") {
            let (id, org) = (text(record, "id"), org_of(record));
            let group = Value::object([
                ("id", id.into()),
                ("org_id", org.into()),
                ("name", text(record, "name").into()),
                ("description", text(record, "description").into()),
                ("active", flag(record, "active").into()),
                ("password_max_days", number(record, "password_max_days").into()),
                ("user_permissions", stored_permissions(record)),
            ]);
            let counts = self.counts.entry(org.to_owned()).or_default();
            counts.groups = counts.groups.saturating_add(1);
            self.add(team_key(org, id), true.into());
            self.add(group_key(id), group);
        }
    }

    /// Only the newest link of a user is valid.
    fn add_reset_tokens(&mut self, document: &Value) -> Result<(), Interrupt> {
        let mut problems = Problems::default();
        let mut newest: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
        for record in list(document, "reset_tokens") {
            let (user, issued) = (text(record, "user"), number(record, "issued_at"));
            if self.ids.binary_search_by(|id| id.as_str().cmp(user)).is_err() {
                problems.add(record, Some("user"), Code::UnknownUser, &format!("unknown user {}", quote(user)));
            }
            if newest.get(user).is_none_or(|(known, _)| issued >= *known) {
                newest.insert(user, (issued, text(record, "token")));
            }
        }
        if !problems.is_empty() {
            return Err(invalid_records(problems, document));
        }
        for (user, (issued, token)) in newest {
            let digest = digest(token.as_bytes());
            self.add(reset_key(&digest), user.into());
            self.add(link_key(user), link_to_value(&digest, issued));
        }
        Ok(())
    }
}

/// The hashes of all clear-text passwords of the users in order, followed by that of the admin API's secret.
fn hash_passwords(tx: &mut Transaction<'_>, document: &Value) -> Result<Vec<String>, Interrupt> {
    let mut clear: Vec<&str> =
        list(document, "users").iter().filter_map(|user| user.get("password").and_then(Value::text)).collect();
    clear.extend(admin_secret(document));
    tx.first_hashes(&clear)
}

/// The secret of the admin API. An empty secret counts as absent.
fn admin_secret(document: &Value) -> Option<&str> {
    let secret = member(document, "config")?.get("admin_secret")?.text()?;
    (!secret.is_empty()).then_some(secret)
}

fn parse_user(record: &Value, hash: Option<String>, now: &str) -> User {
    let time = |name: &str, absent: &str| match text(record, name) {
        "" => absent.to_owned(),
        time => time.to_owned(),
    };
    let sessions = record.get("sessions").map(items).unwrap_or_default();
    User {
        id: text(record, "id").to_owned(),
        org: org_of(record).to_owned(),
        first_name: text(record, "first_name").to_owned(),
        last_name: text(record, "last_name").to_owned(),
        email: text(record, "email_address").to_owned(),
        active: flag(record, "active"),
        permissions: stored_permissions(record),
        group: text(record, "group_id").to_owned(),
        access_key: AccessKey::Clear(text(record, "access_key").to_owned()),
        created_at: time("created_at", NEVER),
        last_login_date: time("last_login_date", NEVER),
        // A password of unknown age is as old as this store.
        password_updated: time("password_updated", if hash.is_some() { now } else { NEVER }),
        password_max_days: number(record, "password_max_days"),
        api_model: member(record, "api_model").cloned().unwrap_or(Value::Object(Vec::new())),
        hash,
        history: Vec::new(),
        sessions: sessions.iter().filter_map(Value::text).map(|token| digest(token.as_bytes())).collect(),
    }
}

/// The permissions in the form that requests store.
fn stored_permissions(record: &Value) -> Value {
    let object = member(record, "user_permissions");
    let read = object.and_then(|value| Permissions::parse(Node { value }, &mut Problems::default()));
    read.unwrap_or_default().to_stored_value()
}

/// A member that is not `null`; `null` counts as absent.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|value| **value != Value::Null)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::text).unwrap_or("")
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}

fn number(value: &Value, name: &str) -> i64 {
    value.get(name).and_then(integer).unwrap_or(0)
}
