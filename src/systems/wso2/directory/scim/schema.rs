//! The published schemas, and the parser of values by schema. Both use the same document.
//!
//! Source: RFC 7643, sections 5 to 8.

use std::sync::OnceLock;

use super::super::super::claims::parse_flag;
use super::super::responses::{Refusal, INVALID_SYNTAX, INVALID_VALUE};
use super::super::stored::{list_items, members};
use super::attribute::{common_attributes, local_name, parse_attributes, Attribute, Kind, Mutability};
use super::values::merge_duplicates;
use crate::directory::prelude::{Fault, Interrupt};
use crate::document::value::Value;
use crate::tables::text::quote;

const PUBLISHED: &str = include_str!("published.json");

/// The published configuration, resource types and schemas.
pub struct Published {
    document: Value,
    pub users: Schema,
    pub groups: Schema,
}

/// Parsed once, because it never changes.
static PARSED: OnceLock<Option<Published>> = OnceLock::new();

/// The attributes of a resource kind: those of its schema, the common ones, and those of its extensions.
///
/// During a request, the attributes of an extension are in one list with the others, with the extension's URN as a
/// prefix. Only in bodies they are in an object of their own.
pub struct Schema {
    pub urn: String,
    /// The URNs of its extensions.
    pub extensions: Vec<String>,
    attributes: Vec<Attribute>,
}

impl Published {
    /// The document, parsed at the first request.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`].
    pub fn get() -> Result<&'static Self, Interrupt> {
        Ok(PARSED.get_or_init(Self::parse).as_ref().ok_or(Fault::Internal)?)
    }

    fn parse() -> Option<Self> {
        let document = Value::parse(PUBLISHED).ok()?;
        let (users, groups) = (Schema::from_published(&document, "User")?, Schema::from_published(&document, "Group")?);
        Some(Self { document, users, groups })
    }

    /// A section of the document: `config`, `resourceTypes` or `schemas`.
    pub fn section(&self, name: &str) -> &Value {
        self.document.get(name).unwrap_or(&Value::Null)
    }
}

impl Schema {
    /// The schema of `User` or `Group`, with its extensions.
    fn from_published(published: &Value, name: &str) -> Option<Self> {
        let named = |items: &'static str, member: &'static str, text: &str| {
            let is_match = |item: &&Value| item.get(member).and_then(Value::text) == Some(text);
            list_items(published.get(items)?).iter().find(is_match)
        };
        let schema = named("schemas", "name", name)?;
        let mut attributes = parse_attributes(schema.get("attributes"));
        attributes.extend(common_attributes());
        let mut extensions = Vec::new();
        let listed = named("resourceTypes", "name", name)?.get("schemaExtensions");
        for urn in listed.map(list_items).unwrap_or_default().iter().filter_map(|item| item.get("schema")?.text()) {
            for mut attribute in parse_attributes(named("schemas", "id", urn)?.get("attributes")) {
                attribute.name = format!("{urn}:{}", attribute.name);
                attributes.push(attribute);
            }
            extensions.push(urn.to_owned());
        }
        let urn = schema.get("id").and_then(Value::text).unwrap_or_default().to_owned();
        Some(Self { urn, extensions, attributes })
    }
}

impl Attribute {
    /// Parses the value of this attribute; `null` if it is empty.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn parse_value(&self, value: &Value) -> Result<Value, Refusal> {
        if !self.is_multi || matches!(value, Value::Null) {
            return self.parse_single_value(value);
        }
        let Value::List(items) = value else { return Err(self.type_refusal("a list")) };
        let mut values = Vec::new();
        for item in items {
            match self.parse_single_value(item)? {
                // An empty item is an error of the client, not one value less.
                Value::Null => return Err(self.type_refusal("a list without empty values")),
                item => values.push(item),
            }
        }
        let values = merge_duplicates(values, self);
        if values.iter().filter(|item| item.get("primary") == Some(&Value::Bool(true))).count() > 1 {
            return Err(self.type_refusal("at most one primary value"));
        }
        Ok(if values.is_empty() { Value::Null } else { Value::List(values) })
    }

    /// Parses one value of this attribute.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn parse_single_value(&self, value: &Value) -> Result<Value, Refusal> {
        match (self.kind, value) {
            (_, Value::Null) | (Kind::Text | Kind::Time, Value::Text(_)) => Ok(value.clone()),
            // Source: charon, and what Microsoft Entra ID sends: `"False"`.
            (Kind::Boolean, value) => {
                parse_flag(value).map(Value::Bool).ok_or_else(|| self.type_refusal("`true` or `false`"))
            }
            (Kind::Complex, Value::Object(members)) => {
                let members = members.iter().map(|(name, value)| (name, value));
                let members = parse_members(members, Some(&self.name), |name| self.sub_attribute(name))?;
                Ok(if members.is_empty() { Value::Null } else { Value::Object(members) })
            }
            // Source: the product accepts a text as the sub-attribute `value`.
            (Kind::Complex, Value::Text(_)) => match self.sub_attribute("value") {
                Some(sub) => Ok(Value::object([("value", sub.parse_single_value(value)?)])),
                None => Err(self.type_refusal("an object")),
            },
            (Kind::Complex, _) => Err(self.type_refusal("an object")),
            (Kind::Text | Kind::Time, _) => Err(self.type_refusal("text")),
        }
    }

    /// The refusal of a value. It does not contain the value, which may be a secret.
    fn type_refusal(&self, expected: &str) -> Refusal {
        INVALID_VALUE.with_message(format!("{}: expected {expected}", quote(local_name(&self.name))))
    }
}

