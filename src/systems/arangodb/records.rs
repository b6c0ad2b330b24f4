//! Parses records: users, their grants, and the mode of the server.

use std::sync::Arc;

use super::grants::{Entry, Grants, Status, Subject};
use super::input::{unwrap_response, GrantInput};
use super::model::{fixed_level, Records, GRANTS_MAX, PASSWORD_MAX, SYSTEM, WILDCARD};
use super::resource::encode_segment;
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::node::{Items, Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::names::{Index, NameId, Names};
use crate::tables::sort::sort;
use crate::tables::text::{concat, number};
use crate::tables::word::words;

/// The longest stored hash, in bytes.
pub(super) const HASH_MAX: usize = 256;

words! {
    /// The mode of the server.
    pub enum Mode {
        /// Levels apply as granted.
        Default = "default",
        /// Requests cannot write.
        ReadOnly = "readonly",
    }
}

/// The members of the records.
pub(super) const RECORDS: [&str; 3] = ["users", "databases", "mode"];
/// The members of a user.
pub(super) const USER: [&str; 7] = ["active", "grants", "passwd", "hash", "extra", "config", "user"];
/// The prefixes of stored hashes.
pub(super) const HASHES: [&str; 2] = ["$argon2id$", "$salted-sha256$"];

/// Parses the records, and reports every problem.
pub fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let mut records = Records::default();
    if let Value::List(_) = unwrap_response(document.value) {
        records.parse_users(document, problems);
        records.seal();
        return records;
    }
    let Some(members) = document.object(problems) else { return records };
    members.check_names(&RECORDS, problems);
    if let Some(users) = members.get("users") {
        records.parse_users(users, problems);
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
    /// Parses users by name, or in the form in which the server lists them.
    fn parse_users(&mut self, users: Node<'_>, problems: &mut Problems) {
        let users = Node { value: unwrap_response(users.value) };
        if let Value::List(_) = users.value {
            let mut seen = Index::default();
            for node in users.items(problems).into_iter().flat_map(Items::iter) {
                let Some(members) = node.object(problems) else { continue };
                let Some(name_node) = members.required("user", problems) else { continue };
                let Some(name) = name_node.text(problems) else { continue };
                if !seen.insert(name, 0) {
                    name_node.problem_with(problems, Code::Duplicate, "the user <> is listed twice", &[name]);
                }
                self.parse_user(name, name_node, node, problems);
            }
        } else {
            for (name, node) in users.object(problems).into_iter().flat_map(Members::iter) {
                self.parse_user(name, node, node, problems);
            }
        }
    }

    /// Parses a user; problems of the name are reported at `name_node`.
    fn parse_user(&mut self, name: &str, name_node: Node<'_>, node: Node<'_>, problems: &mut Problems) {
        let id = intern_name(&mut self.names, name, name_node, problems);
        let user = parse_subject(&mut self.names, name, node, problems);
        if let (Some(id), Some(user)) = (id, user) {
            self.users.push((id, Subject { name: Some(id), ..user }));
        }
    }

    /// Sorts the users, and seals the table of names.
    fn seal(&mut self) {
        self.names.seal();
        let names = &self.names;
        sort(&mut self.users, |(a, _), (b, _)| names.text(*a).cmp(names.text(*b)));
    }
}

fn parse_subject(names: &mut Names, name: &str, node: Node<'_>, problems: &mut Problems) -> Option<Subject> {
    let members = node.object(problems)?;
    members.check_names(&USER, problems);
    // In a map of users, the member must repeat the key.
    if members.get("user").is_some_and(|user| user.value.text() != Some(name)) {
        members.problem("user", problems, Code::Mismatch, "expected the name under which this user is listed");
    }
    let active = members.get("active").and_then(|node| node.flag(problems)).unwrap_or(true);
    check_directory_members(members, problems);
    let grants = Arc::new(parse_grants(names, name, members.get("grants"), problems));
    let status = if active { Status::Active } else { Status::Inactive };
    Some(Subject { status, name: None, grants })
}

/// Validates the members that only a directory uses. They are dropped here.
fn check_directory_members(members: Members<'_>, problems: &mut Problems) {
    if let Some(password) = members.get("passwd") {
        check_password(password, problems);
    }
    if let Some(hash) = members.get("hash") {
        check_hash(hash, problems);
        if members.get("passwd").is_some() {
            hash.problem(problems, Code::Mismatch, "the user also has `passwd`: give only one of the two");
        }
    }
    if let Some(extra) = members.get("extra") {
        extra.object(problems);
    }
    if let Some(config) = members.optional("config") {
        config.object(problems);
    }
}

/// Reports a password that is not a string or is too long. The message does not contain the password.
pub fn check_password(password: Node<'_>, problems: &mut Problems) {
    if password.text(problems).is_some_and(|text| text.len() > PASSWORD_MAX) {
        password.problem_with(problems, Code::TooLong, "a password has at most {} bytes", &[&number(PASSWORD_MAX)]);
    }
}

/// Reports a stored hash of an unsupported algorithm. The message does not contain the hash.
fn check_hash(hash: Node<'_>, problems: &mut Problems) {
    let Some(text) = hash.text(problems) else { return };
    if !HASHES.iter().any(|form| text.starts_with(form)) || text.len() > HASH_MAX {
        let code = Code::BadFormat;
        hash.problem(problems, code, "expected `$argon2id$…`, or `$salted-sha256$SALT$HASH` of an older server");
    }
}

/// Parses `{db: {"level"?, "collections"?}}`.
fn parse_grants(names: &mut Names, user: &str, node: Option<Node<'_>>, problems: &mut Problems) -> Grants {
    let (mut everywhere, mut system, mut rows) = (Entry::default(), None, Vec::new());
    let node = node.map(|node| Node { value: unwrap_response(node.value) });
    if let Some((node, databases)) = node.and_then(|node| Some((node, node.object(problems)?))) {
        let mut count: usize = 0;
        for (database, node) in databases.iter() {
            let Some(members) = node.object(problems) else { continue };
            members.check_names(&["level", "permission", "collections"], problems);
            if let (Some(level), Some(_)) = (members.get("level"), members.get("permission")) {
                level.problem(problems, Code::Mismatch, "the grant also has `permission`: give only one of the two");
            }
            let input = GrantInput::from_value(node.value);
            members.get("collections").and_then(|node| node.object(problems));
            if !input.is_set() {
                continue;
            }
            count = count.saturating_add(1);
            let mut entry = Entry {
                level: input.level().and_then(|value| parse_level(Node { value }, problems)),
                collections: None,
            };
            let name = encode_segment(database);
            for (collection, value) in input.collections() {
                count = count.saturating_add(1);
                let node = Node { value };
                let level = parse_level(node, problems);
                if collection == WILDCARD {
                    entry.collections = level;
                } else if check_grantable(database, collection, node, problems) {
                    let collection = encode_segment(collection);
                    let id = intern_name(names, &concat(&[&*name, "/", &*collection]), node, problems);
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
            let id = intern_name(names, &name, node, problems);
            if let Some(id) = id {
                rows.push(Grants::database_row(&name, id, entry));
            }
        }
        if count > GRANTS_MAX {
            node.problem_with(
                problems,
                Code::TooLong,
                "a user has at most {} grants, got {}",
                &[&number(GRANTS_MAX), &number(count)],
            );
        }
    }
    let fixed =
        Entry { level: fixed_level(user, SYSTEM, None), collections: fixed_level(user, SYSTEM, Some(WILDCARD)) };
    if fixed.level.is_some() {
        system = fixed.level;
        if let Some(id) = names.add(SYSTEM) {
            rows.push(Grants::database_row(SYSTEM, id, fixed));
        }
    }
    Grants::new(names, everywhere, system, &rows)
}

/// Parses a level. `undefined`, which the server stores for a level that was never set, cannot be granted.
fn parse_level(node: Node<'_>, problems: &mut Problems) -> Option<Level> {
    node.keyword("access level", Code::UnknownLevel, problems)
}

/// Whether a collection can be granted; reports a problem if not.
///
/// Source: ArangoDB, "Set a user's collection access level": the server rejects system collections, and named
/// collections of the database `*`.
fn check_grantable(database: &str, collection: &str, node: Node<'_>, problems: &mut Problems) -> bool {
    if database == WILDCARD {
        node.problem_with(
            problems,
            Code::BadGrant,
            "<> cannot be granted in the database `*`, expected the collection `*`",
            &[collection],
        );
    } else if collection.starts_with('_') {
        node.problem_with(
            problems,
            Code::BadGrant,
            "the level of the system collection <> is fixed, leave it out",
            &[collection],
        );
    } else if collection.is_empty() {
        node.problem(problems, Code::TooShort, "expected the name of a collection, got an empty string");
    } else {
        return true;
    }
    false
}

/// The id of a name; reports a problem if the name is empty, or longer than a question can be.
fn intern_name(names: &mut Names, name: &str, node: Node<'_>, problems: &mut Problems) -> Option<NameId> {
    if name.is_empty() {
        node.problem(problems, Code::TooShort, "expected a name as the key, got an empty string");
        return None;
    }
    if name.len() > NAME_MAX {
        node.problem_with(
            problems,
            Code::TooLong,
            "a name has at most {} bytes, database and collection together",
            &[&number(NAME_MAX)],
        );
        return None;
    }
    let id = names.add(name);
    if id.is_none() {
        node.problem(problems, Code::TooLong, "these records have too many names");
    }
    id
}

/// Validates `{db: [collections]}`, which only a directory uses.
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
                    collection.problem_with(problems, Code::Duplicate, "<> is listed twice", &[name]);
                }
            }
        }
    }
}
