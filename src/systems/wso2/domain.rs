//! Names of users and roles: `DOMAIN/local`.

use super::stores::{Store, Stores, PRIMARY, ROLE_DOMAINS};
use crate::document::node::Node;
use crate::document::problem::{one_of, Code, Problems};
use crate::tables::letters::{equals_ignoring_case, to_lowercase};
use crate::tables::text::{concat, split_once};

/// The domain of the product's internal roles.
pub const INTERNAL: &str = "Internal";

/// Splits a name into its domain, if it has one, and the local name.
// Source: WSO2 kernel, `UserCoreUtil`: split at the first `/` if its index is above 0.
pub fn split_name(name: &str) -> (Option<&str>, &str) {
    match split_once(name, b'/') {
        Some((domain, local)) if !domain.is_empty() => (Some(domain), local),
        Some(_) | None => (None, name),
    }
}

impl Stores {
    /// Resolves a user name; `None` if no store has its domain.
    pub fn user<'s, 'n>(&'s self, name: &'n str) -> Option<UserName<'s, 'n>> {
        let (domain, local) = split_name(name);
        self.store(domain.unwrap_or(PRIMARY)).map(|store| UserName { store, local })
    }

    /// Resolves a role name; `None` if its domain is unknown.
    pub fn role<'s, 'n>(&'s self, name: &'n str) -> Option<RoleName<'s, 'n>> {
        let (domain, local) = split_name(name);
        let domain = domain.unwrap_or(PRIMARY);
        let internal = ROLE_DOMAINS.iter().find(|reserved| equals_ignoring_case(reserved, domain));
        let domain = match internal {
            Some(internal) => RoleDomain::RolesOnly(internal),
            None => RoleDomain::Store(self.store(domain)?),
        };
        Some(RoleName { domain, local })
    }

    /// Parses a user name in a document and reports a problem if it is invalid.
    pub fn parse_user_name<'s, 'v>(&'s self, node: Node<'v>, problems: &mut Problems) -> Option<UserName<'s, 'v>> {
        let user = self.user(node.name(problems)?);
        let Some(user) = user else {
            self.unknown_domain(&node, &[], problems);
            return None;
        };
        check_not_blank(&node, user.local, problems).then_some(user)
    }

    /// Parses a role name in a document and reports a problem if it is invalid.
    pub fn parse_role_name<'s, 'v>(&'s self, node: Node<'v>, problems: &mut Problems) -> Option<RoleName<'s, 'v>> {
        let role = self.role(node.name(problems)?);
        let Some(role) = role else {
            self.unknown_domain(&node, &ROLE_DOMAINS, problems);
            return None;
        };
        check_not_blank(&node, role.local, problems).then_some(role)
    }

    /// Reports the problem of a name that is neither in a user store nor in one of these other domains.
    fn unknown_domain(&self, node: &Node<'_>, others: &[&str], problems: &mut Problems) {
        let name = node.value.text().unwrap_or_default();
        let mut known: Vec<&str> = self.domains().collect();
        known.extend(others);
        node.problem_with(
            problems,
            Code::UnknownDomain,
            "<> has an unknown domain, expected {}",
            &[name, &one_of(&known)],
        );
    }
}

/// A user name with its resolved domain.
#[derive(Clone, Copy, Debug)]
pub struct UserName<'s, 'n> {
    /// The store that the domain names.
    pub store: &'s Store,
    /// The name without its domain.
    pub local: &'n str,
}

impl UserName<'_, '_> {
    /// The key: the same text for all spellings of this name. It differs from every role's key, and always has a
    /// domain, so that `sec/bob` in `PRIMARY` is not `bob` in `SEC`.
    pub fn key(&self) -> String {
        concat(&["user ", self.store.domain(), "/", &self.folded()])
    }

    /// The local name in the case that its store compares.
    pub fn folded(&self) -> String {
        if self.store.ignores_case {
            to_lowercase(self.local)
        } else {
            self.local.to_owned()
        }
    }

    /// The name as the product shows it.
    pub fn canonical(&self) -> String {
        display_name(self.store, self.local)
    }
}

/// The domain of a role.
#[derive(Clone, Copy, Debug)]
pub enum RoleDomain<'s> {
    /// A user store.
    Store(&'s Store),
    /// One of the domains that are only for roles.
    RolesOnly(&'static str),
}

/// A role name with its resolved domain.
#[derive(Clone, Copy, Debug)]
pub struct RoleName<'s, 'n> {
    /// The domain.
    pub domain: RoleDomain<'s>,
    /// The name without its domain.
    pub local: &'n str,
}

impl RoleName<'_, '_> {
    /// The key: the same text for all spellings of this name. It differs from every user's key.
    // Source: WSO2 kernel: domain and name ignore case. Upstream's `denyRole` keeps the case of the domain, so a deny
    // for `internal/x` may have no effect until the tree is reloaded. We do not copy that.
    pub fn key(&self) -> String {
        concat(&["role ", self.domain_text(), "/", &self.folded()])
    }

    /// The local name in lower case.
    pub fn folded(&self) -> String {
        to_lowercase(self.local)
    }

    /// The name as the product shows it.
    pub fn canonical(&self) -> String {
        match self.domain {
            RoleDomain::Store(store) => display_name(store, self.local),
            RoleDomain::RolesOnly(domain) => concat(&[domain, "/", self.local]),
        }
    }

    /// The domain as the product shows it.
    pub fn domain_text(&self) -> &str {
        match self.domain {
            RoleDomain::Store(store) => store.domain(),
            RoleDomain::RolesOnly(domain) => domain,
        }
    }
}

/// Whether a text is empty after trimming.
// Source: Java's `String.trim`: it removes the characters up to U+0020.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character <= ' ')
}

/// Reports a problem if the local name is blank.
fn check_not_blank(node: &Node<'_>, local: &str, problems: &mut Problems) -> bool {
    let is_present = !is_blank(local);
    if !is_present {
        node.problem(problems, Code::TooShort, "expected a name, got only white space");
    }
    is_present
}

/// A name in `PRIMARY` has no domain, unless its first part would be parsed as one.
fn display_name(store: &Store, local: &str) -> String {
    if store.is_primary() && split_name(local).0.is_none() {
        local.to_owned()
    } else {
        concat(&[store.domain(), "/", local])
    }
}
