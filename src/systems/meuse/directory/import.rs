//! Imports records into an empty store.

use std::collections::{BTreeMap, BTreeSet};

use super::super::forms::check_path_name;
use super::super::Level;
use super::counter::{counter_key, store_counter, Counter};
use super::json_members::{integer_member, parse_list, text_list, text_member};
use super::stored::{self, Category, Crate, Token, User, Version};
use super::{owners, sign_in, tokens};
use crate::directory::prelude::{digest, invalid_records, time, Authorized, Interrupt, Transaction};
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::quote;
use crate::tables::word::Word;

/// The length of a token: its identifier and its secret, in base64.
const TOKEN_LENGTH: usize = 68;
/// The validity of a token without `validity`, in days.
const VALIDITY: i64 = 365;

/// The entries that an import creates.
#[derive(Default)]
struct ImportedRecords {
    users: Vec<User>,
    /// The indexes of the users, by name.
    user_indexes: BTreeMap<String, usize>,
    crates: Vec<Crate>,
    categories: Vec<Category>,
    /// The indexes of the categories, by name.
    category_indexes: BTreeMap<String, usize>,
    counter: Counter,
    /// The identifiers of tokens in the records, with their entries.
    given: BTreeMap<String, Value>,
    /// The identifiers of new tokens, with their entries.
    drawn: Vec<(String, Value)>,
}

pub(super) fn import_records(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    document: &Value,
) -> Result<(), Interrupt> {
    let mut import = ImportedRecords::default();
    let mut problems = Problems::default();
    for record in list_items(document, "users").iter().chain(list_items(document, "categories")) {
        if let Some(value) = record.get("name") {
            check_path_name(Node { value }, &record_name(record), &mut problems);
        }
    }
    import.add_users(tx, document)?;
    for category in list_items(document, "categories") {
        let description = text_member(category, "description");
        import.category_indexes.insert(record_name(category), import.categories.len());
        import.categories.push(Category { name: record_name(category), id: record_id(tx, category)?, description });
    }
    for krate in list_items(document, "crates") {
        import.add_crate(tx, krate)?;
    }
    for token in list_items(document, "tokens") {
        import.add_token(tx, token, &mut problems)?;
    }
    if problems.is_empty() {
        import.store(tx, authorized)
    } else {
        Err(invalid_records(problems, document))
    }
}

impl ImportedRecords {
    fn add_users(&mut self, tx: &mut Transaction<'_>, document: &Value) -> Result<(), Interrupt> {
        let users = list_items(document, "users");
        let passwords: Vec<&str> = users.iter().filter_map(|user| user.get("password")?.text()).collect();
        let mut hashes = tx.first_hashes(&passwords)?.into_iter();
        let numbers = users.iter().filter_map(|user| integer_member(user, "cargo_id"));
        self.counter.cargo_id = numbers.max().unwrap_or(0);
        for user in users {
            let cargo_id = integer_member(user, "cargo_id").unwrap_or_else(|| {
                self.counter.cargo_id = self.counter.cargo_id.saturating_add(1);
                self.counter.cargo_id
            });
            let hash = if user.get("password").is_some() { hashes.next() } else { text_member(user, "hash") };
            self.user_indexes.insert(record_name(user), self.users.len());
            self.users.push(User {
                name: record_name(user),
                id: record_id(tx, user)?,
                cargo_id,
                role: user.get("role").and_then(Value::text).and_then(Level::from_word).unwrap_or(Level::ReadOnly),
                active: user.get("active").is_none_or(|active| *active == Value::Bool(true)),
                description: text_member(user, "description"),
                hash,
                owns: Vec::new(),
                tokens: Vec::new(),
            });
        }
        Ok(())
    }

    /// Owners without a record are dropped: otherwise a later user of the same name would own the crate.
    fn add_crate(&mut self, tx: &mut Transaction<'_>, record: &Value) -> Result<(), Interrupt> {
        let terms = text_list(record, "categories").unwrap_or_default();
        // In the order of the records.
        let places: BTreeSet<usize> =
            terms.iter().filter_map(|term| self.category_indexes.get(term).copied()).collect();
        let categories = places.into_iter().filter_map(|place| Some(self.categories.get(place)?.id.clone())).collect();
        let versions = parse_list(record, "versions", |version| Some(version_from_record(version, &terms, tx.now)));
        let mut krate = Crate {
            name: record_name(record),
            id: record_id(tx, record)?,
            owners: Vec::new(),
            categories,
            versions: versions.unwrap_or_default(),
        };
        for owner in text_list(record, "owners").unwrap_or_default() {
            if let Some(user) = self.user_indexes.get(&owner).and_then(|place| self.users.get_mut(*place)) {
                // The records were checked: no owner is named twice, and none owns too many crates.
                owners::record_owner(&mut krate, user);
            }
        }
        self.crates.push(krate);
        Ok(())
    }

