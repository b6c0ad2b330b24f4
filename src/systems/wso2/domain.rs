//! User stores, and names in them: `DOMAIN/local`.

use crate::document::node::{Members, Node};
use crate::document::problem::{fill_quoted, one_of, Code, Problems};
use crate::regex::Regex;
use crate::tables::digest::Digest;
use crate::tables::letters::{same_folded, small_text};
use crate::tables::sort::sort;
use crate::tables::text::{concat, number};

/// The store that always exists, and that a name without a domain is in.
const PRIMARY: &str = "PRIMARY";

/// Domains of roles that are in no user store.
pub const ROLE_DOMAINS: [&str; 4] = ["Internal", "Application", "Workflow", "system"];

/// The domain of the roles that the product keeps itself.
pub const INTERNAL: &str = "Internal";

// Source: WSO2 kernel, `resources/conf/default.json`. The documentation says 5 to 30 for user and role names;
// the configuration that runs says 3 to 30, and is followed.
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

/// A name's domain, if it has one, and what follows it.
// Source: WSO2 kernel, `UserCoreUtil`: split at the first `/` if its index is above 0.
pub fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((domain, local)) if !domain.is_empty() => (Some(domain), local),
        Some(_) | None => (None, name),
    }
}

/// A pattern that new names or passwords must match as a whole.
#[derive(Debug)]
pub struct Pattern {
    /// As it stands in the records.
    pub text: String,
    regex: Option<Regex>,
}

impl Pattern {
    fn read(members: Members<'_>, name: &str, default: &str, problems: &mut Problems) -> Self {
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
    pub fn fits(&self, text: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.matches(text))
    }
}

/// A user store.
#[derive(Debug)]
pub struct Store {
    domain: String,
    /// Whether neither its users nor its roles may change.
    pub read_only: bool,
    read_groups: bool,
    /// Whether its roles may change.
    pub write_groups: bool,
    /// Whether user names differ by more than capitals and small letters.
    pub ignores_case: bool,
    /// What a new user name must match, without its domain.
    pub username: Pattern,
    /// What a new password must match.
    pub password: Pattern,
    /// What a new role name must match, without its domain.
    pub role: Pattern,
}

impl Store {
    fn read(members: Members<'_>, domain: &str, problems: &mut Problems) -> Self {
        let mut flag = |name: &str, default: bool| {
            members.get(name).map_or(default, |node| node.flag(problems).unwrap_or(default))
        };
        Self {
            domain: domain.to_ascii_uppercase(),
            read_only: flag("read_only", false),
            read_groups: flag("read_groups", true),
            write_groups: flag("write_groups", true),
            ignores_case: flag("case_insensitive_username", true),
            username: Pattern::read(members, "username_regex", USERNAME_REGEX, problems),
            password: Pattern::read(members, "password_regex", PASSWORD_REGEX, problems),
            role: Pattern::read(members, "role_regex", ROLE_REGEX, problems),
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

    /// The domain, in capitals.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether this is the store of names without a domain.
    pub fn is_primary(&self) -> bool {
        self.domain == PRIMARY
    }
}

/// The user stores; `PRIMARY` is always one of them.
#[derive(Debug)]
pub struct Stores {
    list: Vec<Store>,
}

impl Stores {
    /// Reads the list of stores, which may be absent.
    pub fn read(node: Option<Node<'_>>, problems: &mut Problems) -> Self {
        let mut stores = Self { list: Vec::new() };
        if let Some(items) = node.and_then(|node| node.items(problems)) {
            for item in items.iter() {
                let Some(members) = item.object(problems) else { continue };
                members.only(&MEMBERS, problems);
                let domain = members.required("domain", problems);
                let domain = domain.and_then(|node| stores.new_domain(node, problems));
                let store = Store::read(members, domain.unwrap_or_default(), problems);
                if domain.is_some() {
                    stores.list.push(store);
                }
            }
        }
        if stores.named(PRIMARY).is_none() {
            stores.list.push(Store::primary());
        }
        sort(&mut stores.list, |a, b| a.domain.cmp(&b.domain));
        stores
    }

    fn new_domain<'v>(&self, node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
        let domain = node.name(problems)?;
        if domain.contains('/') {
            node.problem(problems, Code::BadFormat, "a domain has no `/`");
        } else if ROLE_DOMAINS.iter().any(|reserved| same_folded(reserved, domain)) {
            node.problem(
                problems,
                Code::Reserved,
                &fill_quoted("<> is a domain of roles, not of a user store", &[domain]),
            );
        } else if self.named(domain).is_some() {
            node.problem(problems, Code::Duplicate, &fill_quoted("the domain <> stands twice", &[domain]));
        } else {
            return Some(domain);
        }
        None
    }

    /// The domains, in their order.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(Store::domain)
    }

    /// The store of this domain.
    pub fn named(&self, domain: &str) -> Option<&Store> {
        self.list.iter().find(|store| same_folded(&store.domain, domain))
    }

