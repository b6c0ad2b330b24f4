//! The permission object: what it says, when it counts as written, and how it is stored.

use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::names::{NameId, Names, Table};
use crate::tables::text::{fill, number};
use crate::tables::word::Word;

use super::paths::RESET_PASSWORD;
use super::vocabulary::Level;

/// The most permissions of a user or group.
pub(super) const PERMISSIONS_MAX: usize = 10_000;

/// The key that makes an admin.
pub(super) const IS_ADMIN: &str = "IsAdmin";

const AUDIT_LOGS: &str = "audit_logs";
/// Limits `analytics` to the APIs that one owns.
pub(super) const OWNED_ANALYTICS: &str = "owned_analytics";
pub(super) const POLICY: &str = "policy";
pub(super) const POLICIES: &str = "policies";

/// What an object says about each of its sections, ready for questions.
pub(super) type Grants = Table<3>;

/// What an object says about one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// A value that is none of the four words: present, and worth nothing.
    Nothing,
    /// `deny`; it stays only with an admin.
    Deny,
    /// `read`.
    Read,
    /// `write`.
    Write,
    /// `admin`.
    Admin,
    /// `write` or `admin` of a section that has only read: `audit_logs`.
    ReadOnly,
    /// A granting `owned_analytics` without `analytics`: ignored, as good as absent. A value that grants nothing
    /// is not: D3 comes before this limit.
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

/// A permission object as it was read: section names and values as they stand, but `policies` for `policy`.
#[derive(Debug, Default)]
pub(super) struct Permissions<'v> {
    entries: Vec<(&'v str, &'v str)>,
}

impl<'v> Permissions<'v> {
    /// Reads an object of strings. Unknown names and values are kept: the list of sections is open, and what
    /// is none of the four words grants nothing.
    // Source: Tyk documentation, "User Permissions", additional permissions.
    pub(super) fn read(node: Node<'v>, problems: &mut Problems) -> Option<Self> {
        let members = node.object(problems)?;
        if members.len() > PERMISSIONS_MAX {
            node.problem(
                problems,
                Code::TooLong,
                &fill("a user or group has at most {} permissions", &[&number(PERMISSIONS_MAX)]),
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

    /// An object of these entries.
    pub(super) fn of(entries: &[(&'v str, &'v str)]) -> Self {
        Self { entries: entries.to_vec() }
    }

    /// The same object without these keys.
    pub(super) fn without(mut self, keys: &[&str]) -> Self {
        self.entries.retain(|(key, _)| !keys.contains(key));
        self
    }

    /// Whether the object makes an admin: by the word `admin` alone.
    ///
    /// "User Permissions" says `"true"`; the other documents, the rules and the tests of the Dashboard say
    /// `"admin"`.
    // Source: Tyk Dashboard, "Create a Dashboard User with the API".
    pub(super) fn is_admin(&self) -> bool {
        self.value(IS_ADMIN) == Some("admin")
    }

    /// Whether the object counts as written: something in it but `IsAdmin` is `read`, `write` or `admin`. An
    /// object that was set to `deny` throughout looks as if it had not been written.
    // Source: Tyk Dashboard, "Create Users", "Set the user privileges".
    pub(super) fn is_written(&self) -> bool {
        self.entries.iter().any(|(key, value)| *key != IS_ADMIN && grants(value))
    }

    /// What the object says, ready for questions, with names from `intern`. A non-admin's `deny` and empty values are as good as absent, and the sections that are limited by
    /// nature are limited here.
    // Source: Tyk documentation, "Audit Logs" (`audit_logs` is only read) and "API Ownership"
    // (`owned_analytics` takes effect together with `analytics`).
    pub(super) fn grants(&self, mut intern: impl FnMut(&str) -> Option<NameId>) -> Vec<(NameId, u32)> {
        let is_admin = self.is_admin();
        let analytics = self.value("analytics").is_some_and(grants);
        let mut pairs = Vec::new();
        for (key, value) in &self.entries {
            // Whether somebody is an admin is no section: nothing that is left of it may open one.
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

    /// The object as it is stored: for a non-admin without `deny` and empty values. An admin's `deny` stays,
    /// because it is the only thing that limits an admin.
    // Source: Tyk Dashboard, "Set the user privileges": "if set to deny then the record is non-existent".
    pub(super) fn stored(&self) -> Value {
        let is_admin = self.is_admin();
        let mut stored = Vec::new();
        for (key, value) in &self.entries {
            if is_admin || !is_denial(value) {
                stored.push(((*key).to_owned(), Value::from(*value)));
            }
        }
        Value::Object(stored)
    }

    fn value(&self, key: &str) -> Option<&'v str> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}

/// Whether a stored object makes an admin, as [`Permissions::is_admin`] says.
#[cfg(feature = "directory")]
pub(super) fn makes_admin(stored: &Value) -> bool {
    stored.get(IS_ADMIN).and_then(Value::text) == Some("admin")
}

/// A section's name as it is stored: the documents spell one of them in two ways.
pub(super) fn section_name(name: &str) -> &str {
    if name == POLICY {
        POLICIES
    } else {
        name
    }
}

/// Whether this is a key of the object that is no section.
pub(super) fn is_no_section(name: &str) -> bool {
    name == IS_ADMIN || name == RESET_PASSWORD
}

/// Permissions as records hold them.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What is granted.
    pub(super) grants: Grants,
    /// Whether an admin holds them.
    pub(super) is_admin: bool,
    /// Whether the object was written.
    pub(super) is_written: bool,
}

impl Held {
    /// The grants with their names, sorted.
    pub(super) fn sorted<'n>(&'n self, names: &'n Names) -> Vec<(&'n str, u32)> {
        self.grants.sorted(names)
    }
}

fn grants(value: &str) -> bool {
    match Level::from_word(value) {
        Some(Level::Read | Level::Write | Level::Admin) => true,
        Some(Level::Deny) | None => false,
    }
}

fn is_denial(value: &str) -> bool {
    matches!(value, "" | "deny")
}