    fn add_token(
        &mut self,
        tx: &mut Transaction<'_>,
        record: &Value,
        problems: &mut Problems,
    ) -> Result<(), Interrupt> {
        let owner = text_member(record, "user").unwrap_or_default();
        let Some(user) = self.user_indexes.get(&owner).and_then(|place| self.users.get_mut(*place)) else {
            return Ok(());
        };
        let created = time_member(record, "created_at", problems).unwrap_or(tx.now);
        let days = integer_member(record, "validity").unwrap_or(VALIDITY);
        let expires = time_member(record, "expired_at", problems);
        let expires = expires.unwrap_or_else(|| created.saturating_add(days.saturating_mul(tokens::DAY)));
        let used = time_member(record, "last_used_at", problems);
        let (drawn, _) = tokens::generate_token(tx, &record_name(record), expires)?;
        let (given, secret) = token_parts(record, problems);
        let token = Token {
            id: text_member(record, "id").unwrap_or(drawn.id),
            identifier: given.clone().unwrap_or(drawn.identifier),
            digest: secret.map_or(drawn.digest, |secret| digest(secret.as_bytes())),
            created,
            used,
            ..drawn
        };
        let entry = sign_in::identifier_entry(user);
        if given.is_none() {
            self.drawn.push((token.identifier.clone(), entry));
        } else if self.given.insert(token.identifier.clone(), entry).is_some() {
            let message = format!("another token has the same first {} characters", sign_in::IDENTIFIER_LENGTH);
            Node { value: record }.problem(problems, Code::Duplicate, &message);
        }
        if user.tokens.len() >= tokens::TOKENS_MAX {
            let message = format!("{} has more than {} tokens", quote(&owner), tokens::TOKENS_MAX);
            Node { value: record }.problem(problems, Code::TooLong, &message);
        }
        user.tokens.push(token);
        Ok(())
    }

    fn store(mut self, tx: &mut Transaction<'_>, authorized: &Authorized) -> Result<(), Interrupt> {
        let count = |length| i64::try_from(length).unwrap_or(i64::MAX);
        self.counter.users = count(self.users.len());
        self.counter.crates = count(self.crates.len());
        self.counter.versions = count(self.crates.iter().map(|krate| krate.versions.len()).sum());
        let mut keys = vec![counter_key()];
        keys.extend(self.users.iter().map(|user| stored::user_key(&user.name)));
        keys.extend(self.crates.iter().map(|krate| stored::crate_key(&krate.name)));
        keys.extend(self.categories.iter().map(|category| stored::category_key(&category.name)));
        keys.extend(self.given.keys().map(|identifier| sign_in::identifier_key(identifier)));
        tx.read_all(&keys)?;
        store_counter(tx, authorized, &self.counter)?;
        for user in &self.users {
            stored::store_user(tx, authorized, user)?;
        }
        for krate in &self.crates {
            stored::store_crate(tx, authorized, krate)?;
        }
        for category in &self.categories {
            stored::store_category(tx, authorized, category)?;
        }
        for (identifier, entry) in self.given {
            tx.put(authorized, &sign_in::identifier_key(&identifier), entry)?;
        }
        for (identifier, entry) in self.drawn {
            tx.create(authorized, &sign_in::identifier_key(&identifier), entry)?;
        }
        Ok(())
    }
}

/// A version from a record: its text, or an object that contains it.
fn version_from_record(version: &Value, terms: &[String], now: i64) -> Version {
    let text = version.text().map(str::to_owned).or_else(|| text_member(version, "version"));
    Version {
        version: text.unwrap_or_default(),
        yanked: version.get("yanked") == Some(&Value::Bool(true)),
        description: text_member(version, "description"),
        terms: terms.to_vec(),
        sha256: None,
        created: now,
        updated: now,
    }
}

/// The identifier and the secret of a token, if the record has them.
fn token_parts(record: &Value, problems: &mut Problems) -> (Option<String>, Option<String>) {
    let (token, identifier) = (text_member(record, "token"), text_member(record, "identifier"));
    let wrong = |problems: &mut Problems, member: &str, code, message: &str| {
        problems.add(record, Some(member), code, message);
    };
    let length = sign_in::IDENTIFIER_LENGTH;
    if identifier.as_ref().is_some_and(|identifier| identifier.chars().count() != length) {
        wrong(problems, "identifier", Code::BadFormat, &format!("the identifier of a token has {length} characters"));
    }
    let Some(token) = token else { return (identifier, None) };
    match sign_in::split_token(&token) {
        Some((begin, secret)) if token.chars().count() == TOKEN_LENGTH => {
            if identifier.is_some_and(|identifier| identifier != begin) {
                wrong(problems, "identifier", Code::Mismatch, "the token does not start with its identifier");
            }
            (Some(begin.to_owned()), Some(secret.to_owned()))
        }
        _ => {
            wrong(problems, "token", Code::BadFormat, &format!("a token has {TOKEN_LENGTH} characters"));
            (None, None)
        }
    }
}

/// A time of a token, from milliseconds since 1970 or from text.
fn time_member(record: &Value, member: &str, problems: &mut Problems) -> Option<i64> {
    let value = record.get(member).filter(|value| **value != Value::Null)?;
    let read = value.text().map_or_else(|| integer_member(record, member), time::parse);
    if read.is_none() {
        let message = "expected milliseconds since 1970, or a time as `2030-01-01T00:00:00Z`";
        Node { value }.problem(problems, Code::BadFormat, message);
    }
    read
}

fn list_items<'v>(document: &'v Value, name: &str) -> &'v [Value] {
    match document.get(name) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn record_name(record: &Value) -> String {
    text_member(record, "name").unwrap_or_default()
}

/// The id of the record, or a new id.
fn record_id(tx: &mut Transaction<'_>, record: &Value) -> Result<String, Interrupt> {
    match text_member(record, "id").filter(|id| !id.is_empty()) {
        Some(id) => Ok(id),
        None => tx.uuid(),
    }
}
