//! What is published, and what a value must be to fit it: one document says both.
//!
//! Source: RFC 7643, sections 5 to 8.

use super::super::answers::{Refusal, INVALID_SYNTAX, INVALID_VALUE};
use super::super::stored::{list, members};
use super::values::distinct;
use crate::directory::{Fault, Stop};
use crate::value::Value;

const PUBLISHED: &str = include_str!("published.json");

/// What the service says of itself.
pub struct Published(Value);

/// Whether and how an attribute may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    ReadOnly,
    Immutable,
    Writable,
    /// It is never told.
    WriteOnly,
}

/// The type of an attribute's values, as far as they are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Boolean,
    Time,
    Complex,
}

/// An attribute, or one of its parts.
pub struct Attribute {
    pub name: String,
    pub kind: Kind,
    pub is_multi: bool,
    pub is_required: bool,
    pub is_exact: bool,
    pub mutability: Mutability,
    pub parts: Vec<Attribute>,
}

/// The attributes of a kind of resource, the common ones among them.
pub struct Schema {
    pub urn: String,
    attributes: Vec<Attribute>,
}

impl Published {
    /// Reads the document.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn read() -> Result<Self, Stop> {
        Ok(Self(Value::parse(PUBLISHED).map_err(|_| Fault::Internal)?))
    }

    /// A part of it: `config`, `resourceTypes` or `schemas`.
    pub fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// The schema of `User` or `Group`.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn schema(&self, name: &str) -> Result<Schema, Stop> {
        let schemas = list(self.get("schemas"));
        let schema = schemas.iter().find(|schema| schema.get("name").and_then(Value::text) == Some(name));
        let schema = schema.ok_or(Fault::Internal)?;
        let mut attributes = attributes(schema.get("attributes"));
        attributes.extend(common());
        Ok(Schema { urn: schema.get("id").and_then(Value::text).unwrap_or_default().to_owned(), attributes })
    }
}

fn attributes(published: Option<&Value>) -> Vec<Attribute> {
    published.map(list).unwrap_or_default().iter().map(Attribute::read).collect()
}

/// Source: RFC 7643, section 3.1. They stand in no schema.
fn common() -> [Attribute; 4] {
    let plain = |name: &str, kind: Kind, is_exact: bool, mutability: Mutability| Attribute {
        name: name.to_owned(),
        kind,
        is_multi: false,
        is_required: false,
        is_exact,
        mutability,
        parts: Vec::new(),
    };
    let part = |name: &str, kind: Kind| plain(name, kind, true, Mutability::ReadOnly);
    let mut meta = part("meta", Kind::Complex);
    meta.parts = vec![
        part("resourceType", Kind::Text),
        part("created", Kind::Time),
        part("lastModified", Kind::Time),
        part("location", Kind::Text),
        part("version", Kind::Text),
    ];
    let mut schemas = part("schemas", Kind::Text);
    schemas.is_multi = true;
    [part("id", Kind::Text), plain("externalId", Kind::Text, true, Mutability::Writable), meta, schemas]
}

impl Attribute {
    fn read(published: &Value) -> Self {
        let text = |name: &str| published.get(name).and_then(Value::text).unwrap_or_default();
        let flag = |name: &str| published.get(name) == Some(&Value::Bool(true));
        Self {
            name: text("name").to_owned(),
            kind: match text("type") {
                "boolean" => Kind::Boolean,
                "complex" => Kind::Complex,
                "dateTime" => Kind::Time,
                _ => Kind::Text,
            },
            is_multi: flag("multiValued"),
            is_required: flag("required"),
            is_exact: flag("caseExact"),
            mutability: match text("mutability") {
                "readOnly" => Mutability::ReadOnly,
                "immutable" => Mutability::Immutable,
                "writeOnly" => Mutability::WriteOnly,
                _ => Mutability::Writable,
            },
            parts: attributes(published.get("subAttributes")),
        }
    }