    /// The user of this name; `None` when no store has its domain.
    pub fn user<'s, 'n>(&'s self, name: &'n str) -> Option<UserName<'s, 'n>> {
        let (domain, local) = split(name);
        self.named(domain.unwrap_or(PRIMARY)).map(|store| UserName { store, local })
    }

    /// The role of this name; `None` when nothing has its domain.
    pub fn role<'s, 'n>(&'s self, name: &'n str) -> Option<RoleName<'s, 'n>> {
        let (domain, local) = split(name);
        let domain = domain.unwrap_or(PRIMARY);
        let kept = ROLE_DOMAINS.iter().find(|kept| same_folded(kept, domain));
        let domain = match kept {
            Some(kept) => RoleDomain::Kept(kept),
            None => RoleDomain::Store(self.named(domain)?),
        };
        Some(RoleName { domain, local })
    }

    /// The user that a document names here; else a problem.
    pub fn read_user<'s, 'v>(&'s self, node: Node<'v>, problems: &mut Problems) -> Option<UserName<'s, 'v>> {
        let user = self.user(node.name(problems)?);
        let Some(user) = user else {
            self.unknown_domain(&node, problems);
            return None;
        };
        present(&node, user.local, problems).then_some(user)
    }

    /// The role that a document names here; else a problem.
    pub fn read_role<'s, 'v>(&'s self, node: Node<'v>, problems: &mut Problems) -> Option<RoleName<'s, 'v>> {
        let role = self.role(node.name(problems)?);
        let Some(role) = role else {
            self.unknown_domain(&node, problems);
            return None;
        };
        present(&node, role.local, problems).then_some(role)
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

    /// The limits that hold where no user is named.
    pub fn primary(&self) -> Option<&Store> {
        self.named(PRIMARY)
    }

    /// Writes down all stores.
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

/// A user's name, its domain resolved.
#[derive(Clone, Copy, Debug)]
pub struct UserName<'s, 'n> {
    /// The store that the domain names.
    pub store: &'s Store,
    /// The name without its domain.
    pub local: &'n str,
}

impl UserName<'_, '_> {
    /// The one text for all spellings of this name, which no role's is. It always has a domain, so that
    /// `sec/bob` in `PRIMARY` is never `bob` in `SEC`.
    pub fn key(&self) -> String {
        concat(&["user ", self.store.domain(), "/", &self.folded()])
    }

    /// The local name, in the one spelling that its store compares.
    pub fn folded(&self) -> String {
        if self.store.ignores_case {
            small_text(self.local)
        } else {
            self.local.to_owned()
        }
    }

    /// The name as the product shows it.
    pub fn canonical(&self) -> String {
        shown(self.store, self.local)
    }
}

/// Where a role is kept.
#[derive(Clone, Copy, Debug)]
pub enum RoleDomain<'s> {
    /// In a user store.
    Store(&'s Store),
    /// Under one of the domains of roles.
    Kept(&'static str),
}

/// A role's name, its domain resolved.
#[derive(Clone, Copy, Debug)]
pub struct RoleName<'s, 'n> {
    /// Where the role is kept.
    pub domain: RoleDomain<'s>,
    /// The name without its domain.
    pub local: &'n str,
}

impl RoleName<'_, '_> {
    /// The one text for all spellings of this name, which no user's is.
    // Source: WSO2 kernel: domain and name ignore case. Upstream's `denyRole` keeps the case of the domain, so
    // that a deny for `internal/x` may not bite until the tree is reloaded; that is not copied.
    pub fn key(&self) -> String {
        concat(&["role ", self.domain_text(), "/", &self.folded()])
    }

    /// The local name in small letters.
    pub fn folded(&self) -> String {
        small_text(self.local)
    }

    /// The name as the product shows it.
    pub fn canonical(&self) -> String {
        match self.domain {
            RoleDomain::Store(store) => shown(store, self.local),
            RoleDomain::Kept(domain) => concat(&[domain, "/", self.local]),
        }
    }

    /// The domain as the product shows it.
    pub fn domain_text(&self) -> &str {
        match self.domain {
            RoleDomain::Store(store) => &store.domain,
            RoleDomain::Kept(domain) => domain,
        }
    }
}

/// Whether nothing is left of a text once it is trimmed.
// Source: Java's `String.trim`: all characters up to U+0020 go, and no others.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character <= ' ')
}

/// Whether there is more than blanks behind the domain; else a problem.
fn present(node: &Node<'_>, local: &str, problems: &mut Problems) -> bool {
    let present = !is_blank(local);
    if !present {
        node.problem(problems, Code::TooShort, "expected a name, got only blanks");
    }
    present
}

/// A name of `PRIMARY` has no domain, unless its first part would be taken for one.
fn shown(store: &Store, local: &str) -> String {
    if store.is_primary() && split(local).0.is_none() {
        local.to_owned()
    } else {
        concat(&[store.domain(), "/", local])
    }
}
