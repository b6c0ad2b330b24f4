//! The permission object: its grants, whether it grants anything, and its stored form.

use std::sync::Arc;

use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::name_table::Table;
use crate::tables::names::{NameId, Names};
use crate::tables::text::number;
use crate::tables::word::Word;

use super::paths::RESET_PASSWORD;
use super::vocabulary::Level;

/// The most permissions of a user or group.
pub(super) const PERMISSIONS_MAX: usize = 10_000;

/// The key that makes a user an admin.
pub(super) const IS_ADMIN: &str = "IsAdmin";

const AUDIT_LOGS: &str = "audit_logs";
/// Limits `analytics` to the APIs that the user owns.
pub(super) const OWNED_ANALYTICS: &str = "owned_analytics";
pub(super) const POLICY: &str = "policy";
pub(super) const POLICIES: &str = "policies";

/// The grants of an object by section, ready for questions.
pub(super) type Grants = Table<3>;

/// The grant for one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// An unknown value: the section is present, and nothing is granted.
    Nothing,
    /// `deny`; it is kept only for admins.
    Deny,
    /// `read`.
    Read,
    /// `write`.
    Write,
    /// `admin`.
    Admin,
    /// `write` or `admin` of a section that can only be read: `audit_logs`.
    ReadOnly,
    /// An `owned_analytics` that grants access without `analytics`: ignored, as if absent. A value that grants
    /// nothing is not ignored, because D3 comes before this limit.
    Alone,
}

impl Grant {
    fn code(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Deny => 1,
            Self::Read => 2,
            Self::Write => 3,
            Self::Admin => 4,
            Self::ReadOnly => 5,
            Self::Alone => 6,
        }
    }

    pub(super) fn from_code(code: u32) -> Self {
        match code {
            1 => Self::Deny,
            2 => Self::Read,
            3 => Self::Write,
            4 => Self::Admin,
            5 => Self::ReadOnly,
            6 => Self::Alone,
            _ => Self::Nothing,
        }
    }
}

/// A parsed permission object: names and values of sections as given, except that `policy` becomes `policies`.
#[derive(Debug, Default)]
pub(super) struct Permissions<'v> {
    entries: Vec<(&'v str, &'v str)>,
}

impl<'v> Permissions<'v> {
    /// Parses an object of strings. Unknown names and values are kept: any name can be a section, and an unknown
    /// value grants nothing.
    // Source: Tyk documentation, "User Permissions", additional permissions.
    pub(super) fn parse(node: Node<'v>, problems: &mut Problems) -> Option<Self> {
        let members = node.object(problems)?;
        if members.len() > PERMISSIONS_MAX {
            node.problem_with(
                problems,
                Code::TooLong,
                "a user or group has at most {} permissions",
                &[&number(PERMISSIONS_MAX)],
            );
            return None;
        }
        if let (Some(policy), Some(_)) = (members.get(POLICY), members.get(POLICIES)) {
            policy.problem(
                problems,
                Code::Duplicate,
                "`policy` and `policies` are the same section, expected one of them",
            );
        }
        let mut entries = Vec::new();
        for (name, value) in members.iter() {
            if let Some(value) = value.text(problems) {
                entries.push((section_name(name), value));
            }
        }
        Some(Self { entries })
    }

    /// An object with these entries.
    pub(super) fn from_entries(entries: &[(&'v str, &'v str)]) -> Self {
        Self { entries: entries.to_vec() }
    }

    /// Removes these keys.
    pub(super) fn without_keys(mut self, keys: &[&str]) -> Self {
        self.entries.retain(|(key, _)| !keys.contains(key));
        self
    }

    /// Whether the object makes the user an admin: only the value `admin` does.
    ///
    /// "User Permissions" says `"true"`; the other documents, the rules and the tests of the Dashboard say `"admin"`.
    // Source: Tyk Dashboard, "Create a Dashboard User with the API".
    pub(super) fn is_admin(&self) -> bool {
        self.get(IS_ADMIN) == Some("admin")
    }

