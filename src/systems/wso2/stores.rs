//! User stores, with their patterns for new names and passwords.

use crate::document::node::{Members, Node};
use crate::document::problem::{Code, Problems};
use crate::regex::Regex;
use crate::tables::bytes::find_byte;
use crate::tables::digest::Digest;
use crate::tables::letters::equals_ignoring_case;
use crate::tables::sort::sort;
use crate::tables::text::number;

/// The store that always exists. Names without a domain are in it.
pub const PRIMARY: &str = "PRIMARY";

/// The domains of roles that are not in a user store.
pub const ROLE_DOMAINS: [&str; 4] = ["Internal", "Application", "Workflow", "system"];

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
            node.problem_with(
                problems,
                Code::UnsupportedRegex,
                "{} at character {} of <>",
                &[unsupported.what, &number(unsupported.at), text],
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
        if find_byte(domain.as_bytes(), b'/').is_some() {
            node.problem(problems, Code::BadFormat, "a domain has no `/`");
        } else if ROLE_DOMAINS.iter().any(|reserved| equals_ignoring_case(reserved, domain)) {
            node.problem_with(problems, Code::Reserved, "<> is a domain of roles, not of a user store", &[domain]);
        } else if self.store(domain).is_some() {
            node.problem_with(problems, Code::Duplicate, "the domain <> is listed twice", &[domain]);
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
