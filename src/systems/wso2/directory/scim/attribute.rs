//! An attribute of a resource, and its parts.
//!
//! Source: RFC 7643, section 7.

use super::super::super::claims::ENTERPRISE;
use super::super::stored::list;
use crate::document::value::Value;

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
    /// With its schema before it where that is an extension.
    pub name: String,
    pub kind: Kind,
    pub is_multi: bool,
    pub is_required: bool,
    pub is_exact: bool,
    pub mutability: Mutability,
    pub parts: Vec<Attribute>,
}

pub fn attributes(published: Option<&Value>) -> Vec<Attribute> {
    published.map(list).unwrap_or_default().iter().map(Attribute::read).collect()
}

/// Source: RFC 7643, section 3.1. They stand in no schema.
pub fn common() -> [Attribute; 4] {
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

    /// A value without the parts that the schema does not have: records bring claims of any form.
    pub fn pruned(&self, value: &Value) -> Value {
        match value {
            Value::List(items) => Value::List(items.iter().map(|item| self.pruned(item)).collect()),
            Value::Object(given) => {
                Value::Object(given.iter().filter(|(name, _)| self.part(name).is_some()).cloned().collect())
            }
            value => value.clone(),
        }
    }
}

/// The name of an attribute without the extension that it is of: a message quotes the beginning of a text alone.
pub fn local(name: &str) -> &str {
    name.strip_prefix(ENTERPRISE).unwrap_or(name)
}