    /// Whether the object grants anything: at least one key other than `IsAdmin` is `read`, `write` or `admin`. An
    /// object with only `deny` is treated as one that was never set.
    // Source: Tyk Dashboard, "Create Users", "Set the user privileges".
    pub(super) fn grants_anything(&self) -> bool {
        self.entries.iter().any(|(key, value)| *key != IS_ADMIN && is_grant(value))
    }

    /// The grants, with names from `intern`. A `deny` or empty value of a user who is not an admin counts as absent.
    /// The sections with special limits are limited here.
    // Source: Tyk documentation, "Audit Logs" (`audit_logs` is only read) and "API Ownership"
    // (`owned_analytics` takes effect together with `analytics`).
    pub(super) fn to_grants(&self, mut intern: impl FnMut(&str) -> Option<NameId>) -> Vec<(NameId, u32)> {
        let is_admin = self.is_admin();
        let analytics = self.get("analytics").is_some_and(is_grant);
        let mut pairs = Vec::new();
        for (key, value) in &self.entries {
            // `IsAdmin` is not a section: no value of it grants access to one.
            if *key == IS_ADMIN || (!is_admin && is_denial(value)) {
                continue;
            }
            let grant = match Level::from_word(value) {
                None => Grant::Nothing,
                Some(Level::Deny) => Grant::Deny,
                Some(Level::Read | Level::Write | Level::Admin)
                    if !is_admin && *key == OWNED_ANALYTICS && !analytics =>
                {
                    Grant::Alone
                }
                Some(Level::Write | Level::Admin) if !is_admin && *key == AUDIT_LOGS => Grant::ReadOnly,
                Some(Level::Read) => Grant::Read,
                Some(Level::Write) => Grant::Write,
                Some(Level::Admin) => Grant::Admin,
            };
            if let Some(id) = intern(key) {
                pairs.push((id, grant.code()));
            }
        }
        pairs
    }

    /// The stored form: for a user who is not an admin, without `deny` and empty values. An admin's `deny` is kept,
    /// because only `deny` limits an admin.
    // Source: Tyk Dashboard, "Set the user privileges": "if set to deny then the record is non-existent".
    pub(super) fn to_stored_value(&self) -> Value {
        let is_admin = self.is_admin();
        let mut stored = Vec::new();
        for (key, value) in &self.entries {
            if is_admin || !is_denial(value) {
                stored.push(((*key).to_owned(), Value::from(*value)));
            }
        }
        Value::Object(stored)
    }

    fn get(&self, key: &str) -> Option<&'v str> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}

/// Whether a stored object makes the user an admin; see [`Permissions::is_admin`].
#[cfg(feature = "directory")]
pub(super) fn makes_admin(stored: &Value) -> bool {
    stored.get(IS_ADMIN).and_then(Value::text) == Some("admin")
}

/// The stored name of a section: the documentation uses two spellings of one name.
pub(super) fn section_name(name: &str) -> &str {
    if name == POLICY {
        POLICIES
    } else {
        name
    }
}

/// Whether this key of a permission object is not a section.
pub(super) fn is_not_a_section(name: &str) -> bool {
    name == IS_ADMIN || name == RESET_PASSWORD
}

/// The permissions of a user or group in the records.
#[derive(Debug, Default)]
pub(super) struct StoredPermissions {
    /// The grants, which the subjects of these permissions share.
    pub(super) grants: Arc<Grants>,
    /// Whether they make the user an admin.
    pub(super) is_admin: bool,
    /// Whether they grant anything.
    pub(super) grants_anything: bool,
}

impl StoredPermissions {
    /// The grants by section name, sorted.
    pub(super) fn sorted<'n>(&'n self, names: &'n Names) -> Vec<(&'n str, u32)> {
        self.grants.sorted(names)
    }
}

fn is_grant(value: &str) -> bool {
    match Level::from_word(value) {
        Some(Level::Read | Level::Write | Level::Admin) => true,
        Some(Level::Deny) | None => false,
    }
}

fn is_denial(value: &str) -> bool {
    matches!(value, "" | "deny")
}
