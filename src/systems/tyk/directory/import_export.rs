//! Records into an empty store, and out of a full one.

use std::collections::BTreeMap;

use super::super::permissions::Permissions;
use super::super::records::valid_list as list;
use super::super::Tyk;
use super::access_key::AccessKey;
use super::changes::counted;
use super::link::{link_key, link_value};
use super::settings::settings_key;
use super::stored::{
    api_key, email_key, group_key, items, member_key, members, org_key, org_of, reset_key, session_key,
    stand_in_entries, team_key, user_key, whole, without, Counts, User, NEVER,
};
use crate::directory::prelude::{digest, invalid_records, time, Authorized, Interrupt, Key, Transaction};
use crate::document::node::Node;
use crate::document::problem::{quote, Code, Problems};
use crate::document::value::Value;

/// The members of the records that are kept with the configuration.
const MAPS: [&str; 2] = ["permissions", "additional_permissions"];

/// Puts records into the store.
///
/// # Errors
///
/// [`Interrupt`]: a reset token of an unknown user, or an id that no URL can carry.
pub fn import(tx: &mut Transaction<'_>, authorized: &Authorized, document: &Value) -> Result<(), Interrupt> {
    check_ids(document)?;
    let mut entries = Entries::default();
    entries.settings(tx, document)?;
    entries.users(tx, document)?;
    entries.groups(document);
    entries.reset_tokens(document)?;
    for api in list(document, "apis") {
        entries.put(api_key(text(api, "id")), api.clone());
    }
    for (org, counts) in std::mem::take(&mut entries.counts) {
        entries.put(org_key(&org), counts.value());
    }
    let keys: Vec<Key> = entries.all.iter().map(|(key, _)| key.clone()).collect();
    tx.read_all(&keys)?;
    for (key, value) in entries.all {
        tx.put(authorized, &key, value)?;
    }
    Ok(())
}

/// Refuses ids that no URL can carry: a part of a path that is `.` or `..`, also percent-encoded, never arrives.
fn check_ids(document: &Value) -> Result<(), Interrupt> {
    let mut problems = Problems::default();
    for given in ["users", "groups"].into_iter().flat_map(|name| list(document, name)) {
        if matches!(text(given, "id"), "." | "..") {
            problems.add(given, Some("id"), Code::BadFormat, "no URL can carry the id `.` or `..`: choose another");
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid_records(problems, document))
    }
}

/// What will stand in the store.
#[derive(Default)]
struct Entries {
    all: Vec<(Key, Value)>,
    counts: BTreeMap<String, Counts>,
    ids: Vec<String>,
}

impl Entries {
    fn put(&mut self, key: Key, value: Value) {
        self.all.push((key, value));
    }

    fn settings(&mut self, tx: &mut Transaction<'_>, document: &Value) -> Result<(), Interrupt> {
        let given = given(document, "config").cloned().unwrap_or(Value::Object(Vec::new()));
        let mut settings = Vec::new();
        for name in MAPS {
            settings.extend(self::given(document, name).map(|value| (name.to_owned(), value.clone())));
        }
        if admin_secret(document).is_some() {
            // Hashed together with the passwords, behind them.
            let hash = hashes(tx, document)?.pop();
            settings.extend(hash.map(|hash| ("admin".to_owned(), Value::Text(hash))));
        }
        let are_limited = !tx.parse_records::<Tyk>(document)?.apis.table.is_empty();
        settings.push(("are_apis_limited".to_owned(), are_limited.into()));
        settings.push(("config".to_owned(), without(given, "admin_secret")));
        self.put(settings_key(), Value::Object(settings));
        for (key, value) in stand_in_entries() {
            self.put(key, value);
        }
        Ok(())
    }

    fn users(&mut self, tx: &mut Transaction<'_>, document: &Value) -> Result<(), Interrupt> {
        let mut hashes = hashes(tx, document)?.into_iter();
        let mut emails: BTreeMap<String, (Key, Vec<(String, Value)>)> = BTreeMap::new();
        let now = time::format(tx.now);
        for given in list(document, "users") {
            let hash = match given.get("password").and_then(Value::text) {
                Some(_) => hashes.next(),
                None => given.get("hash").and_then(Value::text).map(str::to_owned),
            };
            let user = read_user(given, hash, &now);
            let counts = self.counts.entry(user.org.clone()).or_default();
            let (users, admins) = counted(&user);
            counts.users = counts.users.saturating_add(users);
            counts.admins = counts.admins.saturating_add(admins);
            let id = Value::from(user.id.as_str());
            if !user.email.is_empty() {
                let key = email_key(&user.email);
                let (_, known) = emails.entry(key.text().to_owned()).or_insert_with(|| (key, Vec::new()));
                known.push((user.org.clone(), id.clone()));
            }
            if !user.access_key.is_none() {
                self.put(user.access_key.entry(), id.clone());
            }
            for session in &user.sessions {
                self.put(session_key(session), id.clone());
            }
            self.put(member_key(&user.org, &user.id), true.into());
            self.put(user_key(&user.id), user.value(tx.is_strict()));
            self.ids.push(user.id);
        }
        for (key, known) in emails.into_values() {
            self.put(key, Value::Object(known));
        }
        self.ids.sort();
        Ok(())
    }

