//! Parses records: users in the form of the product.

use super::model::{Records, Rights, GRANTS_MAX, PASSWORD_MAX, SYSTEM};
use super::path::{is_application, is_user};
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::node::{Members, Node};
use crate::document::problem::{one_of, Code, Problems};
use crate::tables::name_table::Table;
use crate::tables::names::Index;
use crate::tables::sort::sort;
use crate::tables::text::number;
use crate::tables::word::Word;

/// The prefixes of stored hashes: of a new hash, and of a hash from Ant Media.
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

/// Parses the users of a panel, and reports every problem.
pub(super) fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let mut records = Records::default();
    let Some(members) = document.object(problems) else { return records };
    members.check_names(&["users"], problems);
    let Some(users) = members.optional("users") else { return records };
    let Some(users) = users.items(problems) else { return records };
    let mut seen = Index::default();
    for node in users.iter() {
        records.parse_user(node, &mut seen, problems);
    }
    records.names.seal();
    let names = &records.names;
    sort(&mut records.users, |(a, _), (b, _)| names.text(*a).cmp(names.text(*b)));
    records
}

impl Records {
    fn parse_user(&mut self, node: Node<'_>, seen: &mut Index, problems: &mut Problems) {
        let Some(members) = node.object(problems) else { return };
        let user = User::parse(members, Some("hash"), problems);
        check_hash(members, problems);
        let Some(name) = user.email else {
            if members.optional("email").is_none() {
                members.report_missing("email", problems);
            }
            return;
        };
        if name.is_empty() {
            members.problem("email", problems, Code::TooShort, "expected an e-mail address, got an empty string");
        }
        if !seen.insert(name, 0) {
            members.problem_with("email", problems, Code::Duplicate, "user <> is listed twice", &[name]);
            return;
        }
        match (self.names.add(name), self.resolve_rights(&user.grants())) {
            (Some(id), Some(rights)) => self.users.push((id, rights)),
            (None | Some(_), None) | (None, Some(_)) => {
                node.problem(problems, Code::TooLong, "these records have too many names");
            }
        }
    }

    /// The rights that the grants give; `None` if the records have too many names.
    fn resolve_rights(&mut self, grants: &[(&str, Level)]) -> Option<Rights> {
        if grants.is_empty() {
            return Some(Rights::Nothing);
        }
        // Source: Filter: if the map has `system`, its entries for single applications are ignored.
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

/// A `User` object of a document; a `null` member is the same as an absent one.
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
    /// Parses a `User` object. It can have one further member, `besides`, which the caller parses.
    pub(super) fn parse(members: Members<'v>, besides: Option<&str>, problems: &mut Problems) -> Self {
        let mut seen = MEMBERS.to_vec();
        seen.extend(besides);
        members.check_names(&seen, problems);
        Self {
            email: parse_text(members, "email", NAME_MAX, problems),
            password: parse_text(members, "password", PASSWORD_MAX, problems),
            new_password: parse_text(members, "newPassword", PASSWORD_MAX, problems),
            user_type: members.optional("userType").and_then(|node| parse_user_type(node, problems)),
            scope: parse_text(members, "scope", NAME_MAX, problems),
            app_name_user_type: members.optional("appNameUserType").and_then(|node| parse_types(node, problems)),
            first_name: parse_text(members, "firstName", NAME_MAX, problems),
            last_name: parse_text(members, "lastName", NAME_MAX, problems),
            full_name: parse_text(members, "fullName", NAME_MAX, problems),
            picture: parse_text(members, "picture", NAME_MAX, problems),
        }
    }

    /// The effective grants, as pairs of scope and type. A grant on a scope that is not a valid name is left out.
    // Source: Filter, and the sign-in response of CommonRestService. Both check the pair first. Only the first form
    // that is present counts.
    pub(super) fn grants(&self) -> Vec<(&'v str, Level)> {
        let mut grants = Vec::new();
        let mut grant = |scope, level| {
            if is_application(scope) {
                grants.push((scope, level));
            }
        };
        match (self.scope, self.user_type, self.app_name_user_type.as_deref()) {
            (Some(scope), Some(level), _) => grant(scope, level),
            (_, _, Some(map @ [_, ..])) => map.iter().for_each(|(scope, text)| grant(scope, parse_stored_type(text))),
            // A record from before the product had scopes. A record with an empty map is not such a record: it has no
            // grants.
            (None, Some(level), None) => grant(SYSTEM, level),
            (None | Some(_), None, None | Some([])) | (None, Some(_), Some([])) => {}
        }
        grants
    }
}

/// The type of a value in `appNameUserType`. The product stores any string there, and an unknown type cannot write.
fn parse_stored_type(text: &str) -> Level {
    Level::parse(text).unwrap_or(Level::ReadOnly)
}

/// The text of a member, at most `max` bytes of UTF-8. Messages do not contain the text.
pub(super) fn parse_text<'v>(members: Members<'v>, name: &str, max: usize, problems: &mut Problems) -> Option<&'v str> {
    let node = members.optional(name)?;
    let text = node.text(problems)?;
    if text.len() > max {
        node.problem_with(problems, Code::TooLong, "<> has at most {} bytes", &[name, &number(max)]);
    }
    Some(text)
}

/// Reports an e-mail address that a path cannot contain. The panel accepts it, but could never delete its user.
pub(super) fn check_removable(members: Members<'_>, email: &str, problems: &mut Problems) {
    if !is_user(email) {
        const MESSAGE: &str = "expected an e-mail address that can be part of a path";
        members.problem("email", problems, Code::BadFormat, MESSAGE);
    }
}

fn parse_user_type(node: Node<'_>, problems: &mut Problems) -> Option<Level> {
    let text = node.text(problems)?;
    let level = Level::parse(text);
    if level.is_none() {
        report_unknown_type(node, text, problems);
    }
    level
}

/// Reports an unknown user type.
pub(super) fn report_unknown_type(node: Node<'_>, text: &str, problems: &mut Problems) {
    node.problem_with(
        problems,
        Code::UnknownValue,
        "unknown user type <>, expected {}",
        &[text, &one_of(Level::WORDS)],
    );
}

fn parse_types<'v>(node: Node<'v>, problems: &mut Problems) -> Option<Vec<(&'v str, &'v str)>> {
    let members = node.object(problems)?;
    if members.len() > GRANTS_MAX {
        node.problem_with(problems, Code::TooLong, "a user has at most {} grants", &[&number(GRANTS_MAX)]);
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

/// Validates the stored hash of a password, which does not affect decisions.
fn check_hash(members: Members<'_>, problems: &mut Problems) {
    let Some(node) = members.optional("hash") else { return };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_known = |text: &str| match text.strip_prefix(MD5) {
        Some(hash) => hash.len() == 32 && hash.bytes().all(is_digit),
        None => text.starts_with(ARGON2ID),
    };
    if node.text(problems).is_some_and(|text| !is_known(text)) {
        const MESSAGE: &str = "expected a hash as `$argon2id$…`, or `$unsalted-md5$` and 32 hexadecimal digits";
        node.problem(problems, Code::BadFormat, MESSAGE);
    } else if members.optional("password").is_some() {
        const MESSAGE: &str = "the user also has `password`: give only one of the two";
        node.problem(problems, Code::Mismatch, MESSAGE);
    }
}
