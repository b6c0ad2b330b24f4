//! Reading users, what they are granted, and the mode of the server.

use super::given::{answered, GrantGiven};
use super::grants::{Entry, Grants, Status, Subject};
use super::model::{fixed_level, Records, GRANTS_MAX, PASSWORD_MAX, SYSTEM, WILDCARD};
use super::resource::encode_segment;
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::node::{Items, Members, Node};
use crate::document::problem::{fill_quoted, Code, Problems};
use crate::document::value::Value;
use crate::tables::names::{Index, NameId, Names};
use crate::tables::sort::sort;
use crate::tables::text::{concat, fill, number};
use crate::tables::word::words;

/// The longest hash that is kept, in bytes.
pub(super) const HASH_MAX: usize = 256;

words! {
    /// How the server runs.
    pub enum Mode {
        /// As granted.
        Default = "default",
        /// Nothing is written.
        ReadOnly = "readonly",
    }
}

/// The members of the records.
pub(super) const RECORDS: [&str; 3] = ["users", "databases", "mode"];
/// The members of a user.
pub(super) const USER: [&str; 7] = ["active", "grants", "passwd", "hash", "extra", "config", "user"];
/// How a stored hash begins.
pub(super) const HASHES: [&str; 2] = ["$argon2id$", "$salted-sha256$"];

/// Reads the records.
pub fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let mut records = Records::default();
    if let Value::List(_) = answered(document.value) {
        records.read_users(document, problems);
        records.seal();
        return records;
    }
    let Some(members) = document.object(problems) else { return records };
    members.only(&RECORDS, problems);
    if let Some(users) = members.get("users") {
        records.read_users(users, problems);
    }
    if let Some(databases) = members.get("databases") {
        check_databases(databases, problems);
    }
    let mode = members.get("mode").and_then(|node| node.keyword("mode", Code::UnknownValue, problems));
    records.read_only = mode == Some(Mode::ReadOnly);
    records.seal();
    records
}

impl Records {
    /// Reads users by name, or as the server lists them.
    fn read_users(&mut self, users: Node<'_>, problems: &mut Problems) {
        let users = Node { value: answered(users.value) };
        if let Value::List(_) = users.value {
            let mut seen = Index::default();
            for node in users.items(problems).into_iter().flat_map(Items::iter) {
                let Some(members) = node.object(problems) else { continue };
                let Some(named) = members.required("user", problems) else { continue };
                let Some(name) = named.text(problems) else { continue };
                if !seen.insert(name, 0) {
                    named.problem(problems, Code::Duplicate, &fill_quoted("the user <> stands twice", &[name]));
                }
                self.read_user(name, named, node, problems);
            }
        } else {
            for (name, node) in users.object(problems).into_iter().flat_map(Members::iter) {
                self.read_user(name, node, node, problems);
            }
        }
    }

    /// Reads a user; problems of the name are noted at `named`.
    fn read_user(&mut self, name: &str, named: Node<'_>, node: Node<'_>, problems: &mut Problems) {
        let id = identified(&mut self.names, name, named, problems);
        let user = user(&mut self.names, name, node, problems);
        if let (Some(id), Some(user)) = (id, user) {
            self.users.push((id, Subject { name: Some(id), ..user }));
        }
    }

    /// Ends the reading.
    fn seal(&mut self) {
        self.names.seal();
        let names = &self.names;
        sort(&mut self.users, |(a, _), (b, _)| names.text(*a).cmp(names.text(*b)));
    }
}

fn user(names: &mut Names, name: &str, node: Node<'_>, problems: &mut Problems) -> Option<Subject> {
    let members = node.object(problems)?;
    members.only(&USER, problems);
    // By name the member says nothing new, and must not say something else.
    if members.get("user").is_some_and(|user| user.value.text() != Some(name)) {
        members.problem("user", problems, Code::Mismatch, "the user stands under another name");
    }
    let active = members.get("active").and_then(|node| node.flag(problems)).unwrap_or(true);
    check_directory_members(members, problems);
    let grants = grants(names, name, members.get("grants"), problems);
    let status = if active { Status::Active } else { Status::Inactive };
    Some(Subject { status, name: None, grants })
}

/// What only the directory needs is checked, and not kept.
fn check_directory_members(members: Members<'_>, problems: &mut Problems) {
    if let Some(password) = members.get("passwd") {
        check_password(password, problems);
    }
    if let Some(hash) = members.get("hash") {
        check_hash(hash, problems);
        if members.get("passwd").is_some() {
            hash.problem(problems, Code::Mismatch, "`passwd` stands beside it: give one of the two");
        }
    }
    if let Some(extra) = members.get("extra") {
        extra.object(problems);
    }
    if let Some(config) = members.some("config") {
        config.object(problems);
    }
}

/// Notes a password that is no string or too long; the message never has it.
pub fn check_password(password: Node<'_>, problems: &mut Problems) {
    if password.text(problems).is_some_and(|text| text.len() > PASSWORD_MAX) {
        password.problem(problems, Code::TooLong, &fill("a password has at most {} bytes", &[&number(PASSWORD_MAX)]));
    }
}

