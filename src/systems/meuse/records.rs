//! Parses records: users, tokens, categories and crates.

use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::name_table::Table;
use crate::tables::names::{Index, NameId, Names};
use crate::tables::sort::sort;
use crate::tables::text::{concat, number};

use super::forms::PASSWORD_MAX;
use super::model::{Records, User, OWNED_MAX};
use super::resource::is_crate_part;
use super::vocabulary::Level;

/// The prefixes of stored hashes of passwords: argon2id, and Meuse's own bcrypt.
pub(super) const HASHES: [&str; 4] = ["$argon2id$", "$2a$", "$2b$", "$2y$"];

/// The largest integer that a double represents exactly.
pub(super) const INTEGER_MAX: i64 = 9_007_199_254_740_991;

pub(super) const RECORDS: [&str; 4] = ["users", "tokens", "crates", "categories"];
pub(super) const USER: [&str; 8] = ["name", "role", "active", "password", "hash", "description", "id", "cargo_id"];
pub(super) const TOKEN: [&str; 9] =
    ["user", "name", "validity", "id", "identifier", "token", "created_at", "expired_at", "last_used_at"];
pub(super) const CRATE: [&str; 5] = ["name", "owners", "versions", "categories", "id"];
pub(super) const VERSION: [&str; 4] = ["version", "yanked", "id", "description"];
pub(super) const CATEGORY: [&str; 3] = ["name", "description", "id"];
/// The members of a token that are times.
pub(super) const TIMES: [&str; 3] = ["created_at", "expired_at", "last_used_at"];

/// Parses the records, and reports every problem. Owners that are not in `users` are ignored. So a page with only the
/// record of its own user can use the owners that the server sends.
pub(super) fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let Some(members) = document.object(problems) else { return Records::default() };
    members.check_names(&RECORDS, problems);
    let mut parser = RecordsParser::default();
    for_each_item(members, "users", problems, &mut |node, problems| parser.parse_user(node, problems));
    for_each_item(members, "tokens", problems, &mut |node, problems| parser.parse_token(node, problems));
    // Categories come before crates, because a crate names its categories.
    for_each_item(members, "categories", problems, &mut |node, problems| parser.parse_category(node, problems));
    for_each_item(members, "crates", problems, &mut |node, problems| parser.parse_crate(node, problems));
    parser.finish()
}

/// The state of the parser.
#[derive(Default)]
struct RecordsParser {
    names: Names,
    users: Vec<User>,
    /// Every name in `users`, with its index starting at 1; 0 is a user with problems.
    user_indexes: Index,
    crates: Vec<(NameId, u32)>,
    crate_names: Index,
    /// The length of the user's name, the user's name and the token's name of each token, concatenated.
    tokens: Index,
    categories: Index,
}

impl RecordsParser {
    fn parse_user(&mut self, node: Node<'_>, problems: &mut Problems) {
        let Some(members) = node.object(problems) else { return };
        members.check_names(&USER, problems);
        let name = members.required("name", problems);
        let text = name.and_then(|node| node.name(problems));
        let role = members.required("role", problems);
        let role = role.and_then(|node| node.keyword::<Level>("role", Code::UnknownValue, problems));
        let active = members.get("active").map_or(Some(true), |node| node.flag(problems));
        check_texts(members, &["description", "id"], problems);
        check_credentials(members, problems);
        if let Some(node) = members.get("cargo_id") {
            node.integer(0, INTEGER_MAX, problems);
        }
        let (Some(node), Some(text)) = (name, text) else { return };
        if self.user_indexes.get(text).is_some() {
            node.problem_with(problems, Code::Duplicate, "the user <> is listed twice", &[text]);
            return;
        }
        let id = intern(&mut self.names, node, text, problems);
        let index = id.zip(role).zip(active).map(|((name, role), active)| {
            self.users.push(User { name, role, active, owns: Vec::new() });
            u32::try_from(self.users.len()).unwrap_or(0)
        });
        self.user_indexes.insert(text, index.unwrap_or(0));
    }