impl Schema {
    /// The attribute with this name, which may be prefixed with its schema. An attribute of an extension may also
    /// have no prefix, as Microsoft Entra ID sends `manager`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let name = strip_urn(name, &self.urn).unwrap_or(name);
        let named = |is_it: &dyn Fn(&str) -> bool| self.attributes.iter().find(|attribute| is_it(&attribute.name));
        named(&|known| known.eq_ignore_ascii_case(name))
            .or_else(|| named(&|known| known.rsplit_once(':').is_some_and(|(_, last)| last.eq_ignore_ascii_case(name))))
    }

    /// The URN in its own case, if this is the name of the schema or of one of its extensions.
    pub fn find_urn(&self, name: &str) -> Option<&str> {
        let mut urns = std::iter::once(&self.urn).chain(&self.extensions);
        urns.find(|urn| urn.eq_ignore_ascii_case(name)).map(String::as_str)
    }

    /// The members of a body, with the attributes of extension objects in the same list.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`.
    pub fn flatten_extensions<'v>(&self, given: &'v [(String, Value)]) -> Result<Vec<(String, &'v Value)>, Refusal> {
        let mut flat = Vec::new();
        for (name, value) in given {
            match (self.find_urn(name), value) {
                (None, value) => flat.push((name.clone(), value)),
                (Some(_), Value::Null) => {}
                (Some(urn), Value::Object(inner)) => {
                    // Some clients write an extension like a resource, with its schema in it.
                    let inner = inner.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"));
                    flat.extend(inner.map(|(name, value)| (format!("{urn}:{name}"), value)));
                }
                (Some(urn), _) => {
                    return Err(INVALID_SYNTAX.with_message(format!("{}: expected an object", quote(urn))));
                }
            }
        }
        Ok(flat)
    }

    /// Parses the attributes in a body, with names in the case of the schema. Read-only attributes are ignored (RFC
    /// 7644, section 3.3). Unknown attributes are refused, because they would be lost.
    ///
    /// # Errors
    ///
    /// `invalidSyntax`, `invalidValue`.
    pub fn parse_attributes(&self, body: &Value) -> Result<Vec<(String, Value)>, Refusal> {
        check_schema(body, &self.urn)?;
        parse_members(self.flatten_extensions(members(body))?, None, |name| self.attribute(name))
    }
}

/// The rest of a name after a schema and a colon.
fn strip_urn<'n>(name: &'n str, urn: &str) -> Option<&'n str> {
    let start = name.get(..urn.len()).filter(|start| start.eq_ignore_ascii_case(urn))?;
    name.get(start.len()..)?.strip_prefix(':')
}

/// The refusal of an unknown attribute.
pub fn unknown_attribute(name: &str) -> Refusal {
    INVALID_SYNTAX.with_message(format!(
        "unknown attribute {}, see `/scim2/Schemas` for the known attributes",
        quote(local_name(name))
    ))
}

/// Whether a value is `null` or empty (RFC 7643, section 2.5).
pub fn has_no_value(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.iter().all(has_no_value),
        Value::Object(given) => given.iter().all(|(_, value)| has_no_value(value)),
        Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

/// A member of a message. Its name ignores case, because clients differ.
pub fn find_member<'v>(message: &'v Value, name: &str) -> Option<&'v Value> {
    members(message).iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Checks that a message is an object with this schema. A message without schemas is accepted, because the product's
/// own documents send an empty list.
///
/// # Errors
///
/// `invalidSyntax`.
pub fn check_schema(message: &Value, urn: &str) -> Result<(), Refusal> {
    if !matches!(message, Value::Object(_)) {
        return Err(INVALID_SYNTAX.with_message("the body is valid JSON, but not an object"));
    }
    let is_same = |schema: &Value| schema.text().is_some_and(|schema| schema.eq_ignore_ascii_case(urn));
    match find_member(message, "schemas") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::List(schemas)) if schemas.is_empty() || schemas.iter().any(is_same) => Ok(()),
        Some(_) => Err(INVALID_SYNTAX.with_message(format!("`schemas`: expected a list with {}", quote(urn)))),
    }
}

/// Parses members as attributes, or as sub-attributes of an attribute.
fn parse_members<'a, 'v>(
    members: impl IntoIterator<Item = (impl AsRef<str>, &'v Value)>,
    parent: Option<&str>,
    known: impl Fn(&str) -> Option<&'a Attribute>,
) -> Result<Vec<(String, Value)>, Refusal> {
    let mut attributes: Vec<(String, Value)> = Vec::new();
    for (name, value) in members {
        let name = name.as_ref();
        let attribute = match known(name) {
            // Only the id of a member is stored. Microsoft's own requests have a `displayName` beside it.
            None if has_no_value(value) || parent == Some("members") => continue,
            None => {
                return Err(unknown_attribute(&parent.map_or(name.to_owned(), |parent| format!("{parent}.{name}"))));
            }
            Some(known) if known.mutability == Mutability::ReadOnly => continue,
            Some(known) => known,
        };
        if attributes.iter().any(|(known, _)| *known == attribute.name) {
            return Err(INVALID_SYNTAX.with_message(format!("{} occurs twice", quote(local_name(&attribute.name)))));
        }
        let value = attribute.parse_value(value)?;
        if value != Value::Null {
            attributes.push((attribute.name.clone(), value));
        }
    }
    Ok(attributes)
}
