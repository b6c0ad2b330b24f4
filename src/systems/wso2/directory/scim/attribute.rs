//! Attributes of resources, and their sub-attributes.
//!
//! Source: RFC 7643, section 7.

use std::borrow::Cow;

use super::super::super::claims::ENTERPRISE;
use super::super::stored::list_items;
use crate::document::value::Value;

/// The attributes of a resource.
pub type Attributes = Vec<(String, Value)>;

/// Whether and how clients can write an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    ReadOnly,
    Immutable,
    Writable,
    /// It is never returned.
    WriteOnly,
}

/// The type of an attribute's values, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Boolean,
    Time,
    Complex,
}

/// An attribute or sub-attribute.
pub struct Attribute {
    /// Prefixed with its schema if that is an extension.
    pub name: String,
    pub kind: Kind,
    pub is_multi: bool,
    pub is_required: bool,
    pub is_exact: bool,
    pub mutability: Mutability,
    pub sub_attributes: Vec<Attribute>,
}

pub fn parse_attributes(published: Option<&Value>) -> Vec<Attribute> {
    published.map(list_items).unwrap_or_default().iter().map(Attribute::from_value).collect()
}

/// The common attributes, which are not in any schema.
///
/// Source: RFC 7643, section 3.1.
pub fn common_attributes() -> [Attribute; 4] {
    let plain = |name: &str, kind: Kind, is_exact: bool, mutability: Mutability| Attribute {
        name: name.to_owned(),
        kind,
        is_multi: false,
        is_required: false,
        is_exact,
        mutability,
        sub_attributes: Vec::new(),
    };
    let sub = |name: &str, kind: Kind| plain(name, kind, true, Mutability::ReadOnly);
    let mut meta = sub("meta", Kind::Complex);
    meta.sub_attributes = vec![
        sub("resourceType", Kind::Text),
        sub("created", Kind::Time),
        sub("lastModified", Kind::Time),
        sub("location", Kind::Text),
        sub("version", Kind::Text),
    ];
    let mut schemas = sub("schemas", Kind::Text);
    schemas.is_multi = true;
    [sub("id", Kind::Text), plain("externalId", Kind::Text, true, Mutability::Writable), meta, schemas]
}

impl Attribute {
    fn from_value(published: &Value) -> Self {
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
            sub_attributes: parse_attributes(published.get("subAttributes")),
        }
    }

    /// The sub-attribute with this name. Names ignore case (RFC 7643, section 2.1).
    pub fn sub_attribute(&self, name: &str) -> Option<&Self> {
        self.sub_attributes.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }

    /// A value without sub-attributes that the schema does not have, because records can have claims of any form.
    pub fn prune<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        if self.has_known_names(value) {
            return Cow::Borrowed(value);
        }
        Cow::Owned(match value {
            Value::List(items) => Value::List(items.iter().map(|item| self.prune(item).into_owned()).collect()),
            Value::Object(members) => {
                Value::Object(members.iter().filter(|(name, _)| self.sub_attribute(name).is_some()).cloned().collect())
            }
            value => value.clone(),
        })
    }

    /// Whether the schema has all sub-attributes of a value.
    fn has_known_names(&self, value: &Value) -> bool {
        match value {
            Value::List(items) => items.iter().all(|item| self.has_known_names(item)),
            Value::Object(members) => members.iter().all(|(name, _)| self.sub_attribute(name).is_some()),
            _ => true,
        }
    }
}

/// The name of an attribute without its extension's URN, because messages quote only the start of a text.
pub fn local_name(name: &str) -> &str {
    name.strip_prefix(ENTERPRISE).unwrap_or(name)
}