    /// Validates a token, which does not affect decisions. Its user must exist, because tokens are deleted with their
    /// user.
    fn parse_token(&mut self, node: Node<'_>, problems: &mut Problems) {
        let Some(members) = node.object(problems) else { return };
        members.check_names(&TOKEN, problems);
        let user = members.required("user", problems);
        let owner = user.and_then(|node| node.name(problems));
        let name = members.required("name", problems);
        let text = name.and_then(|node| node.name(problems));
        check_texts(members, &["id", "identifier", "token"], problems);
        for time in TIMES {
            let Some(node) = members.optional(time) else { continue };
            if !matches!(node.value, Value::Number(_) | Value::Text(_)) {
                node.wrong_type(problems, "a time");
            }
        }
        if let Some(node) = members.get("validity") {
            node.integer(1, i64::from(i32::MAX), problems);
        }
        if let (Some(node), Some(owner)) = (user, owner) {
            if self.user_indexes.get(owner).is_none() {
                node.problem_with(
                    problems,
                    Code::UnknownUser,
                    "unknown user <>, expected the name of one of the users",
                    &[owner],
                );
            }
        }
        if let (Some(node), Some(owner), Some(text)) = (name, owner, text) {
            if !self.tokens.insert(&concat(&[&*number(owner.len()), ":", owner, text]), 0) {
                node.problem_with(problems, Code::Duplicate, "<> has two tokens with the name <>", &[owner, text]);
            }
        }
    }

    fn parse_crate(&mut self, node: Node<'_>, problems: &mut Problems) {
        let Some(members) = node.object(problems) else { return };
        members.check_names(&CRATE, problems);
        let name = members.required("name", problems);
        let text = name.and_then(|node| node.name(problems));
        check_texts(members, &["id"], problems);
        check_versions(members, problems);
        for_each_item(members, "categories", problems, &mut |node, problems| {
            let Some(name) = node.name(problems) else { return };
            if self.categories.get(name).is_none() {
                node.problem_with(
                    problems,
                    Code::UnknownValue,
                    "unknown category <>, expected the name of one of the categories",
                    &[name],
                );
            }
        });
        let id = name.zip(text).and_then(|(node, text)| self.add_crate_name(node, text, problems));
        // Only owners whose crates are not stored. For other owners, a duplicate is their last stored crate.
        let mut seen = Index::default();
        for_each_item(members, "owners", problems, &mut |node, problems| {
            let Some(owner) = node.name(problems) else { return };
            let index = self.user_indexes.get(owner).and_then(|index| usize::try_from(index).ok()?.checked_sub(1));
            let user = index.and_then(|index| self.users.get_mut(index)).zip(id);
            let is_full = user.as_ref().is_some_and(|(user, _)| user.owns.len() >= OWNED_MAX);
            let is_last = user.as_ref().is_some_and(|(user, id)| user.owns.last().is_some_and(|(last, _)| last == id));
            let is_kept = user.is_some() && !is_full;
            if is_last || !is_kept && !seen.insert(owner, 0) {
                node.problem_with(problems, Code::Duplicate, "the owner <> is listed twice", &[owner]);
            } else if is_full {
                node.problem_with(problems, Code::TooLong, "a user can own at most {} crates", &[&number(OWNED_MAX)]);
            } else if let Some((user, id)) = user {
                user.owns.push((id, 0));
            }
        });
    }

    fn add_crate_name(&mut self, node: Node<'_>, text: &str, problems: &mut Problems) -> Option<NameId> {
        if !is_crate_part(text) {
            node.problem_with(
                problems,
                Code::BadFormat,
                "<> is not a valid crate name, expected letters, digits, `-` or `_`",
                &[text],
            );
            return None;
        }
        let id = intern(&mut self.names, node, text, problems)?;
        if !self.crate_names.insert(text, 0) {
            node.problem_with(problems, Code::Duplicate, "the crate <> is listed twice", &[text]);
            return None;
        }
        self.crates.push((id, 0));
        Some(id)
    }

