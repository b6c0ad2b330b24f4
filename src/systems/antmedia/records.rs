//! Reading users as the product writes them.

use super::model::{Records, Rights, GRANTS_MAX, PASSWORD_MAX, SYSTEM};
use super::path::{is_application, is_user};
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::tables::names::{Index, Table};
use crate::tables::sort::sort;
use crate::tables::text::{fill, number};
use crate::tables::word::Word;

/// What a stored hash begins with: a new one, and one that Ant Media made.
pub(super) const ARGON2ID: &str = "$argon2id$";
pub(super) const MD5: &str = "$unsalted-md5$";

/// The members of Ant Media's `User` object.
pub(super) const MEMBERS: [&str; 10] = [
    "email",
    "password",
    "newPassword",
    "userType",
    "scope",
    "appNameUserType",
    "firstName",
    "lastName",
    "fullName",
    "picture",
];

/// Reads the users of a panel, noting every problem.
pub(super) fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let mut records = Records::default();
    let Some(members) = document.object(problems) else { return records };
    members.only(&["users"], problems);
    let Some(users) = members.some("users") else { return records };
    let Some(users) = users.items(problems) else { return records };
    let mut known = Index::default();
    for node in users.iter() {
        records.read_user(node, &mut known, problems);
    }
    records.names.seal();
    let names = &records.names;
    sort(&mut records.users, |(a, _), (b, _)| names.text(*a).cmp(names.text(*b)));
    records
}

impl Records {
    fn read_user(&mut self, node: Node<'_>, known: &mut Index, problems: &mut Problems) {
        let Some(members) = node.object(problems) else { return };
        let user = User::read(members, Some("hash"), problems);
        check_hash(members, problems);
        let Some(name) = user.email else {
            if members.some("email").is_none() {
                members.missing("email", problems);
            }
            return;
        };
        if name.is_empty() {
            members.problem("email", problems, Code::TooShort, "expected an e-mail address, got an empty string");
        }
        if !known.insert(name, 0) {
            members.problem("email", problems, Code::Duplicate, &fill_quoted("user <> stands twice", &[name]));
            return;
        }
        match (self.names.add(name), self.rights(&user.grants())) {
            (Some(id), Some(rights)) => self.users.push((id, rights)),
            (None | Some(_), None) | (None, Some(_)) => {
                node.problem(problems, Code::TooLong, "there are too many names in these records");
            }
        }
    }

    /// `None` when there are too many names.
    fn rights(&mut self, grants: &[(&str, Level)]) -> Option<Rights> {
        if grants.is_empty() {
            return Some(Rights::Nothing);
        }
        // Source: Filter: where the map has `system`, entries for single applications do not count.
        if let Some((_, level)) = grants.iter().find(|(scope, _)| *scope == SYSTEM) {
            return Some(Rights::System(*level));
        }
        let mut pairs = Vec::with_capacity(grants.len());
        for (scope, level) in grants {
            pairs.push((self.names.add(scope)?, u32::from(level.code())));
        }
        Some(Rights::Applications(Table::new(&self.names, &pairs)))
    }
}

/// A `User` object as it stands in a document; what is `null` there is as good as absent.
pub(super) struct User<'v> {
    pub(super) email: Option<&'v str>,
    pub(super) password: Option<&'v str>,
    pub(super) new_password: Option<&'v str>,
    pub(super) user_type: Option<Level>,
    pub(super) scope: Option<&'v str>,
    pub(super) app_name_user_type: Option<Vec<(&'v str, &'v str)>>,
    pub(super) first_name: Option<&'v str>,
    pub(super) last_name: Option<&'v str>,
    pub(super) full_name: Option<&'v str>,
    pub(super) picture: Option<&'v str>,
}

impl<'v> User<'v> {
    /// Reads a `User` object. It may have one more member, which is the caller's to read.
    pub(super) fn read(members: Members<'v>, besides: Option<&str>, problems: &mut Problems) -> Self {
        let mut known = MEMBERS.to_vec();
        known.extend(besides);
        members.only(&known, problems);
        Self {
            email: text(members, "email", NAME_MAX, problems),
            password: text(members, "password", PASSWORD_MAX, problems),
            new_password: text(members, "newPassword", PASSWORD_MAX, problems),
            user_type: members.some("userType").and_then(|node| user_type(node, problems)),
            scope: text(members, "scope", NAME_MAX, problems),
            app_name_user_type: members.some("appNameUserType").and_then(|node| types(node, problems)),
            first_name: text(members, "firstName", NAME_MAX, problems),
            last_name: text(members, "lastName", NAME_MAX, problems),
            full_name: text(members, "fullName", NAME_MAX, problems),
            picture: text(members, "picture", NAME_MAX, problems),
        }
    }

