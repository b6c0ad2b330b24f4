//! The entries of the store.
//!
//! Names are compared exactly. A name that is longer than records allow cannot be stored, and is not looked up.

use super::super::Level;
use super::json_members::{integer_member, parse_list, text_list, text_member, text_or_null};
use crate::directory::prelude::{Authorized, Fault, Interrupt, Key, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::tables::word::Word;

/// A user.
#[derive(Clone)]
pub(super) struct User {
    pub(super) name: String,
    /// Random, and never reused.
    pub(super) id: String,
    /// The number by which Cargo identifies the user.
    pub(super) cargo_id: i64,
    pub(super) role: Level,
    pub(super) active: bool,
    pub(super) description: Option<String>,
    /// The hash of the password. Without one, every password is wrong.
    pub(super) hash: Option<String>,
    /// The names of the user's crates.
    pub(super) owns: Vec<String>,
    pub(super) tokens: Vec<Token>,
}

/// A token of a user. Times are in milliseconds since 1970.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) identifier: String,
    /// The digest of the secret.
    pub(super) digest: String,
    pub(super) created: i64,
    pub(super) expires: i64,
    pub(super) used: Option<i64>,
}

/// A crate.
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) id: String,
    /// The names of users.
    pub(super) owners: Vec<String>,
    /// The ids of categories, which are independent of their names.
    pub(super) categories: Vec<String>,
    pub(super) versions: Vec<Version>,
}

/// A version of a crate.
pub(super) struct Version {
    pub(super) version: String,
    pub(super) yanked: bool,
    pub(super) description: Option<String>,
    /// Keywords, and the names of the categories when the version was published. A search uses them in addition to the
    /// name and the description.
    pub(super) terms: Vec<String>,
    /// The digest of the file, for the registry's index.
    pub(super) sha256: Option<String>,
    pub(super) created: i64,
    pub(super) updated: i64,
}

/// A category.
pub(super) struct Category {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) description: Option<String>,
}

/// The user with this name.
pub(super) fn load_user(tx: &mut Transaction<'_>, name: &str) -> Result<Option<User>, Interrupt> {
    load_entry(tx, &user_key(name), name, User::from_value)
}

/// The crate with this name.
pub(super) fn load_crate(tx: &mut Transaction<'_>, name: &str) -> Result<Option<Crate>, Interrupt> {
    load_entry(tx, &crate_key(name), name, Crate::from_value)
}

/// The category with this name.
pub(super) fn load_category(tx: &mut Transaction<'_>, name: &str) -> Result<Option<Category>, Interrupt> {
    load_entry(tx, &category_key(name), name, Category::from_value)
}

pub(super) fn user_key(name: &str) -> Key {
    Key::new("user", &[name])
}

pub(super) fn crate_key(name: &str) -> Key {
    Key::new("crate", &[name])
}

pub(super) fn category_key(name: &str) -> Key {
    Key::new("category", &[name])
}

pub(super) fn store_user(tx: &mut Transaction<'_>, authorized: &Authorized, user: &User) -> Result<(), Interrupt> {
    tx.put(authorized, &user_key(&user.name), user.to_value())
}

pub(super) fn store_crate(tx: &mut Transaction<'_>, authorized: &Authorized, krate: &Crate) -> Result<(), Interrupt> {
    tx.put(authorized, &crate_key(&krate.name), krate.to_value())
}

pub(super) fn store_category(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    category: &Category,
) -> Result<(), Interrupt> {
    tx.put(authorized, &category_key(&category.name), category.to_value())
}

fn load_entry<T>(
    tx: &mut Transaction<'_>,
    key: &Key,
    name: &str,
    parse: impl Fn(&Value) -> Option<T>,
) -> Result<Option<T>, Interrupt> {
    if name.len() > NAME_MAX {
        return Ok(None);
    }
    match tx.read_entry(key)? {
        Some(value) => parse(value).map(Some).ok_or(Interrupt::Fault(Fault::Internal)),
        None => Ok(None),
    }
}

