//! User stores, and names in them: `DOMAIN/local`.

use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::regex::Regex;
use crate::tables::digest::Digest;
use crate::tables::letters::{equals_ignoring_case, to_lowercase};
use crate::tables::sort::sort;
use crate::tables::text::{concat, number, split_once};

/// The store that always exists. Names without a domain are in it.
const PRIMARY: &str = "PRIMARY";

/// The domains of roles that are not in a user store.
pub const ROLE_DOMAINS: [&str; 4] = ["Internal", "Application", "Workflow", "system"];

/// The domain of the product's internal roles.
pub const INTERNAL: &str = "Internal";

// Source: WSO2 kernel, `resources/conf/default.json`. The documentation says 5 to 30 characters for user and role
// names. The configuration says 3 to 30, and we follow it.
const USERNAME_REGEX: &str = r"^[^\s*?%]{3,30}$";
const PASSWORD_REGEX: &str = r"^[\S]{5,30}$";
const ROLE_REGEX: &str = r"^[\S]{3,30}$";

/// The members of a store.
pub const MEMBERS: [&str; 8] = [
    "domain",
    "read_only",
    "read_groups",
    "write_groups",
    "username_regex",
    "password_regex",
    "role_regex",
    "case_insensitive_username",
];

/// Splits a name into its domain, if it has one, and the local name.
// Source: WSO2 kernel, `UserCoreUtil`: split at the first `/` if its index is above 0.
pub fn split_name(name: &str) -> (Option<&str>, &str) {
    match split_once(name, b'/') {
        Some((domain, local)) if !domain.is_empty() => (Some(domain), local),
        Some(_) | None => (None, name),
    }
}

/// A regular expression that must match the whole of a new name or password.
#[derive(Debug)]
pub struct Pattern {
    /// The source, as in the records.
    pub text: String,
    regex: Option<Regex>,
}

impl Pattern {
    fn parse(members: Members<'_>, name: &str, default: &str, problems: &mut Problems) -> Self {
        let Some(node) = members.get(name) else {
            return Self { text: default.to_owned(), regex: Regex::compile_java(default).ok() };
        };
        let text = node.text(problems).unwrap_or_default();
        let compiled = Regex::compile_java(text);
        if let Err(unsupported) = &compiled {
            node.problem(
                problems,
                Code::UnsupportedRegex,
                &fill_quoted("{} at character {} of <>", &[unsupported.what, &number(unsupported.at), text]),
            );
        }
        Self { text: text.to_owned(), regex: compiled.ok() }
    }

    /// Whether the whole text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.matches(text))
    }
}

/// A user store.
#[derive(Debug)]
pub struct Store {
    domain: String,
    /// Whether its users and roles cannot change.
    pub read_only: bool,
    read_groups: bool,
    /// Whether its roles can change.
    pub write_groups: bool,
    /// Whether user names ignore case.
    pub ignores_case: bool,
    /// The pattern for new user names, without the domain.
    pub username: Pattern,
    /// The pattern for new passwords.
    pub password: Pattern,
    /// The pattern for new role names, without the domain.
    pub role: Pattern,
}

impl Store {
    fn parse(members: Members<'_>, domain: &str, problems: &mut Problems) -> Self {
        let mut flag = |name: &str, default: bool| {
            members.get(name).map_or(default, |node| node.flag(problems).unwrap_or(default))
        };
        Self {
            domain: domain.to_ascii_uppercase(),
            read_only: flag("read_only", false),
            read_groups: flag("read_groups", true),
            write_groups: flag("write_groups", true),
            ignores_case: flag("case_insensitive_username", true),
            username: Pattern::parse(members, "username_regex", USERNAME_REGEX, problems),
            password: Pattern::parse(members, "password_regex", PASSWORD_REGEX, problems),
            role: Pattern::parse(members, "role_regex", ROLE_REGEX, problems),
        }
    }