/// Notes a stored hash that nobody could verify; the message never has it.
fn check_hash(hash: Node<'_>, problems: &mut Problems) {
    let Some(text) = hash.text(problems) else { return };
    if !HASHES.iter().any(|form| text.starts_with(form)) || text.len() > HASH_MAX {
        let code = Code::BadFormat;
        hash.problem(problems, code, "expected `$argon2id$…`, or `$salted-sha256$SALT$HASH` of an older server");
    }
}

/// Reads `{db: {"level"?, "collections"?}}`.
fn grants(names: &mut Names, user: &str, node: Option<Node<'_>>, problems: &mut Problems) -> Grants {
    let (mut everywhere, mut system, mut rows) = (Entry::default(), None, Vec::new());
    let node = node.map(|node| Node { value: answered(node.value) });
    if let Some((node, databases)) = node.and_then(|node| Some((node, node.object(problems)?))) {
        let mut count: usize = 0;
        for (database, node) in databases.iter() {
            let Some(members) = node.object(problems) else { continue };
            members.only(&["level", "permission", "collections"], problems);
            if let (Some(level), Some(_)) = (members.get("level"), members.get("permission")) {
                level.problem(problems, Code::Mismatch, "`permission` stands beside it: give one of the two");
            }
            let given = GrantGiven::of(node.value);
            members.get("collections").and_then(|node| node.object(problems));
            if !given.is_set() {
                continue;
            }
            count = count.saturating_add(1);
            let mut entry =
                Entry { level: given.level().and_then(|value| level(Node { value }, problems)), collections: None };
            let name = encode_segment(database);
            for (collection, value) in given.collections() {
                count = count.saturating_add(1);
                let node = Node { value };
                let level = level(node, problems);
                if collection == WILDCARD {
                    entry.collections = level;
                } else if can_be_granted(database, collection, node, problems) {
                    let collection = encode_segment(collection);
                    let id = identified(names, &concat(&[&*name, "/", &*collection]), node, problems);
                    if let (Some(id), Some(level)) = (id, level) {
                        rows.push(Grants::collection_row(&name, &collection, id, level));
                    }
                }
            }
            if database == WILDCARD {
                everywhere = entry;
                continue;
            }
            if database == SYSTEM {
                system = entry.level;
            }
            let id = identified(names, &name, node, problems);
            if let Some(id) = id {
                rows.push(Grants::database_row(&name, id, entry));
            }
        }
        if count > GRANTS_MAX {
            node.problem(
                problems,
                Code::TooLong,
                &fill("a user has at most {} grants, got {}", &[&number(GRANTS_MAX), &number(count)]),
            );
        }
    }
    let kept = Entry { level: fixed_level(user, SYSTEM, None), collections: fixed_level(user, SYSTEM, Some(WILDCARD)) };
    if kept.level.is_some() {
        system = kept.level;
        if let Some(id) = names.add(SYSTEM) {
            rows.push(Grants::database_row(SYSTEM, id, kept));
        }
    }
    Grants::new(names, everywhere, system, &rows)
}

/// Levels are as [`Level`] writes them. `undefined`, which the server stores for a level that was never set,
/// can not be granted: leave the member out.
fn level(node: Node<'_>, problems: &mut Problems) -> Option<Level> {
    node.keyword("access level", Code::UnknownLevel, problems)
}

/// Source: ArangoDB, "Set a user's collection access level": the server refuses system collections, and a
/// named collection of the database `*`.
fn can_be_granted(database: &str, collection: &str, node: Node<'_>, problems: &mut Problems) -> bool {
    if database == WILDCARD {
        node.problem(
            problems,
            Code::BadGrant,
            &fill_quoted("<> can not be granted in the database `*`, only `*` can", &[collection]),
        );
    } else if collection.starts_with('_') {
        node.problem(
            problems,
            Code::BadGrant,
            &fill_quoted("the level of the system collection <> is fixed, leave it out", &[collection]),
        );
    } else if collection.is_empty() {
        node.problem(problems, Code::TooShort, "expected the name of a collection, got an empty string");
    } else {
        return true;
    }
    false
}

/// The id of a name; a problem where it is empty, or longer than a question can be.
fn identified(names: &mut Names, name: &str, node: Node<'_>, problems: &mut Problems) -> Option<NameId> {
    if name.is_empty() {
        node.problem(problems, Code::TooShort, "expected a name as the key, got an empty string");
        return None;
    }
    if name.len() > NAME_MAX {
        node.problem(
            problems,
            Code::TooLong,
            &fill("a name has at most {} bytes, database and collection together", &[&number(NAME_MAX)]),
        );
        return None;
    }
    let id = names.add(name);
    if id.is_none() {
        node.problem(problems, Code::TooLong, "there are too many names in these records");
    }
    id
}

/// Reads `{db: [collections]}`, which only the directory needs: it decides nothing.
fn check_databases(node: Node<'_>, problems: &mut Problems) {
    let Some(databases) = node.object(problems) else { return };
    for (database, node) in databases.iter() {
        if database.is_empty() {
            node.problem(problems, Code::TooShort, "expected the name of a database, got an empty string");
        }
        let Some(collections) = node.items(problems) else { continue };
        let mut seen = Index::default();
        for collection in collections.iter() {
            if let Some(name) = collection.name(problems) {
                if !seen.insert(name, 0) {
                    collection.problem(
                        problems,
                        Code::Duplicate,
                        &fill_quoted("<> stands twice in this list", &[name]),
                    );
                }
            }
        }
    }
}