    /// Validates a category, which does not affect decisions.
    fn parse_category(&mut self, node: Node<'_>, problems: &mut Problems) {
        let Some(members) = node.object(problems) else { return };
        members.check_names(&CATEGORY, problems);
        check_texts(members, &["description", "id"], problems);
        let name = members.required("name", problems);
        if let Some((node, text)) = name.and_then(|node| Some((node, node.name(problems)?))) {
            if !self.categories.insert(text, 0) {
                node.problem_with(problems, Code::Duplicate, "the category <> is listed twice", &[text]);
            }
        }
    }

    fn finish(self) -> Records {
        let Self { mut names, mut users, crates, .. } = self;
        names.seal();
        sort(&mut users, |a, b| names.text(a.name).cmp(names.text(b.name)));
        let crates = Table::new(&names, &crates);
        Records { names, users, crates }
    }
}

/// Validates a user's password or its hash, which do not affect decisions.
fn check_credentials(members: Members<'_>, problems: &mut Problems) {
    let password = members.get("password");
    if password.and_then(|node| node.text(problems)).is_some_and(|text| text.len() > PASSWORD_MAX) {
        members.problem_with(
            "password",
            problems,
            Code::TooLong,
            "a password has at most {} bytes",
            &[&number(PASSWORD_MAX)],
        );
    }
    let Some(node) = members.get("hash") else { return };
    let is_supported = |text: &str| HASHES.iter().any(|prefix| text.starts_with(prefix));
    if node.text(problems).is_some_and(|text| !is_supported(text)) {
        node.problem(problems, Code::BadFormat, "expected a hash as `$argon2id$…`, or one of bcrypt as `$2a$…`");
    } else if password.is_some() {
        node.problem(problems, Code::Mismatch, "the user also has `password`: give only one of the two");
    }
}

/// Validates the versions of a crate, `"1.0.0"` or `{"version":"1.0.0","yanked":true}`. They do not affect decisions.
fn check_versions(members: Members<'_>, problems: &mut Problems) {
    let mut seen = Index::default();
    for_each_item(members, "versions", problems, &mut |node, problems| {
        let inner = match node.value {
            Value::Text(_) => return check_version(node, &mut seen, problems),
            _ => node.object(problems),
        };
        let Some(members) = inner else { return };
        members.check_names(&VERSION, problems);
        check_texts(members, &["id", "description"], problems);
        if let Some(node) = members.get("yanked") {
            node.flag(problems);
        }
        if let Some(node) = members.required("version", problems) {
            check_version(node, &mut seen, problems);
        }
    });
}

fn check_version(node: Node<'_>, seen: &mut Index, problems: &mut Problems) {
    let Some(text) = node.name(problems) else { return };
    if !is_crate_part(text) {
        node.problem_with(problems, Code::BadFormat, "<> is not a valid version, expected one as `1.0.0`", &[text]);
    } else if !seen.insert(text, 0) {
        node.problem_with(problems, Code::Duplicate, "the version <> is listed twice", &[text]);
    }
}

/// Parses each item of an optional list.
fn for_each_item<'v>(
    members: Members<'v>,
    name: &str,
    problems: &mut Problems,
    parse: &mut dyn FnMut(Node<'v>, &mut Problems),
) {
    let Some(list) = members.get(name) else { return };
    let Some(items) = list.items(problems) else { return };
    items.iter().for_each(|item| parse(item, problems));
}

/// Checks that these optional members are strings.
fn check_texts(members: Members<'_>, names: &[&str], problems: &mut Problems) {
    for name in names {
        if let Some(node) = members.get(name) {
            node.text(problems);
        }
    }
}

fn intern(names: &mut Names, node: Node<'_>, text: &str, problems: &mut Problems) -> Option<NameId> {
    let id = names.add(text);
    if id.is_none() {
        node.problem(problems, Code::TooLong, "these records have too many names");
    }
    id
}