    /// The grants that count, scope and type; a grant that no name can ever meet is left out.
    // Source: Filter, and the sign-in answer of CommonRestService, which both look at the pair first; the
    // first of these forms that is there counts alone.
    pub(super) fn grants(&self) -> Vec<(&'v str, Level)> {
        let mut grants = Vec::new();
        let mut grant = |scope, level| {
            if is_application(scope) {
                grants.push((scope, level));
            }
        };
        match (self.scope, self.user_type, self.app_name_user_type.as_deref()) {
            (Some(scope), Some(level), _) => grant(scope, level),
            (_, _, Some(map @ [_, ..])) => map.iter().for_each(|(scope, text)| grant(scope, lenient(text))),
            // A record from before there were scopes. An empty map is no such record: it holds nothing.
            (None, Some(level), None) => grant(SYSTEM, level),
            (None | Some(_), None, None | Some([])) | (None, Some(_), Some([])) => {}
        }
        grants
    }
}

/// The type that a value of `appNameUserType` stands for: the product keeps any string there, and one that
/// it does not know opens no writes.
fn lenient(text: &str) -> Level {
    Level::parse(text).unwrap_or(Level::ReadOnly)
}

/// The text of a member, at most `most` bytes of UTF-8. What it says does not get into a message.
pub(super) fn text<'v>(members: Members<'v>, name: &str, most: usize, problems: &mut Problems) -> Option<&'v str> {
    let node = members.some(name)?;
    let text = node.text(problems)?;
    if text.len() > most {
        node.problem(problems, Code::TooLong, &fill_quoted("<> has at most {} bytes", &[name, &number(most)]));
    }
    Some(text)
}

/// Writes down an address that can stand in no path. The panel has no rule for it; but its user could never be
/// removed.
pub(super) fn check_removable(members: Members<'_>, email: &str, problems: &mut Problems) {
    if !is_user(email) {
        const MESSAGE: &str = "expected an e-mail address, got what can not stand in a path";
        members.problem("email", problems, Code::BadFormat, MESSAGE);
    }
}

fn user_type(node: Node<'_>, problems: &mut Problems) -> Option<Level> {
    let text = node.text(problems)?;
    let level = Level::parse(text);
    if level.is_none() {
        unknown_type(node, text, problems);
    }
    level
}

/// Writes down that this is no type of user.
pub(super) fn unknown_type(node: Node<'_>, text: &str, problems: &mut Problems) {
    node.problem(
        problems,
        Code::UnknownValue,
        &fill_quoted("unknown user type <>, expected {}", &[text, &one_of(Level::WORDS)]),
    );
}

fn types<'v>(node: Node<'v>, problems: &mut Problems) -> Option<Vec<(&'v str, &'v str)>> {
    let members = node.object(problems)?;
    if members.len() > GRANTS_MAX {
        node.problem(problems, Code::TooLong, &fill("a user has at most {} grants", &[&number(GRANTS_MAX)]));
        return None;
    }
    let mut types = Vec::new();
    for (scope, node) in members.iter() {
        if let Some(text) = node.text(problems) {
            types.push((scope, text));
        }
    }
    Some(types)
}

/// Checks the stored hash of a password, which decides nothing.
fn check_hash(members: Members<'_>, problems: &mut Problems) {
    let Some(node) = members.some("hash") else { return };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_known = |text: &str| match text.strip_prefix(MD5) {
        Some(hash) => hash.len() == 32 && hash.bytes().all(is_digit),
        None => text.starts_with(ARGON2ID),
    };
    if node.text(problems).is_some_and(|text| !is_known(text)) {
        const MESSAGE: &str = "expected a hash as `$argon2id$…`, or `$unsalted-md5$` and 32 hexadecimal digits";
        node.problem(problems, Code::BadFormat, MESSAGE);
    } else if members.some("password").is_some() {
        const MESSAGE: &str = "there is a password already: expected one or the other";
        node.problem(problems, Code::Mismatch, MESSAGE);
    }
}