    fn groups(&mut self, document: &Value) {
        for given in list(document, "groups") {
            let (id, org) = (text(given, "id"), org_of(given));
            let group = Value::object([
                ("id", id.into()),
                ("org_id", org.into()),
                ("name", text(given, "name").into()),
                ("description", text(given, "description").into()),
                ("active", flag(given, "active").into()),
                ("password_max_days", number(given, "password_max_days").into()),
                ("user_permissions", permissions(given)),
            ]);
            let counts = self.counts.entry(org.to_owned()).or_default();
            counts.groups = counts.groups.saturating_add(1);
            self.put(team_key(org, id), true.into());
            self.put(group_key(id), group);
        }
    }

    /// Only the newest link of a user counts.
    fn reset_tokens(&mut self, document: &Value) -> Result<(), Interrupt> {
        let mut problems = Problems::default();
        let mut newest: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
        for given in list(document, "reset_tokens") {
            let (user, issued) = (text(given, "user"), number(given, "issued_at"));
            if self.ids.binary_search_by(|id| id.as_str().cmp(user)).is_err() {
                problems.add(given, Some("user"), Code::UnknownUser, &format!("unknown user {}", quote(user)));
            }
            if newest.get(user).is_none_or(|(known, _)| issued >= *known) {
                newest.insert(user, (issued, text(given, "token")));
            }
        }
        if !problems.is_empty() {
            return Err(invalid_records(problems, document));
        }
        for (user, (issued, token)) in newest {
            let digest = digest(token.as_bytes());
            self.put(reset_key(&digest), user.into());
            self.put(link_key(user), link_value(&digest, issued));
        }
        Ok(())
    }
}

/// The hashes of all clear passwords of the users, in their order, and of the admin API's secret behind them.
fn hashes(tx: &mut Transaction<'_>, document: &Value) -> Result<Vec<String>, Interrupt> {
    let mut clear: Vec<&str> =
        list(document, "users").iter().filter_map(|user| user.get("password").and_then(Value::text)).collect();
    clear.extend(admin_secret(document));
    tx.first_hashes(&clear)
}

/// An empty secret is none.
fn admin_secret(document: &Value) -> Option<&str> {
    let secret = given(document, "config")?.get("admin_secret")?.text()?;
    (!secret.is_empty()).then_some(secret)
}

fn read_user(given: &Value, hash: Option<String>, now: &str) -> User {
    let time = |name: &str, absent: &str| match text(given, name) {
        "" => absent.to_owned(),
        time => time.to_owned(),
    };
    let sessions = given.get("sessions").map(items).unwrap_or_default();
    User {
        id: text(given, "id").to_owned(),
        org: org_of(given).to_owned(),
        first_name: text(given, "first_name").to_owned(),
        last_name: text(given, "last_name").to_owned(),
        email: text(given, "email_address").to_owned(),
        active: flag(given, "active"),
        permissions: permissions(given),
        group: text(given, "group_id").to_owned(),
        access_key: AccessKey::Clear(text(given, "access_key").to_owned()),
        created_at: time("created_at", NEVER),
        last_login_date: time("last_login_date", NEVER),
        // A password whose age nobody knows is as old as this store.
        password_updated: time("password_updated", if hash.is_some() { now } else { NEVER }),
        password_max_days: number(given, "password_max_days"),
        api_model: self::given(given, "api_model").cloned().unwrap_or(Value::Object(Vec::new())),
        hash,
        history: Vec::new(),
        sessions: sessions.iter().filter_map(Value::text).map(|token| digest(token.as_bytes())).collect(),
    }
}

/// The permissions as a call would have stored them.
fn permissions(given: &Value) -> Value {
    let object = self::given(given, "user_permissions");
    let read = object.and_then(|value| Permissions::parse(Node { value }, &mut Problems::default()));
    read.unwrap_or_default().to_stored_value()
}

/// The records of a store. What lets somebody in stays behind.
pub fn export(entries: &[(String, Value)]) -> Value {
    let (mut users, mut groups, mut apis, mut rest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (key, value) in entries {
        match key.split_once('/').map_or(key.as_str(), |(kind, _)| kind) {
            "user" => users.extend(value.get("record").map(|record| without(record.clone(), "access_key"))),
            "group" => groups.push(value.clone()),
            "api" => apis.push(value.clone()),
            "settings" => {
                let kept = |(name, _): &&(String, Value)| name == "config" || MAPS.contains(&name.as_str());
                rest = members(value).iter().filter(kept).cloned().collect();
            }
            _ => {}
        }
    }
    let mut records = Vec::new();
    for (name, list) in [("users", users), ("groups", groups), ("apis", apis)] {
        records.push((name.to_owned(), Value::List(list)));
    }
    records.extend(rest);
    Value::Object(records)
}

/// A member that is not `null`, which is as good as absent.
fn given<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|value| **value != Value::Null)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::text).unwrap_or("")
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}

fn number(value: &Value, name: &str) -> i64 {
    value.get(name).and_then(whole).unwrap_or(0)
}