    fn primary() -> Self {
        let pattern = |text: &str| Pattern { text: text.to_owned(), regex: Regex::compile_java(text).ok() };
        Self {
            domain: PRIMARY.to_owned(),
            read_only: false,
            read_groups: true,
            write_groups: true,
            ignores_case: true,
            username: pattern(USERNAME_REGEX),
            password: pattern(PASSWORD_REGEX),
            role: pattern(ROLE_REGEX),
        }
    }

    /// The domain in upper case.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether this is the store for names without a domain.
    pub fn is_primary(&self) -> bool {
        self.domain == PRIMARY
    }
}

/// The user stores. `PRIMARY` is always one of them.
#[derive(Debug)]
pub struct Stores {
    list: Vec<Store>,
}

impl Stores {
    /// Parses the list of stores, which may be absent.
    pub fn parse(node: Option<Node<'_>>, problems: &mut Problems) -> Self {
        let mut stores = Self { list: Vec::new() };
        if let Some(items) = node.and_then(|node| node.items(problems)) {
            for item in items.iter() {
                let Some(members) = item.object(problems) else { continue };
                members.check_names(&MEMBERS, problems);
                let domain = members.required("domain", problems);
                let domain = domain.and_then(|node| stores.new_domain(node, problems));
                let store = Store::parse(members, domain.unwrap_or_default(), problems);
                if domain.is_some() {
                    stores.list.push(store);
                }
            }
        }
        if stores.store(PRIMARY).is_none() {
            stores.list.push(Store::primary());
        }
        sort(&mut stores.list, |a, b| a.domain.cmp(&b.domain));
        stores
    }

    fn new_domain<'v>(&self, node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
        let domain = node.name(problems)?;
        if domain.as_bytes().contains(&b'/') {
            node.problem(problems, Code::BadFormat, "a domain has no `/`");
        } else if ROLE_DOMAINS.iter().any(|reserved| equals_ignoring_case(reserved, domain)) {
            node.problem(
                problems,
                Code::Reserved,
                &fill_quoted("<> is a domain of roles, not of a user store", &[domain]),
            );
        } else if self.store(domain).is_some() {
            node.problem(problems, Code::Duplicate, &fill_quoted("the domain <> is listed twice", &[domain]));
        } else {
            return Some(domain);
        }
        None
    }

    /// The domains in order.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(Store::domain)
    }

    /// The store with this domain.
    pub fn store(&self, domain: &str) -> Option<&Store> {
        self.list.iter().find(|store| equals_ignoring_case(&store.domain, domain))
    }

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
            self.unknown_domain(&node, problems);
            return None;
        };
        check_not_blank(&node, user.local, problems).then_some(user)
    }

    /// Parses a role name in a document and reports a problem if it is invalid.
    pub fn parse_role_name<'s, 'v>(&'s self, node: Node<'v>, problems: &mut Problems) -> Option<RoleName<'s, 'v>> {
        let role = self.role(node.name(problems)?);
        let Some(role) = role else {
            self.unknown_domain(&node, problems);
            return None;
        };
        check_not_blank(&node, role.local, problems).then_some(role)
    }

    fn unknown_domain(&self, node: &Node<'_>, problems: &mut Problems) {
        let name = node.value.text().unwrap_or_default();
        let known: Vec<&str> = self.list.iter().map(Store::domain).collect();
        node.problem(
            problems,
            Code::UnknownDomain,
            &fill_quoted("no user store has the domain of <>, expected {}", &[name, &one_of(&known)]),
        );
    }

    /// The store `PRIMARY`, whose limits apply if no user is named.
    pub fn primary(&self) -> Option<&Store> {
        self.store(PRIMARY)
    }

    /// Adds all stores to the digest.
    pub fn digest(&self, digest: &mut Digest) {
        digest.count(self.list.len());
        for store in &self.list {
            digest.text(&store.domain);
            for flag in [store.read_only, store.read_groups, store.write_groups, store.ignores_case] {
                digest.flag(flag);
            }
            for pattern in [&store.username, &store.password, &store.role] {
                digest.text(&pattern.text);
            }
        }
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
            RoleDomain::Store(store) => &store.domain,
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
