//! Parses the records.

use std::sync::Arc;

use crate::document::node::{Items, Members, Node};
use crate::document::problem::{Code, Problems};
#[cfg(any(feature = "directory", feature = "tools"))]
use crate::document::value::Value;
use crate::regex::set::RegexSet;
use crate::regex::Regex;
use crate::tables::bytes::find_byte;
use crate::tables::name_table::Table;
use crate::tables::names::{Index, NameId, Names, NAMES_MAX};
use crate::tables::sort::sort;
use crate::tables::text::number;

use super::config::{check_additional_permissions, Config};
use super::fields::{check_texts, count, flag, report_duplicate};
use super::model::{Group, Map, Records, User};
use super::paths::RESET_PASSWORD;
use super::permissions::{section_name, Permissions, StoredPermissions, IS_ADMIN};
use super::sign_in_records::{check_credentials, check_reset_tokens, Unique};

pub(super) const RECORDS: [&str; 8] =
    ["users", "groups", "apis", "permissions", "additional_permissions", "config", "reset_tokens", PAGES];

/// The number of pages in the Dashboard's list response.
pub(super) const PAGES: &str = "pages";

pub(super) const USER: [&str; 17] = [
    "id",
    "first_name",
    "last_name",
    "email_address",
    "password",
    "hash",
    "active",
    "user_permissions",
    "group_id",
    "org_id",
    "access_key",
    "created_at",
    "last_login_date",
    "password_updated",
    "password_max_days",
    "api_model",
    "sessions",
];

pub(super) const GROUP: [&str; 7] =
    ["id", "org_id", "name", "description", "active", "password_max_days", "user_permissions"];

pub(super) const PERMISSION: [&str; 2] = ["permission", "rx"];

/// Parses the records and adds every problem to `problems`.
///
/// Only ids are required. `active` is false by default, the default `org_id` is the organisation without a name, and
/// `null` counts as absent. Members that only sign-in needs (passwords, keys, sessions, dates, reset tokens) are
/// checked, but not stored here. An API may have members that are not listed here, because an API definition has
/// many; other objects may not.
///
/// The Dashboard's list response, `{"users": [...], "pages": 1}`, is accepted as the whole document, and in the place
/// of a list. The number of pages has no effect.
pub(super) fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    let Some(members) = document.object(problems) else { return Records::default() };
    members.check_names(&RECORDS, problems);
    count(members, PAGES, problems);

    let config = members.optional("config").map_or_else(Config::default, |config| Config::parse(config, problems));
    if let Some(additional) = members.optional("additional_permissions") {
        check_additional_permissions(additional, problems);
    }
    let mut reader = Reader::default();
    let groups = reader.parse_groups(members, problems);
    let users = reader.parse_users(members, &groups, config.enable_multi_org_users, problems);
    let apis = reader.parse_apis(members, config.enable_ownership, problems);
    let map = reader.parse_path_map(members, problems);
    check_reset_tokens(members, problems);
    if reader.is_full {
        document.problem_with(
            problems,
            Code::TooLong,
            "the records have more than {} distinct names",
            &[&number(NAMES_MAX)],
        );
    }
    reader.names.seal();
    Records { names: reader.names, users, groups, apis, map, config, orgs: reader.orgs }
}

/// The items of a list, or of the Dashboard's response with that list.
pub(super) fn list_items<'v>(members: Members<'v>, name: &str, problems: &mut Problems) -> Option<Items<'v>> {
    let node = members.optional(name)?;
    if node.value.get(name).is_none() {
        return node.items(problems);
    }
    let response = node.object(problems)?;
    response.check_names(&[name, PAGES], problems);
    count(response, PAGES, problems);
    response.get(name)?.items(problems)
}

/// The list with this name, in valid records.
#[cfg(any(feature = "directory", feature = "tools"))]
pub(super) fn valid_list<'v>(document: &'v Value, name: &str) -> &'v [Value] {
    match document.get(name).map(|value| value.get(name).unwrap_or(value)) {
        Some(Value::List(list)) => list,
        _ => &[],
    }
}

/// Collects names and organisations while the records are parsed.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) names: Names,
    org_numbers: Index,
    orgs: Vec<NameId>,
    /// Whether there was no slot for a name.
    is_full: bool,
}

impl Reader {
    pub(super) fn intern(&mut self, name: &str) -> Option<NameId> {
        let id = self.names.add(name);
        self.is_full |= id.is_none();
        id
    }

    fn parse_groups(&mut self, members: Members<'_>, problems: &mut Problems) -> Vec<Group> {
        let mut ids = Index::default();
        let mut groups = Vec::new();
        let Some(items) = list_items(members, "groups", problems) else { return groups };
        for item in items.iter() {
            let Some(group) = item.object(problems) else { continue };
            group.check_names(&GROUP, problems);
            check_texts(group, &["name", "description"], problems);
            count(group, "password_max_days", problems);
            let permissions = self.parse_permissions(group, group_permissions, problems);
            let org = self.org_number(group, problems);
            let active = flag(group, "active", problems);
            let Some(id) = group.required("id", problems).and_then(|id| self.parse_id(id, problems)) else { continue };
            if !ids.insert(self.names.text(id), 0) {
                report_duplicate(group, "id", "group id", problems);
            }
            groups.push(Group { id, org: org.unwrap_or(0), active, permissions });
        }
        groups
    }