    /// The part of this name. Names ignore case (RFC 7643, section 2.1).
    pub fn part(&self, name: &str) -> Option<&Self> {
        self.parts.iter().find(|part| part.name.eq_ignore_ascii_case(name))
    }

    /// A value of this attribute, all of it; `null` where it comes to nothing.
    ///
    /// # Errors
    ///
    /// `invalidValue`.
    pub fn taken(&self, value: &Value) -> Result<Value, Refusal> {
        if !self.is_multi || matches!(value, Value::Null) {
            return self.taken_one(value);
        }
        let Value::List(items) = value else { return Err(INVALID_VALUE) };
        let mut taken = Vec::new();
        for item in items {
            match self.taken_one(item)? {
                // A value that says nothing is a mistake of whoever sends it, not one value less.
                Value::Null => return Err(INVALID_VALUE),
                item => taken.push(item),
            }
        }
        let taken = distinct(taken, self);
        if taken.iter().filter(|item| item.get("primary") == Some(&Value::Bool(true))).count() > 1 {
            return Err(INVALID_VALUE);
        }
        Ok(if taken.is_empty() { Value::Null } else { Value::List(taken) })
    }

    /// One value of this attribute.
    ///
    /// # Errors
    ///
    /// `invalidValue`.
    pub fn taken_one(&self, value: &Value) -> Result<Value, Refusal> {
        match (self.kind, value) {
            (_, Value::Null) | (Kind::Text | Kind::Time, Value::Text(_)) | (Kind::Boolean, Value::Bool(_)) => {
                Ok(value.clone())
            }
            (Kind::Complex, Value::Object(given)) => {
                let taken = taken_members(given, |name| self.part(name))?;
                Ok(if taken.is_empty() { Value::Null } else { Value::Object(taken) })
            }
            _ => Err(INVALID_VALUE),
        }
    }
}

impl Schema {
    /// The attribute of this name, which may have the schema before it.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let start = name.get(..self.urn.len()).filter(|start| start.eq_ignore_ascii_case(&self.urn));
        let name = start.and_then(|start| name.get(start.len()..)?.strip_prefix(':')).unwrap_or(name);
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// The attributes that a body brings, in the spelling of the schema. What nobody may write is left out, and so
    /// is what no schema knows (RFC 7644, section 3.3; other products send extensions of theirs).
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn taken(&self, body: &Value) -> Result<Vec<(String, Value)>, Refusal> {
        let Value::Object(given) = body else { return Err(INVALID_SYNTAX) };
        is_of(body, &self.urn)?;
        taken_members(given, |name| self.attribute(name))
    }
}

/// A member of a message. Its name ignores case, as clients write it in both.
pub fn member<'v>(message: &'v Value, name: &str) -> Option<&'v Value> {
    members(message).iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Whether a message is of this schema. One that says nothing is taken for what is expected.
///
/// # Errors
///
/// `invalidSyntax`.
pub fn is_of(message: &Value, urn: &str) -> Result<(), Refusal> {
    let is_it = |given: &Value| given.text().is_some_and(|given| given.eq_ignore_ascii_case(urn));
    match member(message, "schemas") {
        None => Ok(()),
        Some(Value::List(schemas)) if schemas.iter().any(is_it) => Ok(()),
        Some(_) => Err(INVALID_SYNTAX),
    }
}

fn taken_members<'a>(
    given: &[(String, Value)],
    known: impl Fn(&str) -> Option<&'a Attribute>,
) -> Result<Vec<(String, Value)>, Refusal> {
    let mut taken: Vec<(String, Value)> = Vec::new();
    for (name, value) in given {
        let Some(attribute) = known(name).filter(|known| known.mutability != Mutability::ReadOnly) else { continue };
        if taken.iter().any(|(known, _)| *known == attribute.name) {
            return Err(INVALID_SYNTAX);
        }
        let value = attribute.taken(value)?;
        if value != Value::Null {
            taken.push((attribute.name.clone(), value));
        }
    }
    Ok(taken)
}