impl User {
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            name: text_member(value, "name")?,
            id: text_member(value, "id")?,
            cargo_id: integer_member(value, "cargo_id")?,
            role: Level::from_word(value.get("role")?.text()?)?,
            active: *value.get("active")? == Value::Bool(true),
            description: text_member(value, "description"),
            hash: text_member(value, "hash"),
            owns: text_list(value, "owns")?,
            tokens: parse_list(value, "tokens", Token::from_value)?,
        })
    }

    pub(super) fn to_value(&self) -> Value {
        Value::object([
            ("name", self.name.as_str().into()),
            ("id", self.id.as_str().into()),
            ("cargo_id", self.cargo_id.into()),
            ("role", self.role.word().into()),
            ("active", self.active.into()),
            ("description", text_or_null(self.description.as_deref())),
            ("hash", text_or_null(self.hash.as_deref())),
            ("owns", Value::texts(&self.owns)),
            ("tokens", Value::List(self.tokens.iter().map(Token::to_value).collect())),
        ])
    }
}

impl Token {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            name: text_member(value, "name")?,
            id: text_member(value, "id")?,
            identifier: text_member(value, "identifier")?,
            digest: text_member(value, "digest")?,
            created: integer_member(value, "created")?,
            expires: integer_member(value, "expires")?,
            used: integer_member(value, "used"),
        })
    }

    fn to_value(&self) -> Value {
        Value::object([
            ("name", self.name.as_str().into()),
            ("id", self.id.as_str().into()),
            ("identifier", self.identifier.as_str().into()),
            ("digest", self.digest.as_str().into()),
            ("created", self.created.into()),
            ("expires", self.expires.into()),
            ("used", self.used.map_or(Value::Null, Value::from)),
        ])
    }
}

impl Crate {
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            name: text_member(value, "name")?,
            id: text_member(value, "id")?,
            owners: text_list(value, "owners")?,
            categories: text_list(value, "categories")?,
            versions: parse_list(value, "versions", Version::from_value)?,
        })
    }

    pub(super) fn to_value(&self) -> Value {
        Value::object([
            ("name", self.name.as_str().into()),
            ("id", self.id.as_str().into()),
            ("owners", Value::texts(&self.owners)),
            ("categories", Value::texts(&self.categories)),
            ("versions", Value::List(self.versions.iter().map(Version::to_value).collect())),
        ])
    }

    /// This version, compared exactly.
    pub(super) fn version_mut(&mut self, version: &str) -> Option<&mut Version> {
        self.versions.iter_mut().find(|known| known.version == version)
    }
}

impl Version {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            version: text_member(value, "version")?,
            yanked: *value.get("yanked")? == Value::Bool(true),
            description: text_member(value, "description"),
            terms: text_list(value, "terms")?,
            sha256: text_member(value, "sha256"),
            created: integer_member(value, "created")?,
            updated: integer_member(value, "updated")?,
        })
    }

    fn to_value(&self) -> Value {
        Value::object([
            ("version", self.version.as_str().into()),
            ("yanked", self.yanked.into()),
            ("description", text_or_null(self.description.as_deref())),
            ("terms", Value::texts(&self.terms)),
            ("sha256", text_or_null(self.sha256.as_deref())),
            ("created", self.created.into()),
            ("updated", self.updated.into()),
        ])
    }
}

impl Category {
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        let (name, id) = (text_member(value, "name")?, text_member(value, "id")?);
        Some(Self { name, id, description: text_member(value, "description") })
    }

    /// The form of the stored entry, and of Meuse's responses.
    pub(super) fn to_value(&self) -> Value {
        Value::object([
            ("id", self.id.as_str().into()),
            ("name", self.name.as_str().into()),
            ("description", text_or_null(self.description.as_deref())),
        ])
    }
}