    fn parse_users(
        &mut self,
        members: Members<'_>,
        groups: &[Group],
        is_email_per_org: bool,
        problems: &mut Problems,
    ) -> Vec<User> {
        let mut places = Index::default();
        for (place, group) in (0..).zip(groups) {
            places.insert(self.names.text(group.id), place);
        }
        let mut unique = Unique::default();
        let mut ids = Index::default();
        let mut users = Vec::new();
        let Some(items) = list_items(members, "users", problems) else { return users };
        for item in items.iter() {
            let Some(user) = item.object(problems) else { continue };
            user.check_names(&USER, problems);
            let permissions = self.parse_permissions(user, |permissions| permissions, problems);
            let org = self.org_number(user, problems).unwrap_or(0);
            check_credentials(user, org, is_email_per_org, &mut unique, problems);
            let active = flag(user, "active", problems);
            let group_id = user
                .optional("group_id")
                .and_then(|id| id.text(problems))
                .filter(|id| !id.is_empty())
                .and_then(|id| self.intern(id));
            let Some(id) = user.required("id", problems).and_then(|id| self.parse_id(id, problems)) else { continue };
            if !ids.insert(self.names.text(id), 0) {
                report_duplicate(user, "id", "user id", problems);
            }
            // A group of another organisation counts as one that does not exist. The user's own permissions stay in
            // force, and the user owns no APIs through the group, even if an API lists it.
            let place = group_id.and_then(|id| usize::try_from(places.get(self.names.text(id))?).ok());
            let is_own = |place: &usize| groups.get(*place).is_some_and(|group| group.org == org);
            let group = place.filter(is_own);
            let owner_group = group_id.filter(|_| group.is_some());
            users.push(User { id, org, active, group_id, group, owner_group, permissions });
        }
        let names = &self.names;
        sort(&mut users, |a, b| names.text(a.id).cmp(names.text(b.id)));
        users
    }

    /// The permissions of a user or group, filtered by `filter`.
    fn parse_permissions(
        &mut self,
        members: Members<'_>,
        filter: fn(Permissions<'_>) -> Permissions<'_>,
        problems: &mut Problems,
    ) -> StoredPermissions {
        let permissions = members
            .optional("user_permissions")
            .and_then(|object| Permissions::parse(object, problems))
            .map(filter)
            .unwrap_or_default();
        let pairs = permissions.to_grants(|section| self.intern(section));
        StoredPermissions {
            grants: Arc::new(Table::new(&self.names, &pairs)),
            is_admin: permissions.is_admin(),
            grants_anything: permissions.grants_anything(),
        }
    }

    /// The number of the organisation; without `org_id`, of the organisation without a name.
    pub(super) fn org_number(&mut self, members: Members<'_>, problems: &mut Problems) -> Option<u32> {
        let org = members.optional("org_id").map_or(Some(""), |org| org.text(problems))?;
        let id = self.intern(org)?;
        let next = u32::try_from(self.orgs.len()).ok()?;
        if self.org_numbers.insert(org, next) {
            self.orgs.push(id);
        }
        self.org_numbers.get(org)
    }

    /// Parses an id, which must be one segment of a path.
    pub(super) fn parse_id(&mut self, node: Node<'_>, problems: &mut Problems) -> Option<NameId> {
        let id = node.name(problems)?;
        if find_byte(id.as_bytes(), b'/').is_some() {
            node.problem_with(problems, Code::BadFormat, "an id has no `/`, got <>", &[id]);
            return None;
        }
        self.intern(id)
    }

    /// The table from paths to sections, each with a regular expression that matches a part of the path.
    // Source: Tyk documentation, "Open Policy Agent", additional permissions.
    fn parse_path_map(&mut self, members: Members<'_>, problems: &mut Problems) -> Option<Map> {
        let items = members.optional("permissions")?.items(problems)?;
        let (mut entries, mut regexes) = (Vec::new(), Vec::new());
        for item in items.iter() {
            let Some(entry) = item.object(problems) else { continue };
            entry.check_names(&PERMISSION, problems);
            let section = entry
                .required("permission", problems)
                .and_then(|section| section.name(problems))
                .and_then(|section| self.intern(section_name(section)));
            let regex = entry.required("rx", problems).and_then(|rx| {
                let source = rx.text(problems)?;
                match Regex::compile(source) {
                    Ok(regex) => Some((source, regex)),
                    Err(unsupported) => {
                        let (what, at) = (unsupported.what, unsupported.at);
                        rx.problem_with(
                            problems,
                            Code::UnsupportedRegex,
                            "unsupported expression <> at character {}: {}",
                            &[source, &number(at), what],
                        );
                        None
                    }
                }
            });
            if let (Some(section), Some((source, regex))) = (section, regex) {
                entries.push((section, source.into()));
                regexes.push(regex);
            }
        }
        Some(Map { entries, regexes: RegexSet::new(regexes) })
    }
}

/// The permissions that a group gives to its members: neither admin rights nor the right to reset passwords.
// Source: Tyk Dashboard release notes, 5.3.6 and 5.7.
fn group_permissions(permissions: Permissions<'_>) -> Permissions<'_> {
    permissions.without_keys(&[IS_ADMIN, RESET_PASSWORD])
}
